//! For people at a terminal, by ariadne.
//!
//! ariadne panics on spans that are out of order, out of the text or inside a character, and breaks lines where we do
//! not; so it only ever sees what [`Shown`] lets through. A file without text has no line to show, and a very long line
//! has to be clipped: they are left to the plain renderer. Spans are given in characters: where ariadne counts bytes, it takes the one for the other in labels
//! of a second file, and panics.

use std::ops::Range;
use std::{fmt, iter};

use ariadne::{Cache, Color, Config, Label, Report, ReportKind, Source};
use chatflow_compiler::diagnostic::{self, Diagnostic, Severity};
use chatflow_compiler::source::FileId;

use crate::render::excerpt::LONGEST;
use crate::render::mask::mask_line;
use crate::render::notes;
use crate::render::shown::Shown;

/// How many columns ariadne writes before a line of help: the number of a line, the bar, and its own word.
const BEFORE_HELP: usize = 16;

/// The diagnostic with colours, or nothing where ariadne has nothing to show.
pub(crate) fn report(shown: &Shown<'_>, diagnostic: &Diagnostic) -> Option<String> {
    // The plain renderer clips long lines and leaves out a byte order mark; ariadne writes all of it.
    if iter::once(&diagnostic.primary).chain(&diagnostic.labels).any(|label| is_left_out(shown, label)) {
        return None;
    }
    let at = place(shown, &diagnostic.primary)?;
    let (kind, colour) = match shown.severity(diagnostic) {
        Severity::Error => (ReportKind::Custom("error", Color::Red), Color::Red),
        Severity::Warning => (ReportKind::Custom("warning", Color::Yellow), Color::Yellow),
    };
    let primary = (at.clone(), label(at.clone(), &diagnostic.primary, colour).with_priority(1));
    let others = diagnostic.labels.iter().filter_map(|other| {
        let at = place(shown, other)?;
        Some((at.clone(), label(at, other, Color::Blue)))
    });
    // ariadne begins a new excerpt for a label that stands above the one before it.
    let mut labels: Vec<(Place, Label<Place>)> = iter::once(primary).chain(others).collect();
    labels.sort_by_key(|((file, range), _)| (*file != at.0, *file, range.start));
    let mut report = Report::build(kind, at)
        .with_config(Config::new())
        .with_code(diagnostic.code.as_str())
        .with_message(mask_line(&diagnostic.message))
        .with_labels(labels.into_iter().map(|(_, label)| label));
    let ways_out: Vec<String> = notes(diagnostic).map(|note| shown.wrapped(note, BEFORE_HELP)).collect();
    if !ways_out.is_empty() {
        // ariadne writes the word itself.
        report.set_help(ways_out.join("\n").trim_start_matches("help: "));
    }
    let mut out = Vec::new();
    report.finish().write(Files(shown), &mut out).ok()?;
    Some(String::from_utf8_lossy(&out).into_owned())
}

/// A stretch of a file, in characters.
type Place = (FileId, Range<usize>);

/// Where a label stands, unless its file has no text. At the very end of a file stands nothing: there the last
/// character is shown.
fn place(shown: &Shown<'_>, label: &diagnostic::Label) -> Option<Place> {
    let file = label.span.file;
    let text = &shown.file(file)?.source.text;
    let source = &shown.shown(file)?.text;
    let mut range = shown.range(label.span);
    if range.start == text.len() {
        let last = text.char_indices().rev().find(|(_, char)| *char != '\n' && *char != '\r');
        range = last.map_or(0..0, |(at, char)| at..at + char.len_utf8());
    }
    (!text.trim().is_empty()).then(|| (file, characters(source, range.start)..characters(source, range.end)))
}

/// Whether a label begins or ends on a line that is too long to be written whole, or on one that begins with a byte order mark,
/// which ariadne would show and count.
fn is_left_out(shown: &Shown<'_>, label: &diagnostic::Label) -> bool {
    let Some(lines) = shown.file(label.span.file).map(|file| &file.lines) else { return false };
    if lines.line_start(0) > 0 && lines.line(label.span.start) == 0 {
        return true;
    }
    let length = |at: u32| {
        let line = lines.line(at);
        let next = if line + 1 < lines.lines() { lines.line_start(line + 1) } else { u32::MAX };
        next.min(shown.length(label.span.file)) - lines.line_start(line)
    };
    [label.span.start, label.span.end].iter().any(|at| length(*at) as usize > LONGEST)
}

/// How many characters stand before a byte.
fn characters(source: &Source<String>, at: usize) -> usize {
    let Some((line, _, column)) = source.get_byte_line(at) else { return source.len() };
    let before = source.get_line_text(line).and_then(|text| text.get(..column)).unwrap_or_default();
    line.offset() + before.chars().count()
}

fn label(place: Place, label: &diagnostic::Label, colour: Color) -> Label<Place> {
    // ariadne draws nothing for a label that says nothing.
    let text = if label.text.is_empty() { "here" } else { &label.text };
    Label::new(place).with_color(colour).with_message(mask_line(text))
}

struct Files<'a>(&'a Shown<'a>);

impl Cache<FileId> for Files<'_> {
    type Storage = String;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<String>, impl fmt::Debug> {
        self.0.shown(*id).map(|file| &file.text).ok_or("no such file")
    }

    fn display<'a>(&self, id: &'a FileId) -> Option<impl fmt::Display + 'a> {
        self.0.shown(*id).map(|file| file.path.clone())
    }
}
