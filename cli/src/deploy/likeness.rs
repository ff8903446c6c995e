//! Steps that look as if they had been renamed: what they ask and say is alike.

use std::collections::BTreeSet;

use chatflow_runtime::Program;

use super::lock::Locked;
use super::place::Place;

/// How much of a step must be found again in another, in percent.
const ALIKE: usize = 50;

/// A step that looks as if it had been renamed without `was`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    /// Its former name.
    pub was: String,
    /// The new one.
    pub is: String,
    /// How much of it is found again, in percent.
    pub likeness: usize,
}

/// The steps of the old version that are gone and have places, each with the new step that is most like it.
pub fn successions(old: &Program, new: &Program, was: &[Place], is: &[Place]) -> Vec<Succession> {
    let names = |program: &Program, former: bool| -> BTreeSet<String> {
        let image = program.image();
        let steps = image.steps.iter();
        let of = steps.flat_map(|step| {
            std::iter::once(step.name).chain(step.was.iter().copied().filter(move |_| former))
        });
        of.map(|name| image.strings.get(name).to_owned()).collect()
    };
    let (old_names, new_names) = (names(old, false), names(new, true));
    let mut free: BTreeSet<&str> =
        is.iter().map(|place| place.step.as_str()).filter(|name| !old_names.contains(*name)).collect();
    let mut found = Vec::new();
    let mut gone: Vec<&str> = Vec::new();
    for place in was {
        if !new_names.contains(&place.step) && !gone.contains(&place.step.as_str()) {
            gone.push(&place.step);
        }
    }
    for step in gone {
        let best = free.iter().map(|candidate| (likeness(step, candidate, was, is), *candidate)).max();
        if let Some((percent, candidate)) = best.filter(|(percent, _)| *percent >= ALIKE) {
            free.remove(candidate);
            found.push(Succession { was: step.to_owned(), is: candidate.to_owned(), likeness: percent });
        }
    }
    found
}

/// Whether a place does what another one did in another step: the same, and in the same words where it asks.
pub fn alike(what: &str, text: Option<&str>, name: &str, locked: &Locked) -> bool {
    let does = name.split_once(": ").map_or(name, |(_, does)| does);
    does == what && locked.asks.as_deref() == text
}

/// How much of what one step waits for is waited for in another, in percent: what is asked counts as much as its words.
fn likeness(step: &str, candidate: &str, was: &[Place], is: &[Place]) -> usize {
    let of = |places: &[Place], step: &str| -> BTreeSet<String> {
        let own = places.iter().filter(|place| place.step == step);
        own.flat_map(|place| [Some(place.what.clone()), place.text.clone()]).flatten().collect()
    };
    let (was, is) = (of(was, step), of(is, candidate));
    let shared = was.intersection(&is).count();
    let all = was.len().max(is.len());
    (shared * 100).checked_div(all).unwrap_or(0)
}
