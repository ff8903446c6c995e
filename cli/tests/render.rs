//! Diagnostics are rendered whatever the source and the spans are, and nothing of the source reaches a terminal raw.
#![allow(missing_docs, reason = "a test needs no documentation beyond its name")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic in a test is its failure")]

use chatflow::render::{Shown, github, gitlab, human, json, plain, sarif, short};
use chatflow_compiler::{Code, Diagnostic, FileId, Project, Source, Span, check};
use proptest::prelude::*;

/// Everything that renderers have stumbled over.
const NASTY: &[&str] = &[
    "say \"hi\"",
    "\r\n",
    "\r",
    "\n",
    "\t",
    "\u{b}",
    "\u{c}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\0",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{2066}",
    "é",
    "漢字",
    "👩‍👩‍👧",
    "🏴\u{e0067}\u{e007f}",
    " ",
    "a\u{301}",
    "\u{ad}",
];

fn source() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(NASTY), 0..12).prop_map(|parts| parts.concat())
}

fn spans() -> impl Strategy<Value = Vec<(u32, u32, u32)>> {
    prop::collection::vec((0_u32..3, 0_u32..60, 0_u32..60), 1..4)
}

fn project(texts: &[String]) -> Project {
    let sources =
        texts.iter().enumerate().map(|(at, text)| Source::new(format!("f\u{1b}{at}.flow"), text.as_str()));
    Project::new(sources.collect())
}

fn diagnostic(spans: &[(u32, u32, u32)]) -> Diagnostic {
    let mut spans =
        spans.iter().map(|(file, start, end)| Span { file: FileId(*file), start: *start, end: *end });
    let primary = spans.next().unwrap();
    let found = Diagnostic::new(Code::UnknownStep, primary, "no step is called `\u{1b}]0;x\u{7}\n`")
        .here("unknown\u{202e}")
        .help("Did you mean `x`?\nOr not.")
        .fix("write `x`", primary, "x");
    spans.fold(found, |found, span| found.label(span, "see\n here"))
}

/// Whether a text holds nothing that moves a cursor or turns a direction, apart from colours.
fn is_tame(text: &str, colours: bool) -> bool {
    let plain = if colours { anstream::adapter::strip_str(text).to_string() } else { text.to_owned() };
    let hidden = |char: char| matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
    !plain.chars().any(|char| (char.is_control() && char != '\n' && char != '\t') || hidden(char))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_source_and_no_span_is_too_odd(texts in prop::collection::vec(source(), 1..3), spans in spans()) {
        let project = project(&texts);
        let found = diagnostic(&spans);
        for (text, colours) in [(human(&project, &found, true), true), (plain(&project, &found), false), (short(&project, &found), false)] {
            prop_assert!(is_tame(&text, colours), "{text:?}");
            prop_assert!(text.contains("E0201"));
        }
        prop_assert_eq!(short(&project, &found).lines().count(), 1);
        let shown = Shown::new(&project);
        let all = [found.clone()];
        prop_assert_eq!(github(&shown, &all).lines().count(), 1);
        for report in [github(&shown, &all), gitlab(&shown, &all), sarif(&shown, &all, &[])] {
            prop_assert!(is_tame(&report, false), "{report:?}");
        }
        let line = json(&project, &found);
        prop_assert!(is_tame(&line, false), "{line:?}");
        prop_assert_eq!(line.trim_end().lines().count(), 1);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        prop_assert_eq!(&value["code"], "E0201");
    }

    #[test]
    fn what_the_checker_finds_is_rendered(text in source()) {
        let project = project(&[format!("flow x \"X\"\n{text}")]);
        for found in check(&project).diagnostics {
            prop_assert!(is_tame(&human(&project, &found, true), true));
            prop_assert!(is_tame(&plain(&project, &found), false));
        }
    }
}

/// A finding of each shape, made by hand: what the checker says is tested where the checker is.
fn sample() -> (Project, Vec<Diagnostic>) {
    let flow =
        "flow hello \"Hello\"\r\n\r\nstep start {\r\n\tsay \"日本 {nam}\"\r\n  ask \"x\" {\r\n  }\r\n}\r\n";
    let acme = "workspace acme \"Acme\"\n";
    let project =
        Project::new(vec![Source::new("bots/hello.flow", flow), Source::new("bots/acme.flow", acme)]);
    let span = |file: u32, text: &str, part: &str| {
        let start = text.find(part).unwrap() as u32;
        Span { file: FileId(file), start, end: start + part.len() as u32 }
    };
    let hole = span(0, flow, "nam}");
    let name = Span { end: hole.end - 1, ..hole };
    let found = vec![
        Diagnostic::new(Code::UnknownName, name, "nothing is called `nam`")
            .here("unknown name")
            .label(span(1, acme, "acme"), "this workspace has no such property")
            .help("Did you mean `name`?")
            .fix("write `name`", name, "name"),
        Diagnostic::new(
            Code::UnreachableStatement,
            span(0, flow, "ask \"x\" {\r\n  }"),
            "this is never reached",
        )
        .here("every path leaves before this")
        .label(span(0, flow, "start"), "in this step"),
        Diagnostic::new(Code::UnknownStep, span(0, flow, "start"), "no step is called `start`"),
    ];
    (project, found)
}

#[test]
fn every_format() {
    let (project, found) = sample();
    let all =
        |render: &dyn Fn(&Diagnostic) -> String| found.iter().map(render).collect::<Vec<_>>().join("\n");
    let coloured = all(&|found| human(&project, found, true));
    insta::assert_snapshot!("human", anstream::adapter::strip_str(&coloured).to_string());
    insta::assert_snapshot!("plain", all(&|found| plain(&project, found)));
    insta::assert_snapshot!("short", all(&|found| short(&project, found)).replace("\n\n", "\n"));
    insta::assert_snapshot!("json", all(&|found| json(&project, found)).replace("\n\n", "\n"));
    let shown = Shown::new(&project);
    let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    insta::assert_snapshot!("sarif", sarif(&shown, &found, &[]).replace(version, "\"version\": \"…\""));
    insta::assert_snapshot!("github", github(&shown, &found));
    insta::assert_snapshot!("gitlab", gitlab(&shown, &found));
    insta::assert_snapshot!("summary", Shown::new(&project).summary(&found).unwrap());
}

#[test]
fn an_empty_file_and_the_end_of_a_file_have_a_place() {
    let project =
        Project::new(vec![Source::new("empty.flow", ""), Source::new("end.flow", "flow x \"X\"\n")]);
    let at = |file, offset| {
        let span = Span { file: FileId(file), start: offset, end: offset };
        human(&project, &Diagnostic::new(Code::NoSteps, span, "a flow without steps").here("here"), true)
    };
    insta::assert_snapshot!("edges", anstream::adapter::strip_str(&(at(0, 0) + &at(1, 11))).to_string());
}

/// The sizes of what is written are what it costs: no clock is needed to see that a long line is not written again and
/// again.
#[test]
fn a_long_line_is_clipped_around_the_place() {
    const COUNT: usize = 100_000;
    let text = format!("flow x \"X\"\nstep a {{\n  say \"é\"\n}}\n{}\n", "}".repeat(COUNT));
    let project = project(&[text]);
    let found = check(&project).diagnostics;
    assert_eq!(found.len(), COUNT);
    let shown = Shown::new(&project);
    for nth in [0, 1, 99, 50_000, COUNT - 1] {
        for text in [shown.human(&found[nth], true), shown.plain(&found[nth])] {
            assert!(text.len() < 1_500, "{nth}: {} bytes", text.len());
            assert!(text.contains(&format!("0.flow:5:{}\n", nth + 1)), "{text}");
        }
    }
    insta::assert_snapshot!("clipped", shown.plain(&found[50_000]));
    for (nth, found) in found.iter().enumerate() {
        let line = shown.short(found);
        assert_eq!(line, format!("f?0.flow:5:{}: error[E0106]: this `}}` closes nothing\n", nth + 1));
    }
}
