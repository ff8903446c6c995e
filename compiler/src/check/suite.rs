//! Tests: their lines, checked, as data for whoever runs them.

use chatflow_runtime::action::{Action, Argument, ObjectKind, Outcome};
use chatflow_runtime::fact::{FACTS, FactKind};
use chatflow_runtime::id::{Fact, Fragment};
use chatflow_runtime::image::Scope;
use chatflow_runtime::media::MediaKind;
use chatflow_runtime::value::{Type, Value as Constant};
use chatflow_runtime::{FactValue, HeaderValue};

use super::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{Condition, Test as Comparison, Value};
use crate::literal::duration;
use crate::near::{nearest, suggestion};
use crate::source::Span;
use crate::text::plain_text;
use crate::tree::{Expr, ExprKind, Line, LineKind, Operator, Range, Statement, StatementKind, TestLineKind};
use crate::workspace::{Thing, single_word};

/// A test.
#[derive(Clone, Debug)]
pub struct Test {
    /// What it says it tests.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// Its lines.
    pub lines: Vec<TestLine>,
}

/// A line of a test.
#[derive(Clone, Debug)]
pub struct TestLine {
    /// Where it stands.
    pub span: Span,
    /// What it does.
    pub what: TestStep,
}

/// What a test expects that a server is sent.
#[derive(Clone, Debug, Default)]
pub struct ExpectedRequest {
    /// The address, whole.
    pub url: Option<String>,
    /// Some of the headers.
    pub headers: Vec<(String, HeaderValue)>,
    /// Some keys of the body, with values as the CRM knows them.
    pub body: Vec<(String, Constant)>,
}

/// What a line of a test does.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each variant's line says what its parts are")]
pub enum TestStep {
    /// The host says this of a fact; without a value, that it is unknown.
    Given { fact: String, value: Option<FactValue> },
    /// It is this date and time where the flow's inbox is, in milliseconds since 1970-01-01T00:00 there.
    GivenNow(i64),
    /// It is this day where the flow's inbox is, in days since 1970-01-01.
    GivenToday(i32),
    /// A function that is called with these values comes to this.
    GivenValue { function: String, arguments: Vec<Constant>, value: FactValue },
    /// A server answers this, by paths, from here on; the server at this address, if one is named.
    GivenAnswer { url: Option<String>, said: Vec<(String, FactValue)> },
    /// The visitor opens a page.
    Visit(String),
    /// The visitor agrees.
    Agree,
    /// The bot says this, and offers these replies if any are named.
    Bot { text: String, replies: Option<Vec<String>> },
    /// The visitor types this.
    Visitor(String),
    /// This condition is true here.
    Expect(Fragment),
    /// The bot asked the host for this action, or did not.
    ExpectAct {
        negated: bool,
        action: Action,
        object: Option<(ObjectKind, String)>,
        arguments: Vec<(Argument, String)>,
        /// The values of a function's parameters, by their names; empty where the test does not look at them.
        parameters: Vec<(String, Constant)>,
        /// What a server is sent, as far as the test looks at it.
        request: Option<ExpectedRequest>,
    },
    /// The bot stored this, or did not; the value is as the flow names it.
    ExpectSet { negated: bool, property: String, value: Option<Constant> },
    /// The bot showed such media, or did not; with this address and these words, if they are given.
    ExpectMedia { negated: bool, media: MediaKind, url: Option<String>, words: Option<String> },
    /// The bot cleared this, or did not.
    ExpectClear { negated: bool, property: String },
    /// The flow shows on this page, or does not.
    Shown { negated: bool },
    /// Time passes, in milliseconds.
    Wait(i64),
    /// The next such action fails.
    Fail { action: Action, object: Option<String> },
    /// What becomes of the action that is waited for.
    Choose(Outcome),
    /// The flow is over.
    Completed,
}

impl Checker<'_> {
    pub(super) fn test(&mut self, view: View<'_>, name: &Expr, lines: &[crate::tree::TestLine]) {
        let span = view.span(name.range);
        let name = plain_text(view, name, &mut self.found).unwrap_or_default();
        match self.test_names.get(&name) {
            Some(first) => {
                let found = crate::workspace::duplicate(&format!("test \"{name}\""), span, *first);
                self.found.push(found);
            }
            None => {
                self.test_names.insert(name.clone(), span);
            }
        }
        let mut checked = Vec::with_capacity(lines.len());
        for line in lines {
            let span = view.span(line.range);
            if let Some(what) = self.test_line(view, line) {
                checked.push(TestLine { span, what });
            }
        }
        self.tests.push(Test { name, span, lines: checked });
    }

    fn test_line(&mut self, view: View<'_>, line: &crate::tree::TestLine) -> Option<TestStep> {
        Some(match &line.kind {
            TestLineKind::Error => return None,
            TestLineKind::Other => {
                self.unknown_line(view, line.range);
                return None;
            }
            TestLineKind::Given(expr) => self.given(view, expr)?,
            TestLineKind::GivenAnswer { url, lines } => {
                self.given_answer(view, url.as_ref(), lines.as_deref()?)?
            }
            TestLineKind::Visit(url) => TestStep::Visit(plain_text(view, url, &mut self.found)?),
            TestLineKind::Agree => TestStep::Agree,
            TestLineKind::Bot { text, replies } => {
                let text = plain_text(view, text, &mut self.found)?;
                let replies = match replies.as_ref().map(|replies| &replies.kind) {
                    Some(ExprKind::List(members)) => Some(
                        members
                            .iter()
                            .map(|member| plain_text(view, member, &mut self.found))
                            .collect::<Option<Vec<_>>>()?,
                    ),
                    Some(_) => return None,
                    None => None,
                };
                TestStep::Bot { text, replies }
            }
            TestLineKind::Visitor(text) => TestStep::Visitor(plain_text(view, text, &mut self.found)?),
            TestLineKind::Expect(expr) if any_media(view, expr).is_some() => {
                let (negated, media) = any_media(view, expr)?;
                TestStep::ExpectMedia { negated, media, url: None, words: None }
            }
            TestLineKind::Expect(expr) if self.expects_call(view, expr) => self.expected_call(view, expr)?,
            TestLineKind::Expect(expr) => {
                let condition = self.condition(view, expr)?;
                TestStep::Expect(self.test_condition(condition))
            }
            TestLineKind::ExpectAction { negated, action } => self.expected_action(view, *negated, action)?,
            TestLineKind::Shown { negated } => TestStep::Shown { negated: *negated },
            TestLineKind::Wait(value) => match duration(view.source(value.range)) {
                Some(ms) => TestStep::Wait(ms),
                None => {
                    let found =
                        Diagnostic::new(Code::BadSetting, view.span(value.range), "`wait` takes a duration")
                            .here("not a duration")
                            .help("Write `wait 31m`.");
                    self.found.push(found);
                    return None;
                }
            },
            TestLineKind::Fail { words } => self.fail(view, *words)?,
            TestLineKind::Choose(at) => self.choose(view.text(*at), view.at(*at))?,
            TestLineKind::Completed => TestStep::Completed,
        })
    }

    fn unknown_line(&mut self, view: View<'_>, range: Range) {
        const LINES: [&str; 11] = [
            "given",
            "visit",
            "agree",
            "bot",
            "visitor",
            "expect",
            "shown",
            "wait",
            "fail",
            "choose",
            "completed",
        ];
        let (word, span) = (view.text(range.start), view.at(range.start));
        let mut found = Diagnostic::new(Code::UnknownWord, span, format!("a test has no line `{word}`"))
            .here("unknown line");
        found.help = suggestion(word, LINES, "")
            .or_else(|| Some(format!("The lines of a test: {}.", LINES.join(", "))));
        self.found.push(found.word_meant(word, span, LINES));
    }

    /// `given CONDITION`: a condition that sets the world so that it holds.
    fn given(&mut self, view: View<'_>, expr: &Expr) -> Option<TestStep> {
        if let Some(given) = setting_of_the_world(view, expr) {
            return Some(given);
        }
        if let ExprKind::Compare(comparison) = &expr.kind
            && matches!(comparison.left.kind, ExprKind::Call { .. })
        {
            return self.given_value(view, expr, comparison);
        }
        let condition = self.condition(view, expr)?;
        if let Some(local) = self.local_in(&condition) {
            let name = view.file.text(local);
            let found = Diagnostic::new(Code::OutOfScope, local, format!("`{name}` is a local, which the flow itself makes"))
                .here("not something the world knows")
                .help(format!("Let the test's visitor answer what stores it, with `visitor \"…\"`; `expect {name} is …` looks at it."));
            self.found.push(found);
            return None;
        }
        let made = self.world(&condition);
        if made.is_none() {
            let found = Diagnostic::new(Code::NotACondition, view.span(expr.range), "a test cannot make this true by itself")
                .here("does not say one value")
                .help("`given` takes `X is VALUE`, `X is known`, `X is unknown`, `X includes VALUE`, and whether a team, a user or an inbox is available or open.");
            self.found.push(found);
        }
        made
    }

    /// The first local that a condition names.
    fn local_in(&self, condition: &Condition) -> Option<Span> {
        let mut local = None;
        condition.values(&mut |value| {
            if let Value::Slot(slot, span) = value
                && self.tables.image.slots.get(slot.index()).is_some_and(|slot| slot.scope == Scope::Local)
            {
                local.get_or_insert(*span);
            }
        });
        local
    }

    fn world(&self, condition: &Condition) -> Option<TestStep> {
        if let Some(time) = self.clock(condition) {
            return Some(time);
        }
        let image = &self.tables.image;
        let constant = |value: &Value| match value {
            Value::Const(constant) => image.constants.get(constant.index()).map(fact_value),
            _ => None,
        };
        let (fact, value) = match condition {
            Condition::Test { test: Comparison::Is, left, right, .. } => {
                (self.fact_name(left)?, Some(constant(right)?))
            }
            Condition::Test { test: Comparison::Includes, left, right, .. } => match constant(right)? {
                FactValue::Text(option) => (self.fact_name(left)?, Some(FactValue::Many(vec![option]))),
                _ => return None,
            },
            Condition::Known(value) => (self.fact_name(value)?, Some(self.some_value(value)?)),
            Condition::IsTrue(value) => (self.fact_name(value)?, Some(FactValue::Bool(true))),
            Condition::Not(inner) => match inner.as_ref() {
                Condition::Known(value) => (self.fact_name(value)?, None),
                Condition::IsTrue(value) => (self.fact_name(value)?, Some(FactValue::Bool(false))),
                _ => return None,
            },
            _ => return None,
        };
        Some(TestStep::Given { fact, value })
    }

    /// `given now is 2026-01-05T10:00`, `given today is 2026-01-05`: no host says them, the clock of the test is set.
    fn clock(&self, condition: &Condition) -> Option<TestStep> {
        let image = &self.tables.image;
        let Condition::Test {
            test: Comparison::Is,
            left: Value::Fact(fact, ..),
            right: Value::Const(constant),
            ..
        } = condition
        else {
            return None;
        };
        match (image.facts.get(fact.index())?, image.constants.get(constant.index())?) {
            (FactKind::Now, Constant::DateTime(at)) => Some(TestStep::GivenNow(*at)),
            (FactKind::Today, Constant::Date(days)) => Some(TestStep::GivenToday(*days)),
            _ => None,
        }
    }

    /// The name under which a host supplies a value.
    fn fact_name(&self, value: &Value) -> Option<String> {
        let image = &self.tables.image;
        let text = |at| image.strings.get(at);
        let named = |fact: &Fact| -> Option<String> {
            Some(match image.facts.get(fact.index())? {
                FactKind::ContactKnown => "contact".to_owned(),
                FactKind::TeamAvailable(object) => {
                    format!("team {}", text(image.objects.get(object.index())?.name))
                }
                FactKind::UserAvailable(object) => {
                    format!("user {}", text(image.objects.get(object.index())?.name))
                }
                FactKind::InboxOpen(inbox) => {
                    format!("inbox {}", text(image.flow.inboxes.get(inbox.index())?.name))
                }
                FactKind::InList(object) => {
                    format!("list {}", text(image.objects.get(object.index())?.name))
                }
                FactKind::PageQuery(_)
                | FactKind::PageUrl
                | FactKind::PageAddress
                | FactKind::PageHost
                | FactKind::PagePath
                | FactKind::Today
                | FactKind::Now => {
                    return None;
                }
                kind => FACTS.iter().find(|spec| spec.kind == *kind)?.name.to_owned(),
            })
        };
        match value {
            Value::Slot(slot, _) => image.slots.get(slot.index()).map(|slot| text(slot.name).to_owned()),
            Value::Fact(fact, _, _) => named(fact),
            _ => None,
        }
    }

    /// Any value that a property can hold, for `given X is known`.
    fn some_value(&self, value: &Value) -> Option<FactValue> {
        let image = &self.tables.image;
        let Value::Slot(slot, _) = value else { return None };
        let ty = image.slots.get(slot.index())?.ty;
        let option = || {
            let first = image.options_of(ty)?.options.first()?;
            Some(image.strings.get(first.name).to_owned())
        };
        Some(match ty {
            Type::Text => FactValue::Text("something".to_owned()),
            Type::Number | Type::Duration => FactValue::Number(rust_decimal::Decimal::ONE),
            Type::Bool => FactValue::Bool(true),
            Type::Date => FactValue::Text("2026-01-05".to_owned()),
            Type::DateTime => FactValue::Text("2026-01-05T10:00".to_owned()),
            Type::Email => FactValue::Text("someone@example.com".to_owned()),
            Type::Phone => FactValue::Text("+31201234567".to_owned()),
            Type::Url => FactValue::Text("https://example.com".to_owned()),
            Type::OneOf(_) => FactValue::Text(option()?),
            Type::ManyOf(_) => FactValue::Many(vec![option()?]),
        })
    }

    fn expected_action(&mut self, view: View<'_>, negated: bool, action: &Statement) -> Option<TestStep> {
        match &action.kind {
            StatementKind::Set { target, value, .. } => {
                let property = view.source(target.range).to_owned();
                let (_, ty) = self.value(view, target, None)?;
                let at = view.span(value.range);
                let value = self.value_for(view, value, &ty, &property);
                let value = Some(self.fixed(value, at)?);
                Some(TestStep::ExpectSet { negated, property, value })
            }
            StatementKind::Clear { target } => {
                self.stored_into(view, target)?;
                Some(TestStep::ExpectClear { negated, property: view.source(target.range).to_owned() })
            }
            StatementKind::Action { words, text, block }
                if MediaKind::named(view.source(*words)).is_some() =>
            {
                let media = MediaKind::named(view.source(*words))?;
                self.expected_media(view, negated, media, text.as_ref(), block.as_deref().unwrap_or(&[]))
            }
            StatementKind::Action { words, .. } if !begins_action(view.text(words.start)) => {
                self.not_expected(view, action.range);
                None
            }
            StatementKind::Action { words, text, block } => {
                let (action, object) = self.head_of_expected(view, *words)?;
                let mut arguments = Vec::new();
                let mut request = self.expected_address(view, action, text.as_ref())?;
                for line in block.as_deref().unwrap_or(&[]) {
                    let (head, values) = match &line.kind {
                        LineKind::Entry { head, values, .. } => (head, values),
                        LineKind::Block { head, lines } => {
                            let part = self.expected_part(view, action, *head, line)?;
                            let request = request.get_or_insert_default();
                            self.expected_lines(view, part, lines, request)?;
                            continue;
                        }
                        LineKind::Choice { .. } | LineKind::Pair { .. } | LineKind::Save { .. } => {
                            self.not_a_setting(view, line);
                            continue;
                        }
                        LineKind::Error => continue,
                    };
                    let word = view.text(*head);
                    let spec = action.spec();
                    let settings = || spec.settings.iter().filter(|setting| setting.takes.is_argument());
                    let Some(setting) = settings().find(|setting| setting.argument.word() == word) else {
                        let all: Vec<&'static str> =
                            settings().map(|setting| setting.argument.word()).collect();
                        self.found.push(crate::workspace::unknown_setting(
                            word,
                            view.at(*head),
                            spec.head,
                            &all,
                        ));
                        continue;
                    };
                    let [value] = values.as_slice() else {
                        let all: Vec<&str> = settings().map(|setting| setting.argument.word()).collect();
                        if self.runs_on(view, values, &all) {
                            continue;
                        }
                        self.misshapen(word, view.at(*head), &format!("{word} VALUE"));
                        continue;
                    };
                    let text = match value.kind {
                        ExprKind::Text(_) => plain_text(view, value, &mut self.found)?,
                        _ => view.source(value.range).to_owned(),
                    };
                    arguments.push((setting.argument, text));
                }
                let parameters = Vec::new();
                Some(TestStep::ExpectAct { negated, action, object, arguments, parameters, request })
            }
            _ => {
                self.not_expected(view, action.range);
                None
            }
        }
    }

    /// `expect image "https://…" { alt "…" }`.
    fn expected_media(
        &mut self,
        view: View<'_>,
        negated: bool,
        media: MediaKind,
        url: Option<&Expr>,
        lines: &[Line],
    ) -> Option<TestStep> {
        let spec = media.spec();
        let url = match url {
            Some(url) => Some(plain_text(view, url, &mut self.found)?),
            None => None,
        };
        let mut words = None;
        for line in lines {
            let LineKind::Entry { head, values, .. } = &line.kind else { continue };
            let (word, span) = (view.text(*head), view.at(*head));
            match values.as_slice() {
                _ if word != spec.words => {
                    self.found.push(crate::workspace::unknown_setting(word, span, spec.word, &[spec.words]));
                }
                [text] if matches!(text.kind, ExprKind::Text(_)) => {
                    words = Some(plain_text(view, text, &mut self.found)?);
                }
                _ => self.misshapen(word, span, &format!("{word} \"…\"")),
            }
        }
        Some(TestStep::ExpectMedia { negated, media, url, words })
    }

    fn not_expected(&mut self, view: View<'_>, range: Range) {
        let first = view.text(range.start);
        let help = if first == "say" {
            "What the bot says is checked with `bot \"…\"`.".to_owned()
        } else {
            format!(
                "Write a condition like `expect {first} is …`, an action like `expect create ticket`, or `expect set PROPERTY = VALUE`, `expect clear PROPERTY`."
            )
        };
        let found = Diagnostic::new(
            Code::UnknownWord,
            view.at(range.start),
            "`expect` takes a condition or an action",
        )
        .here("neither of them")
        .help(help);
        self.found.push(found);
    }

    /// The action of `expect` or `fail`; its object may be left out.
    fn head_of_expected(
        &mut self,
        view: View<'_>,
        words: Range,
    ) -> Option<(Action, Option<(ObjectKind, String)>)> {
        let written = view.words(words);
        let bare = Action::ALL.iter().copied().find(|action| {
            let head = action.spec().head;
            written.iter().map(|(word, _)| *word).eq(head.split(' '))
                || head == format!("{} to", view.source(words))
        });
        if let Some(action) = bare {
            return Some((action, None));
        }
        let (action, object) = self.head(view, words)?;
        let object = object?;
        Some((action, Some((object.kind, self.tables.image.strings.get(object.name).to_owned()))))
    }

    fn fail(&mut self, view: View<'_>, words: Range) -> Option<TestStep> {
        if let Some((name, span)) = self.failing_function(view, words) {
            self.declared(Thing::Function, name, span)?;
            return Some(TestStep::Fail { action: Action::CallFunction, object: Some(name.to_owned()) });
        }
        let (action, object) = self.head_of_expected(view, words)?;
        Some(TestStep::Fail { action, object: object.map(|(_, name)| name) })
    }

    fn choose(&mut self, word: &str, span: Span) -> Option<TestStep> {
        let all = Outcome::ALL.iter().copied();
        let known =
            all.filter(|outcome| Action::ALL.iter().any(|action| action.spec().outcome(*outcome).is_some()));
        match Outcome::named(word) {
            Some(outcome) => Some(TestStep::Choose(outcome)),
            None => {
                let mut found =
                    Diagnostic::new(Code::UnknownSetting, span, format!("no action has an outcome `{word}`"))
                        .here("unknown outcome");
                found.help = suggestion(word, known.map(Outcome::word), "The outcomes");
                self.found.push(found);
                None
            }
        }
    }
}

/// `given language is nl`, `given channel is whatsapp`: settings of the world that no flow can test.
fn setting_of_the_world(view: View<'_>, expr: &Expr) -> Option<TestStep> {
    let ExprKind::Compare(comparison) = &expr.kind else { return None };
    let (name, _) = single_word(view, &comparison.left)?;
    let value = comparison.right.first()?;
    let fits =
        matches!(name, "language" | "channel") && comparison.operator == Operator::Is && !comparison.negated;
    fits.then(|| TestStep::Given {
        fact: name.to_owned(),
        value: Some(FactValue::Text(view.source(value.range).trim_matches('"').to_owned())),
    })
}

/// `expect image`, `expect not video`: a word alone is no condition.
fn any_media(view: View<'_>, expr: &Expr) -> Option<(bool, MediaKind)> {
    let (negated, word) = match &expr.kind {
        ExprKind::Not(inner) => (true, inner.as_ref()),
        _ => (false, expr),
    };
    MediaKind::named(single_word(view, word)?.0).map(|media| (negated, media))
}

/// A constant as a host would say it.
pub(super) fn fact_value(constant: &Constant) -> FactValue {
    match constant {
        Constant::Text(text) | Constant::Option(text) => FactValue::Text(text.clone()),
        Constant::Number(number) => FactValue::Number(*number),
        Constant::Bool(is) => FactValue::Bool(*is),
        Constant::Options(names) => FactValue::Many(names.clone()),
        Constant::Date(_) | Constant::DateTime(_) | Constant::Duration(_) => {
            FactValue::Text(crate::literal::iso(constant))
        }
    }
}

/// Whether a word is, or is nearly, the first of some action's head.
fn begins_action(word: &str) -> bool {
    nearest(word, Action::ALL.iter().filter_map(|action| action.spec().head.split(' ').next())).is_some()
}
