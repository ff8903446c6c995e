//! Asks the editor to ask again: what one file says may change what is shown of another, which the editor cannot know.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chatflow_compiler::source::Span;
use tokio::task::spawn_blocking;
use tower_lsp::Client;
use tower_lsp::lsp_types::ClientCapabilities;

use super::convert::Convert;
use super::findings;
use super::publish::pulls;
use super::shared::Shared;
use crate::world::World;
use crate::{lens, tokens};

/// What is shown of open files, as it was last looked at.
#[derive(Default)]
pub(super) struct Shown {
    /// Counts what may have changed on disk, and the tests that were run.
    besides: (u64, u64),
    /// For each open file its number and what is shown of it.
    files: BTreeMap<PathBuf, (i32, [u64; 4])>,
}

/// What can be asked for again, in the order of the hashes of [`Shown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Findings,
    Lenses,
    Hints,
    Tokens,
}

const ALL: [What; 4] = [What::Findings, What::Lenses, What::Hints, What::Tokens];

/// Whether an editor can be asked to ask again for this.
fn can(client: &ClientCapabilities, what: What) -> bool {
    let workspace = client.workspace.as_ref();
    let supports = match what {
        What::Findings => {
            let of = workspace.and_then(|of| of.diagnostic.as_ref());
            of.and_then(|of| of.refresh_support).filter(|_| pulls(client))
        }
        What::Lenses => workspace.and_then(|of| of.code_lens.as_ref()).and_then(|of| of.refresh_support),
        What::Hints => workspace.and_then(|of| of.inlay_hint.as_ref()).and_then(|of| of.refresh_support),
        What::Tokens => {
            workspace.and_then(|of| of.semantic_tokens.as_ref()).and_then(|of| of.refresh_support)
        }
    };
    supports.unwrap_or(false)
}

/// Asks the editor to ask again for what is shown otherwise than before of a file whose text is the same.
pub(super) async fn refresh(client: &Client, shared: &Arc<Shared>, world: &World, shown: &mut Shown) {
    let editor = shared.client();
    let can: Vec<What> = ALL.into_iter().filter(|what| can(&editor, *what)).collect();
    let besides = (world.on_disk, shared.runs());
    // Of the only open file nothing changes but by itself or by what is on disk.
    let alone = world.documents.len() < 2 && shown.besides == besides;
    if can.is_empty() || alone {
        return;
    }
    let (looked_at, at) = (world.clone(), shared.clone());
    let Ok(files) = spawn_blocking(move || look(&looked_at, &at)).await else { return };
    let mut stale = [false; 4];
    for (path, (version, hashes)) in &files {
        let Some((before, old)) = shown.files.get(path) else { continue };
        for ((stale, new), old) in stale.iter_mut().zip(hashes).zip(old) {
            // What was shown of a text that nobody looked at since, nobody knows.
            *stale |= if before == version {
                new != old
            } else {
                world.documents.len() < 2 && shown.besides != besides
            };
        }
    }
    *shown = Shown { besides, files };
    let again = ALL.into_iter().zip(stale).filter(|(what, stale)| *stale && can.contains(what));
    for (what, _) in again {
        let client = client.clone();
        tokio::spawn(async move {
            let asked = async {
                match what {
                    What::Findings => client.workspace_diagnostic_refresh().await,
                    What::Lenses => client.code_lens_refresh().await,
                    What::Hints => client.inlay_hint_refresh().await,
                    What::Tokens => client.semantic_tokens_refresh().await,
                }
            };
            let _ = tokio::time::timeout(Duration::from_secs(5), asked).await;
        });
    }
}

fn look(world: &World, shared: &Shared) -> BTreeMap<PathBuf, (i32, [u64; 4])> {
    let mut files = BTreeMap::new();
    for (path, document) in world.documents.iter() {
        let Some((analysis, file)) = world.analysis(path) else { continue };
        let convert = Convert { analysis: &analysis, encoding: world.encoding, shared };
        let all = Span { file, start: 0, end: document.text.len() as u32 };
        let Some(uri) = shared.uri(path) else { continue };
        // As they are sent: the numbers of files change when one comes or goes.
        let lenses = lens::lenses(&analysis, file);
        let lenses: Vec<_> = lenses.iter().map(|lens| convert.lens(&uri, lens)).collect();
        let hints = lens::hints(&analysis, file, all);
        let hints: Vec<_> = hints.iter().map(|hint| (hint.at.start, &hint.text)).collect();
        let tokens = convert.tokens(&tokens::tokens(&analysis, file, None));
        let hashes = [hash(&findings::of_file(&convert, file)), hash(&lenses), hash(&hints), hash(&tokens)];
        files.insert(path.clone(), (document.version, hashes));
    }
    files
}

fn hash(shown: &impl std::fmt::Debug) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{shown:?}").hash(&mut hasher);
    hasher.finish()
}
