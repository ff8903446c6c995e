//! Every feature, with the cursor drawn in the source.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a panic in a test is its failure"
)]

mod drawn;

use std::fmt::Write;

use chatflow_lsp::{actions, graph, hierarchy, hover, lens, navigate, rename, shape, symbols, tokens};
use drawn::{at, drawn, in_step};

/// A source, and what comes of it.
macro_rules! shows {
    ($source:expr, $result:expr) => {
        insta::assert_snapshot!(format!("{}\n=>\n{}", $source.trim_matches('\n'), $result))
    };
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
