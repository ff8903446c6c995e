//! Findings, pushed: one worker looks at the latest world; what it finds of an older one is dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::spawn_blocking;
use tower_lsp::Client;
use tower_lsp::lsp_types as lsp;

use super::convert::Convert;
use super::shared::Shared;
use super::{findings, refresh};
use crate::wanted::while_wanted;
use crate::world::World;

/// While somebody types without a pause, findings of an older text are shown after this time all the same.
const PATIENCE: Duration = Duration::from_millis(300);

/// The findings of the files of a world, by file.
type Findings = BTreeMap<PathBuf, Vec<lsp::Diagnostic>>;

/// Publishes what is found, whenever the world has changed.
pub(super) async fn publish(client: Client, shared: Arc<Shared>) {
    let mut published: Findings = BTreeMap::new();
    // Since when something has changed that the editor was not told of.
    let mut since = None;
    let mut told = None;
    let mut shown = refresh::Shown::default();
    loop {
        shared.changed.notified().await;
        let world = shared.world();
        let revision = (world.revision, shared.runs());
        // It was looked at when it had already changed again.
        if told == Some(revision) {
            continue;
        }
        let began = *since.get_or_insert_with(Instant::now);
        let (looked_at, of, at) = (world.clone(), shared.clone(), shared.clone());
        // A panic was told by the hook; the next change is looked at again. So is what was given up for it.
        let current = move || at.revision() == revision.0 || began.elapsed() >= PATIENCE;
        let look = move || while_wanted(current, || findings(&looked_at, &of));
        let Ok(found) = spawn_blocking(look).await else { continue };
        if shared.revision() != world.revision && began.elapsed() < PATIENCE {
            // Whoever made the world newer has said so.
            continue;
        }
        send(&client, &shared, &world, &mut published, found).await;
        since = None;
        told = Some(revision);
        refresh::refresh(&client, &shared, &world, &mut shown).await;
    }
}

async fn send(
    client: &Client,
    shared: &Shared,
    world: &World,
    published: &mut Findings,
    mut found: Findings,
) {
    // What an editor pulls it is not pushed.
    if pulls(&shared.client()) {
        for path in world.documents.keys() {
            found.insert(path.clone(), Vec::new());
        }
    }
    let gone: BTreeSet<PathBuf> =
        published.keys().filter(|path| !found.contains_key(*path)).cloned().collect();
    for path in gone {
        published.remove(&path);
        if let Some(uri) = shared.uri(&path) {
            client.publish_diagnostics(uri, Vec::new(), None).await;
        }
    }
    for (path, diagnostics) in found {
        let same = published.get(&path).map_or(diagnostics.is_empty(), |before| *before == diagnostics);
        let open = world.documents.get(&path);
        // Of an open file the number of its text is news as well.
        if same && (open.is_none() || pulls(&shared.client())) {
            continue;
        }
        let Some(uri) = shared.uri(&path) else { continue };
        client.publish_diagnostics(uri, diagnostics.clone(), open.map(|open| open.version)).await;
        published.insert(path, diagnostics);
    }
}

/// Whether an editor asks for findings itself.
pub(super) fn pulls(client: &lsp::ClientCapabilities) -> bool {
    client.text_document.as_ref().is_some_and(|of| of.diagnostic.is_some())
}

/// The findings of all projects.
fn findings(world: &World, shared: &Shared) -> Findings {
    let mut found = Findings::new();
    for analysis in world.analyses() {
        let convert = Convert { analysis: &analysis, encoding: world.encoding, shared };
        for file in &analysis.project.files {
            let Some(path) = analysis.path_of(file.id) else { continue };
            found.insert(path, findings::of_file(&convert, file.id));
        }
        found.extend(findings::beside(&convert));
    }
    found
}
