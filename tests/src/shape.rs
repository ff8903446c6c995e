//! What a flow consists of, as the compiler reads it and as the tree-sitter grammar does: the same list from both, so that they
//! can be held against each other.

use chatflow_compiler::File;
use chatflow_compiler::file::View;
use chatflow_compiler::source::Span;
use chatflow_compiler::tree::{
    At, Branch, Expr, ExprKind, Item, Line, LineKind, Part, Range, Statement, StatementKind, TestLine,
    TestLineKind, TypeExpr,
};
use tree_sitter::{Language, Node, Parser, Tree};

/// A part of a file: the bytes where it stands, and what it is.
pub type Piece = (u32, u32, &'static str);

/// The language of the grammar.
pub fn language() -> Language {
    tree_sitter_flow::LANGUAGE.into()
}

/// What the grammar makes of a text.
pub fn parsed(text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&language()).ok()?;
    parser.parse(text, None)
}

/// The parts of a file, as the compiler reads it, in order.
pub fn of_compiler(file: &File) -> Vec<Piece> {
    let mut found = Vec::new();
    for ((view, item), range) in file.views().zip(&file.layout.items) {
        Pieces { view, found: &mut found }.item(item, range.end - range.start);
    }
    sorted(found)
}

fn sorted(mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.sort_by_key(|(start, end, kind)| (*start, u32::MAX - end, *kind));
    pieces
}

struct Pieces<'a> {
    view: View<'a>,
    found: &'a mut Vec<Piece>,
}

impl Pieces<'_> {
    fn span(&mut self, kind: &'static str, span: Span) {
        self.found.push((span.start, span.end, kind));
    }

    fn one(&mut self, kind: &'static str, range: Range) {
        self.span(kind, self.view.span(range));
    }

    fn name(&mut self, at: At) {
        self.span("name", self.view.at(at));
    }

    fn item(&mut self, item: &Item, tokens: u32) {
        let kind = match item {
            Item::Header { name, was, title, .. } => {
                self.name(*name);
                was.iter().for_each(|name| self.name(*name));
                title.iter().for_each(|title| self.expression(title));
                "header"
            }
            Item::TestsFor { flow } => {
                self.name(*flow);
                "tests_for"
            }
            Item::Step { name, was, body, .. } => {
                self.name(*name);
                was.iter().for_each(|name| self.name(*name));
                self.statements(body);
                "step"
            }
            Item::Anytime { arms } => {
                for (condition, branch) in arms {
                    self.expression(condition);
                    self.branch(branch);
                }
                "anytime"
            }
            Item::Outdated { module, step } => {
                self.step(*module, *step);
                "outdated"
            }
            Item::Properties { properties, .. } => {
                for property in properties {
                    self.name(property.name);
                    self.ty(&property.ty);
                    property.label.iter().for_each(|label| self.expression(label));
                }
                "properties"
            }
            Item::Function { name, parameters, result } => {
                self.name(*name);
                for (name, ty) in parameters {
                    self.name(*name);
                    self.ty(ty);
                }
                self.ty(result);
                "function"
            }
            Item::Test { name, lines } => {
                self.expression(name);
                lines.iter().for_each(|line| self.test_line(line));
                "test"
            }
            Item::Declaration { values, block, .. } => {
                values.iter().for_each(|value| self.expression(value));
                self.lines(block.as_deref());
                "declaration"
            }
            Item::Error => "ERROR",
        };
        self.one(kind, Range { start: 0, end: tokens });
    }

    fn statements(&mut self, body: &[Statement]) {
        body.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &Statement) {
        let kind = match &statement.kind {
            StatementKind::Say { text, block } => {
                self.expression(text);
                self.lines(block.as_deref());
                "say"
            }
            StatementKind::Ask { target, ty, text, block } => {
                target.iter().for_each(|target| self.expression(target));
                ty.iter().for_each(|ty| self.ty(ty));
                self.expression(text);
                self.lines(block.as_deref());
                "ask"
            }
            StatementKind::Set { target, value, block } => {
                self.expression(target);
                self.expression(value);
                self.lines(block.as_deref());
                "set"
            }
            StatementKind::Let { target, value, block, .. } => {
                self.one("name", target.range);
                self.expression(value);
                self.lines(block.as_deref());
                "let"
            }
            StatementKind::Clear { target } => {
                self.expression(target);
                "clear"
            }
            StatementKind::Wait { time } => {
                self.expression(time);
                "wait"
            }
            StatementKind::Do { module, step } => {
                self.step(*module, *step);
                "do"
            }
            StatementKind::If { arms, otherwise } => {
                for (condition, branch) in arms {
                    self.expression(condition);
                    self.branch(branch);
                }
                otherwise.iter().for_each(|branch| self.branch(branch));
                "if"
            }
            StatementKind::Go(branch) => {
                self.branch(branch);
                "go"
            }
            StatementKind::End => "end",
            StatementKind::Action { text, block, .. } => {
                text.iter().for_each(|text| self.expression(text));
                self.lines(block.as_deref());
                "action"
            }
            StatementKind::Error => "ERROR",
        };
        self.one(kind, statement.range);
    }

    fn branch(&mut self, branch: &Branch) {
        match branch {
            Branch::Step(step) => self.step(None, *step),
            Branch::Foreign { module, step } => self.step(Some(*module), *step),
            Branch::Block { range, body } => {
                self.one("block", *range);
                self.statements(body);
            }
            Branch::Statement(statement) => self.statement(statement),
            Branch::Error(range) => self.one("ERROR", *range),
        }
    }

    fn step(&mut self, module: Option<At>, step: At) {
        let start = module.unwrap_or(step);
        self.one("step_name", Range { start, end: step + 1 });
    }

    fn lines(&mut self, lines: Option<&[Line]>) {
        lines.into_iter().flatten().for_each(|line| self.line(line));
    }

    /// The place of an arrow is not told in the tree; where it leads is.
    fn line(&mut self, line: &Line) {
        let kind = match &line.kind {
            LineKind::Choice { label, value, arrow } => {
                self.expression(label);
                value.iter().for_each(|value| self.expression(value));
                arrow.iter().for_each(|arrow| self.branch(arrow));
                "choice"
            }
            LineKind::Pair { key, values } => {
                self.expression(key);
                values.iter().for_each(|value| self.expression(value));
                "pair"
            }
            LineKind::Block { head, lines } => {
                self.name(*head);
                self.lines(Some(lines));
                "group"
            }
            LineKind::Save { path, local } => {
                self.expression(path);
                if let Some((name, ty)) = local {
                    self.name(*name);
                    self.ty(ty);
                }
                "save"
            }
            LineKind::Entry { head, values, arrow, .. } => {
                self.name(*head);
                values.iter().for_each(|value| self.expression(value));
                arrow.iter().for_each(|arrow| self.branch(arrow));
                "entry"
            }
            LineKind::Error => "ERROR",
        };
        self.one(kind, line.range);
    }

    fn test_line(&mut self, line: &TestLine) {
        let kind = match &line.kind {
            TestLineKind::Given(condition) => {
                self.expression(condition);
                "given"
            }
            TestLineKind::GivenAnswer { url, lines } => {
                url.iter().for_each(|url| self.expression(url));
                self.lines(lines.as_deref());
                "answer"
            }
            TestLineKind::Visit(url) => {
                self.expression(url);
                "visit"
            }
            TestLineKind::Agree => "agree",
            TestLineKind::Bot { text, replies } => {
                self.expression(text);
                replies.iter().for_each(|replies| self.expression(replies));
                "bot"
            }
            TestLineKind::Visitor(text) => {
                self.expression(text);
                "visitor"
            }
            TestLineKind::Expect(condition) => {
                self.expression(condition);
                "expect"
            }
            TestLineKind::ExpectAction { action, .. } => {
                self.statement(action);
                "expect"
            }
            TestLineKind::Shown { .. } => "shown",
            TestLineKind::Wait(time) => {
                self.expression(time);
                "wait"
            }
            TestLineKind::Fail { .. } => "fail",
            TestLineKind::Choose(outcome) => {
                self.name(*outcome);
                "choose"
            }
            TestLineKind::Completed => "completed",
            TestLineKind::Other | TestLineKind::Error => "ERROR",
        };
        self.one(kind, line.range);
    }

    fn ty(&mut self, ty: &TypeExpr) {
        match ty {
            TypeExpr::Named(at) => self.span("type", self.view.at(*at)),
            TypeExpr::Options { range, options, .. } => {
                self.one("options", *range);
                for option in options {
                    self.name(option.name);
                    option.label.iter().chain(&option.value).for_each(|text| self.expression(text));
                }
            }
        }
    }

    fn expressions(&mut self, all: &[Expr]) {
        all.iter().for_each(|one| self.expression(one));
    }

    fn both(&mut self, both: &(Expr, Expr)) {
        self.expression(&both.0);
        self.expression(&both.1);
    }

    fn expression(&mut self, expression: &Expr) {
        let kind = match &expression.kind {
            ExprKind::Text(parts) => {
                for part in parts {
                    match part {
                        Part::Words(_) => {}
                        Part::Hole(hole) => self.expression(hole),
                    }
                }
                "text"
            }
            ExprKind::Literal => "literal",
            ExprKind::Bool(_) => "truth",
            ExprKind::Path { index, .. } => {
                index.iter().for_each(|index| self.expression(index));
                "path"
            }
            ExprKind::Call { arguments, .. } => {
                self.expressions(arguments);
                "call"
            }
            ExprKind::Subject { .. } => "subject",
            ExprKind::Pattern => "pattern",
            ExprKind::List(all) => {
                self.expressions(all);
                "list"
            }
            ExprKind::Span(both) => {
                self.both(both);
                "range"
            }
            ExprKind::Minus(inner) => {
                self.expression(inner);
                "minus"
            }
            ExprKind::Arithmetic(_, both) => {
                self.both(both);
                "arithmetic"
            }
            ExprKind::Not(inner) => {
                self.expression(inner);
                "negation"
            }
            ExprKind::And(both) => {
                self.both(both);
                "conjunction"
            }
            ExprKind::Or(both) => {
                self.both(both);
                "disjunction"
            }
            ExprKind::Compare(comparison) => {
                self.expression(&comparison.left);
                self.expressions(&comparison.right);
                "comparison"
            }
            ExprKind::Forms(forms) => {
                self.expression(&forms.of);
                forms.forms.iter().for_each(|form| self.expression(&form.text));
                "forms"
            }
            ExprKind::Chain(_) | ExprKind::Error => "ERROR",
        };
        self.one(kind, expression.range);
    }
}

/// The parts of a text, as the grammar reads it, in order.
pub fn of_grammar(tree: &Tree) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let field = cursor.field_name().unwrap_or("");
        if let Some(kind) = piece(cursor.node(), field) {
            found.push((cursor.node().start_byte() as u32, cursor.node().end_byte() as u32, kind));
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return sorted(found);
            }
        }
    }
}

/// What the compiler's tree has for a node of the grammar's, if it has one of its own.
fn piece(node: Node<'_>, field: &str) -> Option<&'static str> {
    if !node.is_named() && !node.is_missing() {
        return None;
    }
    let within = node.parent().map_or("", |parent| parent.kind());
    Some(match node.kind() {
        "number" if within == "form" => return None,
        "number" | "duration" | "percent" | "colour" | "date" | "datetime" | "time" => "literal",
        "sum" | "product" => "arithmetic",
        "pattern" => return None,
        "wildcard" | "regex" => "pattern",
        // The body of a step has no place of its own, nor does the name of a function.
        "block" if within == "step" => return None,
        "path" if within == "call" && field == "function" => return None,
        // An arrow is a statement only where it stands as one.
        "go" if matches!(within, "entry" | "choice" | "arm") => return None,
        "name" => match (within, field) {
            ("step_name" | "subject" | "path" | "agree" | "form", _) => return None,
            (_, "word" | "kind" | "function") => return None,
            ("was" | "choose", _) | (_, "name") => "name",
            _ => "path",
        },
        kind => *KINDS.iter().find(|known| **known == kind)?,
    })
}

/// The nodes that both have, under one name.
const KINDS: &[&str] = &[
    "header",
    "tests_for",
    "step",
    "anytime",
    "outdated",
    "properties",
    "function",
    "test",
    "declaration",
    "say",
    "ask",
    "set",
    "let",
    "clear",
    "wait",
    "do",
    "if",
    "go",
    "end",
    "action",
    "block",
    "step_name",
    "choice",
    "pair",
    "group",
    "save",
    "entry",
    "given",
    "answer",
    "visit",
    "agree",
    "bot",
    "visitor",
    "expect",
    "shown",
    "fail",
    "choose",
    "completed",
    "type",
    "options",
    "text",
    "truth",
    "path",
    "call",
    "subject",
    "list",
    "range",
    "minus",
    "negation",
    "conjunction",
    "disjunction",
    "comparison",
    "forms",
    "ERROR",
];
