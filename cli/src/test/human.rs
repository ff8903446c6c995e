//! The report of tests for people.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chatflow_compiler::source::{FileId, Span};
use unicode_width::UnicodeWidthStr;

use super::{line, line_text, path, source_lines};
use crate::load::Loaded;
use crate::render::mask_line;
use crate::style::{BAD, BOLD, DIM, GOOD};
use crate::testing::{Failure, FlowCoverage, Report, Spot, Tested, hits, write_transcript};

pub(super) fn write(to: &mut dyn Write, loaded: &Loaded, report: &Report) -> io::Result<()> {
    for test in &report.tests {
        tested(to, loaded, test)?;
    }
    if report.failed() > 0 {
        let marks = "in failed tests: - expected, + said instead, > the visitor, | the line of the test";
        writeln!(to, "\n{DIM}{marks}{DIM:#}")?;
    }
    writeln!(to)?;
    if !report.coverage.is_empty() {
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
    for line in source_lines(loaded, failure.line) {
        writeln!(to, "    {DIM}|{DIM:#} {}", mask_line(line))?;
    }
    for known in &failure.known {
        writeln!(to, "    {DIM}{}{DIM:#}", mask_line(known))?;
    }
    Ok(())
}

/// `bots/hello.flow:12`.
fn place(loaded: &Loaded, span: Span) -> String {
    format!("{}:{}", path(loaded, span.file), line(loaded, span))
}

fn coverage(to: &mut dyn Write, loaded: &Loaded, flows: &[FlowCoverage]) -> io::Result<()> {
    let width = flows.iter().map(|flow| flow.flow.width()).max().unwrap_or(0).max(4);
    writeln!(to, "{BOLD}{:<width$}  {:>9}  {:>9}{BOLD:#}", "flow", "steps", "branches")?;
    for flow in flows {
        // Names of some scripts are wider than they have characters.
        let blank = width.saturating_sub(flow.flow.width());
        let (steps, branches) = (ratio(&flow.steps), ratio(&flow.branches));
        writeln!(to, "{}{:blank$}  {steps:>9}  {branches:>9}", mask_line(&flow.flow), "")?;
        missed(to, loaded, flow)?;
    }
    Ok(())
}

fn ratio(spots: &[Spot]) -> String {
    format!("{}/{}", hits(spots), spots.len())
}

/// What no test has reached, by the lines of the source.
fn missed(to: &mut dyn Write, loaded: &Loaded, flow: &FlowCoverage) -> io::Result<()> {
    // The flow's own file first, and then its modules.
    let mut missed: BTreeMap<(bool, FileId, u32), Vec<&str>> = BTreeMap::new();
    for spot in flow.steps.iter().chain(&flow.branches).filter(|spot| !spot.hit && !spot.in_missed_step) {
        let place = (spot.file != flow.file, spot.file, spot.line.unwrap_or(0));
        missed.entry(place).or_default().push(&spot.what);
    }
    for ((_, file, line), ways) in missed {
        let ways = ways.join(", ");
        let (file, path) = (loaded.project.file(file), path(loaded, file));
        let text = file.and_then(|file| line_text(file, line)).map(mask_line).unwrap_or_default();
        let place = if line == 0 { path.clone() } else { format!("{path}:{line}") };
        match text.is_empty() {
            true => writeln!(to, "  {place}")?,
            false => writeln!(to, "  {place}  {DIM}{text}{DIM:#}")?,
        }
        writeln!(to, "    never: {}", mask_line(&ways))?;
    }
    Ok(())
}
