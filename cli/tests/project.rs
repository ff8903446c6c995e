//! What holds for a whole project: `chatflow.toml`, environments, `--watch`; and what shells and editors are told.
#![allow(missing_docs, reason = "a test needs no documentation beyond its name")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic in a test is its failure")]

mod support;

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use support::Folder;

/// A flow with one warning: `-> b` leads around the statement below it.
const WARNED: &str = "flow w \"W\"\npriority 1\ntarget {\n  show when page.path is \"/w\"\n}\nstep a {\n  say \"a\"\n  -> b\n  say \"never\"\n}\nstep b {\n  say \"b\"\n}\n";

#[test]
fn slips_in_the_configuration_are_pointed_at() {
    let folder = Folder::with(&["hello.flow"]);
    let says = |text: &str| {
        folder.write("chatflow.toml", text);
        folder.write("sub/x.flow", "flow x \"X\"\nstep s {\n  say \"x\"\n}\n");
        let ran = folder.run(&["check", "sub"], "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{text}");
        ran.err
    };
    let all = [
        says("[project]\nnmae = \"Acme\"\n"),
        says("[projct]\nname = \"Acme\"\n"),
        says("[test]\ntimeout = 5\n"),
        says("name = \"Acme\"\n"),
        says("[project]\nname = 5\n"),
        says("[test]\njobs = 0\n"),
        says("[lints]\nwarning = \"deny\"\n"),
        says("[lints]\nE0201 = \"warn\"\n"),
        says("[lints]\nE0402 = \"forbid\"\n"),
        says("[check]\nallow = [\"E0403\"]\n"),
        says("[lints]\nE0499 = \"allow\"\n"),
        says("[project\n"),
        says("[build]\nstrip = true\nstrip = false\n"),
    ];
    insta::assert_snapshot!("slips", all.concat());
}

#[test]
fn the_configuration_is_heard() {
    let folder = Folder::with(&["hello.flow"]);
    folder.write("w.flow", WARNED);
    folder.write("drafts/broken.flow", "nonsense");
    folder.write("chatflow.toml", "[project]\nname = \"Acme\"\nexclude = [\"drafts\"]\n");
    let ran = folder.run(&["check", "--message-format", "short"], "");
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!("warned", ran.snapshot());
    folder.write("chatflow.toml", "[project]\nexclude = [\"drafts\"]\n[lints]\nwarnings = \"deny\"\n");
    let ran = folder.run(&["check", "--message-format", "short"], "");
    assert_eq!(ran.code, 1);
    assert_eq!(ran.err, "1 error\nwarnings that are denied, and so count as errors: E0403\n");
    // A warning stops no build.
    assert_eq!(folder.run(&["build"], "").code, 0);
    folder.write(
        "chatflow.toml",
        "[project]\nname = \"Acme\"\nexclude = [\"drafts\"]\n[lints]\nwarnings = \"deny\"\nE0403 = \"allow\"\n",
    );
    let ran = folder.run(&["check"], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, "Acme: 2 flows, nothing to complain of\n"));
    // The command line stands above the file; what is said of one warning stands above what is said of all.
    let ran = folder.run(&["check", "--message-format", "short", "-D", "E0403"], "");
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("w.flow") && ran.out.contains(": error[E0403]: "), "{}", ran.out);
    let ran = folder.run(&["check", "--message-format", "short", "-W", "E0403"], "");
    assert!(ran.code == 0 && ran.out.contains(": warning[E0403]: "), "{}", ran.out);
    assert_eq!(folder.run(&["check", "-D", "warnings"], "").code, 0);
    let ran = folder.run(&["check", "-D", "E0430"], "");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    insta::assert_snapshot!("unknown_lint", ran.err);
    // From another folder, for one file.
    assert_eq!(folder.run(&["check", "w.flow"], "").code, 0);
}

#[test]
fn a_project_inside_of_another_is_its_own() {
    let folder = Folder::with(&["hello.flow"]);
    folder.write("chatflow.toml", "");
    folder.write("inner/chatflow.toml", "[project]\nname = \"Inner\"\n");
    folder.write("inner/bots/hello.flow", folder.read("hello.flow"));
    assert_eq!(folder.run(&["check"], "").err, "1 flow, nothing to complain of\n");
    assert_eq!(folder.run(&["check", "inner/bots"], "").err, "Inner: 1 flow, nothing to complain of\n");
}

#[test]
fn the_configuration_says_what_is_built_and_where() {
    let folder = Folder::with(&["hello.flow"]);
    folder.run(&["build", "hello.flow"], "");
    let plain = std::fs::read(folder.0.join("hello.flowc")).unwrap();
    folder.write("chatflow.toml", "[build]\nout = \"out\"\nstrip = true\n[test]\njobs = 1\n");
    let ran = folder.run(&["build"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let small = std::fs::read(folder.0.join("out/hello.flowc")).unwrap();
    assert!(small.len() < plain.len());
    // The command line stands above it.
    folder.run(&["build", "-o", "x.flowc"], "");
    assert!(folder.0.join("x.flowc").exists());
    assert_eq!(folder.run(&["test"], "").code, 0);
}

#[test]
fn the_schema_is_printed() {
    let folder = Folder::with(&[]);
    let ran = folder.run(&["schema"], "");
    assert_eq!(ran.code, 0);
    serde_json::from_str::<serde_json::Value>(&ran.out).unwrap();
    insta::assert_snapshot!("schema", ran.out);
}

#[test]
fn an_environment_has_an_id_for_every_name() {
    let folder = Folder::with(&["acme.flow", "leads.flow", "hello.flow"]);
    let build = |name: &str| folder.run(&["build", "--env", name], "");
    let none = build("production");
    assert_eq!(none.code, 2);
    folder.write("env/production.toml", "[team]\nsale = \"178588\"\n[contact]\nstage = \"lifecyclestage\"\n");
    folder.write("env/sandbox.toml", "[tema]\nsales = 1\n");
    let missing = build("production");
    assert_eq!((missing.code, missing.out.as_str()), (1, ""));
    assert!(!folder.0.join("leads.flowc").exists());
    let errors = [none.err, build("prodution").err, build("x").err, build("sandbox").err, missing.err];
    insta::assert_snapshot!("environments", errors.concat());
    let complete = "[team]\nsales = 178588\n[contact]\nstage = \"lifecyclestage\"\n[inbox]\nsales = \"11\"\n[meeting]\nintro = \"511\"\n[pipeline]\nsupport = \"0\"\n[survey]\npost_chat = \"7\"\n[user]\nada = \"41629779\"\n";
    folder.write("env/production.toml", complete);
    let ran = build("production");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("leads.production.json"), "{}", ran.out);
    let mapping = folder.read("leads.production.json");
    let json: serde_json::Value = serde_json::from_str(&mapping).unwrap();
    insta::assert_snapshot!("mapping", mapping.replace(json["program"].as_str().unwrap(), "…"));
    // `check` looks at all environments, for names that there are not and for those that are missing.
    folder.write("env/production.toml", folder.read("env/production.toml") + "bo = 1\nadda = 2\n");
    folder.write("env/sandbox.toml", "[contact]\nstge = \"lifecyclestage\"\n[team]\nsales = 1\n");
    let checked = folder.run(&["check"], "");
    insta::assert_snapshot!("environments_checked", checked.snapshot());
    assert_eq!(folder.run(&["check", "leads.flow"], "").code, 0);
    let undeclared = build("production");
    assert_eq!(undeclared.code, 1, "{}", undeclared.err);
    assert!(undeclared.err.contains("no workspace declares the user `bo`"), "{}", undeclared.err);
    folder.write("env/production.toml", complete);
    // The program is the same as without an environment.
    let with = std::fs::read(folder.0.join("leads.flowc")).unwrap();
    folder.run(&["build"], "");
    assert_eq!(std::fs::read(folder.0.join("leads.flowc")).unwrap(), with);
    // The project may say it.
    folder.write("chatflow.toml", "[build]\nenvironment = \"prod\"\n");
    assert!(folder.run(&["build"], "").err.contains("Did you mean `production`?"));
}

#[test]
fn what_is_wrong_with_settings_stands_in_every_report() {
    let folder = Folder::with(&["acme.flow", "leads.flow"]);
    folder.write("chatflow.toml", "");
    folder.write("env/production.toml", "[team]\nsale = \"178588\"\n");
    let formats = ["short", "json", "github", "gitlab", "sarif"];
    for format in formats {
        let ran = folder.run(&["check", "--message-format", format], "");
        assert_eq!(ran.code, 1, "{}", ran.err);
        for part in ["env/production.toml", "E0702", "no workspace declares the team `sale`", "E0703"] {
            assert!(ran.out.contains(part), "{format}, {part}: {}", ran.out);
        }
        assert!(!ran.err.contains("sale"), "{}", ran.err);
    }
    let place = "\"range\":{\"start\":{\"line\":2,\"column\":1,\"offset\":7},\"end\":{\"line\":2,\"column\":5,\"offset\":11}}";
    assert!(folder.run(&["check", "--message-format", "json"], "").out.contains(place));
    // `build` writes its findings to the error stream, those of its environment like all others.
    let ran = folder.run(&["build", "--env", "production", "--message-format", "json"], "");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains(place), "{}", ran.err);
    // A file that means nothing, or is no text.
    for (text, place) in [("[tema]\n", ":1:2:"), ("[team\n", ":1:6:"), ("[team]\nsales = 1.5\n", ":2:9:")] {
        folder.write("env/production.toml", text);
        let ran = folder.run(&["check", "--message-format", "short"], "");
        let begins = format!("env/production.toml{place} error[E0701]: ");
        assert!(ran.code == 1 && ran.out.starts_with(&begins), "{}", ran.out);
    }
    folder.write("env/production.toml", b"[team]\nsales = \"\xff\"\n");
    let ran = folder.run(&["check", "--message-format", "short"], "");
    assert!(ran.out.starts_with("env/production.toml:2:10: error[E0101]"), "{}", ran.out);
    // It stops neither a chat nor another environment's build.
    assert_eq!(folder.run(&["test"], "").code, 0);
    // The project's own settings: the exit code says that nothing else was looked at.
    folder.write("chatflow.toml", "[tst]\n");
    for format in formats.iter().skip(1) {
        let ran = folder.run(&["check", "--message-format", format], "");
        assert_eq!(ran.code, 2, "{format}");
        for part in ["chatflow.toml", "E0701", "there is no table `tst`"] {
            assert!(ran.out.contains(part), "{format}, {part}: {}", ran.out);
        }
    }
}

#[test]
fn a_change_is_seen() {
    let folder = Folder::with(&["hello.flow"]);
    let mut command = folder.command(&["check", "--watch", "--message-format", "short"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (send, lines) = mpsc::channel();
    let said = BufReader::new(child.stderr.take().unwrap());
    std::thread::spawn(move || said.lines().map_while(Result::ok).all(|line| send.send(line).is_ok()));
    // A slow machine may see one change as two: what counts is what is said in the end.
    let until = |summary: &str| {
        let mut said = Vec::new();
        while said.last().is_none_or(|line| line != summary) {
            let line = lines.recv_timeout(Duration::from_secs(20));
            said.push(line.unwrap_or_else(|_| panic!("never `{summary}`: {said:?}")));
        }
    };
    until("1 flow, nothing to complain of");
    until("waiting for changes; Ctrl-C ends this");
    folder.write("hello.flow", "flow hello \"Hello\"\nstep s {\n  -> gone\n}\n");
    until("1 error");
    // What is no flow is no change; a new folder with one is.
    folder.write("notes.txt", "x");
    folder.write("more/second.flow", "flow second \"Second\"\npriority 1\ntarget {\n  show when page.path is \"/w\"\n}\nstep s {\n  -> gone\n  -> gone\n}\n");
    until("3 errors");
    folder.write("hello.flow", "flow hello \"Hello\"\nstep s {\n  say \"hi\"\n}\n");
    until("2 errors");
    folder.write("more/second.flow", "flow second \"Second\"\npriority 1\ntarget {\n  show when page.path is \"/w\"\n}\nstep s {\n  say \"hi\"\n}\n");
    until("2 flows, nothing to complain of");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn shells_and_manuals_know_the_command() {
    let folder = Folder::with(&[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = folder.run(&["completions", shell], "");
        assert_eq!(ran.code, 0, "{}", ran.err);
        for word in ["check", "hubspot-owners", "message-format", "lcov"] {
            assert!(ran.out.contains(word), "{shell}: {word}");
        }
    }
    let ran = folder.run(&["man", "--out", "man/man1"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    for page in ["chatflow", "chatflow-check", "chatflow-test", "chatflow-import-hubspot-properties"] {
        assert!(folder.read(&format!("man/man1/{page}.1")).contains(".SH NAME"), "{page}");
    }
}

#[test]
fn platforms_know_files_by_their_place_in_the_repository() {
    let folder = Folder::with(&[]);
    folder.write(".git/HEAD", "");
    folder.write("bots/chatflow.toml", "");
    folder.write("bots/a/x y.flow", "flow x \"X\"\nstep s {\n  -> gone\n}\n");
    let mut command = folder.command(&["check", "--message-format", "github"]);
    command.current_dir(folder.0.join("bots/a"));
    let ran = support::ran(command, "");
    assert_eq!(ran.code, 1);
    let expected = "::error file=bots/a/x y.flow,line=3,endLine=3,col=6,endColumn=10,title=E0201::no step is called `gone`%0AThe steps: `s`.\n";
    assert_eq!(ran.out, expected);
    let sarif = folder.run(&["check", "bots", "--message-format", "sarif"], "").out;
    assert!(sarif.contains("\"uri\": \"bots/a/x%20y.flow\""), "{sarif}");
    let gitlab = folder.run(&["check", "bots/a/x y.flow", "--message-format", "gitlab"], "").out;
    assert!(gitlab.contains("\"path\": \"bots/a/x y.flow\""), "{gitlab}");
    // People and editors open them from where they are.
    let short = folder.run(&["check", "bots", "--message-format", "short"], "").out;
    assert!(short.starts_with("bots/a/x y.flow:3:6: "), "{short}");
}
