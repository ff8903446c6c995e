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
use crate::world::World;

/// While somebody types without a pause, findings of an older text are shown after this time all the same.
const PATIENCE: Duration = Duration::from_millis(300);

/// The findings of the files of a world, by file.
type Findings = BTreeMap<PathBuf, Vec<lsp::Diagnostic>>;

/// Publishes what is found, whenever the world has changed.
pub(super) async fn publish(client: Client, shared: Arc<Shared>) {
    let mut published: Findings = BTreeMap::new();
    let mut last = Instant::now();
    let mut told = None;
    loop {
        shared.changed.notified().await;
        let world = shared.world();
        // It was looked at when it had already changed again.
        if told == Some(world.revision) {
            continue;
        }
        let (looked_at, at) = (world.clone(), shared.clone());
        // A panic was told by the hook; the next change is looked at again.
        let Ok(found) = spawn_blocking(move || findings(&looked_at, &at)).await else { continue };
        if shared.world().revision != world.revision && last.elapsed() < PATIENCE {
            // Whoever made the world newer has said so.
            continue;
        }
        send(&client, &shared, &world, &mut published, found).await;
        last = Instant::now();
        told = Some(world.revision);
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
    if pulls(&shared.client()) && refreshes(&shared.client()) && world.documents.len() > 1 {
        // What one file has may have changed what another one means.
        let client = client.clone();
        tokio::spawn(async move {
            let _ = tokio::time::timeout(Duration::from_secs(5), client.workspace_diagnostic_refresh()).await;
        });
    }
}

/// Whether an editor asks for findings itself.
pub(super) fn pulls(client: &lsp::ClientCapabilities) -> bool {
    client.text_document.as_ref().is_some_and(|of| of.diagnostic.is_some())
}

fn refreshes(client: &lsp::ClientCapabilities) -> bool {
    let diagnostic = client.workspace.as_ref().and_then(|of| of.diagnostic.as_ref());
    diagnostic.and_then(|of| of.refresh_support).unwrap_or(false)
}

/// The findings of all projects.
fn findings(world: &World, shared: &Shared) -> Findings {
    let mut found = Findings::new();
    for analysis in world.analyses() {
        let convert = Convert { analysis: &analysis, encoding: world.encoding, shared };
        for file in &analysis.project.files {
            let Some(path) = analysis.path_of(file.id) else { continue };
            let all = analysis.findings(file.id).iter();
            found.insert(path, all.map(|(found, severity)| convert.diagnostic(found, *severity)).collect());
        }
    }
    found
}

/// A number for what is found of a file, so that an editor that has it already need not be sent it again.
pub(super) fn result_id(diagnostics: &[lsp::Diagnostic]) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:x}", hasher.finish())
}
