//! Compilers that take an operator for its neighbour, or something unknown for false.

#![expect(clippy::wildcard_enum_match_arm, reason = "an expression of another kind is read as it is")]

use chatflow_compiler::tree::{Arithmetic, Comparison, Expr, ExprKind, Operator, Range};

use super::Mutant;
use crate::rewrite::{Rewrite, rewrite};

/// What else an expression is taken for; `None` where it is something else already.
type Misread = fn(&Expr) -> Option<ExprKind>;

/// The mutants of an operator of comparisons.
pub fn mutants(operator: Operator) -> Vec<Mutant> {
    let neighbours = neighbours(operator).iter().map(move |(how, misread)| {
        mutant(format!("{operator:?} {how}"), move |expression| match &expression.kind {
            ExprKind::Compare(comparison) if comparison.operator == operator => {
                Some(negated_like(comparison, misread(comparison)))
            }
            _ => None,
        })
    });
    neighbours.chain([negation_lost(operator)]).chain(of_unknown(operator)).collect()
}

/// The mutants of `and`, `or` and `not`.
pub fn of_logic() -> Vec<Mutant> {
    let misreadings: [(&str, Misread); 12] = [
        ("`and` is `or`", |it| both(it, true).map(|both| ExprKind::Or(Box::new(both)))),
        ("`and` is its left side", |it| both(it, true).map(|(left, _)| left.kind)),
        ("`and` is its right side", |it| both(it, true).map(|(_, right)| right.kind)),
        ("`and` is unknown where either side is", |it| {
            // Where `x` is unknown, so is `x and not x`; else it is false and changes nothing beside `or`.
            let (left, right) = both(it, true)?;
            Some(or(and(left.clone(), right.clone()), or(never(left), never(right))).kind)
        }),
        ("`and` is false where either side is unknown", |it| {
            let (left, right) = both(it, true)?;
            Some(and(not(not_true(left)?), not(not_true(right)?)).kind)
        }),
        ("`or` is `and`", |it| both(it, false).map(|both| ExprKind::And(Box::new(both)))),
        ("`or` is its left side", |it| both(it, false).map(|(left, _)| left.kind)),
        ("`or` is its right side", |it| both(it, false).map(|(_, right)| right.kind)),
        ("`or` is unknown where either side is", |it| {
            let (left, right) = both(it, false)?;
            Some(and(or(left.clone(), right.clone()), and(not(never(left)), not(never(right)))).kind)
        }),
        ("`or` is false where either side is unknown", |it| {
            let (left, right) = both(it, false)?;
            Some(and(or(left.clone(), right.clone()), and(known(left)?, known(right)?)).kind)
        }),
        ("`not` is not there", |it| match &it.kind {
            ExprKind::Not(inner) => Some(inner.kind.clone()),
            _ => None,
        }),
        ("`not` of what is unknown is true", |it| match &it.kind {
            ExprKind::Not(inner) => Some(not_true((**inner).clone())?.kind),
            _ => None,
        }),
    ];
    misreadings.into_iter().map(|(what, misread)| mutant(what, misread)).collect()
}

/// The mutants of an operator of arithmetic: each of the others, and its sides the other way round where they differ.
pub fn of_arithmetic(operator: Arithmetic) -> Vec<Mutant> {
    let others = Arithmetic::ALL.iter().copied().filter(move |other| *other != operator);
    let others = others.map(move |other| {
        let what = format!("`{}` is taken for `{}`", operator.sign(), other.sign());
        mutant(what, move |it| sides(it, operator).map(|sides| ExprKind::Arithmetic(other, Box::new(sides))))
    });
    let turned = match operator {
        Arithmetic::Subtract | Arithmetic::Divide => {
            let what = format!("the sides of `{}` stand the other way round", operator.sign());
            Some(mutant(what, move |it| {
                let (left, right) = sides(it, operator)?;
                Some(ExprKind::Arithmetic(operator, Box::new((right, left))))
            }))
        }
        Arithmetic::Add | Arithmetic::Multiply => None,
    };
    others.chain(turned).collect()
}

/// The mutant of the sign before a value.
pub fn of_sign() -> Mutant {
    mutant("the sign of a value is lost", |it| match &it.kind {
        ExprKind::Minus(inner) => Some(inner.kind.clone()),
        _ => None,
    })
}

fn sides(expression: &Expr, operator: Arithmetic) -> Option<(Expr, Expr)> {
    match &expression.kind {
        ExprKind::Arithmetic(other, sides) if *other == operator => Some((**sides).clone()),
        _ => None,
    }
}

fn mutant(what: impl Into<String>, misread: impl Fn(&Expr) -> Option<ExprKind> + 'static) -> Mutant {
    Mutant::of_trees(what, move |file, turn| {
        let mut misreads = Misreads { misread: &misread, turn };
        rewrite(file, &mut misreads);
    })
}

struct Misreads<'m> {
    misread: &'m dyn Fn(&Expr) -> Option<ExprKind>,
    turn: &'m mut super::Turn,
}

impl Rewrite for Misreads<'_> {
    fn expression(&mut self, _view: chatflow_compiler::file::View<'_>, expression: &mut Expr) {
        if let Some(kind) = (self.misread)(expression)
            && self.turn.comes()
        {
            expression.kind = kind;
        }
    }
}

/// What a comparison without its `not` is taken for.
type Neighbour = (&'static str, fn(&Comparison) -> ExprKind);

/// The neighbours of an operator.
fn neighbours(operator: Operator) -> &'static [Neighbour] {
    const IS: Neighbour = ("is taken for `is`", |it| with(it, Operator::Is));
    const EXACTLY: Neighbour = ("is taken for `is exactly`", |it| with(it, Operator::IsExactly));
    const CONTAINS: Neighbour = ("is taken for `contains`", |it| with(it, Operator::Contains));
    const STARTS: Neighbour = ("is taken for `starts with`", |it| with(it, Operator::StartsWith));
    const ENDS: Neighbour = ("is taken for `ends with`", |it| with(it, Operator::EndsWith));
    const LESS: Neighbour = ("is taken for `<`", |it| with(it, Operator::Less));
    const LESS_OR_EQUAL: Neighbour = ("is taken for `<=`", |it| with(it, Operator::LessOrEqual));
    const GREATER: Neighbour = ("is taken for `>`", |it| with(it, Operator::Greater));
    const GREATER_OR_EQUAL: Neighbour = ("is taken for `>=`", |it| with(it, Operator::GreaterOrEqual));
    match operator {
        Operator::Is => &[EXACTLY, CONTAINS, LESS_OR_EQUAL, GREATER_OR_EQUAL],
        Operator::IsExactly => &[IS, CONTAINS],
        Operator::IsAnyOf => &[
            ("looks at all but the first", |it| with_list(it, 1..)),
            ("looks at the first alone", |it| with_list(it, ..1)),
        ],
        // Nothing is like these but their opposites.
        Operator::IsKnown | Operator::IsAvailable | Operator::IsOpen | Operator::IsIn | Operator::Matches => {
            &[]
        }
        Operator::IsBefore => &[LESS_OR_EQUAL, ("is taken for `is after`", |it| with(it, Operator::IsAfter))],
        Operator::IsAfter => {
            &[GREATER_OR_EQUAL, ("is taken for `is before`", |it| with(it, Operator::IsBefore))]
        }
        Operator::IsBetween => &[
            ("leaves its lower end out", |it| ends(it, Operator::Greater, Operator::LessOrEqual)),
            ("leaves its upper end out", |it| ends(it, Operator::GreaterOrEqual, Operator::Less)),
            ("has no lower end", |it| end(it, Operator::LessOrEqual, 1)),
            ("has no upper end", |it| end(it, Operator::GreaterOrEqual, 0)),
        ],
        Operator::Contains => &[IS, STARTS, ENDS],
        Operator::StartsWith => &[IS, CONTAINS, ENDS],
        Operator::EndsWith => &[IS, CONTAINS, STARTS],
        Operator::Includes => &[IS],
        Operator::IncludesAll => &[
            IS,
            ("is taken for `is any of`", |it| with(it, Operator::IsAnyOf)),
            ("looks at all but the first", |it| with_list(it, 1..)),
            ("looks at the first alone", |it| with_list(it, ..1)),
        ],
        Operator::Less => &[LESS_OR_EQUAL, GREATER],
        Operator::LessOrEqual => &[LESS, GREATER_OR_EQUAL, IS],
        Operator::Greater => &[GREATER_OR_EQUAL, LESS],
        Operator::GreaterOrEqual => &[GREATER, LESS_OR_EQUAL, IS],
    }
}

/// `is not` taken for `is`, and the other way round.
fn negation_lost(operator: Operator) -> Mutant {
    mutant(format!("{operator:?} is negated"), move |expression| match &expression.kind {
        ExprKind::Compare(comparison) if comparison.operator == operator => {
            Some(compared(Comparison { negated: !comparison.negated, ..(**comparison).clone() }))
        }
        _ => None,
    })
}

/// Where the left side is unknown the comparison is false, not unknown: where it is negated, that is seen.
fn of_unknown(operator: Operator) -> Option<Mutant> {
    match operator {
        // Never unknown.
        Operator::IsKnown | Operator::IsAvailable | Operator::IsOpen | Operator::IsIn => return None,
        // The checker warns where these stand behind a `not`, so only the simplest are tested with one.
        Operator::IsExactly
        | Operator::IsBefore
        | Operator::IsAfter
        | Operator::IsBetween
        | Operator::Contains
        | Operator::StartsWith
        | Operator::EndsWith
        | Operator::Includes
        | Operator::IncludesAll
        | Operator::Matches
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::GreaterOrEqual => return None,
        Operator::Is | Operator::IsAnyOf | Operator::Greater => {}
    }
    Some(mutant(format!("{operator:?} of what is unknown is false"), move |expression| {
        match &expression.kind {
            ExprKind::Compare(comparison) if comparison.operator == operator => {
                let left = known_value(&comparison.left);
                let test = like(&comparison.left, with(comparison, operator));
                Some(negated_like(comparison, and(left, test).kind))
            }
            _ => None,
        }
    }))
}

// Building trees

fn like(place: &Expr, kind: ExprKind) -> Expr {
    Expr { range: place.range, kind }
}

fn compared(comparison: Comparison) -> ExprKind {
    ExprKind::Compare(Box::new(comparison))
}

/// The comparison with another operator and without its `not`.
fn with(comparison: &Comparison, operator: Operator) -> ExprKind {
    compared(Comparison { operator, negated: false, ..comparison.clone() })
}

fn with_list(
    comparison: &Comparison,
    which: impl std::slice::SliceIndex<[Expr], Output = [Expr]> + Clone,
) -> ExprKind {
    let mut comparison = Comparison { negated: false, ..comparison.clone() };
    for right in &mut comparison.right {
        if let ExprKind::List(members) = &mut right.kind
            && members.len() > 1
        {
            *members = members.get(which.clone()).unwrap_or_default().to_vec();
        }
    }
    compared(comparison)
}

/// One end of a `between`.
fn end(comparison: &Comparison, operator: Operator, nth: usize) -> ExprKind {
    let right = comparison.right.get(nth).cloned().into_iter().collect();
    compared(Comparison { operator, negated: false, right, ..comparison.clone() })
}

fn ends(comparison: &Comparison, low: Operator, high: Operator) -> ExprKind {
    let place = &comparison.left;
    and(like(place, end(comparison, low, 0)), like(place, end(comparison, high, 1))).kind
}

/// With the `not` of the comparison, if it has one.
fn negated_like(comparison: &Comparison, kind: ExprKind) -> ExprKind {
    if comparison.negated { not(like(&comparison.left, kind)).kind } else { kind }
}

fn both(expression: &Expr, is_and: bool) -> Option<(Expr, Expr)> {
    match &expression.kind {
        ExprKind::And(both) if is_and => Some((**both).clone()),
        ExprKind::Or(both) if !is_and => Some((**both).clone()),
        _ => None,
    }
}

fn not(inner: Expr) -> Expr {
    Expr { range: inner.range, kind: ExprKind::Not(Box::new(inner)) }
}

fn and(left: Expr, right: Expr) -> Expr {
    Expr { range: left.range, kind: ExprKind::And(Box::new((left, right))) }
}

fn or(left: Expr, right: Expr) -> Expr {
    Expr { range: left.range, kind: ExprKind::Or(Box::new((left, right))) }
}

/// False, and unknown where the condition is.
fn never(condition: Expr) -> Expr {
    and(condition.clone(), not(condition))
}

fn known_value(value: &Expr) -> Expr {
    let words = Range { start: value.range.start, end: value.range.start };
    let known = Comparison {
        left: value.clone(),
        operator: Operator::IsKnown,
        negated: false,
        words,
        right: Vec::new(),
    };
    like(value, compared(known))
}

/// Whether a comparison's left side is known; of another condition, nobody can say here.
fn known(condition: Expr) -> Option<Expr> {
    match &condition.kind {
        ExprKind::Compare(comparison) => Some(known_value(&comparison.left)),
        _ => None,
    }
}

/// True where the condition is false or unknown.
fn not_true(condition: Expr) -> Option<Expr> {
    let unknown = not(known(condition.clone())?);
    Some(or(not(condition), unknown))
}
