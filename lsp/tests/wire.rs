//! The server on its wire, in this process: order, a full queue, cancelling, panics, the end, and what no editor sends.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a panic in a test is its failure"
)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use chatflow_compiler::source::Source;
use chatflow_lsp::{Analysis, Disk, Loaded, Open, hover, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};

/// Files in memory. `panic.flow` cannot be loaded without a panic; `slow.flow` is loaded when somebody says so.
#[derive(Default)]
struct Memory {
    open_gate: Mutex<bool>,
    gate: Condvar,
    loads: AtomicBool,
}

impl Memory {
    fn let_pass(&self) {
        *self.open_gate.lock().unwrap() = true;
        self.gate.notify_all();
    }
}

fn loaded(root: &str, files: Vec<Source>) -> Loaded {
    let levels = Arc::new(|found: &chatflow_compiler::Diagnostic| Some(found.severity()));
    Loaded { root: PathBuf::from(root), files, whole: false, deployed: false, config: String::new(), levels }
}

impl Disk for Memory {
    fn folder(&self, _: &Path, _: &[PathBuf]) -> Option<PathBuf> {
        None
    }

    fn load(&self, path: &Path, open: &Open) -> Result<Loaded, String> {
        self.loads.store(true, Ordering::SeqCst);
        if path.ends_with("panic.flow") {
            panic!("this file makes the server panic");
        }
        if path.ends_with("slow.flow") {
            let passed = self.open_gate.lock().unwrap();
            drop(self.gate.wait_while(passed, |open| !*open).unwrap());
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = open.get(path).cloned().ok_or("it is not there")?;
        Ok(loaded("/p", vec![Source::new(name, text)]))
    }
}

/// An editor at the other end of the wire.
struct Editor {
    to: DuplexStream,
    replies: Arc<Mutex<HashMap<i64, Value>>>,
    notes: Arc<Mutex<Vec<Value>>>,
    served: tokio::task::JoinHandle<bool>,
    next: i64,
}

async fn message(from: &mut BufReader<DuplexStream>) -> Option<Value> {
    let mut len = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim() {
            "" => break,
            line => len = line.strip_prefix("Content-Length: ").map_or(len, |text| text.parse().unwrap()),
        }
    }
    let mut body = vec![0; len];
    from.read_exact(&mut body).await.ok()?;
    serde_json::from_slice(&body).ok()
}

impl Editor {
    async fn start(disk: Arc<Memory>, answers: bool) -> Editor {
        let (to, server_in) = tokio::io::duplex(1 << 20);
        let (server_out, from) = tokio::io::duplex(1 << 20);
        let served = tokio::spawn(serve(server_in, server_out, disk));
        let (replies, notes) =
            (Arc::<Mutex<HashMap<i64, Value>>>::default(), Arc::<Mutex<Vec<Value>>>::default());
        let (kept, noted) = (replies.clone(), notes.clone());
        tokio::spawn(async move {
            let mut from = BufReader::new(from);
            while let Some(message) = message(&mut from).await {
                match (message["id"].as_i64(), message["method"].as_str()) {
                    (Some(id), None) => drop(kept.lock().unwrap().insert(id, message)),
                    _ => noted.lock().unwrap().push(message),
                }
            }
        });
        let mut editor = Editor { to, replies, notes, served, next: 0 };
        let client = json!({
            "general": {"positionEncodings": ["utf-8"]},
            "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}},
            "window": {"workDoneProgress": true},
            "textDocument": {"hover": {"contentFormat": ["markdown"]}},
        });
        let id = editor.ask("initialize", json!({"capabilities": client})).await;
        editor.reply(id).await;
        editor.tell("initialized", json!({})).await;
        // An editor that never answers what it is asked is no reason to wait.
        assert!(!answers);
        editor
    }

    async fn send(&mut self, message: Value) {
        let body = message.to_string();
        let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.to.write_all(frame.as_bytes()).await.unwrap();
    }

    async fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params})).await;
    }

    async fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let id = self.next;
        self.send(json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})).await;
        id
    }

    async fn reply(&self, id: i64) -> Value {
        self.reply_within(id, Duration::from_secs(30)).await.unwrap_or_else(|| panic!("no reply to {id}"))
    }

    async fn reply_within(&self, id: i64, time: Duration) -> Option<Value> {
        let end = tokio::time::Instant::now() + time;
        while tokio::time::Instant::now() < end {
            if let Some(reply) = self.replies.lock().unwrap().remove(&id) {
                return Some(reply);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        None
    }

    async fn open(&mut self, name: &str, text: &str) {
        let document = json!({"uri": uri(name), "languageId": "flow", "version": 0, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document})).await;
    }
}

fn uri(name: &str) -> String {
    format!("file:///p/{name}")
}

fn place(name: &str, line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": uri(name)}, "position": {"line": line, "character": character}})
}

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

fn run<F: Future<Output = ()>>(test: F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(test);
}

/// Each answer is about the text as it was when it was asked for, whatever came before and behind it: ten thousand
/// messages, of which half are changes.
#[test]
fn answers_are_about_the_text_they_were_asked_of() {
    run(async {
        let mut editor = Editor::start(Arc::default(), false).await;
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
        let mut editor = Editor::start(Arc::default(), false).await;
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
        tokio::time::sleep(Duration::from_millis(500)).await;
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
        let mut editor = Editor::start(disk.clone(), false).await;
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
        let mut editor = Editor::start(Arc::default(), false).await;
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
            let mut editor = Editor::start(Arc::default(), false).await;
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
        let Editor { to, served, .. } = Editor::start(Arc::default(), false).await;
        drop(to);
        assert!(!tokio::time::timeout(Duration::from_secs(5), served).await.unwrap().unwrap());
    });
}

/// What is no message, no request that there is, or says nothing sensible, is answered or passed over.
#[test]
fn nonsense_is_survived() {
    run(async {
        let mut editor = Editor::start(Arc::default(), false).await;
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
