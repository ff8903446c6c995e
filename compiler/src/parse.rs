//! Tokens to tree, with chumsky, item by item.
//!
//! The grammar is written once, generic over its error type. It runs first with one that records nothing, which is
//! what almost every item needs; an item that fails runs again with one that remembers what was expected. Brackets
//! are balanced before it starts, no two alternatives begin alike, and what follows a keyword can always be skipped
//! to the end of its line: so the work is linear on any input.

mod expression;
mod item;
mod statement;

use std::sync::Arc;

use chumsky::error::{EmptyErr, LabelError, Rich, RichPattern, RichReason};
use chumsky::extra::{self, ParserExtra};
use chumsky::input::MapExtra;
use chumsky::prelude::*;

use crate::layout::Layout;
use crate::token::Kind;
use crate::tree::{At, Item, Items, Range};

/// What the grammar reads.
pub(crate) type Input<'a> = &'a [Kind];

/// A boxed rule: boxing at each rule keeps the types, and so the build, small.
pub(crate) type Rule<'a, T, E> = Boxed<'a, 'a, Input<'a>, T, E>;

/// What the grammar asks of its error type.
pub(crate) trait Extra<'a>:
    ParserExtra<'a, Input<'a>, Error: LabelError<'a, Input<'a>, &'static str>> + 'a
{
}

impl<'a, E> Extra<'a> for E
where
    E: ParserExtra<'a, Input<'a>> + 'a,
    E::Error: LabelError<'a, Input<'a>, &'static str>,
{
}

/// A place where the grammar expected something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The item, by its number in the file.
    pub item: u32,
    /// The first token that does not fit, counted from the item's first; the item's length at its end.
    pub at: At,
    /// What was found there, or nothing at the item's end.
    pub found: Option<Kind>,
    /// What would have fitted, as words for a message.
    pub expected: Vec<&'static str>,
}

/// The tree of each item of a file, and where the grammar expected something else.
pub fn parse(layout: &Layout) -> (Items, Vec<SyntaxError>) {
    parse_all_but(layout, |_, _| None)
}

/// The same, where the trees of some items are known, by their numbers and kinds: those that have no mistake. A tree is
/// made of kinds alone, so that equal kinds have equal trees.
pub(crate) fn parse_all_but(
    layout: &Layout,
    mut known: impl FnMut(usize, &[Kind]) -> Option<Arc<Item>>,
) -> (Items, Vec<SyntaxError>) {
    let quick = item::item::<extra::Err<EmptyErr>>();
    let mut careful = None;
    let mut items = Vec::with_capacity(layout.items.len());
    let mut errors = Vec::new();
    for (number, range) in layout.items.iter().enumerate() {
        let kinds = layout.kinds_of(range);
        if let Some(tree) = known(number, kinds) {
            items.push(tree);
            continue;
        }
        let (tree, failed) = quick.parse(kinds).into_output_errors();
        match tree {
            Some(tree) if failed.is_empty() => items.push(Arc::new(tree)),
            _ => {
                let careful = careful.get_or_insert_with(item::item::<extra::Err<Rich<'_, Kind>>>);
                let (tree, failed) = careful.parse(kinds).into_output_errors();
                let failed = failed.iter().map(|error| syntax_error(number as u32, kinds, error)).collect();
                errors.extend(one_a_line(failed, kinds));
                items.push(Arc::new(tree.unwrap_or(Item::Error)));
            }
        }
    }
    (items.into_iter().collect(), errors)
}

/// The first error of each line: what follows it on its line is only its echo.
fn one_a_line(mut errors: Vec<SyntaxError>, kinds: &[Kind]) -> Vec<SyntaxError> {
    errors.sort_by_key(|error| error.at);
    let mut kept: Vec<SyntaxError> = Vec::new();
    // How far the line of the last one kept was looked for its end.
    let mut looked = 0;
    for error in errors {
        let Some(last) = kept.last() else {
            looked = error.at;
            kept.push(error);
            continue;
        };
        // At one place, the first one is the innermost: it says what was wanted there.
        if last.at == error.at {
            continue;
        }
        let between = kinds.get(looked as usize..error.at as usize).unwrap_or(&[]);
        looked = error.at;
        if between.iter().any(|kind| matches!(kind, Kind::Newline | Kind::LBrace | Kind::RBrace)) {
            kept.push(error);
        }
    }
    kept
}

fn syntax_error(item: u32, kinds: &[Kind], error: &Rich<'_, Kind>) -> SyntaxError {
    let at = error.span().start;
    let mut expected = Vec::new();
    if let RichReason::ExpectedFound { expected: patterns, .. } = error.reason() {
        expected.extend(patterns.iter().filter_map(describe));
    }
    expected.sort_unstable();
    expected.dedup();
    SyntaxError { item, at: at as At, found: kinds.get(at).copied(), expected }
}

fn describe(pattern: &RichPattern<'_, Kind>) -> Option<&'static str> {
    match pattern {
        RichPattern::Token(kind) => Some(kind.describe()),
        RichPattern::Label(label) => Some(match label.as_ref() {
            "a value" => "a value",
            "a condition" => "a condition",
            "a text" => "a text",
            "a name" => "a name",
            "a pattern" => "a pattern in quotes or slashes",
            "a type" => "a type",
            "a statement" => "a statement",
            "a setting" => "a setting",
            "a test line" => "a test line",
            // Nearly anywhere an operator would fit too; saying so helps nobody.
            _ => return None,
        }),
        RichPattern::EndOfInput => Some("the end of the line"),
        RichPattern::Any | RichPattern::SomethingElse | RichPattern::Identifier(_) => None,
        _ => None,
    }
}

/// The range a rule has read.
pub(crate) fn range<'a, E: Extra<'a>>(extra: &mut MapExtra<'a, '_, Input<'a>, E>) -> Range {
    let span: SimpleSpan = extra.span();
    Range { start: span.start as At, end: span.end as At }
}

/// The position of the one token a rule has read.
pub(crate) fn at<'a, E: Extra<'a>>(extra: &mut MapExtra<'a, '_, Input<'a>, E>) -> At {
    let span: SimpleSpan = extra.span();
    span.start as At
}

/// A name: any word but those that hold expressions together.
pub(crate) fn name<'a, E: Extra<'a>>() -> Rule<'a, At, E> {
    any()
        .filter(|kind: &Kind| kind.is_word() && !is_joint(*kind))
        .map_with(|_, extra| at(extra))
        .labelled("a name")
        .boxed()
}

/// Any word: what may follow a dot.
pub(crate) fn word<'a, E: Extra<'a>>() -> Rule<'a, At, E> {
    any().filter(|kind: &Kind| kind.is_word()).map_with(|_, extra| at(extra)).labelled("a name").boxed()
}

/// The words that never are names.
pub fn is_joint(kind: Kind) -> bool {
    matches!(kind, Kind::And | Kind::Or | Kind::Not | Kind::Is | Kind::Then | Kind::Else)
}

/// Skips one token, or a whole bracket, but not the end of a line or block.
pub(crate) fn skip<'a, E: Extra<'a>>() -> Rule<'a, (), E> {
    recursive(|skip| {
        let group = |open: Kind, close: Kind| {
            let inner = skip.clone().or(just(Kind::Newline).ignored());
            just(open).ignore_then(inner.repeated()).then_ignore(just(close))
        };
        choice((
            group(Kind::LBrace, Kind::RBrace),
            group(Kind::LParen, Kind::RParen),
            group(Kind::LBracket, Kind::RBracket),
            group(Kind::HoleOpen, Kind::HoleClose),
            any()
                .filter(|kind: &Kind| {
                    !matches!(
                        kind,
                        Kind::Newline
                            | Kind::LBrace
                            | Kind::RBrace
                            | Kind::LParen
                            | Kind::RParen
                            | Kind::LBracket
                            | Kind::RBracket
                            | Kind::HoleOpen
                            | Kind::HoleClose
                    )
                })
                .ignored(),
        ))
    })
    .boxed()
}

/// The lines of a block, each with its end; what is left of a line is skipped, and a line that cannot be read
/// becomes `broken`.
pub(crate) fn lines<'a, T: 'a, E: Extra<'a>>(
    line: Rule<'a, T, E>,
    broken: fn(Range) -> T,
) -> Rule<'a, Vec<T>, E> {
    let rest = skip().repeated().at_least(1);
    let line_end = just(Kind::Newline).ignored().or(just(Kind::RBrace).rewind().ignored()).boxed();
    let end = line_end.clone().recover_with(via_parser(rest.clone().ignore_then(line_end)));
    let broken = rest.map_with(move |(), extra| broken(range(extra)));
    just(Kind::LBrace)
        .ignore_then(just(Kind::Newline).or_not())
        .ignore_then(line.recover_with(via_parser(broken)).then_ignore(end).repeated().collect())
        .then_ignore(just(Kind::RBrace))
        .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::layout;
    use crate::lex::lex;

    fn errors(text: &str) -> Vec<SyntaxError> {
        let (tokens, _) = lex(text);
        parse(&layout(&tokens)).1
    }

    #[test]
    fn the_examples_parse() {
        for text in [
            include_str!("../../examples/hello/hello.flow"),
            include_str!("../../examples/qualify_leads/qualify_leads.flow"),
            include_str!("../../examples/qualify_leads/acme.flow"),
        ] {
            assert_eq!(errors(text), []);
        }
    }

    #[test]
    fn one_broken_line_is_one_error() {
        for line in [
            "say 5",
            "ask contact.email",
            "if then -> b",
            "if x is then -> b",
            "if (x is then -> b",
            "set x 5",
            "-> ",
            "ask \"a\" { = 5 }",
            "say \"a {} b\"",
            "say \"a {x y} b\"",
            "ask \"q\" { \"a\" -> \n \"b\" -> c }",
            "ask \"q\" { \"b\" = -> c }",
            "book meeting intro { booked => thanks }",
            "= 5",
        ] {
            let text = format!("step a {{\n  say \"x\"\n  {line}\n  say \"y\"\n}}\n");
            let found = errors(&text);
            assert_eq!(found.len(), 1, "{line}: {found:?}");
        }
    }

    #[test]
    fn hostile_nesting_is_linear() {
        for open in [
            "step a { if x is y then { ",
            "ask \"a\" { \"b\" -> { ",
            "say \"{ (",
            "if (not (",
            "else { ",
            "step a { x [ ",
        ] {
            let text = open.repeat(2_000);
            let started = std::time::Instant::now();
            errors(&text);
            assert!(started.elapsed().as_secs() < 5, "{open}");
        }
    }
}
