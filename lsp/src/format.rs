//! The layout of `chatflow fmt`: of a file, of the items that a selection touches, and of the lines that were just
//! typed. Only lines that change are edited, and of those only what differs, so that a cursor stays where it is.

use chatflow_compiler::diagnostic::Edit;
use chatflow_compiler::file::File;
use chatflow_compiler::format::format_range;
use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::token::Kind;

use crate::analysis::Analysis;

/// How far a block is indented.
const INDENT: &str = "  ";

/// The edits that give a file its layout. Their texts are to be written as they are, line ends included.
pub fn document(analysis: &Analysis, file: FileId) -> Vec<Edit> {
    let Some(file) = analysis.file(file) else { return Vec::new() };
    format_range(file, 0..file.source.text.len() as u32)
        .iter()
        .flat_map(|edit| narrowed(file, edit))
        .collect()
}

/// The edits that give the items that a stretch of a file touches their layout.
pub fn range(analysis: &Analysis, file: FileId, within: Span) -> Vec<Edit> {
    let Some(file) = analysis.file(file) else { return Vec::new() };
    format_range(file, within.start..within.end).iter().flat_map(|edit| narrowed(file, edit)).collect()
}

/// The edits after `}` or a line's end was typed right before a byte: of the block that is closed, or of the lines
/// above the cursor, whose own line gets its indent.
pub fn typed(analysis: &Analysis, file: FileId, offset: u32, typed: &str) -> Vec<Edit> {
    let Some(file) = analysis.file(file) else { return Vec::new() };
    let Some(open) = open_before(file, offset) else { return Vec::new() };
    let here = file.lines.line(offset);
    let closes = typed == "}";
    // The lines that may change: those of the block, or those above.
    let first =
        if closes { opened(file, offset).map_or(here, |span| file.lines.line(span.start)) } else { 0 };
    let end = if closes { here + 1 } else { here };
    let item = file.lines.line_start(if closes { here } else { here.saturating_sub(1) });
    let mut edits: Vec<Edit> = Vec::new();
    for edit in format_range(file, item..offset.max(item)) {
        edits.extend(same_lines(file, &edit, first, end));
    }
    let (indent, rest) = indent_of(file, here);
    // A brace alone on its line stands where its block began.
    let depth = match (closes, rest) {
        (false, "") | (true, "}") => Some(open),
        _ => None,
    };
    let wanted = depth.map(|depth| INDENT.repeat(depth));
    let touched = edits.iter().any(|edit| file.lines.line(edit.span.start) == here);
    if let Some(wanted) = wanted.filter(|wanted| !touched && *wanted != file.text(indent)) {
        edits.push(Edit { span: indent, text: wanted });
    }
    edits
}

/// The blanks that a line begins with, and what follows them.
fn indent_of(file: &File, line: u32) -> (Span, &str) {
    let start = file.lines.line_start(line);
    let rest = file.source.text.get(start as usize..).unwrap_or("");
    let text = rest.lines().next().unwrap_or("");
    let written = text.trim_start_matches([' ', '\t']);
    let end = start + (text.len() - written.len()) as u32;
    (Span { file: file.id, start, end }, written.trim_end())
}

/// How many brackets are open before a byte; none inside a text, whose lines are nobody's business.
fn open_before(file: &File, offset: u32) -> Option<usize> {
    let (mut depth, mut texts) = (0_usize, 0_usize);
    for kind in kinds_before(file, offset) {
        match kind.0 {
            Kind::LBrace | Kind::LParen | Kind::LBracket => depth += 1,
            Kind::RBrace | Kind::RParen | Kind::RBracket => depth = depth.saturating_sub(1),
            Kind::StrOpen => texts += 1,
            Kind::StrClose => texts = texts.saturating_sub(1),
            _ => {}
        }
    }
    (texts == 0).then_some(depth)
}

/// Where the block begins that a brace right before a byte ends.
fn opened(file: &File, offset: u32) -> Option<Span> {
    let mut open = Vec::new();
    for (kind, span) in kinds_before(file, offset) {
        match kind {
            Kind::LBrace => open.push(span),
            Kind::RBrace if span.end >= offset => return open.pop(),
            Kind::RBrace => drop(open.pop()),
            _ => {}
        }
    }
    None
}

fn kinds_before(file: &File, offset: u32) -> impl Iterator<Item = (Kind, Span)> + '_ {
    let before = file.tokens.starts.partition_point(|start| *start < offset) as u32;
    (0..before).filter_map(|token| Some((file.tokens.kind(token)?, file.tokens.span(file.id, token))))
}

/// What differs between the lines of an edit and those that stand there.
fn narrowed(file: &File, edit: &Edit) -> Vec<Edit> {
    let old: Vec<&str> = file.text(edit.span).split_inclusive('\n').collect();
    let new: Vec<&str> = edit.text.split_inclusive('\n').collect();
    let same = |(one, other): &(&&str, &&str)| one == other;
    let head = old.iter().zip(&new).take_while(same).count();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or(&[]), new.get(head..).unwrap_or(&[]));
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(same).count();
    let old_rest = old_rest.get(..old_rest.len() - tail).unwrap_or(&[]);
    let new_rest = new_rest.get(..new_rest.len() - tail).unwrap_or(&[]);
    let start = edit.span.start + old.iter().take(head).map(|line| line.len() as u32).sum::<u32>();
    if old_rest.len() != new_rest.len() {
        let len: usize = old_rest.iter().map(|line| line.len()).sum();
        let span = Span { start, end: start + len as u32, ..edit.span };
        return vec![Edit { span, text: new_rest.concat() }];
    }
    let mut at = start;
    let mut found = Vec::new();
    for (old, new) in old_rest.iter().zip(new_rest) {
        found.extend(within_line(Span { start: at, end: at, ..edit.span }, old, new));
        at += old.len() as u32;
    }
    found
}

/// What differs in a line that begins at a place. Line ends are replaced whole or not at all.
fn within_line(at: Span, old: &str, new: &str) -> Option<Edit> {
    if old == new {
        return None;
    }
    let (old_end, new_end) = (line_end(old), line_end(new));
    if old_end != new_end {
        return Some(Edit { span: Span { end: at.start + old.len() as u32, ..at }, text: new.to_owned() });
    }
    let cut = |line: &'_ str| line.len() - old_end.len();
    let (old, new) = (old.get(..cut(old))?, new.get(..cut(new))?);
    let edit = crate::actions::difference(at.file, old, new)?;
    let span = Span { start: at.start + edit.span.start, end: at.start + edit.span.end, ..at };
    Some(Edit { span, text: edit.text })
}

fn line_end(line: &str) -> &'static str {
    match line {
        line if line.ends_with("\r\n") => "\r\n",
        line if line.ends_with('\n') => "\n",
        _ => "",
    }
}

/// Of an edit the lines from one up to another, as far as only blanks differ: what is being typed keeps its order.
fn same_lines(file: &File, edit: &Edit, first: u32, end: u32) -> Vec<Edit> {
    let old = file.text(edit.span).split_inclusive('\n');
    let lines = file.lines.line(edit.span.start)..;
    let mut at = edit.span.start;
    let mut found = Vec::new();
    for (line, (old, new)) in lines.zip(old.zip(edit.text.split_inclusive('\n'))) {
        let words = |line: &str| line.chars().filter(|char| !char.is_whitespace()).collect::<String>();
        if line >= end || words(old) != words(new) {
            break;
        }
        if line >= first {
            found.extend(within_line(Span { start: at, end: at, ..edit.span }, old, new));
        }
        at += old.len() as u32;
    }
    found
}
