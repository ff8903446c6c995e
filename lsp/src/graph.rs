//! The graph of a flow as data, for pictures: its steps, what leads where, and what is said there.

use chatflow_compiler::file::View;
use chatflow_compiler::index::{How, Name};
use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::tree::{Item, Statement, StatementKind};

use crate::analysis::Analysis;
use crate::hierarchy::parts;
use crate::outline::{statements, title, words};

/// A flow as a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// The flow's name.
    pub name: String,
    /// Its steps, the entry first, then those of modules that they lead to; `anytime` and `outdated` where it has them.
    pub nodes: Vec<Node>,
    /// What leads where.
    pub edges: Vec<Edge>,
    /// The node under the cursor.
    pub here: Option<usize>,
}

/// A step, or another part that leads to steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name; of a module's step with the module's name before it.
    pub name: String,
    /// Whether it is a step.
    pub is_step: bool,
    /// All of it.
    pub span: Span,
    /// Where its name stands.
    pub place: Span,
    /// What is said, asked and done in it, in order.
    pub lines: Vec<(String, Span)>,
}

/// Something that leads from a node to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The node that it leads from.
    pub from: usize,
    /// The node that it leads to.
    pub to: usize,
    /// Whether it comes back: `do`.
    pub comes_back: bool,
    /// What leads there: the label of a choice, an outcome, a condition; empty for an arrow of its own.
    pub label: String,
    /// Where the step is named.
    pub at: Span,
}

/// The graph of the flow, or module, that a file is or tests.
pub fn graph(analysis: &Analysis, file: FileId, offset: Option<u32>) -> Option<Graph> {
    let home = analysis.index().scope(file)?.home;
    let name = analysis.index().scope(home)?.name.as_ref()?.0.clone();
    let mut graph = Graph { name, nodes: Vec::new(), edges: Vec::new(), here: None };
    nodes_of(analysis, home, home, &mut graph);
    let mut next = 0;
    while let Some(node) = graph.nodes.get(next).cloned() {
        edges_of(analysis, home, next, &node, &mut graph);
        next += 1;
    }
    let around = |node: &Node| {
        offset.is_some_and(|at| node.span.file == file && node.span.start <= at && at <= node.span.end)
    };
    graph.here = graph.nodes.iter().position(around);
    Some(graph)
}

fn nodes_of(analysis: &Analysis, file: FileId, home: FileId, graph: &mut Graph) {
    let module = analysis.index().scope(file).and_then(|scope| Some(scope.name.as_ref()?.0.clone()));
    let module = module.filter(|_| file != home).map(|name| format!("{name}.")).unwrap_or_default();
    for part in parts(analysis, file) {
        let name = format!("{module}{}", part.name);
        let lines = lines(analysis, file, part.span);
        graph.nodes.push(Node { name, is_step: part.is_step, span: part.span, place: part.place, lines });
    }
}

/// What stands in a step, each statement by its first line.
fn lines(analysis: &Analysis, file: FileId, within: Span) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    each(analysis, file, within, &mut |view, statement| {
        let text = match &statement.kind {
            StatementKind::Say { text, .. } => words(view, text),
            StatementKind::Ask { text, .. } => words(view, text),
            StatementKind::Set { .. } | StatementKind::Let { .. } | StatementKind::Action { .. } => {
                title(view, statement)
            }
            StatementKind::Clear { .. }
            | StatementKind::Wait { .. }
            | StatementKind::Do { .. }
            | StatementKind::If { .. }
            | StatementKind::Go(_)
            | StatementKind::End
            | StatementKind::Error => return,
        };
        found.push((text, view.span(statement.range)));
    });
    found
}

fn each<'a>(
    analysis: &'a Analysis,
    file: FileId,
    within: Span,
    visit: &mut impl FnMut(View<'a>, &'a Statement),
) {
    let Some(source) = analysis.file(file) else { return };
    for (view, item) in source.views() {
        if let Item::Step { body, .. } = item
            && view.at(0).start == within.start
        {
            statements(body, &mut |statement| visit(view, statement));
        }
    }
}

fn edges_of(analysis: &Analysis, home: FileId, from: usize, node: &Node, graph: &mut Graph) {
    let Some(scope) = analysis.index().scope(node.place.file) else { return };
    let inside =
        scope.mentions.iter().filter(|it| node.span.start <= it.span.start && it.span.end <= node.span.end);
    for mention in inside.filter(|mention| matches!(mention.how, How::Goes | How::Runs)) {
        let Name::Step(file, step) = &mention.name else { continue };
        if *file != home && !graph.nodes.iter().any(|node| node.place.file == *file) {
            nodes_of(analysis, *file, home, graph);
        }
        let is_it =
            |node: &Node| node.is_step && node.place.file == *file && analysis.text(node.place) == step;
        let Some(to) = graph.nodes.iter().position(is_it) else { continue };
        let comes_back = mention.how == How::Runs;
        let label = label(analysis, mention.span, comes_back);
        graph.edges.push(Edge { from, to, comes_back, label, at: mention.span });
    }
}

/// What stands before an arrow, or before `do`, on its line: `"See a demo"`, `booked`, `if …`.
fn label(analysis: &Analysis, at: Span, runs: bool) -> String {
    let Some(file) = analysis.file(at.file) else { return String::new() };
    let start = file.lines.line_start(file.lines.line(at.start));
    let before = file.text(Span { start, end: at.start, ..at });
    let word = if runs { "do" } else { "->" };
    let before = before.rfind(word).and_then(|at| before.get(..at)).unwrap_or("");
    before.trim().trim_end_matches("then").trim_matches(['"', ' ']).to_owned()
}
