//! What a value may still be.

use std::collections::BTreeSet;

use chatflow_runtime::Decimal;
use chatflow_runtime::id::Pattern;
use chatflow_runtime::text::{contains, ends_with, starts_with};

use crate::source::Span;

/// So many separate values, ranges or tests are remembered of one thing. More would make conditions cost more than
/// they are long; what is forgotten is only never reported.
const MOST: usize = 32;

/// What something may be at a place, as far as the tests on the way there say.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Set {
    /// Whether it may be unknown.
    pub(super) unknown: bool,
    /// What it may be if it is known.
    pub(super) shape: Shape,
    /// Tests of texts and of several options, and what came of them.
    tests: Vec<(Atom, bool)>,
    /// Whether the flow itself gave it its value, so that it stays through a wait.
    pub(super) own: bool,
    /// Where it last became less.
    pub(super) why: Option<Span>,
}

/// The known values that something may have.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// Any.
    Any,
    /// One of these: options by name, yes or no, texts as they compare.
    Points(BTreeSet<String>),
    /// Anything but these.
    Except(BTreeSet<String>),
    /// In one of these ranges, which ascend and do not touch.
    Ranges(Vec<Range>),
}

/// A range of numbers, dates, moments or lengths of time; an end that is missing has no bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub(super) from: Option<Bound>,
    pub(super) to: Option<Bound>,
}

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bound {
    pub(super) at: Decimal,
    pub(super) included: bool,
}

/// A test whose outcome is a fact of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Atom {
    Contains(String),
    StartsWith(String),
    EndsWith(String),
    Includes(String),
    Matches(Pattern),
}

impl Set {
    /// Anything of this shape, perhaps unknown.
    pub(super) fn of(shape: Shape, unknown: bool) -> Set {
        Set { unknown, shape, tests: Vec::new(), own: false, why: None }
    }

    /// What the flow has just stored.
    pub(super) fn stored(shape: Shape, why: Span) -> Set {
        Set { own: true, why: Some(why), ..Set::of(shape, false) }
    }

    /// What the flow has just cleared.
    pub(super) fn cleared(why: Span) -> Set {
        Set { own: true, why: Some(why), unknown: true, ..Set::of(Shape::nothing(), true) }
    }

    /// Whether there is nothing that it could be.
    pub(super) fn is_empty(&self) -> bool {
        !self.unknown && self.shape.is_empty()
    }

    /// Keeps what is known and in the shape.
    pub(super) fn keep(&mut self, shape: &Shape, why: Span) {
        let before = (self.unknown, self.shape.clone());
        self.unknown = false;
        self.shape = self.shape.and(shape);
        self.sieve();
        if before != (self.unknown, self.shape.clone()) {
            self.why = Some(why);
        }
    }

    /// Keeps what is unknown alone.
    pub(super) fn keep_unknown(&mut self, why: Span) {
        if !self.shape.is_empty() {
            self.shape = Shape::nothing();
            self.why = Some(why);
        }
    }

    /// Keeps what is known and of which the test says this.
    pub(super) fn keep_tested(&mut self, atom: Atom, is: bool, why: Span) {
        if std::mem::replace(&mut self.unknown, false) {
            self.why = Some(why);
        }
        let told = |(other, was): &(Atom, bool)| match (is, *was) {
            // What follows from what is known already says nothing new.
            (true, true) => other.implies(&atom).then_some(true),
            (false, false) => atom.implies(other).then_some(true),
            (false, true) => other.implies(&atom).then_some(false),
            (true, false) => atom.implies(other).then_some(false),
        };
        let excluded = |(other, was): &(Atom, bool)| is && *was && atom.excludes(other);
        match self.tests.iter().find_map(told) {
            Some(true) => return,
            Some(false) => self.shape = Shape::nothing(),
            None if self.tests.iter().any(excluded) => self.shape = Shape::nothing(),
            None if self.tests.len() < MOST => self.tests.push((atom, is)),
            None => return,
        }
        self.sieve();
        self.why = Some(why);
    }

    /// Of values that are listed, keeps those that the tests let through.
    fn sieve(&mut self) {
        if let Shape::Points(points) = &mut self.shape {
            let tests = &self.tests;
            points.retain(|point| {
                tests.iter().all(|(atom, is)| atom.tells(point).is_none_or(|does| does == *is))
            });
        }
    }

    /// What it may be where two paths meet.
    pub(super) fn or(self, other: Set) -> Set {
        let tests = self.tests.into_iter().filter(|test| other.tests.contains(test)).collect();
        Set {
            unknown: self.unknown || other.unknown,
            shape: self.shape.or(&other.shape),
            tests,
            own: self.own && other.own,
            why: if self.why == other.why { self.why } else { None },
        }
    }
}

impl Shape {
    /// No value at all.
    pub(super) fn nothing() -> Shape {
        Shape::Points(BTreeSet::new())
    }

    pub(super) fn point(point: impl Into<String>) -> Shape {
        Shape::Points(BTreeSet::from([point.into()]))
    }

    fn is_empty(&self) -> bool {
        match self {
            Shape::Points(points) => points.is_empty(),
            Shape::Ranges(ranges) => ranges.is_empty(),
            Shape::Any | Shape::Except(_) => false,
        }
    }

    /// Everything else.
    pub(super) fn not(&self) -> Shape {
        match self {
            Shape::Any => Shape::nothing(),
            Shape::Points(points) => Shape::Except(points.clone()),
            Shape::Except(points) => Shape::Points(points.clone()),
            Shape::Ranges(ranges) => Shape::Ranges(gaps(ranges)),
        }
    }

    /// What is in both.
    fn and(&self, other: &Shape) -> Shape {
        let bounded = |points: BTreeSet<String>| match points.len() {
            0..=MOST => Shape::Except(points),
            _ => Shape::Any,
        };
        match (self, other) {
            (Shape::Any, other) => other.clone(),
            (this, Shape::Any) => this.clone(),
            (Shape::Points(one), Shape::Points(other)) => Shape::Points(one & other),
            (Shape::Points(points), Shape::Except(except))
            | (Shape::Except(except), Shape::Points(points)) => Shape::Points(points - except),
            (Shape::Except(one), Shape::Except(other)) => bounded(one | other),
            (Shape::Ranges(one), Shape::Ranges(other)) => Shape::Ranges(intersection(one, other)),
            // Values of two kinds: what compares them was reported, or says nothing here.
            (Shape::Ranges(_), _) | (_, Shape::Ranges(_)) => self.clone(),
        }
    }

    /// What is in either.
    fn or(&self, other: &Shape) -> Shape {
        match (self, other) {
            (this, other) if other.is_empty() => this.clone(),
            (this, other) if this.is_empty() => other.clone(),
            (Shape::Points(one), Shape::Points(other)) if one.len() + other.len() <= MOST => {
                Shape::Points(one | other)
            }
            (Shape::Points(points), Shape::Except(except))
            | (Shape::Except(except), Shape::Points(points)) => Shape::Except(except - points),
            (Shape::Except(one), Shape::Except(other)) => Shape::Except(one & other),
            // Neither this nor that: the gaps that both have.
            (Shape::Ranges(one), Shape::Ranges(other)) => {
                Shape::Ranges(gaps(&intersection(&gaps(one), &gaps(other))))
            }
            _ => Shape::Any,
        }
    }
}

impl Range {
    /// This value alone.
    pub(super) fn only(at: Decimal) -> Range {
        let bound = Some(Bound { at, included: true });
        Range { from: bound, to: bound }
    }

    fn is_empty(&self) -> bool {
        let (Some(from), Some(to)) = (self.from, self.to) else { return false };
        from.at > to.at || (from.at == to.at && !(from.included && to.included))
    }

    fn and(&self, other: &Range) -> Range {
        let tighter = |one: Option<Bound>, other: Option<Bound>, more: fn(&Decimal, &Decimal) -> bool| match (
            one, other,
        ) {
            (Some(one), Some(other)) if one.at == other.at => {
                Some(Bound { at: one.at, included: one.included && other.included })
            }
            (Some(one), Some(other)) => Some(if more(&one.at, &other.at) { one } else { other }),
            (one, other) => one.or(other),
        };
        Range {
            from: tighter(self.from, other.from, Decimal::gt),
            to: tighter(self.to, other.to, Decimal::lt),
        }
    }
}

/// What two lists of ranges have in common.
fn intersection(one: &[Range], other: &[Range]) -> Vec<Range> {
    let pairs = one.iter().flat_map(|one| other.iter().map(move |other| one.and(other)));
    let common: Vec<Range> = pairs.filter(|range| !range.is_empty()).collect();
    if common.len() > MOST { one.to_vec() } else { common }
}

/// What lies outside of ranges that ascend.
fn gaps(ranges: &[Range]) -> Vec<Range> {
    let beside = |bound: Bound| Bound { at: bound.at, included: !bound.included };
    let mut from = None;
    let mut gaps = Vec::with_capacity(ranges.len() + 1);
    for range in ranges {
        if let Some(low) = range.from {
            gaps.push(Range { from, to: Some(beside(low)) });
        }
        match range.to {
            Some(high) => from = Some(beside(high)),
            None => return gaps,
        }
    }
    gaps.push(Range { from, to: None });
    gaps.retain(|gap| !gap.is_empty());
    gaps
}

impl Atom {
    /// Whether the other test is true wherever this one is.
    fn implies(&self, other: &Atom) -> bool {
        match (self, other) {
            (Atom::Contains(one) | Atom::StartsWith(one) | Atom::EndsWith(one), Atom::Contains(other)) => {
                contains(one, other)
            }
            (Atom::StartsWith(one), Atom::StartsWith(other)) => starts_with(one, other),
            (Atom::EndsWith(one), Atom::EndsWith(other)) => ends_with(one, other),
            (one, other) => one == other,
        }
    }

    /// Whether both can never be true at once.
    fn excludes(&self, other: &Atom) -> bool {
        match (self, other) {
            (Atom::StartsWith(one), Atom::StartsWith(other)) => {
                !starts_with(one, other) && !starts_with(other, one)
            }
            (Atom::EndsWith(one), Atom::EndsWith(other)) => !ends_with(one, other) && !ends_with(other, one),
            _ => false,
        }
    }

    /// What the test says of a text, if that can be said here.
    fn tells(&self, text: &str) -> Option<bool> {
        match self {
            Atom::Contains(part) => Some(contains(text, part)),
            Atom::StartsWith(part) => Some(starts_with(text, part)),
            Atom::EndsWith(part) => Some(ends_with(text, part)),
            Atom::Includes(_) | Atom::Matches(_) => None,
        }
    }
}
