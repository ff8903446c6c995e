//! A module that two flows use, with each command.
#![allow(missing_docs, reason = "a test needs no documentation beyond its name")]
#![allow(clippy::unwrap_used, reason = "a panic in a test is its failure")]

mod support;

use support::Folder;

const ACME: &str = "workspace acme \"Acme\"\n\ncontact {\n  email email\n}\n";

const DETAILS: &str = r#"module details "Contact details"

use acme

step collect {
  ask name: text "Name?"
  ask contact.email "Mail?" {
    attempts 2 -> give_up
  }
  do thank
}

step thank {
  say "Thanks, {name}."
}

step give_up {
  say "Never mind."
}
"#;

fn flow(name: &str, rest: &str) -> String {
    format!("flow {name} \"{name}\"\n\nuse acme\nuse details\n{rest}")
}

/// Two flows that show on one page would be a finding of its own.
fn only_on(path: &str) -> String {
    format!("\ntarget {{\n  show when page.path is \"{path}\"\n}}\n")
}

/// Two flows, each with a test that goes another way through the module.
fn project() -> Folder {
    let folder = Folder::with(&[]);
    folder.write("chatflow.toml", "");
    folder.write("acme.flow", ACME);
    folder.write("details.flow", DETAILS);
    let run = "\nlanguages en, nl\n\nstep start {\n  do details.collect\n  say \"Done.\"\n}\n";
    let goes = "\ntest \"an address\" {\n  bot \"Name?\"\n  visitor \"Ada\"\n  bot \"Mail?\"\n  visitor \"a@b.example\"\n  bot \"Thanks, Ada.\"\n  bot \"Done.\"\n}\n";
    let fails = "\ntest \"none\" {\n  visitor \"hi\"\n}\n";
    folder.write("a.flow", flow("a", &format!("{run}{goes}{}", only_on("/a"))));
    folder.write("shop/b.flow", flow("b", &format!("{run}{fails}{}", only_on("/b"))));
    folder
}

#[test]
fn a_module_is_checked_alone_and_with_its_flows() {
    let folder = project();
    let alone = folder.run(&["check", "details.flow"], "");
    assert_eq!((alone.code, alone.err.as_str()), (0, "1 module, nothing to complain of\n"));
    let all = folder.run(&["check", "."], "");
    assert_eq!((all.code, all.err.as_str()), (0, "2 flows and 1 module, nothing to complain of\n"));
    let one = folder.run(&["check", "shop/b.flow"], "");
    assert_eq!((one.code, one.err.as_str()), (0, "1 flow and 1 module, nothing to complain of\n"));
}

#[test]
fn what_is_wrong_in_a_module_is_said_once() {
    let folder = project();
    folder.write("details.flow", DETAILS.replace("do thank", "do thnak").replace("{name}", "{nmae}"));
    insta::assert_snapshot!("module_mistakes", folder.run(&["check", "."], "").snapshot());
    // What only the flows have wrong, both of them: nothing is known where they run it.
    folder.write("details.flow", DETAILS);
    let rest = "\nchannel whatsapp\n\nstep start {\n  do details.thank\n}\n";
    folder.write("a.flow", flow("a", rest));
    folder.write("shop/b.flow", flow("b", rest));
    insta::assert_snapshot!("module_in_flows", folder.run(&["check", "."], "").snapshot());
}

#[test]
fn a_failed_test_and_what_no_test_reached_are_pointed_at() {
    let folder = project();
    insta::assert_snapshot!("module_test", folder.run(&["test", ".", "--lcov", "lcov.info"], "").snapshot());
    insta::assert_snapshot!("module_lcov", folder.read("lcov.info"));
}

#[test]
fn a_program_has_the_steps_that_its_flow_comes_to() {
    let folder = project();
    let shown = folder.run(&["inspect", "a.flow"], "").out;
    let (_, listing) = shown.split_once("step start").unwrap();
    insta::assert_snapshot!("module_inspect", listing.to_owned());
    folder.write("a.flow", flow("a", "\nstep start {\n  say \"Hello.\"\n}\n"));
    let shown = folder.run(&["inspect", "a.flow"], "").out;
    assert!(!shown.contains("details"), "{shown}");
}

#[test]
fn a_compiled_program_is_shown_beside_its_modules() {
    let folder = project();
    assert_eq!(folder.run(&["build", "a.flow"], "").code, 0);
    let shown = folder.run(&["inspect", "a.flowc"], "").out;
    assert!(shown.contains("//    6  ask name: text \"Name?\""), "{shown}");
}

#[test]
fn catalogues_of_modules_stand_beside_them() {
    let folder = project();
    let extracted = folder.run(&["i18n", "extract", "."], "");
    insta::assert_snapshot!("module_catalogues", extracted.snapshot());
    let catalogue = folder.read("details.nl.po");
    assert!(catalogue.contains("msgctxt \"collect / ask name\"\nmsgid \"Name?\""), "{catalogue}");
    // One text is translated, the others are missed: once, not by each flow.
    folder.write(
        "details.nl.po",
        catalogue.replace("msgid \"Name?\"\nmsgstr \"\"", "msgid \"Name?\"\nmsgstr \"Naam?\""),
    );
    let own =
        folder.read("a.nl.po").replace("msgid \"Done.\"\nmsgstr \"\"", "msgid \"Done.\"\nmsgstr \"Klaar.\"");
    folder.write("a.nl.po", &own);
    folder.write("shop/b.nl.po", &own);
    insta::assert_snapshot!("module_untranslated", folder.run(&["check", "."], "").snapshot());
    let chat = folder.run(&["run", "a.flow", "--language", "nl"], "Ada\n").out;
    assert!(chat.starts_with("Naam?"), "{chat}");
}

#[test]
fn a_module_is_no_flow() {
    let folder = project();
    let all: String = ["run", "build", "test", "inspect"]
        .map(|command| folder.run(&[command, "details.flow"], "").snapshot())
        .concat();
    insta::assert_snapshot!("module_alone", all);
}
