//! Values, texts and conditions. Precedence, loosest first: `or`, `and`, `not`, comparisons, `+ -`, `* /`, `-x`.

use chumsky::pratt::{infix, left, prefix};
use chumsky::prelude::*;

use super::{Extra, Rule, at, is_joint, name, range, skip, word};
use crate::token::Kind;
use crate::tree::{Arithmetic, Comparison, Expr, ExprKind, FormExpr, Forms, Operator, Part, Range};

/// The rules for expressions that other rules use.
pub(crate) struct Expressions<'a, E: Extra<'a>> {
    /// Any expression, conditions among them.
    pub any: Rule<'a, Expr, E>,
    /// A text in quotes.
    pub text: Rule<'a, Expr, E>,
    /// A dotted name.
    pub path: Rule<'a, Expr, E>,
    /// `[a, b]`.
    pub list: Rule<'a, Expr, E>,
}

pub(crate) fn expressions<'a, E: Extra<'a>>() -> Expressions<'a, E> {
    let mut any_expression = Recursive::declare();
    let mut nested = Recursive::declare();
    let text = text(any_expression.clone().boxed(), nested.clone().boxed());
    nested.define(text.clone());
    let path = path(text.clone());
    let list = list(any_expression.clone().boxed());
    let named = path_or_call(path.clone(), any_expression.clone().boxed());
    let operand = operand(any_expression.clone().boxed(), text.clone(), named, list.clone());
    let comparison = comparison(sum(operand));
    any_expression.define(logic(comparison));
    Expressions { any: any_expression.boxed(), text, path, list }
}

fn node(range: Range, kind: ExprKind) -> Expr {
    Expr { range, kind }
}

/// `"words {hole} words"`.
fn text<'a, E: Extra<'a>>(expression: Rule<'a, Expr, E>, text: Rule<'a, Expr, E>) -> Rule<'a, Expr, E> {
    let words = just(Kind::StrText).or(just(Kind::Escape)).map_with(|_, extra| Part::Words(at(extra)));
    let broken = skip().repeated().map_with(|(), extra| node(range(extra), ExprKind::Error));
    let rest = skip().repeated().at_least(1);
    let close = just(Kind::HoleClose)
        .ignored()
        .recover_with(via_parser(rest.ignore_then(just(Kind::HoleClose).ignored())));
    let hole = just(Kind::HoleOpen)
        .ignore_then(forms(expression.clone(), text).or(expression).recover_with(via_parser(broken)))
        .then_ignore(close)
        .map(Part::Hole);
    just(Kind::StrOpen)
        .ignore_then(words.or(hole).repeated().collect())
        .then_ignore(just(Kind::StrClose))
        .map_with(|parts, extra| node(range(extra), ExprKind::Text(parts)))
        .labelled("a text")
        .boxed()
}

/// `plural seats: one "…", =0 "…", other "…"`, `select contact.stage: lead "…", other "…"`.
fn forms<'a, E: Extra<'a>>(expression: Rule<'a, Expr, E>, text: Rule<'a, Expr, E>) -> Rule<'a, Expr, E> {
    // A value behind the word; else the word is a name.
    let value = any().filter(|kind: &Kind| {
        (kind.is_word() && !is_joint(*kind)) || matches!(kind, Kind::Number | Kind::LParen)
    });
    let head = just(Kind::Plural).to(false).or(just(Kind::Select).to(true)).then_ignore(value.rewind());
    let case = just(Kind::Equals)
        .then(just(Kind::Number))
        .ignored()
        .or(name().ignored())
        .map_with(|(), extra| range(extra));
    let form = case.then(text).map(|(case, text)| FormExpr { case, text });
    head.then(expression)
        .then_ignore(just(Kind::Colon))
        .then(form.separated_by(just(Kind::Comma)).at_least(1).allow_trailing().collect::<Vec<_>>())
        .map_with(|((select, of), forms), extra| {
            node(range(extra), ExprKind::Forms(Box::new(Forms { select, of, forms })))
        })
        .boxed()
}

/// `contact.email`, `page.query["any name"]`.
fn path<'a, E: Extra<'a>>(text: Rule<'a, Expr, E>) -> Rule<'a, Expr, E> {
    let more = just(Kind::Dot).ignore_then(word()).repeated().collect::<Vec<_>>();
    let index = text.delimited_by(just(Kind::LBracket), just(Kind::RBracket)).map(Box::new).or_not();
    name()
        .then(more)
        .then(index)
        .map_with(|((first, more), index), extra| {
            let mut words = Vec::with_capacity(1 + more.len());
            words.push(first);
            words.extend(more);
            node(range(extra), ExprKind::Path { words, index })
        })
        .boxed()
}

/// A path, or `price_for(seats)`.
fn path_or_call<'a, E: Extra<'a>>(
    path: Rule<'a, Expr, E>,
    expression: Rule<'a, Expr, E>,
) -> Rule<'a, Expr, E> {
    let broken = skip().repeated().at_least(1).map_with(|(), extra| node(range(extra), ExprKind::Error));
    let arguments = expression
        .separated_by(just(Kind::Comma))
        .allow_trailing()
        .collect::<Vec<_>>()
        .then_ignore(just(Kind::RParen).rewind())
        .recover_with(via_parser(broken.map(|broken| vec![broken])))
        .delimited_by(just(Kind::LParen), just(Kind::RParen));
    path.then(arguments.or_not())
        .map_with(|(path, arguments), extra| match (path.kind, arguments) {
            (ExprKind::Path { words, index: None }, Some(arguments)) => {
                node(range(extra), ExprKind::Call { words, arguments })
            }
            // What has an index is no name of a function.
            (_, Some(_)) => node(range(extra), ExprKind::Error),
            (kind, None) => node(path.range, kind),
        })
        .boxed()
}

/// `[a, b]`, with a trailing comma if wanted.
fn list<'a, E: Extra<'a>>(expression: Rule<'a, Expr, E>) -> Rule<'a, Expr, E> {
    let broken = skip().repeated().at_least(1).map_with(|(), extra| node(range(extra), ExprKind::Error));
    expression
        .separated_by(just(Kind::Comma))
        .allow_trailing()
        .collect::<Vec<_>>()
        .then_ignore(just(Kind::RBracket).rewind())
        .recover_with(via_parser(broken.map(|broken| vec![broken])))
        .delimited_by(just(Kind::LBracket), just(Kind::RBracket))
        .map_with(|members, extra| node(range(extra), ExprKind::List(members)))
        .boxed()
}

/// What arithmetic is done with.
fn operand<'a, E: Extra<'a>>(
    expression: Rule<'a, Expr, E>,
    text: Rule<'a, Expr, E>,
    path: Rule<'a, Expr, E>,
    list: Rule<'a, Expr, E>,
) -> Rule<'a, Expr, E> {
    let literal = any()
        .filter(|kind: &Kind| {
            matches!(
                kind,
                Kind::Number
                    | Kind::Duration
                    | Kind::Percent
                    | Kind::Colour
                    | Kind::Date
                    | Kind::DateTime
                    | Kind::Time
            )
        })
        .map_with(|_, extra| node(range(extra), ExprKind::Literal));
    let truth = just(Kind::True)
        .to(true)
        .or(just(Kind::False).to(false))
        .map_with(|is, extra| node(range(extra), ExprKind::Bool(is)));
    // `team sales`, but not `team is …`, where `team` is a name.
    let subject = any()
        .filter(|kind: &Kind| matches!(kind, Kind::Team | Kind::User | Kind::Inbox))
        .map_with(|_, extra| at(extra))
        .then(
            any()
                .filter(|kind: &Kind| kind.is_word() && !begins_operator(*kind))
                .map_with(|_, extra| at(extra)),
        )
        .map_with(|(kind, name), extra| node(range(extra), ExprKind::Subject { kind, name }));
    let too_deep = just(Kind::TooDeep).map_with(|_, extra| node(range(extra), ExprKind::Error));
    let broken = skip().repeated().map_with(|(), extra| node(range(extra), ExprKind::Error));
    let group = expression
        .then_ignore(just(Kind::RParen).rewind())
        .recover_with(via_parser(broken))
        .delimited_by(just(Kind::LParen), just(Kind::RParen));
    choice((subject, truth, path, text, literal, list, group, too_deep)).labelled("a value").boxed()
}

fn begins_operator(kind: Kind) -> bool {
    is_joint(kind)
        || matches!(
            kind,
            Kind::Contains | Kind::Does | Kind::Starts | Kind::Ends | Kind::Includes | Kind::Matches
        )
}

/// What stands on either side of a comparison: `a + b * -c`.
fn sum<'a, E: Extra<'a>>(operand: Rule<'a, Expr, E>) -> Rule<'a, Expr, E> {
    let sign = |kind: Kind, operator: Arithmetic| just(kind).to(operator);
    let times = sign(Kind::Star, Arithmetic::Multiply).or(sign(Kind::Slash, Arithmetic::Divide));
    let plus = sign(Kind::Plus, Arithmetic::Add).or(sign(Kind::Minus, Arithmetic::Subtract));
    operand
        .pratt((
            prefix(3, just(Kind::Minus).labelled("a value"), |_, inner, extra| {
                node(range(extra), ExprKind::Minus(Box::new(inner)))
            }),
            infix(left(2), times.labelled("an operator"), |left, operator, right, extra| {
                node(range(extra), ExprKind::Arithmetic(operator, Box::new((left, right))))
            }),
            infix(left(1), plus.labelled("an operator"), |left, operator, right, extra| {
                node(range(extra), ExprKind::Arithmetic(operator, Box::new((left, right))))
            }),
        ))
        .boxed()
}

/// One comparison, or an operand alone.
fn comparison<'a, E: Extra<'a>>(operand: Rule<'a, Expr, E>) -> Rule<'a, Expr, E> {
    let tail = tail(operand.clone());
    operand
        .then(tail.clone().or_not())
        .map_with(|(left, tail), extra| match tail {
            None => left,
            Some((operator, negated, words, right)) => {
                let comparison = Comparison { left, operator, negated, words, right };
                node(range(extra), ExprKind::Compare(Box::new(comparison)))
            }
        })
        .then(tail.map_with(|_, extra| range(extra)).repeated().collect::<Vec<_>>())
        .map_with(|(first, chained), extra| match chained.into_iter().next() {
            None => first,
            Some(second) => node(range(extra), ExprKind::Chain(Box::new((first, second)))),
        })
        .boxed()
}

/// An operator, whether it is negated, its words, and its right side.
type Tail = (Operator, bool, Range, Vec<Expr>);

fn tail<'a, E: Extra<'a>>(operand: Rule<'a, Expr, E>) -> Rule<'a, Tail, E> {
    let one = operand.clone().map(|right| vec![right]).boxed();
    let none = empty().to(Vec::new());
    let both = operand.clone().then_ignore(just(Kind::And)).then(operand).map(|(low, high)| vec![low, high]);

    let not = || just(Kind::Not).or_not().map(|not| not.is_some());
    // After `is` or `is not`: a word that makes it another operator, or else the right side itself.
    let of = |first: Kind| just(first).then_ignore(just(Kind::Of));
    let listed = choice((of(Kind::Any).to(false), of(Kind::None).to(true)))
        .map(|none| (Operator::IsAnyOf, none))
        .map_with(|head, extra| (head, range(extra)))
        .then(one.clone());
    let bare = choice((
        just(Kind::Known).to((Operator::IsKnown, false)),
        just(Kind::UnknownWord).to((Operator::IsKnown, true)),
        just(Kind::Available).to((Operator::IsAvailable, false)),
        just(Kind::Open).to((Operator::IsOpen, false)),
    ))
    .map_with(|head, extra| (head, range(extra)))
    .then(none);
    let compared = choice((
        just(Kind::Exactly).to((Operator::IsExactly, false)),
        just(Kind::Before).to((Operator::IsBefore, false)),
        just(Kind::After).to((Operator::IsAfter, false)),
    ))
    .map_with(|head, extra| (head, range(extra)))
    .then(one.clone());
    let between = just(Kind::Between)
        .to((Operator::IsBetween, false))
        .map_with(|head, extra| (head, range(extra)))
        .then(both);
    // `contact is in list newsletter`.
    let within = just(Kind::In)
        .then(just(Kind::List))
        .to((Operator::IsIn, false))
        .map_with(|head, extra| (head, range(extra)))
        .then(named());
    let equal =
        empty().to((Operator::Is, false)).map_with(|head, extra| (head, range(extra))).then(one.clone());
    let after_is = choice((listed, bare, compared, between, within, equal)).boxed();

    let is = just(Kind::Is).ignore_then(not()).map_with(|not, extra| (not, range(extra))).then(after_is).map(
        |((not, is), (((operator, inner), words), right))| {
            let words = Range { start: is.start, end: words.end.max(is.end) };
            (operator, not != inner, words, right)
        },
    );
    let contains = just(Kind::Contains)
        .to(false)
        .or(just(Kind::Does).then(just(Kind::Not)).then(just(Kind::Contain)).to(true))
        .map(|not| (Operator::Contains, not));
    let symbol = choice((
        just(Kind::Less).to(Operator::Less),
        just(Kind::LessEqual).to(Operator::LessOrEqual),
        just(Kind::Greater).to(Operator::Greater),
        just(Kind::GreaterEqual).to(Operator::GreaterOrEqual),
        just(Kind::Starts).then(just(Kind::With)).to(Operator::StartsWith),
        just(Kind::Ends).then(just(Kind::With)).to(Operator::EndsWith),
        just(Kind::Includes)
            .ignore_then(just(Kind::All).then_ignore(just(Kind::LBracket).rewind()).or_not())
            .map(|all| if all.is_some() { Operator::IncludesAll } else { Operator::Includes }),
    ))
    .map(|operator| (operator, false));
    let other = contains
        .or(symbol)
        .map_with(|head, extra| (head, range(extra)))
        .then(one)
        .map(|(((operator, not), words), right)| (operator, not, words, right));
    let wildcard =
        just(Kind::StrOpen).then(just(Kind::StrText).repeated()).then(just(Kind::StrClose)).ignored();
    let pattern = wildcard
        .or(just(Kind::Regex).ignored())
        .map_with(|(), extra| node(range(extra), ExprKind::Pattern))
        .labelled("a pattern");
    let matches = just(Kind::Matches)
        .map_with(|_, extra| range(extra))
        .then(pattern)
        .map(|(words, pattern)| (Operator::Matches, false, words, vec![pattern]));
    choice((is, matches, other)).labelled("an operator").boxed()
}

/// A name of the workspace, as the one right side of a comparison.
fn named<'a, E: Extra<'a>>() -> Rule<'a, Vec<Expr>, E> {
    name()
        .map_with(|name, extra| vec![node(range(extra), ExprKind::Path { words: vec![name], index: None })])
        .boxed()
}

/// `not`, `and`, `or` over comparisons.
fn logic<'a, E: Extra<'a>>(comparison: Rule<'a, Expr, E>) -> Rule<'a, Expr, E> {
    comparison
        .pratt((
            prefix(3, just(Kind::Not).labelled("a value"), |_, inner, extra| {
                node(range(extra), ExprKind::Not(Box::new(inner)))
            }),
            infix(left(2), just(Kind::And).labelled("an operator"), |left, _, right, extra| {
                node(range(extra), ExprKind::And(Box::new((left, right))))
            }),
            infix(left(1), just(Kind::Or).labelled("an operator"), |left, _, right, extra| {
                node(range(extra), ExprKind::Or(Box::new((left, right))))
            }),
        ))
        .boxed()
}
