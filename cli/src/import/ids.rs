//! The ids of an environment, `env/NAME.toml`: names that it has already stay with their ids, and what is new is added below them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::environment::{FOLDER, read_ids};
use crate::import::write::Declared;
use crate::load::{self, MARKER};
use crate::quote::newline;
use crate::toml_file::TomlFile;
use crate::trouble::Trouble;

/// The ids of an environment; none where no environment is named.
#[derive(Debug, Default)]
pub struct Ids {
    /// By kind and id, the name in flows.
    names: BTreeMap<(String, String), String>,
    /// Where they stand.
    file: Option<PathBuf>,
    text: String,
}

/// A kind, a name, and the id of it.
type Entry = (&'static str, String, String);

impl Ids {
    /// Those of an environment of the project that a workspace file is in. The file need not be there yet.
    ///
    /// # Errors
    /// If it cannot be read, or the name cannot be that of a file.
    pub fn read(environment: &str, workspace: &Path) -> Result<Ids, Trouble> {
        let plain = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_');
        if environment.is_empty() || !environment.chars().all(plain) {
            return Err(Trouble::new(format!("`{environment}` cannot be the name of an environment"))
                .help("It is the name of a file: letters, digits, `-` and `_`, like --env production"));
        }
        let path = project_of(workspace).join(FOLDER).join(format!("{environment}.toml"));
        if !path.exists() {
            return Ok(Ids { file: Some(path), ..Ids::default() });
        }
        let text = String::from_utf8(load::read(&path)?)
            .map_err(|_| Trouble::new(format!("`{}` is not UTF-8", path.display())))?;
        let (_, ids) = read_ids(&TomlFile { path: &path, text: &text })?;
        let mut names = BTreeMap::new();
        for (kind, ids) in ids {
            for (name, (id, _)) in ids {
                names.entry((kind.clone(), id)).or_insert(name);
            }
        }
        Ok(Ids { names, file: Some(path), text })
    }

    /// The name in flows of what has this id.
    pub fn name_of(&self, kind: &str, id: &str) -> Option<&str> {
        self.names.get(&(kind.to_owned(), id.to_owned())).map(String::as_str)
    }

    /// The names of a kind, which stay with their ids.
    pub fn names(&self, kind: &str) -> impl Iterator<Item = &String> {
        self.names.iter().filter(move |((other, _), _)| other == kind).map(|(_, name)| name)
    }

    /// Whether an environment was named.
    pub fn is_kept(&self) -> bool {
        self.file.is_some()
    }

    /// Adds the ids of what was declared, and says what was done; nothing where no environment is named.
    ///
    /// # Errors
    /// If the file cannot be written, or is laid out so that nothing can be added to it.
    pub fn add(&self, entries: &[Entry]) -> Result<Option<String>, Trouble> {
        let Some(path) = &self.file else { return Ok(None) };
        let shown = path.display();
        let is_new = |(kind, _, id): &&Entry| self.name_of(kind, id).is_none();
        let new: Vec<&Entry> = entries.iter().filter(is_new).collect();
        if new.is_empty() {
            return Ok(Some(format!("{shown}: no new ids")));
        }
        let text = self.with(&new)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| Trouble::at(folder, "write", &error))?;
        }
        fs::write(path, text).map_err(|error| Trouble::at(path, "write", &error))?;
        Ok(Some(format!("{shown}: {}", crate::render::counted(new.len(), "new id"))))
    }

    /// The file's text with more entries: each below the others of its table, in a table of its own where there is none.
    fn with(&self, new: &[&Entry]) -> Result<String, Trouble> {
        let path = self.file.as_deref().unwrap_or(Path::new(""));
        let newline = newline(&self.text);
        let file = TomlFile { path, text: &self.text };
        let mut by_kind: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (kind, name, id) in new {
            by_kind.entry(kind).or_default().push(format!("{} = {}", key(name), Value::from(id.as_str())));
        }
        let mut inserted: Vec<(usize, String)> = Vec::new();
        for (table, entries) in file.tables()? {
            if let Some(lines) = by_kind.remove(table.key.as_str()) {
                let last = entries.last().map_or(table.at.end, |entry| entry.value.span().end);
                let rest = self.text.get(last..).unwrap_or_default();
                let at = last + rest.find('\n').map_or(rest.len(), |end| end + 1);
                let before =
                    if self.text.get(..at).is_some_and(|text| text.ends_with('\n')) { "" } else { newline };
                inserted.push((at, format!("{before}{}{newline}", lines.join(newline))));
            }
        }
        inserted.sort();
        let mut text = self.text.clone();
        for (at, lines) in inserted.iter().rev() {
            text.insert_str(*at, lines);
        }
        for (kind, lines) in by_kind {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push_str(newline);
            }
            if !text.is_empty() {
                text.push_str(newline);
            }
            text.push_str(&format!("[{kind}]{newline}{}{newline}", lines.join(newline)));
        }
        // A table that does not stand under a heading of its own takes no lines below it.
        let stands = read_ids(&TomlFile { path, text: &text }).is_ok_and(|(_, ids)| {
            let id = |(kind, name, _): &&Entry| ids.get(*kind)?.get(name).map(|(id, _)| id.clone());
            new.iter().all(|entry| id(entry).as_ref() == Some(&entry.2))
        });
        match stands {
            true => Ok(text),
            false => Err(Trouble::new(format!(
                "nothing can be added to `{}` as it is laid out",
                path.display()
            ))
            .help("Give each kind a heading in brackets, like [team], with a line for each name below it.")),
        }
    }
}

/// The ids of what an import declares. A property that flows call as the CRM does needs none.
pub fn entries(declared: &Declared) -> Vec<Entry> {
    let properties = declared.properties.iter().flat_map(|(object, properties)| {
        let renamed = properties.iter().filter(|property| property.name != property.id);
        renamed.map(|property| (object.word(), property.name.clone(), property.id.clone()))
    });
    let users = declared.users.iter().map(|user| ("user", user.name.clone(), user.id.clone()));
    let teams = declared.teams.iter().map(|team| ("team", team.name.clone(), team.id.clone()));
    let meetings =
        declared.meetings.iter().map(|meeting| ("meeting", meeting.name.clone(), meeting.id.clone()));
    properties.chain(users).chain(teams).chain(meetings).collect()
}

/// A key of TOML: bare where its letters allow it.
fn key(name: &str) -> String {
    let bare = name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    if bare { name.to_owned() } else { Value::from(name).to_string() }
}

/// The folder of the project that a file is in, or would be in, as it can be opened from here.
fn project_of(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut above =
        folder.ancestors().map(|above| if above.as_os_str().is_empty() { Path::new(".") } else { above });
    let there = above.find_map(|above| fs::canonicalize(above).ok());
    let marked = there.as_deref().and_then(|there| load::nearest(there, MARKER));
    marked.map_or_else(|| folder.to_owned(), load::shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Ids {
        Ids { file: Some(PathBuf::from("env/x.toml")), text: text.to_owned(), ..Ids::default() }
    }

    fn with(text: &str) -> Result<String, String> {
        let entries: [Entry; 3] = [
            ("team", "sales".to_owned(), "178588".to_owned()),
            ("user", "zoë".to_owned(), "4\"1".to_owned()),
            ("user", "ada".to_owned(), "42".to_owned()),
        ];
        ids(text).with(&entries.iter().collect::<Vec<_>>()).map_err(|trouble| trouble.to_string())
    }

    #[test]
    fn what_is_new_stands_below_what_is_there() {
        let fresh = "[team]\nsales = \"178588\"\n\n[user]\n\"zoë\" = \"4\\\"1\"\nada = \"42\"\n";
        assert_eq!(with("").unwrap(), fresh);
        let text = "# ours\n[user]\nbo = 7 # since May\n\n# the rest\n[inbox]\nsales = \"11\"";
        let expected = "# ours\n[user]\nbo = 7 # since May\n\"zoë\" = \"4\\\"1\"\nada = \"42\"\n\n# the rest\n[inbox]\nsales = \"11\"\n\n[team]\nsales = \"178588\"\n";
        assert_eq!(with(text).unwrap(), expected);
        assert_eq!(
            with("[user]").unwrap(),
            "[user]\n\"zoë\" = \"4\\\"1\"\nada = \"42\"\n\n[team]\nsales = \"178588\"\n"
        );
        assert!(with("[user]\r\n").unwrap().contains("\r\nada = \"42\"\r\n"));
    }

    #[test]
    fn a_layout_that_takes_no_lines_is_left_alone() {
        assert!(with("user = { bo = 7 }\n").unwrap_err().contains("Give each kind a heading"));
    }
}
