//! A project as it may be shown: its texts masked, and every span within them.

use std::cell::OnceCell;
use std::ops::Range;

use chatflow_compiler::Project;
use chatflow_compiler::diagnostic::{Diagnostic, Severity};
use chatflow_compiler::file::File;
use chatflow_compiler::source::{FileId, Span};
use serde::Serialize;

use crate::levels::Levels;
use crate::render::mask::{mask, mask_line};
use crate::wrap::wrap;

/// A place in a file, as people and programs count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    /// The line, from 1.
    pub(crate) line: u32,
    /// The character of the line, from 1.
    pub(crate) column: u32,
    /// The byte of the file, from 0.
    pub(crate) offset: u32,
}

/// A project's files, each masked once, when the first diagnostic of it is shown.
pub struct Shown<'p> {
    project: &'p Project,
    files: Vec<OnceCell<ShownFile>>,
    width: Option<usize>,
    levels: Option<&'p Levels>,
}

/// A file as it may be shown.
pub(crate) struct ShownFile {
    pub(crate) path: String,
    pub(crate) text: ariadne::Source<String>,
}

impl<'p> Shown<'p> {
    /// The project's files; nothing is masked yet.
    pub fn new(project: &'p Project) -> Shown<'p> {
        let files = project.files.iter().map(|_| OnceCell::new()).collect();
        Shown { project, files, width: None, levels: None }
    }

    /// The same where warnings may be denied: those are shown as errors.
    #[must_use]
    pub fn judged_by(self, levels: &'p Levels) -> Shown<'p> {
        Shown { levels: Some(levels), ..self }
    }

    /// How bad a finding is.
    pub fn severity(&self, diagnostic: &Diagnostic) -> Severity {
        self.levels.map_or(diagnostic.severity(), |levels| levels.severity(diagnostic))
    }

    /// The same for a terminal of so many columns: the help is broken at words.
    #[must_use]
    pub fn within(self, width: Option<usize>) -> Shown<'p> {
        Shown { width, ..self }
    }

    /// A line of help, broken at words; so many columns stand before it.
    pub(crate) fn wrapped(&self, help: String, before: usize) -> String {
        match self.width.and_then(|width| width.checked_sub(before)) {
            Some(width) => wrap(&help, width),
            None => help,
        }
    }

    /// The file with this number, as the compiler has it.
    pub(crate) fn file(&self, id: FileId) -> Option<&'p File> {
        self.project.files.get(id.0 as usize)
    }

    /// The file with this number, as it may be shown.
    pub(crate) fn shown(&self, id: FileId) -> Option<&ShownFile> {
        let file = self.file(id)?;
        Some(self.files.get(id.0 as usize)?.get_or_init(|| ShownFile {
            path: mask_line(&file.source.path).into_owned(),
            text: mask(&file.source.text).into_owned().into(),
        }))
    }

    /// How many bytes a file has.
    pub(crate) fn length(&self, id: FileId) -> u32 {
        self.file(id).map_or(0, |file| file.source.text.len() as u32)
    }

    /// Where a span begins and where it ends, behind its last character.
    pub(crate) fn places(&self, span: Span) -> (Place, Place) {
        let file = self.file(span.file);
        let place = |offset: u32| match file {
            Some(file) => {
                let position = file.lines.position(&file.source.text, offset);
                Place { line: position.line + 1, column: position.column + 1, offset }
            }
            None => Place { line: 1, column: 1, offset },
        };
        (place(span.start), place(span.end))
    }

    /// The bytes of a span: in order, within the file, and not inside a character.
    pub(crate) fn range(&self, span: Span) -> Range<usize> {
        let text = self.file(span.file).map_or("", |file| &file.source.text);
        within(text, span)
    }
}

/// The bytes of a span within a text, whatever the span says.
fn within(text: &str, span: Span) -> Range<usize> {
    let (start, end) = (span.start.min(span.end) as usize, span.start.max(span.end) as usize);
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let ceil = |at: usize| (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    floor(start)..ceil(end.min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_brought_within_the_text() {
        let at = |start, end| within("aé\nb", Span { file: FileId(0), start, end });
        assert_eq!(at(0, 2), 0..3);
        assert_eq!(at(2, 2), 1..3);
        assert_eq!(at(5, 4), 4..5);
        assert_eq!(at(9, 40), 5..5);
    }
}
