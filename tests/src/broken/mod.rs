//! The language with one thing in it broken, and the conversations that must notice.
//!
//! A [`Mutant`] is a language in which something means something else. It is made without building another compiler
//! or machine: programs are changed as if the machine took an instruction or a table's row for another one, trees as if
//! the compiler did so with a word, and tests as if their runner did with a line. At least one test of
//! `tests/conversations` must then fail; if none does, nothing says what the thing means.

pub mod actions;
pub mod instructions;
pub mod lines;
pub mod modules;
pub mod operators;
pub mod places;
pub mod statements;
pub mod tables;

use std::path::{Path, PathBuf};

use chatflow::load::load;
use chatflow::testing::{Report, run_tests};
use chatflow_compiler::{Checked, File, Project, Severity, Suite, check};
use chatflow_runtime::Image;

/// A language in which one thing means something else.
pub struct Mutant {
    /// What is broken, and how.
    pub what: String,
    /// How it is made.
    pub how: How,
}

/// What is changed.
pub enum How {
    /// Each program. What is left as it was does not have what is broken.
    Program(Box<dyn Fn(&mut Image)>),
    /// One occurrence in the tree of a flow. One after the other is tried: a change of all of them might not compile.
    Tree(Box<OfTrees>),
    /// One occurrence in the tests of a flow, beside the flow's own program.
    Tests(Box<OfTests>),
}

type OfTrees = dyn Fn(&mut File, &mut Turn);
type OfTests = dyn Fn(&Image, &mut Suite, &mut Turn);

/// Counts occurrences until one's turn comes.
#[derive(Debug)]
pub struct Turn(Option<usize>);

impl Turn {
    /// Whether it is the turn of the occurrence that asks; of each it is asked once, in the same order.
    pub fn comes(&mut self) -> bool {
        let comes = self.0 == Some(0);
        self.0 = self.0.and_then(|left| left.checked_sub(1));
        comes
    }

    fn has_come(&self) -> bool {
        self.0.is_none()
    }
}

/// What the conversations say of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This test failed.
    Noticed(String),
    /// No test failed in so many programs that mean something else.
    Unnoticed(usize),
    /// None of the programs that it makes can be loaded.
    Refused,
    /// Nothing in the conversations has what is broken.
    Absent,
}

/// The conversations: every flow of the folder with what it uses, and every folder in it as a project.
pub struct Conversations {
    groups: Vec<Group>,
}

struct Group {
    project: Project,
    checked: Checked,
}

impl Mutant {
    /// A mutant of the machine.
    pub fn of_programs(what: impl Into<String>, change: impl Fn(&mut Image) + 'static) -> Mutant {
        Mutant { what: what.into(), how: How::Program(Box::new(change)) }
    }

    /// A mutant of the compiler.
    pub fn of_trees(what: impl Into<String>, change: impl Fn(&mut File, &mut Turn) + 'static) -> Mutant {
        Mutant { what: what.into(), how: How::Tree(Box::new(change)) }
    }

    /// A mutant of what runs tests.
    pub fn of_tests(
        what: impl Into<String>,
        change: impl Fn(&Image, &mut Suite, &mut Turn) + 'static,
    ) -> Mutant {
        Mutant { what: what.into(), how: How::Tests(Box::new(change)) }
    }
}

impl Conversations {
    /// Reads and checks the conversations.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read() -> Result<Conversations, String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conversations");
        let entries = std::fs::read_dir(&folder).map_err(|error| error.to_string())?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        let mut groups = Vec::new();
        for path in paths {
            let mut loaded = load(&path).map_err(|trouble| format!("{trouble:?}"))?;
            let checked = loaded.check();
            let errors: Vec<_> =
                checked.diagnostics.iter().filter(|found| found.severity() == Severity::Error).collect();
            if !errors.is_empty() {
                return Err(format!("{}: {errors:#?}", path.display()));
            }
            groups.push(Group { project: loaded.project, checked });
        }
        Ok(Conversations { groups })
    }

    /// The tests that fail, with why; and how many there are.
    pub fn failures(&self) -> (Vec<String>, usize) {
        let mut failed = Vec::new();
        let mut all = 0;
        for report in self.groups.iter().filter_map(|group| run(&group.checked)) {
            all += report.tests.len();
            let failures = report.tests.iter().filter_map(|test| Some((test, test.failure.as_ref()?)));
            failed.extend(
                failures.map(|(test, failure)| format!("{}: {}: {}", test.flow, test.name, failure.what)),
            );
        }
        (failed, all)
    }

    /// The programs of the conversations, with those of their tests.
    pub fn programs(&self) -> impl Iterator<Item = &Image> {
        let flows = self.groups.iter().flat_map(|group| &group.checked.flows);
        flows.flat_map(|flow| flow.image.iter().chain(flow.suite.iter().map(|suite| &suite.image)))
    }

    /// What the conversations say of a mutant.
    pub fn verdict(&self, mutant: &Mutant) -> Verdict {
        let mut tried = 0;
        let mut refused = false;
        for group in &self.groups {
            for nth in 0.. {
                let Some(broken) = group.broken(&mutant.how, nth) else { break };
                match broken.as_ref().and_then(run) {
                    None => refused = true,
                    Some(report) => match report.tests.iter().find(|test| test.failure.is_some()) {
                        Some(test) => return Verdict::Noticed(format!("{}: {}", test.flow, test.name)),
                        None => tried += 1,
                    },
                }
            }
        }
        match tried {
            0 if refused => Verdict::Refused,
            0 => Verdict::Absent,
            tried => Verdict::Unnoticed(tried),
        }
    }

    /// The mutants that no test notices, with why.
    pub fn unnoticed(&self, mutants: impl IntoIterator<Item = Mutant>) -> Vec<String> {
        let mut unnoticed = Vec::new();
        for mutant in mutants {
            match self.verdict(&mutant) {
                Verdict::Noticed(_) => {}
                verdict @ (Verdict::Unnoticed(_) | Verdict::Refused | Verdict::Absent) => {
                    unnoticed.push(format!("{}: {verdict:?}", mutant.what))
                }
            }
        }
        unnoticed
    }
}

impl Group {
    /// The group with the occurrence of this number broken: `None` where there is none, and `Some(None)` where what
    /// comes of it does not compile.
    fn broken(&self, how: &How, nth: usize) -> Option<Option<Checked>> {
        let mut turn = Turn(Some(nth));
        match how {
            // The machine is one: it is broken everywhere at once.
            How::Program(_) if nth > 0 => None,
            How::Program(change) => {
                let mut broken = copy(&self.checked);
                let mut differs = false;
                let mut alter = |image: &mut Image| {
                    let before = image.clone();
                    change(image);
                    differs |= *image != before;
                };
                for flow in &mut broken.flows {
                    flow.image.iter_mut().for_each(&mut alter);
                    flow.suite.iter_mut().for_each(|suite| alter(&mut suite.image));
                }
                differs.then_some(Some(broken))
            }
            How::Tree(change) => {
                let mut project = self.project.clone();
                project.files.iter_mut().for_each(|file| change(file, &mut turn));
                turn.has_come().then(|| self.compiled(&project))
            }
            How::Tests(change) => {
                let mut broken = copy(&self.checked);
                for flow in &mut broken.flows {
                    if let (Some(image), Some(suite)) = (&flow.image, &mut flow.suite) {
                        change(image, suite, &mut turn);
                    }
                }
                turn.has_come().then_some(Some(broken))
            }
        }
    }

    /// The project, if all of its programs and tests compile.
    fn compiled(&self, project: &Project) -> Option<Checked> {
        let checked = check(project);
        let wrong = checked.diagnostics.iter().any(|found| found.severity() == Severity::Error);
        (!wrong).then_some(checked)
    }
}

fn copy(checked: &Checked) -> Checked {
    Checked { flows: checked.flows.clone(), ..Checked::default() }
}

/// Runs the tests of a group; `None` where one of its programs cannot be loaded.
fn run(checked: &Checked) -> Option<Report> {
    run_tests(checked, |_| true, None).ok()
}
