//! What tests say that the host answers, and how they look at what it was asked.

use chatflow_runtime::action::{Action, ObjectKind};
use chatflow_runtime::value::Value as Constant;

use super::Checker;
use super::suite::{TestStep, fact_value};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::near::nearest;
use crate::source::Span;
use crate::tree::{Comparison, Expr, ExprKind, Operator, Range};
use crate::types::Ty;
use crate::workspace::{FunctionInfo, Thing, single_word};

impl Checker<'_> {
    /// `given price_for(5) is 49.5`.
    pub(super) fn given_value(
        &mut self,
        view: View<'_>,
        whole: &Expr,
        comparison: &Comparison,
    ) -> Option<TestStep> {
        let ExprKind::Call { words, arguments } = &comparison.left.kind else { return None };
        let (name, function) = self.called(view, words)?;
        let ([value], Operator::Is, false) =
            (comparison.right.as_slice(), comparison.operator, comparison.negated)
        else {
            let written = view.source(comparison.left.range);
            let span = view.span(whole.range);
            let found =
                Diagnostic::new(Code::NotACondition, span, "a test says which value a function comes to")
                    .here("does not say one value")
                    .help(format!(
                        "Write `given {written} is VALUE`; `fail {name}` makes the next call fail."
                    ));
            self.found.push(found);
            return None;
        };
        let arguments = self.fixed_values(view, (name, function), arguments, &comparison.left);
        let at = view.span(value.range);
        let value = self.value_for(view, value, &function.result, name);
        let value = self.fixed(value, at)?;
        let arguments = arguments?.into_iter().map(|(_, value)| value).collect();
        Some(TestStep::GivenValue { function: name.to_owned(), arguments, value: fact_value(&value) })
    }

    /// Whether `expect` looks at a call: `price_for(5)`, `not price_for(5)`, `price_for`.
    pub(super) fn expects_call(&self, view: View<'_>, expr: &Expr) -> bool {
        let inner = unnegated(expr).1;
        let is_function = |name: &str| {
            let declared =
                self.names.workspace.is_some_and(|workspace| workspace.functions.contains_key(name));
            (declared || name == Action::CallFunction.spec().head) && !self.names.locals.contains_key(name)
        };
        matches!(inner.kind, ExprKind::Call { .. })
            || single_word(view, inner).is_some_and(|(name, _)| is_function(name))
    }

    /// `expect price_for(5)`.
    pub(super) fn expected_call(&mut self, view: View<'_>, expr: &Expr) -> Option<TestStep> {
        let (negated, inner) = unnegated(expr);
        let action = Action::CallFunction;
        let (name, parameters) = match &inner.kind {
            ExprKind::Call { words, arguments } => {
                let called = self.called(view, words)?;
                (called.0, self.fixed_values(view, called, arguments, inner)?)
            }
            _ => (single_word(view, inner)?.0, Vec::new()),
        };
        // `expect function`: any of them.
        let object = (name != action.spec().head).then(|| (ObjectKind::Function, name.to_owned()));
        Some(TestStep::ExpectAct { negated, action, object, arguments: Vec::new(), parameters })
    }

    /// The function that `fail price_for` or `fail function price_for` names, or nearly names.
    pub(super) fn failing_function<'v>(&self, view: View<'v>, words: Range) -> Option<(&'v str, Span)> {
        match view.words(words).as_slice() {
            [(word, _), (name, span)] if *word == Action::CallFunction.spec().head => Some((*name, *span)),
            [(name, span)] => {
                let names = self.names.workspace?.names(Thing::Function);
                nearest(name, names).map(|_| (*name, *span))
            }
            _ => None,
        }
    }

    /// The values of a call in a test, by the names of the parameters, as a host is handed them.
    fn fixed_values(
        &mut self,
        view: View<'_>,
        (name, function): (&str, &FunctionInfo),
        arguments: &[Expr],
        call: &Expr,
    ) -> Option<Vec<(String, Constant)>> {
        let given = self.given_values(view, (name, function), arguments, view.span(call.range))?;
        let mut fixed = Vec::with_capacity(given.len());
        for ((given, argument), parameter) in given.into_iter().zip(arguments).zip(&function.parameters) {
            let value = self.fixed(Some(given.value), view.span(argument.range))?;
            fixed.push((parameter.name.clone(), as_crm(&parameter.ty, value)));
        }
        Some(fixed)
    }
}

/// What `not` stands before, and whether it does.
fn unnegated(expr: &Expr) -> (bool, &Expr) {
    match &expr.kind {
        ExprKind::Not(inner) => (true, inner),
        _ => (false, expr),
    }
}

/// A value with the CRM's own names of options.
fn as_crm(ty: &Ty, value: Constant) -> Constant {
    let Some(list) = ty.options() else { return value };
    let crm = |name: String| list.named(&name).map_or(name, |option| option.value.clone());
    match value {
        // One option is several where several are wanted.
        Constant::Option(name) if matches!(ty, Ty::ManyOf(_)) => Constant::Options(vec![crm(name)]),
        Constant::Option(name) => Constant::Option(crm(name)),
        Constant::Options(names) => {
            let listed = list.names().filter(|name| names.iter().any(|other| other == name));
            Constant::Options(listed.map(|name| crm(name.to_owned())).collect())
        }
        other => other,
    }
}
