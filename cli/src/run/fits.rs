//! What a host says that a flow cannot read: values that do not fit, names that are not there.

use chatflow_compiler::nearest;
use chatflow_runtime::action::ObjectKind;
use chatflow_runtime::fact::{FACTS, FactType};
use chatflow_runtime::image::{Image, Scope};
use chatflow_runtime::{FactValue, Program, Type};

use crate::run::orders::duration;
use crate::show;

/// Why the flow takes a value for unknown, and what would fit; nothing where it fits, or where the flow has no such fact.
pub fn remark(program: &Program, name: &str, value: &FactValue) -> Option<String> {
    // An empty text is how CRMs write what they do not have.
    if matches!(value, FactValue::Text(text) if text.trim().is_empty()) {
        return None;
    }
    let image = program.image();
    let slot =
        image.slots.iter().find(|slot| slot.scope != Scope::Local && image.strings.get(slot.name) == name);
    let help = match slot {
        Some(slot) => of_type(image, slot.ty, value)?,
        None => of_fact(name, value)?,
    };
    Some(format!("`{}` does not fit `{name}`, which stays unknown: {help}", show::fact(value)))
}

/// A name of `--available` that is no team and no user of the flow.
pub fn nobody(program: &Program, name: &str) -> Option<String> {
    let image = program.image();
    let people =
        image.objects.iter().filter(|object| matches!(object.kind, ObjectKind::Team | ObjectKind::User));
    let mut names: Vec<&str> = people
        .flat_map(|object| std::iter::once(object.name).chain(object.members.iter().copied()))
        .map(|name| image.strings.get(name))
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.contains(&name) {
        return None;
    }
    let what = format!("the flow `{}` uses no team or user `{name}`", program.name());
    Some(format!("{what}; {}", near(name, &names, "it uses none")))
}

/// `did you mean `x`?`, or all that there are.
pub fn near(name: &str, names: &[&str], none: &str) -> String {
    match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => none.to_owned(),
        None => format!("there {} {}", if names.len() == 1 { "is" } else { "are" }, listed(names)),
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What would fit a property of this type, where this does not.
fn of_type(image: &Image, ty: Type, value: &FactValue) -> Option<String> {
    let text = match value {
        FactValue::Text(text) => Some(text.trim()),
        FactValue::Number(_) | FactValue::Bool(_) | FactValue::Many(_) => None,
    };
    let is_number = matches!(value, FactValue::Number(_));
    let parses = |read: &dyn Fn(&str) -> bool| text.is_some_and(read);
    let (fits, help) = match ty {
        Type::Text => (text.is_some() || is_number, "a text fits"),
        Type::Email | Type::Phone | Type::Url => (text.is_some(), "a text fits"),
        Type::Number => (is_number || parses(&number), "a number fits, like 12.5"),
        Type::Bool => (matches!(value, FactValue::Bool(_)) || parses(&truth), "true or false fits"),
        Type::Date => {
            (parses(&|text| text.parse::<jiff::civil::Date>().is_ok()), "a date fits, like 2026-01-31")
        }
        Type::DateTime => (
            parses(&|text| {
                text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::DateTime>().is_ok()
            }),
            "a moment fits, like 2026-01-31T10:00Z",
        ),
        Type::Duration => (
            // Words for units are many; only what has no number in front is surely none.
            is_number
                || parses(&|text| {
                    duration(text).is_some()
                        || (text.starts_with(|char: char| char.is_ascii_digit())
                            && text.ends_with(char::is_alphabetic))
                }),
            "a length of time fits, like 31m",
        ),
        Type::OneOf(_) | Type::ManyOf(_) => return of_options(image, ty, value),
    };
    (!fits).then(|| help.to_owned())
}

fn of_options(image: &Image, ty: Type, value: &FactValue) -> Option<String> {
    let options = &image.options_of(ty)?.options;
    let known = options
        .iter()
        .flat_map(|option| [option.name, option.value, option.label])
        .map(|name| image.strings.get(name))
        .collect::<Vec<_>>();
    let said: Vec<&str> = match (value, ty) {
        (FactValue::Text(text), Type::ManyOf(_)) => text.split(';').map(str::trim).collect(),
        (FactValue::Many(many), Type::ManyOf(_)) => many.iter().map(|text| text.trim()).collect(),
        (FactValue::Text(text), _) => vec![text.trim()],
        (FactValue::Number(_) | FactValue::Bool(_) | FactValue::Many(_), _) => vec![""],
    };
    let wrong = said.into_iter().find(|said| !known.contains(said))?;
    if let Some(near) = nearest(wrong, known.iter().copied()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let names: Vec<&str> = options.iter().map(|option| image.strings.get(option.name)).collect();
    Some(format!("its options are {}", listed(&names)))
}

/// What would fit a fact that is no property.
fn of_fact(name: &str, value: &FactValue) -> Option<String> {
    let is_truth =
        matches!(value, FactValue::Bool(_)) || matches!(value, FactValue::Text(text) if truth(text.trim()));
    let words = ["team ", "user ", "inbox ", "list "];
    if name == "contact" || words.iter().any(|word| name.starts_with(word)) {
        return (!is_truth).then(|| "true or false fits".to_owned());
    }
    match (FACTS.iter().find(|fact| fact.name == name)?.value, value) {
        (FactType::Text, FactValue::Text(_)) => None,
        (FactType::Text, _) => Some("a text fits".to_owned()),
        (FactType::Number, FactValue::Number(_)) => None,
        (FactType::Number, FactValue::Text(text)) if number(text.trim()) => None,
        (FactType::Number, _) => Some("a number fits, like 12".to_owned()),
        (FactType::Condition | FactType::Bool, _) => (!is_truth).then(|| "true or false fits".to_owned()),
        // They come with the time of each turn; no host says them.
        (FactType::Date | FactType::DateTime, _) => None,
        (FactType::Word(words), FactValue::Text(text)) if words.contains(&text.trim()) => None,
        (FactType::Word(words), _) => Some(near(&show::fact(value), words, "nothing fits")),
    }
}

fn truth(text: &str) -> bool {
    matches!(text, "true" | "false")
}

/// Whether this is a number in plain digits.
fn number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    digits.bytes().any(|byte| byte.is_ascii_digit()) && plain(whole) && plain(part)
}
