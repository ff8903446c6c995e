//! What becomes of the chats that wait when a new version comes: `diff` and its reports.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic in a test is its failure")]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Folder, ran};

/// The example in `old`, and in `new` as somebody has edited it since.
fn edited() -> Folder {
    let folder = Folder::with(&[]);
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/qualify_leads");
    for name in ["qualify_leads.flow", "acme.flow"] {
        let text = std::fs::read_to_string(example.join(name)).unwrap();
        folder.write(&format!("old/{name}"), &text);
        folder.write(&format!("new/{name}"), edit(&text));
    }
    folder.write("old/chatflow.toml", "");
    folder.write("new/chatflow.toml", "");
    folder
}

fn edit(text: &str) -> String {
    text.replace("step support", "step answers")
        .replace("-> support", "-> answers")
        .replace("outdated -> need                           // where a chat goes whose place a new version no longer has", "")
        .replace("outdated -> need", "")
        .replace("What's your work email?", "What is your email address at work?")
        .replace("    \"2–50\"    = 50\n", "    \"2–50\"    = 50\n    \"51–200\"  = 200\n")
        .replace("Thank you! We'll be in touch.", "Thank you. We'll write to you today.")
}

/// A host's count of who waits where.
const COUNTS: &str = "{\"qualify_leads\": {\"need: ask\": 214, \"support: ask issue\": 12}}";

#[test]
fn a_report_for_people() {
    let ran = edited().run(&["diff", "old", "new"], "");
    insta::assert_snapshot!(ran.snapshot());
}

#[test]
fn a_report_for_a_pull_request() {
    let folder = edited();
    folder.write("counts.json", COUNTS);
    let arguments = ["diff", "old", "new", "--sessions", "counts.json", "--message-format", "markdown"];
    let ran = folder.run(&arguments, "");
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    insta::assert_snapshot!(ran.out);
}

#[test]
fn a_report_for_programs() {
    let folder = edited();
    folder.write("counts.json", COUNTS);
    let ran =
        folder.run(&["diff", "old", "new", "--sessions", "counts.json", "--message-format", "json"], "");
    insta::assert_snapshot!(ran.out);
}

#[test]
fn a_report_for_platforms() {
    let ran = edited().run(&["diff", "old", "new", "--message-format", "sarif"], "");
    insta::assert_snapshot!(ran.out.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn what_has_a_destination_is_fine() {
    let folder = edited();
    let flow = folder.read("new/qualify_leads.flow");
    folder.write("new/qualify_leads.flow", flow.replace("step answers", "step answers was support"));
    let ran = folder.run(&["diff", "old", "new"], "");
    assert_eq!(ran.code, 0, "{}", ran.snapshot());
    assert!(ran.out.contains("`support` is `answers` by now"), "{}", ran.out);
    folder.write("new/qualify_leads.flow", flow.replace("welcome ", "outdated -> need\n\nwelcome "));
    let ran = folder.run(&["diff", "old", "new"], "");
    assert_eq!(ran.code, 0, "{}", ran.snapshot());
    assert!(ran.out.contains("its chats go to `need`, as `outdated` says"), "{}", ran.out);
}

#[test]
fn nothing_has_changed() {
    let folder = edited();
    let ran = folder.run(&["diff", "old", "old"], "");
    assert_eq!(
        ran.snapshot(),
        "exit code 0\n--- out\nflow qualify_leads\n  nothing that a visitor or a waiting chat would notice\n"
    );
}

#[test]
fn programs_and_sources_compare() {
    let folder = edited();
    assert_eq!(folder.run(&["build", "old", "-o", "live/"], "").code, 0);
    let of_program = folder.run(&["diff", "live/qualify_leads.flowc", "new"], "");
    assert_eq!(of_program.out, folder.run(&["diff", "old", "new"], "").out);
}

fn git(folder: &Folder, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]);
    command.args(arguments).current_dir(&folder.0);
    let ran = ran(command, "");
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn revisions_of_git_compare() {
    let folder = edited();
    let expected = folder.run(&["diff", "old", "new"], "").out;
    git(&folder, &["init", "-q"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-q", "-m", "one"]);
    assert_eq!(folder.run(&["diff", "HEAD:old", "new"], "").out, expected);
    assert_eq!(folder.run(&["diff", "HEAD:old", "HEAD:new"], "").out, expected);
    let flow = folder.read("new/qualify_leads.flow");
    folder.write("new/qualify_leads.flow", flow.replace("Thank you.", "Thanks."));
    let ran = folder.run(&["diff", "HEAD", "new/qualify_leads.flow"], "");
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("+ \"Thanks. We'll write to you today.\""), "{}", ran.snapshot());
}

#[test]
fn what_is_no_version() {
    let folder = edited();
    folder.write("broken.flow", "flow b \"B\"\nstep a {\n  -> c\n}\n");
    folder.write("counts.json", "[1]");
    for arguments in [
        &["diff", "nowhere", "new"][..],
        &["diff", "broken.flow", "new"],
        &["diff", "--", "-x", "new"],
        &["diff", "old", "new", "--sessions", "counts.json"],
    ] {
        let ran = folder.run(arguments, "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.snapshot());
    }
}

/// The project in `bot`, with its lock.
fn locked() -> Folder {
    let folder = edited();
    for name in ["qualify_leads.flow", "acme.flow"] {
        folder.write(&format!("bot/{name}"), folder.read(&format!("old/{name}")));
    }
    folder.write("bot/chatflow.toml", "");
    let ran = folder.run(&["build", "bot", "--update-lock"], "");
    assert_eq!(ran.code, 0, "{}", ran.snapshot());
    folder
}

#[test]
fn the_lock_is_sorted_and_readable() {
    let folder = locked();
    insta::assert_snapshot!(folder.read("bot/chatflow.lock"));
    let before = folder.read("bot/chatflow.lock");
    assert_eq!(folder.run(&["build", "bot", "--update-lock"], "").code, 0);
    assert_eq!(folder.read("bot/chatflow.lock"), before);
    let ran = folder.run(&["check", "bot", "--locked"], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, "1 flow, nothing to complain of\n"));
}

#[test]
fn what_the_lock_finds() {
    let folder = locked();
    folder.write("bot/qualify_leads.flow", folder.read("new/qualify_leads.flow"));
    insta::assert_snapshot!(folder.run(&["check", "bot", "--locked"], "").snapshot());
    assert_eq!(folder.run(&["check", "bot"], "").code, 0);
    assert_eq!(folder.run(&["build", "bot", "--update-lock"], "").code, 0);
    assert_eq!(folder.run(&["check", "bot", "--locked"], "").code, 0);
}

/// What `check --locked` says of a flow that has been edited since its lock was written.
fn edited_since(old: &str, new: &str) -> String {
    let folder = Folder::with(&[]);
    folder.write("c.flow", old);
    assert_eq!(folder.run(&["build", "c.flow", "--update-lock"], "").code, 0);
    folder.write("c.flow", new);
    let ran = folder.run(&["check", "c.flow", "--locked"], "");
    // What the files say themselves stands before it.
    let (_, chats) = ran.err.split_at(ran.err.find("error: chats").unwrap_or(ran.err.len()));
    format!("{} {chats}", ran.code)
}

const TWO: &str = "flow c \"C\"\nstep a {\n  ask \"First?\" { \"Yes\" -> b }\n  ask \"Second?\"\n}\nstep b { ask \"More?\" }\n";

#[test]
fn a_question_with_the_number_of_another() {
    let inserted = TWO.replace("  ask \"First?\"", "  ask \"New?\"\n  ask \"First?\"");
    let told = edited_since(TWO, &inserted);
    assert!(told.starts_with("1 error: chats of c at `a: ask` would meet another question: \"New?\" has the place of \"First?\", which stands elsewhere by now"), "{told}");
    let removed = TWO
        .replace("  ask \"First?\" { \"Yes\" -> b }\n", "  say \"b\"\n")
        .replace("step b { ask \"More?\" }\n", "");
    let told = edited_since(TWO, &removed);
    assert!(told.contains("chats of c at `a: ask #2` lose their place"), "{told}");
    let reworded = TWO.replace("First?", "The first?");
    assert!(edited_since(TWO, &reworded).starts_with("0 "), "{}", edited_since(TWO, &reworded));
    // A name keeps a place, whatever stands above it.
    let named = TWO.replace("ask \"Second?\"", "ask more: text \"Second?\"");
    let above = named.replace("  ask \"First?\"", "  ask other: text \"New?\"\n  ask \"First?\"");
    assert!(edited_since(&named, &above).starts_with("0 "), "{}", edited_since(&named, &above));
}

#[test]
fn questions_that_only_a_number_tells_apart() {
    let folder = Folder::with(&[]);
    folder.write("c.flow", "flow c \"C\"\nstep a {\n  ask \"First?\"\n  ask \"Second?\"\n}\n");
    let ran = folder.run(&["build", "c.flow", "--update-lock"], "");
    assert_eq!(ran.code, 0);
    assert!(
        ran.err.contains("warning[E0901]: only a number tells this question from another"),
        "{}",
        ran.err
    );
    // With the lock there, whoever checks hears of it, and `--fix` leaves it: a name needs a look.
    let ran = folder.run(&["check", "c.flow", "--message-format", "short"], "");
    let told = format!("{}{}", ran.out, ran.err);
    assert!(told.contains("c.flow:4:7: warning[E0901]"), "{told}");
}

#[test]
fn what_is_asked_before_a_place_and_used_only_there_is_not_lacking_behind_it() {
    let old = "flow c \"C\"\nstep a {\n  ask \"First?\"\n  say \"Bye\"\n}\n";
    let new = "flow c \"C\"\nstep a {\n  ask town: text \"Town?\"\n  say \"Hello, {town}\"\n  ask \"First?\"\n  say \"Bye\"\n}\n";
    assert!(edited_since(old, new).starts_with("0 "), "{}", edited_since(old, new));
    // A chat that knows it may be asked to show it later, though its own version does not.
    let later = new.replace("say \"Bye\"", "say \"Bye, {town}\"");
    assert!(edited_since(new, &later).starts_with("0 "), "{}", edited_since(new, &later));
    // What is stored anew behind it is no need either.
    let stored = new.replace("say \"Bye\"", "ask town \"Town again?\"\n  say \"Bye, {town}\"");
    assert!(edited_since(old, &stored).starts_with("0 "), "{}", edited_since(old, &stored));
}

#[test]
fn a_value_that_chats_may_lack() {
    let old = "flow c \"C\"\nstep a {\n  ask \"First?\"\n  say \"Bye\"\n}\n";
    let new =
        "flow c \"C\"\nstep a {\n  ask town: text \"Town?\"\n  ask \"First?\"\n  say \"Bye, {town}\"\n}\n";
    let told = edited_since(old, new);
    assert!(
        told.starts_with("1 error: chats of c at `a: ask` lose their place: it does not know town\n"),
        "{told}"
    );
    let sent = new.replace("step a", "outdated -> a\nstep a");
    assert!(edited_since(old, &sent).starts_with("0 "));
}

#[test]
fn a_lock_that_is_none() {
    let folder = Folder::with(&[]);
    folder.write("c.flow", TWO);
    let ran = folder.run(&["check", "c.flow", "--locked"], "");
    assert_eq!(ran.code, 2, "{}", ran.snapshot());
    folder.write("chatflow.lock", "[c]\n\"a: ask\" = [\"nonsense\"]\n");
    let ran = folder.run(&["check", "c.flow", "--locked"], "");
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.starts_with("error: chatflow.lock:2:13: `nonsense` says nothing of a place"),
        "{}",
        ran.err
    );
}

#[test]
fn recorded_chats_in_a_new_version() {
    let folder = edited();
    let talk = concat!(
        "{\"type\":\"start\",\"now\":0}\n{\"type\":\"agree\",\"now\":1}\n",
        "{\"type\":\"text\",\"text\":\"Get support\",\"now\":2}\n{\"type\":\"text\",\"text\":\"All of it\",\"now\":3}\n"
    );
    let chats = folder.run(&["run", "--json", "old"], talk);
    folder.write("chats.jsonl", &chats.out);
    let ran = folder.run(&["migrate-check", "new", "chats.jsonl"], "");
    let (named, piped) = (
        folder.run(&["migrate-check", "new", "chats.jsonl", "--old", "old"], ""),
        folder.run(&["migrate-check", "new", "-", "--old", "old"], &chats.out),
    );
    assert_eq!(named.out, piped.out);
    insta::assert_snapshot!(format!("{}\n{}", ran.snapshot(), named.snapshot()));
    let same = folder.run(&["migrate-check", "old", "chats.jsonl"], "");
    assert_eq!(same.code, 0, "{}", same.snapshot());
    folder.write("chats.jsonl", "\"01\"\n");
    assert_eq!(folder.run(&["migrate-check", "new", "chats.jsonl"], "").code, 2);
}
