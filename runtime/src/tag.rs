//! A language's tag, as flows, pages and browsers write it.

use core::fmt;

/// The tag of a language: two to eight small letters, like `nl`. Regions and scripts are not told apart: `nl-BE` is `nl`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Tag([u8; Tag::LONGEST]);

impl Tag {
    /// The most letters of a tag.
    pub const LONGEST: usize = 8;

    /// The language that a tag of a page or a browser names: `nl`, `nl-BE`, `NL_be`.
    pub fn of(text: &str) -> Option<Tag> {
        let primary = text.trim().split(['-', '_']).next().unwrap_or("");
        let fits = (2..=Tag::LONGEST).contains(&primary.len());
        if !fits || !primary.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return None;
        }
        let mut letters = [0; Tag::LONGEST];
        for (letter, byte) in letters.iter_mut().zip(primary.bytes()) {
            *letter = byte.to_ascii_lowercase();
        }
        Some(Tag(letters))
    }

    /// The tag's letters; none where no language was chosen.
    pub fn as_str(&self) -> &str {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(Tag::LONGEST);
        // Only letters ever come in.
        self.0.get(..length).and_then(|letters| core::str::from_utf8(letters).ok()).unwrap_or("")
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Tag({})", self.as_str())
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_leniently() {
        for text in ["nl", "NL", "nl-BE", " nl_be ", "nl-Latn-NL"] {
            assert_eq!(Tag::of(text).unwrap().as_str(), "nl");
        }
        for text in ["", "n", "nederlands", "n1", "-nl", "ñl"] {
            assert_eq!(Tag::of(text), None, "{text}");
        }
        assert_eq!(Tag::default().as_str(), "");
    }
}
