//! What the tests before a condition left over, in words.

use chatflow_runtime::image::Image;
use chatflow_runtime::value::Type;

use super::set::{Bound, Range, Shape};
use super::store::{Store, Subject, kind_of, subject_of};
use crate::hir::Condition;
use crate::source::Span;
use crate::written::written_fact;

/// So many values are named; more are too many to read.
const NAMED: usize = 3;

/// What is left of the first thing that a condition looks at and that something before it settled, and where that is.
pub(super) fn narrowed(image: &Image, condition: &Condition, store: &Store) -> Option<(String, Span)> {
    let mut first = None;
    condition.values(&mut |value| {
        let Some((subject, _)) = subject_of(value) else { return };
        if let Some((set, why)) = store.set(subject).and_then(|set| Some((set, set.why?))) {
            let name = name(image, subject);
            let left = match (set.unknown, &set.shape) {
                (true, Shape::Points(points)) if points.is_empty() => "is unknown".to_owned(),
                (_, Shape::Ranges(_)) if kind_of(image, subject) != Some(Type::Number) => {
                    "is settled".to_owned()
                }
                (_, shape) => left(shape),
            };
            first.get_or_insert((format!("after this, `{name}` {left}"), why));
        }
    });
    first
}

fn left(shape: &Shape) -> String {
    match shape {
        Shape::Points(points) if points.len() <= NAMED => format!("is {}", listed(points, "or")),
        Shape::Except(points) if points.len() <= NAMED => format!("is not {}", listed(points, "nor")),
        Shape::Ranges(ranges) => match ranges.as_slice() {
            [range] => format!("is {}", between(range)),
            _ => "is settled".to_owned(),
        },
        Shape::Any => "is known".to_owned(),
        Shape::Points(_) | Shape::Except(_) => "is settled".to_owned(),
    }
}

fn listed<'p>(points: impl IntoIterator<Item = &'p String>, word: &str) -> String {
    let points: Vec<String> = points.into_iter().map(|point| format!("`{point}`")).collect();
    points.join(&format!(" {word} "))
}

fn between(range: &Range) -> String {
    let low = |bound: Bound| {
        format!("{} {}", if bound.included { "at least" } else { "above" }, bound.at.normalize())
    };
    let high = |bound: Bound| {
        format!("{} {}", if bound.included { "at most" } else { "below" }, bound.at.normalize())
    };
    match (range.from, range.to) {
        (Some(from), Some(to)) if from == to => format!("{}", from.at.normalize()),
        (Some(from), Some(to)) => format!("{} and {}", low(from), high(to)),
        (Some(from), None) => low(from),
        (None, Some(to)) => high(to),
        (None, None) => "known".to_owned(),
    }
}

fn name(image: &Image, subject: Subject) -> String {
    match subject {
        Subject::Slot(slot) => {
            image.slots.get(slot.index()).map_or("", |slot| image.strings.get(slot.name)).to_owned()
        }
        Subject::Fact(fact) => {
            image.facts.get(fact.index()).map(|kind| written_fact(image, *kind)).unwrap_or_default()
        }
        Subject::Reply => "reply".to_owned(),
    }
}
