//! What a condition tells about what is known: when it is true, when it is false, when it is not true.

use std::rc::Rc;

use chatflow_runtime::id::Slot;

use super::Walk;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Condition, Value};
use crate::source::Span;
use crate::written::written_fact;

/// Something that can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Knows {
    /// The visitor has replied.
    Reply,
    /// A property or a local has a value.
    Slot(Slot),
    /// A fact of availability holds; its number comes after those of the slots.
    Fact(usize),
}

impl Knows {
    fn bit(self) -> usize {
        match self {
            Knows::Reply => 0,
            Knows::Slot(slot) => 1 + slot.index(),
            Knows::Fact(number) => 1 + number,
        }
    }
}

/// A set of what is known. Most places know what the one before them did, so copies are made only to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known(Rc<[u64]>);

impl Known {
    pub(super) fn new(things: usize) -> Known {
        Known(std::iter::repeat_n(0, things / 64 + 1).collect())
    }

    /// Everything is known: what follows a statement that was reported.
    pub(super) fn all(like: &Known) -> Known {
        Known(std::iter::repeat_n(u64::MAX, like.0.len()).collect())
    }

    pub(super) fn has(&self, what: Knows) -> bool {
        let bit = what.bit();
        self.0.get(bit / 64).is_some_and(|word| word & (1 << (bit % 64)) != 0)
    }

    pub(super) fn add(&mut self, what: Knows) {
        let bit = what.bit();
        if !self.has(what)
            && let Some(word) = Rc::make_mut(&mut self.0).get_mut(bit / 64)
        {
            *word |= 1 << (bit % 64);
        }
    }

    pub(super) fn remove(&mut self, what: Knows) {
        let bit = what.bit();
        if self.has(what)
            && let Some(word) = Rc::make_mut(&mut self.0).get_mut(bit / 64)
        {
            *word &= !(1 << (bit % 64));
        }
    }

    /// Adds what the other knows.
    pub(super) fn join(&mut self, other: &Known) {
        self.grow(other);
    }

    /// The same; whether that is more than before.
    pub(super) fn grow(&mut self, other: &Known) -> bool {
        if other.0.iter().zip(self.0.iter()).all(|(other, word)| other & !word == 0) {
            return false;
        }
        for (word, other) in Rc::make_mut(&mut self.0).iter_mut().zip(other.0.iter()) {
            *word |= other;
        }
        true
    }

    /// What this knows and the other does not.
    pub(super) fn without(&self, other: &Known) -> Known {
        Known(self.0.iter().zip(other.0.iter()).map(|(word, other)| word & !other).collect())
    }

    /// The slots that both know.
    pub(super) fn slots_of(&self, other: &Known) -> Vec<Slot> {
        let mut slots = Vec::new();
        for (nth, (word, other)) in self.0.iter().zip(other.0.iter()).enumerate() {
            let mut bits = word & other;
            while bits != 0 {
                let bit = nth * 64 + bits.trailing_zeros() as usize;
                slots.extend(bit.checked_sub(1).map(|slot| Slot(slot as u32)));
                bits &= bits - 1;
            }
        }
        slots
    }

    /// Keeps what both know; whether that is less than before.
    pub(super) fn meet(&mut self, other: &Known) -> bool {
        if self.0.iter().zip(other.0.iter()).all(|(word, other)| word & !other == 0) {
            return false;
        }
        for (word, other) in Rc::make_mut(&mut self.0).iter_mut().zip(other.0.iter()) {
            *word &= other;
        }
        true
    }
}

fn both(mut one: Known, other: &Known) -> Known {
    one.join(other);
    one
}

fn either(mut one: Known, other: &Known) -> Known {
    one.meet(other);
    one
}

/// Whether the condition shows or calculates with anything, and so relies on its being known.
fn relies(condition: &Condition) -> bool {
    fn within(value: &Value) -> bool {
        match value {
            Value::Text(_) | Value::Arithmetic(..) | Value::Negate(_) => true,
            Value::OrElse(sides) => within(&sides.0) || within(&sides.1),
            Value::Label(_, inner) => within(inner),
            Value::Const(_) | Value::Slot(..) | Value::Fact(..) | Value::Reply(_) => false,
        }
    }
    let mut found = false;
    condition.values(&mut |value| found |= within(value));
    found
}

impl Walk<'_> {
    /// What is known where the condition is true.
    pub(super) fn when_true(&self, condition: &Condition) -> Known {
        match condition {
            Condition::Test { left, right, .. } => self.operands(left, right),
            Condition::Matches { value, .. } => self.operand(value),
            Condition::Known(value) => self.operand(value),
            Condition::IsTrue(value) => self.operand(value),
            Condition::Not(inner) => self.when_false(inner),
            Condition::And(sides) => both(self.when_true(&sides.0), &self.when_true(&sides.1)),
            Condition::Or(sides) => either(self.when_true(&sides.0), &self.when_true(&sides.1)),
        }
    }

    /// What is known where the condition is false: a comparison is false only of known values.
    pub(super) fn when_false(&self, condition: &Condition) -> Known {
        match condition {
            Condition::Test { left, right, .. } => self.operands(left, right),
            Condition::Matches { value, .. } => self.operand(value),
            Condition::Known(_) | Condition::IsTrue(_) => self.nothing(),
            Condition::Not(inner) => self.when_true(inner),
            Condition::And(sides) => either(self.when_false(&sides.0), &self.when_false(&sides.1)),
            Condition::Or(sides) => both(self.when_false(&sides.0), &self.when_false(&sides.1)),
        }
    }

    /// What is known where the condition is false or nobody can say: where an `else` runs.
    pub(super) fn when_not_true(&self, condition: &Condition) -> Known {
        match condition {
            Condition::Test { .. }
            | Condition::Matches { .. }
            | Condition::Known(_)
            | Condition::IsTrue(_) => self.nothing(),
            Condition::Not(inner) => self.when_not_false(inner),
            Condition::And(sides) => either(self.when_not_true(&sides.0), &self.when_not_true(&sides.1)),
            Condition::Or(sides) => both(self.when_not_true(&sides.0), &self.when_not_true(&sides.1)),
        }
    }

    fn when_not_false(&self, condition: &Condition) -> Known {
        match condition {
            Condition::Test { .. } | Condition::Matches { .. } => self.nothing(),
            // Neither is ever unknown: what is not false is true.
            Condition::Known(value) | Condition::IsTrue(value) => self.operand(value),
            Condition::Not(inner) => self.when_not_true(inner),
            Condition::And(sides) => both(self.when_not_false(&sides.0), &self.when_not_false(&sides.1)),
            Condition::Or(sides) => either(self.when_not_false(&sides.0), &self.when_not_false(&sides.1)),
        }
    }

    fn operands(&self, left: &Value, right: &Value) -> Known {
        both(self.operand(left), &self.operand(right))
    }

    fn operand(&self, value: &Value) -> Known {
        let mut known = self.nothing();
        match value {
            Value::Slot(slot, _) => known.add(Knows::Slot(*slot)),
            Value::Label(_, inner) => known = self.operand(inner),
            Value::Reply(_) => known.add(Knows::Reply),
            Value::Fact(fact, _, _) => known.add(self.fact_bit(fact.index())),
            // A value with a default is always known, and tells nothing of what it stands in for.
            Value::Const(_) | Value::OrElse(_) | Value::Text(_) => {}
            // What is calculated with must be known before it stands in a condition at all.
            Value::Arithmetic(..) | Value::Negate(_) => {}
        }
        known
    }

    /// Checks a condition where it stands: the texts in it, and negative tests that leave out unknown.
    pub(super) fn look_at(&mut self, condition: &Condition, known: &Known) {
        match condition {
            Condition::Test { left, right, .. } => {
                self.look_at_value(left, known);
                self.look_at_value(right, known);
            }
            Condition::Known(value) | Condition::IsTrue(value) | Condition::Matches { value, .. } => {
                self.look_at_value(value, known)
            }
            Condition::Not(inner) => {
                self.negative(inner, known);
                self.look_at(inner, known);
            }
            // What one side says is known while the other is looked at.
            Condition::And(sides) => {
                let (first, second) = (self.when_true(&sides.0), self.when_true(&sides.1));
                self.look_at_sides(sides, first, second, known);
            }
            Condition::Or(sides) => {
                let (first, second) = (self.when_not_true(&sides.0), self.when_not_true(&sides.1));
                self.look_at_sides(sides, first, second, known);
            }
        }
    }

    /// The second side may rely on what the first one says. The other way round too, but only where the second relies
    /// on nothing itself: of two sides that rely on each other, neither says anything.
    fn look_at_sides(&mut self, sides: &(Condition, Condition), first: Known, second: Known, known: &Known) {
        if relies(&sides.1) {
            self.look_at(&sides.0, known);
        } else {
            self.look_at(&sides.0, &both(second, known));
        }
        self.look_at(&sides.1, &both(first, known));
    }

    /// A text or a default inside a comparison shows what it holds; arithmetic calculates with it.
    fn look_at_value(&mut self, value: &Value, known: &Known) {
        match value {
            Value::Text(text) => self.require_text(text, known),
            Value::Arithmetic(..) | Value::Negate(_) => self.require(value, known),
            Value::OrElse(sides) => {
                self.look_at_value(&sides.0, known);
                self.look_at_value(&sides.1, known);
            }
            Value::Label(_, inner) => self.look_at_value(inner, known),
            Value::Const(_) | Value::Slot(..) | Value::Fact(..) | Value::Reply(_) => {}
        }
    }

    /// Warns where a negated comparison looks at something that may be unknown: it is then not true either.
    fn negative(&mut self, inner: &Condition, known: &Known) {
        let Some((name, span)) = self.tested_unknown(inner, known) else { return };
        let found = Diagnostic::new(
            Code::NegativeTest,
            span,
            format!("this does not hold where `{name}` is unknown"),
        )
        .here("neither true nor false of an unknown value")
        .help(format!("Add `or {name} is unknown`, or `{name} is known and …` to say that this is meant."));
        self.report(found);
    }

    /// The first value of a comparison, or of comparisons joined by `or`, that may be unknown here.
    fn tested_unknown(&self, condition: &Condition, known: &Known) -> Option<(String, Span)> {
        match condition {
            Condition::Test { left, right, span, .. } => {
                let name =
                    self.unknown_operand(left, known).or_else(|| self.unknown_operand(right, known))?;
                Some((name, *span))
            }
            Condition::Matches { value, span, .. } => Some((self.unknown_operand(value, known)?, *span)),
            // Where one side says what is known, the other may rely on it.
            Condition::Or(sides) => {
                let first = both(self.when_not_true(&sides.1), known);
                let second = both(self.when_not_true(&sides.0), known);
                self.tested_unknown(&sides.0, &first).or_else(|| self.tested_unknown(&sides.1, &second))
            }
            Condition::Known(_) | Condition::IsTrue(_) | Condition::Not(_) | Condition::And(_) => None,
        }
    }

    fn unknown_operand(&self, value: &Value, known: &Known) -> Option<String> {
        match value {
            Value::Slot(slot, _) if !known.has(Knows::Slot(*slot)) => Some(self.name_of(*slot).to_owned()),
            Value::Fact(fact, true, _) if !known.has(self.fact_bit(fact.index())) => {
                let kind = self.image.facts.get(fact.index())?;
                Some(written_fact(self.image, *kind))
            }
            Value::Label(_, inner) => self.unknown_operand(inner, known),
            Value::Const(_)
            | Value::Slot(..)
            | Value::Fact(..)
            | Value::Reply(_)
            | Value::OrElse(_)
            | Value::Text(_)
            | Value::Arithmetic(..)
            | Value::Negate(_) => None,
        }
    }
}
