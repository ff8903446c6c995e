//! The patterns of `matches`: wildcards and regular expressions. Both ignore case and take time in proportion to the
//! text, whatever the pattern.

use alloc::string::String;
use alloc::vec::Vec;

use regex::{Regex, RegexBuilder};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::text;

/// How many patterns a program may have: each is kept compiled.
pub const MAX_PATTERNS: usize = 200;
/// How many bytes a pattern may have.
pub const MAX_PATTERN: usize = 1_000;
/// How many bytes a regular expression may take once it is compiled: what it costs a text is in proportion to it.
const MAX_COMPILED: usize = 256 << 10;
/// What a byte of text costs a regular expression, in bytes that are only compared.
const WORK: usize = 64;

/// How a pattern is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PatternKind {
    /// `"*wild*card*"`: the whole text, where `*` stands for anything.
    Wildcard,
    /// `/regular expression/`: somewhere in the text.
    Regex,
}

impl PatternKind {
    /// Both; their positions are their numbers in programs.
    pub const ALL: &'static [PatternKind] = &[PatternKind::Wildcard, PatternKind::Regex];
}

/// Why a pattern cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// It is longer than [`MAX_PATTERN`], or takes too much once it is compiled.
    TooLarge,
    /// A backslash at this byte that is no escape.
    Escape(usize),
    /// It is no regular expression.
    Syntax,
}

/// A pattern that is ready to use.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    how: How,
}

#[derive(Clone, Debug)]
enum How {
    /// What stands between the stars, folded as texts are compared.
    Wildcard(Vec<String>),
    Regex(Regex),
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        let same = matches!(
            (&self.how, &other.how),
            (How::Wildcard(_), How::Wildcard(_)) | (How::Regex(_), How::Regex(_))
        );
        same && self.source == other.source
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// Reads a pattern as it stands between its quotes or slashes.
    ///
    /// # Errors
    /// If it is too large or cannot be read.
    pub fn new(kind: PatternKind, source: &str) -> Result<Pattern, PatternError> {
        if source.len() > MAX_PATTERN {
            return Err(PatternError::TooLarge);
        }
        let how = match kind {
            PatternKind::Wildcard => How::Wildcard(between_stars(source)?),
            PatternKind::Regex => How::Regex(regex(source)?),
        };
        Ok(Pattern { source: String::from(source), how })
    }

    /// Whether the text matches.
    pub fn matches(&self, text: &str) -> bool {
        match &self.how {
            How::Wildcard(parts) => stands_between(parts, &text::folded(text)),
            How::Regex(regex) if is_nfc(text) => regex.is_match(text),
            How::Regex(regex) => regex.is_match(&text.nfc().collect::<String>()),
        }
    }

    /// What a byte of text costs.
    pub(crate) fn work(&self) -> usize {
        match self.how {
            How::Wildcard(_) => 1,
            How::Regex(_) => WORK,
        }
    }
}

/// A pattern of a flow as `regex` takes it: `\/` is a slash.
pub fn unescaped(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(char) = chars.next() {
        match (char, char == '\\') {
            (_, true) => match chars.next() {
                Some('/') => out.push('/'),
                other => {
                    out.push(char);
                    out.extend(other);
                }
            },
            (char, false) => out.push(char),
        }
    }
    out
}

fn regex(source: &str) -> Result<Regex, PatternError> {
    let built = RegexBuilder::new(&unescaped(source).nfc().collect::<String>())
        .case_insensitive(true)
        .size_limit(MAX_COMPILED)
        .build();
    built.map_err(|error| {
        let large = matches!(error, regex::Error::CompiledTooBig(_));
        if large { PatternError::TooLarge } else { PatternError::Syntax }
    })
}

/// The parts between the stars, folded. What is said of the text's outer space holds for the pattern's too.
fn between_stars(source: &str) -> Result<Vec<String>, PatternError> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut chars = source.trim().char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '*' => parts.push(core::mem::take(&mut part)),
            '\\' => match chars.next() {
                Some((_, escaped @ ('*' | '\\' | '"'))) => part.push(escaped),
                _ => return Err(PatternError::Escape(at + source.len() - source.trim_start().len())),
            },
            other => part.push(other),
        }
    }
    parts.push(part);
    Ok(parts.iter().map(|part| text::folded_within(part)).collect())
}

/// Whether the text is the parts, in order, with anything between them.
fn stands_between(parts: &[String], text: &str) -> bool {
    let (Some((first, rest)), Some(last)) = (parts.split_first(), parts.last()) else { return false };
    let Some(mut left) = text.strip_prefix(first.as_str()) else { return false };
    let Some((_, between)) = rest.split_last() else { return left.is_empty() };
    for part in between {
        match left.find(part.as_str()).and_then(|at| left.get(at + part.len()..)) {
            Some(after) => left = after,
            None => return false,
        }
    }
    left.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wild(pattern: &str, text: &str) -> bool {
        Pattern::new(PatternKind::Wildcard, pattern).unwrap().matches(text)
    }

    fn expression(pattern: &str, text: &str) -> bool {
        Pattern::new(PatternKind::Regex, pattern).unwrap().matches(text)
    }

    #[test]
    fn a_wildcard_is_the_whole_text() {
        assert!(wild("*wild*card*", "The WILDEST of cards"));
        assert!(wild("help", " Help "));
        assert!(!wild("help", "help me"));
        assert!(wild("help*", "help me"));
        assert!(!wild("a*a", "a"), "the two ends do not overlap");
        assert!(wild("a*a", "aa"));
        assert!(wild("*straße*", "Hauptstrasse 7"));
        assert!(wild("2 \\* 3", "2 * 3") && !wild("2 \\* 3", "2 + 3"));
        assert!(wild("*", "") && wild("", "") && !wild("", "a"));
        assert_eq!(Pattern::new(PatternKind::Wildcard, "a\\n"), Err(PatternError::Escape(1)));
        assert_eq!(Pattern::new(PatternKind::Wildcard, " a\\"), Err(PatternError::Escape(2)));
    }

    #[test]
    fn an_expression_is_searched() {
        assert!(expression("order #?[0-9]{4}", "About ORDER #1234, please"));
        assert!(!expression("^order", "my order"));
        assert!(expression(r"https?:\/\/", "http://x"));
        assert!(expression(r"^\p{Lu}\w+ é$", "Ünal É"));
        assert_eq!(Pattern::new(PatternKind::Regex, "("), Err(PatternError::Syntax));
    }

    #[test]
    fn a_pattern_is_bounded() {
        let huge = [r"(\w{100}){100}", r"\w{900}"];
        for pattern in huge {
            assert_eq!(Pattern::new(PatternKind::Regex, pattern), Err(PatternError::TooLarge), "{pattern}");
        }
        assert!(Pattern::new(PatternKind::Regex, r"^[\w.+-]+@\w+(\.\w+)+$").is_ok());
        assert!(Pattern::new(PatternKind::Regex, r"\b\d{4}\s?[a-z]{2}\b").is_ok());
        assert_eq!(Pattern::new(PatternKind::Wildcard, &"a".repeat(1001)), Err(PatternError::TooLarge));
    }

    proptest! {
        #[test]
        fn wildcards_agree_with_expressions(pattern in "[ab*é]{0,8}", text in "[abAÉ]{0,10}") {
            let expression: String = pattern.split('*').collect::<Vec<_>>().join("(?s).*");
            let regex = RegexBuilder::new(&alloc::format!("^(?:{expression})$")).case_insensitive(true).build().unwrap();
            prop_assert_eq!(wild(&pattern, &text), regex.is_match(&text));
        }

        #[test]
        fn expressions_are_those_of_the_crate(pattern in "(a|b|[ab]|\\\\d|\\.|\\^|x?|y*){0,6}", text in "[abxyAB1 ]{0,10}") {
            if let Ok(regex) = RegexBuilder::new(&pattern).case_insensitive(true).build() {
                prop_assert_eq!(expression(&pattern, &text), regex.is_match(&text));
            }
        }

        #[test]
        fn no_pattern_is_too_odd(pattern: String, text: String) {
            for kind in PatternKind::ALL {
                if let Ok(pattern) = Pattern::new(*kind, &pattern) {
                    let _ = pattern.matches(&text);
                }
            }
        }
    }
}
