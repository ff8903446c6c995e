//! What is shown between and in the lines: how often a step is gone to, tests to run, types, names of parameters.

use chatflow_compiler::file::View;
use chatflow_compiler::index::{How, Name};
use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::tree::{Expr, ExprKind, Item, Statement, StatementKind};

use crate::analysis::Analysis;
use crate::hover::ty;
use crate::outline::{statements, words};

/// What a line above a declaration offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lens {
    /// Shows the places that lead here.
    References(Span, Vec<Span>),
    /// Runs the test of this name.
    Test(Span, String),
    /// Runs all tests of the file.
    Tests(Span),
}

/// The lenses of a file.
pub fn lenses(analysis: &Analysis, file: FileId) -> Vec<Lens> {
    let Some(source) = analysis.file(file) else { return Vec::new() };
    let tested = source.items.iter().any(|item| matches!(item, Item::Test { .. }));
    let mut found = Vec::new();
    for (view, item) in source.views() {
        match item {
            Item::Header { name, .. } if tested => found.push(Lens::Tests(view.at(*name))),
            Item::TestsFor { flow } => found.push(Lens::Tests(view.at(*flow))),
            Item::Step { name, .. } => {
                let step = Name::Step(file, view.text(*name).to_owned());
                let uses = analysis.index().mentions(&step);
                let uses = uses.filter(|mention| matches!(mention.how, How::Goes | How::Runs));
                found.push(Lens::References(view.at(*name), uses.map(|mention| mention.span).collect()));
            }
            Item::Test { name, .. } => found.push(Lens::Test(view.span(name.range), words(view, name))),
            _ => {}
        }
    }
    found
}

/// A hint in a line: what it says, and whether it stands before the place or behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Where.
    pub at: Span,
    /// What.
    pub text: String,
    /// Whether it is a type, behind; else the name of a parameter, before.
    pub is_type: bool,
}

/// The hints of a stretch of a file: the types of what is asked and made, and the names of parameters.
pub fn hints(analysis: &Analysis, file: FileId, within: Span) -> Vec<Hint> {
    let Some(source) = analysis.file(file) else { return Vec::new() };
    let mut found = Vec::new();
    for (view, item) in source.views() {
        if let Item::Step { body, .. } = item {
            statements(body, &mut |statement| hint(analysis, view, statement, &mut found));
        }
    }
    found.retain(|hint| within.start <= hint.at.start && hint.at.end <= within.end);
    found
}

fn hint(analysis: &Analysis, view: View<'_>, statement: &Statement, found: &mut Vec<Hint>) {
    let target = match &statement.kind {
        StatementKind::Ask { target: Some(target), ty: None, .. } => target,
        StatementKind::Let { target, ty: None, value, .. } => {
            parameters(analysis, view, value, found);
            target
        }
        _ => return,
    };
    let span = view.span(target.range);
    let of = analysis.index().type_of(view.file.id, view.source(target.range));
    if let Some(text) = of.map(|of| ty(&of)).filter(|text| text != "?") {
        found.push(Hint { at: span.at_end(), text: format!(": {text}"), is_type: true });
    }
}

fn parameters(analysis: &Analysis, view: View<'_>, value: &Expr, found: &mut Vec<Hint>) {
    let ExprKind::Call { words, arguments } = &value.kind else { return };
    let workspace = analysis.index().workspace(view.file.id).map(|(_, workspace)| workspace);
    let name = words.first().map(|at| view.text(*at));
    let Some(function) = name.and_then(|name| workspace?.functions.get(name)) else { return };
    for (parameter, argument) in function.parameters.iter().zip(arguments) {
        let at = view.span(argument.range).at_start();
        if view.source(argument.range) != parameter.name {
            found.push(Hint { at, text: format!("{}:", parameter.name), is_type: false });
        }
    }
}
