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
    if block { Some(block_pieces(view, parts)) } else { Some(line_pieces(view, parts)) }
}

fn line_pieces<'t>(view: View<'_>, parts: &'t [Part]) -> Vec<TextPiece<'t>> {
    let mut pieces = Vec::with_capacity(parts.len());
    let mut words = String::new();
    for part in parts {
        match part {
            Part::Words(at) if view.kind(*at) == Some(Kind::Escape) => words.extend(escape(view.text(*at))),
            Part::Words(at) => words.push_str(view.text(*at)),
            Part::Hole(hole) => {
                if !words.is_empty() {
                    pieces.push(TextPiece::Words(std::mem::take(&mut words)));
                }
                pieces.push(TextPiece::Hole(hole));
            }
        }
    }
    if !words.is_empty() {
        pieces.push(TextPiece::Words(words));
    }
    pieces
}

/// A character or a hole of a block text. An escaped blank or newline is no indent and ends no line.
#[derive(Clone, Copy)]
enum Atom<'t> {
    Plain(char),
    Escaped(char),
    Hole(&'t Expr),
}

/// A block text without its first newline, the indent its lines share, and its last newline.
fn block_pieces<'t>(view: View<'_>, parts: &'t [Part]) -> Vec<TextPiece<'t>> {
    let mut atoms: Vec<Atom<'t>> = Vec::new();
    for part in parts {
        match part {
            Part::Words(at) if view.kind(*at) == Some(Kind::Escape) => {
                atoms.extend(escape(view.text(*at)).map(Atom::Escaped));
            }
            Part::Words(at) => {
                atoms.extend(view.text(*at).chars().filter(|char| *char != '\r').map(Atom::Plain))
            }
            Part::Hole(hole) => atoms.push(Atom::Hole(hole)),
        }
    }
    let mut lines: Vec<&[Atom<'t>]> = atoms.split(|atom| matches!(atom, Atom::Plain('\n'))).collect();
    // Words right behind the opening quotes have no indent of their own.
    let mut unindented = 1;
    if lines.len() > 1 && lines.first().is_some_and(|line| is_blank(line)) {
        lines.remove(0);
        unindented = 0;
    }
    let last = lines.len().saturating_sub(1);
    let counts =
        lines.iter().enumerate().skip(unindented).filter(|(nth, line)| !is_blank(line) || *nth == last);
    let shared = counts.map(|(_, line)| indent(line)).min().unwrap_or(0);
    if lines.len() > 1 && lines.last().is_some_and(|line| is_blank(line)) {
        lines.pop();
    }
    let mut pieces = Vec::new();
    let mut words = String::new();
    for (nth, line) in lines.iter().enumerate() {
        if nth > 0 {
            words.push('\n');
        }
        let margin = if nth < unindented { 0 } else { shared.min(indent(line)) };
        for atom in line.iter().skip(margin) {
            match atom {
                Atom::Plain(char) | Atom::Escaped(char) => words.push(*char),
                Atom::Hole(hole) => {
                    if !words.is_empty() {
                        pieces.push(TextPiece::Words(std::mem::take(&mut words)));
                    }
                    pieces.push(TextPiece::Hole(hole));
                }
            }
        }
    }
    if !words.is_empty() {
        pieces.push(TextPiece::Words(words));
    }
    pieces
}

fn is_blank(line: &[Atom<'_>]) -> bool {
    indent(line) == line.len()
}

/// How many blanks a line begins with.
fn indent(line: &[Atom<'_>]) -> usize {
    line.iter().take_while(|atom| matches!(atom, Atom::Plain(' ' | '\t'))).count()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Source};
    use crate::tree::Item;

    fn welcome(text: &str) -> String {
        let file = crate::file::File::read(FileId(0), Source::new("x.flow", format!("welcome {text}\n")));
        let (view, item) = file.views().next().unwrap();
        let Item::Declaration { values, .. } = item else { panic!("{item:?}") };
        let pieces = pieces(view, &values[0]).unwrap();
        let shown = pieces.iter().map(|piece| match piece {
            TextPiece::Words(words) => words.clone(),
            TextPiece::Hole(hole) => format!("<{}>", view.source(hole.range)),
        });
        shown.collect()
    }

    #[test]
    fn escapes_are_read() {
        assert_eq!(welcome(r#""a\n\"b\" \{c\} \u{e9} }""#), "a\n\"b\" {c} é }");
    }

    #[test]
    fn a_block_text_loses_the_indent_it_shares() {
        let text = "\"\"\"\n    Dear {name},\n\n      thank \\n you.\n    Bye\n    \"\"\"";
        assert_eq!(welcome(text), "Dear <name>,\n\n  thank \n you.\nBye");
    }

    #[test]
    fn the_closing_line_counts_for_the_indent() {
        assert_eq!(welcome("\"\"\"\r\n    a\r\n  \"\"\""), "  a");
    }

    #[test]
    fn a_block_text_on_one_line_is_as_it_stands() {
        assert_eq!(welcome("\"\"\" a \"b\" \"\"\""), " a \"b\" ");
    }
}
