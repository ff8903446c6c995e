//! Positions as editors count them, and the changes they send.

use std::sync::Arc;

use chatflow_compiler::source::LineIndex;

/// How columns are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Encoding {
    /// In bytes.
    Utf8,
    /// In UTF-16 code units: what holds where nobody says otherwise.
    #[default]
    Utf16,
    /// In characters.
    Utf32,
}

/// A place as editors count it, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column, in the encoding that was agreed on.
    pub column: u32,
}

/// A change of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is replaced; without it, everything.
    pub range: Option<(Place, Place)>,
    /// By what.
    pub text: String,
}

impl Encoding {
    fn len(self, char: char) -> u32 {
        match self {
            Encoding::Utf8 => char.len_utf8() as u32,
            Encoding::Utf16 => char.len_utf16() as u32,
            Encoding::Utf32 => 1,
        }
    }

    /// The place of a byte.
    pub fn place(self, text: &str, lines: &LineIndex, offset: u32) -> Place {
        let position = lines.position(text, offset);
        let column = match self {
            Encoding::Utf8 => {
                let mut offset = (offset as usize).min(text.len());
                while !text.is_char_boundary(offset) {
                    offset -= 1;
                }
                (offset as u32).saturating_sub(lines.line_start(position.line))
            }
            Encoding::Utf16 => position.utf16,
            Encoding::Utf32 => position.column,
        };
        Place { line: position.line, column }
    }

    /// The byte of a place. A column beyond the line's end is its end, a line beyond the last the text's end, and what
    /// lies inside a character is where that character begins.
    pub fn offset(self, text: &str, lines: &LineIndex, place: Place) -> u32 {
        if place.line >= lines.lines() {
            return text.len() as u32;
        }
        let start = lines.line_start(place.line);
        let rest = text.get(start as usize..).unwrap_or("");
        let line = rest.split('\n').next().unwrap_or("");
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut column = 0;
        for (at, char) in line.char_indices() {
            column += self.len(char);
            if column > place.column {
                return start + at as u32;
            }
        }
        start + line.len() as u32
    }
}

/// The text after these changes, each made to what the one before it left.
pub fn changed(text: &Arc<str>, changes: &[Change], encoding: Encoding) -> Arc<str> {
    let mut changed = String::from(&**text);
    for change in changes {
        let Some((start, end)) = change.range else {
            changed.clone_from(&change.text);
            continue;
        };
        let lines = LineIndex::new(&changed);
        let start = encoding.offset(&changed, &lines, start) as usize;
        let end = encoding.offset(&changed, &lines, end) as usize;
        changed.replace_range(start.min(end)..end.max(start), &change.text);
    }
    changed.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    #[test]
    fn places_and_bytes_lead_to_each_other() {
        let text = "a\r\n😀é b\n\nlast";
        let lines = LineIndex::new(text);
        for encoding in ALL {
            for (offset, _) in text
                .char_indices()
                .filter(|(at, char)| *char != '\n' || text.as_bytes()[at.max(&1) - 1] != b'\r')
            {
                let place = encoding.place(text, &lines, offset as u32);
                assert_eq!(encoding.offset(text, &lines, place), offset as u32, "{encoding:?} {offset}");
            }
        }
        let smile = Place { line: 1, column: 2 };
        let after = |encoding: Encoding| encoding.offset(text, &lines, smile);
        assert_eq!(after(Encoding::Utf16), 7);
        assert_eq!(after(Encoding::Utf32), 9);
        // Two bytes into a character of four.
        assert_eq!(after(Encoding::Utf8), 3);
    }

    #[test]
    fn what_lies_beyond_is_the_end() {
        let text = "ab\r\nc";
        let lines = LineIndex::new(text);
        for encoding in ALL {
            assert_eq!(encoding.offset(text, &lines, Place { line: 0, column: 99 }), 2);
            assert_eq!(encoding.offset(text, &lines, Place { line: 9, column: 0 }), 5);
        }
    }

    #[test]
    fn changes_are_made_one_after_the_other() {
        let place = |line, column| Place { line, column };
        let text: Arc<str> = "a 😀 b\nc".into();
        let changes = [
            Change { range: Some((place(0, 2), place(0, 4))), text: "x\ny".to_owned() },
            Change { range: Some((place(1, 1), place(2, 0))), text: String::new() },
        ];
        assert_eq!(&*changed(&text, &changes, Encoding::Utf16), "a x\nyc");
        let whole = [Change { range: None, text: "new".to_owned() }];
        assert_eq!(&*changed(&text, &whole, Encoding::Utf16), "new");
    }
}
