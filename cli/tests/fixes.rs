//! `check --fix` and `--diff`: what they change, what they leave, and what they say.
#![allow(missing_docs, reason = "a test needs no documentation beyond its name")]
#![allow(clippy::unwrap_used, reason = "a panic in a test is its failure")]

mod support;

use support::Folder;

/// A typographic quote, a misspelt word, and a step that is called otherwise.
const SLIPS: &str = "flow hello \"Hello\"\n\nstep start {\n  say “Hi”\n  sya \"Welcome.\"\n  -> thakns\n}\n\nstep thanks {\n  say \"Thanks.\"\n}\n";

#[test]
fn fix_writes_what_is_certain() {
    let folder = Folder::with(&[]);
    folder.write("hello.flow", SLIPS);
    let ran = folder.run(&["check", "--message-format", "short"], "");
    assert_eq!(ran.code, 1);
    assert_eq!(folder.read("hello.flow"), SLIPS);
    insta::assert_snapshot!("fix_safe", folder.run(&["check", "--fix"], "").snapshot());
    let mended = SLIPS.replace(['“', '”'], "\"").replace("sya", "say");
    assert_eq!(folder.read("hello.flow"), mended);
    insta::assert_snapshot!("fix_unsafe", folder.run(&["check", "--fix", "--unsafe-fixes"], "").snapshot());
    assert_eq!(folder.read("hello.flow"), mended.replace("thakns", "thanks"));
    insta::assert_snapshot!("fix_nothing", folder.run(&["check", "--fix"], "").snapshot());
}

#[test]
fn diff_shows_what_fix_would_write() {
    let folder = Folder::with(&[]);
    folder.write("bots/hello.flow", SLIPS);
    insta::assert_snapshot!("fix_diff", folder.run(&["check", "--diff", "--unsafe-fixes"], "").snapshot());
    assert_eq!(folder.read("bots/hello.flow"), SLIPS);
    let ran = folder.run(&["check", "--diff", "--color", "always"], "");
    assert!(ran.out.contains("\u{1b}[32m+  say \"Hi\"\u{1b}[0m\n"), "{}", ran.out);
    folder.run(&["check", "--fix", "--unsafe-fixes"], "");
    let ran = folder.run(&["check", "--diff"], "");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", "nothing to fix\n"));
}

#[test]
fn a_patch_has_every_byte_and_a_terminal_none_that_moves_it() {
    let folder = Folder::with(&[]);
    folder.write("hello.flow", "flow hello \"Hello\"\nstep start {\n  sa\u{200b}y \"Hi\"\n}\n");
    let ran = folder.run(&["check", "--diff"], "");
    assert!(ran.out.contains("\n-  sa\u{200b}y \"Hi\"\n+  say \"Hi\"\n"), "{}", ran.out);
    let ran = folder.run(&["check", "--diff", "--color", "always"], "");
    assert!(ran.out.contains("sa\u{fffd}y") && !ran.out.contains('\u{200b}'), "{}", ran.out);
}

#[test]
fn what_is_no_text_is_left_alone() {
    let folder = Folder::with(&[]);
    let bytes = b"flow hello \"caf\xe9\"\nstep start {\n  sya \"Hi\"\n}\n";
    folder.write("hello.flow", bytes);
    let ran = folder.run(&["check", "--fix"], "");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("`hello.flow` is left as it is: it is not UTF-8\n"), "{}", ran.err);
    assert_eq!(std::fs::read(folder.0.join("hello.flow")).unwrap(), bytes);
}

#[test]
fn options_that_mean_nothing_together_are_refused() {
    let folder = Folder::with(&[]);
    folder.write("hello.flow", SLIPS);
    let ran = folder.run(&["check", "--unsafe-fixes"], "");
    assert_eq!(ran.code, 2);
    let ran = folder.run(&["check", "--fix", "--diff"], "");
    assert_eq!(ran.code, 2);
    assert_eq!(folder.read("hello.flow"), SLIPS);
}
