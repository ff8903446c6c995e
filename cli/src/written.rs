//! Values and calls as a flow writes them.

use chatflow_compiler::{iso, written_duration};
use chatflow_runtime::image::{Image, OptionDef, Wait};
use chatflow_runtime::{PlaceId, Type, Value};

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
    let act = image.sites.iter().find(|site| site.id == place).and_then(|site| match &site.wait {
        Wait::Act(act) => Some(act),
        Wait::Ask(_) | Wait::Pause(_) | Wait::Do(_) => None,
    });
    let type_of = |name: &str| {
        let mut given = act.into_iter().flat_map(|act| &act.given);
        given.find(|given| image.strings.get(given.name) == name).map_or(Type::Text, |given| given.ty)
    };
    let values: Vec<String> =
        parameters.iter().map(|(name, said)| value(image, type_of(name), said)).collect();
    format!("{function}({})", values.join(", "))
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
