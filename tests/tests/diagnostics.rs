//! Every diagnostic has a page; its bad sample gives that finding and no other, its good one none.
//!
//! The snapshots show each bad sample with what people see of it. After a change that is meant, run
//! `cargo insta review`, or the tests with `INSTA_UPDATE=always`, and read what has changed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic in a test is its failure"
)]

use std::fmt::Write;

use chatflow::environment::findings;
use chatflow::render;
use chatflow_compiler::code::Code;
use chatflow_compiler::fix::{apply, mend};
use chatflow_compiler::{Applicability, Diagnostic, Fix, Project, Severity, check};
use chatflow_tests::documents::{Block, blocks, pages, project, without_colours};

fn samples(code: Code, section: &str) -> Vec<Block> {
    let samples = blocks(code.page()).into_iter();
    let is_sample = |block: &Block| ["flow", "po", "toml"].iter().any(|kind| block.is(kind));
    samples.filter(|block| block.section == section && is_sample(block)).collect()
}

/// What `chatflow check` finds in a project, its environments included.
fn diagnostics(project: &Project) -> Vec<Diagnostic> {
    let mut checked = check(project);
    let environments = findings(project, &checked);
    checked.diagnostics.extend(environments);
    checked.diagnostics
}

fn found(project: &Project) -> Vec<Code> {
    diagnostics(project).iter().map(|found| found.code).collect()
}

fn lines(project: &Project) -> String {
    diagnostics(project).iter().map(|found| render::short(project, found)).collect()
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    for code in Code::ALL {
        let title = format!("# {}: {}\n\n", code.as_str(), code.title());
        assert!(
            code.page().starts_with(&title),
            "docs/diagnostics/{}.md does not begin with {title}",
            code.as_str()
        );
    }
    for (path, _) in pages("docs/diagnostics") {
        let name = path.trim_start_matches("docs/diagnostics/").trim_end_matches(".md");
        assert!(Code::named(name).is_some(), "{path} is about no code");
    }
}

#[test]
fn a_page_says_what_and_why_in_a_few_sentences() {
    for code in Code::ALL {
        let text = code.page().split("\n## ").next().unwrap_or("");
        let words = text.split_whitespace().count();
        assert!((20..150).contains(&words), "{}: {words} words before the samples", code.as_str());
        assert!(
            text.lines().all(|line| line.chars().count() <= 132),
            "{}: a line is too long",
            code.as_str()
        );
    }
}

#[test]
fn the_bad_sample_of_each_code_gives_it_alone() {
    let mut wrong = String::new();
    for code in Code::ALL {
        let project = project(&samples(*code, "Bad"));
        if found(&project) != [*code] {
            write!(wrong, "{}:\n{}", code.as_str(), lines(&project)).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_good_sample_of_each_code_gives_nothing() {
    let mut wrong = String::new();
    for code in Code::ALL {
        let samples = samples(*code, "Good");
        let project = project(&samples);
        if samples.is_empty() || !found(&project).is_empty() {
            write!(wrong, "{}:\n{}", code.as_str(), lines(&project)).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_fix_mends_the_sample_and_breaks_nothing() {
    for code in Code::ALL {
        let bad = project(&samples(*code, "Bad"));
        for fix in diagnostics(&bad).iter().flat_map(|found| &found.fixes) {
            let mended = apply(&bad, fix);
            let left = diagnostics(&mended);
            let new = left.iter().any(|left| left.severity() == Severity::Error);
            assert!(
                !new && left.iter().all(|left| left.code != *code),
                "{}: after `{}`:\n{}",
                code.as_str(),
                fix.title,
                lines(&mended)
            );
        }
    }
}

#[test]
fn fixes_come_to_an_end() {
    for applicability in [Applicability::Safe, Applicability::Unsafe] {
        for code in Code::ALL {
            let bad = project(&samples(*code, "Bad"));
            let wanted = |_: &Diagnostic, fix: &Fix| fix.applicability <= applicability;
            let mended = mend(&bad, wanted);
            let again = mend(&mended.project, wanted);
            assert_eq!(again.fixed, 0, "{}:\n{}", code.as_str(), lines(&mended.project));
            assert_eq!(mended.fixed == 0, mended.files.is_empty(), "{}", code.as_str());
        }
    }
}

#[test]
fn messages_are_written_alike() {
    let mut wrong = String::new();
    for code in Code::ALL {
        let samples = samples(*code, "Bad");
        for found in diagnostics(&project(&samples)) {
            let texts = [&found.message, &found.primary.text];
            for text in texts.into_iter().chain(found.labels.iter().map(|label| &label.text)) {
                let ends = text.ends_with('.') || text.contains('\n') || text.chars().count() > 100;
                if ends || text.starts_with(char::is_uppercase) {
                    writeln!(wrong, "{}: {text}", code.as_str()).unwrap();
                }
            }
            if let Some(help) = &found.help
                && (!help.ends_with(['.', '?']) || help.starts_with(char::is_lowercase))
            {
                writeln!(wrong, "{}: help is a sentence: {help}", code.as_str()).unwrap();
            }
            if found.primary.text.is_empty() {
                writeln!(wrong, "{}: nothing to read at the place", code.as_str()).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_people_see() {
    for code in Code::ALL {
        let samples = samples(*code, "Bad");
        let project = project(&samples);
        let mut shown = String::new();
        for block in &samples {
            writeln!(shown, "----- {}\n{}", block.file(), block.text).unwrap();
        }
        for found in diagnostics(&project) {
            let terminal = without_colours(&render::human(&project, &found, true));
            let terminal: Vec<&str> = terminal.lines().map(str::trim_end).collect();
            writeln!(shown, "----- at a terminal\n{}\n", terminal.join("\n").trim_end()).unwrap();
            write!(shown, "----- short\n{}", render::short(&project, &found)).unwrap();
        }
        insta::with_settings!({
            description => format!("{}; `INSTA_UPDATE=always` writes it anew", code.title()),
            omit_expression => true,
            prepend_module_to_snapshot => false,
        }, {
            insta::assert_snapshot!(code.as_str(), shown);
        });
    }
}
