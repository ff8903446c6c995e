//! Text to tokens, after a change: what stands far enough from it keeps its tokens.
//!
//! Behind the end of a line outside of texts the lexer has nothing open, and looks no further back. So it begins at such
//! an end before the change, and stops at the first one behind it that was one before.

use super::{LONGEST_COMMENT, Lexer, Note};
use crate::token::{Kind, Tokens};

/// No token of the lines before looks further ahead than this: the marks of a comment of another language are the longest.
const AHEAD: usize = LONGEST_COMMENT + 16;

/// So many bytes are compared at once.
const BLOCK: usize = 256;

/// The tokens of a text, with what was noted, by those of an earlier one: the same as [`super::lex`] gives.
pub fn lex_again(text: &str, before: &str, tokens: &Tokens, notes: &[Note]) -> (Tokens, Vec<Note>) {
    let (new, old) = (text.as_bytes(), before.as_bytes());
    let start = common(new.chunks(BLOCK), old.chunks(BLOCK), |one, other| {
        one.iter().zip(other).take_while(|(one, other)| one == other).count()
    });
    let left = new.len().min(old.len()) - start;
    let end = common(new.rchunks(BLOCK), old.rchunks(BLOCK), |one, other| {
        one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count()
    });
    let end = end.min(left);
    let kept = kept(tokens, start);
    let mut lexer = Lexer::new(text);
    lexer.at = tokens.starts.get(kept).map_or(0, |start| *start as usize);
    lexer.tokens.kinds.extend_from_slice(tokens.kinds.get(..kept).unwrap_or(&[]));
    lexer.tokens.starts.extend_from_slice(tokens.starts.get(..kept).unwrap_or(&[]));
    lexer.notes.extend(notes.iter().filter(|note| (note.token as usize) < kept));
    while lexer.at < new.len() {
        lexer.step();
        let at_end_of_line = lexer.tokens.kinds.last() == Some(&Kind::Newline);
        if at_end_of_line
            && lexer.at >= new.len() - end
            && let Some(rest) = line_at(tokens, lexer.at + old.len() - new.len())
        {
            lexer.go_on(tokens, notes, rest);
            return (lexer.tokens, lexer.notes);
        }
    }
    lexer.close_texts();
    (lexer.tokens, lexer.notes)
}

/// How many bytes two texts have in common, block by block from one end.
fn common<'a>(
    one: impl Iterator<Item = &'a [u8]>,
    other: impl Iterator<Item = &'a [u8]>,
    within: impl Fn(&[u8], &[u8]) -> usize,
) -> usize {
    let mut len = 0;
    for (one, other) in one.zip(other) {
        if one != other {
            return len + within(one, other);
        }
        len += one.len();
    }
    len
}

/// How many tokens stay that stand before a change: those of the lines from which nothing looks as far as that.
fn kept(tokens: &Tokens, change: usize) -> usize {
    let far = tokens.starts.partition_point(|start| *start as usize + AHEAD <= change);
    let before = tokens.kinds.get(..far.saturating_sub(1)).unwrap_or(&[]);
    before.iter().rposition(|kind| *kind == Kind::Newline).map_or(0, |newline| newline + 1)
}

/// The first token of the line that begins at a byte, if one does outside of texts.
fn line_at(tokens: &Tokens, at: usize) -> Option<usize> {
    let first = tokens.starts.partition_point(|start| (*start as usize) < at);
    let newline = first.checked_sub(1)?;
    let begins = tokens.kinds.get(newline) == Some(&Kind::Newline) && tokens.range(newline as u32).end == at;
    begins.then_some(first)
}

impl Lexer<'_> {
    /// Takes over the tokens of an earlier text, from the number of the one that stands here.
    fn go_on(&mut self, tokens: &Tokens, notes: &[Note], rest: usize) {
        let old_start = tokens.starts.get(rest).copied().unwrap_or(tokens.len);
        let (here, first) = (self.at as u32, self.tokens.kinds.len() as u32);
        self.tokens.kinds.extend_from_slice(tokens.kinds.get(rest..).unwrap_or(&[]));
        let starts = tokens.starts.get(rest..).unwrap_or(&[]);
        self.tokens.starts.extend(starts.iter().map(|start| start - old_start + here));
        let notes = notes.iter().filter(|note| note.token as usize >= rest);
        self.notes.extend(notes.map(|note| Note { token: note.token - rest as u32 + first, ..*note }));
    }
}

#[cfg(test)]
mod tests {
    use super::super::lex;
    use super::*;
    use proptest::prelude::*;

    /// What tokens are made of that look ahead or stay open: texts, holes, comments, quotes of other languages.
    fn piece() -> impl Strategy<Value = String> {
        let written = [
            "\n",
            "\r\n",
            "  ",
            "say",
            " \"a\"",
            "\"",
            "\"\"\"",
            "{x}",
            "{{x}}",
            "{",
            "}",
            "/*",
            "*/",
            "// c\n",
            "<!-- ",
            "-->",
            "# x\n",
            "'it'",
            "'",
            "“",
            "”",
            "„",
            "\\",
            "matches /a",
            "matches \"",
            "/",
            "é",
            "12",
            ":30",
            "(",
            "]",
            "\u{feff}",
            "\u{200b}",
        ];
        prop_oneof![
            6 => prop::sample::select(written.to_vec()).prop_map(str::to_owned),
            1 => (400_usize..900).prop_map(|times| "word ".repeat(times)),
            2 => (1_usize..120).prop_map(|times| "  say \"Hi.\"\n".repeat(times)),
        ]
    }

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat())
    }

    fn at(text: &str, part: u16) -> usize {
        let at = text.len() * usize::from(part) / usize::from(u16::MAX);
        (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap()
    }

    proptest! {
        #[test]
        fn tokens_are_those_of_the_whole_text(before in text(), from: u16, len in 0_usize..12, typed in prop_oneof![piece(), Just(String::new())]) {
            let (tokens, notes) = lex(&before);
            let start = at(&before, from);
            let end = (start..=(start + len).min(before.len())).rev().find(|at| before.is_char_boundary(*at)).unwrap();
            let after = format!("{}{typed}{}", &before[..start], &before[end..]);
            prop_assert_eq!(lex_again(&after, &before, &tokens, &notes), lex(&after));
            prop_assert_eq!(lex_again(&before, &before, &tokens, &notes), (tokens, notes));
        }
    }
}
