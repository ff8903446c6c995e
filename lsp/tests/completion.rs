//! What is offered and shown while somebody writes, with the cursor drawn in the source.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a panic in a test is its failure"
)]

mod drawn;

use std::fmt::Write;

use chatflow_lsp::{completion, signature};
use drawn::{drawn, in_step, labels};

fn offered(source: &str) -> String {
    let drawn = drawn(source);
    labels(&completion::complete(&drawn.analysis, drawn.file, drawn.offset()))
}

/// What is offered at each of these lines of a step; broken lines among them.
#[test]
fn completion_in_steps() {
    let lines = [
        "  |",
        "  as|",
        "  ask |",
        "  ask contact.|",
        "  ask name: |",
        "  ask contact.stage |",
        "  set |",
        "  set contact.stage = |",
        "  let x = |",
        "  let x = price_for(|",
        "  clear |",
        "  do |",
        "  -> |",
        "  book |",
        "  book meeting |",
        "  hand off to |",
        "  hand off to team |",
        "  add contact |",
        "  if |",
        "  if contact.|",
        "  if contact.stage |",
        "  if contact.stage is |",
        "  if contact.stage is any of [|",
        "  if contact.interests |",
        "  if company.employees |",
        "  if company.employees > |",
        "  if contact.email is known |",
        "  if contact.email is known and |",
        "  if contact.email is known then |",
        "  if team |",
        "  if team sales |",
        "  if contact is in list |",
        "  if contact.renewal is |",
        "  say \"Hi {|",
        "  say \"Hi {contact.|",
        "  say \"Hi {con|",
        "  say \"Hi {|}\"",
        "  say \"Hi |",
        "  // |",
        "  if page.|",
        "  share |",
        "  call webhook |",
    ];
    let mut out = String::new();
    for line in lines {
        let _ = writeln!(out, "{line}\n    {}", offered(&in_step(line)));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn completion_in_blocks() {
    let lines = [
        "  ask contact.stage \"?\" {\n    |\n  }",
        "  ask contact.stage \"?\" {\n    \"Lead\" |\n  }",
        "  ask contact.stage \"?\" {\n    \"Lead\" = |\n  }",
        "  ask contact.stage \"?\" {\n    \"Lead\" -> |\n  }",
        "  ask \"?\" {\n    skip when |\n  }",
        "  ask \"?\" {\n    skip |",
        "  book meeting intro {\n    |\n  }",
        "  book meeting intro {\n    booked -> thanks\n    |\n  }",
        "  book meeting intro {\n    declined |",
        "  create ticket support {\n    |\n  }",
        "  create ticket support {\n    priority |",
        "  create ticket support {\n    stage |",
        "  say \"x\" {\n    |",
        "  call webhook \"https://x.example\" {\n    |",
        "  call webhook \"https://x.example\" {\n    method |",
        "  set contact.budget = 1 / 2 {\n    |",
    ];
    let mut out = String::new();
    for line in lines {
        let _ = writeln!(out, "{line}\n    {}", offered(&in_step(line)));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn completion_in_files() {
    let files = [
        "|",
        "-- w.flow\nworkspace w \"W\"\n|",
        "-- m.flow\nmodule m \"M\"\n|",
        "flow a \"A\"\n|",
        "flow a \"A\"\nuse |",
        "flow a \"A\"\nchannel |",
        "flow a \"A\"\nlanguages en, |",
        "flow a \"A\"\nuse acme\ninbox |",
        "flow a \"A\"\ntarget {\n  |",
        "flow a \"A\"\nuse acme\ntarget {\n  show when |",
        "flow a \"A\"\ntarget {\n  show when visitor.device is |",
        "flow a \"A\"\ndisplay {\n  heading \"A\"\n  |",
        "flow a \"A\"\ndisplay {\n  desktop |",
        "flow a \"A\"\ndisplay {\n  trigger |",
        "flow a \"A\"\nuse acme\noptions {\n  survey |",
        "flow a \"A\"\nconsent {\n  processing |",
        "flow a \"A\"\noutdated -> |\nstep one {\n  end\n}\n",
        "flow a \"A\"\nuse acme\nanytime {\n  |\n}\n",
        "flow a \"A\"\nuse acme\nwelcome \"Hi {|\"\n",
        "flow a \"A\"\nuse acme\ntest \"x\" {\n  |\n}\n",
        "flow a \"A\"\nuse acme\ntest \"x\" {\n  expect |\n}\n",
        "flow a \"A\"\nuse acme\ntest \"x\" {\n  fail |\n}\n",
        "flow a \"A\"\nuse acme\ntest \"x\" {\n  choose |\n}\n",
        "-- w.flow\nworkspace w \"W\"\ncontact {\n  a |\n}\n",
        "-- w.flow\nworkspace w \"W\"\nuser ada \"A\"\nteam t \"T\" {\n  |\n}\n",
        "-- w.flow\nworkspace w \"W\"\nuser ada \"A\"\nteam t \"T\" {\n  members [|\n}\n",
        "-- w.flow\nworkspace w \"W\"\nuser ada \"A\" {\n  seat |\n}\n",
        "-- w.flow\nworkspace w \"W\"\nfunction f(a: |\n",
        "-- t.flow\ntests for |\n-- b.flow\nflow b \"B\"\n",
        "-- t.flow\ntests for b\n|\n-- b.flow\nflow b \"B\"\n",
    ];
    let mut out = String::new();
    for file in files {
        let _ = writeln!(out, "{file}\n    {}\n", offered(file));
    }
    insta::assert_snapshot!(out);
}

/// What a completion writes.
#[test]
fn completion_inserts() {
    let cases = [
        (in_step("  boo|"), "book meeting"),
        (in_step("  if contact.em| is known then end"), "email"),
        (in_step("  if contact.stage |"), "is any of"),
        (in_step("  ask contact.stage \"?\" {\n    |\n  }"), "\"Lead\" = lead"),
        (in_step("  ste|").replace("  ste|", "  end") + "ste|", "step"),
        // What is not used yet comes with its `use` line.
        ("flow a \"A\"\n\nstep start {\n  ask contact.em|\n}\n".to_owned(), "email"),
        ("flow a \"A\"\n\nstep start {\n  hand off to |\n}\n".to_owned(), "team sales"),
        ("flow a \"A\"\n\nstep start {\n  let price = |\n}\n".to_owned(), "price_for"),
        (in_step("  say \"Hi {contact.|}\""), "firstname"),
        (in_step("  book meeting intro {\n    |\n  }"), "declined"),
        ("-- a.flow\nflow a \"A\"\n\nuse acme\n\nstep start {\n  do |\n}\n-- details.flow\nmodule details \"D\"\n\nstep collect {\n  end\n}\n".to_owned(), "details.collect"),
    ];
    let mut out = String::new();
    for (source, label) in cases {
        let drawn = drawn(&source);
        let found = completion::complete(&drawn.analysis, drawn.file, drawn.offset());
        let one = found
            .iter()
            .find(|one| one.label == label)
            .unwrap_or_else(|| panic!("{label}: {}", labels(&found)));
        let _ = writeln!(out, "{source}\n=> {label}\n{}", drawn.completed(one));
    }
    insta::assert_snapshot!(out);
}

/// A signature with its active parameter marked, and the first line of what is said of it.
fn shown(found: &signature::Signature) -> String {
    let mut label = found.label.clone();
    if let Some((start, end)) = found.parameters.get(found.active as usize) {
        label.insert(*end as usize, '⟧');
        label.insert(*start as usize, '⟦');
    }
    format!("{label}    {}", found.docs.lines().next().unwrap_or(""))
}

#[test]
fn signatures() {
    let mut out = String::new();
    for line in [
        "  let x = price_for(|",
        "  let x = price_for(|5)",
        "  let x = price_for(5)|",
        "  let x = (|",
        "  say \"{plural |",
        "  say \"{plural contact.budget: one \\\"|",
        "  say \"{plural contact.budget: one \"a|\", other \"b\"}\"",
        "  say \"{plural contact.budget: one \"a\", other \"|b\"}\"",
        "  say \"{select contact.stage: lead \"|a\", other \"b\"}\"",
        "  book meeting |",
        "  hand off to |",
        "  hand off to team sales {\n    note |",
        "  hand off to team sales {\n    unavailable |",
        "  create ticket support {\n    priority |",
        "  call webhook \"https://x.example\" {\n    save \"a\" as |",
        "  call webhook \"https://x.example\" {\n    save \"a\" as b: |",
        "  ask contact.email \"?\" {\n    attempts |",
        "  ask contact.email \"?\" {\n    attempts 3 -> |",
        "  ask |",
        "  if |",
    ] {
        let drawn = drawn(&in_step(line));
        let found = signature::signature(&drawn.analysis, drawn.file, drawn.offset());
        let _ = writeln!(out, "{line}\n    {}", found.map_or("-".to_owned(), |found| shown(&found)));
    }
    for file in
        ["flow a \"A\"\n\ndisplay {\n  desktop |", "flow a \"A\"\n\nconsent {\n  processing explicit |"]
    {
        let drawn = drawn(file);
        let found = signature::signature(&drawn.analysis, drawn.file, drawn.offset());
        let _ = writeln!(out, "{file}\n    {}", found.map_or("-".to_owned(), |found| shown(&found)));
    }
    insta::assert_snapshot!(out);
}
