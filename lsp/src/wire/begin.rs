//! What happens when an editor has come: what it is asked to watch, and that it is told of the first check.

use std::sync::Arc;
use std::time::Duration;

use tower_lsp::lsp_types as lsp;

use super::Backend;
use crate::analysis::Analysis;

/// Watches what the server reads, if the editor can: flows, catalogues, `chatflow.toml`, environments.
pub(super) fn watch(server: &Backend) {
    let client = server.shared.client();
    let watched = client.workspace.as_ref().and_then(|of| of.did_change_watched_files);
    if !watched.and_then(|of| of.dynamic_registration).unwrap_or(false) {
        return;
    }
    let globs = ["**/*.flow", "**/*.po", "**/chatflow.toml", "**/env/*.toml"];
    let watchers: Vec<_> = globs.iter().map(|glob| serde_json::json!({"globPattern": glob})).collect();
    let registration = lsp::Registration {
        id: "watch".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(serde_json::json!({"watchers": watchers})),
    };
    let client = server.client.clone();
    // No handler waits for the editor.
    tokio::spawn(async move {
        let _ = tokio::time::timeout(Duration::from_secs(10), client.register_capability(vec![registration]))
            .await;
    });
}

/// Says that the flows are checked for the first time, while that takes.
pub(super) fn check(server: &Backend) {
    let (client, shared) = (server.client.clone(), server.shared.clone());
    let shows = shared.client().window.and_then(|of| of.work_done_progress).unwrap_or(false);
    tokio::spawn(async move {
        let token = lsp::NumberOrString::String("chatflow/checking".to_owned());
        let create = lsp::WorkDoneProgressCreateParams { token: token.clone() };
        let asked = client.send_request::<lsp::request::WorkDoneProgressCreate>(create);
        let shows =
            shows && tokio::time::timeout(Duration::from_secs(2), asked).await.is_ok_and(|it| it.is_ok());
        let say = async |value: lsp::WorkDoneProgress| {
            if shows {
                let value = lsp::ProgressParamsValue::WorkDone(value);
                let params = lsp::ProgressParams { token: token.clone(), value };
                client.send_notification::<lsp::notification::Progress>(params).await;
            }
        };
        let title = "Checking the flows".to_owned();
        say(lsp::WorkDoneProgress::Begin(lsp::WorkDoneProgressBegin { title, ..Default::default() })).await;
        let world = shared.world();
        let read = tokio::task::spawn_blocking(move || {
            let check = |analysis: &Arc<Analysis>| {
                analysis.checked();
                analysis.project.files.len()
            };
            world.analyses().iter().map(check).sum::<usize>()
        });
        let message = read.await.ok().map(|files| format!("{files} files"));
        say(lsp::WorkDoneProgress::End(lsp::WorkDoneProgressEnd { message })).await;
    });
}
