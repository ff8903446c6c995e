//! What tests say that the host answers, and how they look at what it was asked.

use chatflow_runtime::action::{Action, ObjectKind, Part, Takes};
use chatflow_runtime::value::Value as Constant;
use chatflow_runtime::{FactValue, HeaderValue};

use super::Checker;
use super::suite::{ExpectedRequest, TestStep, fact_value};
use super::webhook::runs_on;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::GivenValue;
use crate::near::nearest;
use crate::source::Span;
use crate::text::plain_text;
use crate::tree::{At, Comparison, Expr, ExprKind, Line, LineKind, Operator, Range};
use crate::types::Ty;
use crate::workspace::{FunctionInfo, Thing, repeated, single_word};

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
        let (arguments, request) = (Vec::new(), None);
        Some(TestStep::ExpectAct { negated, action, object, arguments, parameters, request })
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

    /// `given call webhook "URL" answers { … }`.
    pub(super) fn given_answer(
        &mut self,
        view: View<'_>,
        url: Option<&Expr>,
        lines: &[Line],
    ) -> Option<TestStep> {
        let url = match url {
            Some(url) => Some(plain_text(view, url, &mut self.found)?),
            None => None,
        };
        let mut said: Vec<(String, FactValue, Span)> = Vec::new();
        let mut whole = true;
        for line in lines {
            match self.answer_line(view, line, &said) {
                Some(line) => said.push(line),
                None => whole = false,
            }
        }
        let said = said.into_iter().map(|(path, value, _)| (path, value)).collect();
        whole.then_some(TestStep::GivenAnswer { url, said })
    }

    /// What a line of an answer says, behind those before it.
    fn answer_line(
        &mut self,
        view: View<'_>,
        line: &Line,
        said: &[(String, FactValue, Span)],
    ) -> Option<(String, FactValue, Span)> {
        let (path, at, values) = match &line.kind {
            LineKind::Entry { values, .. } if values.is_empty() && runs_on(view, line) => return None,
            LineKind::Entry { head, when: false, values, arrow: None } => {
                (view.text(*head).to_owned(), view.at(*head), values)
            }
            LineKind::Pair { key, values } => (self.json_path(view, key)?, view.span(key.range), values),
            LineKind::Error => return None,
            LineKind::Entry { .. }
            | LineKind::Choice { .. }
            | LineKind::Block { .. }
            | LineKind::Save { .. } => {
                let span = view.span(line.range);
                let found = Diagnostic::new(Code::BadSetting, span, "an answer has names and values")
                    .here("not written like this")
                    .help("Write `NAME VALUE`, or `\"quote.total\" VALUE`, on a line of its own.");
                self.found.push(found);
                return None;
            }
        };
        let value = self.one_value(&path, at, values)?;
        let value = self.answered(view, value)?;
        let inside = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        for (other, _, first) in said {
            if *other == path {
                self.found.push(repeated(&path, at, *first));
                return None;
            }
            if inside(other, &path) || inside(&path, other) {
                let message = format!("`{path}` and `{other}` cannot both be said");
                let found = Diagnostic::new(Code::BadPath, at, message)
                    .here("one is inside the other")
                    .label(*first, "said here")
                    .help("A server says a value or what is inside it; keep one of them.");
                self.found.push(found);
                return None;
            }
        }
        Some((path, value, at))
    }

    /// A fixed value that a server says; several texts are a list.
    fn answered(&mut self, view: View<'_>, value: &Expr) -> Option<FactValue> {
        if let ExprKind::List(members) = &value.kind {
            let texts = members.iter().map(|member| plain_text(view, member, &mut self.found));
            return Some(FactValue::Many(texts.collect::<Option<_>>()?));
        }
        let (said, _) = self.value(view, value, None)?;
        self.fixed(Some(said), view.span(value.range)).map(|value| fact_value(&value))
    }

    /// The address of `expect call webhook "URL"`.
    pub(super) fn expected_address(
        &mut self,
        view: View<'_>,
        action: Action,
        text: Option<&Expr>,
    ) -> Option<Option<ExpectedRequest>> {
        let Some(text) = text else { return Some(None) };
        if !action.spec().hands.contains(&Part::Address) {
            let message = format!("`{}` takes no text", action.spec().head);
            let found =
                Diagnostic::new(Code::Syntax, view.span(text.range), message).here("not expected here");
            self.found.push(found);
            return None;
        }
        let url = Some(plain_text(view, text, &mut self.found)?);
        Some(Some(ExpectedRequest { url, ..ExpectedRequest::default() }))
    }

    /// What a block of an expected action is for: `headers`, `body`.
    pub(super) fn expected_part(
        &mut self,
        view: View<'_>,
        action: Action,
        head: At,
        line: &Line,
    ) -> Option<Part> {
        let settings = action.spec().settings.iter();
        let setting = settings.into_iter().find(|setting| setting.argument.word() == view.text(head));
        match setting.map(|setting| setting.takes) {
            Some(Takes::Named(part)) => Some(part),
            Some(Takes::Text | Takes::Word(_) | Takes::StageOfPipeline)
            | Some(Takes::Results | Takes::Nicknames | Takes::Nothing)
            | None => {
                self.not_a_setting(view, line);
                None
            }
        }
    }

    /// The headers or the keys of the body that a test expects.
    pub(super) fn expected_lines(
        &mut self,
        view: View<'_>,
        part: Part,
        lines: &[Line],
        request: &mut ExpectedRequest,
    ) -> Option<()> {
        for line in lines {
            let (name, at, values) = self.named_line(view, part, line)?;
            if part == Part::Header {
                let value = match self.secret_of(view, values) {
                    Some((secret, span)) => {
                        self.declared(Thing::Secret, secret, span)?;
                        HeaderValue::Secret(secret.to_owned())
                    }
                    None => {
                        let value = self.one_value(&name, at, values)?;
                        HeaderValue::Text(plain_text(view, value, &mut self.found)?)
                    }
                };
                request.headers.push((name, value));
            } else {
                let value = self.one_value(&name, at, values)?;
                let said = self.fixed_in_body(view, value)?;
                request.body.push((name, said));
            }
        }
        Some(())
    }

    /// A fixed value of a body; several options are a list of the CRM's own texts.
    fn fixed_in_body(&mut self, view: View<'_>, value: &Expr) -> Option<Constant> {
        if let ExprKind::List(members) = &value.kind {
            let texts = members.iter().map(|member| plain_text(view, member, &mut self.found));
            return Some(Constant::Options(texts.collect::<Option<_>>()?));
        }
        let (said, ty) = self.value(view, value, None)?;
        let said = self.fixed(Some(said), view.span(value.range))?;
        Some(as_crm(&ty, said))
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
            let GivenValue::Value(value, _) = given.value else { return None };
            let value = self.fixed(Some(value), view.span(argument.range))?;
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
