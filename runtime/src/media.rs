//! The media that a bot shows beside its words, each kind declared once.

/// A kind of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant's meaning is its row's `doc`")]
pub enum MediaKind {
    Image,
    File,
    Video,
}

/// One row of the table.
#[derive(Debug)]
pub struct MediaSpec {
    /// The word that begins its line in the block of `say`.
    pub word: &'static str,
    /// The word before the text that goes with it.
    pub words: &'static str,
    /// One sentence.
    pub doc: &'static str,
}

impl MediaKind {
    /// Every kind, in the order of its number in a program.
    pub const ALL: &'static [MediaKind] = &[MediaKind::Image, MediaKind::File, MediaKind::Video];

    /// The kind's row.
    pub const fn spec(self) -> MediaSpec {
        match self {
            MediaKind::Image => MediaSpec {
                word: "image",
                words: "alt",
                doc: "A picture; `alt` says what it shows to people who do not see it.",
            },
            MediaKind::File => MediaSpec {
                word: "file",
                words: "name",
                doc: "A file to download; `name` says how it is called.",
            },
            MediaKind::Video => {
                MediaSpec { word: "video", words: "alt", doc: "A video; `alt` says what it shows." }
            }
        }
    }

    /// The kind with this word.
    pub fn named(word: &str) -> Option<MediaKind> {
        MediaKind::ALL.iter().copied().find(|kind| kind.spec().word == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Programs hold the numbers of these; a variant that moved would change what old programs mean.
    #[test]
    fn kinds_stand_in_the_order_of_their_numbers() {
        assert!(MediaKind::ALL.iter().enumerate().all(|(number, kind)| *kind as usize == number));
        assert!(MediaKind::ALL.iter().all(|kind| MediaKind::named(kind.spec().word) == Some(*kind)));
    }
}
