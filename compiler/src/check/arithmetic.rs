//! Arithmetic: whether the types of the two sides agree with the operator.

use chatflow_runtime::value::Value as Constant;

use super::Checker;
use super::expression::Checked;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::Value;
use crate::literal::{Literal, literal};
use crate::source::Span;
use crate::tree::{Arithmetic, Expr, ExprKind};
use crate::types::Ty;

const DAY: i64 = 86_400_000;

impl Checker<'_> {
    /// `-x`.
    pub(super) fn minus(&mut self, view: View<'_>, expr: &Expr, inner: &Expr) -> Checked {
        if inner.kind == ExprKind::Literal {
            match literal(view.source(inner.range)) {
                Some(Literal::Number(number)) => return self.constant(Constant::Number(-number), Ty::Number),
                Some(Literal::Duration(ms)) => return self.constant(Constant::Duration(-ms), Ty::Duration),
                Some(Literal::Date(_) | Literal::DateTime(_) | Literal::Other) | None => {}
            }
        }
        let Some((value, ty)) = self.value(view, inner, None) else { return Checked::Error };
        match ty {
            Ty::Number | Ty::Duration => Checked::Value(Value::Negate(Box::new(value)), ty),
            Ty::Error => Checked::Error,
            _ => {
                let message = format!("{} has no negative", ty.describe());
                let found = Diagnostic::new(Code::ArithmeticMisfit, view.span(expr.range), message)
                    .here(format!("`-` before {}", ty.describe()))
                    .help("Numbers and durations have one.");
                self.found.push(found);
                Checked::Error
            }
        }
    }

    /// `a + b` and the like.
    pub(super) fn arithmetic(
        &mut self,
        view: View<'_>,
        expr: &Expr,
        operator: Arithmetic,
        both: &(Expr, Expr),
    ) -> Checked {
        if operator == Arithmetic::Add && self.adds_texts(view, expr) {
            return Checked::Error;
        }
        let (left, right) = (self.value(view, &both.0, None), self.value(view, &both.1, None));
        let (Some((left, left_ty)), Some((right, right_ty))) = (left, right) else { return Checked::Error };
        let at = view.span(both.1.range);
        match Ty::arithmetic(operator, &left_ty, &right_ty) {
            Some(Ty::Error) => Checked::Error,
            Some(ty) => {
                if matches!(ty, Ty::Date) {
                    self.whole_days(&left, view.span(both.0.range));
                    self.whole_days(&right, at);
                }
                Checked::Value(Value::Arithmetic(operator, Box::new((left, right)), at), ty)
            }
            None => {
                self.arithmetic_misfit(view, view.span(expr.range), operator, both, (&left_ty, &right_ty));
                Checked::Error
            }
        }
    }

    /// Warns where a fixed length that is added to a date has a part of a day, which a date cannot hold.
    fn whole_days(&mut self, value: &Value, span: Span) {
        let Value::Const(constant) = value else { return };
        let Some(Constant::Duration(length)) = self.tables.image.constants.get(constant.index()) else {
            return;
        };
        if length % DAY != 0 {
            let found = Diagnostic::new(Code::PartOfADay, span, "a date has no time of day")
                .here("no whole number of days")
                .help("Counted from the date's midnight, what is left of the last day is dropped; write whole days, like `2d`.");
            self.found.push(found);
        }
    }

    fn arithmetic_misfit(
        &mut self,
        view: View<'_>,
        whole: Span,
        operator: Arithmetic,
        both: &(Expr, Expr),
        (left, right): (&Ty, &Ty),
    ) {
        let (left_span, right_span) = (view.span(both.0.range), view.span(both.1.range));
        let (said_left, said_right) = (left.describe(), right.describe());
        let message = match operator {
            Arithmetic::Add => format!("{said_right} cannot be added to {said_left}"),
            Arithmetic::Subtract => format!("{said_right} cannot be taken from {said_left}"),
            Arithmetic::Multiply => format!("{said_left} cannot be multiplied by {said_right}"),
            Arithmetic::Divide => format!("{said_left} cannot be divided by {said_right}"),
        };
        let mut found = Diagnostic::new(Code::ArithmeticMisfit, right_span, message)
            .here(format!("this is {said_right}"))
            .label(left_span, format!("this is {said_left}"));
        if operator == Arithmetic::Add && (left.is_text() || right.is_text()) {
            found = one_text(found, view, whole, &[&both.0, &both.1]);
        } else {
            found = found.help("Numbers take `+ - * /`. A duration is added to a date or taken from it, and multiplied or divided by a number; two dates have a difference.");
        }
        self.found.push(found);
    }

    /// Reports a sum with the words of a text in it, as a whole: `"Hi " + name + "!"`.
    fn adds_texts(&mut self, view: View<'_>, expr: &Expr) -> bool {
        let mut leaves = Vec::new();
        summands(expr, &mut leaves);
        let Some(text) = leaves.iter().find(|leaf| matches!(leaf.kind, ExprKind::Text(_))) else {
            return false;
        };
        let span = view.span(text.range);
        let found =
            Diagnostic::new(Code::ArithmeticMisfit, span, "texts are not added").here("this is a text");
        let texts = leaves.iter().filter(|leaf| matches!(leaf.kind, ExprKind::Text(_))).count();
        let quoted = view.source(text.range).trim_matches('"');
        let value = literal(quoted).filter(|value| *value != Literal::Other && texts == 1);
        self.found.push(match value {
            Some(_) => found.help(format!("Without its quotes it is a value: `{quoted}`.")).fix(
                format!("write `{quoted}`"),
                span,
                quoted,
            ),
            None => one_text(found, view, view.span(expr.range), &leaves),
        });
        true
    }
}

/// The summands of a sum, from left to right.
fn summands<'e>(expr: &'e Expr, out: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::Arithmetic(Arithmetic::Add, both) => {
            summands(&both.0, out);
            summands(&both.1, out);
        }
        _ => out.push(expr),
    }
}

/// Proposes the text that a sum of texts was meant to be.
fn one_text(found: Diagnostic, view: View<'_>, whole: Span, parts: &[&Expr]) -> Diagnostic {
    let joined: String = parts.iter().map(|part| inside_text(view, part)).collect();
    found.help(format!("Write one text: `\"{joined}\"`.")).suggest(
        "write one text",
        whole,
        format!("\"{joined}\""),
    )
}

/// How an expression stands in a text: the words of a literal as they are, anything else in a hole.
fn inside_text(view: View<'_>, expr: &Expr) -> String {
    let written = view.source(expr.range);
    match &expr.kind {
        ExprKind::Text(_) if !written.starts_with("\"\"\"") => {
            written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(written).to_owned()
        }
        ExprKind::Error => String::new(),
        _ => format!("{{{written}}}"),
    }
}
