//! Reports for platforms: SARIF fits its schema, and what a finding is known by stays when the text around it changes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a panic in a test is its failure"
)]

use std::collections::BTreeSet;

use chatflow::environment::findings;
use chatflow::render::{Shown, gitlab, sarif};
use chatflow_compiler::code::Code;
use chatflow_compiler::{Project, Source, check};
use chatflow_tests::documents::{Block, blocks, project, read};
use jsonschema::Validator;
use serde_json::Value;

/// The standard's own schema; `tests/schemas` says where it is from.
fn schema() -> Validator {
    // One pattern of the standard's schema, for the tags of languages, has a bracket too many.
    let text = read("tests/schemas/sarif-2.1.0.json");
    let mended = text.replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    assert_ne!(mended, text);
    let schema: Value = serde_json::from_str(&mended).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

fn report(project: &Project) -> Value {
    let mut checked = check(project);
    checked.diagnostics.extend(findings(project, &checked));
    serde_json::from_str(&sarif(&Shown::new(project), &checked.diagnostics, &checked.allowed)).unwrap()
}

fn results(report: &Value) -> &Vec<Value> {
    report["runs"][0]["results"].as_array().unwrap()
}

/// The fingerprints of a project's results, with their codes.
fn fingerprints(text: &str) -> BTreeSet<(String, String)> {
    let report = report(&Project::new(vec![Source::new("x.flow", text)]));
    let print = |result: &Value| {
        let print = result["partialFingerprints"]["itemAndLines/v1"].as_str().unwrap();
        (result["ruleId"].as_str().unwrap().to_owned(), print.to_owned())
    };
    let all: Vec<_> = results(&report).iter().map(print).collect();
    let each: BTreeSet<_> = all.iter().cloned().collect();
    assert_eq!(all.len(), each.len(), "two findings have one fingerprint: {all:?}");
    each
}

#[test]
fn sarif_fits_its_schema_whatever_was_found() {
    let schema = schema();
    assert!(
        !schema.is_valid(&serde_json::json!({"version": "2.1.0", "runs": [{}]})),
        "the schema refuses nothing"
    );
    for code in Code::ALL {
        let samples = blocks(code.page());
        let is_sample = |block: &Block| ["flow", "po", "toml"].iter().any(|kind| block.is(kind));
        let bad = samples.iter().filter(|block| block.section == "Bad" && is_sample(block));
        let report = report(&project(bad));
        let errors: Vec<String> =
            schema.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", code.as_str());
        let not_allowed =
            results(&report).iter().filter(|result| result["suppressions"] == serde_json::json!([]));
        assert_eq!(not_allowed.count(), 1, "{}", code.as_str());
    }
}

#[test]
fn a_rule_of_sarif_is_a_page() {
    let text = "flow x \"X\"\nstep a {\n  -> b\n  -> c\n  end\n  say \"x\"\n}\n";
    let report = report(&Project::new(vec![Source::new("x.flow", text)]));
    let rules = report["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["E0201", "E0403"]);
    for result in results(&report) {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        let code = Code::named(rule["id"].as_str().unwrap()).unwrap();
        assert_eq!(rule["help"]["markdown"], code.page());
    }
}

#[test]
fn what_a_comment_allows_is_suppressed() {
    let text = "flow x \"X\"\nstep a {\n  end\n  // allow E0403: comes back in summer\n  say \"x\"\n}\nstep b {\n  end\n}\n";
    let report = report(&Project::new(vec![Source::new("x.flow", text)]));
    let suppressions: Vec<(&Value, &Value)> =
        results(&report).iter().map(|result| (&result["ruleId"], &result["suppressions"])).collect();
    let expected = serde_json::json!([{"kind": "inSource", "justification": "comes back in summer"}]);
    assert_eq!(suppressions, [(&"E0402".into(), &serde_json::json!([])), (&"E0403".into(), &expected)]);
    assert!(schema().is_valid(&report));
}

#[test]
fn a_region_counts_characters_from_one_and_ends_behind_the_last() {
    let text = "flow x \"X\"\nstep a {\n  say \"日本😀{nam}\"\n}\n";
    let report = report(&Project::new(vec![Source::new("x.flow", text)]));
    assert_eq!(report["runs"][0]["columnKind"], "unicodeCodePoints");
    let region = &results(&report)[0]["locations"][0]["physicalLocation"]["region"];
    let expected = serde_json::json!({"startLine": 3, "startColumn": 12, "endLine": 3, "endColumn": 15});
    assert_eq!(*region, expected);
}

const FOUND: &str = "step a {\n  -> nowhere\n  -> b\n}\n";
const ALIKE: &str = "step b {\n  ask \"q\" {\n    \"1\" -> nowhere\n  }\n  if reply is \"x\" then {\n    -> nowhere\n    -> nowhere\n  }\n}\n";

#[test]
fn fingerprints_stay_when_lines_move() {
    let header = "flow x \"X\"\n";
    let before = fingerprints(&format!("{header}{FOUND}{ALIKE}"));
    assert!(before.len() >= 4, "{before:?}");
    let moved = [
        ("lines above", format!("{header}\n// a remark\n\nlanguages en\n\n{FOUND}{ALIKE}")),
        ("lines between", format!("{header}{FOUND}\n\n// a remark\n{ALIKE}")),
        ("items in another order", format!("{header}{ALIKE}{FOUND}")),
        ("blanks", format!("{header}{FOUND}{ALIKE}").replace("  ->", "\t\t->  ").replace('\n', "\r\n")),
    ];
    for (what, text) in moved {
        // Which step is reached depends on their order; the findings compared are those of both.
        let after = fingerprints(&text);
        let errors = |prints: &BTreeSet<(String, String)>| {
            prints.iter().filter(|(code, _)| code == "E0201").cloned().collect::<BTreeSet<_>>()
        };
        assert_eq!(errors(&after), errors(&before), "{what}");
    }
    // Another line or another step is another finding.
    let other = fingerprints(&format!("{header}{FOUND}{ALIKE}").replace("nowhere", "elsewhere"));
    assert!(
        other.iter().all(|(code, print)| code != "E0201" || !before.iter().any(|(_, known)| known == print))
    );
}

#[test]
fn nothing_hidden_stands_in_a_report() {
    let text = "flow x \"X\"\nstep a {\n  say \"\u{202e}\u{1b}[31m{nam\u{200b}e}\"\n  -> \u{2066}b\n}\n";
    let project = Project::new(vec![Source::new("x\u{202e}\u{1b}.flow", text)]);
    let checked = check(&project);
    let shown = Shown::new(&project);
    for report in
        [sarif(&shown, &checked.diagnostics, &checked.allowed), gitlab(&shown, &checked.diagnostics)]
    {
        let hidden =
            |char: char| char != '\n' && (char.is_control() || "\u{202e}\u{2066}\u{200b}".contains(char));
        assert!(!report.contains(hidden), "{report}");
    }
    assert!(schema().is_valid(&report(&project)));
}
