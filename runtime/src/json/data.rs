//! What a host says with an outcome, as its server said it: any JSON becomes facts by their paths.
//!
//! `{"quote": {"total": 49.5, "lines": [{"name": "Seat"}]}}` says `quote.total` and `quote.lines[0].name`. An array of texts
//! is a fact of its own too. What is null is not said; a name with `.`, `[` or `]` in it has no path. The outermost
//! `customState` is said as the JSON text that it is, whatever it is: nobody here looks into it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};

use rust_decimal::Decimal;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::facts::{FactValue, Facts};
use crate::written_json::write_text;

/// The most facts that one answer may say.
const MOST_FACTS: usize = 10_000;

/// Facts by their paths, from any JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data(pub Facts);

/// A JSON value, whole.
enum Json {
    Null,
    Fact(FactValue),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Data, D::Error> {
        let mut data = Collector { facts: Facts::new(), count: 0, path: String::new() };
        let said = Json::deserialize(from)?;
        match data.value(said, true) {
            true => Ok(Data(data.facts)),
            false => Err(de::Error::custom("an answer of too many values")),
        }
    }
}

struct Collector {
    facts: Facts,
    count: usize,
    path: String,
}

impl Collector {
    /// Says a value under the path that was come to; false where there are too many.
    fn value(&mut self, value: Json, outermost: bool) -> bool {
        let length = self.path.len();
        match value {
            Json::Null => true,
            Json::Fact(fact) => self.say(fact),
            Json::List(members) => {
                let texts: Option<Vec<String>> = members.iter().map(text_of).collect();
                let as_one = texts.is_none_or(|texts| self.say(FactValue::Many(texts)));
                as_one
                    && members.into_iter().enumerate().all(|(at, member)| {
                        // Writing to a text never fails.
                        let _ = write!(self.path, "[{at}]");
                        let fits = self.value(member, false);
                        self.path.truncate(length);
                        fits
                    })
            }
            Json::Object(entries) => entries.into_iter().all(|(name, value)| {
                if name.is_empty() || name.contains(['.', '[', ']']) {
                    return true;
                }
                let opaque = outermost && name == "customState";
                if !self.path.is_empty() {
                    self.path.push('.');
                }
                self.path.push_str(&name);
                let fits = if opaque && !matches!(value, Json::Null) {
                    let mut text = String::new();
                    write_json(&mut text, &value);
                    self.say(FactValue::Text(text))
                } else {
                    self.value(value, false)
                };
                self.path.truncate(length);
                fits
            }),
        }
    }

    fn say(&mut self, fact: FactValue) -> bool {
        self.count += 1;
        self.facts.set(&self.path, fact);
        self.count <= MOST_FACTS
    }
}

fn text_of(value: &Json) -> Option<String> {
    match value {
        Json::Fact(FactValue::Text(text)) => Some(text.clone()),
        Json::Null | Json::Fact(_) | Json::List(_) | Json::Object(_) => None,
    }
}

fn write_json(out: &mut String, value: &Json) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Fact(FactValue::Text(text)) => write_text(out, text),
        Json::Fact(FactValue::Number(number)) => {
            let _ = write!(out, "{number}");
        }
        Json::Fact(FactValue::Bool(is)) => out.push_str(if *is { "true" } else { "false" }),
        Json::Fact(FactValue::Many(_)) => {}
        Json::List(members) => {
            out.push('[');
            for (at, member) in members.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write_json(out, member);
            }
            out.push(']');
        }
        Json::Object(entries) => {
            out.push('{');
            for (at, (name, value)) in entries.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write_text(out, name);
                out.push(':');
                write_json(out, value);
            }
            out.push('}');
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Json, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Json;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("any JSON")
            }
            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Null)
            }
            fn visit_bool<E>(self, is: bool) -> Result<Json, E> {
                Ok(Json::Fact(FactValue::Bool(is)))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
                Ok(Json::Fact(FactValue::from(number)))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
                Ok(Json::Fact(FactValue::Number(Decimal::from(number))))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Json, E> {
                // What is too large for any flow is not said, so that the rest of the answer can be.
                Ok(super::decimal(number).map_or(Json::Null, |number| Json::Fact(FactValue::Number(number))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Json, E> {
                Ok(Json::Fact(FactValue::from(text)))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = from.next_element()? {
                    members.push(member);
                }
                Ok(Json::List(members))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = from.next_entry()? {
                    entries.push(entry);
                }
                Ok(Json::Object(entries))
            }
        }
        from.deserialize_any(Any)
    }
}
