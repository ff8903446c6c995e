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
