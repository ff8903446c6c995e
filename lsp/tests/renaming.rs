//! Renaming, with the cursor drawn in the source.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a panic in a test is its failure"
)]

mod drawn;

use std::fmt::Write;

use chatflow_lsp::rename;
use drawn::{TWO, at, drawn};

#[test]
fn renaming() {
    let mut out = String::new();
    let cases = [
        ("thanks was", 0, "goodbye"),
        ("thanks was", 6, "goodbye"),
        ("collect {", 3, "gather"),
        ("lead then", 0, "x"),
        ("stage is", 0, "phase"),
        ("name:", 4, "who"),
        ("flow a", 5, "first"),
        ("details \"D\"", 0, "contact_details"),
        ("thanks was", 0, "start"),
        ("thanks was", 0, "two words"),
        ("thanks was", 0, "is"),
        ("use acme", 5, "x"),
        ("if contact", 0, "x"),
    ];
    for (word, into, new) in cases {
        let drawn = at(word, into);
        let said = match rename::rename(&drawn.analysis, drawn.file, drawn.offset(), new) {
            Ok(edits) => {
                edits.iter().map(|edit| format!("{} -> {}\n", drawn.place(edit.span), edit.text)).collect()
            }
            Err(why) => format!("{why}\n"),
        };
        let _ = writeln!(out, "{word:?} + {into} to {new}\n{said}");
    }
    insta::assert_snapshot!(out);
}

fn unchanged(project: &drawn::Drawn, edits: &[chatflow_compiler::Edit]) -> String {
    let files = project.analysis.project.files.iter();
    let same = files.filter(|file| !edits.iter().any(|edit| edit.span.file == file.id));
    same.map(|file| format!("-- {}\n{}", file.source.path, file.source.text)).collect()
}

fn codes(project: &drawn::Drawn) -> Vec<&str> {
    project.analysis.checked().diagnostics.iter().map(|found| found.code.as_str()).collect()
}

/// A renamed project means what it meant: it has no finding that it did not have.
#[test]
fn renaming_breaks_nothing() {
    let project = drawn(TWO);
    let before = codes(&project);
    for scope in &project.analysis.index().files {
        for mention in &scope.mentions {
            let (file, offset) = (mention.span.file, mention.span.start);
            let Ok(edits) = rename::rename(&project.analysis, file, offset, "quite_new") else { continue };
            let renamed = drawn(&(project.edited(&edits) + &unchanged(&project, &edits)));
            let found = &renamed.analysis.checked().diagnostics;
            let found: Vec<&str> = found.iter().map(|found| found.code.as_str()).collect();
            assert_eq!(found, before, "{}", project.place(mention.span));
        }
    }
}

fn drawn_again(project: &drawn::Drawn, edits: &[chatflow_compiler::Edit]) -> drawn::Drawn {
    drawn(&(project.edited(edits) + &unchanged(project, edits)))
}

/// Catalogues stand beside the flow: their entries go with the step and the local that are renamed.
const TRANSLATED: &str = "-- a.flow\nflow a \"A\"\n\nuse acme\n\nlanguages en, nl\n\nstep start {\n  ask size: one of [s \"Small\", l \"Large\"] \"Which size?\"\n  ask who: text \"Your name?\"\n  say \"{who}, {select size: s \"small\", other \"large\"}, {contact.firstname or \"you\"}\"\n  say \"\"\"\n    Two lines,\n    {who}.\n    \"\"\"\n}\n-- a.nl.po\n# by hand\nmsgctxt \"start / ask who\"\nmsgid \"Your name?\"\nmsgstr \"Je naam?\"\n\nmsgctxt \"start / say\"\nmsgid \"{who}, {select size: s \\\"small\\\", other \\\"large\\\"}, {contact.firstname or \\\"you\\\"}\"\nmsgstr \"{who}: {select size: s \\\"klein\\\", other \\\"groot\\\"}, {contact.firstname or \\\"jij\\\"}\"\n\nmsgctxt \"start / say\"\nmsgid \"\"\n\"Two lines,\\n\"\n\"{who}.\"\nmsgstr \"\"\n\"Twee regels,\\n\"\n\"{who}.\"\n";

#[test]
fn renaming_with_catalogues() {
    let found = drawn(TRANSLATED).analysis.checked().diagnostics.clone();
    assert!(found.iter().all(|found| found.severity() != chatflow_compiler::Severity::Error), "{found:#?}");
    let mut out = TRANSLATED.to_owned();
    for (word, new) in [("who:", "caller"), ("s \"Small", "petit"), ("start {", "begin"), ("size:", "what")] {
        let at = TRANSLATED.find(word).unwrap();
        let drawn = drawn(&format!("{}|{}", &TRANSLATED[..at], &TRANSLATED[at..]));
        let edits = rename::rename(&drawn.analysis, drawn.file, drawn.offset(), new).unwrap();
        let _ = writeln!(out, "=> {word} to {new}\n{}", drawn.edited(&edits));
        let again = drawn_again(&drawn, &edits);
        assert_eq!(codes(&again), codes(&drawn), "{word}");
    }
    insta::assert_snapshot!(out);
}
