//! `chatflow check --locked`: what a change would do to the chats of the deployed version, as `chatflow.lock` knows it.

use std::collections::BTreeMap;

use chatflow_runtime::{Facts, FlowId, PlaceId, Program, Reason, Session, Shown, State, migrate};

use super::compare::Goes;
use super::likeness::alike;
use super::lock::{Lock, Locked, NUMBER};
use super::place::{Place, places};
use super::words::Words;
use crate::trouble::Trouble;

/// What is wrong, in the order of the lock. Chats that go where the flow sends them are no mistake.
pub fn troubles(lock: &Lock, programs: &[Program]) -> Vec<Trouble> {
    lock.flows.iter().flat_map(|(name, locked)| in_flow(name, locked, programs)).collect()
}

fn in_flow(name: &str, locked: &BTreeMap<String, Locked>, programs: &[Program]) -> Vec<Trouble> {
    let called = |program: &&Program| program.name() == name;
    let was = |program: &&Program| program.was().any(|was| was == name);
    let Some(program) = programs.iter().find(called).or_else(|| programs.iter().find(was)) else {
        let trouble = Trouble::new(format!("the flow `{name}` is gone, and chats wait in it"));
        let help = format!(
            "If it has a new name, write `was {name}` behind that; else `chatflow build --update-lock` forgets it."
        );
        return vec![trouble.help(help)];
    };
    let now = places(program, &Words::of(program));
    let check = |(place, locked): (&String, &Locked)| in_place(name, place, locked, program, &now);
    locked.iter().filter_map(check).collect()
}

/// What becomes of the chats at a place, if that is wrong.
fn in_place(flow: &str, name: &str, locked: &Locked, program: &Program, now: &[Place]) -> Option<Trouble> {
    let migration = migrate(program, &session(flow, locked, program), Facts::NONE);
    let goes = Goes::to(program, migration.destination);
    if goes == Goes::Stays {
        let State::At(id) = migration.session.state() else { return None };
        return taken_over(flow, name, locked, id, now);
    }
    if goes.is_declared() {
        return None;
    }
    let why: Vec<String> = migration.why.iter().map(ToString::to_string).collect();
    let trouble = Trouble::new(format!("chats of {flow} at `{name}` lose their place: {}", why.join("; ")));
    let lacks = migration.why.iter().any(|why| matches!(why, Reason::Lacks(_)));
    let step = name.split_once(": ").map_or(name, |(step, _)| step);
    let is_there = program.image().steps.iter().any(|known| program.image().strings.get(known.name) == step);
    let like = now.iter().find(|place| !is_there && alike(&place.what, place.text.as_deref(), name, locked));
    Some(trouble.help(match like {
        _ if lacks => "Ask for it behind this place, give a default with `or`, or say where such chats go: `outdated -> STEP`.".to_owned(),
        Some(place) => format!("If `{step}` has a new name, write `step {} was {step}`.", place.step),
        None => "Say where such chats go: `outdated -> STEP`, or `was` where a step has a new name.".to_owned(),
    }))
}

/// A question that has got the id of another one of its step: ids of one kind are told apart by their number.
fn taken_over(flow: &str, name: &str, locked: &Locked, id: PlaceId, now: &[Place]) -> Option<Trouble> {
    let place = now.iter().find(|place| place.id == id)?;
    let old = locked.asks.as_ref().filter(|text| place.text.as_ref() != Some(text))?;
    let siblings = || now.iter().filter(|other| other.step == place.step && other.what == place.what);
    let moved = siblings().find(|other| other.id != id && other.text.as_ref() == Some(old));
    let shrunk = name.contains(NUMBER) || siblings().count() > 1;
    let other = match (moved, shrunk) {
        (Some(_), _) => "which stands elsewhere by now",
        (None, true) if !same_replies(locked, place) => "which is gone",
        (None, _) => return None,
    };
    let asks = place.text.as_deref().unwrap_or_default();
    let trouble = Trouble::new(format!(
        "chats of {flow} at `{name}` would meet another question: \"{asks}\" has the place of \"{old}\", {other}"
    ));
    Some(trouble.help(
        "Questions of one kind in a step are told apart by their number only. Give them names, `ask topic: text \"…\"`, or steps of their own.",
    ))
}

/// Whether a question offers a reply that it offered before, or none as it did before.
fn same_replies(locked: &Locked, place: &Place) -> bool {
    let has = |id| place.replies.iter().any(|(known, _)| *known == id);
    locked.replies.is_empty() == place.replies.is_empty()
        && (locked.replies.is_empty() || locked.replies.iter().any(|(id, _)| has(*id)))
}

/// The poorest chat that can wait at a place.
fn session(flow: &str, locked: &Locked, program: &Program) -> Session {
    let shown =
        locked.kind.map(|kind| Shown { kind, replies: locked.replies.iter().map(|(id, _)| *id).collect() });
    Session::known_to_wait(program, FlowId::of(flow), locked.id, shown, &locked.knows)
}
