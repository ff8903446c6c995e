//! The server on its wire, in this process, with an editor at the other end.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use chatflow_compiler::source::{FileId, Source, Span};
use chatflow_compiler::{Checked, Edit, Project};
use chatflow_lsp::{Disk, Loaded, Open, Played, Player, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};

/// Files in memory. `panic.flow` cannot be loaded without a panic; `slow.flow` is loaded when somebody says so.
#[derive(Default)]
pub struct Memory {
    open_gate: Mutex<bool>,
    gate: Condvar,
    loads: AtomicBool,
}

impl Memory {
    /// Lets the slow file be loaded.
    pub fn let_pass(&self) {
        *self.open_gate.lock().unwrap() = true;
        self.gate.notify_all();
    }
}

pub fn loaded(root: &str, files: Vec<Source>) -> Loaded {
    let levels = Arc::new(|found: &chatflow_compiler::Diagnostic| Some(found.severity()));
    Loaded { root: PathBuf::from(root), files, whole: false, deployed: false, beside: Arc::default(), levels }
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

/// Nobody plays chats here; the command's own tests do.
pub struct Nobody;

impl Player for Nobody {
    fn run(&self, _: &Checked, _: FileId, _: Option<&str>) -> Result<Vec<Played>, String> {
        Err("nobody plays chats here".to_owned())
    }

    fn test_to(&self, _: &Project, _: &Checked, _: Span) -> Result<Edit, String> {
        Err("nobody plays chats here".to_owned())
    }
}

/// An editor at the other end of the wire.
pub struct Editor {
    pub to: DuplexStream,
    replies: Arc<Mutex<HashMap<i64, Value>>>,
    pub notes: Arc<Mutex<Vec<Value>>>,
    /// What the server said of itself.
    pub initialized: Value,
    pub served: tokio::task::JoinHandle<bool>,
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

/// What an editor can do that is not asked for more.
pub fn plain() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-8"]},
        "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}},
        "window": {"workDoneProgress": true},
        "textDocument": {"hover": {"contentFormat": ["markdown"]}},
    })
}

impl Editor {
    /// An editor that answers nothing that it is asked: that is no reason to wait.
    pub async fn start(disk: Arc<dyn Disk>, client: Value) -> Editor {
        let (to, server_in) = tokio::io::duplex(1 << 20);
        let (server_out, from) = tokio::io::duplex(1 << 20);
        let served = tokio::spawn(serve(server_in, server_out, disk, Arc::new(Nobody)));
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
        let mut editor = Editor { to, replies, notes, initialized: Value::Null, served, next: 0 };
        let id = editor.ask("initialize", json!({"capabilities": client})).await;
        editor.initialized = editor.reply(id).await["result"].clone();
        editor.tell("initialized", json!({})).await;
        editor
    }

    pub async fn send(&mut self, message: Value) {
        let body = message.to_string();
        let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.to.write_all(frame.as_bytes()).await.unwrap();
    }

    pub async fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params})).await;
    }

    pub async fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let id = self.next;
        self.send(json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})).await;
        id
    }

    pub async fn reply(&self, id: i64) -> Value {
        self.reply_within(id, Duration::from_secs(30)).await.unwrap_or_else(|| panic!("no reply to {id}"))
    }

    pub async fn reply_within(&self, id: i64, time: Duration) -> Option<Value> {
        let end = tokio::time::Instant::now() + time;
        while tokio::time::Instant::now() < end {
            if let Some(reply) = self.replies.lock().unwrap().remove(&id) {
                return Some(reply);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        None
    }

    /// Whether a note or a question of the server comes, with this method and these words in it.
    pub async fn hears(&self, method: &str, words: &str) -> bool {
        self.hears_within(method, words, Duration::from_secs(30)).await
    }

    /// The same, in this time.
    pub async fn hears_within(&self, method: &str, words: &str, time: Duration) -> bool {
        let end = tokio::time::Instant::now() + time;
        while tokio::time::Instant::now() < end {
            let heard = |note: &Value| note["method"] == method && note.to_string().contains(words);
            if self.notes.lock().unwrap().iter().any(heard) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        false
    }

    pub async fn open(&mut self, name: &str, text: &str) {
        let document = json!({"uri": uri(name), "languageId": "flow", "version": 0, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document})).await;
    }
}

pub fn uri(name: &str) -> String {
    format!("file:///p/{name}")
}

pub fn place(name: &str, line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": uri(name)}, "position": {"line": line, "character": character}})
}

pub fn run<F: Future<Output = ()>>(test: F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(test);
}
