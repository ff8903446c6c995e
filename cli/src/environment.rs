//! Environments: what a flow names, and what the CRM of an environment calls it.
//!
//! `env/production.toml` has a table for each kind of thing, with the name in flows and the id in the CRM:
//!
//! ```toml
//! [team]
//! sales = "178588"
//! ```
//!
//! A program is the same for every environment: the ids go into a file of their own beside it, for the host.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use chatflow_compiler::{Checked, Project, declared_names, nearest};
use chatflow_runtime::Program;
use chatflow_runtime::image::{Image, Scope};
use chatflow_runtime::setting::{Setting, SettingValue};
use serde_json::{Map, Value, json};
use toml::de::DeValue;

use crate::toml_file::TomlFile;
use crate::trouble::Trouble;

/// The folder of a project that holds its environments.
pub const FOLDER: &str = "env";

/// The kinds of things that have ids, by the words that declare them.
const KINDS: &[&str] = &[
    "contact",
    "company",
    "user",
    "team",
    "inbox",
    "meeting",
    "article",
    "knowledge",
    "list",
    "workflow",
    "pipeline",
    "survey",
    "subscription",
    "secret",
];

/// An environment.
#[derive(Debug)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Where it stands, as people can open it.
    pub path: PathBuf,
    ids: Ids,
    text: String,
}

/// The ids by kind and name, each with the place of the name in the file.
type Ids = BTreeMap<String, BTreeMap<String, (String, Range<usize>)>>;

/// A kind and a name that a flow uses.
type Used = (&'static str, String);

impl Environment {
    /// Reads the environment of this name of the project in `root`, which messages call `shown`.
    ///
    /// # Errors
    /// If there is none, or it says something that means nothing.
    pub fn read(root: &Path, shown: &Path, name: &str) -> Result<Environment, Trouble> {
        let known = environments(root);
        if !known.iter().any(|other| other == name) {
            let trouble = Trouble::new(format!("there is no environment `{name}`"));
            let near = nearest(name, known.iter().map(String::as_str));
            let listed = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let file = shown.join(FOLDER).join(format!("{name}.toml"));
            return Err(trouble.help(match (near, known.as_slice()) {
                (Some(near), _) => format!("Did you mean `{near}`?"),
                (None, []) => format!("An environment is a file: write its ids into {}", file.display()),
                (None, _) => format!("The environments: {listed}."),
            }));
        }
        let file_name = format!("{name}.toml");
        let path = shown.join(FOLDER).join(&file_name);
        let text = fs::read_to_string(root.join(FOLDER).join(file_name))
            .map_err(|error| Trouble::at(&path, "read", &error))?;
        let ids = read_ids(&TomlFile { path: &path, text: &text })?;
        Ok(Environment { name: name.to_owned(), path, ids, text })
    }

    /// The names that it has ids for: the word for their kind, the name, and its bytes.
    pub fn names(&self) -> Vec<(String, String, Range<usize>)> {
        let all =
            self.ids.iter().flat_map(|(kind, ids)| ids.iter().map(move |(name, (_, at))| (kind, name, at)));
        all.map(|(kind, name, at)| (kind.clone(), name.clone(), at.clone())).collect()
    }

    /// What is wrong with the environments of a whole project: files that mean nothing, names that no workspace declares, and names that a flow
    /// uses and an environment has no id for.
    pub fn troubles(root: &Path, shown: &Path, project: &Project, checked: &Checked) -> Vec<Trouble> {
        let images = || checked.flows.iter().filter_map(|flow| flow.image.as_ref());
        let mut troubles = Vec::new();
        for name in environments(root) {
            match Environment::read(root, shown, &name) {
                Ok(environment) => {
                    troubles.extend(environment.undeclared(project));
                    troubles.extend(environment.complete(images()).err());
                }
                Err(trouble) => troubles.push(trouble),
            }
        }
        troubles
    }

    /// The names that no workspace of the project declares.
    pub fn undeclared(&self, project: &Project) -> Vec<Trouble> {
        let declared = declared_names(project);
        let file = TomlFile { path: &self.path, text: &self.text };
        let mut troubles = Vec::new();
        for (kind, ids) in &self.ids {
            let known = || declared.iter().filter(|(other, _)| other == kind).map(|(_, name)| name.as_str());
            for (name, (_, at)) in ids.iter().filter(|(name, _)| !known().any(|known| known == *name)) {
                let what = if matches!(kind.as_str(), "contact" | "company") { " property" } else { "" };
                let trouble = file.trouble(at, &format!("no workspace declares the {kind}{what} `{name}`"));
                let help = match nearest(name, known()) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => "Declare it in the workspace file, or delete the line.".to_owned(),
                };
                troubles.push((at.start, trouble.help(help)));
            }
        }
        troubles.sort_by_key(|(at, _)| *at);
        troubles.into_iter().map(|(_, trouble)| trouble).collect()
    }

    /// What flows use that has no id here, as one trouble.
    ///
    /// # Errors
    /// If there is anything.
    pub fn complete<'i>(&self, images: impl Iterator<Item = &'i Image>) -> Result<(), Trouble> {
        let mut missing: Vec<Used> = images.flat_map(used).filter(|used| self.id(used).is_none()).collect();
        missing.sort();
        missing.dedup();
        if missing.is_empty() {
            return Ok(());
        }
        let listed: Vec<String> = missing.iter().map(|(kind, name)| format!("{kind} {name}")).collect();
        let mut lines = String::new();
        let mut last = "";
        for (kind, name) in &missing {
            if *kind != last {
                lines.push_str(&format!("\n  [{kind}]"));
                last = kind;
            }
            lines.push_str(&self.way_out(kind, name));
        }
        Err(Trouble::new(format!("{} has no id for: {}", self.path.display(), listed.join(", ")))
            .help(format!("Add what the CRM calls them:{lines}")))
    }

    /// What to write for a name that has no id.
    fn way_out(&self, kind: &str, name: &str) -> String {
        let known = self.ids.get(kind);
        let near = known.and_then(|known| nearest(name, known.keys().map(String::as_str)));
        let near = near.map(|near| format!("   # there is `{near}`")).unwrap_or_default();
        format!("\n  {name} = \"…\"{near}")
    }

    /// The id of a name. A property that is not mapped has its own name in the CRM too.
    fn id(&self, (kind, name): &Used) -> Option<String> {
        let id = self.ids.get(*kind).and_then(|ids| ids.get(name)).map(|(id, _)| id.clone());
        let is_property = matches!(*kind, "contact" | "company");
        id.or_else(|| is_property.then(|| name.clone()))
    }

    /// What the host reads beside a program: the ids of the names that its flow uses, by kind.
    pub fn mapping(&self, program: &Program) -> String {
        let mut kinds: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        for used in used(program.image()) {
            if let Some(id) = self.id(&used) {
                kinds.entry(used.0).or_default().insert(used.1, json!(id));
            }
        }
        let mapping = json!({
            "version": 1,
            "environment": self.name,
            "flow": program.name(),
            "program": format!("{:016x}", program.content_hash()),
            "ids": kinds,
        });
        // A value of texts and numbers is always written.
        serde_json::to_string_pretty(&mapping).unwrap_or_default() + "\n"
    }
}

fn read_ids(file: &TomlFile<'_>) -> Result<Ids, Trouble> {
    let mut ids = Ids::new();
    for (table, entries) in file.tables()? {
        if !KINDS.contains(&table.key.as_str()) {
            return Err(file.unknown(&table.at, "kind of things called", &table.key, KINDS, "The kinds"));
        }
        let known = ids.entry(table.key.clone()).or_default();
        for entry in entries {
            let id = match entry.value.get_ref() {
                DeValue::String(text) => text.to_string(),
                DeValue::Integer(number) => number.to_string(),
                DeValue::Float(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_)
                | DeValue::Array(_)
                | DeValue::Table(_) => String::new(),
            };
            if id.trim().is_empty() {
                let message = format!("`{}` needs an id: a text or a whole number", entry.key);
                return Err(file.trouble(&entry.value.span(), &message));
            }
            known.insert(entry.key, (id, entry.at));
        }
    }
    Ok(ids)
}

/// The names of a project's environments, in order.
pub fn environments(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root.join(FOLDER)).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let mut names: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    names
}

/// What a flow names that an environment has, each once. Members of teams are the host's to know.
fn used(image: &Image) -> Vec<Used> {
    let string = |at| image.strings.get(at).to_owned();
    let declared = image.objects.iter().filter(|object| object.kind.has_id());
    let objects = declared.map(|object| (object.kind.word(), string(object.name)));
    let inboxes = image.flow.inboxes.iter().map(|inbox| ("inbox", string(inbox.name)));
    let surveys = image.settings.iter().filter_map(|(setting, value)| {
        let SettingValue::Word(name) = value else { return None };
        (*setting == Setting::Survey).then(|| ("survey", string(*name)))
    });
    let properties = image.slots.iter().filter_map(|slot| match slot.scope {
        Scope::Local => None,
        Scope::Contact | Scope::Company => {
            let name = string(slot.name);
            let (scope, name) = name.split_once('.')?;
            Some((if scope == "company" { "company" } else { "contact" }, name.to_owned()))
        }
    });
    let mut all: Vec<Used> = objects.chain(inboxes).chain(surveys).chain(properties).collect();
    all.sort();
    all.dedup();
    all
}
