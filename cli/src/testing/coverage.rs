//! Which steps and branches of a flow its tests have taken.
//!
//! A branch is a way out of a decision that the flow's author wrote: a condition that holds or does not, a reply or an
//! outcome that leads somewhere, a timeout, a line of `anytime`.

use std::collections::{BTreeMap, BTreeSet};

use chatflow_compiler::source::FileId;
use chatflow_compiler::{Project, checked_flow};
use chatflow_runtime::action::Outcome;
use chatflow_runtime::id::{Addr, Site, Str};
use chatflow_runtime::image::{Arm, AskDef, CodeRange, Image, SiteDef, Wait};
use chatflow_runtime::op::Op;
use chatflow_runtime::wire::Reader;
use chatflow_runtime::{Observer, Program, Taken};

/// What was seen of a program's runs.
#[derive(Debug, Default)]
pub struct Seen {
    instructions: BTreeSet<u32>,
    branches: BTreeSet<Branch>,
}

/// A way out of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Branch {
    /// The condition at this address held, or did not.
    Condition(u32, bool),
    /// The place with this number was left like this.
    Site(u32, Way),
    /// The line of `anytime` with this number matched.
    Anytime(usize),
}

/// How a place is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Answered,
    Reply(u32),
    Otherwise,
    Attempts,
    Timeout,
    Outcome(Outcome),
    Next(u32),
}

impl Seen {
    /// Adds what was seen elsewhere.
    pub fn add(&mut self, other: Seen) {
        self.instructions.extend(other.instructions);
        self.branches.extend(other.branches);
    }
}

impl Observer for Seen {
    fn instruction(&mut self, at: Addr) {
        self.instructions.insert(at.0);
    }

    fn branch(&mut self, at: Addr, taken: bool) {
        self.branches.insert(Branch::Condition(at.0, taken));
    }

    fn arm(&mut self, site: Site, taken: Taken) {
        let way = match taken {
            Taken::Answered => Way::Answered,
            Taken::Reply(at) => Way::Reply(at),
            Taken::Otherwise => Way::Otherwise,
            Taken::Attempts => Way::Attempts,
            Taken::Timeout => Way::Timeout,
            Taken::Outcome(outcome) => Way::Outcome(outcome),
            Taken::Next(at) => Way::Next(at),
            Taken::Invalid => return,
        };
        self.branches.insert(Branch::Site(site.0, way));
    }

    fn anytime(&mut self, line: usize) {
        self.branches.insert(Branch::Anytime(line));
    }
}

/// What the tests of a flow have reached.
#[derive(Debug)]
pub struct FlowCoverage {
    /// The flow's name.
    pub flow: String,
    /// Its file.
    pub file: FileId,
    /// Its steps.
    pub steps: Vec<Spot>,
    /// Its branches, in the order of the source.
    pub branches: Vec<Spot>,
    /// The lines on which a statement begins, and whether it was reached.
    pub lines: BTreeMap<(FileId, u32), bool>,
}

/// Where the parts of a program were written.
#[derive(Clone, Copy, Debug)]
pub struct Written<'c> {
    /// The flow's file.
    pub file: FileId,
    /// The files of its modules, by the paths that the program's debug lines name.
    pub modules: &'c BTreeMap<String, FileId>,
}

impl Written<'_> {
    /// The file that the instruction at an address was written in.
    fn file_at(&self, image: &Image, at: Addr) -> FileId {
        let path = image.debug.as_ref().map(|debug| image.strings.get(debug.file_at(at)));
        path.and_then(|path| self.modules.get(path)).copied().unwrap_or(self.file)
    }
}

/// A step or a branch.
#[derive(Debug, PartialEq, Eq)]
pub struct Spot {
    /// What it is: `step talk`, `"Get support"`, `the condition holds`.
    pub what: String,
    /// The file it stands in: the flow's, or that of a module.
    pub file: FileId,
    /// The line of its statement, from 1, if it is known.
    pub line: Option<u32>,
    /// Whether it was reached.
    pub hit: bool,
    /// Whether it belongs to a step that was not reached: then that says it all.
    pub in_missed_step: bool,
}

impl FlowCoverage {
    /// What was reached of a program.
    pub fn of(program: &Program, written: Written<'_>, seen: &Seen) -> FlowCoverage {
        let image = program.image();
        let steps = image.steps.iter().map(|step| Spot {
            what: format!("step {}", image.strings.get(step.name)),
            file: written.file_at(image, step.code.start),
            line: line(image, step.code.start),
            hit: seen.instructions.contains(&step.code.start.0),
            in_missed_step: false,
        });
        let mut branches: Vec<Spot> = all(image)
            .into_iter()
            .map(|(at, what, branch)| spot(image, written, seen, at, what, branch))
            .collect();
        // Anytime stands above the steps; its lines have no statement of their own, so the source must tell where they are.
        let anytime = (0..image.anytime.len()).map(|at| Spot {
            what: format!("line {} of anytime", at + 1),
            file: written.file,
            line: None,
            hit: seen.branches.contains(&Branch::Anytime(at)),
            in_missed_step: false,
        });
        branches.splice(0..0, anytime);
        let lines = lines(image, written, seen);
        FlowCoverage {
            flow: program.name().to_owned(),
            file: written.file,
            steps: steps.collect(),
            branches,
            lines,
        }
    }
}

/// The lines of statements, and whether one that begins there was reached.
fn lines(image: &Image, written: Written<'_>, seen: &Seen) -> BTreeMap<(FileId, u32), bool> {
    let mut lines = BTreeMap::new();
    for (at, line) in image.debug.iter().flat_map(|debug| &debug.lines) {
        let in_step = image.steps.iter().any(|step| step.code.start <= *at && *at < step.code.end);
        if in_step {
            *lines.entry((written.file_at(image, *at), *line)).or_insert(false) |=
                seen.instructions.contains(&at.0);
        }
    }
    lines
}

/// Says on which lines of the source the lines of `anytime` stand, which a program does not know.
pub fn place_anytime(flow: &mut FlowCoverage, project: &Project) {
    let Some((source, _)) = checked_flow(project, flow.file) else { return };
    for (spot, (_, _, span)) in flow.branches.iter_mut().zip(&source.anytime) {
        let file = project.files.get(span.file.0 as usize);
        spot.line = file.map(|file| file.lines.line(span.start) + 1);
    }
}

/// How many of these were reached.
pub fn hits(spots: &[Spot]) -> usize {
    spots.iter().filter(|spot| spot.hit).count()
}

fn spot(image: &Image, written: Written<'_>, seen: &Seen, at: Addr, what: String, branch: Branch) -> Spot {
    let hit = match branch {
        // Going on with the next statement is one way, whichever answer leads there.
        Branch::Site(site, Way::Answered) => seen.branches.iter().any(|other| match other {
            Branch::Site(other, Way::Answered) => *other == site,
            Branch::Site(other, Way::Reply(reply)) => *other == site && goes_on(image, site, *reply),
            Branch::Site(..) | Branch::Condition(..) | Branch::Anytime(_) => false,
        }),
        Branch::Site(..) | Branch::Condition(..) | Branch::Anytime(_) => seen.branches.contains(&branch),
    };
    let step = image.steps.iter().find(|step| step.code.start <= at && at < step.code.end);
    let in_missed_step = step.is_some_and(|step| !seen.instructions.contains(&step.code.start.0));
    Spot { what, file: written.file_at(image, at), line: line(image, at), hit, in_missed_step }
}

/// Whether a reply leads to the statement after its question.
fn goes_on(image: &Image, site: u32, reply: u32) -> bool {
    match image.sites.get(site as usize).map(|site| &site.wait) {
        Some(Wait::Ask(ask)) => ask.replies.get(reply as usize).is_some_and(|reply| reply.arm == Arm::Next),
        Some(Wait::Act(_) | Wait::Pause(_) | Wait::Do(_)) | None => false,
    }
}

/// Every branch of the steps and of `anytime`, each with the address of its statement.
fn all(image: &Image) -> Vec<(Addr, String, Branch)> {
    let mut found = Vec::new();
    let (mut last, mut number) = (None, 0);
    let asks: Vec<(Addr, Option<usize>)> = instructions(image)
        .into_iter()
        .filter(|(_, op)| matches!(op, Op::Ask(_)))
        .map(|(at, _)| (at, statement(image, at)))
        .collect();
    for (at, op) in instructions(image) {
        if let Op::JumpUnless(_) = op {
            // `if … else if …` is one statement with several conditions.
            let line = line(image, at);
            number = if line.is_some() && line == last { number + 1 } else { 1 };
            last = line;
            let which = if number == 1 { "the condition".to_owned() } else { format!("condition {number}") };
            // A condition within a question's own statement is that of `skip when`.
            let skips = statement(image, at)
                .is_some_and(|of| asks.iter().any(|(ask, other)| *other == Some(of) && *ask > at));
            let (holds, not) = match skips {
                true => ("skipped".to_owned(), "asked".to_owned()),
                false => (format!("{which} holds"), format!("{which} does not hold")),
            };
            found.push((at, holds, Branch::Condition(at.0, true)));
            found.push((at, not, Branch::Condition(at.0, false)));
        }
        if let Op::UnlessKnown(_) = op {
            found.push((at, "there is a value to store".to_owned(), Branch::Condition(at.0, true)));
            found.push((at, "failed".to_owned(), Branch::Condition(at.0, false)));
        }
        if let Op::Ask(site) | Op::Act(site) = op
            && let Some(def) = image.sites.get(site.index())
        {
            found.extend(
                ways(image, def).into_iter().map(|(what, way)| (at, what, Branch::Site(site.0, way))),
            );
        }
    }
    found
}

/// The ways that lead out of a place, if there are several.
fn ways(image: &Image, def: &SiteDef) -> Vec<(String, Way)> {
    let mut ways = match &def.wait {
        Wait::Ask(ask) => answers(image, ask),
        Wait::Act(act) => {
            let nexts = act.talk.iter().flat_map(|talk| &talk.nexts);
            let next = |(at, (name, _)): (u32, &(Str, Arm))| {
                (format!("next \"{}\"", image.strings.get(*name)), Way::Next(at))
            };
            let outcome = |(outcome, _): &(Outcome, Arm)| (outcome.word().to_owned(), Way::Outcome(*outcome));
            (0..).zip(nexts).map(next).chain(act.outcomes.iter().map(outcome)).collect()
        }
        Wait::Pause(_) | Wait::Do(_) => Vec::new(),
    };
    if def.timeout.is_some() {
        ways.push(("timeout".to_owned(), Way::Timeout));
    }
    // A question that can only go on decides nothing.
    if ways.len() == 1 && ways.iter().all(|(_, way)| *way == Way::Answered) { Vec::new() } else { ways }
}

fn answers(image: &Image, ask: &AskDef) -> Vec<(String, Way)> {
    let leads = ask.replies.iter().enumerate().filter(|(_, reply)| reply.arm != Arm::Next);
    let mut ways: Vec<(String, Way)> = leads
        .map(|(at, reply)| (format!("\"{}\"", image.strings.get(reply.label)), Way::Reply(at as u32)))
        .collect();
    if ask.replies.is_empty() || ask.replies.iter().any(|reply| reply.arm == Arm::Next) {
        ways.push(("an answer that goes on".to_owned(), Way::Answered));
    }
    if ask.otherwise.is_some() {
        ways.push(("otherwise".to_owned(), Way::Otherwise));
    }
    if let Some((number, _)) = ask.attempts {
        ways.push((format!("attempts {number}"), Way::Attempts));
    }
    ways
}

/// The instructions of steps and `anytime` blocks, in order; fragments decide nothing that is seen here.
fn instructions(image: &Image) -> Vec<(Addr, Op)> {
    let mut fragments: Vec<CodeRange> = image.fragments.clone();
    fragments.sort_by_key(|range| range.start);
    let inside = |at: Addr| {
        let after = fragments.partition_point(|range| range.start <= at);
        after.checked_sub(1).and_then(|before| fragments.get(before)).is_some_and(|range| at < range.end)
    };
    let mut reader = Reader::new(&image.code);
    let mut found = Vec::new();
    loop {
        let at = Addr(reader.position() as u32);
        match Op::read(&mut reader) {
            Ok(_) if inside(at) => {}
            Ok(op) => found.push((at, op)),
            Err(_) => return found,
        }
    }
}

/// The number of the statement that an address belongs to.
fn statement(image: &Image, at: Addr) -> Option<usize> {
    image.debug.as_ref()?.lines.partition_point(|(begins, _)| *begins <= at).checked_sub(1)
}

/// The line of the statement that an address belongs to, from 1.
fn line(image: &Image, at: Addr) -> Option<u32> {
    image.debug.as_ref()?.lines.get(statement(image, at)?).map(|(_, line)| *line)
}
