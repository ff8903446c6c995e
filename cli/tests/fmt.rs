//! `fmt`: what it writes, what it only says, and what it leaves.
#![allow(missing_docs, reason = "a test needs no documentation beyond its name")]
#![allow(clippy::unwrap_used, reason = "a panic in a test is its failure")]

mod support;

use std::fs;

use support::Folder;

const UNTIDY: &str = "flow  hello \"Hello\"\nstep start{\nsay   \"Hi\"\n}\n";
const TIDY: &str = "flow hello \"Hello\"\nstep start {\n  say \"Hi\"\n}\n";

fn said(folder: &Folder, arguments: &[&str]) -> (i32, String, String) {
    let ran = folder.run(arguments, "");
    (ran.code, ran.out, ran.err)
}

#[test]
fn it_writes_what_changes() {
    let folder = Folder::with(&["hello.flow"]);
    folder.write("sub/untidy.flow", UNTIDY);
    let nothing = String::new();
    let check = (1, "sub/untidy.flow\n".to_owned(), "would format 1 of 2 files\n".to_owned());
    assert_eq!(said(&folder, &["fmt", "--check"]), check);
    assert_eq!(folder.read("sub/untidy.flow"), UNTIDY);
    assert_eq!(said(&folder, &["fmt"]), (0, nothing.clone(), "formatted 1 of 2 files\n".to_owned()));
    assert_eq!(folder.read("sub/untidy.flow"), TIDY);
    let done = (0, nothing, "2 files, nothing to format\n".to_owned());
    assert_eq!(said(&folder, &["fmt"]), done);
    assert_eq!(said(&folder, &["fmt", "--check", "hello.flow", "sub/untidy.flow"]), done);
}

#[test]
fn what_is_right_is_not_written() {
    let folder = Folder::with(&["hello.flow"]);
    let path = folder.0.join("hello.flow");
    let mut rights = fs::metadata(&path).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(&path, rights).unwrap();
    assert_eq!(folder.run(&["fmt"], "").code, 0);
}

#[test]
fn a_difference_is_shown() {
    let folder = Folder::with(&[]);
    folder.write("untidy.flow", UNTIDY);
    insta::assert_snapshot!("fmt_diff", folder.run(&["fmt", "--diff", "untidy.flow"], "").snapshot());
    assert_eq!(folder.read("untidy.flow"), UNTIDY);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = Folder::with(&[]);
    let ran = folder.run(&["fmt", "-"], UNTIDY);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, TIDY, ""));
    let ran = folder.run(&["fmt", "-", "--check"], UNTIDY);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, "", ""));
    assert_eq!(folder.run(&["fmt", "-", "--check"], TIDY).code, 0);
    assert_eq!(folder.run(&["fmt", "-", "--diff"], TIDY).code, 0);
    assert_eq!(folder.run(&["fmt", "-", "more.flow"], TIDY).code, 2);
}

#[test]
fn what_cannot_be_read_is_left_and_told() {
    let folder = Folder::with(&[]);
    folder.write("broken.flow", "flow  hello \"Hello\"\nstep start{\nsay   5   5\n  say   \"Hi\"\n}\n");
    let ran = folder.run(&["fmt", "broken.flow"], "");
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!("fmt_broken", ran.snapshot());
    assert_eq!(
        folder.read("broken.flow"),
        "flow hello \"Hello\"\nstep start {\nsay   5   5\n  say \"Hi\"\n}\n"
    );
    folder.write("latin.flow", b"flow  hello \"H\xe9\"\n");
    let ran = folder.run(&["fmt", "latin.flow"], "");
    assert_eq!(ran.err, "`latin.flow` is left as it is: it is not UTF-8\n1 file, nothing to format\n");
    assert_eq!(folder.run(&["fmt", "nowhere.flow"], "").code, 2);
}
