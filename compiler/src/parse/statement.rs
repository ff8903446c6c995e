//! Statements, and the blocks of lines that belong to them.

use chumsky::prelude::*;

use super::expression::Expressions;
use super::{Extra, Rule, is_joint, lines, name, range, skip};
use crate::token::Kind;
use crate::tree::{
    At, Branch, Expr, ExprKind, Line, LineKind, OptionExpr, Range, Statement, StatementKind, TypeExpr,
};

/// The rules for statements that other rules use.
pub(crate) struct Statements<'a, E: Extra<'a>> {
    /// One statement.
    pub one: Rule<'a, Statement, E>,
    /// `{ … }` of statements.
    pub block: Rule<'a, Vec<Statement>, E>,
    /// What stands after `->`, with the arrow.
    pub arrow: Rule<'a, Branch, E>,
    /// `{ … }` of settings, choices and outcomes.
    pub lines: Rule<'a, Vec<Line>, E>,
    /// The words of an action.
    pub words: Rule<'a, Range, E>,
    /// A type.
    pub ty: Rule<'a, TypeExpr, E>,
}

pub(crate) fn statements<'a, E: Extra<'a>>(expressions: &Expressions<'a, E>) -> Statements<'a, E> {
    let mut block = Recursive::declare();
    let arrow = arrow(block.clone().boxed());
    let ty = ty(expressions);
    let lines_of = entry_lines(expressions, arrow.clone(), ty.clone());
    let words = words();
    let simple = choice((
        say(expressions, lines_of.clone()),
        ask(expressions, ty.clone(), lines_of.clone()),
        set(expressions, lines_of.clone()),
        local(expressions, ty.clone(), lines_of.clone()),
        clear(expressions),
        wait(expressions),
        run(),
        arrow.clone().map(StatementKind::Go).boxed(),
        just(Kind::End).to(StatementKind::End).boxed(),
        action(expressions, words.clone(), lines_of.clone()),
        just(Kind::TooDeep).to(StatementKind::Error).boxed(),
    ))
    .map_with(|kind, extra| Statement { range: range(extra), kind })
    .labelled("a statement")
    .boxed();
    let conditional = conditional(expressions, simple.clone(), block.clone().boxed());
    let one = conditional.or(simple).boxed();
    block.define(lines(one.clone(), |range| Statement { range, kind: StatementKind::Error }));
    Statements { one, block: block.boxed(), arrow, lines: lines_of, words, ty }
}

/// What stands in for a part that cannot be read: nothing is consumed.
fn missing<'a, E: Extra<'a>>() -> Rule<'a, Expr, E> {
    empty().map_with(|(), extra| Expr { range: range(extra), kind: ExprKind::Error }).boxed()
}

/// `-> step`, `-> { … }`.
fn arrow<'a, E: Extra<'a>>(block: Rule<'a, Vec<Statement>, E>) -> Rule<'a, Branch, E> {
    let block = block.map_with(|body, extra| Branch::Block { range: range(extra), body });
    just(Kind::Arrow)
        .ignore_then(
            qualified()
                .map(|(module, step)| match module {
                    Some(module) => Branch::Foreign { module, step },
                    None => Branch::Step(step),
                })
                .or(block)
                .recover_with(via_parser(empty().map_with(|(), extra| Branch::Error(range(extra))))),
        )
        .boxed()
}

/// `STEP`, `MODULE.STEP`: the module, if one is named, and the step.
pub(crate) fn qualified<'a, E: Extra<'a>>() -> Rule<'a, (Option<At>, At), E> {
    name()
        .then(just(Kind::Dot).ignore_then(name()).or_not())
        .map(|(first, second)| match second {
            Some(step) => (Some(first), step),
            None => (None, first),
        })
        .boxed()
}

/// `say "…"`, `say ["…", "…"] { image "…" alt "…" }`.
fn say<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    block: Rule<'a, Vec<Line>, E>,
) -> Rule<'a, StatementKind, E> {
    let text = expressions.text.clone().or(expressions.list.clone()).labelled("a text");
    just(Kind::Say)
        .ignore_then(text.recover_with(via_parser(missing())))
        .then(block.or_not())
        .map(|(text, block)| StatementKind::Say { text, block })
        .boxed()
}

/// `ask TARGET: TYPE "…" { … }`.
fn ask<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    ty: Rule<'a, TypeExpr, E>,
    block: Rule<'a, Vec<Line>, E>,
) -> Rule<'a, StatementKind, E> {
    let target = expressions.path.clone().then(just(Kind::Colon).ignore_then(ty).or_not()).or_not();
    just(Kind::Ask)
        .ignore_then(target)
        .then(expressions.text.clone().recover_with(via_parser(missing())))
        .then(block.or_not())
        .map(|((target, text), block)| {
            let (target, ty) = target.map_or((None, None), |(target, ty)| (Some(target), ty));
            StatementKind::Ask { target, ty, text, block }
        })
        .boxed()
}

/// `set PROPERTY = VALUE { failed -> … }`.
fn set<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    block: Rule<'a, Vec<Line>, E>,
) -> Rule<'a, StatementKind, E> {
    just(Kind::Set)
        .ignore_then(expressions.path.clone().recover_with(via_parser(missing())))
        .then(stored(expressions))
        .then(block.or_not())
        .map(|((target, value), block)| StatementKind::Set { target, value, block })
        .boxed()
}

/// `let NAME = VALUE { failed -> … }`.
fn local<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    ty: Rule<'a, TypeExpr, E>,
    block: Rule<'a, Vec<Line>, E>,
) -> Rule<'a, StatementKind, E> {
    let ty = just(Kind::Colon).then(ty).map_with(|_, extra| range(extra));
    just(Kind::Let)
        .ignore_then(expressions.path.clone().recover_with(via_parser(missing())))
        .then(ty.or_not())
        .then(stored(expressions))
        .then(block.or_not())
        .map(|(((target, ty), value), block)| StatementKind::Let { target, ty, value, block })
        .boxed()
}

/// `= VALUE`.
fn stored<'a, E: Extra<'a>>(expressions: &Expressions<'a, E>) -> Rule<'a, Expr, E> {
    let value = expressions.any.clone().recover_with(via_parser(missing()));
    just(Kind::Equals).ignore_then(value).recover_with(via_parser(missing())).boxed()
}

/// `clear PROPERTY`.
fn clear<'a, E: Extra<'a>>(expressions: &Expressions<'a, E>) -> Rule<'a, StatementKind, E> {
    just(Kind::Clear)
        .ignore_then(expressions.path.clone().recover_with(via_parser(missing())))
        .map(|target| StatementKind::Clear { target })
        .boxed()
}

/// `wait 2s`.
fn wait<'a, E: Extra<'a>>(expressions: &Expressions<'a, E>) -> Rule<'a, StatementKind, E> {
    just(Kind::Wait)
        .ignore_then(expressions.any.clone().recover_with(via_parser(missing())))
        .map(|time| StatementKind::Wait { time })
        .boxed()
}

/// `do STEP`, `do MODULE.STEP`.
fn run<'a, E: Extra<'a>>() -> Rule<'a, StatementKind, E> {
    just(Kind::Do)
        .ignore_then(
            qualified()
                .map(|(module, step)| StatementKind::Do { module, step })
                .recover_with(via_parser(empty().to(StatementKind::Error))),
        )
        .boxed()
}

/// Every statement that begins with a word of its own: `book meeting intro { … }`. The grammar knows none by name.
fn action<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    words: Rule<'a, Range, E>,
    block: Rule<'a, Vec<Line>, E>,
) -> Rule<'a, StatementKind, E> {
    words
        .then(expressions.text.clone().or_not())
        .then(block.or_not())
        .map(|((words, text), block)| StatementKind::Action { words, text, block })
        .boxed()
}

fn words<'a, E: Extra<'a>>() -> Rule<'a, Range, E> {
    let first = any().filter(|kind: &Kind| kind.is_word() && !is_joint(*kind) && !begins_statement(*kind));
    let more = any().filter(|kind: &Kind| kind.is_word() && !is_joint(*kind)).or(just(Kind::Dot));
    first.then(more.repeated()).map_with(|_, extra| range(extra)).boxed()
}

fn begins_statement(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Say
            | Kind::Ask
            | Kind::Set
            | Kind::Let
            | Kind::Clear
            | Kind::Wait
            | Kind::Do
            | Kind::If
            | Kind::End
    )
}

/// `if … then … else if … then … else …`. A chain of `else if` is flat, so that it is no nesting.
fn conditional<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    simple: Rule<'a, Statement, E>,
    block: Rule<'a, Vec<Statement>, E>,
) -> Rule<'a, Statement, E> {
    let block = block.map_with(|body, extra| Branch::Block { range: range(extra), body });
    let branch = block.or(simple.map(|statement| Branch::Statement(Box::new(statement)))).boxed();
    // What is left before `then`, or before the end of the line, belongs to a condition that cannot be read.
    let to_then =
        skip_to_then().repeated().map_with(|(), extra| Expr { range: range(extra), kind: ExprKind::Error });
    let condition = expressions
        .any
        .clone()
        .then_ignore(just(Kind::Then).rewind())
        .recover_with(via_parser(to_then))
        .then_ignore(just(Kind::Then).or_not());
    let broken = empty().map_with(|(), extra| Branch::Error(range(extra)));
    let arm = condition.then(branch.clone().recover_with(via_parser(broken)));
    let elif = just(Kind::Else).then(just(Kind::If)).ignore_then(arm.clone());
    let otherwise = just(Kind::Else).ignore_then(branch.recover_with(via_parser(broken)));
    just(Kind::If)
        .ignore_then(arm)
        .then(elif.repeated().collect::<Vec<_>>())
        .then(otherwise.or_not())
        .map_with(|((first, more), otherwise), extra| {
            let mut arms = Vec::with_capacity(1 + more.len());
            arms.push(first);
            arms.extend(more);
            Statement { range: range(extra), kind: StatementKind::If { arms, otherwise } }
        })
        .labelled("a statement")
        .boxed()
}

fn skip_to_then<'a, E: Extra<'a>>() -> Rule<'a, (), E> {
    just(Kind::Then).or(just(Kind::LBrace)).or(just(Kind::Arrow)).not().ignore_then(skip()).boxed()
}

/// The lines of `{ … }` after a question, an action or a declaration.
fn entry_lines<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    arrow: Rule<'a, Branch, E>,
    ty: Rule<'a, TypeExpr, E>,
) -> Rule<'a, Vec<Line>, E> {
    let mut all = Recursive::declare();
    let values = || value(expressions).repeated();
    let pair_or_choice = expressions.text.clone().then(
        values().at_least(1).collect::<Vec<_>>().map(AfterText::Values).or(just(Kind::Equals)
            .ignore_then(expressions.any.clone())
            .or_not()
            .then(arrow.clone().or_not())
            .map(|(value, arrow)| AfterText::Choice(value, arrow))),
    );
    let pair_or_choice = pair_or_choice.map(|(text, after)| match after {
        AfterText::Values(values) => LineKind::Pair { key: text, values },
        AfterText::Choice(value, arrow) => LineKind::Choice { label: text, value, arrow },
    });
    let entry = just(Kind::When)
        .or_not()
        .map(|when| when.is_some())
        .then(values().collect::<Vec<_>>())
        .then(arrow.or_not());
    let block = all.clone().map(AfterName::Block);
    let after_name =
        block.or(entry.map(|((when, values), arrow)| AfterName::Entry(when, values, arrow))).boxed();
    let named =
        just(Kind::Save).not().ignore_then(name()).then(after_name).map(|(head, after)| match after {
            AfterName::Block(lines) => LineKind::Block { head, lines },
            AfterName::Entry(when, values, arrow) => LineKind::Entry { head, when, values, arrow },
        });
    let line = choice((pair_or_choice.boxed(), saved(expressions, ty), named.boxed()))
        .map_with(|kind, extra| Line { range: range(extra), kind })
        .labelled("a setting")
        .boxed();
    all.define(lines(line, |range| Line { range, kind: LineKind::Error }));
    all.boxed()
}

/// What stands behind a text on a line.
enum AfterText {
    Values(Vec<Expr>),
    Choice(Option<Expr>, Option<Branch>),
}

/// What stands behind a name on a line.
enum AfterName {
    Block(Vec<Line>),
    Entry(bool, Vec<Expr>, Option<Branch>),
}

/// `save "PATH" as NAME: TYPE`.
fn saved<'a, E: Extra<'a>>(
    expressions: &Expressions<'a, E>,
    ty: Rule<'a, TypeExpr, E>,
) -> Rule<'a, LineKind, E> {
    let local = just(Kind::As).ignore_then(name()).then_ignore(just(Kind::Colon)).then(ty).map(Some);
    just(Kind::Save)
        .ignore_then(expressions.text.clone().recover_with(via_parser(missing())))
        .then(local.recover_with(via_parser(empty().to(None))))
        .map(|(path, local)| LineKind::Save { path, local })
        .boxed()
}

/// A value of a setting: an expression, or two with `..` between them.
pub(crate) fn value<'a, E: Extra<'a>>(expressions: &Expressions<'a, E>) -> Rule<'a, Expr, E> {
    expressions
        .any
        .clone()
        .then(just(Kind::DotDot).ignore_then(expressions.any.clone()).or_not())
        .map_with(|(first, last), extra| match last {
            None => first,
            Some(last) => Expr { range: range(extra), kind: ExprKind::Span(Box::new((first, last))) },
        })
        .boxed()
}

/// `text`, `one of [a "A", b]`.
fn ty<'a, E: Extra<'a>>(expressions: &Expressions<'a, E>) -> Rule<'a, TypeExpr, E> {
    let option = name()
        .then(expressions.text.clone().or_not())
        .then(just(Kind::Equals).ignore_then(expressions.text.clone()).or_not())
        .map(|((name, label), value)| OptionExpr { name, label, value });
    let broken = skip().repeated().at_least(1).to(Vec::new());
    let options = option
        .separated_by(just(Kind::Comma))
        .allow_trailing()
        .collect::<Vec<_>>()
        .then_ignore(just(Kind::RBracket).rewind())
        .recover_with(via_parser(broken))
        .delimited_by(just(Kind::LBracket), just(Kind::RBracket));
    let listed = just(Kind::One)
        .to(false)
        .or(just(Kind::Many).to(true))
        .then_ignore(just(Kind::Of))
        .then(options)
        .map_with(|(several, options), extra| TypeExpr::Options { range: range(extra), several, options });
    listed.or(name().map(TypeExpr::Named)).labelled("a type").boxed()
}

/// Names with commas between them.
pub(crate) fn names<'a, E: Extra<'a>>() -> Rule<'a, Vec<At>, E> {
    name().separated_by(just(Kind::Comma)).at_least(1).collect().boxed()
}
