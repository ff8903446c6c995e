//! `chatflow.toml`: what holds for a whole project. The nearest one above counts; every key is optional, and a key that
//! there is not is an error.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use chatflow_compiler::Code;
use serde_json::{Map, Value, json};
use toml::de::DeValue;

use crate::levels::{Level, Levels, Lint};
use crate::toml_file::{Entry, TomlFile, as_text, as_texts};
use crate::trouble::Trouble;

/// What a project's `chatflow.toml` says.
#[derive(Debug, Default)]
pub struct Config {
    /// The project's name.
    pub name: Option<String>,
    /// Paths that are not part of it.
    pub exclude: Vec<String>,
    /// How much each warning counts.
    pub levels: Levels,
    /// How many tests run at once.
    pub jobs: Option<NonZeroUsize>,
    /// Where programs go, from the project's folder.
    pub out: Option<PathBuf>,
    /// Whether programs leave out what is only needed to debug.
    pub strip: bool,
    /// The environment that programs are built for.
    pub environment: Option<String>,
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Text,
    Texts,
    Flag,
    Count,
    /// How much a warning counts.
    Level,
}

impl Takes {
    fn words(self) -> &'static str {
        match self {
            Takes::Text => "a text: \"…\"",
            Takes::Texts => "a list of texts: [\"…\"]",
            Takes::Flag => "`true` or `false`",
            Takes::Count => "a whole number from 1",
            Takes::Level => "a level: \"allow\", \"warn\" or \"deny\"",
        }
    }

    fn schema(self) -> Value {
        match self {
            Takes::Text => json!({"type": "string"}),
            Takes::Texts => json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true}),
            Takes::Flag => json!({"type": "boolean"}),
            Takes::Count => json!({"type": "integer", "minimum": 1}),
            Takes::Level => json!({"enum": Level::ALL.map(|(_, word)| word)}),
        }
    }
}

/// A key: its table, its name, what it takes, what it is for.
type Key = (&'static str, &'static str, Takes, &'static str);

/// Every key but those of `[lints]`.
const KEYS: &[Key] = &[
    ("project", "name", Takes::Text, "The project's name."),
    (
        "project",
        "exclude",
        Takes::Texts,
        "Files and folders that are not part of the project, from its folder; `*` stands for any part of a name, `**` for any folders.",
    ),
    ("test", "jobs", Takes::Count, "How many tests run at once."),
    ("build", "out", Takes::Text, "The folder where programs go, from the project's folder."),
    ("build", "strip", Takes::Flag, "Whether programs leave out what is only needed to debug."),
    (
        "build",
        "environment",
        Takes::Text,
        "The environment that programs are built for: the name of a file in `env`.",
    ),
];

/// Every key.
fn keys() -> impl Iterator<Item = Key> {
    let lints = Lint::names().map(|name| {
        let about = Code::named(name).map_or("Every warning of which nothing else is said.", Code::title);
        ("lints", name, Takes::Level, about)
    });
    KEYS.iter().copied().chain(lints)
}

/// The tables, each once.
fn tables() -> Vec<&'static str> {
    let mut tables: Vec<&str> = keys().map(|(table, ..)| table).collect();
    tables.dedup();
    tables
}

/// The JSON Schema of the file, which editors complete and check it by.
pub fn schema() -> Value {
    let table = |table: &&'static str| {
        let properties: Map<String, Value> = keys()
            .filter(|(of, ..)| of == table)
            .map(|(_, key, takes, about)| {
                let mut schema = takes.schema();
                if let Some(fields) = schema.as_object_mut() {
                    fields.insert("description".to_owned(), json!(about));
                }
                (key.to_owned(), schema)
            })
            .collect();
        let schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
        ((*table).to_owned(), schema)
    };
    let properties: Map<String, Value> = tables().iter().map(table).collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "chatflow.toml",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

impl Config {
    /// Reads the file at `path`, which messages call `shown`.
    ///
    /// # Errors
    /// If it cannot be read, or says something that means nothing.
    pub fn read(path: &Path, shown: &Path) -> Result<Config, Trouble> {
        let text = fs::read_to_string(path).map_err(|error| Trouble::at(shown, "read", &error))?;
        let file = TomlFile { path: shown, text: &text };
        let mut config = Config::default();
        for (table, entries) in file.tables()? {
            if !tables().contains(&table.key.as_str()) {
                return Err(file.unknown(&table.at, "table", &table.key, &tables(), "The tables"));
            }
            for entry in &entries {
                config.take(&file, &table.key, entry)?;
            }
        }
        Ok(config)
    }

    fn take(&mut self, file: &TomlFile<'_>, table: &str, entry: &Entry<'_>) -> Result<(), Trouble> {
        let keys: Vec<Key> = keys().filter(|(of, ..)| *of == table).collect();
        let Some((_, key, takes, _)) = keys.iter().copied().find(|(_, key, ..)| *key == entry.key) else {
            if let ("lints", Err((message, help))) = (table, Lint::named(&entry.key)) {
                return Err(file.trouble(&entry.at, &message).help(help));
            }
            let known: Vec<&str> = keys.iter().map(|(_, key, ..)| *key).collect();
            let what = format!("key in [{table}] called");
            return Err(file.unknown(
                &entry.at,
                &what,
                &entry.key,
                &known,
                &format!("The keys of [{table}]"),
            ));
        };
        let value = entry.value.get_ref();
        let wrong = || {
            let message = format!("`{key}` takes {}", takes.words());
            file.trouble(&entry.value.span(), &message)
        };
        match (table, key) {
            ("project", "name") => self.name = Some(as_text(value).ok_or_else(wrong)?),
            ("project", "exclude") => {
                let paths = as_texts(value).ok_or_else(wrong)?;
                self.exclude = paths.into_iter().map(|(path, _)| path).collect();
            }
            ("lints", name) => {
                let level = as_text(value).and_then(|word| Level::named(&word)).ok_or_else(wrong)?;
                if let Ok(lint) = Lint::named(name) {
                    self.levels.set(lint, level);
                }
            }
            ("test", "jobs") => self.jobs = Some(count(value).ok_or_else(wrong)?),
            ("build", "out") => self.out = Some(PathBuf::from(as_text(value).ok_or_else(wrong)?)),
            ("build", "strip") => self.strip = value.as_bool().ok_or_else(wrong)?,
            ("build", "environment") => self.environment = Some(as_text(value).ok_or_else(wrong)?),
            // A key of the table above that is not read here; a test sees that there is none.
            _ => return Err(wrong()),
        }
        Ok(())
    }

    /// Whether a path, from the project's folder, is no part of the project.
    pub fn excludes(&self, path: &Path) -> bool {
        let parts: Vec<String> =
            path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let fits = |pattern: &String| {
            let pattern: Vec<&str> =
                pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
            !pattern.is_empty() && path_fits(&pattern, &parts)
        };
        self.exclude.iter().any(fits)
    }
}

fn count(value: &DeValue<'_>) -> Option<NonZeroUsize> {
    let number = value.as_integer()?;
    usize::from_str_radix(number.as_str(), number.radix()).ok().and_then(NonZeroUsize::new)
}

/// Whether a path is, or is below, what a pattern names.
fn path_fits(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], _) => true,
        (["**", rest @ ..], _) => {
            path_fits(rest, path) || path.split_first().is_some_and(|(_, below)| path_fits(pattern, below))
        }
        ([first, rest @ ..], [name, below @ ..]) => name_fits(first, name) && path_fits(rest, below),
        ([_, ..], []) => false,
    }
}

/// Whether a name fits a pattern in which `*` is any part of a name.
fn name_fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, rest)) => name.strip_prefix(head).is_some_and(|tail| {
            tail.char_indices()
                .map(|(at, _)| at)
                .chain([tail.len()])
                .any(|at| tail.get(at..).is_some_and(|tail| name_fits(rest, tail)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_excluded_with_what_is_below_them() {
        let excludes = |pattern: &str, path: &str| {
            Config { exclude: vec![pattern.to_owned()], ..Config::default() }.excludes(Path::new(path))
        };
        assert!(excludes("drafts", "drafts/a/b.flow"));
        assert!(excludes("./drafts/", "drafts/b.flow"));
        assert!(!excludes("drafts", "bots/drafts/b.flow"));
        assert!(excludes("**/drafts", "bots/drafts/b.flow"));
        assert!(excludes("old-*.flow", "old-bot.flow"));
        assert!(excludes("bots/*/x.flow", "bots/a/x.flow"));
        assert!(!excludes("bots/*/x.flow", "bots/a/b/x.flow"));
        assert!(excludes("**/*_old*.flow", "a/b/c_old_2.flow"));
        assert!(!excludes("", "a.flow"));
    }

    /// A value that a key takes.
    fn sample(takes: Takes) -> &'static str {
        match takes {
            Takes::Text => "\"x\"",
            Takes::Texts => "[\"x\"]",
            Takes::Flag => "true",
            Takes::Count => "2",
            Takes::Level => "\"deny\"",
        }
    }

    fn read(text: &str) -> Result<Config, Trouble> {
        let file = TomlFile { path: Path::new("chatflow.toml"), text };
        let mut config = Config::default();
        for (table, entries) in file.tables()? {
            for entry in &entries {
                config.take(&file, &table.key, entry)?;
            }
        }
        Ok(config)
    }

    #[test]
    fn every_key_of_the_schema_is_read_and_no_other() {
        let schema = schema();
        let mut seen = 0;
        for (table, inner) in schema["properties"].as_object().unwrap() {
            assert_eq!(inner["additionalProperties"], false);
            for key in inner["properties"].as_object().unwrap().keys() {
                let (.., takes, _) = keys().find(|(of, name, ..)| of == table && name == key).unwrap();
                let text = format!("[{table}]\n{key} = {}\n", sample(takes));
                read(&text).unwrap_or_else(|trouble| panic!("{text}: {trouble}"));
                let wrong = format!("[{table}]\n{key} = 1.5\n");
                let trouble = read(&wrong).unwrap_err().to_string();
                assert!(
                    trouble.contains(&format!("chatflow.toml:2:{}: `{key}` takes", key.len() + 4)),
                    "{trouble}"
                );
                seen += 1;
            }
            assert!(read(&format!("[{table}]\nnonsense = 1\n")).is_err());
        }
        assert_eq!(seen, keys().count());
    }
}
