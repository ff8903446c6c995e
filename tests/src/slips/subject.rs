//! Correct flows to make mistakes in, taken apart.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chatflow_compiler::file::View;
use chatflow_compiler::token::Kind;
use chatflow_compiler::tree::{
    self, Branch, Expr, ExprKind, Item, Line, LineKind, Operator, StatementKind, TypeExpr,
};
use chatflow_compiler::{Heading, Project, Span, heading};

use crate::rewrite::{Rewrite, rewrite};

/// Bytes of a text.
pub type Bytes = Range<usize>;

/// A correct project, one of its files, and the parts of that file. Every part knows its bytes.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The project.
    pub project: Project,
    /// The file that mistakes are made in, by its position.
    pub at: usize,
    /// Its tokens.
    pub tokens: Vec<(Kind, Bytes)>,
    /// Its top-level items: the first word of each, and all of it.
    pub items: Vec<(Bytes, Bytes)>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Its statements, those in blocks too.
    pub statements: Vec<Statement>,
    /// The names of steps behind arrows and `do`.
    pub targets: Vec<Bytes>,
    /// Names and paths in expressions, and those that are asked for, set and cleared.
    pub paths: Vec<Bytes>,
    /// Its comparisons.
    pub comparisons: Vec<Comparison>,
    /// Values with a default behind `or`: the value, and what follows it.
    pub defaults: Vec<(Bytes, Bytes)>,
    /// Lines of blocks.
    pub lines: Vec<BlockLine>,
    /// The lines of its tests.
    pub test_lines: Vec<Bytes>,
    /// The properties of the project's workspace, as `contact.email`, with their types as written.
    pub properties: BTreeMap<String, String>,
    /// The types of the flow's own names, as written.
    pub types: BTreeMap<String, String>,
    /// The names of options, of properties and of locals.
    pub options: BTreeSet<String>,
    /// The names that questions and `let` declare.
    pub locals: BTreeSet<String>,
    /// Every word that stands in the project outside of comments and texts.
    words: BTreeSet<String>,
}

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name.
    pub name: Bytes,
    /// All of it.
    pub range: Bytes,
    /// Its statements, those in blocks not among them.
    pub body: Vec<Statement>,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// All of it.
    pub range: Bytes,
    /// What it is.
    pub kind: StatementKind,
    /// What is asked for, set, stored or cleared.
    pub target: Option<Bytes>,
    /// The type of a question, the value that is set or stored, the name of a step that is run.
    pub part: Option<Bytes>,
    /// Whether another statement of the same block follows.
    pub last: bool,
}

/// A comparison.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What is compared.
    pub left: Bytes,
    /// The words of the operator.
    pub words: Bytes,
    /// The operator.
    pub operator: Operator,
    /// Whether `not` stands in it.
    pub negated: bool,
    /// What it is compared with.
    pub right: Vec<Bytes>,
    /// What kind of literal the first of these is.
    pub literal: Option<Kind>,
}

/// A line of a block.
#[derive(Clone, Debug)]
pub struct BlockLine {
    /// What the block belongs to: its first words, `ask`, `display`, `hand off`.
    pub owner: String,
    /// What a question asks for.
    pub asked: Option<Bytes>,
    /// The bytes of the owner.
    pub of: Bytes,
    /// All of it.
    pub range: Bytes,
    /// The label of a choice, the first word of another line.
    pub head: Bytes,
    /// Whether it is a choice.
    pub is_choice: bool,
    /// The value of a choice, the values of another line.
    pub values: Vec<Bytes>,
    /// Whether it has an arrow.
    pub has_arrow: bool,
}

impl Subject {
    /// The parts of a file of a project.
    pub fn new(project: Project, at: usize) -> Option<Subject> {
        let mut subject = Subject {
            project,
            at,
            tokens: Vec::new(),
            items: Vec::new(),
            steps: Vec::new(),
            statements: Vec::new(),
            targets: Vec::new(),
            paths: Vec::new(),
            comparisons: Vec::new(),
            defaults: Vec::new(),
            lines: Vec::new(),
            test_lines: Vec::new(),
            properties: BTreeMap::new(),
            types: BTreeMap::new(),
            options: BTreeSet::new(),
            locals: BTreeSet::new(),
            words: BTreeSet::new(),
        };
        let file = subject.project.files.get(at)?.clone();
        let tokens = file.tokens.kinds.iter().zip(0_u32..);
        subject.tokens = tokens.map(|(kind, token)| (*kind, file.tokens.range(token))).collect();
        for file in subject.project.files.clone() {
            for (kind, token) in file.tokens.kinds.iter().zip(0_u32..) {
                if kind.is_word() {
                    subject.words.extend(file.source.text.get(file.tokens.range(token)).map(str::to_owned));
                }
            }
            for (view, item) in file.views() {
                subject.declared(view, item);
            }
        }
        for (view, item) in file.views() {
            subject.item(view, item);
        }
        rewrite(&mut file.clone(), &mut subject);
        Some(subject)
    }

    /// The text that mistakes are made in.
    pub fn text(&self) -> &str {
        self.project.files.get(self.at).map_or("", |file| &file.source.text)
    }

    /// A part of the text.
    pub fn of(&self, bytes: &Bytes) -> &str {
        self.text().get(bytes.clone()).unwrap_or("")
    }

    /// Whether a word stands anywhere in the project.
    pub fn has_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// The type of a property or of a name of the flow's own, as written.
    pub fn type_of(&self, path: &Bytes) -> Option<&str> {
        let path = self.of(path);
        self.properties.get(path).or_else(|| self.types.get(path)).map(String::as_str)
    }

    /// How often a word stands in the file.
    pub fn count(&self, word: &str) -> usize {
        self.tokens.iter().filter(|(kind, bytes)| kind.is_word() && self.of(bytes) == word).count()
    }

    /// The bytes of a line, without its end, by a byte of it.
    pub fn line(&self, byte: usize) -> Bytes {
        let text = self.text();
        let start = text.get(..byte).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let end = text.get(byte..).and_then(|after| after.find('\n')).map_or(text.len(), |at| byte + at);
        start..end
    }

    /// Whether bytes stand on one line.
    pub fn is_one_line(&self, bytes: &Bytes) -> bool {
        !self.of(bytes).contains('\n')
    }

    /// The blanks that a line begins with.
    pub fn indent(&self, byte: usize) -> &str {
        let line = self.of(&self.line(byte));
        line.get(..line.len() - line.trim_start().len()).unwrap_or("")
    }

    /// Whether nothing but blanks stands before a byte on its line.
    pub fn begins_line(&self, byte: usize) -> bool {
        self.of(&(self.line(byte).start..byte)).trim().is_empty()
    }

    /// Whether nothing but blanks and a comment stands behind a byte on its line.
    pub fn ends_line(&self, byte: usize) -> bool {
        let rest = self.of(&(byte..self.line(byte).end)).trim_start();
        rest.is_empty() || rest.starts_with("//")
    }

    /// Whether it is a flow, not a workspace.
    pub fn is_flow(&self) -> bool {
        matches!(heading(self.text()), Heading::Flow(_))
    }

    /// What kind of thing stands in a token of a kind, with its bytes.
    pub fn tokens_of(&self, kind: Kind) -> impl Iterator<Item = Bytes> {
        self.tokens.iter().filter(move |(other, _)| *other == kind).map(|(_, bytes)| bytes.clone())
    }

    /// Texts in plain quotes on one line: the opening quote, the closing one.
    pub fn texts(&self) -> Vec<(Bytes, Bytes)> {
        let mut open = Vec::new();
        let mut texts = Vec::new();
        for (kind, bytes) in &self.tokens {
            if *kind == Kind::StrOpen {
                open.push(bytes.clone());
            } else if *kind == Kind::StrClose
                && let Some(opened) = open.pop().filter(|opened| self.of(opened) == "\"")
            {
                texts.push((opened, bytes.clone()));
            }
        }
        texts
    }

    /// Brackets of a kind, each with what closes it.
    pub fn brackets(&self, opens: Kind, closes: Kind) -> Vec<(Bytes, Bytes)> {
        let mut open = Vec::new();
        let mut pairs = Vec::new();
        for (kind, bytes) in &self.tokens {
            if *kind == opens {
                open.push(bytes.clone());
            } else if *kind == closes {
                pairs.extend(open.pop().map(|opened| (opened, bytes.clone())));
            }
        }
        pairs
    }

    fn declared(&mut self, view: View<'_>, item: &Item) {
        let Item::Properties { head, properties } = item else { return };
        for property in properties {
            let name = format!("{}.{}", view.text(*head), view.text(property.name));
            let ty = match &property.ty {
                TypeExpr::Named(at) => view.text(*at).to_owned(),
                TypeExpr::Options { several, options, .. } => {
                    self.options.extend(options.iter().map(|option| view.text(option.name).to_owned()));
                    if *several { "many of".to_owned() } else { "one of".to_owned() }
                }
            };
            self.properties.insert(name, ty);
        }
    }

    fn item(&mut self, view: View<'_>, item: &Item) {
        let end = view.file.layout.items.iter().find(|range| view_starts(view, range));
        let whole = end.map_or(0, |range| range.end - range.start);
        let range = bytes(view.span(tree::Range { start: 0, end: whole }));
        self.items.push((bytes(view.at(0)), range.clone()));
        match item {
            Item::Step { name, body, .. } => {
                let body =
                    body.iter().zip(1..).map(|(statement, next)| part(view, statement, next == body.len()));
                let body = body.collect();
                self.steps.push(Step { name: bytes(view.at(*name)), range, body });
            }
            Item::Anytime { arms } => arms.iter().for_each(|(_, branch)| self.branch(view, branch)),
            Item::Outdated { module: None, step } => self.targets.push(bytes(view.at(*step))),
            Item::Declaration { head, block: Some(lines), .. } => {
                let owner = view.text(*head).to_owned();
                self.block(view, &owner, None, range, lines);
            }
            Item::Test { lines, .. } => {
                self.test_lines.extend(lines.iter().map(|line| bytes(view.span(line.range))));
            }
            Item::Declaration { .. }
            | Item::Header { .. }
            | Item::TestsFor { .. }
            | Item::Properties { .. }
            | Item::Function { .. }
            | Item::Outdated { module: Some(_), .. }
            | Item::Error => {}
        }
    }

    fn branch(&mut self, view: View<'_>, branch: &Branch) {
        match branch {
            Branch::Step(at) => self.targets.push(bytes(view.at(*at))),
            Branch::Foreign { .. } | Branch::Block { .. } | Branch::Statement(_) | Branch::Error(_) => {}
        }
    }

    fn block(&mut self, view: View<'_>, owner: &str, asked: Option<Bytes>, of: Bytes, lines: &[Line]) {
        for line in lines {
            let (head, is_choice, values, arrow) = match &line.kind {
                LineKind::Choice { label, value, arrow } => {
                    (bytes(view.span(label.range)), true, value.iter().collect(), arrow)
                }
                LineKind::Entry { head, values, arrow, .. } => {
                    (bytes(view.at(*head)), false, values.iter().collect::<Vec<&Expr>>(), arrow)
                }
                LineKind::Pair { .. } | LineKind::Block { .. } | LineKind::Save { .. } | LineKind::Error => {
                    continue;
                }
            };
            let values = values.into_iter().map(|value| bytes(view.span(value.range))).collect();
            self.lines.push(BlockLine {
                owner: owner.to_owned(),
                asked: asked.clone(),
                of: of.clone(),
                range: bytes(view.span(line.range)),
                head,
                is_choice,
                values,
                has_arrow: arrow.is_some(),
            });
        }
    }
}

impl Rewrite for Subject {
    fn expression(&mut self, view: View<'_>, expression: &mut Expr) {
        let is_path = |expression: &Expr| matches!(expression.kind, ExprKind::Path { .. });
        let is_text = |expression: &Expr| matches!(expression.kind, ExprKind::Text(_));
        let is_literal = |expression: &Expr| matches!(expression.kind, ExprKind::Literal);
        if is_path(expression) {
            self.paths.push(bytes(view.span(expression.range)));
        }
        if let ExprKind::Or(both) = &expression.kind
            && is_path(&both.0)
            && (is_text(&both.1) || is_literal(&both.1))
        {
            let value = bytes(view.span(both.0.range));
            let rest = value.end..bytes(view.span(both.1.range)).end;
            self.defaults.push((value, rest));
        }
        if let ExprKind::Compare(comparison) = &expression.kind {
            let text = || comparison.right.first().filter(|right| is_text(right)).map(|_| Kind::StrOpen);
            let first = comparison.right.first().filter(|right| is_literal(right));
            let literal = first.and_then(|right| view.kind(right.range.start)).or_else(text);
            self.comparisons.push(Comparison {
                left: bytes(view.span(comparison.left.range)),
                words: bytes(view.span(comparison.words)),
                operator: comparison.operator,
                negated: comparison.negated,
                right: comparison.right.iter().map(|right| bytes(view.span(right.range))).collect(),
                literal,
            });
        }
    }

    fn statements(&mut self, view: View<'_>, statements: &mut Vec<tree::Statement>) {
        for (statement, next) in statements.iter().zip(1..) {
            self.statement(view, statement, next == statements.len());
        }
    }

    fn lines(&mut self, view: View<'_>, lines: &mut Vec<Line>) {
        for line in lines {
            match &line.kind {
                LineKind::Choice { arrow: Some(arrow), .. } | LineKind::Entry { arrow: Some(arrow), .. } => {
                    self.branch(view, arrow);
                }
                LineKind::Choice { .. }
                | LineKind::Entry { .. }
                | LineKind::Pair { .. }
                | LineKind::Block { .. }
                | LineKind::Save { .. }
                | LineKind::Error => {}
            }
        }
    }
}

impl Subject {
    fn statement(&mut self, view: View<'_>, statement: &tree::Statement, last: bool) {
        let own = part(view, statement, last);
        let range = own.range.clone();
        match &statement.kind {
            StatementKind::Ask { ty, block, .. } => {
                self.paths.extend(own.target.clone());
                if ty.is_some() {
                    self.locals.extend(own.target.as_ref().map(|target| self.of(target).to_owned()));
                }
                if let (Some(target), Some(ty)) = (&own.target, &own.part) {
                    self.types.insert(self.of(target).to_owned(), self.of(ty).to_owned());
                }
                if let Some(TypeExpr::Options { options, .. }) = ty {
                    self.options.extend(options.iter().map(|option| view.text(option.name).to_owned()));
                }
                self.block(view, "ask", own.target.clone(), range, block.as_deref().unwrap_or(&[]));
            }
            StatementKind::Say { block, .. } => {
                self.block(view, "say", None, range, block.as_deref().unwrap_or(&[]));
            }
            StatementKind::Set { block, .. } => {
                self.paths.extend(own.target.clone());
                self.block(view, "set", None, range, block.as_deref().unwrap_or(&[]));
            }
            StatementKind::Let { block, .. } => {
                self.locals.extend(own.target.as_ref().map(|target| self.of(target).to_owned()));
                self.block(view, "let", None, range, block.as_deref().unwrap_or(&[]));
            }
            StatementKind::Clear { .. } => self.paths.extend(own.target.clone()),
            StatementKind::Do { module: None, step } => self.targets.push(bytes(view.at(*step))),
            StatementKind::If { arms, otherwise } => {
                for branch in arms.iter().map(|(_, branch)| branch).chain(otherwise) {
                    self.branch(view, branch);
                    if let Branch::Statement(statement) = branch {
                        self.statement(view, statement, true);
                    }
                }
            }
            StatementKind::Go(branch) => self.branch(view, branch),
            StatementKind::Action { words, block, .. } => {
                let owner = view.source(*words).to_owned();
                self.block(view, &owner, None, range, block.as_deref().unwrap_or(&[]));
            }
            StatementKind::Do { .. }
            | StatementKind::Wait { .. }
            | StatementKind::End
            | StatementKind::Error => {}
        }
        self.statements.push(own);
    }
}

fn part(view: View<'_>, statement: &tree::Statement, last: bool) -> Statement {
    let span = |expression: &Expr| bytes(view.span(expression.range));
    let (target, part) = match &statement.kind {
        StatementKind::Ask { target, ty, .. } => {
            let ty = ty.as_ref().and_then(|ty| match ty {
                TypeExpr::Named(at) => Some(bytes(view.at(*at))),
                TypeExpr::Options { .. } => None,
            });
            (target.as_ref().map(span), ty)
        }
        StatementKind::Set { target, value, .. } | StatementKind::Let { target, value, .. } => {
            (Some(span(target)), Some(span(value)))
        }
        StatementKind::Clear { target } => (Some(span(target)), None),
        StatementKind::Do { step, .. } => (None, Some(bytes(view.at(*step)))),
        StatementKind::Say { text, .. } => (None, Some(span(text))),
        StatementKind::Action { words, .. } => (None, Some(bytes(view.span(*words)))),
        StatementKind::Wait { time } => (None, Some(span(time))),
        StatementKind::If { .. } | StatementKind::Go(_) | StatementKind::End | StatementKind::Error => {
            (None, None)
        }
    };
    Statement { range: bytes(view.span(statement.range)), kind: statement.kind.clone(), target, part, last }
}

fn view_starts(view: View<'_>, range: &Range<u32>) -> bool {
    let first = view.file.layout.token(range.start).map(|(token, _)| view.file.tokens.range(token).start);
    first == Some(bytes(view.at(0)).start)
}

fn bytes(span: Span) -> Bytes {
    span.start as usize..span.end as usize
}
