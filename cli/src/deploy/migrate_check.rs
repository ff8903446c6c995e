//! `chatflow migrate-check`: where recorded chats go on in a new version.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use chatflow_runtime::{Facts, FlowId, PlaceId, Program, Session, State, migrate};
use serde_json::Value;

use super::compare::Goes;
use super::place::places;
use super::report::goes_words;
use super::version::{Chats, Version, read_version};
use super::words::Words;
use crate::arguments::MigrateCheckArguments;
use crate::load::read;
use crate::render::{counted, mask_line};
use crate::streams::Streams;
use crate::trouble::{Ending, Trouble};

/// Puts every recorded chat into the new version and counts where they go on.
///
/// # Errors
/// If a version or a file cannot be read, or a line is no session.
pub fn run(arguments: &MigrateCheckArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let new = read_version(&arguments.new, Path::new("."), Chats::Come, streams)?;
    let old = arguments
        .old
        .as_ref()
        .map(|old| read_version(old, Path::new("."), Chats::Wait, streams))
        .transpose()?;
    let mut named = Named::default();
    for version in old.iter().chain([&new]) {
        named.add(version);
    }
    let mut fates: BTreeMap<Fate, usize> = BTreeMap::new();
    for path in &arguments.sessions {
        for session in sessions(path)? {
            *fates.entry(fate(&new.programs, &named, &session)).or_default() += 1;
        }
    }
    write(&mut streams.out, &fates)?;
    Ok(Ending::of(fates.keys().any(|fate| !fate.goes.is_declared())))
}

/// Where a chat waits and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fate {
    flow: String,
    place: String,
    goes: Goes,
    why: Vec<String>,
}

fn fate(programs: &[Program], named: &Named, session: &Session) -> Fate {
    let flow = session.flow();
    let same = programs.iter().find(|program| program.flow_id() == flow);
    let program =
        same.or_else(|| programs.iter().find(|program| program.was().any(|was| FlowId::of(was) == flow)));
    let place = named.place(session);
    let Some(program) = program else {
        let flow = named.flows.get(&flow).cloned().unwrap_or_else(|| format!("{:016x}", flow.0));
        return Fate { flow, place, goes: Goes::Nowhere, why: Vec::new() };
    };
    let migration = migrate(program, session, Facts::NONE);
    let goes = Goes::to(program, migration.destination);
    let why = migration.why.iter().map(ToString::to_string).collect();
    Fate { flow: program.name().to_owned(), place, goes, why }
}

/// How people call the flows and places of the versions that are at hand.
#[derive(Default)]
struct Named {
    flows: BTreeMap<FlowId, String>,
    places: BTreeMap<PlaceId, String>,
}

impl Named {
    fn add(&mut self, version: &Version) {
        for program in &version.programs {
            self.flows.insert(program.flow_id(), program.name().to_owned());
            let places = places(program, &Words::of(program));
            self.places.extend(places.into_iter().map(|place| (place.id, place.name())));
        }
    }

    /// Where a chat stands: a place that no version at hand has goes by its id.
    fn place(&self, session: &Session) -> String {
        match session.state() {
            State::Agreement => "agreement".to_owned(),
            State::Done(_) => "over".to_owned(),
            State::At(id) => self.places.get(&id).cloned().unwrap_or_else(|| format!("{:016x}", id.0)),
        }
    }
}

/// The sessions of a file, a line each.
fn sessions(path: &Path) -> Result<Vec<Session>, Trouble> {
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| Trouble::at(path, "read", &error))?;
        bytes
    } else {
        read(path)?
    };
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read =
        |(at, line): (usize, &str)| session(line).map_err(|why| wrong_line(path, at + 1, &why)).transpose();
    lines.filter_map(read).collect()
}

/// The session of a line. An object without one is another line of the protocol.
fn session(line: &str) -> Result<Option<Session>, String> {
    let said: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let session = if said.is_object() { said.get("session").cloned() } else { Some(said) };
    session.map(|session| serde_json::from_value(session).map_err(|error| error.to_string())).transpose()
}

fn wrong_line(path: &Path, line: usize, why: &str) -> Trouble {
    Trouble::new(format!("`{}`, line {line}: {why}", path.display()))
        .help("Write a session on each line, as the line protocol does: \"01…\", or {\"session\": \"01…\"}.")
}

fn write(to: &mut dyn Write, fates: &BTreeMap<Fate, usize>) -> std::io::Result<()> {
    let width = fates.keys().map(|fate| mask_line(&fate.place).chars().count()).max().unwrap_or(0);
    let mut flow = None;
    for (fate, count) in fates {
        if flow != Some(&fate.flow) {
            writeln!(to, "flow {}", mask_line(&fate.flow))?;
            flow = Some(&fate.flow);
        }
        let why = if fate.why.is_empty() { String::new() } else { format!(" ({})", fate.why.join("; ")) };
        let place = mask_line(&fate.place);
        writeln!(to, "  {count:>6}  {place:<width$}  {}{}", goes_words(&fate.goes), mask_line(&why))?;
    }
    let all: usize = fates.values().sum();
    let of = |fits: fn(&Goes) -> bool| -> usize {
        fates.iter().filter(|(fate, _)| fits(&fate.goes)).map(|(_, count)| count).sum()
    };
    let (stay, lost) = (of(|goes| *goes == Goes::Stays), of(|goes| !goes.is_declared()));
    let moved = all - stay - lost;
    writeln!(
        to,
        "{}: {stay} stay, {moved} go where they are sent, {lost} lose their place",
        counted(all, "chat")
    )
}
