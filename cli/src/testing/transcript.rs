//! What was said in a test, and how it differs from what should have been.

use std::io::{self, Write};

use chatflow_runtime::text::same_exactly;

use crate::render::{mask, mask_line};
use crate::style::{BAD, DIM, GOOD};

/// A text of the bot, with the replies it offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bubble {
    /// What it says.
    pub text: String,
    /// The replies; none where the test does not look at them.
    pub replies: Option<Vec<String>>,
}

impl Bubble {
    /// Whether what the bot says is what a test expects.
    pub fn fits(&self, said: &Bubble) -> bool {
        let same = |a: &str, b: &str| same_exactly(a.trim(), b.trim());
        let replies = self.replies.as_ref().is_none_or(|expected| {
            let said = said.replies.as_deref().unwrap_or_default();
            expected.len() == said.len() && expected.iter().zip(said).all(|(a, b)| same(a, b))
        });
        same(&self.text, &said.text) && replies
    }

    /// As it reads in a transcript; the replies only where they matter.
    fn line(&self, with_replies: bool) -> String {
        let replies = self.replies.as_ref().filter(|replies| with_replies && !replies.is_empty());
        let replies = replies.map(|replies| format!(" [{}]", replies.join(" | "))).unwrap_or_default();
        format!("{}{replies}", mask(&self.text))
    }
}

/// Something in a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The visitor said this.
    Visitor(String),
    /// The bot said this.
    Bot(Bubble),
    /// The host did this, or the test did it to the world.
    Aside(String),
}

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was expected and it was said.
    Same(Bubble),
    /// It was expected.
    Missing(Bubble),
    /// It was said.
    Extra(Bubble),
}

/// Further than this nobody compares.
const FURTHEST: usize = 40;

/// The shortest difference between what was expected and what was said, in order.
pub fn difference(expected: &[Bubble], said: &[Bubble]) -> Vec<Change> {
    let expected: Vec<&Bubble> = expected.iter().take(FURTHEST).collect();
    let said: Vec<&Bubble> = said.iter().take(FURTHEST).collect();
    let mut changes = Vec::new();
    let (mut at, mut got) = (0, 0);
    let common = common(&expected, &said);
    let length = |at: usize, got: usize| common.get(at).and_then(|row| row.get(got)).copied().unwrap_or(0);
    loop {
        match (expected.get(at), said.get(got)) {
            (Some(a), Some(b)) if a.fits(b) => {
                changes.push(Change::Same((*b).clone()));
                (at, got) = (at + 1, got + 1);
            }
            (Some(a), b) if b.is_none() || length(at + 1, got) >= length(at, got + 1) => {
                changes.push(Change::Missing((*a).clone()));
                at += 1;
            }
            (_, Some(b)) => {
                changes.push(Change::Extra((*b).clone()));
                got += 1;
            }
            (_, None) => return changes,
        }
    }
}

/// How many bubbles the rests that begin at each pair of positions have in common.
fn common(expected: &[&Bubble], said: &[&Bubble]) -> Vec<Vec<usize>> {
    let mut below = vec![0; said.len() + 1];
    let mut rows = vec![below.clone()];
    for a in expected.iter().rev() {
        let mut row = vec![0; said.len() + 1];
        for (got, b) in said.iter().enumerate().rev() {
            let after = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(0);
            let best = if a.fits(b) {
                after(&below, got + 1) + 1
            } else {
                after(&below, got).max(after(&row, got + 1))
            };
            if let Some(cell) = row.get_mut(got) {
                *cell = best;
            }
        }
        below.clone_from(&row);
        rows.push(row);
    }
    rows.reverse();
    rows
}

/// Writes a transcript.
///
/// # Errors
/// If it cannot be written.
pub fn write(to: &mut dyn Write, entries: &[Entry], changes: &[Change]) -> io::Result<()> {
    for entry in entries {
        match entry {
            Entry::Visitor(text) => writeln!(to, "    > {}", mask_line(text))?,
            Entry::Bot(bubble) => lines(to, "      ", &bubble.line(false))?,
            Entry::Aside(text) => writeln!(to, "      {DIM}({}){DIM:#}", mask_line(text))?,
        }
    }
    // Where only the replies differ, they are what must be seen.
    let with_replies =
        changes.iter().any(|change| matches!(change, Change::Missing(missing) if missing.replies.is_some()));
    for change in changes {
        match change {
            Change::Same(bubble) => lines(to, "      ", &bubble.line(false))?,
            Change::Missing(bubble) => {
                write!(to, "{BAD}")?;
                lines(to, "    - ", &bubble.line(with_replies))?;
                write!(to, "{BAD:#}")?;
            }
            Change::Extra(bubble) => {
                write!(to, "{GOOD}")?;
                lines(to, "    + ", &bubble.line(with_replies))?;
                write!(to, "{GOOD:#}")?;
            }
        }
    }
    Ok(())
}

fn lines(to: &mut dyn Write, before: &str, text: &str) -> io::Result<()> {
    text.lines().try_for_each(|line| writeln!(to, "{before}{line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bubbles(texts: &[&str]) -> Vec<Bubble> {
        texts.iter().map(|text| Bubble { text: (*text).to_owned(), replies: None }).collect()
    }

    fn marks(expected: &[&str], said: &[&str]) -> String {
        let marks = difference(&bubbles(expected), &bubbles(said));
        let mark = |change: &Change| match change {
            Change::Same(bubble) => format!(" {}", bubble.text),
            Change::Missing(bubble) => format!("-{}", bubble.text),
            Change::Extra(bubble) => format!("+{}", bubble.text),
        };
        marks.iter().map(mark).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn differences_are_short_and_in_order() {
        assert_eq!(marks(&["a", "b", "c"], &["a", "c"]), " a -b  c");
        assert_eq!(marks(&["a", "c"], &["a", "b", "c"]), " a +b  c");
        assert_eq!(marks(&["x"], &["y"]), "-x +y");
        assert_eq!(marks(&[], &["y"]), "+y");
        assert_eq!(marks(&["x"], &[]), "-x");
    }

    #[test]
    fn replies_matter_where_they_are_named() {
        let said = Bubble { text: "Which?".into(), replies: Some(vec!["A".into(), "B".into()]) };
        let expected = |replies: Option<&[&str]>| Bubble {
            text: "Which? ".into(),
            replies: replies.map(|replies| replies.iter().map(|reply| (*reply).to_owned()).collect()),
        };
        assert!(expected(None).fits(&said));
        assert!(expected(Some(&["A", "B"])).fits(&said));
        assert!(!expected(Some(&["B", "A"])).fits(&said));
        assert!(!expected(Some(&["A"])).fits(&said));
    }
}
