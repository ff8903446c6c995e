//! One mistake is one finding, and a correct flow is none: what people tripped over once.

use chatflow_compiler::{Project, Source, check};

const WORKSPACE: &str = include_str!("../../examples/qualify_leads/acme.flow");

/// The codes that a step's statements yield, in a flow with steps `b` and `c` that the workspace of the example serves.
fn codes(statements: &str) -> Vec<&'static str> {
    let text = format!(
        "flow x \"X\"\nuse acme\nstep a {{\n{statements}\n}}\nstep b {{\n  say \"b\"\n}}\nstep c {{\n  say \"c\"\n}}\n"
    );
    let sources = vec![Source::new("x.flow", text), Source::new("acme.flow", WORKSPACE)];
    let found = check(&Project::new(sources)).diagnostics;
    found.iter().map(|found| found.code.as_str()).collect()
}

/// Keeps the steps `b` and `c` reached.
const ARROWS: &str = "  ask \"q\" {\n    \"1\" -> b\n    \"2\" -> c\n  }";

#[test]
fn correct_statements_yield_nothing() {
    for statements in [
        "  if contact.stage is lead then { say \"a\" }\n\n  // why\n  else { say \"b\" }",
        "  if contact.stage is lead // a\n  // b\n  and contact.budget > 5 then { say \"a\" }",
        "  if team sales is not available then -> b\n  hand off to team sales",
        "  if not (team sales is available) then -> b\n  else hand off to team sales",
        "  if contact.firstname is known then say \"{contact.firstname}\"",
        "  ask contact.stage \"Which?\"\n  say \"{contact.stage}\"",
        "  ask contact.interests \"Which?\"\n  say \"{contact.interests}\"",
        "  say \"\"\"\n    Dear {contact.firstname or \"friend\"},\n    welcome.\n    \"\"\"",
        "  ask subject: text \"About?\"\n  say \"{subject}\"",
        "  ask matches: text \"Which?\"\n  ask matches \"{matches}?\"\n  if matches matches \"{\\\"*\" then say \"{matches}\"",
    ] {
        let found = codes(&format!("{statements}\n{ARROWS}"));
        let expected: &[&str] = if statements.contains("hand off") { &["E0403"] } else { &[] };
        let found: Vec<_> = found.into_iter().filter(|code| !expected.contains(code)).collect();
        let unreached: Vec<_> = found.iter().filter(|code| **code != "E0402").collect();
        assert!(unreached.is_empty(), "{statements}\n{found:?}");
    }
}

#[test]
fn one_mistake_is_one_finding() {
    for (statements, code) in [
        ("  ask foo \"Q?\"\n  say \"{foo}\"", "E0203"),
        ("  set contact.budget 5", "E0109"),
        ("  say \"\\u{zz}\"", "E0108"),
        ("  say \"\\u{d800}\"", "E0108"),
        ("  ask x: number \"n\" {\n    \"One\" = \"1\"\n    \"Two\" = 2 -> b\n  }\n  say \"x\"", "E0302"),
        ("  ask \"n\" {\n    \"One\" -> nope\n    \"Two\" -> b\n  }\n  say \"x\"", "E0201"),
        ("  ask \"q\" {\n    timeout 5m -> b\n    timeout 6m -> c\n  }", "E0207"),
        ("  if contact.budget == 5 then say \"x\"", "E0109"),
        ("  say Hello", "E0109"),
        ("  repeat x", "E0110"),
        ("  do x", "E0201"),
        ("  do x.b", "E0216"),
        ("  do x.y", "E0216"),
        ("  wait 0s", "E0208"),
        ("  wait 12abc", "E0112"),
        ("  say \"{12abc}\"", "E0112"),
        ("  set contact.budget = 12abc", "E0112"),
        ("  clear page.path", "E0302"),
        ("  let x: number = 5", "E0109"),
        ("  let x = x + 1\n  say \"{x}\"", "E0312"),
        ("  let x = y\n  let y = x\n  say \"{x}{y}\"", "E0312"),
        ("  let x = nope\n  say \"{x}\"", "E0203"),
        ("  let contact.budget = 5", "E0302"),
        ("  let today = 5", "E0209"),
        ("  let x = \"a\" + 1 + \"b\"\n  say \"{x}\"", "E0310"),
        ("  let x = today + 36h\n  say \"{x}\"", "E0311"),
        ("  let x = 5 { failed -> b }\n  say \"{x}\"", "E0313"),
        ("  if reply matches /a(/ then say \"x\"", "E0314"),
        ("  if reply matches \"a then say", "E0104"),
        ("  if reply matches \"a\\n\" then say \"x\"", "E0314"),
        ("  if reply matches /a then say \"x\"", "E0104"),
        ("  if reply matches reply then say \"x\"", "E0109"),
        ("  if reply does not match /a/ then say \"x\"", "E0109"),
        ("  if contact.budget matches /a/ then say \"x\"", "E0306"),
        ("  if company is in list news then say \"x\"", "E0306"),
        ("  say \"{plural contact.budget or 1: one \"a\"}\"", "E0317"),
        ("  say \"{plural contact.budget or 1: five \"a\", other \"b\"}\"", "E0315"),
        ("  x = 5", "E0110"),
        ("  contact.budget += 5", "E0110"),
        ("  let x == 5", "E0109"),
        ("  let x = (contact.budget or 1) % 2", "E0109"),
        ("  if page.url contains \"#top\" then say \"x\"", "E0306"),
        ("  let x = today + \"2d\"", "E0310"),
        ("  let x = 5 / 0 { nope -> b }\n  say \"{x}\"", "E0206"),
        ("  say \"{5 / 0}\"", "E0411"),
        ("  ask \"q\" {\n    \"A\" \"B\"\n  }", "E0113"),
        ("  create ticket support { subject \"a\" priority high }", "E0113"),
        ("  if contact.stage is leed then say \"x\"", "E0303"),
        ("  hand off to sales { unavailable -> b }", "E0109"),
    ] {
        let found = codes(&format!("{statements}\n{ARROWS}"));
        assert_eq!(found, [code], "{statements}");
    }
}

#[test]
fn a_test_gives_no_locals() {
    let text = "flow x \"X\"\nstep a {\n  ask age: number \"Age?\"\n  say \"{age}\"\n}\ntest \"t\" {\n  given LINE\n}\n";
    for line in ["age is 5", "age is known", "age is unknown", "age > 5"] {
        let sources = vec![Source::new("x.flow", text.replace("LINE", line))];
        let found = check(&Project::new(sources)).diagnostics;
        let codes: Vec<_> = found.iter().map(|found| found.code.as_str()).collect();
        assert_eq!(codes, ["E0215"], "{line}");
    }
}

/// What one side of a condition tests, the other may show; but not each what the other tests.
#[test]
fn sides_of_a_condition_do_not_rely_on_each_other() {
    let first = "\"{contact.firstname}\" is contact.email";
    let second = "\"{contact.email}\" is contact.firstname";
    let known = "contact.firstname is known";
    for (condition, expected) in [
        (format!("{known} and {first}"), &[][..]),
        (format!("{first} and {known}"), &[]),
        (format!("contact.firstname is unknown or {first}"), &[]),
        (format!("{first} and {second}"), &["E0401"]),
        (format!("{second} and {first}"), &["E0401"]),
        (format!("({first} and {second}) and {known}"), &[]),
    ] {
        let found = codes(&format!("  if {condition} then say \"a\"\n{ARROWS}"));
        assert_eq!(found, expected, "{condition}");
    }
}
