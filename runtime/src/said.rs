//! What a host says, read as the types of a program: one reading, and why what does not fit stays unknown.

use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::dates;
use crate::fact::{FACTS, FactType};
use crate::facts::FactValue;
use crate::id::Str;
use crate::image::{OptionDef, OptionsDef, Scope, Strings};
use crate::program::Program;
use crate::value::{Type, Value};

/// Why a program makes nothing of what a host says under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It cannot be a value of the property's type.
    Type(Type),
    /// The property's type has no such option; of several, the first that it does not have.
    Option(Type, String),
    /// It cannot be the value of the fact.
    Fact(FactType),
    /// It is no word that says whether something is so.
    Truth,
}

/// Why a program makes nothing of this value under this name: it is unknown to the flow, or, where it is a word that no flow tests
/// for, as good as unknown. Nothing where it fits, where it is an empty text, which is how CRMs write what they do not
/// have, and where the program has no such name.
pub fn misfit(program: &Program, name: &str, said: &FactValue) -> Option<Misfit> {
    if matches!(said, FactValue::Text(text) if text.trim().is_empty()) {
        return None;
    }
    let image = program.image();
    let mut slots = image.slots.iter().filter(|slot| slot.scope != Scope::Local);
    if let Some(slot) = slots.find(|slot| image.strings.get(slot.name) == name) {
        let options = image.options_of(slot.ty);
        if let Some(options) = options {
            let wrong = no_option(said, slot.ty, options, &image.strings)?;
            return Some(Misfit::Option(slot.ty, String::from(wrong)));
        }
        let fits = as_type(said, slot.ty, options, &image.strings, || 0).is_some();
        return (!fits).then_some(Misfit::Type(slot.ty));
    }
    if name == "contact" || name == "contact owner" || TRUTHS.iter().any(|word| name.starts_with(word)) {
        return said_bool(said).is_none().then_some(Misfit::Truth);
    }
    let fact = FACTS.iter().find(|fact| fact.name == name)?.value;
    let fits = match fact {
        FactType::Text => said_text(said).is_some(),
        FactType::Number => said_number(said).is_some(),
        FactType::Condition | FactType::Bool => said_bool(said).is_some(),
        FactType::Word(words) => said_text(said).is_some_and(|text| words.contains(&text.trim())),
        // They come with the time of each turn; no host says them.
        FactType::Date | FactType::DateTime => true,
    };
    (!fits).then_some(Misfit::Fact(fact))
}

/// What the names begin with under which a host says whether something is so.
const TRUTHS: [&str; 4] = ["team ", "user ", "inbox ", "list "];

/// The first thing said that is none of the options.
pub(crate) fn no_option<'s>(
    said: &'s FactValue,
    ty: Type,
    options: &OptionsDef,
    strings: &Strings,
) -> Option<&'s str> {
    let is_none = |text: &&str| option_named(text.trim(), options, strings).is_none();
    match (said, ty) {
        (FactValue::Text(text), Type::ManyOf(_)) => text.split(';').map(str::trim).find(is_none),
        (FactValue::Many(many), Type::ManyOf(_)) => many.iter().map(|text| text.trim()).find(is_none),
        (FactValue::Text(text), _) => Some(text.trim()).filter(is_none),
        (FactValue::Number(_) | FactValue::Bool(_) | FactValue::Many(_), _) => Some(""),
    }
}

pub(crate) fn said_text(said: &FactValue) -> Option<&str> {
    match said {
        FactValue::Text(text) => Some(text),
        FactValue::Number(_) | FactValue::Bool(_) | FactValue::Many(_) => None,
    }
}

pub(crate) fn said_number(said: &FactValue) -> Option<Decimal> {
    match said {
        FactValue::Number(number) => Some(*number),
        FactValue::Text(text) => Decimal::from_str_exact(text.trim()).ok(),
        FactValue::Bool(_) | FactValue::Many(_) => None,
    }
}

pub(crate) fn said_bool(said: &FactValue) -> Option<bool> {
    match said {
        FactValue::Bool(is) => Some(*is),
        FactValue::Text(text) => match text.trim() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        FactValue::Number(_) | FactValue::Many(_) => None,
    }
}

/// What the host says as a value of this type; what does not fit is unknown, and so is an empty text, which is
/// how CRMs write what they do not have.
pub(crate) fn as_type(
    said: &FactValue,
    ty: Type,
    options: Option<&OptionsDef>,
    strings: &Strings,
    offset: impl Fn() -> i32,
) -> Option<Value> {
    let text = || said_text(said).filter(|text| !text.trim().is_empty());
    let name = |text: &str| option_named(text.trim(), options?, strings);
    match ty {
        Type::Text => match said {
            FactValue::Number(number) => Some(Value::Text(alloc::format!("{}", number.normalize()))),
            FactValue::Text(_) | FactValue::Bool(_) | FactValue::Many(_) => {
                text().map(|text| Value::Text(String::from(text)))
            }
        },
        Type::Email | Type::Phone | Type::Url => text().map(|text| Value::Text(String::from(text.trim()))),
        Type::Number => said_number(said).map(Value::Number),
        Type::Bool => said_bool(said).map(Value::Bool),
        Type::Date => text().and_then(dates::iso_date).map(Value::Date),
        Type::DateTime => text().and_then(|text| dates::iso_datetime(text, offset())).map(Value::DateTime),
        Type::Duration => match said {
            FactValue::Number(number) => number.to_i64().map(Value::Duration),
            FactValue::Text(_) | FactValue::Bool(_) | FactValue::Many(_) => text()
                .and_then(|text| crate::durations::read(text, crate::Language::English))
                .map(Value::Duration),
        },
        Type::OneOf(_) => text().and_then(name).map(|name| Value::Option(String::from(name))),
        Type::ManyOf(_) => many(said, options?, strings).map(Value::Options),
    }
}

/// The name of the option that has this name, CRM value or label.
fn option_named<'s>(text: &str, options: &OptionsDef, strings: &'s Strings) -> Option<&'s str> {
    let by =
        |key: fn(&OptionDef) -> Str| options.options.iter().find(|option| strings.get(key(option)) == text);
    let found =
        by(|option| option.name).or_else(|| by(|option| option.value)).or_else(|| by(|option| option.label));
    found.map(|option| strings.get(option.name))
}

/// Several options, in the order of the list; ones that it does not have are left out.
fn many(said: &FactValue, options: &OptionsDef, strings: &Strings) -> Option<Vec<String>> {
    let named: Vec<&str> = match said {
        FactValue::Many(many) => {
            many.iter().filter_map(|text| option_named(text.trim(), options, strings)).collect()
        }
        FactValue::Text(text) if !text.trim().is_empty() => {
            text.split(';').filter_map(|text| option_named(text.trim(), options, strings)).collect()
        }
        FactValue::Text(_) | FactValue::Number(_) | FactValue::Bool(_) => return None,
    };
    Some(in_order(&named, options, strings))
}

/// These options in the order of their list, each once.
pub(crate) fn in_order(named: &[&str], options: &OptionsDef, strings: &Strings) -> Vec<String> {
    let listed = options.options.iter().map(|option| strings.get(option.name));
    listed.filter(|name| named.contains(name)).map(String::from).collect()
}
