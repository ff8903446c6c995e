//! Mistakes made mechanically: correct flows with one slip in them, and what the checker says of each.
//!
//! A [`Class`] is a kind of slip: a name is misspelt, a bracket forgotten, an outcome left out. It looks at a correct
//! flow ([`Subject`]) and proposes changes ([`Slip`]), each with the place where an author would look for the finding
//! and the codes that tell what is wrong. What makes a change a mistake is known from the text and the tree alone,
//! never from the checker that is put to the test. [`score`] makes them and counts what is said of each.

mod habits;
mod material;
mod names;
mod paths;
mod score;
mod signs;
mod subject;
mod table;
mod values;

pub use material::subjects;
pub use score::{Row, Score, score};
pub use subject::{Bytes, Subject};
pub use table::CLASSES;

use chatflow_compiler::Code;

/// A kind of slip.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// What went wrong, as a fragment: "a bracket is never closed".
    pub name: &'static str,
    /// The codes that say what is wrong. One of them must stand on the slip's line.
    pub codes: &'static [Code],
    /// Every such slip that can be made in a flow.
    pub slips: fn(&Subject) -> Vec<Slip>,
}

/// One change to a correct file that makes it wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// What is written instead of what; in order, apart from each other.
    edits: Vec<(Bytes, String)>,
    /// Where its author would look for the finding. Any of these places is right; most slips have one.
    places: Vec<Place>,
}

/// A place of a changed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Where the change begins.
    Change,
    /// Where the new text ends.
    End,
    /// The beginning of a line of the new text; 0 is the one that it begins on.
    Line(usize),
    /// Where this byte of the unchanged text went.
    Byte(usize),
}

impl Slip {
    /// Something else in the place of these bytes; it is looked for there.
    fn instead(of: Bytes, text: impl Into<String>) -> Slip {
        Slip { edits: vec![(of, text.into())], places: vec![Place::Change] }
    }

    /// These bytes left out.
    fn without(bytes: Bytes) -> Slip {
        Slip::instead(bytes, "")
    }

    /// A text put in at a byte.
    fn put_in(at: usize, text: impl Into<String>) -> Slip {
        Slip::instead(at..at, text)
    }

    /// The same, with a second change behind the first.
    fn and_instead(mut self, of: Bytes, text: impl Into<String>) -> Slip {
        self.edits.push((of, text.into()));
        self
    }

    /// The same, looked for where this byte went.
    fn looked_for_at(mut self, byte: usize) -> Slip {
        self.places = vec![Place::Byte(byte)];
        self
    }

    /// The same, looked for where the new text ends.
    fn looked_for_at_its_end(mut self) -> Slip {
        self.places = vec![Place::End];
        self
    }

    /// The same, looked for in a line of the new text.
    fn looked_for_in_line(mut self, line: usize) -> Slip {
        self.places = vec![Place::Line(line)];
        self
    }

    /// The same; where this byte went would be right as well.
    fn or_at(mut self, byte: usize) -> Slip {
        self.places.push(Place::Byte(byte));
        self
    }

    /// The text with the slip in it.
    fn of(&self, text: &str) -> String {
        let mut changed = text.to_owned();
        for (bytes, instead) in self.edits.iter().rev() {
            changed.replace_range(bytes.clone(), instead);
        }
        changed
    }

    /// Its places, as bytes of the changed text.
    fn places(&self) -> impl Iterator<Item = usize> {
        let (start, text) = self.edits.first().map_or((0, ""), |(bytes, text)| (bytes.start, text.as_str()));
        self.places.iter().map(move |place| match place {
            Place::Change => start,
            Place::End => start + text.len(),
            Place::Line(line) => start + text.split_inclusive('\n').take(*line).map(str::len).sum::<usize>(),
            Place::Byte(byte) => self.moved(*byte),
        })
    }

    fn moved(&self, byte: usize) -> usize {
        let before = self.edits.iter().filter(|(bytes, _)| bytes.end <= byte);
        before.fold(byte, |byte, (bytes, instead)| byte + instead.len() - bytes.len())
    }
}
