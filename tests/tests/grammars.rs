//! The tree-sitter grammar is the compiler's: over every flow there is, it gives the same tree.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a panic in a test is its failure"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use std::{env, fs};

use chatflow_compiler::token::Kind;
use chatflow_compiler::{Diagnostic, File, FileId, Source};
use chatflow_lsp::tokens::{TokenType, tokens};
use chatflow_lsp::{Analysis, Loaded};
use chatflow_tests::documents::{blocks, pages, read, root};
use chatflow_tests::mistakes::correct_flows;
use chatflow_tests::queries::{EDITORS, renewed, renewed_textmate, words};
use chatflow_tests::random::{Choices, sources};
use chatflow_tests::scrambled::scrambled;
use chatflow_tests::shape::{Piece, language, of_compiler, of_grammar, parsed};
use tree_sitter::{Query, QueryCursor, StreamingIterator};

/// Every flow of the repository, by its place: files, and the blocks of documents.
fn flows() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["examples", "tests", "cli", "bench", "docs", "editors", "grammar"]
        .map(|folder| root().join(folder))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "flow") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut documents = pages("docs");
    documents.extend(pages("tests"));
    documents.push(("README.md".to_owned(), read("README.md")));
    for (path, text) in documents {
        for block in blocks(&text).into_iter().filter(|block| block.is("flow") && !block.is("escaped")) {
            let place = format!("{path}:{}", block.line);
            let file = read_by_compiler(&block.text);
            if file.diagnostics.is_empty() {
                found.push((place, block.text));
            } else {
                let within: String = block.text.lines().map(|line| format!("  {line}\n")).collect();
                found.push((place, format!("step start {{\n{within}}}\n")));
            }
        }
    }
    let ebnf = read("grammar/flow.ebnf");
    let samples = ebnf.lines().filter_map(|line| line.strip_prefix("(* sample: ")?.strip_suffix(" *)"));
    found.extend(samples.map(|sample| (format!("grammar/flow.ebnf: {sample}"), sample.to_owned())));
    for (place, project) in correct_flows() {
        for file in &project.files {
            found.push((format!("{place}, {}", file.source.path), file.source.text.to_string()));
        }
    }
    found.sort();
    found
}

fn read_by_compiler(text: &str) -> File {
    File::read(FileId(0), Source::new("sample.flow", text))
}

/// Where the two trees differ first, for a text that the compiler reads without a finding.
fn difference(text: &str) -> Option<String> {
    let file = read_by_compiler(text);
    let compiler = of_compiler(&file);
    // What the checker refuses is a node of its own in the compiler's tree: a chain of comparisons.
    if !file.diagnostics.is_empty() || compiler.iter().any(|(_, _, kind)| *kind == "ERROR") {
        return None;
    }
    let grammar = of_grammar(&parsed(text).unwrap());
    let only = |these: &[Piece], those: &[Piece]| {
        let (start, end, kind) = *these.iter().find(|piece| !those.contains(piece))?;
        Some(format!("{kind} `{}`", &text[start as usize..end as usize]))
    };
    (compiler != grammar).then(|| {
        let (compiler, grammar) = (only(&compiler, &grammar), only(&grammar, &compiler));
        format!("the compiler has {compiler:?}, the grammar {grammar:?}")
    })
}

#[test]
fn the_grammar_has_the_compilers_tree() {
    let flows = flows();
    let read = flows.iter().filter(|(_, text)| read_by_compiler(text).diagnostics.is_empty()).count();
    assert!(read > 500, "only {read} of {} flows can be read", flows.len());
    let wrong = flows.iter().filter_map(|(place, text)| Some(format!("{place}: {}", difference(text)?)));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{} of {read}: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

#[test]
fn the_grammar_has_the_compilers_tree_of_random_flows() {
    let count = if env::var_os("CHATFLOW_FULL").is_some() { 1_000 } else { 40 };
    for seed in 0..count {
        let (sources, _) = sources(Choices::seeded(seed));
        for file in &sources.project().files {
            let text = file.source.text.to_string();
            let untidy = scrambled(&text, &mut Choices::seeded(seed));
            for text in [text, untidy] {
                assert_eq!(difference(&text), None, "{seed}:\n{text}");
            }
        }
    }
}

/// A word that the compiler knows is a keyword of the grammar, or one that the queries know; and the other way round.
#[test]
fn the_words_are_those_of_the_compiler() {
    let language = language();
    let is_word = |kind: &u16| language.node_kind_is_visible(*kind) && !language.node_kind_is_named(*kind);
    let kinds = (0..language.node_kind_count() as u16).filter(is_word);
    let kinds = kinds.filter_map(|kind| language.node_kind_for_id(kind));
    let of_grammar: BTreeSet<&str> = kinds.filter(|kind| kind.starts_with(char::is_alphabetic)).collect();
    let of_queries: BTreeSet<&str> =
        ["things", "items", "action words"].into_iter().flat_map(|list| words(list).unwrap()).collect();
    let of_compiler: BTreeSet<&str> = Kind::KEYWORDS.iter().map(|(word, _)| *word).collect();
    // `end` and `completed` are nodes of their own, by the same names; so are `true` and `false`, in one.
    let nodes = BTreeSet::from(["end", "completed"]);
    let known: BTreeSet<&str> = &(&of_grammar | &of_queries) | &nodes;
    assert_eq!(
        of_compiler.difference(&known).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "no grammar knows them"
    );
    assert_eq!(
        of_grammar.difference(&of_compiler).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "no compiler does"
    );
}

/// Compares a generated file with what it should be, or writes it where they are to be renewed.
fn holds(path: &str, new: &str) {
    if read(path) == new {
        return;
    }
    assert!(env::var_os("UPDATE_DOCS").is_some(), "{path} is stale: run the tests with UPDATE_DOCS=1");
    let path = root().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, new).unwrap();
}

/// Where the grammar stands.
const GRAMMAR: &str = "grammar/tree-sitter-flow";

fn query(path: &str) -> Query {
    Query::new(&language(), &read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The queries below a folder.
fn queries(folder: &str) -> Vec<String> {
    let mut found: Vec<String> = fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| format!("{folder}/{}", entry.unwrap().file_name().display()))
        .filter(|path| path.ends_with(".scm"))
        .collect();
    found.sort();
    found
}

#[test]
fn the_queries_have_the_compilers_words_and_fit_the_grammar() {
    let textmate = "grammar/flow.tmLanguage.json";
    holds(textmate, &renewed_textmate(&read(textmate)));
    let highlights = format!("{GRAMMAR}/queries/highlights.scm");
    holds(&highlights, &renewed(&read(&highlights)));
    for editor in EDITORS {
        for name in editor.queries {
            let ours = read(&format!("{GRAMMAR}/queries/{name}.scm"));
            holds(&format!("{}/{name}.scm", editor.folder), &editor.translated(name, &ours));
        }
    }
    for folder in EDITORS.iter().map(|editor| editor.folder).chain(["grammar/tree-sitter-flow/queries"]) {
        for path in queries(folder) {
            query(&path);
        }
    }
}

/// An s-expression of a tree over lines, as `tree-sitter test` writes it.
fn over_lines(expression: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for word in expression.split(' ') {
        let begins = word.starts_with('(') && !out.ends_with(": ") || word.ends_with(':');
        if begins && !out.is_empty() {
            out = out.trim_end().to_owned() + "\n" + &"  ".repeat(depth);
        }
        depth += word.matches('(').count();
        depth -= word.matches(')').count();
        out.push_str(word);
        out.push(' ');
    }
    out.trim_end().to_owned() + "\n"
}

/// The cases of `test/corpus`, which `tree-sitter test` runs too. They are for people who change the grammar.
#[test]
fn the_corpus_holds() {
    let folder = root().join(GRAMMAR).join("test/corpus");
    let rulers = ["=".repeat(80) + "\n", "-".repeat(80) + "\n"];
    for entry in fs::read_dir(folder).unwrap() {
        let name = format!("{GRAMMAR}/test/corpus/{}", entry.unwrap().file_name().display());
        let text = read(&name);
        let mut parts = text.split(rulers[0].as_str()).skip(1);
        let mut renewed = String::new();
        while let (Some(title), Some(case)) = (parts.next(), parts.next()) {
            let (source, _) = case.split_once(rulers[1].as_str()).unwrap();
            let tree = parsed(source).unwrap();
            let expression = over_lines(&tree.root_node().to_sexp());
            let ruler = &rulers[0];
            renewed += &format!("{ruler}{title}{ruler}{source}{}\n{expression}\n", rulers[1]);
        }
        holds(&name, &renewed);
    }
}

/// What each captured node is captured as; that none is twice.
fn coloured(query: &Query, text: &str) -> BTreeMap<(usize, usize), String> {
    let tree = parsed(text).unwrap();
    let mut cursor = QueryCursor::new();
    let mut captures = cursor.captures(query, tree.root_node(), text.as_bytes());
    let mut found = BTreeMap::new();
    while let Some((matched, nth)) = captures.next() {
        let capture = matched.captures()[*nth];
        let name = query.capture_names()[capture.index as usize];
        if !name.starts_with('_') {
            let range = capture.node.byte_range();
            let before = found.insert((range.start, range.end), name.to_owned());
            assert!(before.is_none(), "`{}` is {before:?} and {name} in\n{text}", &text[range]);
        }
    }
    found
}

/// What the grammar may colour as what the server says it is. Only the checker tells an option from a local, and what is a
/// setting from what is a word of the language.
fn agrees(server: TokenType, capture: &str) -> bool {
    let kind = capture.split('.').next().unwrap_or("");
    match server {
        TokenType::Keyword => kind == "keyword" || matches!(capture, "property" | "label" | "constant"),
        TokenType::File => capture == "module",
        TokenType::Step => capture == "function",
        TokenType::Action => matches!(capture, "function.method" | "keyword"),
        TokenType::Property => matches!(capture, "property" | "variable.builtin"),
        TokenType::Local => kind == "variable" || matches!(capture, "property" | "constant"),
        TokenType::Setting => matches!(capture, "property" | "keyword" | "label"),
        TokenType::Outcome => capture == "label",
        TokenType::Option => matches!(capture, "constant" | "boolean" | "variable"),
        TokenType::Thing => {
            matches!(capture, "type" | "constant" | "variable" | "function" | "function.call")
        }
        TokenType::Type => capture == "type.builtin",
        TokenType::Operator => matches!(capture, "keyword.operator" | "operator"),
        TokenType::Text => kind == "string",
        TokenType::Number => capture == "number",
        TokenType::Comment => kind == "comment",
        TokenType::Pattern => capture == "string.regexp",
    }
}

/// The projects of the repository: the flows of each folder that has some.
fn projects() -> BTreeMap<String, Vec<Source>> {
    let mut found: BTreeMap<String, Vec<Source>> = BTreeMap::new();
    for (place, text) in
        flows().into_iter().filter(|(place, _)| place.ends_with(".flow") && place.starts_with("examples"))
    {
        let (folder, name) = place.rsplit_once('/').unwrap();
        found.entry(folder.to_owned()).or_default().push(Source::new(name, text));
    }
    found
}

#[test]
fn what_is_coloured_is_what_the_server_says() {
    let query = query(&format!("{GRAMMAR}/queries/highlights.scm"));
    let mut wrong = BTreeSet::new();
    let mut count = 0;
    for (folder, sources) in projects() {
        let levels = Arc::new(|found: &Diagnostic| Some(found.severity()));
        let loaded = Loaded {
            root: "/p".into(),
            files: Vec::new(),
            whole: true,
            deployed: false,
            beside: Arc::default(),
            levels,
        };
        let analysis = Analysis::new(&loaded, sources.clone(), None);
        for (nth, source) in sources.iter().enumerate() {
            let colours = coloured(&query, &source.text);
            for token in tokens(&analysis, FileId(nth as u32), None) {
                let (start, end) = (token.span.start as usize, token.span.end as usize);
                let text = &source.text[start..end];
                if text == "." {
                    continue;
                }
                let mut within = colours.range(..=(start, usize::MAX)).rev();
                let capture = within.find(|((from, to), _)| *from <= start && end <= *to);
                let capture = capture.map_or("nothing", |(_, capture)| capture);
                count += 1;
                if !agrees(token.kind, capture) {
                    wrong.insert(format!(
                        "{folder}/{}: `{text}` is {:?}, coloured as {capture}",
                        source.path, token.kind
                    ));
                }
            }
        }
    }
    assert!(count > 5_000, "only {count} tokens");
    assert!(wrong.is_empty(), "{} of {count}: {wrong:#?}", wrong.len());
}

/// The scanner looks ahead at line ends; that must not add up, however many lines mean nothing.
#[test]
fn hostile_texts_are_parsed_in_time() {
    let comments = "// c\n\n".repeat(20_000);
    for text in [
        format!("{comments}step a {{\n{comments}say \"x\"\n{comments}\nstep b {{\n{comments}"),
        format!("step a {{\nif x then end\n{comments}else end\n}}\n"),
        "step a {\nif x then {\n".repeat(2_000) + &"\n".repeat(100_000) + "step b {\n",
        "step a {\nsay \"{\n".repeat(5_000),
        "say \"{ (".repeat(2_000),
    ] {
        let started = Instant::now();
        let _ = parsed(&text).unwrap();
        assert!(started.elapsed().as_secs() < 5, "{}…", &text[..40]);
    }
}
