//! TOML files with the place of every key, so that a slip is pointed at.

use std::ops::Range;
use std::path::Path;

use chatflow_compiler::{nearest, suggestion};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::trouble::Trouble;

/// A file's text and how people know it.
pub struct TomlFile<'t> {
    /// Its path, as it can be opened from where the command runs.
    pub path: &'t Path,
    /// Its text.
    pub text: &'t str,
}

/// A key with its value.
pub struct Entry<'t> {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub at: Range<usize>,
    /// The value.
    pub value: Spanned<DeValue<'t>>,
}

impl<'t> TomlFile<'t> {
    /// Its tables, in the order of the text, each with its entries.
    pub fn tables(&self) -> Result<Vec<(Entry<'t>, Vec<Entry<'t>>)>, Trouble> {
        let document = DeTable::parse(self.text).map_err(|error| {
            let at = error.span().unwrap_or(0..0);
            self.trouble(&at, error.message().lines().next().unwrap_or("this is not TOML"))
        })?;
        let tables = entries(document.into_inner()).into_iter().map(|entry| match entry.value.get_ref() {
            DeValue::Table(table) => {
                let inner = entries(table.clone());
                Ok((entry, inner))
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => {
                let message = format!("the key `{}` stands outside of a table", entry.key);
                Err(self.trouble(&entry.at, &message).help("Write a table's name in brackets above it."))
            }
        });
        tables.collect()
    }

    /// What is wrong at a place.
    pub fn trouble(&self, at: &Range<usize>, message: &str) -> Trouble {
        Trouble::in_file(self.path, self.text, at, message)
    }

    /// What to say of a key that there is not.
    pub fn unknown(&self, at: &Range<usize>, what: &str, key: &str, known: &[&str], all: &str) -> Trouble {
        let trouble = self.trouble(at, &format!("there is no {what} `{key}`"));
        match nearest(key, known.iter().copied()) {
            Some(near) => trouble.help(format!("Did you mean `{near}`?")),
            None => {
                let listed = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let help = suggestion(key, known.iter().copied(), all);
                trouble.help(help.unwrap_or_else(|| format!("{all}: {listed}.")))
            }
        }
    }
}

fn entries<'t>(table: DeTable<'t>) -> Vec<Entry<'t>> {
    let entry = |(key, value): (Spanned<std::borrow::Cow<'t, str>>, Spanned<DeValue<'t>>)| Entry {
        at: key.span(),
        key: key.into_inner().into_owned(),
        value,
    };
    let mut entries: Vec<Entry<'t>> = table.into_iter().map(entry).collect();
    entries.sort_by_key(|entry| entry.at.start);
    entries
}

/// The text that a value is.
pub fn as_text(value: &DeValue<'_>) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// The texts that a value lists.
pub fn as_texts(value: &DeValue<'_>) -> Option<Vec<(String, Range<usize>)>> {
    let items = value.as_array()?.iter();
    items.map(|item| Some((as_text(item.get_ref())?, item.span()))).collect()
}
