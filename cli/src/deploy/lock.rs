//! `chatflow.lock`: the places of the flows that are deployed, as a text that is committed. A change that would move
//! waiting chats shows in it, before it is deployed and without the programs that chats wait in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chatflow_runtime::{PlaceId, Program, ReplyId, TypeKind};

use super::place::{Place, places};
use super::words::Words;
use crate::load::{read, shown};
use crate::toml_file::{TomlFile, as_texts};
use crate::trouble::Trouble;

/// The lock's name, in a project's folder.
pub const LOCK: &str = "chatflow.lock";

/// What stands before the number of a place whose kind and step others have too.
pub(super) const NUMBER: &str = " #";

const HEAD: &str = "\
# The places where chats of the deployed flows wait. `chatflow build --update-lock` writes it, and
# `chatflow check --locked` says where a change would throw them out. Commit it.
";

/// The places of flows, by the flows' names; the places by their own.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Sorted.
    pub flows: BTreeMap<String, BTreeMap<String, Locked>>,
}

/// A place, as chats that wait there know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// Its id.
    pub id: PlaceId,
    /// What is asked.
    pub asks: Option<String>,
    /// What the answer is read as.
    pub kind: Option<TypeKind>,
    /// The replies that are shown.
    pub replies: Vec<(ReplyId, String)>,
    /// What is known there.
    pub knows: Vec<(String, TypeKind)>,
}

impl Lock {
    /// The places of these programs.
    pub fn of(programs: &[Program]) -> Lock {
        let flow =
            |program: &Program| (program.name().to_owned(), locked(places(program, &Words::of(program))));
        Lock { flows: programs.iter().map(flow).collect() }
    }

    /// The lock of a project.
    ///
    /// # Errors
    /// If there is none, or it cannot be read.
    pub fn read(root: &Path) -> Result<Lock, Trouble> {
        let path = path(root);
        if !path.exists() {
            return Err(Trouble::new(format!("there is no `{}`", path.display()))
                .help("`chatflow build --update-lock` writes it."));
        }
        let bytes = read(&path)?;
        let text = String::from_utf8_lossy(&bytes);
        parse(&TomlFile { path: &path, text: &text })
    }

    /// Writes the lock of a project.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, root: &Path) -> Result<PathBuf, Trouble> {
        let path = path(root);
        fs::write(&path, self.text()).map_err(|error| Trouble::at(&path, "write", &error))?;
        Ok(path)
    }

    /// The lock as a text: TOML, sorted.
    pub fn text(&self) -> String {
        let mut out = HEAD.to_owned();
        for (flow, places) in &self.flows {
            out += &format!("\n[{}]\n", quoted(flow));
            for (name, place) in places {
                let lines: Vec<String> =
                    lines(place).iter().map(|line| format!("  {},\n", quoted(line))).collect();
                out += &format!("{} = [\n{}]\n", quoted(name), lines.concat());
            }
        }
        out
    }
}

fn path(root: &Path) -> PathBuf {
    shown(root).join(LOCK)
}

/// Places by their names; those of one kind in a step with their numbers, as their ids have them.
fn locked(places: Vec<Place>) -> BTreeMap<String, Locked> {
    let mut named = BTreeMap::new();
    for place in places {
        let name = place.name();
        let count = (2..).map(|nth| format!("{name}{NUMBER}{nth}"));
        let free = std::iter::once(name.clone()).chain(count).find(|name| !named.contains_key(name));
        let Place { id, text, kind, replies, known, .. } = place;
        named.insert(free.unwrap_or(name), Locked { id, asks: text, kind, replies, knows: known });
    }
    named
}

/// What stands in the lock of a place, a text each.
fn lines(place: &Locked) -> Vec<String> {
    let mut lines = vec![format!("id {:016x}", place.id.0)];
    lines.extend(place.asks.iter().map(|text| format!("asks {text}")));
    lines.extend(place.kind.map(|kind| format!("answer {}", kind.word())));
    lines.extend(place.replies.iter().map(|(id, label)| format!("reply {:08x} {label}", id.0)));
    lines.extend(place.knows.iter().map(|(name, kind)| format!("knows {name} {}", kind.word())));
    lines
}

fn parse(file: &TomlFile<'_>) -> Result<Lock, Trouble> {
    let mut lock = Lock::default();
    for (flow, entries) in file.tables()? {
        let mut places = BTreeMap::new();
        for entry in entries {
            let texts = as_texts(entry.value.get_ref());
            let texts = texts.ok_or_else(|| file.trouble(&entry.at, "a place is a list of texts"))?;
            let mut place =
                Locked { id: PlaceId(0), asks: None, kind: None, replies: Vec::new(), knows: Vec::new() };
            for (text, at) in texts {
                let understood = take(&mut place, &text);
                understood.ok_or_else(|| {
                    file.trouble(&at, &format!("`{text}` says nothing of a place"))
                        .help("`chatflow build --update-lock` writes the file anew.")
                })?;
            }
            places.insert(entry.key, place);
        }
        lock.flows.insert(flow.key, places);
    }
    Ok(lock)
}

/// Takes a text of the lock into a place.
fn take(place: &mut Locked, text: &str) -> Option<()> {
    let (word, rest) = text.split_once(' ')?;
    let kind = |word: &str| TypeKind::ALL.iter().copied().find(|kind| kind.word() == word);
    match word {
        "id" => place.id = PlaceId(u64::from_str_radix(rest, 16).ok()?),
        "asks" => place.asks = Some(rest.to_owned()),
        "answer" => place.kind = Some(kind(rest)?),
        "reply" => {
            let (id, label) = rest.split_once(' ')?;
            place.replies.push((ReplyId(u32::from_str_radix(id, 16).ok()?), label.to_owned()));
        }
        "knows" => {
            let (name, word) = rest.rsplit_once(' ')?;
            place.knows.push((name.to_owned(), kind(word)?));
        }
        _ => return None,
    }
    Some(())
}

/// A text as TOML writes it. JSON writes it alike, but for one character.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default().replace('\u{7f}', "\\u007F")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_comes_back() {
        let place = Locked {
            id: PlaceId(7),
            asks: Some("What \"now\"?\n\u{7f}{name}".to_owned()),
            kind: Some(TypeKind::OneOf),
            replies: vec![(ReplyId(9), "See a demo".to_owned())],
            knows: vec![("contact.email".to_owned(), TypeKind::Email)],
        };
        let places = BTreeMap::from([("need: ask".to_owned(), place)]);
        let lock = Lock { flows: BTreeMap::from([("ünï".to_owned(), places)]) };
        let text = lock.text();
        assert_eq!(parse(&TomlFile { path: Path::new(LOCK), text: &text }).unwrap(), lock, "{text}");
    }
}
