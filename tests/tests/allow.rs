//! `// allow E0403: reason` above a line: what it covers, and what is said of one that covers nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic in a test is its failure")]

use chatflow_compiler::fix::mend;
use chatflow_compiler::{Applicability, Checked, Project, Source, check};

/// A flow with two steps; nothing is found in it.
fn flow(statements: &str) -> Project {
    let text = format!(
        "flow x \"X\"\nuse acme\nstep a {{\n  ask \"q\" {{\n    \"1\" -> b\n    \"2\"\n  }}\n{statements}\n}}\nstep b {{\n  say \"b\"\n}}\n"
    );
    let acme = include_str!("../../examples/qualify_leads/acme.flow");
    Project::new(vec![Source::new("x.flow", text), Source::new("acme.flow", acme)])
}

fn codes(checked: &Checked) -> Vec<&'static str> {
    checked.diagnostics.iter().map(|found| found.code.as_str()).collect()
}

/// The codes that statements yield, and those that are allowed, with the reasons.
fn found(statements: &str) -> (Vec<&'static str>, Vec<(&'static str, String)>) {
    let checked = check(&flow(statements));
    let allowed =
        checked.allowed.iter().map(|allowed| (allowed.finding.code.as_str(), allowed.reason.clone()));
    (codes(&checked), allowed.collect())
}

/// What is left after the safe fixes, as the lines of the statements.
fn mended(statements: &str) -> String {
    let mended = mend(&flow(statements), |_, fix| fix.applicability == Applicability::Safe);
    let text = mended.project.files[0].source.text.to_string();
    let (_, rest) = text.split_once("\"2\"\n  }\n").unwrap();
    rest.split_once("\n}\nstep b").unwrap().0.to_owned()
}

const NEGATIVE: &str = "  if contact.stage is not lead then say \"a\"";

#[test]
fn a_comment_covers_the_line_below_it() {
    let one = |reason: &str| vec![("E0406", reason.to_owned())];
    assert_eq!(found(NEGATIVE), (vec!["E0406"], vec![]));
    for above in [
        "  // allow E0406: an unknown stage is none of ours",
        "//allow e0406:an unknown stage is none of ours",
        "  // allow E0406: an unknown stage is none of ours\n\n  // and a remark\n",
        "  // allow\tE0406 : an unknown stage is none of ours  ",
    ] {
        let expected = (vec![], one("an unknown stage is none of ours"));
        assert_eq!(found(&format!("{above}\n{NEGATIVE}")), expected, "{above}");
    }
    // Not the line after that.
    let (left, allowed) = found(&format!("  // allow E0406: why\n  say \"c\"\n{NEGATIVE}"));
    assert_eq!((left, allowed), (vec!["E0115", "E0406"], vec![]));
}

#[test]
fn a_statement_of_several_lines_is_covered_from_its_first() {
    let statement =
        "  // allow E0406: why\n  if contact.budget > 5\n    and contact.stage is not lead then say \"a\"";
    assert_eq!(found(statement).0, Vec::<&str>::new());
    // What stands in a block of it is a statement of its own.
    let nested = "  // allow E0406: why\n  if contact.budget > 5 then {\n    if contact.stage is not lead then say \"a\"\n  }";
    assert_eq!(found(nested).0, ["E0115", "E0406"]);
    let nested = "  if contact.budget > 5 then {\n    // allow E0406: why\n    if contact.stage is not lead then say \"a\"\n  }";
    assert_eq!(found(nested).0, Vec::<&str>::new());
}

#[test]
fn several_codes_stand_in_one_comment() {
    // What is never reached is not looked at further.
    let dead = "  end\n  // allow E0403, E0406: why\n  if contact.stage is not lead then say \"a\"";
    let (left, allowed) = found(dead);
    assert_eq!((left, allowed), (vec!["E0115"], vec![("E0403", "why".to_owned())]));
}

#[test]
fn an_error_is_never_allowed() {
    let (left, allowed) = found("  // allow E0201: later\n  -> nowhere");
    assert_eq!((left, allowed), (vec!["E0118", "E0201"], vec![]));
}

#[test]
fn where_something_has_errors_nothing_is_called_unused() {
    let (left, _) = found("  // allow E0406: why\n  if contact.stage is not led then say \"a\"");
    assert_eq!(left, ["E0303"]);
    let (left, _) = found("  // allow E0406: why\n  if contact.stage is lead then say \"a\"");
    assert_eq!(left, ["E0115"]);
}

#[test]
fn what_is_wrong_with_a_comment_is_mended() {
    assert_eq!(mended("  // allow E0406: why\n  say \"c\""), "  say \"c\"");
    assert_eq!(
        mended(&format!("  // allow E0402, E0406, E0403: why\n{NEGATIVE}")),
        format!("  // allow E0406: why\n{NEGATIVE}")
    );
    assert_eq!(
        mended(&format!("  // allow E0406 since it is so\n{NEGATIVE}")),
        format!("  // allow E0406: since it is so\n{NEGATIVE}")
    );
    assert_eq!(
        mended(&format!("{NEGATIVE}  // allow E0406: why")),
        format!("  // allow E0406: why\n{NEGATIVE}")
    );
    assert_eq!(
        mended(&format!("  // allow E0406: one\n  // allow E0406: two\n{NEGATIVE}")),
        format!("  // allow E0406: one\n{NEGATIVE}")
    );
}

#[test]
fn a_sentence_is_no_allow() {
    for sentence in
        ["  // allow everybody in", "  // allow: E0406", "  // we allow E0406: no", "  /// allow E0406: doc"]
    {
        assert_eq!(found(&format!("{sentence}\n{NEGATIVE}")).0, ["E0406"], "{sentence}");
    }
}

#[test]
fn comments_cover_in_every_kind_of_file() {
    let workspace = "workspace acme \"Acme\"\n\n// allow E0402: none here\nteam sales \"Sales\"\n";
    let tests = "tests for x\n\n// allow E0402: none here\ntest \"t\" {\n  bot \"Hi\"\n}\n";
    let flow = "flow x \"X\"\nuse acme\nstep a {\n  say \"Hi\"\n}\n";
    let sources = vec![
        Source::new("acme.flow", workspace),
        Source::new("x.flow", flow),
        Source::new("x.tests.flow", tests),
    ];
    assert_eq!(codes(&check(&Project::new(sources))), ["E0115", "E0115"]);
    // A hand-off in a flow to a team of which nobody has a seat: the finding stands in the flow.
    let flow = "flow x \"X\"\nuse acme\nstep a {\n  // allow E0603: seats come with the new plan\n  hand off to team sales { unavailable -> { end } }\n}\n";
    let workspace = "workspace acme \"Acme\"\nuser bo \"Bo\" { seat service }\nuser ada \"Ada\"\nteam sales \"Sales\" { members [ada] }\n";
    let checked =
        check(&Project::new(vec![Source::new("acme.flow", workspace), Source::new("x.flow", flow)]));
    assert_eq!((codes(&checked), checked.allowed.len()), (vec![], 1));
}

#[test]
fn many_comments_are_linear_work() {
    // One comment in a hundred covers code; none is looked at twice.
    let comments = "  // allow E0403: why\n".repeat(20_000);
    let (left, _) = found(&format!("{comments}  say \"c\""));
    assert_eq!(left.len(), 20_000);
}
