//! Runs the tests of flows: chats that are played and compared, with no visitor, no host and no clock.

mod coverage;
mod expect;
mod runner;
mod transcript;
mod world;

use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::{Checked, Suite};
use chatflow_runtime::Program;

use crate::trouble::Trouble;

pub use coverage::{FlowCoverage, Spot, hits};
pub use runner::Failure;
pub use transcript::{Bubble, Change, Entry, write as write_transcript};
pub use world::CLOCK;

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

/// Runs the tests of the flows whose files are `asked` for, and of those only the ones whose name contains `filter`.
///
/// # Errors
/// Never, unless the compiler and the verifier disagree about a program.
pub fn run_tests(
    checked: &Checked,
    asked: impl Fn(FileId) -> bool,
    filter: Option<&str>,
) -> Result<Report, Trouble> {
    let mut programs = Vec::new();
    for flow in &checked.flows {
        if let Some(image) = &flow.image {
            programs.push(crate::run::verified(image.clone())?);
        }
    }
    let mut report = Report::default();
    for flow in checked.flows.iter().filter(|flow| asked(flow.file)) {
        if let Some(suite) = &flow.suite {
            run_suite(&flow.name, flow.file, suite, &programs, filter, &mut report)?;
        }
    }
    Ok(report)
}

fn run_suite(
    flow: &str,
    file: FileId,
    suite: &Suite,
    project: &[Program],
    filter: Option<&str>,
    report: &mut Report,
) -> Result<(), Trouble> {
    let program = crate::run::verified(suite.image.clone())?;
    let wanted = |name: &str| filter.is_none_or(|filter| chatflow_runtime::text::contains(name, filter));
    let mut seen = coverage::Seen::default();
    let mut any = false;
    for test in suite.tests.iter().filter(|test| wanted(&test.name)) {
        any = true;
        let failure = runner::play(&program, project, test, &mut seen);
        report.tests.push(Tested {
            flow: flow.to_owned(),
            name: test.name.clone(),
            span: test.span,
            failure,
        });
    }
    if any {
        report.coverage.push(FlowCoverage::of(&program, file, &seen));
    }
    Ok(())
}
