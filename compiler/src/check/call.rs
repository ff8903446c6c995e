//! Calls of the host's functions: where one may stand, and whether its values fit.

use chatflow_runtime::FUNCTION_VALUE;
use chatflow_runtime::action::{Action, ObjectKind, Part};
use chatflow_runtime::id::{Object, Slot};

use super::{Checker, Room};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{Act, Given, GivenValue, Saved, Value};
use crate::source::Span;
use crate::tree::{At, Expr, ExprKind, Line};
use crate::types::Ty;
use crate::workspace::{FunctionInfo, Thing};

impl<'a> Checker<'a> {
    /// `let NAME = FUNCTION(VALUE, …) { … }`; `stored` is the local, if it can be one.
    pub(super) fn call_function(
        &mut self,
        view: View<'_>,
        target: &Expr,
        stored: Option<(Slot, Ty)>,
        call: &Expr,
        lines: &[Line],
    ) -> Option<Act> {
        let ExprKind::Call { words, arguments } = &call.kind else { return None };
        let action = Action::CallFunction;
        self.uses(action.spec().plan, action.spec().head, view.span(call.range));
        let called = self.called(view, words);
        let name = called.map_or("", |(name, _)| name);
        let what = format!("{} {name}", action.spec().head);
        let mut act = Act {
            place: self.place(&what),
            what,
            action,
            object: Object(0),
            arguments: Vec::new(),
            given: Vec::new(),
            results: Vec::new(),
            talk: None,
            outcomes: Vec::new(),
            timeout: None,
            deadline: None,
        };
        self.action_lines(view, &mut act, None, lines);
        let (name, function) = called?;
        let given = self.given_values(view, (name, function), arguments, view.span(call.range));
        let (slot, _) = stored?;
        act.given = given?;
        let path = self.tables.str(FUNCTION_VALUE);
        act.results.push(Saved { path, slot, span: view.span(target.range) });
        let object = self.object(ObjectKind::Function, name, view.span(call.range))?;
        act.object = self.tables.object(object);
        Some(act)
    }

    /// The function that a call names; an unknown one is reported.
    pub(super) fn called<'v>(&mut self, view: View<'v>, words: &[At]) -> Option<(&'v str, &'a FunctionInfo)> {
        let (first, last) = (view.at(*words.first()?), view.at(*words.last()?));
        let name = view.file.text(first.to(last));
        self.declared(Thing::Function, name, first.to(last))?;
        Some((name, self.names.workspace?.functions.get(name)?))
    }

    /// The values of a call, by the names of the parameters.
    pub(super) fn given_values(
        &mut self,
        view: View<'_>,
        (name, function): (&str, &FunctionInfo),
        arguments: &[Expr],
        span: Span,
    ) -> Option<Vec<Given>> {
        let mut given = Vec::with_capacity(arguments.len());
        for (argument, parameter) in arguments.iter().zip(&function.parameters) {
            let value =
                self.value_declared(view, argument, &parameter.ty, &parameter.name, Some(parameter.span));
            given.extend(value.map(|value| Given {
                part: Part::Parameter,
                name: self.tables.str(&parameter.name),
                value: GivenValue::Value(value, self.tables.ty(&parameter.ty)),
            }));
        }
        // What stands too much is read as well, for its own mistakes.
        for argument in arguments.iter().skip(function.parameters.len()) {
            self.value(view, argument, None);
        }
        let broken = arguments.iter().any(|argument| argument.kind == ExprKind::Error);
        if arguments.len() != function.parameters.len() && !broken {
            self.wrong_count(view, (name, function), arguments, span);
            return None;
        }
        (given.len() == function.parameters.len()).then_some(given)
    }

    fn wrong_count(
        &mut self,
        view: View<'_>,
        (name, function): (&str, &FunctionInfo),
        arguments: &[Expr],
        span: Span,
    ) {
        let (has, takes) = (arguments.len(), function.parameters.len());
        let values = |count: usize| match count {
            0 => "no value".to_owned(),
            1 => "1 value".to_owned(),
            count => format!("{count} values"),
        };
        let at = match arguments.get(takes) {
            Some(extra) => view.span(extra.range),
            None => span,
        };
        let form: Vec<&str> = function.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        let message = format!("`{name}` takes {}, not {has}", values(takes));
        let mut found = Diagnostic::new(Code::WrongCount, at, message)
            .here(if has > takes { "too much" } else { "too few" })
            .help(format!("Write `{name}({})`.", form.join(", ")));
        if let Some(missing) = function.parameters.get(has) {
            found = found.label(missing.span, format!("`{}` has no value", missing.name));
        }
        self.found.push(found);
    }

    /// Reports a call that is more, or something else, than the right side of `let`.
    pub(super) fn misplaced_call(&mut self, view: View<'_>, words: &[At], span: Span) {
        let Some((name, _)) = self.called(view, words) else { return };
        let written = view.file.text(span);
        let help = match self.room {
            Room::Test => format!(
                "A test says what it comes to with `given {written} is VALUE`, and looks at whether it was called with `expect {written}`."
            ),
            Room::Step => format!(
                "Write `let result = {written}` before this, and `result` here; the host is asked, so it may fail."
            ),
            Room::Target | Room::Welcome | Room::Anytime => {
                format!(
                    "The host is asked, which takes time: call it in a step, with `let result = {written}`."
                )
            }
        };
        let message = format!("a call of `{name}` needs a `let` of its own");
        let found = Diagnostic::new(Code::MisplacedCall, span, message).here("called here").help(help);
        self.found.push(found);
    }

    /// Reports a call that stands as a statement: `price_for(5)`; whether it is one.
    pub(super) fn call_as_statement(&mut self, name: &str, span: Span) -> bool {
        if !self.names.workspace.is_some_and(|workspace| workspace.functions.contains_key(name)) {
            return false;
        }
        let message = format!("`{name}` is a function, and no statement");
        let found = Diagnostic::new(Code::UnknownWord, span, message)
            .here("what it comes to goes nowhere")
            .help(format!("Write `let result = {name}(…)`."))
            .suggest("store it in `result`", span.at_start(), "let result = ");
        self.found.push(found);
        true
    }

    /// Reports a function's name that stands without its values.
    pub(super) fn uncalled_function(&mut self, name: &str, span: Span) {
        let parameters = self
            .names
            .workspace
            .and_then(|workspace| workspace.functions.get(name))
            .map(|info| &info.parameters);
        let names: Vec<&str> =
            parameters.into_iter().flatten().map(|parameter| parameter.name.as_str()).collect();
        let written = format!("{name}({})", names.join(", "));
        let help = match self.room {
            Room::Test => format!("Write `given {written} is VALUE` with its values."),
            Room::Step | Room::Target | Room::Welcome | Room::Anytime => {
                format!("Write `let result = {written}`, and use `result`.")
            }
        };
        let mut found = Diagnostic::new(Code::UnknownName, span, format!("`{name}` is a function"))
            .here("not called")
            .help(help);
        if names.is_empty() {
            found = found.suggest(format!("write `{written}`"), span, written);
        }
        self.found.push(found);
    }

    /// A value that is fixed, as tests need; anything else is reported.
    pub(super) fn fixed(
        &mut self,
        value: Option<Value>,
        span: Span,
    ) -> Option<chatflow_runtime::value::Value> {
        let Value::Const(constant) = value? else {
            let found = Diagnostic::new(Code::WrongValue, span, "a test compares with a fixed value")
                .here("not fixed")
                .help("Write a literal or an option here.");
            self.found.push(found);
            return None;
        };
        self.tables.image.constants.get(constant.index()).cloned()
    }
}
