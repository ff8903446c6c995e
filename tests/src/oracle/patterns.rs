//! Patterns the plainest way: wildcards character by character, expressions by the crate itself.

use chatflow_runtime::pattern::PatternKind;

use super::values::folded;

pub(super) fn matches(kind: PatternKind, source: &str, text: &str) -> bool {
    match kind {
        PatternKind::Wildcard => {
            let text: Vec<char> = folded(text).chars().collect();
            fits(&wildcard(&folded(source)), &text)
        }
        PatternKind::Regex => {
            let composed = text.replace("e\u{301}", "é").replace("E\u{301}", "É");
            let pattern = format!("(?i){}", source.replace("\\/", "/"));
            regex::Regex::new(&pattern).is_ok_and(|regex| regex.is_match(&composed))
        }
    }
}

/// The characters of a pattern; none for what may be anything.
fn wildcard(source: &str) -> Vec<Option<char>> {
    let mut out = Vec::new();
    let mut chars = source.chars();
    while let Some(char) = chars.next() {
        match char {
            '*' => out.push(None),
            '\\' => out.extend(chars.next().map(Some)),
            char => out.push(Some(char)),
        }
    }
    out
}

fn fits(pattern: &[Option<char>], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((None, rest)) => (0..=text.len()).any(|at| text.get(at..).is_some_and(|left| fits(rest, left))),
        Some((Some(char), rest)) => {
            text.split_first().is_some_and(|(first, left)| first == char && fits(rest, left))
        }
    }
}
