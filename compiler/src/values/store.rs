//! What is known of the values of everything at a place, and what conditions make of it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chatflow_runtime::Decimal;
use chatflow_runtime::fact::FactType;
use chatflow_runtime::id::{Fact, Options, Slot};
use chatflow_runtime::image::{Image, Scope};
use chatflow_runtime::text::folded;
use chatflow_runtime::value::{Type, Value as Constant};

use super::set::{Atom, Bound, Range, Set, Shape};
use crate::hir::{Condition, Test, Value};
use crate::source::Span;
use crate::written::fact_value;

/// Of so many things at once the tests are remembered, so that a flow's conditions cost no more than it is long.
const MOST: usize = 32;

/// Something that has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Slot(Slot),
    Fact(Fact),
    Reply,
}

/// How a condition comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    True,
    False,
    /// False, or nobody can say.
    NotTrue,
    /// True, or nobody can say.
    NotFalse,
}

impl Outcome {
    /// That of the opposite condition.
    fn of_opposite(self) -> Outcome {
        match self {
            Outcome::True => Outcome::False,
            Outcome::False => Outcome::True,
            Outcome::NotTrue => Outcome::NotFalse,
            Outcome::NotFalse => Outcome::NotTrue,
        }
    }
}

/// What everything may be on the paths to a place. What is not in it may be anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Store(BTreeMap<Subject, Rc<Set>>);

impl Store {
    /// What has less than it might be because of a test or a statement at a place, if anything.
    pub(super) fn set(&self, subject: Subject) -> Option<&Set> {
        self.0.get(&subject).map(|set| &**set)
    }

    pub(super) fn put(&mut self, subject: Subject, set: Set) {
        if self.0.len() < MOST || self.0.contains_key(&subject) {
            self.0.insert(subject, Rc::new(set));
        }
    }

    /// What still holds where what the host says may be something else.
    pub(super) fn without_facts(mut self) -> Store {
        self.0.retain(|subject, _| !matches!(subject, Subject::Fact(_)));
        self
    }

    /// What still holds where this may be anything.
    pub(super) fn without(mut self, subject: Subject) -> Store {
        self.0.remove(&subject);
        self
    }

    /// What may still hold after a wait: locals, and what the flow itself has stored. Everything else the host may say
    /// anew.
    pub(super) fn after_a_wait(mut self, image: &Image) -> Store {
        self.0.retain(|subject, set| match subject {
            Subject::Slot(slot) => {
                let local = image.slots.get(slot.index()).is_some_and(|slot| slot.scope == Scope::Local);
                local || set.own
            }
            Subject::Fact(_) | Subject::Reply => false,
        });
        self
    }

    /// What holds where two paths meet.
    pub(super) fn or(self, mut other: Store) -> Store {
        let both = self
            .0
            .into_iter()
            .filter_map(|(subject, set)| Some((subject, either(set, other.0.remove(&subject)?))));
        Store(both.collect())
    }

    /// What holds here where the condition comes out like this; none if it never does.
    pub(super) fn where_it_is(
        &self,
        image: &Image,
        condition: &Condition,
        outcome: Outcome,
    ) -> Option<Store> {
        match condition {
            Condition::Not(inner) => self.where_it_is(image, inner, outcome.of_opposite()),
            Condition::And(sides) => match outcome {
                Outcome::True | Outcome::NotFalse => self.where_both_are(image, sides, outcome),
                Outcome::False | Outcome::NotTrue => self.where_either_is(image, sides, outcome),
            },
            Condition::Or(sides) => match outcome {
                Outcome::False | Outcome::NotTrue => self.where_both_are(image, sides, outcome),
                Outcome::True | Outcome::NotFalse => self.where_either_is(image, sides, outcome),
            },
            Condition::Known(value) => {
                let Some((subject, span)) = subject_of(value) else { return Some(self.clone()) };
                self.with(image, subject, |set| match outcome {
                    Outcome::True | Outcome::NotFalse => set.keep(&Shape::Any, span),
                    Outcome::False | Outcome::NotTrue => set.keep_unknown(span),
                })
            }
            Condition::IsTrue(value) => {
                let Some((subject, span)) = subject_of(value) else { return Some(self.clone()) };
                self.with(image, subject, |set| match outcome {
                    Outcome::True | Outcome::NotFalse => set.keep(&Shape::point("true"), span),
                    // What nobody says is not so.
                    Outcome::False | Outcome::NotTrue => {
                        let unknown = set.unknown;
                        set.keep(&Shape::point("false"), span);
                        set.unknown = unknown;
                    }
                })
            }
            Condition::Test { test, left, right, span } => {
                let Some((subject, told)) = told(image, *test, left, right) else {
                    return Some(self.clone());
                };
                self.tested(image, subject, &told, outcome, *span)
            }
            Condition::Matches { value, pattern, span } => {
                let Some((subject, _)) = subject_of(value) else { return Some(self.clone()) };
                self.tested(image, subject, &Told::Atom(Atom::Matches(*pattern)), outcome, *span)
            }
        }
    }

    fn where_both_are(
        &self,
        image: &Image,
        sides: &(Condition, Condition),
        outcome: Outcome,
    ) -> Option<Store> {
        self.where_it_is(image, &sides.0, outcome)?.where_it_is(image, &sides.1, outcome)
    }

    fn where_either_is(
        &self,
        image: &Image,
        sides: &(Condition, Condition),
        outcome: Outcome,
    ) -> Option<Store> {
        let one = self.where_it_is(image, &sides.0, outcome);
        let other = self.where_it_is(image, &sides.1, outcome);
        match (one, other) {
            (Some(one), Some(other)) => Some(one.or(other)),
            (one, other) => one.or(other),
        }
    }

    /// What holds where the test of something comes out like this.
    fn tested(
        &self,
        image: &Image,
        subject: Subject,
        told: &Told,
        outcome: Outcome,
        why: Span,
    ) -> Option<Store> {
        let is = matches!(outcome, Outcome::True | Outcome::NotFalse);
        let whether_known = matches!(outcome, Outcome::NotTrue | Outcome::NotFalse);
        self.with(image, subject, |set| {
            let unknown = set.unknown && whether_known;
            match told {
                Told::Shape(shape) if is => set.keep(shape, why),
                Told::Shape(shape) => set.keep(&shape.not(), why),
                Told::Atom(atom) => set.keep_tested(atom.clone(), is, why),
            }
            set.unknown = unknown;
        })
    }

    /// This with something changed; none if it then can be nothing at all.
    fn with(&self, image: &Image, subject: Subject, change: impl FnOnce(&mut Set)) -> Option<Store> {
        let mut set = self.set(subject).cloned().unwrap_or_else(|| whole(image, subject));
        change(&mut set);
        if set.is_empty() {
            return None;
        }
        let mut store = self.clone();
        store.put(subject, set);
        Some(store)
    }
}

/// What something may be where two paths meet.
fn either(one: Rc<Set>, other: Rc<Set>) -> Rc<Set> {
    if Rc::ptr_eq(&one, &other) {
        return one;
    }
    Rc::new(Rc::unwrap_or_clone(one).or(Rc::unwrap_or_clone(other)))
}

/// What a test says of something if it is true.
enum Told {
    Shape(Shape),
    Atom(Atom),
}

/// What a comparison of something with a constant says.
fn told(image: &Image, test: Test, left: &Value, right: &Value) -> Option<(Subject, Told)> {
    let constant = |value: &Value| match value {
        Value::Const(constant) => image.constants.get(constant.index()),
        _ => None,
    };
    let (subject, value, flipped) = match (subject_of(left), constant(right)) {
        (Some((subject, _)), Some(value)) => (subject, value, false),
        _ => (subject_of(right)?.0, constant(left)?, true),
    };
    let text = || match value {
        Constant::Text(text) => Some(folded(text)),
        _ => None,
    };
    let told = match (test, flipped) {
        (Test::Is, _) => Told::Shape(point(image, subject, value)?),
        (Test::Less | Test::LessOrEqual, flipped) => {
            let bound =
                Some(Bound { at: ordinal(image, subject, value)?, included: test == Test::LessOrEqual });
            let range =
                if flipped { Range { from: bound, to: None } } else { Range { from: None, to: bound } };
            Told::Shape(Shape::Ranges(vec![range]))
        }
        (Test::Contains, false) => Told::Atom(Atom::Contains(text()?)),
        (Test::StartsWith, false) => Told::Atom(Atom::StartsWith(text()?)),
        (Test::EndsWith, false) => Told::Atom(Atom::EndsWith(text()?)),
        (Test::Includes, false) => match value {
            Constant::Option(name) => Told::Atom(Atom::Includes(name.clone())),
            _ => return None,
        },
        (Test::IsExactly | Test::Contains | Test::StartsWith | Test::EndsWith | Test::Includes, _) => {
            return None;
        }
    };
    Some((subject, told))
}

/// The shape of one value of something.
pub(super) fn point(image: &Image, subject: Subject, value: &Constant) -> Option<Shape> {
    if let Some(at) = ordinal(image, subject, value) {
        return Some(Shape::Ranges(vec![Range::only(at)]));
    }
    match (whole(image, subject).shape, value) {
        (Shape::Ranges(_), _) => None,
        (_, Constant::Text(text)) => Some(Shape::point(folded(text))),
        (_, Constant::Option(name)) => Some(Shape::point(name.as_str())),
        (_, Constant::Bool(is)) => Some(Shape::point(if *is { "true" } else { "false" })),
        _ => None,
    }
}

/// A value in the order of its kind, if that is the kind of the thing it is compared with.
fn ordinal(image: &Image, subject: Subject, value: &Constant) -> Option<Decimal> {
    match (kind_of(image, subject)?, value) {
        (Type::Number, Constant::Number(number)) => Some(*number),
        (Type::Date, Constant::Date(day)) => Some(Decimal::from(*day)),
        (Type::DateTime, Constant::DateTime(ms)) | (Type::Duration, Constant::Duration(ms)) => {
            Some(Decimal::from(*ms))
        }
        _ => None,
    }
}

/// What has a value here, if the value is no more than that, and where it is written.
pub(super) fn subject_of(value: &Value) -> Option<(Subject, Span)> {
    match value {
        Value::Slot(slot, span) => Some((Subject::Slot(*slot), *span)),
        Value::Fact(fact, _, span) => Some((Subject::Fact(*fact), *span)),
        Value::Reply(span) => Some((Subject::Reply, *span)),
        Value::Const(_)
        | Value::OrElse(_)
        | Value::Text(_)
        | Value::Label(..)
        | Value::Arithmetic(..)
        | Value::Negate(_) => None,
    }
}

pub(super) fn kind_of(image: &Image, subject: Subject) -> Option<Type> {
    match subject {
        Subject::Slot(slot) => image.slots.get(slot.index()).map(|slot| slot.ty),
        Subject::Fact(fact) => match fact_value(*image.facts.get(fact.index())?) {
            FactType::Number => Some(Type::Number),
            FactType::Date => Some(Type::Date),
            FactType::DateTime => Some(Type::DateTime),
            FactType::Bool | FactType::Condition => Some(Type::Bool),
            FactType::Text | FactType::Word(_) => Some(Type::Text),
        },
        Subject::Reply => Some(Type::Text),
    }
}

/// Everything that something may be.
pub(super) fn whole(image: &Image, subject: Subject) -> Set {
    let words = match subject {
        Subject::Fact(fact) => match image.facts.get(fact.index()).map(|kind| fact_value(*kind)) {
            Some(FactType::Word(words)) => Some(words),
            _ => None,
        },
        Subject::Slot(_) | Subject::Reply => None,
    };
    let shape = match (words, kind_of(image, subject)) {
        (Some(words), _) => Shape::Points(words.iter().map(|word| (*word).to_owned()).collect()),
        (None, Some(Type::Bool)) => Shape::Points(["true", "false"].map(str::to_owned).into()),
        (None, Some(Type::OneOf(options))) => names(image, options).map_or(Shape::Any, Shape::Points),
        (None, Some(Type::Number | Type::Date | Type::DateTime | Type::Duration)) => {
            Shape::Ranges(vec![Range { from: None, to: None }])
        }
        (None, Some(Type::Text | Type::Email | Type::Phone | Type::Url | Type::ManyOf(_)) | None) => {
            Shape::Any
        }
    };
    Set::of(shape, true)
}

/// The options of a list; none of a list that is too long to keep in mind.
fn names(image: &Image, options: Options) -> Option<BTreeSet<String>> {
    let list = image.options.get(options.index()).map_or(&[][..], |list| list.options.as_slice());
    let few = list.len() <= MOST;
    few.then(|| list.iter().map(|option| image.strings.get(option.name).to_owned()).collect())
}
