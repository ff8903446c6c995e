//! For other programs.

use serde_json::{Value, json};

use crate::deploy::compare::{Change, FlowChange, Goes, PlaceChange};
use crate::deploy::place::Place;
use crate::render::escape_hidden;

/// Writes a comparison.
pub fn write(changes: &[FlowChange]) -> String {
    let flows: Vec<Value> = changes.iter().map(flow).collect();
    let lost: usize = changes.iter().map(|change| change.undeclared().count()).sum();
    let document = json!({"flows": flows, "undeclared": lost});
    // Texts and numbers always become JSON.
    escape_hidden(&serde_json::to_string_pretty(&document).unwrap_or_default()) + "\n"
}

fn flow(change: &FlowChange) -> Value {
    json!({
        "flow": change.flow,
        "was": change.was,
        "gone": change.gone,
        "places": change.places.iter().map(place).collect::<Vec<Value>>(),
        "new": change.new_places.iter().map(named).collect::<Vec<Value>>(),
        "texts": change.texts.iter().map(|texts| {
            json!({"step": texts.step, "gone": texts.gone, "new": texts.new})
        }).collect::<Vec<Value>>(),
        "renames": change.successions.iter().map(|found| {
            let fix = format!("step {} was {}", found.is, found.was);
            json!({"was": found.was, "is": found.is, "likeness": found.likeness, "fix": fix})
        }).collect::<Vec<Value>>(),
    })
}

fn named(place: &Place) -> Value {
    json!({"id": format!("{:016x}", place.id.0), "step": place.step, "what": place.what})
}

fn place(place: &PlaceChange) -> Value {
    let (to, step) = match &place.goes {
        Goes::Stays => ("stays", None),
        Goes::Successor(step) => ("successor", Some(step)),
        Goes::Outdated(step) => ("outdated", Some(step)),
        Goes::Welcome => ("welcome", None),
        Goes::Nowhere => ("nowhere", None),
    };
    let lacks: Vec<&str> = place.why.iter().flat_map(chatflow_runtime::Reason::lacks).collect();
    json!({
        "old": named(&place.old),
        "new": place.new.as_ref().map(named),
        "status": place.words(),
        "goes": to,
        "step": step,
        "declared": place.goes.is_declared(),
        "why": place.why.iter().map(chatflow_runtime::Reason::word).collect::<Vec<&str>>(),
        "lacks": lacks,
        "changes": place.changes.iter().map(change).collect::<Vec<Value>>(),
        "waiting": place.waiting,
    })
}

fn change(change: &Change) -> Value {
    match change {
        Change::Moved { was, is } => json!({"type": "moved", "was": was, "is": is}),
        Change::Reworded { was, is } => json!({"type": "reworded", "was": was, "is": is}),
        Change::Wider { was, is } => json!({"type": "type", "was": was.word(), "is": is.word()}),
        Change::Replies { gone, new, reworded } => {
            json!({"type": "replies", "gone": gone, "new": new, "reworded": reworded})
        }
    }
}
