//! The canonical layout of a file, made from its tokens and its tree.
//!
//! Only blanks, line ends and the order of lines in the block of an action or question change; every other token and
//! every comment stays as it is. Lines are broken where the author broke them: a statement stands on one line or on
//! several, a block of one line may stand on its statement's. What the formatter decides is the indent (two blanks for
//! each level), the blanks between tokens, the columns, and that no two blank lines follow each other.
//!
//! What cannot be read stays byte for byte: a line with a syntax error, and an item whose brackets do not match.

mod columns;
mod print;
mod roles;
mod shape;

use std::ops::Range;

use crate::diagnostic::Edit;
use crate::file::File;
use crate::source::{FileId, Source, Span};

/// A stretch of the text and what it becomes: an item with the comments above it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chunk {
    /// The bytes of the text, whole lines.
    source: Range<usize>,
    /// What stands there in the canonical layout.
    text: String,
}

/// The text of a file in the canonical layout. A catalogue, and a file that is no text, stay as they are.
pub fn format(file: &File) -> String {
    match chunks(file) {
        Some(chunks) => chunks.into_iter().map(|chunk| chunk.text).collect(),
        None => file.source.text.to_string(),
    }
}

/// A flow's text in the canonical layout.
pub fn format_text(text: &str) -> String {
    format(&File::read(FileId(0), Source::new("standard input", text)))
}

/// The edits that give those items of a file the canonical layout that a range of bytes touches, one for each item that
/// changes, in the order of the text. An empty range touches the item it stands in.
pub fn format_range(file: &File, range: Range<u32>) -> Vec<Edit> {
    let touched = |chunk: &Chunk| {
        let source = &chunk.source;
        source.start <= range.end as usize && (range.start as usize) < source.end.max(source.start + 1)
    };
    let changed = |chunk: &Chunk| file.source.text.get(chunk.source.clone()) != Some(chunk.text.as_str());
    let chunks = chunks(file).unwrap_or_default().into_iter();
    chunks
        .filter(|chunk| touched(chunk) && changed(chunk))
        .map(|chunk| Edit {
            span: Span { file: file.id, start: chunk.source.start as u32, end: chunk.source.end as u32 },
            text: chunk.text,
        })
        .collect()
}

/// The file in pieces; none where it must not be touched.
fn chunks(file: &File) -> Option<Vec<Chunk>> {
    if file.catalogue.is_some() || file.source.invalid_utf8.is_some() {
        return None;
    }
    let mut printed = print::print(file);
    columns::align(&mut printed.lines);
    let newline = if ends_with_crlf(&file.source.text) { "\r\n" } else { "\n" };
    let mut rest = printed.lines.as_slice();
    let mut chunks = Vec::with_capacity(printed.ends.len());
    let mut start = 0;
    for end in printed.ends {
        let (lines, behind) = rest.split_at(end.lines.min(rest.len()));
        rest = behind;
        let text = lines.iter().map(|line| line.written(newline)).collect();
        chunks.push(Chunk { source: start..end.source, text });
        start = end.source;
    }
    Some(chunks)
}

/// Whether the first line of a text ends as lines do on Windows; then all of them do.
fn ends_with_crlf(text: &str) -> bool {
    text.split_once('\n').is_some_and(|(first, _)| first.ends_with('\r'))
}

#[cfg(test)]
mod tests;
