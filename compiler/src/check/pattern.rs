//! Patterns of `matches`: each is compiled when it is checked, as the runtime will compile it again.

use chatflow_runtime::id::Pattern;
use chatflow_runtime::pattern::{self, MAX_PATTERN, MAX_PATTERNS, PatternError, PatternKind, unescaped};
use regex_syntax::ParserBuilder;

use super::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::source::Span;
use crate::token::Kind;
use crate::tree::{Expr, ExprKind};

impl Checker<'_> {
    /// The pattern behind `matches`; one that cannot be read is reported where it goes wrong.
    pub(super) fn pattern(&mut self, view: View<'_>, expr: &Expr) -> Option<Pattern> {
        if expr.kind != ExprKind::Pattern {
            return None;
        }
        let (kind, mark) = match view.kind(expr.range.start) {
            Some(Kind::Regex) => (PatternKind::Regex, '/'),
            _ => (PatternKind::Wildcard, '"'),
        };
        let written = view.source(expr.range);
        let opened = written.strip_prefix(mark).unwrap_or(written);
        // One that is not closed was reported.
        let source = opened.strip_suffix(mark)?;
        let whole = view.span(expr.range);
        let inside = Span { start: whole.start + 1, end: whole.end - 1, ..whole };
        if let Err(error) = pattern::Pattern::new(kind, source) {
            self.bad_pattern(inside, source, error);
            return None;
        }
        let pattern = self.tables.pattern(kind, source);
        if pattern.index() == MAX_PATTERNS {
            let found = Diagnostic::new(Code::BadPattern, whole, "too many patterns")
                .here(format!("more than {MAX_PATTERNS} different ones in a flow"))
                .help("Join some of them: `/one|other/`.");
            self.found.push(found);
        }
        Some(pattern)
    }

    fn bad_pattern(&mut self, inside: Span, source: &str, error: PatternError) {
        let found = match error {
            PatternError::TooLarge if source.len() > MAX_PATTERN => {
                Diagnostic::new(Code::BadPattern, inside, "this pattern is too long")
                    .here(format!("more than {MAX_PATTERN} bytes"))
                    .help("Test several shorter patterns with `or`.")
            }
            PatternError::TooLarge => Diagnostic::new(Code::BadPattern, inside, "this pattern is too large")
                .here("too much once it is compiled")
                .help("Repeat less: `{100}` copies what stands before it a hundred times."),
            PatternError::Escape(at) => {
                let start = inside.start + at as u32;
                let escape = source.get(at..).unwrap_or("").chars().take(2);
                let length = escape.map(char::len_utf8).sum::<usize>() as u32;
                Diagnostic::new(Code::BadPattern, Span { start, end: start + length, ..inside }, "no escape of a pattern")
                    .here("not an escape")
                    .help("In a wildcard pattern `\\*` is a star, `\\\\` a backslash and `\\\"` a quote; a regular expression stands between slashes.")
                    .suggest("write `\\\\`", Span { start, end: start, ..inside }, "\\")
            }
            PatternError::Syntax => {
                let (at, reason) = reason(inside, source);
                Diagnostic::new(Code::BadPattern, at, "this is no regular expression")
                    .here(reason)
                    .help("The reference lists under \"Conditions\" what a regular expression may have.")
            }
        };
        self.found.push(found);
    }
}

/// What is wrong with a regular expression, in one line, and where.
fn reason(inside: Span, source: &str) -> (Span, String) {
    let plain = unescaped(source);
    let (from, to, reason) = match ParserBuilder::new().case_insensitive(true).build().parse(&plain) {
        Ok(_) => return (inside, "it cannot be compiled".to_owned()),
        Err(regex_syntax::Error::Parse(error)) => {
            (error.span().start.offset, error.span().end.offset, error.kind().to_string())
        }
        Err(regex_syntax::Error::Translate(error)) => {
            (error.span().start.offset, error.span().end.offset, error.kind().to_string())
        }
        Err(_) => return (inside, "it cannot be read".to_owned()),
    };
    let reason = reason.lines().next().unwrap_or("").trim_end_matches('.').to_owned();
    let at = |offset: usize| inside.start + written_offset(source, offset) as u32;
    let (start, end) = (at(from), at(to));
    (Span { start, end, ..inside }, reason)
}

/// Where a byte of the pattern stands in what was written, where slashes have a backslash of their own.
fn written_offset(source: &str, offset: usize) -> usize {
    let mut written = 0;
    let mut read = 0;
    let mut chars = source.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        if read >= offset {
            return at;
        }
        if char == '\\' && chars.peek().is_some_and(|(_, next)| *next == '/') {
            chars.next();
            read += 1;
            written = at + 2;
            continue;
        }
        read += char.len_utf8();
        written = at + char.len_utf8();
        if char == '\\'
            && read < offset
            && let Some((at, next)) = chars.next()
        {
            read += next.len_utf8();
            written = at + next.len_utf8();
        }
    }
    written
}
