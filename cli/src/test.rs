//! `chatflow test`: runs the tests of flows.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chatflow_compiler::source::Span;

use crate::arguments::TestArguments;
use crate::check;
use crate::load::{Loaded, load};
use crate::render::mask_line;
use crate::streams::Streams;
use crate::style::{BAD, BOLD, DIM, GOOD};
use crate::testing::{Failure, FlowCoverage, Report, Spot, Tested, hits, run_tests, write_transcript};
use crate::trouble::{Ending, Trouble};

/// Runs the tests that were asked for and writes what came of them.
///
/// # Errors
/// If the project cannot be read, or the output not be written.
pub fn run(arguments: &TestArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let mut loaded = load(&arguments.path)?;
    let checked = check::report(&mut loaded, arguments.messages.message_format, streams)?;
    let report = run_tests(&checked, |file| loaded.is_asked_for(file), arguments.filter.as_deref())?;
    write(&mut streams.out, &loaded, &report)?;
    let broken = check::has_errors(&checked);
    if report.tests.is_empty() && !broken {
        writeln!(streams.err, "{}", nothing(arguments))?;
    }
    Ok(Ending::of(broken || report.failed() > 0))
}

fn nothing(arguments: &TestArguments) -> String {
    match &arguments.filter {
        Some(filter) => format!("no test has `{filter}` in its name"),
        None => format!(
            "there are no tests in `{}`; a test is a block like: test \"a name\" {{ … }}",
            arguments.path.display()
        ),
    }
}

fn write(to: &mut dyn Write, loaded: &Loaded, report: &Report) -> io::Result<()> {
    for test in &report.tests {
        tested(to, loaded, test)?;
    }
    if !report.tests.is_empty() {
        writeln!(to)?;
        coverage(to, loaded, &report.coverage)?;
        writeln!(to)?;
    }
    writeln!(to, "{} passed, {} failed", report.passed(), report.failed())
}

fn tested(to: &mut dyn Write, loaded: &Loaded, test: &Tested) -> io::Result<()> {
    let name = format!("{}: {}", mask_line(&test.flow), mask_line(&test.name));
    match &test.failure {
        None => writeln!(to, "{GOOD}ok{GOOD:#}    {name}"),
        Some(failure) => {
            writeln!(
                to,
                "{BAD}FAIL{BAD:#}  {BOLD}{name}{BOLD:#} {DIM}({}){DIM:#}",
                place(loaded, test.span)
            )?;
            failed(to, loaded, failure)
        }
    }
}

fn failed(to: &mut dyn Write, loaded: &Loaded, failure: &Failure) -> io::Result<()> {
    write_transcript(to, &failure.transcript, &failure.changes)?;
    writeln!(to, "  {BAD}{}{BAD:#} ({})", mask_line(&failure.what), place(loaded, failure.line))?;
    writeln!(to, "    {DIM}|{DIM:#} {}", source_line(loaded, failure.line))?;
    for known in &failure.known {
        writeln!(to, "    {DIM}{}{DIM:#}", mask_line(known))?;
    }
    Ok(())
}

/// `bots/hello.flow:12`.
fn place(loaded: &Loaded, span: Span) -> String {
    match loaded.project.files.get(span.file.0 as usize) {
        Some(file) => format!("{}:{}", mask_line(&file.source.path), file.lines.line(span.start) + 1),
        None => String::new(),
    }
}

/// The line of the source where a span begins, without its indent.
fn source_line(loaded: &Loaded, span: Span) -> String {
    let Some(file) = loaded.project.files.get(span.file.0 as usize) else { return String::new() };
    let line = file.lines.line(span.start);
    line_text(file, line + 1).map(|text| mask_line(text).into_owned()).unwrap_or_default()
}

/// A line of a file, counted from 1, without its indent.
pub(crate) fn line_text(file: &chatflow_compiler::File, line: u32) -> Option<&str> {
    let line = line.checked_sub(1).filter(|line| *line < file.lines.lines())?;
    let start = file.lines.line_start(line) as usize;
    Some(file.source.text.get(start..)?.lines().next().unwrap_or_default().trim())
}

fn coverage(to: &mut dyn Write, loaded: &Loaded, flows: &[FlowCoverage]) -> io::Result<()> {
    let width = flows.iter().map(|flow| flow.flow.chars().count()).max().unwrap_or(0).max(4);
    writeln!(to, "{BOLD}{:<width$}  {:>9}  {:>9}{BOLD:#}", "flow", "steps", "branches")?;
    for flow in flows {
        writeln!(
            to,
            "{:<width$}  {:>9}  {:>9}",
            mask_line(&flow.flow),
            ratio(&flow.steps),
            ratio(&flow.branches)
        )?;
        missed(to, loaded, flow)?;
    }
    Ok(())
}

fn ratio(spots: &[Spot]) -> String {
    format!("{}/{}", hits(spots), spots.len())
}

/// What no test has reached, by the lines of the source.
fn missed(to: &mut dyn Write, loaded: &Loaded, flow: &FlowCoverage) -> io::Result<()> {
    let mut missed: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for spot in flow.steps.iter().chain(&flow.branches).filter(|spot| !spot.hit && !spot.in_missed_step) {
        missed.entry(spot.line.unwrap_or(0)).or_default().push(&spot.what);
    }
    let file = loaded.project.files.get(flow.file.0 as usize);
    let path = file.map(|file| mask_line(&file.source.path)).unwrap_or_default();
    for (line, ways) in missed {
        let ways = ways.join(", ");
        let text = file.and_then(|file| line_text(file, line)).map(mask_line).unwrap_or_default();
        let place = if line == 0 { path.to_string() } else { format!("{path}:{line}") };
        writeln!(to, "  {place}  {DIM}{text}{DIM:#}")?;
        writeln!(to, "    never: {}", mask_line(&ways))?;
    }
    Ok(())
}
