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

use chatflow_compiler::file::File;
use chatflow_compiler::source::Span;
use chatflow_compiler::{Checked, Code, Diagnostic, Project, declared_names, nearest};
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
pub struct Environment<'f> {
    /// Its name.
    pub name: String,
    file: &'f File,
    tables: Tables,
    ids: Ids,
}

/// The tables, each with the place of its name.
type Tables = BTreeMap<String, Range<usize>>;

/// The ids by kind and name, each with the place of the name in the file.
type Ids = BTreeMap<String, BTreeMap<String, (String, Range<usize>)>>;

/// A kind and a name that a flow uses.
type Used = (&'static str, String);

/// What is wrong with the environments of a whole project: files that mean nothing, names that no workspace declares, and names
/// that a flow uses and an environment has no id for.
pub fn findings(project: &Project, checked: &Checked) -> Vec<Diagnostic> {
    let images = || checked.flows.iter().filter_map(|flow| flow.image.as_ref());
    let mut found = Vec::new();
    for file in project.files.iter().filter(|file| file.is_settings()) {
        match Environment::of(file) {
            Ok(environment) => {
                found.extend(environment.undeclared(project));
                found.extend(environment.missing(images()));
            }
            Err(finding) => found.push(*finding),
        }
    }
    found
}

impl<'f> Environment<'f> {
    /// The file of the environment of this name.
    ///
    /// # Errors
    /// If there is none; it would stand in the folder that people call `shown`.
    pub fn file(project: &'f Project, shown: &Path, name: &str) -> Result<&'f File, Trouble> {
        let files = || project.files.iter().filter(|file| file.is_settings());
        if let Some(file) = files().find(|file| name_of(file) == name) {
            return Ok(file);
        }
        let known: Vec<&str> = files().map(name_of).collect();
        let near = nearest(name, known.iter().copied());
        let listed = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let file = shown.join(FOLDER).join(format!("{name}.toml"));
        Err(Trouble::new(format!("there is no environment `{name}`")).help(match (near, known.as_slice()) {
            (Some(near), _) => format!("Did you mean `{near}`?"),
            (None, []) => format!("An environment is a file: write its ids into {}", file.display()),
            (None, _) => format!("The environments: {listed}."),
        }))
    }

    /// What a file says.
    ///
    /// # Errors
    /// If it says something that means nothing.
    pub fn of(file: &'f File) -> Result<Environment<'f>, Box<Diagnostic>> {
        if let Some(at) = file.source.invalid_utf8 {
            let span = Span { file: file.id, start: at, end: at };
            let message = "this file is not UTF-8";
            return Err(Box::new(Diagnostic::new(Code::InvalidUtf8, span, message).here("from here on")));
        }
        let path = Path::new(&file.source.path);
        let toml = TomlFile { path, text: &file.source.text };
        let (tables, ids) = read_ids(&toml).map_err(|trouble| {
            // What is wrong with a text of TOML has a place in it.
            let whole = Span { file: file.id, start: 0, end: 0 };
            let other = || Diagnostic::new(Code::BrokenSettings, whole, trouble.to_string());
            Box::new(trouble.finding(file.id).unwrap_or_else(other))
        })?;
        Ok(Environment { name: name_of(file).to_owned(), file, tables, ids })
    }

    /// The names that no workspace of the project declares, in the order of the file.
    pub fn undeclared(&self, project: &Project) -> Vec<Diagnostic> {
        let declared = declared_names(project);
        let mut found = Vec::new();
        for (kind, ids) in &self.ids {
            let known = || declared.keys().filter(|(other, _)| other == kind).map(|(_, name)| name.as_str());
            for (name, (_, at)) in ids.iter().filter(|(name, _)| !known().any(|known| known == *name)) {
                let message = format!("no workspace declares the {}", called(kind, name));
                let help = match nearest(name, known()) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => "Declare it in the workspace file, or delete the line.".to_owned(),
                };
                let finding = Diagnostic::new(Code::UndeclaredId, self.span(at), message);
                let thing = if matches!(kind.as_str(), "contact" | "company") { "property" } else { kind };
                found.push(finding.here(format!("unknown {thing}")).help(help));
            }
        }
        found.sort_by_key(|found: &Diagnostic| found.primary.span.start);
        found
    }

    /// What flows use that has no id here: each at its table, or at the beginning of the file.
    pub fn missing<'i>(&self, images: impl Iterator<Item = &'i Image>) -> Vec<Diagnostic> {
        let mut missing: Vec<Used> = images.flat_map(used).filter(|used| self.id(used).is_none()).collect();
        missing.sort();
        missing.dedup();
        missing.iter().map(|(kind, name)| self.without(kind, name)).collect()
    }

    fn without(&self, kind: &str, name: &str) -> Diagnostic {
        let message = format!("`{}` has no id for the {}", self.name, called(kind, name));
        let at = self.tables.get(kind).cloned().unwrap_or(0..0);
        let line = format!("{name} = \"…\"");
        let help = match self.tables.contains_key(kind) {
            true => format!("Add what the CRM calls it: {line}"),
            false => format!("Add what the CRM calls it, below a line [{kind}]: {line}"),
        };
        let near = self.ids.get(kind).and_then(|known| nearest(name, known.keys().map(String::as_str)));
        let near = near.map(|near| format!("; there is `{near}`")).unwrap_or_default();
        let help = format!("{help}{near}.");
        Diagnostic::new(Code::MissingId, self.span(&at), message)
            .here(format!("`{name}` is not here"))
            .help(help)
    }

    fn span(&self, at: &Range<usize>) -> Span {
        Span { file: self.file.id, start: at.start as u32, end: at.end as u32 }
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

/// What a name is called: "team `sales`", "contact property `stage`".
fn called(kind: &str, name: &str) -> String {
    let what = if matches!(kind, "contact" | "company") { " property" } else { "" };
    format!("{kind}{what} `{name}`")
}

/// The tables of an environment's text, each with its place, and the ids in them.
pub(crate) fn read_ids(file: &TomlFile<'_>) -> Result<(Tables, Ids), Trouble> {
    let mut tables = Tables::new();
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
        tables.insert(table.key, table.at);
    }
    Ok((tables, ids))
}

/// The files of a project's environments, in order.
pub(crate) fn files(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root.join(FOLDER)).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let mut files: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml") && path.is_file())
        .collect();
    files.sort();
    files
}

/// The name of the environment that a file is.
fn name_of(file: &File) -> &str {
    let path = file.source.path.as_str();
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.rsplit_once('.').map_or(name, |(name, _)| name)
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
