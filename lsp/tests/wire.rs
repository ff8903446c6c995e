//! The server on its wire, in this process: order, a full queue, cancelling, panics, the end, and what no editor sends.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a panic in a test is its failure"
)]

mod typing;
mod wired;

use std::sync::Arc;
use std::time::Duration;

use chatflow_compiler::source::Source;
use chatflow_lsp::{Analysis, hover};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use typing::{ACME, LEADS, Two};
use wired::{Editor, Memory, loaded, place, plain, run, uri};

/// The flow number `nth`: its local has a name of its own, which hovering shows.
fn flow(nth: usize) -> String {
    format!("flow a \"A\"\n\nstep start {{\n  ask name_{nth}: text \"é?\"\n}}\n")
}

/// What an analysis made anew says at a place of a text.
fn fresh(text: &str, offset: u32) -> Value {
    let analysis = Analysis::new(&loaded("/p", Vec::new()), vec![Source::new("a.flow", text)], None);
    let file = analysis.project.files[0].id;
    hover::hover(&analysis, file, offset).map_or(Value::Null, |hover| json!(hover.text))
}

/// Each answer is about the text as it was when it was asked for, whatever came before and behind it: ten thousand
/// messages, of which half are changes.
#[test]
fn answers_are_about_the_text_they_were_asked_of() {
    run(async {
        let mut editor = Editor::start(Arc::new(Memory::default()), plain()).await;
        editor.open("a.flow", &flow(0)).await;
        let mut asked = Vec::new();
        for nth in 1..=5000 {
            let old = format!("name_{}", nth - 1).len();
            let range =
                json!({"start": {"line": 3, "character": 6}, "end": {"line": 3, "character": 6 + old}});
            let change = json!({"range": range, "text": format!("name_{nth}")});
            let document = json!({"uri": uri("a.flow"), "version": nth});
            let params = json!({"textDocument": document, "contentChanges": [change]});
            editor.tell("textDocument/didChange", params).await;
            asked.push((nth, editor.ask("textDocument/hover", place("a.flow", 3, 8)).await));
        }
        for (nth, id) in asked {
            let reply = editor.reply(id).await;
            let said = &reply["result"]["contents"]["value"];
            assert!(
                said.as_str().is_some_and(|said| said.contains(&format!("name_{nth}:"))),
                "{nth}: {reply}"
            );
            if nth % 500 == 0 {
                let text = flow(nth);
                assert_eq!(*said, fresh(&text, text.find("name").unwrap() as u32 + 2));
            }
        }
    });
}

/// So many changes at once that tower-lsp's queue is full, while questions to the editor are not answered.
#[test]
fn a_burst_does_not_wedge_the_server() {
    run(async {
        let mut editor = Editor::start(Arc::new(Memory::default()), plain()).await;
        editor.open("a.flow", &flow(0)).await;
        for nth in 1..=500 {
            let document = json!({"uri": uri("a.flow"), "version": nth});
            let params = json!({"textDocument": document, "contentChanges": [{"text": flow(nth)}]});
            editor.tell("textDocument/didChange", params).await;
        }
        let id = editor.ask("textDocument/hover", place("a.flow", 3, 8)).await;
        let reply = editor.reply(id).await;
        assert!(reply.to_string().contains("name_500: text"), "{reply}");
        // A burst is one publication or two on a machine with nothing else to do; elsewhere one whenever the server has caught
        // up, or the editor has waited for long.
        assert!(editor.hears("textDocument/publishDiagnostics", "\"version\":500").await);
        let notes = editor.notes.lock().unwrap();
        let published = notes.iter().filter(|note| note["method"] == "textDocument/publishDiagnostics");
        let versions: Vec<i64> = published.map(|note| note["params"]["version"].as_i64().unwrap()).collect();
        assert_eq!(versions.last(), Some(&500));
        assert!(versions.len() < 50, "{versions:?}");
        assert!(versions.windows(2).all(|pair| pair[0] < pair[1]), "{versions:?}");
    });
}

/// Cancelling reaches what waits and what is in work, however much of it there is.
#[test]
fn requests_are_cancelled_under_load() {
    run(async {
        let disk = Arc::new(Memory::default());
        let mut editor = Editor::start(disk.clone(), plain()).await;
        editor.open("slow.flow", &flow(0)).await;
        let mut asked = Vec::new();
        for _ in 0..200 {
            asked.push(editor.ask("textDocument/hover", place("slow.flow", 3, 8)).await);
        }
        for id in &asked {
            editor.tell("$/cancelRequest", json!({"id": id})).await;
        }
        for id in asked {
            let reply = editor.reply(id).await;
            assert_eq!(reply["error"]["code"], -32800, "{reply}");
        }
        disk.let_pass();
        let id = editor.ask("textDocument/hover", place("slow.flow", 3, 8)).await;
        assert!(editor.reply(id).await.to_string().contains("name_0: text"));
        // What is cancelled twice, or was never asked, is nobody's business.
        editor.tell("$/cancelRequest", json!({"id": id})).await;
        editor.tell("$/cancelRequest", json!({"id": 99_999})).await;
        let id = editor.ask("textDocument/hover", place("slow.flow", 3, 8)).await;
        assert!(editor.reply(id).await.to_string().contains("name_0: text"));
    });
}

/// A panic is an error answer, and the server goes on.
#[test]
fn a_panic_is_an_answer() {
    run(async {
        std::panic::set_hook(Box::new(|_| {}));
        let mut editor = Editor::start(Arc::new(Memory::default()), plain()).await;
        editor.open("a.flow", &flow(1)).await;
        editor.open("panic.flow", &flow(2)).await;
        for _ in 0..3 {
            let id = editor.ask("textDocument/hover", place("panic.flow", 3, 8)).await;
            assert_eq!(editor.reply(id).await["error"]["code"], -32603);
        }
        let id = editor.ask("textDocument/hover", place("a.flow", 3, 8)).await;
        assert!(editor.reply(id).await.to_string().contains("name_1: text"));
    });
}

/// The server ends when it is told to, though the pipe stays open; orderly only if it was told before.
#[test]
fn the_end_comes_when_it_is_said() {
    for orderly in [true, false] {
        run(async {
            let mut editor = Editor::start(Arc::new(Memory::default()), plain()).await;
            if orderly {
                let id = editor.ask("shutdown", Value::Null).await;
                let reply = editor.reply(id).await;
                assert!(reply["error"].is_null(), "{reply}");
            }
            editor.tell("exit", Value::Null).await;
            let served = tokio::time::timeout(Duration::from_secs(5), &mut editor.served).await;
            assert_eq!(served.unwrap().unwrap(), orderly);
        });
    }
}

/// The server ends with the pipe.
#[test]
fn the_end_comes_with_the_pipe() {
    run(async {
        let Editor { to, served, .. } = Editor::start(Arc::new(Memory::default()), plain()).await;
        drop(to);
        assert!(!tokio::time::timeout(Duration::from_secs(5), served).await.unwrap().unwrap());
    });
}

/// What is no message, no request that there is, or says nothing sensible, is answered or passed over.
#[test]
fn nonsense_is_survived() {
    run(async {
        let mut editor = Editor::start(Arc::new(Memory::default()), plain()).await;
        editor.open("a.flow", &flow(1)).await;
        editor.to.write_all(b"Content-Length: 9\r\n\r\nno json!!").await.unwrap();
        editor.to.write_all(b"Content-Length: 2\r\n\r\n[]").await.unwrap();
        editor.tell("no/such", json!({"a": 1})).await;
        editor.tell("$/no/such", json!({"a": 1})).await;
        editor.tell("textDocument/didChange", json!({"a": 1})).await;
        editor.tell("textDocument/didChange", Value::Null).await;
        let unknown = editor.ask("no/such", json!({})).await;
        assert_eq!(editor.reply(unknown).await["error"]["code"], -32601);
        let bad = editor.ask("textDocument/hover", json!({"a": 1})).await;
        assert_eq!(editor.reply(bad).await["error"]["code"], -32602);
        // Beyond the text's end, and of a file that nobody opened.
        let beyond = editor.ask("textDocument/hover", place("a.flow", 9_000, 9_000)).await;
        assert!(editor.reply(beyond).await["error"].is_null());
        let stranger = editor.ask("textDocument/hover", place("stranger.flow", 0, 0)).await;
        assert_eq!(editor.reply(stranger).await["result"], Value::Null);
        let id = editor.ask("textDocument/hover", place("a.flow", 3, 8)).await;
        assert!(editor.reply(id).await.to_string().contains("name_1: text"));
    });
}

/// What one file says changes what is shown of another, and the editor is told to ask again; not while only one changes.
#[test]
fn editors_are_told_to_ask_again() {
    run(async {
        let again = json!({"refreshSupport": true});
        let workspace = json!({
            "codeLens": again, "inlayHint": again, "semanticTokens": {"refreshSupport": true}, "diagnostic": again,
        });
        let client = json!({"workspace": workspace, "textDocument": {"diagnostic": {}}});
        let mut editor = Editor::start(Arc::new(Two), client).await;
        editor.open("acme.flow", ACME).await;
        editor.open("leads.flow", LEADS).await;
        let changed = ACME.replace("  employees  number", "  employees  text");
        assert_ne!(changed, ACME);
        // Nobody is told before both were looked at.
        for version in 1..30 {
            let text = if version % 2 == 1 { changed.as_str() } else { ACME };
            let document = json!({"uri": uri("acme.flow"), "version": version});
            let params = json!({"textDocument": document, "contentChanges": [{"text": text}]});
            editor.tell("textDocument/didChange", params).await;
            if editor.hears_within("workspace/diagnostic/refresh", "", Duration::from_secs(1)).await {
                break;
            }
        }
        assert!(editor.hears("workspace/diagnostic/refresh", "").await);
        assert!(editor.hears("workspace/inlayHint/refresh", "").await);
        let notes = editor.notes.lock().unwrap();
        assert!(notes.iter().all(|note| note["method"] != "workspace/codeLens/refresh"), "{notes:?}");
    });
}

/// The first check is told of as it goes.
#[test]
fn the_first_check_shows_its_progress() {
    run(async {
        let client = json!({"window": {"workDoneProgress": true}});
        let mut editor = Editor::start(Arc::new(Memory::default()), client).await;
        editor.open("a.flow", &flow(0)).await;
        assert!(editor.hears("window/workDoneProgress/create", "chatflow/checking").await);
        let created = editor.notes.lock().unwrap().iter().find_map(|note| {
            (note["method"] == "window/workDoneProgress/create").then(|| note["id"].clone())
        });
        editor.send(json!({"jsonrpc": "2.0", "id": created.unwrap(), "result": null})).await;
        assert!(editor.hears("$/progress", "begin").await);
        assert!(editor.hears("$/progress", "end").await);
    });
}

/// Findings that are asked for are those that are pushed, and the same ones are not sent twice.
#[test]
fn findings_can_be_asked_for() {
    run(async {
        let mut editor = Editor::start(Arc::new(Two), plain()).await;
        editor.open("leads.flow", &LEADS.replace("-> thanks", "-> thnaks")).await;
        let document = json!({"textDocument": {"uri": uri("leads.flow")}});
        let id = editor.ask("textDocument/diagnostic", document).await;
        let report = editor.reply(id).await["result"].clone();
        assert!(report["items"].as_array().unwrap().iter().all(|found| found["code"] == "E0201"), "{report}");
        let params =
            json!({"textDocument": {"uri": uri("leads.flow")}, "previousResultId": report["resultId"]});
        let id = editor.ask("textDocument/diagnostic", params).await;
        assert_eq!(editor.reply(id).await["result"]["kind"], "unchanged");
        assert!(editor.hears("textDocument/publishDiagnostics", "E0201").await);
    });
}

/// Columns are counted as both sides can: in bytes where the editor offers them, in UTF-16 where it says nothing.
#[test]
fn columns_are_counted_as_the_editor_likes() {
    let cases = [
        (json!(["utf-16", "utf-8"]), "utf-8", 16),
        (json!(["utf-32"]), "utf-32", 13),
        (json!(["utf-16", "utf-32"]), "utf-16", 14),
        (Value::Null, "utf-16", 14),
    ];
    for (offered, chosen, column) in cases {
        run(async move {
            let client = json!({"general": {"positionEncodings": offered}});
            let mut editor = Editor::start(Arc::new(Memory::default()), client).await;
            assert_eq!(editor.initialized["capabilities"]["positionEncoding"], chosen);
            editor.open("a.flow", "flow a \"A\"\n\nstep start {\n  say \"😀 -> {reply}\"\n}\n").await;
            let id = editor.ask("textDocument/hover", place("a.flow", 3, column)).await;
            let range = editor.reply(id).await["result"]["range"].clone();
            assert_eq!(range["start"]["character"], column, "{chosen}");
        });
    }
}
