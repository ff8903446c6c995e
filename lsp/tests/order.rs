//! Every kind of question, asked between random changes of the text, ten thousand messages in all: each answer is that
//! of a server that knows nothing but the text as it was when the question came. That takes `CHATFLOW_FULL=1`; without it,
//! fewer are sent and some of them compared.
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

use chatflow_compiler::LineIndex;
use chatflow_lsp::text::{Encoding, Place};
use serde_json::{Value, json};
use typing::{LEADS, Two, boundary, edit};
use wired::{Editor, plain, run, uri};

const FILE: &str = "leads.flow";

fn position(place: Place) -> Value {
    json!({"line": place.line, "character": place.column})
}

/// A question at a place of a text, of every kind in turn.
fn question(nth: usize, text: &str, random: &mut fastrand::Rng) -> (&'static str, Value) {
    let lines = LineIndex::new(text);
    let mut at = || position(Encoding::Utf8.place(text, &lines, boundary(text, random) as u32));
    let (one, other) = (at(), at());
    let range = json!({"start": one, "end": other});
    let document = json!({"uri": uri(FILE)});
    let file = json!({"textDocument": document});
    let place = json!({"textDocument": document, "position": one});
    let with = |base: &Value, more: Value| {
        let mut base = base.clone();
        base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        base
    };
    let options = json!({"options": {"tabSize": 2, "insertSpaces": true}});
    let all: &[(&str, Value)] = &[
        ("textDocument/hover", place.clone()),
        ("textDocument/completion", place.clone()),
        ("textDocument/signatureHelp", place.clone()),
        ("textDocument/definition", place.clone()),
        ("textDocument/typeDefinition", place.clone()),
        ("textDocument/references", with(&place, json!({"context": {"includeDeclaration": true}}))),
        ("textDocument/documentHighlight", place.clone()),
        ("textDocument/documentSymbol", file.clone()),
        ("workspace/symbol", json!({"query": "a"})),
        ("textDocument/prepareRename", place.clone()),
        ("textDocument/rename", with(&place, json!({"newName": "other"}))),
        ("textDocument/linkedEditingRange", place.clone()),
        ("textDocument/codeAction", with(&file, json!({"range": range, "context": {"diagnostics": []}}))),
        ("textDocument/codeLens", file.clone()),
        ("textDocument/inlayHint", with(&file, json!({"range": range}))),
        ("textDocument/semanticTokens/full", file.clone()),
        ("textDocument/semanticTokens/range", with(&file, json!({"range": range}))),
        ("textDocument/foldingRange", file.clone()),
        ("textDocument/selectionRange", with(&file, json!({"positions": [one, other]}))),
        ("textDocument/documentLink", file.clone()),
        ("textDocument/prepareCallHierarchy", place.clone()),
        ("textDocument/formatting", with(&file, options.clone())),
        ("textDocument/rangeFormatting", with(&with(&file, json!({"range": range})), options.clone())),
        ("textDocument/onTypeFormatting", with(&with(&place, json!({"ch": "\n"})), options)),
        ("textDocument/diagnostic", file.clone()),
        ("chatflow/graph", place),
    ];
    all[nth % all.len()].clone()
}

/// What a server says that was told nothing but this text.
async fn fresh(text: &str, method: &str, params: &Value) -> Value {
    let mut editor = Editor::start(Arc::new(Two), plain()).await;
    editor.open(FILE, text).await;
    let id = editor.ask(method, params.clone()).await;
    let reply = editor.reply(id).await;
    editor.tell("exit", Value::Null).await;
    said(reply)
}

/// An answer without what counts answers.
fn said(mut reply: Value) -> Value {
    if let Some(tokens) = reply["result"].as_object_mut().filter(|of| of.contains_key("data")) {
        tokens.remove("resultId");
    }
    json!([reply["result"], reply["error"]])
}

#[test]
fn every_answer_is_that_of_a_fresh_server() {
    let full = std::env::var_os("CHATFLOW_FULL").is_some();
    // Half of the messages are changes. The step has nothing in common with the number of kinds of questions.
    let (changes, step) = if full { (5000, 1) } else { (400, 7) };
    run(async move {
        let mut editor = Editor::start(Arc::new(Two), plain()).await;
        let mut random = fastrand::Rng::with_seed(7);
        let mut text = LEADS.to_owned();
        editor.open(FILE, &text).await;
        let mut asked = Vec::new();
        for nth in 1..=changes {
            let change = edit(&mut text, Encoding::Utf8, &mut random);
            let range =
                change.range.map(|(start, end)| json!({"start": position(start), "end": position(end)}));
            let mut content = json!({"text": change.text});
            if let Some(range) = range {
                content["range"] = range;
            }
            let document = json!({"uri": uri(FILE), "version": nth});
            let params = json!({"textDocument": document, "contentChanges": [content]});
            editor.tell("textDocument/didChange", params).await;
            let (method, params) = question(nth, &text, &mut random);
            let id = editor.ask(method, params.clone()).await;
            asked.push((id, (nth % step == 0).then(|| (text.clone(), method, params))));
            // No editor has more than so many questions open.
            if asked.len() == 50 {
                compare(&editor, std::mem::take(&mut asked)).await;
            }
        }
        compare(&editor, asked).await;
    });
}

type Asked = (i64, Option<(String, &'static str, Value)>);

async fn compare(editor: &Editor, asked: Vec<Asked>) {
    for (id, question) in asked {
        let reply = editor.reply(id).await;
        if let Some((text, method, params)) = question {
            assert_eq!(said(reply), fresh(&text, method, &params).await, "{method} {params}\n{text}");
        }
    }
}

/// The tokens of a file are those that their differences make of the ones before.
#[test]
fn differences_of_tokens_add_up() {
    run(async {
        let mut editor = Editor::start(Arc::new(Two), plain()).await;
        let mut random = fastrand::Rng::with_seed(3);
        let mut text = LEADS.to_owned();
        editor.open(FILE, &text).await;
        let file = json!({"textDocument": {"uri": uri(FILE)}});
        let id = editor.ask("textDocument/semanticTokens/full", file.clone()).await;
        let mut tokens = editor.reply(id).await["result"].clone();
        for version in 1..10 {
            edit(&mut text, Encoding::Utf8, &mut random);
            let document = json!({"uri": uri(FILE), "version": version});
            let change = json!({"textDocument": document, "contentChanges": [{"text": text}]});
            editor.tell("textDocument/didChange", change).await;
            let params = json!({"textDocument": {"uri": uri(FILE)}, "previousResultId": tokens["resultId"]});
            let id = editor.ask("textDocument/semanticTokens/full/delta", params).await;
            let delta = editor.reply(id).await["result"].clone();
            let mut data = tokens["data"].as_array().unwrap().clone();
            for edit in delta["edits"].as_array().unwrap() {
                let start = edit["start"].as_u64().unwrap() as usize;
                let end = start + edit["deleteCount"].as_u64().unwrap() as usize;
                data.splice(start..end, edit["data"].as_array().unwrap().iter().cloned());
            }
            let whole = fresh(&text, "textDocument/semanticTokens/full", &file).await;
            assert_eq!(Value::Array(data.clone()), whole[0]["data"], "{text}");
            tokens = json!({"resultId": delta["resultId"], "data": data});
        }
    });
}
