//! Formatting, with the cursor drawn in the source.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a panic in a test is its failure"
)]

mod drawn;

use std::fmt::Write;

use chatflow_lsp::format;
use drawn::drawn;

#[test]
fn formatting() {
    let untidy = "flow   a \"A\"\r\n\r\n\r\n\r\nuse acme\r\nstep start{\r\nsay   \"é\"   // why\r\n      ask contact.email \"?\" {\r\nattempts 3->bye\r\n}\r\n}\r\nstep bye {\r\n  say \"Bye.\"\r\n   end\r\n}";
    let drawn = drawn(untidy);
    let edits = format::document(&drawn.analysis, drawn.file);
    let whole = drawn.edited(&edits);
    let all = chatflow_compiler::format::format(drawn.analysis.file(drawn.file).unwrap());
    assert_eq!(whole, format!("-- a.flow\n{all}"));
    let at = untidy.find("say \"Bye").unwrap() as u32;
    let within = chatflow_compiler::Span { file: drawn.file, start: at, end: at };
    let part = drawn.edited(&format::range(&drawn.analysis, drawn.file, within));
    let visible = |text: &str| text.replace('\r', "␍");
    let edits: Vec<String> =
        edits.iter().map(|edit| visible(&format!("{} -> {:?}", drawn.place(edit.span), edit.text))).collect();
    insta::assert_snapshot!(format!(
        "{}\n=> the file\n{}\n{}\n=> the step `bye`\n{}",
        visible(untidy),
        visible(&whole),
        edits.join("\n"),
        visible(&part)
    ));
}

/// The cursor stands behind what was typed.
#[test]
fn formatting_while_typing() {
    let mut out = String::new();
    for (typed, source) in [
        ("\n", "flow a \"A\"\n\nstep start {\n|\n}\n"),
        ("\n", "flow a \"A\"\n\nstep start {\n      say   \"a\"\n|\n}\n"),
        (
            "\n",
            "flow a \"A\"\n\nstep start {\n  ask \"?\" {\n    attempts   3->start\n      |\n    \"a\"->start\n  }\n}\n",
        ),
        (
            "\n",
            "flow a \"A\"\n\nstep start {\n  ask \"?\" {\n    \"a\"->start\n|    attempts   3->start\n  }\n}\n",
        ),
        ("\n", "flow a \"A\"\n\nstep start {\n  say \"\"\"\n    a\n|\n    \"\"\"\n}\n"),
        ("\n", "flow a \"A\"\n\nstep start {\n  say   \"a\"\n|"),
        ("}", "flow a \"A\"\n\nstep start {\nask \"?\" {\n\"a\"->start\n   }|\nsay   \"b\"\n}\n"),
        ("}", "flow a \"A\"\n\nstep start {\n  if reply is \"x\" then {\n    end\n    }|\n"),
        ("}", "flow a \"A\"\n\nstep start {\n  say   \"{reply or \"x\"}|\"\n}\n"),
    ] {
        let drawn = drawn(source);
        let edits = format::typed(&drawn.analysis, drawn.file, drawn.offset(), typed);
        let after = if edits.is_empty() { "nothing changes\n".to_owned() } else { drawn.edited(&edits) };
        let _ = writeln!(out, "{source}\n=> {typed:?}\n{after}\n--------");
    }
    insta::assert_snapshot!(out);
}
