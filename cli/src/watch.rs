//! `--watch`: does a command again whenever a file of the project changes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use chatflow_compiler::catalogue::ENDING;
use notify::event::{CreateKind, ModifyKind, RemoveKind};
use notify::{Event, EventKind, RecursiveMode, Watcher};

use crate::load::{FLOW, folder_of, is_passed_over, load};
use crate::streams::Streams;
use crate::style::DIM;
use crate::trouble::{Ending, Trouble};

/// An editor writes a file in several steps: so long nothing may happen before the command looks.
const QUIET: Duration = Duration::from_millis(100);

/// Whoever changes files all the time is looked at all the same, so often.
const PATIENCE: Duration = Duration::from_secs(1);

/// Does `once`, and again after each change below the project of `path`, until the process is ended.
///
/// # Errors
/// If the folder cannot be watched. Other troubles are shown and waited out: the next change may mend them.
pub fn again_and_again(
    path: &Path,
    streams: &mut Streams,
    mut once: impl FnMut(&mut Streams) -> Result<Ending, Trouble>,
) -> Result<Ending, Trouble> {
    // What a flow uses may stand in a folder above it.
    let folder = load(path).map(|loaded| loaded.root).or_else(|_| folder_of(path))?;
    let (send, changes) = mpsc::channel();
    let trouble =
        |error: &notify::Error| Trouble::new(format!("cannot watch `{}`: {error}", folder.display()));
    let mut watcher = notify::recommended_watcher(send).map_err(|error| trouble(&error))?;
    watcher.watch(&folder, RecursiveMode::Recursive).map_err(|error| trouble(&error))?;
    loop {
        match once(streams) {
            Ok(_) => {}
            Err(trouble) if trouble.is_silent() => return Err(trouble),
            Err(trouble) => writeln!(streams.err, "{trouble}")?,
        }
        streams.out.flush()?;
        writeln!(streams.err, "{DIM}waiting for changes; Ctrl-C ends this{DIM:#}")?;
        streams.err.flush()?;
        if next(&folder, &changes).is_none() {
            return Ok(Ending::Fine);
        }
    }
}

/// Waits for a change that matters, and for the quiet after it. Nothing, if no change can come any more.
fn next(folder: &Path, changes: &Receiver<notify::Result<Event>>) -> Option<()> {
    loop {
        if matters(folder, &changes.recv().ok()?) {
            break;
        }
    }
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        match changes.recv_timeout(QUIET) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    Some(())
}

/// Whether a change is one of flows or of what is said about them. What the command itself writes and reads is none.
fn matters(folder: &Path, event: &notify::Result<Event>) -> bool {
    // Changes were lost: better to look once too often.
    let Ok(event) = event else { return true };
    // A folder that comes or goes may do so with flows in it.
    let folders = matches!(
        event.kind,
        EventKind::Create(CreateKind::Folder)
            | EventKind::Remove(RemoveKind::Folder)
            | EventKind::Modify(ModifyKind::Name(_))
    );
    let is_source = |path: &Path| {
        path.extension().is_some_and(|ending| ending == FLOW || ending == ENDING || ending == "toml")
    };
    let seen = |path: &&PathBuf| {
        let below = path.strip_prefix(folder).unwrap_or(path);
        !below.iter().any(|part| is_passed_over(&part.to_string_lossy()))
    };
    !matches!(event.kind, EventKind::Access(_))
        && event.paths.iter().filter(seen).any(|path| folders || is_source(path))
}
