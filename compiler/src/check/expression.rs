//! Expressions: what each name means, and whether the types agree.

use std::sync::Arc;

use chatflow_runtime::value::Value as Constant;

use super::{Checker, Room, advice};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{Condition, TextPart, TextValue, Value};
use crate::literal::{Literal, literal};
use crate::near::suggestion;
use crate::source::Span;
use crate::text::{TextPiece, pieces};
use crate::tree::{Expr, ExprKind};
use crate::types::{OptionInfo, OptionList, Ty};
use crate::workspace::single_word;

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

impl Checker<'_> {
    /// An expression that must be a condition.
    pub(super) fn condition(&mut self, view: View<'_>, expr: &Expr) -> Option<Condition> {
        match self.expression(view, expr, None) {
            Checked::Condition(condition) => Some(condition),
            // What has no type was reported where it is declared.
            Checked::Error | Checked::Value(_, Ty::Error) => None,
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
                    _ if matches!(written.as_bytes().first(), Some(b'"' | b'0'..=b'9')) => {
                        "A condition tests something that may be one way or another: `contact.stage is new`, `reply contains \"help\"`.".to_owned()
                    }
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
        self.value_declared(view, expr, target, what, None)
    }

    /// The same, where what is wanted is declared elsewhere.
    pub(super) fn value_declared(
        &mut self,
        view: View<'_>,
        expr: &Expr,
        target: &Ty,
        what: &str,
        declared: Option<Span>,
    ) -> Option<Value> {
        let (value, ty) = self.value(view, expr, Some(target))?;
        // A test says what the host is told: an address there is written as the text it is.
        let written = self.room == Room::Test && ty.is_text() && target.is_text();
        if written || ty.fits(target) {
            return Some(value);
        }
        let span = view.span(expr.range);
        let message = format!("`{what}` holds {}, this is {}", target.describe(), ty.describe());
        let mut found =
            Diagnostic::new(Code::WrongValue, span, message).here(format!("this is {}", ty.describe()));
        if let Some(declared) = declared {
            found = found.label(declared, format!("`{what}` is {}", target.describe()));
        }
        found.help = Some(format!("Give it {}.", advice::what_fits(target)));
        found = advice::meant(found, view.source(expr.range), span, target);
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
            let part = match piece {
                TextPiece::Words(words) => Some(TextPart::Words(self.tables.str(&words))),
                TextPiece::Hole(hole) => match &hole.kind {
                    ExprKind::Forms(forms) => self.forms(view, hole, forms),
                    _ => self.shown(view, hole).map(TextPart::Hole),
                },
            };
            match part {
                Some(part) => parts.push(part),
                None => whole = false,
            }
        }
        whole.then_some(TextValue { span, pieces: parts })
    }

    /// A value as it is shown: options by their labels.
    pub(super) fn shown(&mut self, view: View<'_>, expr: &Expr) -> Option<Value> {
        let (value, ty) = self.value(view, expr, None)?;
        if matches!(ty, Ty::Number) {
            self.numbers.insert(view.span(expr.range));
        }
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
            ExprKind::Literal => self.literal(view, expr),
            ExprKind::Minus(inner) => self.minus(view, expr, inner),
            ExprKind::Arithmetic(operator, both) => self.arithmetic(view, expr, *operator, both),
            ExprKind::Bool(is) => self.constant(Constant::Bool(*is), Ty::Bool),
            ExprKind::Path { words, index } => self.path(view, span, words, index.as_deref(), wanted),
            ExprKind::Call { words, .. } => {
                self.misplaced_call(view, words, span);
                Checked::Error
            }
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
            // Only `matches` reads a pattern, and only the hole of a text has forms.
            ExprKind::Pattern | ExprKind::Forms(_) => Checked::Error,
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
                    .suggest("compare twice", view.span(chain.1).at_start(), format!("and {middle} "));
                self.found.push(found);
                Checked::Error
            }
        }
    }

    pub(super) fn constant(&mut self, value: Constant, ty: Ty) -> Checked {
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
        let fits = match wanted.options() {
            Some(list) => list.names().any(|name| name == bare),
            None => matches!(literal(bare), Some(Literal::Date(_) | Literal::DateTime(_))),
        };
        found = match (fits, wanted.options()) {
            (true, _) => found.help(format!("Write `{bare}`.")).fix(format!("write `{bare}`"), span, bare),
            (false, Some(_)) => found.help(options_help(wanted)),
            (false, None) => {
                found.help("A date is written like `2027-01-31`, with a time `2027-01-31T09:00`.")
            }
        };
        self.found.push(found);
        Checked::Error
    }

    pub(super) fn literal(&mut self, view: View<'_>, expr: &Expr) -> Checked {
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
        let option = list.named(name).cloned();
        if option.is_none() {
            self.unknown_option(name, span, list);
        }
        option
    }

    pub(super) fn unknown_option(&mut self, name: &str, span: Span, list: &Arc<OptionList>) {
        let mut found = Diagnostic::new(Code::UnknownOption, span, format!("there is no option `{name}`"))
            .here("unknown option");
        found.help = suggestion(name, list.names(), "The options")
            .or_else(|| Some(options_help(&Ty::OneOf(list.clone()))));
        self.found.push(found.name_meant(name, span, list.names()));
    }

    /// `or`: the logical one between conditions, a default between values.
    fn or(&mut self, view: View<'_>, both: &(Expr, Expr), wanted: Option<&Ty>) -> Checked {
        let left = self.expression(view, &both.0, wanted);
        let wanted_right = match (&left, wanted) {
            (Checked::Value(_, ty), None) => Some(ty.clone()),
            (Checked::Error, None) => Some(Ty::Error),
            (_, wanted) => wanted.cloned(),
        };
        let shown_default = wanted.is_none() && matches!(both.1.kind, ExprKind::Text(_));
        let right = self.expression(view, &both.1, if shown_default { None } else { wanted_right.as_ref() });
        let right = if shown_default { self.as_text(view, &both.1, right) } else { right };
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

    /// Words that are shown, as a text of their own: a catalogue may say them in another language.
    fn as_text(&self, view: View<'_>, expr: &Expr, value: Checked) -> Checked {
        let Checked::Value(Value::Const(constant), ty) = &value else { return value };
        match self.tables.image.constants.get(constant.index()) {
            Some(Constant::Text(words)) => {
                let span = view.span(expr.range);
                let pieces = self.tables.known(words).map(TextPart::Words).into_iter().collect();
                Checked::Value(Value::Text(TextValue { span, pieces }), ty.clone())
            }
            _ => value,
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
}

fn options_help(ty: &Ty) -> String {
    // As many as a reader takes in; a long list in every message would also be quadratic work.
    const SHOWN: usize = 12;
    let names: Vec<String> = ty
        .options()
        .map(|list| list.names().take(SHOWN).map(|name| format!("`{name}`")).collect())
        .unwrap_or_default();
    let more = ty.options().is_some_and(|list| list.options.len() > SHOWN);
    format!("The options: {}{}.", names.join(", "), if more { " …" } else { "" })
}
