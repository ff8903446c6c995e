//! Goes through the tree of a flow's file and lets it be changed: its expressions, its statements, its lines.

use chatflow_compiler::File;
use chatflow_compiler::file::View;
use chatflow_compiler::tree::{
    Branch, Comparison, Expr, ExprKind, Item, Line, LineKind, Part, Statement, StatementKind,
};

/// What is done with the parts of a tree. Each is met after what stands in it.
pub trait Rewrite {
    /// An expression.
    fn expression(&mut self, view: View<'_>, expression: &mut Expr) {
        let _ = (view, expression);
    }
    /// The statements of a step or block.
    fn statements(&mut self, view: View<'_>, statements: &mut Vec<Statement>) {
        let _ = (view, statements);
    }
    /// The lines of a block of settings, choices and outcomes.
    fn lines(&mut self, view: View<'_>, lines: &mut Vec<Line>) {
        let _ = (view, lines);
    }
}

/// Lets the tree of a file be rewritten, but for its tests: what they expect stays what it was.
pub fn rewrite(file: &mut File, how: &mut impl Rewrite) {
    let text = file.clone();
    let mut items: Vec<Item> = file.items.iter().cloned().collect();
    for ((view, _), item) in text.views().zip(&mut items) {
        Walk { view, how }.item(item);
    }
    file.items = items.into();
}

struct Walk<'v, 'h, R> {
    view: View<'v>,
    how: &'h mut R,
}

impl<R: Rewrite> Walk<'_, '_, R> {
    fn item(&mut self, item: &mut Item) {
        match item {
            Item::Step { body, .. } => self.statements(body),
            Item::Anytime { arms } => self.arms(arms),
            Item::Declaration { values, block, .. } => {
                values.iter_mut().for_each(|value| self.expression(value));
                self.block(block);
            }
            Item::Header { .. }
            | Item::TestsFor { .. }
            | Item::Outdated { .. }
            | Item::Properties { .. }
            | Item::Function { .. }
            | Item::Test { .. }
            | Item::Error => {}
        }
    }

    fn statements(&mut self, statements: &mut Vec<Statement>) {
        for statement in statements.iter_mut() {
            self.statement(statement);
        }
        self.how.statements(self.view, statements);
    }

    fn statement(&mut self, statement: &mut Statement) {
        match &mut statement.kind {
            StatementKind::Say { text, block } => {
                self.expression(text);
                self.block(block);
            }
            StatementKind::Ask { text, block, .. } => {
                self.expression(text);
                self.block(block);
            }
            StatementKind::Set { value, block, .. } | StatementKind::Let { value, block, .. } => {
                self.expression(value);
                self.block(block);
            }
            StatementKind::If { arms, otherwise } => {
                self.arms(arms);
                otherwise.iter_mut().for_each(|branch| self.branch(branch));
            }
            StatementKind::Go(branch) => self.branch(branch),
            StatementKind::Action { text, block, .. } => {
                text.iter_mut().for_each(|text| self.expression(text));
                self.block(block);
            }
            StatementKind::Clear { .. }
            | StatementKind::Wait { .. }
            | StatementKind::Do { .. }
            | StatementKind::End
            | StatementKind::Error => {}
        }
    }

    fn arms(&mut self, arms: &mut [(Expr, Branch)]) {
        for (condition, branch) in arms {
            self.expression(condition);
            self.branch(branch);
        }
    }

    fn branch(&mut self, branch: &mut Branch) {
        match branch {
            Branch::Block { body, .. } => self.statements(body),
            Branch::Statement(statement) => self.statement(statement),
            Branch::Step(_) | Branch::Foreign { .. } | Branch::Error(_) => {}
        }
    }

    fn block(&mut self, block: &mut Option<Vec<Line>>) {
        let Some(lines) = block else { return };
        for line in lines.iter_mut() {
            match &mut line.kind {
                LineKind::Choice { value, arrow, .. } => {
                    value.iter_mut().for_each(|value| self.expression(value));
                    arrow.iter_mut().for_each(|arrow| self.branch(arrow));
                }
                LineKind::Entry { values, arrow, .. } => {
                    values.iter_mut().for_each(|value| self.expression(value));
                    arrow.iter_mut().for_each(|arrow| self.branch(arrow));
                }
                LineKind::Pair { values, .. } => {
                    values.iter_mut().for_each(|value| self.expression(value));
                }
                LineKind::Block { lines, .. } => {
                    let mut inside = Some(std::mem::take(lines));
                    self.block(&mut inside);
                    *lines = inside.unwrap_or_default();
                }
                LineKind::Save { .. } | LineKind::Error => {}
            }
        }
        self.how.lines(self.view, lines);
    }

    fn expression(&mut self, expression: &mut Expr) {
        match &mut expression.kind {
            ExprKind::Text(parts) => {
                for part in parts {
                    match part {
                        Part::Hole(hole) => self.expression(hole),
                        Part::Words(_) => {}
                    }
                }
            }
            ExprKind::Pattern => {}
            ExprKind::Forms(forms) => {
                self.expression(&mut forms.of);
                forms.forms.iter_mut().for_each(|form| self.expression(&mut form.text));
            }
            ExprKind::Call { arguments, .. } => {
                arguments.iter_mut().for_each(|argument| self.expression(argument));
            }
            ExprKind::List(members) => members.iter_mut().for_each(|member| self.expression(member)),
            ExprKind::Not(inner) | ExprKind::Minus(inner) => self.expression(inner),
            ExprKind::Span(both)
            | ExprKind::Arithmetic(_, both)
            | ExprKind::And(both)
            | ExprKind::Or(both) => {
                self.expression(&mut both.0);
                self.expression(&mut both.1);
            }
            ExprKind::Compare(comparison) => {
                let Comparison { left, right, .. } = comparison.as_mut();
                self.expression(left);
                right.iter_mut().for_each(|right| self.expression(right));
            }
            ExprKind::Chain(chain) => self.expression(&mut chain.0),
            ExprKind::Literal
            | ExprKind::Bool(_)
            | ExprKind::Path { .. }
            | ExprKind::Subject { .. }
            | ExprKind::Error => {}
        }
        self.how.expression(self.view, expression);
    }
}
