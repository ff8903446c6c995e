//! What the tree says about the tokens of an item: where columns may be, what kind of line a row is, and which tokens
//! stand right behind the one before them.

use std::collections::{BTreeMap, BTreeSet};

use crate::file::{File, View};
use crate::token::Kind;
use crate::tree::{
    At, Branch, Expr, ExprKind, Item, Line, LineKind, Rank, Statement, StatementKind, TestLine, TestLineKind,
};

/// What lines are columns of: those of one class that follow each other share them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// `"Label" = value -> target`.
    Choice,
    /// `outcome -> target`.
    Outcome,
    /// `setting value`.
    Setting,
    /// `setting value -> target`: keeps to the columns of others, but makes none.
    Timed,
    /// `"Name" value`.
    Pair,
    /// `save "PATH" as NAME: TYPE`.
    Save,
    /// `NAME TYPE "Label"`.
    Property,
    /// `team sales "Sales" { … }`, `channel website`.
    Declaration,
    /// `CONDITION -> target`.
    Arm,
    /// `bot "…"`, `visitor "…"`.
    Said,
    /// Any other line of a test.
    Tested,
    /// `set PROPERTY = VALUE`, `let NAME = VALUE`.
    Stored,
}

impl Class {
    /// The class whose columns it shares.
    pub fn family(self) -> Class {
        match self {
            Class::Timed | Class::Pair => Class::Setting,
            Class::Tested => Class::Said,
            Class::Choice
            | Class::Outcome
            | Class::Setting
            | Class::Save
            | Class::Property
            | Class::Declaration
            | Class::Arm
            | Class::Said
            | Class::Stored => self,
        }
    }

    /// Whether its lines always share a column, as wide as the widest.
    pub fn is_forced(self) -> bool {
        matches!(self, Class::Choice | Class::Outcome)
    }

    /// Whether a line takes part in a column that another line makes.
    pub fn joins(self) -> bool {
        !matches!(self, Class::Timed | Class::Tested)
    }

    /// Whether a column behind the first may be one line's alone.
    pub fn may_stand_alone(self) -> bool {
        matches!(self, Class::Property | Class::Declaration)
    }
}

/// What a row is.
#[derive(Clone, Debug)]
pub(super) struct Role {
    /// Its class.
    pub class: Class,
    /// The tokens before which columns may be, by their positions in the layout.
    pub stops: Vec<u32>,
}

/// What the tree says of a file's tokens, by their positions in the layout.
#[derive(Clone, Debug, Default)]
pub(super) struct Roles {
    /// The rows with columns, by their first tokens.
    pub rows: BTreeMap<u32, Role>,
    /// The tokens without a blank before them.
    pub glued: BTreeSet<u32>,
    /// Where the lines of the blocks of actions and questions stand, by their first tokens.
    pub ranks: BTreeMap<u32, Rank>,
}

impl Roles {
    /// Reads the tree of a file.
    pub fn of(file: &File) -> Roles {
        let mut roles = Roles::default();
        for ((view, item), range) in file.views().zip(&file.layout.items) {
            Walk { view, base: range.start, roles: &mut roles }.item(item);
        }
        roles
    }
}

struct Walk<'f, 'r> {
    view: View<'f>,
    base: u32,
    roles: &'r mut Roles,
}

impl Walk<'_, '_> {
    fn row(&mut self, first: At, class: Class, stops: Vec<At>) {
        let stops = stops.into_iter().map(|at| self.base + at).collect();
        self.roles.rows.insert(self.base + first, Role { class, stops });
    }

    fn glue(&mut self, at: At) {
        self.roles.glued.insert(self.base + at);
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Step { body, .. } => self.statements(body),
            Item::Anytime { arms } => {
                for (condition, branch) in arms {
                    self.row(condition.range.start, Class::Arm, vec![condition.range.end]);
                    self.expression(condition);
                    self.branch(branch);
                }
            }
            Item::Properties { properties, .. } => {
                for property in properties {
                    let label = property.label.as_ref().map(|label| label.range.start);
                    let stops = [property.name + 1].into_iter().chain(label).collect();
                    self.row(property.name, Class::Property, stops);
                }
            }
            Item::Function { name, .. } => self.glue(name + 1),
            Item::Test { lines, .. } => lines.iter().for_each(|line| self.test_line(line)),
            Item::Declaration { head, values, block } => self.declaration(*head, values, block.as_deref()),
            Item::Header { .. } | Item::TestsFor { .. } | Item::Outdated { .. } | Item::Error => {}
        }
    }

    fn declaration(&mut self, head: At, values: &[Expr], block: Option<&[Line]>) {
        let mut stops = self.before_values(values);
        let end = values.last().map_or(head + 1, |value| value.range.end);
        // An empty list of values has nothing that would stand in a column.
        stops.extend(block.filter(|_| !values.is_empty()).map(|_| end));
        self.row(head, Class::Declaration, stops);
        values.iter().for_each(|value| self.expression(value));
        block.into_iter().flatten().for_each(|line| self.line(line));
    }

    /// The places before values. Those behind a comma are one list with the value before it.
    fn before_values(&self, values: &[Expr]) -> Vec<At> {
        let starts = values.iter().map(|value| value.range.start);
        starts.filter(|at| at.checked_sub(1).and_then(|at| self.view.kind(at)) != Some(Kind::Comma)).collect()
    }

    fn statements(&mut self, statements: &[Statement]) {
        statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Say { text, block } => {
                self.expression(text);
                self.lines(block.as_deref());
            }
            StatementKind::Ask { target, text, block, .. } => {
                target.iter().for_each(|target| self.expression(target));
                self.expression(text);
                self.lines(block.as_deref());
            }
            StatementKind::Set { target, value, block } | StatementKind::Let { target, value, block, .. } => {
                if let Some(sign) = value.range.start.checked_sub(1) {
                    self.row(statement.range.start, Class::Stored, vec![sign]);
                }
                self.expression(target);
                self.expression(value);
                self.lines(block.as_deref());
            }
            StatementKind::Clear { target } => self.expression(target),
            StatementKind::Wait { time } => self.expression(time),
            StatementKind::If { arms, otherwise } => {
                for (condition, branch) in arms {
                    self.expression(condition);
                    self.branch(branch);
                }
                otherwise.iter().for_each(|branch| self.branch(branch));
            }
            StatementKind::Go(branch) => self.branch(branch),
            StatementKind::Action { text, block, .. } => {
                text.iter().for_each(|text| self.expression(text));
                self.lines(block.as_deref());
            }
            StatementKind::Do { .. } | StatementKind::End | StatementKind::Error => {}
        }
    }

    fn branch(&mut self, branch: &Branch) {
        match branch {
            Branch::Block { body, .. } => self.statements(body),
            Branch::Statement(statement) => self.statement(statement),
            Branch::Step(_) | Branch::Foreign { .. } | Branch::Error(_) => {}
        }
    }

    /// The block of an action or question.
    fn lines(&mut self, lines: Option<&[Line]>) {
        let Some(lines) = lines else { return };
        let ranks = lines.iter().map(|line| (self.base + line.range.start, line.kind.rank()));
        self.roles.ranks.extend(ranks);
        lines.iter().for_each(|line| self.line(line));
    }

    fn line(&mut self, line: &Line) {
        let first = line.range.start;
        match &line.kind {
            LineKind::Choice { label, value, arrow } => {
                let mut stops = Vec::new();
                stops.extend((value.is_some() || arrow.is_some()).then_some(label.range.end));
                stops.extend(value.as_ref().filter(|_| arrow.is_some()).map(|value| value.range.end));
                self.row(first, Class::Choice, stops);
                self.expression(label);
                value.iter().for_each(|value| self.expression(value));
                arrow.iter().for_each(|arrow| self.branch(arrow));
            }
            LineKind::Pair { values, .. } => {
                self.row(first, Class::Pair, self.before_values(values));
                values.iter().for_each(|value| self.expression(value));
            }
            LineKind::Block { lines, .. } => lines.iter().for_each(|line| self.line(line)),
            LineKind::Save { path, .. } => self.row(first, Class::Save, vec![first + 1, path.range.end]),
            LineKind::Entry { head, when, values, arrow } => {
                let class = match (values.is_empty(), arrow) {
                    _ if *when => None,
                    (true, None) => None,
                    (true, Some(_)) => Some(Class::Outcome),
                    (false, None) => Some(Class::Setting),
                    (false, Some(_)) => Some(Class::Timed),
                };
                if let Some(class) = class {
                    let mut stops = self.before_values(values);
                    let end = values.last().map_or(head + 1, |value| value.range.end);
                    stops.extend(arrow.is_some().then_some(end));
                    self.row(first, class, stops);
                }
                values.iter().for_each(|value| self.expression(value));
                arrow.iter().for_each(|arrow| self.branch(arrow));
            }
            LineKind::Error => {}
        }
    }

    fn test_line(&mut self, line: &TestLine) {
        let first = line.range.start;
        let class = match &line.kind {
            TestLineKind::Bot { .. } | TestLineKind::Visitor(_) => Some(Class::Said),
            TestLineKind::Given(_)
            | TestLineKind::GivenAnswer { .. }
            | TestLineKind::Visit(_)
            | TestLineKind::Expect(_)
            | TestLineKind::ExpectAction { .. }
            | TestLineKind::Wait(_)
            | TestLineKind::Fail { .. }
            | TestLineKind::Choose(_) => Some(Class::Tested),
            TestLineKind::Agree
            | TestLineKind::Shown { .. }
            | TestLineKind::Completed
            | TestLineKind::Other
            | TestLineKind::Error => None,
        };
        if let Some(class) = class {
            self.row(first, class, vec![first + 1]);
        }
        match &line.kind {
            TestLineKind::Given(of)
            | TestLineKind::Visit(of)
            | TestLineKind::Visitor(of)
            | TestLineKind::Expect(of)
            | TestLineKind::Wait(of) => self.expression(of),
            TestLineKind::Bot { text, replies } => {
                self.expression(text);
                replies.iter().for_each(|replies| self.expression(replies));
            }
            TestLineKind::GivenAnswer { lines, .. } => {
                lines.iter().flatten().for_each(|line| self.line(line));
            }
            TestLineKind::ExpectAction { action, .. } => self.statement(action),
            TestLineKind::Fail { .. }
            | TestLineKind::Choose(_)
            | TestLineKind::Agree
            | TestLineKind::Shown { .. }
            | TestLineKind::Completed
            | TestLineKind::Other
            | TestLineKind::Error => {}
        }
    }

    fn expression(&mut self, expression: &Expr) {
        match &expression.kind {
            ExprKind::Path { words, index } => {
                if let (Some(last), Some(_)) = (words.last(), index) {
                    self.glue(last + 1);
                }
            }
            ExprKind::Call { words, arguments } => {
                words.last().iter().for_each(|last| self.glue(**last + 1));
                arguments.iter().for_each(|argument| self.expression(argument));
            }
            ExprKind::List(members) => members.iter().for_each(|member| self.expression(member)),
            ExprKind::Minus(inner) => {
                // `--` would be something else.
                let operand = expression.range.start + 1;
                if self.view.kind(operand) != Some(Kind::Minus) {
                    self.glue(operand);
                }
                self.expression(inner);
            }
            ExprKind::Not(inner) => self.expression(inner),
            ExprKind::Span(both)
            | ExprKind::Arithmetic(_, both)
            | ExprKind::And(both)
            | ExprKind::Or(both) => {
                self.expression(&both.0);
                self.expression(&both.1);
            }
            ExprKind::Compare(comparison) => {
                self.expression(&comparison.left);
                comparison.right.iter().for_each(|right| self.expression(right));
            }
            ExprKind::Chain(chain) => self.expression(&chain.0),
            // What stands in a text stays as it is.
            ExprKind::Text(_)
            | ExprKind::Forms(_)
            | ExprKind::Pattern
            | ExprKind::Literal
            | ExprKind::Bool(_)
            | ExprKind::Subject { .. }
            | ExprKind::Error => {}
        }
    }
}
