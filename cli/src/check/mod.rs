//! `chatflow check`: finds mistakes, and mends some.

mod fix;
mod format;

use std::collections::BTreeSet;
use std::io::{self, Write};

use chatflow_compiler::diagnostic::{Applicability, Diagnostic, Severity};
use chatflow_compiler::source::{FileId, Source};
use chatflow_compiler::{Checked, Project};
use chatflow_runtime::Program;

pub use self::format::CheckFormat;
use crate::arguments::{CheckArguments, FixArguments};
use crate::deploy::lock::Lock;
use crate::deploy::locked;
use crate::environment;
use crate::load::{self, Loaded, load};
use crate::render::{Format, Shown, counted, mask_line};
use crate::run::verified;
use crate::streams::Streams;
use crate::trouble::{Ending, Trouble};

/// So many diagnostics people are shown of one run; nobody reads on. Other programs get all.
const ENOUGH: usize = 100;

/// Checks a project and writes what was found.
///
/// # Errors
/// If the project cannot be read, or a file that is to be mended cannot be written.
pub fn run(arguments: &CheckArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let format = arguments.message_format;
    let mut loaded = match load(&arguments.path) {
        Ok(loaded) => loaded,
        Err(trouble) => {
            report_slip(&trouble, format, streams)?;
            return Err(trouble);
        }
    };
    loaded.config.levels = arguments.levels.levels.clone().or(&loaded.config.levels);
    if arguments.fixes.diff {
        return fix::diff(&loaded, &arguments.fixes, streams);
    }
    let fixed = match arguments.fixes.fix {
        true => Some(fix::write(&mut loaded, &arguments.fixes, streams)?),
        false => None,
    };
    let mut checked = loaded.check_from(format.base());
    if loaded.main.is_none() {
        // A file alone comes without the workspaces of the project's other flows.
        checked.diagnostics.extend(environment::findings(&loaded.project, &checked));
    }
    let shown = Shown::new(&loaded.project).within(streams.out_width).judged_by(&loaded.config.levels);
    format.write(&shown, &checked, &mut streams.out, streams.out_colour)?;
    // What is read by programs ends with its last finding.
    streams.out.flush()?;
    let lost = if arguments.locked { lost_places(&loaded, &checked)? } else { Vec::new() };
    for trouble in &lost {
        writeln!(streams.err, "{trouble}")?;
    }
    let summary = shown.summary(&checked.diagnostics);
    let lost_count = (!lost.is_empty()).then(|| format!("{} of waiting chats", counted(lost.len(), "error")));
    let found: Vec<String> = summary.into_iter().chain(lost_count).collect();
    let found = match found.is_empty() {
        true => nothing_found(&loaded, &checked),
        false => found.join(", "),
    };
    writeln!(streams.err, "{found}")?;
    if let Some(fixed) = fixed {
        writeln!(streams.err, "{}", fixed.summary(checked.diagnostics.len()))?;
    }
    if format == CheckFormat::Human {
        more_fixes(&arguments.fixes, &checked.diagnostics, streams)?;
    }
    let failed = |found: &&Diagnostic| shown.severity(found) == Severity::Error;
    denied(checked.diagnostics.iter().filter(failed), streams)?;
    Ok(Ending::of(!lost.is_empty() || checked.diagnostics.iter().any(|found| failed(&found))))
}

/// Writes a report of what is wrong with the project's own settings, for platforms: without them nothing else is looked at.
fn report_slip(trouble: &Trouble, format: CheckFormat, streams: &mut Streams) -> io::Result<()> {
    let (Some(slip), Some(finding)) = (trouble.slip(), trouble.finding(FileId(0))) else { return Ok(()) };
    if matches!(format, CheckFormat::Human | CheckFormat::Short) {
        // People read the trouble itself.
        return Ok(());
    }
    let path = load::based(&slip.path, format.base());
    let project = Project::new(vec![Source::new(path, slip.text.as_str())]);
    let checked = Checked { diagnostics: vec![finding], ..Checked::default() };
    format.write(&Shown::new(&project), &checked, &mut streams.out, false)?;
    streams.out.flush()
}

/// What the flows would do to the chats of the version in the lock. Flows with errors do nothing yet.
fn lost_places(loaded: &Loaded, checked: &Checked) -> Result<Vec<Trouble>, Trouble> {
    let mut lock = Lock::read(&loaded.root)?;
    if has_errors(checked) {
        return Ok(Vec::new());
    }
    let images = checked.flows.iter().filter_map(|flow| flow.image.clone());
    let programs = images.map(verified).collect::<Result<Vec<Program>, Trouble>>()?;
    if loaded.main.is_some() {
        // A file alone comes without the project's other flows.
        let ours = |name: &str| {
            programs.iter().any(|program| program.name() == name || program.was().any(|was| was == name))
        };
        lock.flows.retain(|name, _| ours(name));
    }
    Ok(locked::troubles(&lock, &programs))
}

/// Says which of the findings that `check` fails on are warnings, so that nobody looks for a mistake where a level is meant.
fn denied<'d>(found: impl Iterator<Item = &'d Diagnostic>, streams: &mut Streams) -> io::Result<()> {
    let warnings = found.filter(|found| found.severity() == Severity::Warning);
    let codes: BTreeSet<&str> = warnings.map(|found| found.code.as_str()).collect();
    if codes.is_empty() {
        return Ok(());
    }
    let codes = codes.into_iter().collect::<Vec<_>>().join(", ");
    writeln!(streams.err, "warnings that are denied, and so count as errors: {codes}")
}

/// Says what would mend more.
fn more_fixes(arguments: &FixArguments, found: &[Diagnostic], streams: &mut Streams) -> io::Result<()> {
    let safe = fix::count(found, Applicability::Safe);
    let more = fix::count(found, Applicability::Unsafe);
    if safe > 0 && !arguments.fix {
        writeln!(streams.err, "`--fix` mends {safe} of them")?;
    } else if more > 0 && arguments.fix && !arguments.unsafe_fixes {
        writeln!(streams.err, "`--unsafe-fixes` mends {more} of them; look at what it changes")?;
    }
    Ok(())
}

/// What `check` says of a project without a finding.
fn nothing_found(loaded: &Loaded, checked: &Checked) -> String {
    let name = loaded.config.name.as_ref().map(|name| format!("{}: ", mask_line(name))).unwrap_or_default();
    let (flows, modules) = (checked.flows.len(), checked.modules.len());
    let looked_at = match (flows, modules) {
        (flows, 0) => counted(flows, "flow"),
        (0, modules) => counted(modules, "module"),
        (flows, modules) => format!("{} and {}", counted(flows, "flow"), counted(modules, "module")),
    };
    format!("{name}{looked_at}, nothing to complain of")
}

/// Checks a project for a command that goes on with it, and writes what was found to the error stream.
///
/// # Errors
/// If it cannot be written.
pub fn report(loaded: &mut Loaded, format: Format, streams: &mut Streams) -> Result<Checked, Trouble> {
    let checked = loaded.check();
    report_all(loaded, &checked.diagnostics, format, streams)?;
    Ok(checked)
}

/// Writes findings to the error stream.
///
/// # Errors
/// If it cannot be written.
pub fn report_all(
    loaded: &Loaded,
    found: &[Diagnostic],
    format: Format,
    streams: &mut Streams,
) -> Result<(), Trouble> {
    let shown = Shown::new(&loaded.project).within(streams.err_width);
    write_lines(&shown, found, format, &mut streams.err, streams.err_colour)?;
    if let Some(summary) = shown.summary(found) {
        writeln!(streams.err, "{summary}")?;
    }
    Ok(())
}

/// Whether a project has errors; warnings stop nothing.
pub fn has_errors(checked: &Checked) -> bool {
    checked.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
}

fn write_lines(
    shown: &Shown<'_>,
    diagnostics: &[Diagnostic],
    format: Format,
    to: &mut dyn Write,
    colour: bool,
) -> io::Result<()> {
    let limit = if format == Format::Human { ENOUGH } else { usize::MAX };
    for diagnostic in diagnostics.iter().take(limit) {
        to.write_all(shown.diagnostic(diagnostic, format, colour).as_bytes())?;
        if format == Format::Human {
            writeln!(to)?;
        }
    }
    match diagnostics.len().saturating_sub(limit) {
        0 => Ok(()),
        more => writeln!(to, "… and {more} more; `--message-format short` lists them all"),
    }
}
