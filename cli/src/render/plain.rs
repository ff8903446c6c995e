//! Without colours, by codespan-reporting: the same bytes on every machine.

use std::ops::Range;

use chatflow_compiler::diagnostic::{self, Diagnostic};
use chatflow_compiler::source::FileId;
use codespan_reporting::diagnostic::{Diagnostic as Report, Label, LabelStyle, Severity};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{Chars, Config, DisplayStyle, emit_into_string};

use crate::render::mask::mask_line;
use crate::render::notes;
use crate::render::shown::Shown;

/// How many columns stand before a line of help: the number of a line and `= `.
const BEFORE_HELP: usize = 8;

/// The source with its labels, then the help and the fixes.
pub(crate) fn rich(shown: &Shown<'_>, diagnostic: &Diagnostic) -> String {
    let mut report = report(shown, diagnostic);
    report.labels.extend(diagnostic.labels.iter().map(|other| label(shown, other, LabelStyle::Secondary)));
    report.notes = notes(diagnostic).map(|note| shown.wrapped(note, BEFORE_HELP)).collect();
    let config = Config { chars: Chars { note_bullet: '=', ..Chars::box_drawing() }, ..Config::default() };
    let text = emit_into_string(&config, &Texts(shown), &report).unwrap_or_else(|_| bare(shown, diagnostic));
    // A line that ended with a carriage return would end with a blank now.
    text.trim_end().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// `path:line:column: error[E0201]: message`.
pub(crate) fn short(shown: &Shown<'_>, diagnostic: &Diagnostic) -> String {
    let config = Config { display_style: DisplayStyle::Short, ..Config::default() };
    emit_into_string(&config, &Texts(shown), &report(shown, diagnostic))
        .unwrap_or_else(|_| bare(shown, diagnostic))
}

/// The code, the message and the one place they are about.
fn report(shown: &Shown<'_>, diagnostic: &Diagnostic) -> Report<FileId> {
    let severity = match shown.severity(diagnostic) {
        diagnostic::Severity::Error => Severity::Error,
        diagnostic::Severity::Warning => Severity::Warning,
    };
    Report::new(severity)
        .with_code(diagnostic.code.as_str())
        .with_message(mask_line(&diagnostic.message))
        .with_label(label(shown, &diagnostic.primary, LabelStyle::Primary))
}

fn label(shown: &Shown<'_>, label: &diagnostic::Label, style: LabelStyle) -> Label<FileId> {
    Label::new(style, label.span.file, shown.range(label.span)).with_message(mask_line(&label.text))
}

/// A diagnostic of a file that is not there.
fn bare(shown: &Shown<'_>, diagnostic: &Diagnostic) -> String {
    let word = shown.severity(diagnostic).word();
    format!("{word}[{}]: {}\n", diagnostic.code.as_str(), mask_line(&diagnostic.message))
}

/// The files as codespan asks for them: masked texts, and the compiler's own index of lines.
struct Texts<'a>(&'a Shown<'a>);

impl<'a> Files<'a> for Texts<'a> {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<&'a str, Error> {
        self.0.shown(id).map(|file| file.path.as_str()).ok_or(Error::FileMissing)
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, Error> {
        self.0.shown(id).map(|file| file.text.text()).ok_or(Error::FileMissing)
    }

    fn line_index(&'a self, id: FileId, byte_index: usize) -> Result<usize, Error> {
        let file = self.0.file(id).ok_or(Error::FileMissing)?;
        Ok(file.lines.line(u32::try_from(byte_index).unwrap_or(u32::MAX)) as usize)
    }

    fn line_range(&'a self, id: FileId, line_index: usize) -> Result<Range<usize>, Error> {
        let file = self.0.file(id).ok_or(Error::FileMissing)?;
        let max = file.lines.lines() as usize;
        let line = u32::try_from(line_index).ok().filter(|line| *line < file.lines.lines());
        let line = line.ok_or(Error::LineTooLarge { given: line_index, max })?;
        let end = if line_index + 1 < max {
            file.lines.line_start(line + 1) as usize
        } else {
            file.source.text.len()
        };
        Ok(file.lines.line_start(line) as usize..end)
    }
}
