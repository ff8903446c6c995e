//! Source files, spans, and the one index from bytes to lines and columns.

use std::sync::Arc;

/// A file of a project, by its position in [`crate::Project::files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A stretch of a file, in bytes: from `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Its first byte.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
}

impl Span {
    /// The span that reaches from the start of this one to the end of `last`.
    pub fn to(self, last: Span) -> Span {
        Span { end: last.end.max(self.start), ..self }
    }

    /// The empty span where this one begins.
    pub fn at_start(self) -> Span {
        Span { end: self.start, ..self }
    }

    /// The empty span where this one ends.
    pub fn at_end(self) -> Span {
        Span { start: self.end, ..self }
    }
}

/// A text with the name people know it by.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path, with `/` between folders, relative to the project where there is one.
    pub path: String,
    /// The text.
    pub text: Arc<str>,
    /// Where the bytes were not UTF-8: the offset, in `text`, of the first replacement character.
    pub invalid_utf8: Option<u32>,
}

impl Source {
    /// A source from text.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Source {
        Source { path: path.into(), text: text.into(), invalid_utf8: None }
    }

    /// A source from bytes; what is not UTF-8 becomes U+FFFD and is reported by the checker.
    pub fn from_bytes(path: impl Into<String>, bytes: Vec<u8>) -> Source {
        match String::from_utf8(bytes) {
            Ok(text) => Source::new(path, text),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to() as u32;
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                Source { path: path.into(), text: text.into(), invalid_utf8: Some(valid) }
            }
        }
    }
}

/// A place in a file as people and editors count. All three count from 0; messages add 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// Characters (Unicode scalar values) from the line's start.
    pub column: u32,
    /// UTF-16 code units from the line's start.
    pub utf16: u32,
}

/// Where the lines of a text begin. A line ends with `\n`; a `\r` before it belongs to the line's end. A byte order mark is no
/// part of the first line: no editor counts it.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// What stands before each block of the text.
    blocks: Vec<Count>,
}

/// So many bytes are counted for a position, however long its line is.
const BLOCK: usize = 1024;

/// What some editors put before a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Characters and UTF-16 code units.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    chars: u32,
    utf16: u32,
}

impl Count {
    /// These and those that begin in a stretch of UTF-8: a character begins with any byte but a continuation, and is two
    /// code units where it is four bytes long.
    fn and(self, bytes: &[u8]) -> Count {
        bytes.chunks(64).fold(self, Count::and_few)
    }

    fn and_few(self, bytes: &[u8]) -> Count {
        if bytes.is_ascii() {
            let len = bytes.len() as u32;
            return Count { chars: self.chars + len, utf16: self.utf16 + len };
        }
        let chars = bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u32;
        let pairs = bytes.iter().filter(|byte| **byte >= 0xf0).count() as u32;
        Count { chars: self.chars + chars, utf16: self.utf16 + chars + pairs }
    }
}

impl LineIndex {
    /// The index of `text`.
    pub fn new(text: &str) -> LineIndex {
        let mark = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() as u32 } else { 0 };
        let after_newlines = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
        let before = text
            .as_bytes()
            .chunks(BLOCK)
            .scan(Count::default(), |count, block| Some(std::mem::replace(count, count.and(block))));
        LineIndex { starts: std::iter::once(mark).chain(after_newlines).collect(), blocks: before.collect() }
    }

    /// The line, from 0, that holds this byte.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1) as u32
    }

    /// The byte where a line begins.
    pub fn line_start(&self, line: u32) -> u32 {
        self.starts.get(line as usize).or(self.starts.last()).copied().unwrap_or(0)
    }

    /// How many lines there are.
    pub fn lines(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The position of a byte of `text`, the text the index was made of. A byte inside a character counts as that
    /// character's first.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self.line_start(line) as usize;
        let mut end = (offset as usize).clamp(start, text.len());
        while !text.is_char_boundary(end) {
            end = end.saturating_sub(1);
        }
        let (before_line, before) = (self.before(text, start), self.before(text, end));
        Position { line, column: before.chars - before_line.chars, utf16: before.utf16 - before_line.utf16 }
    }

    /// What stands before a byte.
    fn before(&self, text: &str, at: usize) -> Count {
        let block = (at / BLOCK).min(self.blocks.len().saturating_sub(1));
        let rest = text.as_bytes().get(block * BLOCK..at).unwrap_or(&[]);
        self.blocks.get(block).copied().unwrap_or_default().and(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn positions_are_counted_as_by_hand(parts in proptest::collection::vec("[aé😀\n]{0,700}", 0..8), at: u16) {
            let text = parts.concat();
            let mut at = usize::from(at) % (text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let before = &text[..at];
            let in_line = before.rsplit('\n').next().unwrap();
            let expected = Position {
                line: before.matches('\n').count() as u32,
                column: in_line.chars().count() as u32,
                utf16: in_line.encode_utf16().count() as u32,
            };
            proptest::prop_assert_eq!(LineIndex::new(&text).position(&text, at as u32), expected);
        }
    }

    #[test]
    fn a_byte_order_mark_is_not_counted() {
        let text = "\u{feff}ab\nc";
        let index = LineIndex::new(text);
        let at = |text_at| index.position(text, text_at);
        assert_eq!(at(0), Position { line: 0, column: 0, utf16: 0 });
        assert_eq!(at(4), Position { line: 0, column: 1, utf16: 1 });
        assert_eq!(at(6), Position { line: 1, column: 0, utf16: 0 });
        assert_eq!(index.line_start(0), 3);
    }

    #[test]
    fn positions_count_characters_and_utf16_units() {
        let text = "a\r\n😀é b";
        let index = LineIndex::new(text);
        let at = text.find('b').unwrap() as u32;
        assert_eq!(index.position(text, at), Position { line: 1, column: 3, utf16: 4 });
        assert_eq!(index.position(text, at + 100), Position { line: 1, column: 4, utf16: 5 });
        assert_eq!(index.lines(), 2);
    }
}
