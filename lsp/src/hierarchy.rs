//! Which steps lead to which: call hierarchy over `do` and `->`.

use chatflow_compiler::index::{How, Mention, Name};
use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::tree::Item;

use crate::analysis::Analysis;
use crate::outline::item_span;

/// A step, or another part of a flow that leads to steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Whether it is a step, and not `anytime` or `outdated`.
    pub is_step: bool,
    /// All of it.
    pub span: Span,
    /// Where its name stands.
    pub place: Span,
}

/// The step that is named at a byte.
pub fn prepare(analysis: &Analysis, file: FileId, offset: u32) -> Option<Part> {
    let mention = analysis.index().at(file, offset)?;
    match &mention.name {
        Name::Step(id, name) => {
            parts(analysis, *id).into_iter().find(|part| part.is_step && part.name == *name)
        }
        _ => None,
    }
}

/// What leads to a step, each with the places that do.
pub fn incoming(analysis: &Analysis, step: &Part) -> Vec<(Part, Vec<Span>)> {
    let name = Name::Step(step.place.file, step.name.clone());
    let mentions = analysis.index().mentions(&name).filter(|mention| leads(mention));
    let mut found: Vec<(Part, Vec<Span>)> = Vec::new();
    for mention in mentions {
        let Some(part) = part_around(analysis, mention.span) else { continue };
        add(&mut found, part, mention.span);
    }
    found
}

/// What a step leads to, each with the places where it does.
pub fn outgoing(analysis: &Analysis, step: &Part) -> Vec<(Part, Vec<Span>)> {
    let Some(scope) = analysis.index().scope(step.place.file) else { return Vec::new() };
    let inside =
        |mention: &&Mention| step.span.start <= mention.span.start && mention.span.end <= step.span.end;
    let mut found = Vec::new();
    for mention in scope.mentions.iter().filter(inside).filter(|mention| leads(mention)) {
        if let Some(part) = prepare(analysis, step.place.file, mention.span.start) {
            add(&mut found, part, mention.span);
        }
    }
    found
}

fn add(found: &mut Vec<(Part, Vec<Span>)>, part: Part, at: Span) {
    match found.iter_mut().find(|(other, _)| *other == part) {
        Some((_, places)) => places.push(at),
        None => found.push((part, vec![at])),
    }
}

fn leads(mention: &Mention) -> bool {
    matches!(mention.how, How::Goes | How::Runs)
}

/// The part of a flow that a place stands in.
pub fn part_around(analysis: &Analysis, at: Span) -> Option<Part> {
    parts(analysis, at.file).into_iter().find(|part| part.span.start <= at.start && at.end <= part.span.end)
}

/// The parts of a file that lead to steps.
pub fn parts(analysis: &Analysis, file: FileId) -> Vec<Part> {
    let Some(source) = analysis.file(file) else { return Vec::new() };
    let all = source.views().enumerate().filter_map(|(nth, (view, item))| {
        let span = item_span(view, source, nth)?;
        Some(match item {
            Item::Step { name, .. } => {
                Part { name: view.text(*name).to_owned(), is_step: true, span, place: view.at(*name) }
            }
            Item::Anytime { .. } | Item::Outdated { .. } => {
                Part { name: view.text(0).to_owned(), is_step: false, span, place: view.at(0) }
            }
            _ => return None,
        })
    });
    all.collect()
}
