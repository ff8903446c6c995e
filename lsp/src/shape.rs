//! The shape of a file: what folds, what a selection grows to, and what is edited together.

use chatflow_compiler::file::File;
use chatflow_compiler::index::{How, Name};
use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::token::Kind;

use crate::analysis::Analysis;

/// Lines that fold, from 0; the first stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The first line.
    pub first: u32,
    /// The last line.
    pub last: u32,
    /// Whether they are comments.
    pub comment: bool,
}

/// What folds: blocks, texts and lists over several lines, and comments below each other.
pub fn folds(file: &File) -> Vec<Fold> {
    let mut found = Vec::new();
    for (open, close) in brackets(file) {
        let (first, last) = (file.lines.line(open.start), file.lines.line(close.start));
        // The line of the closing bracket stays, as the end of what is folded.
        let last =
            if file.text(close) == "}" || file.text(close) == "]" { last.saturating_sub(1) } else { last };
        if last > first {
            found.push(Fold { first, last, comment: false });
        }
    }
    found.extend(comments(file));
    found.sort_by_key(|fold| (fold.first, std::cmp::Reverse(fold.last)));
    found.dedup_by_key(|fold| fold.first);
    found
}

fn comments(file: &File) -> Vec<Fold> {
    let mut found: Vec<Fold> = Vec::new();
    for token in 0..file.tokens.kinds.len() as u32 {
        if !matches!(file.tokens.kind(token), Some(Kind::Comment | Kind::DocComment)) {
            continue;
        }
        let start = file.tokens.span(file.id, token).start;
        let line = file.lines.line(start);
        let before = file.text(Span { file: file.id, start: file.lines.line_start(line), end: start });
        if !before.trim().is_empty() {
            continue;
        }
        match found.last_mut().filter(|fold| fold.last + 1 == line) {
            Some(fold) => fold.last = line,
            None => found.push(Fold { first: line, last: line, comment: true }),
        }
    }
    found.retain(|fold| fold.last > fold.first);
    found
}

/// The brackets and quotes of a file that belong together.
fn brackets(file: &File) -> Vec<(Span, Span)> {
    let mut open: Vec<(Kind, Span)> = Vec::new();
    let mut found = Vec::new();
    for token in 0..file.tokens.kinds.len() as u32 {
        let Some(kind) = file.tokens.kind(token) else { break };
        let span = file.tokens.span(file.id, token);
        let closes = match kind {
            Kind::LBrace | Kind::LParen | Kind::LBracket | Kind::StrOpen | Kind::HoleOpen => {
                open.push((kind, span));
                continue;
            }
            Kind::RBrace => Kind::LBrace,
            Kind::RParen => Kind::LParen,
            Kind::RBracket => Kind::LBracket,
            Kind::StrClose => Kind::StrOpen,
            Kind::HoleClose => Kind::HoleOpen,
            _ => continue,
        };
        if let Some(at) = open.iter().rposition(|(kind, _)| *kind == closes)
            && let Some((_, opened)) = open.drain(at..).next()
        {
            found.push((opened, span));
        }
    }
    found
}

/// What a selection at a byte grows to, the smallest first: the word, what is between its brackets, the brackets, the
/// statement with its head, the item, the file.
pub fn selections(file: &File, offset: u32) -> Vec<Span> {
    let mut found = Vec::new();
    let within = |span: &Span| span.start <= offset && offset <= span.end;
    let tokens = 0..file.tokens.kinds.len() as u32;
    let words = tokens.filter(|token| {
        file.tokens.kind(*token).is_some_and(|kind| kind != Kind::Newline && kind != Kind::Blank)
    });
    let mut words = words.map(|token| file.tokens.span(file.id, token)).filter(within);
    found.extend(words.rfind(|span| span.end > span.start));
    for (open, close) in brackets(file) {
        let inner = Span { start: open.end, end: close.start, ..open };
        let outer = open.to(close);
        if within(&inner) || within(&outer) {
            found.extend(within(&inner).then_some(inner));
            found.push(outer);
            // With what stands before it on its line.
            let line = file.lines.line_start(file.lines.line(open.start));
            let head = file.text(Span { start: line, end: open.start, ..open });
            let indent = (head.len() - head.trim_start().len()) as u32;
            found.push(Span { start: line + indent, ..outer });
        }
    }
    let line = file.lines.line(offset);
    let start = file.lines.line_start(line);
    let text = file.source.text.get(start as usize..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let indent = (text.len() - text.trim_start().len()) as u32;
    let written = Span { file: file.id, start: start + indent, end: start + text.trim_end().len() as u32 };
    found.extend((written.end > written.start && within(&written)).then_some(written));
    found.push(Span { file: file.id, start: 0, end: file.tokens.len });
    found.sort_by_key(|span| (span.end - span.start, span.start));
    found.dedup();
    nested(found)
}

/// Of spans that grow, those that hold the one before.
fn nested(spans: Vec<Span>) -> Vec<Span> {
    let mut kept: Vec<Span> = Vec::new();
    for span in spans {
        if kept.last().is_none_or(|last| span.start <= last.start && last.end <= span.end) {
            kept.push(span);
        }
    }
    kept
}

/// The places that are edited together with a step's name: its declaration and every arrow of the file to it.
pub fn linked(analysis: &Analysis, file: FileId, offset: u32) -> Vec<Span> {
    let index = analysis.index();
    let Some(mention) = index.at(file, offset) else { return Vec::new() };
    if !matches!(mention.name, Name::Step(..)) || mention.how == How::Former {
        return Vec::new();
    }
    let Some(scope) = index.scope(file) else { return Vec::new() };
    let same = scope.mentions.iter().filter(|other| other.name == mention.name && other.how != How::Former);
    same.map(|other| other.span).collect()
}
