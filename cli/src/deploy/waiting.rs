//! How many chats wait where, as a host counts them.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::compare::FlowChange;
use super::place::Place;
use crate::load::read;
use crate::trouble::Trouble;

/// Chats by places. A place is named by its id, `5f0c…` as in sessions, or as reports do, `need: ask`.
#[derive(Debug, Default)]
pub struct Waiting {
    anywhere: BTreeMap<String, u64>,
    in_flow: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Waiting {
    /// Reads a file: `{"need: ask": 214}`, or the same for each of several flows, `{"qualify_leads": {"need: ask": 214}}`.
    ///
    /// # Errors
    /// If it cannot be read or is something else.
    pub fn read(path: &Path) -> Result<Waiting, Trouble> {
        let trouble = |what: String| {
            Trouble::new(format!("`{}`: {what}", path.display())).help(
                "Write how many chats wait where: {\"need: ask\": 214}, or that for each flow by its name.",
            )
        };
        let number =
            |count: &Value| count.as_u64().ok_or_else(|| trouble(format!("{count} is no number of chats")));
        let said: Value = serde_json::from_slice(&read(path)?).map_err(|error| trouble(error.to_string()))?;
        let Value::Object(entries) = said else { return Err(trouble("this is no object".to_owned())) };
        let mut waiting = Waiting::default();
        for (name, value) in entries {
            if let Value::Object(places) = value {
                let counts = places.into_iter().map(|(place, count)| Ok((place, number(&count)?)));
                waiting.in_flow.insert(name, counts.collect::<Result<_, Trouble>>()?);
            } else {
                waiting.anywhere.insert(name, number(&value)?);
            }
        }
        Ok(waiting)
    }

    /// Says of each place how many chats wait there.
    pub fn count(&self, change: &mut FlowChange) {
        let flow = change.was.clone().unwrap_or_else(|| change.flow.clone());
        let own = self.in_flow.get(&flow);
        let count = |place: &Place| {
            let names = [place.name(), format!("{:016x}", place.id.0)];
            let counted = |all: &BTreeMap<String, u64>| names.iter().find_map(|name| all.get(name).copied());
            own.and_then(counted).or_else(|| counted(&self.anywhere)).unwrap_or(0)
        };
        for place in &mut change.places {
            place.waiting = Some(count(&place.old));
        }
    }
}
