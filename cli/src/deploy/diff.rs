//! `chatflow diff`: what becomes of the chats that wait in one version when another one comes.

use std::io::Write;
use std::path::Path;

use super::compare::{FlowChange, compare};
use super::report;
use super::version::{Chats, read_version};
use super::waiting::Waiting;
use crate::arguments::DiffArguments;
use crate::streams::Streams;
use crate::trouble::{Ending, Trouble};

/// How `diff` writes what has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum DiffFormat {
    /// For people.
    #[default]
    Human,
    /// A JSON object.
    Json,
    /// The standard of checkers, SARIF 2.1.0: what leaves its place.
    Sarif,
    /// For a pull request.
    Markdown,
}

/// Compares two versions and writes what has changed.
///
/// # Errors
/// If one of them cannot be read or has errors.
pub fn run(arguments: &DiffArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let new = read_version(&arguments.new, Path::new("."), Chats::Come, streams)?;
    let beside = Path::new(&arguments.new);
    let beside = if beside.exists() { beside } else { Path::new(".") };
    let old = read_version(&arguments.old, beside, Chats::Wait, streams)?;
    let mut changes = compare(&old.programs, &new.programs);
    if let Some(path) = &arguments.sessions {
        let waiting = Waiting::read(path)?;
        changes.iter_mut().for_each(|change| waiting.count(change));
    }
    let written = match arguments.message_format {
        DiffFormat::Human => report::human::write(&changes),
        DiffFormat::Json => report::json::write(&changes),
        DiffFormat::Sarif => report::sarif::write(&changes, new.loaded.as_ref()),
        DiffFormat::Markdown => report::markdown::write(&changes),
    };
    streams.out.write_all(written.as_bytes())?;
    Ok(Ending::of(changes.iter().any(FlowChange::loses_chats)))
}
