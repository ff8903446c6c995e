//! Values and calls as a flow writes them.

use chatflow_compiler::{ExpectedRequest, iso, written_duration};
use chatflow_runtime::image::{GivenFrom, Image, OptionDef};
use chatflow_runtime::{Body, FactValue, HeaderValue, PlaceId, Request, Type, Value};

use crate::quote::quoted;

/// A value of a type, as a host has it, as a flow writes it: an option by the flow's own name for it.
pub fn value(image: &Image, ty: Type, value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Number(number) => number.normalize().to_string(),
        Value::Bool(is) => is.to_string(),
        Value::Date(_) => iso(value),
        // A literal has no seconds where there are none.
        Value::DateTime(_) => iso(value).trim_end_matches(":00").to_owned(),
        Value::Duration(milliseconds) => written_duration(*milliseconds),
        Value::Option(name) => option(image, ty, name),
        Value::Options(names) => {
            let names: Vec<String> = names.iter().map(|name| option(image, ty, name)).collect();
            format!("[{}]", names.join(", "))
        }
    }
}

/// `price_for(5)`: what a place of the flow calls, with these values of its parameters.
pub fn call(image: &Image, place: PlaceId, function: &str, parameters: &[(String, Value)]) -> String {
    let act = image.act_at(place);
    let type_of = |name: &str| {
        let mut given = act.into_iter().flat_map(|act| &act.given);
        let given = given.find(|given| image.strings.get(given.name) == name);
        match given.map(|given| &given.from) {
            Some(GivenFrom::Value(ty)) => *ty,
            Some(GivenFrom::Pieces(_) | GivenFrom::Secret(_)) | None => Type::Text,
        }
    };
    let values: Vec<String> =
        parameters.iter().map(|(name, said)| value(image, type_of(name), said)).collect();
    format!("{function}({})", values.join(", "))
}

/// What a host says, as a test has a server say it.
pub fn said(said: &FactValue) -> String {
    match said {
        FactValue::Text(text) => quoted(text),
        FactValue::Number(number) => number.normalize().to_string(),
        FactValue::Bool(is) => is.to_string(),
        FactValue::Many(texts) => {
            format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A message to a server, as a test expects one: what bots of HubSpot send has no keys of the flow.
pub fn sent(request: &Request, utc_offset: i32) -> ExpectedRequest {
    let headers = request.headers.iter().map(|header| (header.name.clone(), header.value.clone()));
    let body = match &request.body {
        Body::Values(values) => local(values, utc_offset),
        Body::Nothing | Body::Chat(_) => Vec::new(),
    };
    ExpectedRequest { url: Some(request.url.clone()), headers: headers.collect(), body }
}

/// The blocks of a message that a test expects: `headers { "X-Id" "7" }`, `body { seats 5 }`.
pub fn blocks(image: &Image, request: &ExpectedRequest) -> Vec<String> {
    let header = |(name, value): &(String, HeaderValue)| match value {
        HeaderValue::Text(text) => format!("{} {}", quoted(name), quoted(text)),
        HeaderValue::Secret(secret) => format!("{} secret {secret}", quoted(name)),
    };
    let key = |(name, said): &(String, Value)| format!("{} {}", quoted(name), crm(image, said));
    let headers: Vec<String> = request.headers.iter().map(header).collect();
    let keys: Vec<String> = request.body.iter().map(key).collect();
    [("headers", headers), ("body", keys)]
        .into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(word, lines)| format!("{word} {{ {} }}", lines.join(", ")))
        .collect()
}

/// A value as the CRM has it: its options are texts.
fn crm(image: &Image, said: &Value) -> String {
    match said {
        Value::Option(name) => quoted(name),
        Value::Options(names) => {
            format!("[{}]", names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", "))
        }
        Value::Text(_)
        | Value::Number(_)
        | Value::Bool(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Duration(_) => value(image, Type::Text, said),
    }
}

/// Values as literals of the flow mean them: a date and time is one where the flow's inbox is.
pub fn local(parameters: &[(String, Value)], utc_offset: i32) -> Vec<(String, Value)> {
    let local = |value: &Value| {
        let Value::DateTime(at) = value else { return value.clone() };
        Value::DateTime(at.saturating_add(i64::from(utc_offset) * 60_000))
    };
    parameters.iter().map(|(name, value)| (name.clone(), local(value))).collect()
}

fn option(image: &Image, ty: Type, crm: &str) -> String {
    let options = image.options_of(ty).map(|list| list.options.as_slice()).unwrap_or_default();
    let found = options.iter().find(|option: &&OptionDef| image.strings.get(option.value) == crm);
    found.map_or(crm, |option| image.strings.get(option.name)).to_owned()
}
