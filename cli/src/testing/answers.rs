//! What a test has a server say, as a host reads it.

use chatflow_runtime::{Data, FactValue, Facts};
use serde::Deserialize;
use serde_json::Value as Json;

/// What a server says that says these values at these paths, as a host reads it.
pub(super) fn answered(said: &[(String, FactValue)]) -> Facts {
    let mut whole = Json::Null;
    for (path, value) in said {
        let place = path.split('.').try_fold(&mut whole, |inside, step| {
            let (name, indices) = step.split_once('[').unwrap_or((step, ""));
            let named = entry(inside, name)?;
            let mut indices = indices.split(['[', ']']).filter(|index| !index.is_empty());
            indices.try_fold(named, |inside, index| member(inside, index.parse().ok()?))
        });
        if let Some(place) = place {
            *place = as_json(value);
        }
    }
    // What has no more values than a test has lines is never too large.
    Data::deserialize(whole).map(|data| data.0).unwrap_or_default()
}

/// The value under a name of an object; what was no object becomes one.
fn entry<'j>(inside: &'j mut Json, name: &str) -> Option<&'j mut Json> {
    if !inside.is_object() {
        *inside = Json::Object(serde_json::Map::new());
    }
    Some(inside.as_object_mut()?.entry(name).or_insert(Json::Null))
}

/// The member of a list at a position; what was no list becomes one, and what comes before it is null.
fn member(inside: &mut Json, at: usize) -> Option<&mut Json> {
    if !inside.is_array() {
        *inside = Json::Array(Vec::new());
    }
    let list = inside.as_array_mut()?;
    if list.len() <= at {
        list.resize(at + 1, Json::Null);
    }
    list.get_mut(at)
}

fn as_json(value: &FactValue) -> Json {
    match value {
        FactValue::Text(text) => Json::from(text.as_str()),
        // A number that JSON would round goes as its digits: hosts may say it so.
        FactValue::Number(number) => match serde_json::from_str(&number.to_string()) {
            Ok(Json::Number(json))
                if number.scale() == 0 || json.to_string() == number.normalize().to_string() =>
            {
                Json::Number(json)
            }
            Ok(_) | Err(_) => Json::from(number.to_string()),
        },
        FactValue::Bool(is) => Json::from(*is),
        FactValue::Many(texts) => texts.iter().map(String::as_str).collect(),
    }
}
