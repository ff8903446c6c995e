//! Top-level items, and the lines of tests.

use chumsky::prelude::*;

use super::expression::{Expressions, expressions};
use super::statement::{Statements, names, qualified, statements, value};
use super::{Extra, Rule, at, is_joint, lines, name, range, skip};
use crate::token::Kind;
use crate::tree::{At, Item, Property, TestLine, TestLineKind};

/// One item, whole.
pub(crate) fn item<'a, E: Extra<'a>>() -> Rule<'a, Item, E> {
    let expressions = expressions::<E>();
    let statements = statements(&expressions);
    let known = choice((
        step(&statements),
        header(&expressions),
        tests_for(),
        test(&expressions, &statements),
        anytime(&expressions, &statements),
        outdated(),
        properties(&expressions, &statements),
        function(&statements),
        declaration(&expressions, &statements),
    ))
    .boxed();
    let rest = skip().or(just(Kind::Newline).ignored()).repeated();
    known
        .recover_with(via_parser(rest.clone().at_least(1).to(Item::Error)))
        .then_ignore(end().recover_with(via_parser(rest.at_least(1).ignore_then(end()))))
        .boxed()
}

fn was<'a, E: Extra<'a>>() -> Rule<'a, Vec<At>, E> {
    just(Kind::Was).ignore_then(names()).or_not().map(Option::unwrap_or_default).boxed()
}

/// `step NAME was A, B { … }`. What is wrong before the brace does not hide what is wrong behind it.
fn step<'a, E: Extra<'a>>(statements: &Statements<'a, E>) -> Rule<'a, Item, E> {
    let nameless = empty().map_with(|(), extra| at(extra));
    let stray = just(Kind::LBrace).not().ignore_then(skip()).repeated().at_least(1);
    let brace = just(Kind::LBrace).rewind();
    let brace = brace.recover_with(via_parser(stray.ignore_then(brace)));
    just(Kind::Step)
        .ignore_then(name().recover_with(via_parser(nameless)))
        .then(was())
        .then_ignore(brace)
        .then(statements.block.clone())
        .map_with(|((name, was), body), extra| Item::Step { name, was, body, end: range(extra).end })
        .boxed()
}

/// `flow NAME was A, B "Title"`, `workspace NAME "Title"`, `module NAME "Title"`.
fn header<'a, E: Extra<'a>>(expressions: &Expressions<'a, E>) -> Rule<'a, Item, E> {
    one_of([Kind::Flow, Kind::Workspace, Kind::Module])
        .map_with(|_, extra| at(extra))
        .then(name())
        .then(was())
        .then(expressions.text.clone().or_not())
        .map(|(((head, name), was), title)| Item::Header { head, name, was, title })
        .boxed()
}

/// `tests for NAME`.
fn tests_for<'a, E: Extra<'a>>() -> Rule<'a, Item, E> {
    just(Kind::Tests)
        .ignore_then(just(Kind::For))
        .ignore_then(name())
        .map(|flow| Item::TestsFor { flow })
        .boxed()
}

/// `anytime { CONDITION -> … }`.
fn anytime<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    statements: &Statements<'a, E>,
) -> Rule<'a, Item, E> {
    let arm = expressions.any.clone().then(statements.arrow.clone()).map(Some).boxed();
    just(Kind::Anytime)
        .ignore_then(lines(arm, |_| None))
        .map(|arms| Item::Anytime { arms: arms.into_iter().flatten().collect() })
        .boxed()
}

/// `outdated -> STEP`.
fn outdated<'a, E: Extra<'a>>() -> Rule<'a, Item, E> {
    just(Kind::Outdated)
        .ignore_then(just(Kind::Arrow))
        .ignore_then(qualified())
        .map(|(module, step)| Item::Outdated { module, step })
        .boxed()
}

/// `contact { NAME TYPE "Label" }`.
fn properties<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    statements: &Statements<'a, E>,
) -> Rule<'a, Item, E> {
    let property = name()
        .then(statements.ty.clone())
        .then(expressions.text.clone().or_not())
        .map(|((name, ty), label)| Some(Property { name, ty, label }))
        .boxed();
    just(Kind::Contact)
        .or(just(Kind::Company))
        .map_with(|_, extra| at(extra))
        .then(lines(property, |_| None))
        .map(|(head, properties)| Item::Properties {
            head,
            properties: properties.into_iter().flatten().collect(),
        })
        .boxed()
}

/// `function NAME(PARAMETER: TYPE): TYPE`.
fn function<'a, E: Extra<'a>>(statements: &Statements<'a, E>) -> Rule<'a, Item, E> {
    let typed = just(Kind::Colon).ignore_then(statements.ty.clone()).boxed();
    let parameters = name()
        .then(typed.clone())
        .separated_by(just(Kind::Comma))
        .allow_trailing()
        .collect()
        .delimited_by(just(Kind::LParen), just(Kind::RParen));
    just(Kind::Function)
        .ignore_then(name())
        .then(parameters)
        .then(typed)
        .map(|((name, parameters), result)| Item::Function { name, parameters, result })
        .boxed()
}

/// Any other item: `channel website`, `team sales "Sales" { … }`, `welcome "…"`.
fn declaration<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    statements: &Statements<'a, E>,
) -> Rule<'a, Item, E> {
    any()
        .filter(|kind: &Kind| kind.is_word() && !is_joint(*kind) && !has_own_rule(*kind))
        .map_with(|_, extra| at(extra))
        .labelled("a name")
        .then(value(expressions).then_ignore(just(Kind::Comma).or_not()).repeated().collect())
        .then(statements.lines.clone().or_not())
        .map(|((head, values), block)| Item::Declaration { head, values, block })
        .boxed()
}

fn has_own_rule(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Step
            | Kind::Flow
            | Kind::Workspace
            | Kind::Module
            | Kind::Test
            | Kind::Tests
            | Kind::Anytime
            | Kind::Outdated
            | Kind::Contact
            | Kind::Company
            | Kind::Function
    )
}

/// `test "…" { … }`.
fn test<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    statements: &Statements<'a, E>,
) -> Rule<'a, Item, E> {
    just(Kind::Test)
        .ignore_then(expressions.text.clone())
        .then(lines(test_line(expressions, statements), |range| TestLine {
            range,
            kind: TestLineKind::Error,
        }))
        .map(|(name, lines)| Item::Test { name, lines })
        .boxed()
}

fn test_line<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    statements: &Statements<'a, E>,
) -> Rule<'a, TestLine, E> {
    let text = || expressions.text.clone();
    let not = || just(Kind::Not).or_not().map(|not| not.is_some());
    let line_end = || just(Kind::Newline).or(just(Kind::RBrace)).rewind();
    // A condition if it reaches the end of the line, else an action's head with what it should be given.
    let condition = expressions.any.clone().then_ignore(line_end()).map(TestLineKind::Expect);
    let action = not()
        .then(statements.one.clone())
        .map(|(negated, action)| TestLineKind::ExpectAction { negated, action: Box::new(action) });
    let known = choice((
        just(Kind::Given)
            .ignore_then(answer(expressions, statements).or(expressions.any.clone().map(TestLineKind::Given)))
            .boxed(),
        just(Kind::Visit).ignore_then(text()).map(TestLineKind::Visit).boxed(),
        just(Kind::Agree).to(TestLineKind::Agree).boxed(),
        just(Kind::Bot)
            .ignore_then(text().then(expressions.list.clone().or_not()))
            .map(|(text, replies)| TestLineKind::Bot { text, replies })
            .boxed(),
        just(Kind::Visitor).ignore_then(text()).map(TestLineKind::Visitor).boxed(),
        just(Kind::Expect).ignore_then(condition.or(action)).boxed(),
        not().then_ignore(just(Kind::Shown)).map(|negated| TestLineKind::Shown { negated }).boxed(),
        just(Kind::Wait).ignore_then(expressions.any.clone()).map(TestLineKind::Wait).boxed(),
        just(Kind::Fail)
            .ignore_then(statements.words.clone())
            .map(|words| TestLineKind::Fail { words })
            .boxed(),
        just(Kind::Choose).ignore_then(name()).map(TestLineKind::Choose).boxed(),
        just(Kind::Completed).to(TestLineKind::Completed).boxed(),
    ));
    let other = any()
        .filter(|kind: &Kind| kind.is_word() && !begins_test_line(*kind))
        .then(skip().repeated())
        .to(TestLineKind::Other);
    known
        .or(other)
        .map_with(|kind, extra| TestLine { range: range(extra), kind })
        .labelled("a test line")
        .boxed()
}

/// `call webhook "URL" answers { … }`, behind `given`.
fn answer<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    statements: &Statements<'a, E>,
) -> Rule<'a, TestLineKind, E> {
    just(Kind::Call)
        .then(just(Kind::Webhook))
        .ignore_then(expressions.text.clone().or_not())
        .then(
            just(Kind::Answers)
                .ignore_then(statements.lines.clone())
                .map(Some)
                .recover_with(via_parser(empty().to(None))),
        )
        .map(|(url, lines)| TestLineKind::GivenAnswer { url, lines })
        .boxed()
}

fn begins_test_line(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Given
            | Kind::Visit
            | Kind::Agree
            | Kind::Bot
            | Kind::Visitor
            | Kind::Expect
            | Kind::Not
            | Kind::Shown
            | Kind::Wait
            | Kind::Fail
            | Kind::Choose
            | Kind::Completed
    )
}
