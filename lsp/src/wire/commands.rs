//! The commands that lenses and code actions name: they play chats.

use std::time::Duration;

use serde_json::{Value, json};
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types as lsp;

use super::convert::Convert;
use super::shared::path_of;
use super::{Backend, ask};
use crate::outline::statement_at;
use crate::player::Played;

/// Runs the tests of a file: its address and, for one test, its name.
pub(super) const RUN_TEST: &str = "chatflow.runTest";

/// Adds a test that talks to a place: its file's address and a position.
pub(super) const ADD_TEST: &str = "chatflow.addTest";

pub(super) async fn execute_command(
    server: &Backend,
    params: lsp::ExecuteCommandParams,
) -> Result<Option<Value>> {
    let mut arguments = params.arguments.into_iter();
    let uri = arguments.next().and_then(|uri| serde_json::from_value::<lsp::Url>(uri).ok());
    let uri = uri.ok_or_else(|| Error::invalid_params("the first argument is the address of a file"))?;
    match params.command.as_str() {
        RUN_TEST => {
            let name = arguments.next().and_then(|name| name.as_str().map(str::to_owned));
            run_test(server, uri, name).await
        }
        ADD_TEST => {
            let at = arguments.next().and_then(|at| serde_json::from_value::<lsp::Position>(at).ok());
            let at = at.ok_or_else(|| Error::invalid_params("the second argument is a position"))?;
            add_test(server, uri, at).await
        }
        command => Err(Error::invalid_params(format!("there is no command `{command}`"))),
    }
}

/// Says what came of it, marks the lines that failed, and gives the editor all of it as data.
async fn run_test(server: &Backend, uri: lsp::Url, name: Option<String>) -> Result<Option<Value>> {
    let shared = server.shared.clone();
    let path = path_of(&uri);
    let found = ask(move |world| {
        let (analysis, file) = world.analysis(&path)?;
        let convert = Convert { analysis: &analysis, encoding: world.encoding, shared: &shared };
        Some(shared.player.run(analysis.programs(), file, name.as_deref()).map(|tests| {
            // Of each file that has tests of these: all that was known of them is old now.
            for other in &analysis.project.files {
                let of_it = || tests.iter().filter(|test| test.span.file == other.id);
                if let (Some(path), true) = (analysis.path_of(other.id), of_it().count() > 0) {
                    let failed = of_it().filter_map(|test| failed(&convert, test));
                    shared.keep_failed(path, other.source.text.clone(), failed.collect());
                }
            }
            let as_data = |test: &Played| {
                json!({
                    "name": test.name,
                    "uri": convert.uri(test.span.file),
                    "range": convert.range(test.span),
                    "passed": test.failure.is_none(),
                    "message": test.failure.as_ref().map(|(_, why)| why),
                })
            };
            (said(&tests), tests.iter().map(as_data).collect::<Vec<_>>())
        }))
    });
    let (kind, message, tests) = match found.await? {
        None => (lsp::MessageType::WARNING, "this file is in no project".to_owned(), Vec::new()),
        Some(Err(why)) => (lsp::MessageType::WARNING, why, Vec::new()),
        Some(Ok(((kind, message), tests))) => (kind, message, tests),
    };
    server.shared.changed.notify_one();
    say(&server.client, kind, message);
    Ok(Some(json!({ "tests": tests })))
}

fn failed(convert: &Convert<'_>, test: &Played) -> Option<lsp::Diagnostic> {
    let (span, why) = test.failure.as_ref()?;
    Some(lsp::Diagnostic {
        range: convert.range(*span),
        severity: Some(lsp::DiagnosticSeverity::ERROR),
        source: Some("chatflow test".to_owned()),
        message: why.clone(),
        ..lsp::Diagnostic::default()
    })
}

/// What people are told of tests that were run.
fn said(tests: &[Played]) -> (lsp::MessageType, String) {
    let failed: Vec<&Played> = tests.iter().filter(|test| test.failure.is_some()).collect();
    let message = match (tests, failed.as_slice()) {
        ([], _) => return (lsp::MessageType::WARNING, "there is no test to run".to_owned()),
        ([one], []) => format!("passed: {}", one.name),
        (all, []) => format!("{} tests passed", all.len()),
        ([one], [_]) => format!("failed: {}", one.name),
        (all, [one]) => format!("1 of {} tests failed: {}", all.len(), one.name),
        (all, some) => format!("{} of {} tests failed", some.len(), all.len()),
    };
    (if failed.is_empty() { lsp::MessageType::INFO } else { lsp::MessageType::ERROR }, message)
}

/// Has the editor add a test that talks to the statement at a place.
async fn add_test(server: &Backend, uri: lsp::Url, at: lsp::Position) -> Result<Option<Value>> {
    let shared = server.shared.clone();
    let found = server.of_file(uri, move |convert, file| {
        let analysis = convert.analysis;
        let source = analysis.file(file).ok_or("there is no such file")?;
        let at = statement_at(source, convert.offset(file, at)).ok_or("no statement stands here")?;
        let span = at.0.span(at.1.range);
        let edit = shared.player.test_to(&analysis.project, analysis.programs(), span)?;
        Ok::<_, String>(convert.workspace_edit(&[edit]))
    });
    let client = server.client.clone();
    match found.await? {
        None => say(&client, lsp::MessageType::WARNING, "this file is in no project".to_owned()),
        Some(Err(why)) => say(&client, lsp::MessageType::WARNING, why),
        Some(Ok(edit)) => drop(tokio::spawn(async move {
            // No handler waits for the editor.
            let _ = tokio::time::timeout(Duration::from_secs(10), client.apply_edit(edit)).await;
        })),
    }
    Ok(None)
}

fn say(client: &Client, kind: lsp::MessageType, message: String) {
    let client = client.clone();
    tokio::spawn(async move { client.show_message(kind, message).await });
}
