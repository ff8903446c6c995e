//! `chatflow test`: runs the tests of flows.

mod explored;
mod human;
mod json;
mod junit;
mod lcov;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::num::NonZeroUsize;

use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::{Checked, File};

use crate::arguments::TestArguments;
use crate::build::is_module;
use crate::check;
use crate::config::Config;
use crate::load::{Loaded, load};
use crate::render::{Format, counted, mask_line};
use crate::streams::Streams;
use crate::testing::{Correction, Report, Selection, corrections, edited, place_anytime, run_selection};
use crate::trouble::{Ending, Trouble};

/// How the report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum TestFormat {
    /// For people.
    #[default]
    Human,
    /// A JSON object on a line each: the tests, the coverage, the counts.
    Json,
    /// The XML that build servers read.
    Junit,
}

/// Runs the tests that were asked for and writes what came of them.
///
/// # Errors
/// If the project cannot be read, or the output not be written.
pub fn run(arguments: &TestArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    if arguments.update && !arguments.force && on_a_build_server() {
        return Err(Trouble::new("`--update` rewrites no tests where CI is set")
            .help("Run it where you can look at the changes, or say --force."));
    }
    let mut loaded = load(&arguments.path)?;
    let format = match arguments.message_format {
        TestFormat::Human | TestFormat::Junit => Format::Human,
        TestFormat::Json => Format::Json,
    };
    let mut checked = check::report(&mut loaded, format, streams)?;
    if arguments.update && update(arguments, &loaded, &checked, streams)? {
        loaded = load(&arguments.path)?;
        checked = loaded.check();
    }
    let mut report =
        run_selection(&checked, &selection(arguments, &loaded.config, &|file| loaded.is_asked_for(file)))?;
    report.coverage.iter_mut().for_each(|flow| place_anytime(flow, &loaded.project));
    // Before the report, which a closed pipe may cut short.
    if let Some(path) = &arguments.lcov {
        let text = lcov::text(&loaded, &report.coverage);
        fs::write(path, text).map_err(|error| Trouble::at(path, "write", &error))?;
    }
    if arguments.filter.is_some() {
        // What the tests that were left out reach is not known, and not missing.
        report.coverage.clear();
    }
    match arguments.message_format {
        // No test at all must not look like success.
        TestFormat::Human if report.tests.is_empty() => {}
        TestFormat::Human => human::write(&mut streams.out, &loaded, &report)?,
        TestFormat::Json => json::write(&mut streams.out, &loaded, &report)?,
        TestFormat::Junit => junit::write(&mut streams.out, &loaded, &checked, &report)?,
    }
    let broken = check::has_errors(&checked);
    streams.out.flush()?;
    if broken {
        writeln!(streams.err, "the tests of a flow with errors do not run")?;
    } else if report.tests.is_empty() && arguments.explore.is_none() {
        writeln!(streams.err, "{}", nothing(arguments))?;
    }
    let wrong = match arguments.explore {
        Some(talks) => explored::run(arguments, talks, &loaded, &checked, streams)?,
        None => false,
    };
    // Who names tests wants them run: a name that no test has must not look like success.
    let missed = report.tests.is_empty() && arguments.filter.is_some();
    Ok(Ending::of(broken || missed || wrong || report.failed() > 0))
}

fn selection<'s>(
    arguments: &'s TestArguments,
    config: &Config,
    asked: &'s dyn Fn(FileId) -> bool,
) -> Selection<'s> {
    let cores = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let jobs = arguments.jobs.or(config.jobs).unwrap_or_else(cores);
    Selection { asked, filter: arguments.filter.as_deref(), jobs }
}

fn nothing(arguments: &TestArguments) -> String {
    match &arguments.filter {
        Some(filter) => format!("no test has `{}` in its name", mask_line(filter)),
        None if is_module(&arguments.path) => {
            format!("`{}` is a module: the flows that use it test its steps", arguments.path.display())
        }
        None => format!(
            "there are no tests in `{}`; a test is a block like: test \"a name\" {{ … }}",
            arguments.path.display()
        ),
    }
}

/// Whether nobody would look at what is rewritten.
fn on_a_build_server() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}

/// Rewrites the `bot` lines of failed tests; whether there were any.
fn update(
    arguments: &TestArguments,
    loaded: &Loaded,
    checked: &Checked,
    streams: &mut Streams,
) -> Result<bool, Trouble> {
    let corrections =
        corrections(checked, &selection(arguments, &loaded.config, &|file| loaded.is_asked_for(file)))?;
    let mut by_file: BTreeMap<FileId, Vec<&Correction>> = BTreeMap::new();
    corrections.iter().for_each(|one| by_file.entry(one.file).or_default().push(one));
    for (id, corrections) in by_file {
        let (Some(file), Some(path)) = (loaded.project.file(id), loaded.path_of(id)) else { continue };
        // Bytes that are no text would be lost.
        if file.source.invalid_utf8.is_some() {
            continue;
        }
        let text = edited(&file.source.text, &corrections);
        fs::write(&path, text).map_err(|error| Trouble::at(&path, "write", &error))?;
        let mut tests: Vec<&str> = corrections.iter().map(|one| one.test.as_str()).collect();
        tests.dedup();
        let (lines, tests) = (counted(corrections.len(), "line"), counted(tests.len(), "test"));
        writeln!(streams.err, "updated {lines} of {tests} in {}", mask_line(&file.source.path))?;
    }
    Ok(!corrections.is_empty())
}

/// `bots/hello.flow`.
fn path(loaded: &Loaded, file: FileId) -> String {
    loaded.project.file(file).map(|file| mask_line(&file.source.path).into_owned()).unwrap_or_default()
}

/// The line where a span begins, from 1.
fn line(loaded: &Loaded, span: Span) -> u32 {
    loaded.project.file(span.file).map_or(1, |file| file.lines.line(span.start) + 1)
}

/// The line of the source where a span begins, without its indent.
fn source_line(loaded: &Loaded, span: Span) -> String {
    let Some(file) = loaded.project.file(span.file) else { return String::new() };
    let text = line_text(file, file.lines.line(span.start) + 1);
    text.map(|text| mask_line(text).into_owned()).unwrap_or_default()
}

/// The lines of the source that a span is on, without the indent of the first.
fn source_lines(loaded: &Loaded, span: Span) -> Vec<&str> {
    let Some(file) = loaded.project.file(span.file) else { return Vec::new() };
    let (first, last) = (file.lines.line(span.start), file.lines.line(span.end.max(span.start)));
    let start = file.lines.line_start(first) as usize;
    let text = file.source.text.get(start..).unwrap_or_default();
    let indent = text.len() - text.trim_start_matches([' ', '\t']).len();
    let lines = text.lines().take((last - first + 1) as usize);
    let unindented = |line| match str::split_at_checked(line, indent) {
        Some((blank, rest)) if blank.trim().is_empty() => rest.trim_end(),
        _ => line.trim(),
    };
    lines.map(unindented).collect()
}

/// A line of a file, counted from 1, without its indent.
pub(crate) fn line_text(file: &File, line: u32) -> Option<&str> {
    let line = line.checked_sub(1).filter(|line| *line < file.lines.lines())?;
    let start = file.lines.line_start(line) as usize;
    Some(file.source.text.get(start..)?.lines().next().unwrap_or_default().trim())
}

/// The flows that have tests in a report, in its order.
fn flows(report: &Report) -> Vec<&str> {
    let mut flows: Vec<&str> = Vec::new();
    for test in &report.tests {
        if !flows.contains(&test.flow.as_str()) {
            flows.push(&test.flow);
        }
    }
    flows
}
