//! Runs the tests of flows: chats that are played and compared, with no visitor, no host and no clock.

mod answers;
mod coverage;
mod expect;
mod explore;
mod given;
mod runner;
mod transcript;
mod update;
mod world;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::{Checked, Test};
use chatflow_runtime::Program;

use crate::trouble::Trouble;

use coverage::{Seen, Written};

pub use coverage::{FlowCoverage, Spot, hits, place_anytime};
pub use explore::{Found, explore, way};
pub use runner::Failure;
pub use transcript::{Bubble, Change, Entry, write as write_transcript};
pub use update::{Correction, Edit, edited};
pub use world::{CLOCK, World, facts as first_facts};

/// What came of the tests of a project.
#[derive(Debug, Default)]
pub struct Report {
    /// Each test that ran, in the order of the files.
    pub tests: Vec<Tested>,
    /// What the tests of each flow have reached.
    pub coverage: Vec<FlowCoverage>,
}

/// A test that ran.
#[derive(Debug)]
pub struct Tested {
    /// The flow's name.
    pub flow: String,
    /// The test's name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
}

impl Report {
    /// How many tests passed.
    pub fn passed(&self) -> usize {
        self.tests.iter().filter(|test| test.failure.is_none()).count()
    }

    /// How many tests failed.
    pub fn failed(&self) -> usize {
        self.tests.len().saturating_sub(self.passed())
    }
}

/// Which tests are run, and how.
pub struct Selection<'s> {
    /// Whether the tests of a file are wanted.
    pub asked: &'s dyn Fn(FileId) -> bool,
    /// What a test's name contains, if that matters.
    pub filter: Option<&'s str>,
    /// How many tests run at once.
    pub jobs: NonZeroUsize,
}

/// Runs the tests of the flows whose files are `asked` for, and of those only the ones whose name contains `filter`.
///
/// # Errors
/// Never, unless the compiler and the verifier disagree about a program.
pub fn run_tests(
    checked: &Checked,
    asked: impl Fn(FileId) -> bool,
    filter: Option<&str>,
) -> Result<Report, Trouble> {
    run_selection(checked, &Selection { asked: &asked, filter, jobs: NonZeroUsize::MIN })
}

/// Runs tests. The report is the same however many run at once.
///
/// # Errors
/// As [`run_tests`].
pub fn run_selection(checked: &Checked, selection: &Selection<'_>) -> Result<Report, Trouble> {
    let suites = Suites::of(checked, selection)?;
    let results = in_parallel(&suites.tests, selection.jobs, |(suite, test)| {
        let mut seen = Seen::default();
        let failure = runner::play(&suite.program, &suites.project, test, &mut seen);
        (failure, seen)
    });
    let mut report = Report::default();
    let mut seen_of: BTreeMap<FileId, Seen> = BTreeMap::new();
    for ((suite, test), (failure, seen)) in suites.tests.iter().zip(results) {
        report.tests.push(Tested {
            flow: suite.flow.to_owned(),
            name: test.name.clone(),
            span: test.span,
            failure,
        });
        seen_of.entry(suite.file).or_default().add(seen);
    }
    for suite in &suites.suites {
        if let Some(seen) = seen_of.get(&suite.file) {
            report.coverage.push(FlowCoverage::of(&suite.program, suite.written, seen));
        }
    }
    Ok(report)
}

/// What the bot says today where a test that fails says something else.
///
/// # Errors
/// As [`run_tests`].
pub fn corrections(checked: &Checked, selection: &Selection<'_>) -> Result<Vec<Correction>, Trouble> {
    let suites = Suites::of(checked, selection)?;
    let corrections = suites.tests.iter().flat_map(|(suite, test)| {
        let failed = runner::play(&suite.program, &suites.project, test, &mut Seen::default()).is_some();
        if failed { update::corrections(&suite.program, &suites.project, test) } else { Vec::new() }
    });
    Ok(corrections.collect())
}

/// The programs of a project and the tests that are wanted of them.
struct Suites<'c> {
    project: Vec<Program>,
    suites: Vec<Arc<OneSuite<'c>>>,
    tests: Vec<(Arc<OneSuite<'c>>, &'c Test)>,
}

struct OneSuite<'c> {
    flow: &'c str,
    file: FileId,
    written: Written<'c>,
    program: Program,
}

impl<'c> Suites<'c> {
    fn of(checked: &'c Checked, selection: &Selection<'_>) -> Result<Suites<'c>, Trouble> {
        let images = checked.flows.iter().filter_map(|flow| flow.image.clone());
        let project = images.map(crate::run::verified).collect::<Result<_, _>>()?;
        let mut suites = Suites { project, suites: Vec::new(), tests: Vec::new() };
        let wanted =
            |name: &str| selection.filter.is_none_or(|filter| chatflow_runtime::text::contains(name, filter));
        for flow in &checked.flows {
            let Some(suite) = &flow.suite else { continue };
            // A flow's tests may stand in files of their own, which can be asked for alone.
            let all = (selection.asked)(flow.file);
            let asked = |test: &&Test| (all || (selection.asked)(test.span.file)) && wanted(&test.name);
            if !all && !suite.tests.iter().any(|test| asked(&test)) {
                continue;
            }
            let program = crate::run::verified(suite.image.clone())?;
            let written = Written { file: flow.file, modules: &flow.modules };
            let one = Arc::new(OneSuite { flow: &flow.name, file: flow.file, written, program });
            let tests = suite.tests.iter().filter(asked);
            suites.tests.extend(tests.map(|test| (Arc::clone(&one), test)));
            suites.suites.push(one);
        }
        Ok(suites)
    }
}

/// What `work` makes of each item, in the order of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], jobs: NonZeroUsize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return done };
            done.push((at, work(item)));
        }
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        // This thread works too.
        let others: Vec<_> = (1..jobs.get().min(items.len())).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                // Our own mistake; it is told as it would be without threads.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
