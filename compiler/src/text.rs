//! What a text says: its words with escapes read, and, for block texts, without the indent they share.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::token::Kind;
use crate::tree::{Expr, ExprKind, Part};

/// A piece of a text: words as they are shown, or the expression of a hole.
#[derive(Debug)]
pub enum TextPiece<'t> {
    /// Words.
    Words(String),
    /// A hole.
    Hole(&'t Expr),
}

/// The pieces of a text; none for anything else.
pub fn pieces<'t>(view: View<'_>, text: &'t Expr) -> Option<Vec<TextPiece<'t>>> {
    let ExprKind::Text(parts) = &text.kind else { return None };
    let block = view.text(text.range.start).len() == 3;
    let mut pieces = Vec::with_capacity(parts.len());
    let mut words = String::new();
    let source: Vec<(usize, &str, Option<&Expr>)> = parts
        .iter()
        .map(|part| match part {
            Part::Words(at) if view.kind(*at) == Some(Kind::Escape) => (1, view.text(*at), None),
            Part::Words(at) => (0, view.text(*at), None),
            Part::Hole(hole) => (2, "", Some(hole)),
        })
        .collect();
    let indent = if block { shared_indent(&source) } else { 0 };
    let mut line_begins = block;
    let mut first = block;
    for (kind, raw, hole) in source {
        match (kind, hole) {
            (_, Some(hole)) => {
                if !words.is_empty() {
                    pieces.push(TextPiece::Words(std::mem::take(&mut words)));
                }
                pieces.push(TextPiece::Hole(hole));
                line_begins = false;
            }
            (1, None) => {
                words.extend(escape(raw));
                line_begins = false;
            }
            _ if block => {
                for char in raw.chars() {
                    match char {
                        '\r' => {}
                        '\n' if std::mem::replace(&mut first, false)
                            && words.trim().is_empty()
                            && pieces.is_empty() =>
                        {
                            words.clear();
                            line_begins = true;
                        }
                        '\n' => {
                            words.push('\n');
                            line_begins = true;
                        }
                        other => words.push(other),
                    }
                    let _ = line_begins;
                }
            }
            _ => words.push_str(raw),
        }
    }
    if !words.is_empty() {
        pieces.push(TextPiece::Words(words));
    }
    if block {
        dedent(&mut pieces, indent);
    }
    Some(pieces)
}

/// The indent, in characters, that all lines of a block text share, the line of its closing quotes included.
fn shared_indent(parts: &[(usize, &str, Option<&Expr>)]) -> usize {
    let mut shared: Option<usize> = None;
    let mut here: Option<usize> = None;
    for (kind, raw, _) in parts {
        if *kind != 0 {
            // Something that is no blank ends the indent of its line.
            if let Some(indent) = here.take() {
                shared = Some(shared.map_or(indent, |least| least.min(indent)));
            }
            continue;
        }
        for char in raw.chars() {
            match char {
                '\n' => here = Some(0),
                '\r' => {}
                ' ' | '\t' => here = here.map(|indent| indent + 1),
                _ => {
                    if let Some(indent) = here.take() {
                        shared = Some(shared.map_or(indent, |least| least.min(indent)));
                    }
                }
            }
        }
    }
    // The line of the closing quotes.
    if let Some(indent) = here {
        shared = Some(shared.map_or(indent, |least| least.min(indent)));
    }
    shared.unwrap_or(0)
}

/// Takes the indent from each line, and the last newline with the blanks before the closing quotes.
fn dedent(pieces: &mut Vec<TextPiece<'_>>, indent: usize) {
    let count = pieces.len();
    let mut line_begins = true;
    for (nth, piece) in pieces.iter_mut().enumerate() {
        let TextPiece::Words(words) = piece else {
            line_begins = false;
            continue;
        };
        if nth + 1 == count
            && let Some(at) = words.rfind('\n')
            && words.get(at..).is_some_and(|rest| rest.trim().is_empty())
        {
            words.truncate(at);
        }
        let mut out = String::with_capacity(words.len());
        let mut left = if line_begins { indent } else { 0 };
        for char in words.chars() {
            match char {
                '\n' => {
                    out.push('\n');
                    left = indent;
                }
                ' ' | '\t' if left > 0 => left -= 1,
                other => {
                    left = 0;
                    out.push(other);
                }
            }
        }
        line_begins = words.ends_with('\n');
        *words = out;
    }
    pieces.retain(|piece| !matches!(piece, TextPiece::Words(words) if words.is_empty()));
}

/// The character an escape stands for.
fn escape(raw: &str) -> Option<char> {
    match raw.get(1..)? {
        "n" => Some('\n'),
        "t" => Some('\t'),
        other => match other.strip_prefix("u{").and_then(|rest| rest.strip_suffix('}')) {
            Some(digits) => u32::from_str_radix(digits, 16).ok().and_then(char::from_u32),
            None => other.chars().next(),
        },
    }
}

/// The words of a text that may not have holes; a hole is a finding.
pub fn plain_text(view: View<'_>, text: &Expr, found: &mut Vec<Diagnostic>) -> Option<String> {
    let pieces = pieces(view, text)?;
    let mut words = String::new();
    for piece in pieces {
        match piece {
            TextPiece::Words(more) => words.push_str(&more),
            TextPiece::Hole(hole) => {
                let found_here =
                    Diagnostic::new(Code::BadSetting, view.span(hole.range), "this text may not have holes")
                        .here("a hole")
                        .help("It is read before any chat begins; write plain words, or `\\{` for a brace.");
                found.push(found_here);
                return None;
            }
        }
    }
    Some(words)
}
