//! Properties of contacts and companies, with their validation rules.

use std::collections::BTreeMap;

use chatflow_runtime::text::folded;
use serde_json::Value;

use crate::import::Export;
use crate::import::hubspot::{self, Object, OptionJson, Page, PropertyJson, RuleJson, RulesJson, page};
use crate::import::ids::Ids;
use crate::import::report::Tally;
use crate::import::rules;
use crate::import::write::{Choice, Declared, Property, Shape};
use crate::names::{self, Taken};
use crate::trouble::Trouble;

/// The rules of properties, by object where it is known, and name.
type Rules = BTreeMap<(Option<Object>, String), Vec<RuleJson>>;

/// The declarations that exports of properties and of validation rules become.
///
/// # Errors
/// If one of them is neither, or nobody can tell what its properties belong to.
pub fn read(
    exports: &[Export],
    object: Option<Object>,
    ids: &Ids,
    tally: &mut Tally,
) -> Result<Declared, Trouble> {
    let mut found: BTreeMap<Object, Vec<PropertyJson>> = BTreeMap::new();
    let mut rules = Rules::new();
    for export in exports {
        let page = page(export)?;
        if is_rules(&page) {
            take_rules(export, page, object, &mut rules, tally);
            continue;
        }
        let object = object.map_or_else(|| object_of(export, &page), Ok)?;
        take_properties(page, found.entry(object).or_default(), tally);
    }
    let mut declared = Declared::default();
    for (object, mut properties) in found {
        properties.sort_by(|a, b| a.name.cmp(&b.name));
        let properties = declare(object, properties, &rules, ids, tally);
        declared.properties.push((object, properties));
    }
    Ok(declared)
}

fn is_rules(page: &Page) -> bool {
    page.results.first().is_some_and(|entry| entry.get("propertyValidationRules").is_some())
}

/// What the properties of an export belong to, by what it says of itself.
fn object_of(export: &Export, page: &Page) -> Result<Object, Trouble> {
    let said = ["objectTypeId", "objectType"].iter().find_map(|field| page.around.get(field)?.as_str());
    let groups = || {
        let groups = page.results.iter().filter_map(|entry| entry.get("groupName")?.as_str());
        let votes: Vec<Object> = groups.filter_map(Object::hinted).collect();
        let of = |object| votes.iter().filter(|vote| **vote == object).count();
        match of(Object::Contact).cmp(&of(Object::Company)) {
            std::cmp::Ordering::Greater => Some(Object::Contact),
            std::cmp::Ordering::Less => Some(Object::Company),
            std::cmp::Ordering::Equal => None,
        }
    };
    let file_name = export.path.rsplit(['/', '\\']).next().unwrap_or_default();
    let found = said.and_then(Object::hinted).or_else(groups).or_else(|| Object::hinted(file_name));
    found.ok_or_else(|| {
        Trouble::new(format!("nobody can tell what the properties in `{}` belong to", export.path))
            .help("Say --object contact or --object company; a workspace has no other properties.")
    })
}

fn take_rules(export: &Export, page: Page, object: Option<Object>, rules: &mut Rules, tally: &mut Tally) {
    let said = ["objectTypeId", "objectType"].iter().find_map(|field| page.around.get(field)?.as_str());
    let object = object.or_else(|| said.and_then(Object::hinted)).or_else(|| Object::hinted(&export.path));
    for entry in page.results {
        match hubspot::read::<RulesJson>(entry) {
            Ok(read) => {
                rules.entry((object, read.property_name)).or_default().extend(read.property_validation_rules);
            }
            Err((name, reason)) => tally.skipped(&name, &format!("validation rules, {reason}")),
        }
    }
}

fn take_properties(page: Page, properties: &mut Vec<PropertyJson>, tally: &mut Tally) {
    for entry in page.results {
        match property(entry) {
            Ok(property) if properties.iter().any(|other| other.name == property.name) => {
                tally.skipped(&property.name, "listed twice");
            }
            Ok(property) => properties.push(property),
            Err((name, reason)) => tally.skipped(&name, &reason),
        }
    }
}

/// The property that an entry is, or its name and why it is left out.
fn property(entry: Value) -> Result<PropertyJson, (String, String)> {
    let property: PropertyJson = hubspot::read(entry)?;
    let reason = if property.archived == Some(true) {
        "archived"
    } else if property.hidden == Some(true) {
        "hidden in the CRM"
    } else if property.field_type.as_deref() == Some("file") {
        "a file, which no answer can be"
    } else if !KINDS.contains(&property.kind.as_str()) {
        let kind: String = property.kind.chars().take(40).collect();
        return Err((property.name, format!("of the type {kind}, which the language does not have")));
    } else {
        return Ok(property);
    };
    Err((property.name, reason.to_owned()))
}

const KINDS: &[&str] = &["string", "number", "date", "datetime", "enumeration", "bool", "phone_number"];

fn declare(
    object: Object,
    properties: Vec<PropertyJson>,
    rules: &Rules,
    ids: &Ids,
    tally: &mut Tally,
) -> Vec<Property> {
    let mut taken = Taken::of(ids.names(object.word()));
    let known = |json: &PropertyJson| ids.name_of(object.word(), &json.name);
    // A name of its own, unless the environment has it for something else.
    let keeps = |json: &PropertyJson| {
        names::is_name(&json.name) && !ids.names(object.word()).any(|name| *name == json.name)
    };
    // A property that can keep its name keeps it, whatever the others are called.
    for property in properties.iter().filter(|property| keeps(property)) {
        taken.take(std::slice::from_ref(&property.name));
    }
    let declared = properties.into_iter().map(|json| {
        let key = |object| (object, json.name.clone());
        let rules = [key(Some(object)), key(None)].into_iter().filter_map(|key| rules.get(&key)).flatten();
        let mut builder = Builder::new(&json);
        builder.shape();
        rules.for_each(|rule| builder.rule(rule));
        match known(&json) {
            Some(known) => known.clone_into(&mut builder.property.name),
            None if keeps(&json) => {}
            None => builder.name(&mut taken, ids),
        }
        builder.remarks();
        let name = format!("{}.{}", object.word(), builder.property.name);
        tally.imported(&name, &builder.reasons);
        builder.property
    });
    declared.collect()
}

struct Builder<'j> {
    json: &'j PropertyJson,
    property: Property,
    /// What the language cannot say, for the report.
    reasons: Vec<&'static str>,
}

impl<'j> Builder<'j> {
    fn new(json: &'j PropertyJson) -> Builder<'j> {
        let property = Property {
            name: json.name.clone(),
            id: json.name.clone(),
            shape: Shape::Plain("text"),
            label: json.label.clone().filter(|label| !label.trim().is_empty() && *label != json.name),
            about: json.description.clone().filter(|about| !about.trim().is_empty()),
            notes: Vec::new(),
        };
        Builder { json, property, reasons: Vec::new() }
    }

    fn reason(&mut self, reason: &'static str) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    fn shape(&mut self) {
        let json = self.json;
        let field = json.field_type.as_deref().unwrap_or_default();
        self.property.shape = match json.kind.as_str() {
            "number" => Shape::Plain("number"),
            "bool" => Shape::Plain("bool"),
            "date" => Shape::Plain("date"),
            "datetime" => Shape::Plain("datetime"),
            "phone_number" => Shape::Plain("phone"),
            "enumeration" => self.options(field),
            _ => Shape::Plain(self.text_type(field)),
        };
    }

    /// The kind of text.
    fn text_type(&mut self, field: &str) -> &'static str {
        let defined = self.json.hubspot_defined == Some(true);
        let hint = self.json.text_display_hint.as_deref().unwrap_or_default();
        match (hint, field, self.json.name.as_str()) {
            ("email", ..) => "email",
            ("phone_number", ..) | (_, "phonenumber", _) => "phone",
            ("url", ..) => "url",
            ("domain_name", ..) => {
                // As a `url` the flow would write `https://` before it.
                self.property.notes.push("a domain name; the language takes any text".to_owned());
                self.reason("a domain name, which is taken as any text");
                "text"
            }
            // These came before hints did.
            (_, _, "email" | "work_email") if defined => "email",
            (_, _, "website") if defined => "url",
            _ => "text",
        }
    }

    fn options(&mut self, field: &str) -> Shape {
        let mut given: Vec<&OptionJson> = self.json.options.iter().flatten().collect();
        if given.is_empty() || self.json.external_options == Some(true) {
            self.property
                .notes
                .push("its options are not in the export; they are taken as any text".to_owned());
            self.reason("options that are not in the export, taken as any text");
            return Shape::Plain("text");
        }
        // The CRM writes -1 for "after all others".
        given.sort_by_key(|option| option.display_order.filter(|order| *order >= 0).unwrap_or(i64::MAX));
        let mut values: Vec<&str> = given.iter().map(|option| option.value.as_str()).collect();
        values.sort_unstable();
        if field == "booleancheckbox" && values == ["false", "true"] {
            return Shape::Plain("bool");
        }
        let hidden: Vec<&str> = given
            .iter()
            .filter(|option| option.hidden == Some(true))
            .map(|option| option.value.as_str())
            .collect();
        if !hidden.is_empty() {
            self.property.notes.push(format!("hidden options are left out: {}", hidden.join(", ")));
            self.reason("hidden options are left out");
        }
        given.retain(|option| option.hidden != Some(true));
        let options = options(&given);
        if options.is_empty() {
            return Shape::Plain("text");
        }
        Shape::Options { several: field == "checkbox", options }
    }

    fn rule(&mut self, rule: &RuleJson) {
        let arguments = rule.rule_arguments.as_deref().unwrap_or_default();
        match (rules::type_of(&rule.rule_type), &self.property.shape) {
            (Some(ty), Shape::Plain("text")) => self.property.shape = Shape::Plain(ty),
            (Some(ty), Shape::Plain(other)) if ty == *other => {}
            (_, Shape::Plain(_) | Shape::Options { .. }) => {
                self.property
                    .notes
                    .push(format!("the CRM takes only {}", rules::words(&rule.rule_type, arguments)));
                self.reason("a validation rule that the language cannot say yet; the CRM may refuse a value");
            }
        }
    }

    /// Makes a name that flows can use, where the CRM's own is none.
    fn name(&mut self, taken: &mut Taken, ids: &Ids) {
        let name = &self.json.name;
        let made = names::made(name).or_else(|| names::made(&format!("p_{name}")));
        self.property.name = taken.take(&[made.unwrap_or_else(|| "unnamed".to_owned())]);
        if !ids.is_kept() {
            self.property.notes.push(format!("the CRM calls it `{name}`"));
            self.reason("another name than in the CRM, which an environment must map (--env)");
        }
    }

    fn remarks(&mut self) {
        let json = self.json;
        let read_only = json.modification_metadata.as_ref().and_then(|may| may.read_only_value) == Some(true);
        if json.calculated == Some(true) {
            self.property.notes.push("the CRM calculates it: flows may read it, not set it".to_owned());
            self.reason("calculated by the CRM; nothing keeps a flow from setting it");
        } else if read_only {
            self.property.notes.push("read-only: flows may read it, not set it".to_owned());
            self.reason("read-only; nothing keeps a flow from setting it");
        }
        let sensitivity = json.data_sensitivity.as_deref();
        if let Some(level @ ("sensitive" | "highly_sensitive")) = sensitivity {
            self.property.notes.push(format!("{} data", level.replace('_', " ")));
            self.reason("sensitive data, for which the language has no mark");
        }
    }
}

/// The options of a property, each value once.
fn options(given: &[&OptionJson]) -> Vec<Choice> {
    let mut taken = Taken::default();
    let plain = |option: &OptionJson| names::is_option(&option.value);
    for option in given.iter().filter(|option| plain(option)) {
        taken.take(std::slice::from_ref(&option.value));
    }
    let mut options: Vec<Choice> = Vec::new();
    for json in given {
        if options.iter().any(|other| other.value == json.value) {
            continue;
        }
        let label = json.label.clone().filter(|label| !label.trim().is_empty());
        let name = if plain(json) {
            json.value.clone()
        } else {
            let candidates = [names::made(&json.value), label.as_deref().and_then(names::made)];
            let candidates = candidates.into_iter().flatten().filter(|name| names::is_option(name));
            let mut candidates: Vec<String> = candidates.collect();
            if candidates.is_empty() {
                let made = names::made(&format!("option_{}", json.value));
                candidates.push(made.unwrap_or_else(|| "option".to_owned()));
            }
            taken.take(&candidates)
        };
        // Two options with one label are one to whoever types it.
        let own = label.as_deref().unwrap_or(&name);
        let same = |other: &Choice| folded(other.label.as_deref().unwrap_or(&other.name)) == folded(own);
        let label = if options.iter().any(same) { Some(format!("{own} ({})", json.value)) } else { label };
        options.push(Choice { name, label, value: json.value.clone() });
    }
    options
}
