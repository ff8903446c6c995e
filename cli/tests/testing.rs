//! `chatflow test` beyond its report for people, and tests that are recorded.
#![allow(missing_docs, reason = "a test needs no documentation beyond its name")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic in a test is its failure")]

mod support;

use std::process::Command;

use support::{Folder, ran};

const LEADS: &str = include_str!("bots/leads.flow");

/// The flow of leads without its tests, then these.
fn leads(tests: &str) -> String {
    let (flow, _) = LEADS.split_once("\ntest ").unwrap();
    format!("{flow}\n{tests}")
}

fn failing() -> Folder {
    let folder = Folder::with(&["acme.flow"]);
    let test = r#"test "a <demo>" {
  agree
  bot   "Hello there!"     // the greeting
  bot   "What brings you here?" ["A demo", "Help"]
  visitor "a demo"
  visitor "ada@example.com"
  bot   "Your name?"
  choose booked
  bot   "Thank you!"
  bot   "Bye!"
}

test "support" {
  agree
  bot "Hi there!"
  bot "What brings you here?"
  visitor "Support"
  expect contact.stage is lead
}
"#;
    folder.write("leads.flow", leads(test));
    folder
}

/// A flow with a test in its own file and two in one beside it, of which one fails.
fn with_tests_beside() -> Folder {
    let folder = Folder::with(&["acme.flow"]);
    folder
        .write("leads.flow", leads("test \"own\" {\n  not completed\n}\n").replace("not completed", "agree"));
    let tests = "tests for leads\n\n/// It greets.\ntest \"beside\" {\n  agree\n  bot \"Hi there!\"\n}\n\ntest \"wrong\" {\n  agree\n  bot \"Hello!\"\n}\n";
    folder.write("more.flow", tests);
    folder
}

#[test]
fn tests_may_stand_in_a_file_beside_the_flow() {
    let folder = with_tests_beside();
    for (path, wanted) in [(".", 3), ("leads.flow", 3), ("more.flow", 2)] {
        let run = folder.run(&["test", path], "");
        assert_eq!(run.code, 1, "{path}: {}{}", run.out, run.err);
        assert!(run.out.contains("leads: wrong (more.flow:9)"), "{path}: {}", run.out);
        assert!(run.out.contains(&format!("{} passed, 1 failed", wanted - 1)), "{path}: {}", run.out);
        assert!(run.out.contains("steps   branches"), "{path}: {}", run.out);
    }
    assert_eq!(folder.run(&["check", "more.flow"], "").code, 0);
}

#[test]
fn tests_beside_the_flow_are_updated_where_they_stand() {
    let folder = with_tests_beside();
    let before = folder.read("leads.flow");
    let run = folder.run(&["test", "--update", "--force", "leads.flow"], "");
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(folder.read("more.flow").contains("test \"wrong\" {\n  agree\n  bot \"Hi there!\"\n}"));
    assert_eq!(folder.read("leads.flow"), before);
}

#[test]
fn a_mistake_in_a_file_of_tests_is_found_with_the_flow() {
    let folder = with_tests_beside();
    folder.write("more.flow", "tests for leads\n\nuse acme\n\ntest \"a\" {\n  expect contact.nope is 1\n}\n");
    let run = folder.run(&["check", "leads.flow", "--message-format", "short"], "");
    assert_eq!(run.code, 1);
    assert!(run.out.contains("more.flow:3:1: error[E0211]"), "{}", run.out);
    assert!(run.out.contains("more.flow:6:10: error[E0203]"), "{}", run.out);
    assert_eq!(folder.run(&["test", "leads.flow"], "").code, 1);
}

#[test]
fn the_report_is_the_same_however_many_run() {
    let folder = Folder::with(&["acme.flow", "leads.flow"]);
    let one = folder.run(&["test", "--jobs", "1"], "");
    let four = folder.run(&["test", "-j", "4"], "");
    assert_eq!((one.code, &one.out), (four.code, &four.out));
    assert_eq!(folder.run(&["test", "--jobs", "0"], "").code, 2);
}

#[test]
fn other_programs_read_the_report() {
    let folder = failing();
    let json = folder.run(&["test", "--message-format", "json"], "");
    for line in json.out.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    insta::assert_snapshot!("json", json.snapshot());
    let junit = folder.run(&["test", "--message-format", "junit", "--lcov", "lcov.info"], "");
    insta::assert_snapshot!("junit", junit.snapshot());
    insta::assert_snapshot!("lcov", folder.read("lcov.info"));
    folder.write("leads.flow", "flow leads \"Leads\"\nstep s {\n  -> gone\n}\n");
    let junit = folder.run(&["test", "--message-format", "junit"], "");
    assert_eq!(junit.code, 1);
    insta::assert_snapshot!("junit_of_a_broken_flow", junit.out);
}

#[test]
fn update_rewrites_what_the_bot_says_and_nothing_else() {
    let folder = failing();
    let ran = folder.run(&["test", "--update"], "");
    insta::assert_snapshot!("update", ran.snapshot());
    let text = folder.read("leads.flow");
    let (_, tests) = text.split_once("\ntest ").unwrap();
    insta::assert_snapshot!("updated", tests);
    assert!(text.starts_with(leads("").trim_end()));
    // What was mended passes, and is not touched again.
    let ran = folder.run(&["test", "--filter", "demo", "--update"], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert_eq!(folder.read("leads.flow"), text);
}

#[test]
fn update_rewrites_nothing_on_a_build_server() {
    let folder = failing();
    let before = folder.read("leads.flow");
    let in_ci = |arguments: &[&str]| {
        let mut command: Command = folder.command(arguments);
        command.env("CI", "true");
        ran(command, "")
    };
    let refused = in_ci(&["test", "--update"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    insta::assert_snapshot!(refused.err, @r"
    error: `--update` rewrites no tests where CI is set
    help: Run it where you can look at the changes, or say --force.
    ");
    assert_eq!(folder.read("leads.flow"), before);
    in_ci(&["test", "--update", "--force"]);
    assert_ne!(folder.read("leads.flow"), before);
}

/// Chats, each with the arguments that set its scene.
const CHATS: &[(&[&str], &str)] = &[
    (&[], "I agree\na demo\nnonsense\nada@example.com\n1\n"),
    (&["--available", "sales,ada"], "/agree\n3\n/closed\n"),
    (&["--fact", "contact.email=ada@example.com", "--fact", "contact.stage=lead"], "1\n1\n2\n"),
    (&["--visit", "https://acme.example/pricing"], "what?\n/agree\nSupport\nIt says \"{no}\" \\o/\n"),
    (&[], "/agree\n1\n/wait 10m\n"),
    (&[], "/agree\n1\n/wait 31m\nhello?\n"),
    (&[], "/agree\nSupport\n"),
    (&[], "/agree\nSupport\n/fail create ticket\nIt is broken\n"),
    (&["--available", "sales,ada"], "/agree\n/fail hand off to team sales\n3\n"),
    (&[], ""),
];

#[test]
fn a_recorded_chat_is_a_test_that_passes() {
    let folder = Folder::with(&["acme.flow", "hello.flow"]);
    folder.write("leads.flow", leads(""));
    for (scene, input) in CHATS {
        let ran = folder.run(&[&["run", "leads.flow", "--record", "leads.flow"], *scene].concat(), input);
        assert_eq!(ran.code, 0, "{input:?}: {}", ran.err);
        assert!(ran.err.contains("recorded test \"a recorded chat"), "{}", ran.err);
    }
    let ran = folder.run(&["test"], "");
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert_eq!(ran.out.lines().last(), Some(format!("{} passed, 0 failed", CHATS.len()).as_str()));
    let text = folder.read("leads.flow");
    insta::assert_snapshot!("recorded", text.strip_prefix(&leads("")).unwrap());
}

#[test]
fn what_is_done_for_nobody_to_wait_for_is_recorded() {
    let folder = Folder::with(&[]);
    folder.write(
        "acme.flow",
        "workspace acme \"Acme\"\n\ncontact {\n  email email\n}\n\nworkflow nurture \"Nurture\"\n",
    );
    let start = "flow l \"L\"\n\nuse acme\n\nstep start {\n  ask contact.email \"Mail?\"\n  enroll contact in workflow nurture\n  say \"Bye.\"\n  hand off to contact owner { unavailable -> { say \"Nobody.\" } }\n}\n";
    folder.write("l.flow", start);
    let scene = ["run", "l.flow", "--fact", "contact owner=true", "--record", "l.flow"];
    let ran = folder.run(&scene, "a@b.example\n");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = folder.read("l.flow");
    let test = text.strip_prefix(start).unwrap();
    for line in ["expect enroll contact in workflow nurture", "choose taken"] {
        assert!(test.lines().any(|other| other.trim() == line), "{test}");
    }
    let ran = folder.run(&["test", "l.flow"], "");
    assert_eq!(ran.code, 0, "{}", ran.out);
}

#[test]
fn a_recorded_chat_is_printed_or_stands_in_its_flow() {
    let folder = Folder::with(&["acme.flow", "hello.flow"]);
    let ran = folder.run(&["run", "hello.flow", "--record"], "Ada\n");
    insta::assert_snapshot!("printed", ran.snapshot());
    let refused = folder.run(&["run", "hello.flow", "--record", "acme.flow"], "Ada\n");
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    insta::assert_snapshot!(refused.err, @r"
    error: a test of this flow cannot stand in `acme.flow`
    help: Tests stand in their flow's file: --record hello.flow
    ");
    folder.run(&["build", "hello.flow"], "");
    assert_eq!(folder.run(&["run", "hello.flowc", "--record"], "Ada\n").out, ran.out);
}

#[test]
fn given_includes_adds_up() {
    let folder = Folder::with(&[]);
    folder.write(
        "acme.flow",
        "workspace acme \"Acme\"\ncontact {\n  interests many of [pricing, api, security]\n}\n",
    );
    folder.write(
        "問い合わせ.flow",
        r#"flow 問い合わせ "お問い合わせ"
use acme
step s {
  if contact.interests includes pricing and contact.interests includes api then -> both
  say "One."
}
step both {
  say "Both."
}
test "two" {
  given contact.interests includes pricing
  given contact.interests includes api
  bot "Both."
}
test "one" {
  given contact.interests includes api
  given contact.interests includes api
  bot "One."
}
"#,
    );
    let ran = folder.run(&["test"], "");
    insta::assert_snapshot!("includes", ran.snapshot());
    let ran = folder.run(&["run", "--flow", "問い合わせ", "--record", "--fact", "contact.interests=api"], "");
    assert!(ran.out.contains("given contact.interests includes api"), "{}{}", ran.out, ran.err);
}

#[test]
fn files_keep_their_line_ends() {
    let folder = Folder::with(&[]);
    let flow = "flow c \"C\"\r\nstep s {\r\n  say \"Hi\"\r\n  say \"There\"\r\n}\r\n";
    folder.write("c.flow", format!("{flow}test \"x\" {{\r\n  bot \"Ho\"\r\n  completed\r\n}}\r\n"));
    assert_eq!(folder.run(&["test", "--update"], "").code, 0);
    let updated = format!("{flow}test \"x\" {{\r\n  bot \"Hi\"\r\n  bot \"There\"\r\n  completed\r\n}}\r\n");
    assert_eq!(folder.read("c.flow"), updated);
    // Without a path, the file that is named is run.
    assert_eq!(folder.run(&["run", "--record", "c.flow"], "").code, 0);
    let text = folder.read("c.flow");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert_eq!(folder.run(&["test"], "").out.lines().last(), Some("2 passed, 0 failed"));
}

#[test]
fn random_talks_find_what_goes_wrong() {
    let folder = Folder::with(&[]);
    let long = "north ".repeat(200);
    folder.write(
        "visit.flow",
        format!(
            "flow visit \"Visit\"\n\nchannel whatsapp\n\nstep start {{\n  ask where: one of [n \"North\", s \"South\"] \"Where?\"\n  if where is n then say \"{{select where: n \"{}\", other \"No.\"}}\"\n  ask \"Again?\" {{\n    \"Yes\" -> start\n    \"No\"\n  }}\n}}\n",
            long.repeat(4)
        ),
    );
    let ran = folder.run(&["test", "--explore", "200", "visit.flow"], "");
    assert_eq!(ran.code, 1, "{}", ran.err);
    let out = ran.out.replace(&long.repeat(4), "north … ");
    insta::assert_snapshot!("explored", format!("{out}\n{}", ran.err));
    let again = folder.run(&["test", "--explore", "200", "visit.flow"], "");
    assert_eq!((again.out, again.err), (ran.out, ran.err));
    let json = folder.run(&["test", "--explore", "200", "--message-format", "json", "visit.flow"], "");
    let found = json.out.lines().find(|line| line.contains("\"explored\"")).unwrap();
    let found: serde_json::Value = serde_json::from_str(found).unwrap();
    assert_eq!(found["message"], "this text is too long for a channel of the flow");
}

#[test]
fn what_is_filtered_says_nothing_of_what_is_reached() {
    let folder = Folder::with(&["acme.flow", "leads.flow"]);
    let all = folder.run(&["test"], "");
    assert!(all.out.contains("branches"), "{}", all.out);
    let some = folder.run(&["test", "--filter", "demo"], "");
    assert!(some.out.contains("ok    leads: "), "{}", some.out);
    assert!(!some.out.contains("branches") && !some.out.contains("never:"), "{}", some.out);
    let json = folder.run(&["test", "--filter", "demo", "--message-format", "json"], "").out;
    assert!(!json.contains("coverage") && json.contains("summary"), "{json}");
}
