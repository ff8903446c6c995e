//! Programs and chats of every version that there was: each later one reads them, and goes on with them alike.
//!
//! `tests/golden/NAME` has what a version made: a `.flowc` for each example, and beside it `.jsonl`, a chat that waits on each line, with
//! a message and what was said to it then. `CHATFLOW_GOLDEN=NAME cargo nextest run -p chatflow-tests --test golden` adds the
//! present version under a name of its own, before a release; what is there is never written again.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic in a test is its failure")]

use std::fs;
use std::path::{Path, PathBuf};

use chatflow_compiler::source::Source;
use chatflow_compiler::{Project, check};
use chatflow_runtime::{
    Effect, Facts, Input, Program, Session, Timestamp, Turn, Waiting, encode, migrate, resume, start,
};
use serde_json::{Value, json};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// Half a minute after everything else: no chat is over by then, and no message comes too early.
const LATER: i64 = 30_000;

fn texts(turn: &Turn) -> Vec<String> {
    let text = |effect: &Effect| match effect {
        Effect::Say { text } | Effect::Ask { text, .. } | Effect::Consent { text, .. } => Some(text.clone()),
        Effect::Show { .. }
        | Effect::Set { .. }
        | Effect::Clear { .. }
        | Effect::Act { .. }
        | Effect::Articles { .. }
        | Effect::Forward { .. }
        | Effect::Moved { .. }
        | Effect::Survey { .. }
        | Effect::Complete { .. } => None,
    };
    turn.effects.iter().filter_map(|numbered| text(&numbered.effect)).collect()
}

fn hex(session: &Session) -> Value {
    serde_json::to_value(session).unwrap()
}

/// The next turn of a chat.
fn answered(program: &Program, session: &Session, message: &str) -> Turn {
    let input = if message == "(agree)" { Input::Agree } else { Input::Text(message) };
    resume(program, session, input, &Facts::new(), Timestamp(session.last_active().0 + LATER))
}

/// A talk through a program that answers each question with something, as lines.
fn talk(program: &Program) -> String {
    let mut turn = start(program, &Facts::new(), Timestamp(1_796_000_000_000));
    let mut lines = String::new();
    for message in ["(agree)", "1", "ada@example.com", "2", "Something is wrong", "12", "1", "+31201234567"] {
        if turn.waiting == Waiting::Nothing {
            break;
        }
        let next = answered(program, &turn.session, message);
        let line = json!({"session": hex(&turn.session), "message": message, "says": texts(&next)});
        lines += &format!("{line}\n");
        turn = next;
    }
    lines
}

/// The programs of the examples, by the names of their folders.
fn examples() -> Vec<(String, Program)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let paths: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.extend(paths.iter().filter(|path| path.is_dir()).cloned());
        let flows = paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "flow"));
        let source = |path: &PathBuf| {
            Source::new(path.file_name().unwrap().to_string_lossy(), fs::read_to_string(path).unwrap())
        };
        let mut sources: Vec<Source> = flows.map(source).collect();
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        let name = folder.strip_prefix(&root).unwrap().to_string_lossy().replace(['/', '\\'], "-");
        for flow in check(&Project::new(sources)).flows {
            let Some(image) = flow.image else { continue };
            found.push((format!("{name}-{}", flow.name), Program::from_image(image).unwrap()));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Adds the present version, if somebody has named it.
fn add() {
    let Ok(name) = std::env::var("CHATFLOW_GOLDEN") else { return };
    let folder = golden().join(name);
    assert!(!folder.exists(), "{} is kept for ever; take another name", folder.display());
    fs::create_dir_all(&folder).unwrap();
    for (name, program) in examples() {
        fs::write(folder.join(format!("{name}.flowc")), encode(program.image())).unwrap();
        fs::write(folder.join(format!("{name}.jsonl")), talk(&program)).unwrap();
    }
}

#[test]
fn every_version_is_read_and_goes_on() {
    add();
    let now = examples();
    let mut chats = 0;
    for version in fs::read_dir(golden()).unwrap().map(|entry| entry.unwrap().path()) {
        let files: Vec<PathBuf> =
            fs::read_dir(&version).unwrap().map(|entry| entry.unwrap().path()).collect();
        for path in files.iter().filter(|path| path.extension().is_some_and(|ending| ending == "flowc")) {
            let program = Program::load(&fs::read(path).unwrap());
            assert!(program.is_ok(), "{}: {}", path.display(), program.unwrap_err());
            chats += goes_on(path, &program.unwrap(), &now);
        }
    }
    assert!(chats > 50, "only {chats} chats: were they found?");
}

/// Goes on with each chat of a program: in the program as it did then, and in the present version somewhere, with all
/// that it knows.
fn goes_on(path: &Path, program: &Program, now: &[(String, Program)]) -> usize {
    let lines = fs::read_to_string(path.with_extension("jsonl")).unwrap();
    for (at, line) in lines.lines().enumerate() {
        let place = format!("{}:{}", path.with_extension("jsonl").display(), at + 1);
        let chat: Value = serde_json::from_str(line).unwrap();
        let session = serde_json::from_value::<Session>(chat["session"].clone());
        assert!(session.is_ok(), "{place}: {}", session.unwrap_err());
        let session = session.unwrap();
        let turn = answered(program, &session, chat["message"].as_str().unwrap());
        assert_eq!(json!(texts(&turn)), chat["says"], "{place}");
        let Some((_, new)) = now.iter().find(|(_, new)| new.flow_id() == session.flow()) else { continue };
        let migration = migrate(new, &session, &Facts::new());
        let kept = migration.session.values().count() + migration.forgotten.len();
        assert_eq!(kept, session.values().count(), "{place}");
    }
    lines.lines().count()
}
