//! Statements: questions with their choices, actions with their outcomes.

use chatflow_runtime::plan::Feature;

use super::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{self, Arm, TextValue, Value};
use crate::source::Span;
use crate::tree::{Branch, Expr, ExprKind, Statement, StatementKind};
use crate::types::Ty;

/// The lines of a block so far, with their places: each may be given once.
pub(super) type Given<'a> = Vec<(&'a str, Span)>;

impl Checker<'_> {
    pub(super) fn body(&mut self, view: View<'_>, body: &[Statement]) -> Vec<hir::Statement> {
        body.iter().map(|statement| self.statement(view, statement)).collect()
    }

    /// A statement; one that was reported becomes a hole, and the steps it names count as reached.
    fn statement(&mut self, view: View<'_>, statement: &Statement) -> hir::Statement {
        let span = view.span(statement.range);
        let named = self.named_steps.len();
        match self.whole_statement(view, statement) {
            Some(kind) => hir::Statement { span, kind },
            None => {
                let mentioned = self.named_steps.get(named..).unwrap_or(&[]).iter().copied();
                self.flow.mentioned.extend(mentioned);
                hir::Statement { span, kind: hir::StatementKind::Hole }
            }
        }
    }

    fn whole_statement(&mut self, view: View<'_>, statement: &Statement) -> Option<hir::StatementKind> {
        let span = view.span(statement.range);
        Some(match &statement.kind {
            StatementKind::Error => return None,
            StatementKind::Say { text } => hir::StatementKind::Say(self.bubbles(view, text)?),
            StatementKind::Ask { target, ty, text, block } => {
                let lines = block.as_deref().unwrap_or(&[]);
                hir::StatementKind::Ask(Box::new(self.ask(
                    view,
                    span,
                    target.as_ref(),
                    ty.is_some(),
                    text,
                    lines,
                )?))
            }
            StatementKind::Set { target, value } => self.set(view, target, value)?,
            StatementKind::If { arms, otherwise } => {
                self.uses_feature(Feature::Branch, view.at(statement.range.start));
                let conditions = arms.iter().map(|(condition, _)| view.span(condition.range)).collect();
                let mut checked = Vec::with_capacity(arms.len());
                let mut whole = true;
                for (condition, branch) in arms {
                    let condition = self.condition(view, condition);
                    let body = self.branch_body(view, branch);
                    match condition {
                        Some(condition) => checked.push((condition, body)),
                        None => whole = false,
                    }
                }
                let otherwise = otherwise.as_ref().map(|branch| self.branch_body(view, branch));
                if !whole {
                    return None;
                }
                hir::StatementKind::If { arms: checked, otherwise, conditions }
            }
            StatementKind::Go(branch) => match self.arm(view, branch) {
                Arm::Step(step, span) => hir::StatementKind::Go(step, span),
                // A bare block is no statement of its own; it reads like one and costs nothing.
                Arm::Block(body) => {
                    hir::StatementKind::If { arms: Vec::new(), otherwise: Some(body), conditions: Vec::new() }
                }
                Arm::Next => return None,
            },
            StatementKind::End => hir::StatementKind::End,
            StatementKind::Action { words, text, block } => {
                let lines = block.as_deref().unwrap_or(&[]);
                hir::StatementKind::Act(Box::new(self.action(view, *words, text.as_ref(), lines)?))
            }
        })
    }

    /// The statements after `then` or `else`.
    fn branch_body(&mut self, view: View<'_>, branch: &Branch) -> Vec<hir::Statement> {
        match branch {
            Branch::Block { body, .. } => self.body(view, body),
            Branch::Statement(statement) => vec![self.statement(view, statement)],
            Branch::Step(_) | Branch::Error => Vec::new(),
        }
    }

    /// What stands after `->`; what cannot be read leads nowhere, so that it causes no findings further on.
    pub(super) fn arm(&mut self, view: View<'_>, branch: &Branch) -> Arm {
        match branch {
            Branch::Step(at) => match self.step_named(view, *at) {
                Some(step) => Arm::Step(step, view.at(*at)),
                None => {
                    Arm::Block(vec![hir::Statement { span: view.at(*at), kind: hir::StatementKind::Hole }])
                }
            },
            Branch::Block { body, .. } => Arm::Block(self.body(view, body)),
            Branch::Statement(statement) => Arm::Block(vec![self.statement(view, statement)]),
            Branch::Error => Arm::Next,
        }
    }

    pub(super) fn arm_or_next(&mut self, view: View<'_>, branch: Option<&Branch>) -> Arm {
        branch.map_or(Arm::Next, |branch| self.arm(view, branch))
    }

    fn bubbles(&mut self, view: View<'_>, text: &Expr) -> Option<Vec<TextValue>> {
        match &text.kind {
            ExprKind::List(members) => members.iter().map(|member| self.text(view, member)).collect(),
            _ => Some(vec![self.text(view, text)?]),
        }
    }

    fn set(&mut self, view: View<'_>, target: &Expr, value: &Expr) -> Option<hir::StatementKind> {
        let (slot, ty) = self.stored_into(view, target)?;
        let written = view.source(target.range);
        let value = self.value_for(view, value, &ty, written)?;
        Some(hir::StatementKind::Set { slot, value })
    }

    /// The property or local that is stored into.
    pub(super) fn stored_into(
        &mut self,
        view: View<'_>,
        target: &Expr,
    ) -> Option<(chatflow_runtime::id::Slot, Ty)> {
        let span = view.span(target.range);
        match self.value(view, target, None)? {
            (Value::Slot(slot, _), ty) => Some((slot, ty)),
            _ => {
                let written = view.source(target.range);
                let found =
                    Diagnostic::new(Code::WrongValue, span, format!("`{written}` cannot be stored into"))
                        .here("only properties and locals hold values")
                        .help(
                            "Facts of the page and the visitor come from the host; a flow only reads them.",
                        );
                self.found.push(found);
                None
            }
        }
    }
}
