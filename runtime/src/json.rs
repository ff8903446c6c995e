//! Turns, inputs and facts as data for other programs: the shapes of the line protocol.
//!
//! Every variant is an object with its name under `type`, in snake case. Ids are lower-case hexadecimal strings of
//! 16 digits (places, flows) or 8 (replies); a session is the hexadecimal string of its bytes; times are
//! milliseconds since 1970-01-01T00:00Z.
//!
//! ```json
//! {"effects": [{"id": 0, "type": "say", "text": "Hi!"}], "session": "01…",
//!  "waiting": {"type": "visitor", "place": "00c0ffee00c0ffee", "until": null}}
//! ```

mod data;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::action::{Argument, Outcome, Part};
use crate::dates;
use crate::facts::{FactValue, Facts};
use crate::id::{FlowId, PlaceId, ReplyId};
use crate::migrate::Reason;
use crate::request::{Body, Header, HeaderValue, Request};
use crate::session::Session;
use crate::turn::{Article, Effect, End, Input, Named, Numbered, Reply, Timestamp, Turn, Waiting};
use crate::value::Value;

pub use data::Data;

/// Writes an object with these entries.
macro_rules! object {
    ($to:expr, $($key:literal: $value:expr),* $(,)?) => {{
        let mut object = $to.serialize_map(None)?;
        $(object.serialize_entry($key, &$value)?;)*
        object.end()
    }};
}

/// Ids are strings: a number of 64 bits does not survive every JSON reader.
macro_rules! hexadecimal {
    ($($id:ident, $inner:ty, $digits:literal;)*) => {$(
        impl Serialize for $id {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(&format_args!(concat!("{:0", $digits, "x}"), self.0))
            }
        }

        impl<'de> Deserialize<'de> for $id {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<$id, D::Error> {
                let text = String::deserialize(from)?;
                let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
                match <$inner>::from_str_radix(&text, 16) {
                    Ok(id) if digits && text.len() == $digits => Ok($id(id)),
                    _ => Err(de::Error::custom(concat!("an id has ", $digits, " hexadecimal digits in lower case"))),
                }
            }
        }
    )*};
}

hexadecimal! {
    PlaceId, u64, 16;
    FlowId, u64, 16;
    ReplyId, u32, 8;
}

impl Serialize for Session {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let bytes = self.to_bytes();
        let mut text = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            text.extend(
                [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0')),
            );
        }
        to.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Session {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Session, D::Error> {
        let text = String::deserialize(from)?;
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        let mut bytes = Vec::with_capacity(text.len() / 2);
        for pair in text.as_bytes().chunks(2) {
            match pair {
                [high, low] if digit(*high).is_some() && digit(*low).is_some() => {
                    bytes.push(digit(*high).unwrap_or(0) << 4 | digit(*low).unwrap_or(0));
                }
                _ => {
                    return Err(de::Error::custom(
                        "a session is a string of hexadecimal digits, two for each byte",
                    ));
                }
            }
        }
        Session::from_bytes(&bytes).map_err(de::Error::custom)
    }
}

impl Serialize for Turn {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let language = self.session.language();
        object!(to, "effects": self.effects, "session": self.session, "language": language.as_str(), "waiting": self.waiting)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(from).map(Timestamp)
    }
}

impl Serialize for Numbered {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let id = self.id;
        match &self.effect {
            Effect::Say { text } => object!(to, "id": id, "type": "say", "text": text),
            Effect::Show { media, url, words } => {
                object!(to, "id": id, "type": "show", "media": media.spec().word, "url": url, "words": words)
            }
            Effect::Ask { place, text, ty, replies, open, again } => object!(
                to, "id": id, "type": "ask", "place": place, "text": text, "answer": ty.kind().word(),
                "replies": replies, "open": open, "again": again,
            ),
            Effect::Consent { text, explicit } => {
                object!(to, "id": id, "type": "consent", "text": text, "explicit": explicit)
            }
            Effect::Set { property, value } => {
                object!(to, "id": id, "type": "set", "property": property, "value": value)
            }
            Effect::Clear { property } => {
                object!(to, "id": id, "type": "clear", "property": property)
            }
            Effect::Act { place, action, object, arguments, parameters, request, replies } => {
                let mut map = to.serialize_map(None)?;
                map.serialize_entry("id", &id)?;
                map.serialize_entry("type", "act")?;
                map.serialize_entry("place", place)?;
                map.serialize_entry("action", action.spec().name)?;
                map.serialize_entry("object", object)?;
                map.serialize_entry("arguments", &Arguments(arguments))?;
                if action.spec().hands.contains(&Part::Parameter) {
                    map.serialize_entry("parameters", &Parameters(parameters))?;
                }
                if let Some(request) = request {
                    map.serialize_entry("request", request)?;
                }
                map.serialize_entry("replies", replies)?;
                map.end()
            }
            Effect::Articles { articles } => {
                object!(to, "id": id, "type": "articles", "articles": articles)
            }
            Effect::Forward { text } => object!(to, "id": id, "type": "forward", "text": text),
            Effect::Moved { step, why, messages } => {
                let words: Vec<&str> = why.iter().map(Reason::word).collect();
                let lacks: Vec<&str> = why.iter().flat_map(Reason::lacks).collect();
                object!(
                    to, "id": id, "type": "moved", "step": step, "why": words, "lacks": lacks,
                    "messages": messages,
                )
            }
            Effect::Survey { survey } => object!(to, "id": id, "type": "survey", "survey": survey),
            Effect::Complete { end } => object!(to, "id": id, "type": "complete", "end": end_word(*end)),
        }
    }
}

impl Serialize for Reply {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        object!(to, "id": self.id, "label": self.label)
    }
}

impl Serialize for Article {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        object!(to, "title": self.title, "link": self.link)
    }
}

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let kind = self.kind.word().replace(' ', "_");
        object!(to, "kind": kind, "name": self.name, "title": self.title, "link": self.link)
    }
}

/// An action's settings, by their words.
struct Arguments<'a>(&'a [(Argument, String)]);

impl Serialize for Arguments<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(argument, text)| (argument.word(), text)))
    }
}

/// The values of a function's parameters, by their names.
struct Parameters<'a>(&'a [(String, Value)]);

impl Serialize for Parameters<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Serialize for Request {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let contract = match &self.body {
            Body::Chat(_) => "hubspot",
            Body::Nothing | Body::Values(_) => "own",
        };
        object!(
            to, "contract": contract, "method": self.method, "url": self.url, "headers": self.headers,
            "body": self.body.text(),
        )
    }
}

impl Serialize for Header {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            HeaderValue::Text(text) => object!(to, "name": self.name, "value": text),
            HeaderValue::Secret(secret) => object!(to, "name": self.name, "secret": secret),
        }
    }
}

impl Serialize for Waiting {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Waiting::Agreement => object!(to, "type": "agreement"),
            Waiting::Visitor { place, until } => {
                object!(to, "type": "visitor", "place": place, "until": until)
            }
            Waiting::Host { place, until } => object!(to, "type": "host", "place": place, "until": until),
            Waiting::Pause { place, until } => {
                object!(to, "type": "pause", "place": place, "until": until)
            }
            Waiting::Nothing => object!(to, "type": "nothing"),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Text(text) => object!(to, "type": "text", "value": text),
            Value::Number(number) => object!(to, "type": "number", "value": Number(*number)),
            Value::Bool(is) => object!(to, "type": "bool", "value": is),
            Value::Date(days) => {
                let mut text = String::new();
                dates::write_iso_date(&mut text, *days);
                object!(to, "type": "date", "value": text)
            }
            Value::DateTime(at) => {
                let mut text = String::new();
                dates::write_iso_datetime(&mut text, *at);
                object!(to, "type": "datetime", "value": text)
            }
            Value::Duration(milliseconds) => object!(to, "type": "duration", "value": milliseconds),
            Value::Option(name) => object!(to, "type": "one_of", "value": name),
            Value::Options(names) => object!(to, "type": "many_of", "value": names),
        }
    }
}

/// A number where it is whole and fits 64 bits, else the string of its digits: never one that was rounded.
struct Number(Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let exact = self.0.normalize();
        match exact.to_i64() {
            Some(whole) if exact.scale() == 0 => to.serialize_i64(whole),
            _ => to.collect_str(&exact),
        }
    }
}

fn end_word(end: End) -> &'static str {
    match end {
        End::Finished => "finished",
        End::HandedOff => "handed_off",
        End::Error => "error",
    }
}

/// An [`Input`] that owns what it says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the variants and their fields are those of `Input`")]
pub enum OwnedInput {
    Text {
        text: String,
    },
    Tap {
        place: PlaceId,
        reply: ReplyId,
    },
    Agree,
    Outcome {
        place: PlaceId,
        outcome: Outcome,
        #[serde(default)]
        data: Data,
    },
    Silence,
    Closed,
}

impl OwnedInput {
    /// The same, borrowed.
    pub fn as_input(&self) -> Input<'_> {
        match self {
            OwnedInput::Text { text } => Input::Text(text),
            OwnedInput::Tap { place, reply } => Input::Tap { place: *place, reply: *reply },
            OwnedInput::Agree => Input::Agree,
            OwnedInput::Outcome { place, outcome, data } => {
                Input::Outcome { place: *place, outcome: *outcome, data: &data.0 }
            }
            OwnedInput::Silence => Input::Silence,
            OwnedInput::Closed => Input::Closed,
        }
    }
}

impl<'de> Deserialize<'de> for Outcome {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Outcome, D::Error> {
        let word = String::deserialize(from)?;
        Outcome::named(&word).ok_or_else(|| de::Error::custom(alloc::format!("`{word}` is no outcome")))
    }
}

impl Serialize for FactValue {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            FactValue::Text(text) => to.serialize_str(text),
            FactValue::Number(number) => Number(*number).serialize(to),
            FactValue::Bool(is) => to.serialize_bool(*is),
            FactValue::Many(many) => many.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for FactValue {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<FactValue, D::Error> {
        struct AFact;
        impl<'de> Visitor<'de> for AFact {
            type Value = FactValue;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a string, a number, true or false, or an array of strings")
            }
            fn visit_str<E>(self, text: &str) -> Result<FactValue, E> {
                Ok(FactValue::from(text))
            }
            fn visit_bool<E>(self, is: bool) -> Result<FactValue, E> {
                Ok(FactValue::Bool(is))
            }
            fn visit_i64<E>(self, number: i64) -> Result<FactValue, E> {
                Ok(FactValue::from(number))
            }
            fn visit_u64<E>(self, number: u64) -> Result<FactValue, E> {
                Ok(FactValue::Number(Decimal::from(number)))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<FactValue, E> {
                let number = decimal(number).ok_or_else(|| E::custom("a number too large or too fine"))?;
                Ok(FactValue::Number(number))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<FactValue, A::Error> {
                let mut many = Vec::new();
                while let Some(text) = from.next_element()? {
                    many.push(text);
                }
                Ok(FactValue::Many(many))
            }
        }
        from.deserialize_any(AFact)
    }
}

/// The number that was written: its shortest digits that mean this one.
fn decimal(number: f64) -> Option<Decimal> {
    Decimal::from_str_exact(&alloc::format!("{number}")).ok()
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Facts, D::Error> {
        struct AllFacts;
        impl<'de> Visitor<'de> for AllFacts {
            type Value = Facts;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object of facts by their names")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Facts, A::Error> {
                let mut facts = Facts::new();
                while let Some((name, value)) = from.next_entry::<String, Option<FactValue>>()? {
                    if facts.get(&name).is_some() {
                        return Err(de::Error::custom(alloc::format!("`{name}` is said twice")));
                    }
                    // `null` is how other languages say that they do not know.
                    if let Some(value) = value {
                        facts.set(&name, value);
                    }
                }
                Ok(facts)
            }
        }
        from.deserialize_map(AllFacts)
    }
}

#[cfg(test)]
mod tests;
