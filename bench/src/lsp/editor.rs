//! An editor at the other end of a server's standard input and output.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long a server may take for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server, and what it has said.
pub(super) struct Editor {
    child: Child,
    to: ChildStdin,
    from: Receiver<(Instant, Value)>,
    next: i64,
    /// What the server says it can do.
    pub(super) capabilities: Value,
}

/// What came, when it came, counted from when it was asked for.
pub(super) struct Came {
    pub(super) after: Duration,
    pub(super) message: Value,
}

impl Editor {
    /// Starts a server in a folder, up to `initialize`. Whether the editor asks for findings, or waits for them to be sent.
    pub(super) fn start(command: &mut Command, folder: &Path, pulls: bool) -> Result<Editor, String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = spawned.map_err(|error| format!("`{program}` cannot be started: {error}"))?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the server has no pipes".to_owned());
        };
        let (said, heard) = channel();
        thread::spawn(move || {
            let mut from = BufReader::new(from);
            while let Some(body) = body(&mut from) {
                // The time is that of the message, not of reading what it says.
                let now = Instant::now();
                let Ok(message) = serde_json::from_slice(&body) else { continue };
                if said.send((now, message)).is_err() {
                    return;
                }
            }
        });
        let mut editor = Editor { child, to, from: heard, next: 0, capabilities: Value::Null };
        let mut text_document = json!({
            "synchronization": {},
            "publishDiagnostics": {"versionSupport": true, "relatedInformation": true},
            "completion": {"completionItem": {"snippetSupport": true, "documentationFormat": ["markdown"]}},
        });
        if pulls && let Some(object) = text_document.as_object_mut() {
            object.insert("diagnostic".to_owned(), json!({}));
        }
        let folders = json!([{"uri": uri(folder), "name": "project"}]);
        let capabilities = json!({
            "general": {"positionEncodings": ["utf-8", "utf-16"]},
            "textDocument": text_document,
            "workspace": {"workspaceFolders": true},
        });
        let params = json!({"processId": null, "rootUri": uri(folder), "workspaceFolders": folders, "capabilities": capabilities});
        let mut answer = editor.ask("initialize", params)?.message;
        editor.capabilities = answer.pointer_mut("/result/capabilities").map(Value::take).unwrap_or_default();
        Ok(editor)
    }

    /// Says that the editor is ready; when that was.
    pub(super) fn initialized(&mut self) -> Result<Instant, String> {
        let now = Instant::now();
        self.tell("initialized", json!({}))?;
        Ok(now)
    }

    pub(super) fn open(&mut self, path: &Path, language: &str, text: &str) -> Result<(), String> {
        let document = json!({"uri": uri(path), "languageId": language, "version": 0, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}))
    }

    /// Makes changes, each of which has a version of its own, from this one on. They are written at once.
    pub(super) fn change(&mut self, path: &Path, first: i64, edits: &[Edit]) -> Result<(), String> {
        let mut all = String::new();
        for (edit, version) in edits.iter().zip(first..) {
            let place = |column: usize| json!({"line": edit.line, "character": column});
            let range = json!({"start": place(edit.from), "end": place(edit.to)});
            let params = json!({
                "textDocument": {"uri": uri(path), "version": version},
                "contentChanges": [{"range": range, "text": edit.text}],
            });
            all.push_str(&framed(&notification("textDocument/didChange", &params)));
        }
        self.write(&all)
    }

    /// Asks something, and waits for the answer.
    pub(super) fn ask(&mut self, method: &str, params: Value) -> Result<Came, String> {
        self.next += 1;
        let id = self.next;
        let asked = Instant::now();
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        let came = self.wait(asked, |message| message.get("id") == Some(&json!(id)))?;
        match came.message.get("error") {
            Some(error) => Err(format!("`{method}` was answered by {error}")),
            None => Ok(came),
        }
    }

    pub(super) fn tell(&mut self, method: &str, params: Value) -> Result<(), String> {
        self.send(&notification(method, &params))
    }

    fn send(&mut self, message: &Value) -> Result<(), String> {
        self.write(&framed(message))
    }

    fn write(&mut self, messages: &str) -> Result<(), String> {
        let sent = self.to.write_all(messages.as_bytes()).and_then(|()| self.to.flush());
        sent.map_err(|error| format!("the server is gone: {error}"))
    }

    /// Waits for a message; others are answered where they ask something, and otherwise let go by.
    pub(super) fn wait(&mut self, since: Instant, is_it: impl Fn(&Value) -> bool) -> Result<Came, String> {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let Some((at, message)) = self.hear(left)? else {
                return Err("the server said nothing for a minute".to_owned());
            };
            let is_question = message.get("method").is_some() && message.get("id").is_some();
            if !is_question && is_it(&message) {
                return Ok(Came { after: at.saturating_duration_since(since), message });
            }
        }
    }

    /// Whatever comes within a while.
    pub(super) fn hear_all(&mut self, within: Duration) -> Result<Vec<Value>, String> {
        let end = Instant::now() + within;
        let mut heard = Vec::new();
        while let Some((_, message)) = self.hear(end.saturating_duration_since(Instant::now()))? {
            heard.push(message);
        }
        Ok(heard)
    }

    fn hear(&mut self, within: Duration) -> Result<Option<(Instant, Value)>, String> {
        let (at, message) = match self.from.recv_timeout(within) {
            Ok(heard) => heard,
            Err(RecvTimeoutError::Timeout) => return Ok(None),
            Err(RecvTimeoutError::Disconnected) => return Err("the server is gone".to_owned()),
        };
        if let (Some(id), Some(_)) = (message.get("id"), message.get("method")) {
            // `workspace/configuration` wants one answer for each item; nothing is set.
            let items = message.pointer("/params/items").and_then(Value::as_array);
            let result = items.map(|items| vec![Value::Null; items.len()]);
            let reply = json!({"jsonrpc": "2.0", "id": id, "result": result});
            self.send(&reply)?;
        }
        Ok(Some((at, message)))
    }

    /// The most memory that the server has had, in bytes, as the system counts it.
    pub(super) fn peak_memory(&self) -> Result<u64, String> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(&path).map_err(|error| format!("`{path}`: {error}"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
        kilobytes.map(|kilobytes| kilobytes * 1024).ok_or_else(|| format!("`{path}` has no `VmHWM`"))
    }

    /// The processor time that the threads of the server have had, as the system counts it.
    pub(super) fn processor_time(&self) -> Result<Duration, String> {
        let folder = format!("/proc/{}/task", self.child.id());
        let tasks = std::fs::read_dir(&folder).map_err(|error| format!("`{folder}`: {error}"))?;
        let times = tasks.flatten().filter_map(|task| {
            // A thread may have ended meanwhile.
            let line = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
            line.split(' ').next()?.parse::<u64>().ok()
        });
        Ok(Duration::from_nanos(times.sum()))
    }

    /// Ends the server in good order.
    pub(super) fn end(mut self) -> Result<(), String> {
        self.ask("shutdown", Value::Null)?;
        self.tell("exit", Value::Null)?;
        drop(self.to);
        self.child.wait().map(|_| ()).map_err(|error| error.to_string())
    }
}

/// A stretch of a line, and what stands there afterwards.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub(super) line: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) text: &'static str,
}

/// What the protocol calls a file; the paths here have no character that it would write otherwise.
pub(super) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn notification(method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "method": method, "params": params})
}

/// A message with its head.
fn framed(message: &Value) -> String {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len())
}

/// The body of the next message; none at the end.
fn body(from: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut len = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim() {
            "" => break,
            line => {
                if let Some((_, number)) = line.split_once("Content-Length:") {
                    len = number.trim().parse().ok()?;
                }
            }
        }
    }
    let mut body = vec![0; len];
    from.read_exact(&mut body).ok()?;
    Some(body)
}
