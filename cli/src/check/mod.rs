//! `chatflow check`: finds mistakes, and mends some.

mod fix;

use std::io::{self, Write};

use chatflow_compiler::Checked;
use chatflow_compiler::diagnostic::{Applicability, Diagnostic, Severity};

use crate::arguments::{CheckArguments, FixArguments};
use crate::environment::Environment;
use crate::load::{Loaded, MARKER, load, shown};
use crate::render::{Format, Shown, counted, mask_line, summary};
use crate::streams::Streams;
use crate::trouble::{Ending, Trouble};

/// So many diagnostics people are shown of one run; nobody reads on. Other programs get all.
const ENOUGH: usize = 100;

/// Checks a project and writes what was found.
///
/// # Errors
/// If the project cannot be read.
pub fn run(arguments: &CheckArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let mut loaded = load(&arguments.path)?;
    if arguments.fixes.diff {
        return fix::diff(&loaded, &arguments.fixes, streams);
    }
    let fixed = match arguments.fixes.fix {
        true => Some(fix::write(&mut loaded, &arguments.fixes, streams)?),
        false => None,
    };
    let checked = loaded.check();
    let format = arguments.messages.message_format;
    write_all(
        &loaded,
        &checked.diagnostics,
        format,
        &mut streams.out,
        (streams.out_colour, streams.out_width),
    )?;
    // What is read by programs ends with its last finding.
    streams.out.flush()?;
    let environments = match loaded.main {
        None => Environment::troubles(&loaded.root, &shown(&loaded.root), &loaded.project, &checked),
        // A file alone comes without the workspaces of the project's other flows.
        Some(_) => Vec::new(),
    };
    for trouble in &environments {
        writeln!(streams.err, "{trouble}")?;
    }
    let found = match environments.len() {
        0 => summary(&checked.diagnostics).unwrap_or_else(|| nothing_found(&loaded, &checked)),
        wrong => {
            let found = summary(&checked.diagnostics).map(|found| format!("{found}, "));
            format!("{}{} of environments", found.unwrap_or_default(), counted(wrong, "error"))
        }
    };
    writeln!(streams.err, "{found}")?;
    if let Some(fixed) = fixed {
        writeln!(streams.err, "{}", fixed.summary(checked.diagnostics.len()))?;
    }
    if format == Format::Human {
        more_fixes(&arguments.fixes, &checked.diagnostics, streams)?;
    }
    let denied = checked.diagnostics.iter().any(|found| loaded.config.denies(found));
    if denied && !has_errors(&checked) {
        writeln!(streams.err, "{MARKER} makes `check` fail on warnings")?;
    }
    Ok(Ending::of(denied || !environments.is_empty()))
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
    format!("{name}{}, nothing to complain of", counted(checked.flows.len(), "flow"))
}

/// Checks a project for a command that goes on with it, and writes what was found to the error stream.
///
/// # Errors
/// If it cannot be written.
pub fn report(loaded: &mut Loaded, format: Format, streams: &mut Streams) -> Result<Checked, Trouble> {
    let checked = loaded.check();
    write_all(
        loaded,
        &checked.diagnostics,
        format,
        &mut streams.err,
        (streams.err_colour, streams.err_width),
    )?;
    if let Some(summary) = summary(&checked.diagnostics) {
        writeln!(streams.err, "{summary}")?;
    }
    Ok(checked)
}

/// Whether a project has errors; warnings stop nothing.
pub fn has_errors(checked: &Checked) -> bool {
    checked.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
}

fn write_all(
    loaded: &Loaded,
    diagnostics: &[Diagnostic],
    format: Format,
    to: &mut dyn Write,
    (colour, width): (bool, Option<usize>),
) -> io::Result<()> {
    let shown = Shown::new(&loaded.project).within(width);
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
