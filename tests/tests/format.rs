//! The formatter's laws: done twice it does nothing, what is compiled stays the same, no comment is lost; and every flow of
//! the repository has its layout.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a panic in a test is its failure"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chatflow_compiler::format::{format, format_range};
use chatflow_compiler::lex::lex;
use chatflow_compiler::token::Kind;
use chatflow_compiler::{Code, File, FileId, Project, Source, check};
use chatflow_runtime::{encode, strip};
use chatflow_tests::documents::{Block, blocks, pages, read, root};
use chatflow_tests::mistakes::{correct_flows, mistakes};
use chatflow_tests::random::{Choices, sources};
use chatflow_tests::scrambled::scrambled;

fn file(text: &str) -> File {
    File::read(FileId(0), Source::new("sample.flow", text))
}

fn formatted(text: &str) -> String {
    format(&file(text))
}

/// The `.flow` files of the repository, by their paths.
fn flows() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> =
        ["examples", "tests", "cli/tests", "bench", "docs"].map(|folder| root().join(folder)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "flow") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// The pages of the repository that show flows.
fn documents() -> Vec<(String, String)> {
    let mut all = pages("docs");
    for folder in ["tests/correct", "tests/mistakes"] {
        all.extend(pages(folder));
    }
    all.extend(["README.md", "CHANGELOG.md", "CONTRIBUTING.md"].map(|name| (name.to_owned(), read(name))));
    all
}

fn is_flow(block: &Block) -> bool {
    block.is("flow") && !block.is("escaped") && !block.is("untidy")
}

/// What a block becomes. Statements without a step around them are laid out in one.
fn formatted_block(block: &Block) -> String {
    let first = block.text.split_whitespace().next().unwrap_or("");
    let items = [
        "step", "target", "display", "options", "consent", "anytime", "welcome", "outdated", "channel",
        "inbox",
    ];
    let header = [
        "languages",
        "priority",
        "test",
        "///",
        "//",
        "flow",
        "workspace",
        "use",
        "module",
        "contact",
        "company",
    ];
    if !block.is("fragment") || items.contains(&first) || header.contains(&first) {
        return formatted(&block.text);
    }
    let inside: String = block.text.lines().map(|line| format!("  {line}\n")).collect();
    let whole = formatted(&format!("step start {{\n{inside}}}\n"));
    let inside = whole.strip_prefix("step start {\n").and_then(|rest| rest.strip_suffix("}\n")).unwrap_or("");
    inside.lines().map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned() + "\n").collect()
}

/// A page with its flows in the canonical layout.
fn formatted_page(page: &str) -> String {
    let mut lines: Vec<String> = page.lines().map(|line| line.to_owned() + "\n").collect();
    for block in blocks(page).into_iter().rev().filter(is_flow) {
        let fence = &lines[block.line - 1];
        let indent = " ".repeat(fence.len() - fence.trim_start().len());
        let count = block.text.lines().count();
        let new = formatted_block(&block);
        let new =
            new.lines().map(|line| if line.is_empty() { "\n".into() } else { format!("{indent}{line}\n") });
        lines.splice(block.line..block.line + count, new.collect::<Vec<_>>());
    }
    lines.concat()
}

/// Says where two texts differ, or writes the second where the documents are to be renewed.
fn compare(path: &Path, old: &str, new: &str, wrong: &mut String) {
    if old == new {
        return;
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        return fs::write(path, new).unwrap();
    }
    let differ = old.lines().zip(new.lines()).zip(1..).find(|((old, new), _)| old != new);
    let ((old, new), line) = differ.unwrap_or((("", ""), 0));
    wrong.push_str(&format!("{}:{line}:\n-{old}\n+{new}\n", path.display()));
}

#[test]
fn every_flow_of_the_repository_has_the_layout() {
    let mut wrong = String::new();
    for (path, text) in flows() {
        compare(&path, &text, &formatted(&text), &mut wrong);
    }
    for (path, page) in documents() {
        compare(&root().join(path), &page, &formatted_page(&page), &mut wrong);
    }
    assert!(wrong.is_empty(), "{wrong}`UPDATE_DOCS=1` writes them");
}

/// The comments of a text, in order of their words.
fn comments(text: &str) -> Vec<String> {
    pieces(text, |kind| matches!(kind, Kind::Comment | Kind::DocComment))
}

/// The tokens of a text that mean something, in order of their words: lines of a block may have changed places.
fn words(text: &str) -> Vec<String> {
    pieces(text, |kind| !kind.is_trivia() && kind != Kind::Newline)
}

fn pieces(text: &str, wanted: impl Fn(Kind) -> bool) -> Vec<String> {
    let (tokens, _) = lex(text);
    let wanted = tokens.kinds.iter().zip(0_u32..).filter(|(kind, _)| wanted(**kind));
    let mut found: Vec<String> = wanted
        .map(|(kind, token)| {
            let text = &text[tokens.range(token)];
            // A text over several lines moves with its statement.
            let text = if *kind == Kind::StrText { text.trim() } else { text.trim_end() };
            format!("{kind:?} {text}")
        })
        .filter(|piece| piece != "StrText ")
        .collect();
    found.sort();
    found
}

/// What is wrong with the layout of a text, by the laws that hold for any.
fn broken_law(text: &str) -> Option<String> {
    let once = formatted(text);
    let twice = formatted(&once);
    if once != twice {
        return Some(format!("twice is not once\n{text}\n=== once\n{once}\n=== twice\n{twice}"));
    }
    if comments(text) != comments(&once) {
        return Some(format!("comments differ\n{text}\n=== formatted\n{once}"));
    }
    if words(text) != words(&once) {
        return Some(format!("tokens differ\n{text}\n=== formatted\n{once}"));
    }
    let codes = |file: &File| {
        let mut codes: Vec<Code> = file.diagnostics.iter().map(|found| found.code).collect();
        codes.sort();
        codes
    };
    if codes(&file(text)) != codes(&file(&once)) {
        return Some(format!("other mistakes\n{text}\n=== formatted\n{once}"));
    }
    if once.contains("\n\n\n") && !text.contains("\"\"\"") && file(text).diagnostics.is_empty() {
        return Some(format!("two blank lines\n{once}"));
    }
    None
}

/// The programs of a project without what is only there to debug, and the codes of what was found, by file.
type Compiled = (BTreeMap<String, Option<Vec<u8>>>, Vec<(FileId, Code)>);

fn compiled(project: &Project) -> Compiled {
    let checked = check(project);
    let bytes = |image| strip(&encode(image)).expect("a program that was just made");
    let programs =
        checked.flows.iter().map(|flow| (flow.name.clone(), flow.image.as_ref().map(bytes))).collect();
    let mut codes: Vec<(FileId, Code)> =
        checked.diagnostics.iter().map(|found| (found.primary.span.file, found.code)).collect();
    codes.sort();
    (programs, codes)
}

fn changed(project: &Project, change: impl Fn(&File) -> String) -> Project {
    let source = |file: &File| Source::new(file.source.path.clone(), change(file));
    Project::new(project.files.iter().map(source).collect())
}

/// What is wrong with a project's layout: by the laws, and because it compiles to something else.
fn wrong_with(project: &Project) -> Option<String> {
    for file in project.files.iter().filter(|file| file.catalogue.is_none()) {
        if let Some(wrong) = broken_law(&file.source.text) {
            return Some(format!("{}: {wrong}", file.source.path));
        }
    }
    let new = changed(project, format);
    if compiled(project) != compiled(&new) {
        let texts = new.files.iter().map(|file| format!("=== {}\n{}", file.source.path, file.source.text));
        return Some(format!("something else is compiled\n{}", texts.collect::<String>()));
    }
    None
}

/// Every project of the repository that is written by hand: correct, wrong, or both.
fn projects() -> Vec<(String, Project)> {
    let mut all = correct_flows();
    for mistake in mistakes().unwrap() {
        all.push((mistake.title.clone(), mistake.project()));
        all.push((mistake.title.clone(), mistake.twin()));
    }
    let mut folders: BTreeMap<PathBuf, Vec<Source>> = BTreeMap::new();
    for (path, text) in flows() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        folders.entry(path.parent().unwrap().to_owned()).or_default().push(Source::new(name, text));
    }
    all.extend(folders.into_iter().map(|(path, files)| (path.display().to_string(), Project::new(files))));
    let acme = Source::new("acme.flow", read("examples/qualify_leads/acme.flow"));
    for (path, page) in documents() {
        for block in blocks(&page).iter().filter(|block| block.is("flow")) {
            let files = vec![Source::new("sample.flow", block.source().text.to_string()), acme.clone()];
            all.push((format!("{path}:{}", block.line), Project::new(files)));
        }
    }
    all
}

#[test]
fn what_is_written_by_hand_keeps_its_meaning() {
    let wrong: Vec<String> = projects()
        .iter()
        .filter_map(|(title, project)| Some(format!("{title}: {}", wrong_with(project)?)))
        .collect();
    assert!(wrong.is_empty(), "{} wrong, first: {}", wrong.len(), wrong[0]);
}

#[test]
fn what_is_written_by_hand_and_scrambled_keeps_its_meaning() {
    // A third of them: the random flows have what the others have.
    for ((title, project), seed) in projects().iter().zip(1..).step_by(3) {
        let scramble = |file: &File| match &file.catalogue {
            Some(_) => file.source.text.to_string(),
            None => scrambled(&file.source.text, &mut Choices::seeded(seed)),
        };
        if let Some(wrong) = wrong_with(&changed(project, scramble)) {
            panic!("{title}: {wrong}");
        }
    }
}

#[test]
fn random_flows_keep_their_meaning() {
    let number =
        |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let cases: u64 = number("CHATFLOW_CASES", 60);
    let first: u64 = number("CHATFLOW_SEED", 1);
    for seed in first..first + cases {
        let (sources, mut choices) = sources(Choices::seeded(seed));
        let project = sources.project();
        if let Some(wrong) = wrong_with(&project) {
            panic!("seed {seed}: {wrong}");
        }
        let other = choices.below(1 << 30) as u64;
        let scramble = |file: &File| scrambled(&file.source.text, &mut Choices::seeded(other));
        let untidy = changed(&project, scramble);
        if let Some(wrong) = wrong_with(&untidy) {
            panic!("seed {seed}, scrambled: {wrong}");
        }
    }
}

/// A text with edits made to it.
fn edited(text: &str, edits: &[chatflow_compiler::Edit]) -> String {
    let mut text = text.to_owned();
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    text
}

#[test]
fn a_range_changes_the_items_it_touches_and_no_other() {
    for (path, text) in flows() {
        let untidy = scrambled(&text, &mut Choices::seeded(7));
        let read = file(&untidy);
        let all = edited(&untidy, &format_range(&read, 0..untidy.len() as u32));
        assert_eq!(all, format(&read), "{}", path.display());
        assert_eq!(format_range(&file(&all), 0..all.len() as u32), []);
        // In a table, what one line becomes also depends on those above and below; they stay.
        for part in 1..4 {
            let at = untidy.len() as u32 * part / 4;
            let edits = format_range(&read, at..at);
            assert!(edits.len() <= 1, "{}", path.display());
            let one = edited(&untidy, &edits);
            assert_eq!((comments(&one), words(&one)), (comments(&all), words(&all)), "{}", path.display());
            for edit in &edits {
                assert!(edit.span.start <= at && at <= edit.span.end, "{}", path.display());
            }
        }
    }
}
