//! Comparisons: whether an operator fits its left side, and what its right side may be.

use chatflow_runtime::action::ObjectKind;
use chatflow_runtime::fact::FactKind;
use chatflow_runtime::page::{normal_end, normal_part, normal_path, normal_start, normal_url};
use chatflow_runtime::value::Value as Constant;

use super::{Checker, advice};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{Condition, Test, Value};
use crate::source::Span;
use crate::tree::{Comparison, Expr, ExprKind, Operator};
use crate::types::Ty;
use crate::workspace::{Thing, single_word};

impl Checker<'_> {
    pub(super) fn comparison(
        &mut self,
        view: View<'_>,
        span: Span,
        comparison: &Comparison,
    ) -> Option<Condition> {
        let condition = match comparison.operator {
            Operator::IsKnown => self.known(view, comparison)?,
            Operator::IsAvailable | Operator::IsOpen => self.available(view, span, comparison)?,
            Operator::IsIn => self.in_list(view, span, comparison)?,
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
                let other = if comparison.negated { format!("not {other}") } else { other.to_owned() };
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
        let option = ty.options().and_then(|list| list.named(word)).cloned();
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
                let inbox = self.declared(Thing::Inbox, name, span)?;
                FactKind::InboxOpen(self.tables.inbox(name, inbox))
            }
        };
        let fact = self.tables.fact(fact);
        Some(Condition::IsTrue(Value::Fact(fact, false, whole)))
    }

    /// `contact is in list newsletter`.
    fn in_list(&mut self, view: View<'_>, span: Span, comparison: &Comparison) -> Option<Condition> {
        let left = view.span(comparison.left.range);
        if single_word(view, &comparison.left).is_none_or(|(word, _)| word != "contact") {
            let written = view.source(comparison.left.range);
            let words = view.span(comparison.words);
            let found = Diagnostic::new(Code::OperatorMisfit, words, format!("`{written}` is in no list"))
                .here("only the contact is in lists")
                .label(left, "not the contact")
                .help("Write `contact is in list NAME`.")
                .suggest("write `contact`", left, "contact");
            self.found.push(found);
            return None;
        }
        let (name, at) = single_word(view, comparison.right.first()?)?;
        let list = self.object(ObjectKind::List, name, at)?;
        let list = self.tables.object(list);
        let fact = self.tables.fact(FactKind::InList(list));
        Some(Condition::IsTrue(Value::Fact(fact, false, span)))
    }

    fn compared(&mut self, view: View<'_>, span: Span, comparison: &Comparison) -> Option<Condition> {
        let url = is_path(view, &comparison.left, &["page", "url"]);
        let exact = matches!(comparison.operator, Operator::Is | Operator::IsExactly | Operator::IsAnyOf);
        let (left, ty) = if url && exact {
            let fact = self.tables.fact(FactKind::PageAddress);
            let span = view.span(comparison.left.range);
            self.looks_at_page(span);
            (Value::Fact(fact, self.may_lack_page(), span), Ty::Text)
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
        let of_page = url || is_path(view, &comparison.left, &["page", "path"]);
        let literal = match comparison.operator {
            _ if !of_page => UrlPart::No,
            _ if exact && url => UrlPart::Address,
            _ if exact => UrlPart::Path,
            Operator::StartsWith => UrlPart::Start,
            Operator::EndsWith => UrlPart::End,
            Operator::Contains => UrlPart::Within,
            _ => UrlPart::No,
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
            Operator::IncludesAll => test(Test::Includes, left, right(self, one, &ty)?),
            Operator::Matches => {
                let pattern = self.pattern(view, one)?;
                Condition::Matches { value: left, pattern, span }
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
            Operator::IsKnown | Operator::IsAvailable | Operator::IsOpen | Operator::IsIn => return None,
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
            .label(view.span(comparison.left.range), format!("this is {}", left.describe()))
            .help(format!("Compare it with {}.", advice::what_fits(wanted)));
            self.found.push(advice::meant(found, view.source(expr.range), span, wanted));
            return None;
        }
        match (&value, url) {
            (_, UrlPart::No) => Some(value),
            (Value::Const(constant), part) => {
                let Some(Constant::Text(text)) = self.tables.image.constants.get(constant.index()).cloned()
                else {
                    return Some(value);
                };
                let whole = matches!(part, UrlPart::Address | UrlPart::Path);
                if !whole && text.contains('#') {
                    let found = Diagnostic::new(
                        Code::OperatorMisfit,
                        view.span(expr.range),
                        "an address is looked at without its fragment",
                    )
                    .here("this never comes")
                    .help("Leave out what stands from `#` on; browsers do not send it.");
                    self.found.push(found);
                    return None;
                }
                if whole && text.contains(['?', '#']) {
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
                let address = normal_url(&text);
                if part == UrlPart::Address && address.is_none() {
                    let help = if text.starts_with('/') {
                        "Test the path with `page.path is \"…\"`, or write the whole address."
                    } else {
                        "Write the whole address, from `https://` on, or use `contains`."
                    };
                    let found = Diagnostic::new(
                        Code::OperatorMisfit,
                        view.span(expr.range),
                        "this is no whole address",
                    );
                    self.found.push(found.here("`page.url` is never equal to it").help(help));
                    return None;
                }
                let normal = match part {
                    UrlPart::Address => address.unwrap_or(text),
                    UrlPart::Path => normal_path(&text).unwrap_or(text),
                    UrlPart::Start => normal_start(&text),
                    UrlPart::End => normal_end(&text),
                    UrlPart::Within | UrlPart::No => normal_part(&text),
                };
                Some(Value::Const(self.tables.constant(Constant::Text(normal))))
            }
            _ => Some(value),
        }
    }

    fn operator_fits(&mut self, view: View<'_>, comparison: &Comparison, ty: &Ty) -> Option<()> {
        let fits = comparison.operator.fits(ty);
        if fits {
            return Some(());
        }
        let words = view.source(comparison.words);
        let help = match ty {
            Ty::OneOf(_) => "Options take `is`, `is not`, `is any of […]` and `is none of […]`.",
            Ty::ManyOf(_) => {
                "Several options take `includes`, `includes all […]`, `is any of […]` and `is none of […]`."
            }
            Ty::Number | Ty::Duration => "Numbers take `is`, `<`, `<=`, `>`, `>=` and `is between … and …`.",
            Ty::Date | Ty::DateTime => "Dates take `is`, `is before`, `is after` and `is between … and …`.",
            Ty::Bool => "Yes or no takes `is true` and `is false`.",
            Ty::Text | Ty::Email | Ty::Phone | Ty::Url | Ty::Error => {
                "Texts take `is`, `contains`, `starts with`, `ends with`, `matches` and `is any of […]`."
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
}

/// Which part of an address a literal stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum UrlPart {
    No,
    Address,
    Path,
    Start,
    Within,
    End,
}

fn is_path(view: View<'_>, expr: &Expr, names: &[&str]) -> bool {
    match &expr.kind {
        ExprKind::Path { words, index: None } => {
            words.iter().map(|word| view.text(*word)).eq(names.iter().copied())
        }
        _ => false,
    }
}

/// One of these conditions. The tree of a long list is a low one: what looks at conditions goes down it.
fn any(mut tests: Vec<Condition>) -> Option<Condition> {
    if tests.len() < 2 {
        return tests.pop();
    }
    let rest = tests.split_off(tests.len().div_ceil(2));
    Some(Condition::Or(Box::new((any(tests)?, any(rest)?))))
}
