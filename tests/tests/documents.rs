//! Every block of code in the documents runs, every table says what the code says, every link leads somewhere.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic in a test is its failure"
)]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use chatflow::testing::{run_tests, write_transcript};
use chatflow_compiler::source::Source;
use chatflow_compiler::{Project, check};
use chatflow_tests::documents::{Block, blocks, exists, pages, read, root};
use chatflow_tests::documents_tables::command::commands;
use chatflow_tests::documents_tables::renewed;

/// The documents for people.
fn documents() -> Vec<(String, String)> {
    let mut all = pages("docs");
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        all.push((name.to_owned(), read(name)));
    }
    all
}

/// The blocks of a document that are flows, without the samples of the diagnostics, which have a test of their own.
fn flows(path: &str, text: &str) -> Vec<Block> {
    let sample =
        |block: &Block| path.contains("/diagnostics/") && matches!(block.section.as_str(), "Bad" | "Good");
    blocks(text).into_iter().filter(|block| block.is("flow") && !sample(block)).collect()
}

fn acme() -> String {
    read("examples/qualify_leads/acme.flow")
}

const ITEMS: &[&str] = &[
    "step",
    "target",
    "display",
    "options",
    "consent",
    "anytime",
    "welcome",
    "outdated",
    "channel",
    "inbox",
    "languages",
    "priority",
    "test",
    "///",
];

/// The flow that a fragment is part of: with the example's workspace, and with the steps that it goes to.
fn around(fragment: &str) -> String {
    let begins = |line: &str| ITEMS.iter().any(|item| line.split_whitespace().next() == Some(item));
    let mut text = String::from("flow sample \"Sample\"\n\nuse acme\n\n");
    if fragment.lines().next().is_some_and(begins) {
        text.push_str(fragment);
    } else {
        let _ = writeln!(text, "step start {{\n{fragment}}}");
    }
    if !text.contains("\nstep ") {
        text.push_str("\nstep start {\n  say \"Hello.\"\n}\n");
    }
    let targets: Vec<&str> =
        fragment.split("-> ").skip(1).filter_map(|rest| rest.split_whitespace().next()).collect();
    for target in targets {
        let known = text.contains(&format!("\nstep {target} "));
        if !known && target.starts_with(char::is_alphabetic) {
            let _ = write!(text, "\nstep {target} {{\n  say \"This is {target}.\"\n}}\n");
        }
    }
    text
}

/// The project that a block stands for; `before` are the blocks above it on its page, `catalogues` the page's.
fn project_of(block: &Block, before: &[Block], catalogues: &[Block]) -> Project {
    let tests_beside = block.text.starts_with("tests for ");
    let is_used =
        |text: &str| text.lines().any(|line| line.starts_with("workspace ") || line.starts_with("module "));
    let shown_before =
        |earlier: &&Block| (is_used(&earlier.text) || tests_beside) && earlier.file().ends_with(".flow");
    let mut sources = vec![Source::new("acme.flow", acme())];
    for earlier in before.iter().filter(shown_before).filter(|earlier| earlier.file() != "sample.flow") {
        sources.retain(|source| source.path != earlier.file());
        sources.push(earlier.source());
    }
    let text = if block.is("fragment") {
        around(&block.text)
    } else if let Some(name) = block.value("test") {
        let flow = read(&format!("examples/{name}/{name}.flow"));
        sources.push(Source::new(format!("{name}.flow"), flow.split("\ntest ").next().unwrap_or("")));
        format!("tests for {name}\n\n{}", block.text)
    } else {
        block.text.clone()
    };
    sources.retain(|source| source.path != block.file());
    sources.push(Source::new(block.file(), text));
    let beside = |catalogue: &&Block| {
        chatflow_compiler::catalogue::of(catalogue.file())
            .is_some_and(|(source, _)| sources.iter().any(|known| known.path == source))
    };
    let translated: Vec<Source> = catalogues.iter().filter(beside).map(Block::source).collect();
    sources.extend(translated);
    Project::new(sources)
}

#[test]
fn every_flow_in_the_documents_checks_and_its_tests_pass() {
    let mut wrong = String::new();
    let mut count = 0;
    for (path, text) in documents() {
        let catalogues: Vec<Block> = blocks(&text).into_iter().filter(|block| block.is("po")).collect();
        let blocks = flows(&path, &text);
        for (nth, block) in blocks.iter().enumerate() {
            let project = project_of(block, &blocks[..nth], &catalogues);
            let checked = check(&project);
            let found: Vec<&str> = checked.diagnostics.iter().map(|found| found.code.as_str()).collect();
            let wanted: Vec<&str> = block.value("error").into_iter().collect();
            if found != wanted {
                let lines = checked.diagnostics.iter().map(|found| chatflow::render::plain(&project, found));
                let _ =
                    writeln!(wrong, "{path}:{}: found {found:?}\n{}", block.line, lines.collect::<String>());
            }
            let report = run_tests(&checked, |_| true, None).unwrap();
            for test in &report.tests {
                if let Some(failure) = &test.failure {
                    let mut shown = Vec::new();
                    write_transcript(&mut shown, &failure.transcript, &failure.changes).unwrap();
                    let shown = String::from_utf8_lossy(&shown).into_owned();
                    let _ = writeln!(
                        wrong,
                        "{path}:{}: test `{}`: {}\n{shown}",
                        block.line, test.name, failure.what
                    );
                }
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 45, "only {count} blocks: were they found?");
}

#[test]
fn the_examples_stand_in_the_reference() {
    let all: Vec<Block> = pages("docs/reference").iter().flat_map(|(path, text)| flows(path, text)).collect();
    for (path, begins) in [
        ("examples/hello/hello.flow", "flow hello"),
        ("examples/qualify_leads/qualify_leads.flow", "/// Gets visitors"),
        ("examples/qualify_leads/acme.flow", "workspace acme"),
        ("examples/qualify_leads/qualify_leads.flow", "test \"a big team"),
    ] {
        let text = read(path);
        let stands =
            all.iter().any(|block| block.text.starts_with(begins) && text.contains(block.text.as_str()));
        assert!(stands, "the part of {path} that begins with `{begins}` is not in the reference as it is");
    }
}

#[test]
fn tables_say_what_the_code_says() {
    let update = env::var_os("UPDATE_DOCS").is_some();
    let mut stale = Vec::new();
    for (path, text) in documents() {
        let renewed = renewed(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        if renewed != text {
            if update {
                fs::write(root().join(&path), renewed).unwrap();
            } else {
                stale.push(path);
            }
        }
    }
    assert!(stale.is_empty(), "run the tests with UPDATE_DOCS=1; stale tables in {stale:?}");
}

/// The tables say what each command takes; a section has to be there for them to stand in.
#[test]
fn every_command_has_a_section_with_what_it_takes() {
    let (page, readme) = (read("docs/reference/command.md"), read("README.md"));
    for (path, _) in commands() {
        let name = path.split(' ').next().unwrap();
        let (_, section) =
            page.split_once(&format!("\n## `{name}`\n")).unwrap_or_else(|| panic!("no section `{name}`"));
        let section = section.split("\n## ").next().unwrap();
        assert!(section.contains(&format!("<!-- table: command {path} -->")), "`{path}` has no table");
        assert!(readme.contains(&format!("`chatflow {name}")), "README.md does not name `{name}`");
    }
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for (path, text) in documents() {
        let folder = Path::new(&path).parent().unwrap_or(Path::new("")).to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or("");
            if !target.is_empty() && !target.contains("://") && !exists(folder.join(target)) {
                wrong.push(format!("{path}: {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_that_are_named_are_there() {
    let mut wrong = Vec::new();
    for (path, text) in documents().iter().filter(|(path, _)| !path.starts_with("docs/")) {
        for name in text.split('`').skip(1).step_by(2) {
            let file =
                name.contains('/') && [".rs", ".toml", ".ebnf"].iter().any(|ending| name.ends_with(ending));
            if file && !name.contains(' ') && !exists(name) {
                wrong.push(format!("{path}: {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_book_has_every_page() {
    let summary = read("docs/SUMMARY.md");
    for (path, _) in pages("docs") {
        let name = path.trim_start_matches("docs/");
        assert!(
            name == "SUMMARY.md" || summary.contains(&format!("]({name})")),
            "{path} is not in docs/SUMMARY.md"
        );
    }
}

/// The command that the documents run: the one built with these tests.
fn command() -> PathBuf {
    let deps = env::current_exe().unwrap();
    let built = deps.parent().and_then(Path::parent).unwrap();
    let command = built.join(format!("chatflow{}", env::consts::EXE_SUFFIX));
    if !command.exists() {
        // The tests of one package alone do not build it.
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let target = built.parent().unwrap();
        let status = Command::new(cargo)
            .args(["build", "--package", "chatflow", "--target-dir"])
            .arg(target)
            .current_dir(root())
            .status();
        assert!(status.is_ok_and(|status| status.success()), "`chatflow` cannot be built");
    }
    command
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to)
        } else {
            fs::copy(entry.path(), to).map(drop).unwrap()
        }
    }
}

/// What a shell in `folder` shows of a command line.
fn shown(line: &str, folder: &Path, path: &std::ffi::OsStr) -> String {
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {line}\n}} 2>&1")])
        .current_dir(folder)
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .env("TZ", "UTC")
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[cfg(unix)]
fn consoles_show_what_the_command_says() {
    let command = command();
    let folders = [command.parent().unwrap().to_owned()];
    let path =
        env::join_paths(folders.into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap()))).unwrap();
    let mut wrong = String::new();
    let mut count = 0;
    for (nth, (page, text)) in documents().into_iter().enumerate() {
        let consoles = blocks(&text).into_iter().filter(|block| block.is("console")).count();
        if consoles == 0 {
            continue;
        }
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("documents-{nth}"));
        let _ = fs::remove_dir_all(&folder);
        copy(&root().join("examples"), &folder.join("examples"));
        for block in blocks(&text) {
            // A flow that has a file's name is there for the commands below it.
            let named = block.words.iter().any(|word| word.ends_with(".flow") || word.ends_with(".po"));
            if (block.is("flow") || block.is("po")) && named {
                fs::write(folder.join(block.file()), &block.text).unwrap();
            }
            if !block.is("console") {
                continue;
            }
            let mut said = String::new();
            for line in block.text.lines().filter_map(|line| line.strip_prefix("$ ")) {
                let _ = write!(said, "$ {line}\n{}", shown(line, &folder, &path));
            }
            // Blank lines separate for the eye; a trailing blank of the output is no news.
            let plain = |text: &str| {
                let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
                lines.map(|line| format!("{line}\n")).collect::<String>()
            };
            if plain(&said) != plain(&block.text) {
                let _ = writeln!(wrong, "{page}:{}: it shows\n{said}", block.line);
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 8, "only {count} consoles: were they found?");
}
