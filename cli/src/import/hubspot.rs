//! The JSON of HubSpot's APIs, as far as a workspace can use it. Fields that are not named here may come and go.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::import::Export;
use crate::trouble::Trouble;

/// What properties belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Object {
    /// A person.
    Contact,
    /// A company.
    Company,
}

impl Object {
    /// Every object.
    pub const ALL: [Object; 2] = [Object::Contact, Object::Company];

    /// How the language calls it.
    pub fn word(self) -> &'static str {
        match self {
            Object::Contact => "contact",
            Object::Company => "company",
        }
    }

    /// The object that a path or an id means: `contacts`, `0-1`, `companyinformation`.
    pub fn hinted(text: &str) -> Option<Object> {
        let text = text.to_lowercase();
        match text.as_str() {
            "0-1" => return Some(Object::Contact),
            "0-2" => return Some(Object::Company),
            _ => {}
        }
        let (contact, company) = (text.contains("contact"), text.contains("compan"));
        match (contact, company) {
            (true, false) => Some(Object::Contact),
            (false, true) => Some(Object::Company),
            (true, true) | (false, false) => None,
        }
    }
}

/// A property.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyJson {
    pub name: String,
    pub label: Option<String>,
    #[serde(rename = "type")]
    pub kind: String,
    pub field_type: Option<String>,
    pub description: Option<String>,
    pub options: Option<Vec<OptionJson>>,
    pub hidden: Option<bool>,
    pub archived: Option<bool>,
    pub calculated: Option<bool>,
    pub external_options: Option<bool>,
    pub hubspot_defined: Option<bool>,
    pub data_sensitivity: Option<String>,
    pub text_display_hint: Option<String>,
    pub modification_metadata: Option<ModificationJson>,
}

/// What may be changed of a property.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModificationJson {
    pub read_only_value: Option<bool>,
}

/// An option of a property.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionJson {
    pub label: Option<String>,
    pub value: String,
    pub display_order: Option<i64>,
    pub hidden: Option<bool>,
}

/// The validation rules of a property.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RulesJson {
    pub property_name: String,
    pub property_validation_rules: Vec<RuleJson>,
}

/// A validation rule.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleJson {
    pub rule_type: String,
    pub rule_arguments: Option<Vec<String>>,
}

/// An owner: a user, or a queue.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnerJson {
    pub id: String,
    pub email: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub archived: Option<bool>,
    pub teams: Option<Vec<TeamJson>>,
}

/// A team of an owner.
#[derive(Debug, Deserialize)]
pub struct TeamJson {
    pub id: String,
    pub name: String,
}

/// A meeting link.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeetingJson {
    pub id: String,
    pub slug: Option<String>,
    pub link: Option<String>,
    pub name: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// The list in an export, and the object as a whole where there is one.
#[derive(Debug)]
pub struct Page {
    pub results: Vec<Value>,
    pub around: Value,
}

/// Reads an export: an object with `results`, or the list alone.
pub fn page(export: &Export) -> Result<Page, Trouble> {
    let mut json: Value = serde_json::from_str(&export.text).map_err(|error| {
        let reason = error.to_string();
        // The place stands before the reason, as everywhere.
        let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
        let place = format!("{}:{}:{}", export.path, error.line(), error.column());
        Trouble::new(format!("{place}: this is not JSON: {reason}"))
            .help("Save the answer of the API as it came, headers left out.")
    })?;
    let results = match &mut json {
        Value::Array(_) => Some(json.take()),
        Value::Object(fields) => fields.get_mut("results").map(Value::take),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    };
    match results {
        Some(Value::Array(results)) => Ok(Page { results, around: json }),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_))
        | None => {
            let why = json.get("message").and_then(Value::as_str);
            let why = why.map(|why| format!(": the API said \"{why}\"")).unwrap_or_default();
            Err(Trouble::new(format!("`{}` has no list of results{why}", export.path))
                .help("An export is the API's answer: an object with a list `results`."))
        }
    }
}

/// An entry, read; or its name and why it cannot be.
pub fn read<T: DeserializeOwned>(entry: Value) -> Result<T, (String, String)> {
    let name = called(&entry);
    if !entry.is_object() {
        return Err((name, "no object".to_owned()));
    }
    serde_json::from_value(entry).map_err(|error| (name, format!("unreadable ({error})")))
}

/// What an entry calls itself, for messages.
fn called(entry: &Value) -> String {
    let name = ["name", "propertyName", "id"].iter().find_map(|field| entry.get(field)?.as_str());
    name.unwrap_or("an entry without a name").to_owned()
}
