//! Every feature, with the cursor drawn in the source.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a panic in a test is its failure"
)]

mod drawn;

use std::fmt::Write;

use chatflow_lsp::{
    actions, completion, format, graph, hierarchy, hover, lens, navigate, rename, shape, signature, symbols,
    tokens,
};
use drawn::{drawn, labels};

/// A source, and what comes of it.
macro_rules! shows {
    ($source:expr, $result:expr) => {
        insta::assert_snapshot!(format!("{}\n=>\n{}", $source.trim_matches('\n'), $result))
    };
}

const FLOW: &str = "flow a \"A\"\n\nuse acme\n\n";

fn in_step(lines: &str) -> String {
    format!("{FLOW}step start {{\n{lines}\n}}\n\nstep thanks {{\n  say \"Thanks.\"\n}}\n")
}

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

#[test]
fn hovering() {
    let source = in_step(
        "  ask contact.email \"Mail?\"\n  ask size: one of [small \"Small\", large] \"Size?\"\n  if contact.stage is lead then say \"{size} {contact.email}\"\n  let price = price_for(5)\n  hand off to team sales {\n    note \"x\"\n    unavailable -> thanks\n  }",
    );
    let mut out = String::new();
    for word in [
        "ask contact",
        "email \"Mail",
        "size:",
        "small",
        "if ",
        "stage is",
        "is lead",
        "lead then",
        "size}",
        "email}",
        "price_for",
        "price =",
        "hand off",
        "sales",
        "note",
        "unavailable",
        "-> thanks",
        "use acme",
        "flow a",
    ] {
        let at = source.find(word).unwrap()
            + word
                .find(' ')
                .filter(|_| word.starts_with("->") || word.starts_with("use") || word.starts_with("flow"))
                .map_or(0, |at| at + 1);
        let drawn = drawn(&format!("{}|{}", &source[..at], &source[at..]));
        let said = hover::hover(&drawn.analysis, drawn.file, drawn.offset());
        let said = said.map_or("-".to_owned(), |said| format!("{}\n{}", drawn.place(said.span), said.text));
        let _ = writeln!(out, "{said}\n--------");
    }
    insta::assert_snapshot!(out);
}

const TWO: &str = "-- a.flow\nflow a \"A\"\n\nuse acme\nuse details\n\nstep start {\n  do details.collect\n  ask contact.stage \"?\"\n  if contact.stage is lead then -> thanks\n  -> thanks\n}\n\nstep thanks was bye {\n  ask name: text \"Name?\"\n  say \"{name}, {contact.email or \"x\"}\"\n}\n-- b.flow\nflow b \"B\"\n\nuse acme\nuse details\n\nstep start {\n  do details.collect\n  set contact.stage = lead\n}\n-- details.flow\nmodule details \"D\"\n\nuse acme\n\n/// Asks for the address.\nstep collect {\n  ask contact.email \"Mail?\"\n}\n-- tests.flow\ntests for a\n\ntest \"x\" {\n  given contact.stage is lead\n}\n";

fn at(word: &str, into: usize) -> drawn::Drawn {
    let at = TWO.find(word).unwrap() + into;
    drawn(&format!("{}|{}", &TWO[..at], &TWO[at..]))
}

#[test]
fn definitions_and_references() {
    let mut out = String::new();
    for (word, into) in [
        ("collect\n  ask contact.stage", 1),
        ("details.collect", 1),
        ("thanks\n  -> thanks", 0),
        ("acme", 2),
        ("contact.stage is lead", 20),
        ("stage \"?\"", 5),
        ("name}", 2),
        ("tests for a", 10),
        ("email or", 0),
    ] {
        let drawn = at(word, into);
        let definition = navigate::definition(&drawn.analysis, drawn.file, drawn.offset());
        let references = navigate::references(&drawn.analysis, drawn.file, drawn.offset(), true);
        let _ =
            writeln!(out, "{word:?}\n{}references:\n{}", drawn.places(definition), drawn.places(references));
    }
    insta::assert_snapshot!(out);
}

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

fn unchanged(project: &drawn::Drawn, edits: &[chatflow_compiler::Edit]) -> String {
    let files = project.analysis.project.files.iter();
    let same = files.filter(|file| !edits.iter().any(|edit| edit.span.file == file.id));
    same.map(|file| format!("-- {}\n{}", file.source.path, file.source.text)).collect()
}

#[test]
fn highlights_links_and_linked_editing() {
    let drawn = at("thanks was", 0);
    let found = navigate::highlights(&drawn.analysis, drawn.file, drawn.offset());
    let mut out = drawn.places(found.iter().map(|(span, _)| *span));
    let _ = writeln!(
        out,
        "linked:\n{}",
        drawn.places(shape::linked(&drawn.analysis, drawn.file, drawn.offset()))
    );
    let links = navigate::links(&drawn.analysis, drawn.file);
    let _ = writeln!(out, "links:\n{}", drawn.places(links.iter().map(|(span, _)| *span)));
    let details =
        drawn.analysis.project.files.iter().find(|file| file.source.path == "details.flow").unwrap().id;
    let edits = rename::file_renamed(&drawn.analysis, details, "moved");
    let _ = writeln!(out, "the file renamed:\n{}", drawn.places(edits.iter().map(|edit| edit.span)));
    insta::assert_snapshot!(out);
}

fn tree(symbols: &[symbols::Symbol], depth: usize, out: &mut String) {
    for symbol in symbols {
        let _ = writeln!(out, "{}{:?} {} ({})", "  ".repeat(depth), symbol.kind, symbol.name, symbol.detail);
        tree(&symbol.children, depth + 1, out);
    }
}

#[test]
fn outlines() {
    let text = include_str!("../../examples/qualify_leads/qualify_leads.flow");
    let drawn = drawn(&text.replace('|', "/"));
    let mut out = String::new();
    for file in &drawn.analysis.project.files {
        tree(&symbols::symbols(file), 0, &mut out);
    }
    let found = symbols::project_symbols(&drawn.analysis, "bookmeet");
    let _ = writeln!(
        out,
        "bookmeet: {:?}",
        found.iter().map(|(symbol, within)| (&symbol.name, within)).collect::<Vec<_>>()
    );
    insta::assert_snapshot!(out);
}

/// A source, and for each action what it makes of it.
fn acted(source: &str) -> String {
    let drawn = drawn(source);
    let mut found = actions::actions(&drawn.analysis, drawn.file, drawn.at);
    found.extend(actions::fix_all(&drawn.analysis, drawn.file));
    let mut out = format!("{}\n", source.trim_matches('\n'));
    for action in found {
        let _ = writeln!(out, "=> {:?}: {}\n{}", action.kind, action.title, drawn.edited(&action.edits));
    }
    out
}

#[test]
fn code_actions() {
    let mut out = String::new();
    for lines in [
        "  -> th|akns",
        "  book me|eting intro",
        "  book me|eting intro {\n    booked -> thanks\n  }",
        "  book me|eting intro { declined -> thanks }",
        "  ask contact.st|age \"Stage?\" { \"Lead\" = lead }",
        "  ask contact.st|age \"Stage?\"",
        "  ask contact.st|age \"Stage?\" {\n    \"Lead\" = lead\n  }",
        "  d|o thanks\n  end",
        "  |say \"a\"\n  say \"b\"|\n  say \"c\"",
        "  if contact.email is known then {\n    |say \"a\"\n    say \"b\"|\n  }",
    ] {
        let _ = writeln!(out, "{}", acted(&in_step(lines)));
    }
    let _ = writeln!(out, "{}", acted("flow a \"A\"\n\nstep st|art {\n  sya “Hi” end\n}\n"));
    insta::assert_snapshot!(out);
}

#[test]
fn lenses_and_hints() {
    let source = in_step("  ask contact.email \"Mail?\"\n  let price = price_for(5)\n  -> thanks")
        + "\ntest \"it works\" {\n  completed\n}\n";
    let drawn = drawn(&source);
    let mut out = String::new();
    for lens in lens::lenses(&drawn.analysis, drawn.file) {
        let _ = match lens {
            lens::Lens::References(at, places) => writeln!(out, "{} {}", drawn.place(at), places.len()),
            lens::Lens::Test(at, name) => writeln!(out, "{} run {name}", drawn.place(at)),
            lens::Lens::Tests(at) => writeln!(out, "{} run all", drawn.place(at)),
        };
    }
    let all = chatflow_compiler::Span { file: drawn.file, start: 0, end: source.len() as u32 };
    for hint in lens::hints(&drawn.analysis, drawn.file, all) {
        let _ = writeln!(out, "{} {}", drawn.place(hint.at), hint.text);
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

#[test]
fn calls() {
    let mut out = String::new();
    for (word, into) in [("thanks was", 0), ("start {", 0), ("collect {", 0)] {
        let drawn = at(word, into);
        let step = hierarchy::prepare(&drawn.analysis, drawn.file, drawn.offset()).unwrap();
        let _ = writeln!(out, "{}", drawn.place(step.place));
        for (from, places) in hierarchy::incoming(&drawn.analysis, &step) {
            let _ = writeln!(
                out,
                "  from {}\n    {}",
                from.name,
                drawn.places(places).trim_end().replace('\n', "\n    ")
            );
        }
        for (to, places) in hierarchy::outgoing(&drawn.analysis, &step) {
            let _ = writeln!(
                out,
                "  to {}\n    {}",
                to.name,
                drawn.places(places).trim_end().replace('\n', "\n    ")
            );
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn coloured() {
    let source = in_step(
        "  /// Documents.\n  ask name: text \"Hi {contact.email or \"you\"}\\n\"\n  if contact.stage is any of [lead, customer] and page.url contains \"x\" then -> thanks // why\n  book meeting intro { declined -> thanks }\n  wait 2s",
    );
    let drawn = drawn(&source);
    let mut out = String::new();
    for token in tokens::tokens(&drawn.analysis, drawn.file, None) {
        let modifiers = tokens::Modifiers::WORDS.iter().enumerate();
        let modifiers =
            modifiers.filter(|(nth, _)| token.modifiers.bits() & (1 << nth) != 0).map(|(_, word)| *word);
        let _ = writeln!(
            out,
            "{:?} {} {}",
            drawn.analysis.text(token.span),
            token.kind as usize,
            modifiers.collect::<Vec<_>>().join(" ")
        );
    }
    insta::assert_snapshot!(out);
}

#[test]
fn folding_and_growing() {
    let source = in_step(
        "  // one\n  // two\n  ask \"?\" {\n    \"a\" -> {\n      say \"He|llo {contact.email or \"you\"}\"\n    }\n  }",
    );
    let drawn = drawn(&source);
    let file = drawn.analysis.file(drawn.file).unwrap();
    let mut out = String::new();
    for fold in shape::folds(file) {
        let _ = writeln!(
            out,
            "{}..{} {}",
            fold.first + 1,
            fold.last + 1,
            if fold.comment { "comment" } else { "" }
        );
    }
    for span in shape::selections(file, drawn.offset()) {
        let _ = writeln!(out, "⟦{}⟧", file.text(span));
    }
    shows!(source, out);
}

#[test]
fn graphs() {
    let drawn = at("thanks was", 0);
    let found = graph::graph(&drawn.analysis, drawn.file, Some(drawn.offset())).unwrap();
    let mut out = String::new();
    for (nth, node) in found.nodes.iter().enumerate() {
        let here = if found.here == Some(nth) { " <- here" } else { "" };
        let _ = writeln!(out, "{nth} {}{here}", node.name);
        for (text, _) in &node.lines {
            let _ = writeln!(out, "    {text}");
        }
    }
    for edge in &found.edges {
        let comes_back = if edge.comes_back { " and back" } else { "" };
        let _ = writeln!(out, "{} -> {}{comes_back} {}", edge.from, edge.to, edge.label);
    }
    insta::assert_snapshot!(out);
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

fn codes(project: &drawn::Drawn) -> Vec<&str> {
    project.analysis.checked().diagnostics.iter().map(|found| found.code.as_str()).collect()
}

fn drawn_again(project: &drawn::Drawn, edits: &[chatflow_compiler::Edit]) -> drawn::Drawn {
    drawn(&(project.edited(edits) + &unchanged(project, edits)))
}

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
