//! What a file and a project consist of: outlines, and "go to action".

use chatflow_compiler::file::{File, View};
use chatflow_compiler::source::Span;
use chatflow_compiler::tree::{Item, Statement, StatementKind};

use crate::analysis::Analysis;
use crate::outline::{clipped, item_span, lines_of, statements, title, words};
use chatflow_compiler::source::FileId;

/// What kind of thing a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// A flow, module or workspace.
    File,
    /// A step.
    Step,
    /// A question.
    Question,
    /// Any other statement that the visitor or host sees.
    Action,
    /// A property.
    Property,
    /// Anything else that is declared: a block of the flow, a thing of the workspace.
    Declaration,
    /// A test.
    Test,
}

/// A part of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    /// What it is called.
    pub name: String,
    /// What is shown beside its name.
    pub detail: String,
    /// What kind of thing it is.
    pub kind: SymbolKind,
    /// All of it.
    pub span: Span,
    /// Where its name stands.
    pub place: Span,
    /// What is in it.
    pub children: Vec<Symbol>,
}

/// The parts of a file.
pub fn symbols(file: &File) -> Vec<Symbol> {
    let mut found = Vec::new();
    for (nth, (view, item)) in file.views().enumerate() {
        let Some(span) = item_span(view, file, nth) else { continue };
        found.extend(symbol(view, item, span));
    }
    found
}

fn symbol(view: View<'_>, item: &Item, span: Span) -> Option<Symbol> {
    let one = |name: &str, detail: String, kind, place: Span| Symbol {
        name: if name.is_empty() { "?".to_owned() } else { name.to_owned() },
        detail,
        kind,
        span: Span { end: span.end.max(place.end), ..span },
        place,
        children: Vec::new(),
    };
    Some(match item {
        Item::Header { head, name, title, .. } => {
            let detail = title.as_ref().map(|title| words(view, title)).unwrap_or_default();
            let detail = format!("{} {detail}", view.text(*head)).trim().to_owned();
            one(view.text(*name), detail, SymbolKind::File, view.at(*name))
        }
        Item::Step { name, body, .. } => {
            let children = body_symbols(view, body);
            Symbol { children, ..one(view.text(*name), "step".to_owned(), SymbolKind::Step, view.at(*name)) }
        }
        Item::Properties { head, properties } => {
            let children = properties.iter().map(|property| {
                let place = view.at(property.name);
                let detail = property.label.as_ref().map(|label| words(view, label)).unwrap_or_default();
                Symbol { span: place, ..one(view.text(property.name), detail, SymbolKind::Property, place) }
            });
            let children = children.collect();
            Symbol {
                children,
                ..one(view.text(*head), String::new(), SymbolKind::Declaration, view.at(*head))
            }
        }
        Item::Function { name, .. } => {
            one(view.text(*name), "function".to_owned(), SymbolKind::Declaration, view.at(*name))
        }
        Item::Test { name, .. } => {
            one(&words(view, name), "test".to_owned(), SymbolKind::Test, view.span(name.range))
        }
        Item::TestsFor { flow } => {
            one(view.text(*flow), "tests for".to_owned(), SymbolKind::File, view.at(*flow))
        }
        Item::Anytime { .. } | Item::Outdated { .. } => {
            one(view.text(0), String::new(), SymbolKind::Declaration, view.at(0))
        }
        Item::Declaration { head, values, .. } => {
            let rest = match (values.first(), values.last()) {
                (Some(first), Some(last)) => view.file.text(view.span(first.range).to(view.span(last.range))),
                _ => "",
            };
            let name = format!("{} {rest}", view.text(*head));
            one(
                &clipped(name.lines().next().unwrap_or("")),
                String::new(),
                SymbolKind::Declaration,
                view.at(*head),
            )
        }
        Item::Error => return None,
    })
}

/// The statements of a body that people look for, flat: an outline of blocks in blocks helps nobody.
fn body_symbols(view: View<'_>, body: &[Statement]) -> Vec<Symbol> {
    let mut found = Vec::new();
    statements(body, &mut |statement| {
        let kind = match &statement.kind {
            StatementKind::Ask { .. } => SymbolKind::Question,
            StatementKind::Say { .. }
            | StatementKind::Set { .. }
            | StatementKind::Let { .. }
            | StatementKind::Clear { .. }
            | StatementKind::Do { .. }
            | StatementKind::Action { .. } => SymbolKind::Action,
            StatementKind::Wait { .. }
            | StatementKind::If { .. }
            | StatementKind::Go(_)
            | StatementKind::End
            | StatementKind::Error => return,
        };
        let span = view.span(statement.range);
        let place = first_line(view, statement, span);
        found.push(Symbol {
            name: title(view, statement),
            detail: String::new(),
            kind,
            span,
            place,
            children: Vec::new(),
        });
    });
    found
}

/// A statement without its block.
fn first_line(view: View<'_>, statement: &Statement, span: Span) -> Span {
    let first = lines_of(statement).first().map(|line| view.span(line.range).start);
    let text = view.file.text(Span { end: first.unwrap_or(span.end), ..span });
    let len = text.lines().next().unwrap_or("").trim_end_matches(['{', ' ']).len() as u32;
    Span { end: span.start + len, ..span }
}

/// The parts of a project whose names have the letters of a query, in its order, ignoring case; each with the part that
/// it stands in. An empty query is fit by all.
pub fn project_symbols(analysis: &Analysis, query: &str) -> Vec<(Symbol, String)> {
    let mut found = Vec::new();
    for file in &analysis.project.files {
        let name = container(analysis, file.id);
        for symbol in symbols(file) {
            collect(symbol, &name, query, &mut found);
        }
    }
    found
}

fn container(analysis: &Analysis, file: FileId) -> String {
    analysis.index().scope(file).and_then(|scope| Some(scope.name.as_ref()?.0.clone())).unwrap_or_default()
}

fn collect(mut symbol: Symbol, within: &str, query: &str, found: &mut Vec<(Symbol, String)>) {
    let children = std::mem::take(&mut symbol.children);
    let name = symbol.name.clone();
    if fits(&name, query) {
        found.push((symbol, within.to_owned()));
    }
    for child in children {
        collect(child, &name, query, found);
    }
}

/// Whether a name has the letters of a query in their order.
pub fn fits(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    let wanted = query.chars().filter(|char| !char.is_whitespace()).flat_map(char::to_lowercase);
    wanted.into_iter().all(|wanted| letters.any(|char| char == wanted))
}
