//! The command as people and programs use it: arguments and input in, output and exit code out.
#![allow(missing_docs, reason = "a test needs no documentation beyond its name")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic in a test is its failure")]

mod support;

use std::fs;

use support::{Folder, Ran};

/// Ids and hashes stand for what they are made of; a snapshot shows that they are there.
fn without_ids(text: &str) -> String {
    let mut shown = String::new();
    let mut run = String::new();
    for char in text.chars().chain([' ']) {
        if char.is_ascii_hexdigit() {
            run.push(char);
            continue;
        }
        let id = run.len() >= 8 && run.chars().any(|char| char.is_ascii_digit());
        shown.push_str(if id { "…" } else { &run });
        run.clear();
        shown.push(char);
    }
    shown.trim_end().to_owned()
}

#[test]
fn help_is_shown() {
    let folder = Folder::with(&[]);
    let ran = folder.run(&[], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("Examples:"), "{}", ran.err);
    let ran = folder.run(&["--version"], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, concat!("chatflow ", env!("CARGO_PKG_VERSION"), "\n")));
    let ran = folder.run(&["chekc"], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("check"), "{}", ran.err);
    let commands = ["check", "fmt", "build", "run", "test", "inspect", "explain", "completions", "man"];
    let imports =
        ["hubspot-properties", "hubspot-owners", "hubspot-meetings"].map(|what| vec!["import", what]);
    for mut command in commands.map(|command| vec![command]).into_iter().chain(imports) {
        command.push("--help");
        let ran = folder.run(&command, "");
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains("Examples:"), "{}", ran.out);
    }
}

#[test]
fn check_says_what_is_wrong_and_where() {
    let folder = Folder::with(&["hello.flow"]);
    let ran = folder.run(&["check"], "");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", "1 flow, nothing to complain of\n"));
    folder.write("sub/bad.flow", "flow bad \"Bad\"\n\nstep start {\n  -> nowhere\n}\n");
    folder.write(".hidden/bad.flow", "not a flow");
    folder.write("node_modules/bad.flow", "not a flow");
    let ran = folder.run(&["check", "--message-format", "short"], "");
    assert_eq!(ran.code, 1);
    assert_eq!(ran.out, "sub/bad.flow:4:6: error[E0201]: no step is called `nowhere`\n");
    assert_eq!(ran.err, "1 error\n");
    // The paths are those that can be opened from where the command runs.
    let ran = folder.run(&["check", "--message-format", "short", "sub/bad.flow"], "");
    assert_eq!(ran.out, "sub/bad.flow:4:6: error[E0201]: no step is called `nowhere`\n");
    let ran = folder.run(&["check", "--color", "always", "sub"], "");
    assert!(ran.out.contains("\u{1b}["));
}

#[test]
fn check_reads_any_bytes() {
    let folder = Folder::with(&[]);
    folder.write("latin1.flow", b"flow x \"caf\xe9\"\nstep s {\n  say \"\x1b[31mred\"\n}\n");
    let ran = folder.run(&["check", "--message-format", "short"], "");
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("latin1.flow:1:12: error[E0101]"), "{}", ran.out);
    let ran = folder.run(&["check"], "");
    assert!(!ran.out.contains('\u{1b}'), "{}", ran.out);
}

#[test]
fn a_project_is_the_folder_of_its_marker() {
    let folder = Folder::with(&["acme.flow"]);
    folder.write("chatflow.toml", "");
    folder.write("bots/a/a.flow", "flow a \"A\"\nuse acme\nstep s {\n  ask contact.email \"?\"\n}\n");
    folder.write("b.flow", "flow b \"B\"\nstep s {\n  -> gone\n}\n");
    let ran = folder.run(&["check", "--message-format", "short", "bots/a"], "");
    assert_eq!((ran.code, ran.out.as_str()), (1, "b.flow:3:6: error[E0201]: no step is called `gone`\n"));
    // A file alone comes with what it uses, and with nothing else.
    let ran = folder.run(&["check", "bots/a/a.flow"], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
}

#[test]
fn what_cannot_be_read_is_named_with_a_way_out() {
    let folder = Folder::with(&["hello.flow"]);
    let ran = folder.run(&["check", "helo.flow"], "");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(
        ran.err,
        "error: cannot read `helo.flow`: no such file or directory\nhelp: Did you mean `hello.flow`?\n"
    );
    folder.write("empty/readme.txt", "");
    let ran = folder.run(&["check", "empty"], "");
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @r"
    error: there is no `.flow` file in `empty`
    help: Name a folder with flows in it, or a `.flow` file.
    ");
    folder.write("x.flowc", "nonsense");
    let ran = folder.run(&["run", "x.flowc"], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("error: `x.flowc`: this is not a compiled flow"), "{}", ran.err);
}

#[test]
fn build_writes_programs() {
    let folder = Folder::with(&["hello.flow", "acme.flow", "leads.flow"]);
    let ran = folder.run(&["build"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let plain = fs::read(folder.0.join("hello.flowc")).unwrap();
    assert_eq!(ran.out.lines().next(), Some(format!("hello.flowc ({} bytes)", plain.len()).as_str()));
    assert!(folder.0.join("leads.flowc").exists());
    let ran = folder.run(&["build", "hello.flow", "--strip", "-o", "out/small.flowc"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(fs::read(folder.0.join("out/small.flowc")).unwrap().len() < plain.len());
    let ran = folder.run(&["build", "-o", "all"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(fs::read(folder.0.join("all/hello.flowc")).unwrap(), plain);
    let ran = folder.run(&["build", "acme.flow"], "");
    assert_eq!(ran.code, 2);
    folder.write("sub/hello.flow", "flow other \"Other\"\nstep s {\n  say \"x\"\n}\n");
    let ran = folder.run(&["build", "-o", "all"], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("two flows would be written"), "{}", ran.err);
    // A path that ends in `.flowc` is a file, and holds one program; any other is a folder.
    let ran = folder.run(&["build", "-o", "all.flowc"], "");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    let says = "error: 3 flows do not fit into one file, `all.flowc`\nhelp: Name a folder after `-o`, or one flow.\n";
    assert!(ran.err.ends_with(says), "{}", ran.err);
    let ran = folder.run(&["build", "hello.flow", "-o", "one"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(fs::read(folder.0.join("one/hello.flowc")).unwrap(), plain);
    let ran = folder.run(&["build", "hello.flow", "-o", "acme.flow"], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("error: `acme.flow` is a file that is no compiled flow\n"), "{}", ran.err);
    folder.write("bad.flow", "flow bad \"Bad\"\n");
    fs::remove_file(folder.0.join("hello.flowc")).unwrap();
    let ran = folder.run(&["build"], "");
    assert_eq!(ran.code, 1);
    assert!(!folder.0.join("hello.flowc").exists());
}

#[test]
fn a_chat_reads_as_a_conversation() {
    let folder = Folder::with(&["hello.flow"]);
    let ran = folder.run(&["run", "hello.flow"], "\n  Ada \r\nbye\n");
    insta::assert_snapshot!(ran.snapshot());
    folder.run(&["build"], "");
    let compiled = folder.run(&["run", "hello.flowc"], "\n  Ada \r\nbye\n");
    assert_eq!(compiled.out, ran.out);
    // What a visitor or a flow says cannot rewrite the terminal.
    let ran = folder.run(&["run", "hello.flow"], "\u{1b}[2J\u{202e}x\n");
    assert!(!ran.out.contains(['\u{1b}', '\u{202e}']), "{:?}", ran.out);
}

#[test]
fn a_chat_with_a_meeting() {
    let folder = Folder::with(&["acme.flow", "leads.flow"]);
    let chat = "hello?\n/booked\n1\na demo\nada\nada@example.com\nwhat?\n1\nthanks\n/closed\n";
    insta::assert_snapshot!("meeting", folder.run(&["run"], chat).snapshot());
    let chat = "/agree\n1\n2\n/closed\n";
    let arguments = ["run", "--fact", "contact.email=a@b.example", "--available", "sales"];
    insta::assert_snapshot!("declined", folder.run(&arguments, chat).snapshot());
    let chat = "I agree\nSupport\n//help\n";
    insta::assert_snapshot!("ticket", folder.run(&["run"], chat).snapshot());
    let chat = "/help\n/dance\n/agree\n/agree\n1\n/wait 10m\n/quit\nnever read\n";
    insta::assert_snapshot!("orders", folder.run(&["run", "--at", "2026-01-05T10:00Z"], chat).snapshot());
}

#[test]
fn an_action_fails_where_it_is_told_to() {
    let folder = Folder::with(&["acme.flow", "leads.flow"]);
    let chat = "/wait 5\n/fail\n/fail create ticket\n/agree\n2\nall\n";
    let ran = folder.run(&["run"], chat);
    assert!(ran.out.contains("(write it like /wait 31m: ms, s, m, h or d)\n"), "{}", ran.out);
    assert!(ran.out.contains("(write it like /fail create ticket, or /fail hand off to)\n"), "{}", ran.out);
    assert!(ran.out.contains("(create ticket: failed)\nSomething went wrong"), "{}", ran.out);
    let ran = folder.run(&["run", "--available", "sales"], "/fail hand off to team sales\n/agree\n3\n");
    assert!(ran.out.contains("(hand off to: unavailable)\nThank you!"), "{}", ran.out);
}

#[test]
fn the_scene_is_set() {
    let folder = Folder::with(&["acme.flow", "leads.flow", "hello.flow"]);
    let ran = folder.run(&["run"], "");
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @r"
    error: there are several flows here
    help: Name one with --flow, or a page with --visit: `hello`, `leads`.
    ");
    let ran = folder.run(&["run", "--visit", "https://acme.example/pricing"], "");
    assert!(ran.out.starts_with("Hi there!"), "{}", ran.out);
    let ran = folder.run(&["run", "--visit", "https://acme.example/about"], "");
    assert!(ran.out.starts_with("Hi! I'm a bot."), "{}", ran.out);
    let ran = folder.run(&["run", "--flow", "hello", "--visit", "https://acme.example/pricing"], "");
    insta::assert_snapshot!(ran.err, @"note: https://acme.example/pricing would show `leads`, not `hello`");
    let ran = folder.run(
        &["run", "--flow", "leads", "--visit", "https://acme.example/about", "--fact", "contact.nam=x"],
        "",
    );
    insta::assert_snapshot!(ran.err, @r"
    note: the flow `leads` reads no fact `contact.nam`
    note: `leads` would not show on https://acme.example/about
    ");
    let ran = folder.run(&["run", "--visit", "acme.example/pricing"], "");
    assert!(ran.out.starts_with("Hi there!"), "{}", ran.out);
    let ran = folder.run(&["run", "--visit", "ftp://x"], "");
    assert_eq!((ran.code, ran.err.lines().next()), (2, Some("error: `ftp://x` is no address of a page")));
    let ran = folder.run(&["run", "--flow", "nobody"], "");
    assert_eq!(ran.code, 2);
    let ran = folder.run(&["run", "hello.flow", "--fact", "x"], "");
    assert_eq!(ran.code, 2);
    let ran = folder.run(&["run", "hello.flow", "--at", "noon"], "");
    assert_eq!((ran.code, ran.err.lines().next()), (2, Some("error: `noon` is no time")));
}

#[test]
fn what_a_flow_cannot_read_is_noted() {
    let folder = Folder::with(&["hello.flow"]);
    folder.write(
        "acme.flow",
        "workspace acme \"Acme\"\ncontact {\n  bike one of [city \"City bike\", cargo \"Cargo bike\"]\n  budget number\n}\n\
         user ada \"Ada\" { seat sales }\nteam workshop \"Workshop\" { members [ada] }\n",
    );
    folder.write(
        "bikes.flow",
        "flow bikes \"Bikes\"\nuse acme\nstep s {\n  if contact.bike is city and contact.budget > 5 then say \"x\"\n  \
         hand off to team workshop {\n    unavailable -> t\n  }\n}\nstep t {\n  say \"t\"\n}\n",
    );
    let scene =
        ["--fact", "contact.bike=boat", "--fact", "contact.budget=lots", "--available", "workshp,ada"];
    let ran = folder.run(&[&["run", "bikes.flow"][..], &scene].concat(), "");
    insta::assert_snapshot!(ran.err);
    let ran =
        folder.run(&["run", "bikes.flow", "--fact", "contact.bike=cargoo", "--fact", "contact.budgt=7"], "");
    insta::assert_snapshot!(ran.err);
    let fitting =
        ["--fact", "contact.bike=City bike", "--fact", "contact.budget=-1.5", "--available", "workshop"];
    assert_eq!(folder.run(&[&["run", "bikes.flow"][..], &fitting].concat(), "").err, "");
    let line = r#"{"type":"start","facts":{"contact.bike":"boat","contact.budget":3,"unread":1}}"#;
    let ran = folder.run(&["run", "--json", "bikes.flow", "--available", "nobody"], line);
    let types =
        ran.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["type"].clone());
    assert_eq!(types.collect::<Vec<_>>(), ["hello", "note", "note", "turn"]);
    assert!(ran.out.contains("its options are `city`, `cargo`"), "{}", ran.out);
}

#[test]
fn who_is_there_is_read_as_conditions_read_it() {
    let folder = Folder::with(&["acme.flow"]);
    folder.write(
        "ways.flow",
        "flow ways \"Ways\"\nuse acme\ninbox sales\nstep s {\n  if team sales is available then say \"There.\"\n  \
         hand off to team sales {\n    unavailable -> t\n  }\n}\nstep t {\n  say \"Nobody.\"\n}\n",
    );
    // A member is there, but it is Sunday; a word about the team itself stands above the hours.
    let sunday = ["run", "ways.flow", "--at", "2026-01-04T10:00Z"];
    let ran = folder.run(&[&sunday[..], &["--fact", "user ada=true"]].concat(), "");
    assert!(
        ran.out.starts_with("(hands off to team Sales)\n(nobody is available)\nNobody.\n"),
        "{}",
        ran.out
    );
    let ran = folder.run(&[&sunday[..], &["--fact", "team sales=true"]].concat(), "");
    assert!(ran.out.starts_with("There.\n(hands off to team Sales)\n"), "{}", ran.out);
    let monday = ["run", "ways.flow", "--at", "2026-01-05T10:00Z", "--fact", "user ada=true"];
    let ran = folder.run(&monday, "");
    assert!(ran.out.starts_with("There.\n(hands off to team Sales)\n"), "{}", ran.out);
    assert!(!ran.out.contains("Nobody"), "{}", ran.out);
}

#[test]
fn a_flow_with_errors_does_not_run() {
    let folder = Folder::with(&[]);
    folder.write("bad.flow", "flow bad \"Bad\"\nstep s {\n  -> gone\n}\n");
    for command in ["run", "test", "inspect"] {
        let ran = folder.run(&[command, "bad.flow"], "");
        assert_eq!(ran.code, 1, "{command}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("error[E0201]"), "{command}: {}", ran.err);
        assert_eq!(ran.out, "", "{command}");
    }
}

#[test]
fn the_line_protocol() {
    let folder = Folder::with(&["acme.flow", "leads.flow"]);
    let lines = [
        r#"{"type":"text","text":"too early"}"#,
        r#"{"type":"start","now":1767607200000,"facts":{"page.url":"https://acme.example/pricing","contact.stage":"lead"}}"#,
        r#"{"type":"agree","now":1767607201000}"#,
        "",
        r#"{"type":"text","text":"A human","facts":{"contact.stage":null,"team sales":true}}"#,
        r#"{"type":"silence"}"#,
        r#"{"type":"nonsense"}"#,
        r#"{"type":"start","text":"x"}"#,
        r#"{"type":"silence","facts":7}"#,
        r#"{"type":"silence","facts":{"a":{}}}"#,
        r#"{"type":"silence","session":"zz"}"#,
        r#"{"type":"silence","now":"late"}"#,
        r#"{"text":"x"}"#,
        "[]",
        "{",
    ];
    let ran = folder.run(&["run", "--json", "--at", "2026-01-05T10:00Z"], &lines.join("\n"));
    insta::assert_snapshot!(without_ids(&ran.snapshot()));
}

#[test]
fn a_session_goes_on_in_another_process() {
    let folder = Folder::with(&["hello.flow"]);
    let last =
        |ran: &Ran| serde_json::from_str::<serde_json::Value>(ran.out.lines().last().unwrap()).unwrap();
    let started = last(&folder.run(&["run", "--json"], r#"{"type":"start","now":0}"#));
    let session = started["session"].as_str().unwrap();
    let line = format!(r#"{{"type":"text","text":"Ada","session":"{session}","now":1000}}"#);
    let turn = last(&folder.run(&["run", "--json"], &line));
    assert_eq!(turn["effects"][0]["text"], "Nice to meet you, Ada.");
    assert_eq!(turn["effects"][0]["id"], 2);
    assert_eq!(turn["waiting"]["type"], "nothing");
}

#[test]
fn tests_pass() {
    let folder = Folder::with(&["acme.flow", "leads.flow", "hello.flow"]);
    insta::assert_snapshot!("tests_pass", folder.run(&["test"], "").snapshot());
    let ran = folder.run(&["test", "--filter", "NOBODY"], "");
    assert_eq!(ran.out.lines().last(), Some("1 passed, 0 failed"));
    let ran = folder.run(&["test", "--filter", "xyz"], "");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, "", "no test has `xyz` in its name\n"));
    let ran = folder.run(&["test", "hello.flow"], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.starts_with("there are no tests in `hello.flow`"), "{}", ran.err);
}

#[test]
fn tests_fail_readably() {
    let folder = Folder::with(&["acme.flow"]);
    let leads = include_str!("bots/leads.flow");
    let (flow, _) = leads.split_once("\ntest ").unwrap();
    let start = "agree\n  bot \"Hi there!\"\n  bot \"What brings you here?\"\n";
    let tests = [
        ("a wrong text", "agree\n  bot \"Hello there!\"\n  bot \"What brings you here?\"\n".to_owned()),
        (
            "a missing text",
            "agree\n  bot \"Hi there!\"\n  bot \"How are you?\"\n  bot \"What brings you here?\"\n"
                .to_owned(),
        ),
        (
            "wrong replies",
            "agree\n  bot \"Hi there!\"\n  bot \"What brings you here?\" [\"A demo\"]\n".to_owned(),
        ),
        ("more than was read", "agree\n  visitor \"1\"\n".to_owned()),
        ("less than was said", format!("{start}  bot \"Anything else?\"\n")),
        (
            "a condition",
            format!("given contact.stage is lead\n  {start}  expect contact.stage is customer\n"),
        ),
        ("an unknown value", format!("{start}  expect contact.stage is customer\n")),
        ("an action", format!("{start}  visitor \"3\"\n  expect create ticket support\n")),
        (
            "an action that must not be",
            format!("{start}  visitor \"3\"\n  expect not hand off to team sales\n"),
        ),
        (
            "a note",
            format!("{start}  visitor \"3\"\n  expect hand off to team sales {{ note \"From Mars\" }}\n"),
        ),
        (
            "a property",
            format!("{start}  visitor \"1\"\n  bot \"Your e-mail?\"\n  expect set contact.stage = lead\n"),
        ),
        ("a choice", format!("{start}  choose booked\n")),
        ("the end", format!("{start}  completed\n")),
        ("the page", "shown\n".to_owned()),
        ("agreement", format!("{start}  agree\n")),
    ];
    let tests: String =
        tests.iter().map(|(name, lines)| format!("\ntest \"{name}\" {{\n  {lines}}}\n")).collect();
    folder.write("leads.flow", format!("{flow}{tests}"));
    insta::assert_snapshot!(folder.run(&["test"], "").snapshot());
}

#[test]
fn a_ticket_that_is_not_as_expected_is_shown() {
    let folder = Folder::with(&["acme.flow"]);
    let leads = include_str!("bots/leads.flow");
    let (flow, _) = leads.split_once("\ntest ").unwrap();
    let flow = flow.replace("step start {", "anytime {\n  reply is \"help\" -> people\n}\n\nstep start {");
    let test = "test \"a ticket\" {\n  agree\n  bot \"Hi there!\"\n  bot \"What brings you here?\"\n  visitor \"2\"\n  \
        bot \"What is wrong?\"\n  visitor \"All\"\n  expect create ticket support {\n    subject \"Another\"\n    \
        body    \"All\"\n  }\n}\n";
    folder.write("leads.flow", format!("{flow}\n{test}"));
    insta::assert_snapshot!(folder.run(&["test"], "").snapshot());
}

#[test]
fn inspect_shows_what_is_in_a_program() {
    let folder = Folder::with(&["acme.flow", "leads.flow"]);
    let ran = folder.run(&["inspect", "leads.flow"], "");
    insta::assert_snapshot!(without_ids(&ran.snapshot()));
    folder.run(&["build"], "");
    assert_eq!(folder.run(&["inspect", "leads.flowc"], "").out, ran.out, "the source is at hand");
    folder.write(
        "leads.flow",
        format!("{}\n// changed\n", include_str!("bots/leads.flow").replace("Hi there!", "Hello!")),
    );
    assert!(!folder.run(&["inspect", "leads.flowc"], "").out.contains("ask contact.email \"Your e-mail?\""));
    folder.run(&["build", "--strip"], "");
    assert!(folder.run(&["inspect", "leads.flowc"], "").out.contains("stripped"));
}

#[test]
fn explain_knows_every_code() {
    let folder = Folder::with(&[]);
    let ran = folder.run(&["explain"], "");
    assert_eq!(ran.code, 0);
    assert_eq!(ran.out.lines().count(), chatflow_compiler::Code::ALL.len());
    let ran = folder.run(&["explain", "e0201"], "");
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("E0201"));
    let ran = folder.run(&["explain", "E0999"], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is no diagnostic `E0999`"), "{}", ran.err);
}

#[test]
fn a_byte_order_mark_moves_no_column() {
    let folder = Folder::with(&[]);
    folder.write("x.flow", "\u{feff}flow x  x\nstep s {\n  say \"x\"\n}\n");
    for format in ["human", "short", "json", "github", "sarif"] {
        let with = folder.run(&["check", "--message-format", format], "");
        assert_eq!(with.code, 1, "{}", with.err);
        let places = |text: &str| {
            // Offsets are those of the file's bytes.
            let lines = text.lines().map(|line| {
                line.split("\"offset\":")
                    .map(|part| part.trim_start_matches(char::is_numeric))
                    .collect::<String>()
            });
            lines
                .filter(|line| !line.contains("partialFingerprints") && !line.contains("itemAndLines"))
                .collect::<Vec<_>>()
        };
        folder.write("x.flow", "flow x  x\nstep s {\n  say \"x\"\n}\n");
        let without = folder.run(&["check", "--message-format", format], "");
        assert_eq!(places(&with.out), places(&without.out), "{format}");
        folder.write("x.flow", "\u{feff}flow x  x\nstep s {\n  say \"x\"\n}\n");
    }
    let mut command = folder.command(&["check", "--color", "always"]);
    command.env("COLUMNS", "100");
    let coloured = support::ran(command, "");
    assert!(coloured.out.contains("x.flow:1:9"), "{}", coloured.out);
}

#[test]
fn the_owner_of_the_contact_can_be_there() {
    let folder = Folder::with(&[]);
    folder.write(
        "x.flow",
        "flow x \"X\"\nstep s {\n  hand off to contact owner {\n    unavailable -> { say \"Nobody.\" }\n  }\n}\n",
    );
    let ran = folder.run(&["run", "x.flow"], "");
    assert!(ran.out.contains("(nobody is available)\nNobody."), "{}", ran.out);
    let ran = folder.run(&["run", "x.flow", "--available", "contact owner"], "");
    assert!(
        ran.out.ends_with("(hands off to the contact's owner)\n(the bot leaves the chat to people)\n"),
        "{}",
        ran.out
    );
    assert_eq!(ran.err, "");
    folder.write("y.flow", "flow y \"Y\"\nstep s {\n  say \"y\"\n}\n");
    let ran = folder.run(&["run", "y.flow", "--available", "contact owner"], "");
    assert_eq!(ran.err, "note: the flow `y` hands off to no contact owner\n");
}

#[test]
fn a_survey_shows_as_visitors_read_it() {
    let folder = Folder::with(&[]);
    folder
        .write("crm.flow", "workspace crm \"CRM\"\nsurvey post_chat \"How was this chat?\" { kind csat }\n");
    folder.write(
        "x.flow",
        "flow x \"X\"\nuse crm\noptions { survey post_chat }\nstep s {\n  say \"Bye.\"\n}\n",
    );
    let ran = folder.run(&["run", "x.flow"], "");
    assert!(ran.out.contains("(offers the survey \"How was this chat?\")"), "{}", ran.out);
    assert!(!ran.out.contains("post_chat"), "{}", ran.out);
}

#[test]
fn words_are_explained_or_nearly_known() {
    let folder = Folder::with(&[]);
    for (word, heading) in [
        ("then", "then, a word of conditions"),
        ("->", "->, punctuation"),
        ("email", "email, a type"),
        ("not_helpful", "not_helpful, an outcome"),
        ("contact.email", "contact, a part of a workspace"),
    ] {
        let ran = folder.run(&["explain", word], "");
        assert!(ran.code == 0 && ran.out.starts_with(heading), "{word}: {}{}", ran.out, ran.err);
    }
    for (slip, meant) in [("stp", "step"), ("bokk", "book"), ("emial", "email")] {
        let ran = folder.run(&["explain", slip], "");
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(&format!("Did you mean `{meant}`?")), "{slip}: {}", ran.err);
    }
}
