//! The language server beside `ruff server`, which checks Python: from a change to the findings, completion, memory, and a
//! burst of changes; and how long a project of 500 files takes when it is opened.
//!
//! Each server is a process of its own that is spoken to as an editor does, once so that it sends findings itself, and
//! once so that it is asked for them. Their changes take turns, so that whatever else the machine does meets all of them.

mod editor;
mod python;
mod session;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::generate::{self, Dice};
use editor::{Editor, uri};
use session::Session;

const SIZES: [usize; 2] = [1_000, 10_000];
const CHANGES: usize = 100;
const COMPLETIONS: usize = 100;
const BURSTS: usize = 5;
/// How many changes come at once.
const BURST: usize = 20;

/// How many files the project has that is opened, and the lines of each, about.
const FILES: usize = 500;
const LINES: usize = 100;

/// What must hold: of ruff's time from a change to the findings, of its memory, and times of our own.
const OF_CHANGE: f64 = 0.5;
const OF_MEMORY: f64 = 1.0;
const COMPLETION: Duration = Duration::from_millis(20);
const PUBLISHES: usize = 2;
const OPENED: Duration = Duration::from_secs(1);

/// Where ruff is looked for, beside the folder of this program.
const RUFF: &str = "ruff/bin/ruff";

/// Measures, and prints a table and what holds.
pub fn run(arguments: &[&str]) -> Result<String, String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = this.parent().unwrap_or(Path::new("."));
    let (mut chatflow, mut ruff) = (folder.join("chatflow"), folder.parent().unwrap_or(folder).join(RUFF));
    let mut rest = arguments;
    while let [option, path, more @ ..] = rest {
        match *option {
            "--chatflow" => chatflow = PathBuf::from(path),
            "--ruff" => ruff = PathBuf::from(path),
            other => return Err(format!("there is no `{other}`")),
        }
        rest = more;
    }
    if !ruff.is_file() {
        let venv = ruff.parent().and_then(Path::parent).unwrap_or(&ruff).display();
        return Err(format!(
            "there is no ruff: `python3 -m venv {venv} && {venv}/bin/pip install ruff`, or name one with `--ruff`"
        ));
    }
    let scratch = Scratch::new()?;
    let mut largest = None;
    for lines in SIZES {
        let measured = beside(&chatflow, &ruff, &scratch.0.join(lines.to_string()), lines)?;
        println!("{}", table(lines, &measured));
        largest = Some(measured);
    }
    let opened = opened(&chatflow, &scratch.0.join("project"))?;
    Ok(largest.map(|measured| verdicts(&measured, opened)).unwrap_or_default())
}

/// A folder that is gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Scratch, String> {
        let path = std::env::temp_dir().join(format!("chatflow-bench-{}", std::process::id()));
        made(&path)?;
        Ok(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn made(folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("`{}`: {error}", folder.display()))
}

fn written(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("`{}`: {error}", path.display()))
}

/// What was measured of one server.
struct Measured {
    name: &'static str,
    is_ours: bool,
    opened: Duration,
    changes: Vec<Duration>,
    /// The processor time that all these changes took.
    processor: Duration,
    /// None where it has no completion.
    completions: Option<Vec<Duration>>,
    /// The time from a burst to the findings of its last change, and how often findings were sent meanwhile.
    bursts: Vec<(Duration, usize)>,
    memory: u64,
}

/// Measures all servers with files of so many lines.
fn beside(chatflow: &Path, ruff: &Path, folder: &Path, lines: usize) -> Result<Vec<Measured>, String> {
    let (flows, python) = (folder.join("flows"), folder.join("python"));
    made(&flows)?;
    made(&python)?;
    for (name, text) in generate::project(1) {
        written(&flows.join(name), &text)?;
    }
    let flow = (flows.join("flow_1.flow"), flow(lines), "chatflow");
    let module = (python.join("flow_1.py"), python::module(lines), "python");
    let servers = [
        ("chatflow, sends", chatflow, "lsp", &flow, false),
        ("chatflow, asked", chatflow, "lsp", &flow, true),
        ("ruff, sends", ruff, "server", &module, false),
        ("ruff, asked", ruff, "server", &module, true),
    ];
    let mut sessions = Vec::new();
    let mut measured = Vec::new();
    for (name, program, argument, (path, text, language), pulls) in servers {
        written(path, text)?;
        let folder = path.parent().unwrap_or(path);
        let mut editor = Editor::start(Command::new(program).arg(argument), folder, pulls)?;
        editor.initialized()?;
        let mut session = Session::new(editor, path.clone(), text, pulls);
        let opened = session.open(language, text)?;
        let completions = session.completes().then(Vec::new);
        measured.push(Measured {
            name,
            is_ours: argument == "lsp",
            opened,
            changes: Vec::new(),
            processor: Duration::ZERO,
            completions,
            bursts: Vec::new(),
            memory: 0,
        });
        sessions.push(session);
    }
    let mut dice = Dice(7);
    let before =
        sessions.iter().map(|session| session.editor.processor_time()).collect::<Result<Vec<_>, _>>()?;
    for _ in 0..CHANGES {
        for (session, measured) in sessions.iter_mut().zip(&mut measured) {
            measured.changes.push(session.change(&mut dice)?);
        }
    }
    for ((session, measured), before) in sessions.iter().zip(&mut measured).zip(before) {
        measured.processor = session.editor.processor_time()?.saturating_sub(before);
    }
    for _ in 0..COMPLETIONS {
        for (session, measured) in sessions.iter_mut().zip(&mut measured) {
            if let Some(completions) = &mut measured.completions {
                completions.push(session.complete(&mut dice)?);
            }
        }
    }
    for _ in 0..BURSTS {
        for (session, measured) in sessions.iter_mut().zip(&mut measured) {
            measured.bursts.push(session.burst(&mut dice, BURST)?);
        }
    }
    for (session, measured) in sessions.into_iter().zip(&mut measured) {
        measured.memory = session.editor.peak_memory()?;
        session.editor.end()?;
    }
    Ok(measured)
}

/// A flow of at least so many lines.
fn flow(lines: usize) -> String {
    let longer = (0..).map(|more| generate::flow(1, lines + lines * more / 20));
    longer.into_iter().find(|text| text.lines().count() >= lines).unwrap_or_default()
}

/// How long it takes from `initialized` until all findings of a project have come. Every flow in it has one.
fn opened(chatflow: &Path, folder: &Path) -> Result<Duration, String> {
    made(folder)?;
    for (name, text) in generate::project(1) {
        written(&folder.join(name), &text)?;
    }
    for number in 1..FILES {
        let text = format!("{}\nstep left_over {{\n  end\n}}\n", generate::flow(number, LINES));
        written(&folder.join(format!("flow_{number}.flow")), &text)?;
    }
    let mut times = Vec::new();
    for _ in 0..5 {
        let mut editor = Editor::start(Command::new(chatflow).arg("lsp"), folder, false)?;
        let since = editor.initialized()?;
        let mut last = Duration::ZERO;
        let mut missing: std::collections::BTreeSet<String> =
            (1..FILES).map(|number| uri(&folder.join(format!("flow_{number}.flow")))).collect();
        while !missing.is_empty() {
            let came = editor.wait(since, |message| published(message).is_some())?;
            if let Some((uri, _)) = published(&came.message) {
                missing.remove(uri);
            }
            last = came.after;
        }
        times.push(last);
        editor.end()?;
    }
    times.sort_unstable();
    Ok(at(&times, 0.5))
}

/// The file of a message that brings findings, and the version of its text.
fn published(message: &serde_json::Value) -> Option<(&str, Option<i64>)> {
    let is_it = message.get("method")?.as_str()? == "textDocument/publishDiagnostics";
    let params = message.get("params").filter(|_| is_it)?;
    Some((params.get("uri")?.as_str()?, params.get("version").and_then(serde_json::Value::as_i64)))
}

/// The time that a part of the times are not above.
fn at(times: &[Duration], part: f64) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let nth = (sorted.len() as f64 * part).ceil() as usize;
    sorted.get(nth.saturating_sub(1)).copied().unwrap_or_default()
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

fn mb(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn table(lines: usize, measured: &[Measured]) -> String {
    let mut out = String::new();
    let mut row = |name: &str, cell: &dyn Fn(&Measured) -> String| {
        let _ = write!(out, "{name:<36}");
        for one in measured {
            let _ = write!(out, "{:>17}", cell(one));
        }
        out.push('\n');
    };
    row(&format!("{lines} lines"), &|one| one.name.to_owned());
    row("  opened to findings", &|one| ms(one.opened));
    row("  change to findings, median", &|one| ms(at(&one.changes, 0.5)));
    row("  change to findings, p95", &|one| ms(at(&one.changes, 0.95)));
    row("  processor time of a change", &|one| ms(one.processor / CHANGES as u32));
    let completion =
        |one: &Measured, part| one.completions.as_ref().map_or("none".to_owned(), |all| ms(at(all, part)));
    row("  change to completion, median", &|one| completion(one, 0.5));
    row("  change to completion, p95", &|one| completion(one, 0.95));
    let times = |one: &Measured| one.bursts.iter().map(|(time, _)| *time).collect::<Vec<_>>();
    row(&format!("  {BURST} changes at once, p95"), &|one| ms(at(&times(one), 0.95)));
    row("  findings sent for them, at most", &|one| match most_sent(one) {
        0 => "asked".to_owned(),
        most => format!("{most} times"),
    });
    row("  peak memory", &|one| mb(one.memory));
    out
}

fn most_sent(one: &Measured) -> usize {
    one.bursts.iter().map(|(_, sent)| *sent).max().unwrap_or(0)
}

/// What must hold with large files, of the worse of ours beside the better of theirs.
fn verdicts(measured: &[Measured], opened: Duration) -> String {
    let (ours, theirs): (Vec<&Measured>, Vec<&Measured>) = measured.iter().partition(|one| one.is_ours);
    let change = |one: &&Measured| at(&one.changes, 0.95);
    let worse = ours.iter().map(change).max().unwrap_or_default();
    let better = theirs.iter().map(change).min().unwrap_or_default();
    let completion =
        ours.iter().filter_map(|one| Some(at(one.completions.as_ref()?, 0.95))).max().unwrap_or_default();
    let most = ours.iter().map(|one| most_sent(one)).max().unwrap_or(0);
    let memory = |one: &&Measured| one.memory;
    let (our_memory, their_memory) =
        (ours.iter().map(memory).max().unwrap_or(0), theirs.iter().map(memory).min().unwrap_or(0));
    let of_change = worse.as_secs_f64() / better.as_secs_f64();
    let of_memory = our_memory as f64 / their_memory.max(1) as f64;
    let rows = [
        (
            of_change <= OF_CHANGE,
            format!(
                "p95 from change to findings: {} beside {}, {of_change:.2} times; at most {OF_CHANGE}",
                ms(worse),
                ms(better)
            ),
        ),
        (completion < COMPLETION, format!("p95 of completion: {}; under {}", ms(completion), ms(COMPLETION))),
        (most <= PUBLISHES, format!("a burst sends findings {most} times; at most {PUBLISHES}")),
        (
            of_memory <= OF_MEMORY,
            format!(
                "peak memory: {} beside {}, {of_memory:.2} times; at most {OF_MEMORY}",
                mb(our_memory),
                mb(their_memory)
            ),
        ),
        (
            opened < OPENED,
            format!("{FILES} files of {LINES} lines opened: {}; under {}", ms(opened), ms(OPENED)),
        ),
    ];
    let mut out = "at the largest size, the worse of ours beside the better of theirs:\n".to_owned();
    for (holds, said) in rows {
        let _ = writeln!(out, "  {} {said}", if holds { "holds:" } else { "DOES NOT HOLD:" });
    }
    out
}
