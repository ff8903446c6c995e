//! Many mistakes in one file: each is found where it stands, none hides another, and none is found twice.
//!
//! The files of `tests/mistakes` say behind each line what is found on it.
#![allow(clippy::unwrap_used, reason = "a panic in a test is its failure")]

use chatflow_compiler::{Project, Source, check};
use chatflow_tests::documents::read;

/// What a file says is found in it: lines, from 1, and codes.
fn expected(text: &str) -> Vec<(u32, String)> {
    let lines = text.lines().zip(1..);
    let found = lines.filter_map(|(line, number)| {
        let (_, code) = line.rsplit_once("// E")?;
        Some((number, format!("E{}", code.trim())))
    });
    found.collect()
}

fn found(name: &str, text: &str) -> Vec<(u32, String)> {
    let workspace = read("examples/qualify_leads/acme.flow");
    let project = Project::new(vec![Source::new(name, text), Source::new("acme.flow", workspace)]);
    let place = |found: &chatflow_compiler::Diagnostic| {
        let span = found.primary.span;
        let line = project.file(span.file).unwrap().lines.line(span.start);
        (line + 1, found.code.as_str().to_owned())
    };
    check(&project).diagnostics.iter().map(place).collect()
}

#[test]
fn twenty_mistakes_are_twenty_findings() {
    for name in ["classes.flow", "syntax.flow"] {
        let text = read(&format!("tests/mistakes/{name}"));
        let expected = expected(&text);
        assert_eq!(expected.len(), 20, "{name}");
        assert_eq!(found(name, &text), expected, "{name}");
    }
}
