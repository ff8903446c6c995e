//! A project as it may be shown: its texts masked, and every span within them.

use std::cell::OnceCell;
use std::ops::Range;

use chatflow_compiler::Project;
use chatflow_compiler::diagnostic::{Diagnostic, Severity};
use chatflow_compiler::file::File;
use chatflow_compiler::source::{FileId, Span};

use crate::levels::Levels;
use crate::render::mask::{mask, mask_line};
use crate::wrap::wrap;

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

    pub(crate) fn project(&self) -> &'p Project {
        self.project
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
