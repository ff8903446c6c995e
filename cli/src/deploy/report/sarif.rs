//! For platforms: a result of SARIF 2.1.0 for each place that chats leave, with the `was` that may be missing as its fix.

use serde_json::{Value, json};

use super::{details, goes_words};
use crate::deploy::compare::{FlowChange, Goes, PlaceChange};
use crate::load::Loaded;
use crate::render::{escape_hidden, mask_line};

/// The rules: what chats leave their place for, and how bad that is.
const RULES: [(&str, &str, &str); 2] = [
    ("lost-place", "error", "Chats lose their place, and nobody has said where they go."),
    ("left-place", "warning", "Chats leave their place and go where the flow sends them."),
];

/// Writes a comparison. `loaded` has the sources of the new version, if it was made of any.
pub fn write(changes: &[FlowChange], loaded: Option<&Loaded>) -> String {
    let results: Vec<Value> = changes
        .iter()
        .flat_map(|change| change.places.iter().map(move |place| (change, place)))
        .filter(|(_, place)| place.goes != Goes::Stays)
        .map(|(change, place)| result(change, place, loaded))
        .collect();
    let rule = |(id, level, text): &(&str, &str, &str)| {
        json!({
            "id": id,
            "shortDescription": {"text": text},
            "defaultConfiguration": {"level": level},
        })
    };
    let document = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "chatflow diff",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": RULES.iter().map(rule).collect::<Vec<Value>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    // Texts and numbers always become JSON.
    escape_hidden(&serde_json::to_string_pretty(&document).unwrap_or_default()) + "\n"
}

fn result(change: &FlowChange, place: &PlaceChange, loaded: Option<&Loaded>) -> Value {
    let rule = usize::from(place.goes.is_declared());
    let (id, level) = RULES.get(rule).map_or(("", ""), |(id, level, _)| (id, level));
    let chats = place.waiting.map(|count| format!(" ({count} waiting)")).unwrap_or_default();
    let mut message =
        format!("chats at `{}`{chats} {}", mask_line(&place.old.name()), goes_words(&place.goes));
    for detail in details(place) {
        message += &format!("\n{detail}");
    }
    let renamed = change.successions.iter().find(|found| found.was == place.old.step);
    let header = loaded.and_then(|loaded| match renamed {
        Some(found) => line_of(loaded, "step", &found.is),
        None => line_of(loaded, "flow", &change.flow),
    });
    let location = header.as_ref().map(|line| json!({"physicalLocation": line.physical(line.end)}));
    let fix = renamed.zip(header.as_ref()).map(|(found, line)| {
        json!({
            "description": {"text": format!("write `step {} was {}`", found.is, found.was)},
            "artifactChanges": [{
                "artifactLocation": {"uri": line.path},
                "replacements": [{
                    "deletedRegion": line.region(line.end),
                    "insertedContent": {"text": format!(" was {}", plain(&found.was))},
                }],
            }],
        })
    });
    json!({
        "ruleId": id,
        "ruleIndex": rule,
        "level": level,
        "message": {"text": message},
        "locations": location.into_iter().collect::<Vec<Value>>(),
        "fixes": fix.into_iter().collect::<Vec<Value>>(),
        "partialFingerprints": {"place/v1": format!("{:016x}", place.old.id.0)},
    })
}

/// A step's name in its own file: a module's name is no part of it there.
fn plain(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The line of a header, up to its name.
struct Line {
    path: String,
    /// From 1.
    number: usize,
    /// The column behind the name, from 1.
    end: usize,
}

impl Line {
    fn region(&self, from: usize) -> Value {
        json!({"startLine": self.number, "startColumn": from, "endLine": self.number, "endColumn": self.end})
    }

    fn physical(&self, end: usize) -> Value {
        json!({
            "artifactLocation": {"uri": self.path},
            "region": {"startLine": self.number, "startColumn": 1, "endLine": self.number, "endColumn": end},
        })
    }
}

/// Where `step NAME` or `flow NAME` stands.
fn line_of(loaded: &Loaded, word: &str, name: &str) -> Option<Line> {
    let name = plain(name);
    loaded.project.files.iter().find_map(|file| {
        let lines = file.source.text.lines().enumerate();
        let mut found = lines.filter_map(|(at, line)| {
            let rest = line.strip_prefix(word)?.trim_start().strip_prefix(name)?;
            let ends = !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
            let end = line.chars().count() - rest.chars().count() + 1;
            ends.then(|| Line { path: file.source.path.clone(), number: at + 1, end })
        });
        found.next()
    })
}
