//! Expressions: what each name means, and whether the types agree.

use std::sync::Arc;

use chatflow_runtime::action::ObjectKind;
use chatflow_runtime::fact::{FACTS, FactKind, FactType};
use chatflow_runtime::image::{ObjectDef, Scope};
use chatflow_runtime::page::{normal_path, normal_url};
use chatflow_runtime::value::Value as Constant;

use super::{Checker, Room};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{Condition, Test, TextPart, TextValue, Value};
use crate::literal::{Literal, literal};
use crate::near::suggestion;
use crate::source::Span;
use crate::text::{TextPiece, pieces};
use crate::tree::{Comparison, Expr, ExprKind, Operator};
use crate::types::{OptionInfo, OptionList, Ty};
use crate::workspace::{Thing, ThingInfo, single_word};

/// What an expression turned out to be.
#[derive(Debug)]
pub(super) enum Checked {
    /// A value and its type.
    Value(Value, Ty),
    /// A condition.
    Condition(Condition),
    /// Something that was reported.
    Error,
}

impl<'a> Checker<'a> {
    /// An expression that must be a condition.
    pub(super) fn condition(&mut self, view: View<'_>, expr: &Expr) -> Option<Condition> {
        match self.expression(view, expr, None) {
            Checked::Condition(condition) => Some(condition),
            Checked::Error => None,
            Checked::Value(_, ty) => {
                let span = view.span(expr.range);
                let written = view.source(expr.range);
                let mut found = Diagnostic::new(
                    Code::NotACondition,
                    span,
                    format!("`{written}` is {}, not a condition", ty.describe()),
                )
                .here("a condition belongs here");
                found.help = Some(match ty {
                    Ty::Bool => format!("Write `{written} is true`."),
                    _ => format!("Compare it: `{written} is …`, or test `{written} is known`."),
                });
                if matches!(ty, Ty::Bool) {
                    found = found.fix("add `is true`", span.at_end(), " is true");
                }
                self.found.push(found);
                None
            }
        }
    }

    /// An expression that must be a value; `wanted` is the type it is for, which gives bare names their meaning.
    pub(super) fn value(&mut self, view: View<'_>, expr: &Expr, wanted: Option<&Ty>) -> Option<(Value, Ty)> {
        match self.expression(view, expr, wanted) {
            Checked::Value(value, ty) => Some((value, ty)),
            Checked::Error => None,
            Checked::Condition(_) => {
                let found = Diagnostic::new(
                    Code::NotACondition,
                    view.span(expr.range),
                    "a value is expected here, not a condition",
                )
                .here("this is a condition")
                .help("A condition stands after `if`, `show when`, `skip when` and the like.");
                self.found.push(found);
                None
            }
        }
    }

    /// A value that fits where `target` is wanted; what does not is reported.
    pub(super) fn value_for(
        &mut self,
        view: View<'_>,
        expr: &Expr,
        target: &Ty,
        what: &str,
    ) -> Option<Value> {
        let (value, ty) = self.value(view, expr, Some(target))?;
        if ty.fits(target) {
            return Some(value);
        }
        let span = view.span(expr.range);
        let message = format!("`{what}` holds {}, this is {}", target.describe(), ty.describe());
        let mut found =
            Diagnostic::new(Code::WrongValue, span, message).here(format!("this is {}", ty.describe()));
        if matches!(target, Ty::Email | Ty::Phone | Ty::Url) && matches!(ty, Ty::Text) {
            found.help = Some(format!(
                "A text was never read as {}; `ask {what} \"…\"` reads and checks it.",
                target.describe()
            ));
        }
        self.found.push(found);
        None
    }

    /// A text with holes.
    pub(super) fn text(&mut self, view: View<'_>, expr: &Expr) -> Option<TextValue> {
        let span = view.span(expr.range);
        let pieces = match pieces(view, expr) {
            Some(pieces) => pieces,
            None => {
                if expr.kind != ExprKind::Error {
                    let found = Diagnostic::new(Code::Syntax, span, "expected a text")
                        .here("a text in quotes belongs here");
                    self.found.push(found);
                }
                return None;
            }
        };
        let mut parts = Vec::with_capacity(pieces.len());
        let mut whole = true;
        for piece in pieces {
            match piece {
                TextPiece::Words(words) => parts.push(TextPart::Words(self.tables.str(&words))),
                TextPiece::Hole(hole) => match self.shown(view, hole) {
                    Some(value) => parts.push(TextPart::Hole(value)),
                    None => whole = false,
                },
            }
        }
        whole.then_some(TextValue { span, pieces: parts })
    }

    /// A value as it is shown: options by their labels.
    pub(super) fn shown(&mut self, view: View<'_>, expr: &Expr) -> Option<Value> {
        let (value, ty) = self.value(view, expr, None)?;
        Some(self.labelled(value, &ty))
    }

    fn labelled(&mut self, value: Value, ty: &Ty) -> Value {
        match ty.options() {
            Some(list) => Value::Label(self.tables.options(list), Box::new(value)),
            None => value,
        }
    }

    fn expression(&mut self, view: View<'_>, expr: &Expr, wanted: Option<&Ty>) -> Checked {
        let span = view.span(expr.range);
        match &expr.kind {
            ExprKind::Error => Checked::Error,
            ExprKind::Text(_) => self.text_value(view, expr, wanted),
            ExprKind::Literal | ExprKind::Negative => self.literal(view, expr),
            ExprKind::Bool(is) => self.constant(Constant::Bool(*is), Ty::Bool),
            ExprKind::Path { words, index } => self.path(view, span, words, index.as_deref(), wanted),
            ExprKind::Subject { kind, .. } => {
                let word = view.text(*kind);
                let state = if word == "inbox" { "open" } else { "available" };
                let found = Diagnostic::new(
                    Code::NotACondition,
                    span,
                    format!("`{}` says nothing by itself", view.source(expr.range)),
                )
                .here("incomplete")
                .help(format!("Write `{} is {state}`.", view.source(expr.range)))
                .fix(format!("add `is {state}`"), span.at_end(), format!(" is {state}"));
                self.found.push(found);
                Checked::Error
            }
            ExprKind::List(members) => self.list(view, span, members, wanted),
            ExprKind::Span(_) => {
                self.found.push(
                    Diagnostic::new(Code::Syntax, span, "a range is not a value").here("not expected here"),
                );
                Checked::Error
            }
            ExprKind::Not(inner) => match self.condition(view, inner) {
                Some(condition) => Checked::Condition(condition.negate()),
                None => Checked::Error,
            },
            ExprKind::And(both) => {
                let (left, right) = (self.condition(view, &both.0), self.condition(view, &both.1));
                match (left, right) {
                    (Some(left), Some(right)) => Checked::Condition(Condition::And(Box::new((left, right)))),
                    _ => Checked::Error,
                }
            }
            ExprKind::Or(both) => self.or(view, both, wanted),
            ExprKind::Compare(comparison) => match self.comparison(view, span, comparison) {
                Some(condition) => Checked::Condition(condition),
                None => Checked::Error,
            },
            ExprKind::Chain(chain) => {
                let first = view.source(chain.0.range);
                let rest = view.source(chain.1);
                let middle = match &chain.0.kind {
                    ExprKind::Compare(first) => {
                        first.right.last().map_or("", |right| view.source(right.range))
                    }
                    _ => "",
                };
                let found = Diagnostic::new(Code::ChainedComparison, span, "comparisons do not chain")
                    .here("two comparisons in one")
                    .help(format!("Write `{first} and {middle} {rest}`, or put one of them in parentheses."))
                    .fix("compare twice", view.span(chain.1).at_start(), format!("and {middle} "));
                self.found.push(found);
                Checked::Error
            }
        }
    }

    fn constant(&mut self, value: Constant, ty: Ty) -> Checked {
        Checked::Value(Value::Const(self.tables.constant(value)), ty)
    }

    fn text_value(&mut self, view: View<'_>, expr: &Expr, wanted: Option<&Ty>) -> Checked {
        let Some(text) = self.text(view, expr) else { return Checked::Error };
        let words = match text.pieces.as_slice() {
            [] => Some(String::new()),
            [TextPart::Words(words)] => Some(self.tables.image.strings.get(*words).to_owned()),
            _ => None,
        };
        match (words, wanted) {
            (Some(words), Some(wanted))
                if wanted.options().is_some() || matches!(wanted, Ty::Date | Ty::DateTime) =>
            {
                self.quoted(view.span(expr.range), &words, wanted)
            }
            (Some(words), _) => self.constant(Constant::Text(words), Ty::Text),
            (None, _) => Checked::Value(Value::Text(text), Ty::Text),
        }
    }

    /// An option or a date in quotes is not one.
    fn quoted(&mut self, span: Span, words: &str, wanted: &Ty) -> Checked {
        let bare = match wanted.options() {
            Some(list) => list.options.iter().find(|option| {
                option.name == words
                    || option.label.eq_ignore_ascii_case(words)
                    || option.value.eq_ignore_ascii_case(words)
            }),
            None => None,
        };
        let bare = bare.map_or(words, |option| option.name.as_str());
        let what = if wanted.options().is_some() { "an option" } else { "a date" };
        let mut found = Diagnostic::new(Code::QuotedValue, span, format!("{what} is written without quotes"))
            .here("a text");
        found = match wanted.options().is_none_or(|list| list.names().any(|name| name == bare)) {
            true => found.help(format!("Write `{bare}`.")).fix(format!("write `{bare}`"), span, bare),
            false => found.help(options_help(wanted)),
        };
        self.found.push(found);
        Checked::Error
    }

    fn literal(&mut self, view: View<'_>, expr: &Expr) -> Checked {
        let written = view.source(expr.range);
        match literal(written) {
            Some(Literal::Number(number)) => self.constant(Constant::Number(number), Ty::Number),
            Some(Literal::Duration(ms)) => self.constant(Constant::Duration(ms), Ty::Duration),
            Some(Literal::Date(days)) => self.constant(Constant::Date(days), Ty::Date),
            Some(Literal::DateTime(ms)) => self.constant(Constant::DateTime(ms), Ty::DateTime),
            Some(Literal::Other) => {
                let found = Diagnostic::new(
                    Code::BadLiteral,
                    view.span(expr.range),
                    format!("`{written}` is no value here"),
                )
                .here("percentages, colours and times of day stand only in settings");
                self.found.push(found);
                Checked::Error
            }
            None => {
                let found = Diagnostic::new(
                    Code::BadLiteral,
                    view.span(expr.range),
                    format!("`{written}` does not exist"),
                )
                .here("no such date, or a number with too many digits")
                .help("Dates are YYYY-MM-DD; numbers hold up to 28 digits.");
                self.found.push(found);
                Checked::Error
            }
        }
    }

    fn list(&mut self, view: View<'_>, span: Span, members: &[Expr], wanted: Option<&Ty>) -> Checked {
        let Some(Ty::ManyOf(list)) = wanted else {
            let found = Diagnostic::new(Code::WrongValue, span, "a list is not expected here")
                .here("a list")
                .help("Lists stand after `is any of`, and where several options are stored.");
            self.found.push(found);
            return Checked::Error;
        };
        let mut names = Vec::with_capacity(members.len());
        for member in members {
            match self.option(view, member, list) {
                Some(option) => names.push(option.name),
                None => return Checked::Error,
            }
        }
        self.constant(Constant::Options(names), Ty::ManyOf(list.clone()))
    }

    /// A bare name that is one of the options.
    fn option(&mut self, view: View<'_>, expr: &Expr, list: &Arc<OptionList>) -> Option<OptionInfo> {
        let wanted = Ty::OneOf(list.clone());
        if matches!(expr.kind, ExprKind::Text(_)) {
            self.text_value(view, expr, Some(&wanted));
            return None;
        }
        let (name, span) = single_word(view, expr)?;
        let option = list.options.iter().find(|option| option.name == name).cloned();
        if option.is_none() {
            self.unknown_option(name, span, list);
        }
        option
    }

    fn unknown_option(&mut self, name: &str, span: Span, list: &Arc<OptionList>) {
        let mut found = Diagnostic::new(Code::UnknownOption, span, format!("there is no option `{name}`"))
            .here("unknown option");
        found.help = suggestion(name, list.names(), "The options")
            .or_else(|| Some(options_help(&Ty::OneOf(list.clone()))));
        if let Some(near) = crate::near::nearest(name, list.names()) {
            found = found.fix(format!("write `{near}`"), span, near);
        }
        self.found.push(found);
    }

    /// `or`: the logical one between conditions, a default between values.
    fn or(&mut self, view: View<'_>, both: &(Expr, Expr), wanted: Option<&Ty>) -> Checked {
        let left = self.expression(view, &both.0, wanted);
        let wanted_right = match (&left, wanted) {
            (Checked::Value(_, ty), None) => Some(ty.clone()),
            (_, wanted) => wanted.cloned(),
        };
        let shown_default = wanted.is_none() && matches!(both.1.kind, ExprKind::Text(_));
        let right = self.expression(view, &both.1, if shown_default { None } else { wanted_right.as_ref() });
        match (left, right) {
            (Checked::Error, _) | (_, Checked::Error) => Checked::Error,
            (Checked::Condition(left), Checked::Condition(right)) => {
                Checked::Condition(Condition::Or(Box::new((left, right))))
            }
            (Checked::Value(left, left_ty), Checked::Value(right, right_ty)) => {
                if right_ty.fits(&left_ty) {
                    return Checked::Value(Value::OrElse(Box::new((left, right))), left_ty);
                }
                if wanted.is_none() && right_ty.is_text() {
                    // Where it is shown, anything may have words as its default.
                    let left = self.labelled(left, &left_ty);
                    return Checked::Value(Value::OrElse(Box::new((left, right))), Ty::Text);
                }
                let (left_span, right_span) = (view.span(both.0.range), view.span(both.1.range));
                let found = Diagnostic::new(
                    Code::TypeMismatch,
                    right_span,
                    format!("the default is {}, the value is {}", right_ty.describe(), left_ty.describe()),
                )
                .here(format!("this is {}", right_ty.describe()))
                .label(left_span, format!("this is {}", left_ty.describe()));
                self.found.push(found);
                Checked::Error
            }
            (Checked::Condition(_), Checked::Value(..)) => {
                self.default_beside_condition(view, &both.1, &both.0)
            }
            (Checked::Value(..), Checked::Condition(_)) => {
                self.default_beside_condition(view, &both.0, &both.1)
            }
        }
    }

    fn default_beside_condition(&mut self, view: View<'_>, value: &Expr, condition: &Expr) -> Checked {
        let written = view.source(value.range);
        let found = Diagnostic::new(Code::DefaultBesideCondition, view.span(value.range), "`or` stands between a value and a condition")
            .here("this is a value")
            .label(view.span(condition.range), "this is a condition")
            .help(format!("Repeat what is compared: `… or … is {written}`, or use `is any of […]`; a default belongs in parentheses: `(x or {written})`."));
        self.found.push(found);
        Checked::Error
    }

    // Comparisons

    fn comparison(&mut self, view: View<'_>, span: Span, comparison: &Comparison) -> Option<Condition> {
        let condition = match comparison.operator {
            Operator::IsKnown => self.known(view, comparison)?,
            Operator::IsAvailable | Operator::IsOpen => self.available(view, span, comparison)?,
            _ => self.compared(view, span, comparison)?,
        };
        Some(if comparison.negated { condition.negate() } else { condition })
    }

    fn known(&mut self, view: View<'_>, comparison: &Comparison) -> Option<Condition> {
        if single_word(view, &comparison.left).is_some_and(|(word, _)| word == "contact") {
            let fact = self.tables.fact(FactKind::ContactKnown);
            return Some(Condition::IsTrue(Value::Fact(fact, false, view.span(comparison.left.range))));
        }
        let (value, _) = self.value(view, &comparison.left, None)?;
        Some(Condition::Known(value))
    }

    /// `team sales is available`, `inbox sales is open`; or an option that happens to be called so.
    fn available(&mut self, view: View<'_>, span: Span, comparison: &Comparison) -> Option<Condition> {
        let word = if comparison.operator == Operator::IsOpen { "open" } else { "available" };
        if let ExprKind::Subject { kind, name } = &comparison.left.kind {
            let fits = (view.text(*kind) == "inbox") == (word == "open");
            if !fits {
                let other = if word == "open" { "available" } else { "open" };
                let found = Diagnostic::new(
                    Code::OperatorMisfit,
                    view.span(comparison.words),
                    format!("`{}` is never {word}", view.source(comparison.left.range)),
                )
                .here(format!("write `is {other}`"))
                .fix(
                    format!("write `is {other}`"),
                    view.span(comparison.words),
                    format!("is {other}"),
                );
                self.found.push(found);
                return None;
            }
            return self.subject(view.text(*kind), view.text(*name), view.at(*name), span);
        }
        let (left, ty) = self.value(view, &comparison.left, None)?;
        let option =
            ty.options().and_then(|list| list.options.iter().find(|option| option.name == word)).cloned();
        match option {
            Some(option) => {
                let right = Value::Const(self.tables.constant(Constant::Option(option.name)));
                Some(Condition::Test { test: Test::Is, left, right, span })
            }
            None => {
                let found = Diagnostic::new(
                    Code::OperatorMisfit,
                    view.span(comparison.words),
                    format!("`{}` is nothing that can be {word}", view.source(comparison.left.range)),
                )
                .here("teams and users are available, inboxes are open")
                .help("Write `team NAME is available`, `user NAME is available` or `inbox NAME is open`.");
                self.found.push(found);
                None
            }
        }
    }

    fn subject(&mut self, kind: &str, name: &str, span: Span, whole: Span) -> Option<Condition> {
        let fact = match kind {
            "team" => {
                let team = self.object(ObjectKind::Team, name, span)?;
                FactKind::TeamAvailable(self.tables.object(team))
            }
            "user" => {
                let user = self.object(ObjectKind::User, name, span)?;
                FactKind::UserAvailable(self.tables.object(user))
            }
            _ => {
                self.declared(Thing::Inbox, name, span)?;
                FactKind::InboxOpen(self.tables.str(name))
            }
        };
        let fact = self.tables.fact(fact);
        Some(Condition::IsTrue(Value::Fact(fact, false, whole)))
    }

    /// The declared thing of a kind; an unknown name is reported.
    pub(super) fn declared(&mut self, thing: Thing, name: &str, span: Span) -> Option<&'a ThingInfo> {
        let word = thing.word();
        let Some(workspace) = self.workspace else {
            self.no_workspace(&format!("{word} {name}"), span);
            return None;
        };
        let info = workspace.thing(thing, name);
        if info.is_none() {
            let mut found =
                Diagnostic::new(Code::UnknownObject, span, format!("the workspace has no {word} `{name}`"))
                    .here(format!("unknown {word}"));
            found.help = suggestion(name, workspace.names(thing), &format!("Declared as `{word}`"))
                .or_else(|| Some(format!("Declare it in the workspace file: `{word} {name} \"…\"`.")));
            if let Some(near) = crate::near::nearest(name, workspace.names(thing)) {
                found = found.fix(format!("write `{near}`"), span, near);
            }
            self.found.push(found);
        }
        info
    }

    /// Reports a name of a workspace in a flow that uses none.
    fn no_workspace(&mut self, name: &str, span: Span) {
        if !self.workspace_missing {
            let found = Diagnostic::new(
                Code::UnknownName,
                span,
                format!("`{name}` is not declared: this flow uses no workspace"),
            )
            .here("declared in a workspace")
            .help("Add `use NAME` below the `flow` line, where NAME.flow is the workspace file.");
            self.found.push(found);
        }
    }

    /// The entry of the object table for a declared thing; an unknown name is reported.
    pub(super) fn object(&mut self, kind: ObjectKind, name: &str, span: Span) -> Option<ObjectDef> {
        let thing = match kind {
            ObjectKind::Team => Thing::Team,
            ObjectKind::User => Thing::User,
            ObjectKind::Meeting => Thing::Meeting,
            ObjectKind::Pipeline => Thing::Pipeline,
            ObjectKind::ContactOwner | ObjectKind::Unassigned => return None,
        };
        let info = self.declared(thing, name, span)?;
        let members = if kind == ObjectKind::Team { info.names.as_slice() } else { &[] };
        Some(ObjectDef {
            kind,
            name: self.tables.str(name),
            title: self.tables.str(&info.title),
            link: info.link.as_ref().map(|link| self.tables.str(link)),
            members: members.iter().map(|(member, _)| self.tables.str(member)).collect(),
        })
    }

    fn compared(&mut self, view: View<'_>, span: Span, comparison: &Comparison) -> Option<Condition> {
        let url = is_path(view, &comparison.left, &["page", "url"]);
        let exact = matches!(comparison.operator, Operator::Is | Operator::IsExactly | Operator::IsAnyOf);
        let (left, ty) = if url && exact {
            let fact = self.tables.fact(FactKind::PageAddress);
            (Value::Fact(fact, false, view.span(comparison.left.range)), Ty::Text)
        } else {
            let left = self.value(view, &comparison.left, None);
            match left {
                Some(left) => left,
                None => {
                    // Names on the right are still looked at, so that their mistakes are found in the same run.
                    return None;
                }
            }
        };
        self.operator_fits(view, comparison, &ty)?;
        let literal = if url && exact {
            UrlPart::Address
        } else if is_path(view, &comparison.left, &["page", "path"]) && exact {
            UrlPart::Path
        } else {
            UrlPart::No
        };
        let right = |checker: &mut Self, expr: &Expr, wanted: &Ty| {
            checker.right_side(view, comparison, expr, &ty, wanted, literal)
        };
        let one = comparison.right.first()?;
        let test = |test: Test, left: Value, right: Value| Condition::Test { test, left, right, span };
        Some(match comparison.operator {
            Operator::Is => test(Test::Is, left, right(self, one, &ty)?),
            Operator::IsExactly => test(Test::IsExactly, left, right(self, one, &ty)?),
            Operator::IsAnyOf => {
                let ExprKind::List(members) = &one.kind else {
                    if one.kind != ExprKind::Error {
                        let found = Diagnostic::new(
                            Code::Syntax,
                            view.span(one.range),
                            "a list is expected after `any of`",
                        )
                        .here("write `[a, b]`");
                        self.found.push(found);
                    }
                    return None;
                };
                let wanted = match &ty {
                    Ty::ManyOf(list) => Ty::OneOf(list.clone()),
                    other => other.clone(),
                };
                let each = if matches!(ty, Ty::ManyOf(_)) { Test::Includes } else { Test::Is };
                let mut tests = Vec::with_capacity(members.len());
                for member in members {
                    tests.push(right(self, member, &wanted).map(|right| test(each, left.clone(), right)));
                }
                let tests: Vec<Condition> = tests.into_iter().collect::<Option<_>>()?;
                match any(tests) {
                    Some(condition) => condition,
                    None => {
                        let found = Diagnostic::new(Code::Syntax, view.span(one.range), "this list is empty")
                            .here("nothing is any of these");
                        self.found.push(found);
                        return None;
                    }
                }
            }
            Operator::Contains => test(Test::Contains, left, right(self, one, &Ty::Text)?),
            Operator::StartsWith => test(Test::StartsWith, left, right(self, one, &Ty::Text)?),
            Operator::EndsWith => test(Test::EndsWith, left, right(self, one, &Ty::Text)?),
            Operator::Includes => {
                let wanted = match &ty {
                    Ty::ManyOf(list) => Ty::OneOf(list.clone()),
                    other => other.clone(),
                };
                test(Test::Includes, left, right(self, one, &wanted)?)
            }
            Operator::Less | Operator::IsBefore => test(Test::Less, left, right(self, one, &ty)?),
            Operator::LessOrEqual => test(Test::LessOrEqual, left, right(self, one, &ty)?),
            Operator::Greater | Operator::IsAfter => test(Test::Less, right(self, one, &ty)?, left),
            Operator::GreaterOrEqual => test(Test::LessOrEqual, right(self, one, &ty)?, left),
            Operator::IsBetween => {
                let other = comparison.right.get(1)?;
                let (low, high) = (right(self, one, &ty), right(self, other, &ty));
                let from = test(Test::LessOrEqual, low?, left.clone());
                let to = test(Test::LessOrEqual, left, high?);
                Condition::And(Box::new((from, to)))
            }
            Operator::IsKnown | Operator::IsAvailable | Operator::IsOpen => return None,
        })
    }

    fn right_side(
        &mut self,
        view: View<'_>,
        comparison: &Comparison,
        expr: &Expr,
        left: &Ty,
        wanted: &Ty,
        url: UrlPart,
    ) -> Option<Value> {
        let (value, ty) = self.value(view, expr, Some(wanted))?;
        if !ty.compares_with(wanted) {
            let span = view.span(expr.range);
            let found = Diagnostic::new(
                Code::TypeMismatch,
                span,
                format!("{} cannot be compared with {}", left.describe(), ty.describe()),
            )
            .here(format!("this is {}", ty.describe()))
            .label(view.span(comparison.left.range), format!("this is {}", left.describe()));
            self.found.push(found);
            return None;
        }
        match (&value, url) {
            (Value::Const(constant), UrlPart::Address | UrlPart::Path) => {
                let Some(Constant::Text(text)) = self.tables.image.constants.get(constant.index()).cloned()
                else {
                    return Some(value);
                };
                if text.contains(['?', '#']) {
                    let found = Diagnostic::new(
                        Code::OperatorMisfit,
                        view.span(expr.range),
                        "`is` looks at the address without its query and fragment",
                    )
                    .here("this can never be equal")
                    .help("Test the query with `page.query.NAME is \"…\"`, or use `contains`.");
                    self.found.push(found);
                    return None;
                }
                let normal = if url == UrlPart::Address { normal_url(&text) } else { normal_path(&text) };
                Some(Value::Const(self.tables.constant(Constant::Text(normal.unwrap_or(text)))))
            }
            _ => Some(value),
        }
    }

    fn operator_fits(&mut self, view: View<'_>, comparison: &Comparison, ty: &Ty) -> Option<()> {
        let fits = match comparison.operator {
            Operator::Is | Operator::IsAnyOf | Operator::IsKnown => true,
            Operator::IsExactly | Operator::Contains | Operator::StartsWith | Operator::EndsWith => {
                ty.is_text()
            }
            Operator::Includes => matches!(ty, Ty::ManyOf(_) | Ty::Error),
            Operator::IsBefore | Operator::IsAfter => matches!(ty, Ty::Date | Ty::DateTime | Ty::Error),
            Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::IsBetween => ty.is_ordered(),
            Operator::IsAvailable | Operator::IsOpen => false,
        };
        if fits {
            return Some(());
        }
        let words = view.source(comparison.words);
        let help = match ty {
            Ty::OneOf(_) => "Options take `is`, `is not`, `is any of […]` and `is none of […]`.",
            Ty::ManyOf(_) => "Several options take `includes`, `is any of […]` and `is none of […]`.",
            Ty::Number | Ty::Duration => "Numbers take `is`, `<`, `<=`, `>`, `>=` and `is between … and …`.",
            Ty::Date | Ty::DateTime => "Dates take `is`, `is before`, `is after` and `is between … and …`.",
            Ty::Bool => "Yes or no takes `is true` and `is false`.",
            Ty::Text | Ty::Email | Ty::Phone | Ty::Url | Ty::Error => {
                "Texts take `is`, `contains`, `starts with`, `ends with` and `is any of […]`."
            }
        };
        let found = Diagnostic::new(
            Code::OperatorMisfit,
            view.span(comparison.words),
            format!("`{words}` does not fit {}", ty.describe()),
        )
        .here("this operator")
        .label(view.span(comparison.left.range), format!("this is {}", ty.describe()))
        .help(help);
        self.found.push(found);
        None
    }

    // Names

    fn path(
        &mut self,
        view: View<'_>,
        span: Span,
        words: &[u32],
        index: Option<&Expr>,
        wanted: Option<&Ty>,
    ) -> Checked {
        let names: Vec<&str> = words.iter().map(|word| view.text(*word)).collect();
        match (names.as_slice(), index) {
            ([name], None) => self.name(name, span, wanted),
            (["contact" | "company", _], None) => self.property(&names.join("."), span),
            (["page", "query", name], None) => self.query(name, span),
            (["page", "query"], Some(name)) => match crate::text::plain_text(view, name, &mut self.found) {
                Some(name) => self.query(&name, span),
                None => Checked::Error,
            },
            (["page" | "visitor", ..], None) => self.fact(&names.join("."), span),
            _ => self.unknown_name(&names.join("."), span),
        }
    }

    fn name(&mut self, name: &str, span: Span, wanted: Option<&Ty>) -> Checked {
        if let Some(list) = wanted.and_then(Ty::options)
            && let Some(option) = list.options.iter().find(|option| option.name == name)
        {
            let value = match wanted {
                Some(Ty::ManyOf(_)) => {
                    (Constant::Options(vec![option.name.clone()]), Ty::ManyOf(list.clone()))
                }
                _ => (Constant::Option(option.name.clone()), Ty::OneOf(list.clone())),
            };
            return self.constant(value.0, value.1);
        }
        if name == "reply" {
            return match self.room {
                Room::Target | Room::Welcome => {
                    self.out_of_scope(span, "reply", "there is no reply before the chat")
                }
                Room::Step | Room::Anytime | Room::Test => Checked::Value(Value::Reply(span), Ty::Text),
            };
        }
        if let Some(local) = self.locals.get(name) {
            if matches!(self.room, Room::Target | Room::Welcome) {
                return self.out_of_scope(span, name, "locals exist once the chat has begun");
            }
            let ty = local.ty.clone();
            let slot = self.tables.slot(name, &ty, Scope::Local);
            return Checked::Value(Value::Slot(slot, span), ty);
        }
        if let Some(list) = wanted.and_then(Ty::options) {
            self.unknown_option(name, span, &list.clone());
            return Checked::Error;
        }
        self.unknown_name(name, span)
    }

    fn out_of_scope(&mut self, span: Span, name: &str, why: &str) -> Checked {
        let found = Diagnostic::new(Code::OutOfScope, span, format!("`{name}` is not known here"))
            .here(why)
            .help("Here stand only facts of the contact, the company, the page and the visitor.");
        self.found.push(found);
        Checked::Error
    }

    pub(super) fn property(&mut self, name: &str, span: Span) -> Checked {
        let Some(workspace) = self.workspace else {
            self.no_workspace(name, span);
            return Checked::Error;
        };
        let Some(info) = workspace.properties.get(name) else {
            return self.unknown_name(name, span);
        };
        let ty = info.ty.clone();
        let scope = if name.starts_with("company.") { Scope::Company } else { Scope::Contact };
        let slot = self.tables.slot(name, &ty, scope);
        Checked::Value(Value::Slot(slot, span), ty)
    }

    fn query(&mut self, name: &str, span: Span) -> Checked {
        let fact = FactKind::PageQuery(self.tables.str(name));
        Checked::Value(Value::Fact(self.tables.fact(fact), true, span), Ty::Text)
    }

    fn fact(&mut self, name: &str, span: Span) -> Checked {
        let Some(spec) = FACTS.iter().find(|spec| spec.name == name) else {
            return self.unknown_name(name, span);
        };
        let ty = match spec.value {
            FactType::Text => Ty::Text,
            FactType::Number => Ty::Number,
            FactType::Bool | FactType::Condition => Ty::Bool,
            FactType::Word(words) => {
                let option = |word: &&str| OptionInfo {
                    name: (*word).to_owned(),
                    label: (*word).to_owned(),
                    value: (*word).to_owned(),
                    span,
                };
                Ty::OneOf(Arc::new(OptionList { options: words.iter().map(option).collect() }))
            }
        };
        // A page always has an address; what a visitor's browser tells may be missing.
        let may_be_unknown = !name.starts_with("page.") || name == "page.title" || name == "page.language";
        Checked::Value(Value::Fact(self.tables.fact(spec.kind), may_be_unknown, span), ty)
    }

    fn unknown_name(&mut self, name: &str, span: Span) -> Checked {
        let properties: Vec<&str> = self
            .workspace
            .map(|workspace| workspace.properties.keys().map(String::as_str).collect())
            .unwrap_or_default();
        let candidates: Vec<&str> = self
            .locals
            .keys()
            .map(String::as_str)
            .chain(properties)
            .chain(FACTS.iter().map(|spec| spec.name))
            .chain(["reply"])
            .collect();
        let mut found = Diagnostic::new(Code::UnknownName, span, format!("nothing is called `{name}`"))
            .here("unknown name");
        let near = crate::near::nearest(name, candidates.iter().copied())
            .or_else(|| candidates.iter().copied().find(|known| known.ends_with(&format!(".{name}"))));
        found.help = Some(match near {
            Some(near) => format!("Did you mean `{near}`?"),
            None => {
                "A local is made by `ask NAME: TYPE \"…\"`; a property is declared in the workspace file."
                    .to_owned()
            }
        });
        if let Some(near) = near {
            found = found.fix(format!("write `{near}`"), span, near);
        }
        self.found.push(found);
        Checked::Error
    }
}

/// Which part of an address a literal stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum UrlPart {
    No,
    Address,
    Path,
}

fn is_path(view: View<'_>, expr: &Expr, names: &[&str]) -> bool {
    match &expr.kind {
        ExprKind::Path { words, index: None } => {
            words.iter().map(|word| view.text(*word)).eq(names.iter().copied())
        }
        _ => false,
    }
}

fn any(tests: Vec<Condition>) -> Option<Condition> {
    tests.into_iter().reduce(|left, right| Condition::Or(Box::new((left, right))))
}

fn options_help(ty: &Ty) -> String {
    let names: Vec<String> =
        ty.options().map(|list| list.names().map(|name| format!("`{name}`")).collect()).unwrap_or_default();
    format!("The options: {}.", names.join(", "))
}
