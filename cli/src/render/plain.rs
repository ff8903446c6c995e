//! Without colours, by codespan-reporting: the same bytes on every machine.

use std::collections::BTreeMap;
use std::iter;
use std::ops::Range;

use chatflow_compiler::diagnostic::{self, Diagnostic};
use chatflow_compiler::source::FileId;
use codespan_reporting::diagnostic::{Diagnostic as Report, Label, LabelStyle, Severity};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term::{Chars, Config, DisplayStyle, emit_into_string};

use crate::render::excerpt::Excerpt;
use crate::render::mask::mask_line;
use crate::render::notes;
use crate::render::shown::Shown;

/// How many columns stand before a line of help: the number of a line and `= `.
const BEFORE_HELP: usize = 8;

/// The source with its labels, then the help and the fixes.
pub(crate) fn rich(shown: &Shown<'_>, diagnostic: &Diagnostic) -> String {
    let others = diagnostic.labels.iter().map(|other| (LabelStyle::Secondary, other));
    let labels: Vec<_> = iter::once((LabelStyle::Primary, &diagnostic.primary)).chain(others).collect();
    let places = |label: &diagnostic::Label| (label.span.file, shown.range(label.span));
    let texts = Texts::new(shown, labels.iter().map(|(_, label)| places(label)));
    let labels = labels.iter().map(|(style, label)| {
        let (file, place) = places(label);
        Label::new(*style, file, texts.range(file, &place)).with_message(mask_line(&label.text))
    });
    let notes = notes(diagnostic).map(|note| shown.wrapped(note, BEFORE_HELP)).collect();
    let report = report(shown, diagnostic).with_labels(labels.collect()).with_notes(notes);
    let config = Config { chars: Chars { note_bullet: '=', ..Chars::box_drawing() }, ..Config::default() };
    let text = emit_into_string(&config, &texts, &report).unwrap_or_else(|_| bare(shown, diagnostic));
    // A line that ended with a carriage return would end with a blank now.
    text.trim_end().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// `path:line:column: error[E0201]: message`.
pub(crate) fn short(shown: &Shown<'_>, diagnostic: &Diagnostic) -> String {
    let config = Config { display_style: DisplayStyle::Short, ..Config::default() };
    // Only where it begins is written.
    let file = diagnostic.primary.span.file;
    let start = shown.range(diagnostic.primary.span).start;
    let texts = Texts::new(shown, iter::once((file, start..start)));
    let label = Label::primary(file, texts.range(file, &(start..start)));
    let report = report(shown, diagnostic).with_label(label);
    emit_into_string(&config, &texts, &report).unwrap_or_else(|_| bare(shown, diagnostic))
}

/// The code and the message.
fn report(shown: &Shown<'_>, diagnostic: &Diagnostic) -> Report<FileId> {
    let severity = match shown.severity(diagnostic) {
        diagnostic::Severity::Error => Severity::Error,
        diagnostic::Severity::Warning => Severity::Warning,
    };
    Report::new(severity).with_code(diagnostic.code.as_str()).with_message(mask_line(&diagnostic.message))
}

/// A diagnostic of a file that is not there.
fn bare(shown: &Shown<'_>, diagnostic: &Diagnostic) -> String {
    let word = shown.severity(diagnostic).word();
    format!("{word}[{}]: {}\n", diagnostic.code.as_str(), mask_line(&diagnostic.message))
}

/// The files as codespan asks for them: the lines of the labels, masked and clipped, with the numbers that they have in
/// the file.
struct Texts<'a> {
    shown: &'a Shown<'a>,
    excerpts: BTreeMap<FileId, Excerpt>,
}

impl<'a> Texts<'a> {
    fn new(shown: &'a Shown<'a>, places: impl Iterator<Item = (FileId, Range<usize>)>) -> Texts<'a> {
        let mut by_file: BTreeMap<FileId, Vec<Range<usize>>> = BTreeMap::new();
        for (file, place) in places {
            by_file.entry(file).or_default().push(place);
        }
        let excerpt = |(file, places): (FileId, Vec<_>)| Some((file, Excerpt::new(shown, file, &places)?));
        Texts { shown, excerpts: by_file.into_iter().filter_map(excerpt).collect() }
    }

    fn excerpt(&self, id: FileId) -> Result<&Excerpt, Error> {
        self.excerpts.get(&id).ok_or(Error::FileMissing)
    }

    /// Where a place of a file stands in its excerpt.
    fn range(&self, id: FileId, place: &Range<usize>) -> Range<usize> {
        match (self.excerpts.get(&id), self.shown.file(id)) {
            (Some(excerpt), Some(file)) => excerpt.range(|at| file.lines.line(at as u32), place),
            _ => 0..0,
        }
    }
}

impl<'a> Files<'a> for Texts<'a> {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<&'a str, Error> {
        self.shown.shown(id).map(|file| file.path.as_str()).ok_or(Error::FileMissing)
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(&self.excerpt(id)?.text)
    }

    fn line_index(&'a self, id: FileId, byte_index: usize) -> Result<usize, Error> {
        Ok(self.excerpt(id)?.line(byte_index))
    }

    fn line_number(&'a self, id: FileId, line_index: usize) -> Result<usize, Error> {
        Ok(self.excerpt(id)?.first as usize + line_index + 1)
    }

    fn column_number(&'a self, id: FileId, _line: usize, byte_index: usize) -> Result<usize, Error> {
        let file = self.shown.file(id).ok_or(Error::FileMissing)?;
        let origin = self.excerpt(id)?.origin(byte_index) as u32;
        Ok(file.lines.position(&file.source.text, origin).column as usize + 1)
    }

    fn line_range(&'a self, id: FileId, line_index: usize) -> Result<Range<usize>, Error> {
        let excerpt = self.excerpt(id)?;
        let too_large = Error::LineTooLarge { given: line_index, max: excerpt.lines() };
        excerpt.line_range(line_index).ok_or(too_large)
    }
}
