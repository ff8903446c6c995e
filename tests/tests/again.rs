//! What an editor types: a file that is read again after an edit is what it is when it is read alone, and a project that is
//! checked for its findings has those that compiling it gives.
//!
//! `CHATFLOW_CASES` says how many projects are typed in (by default 6).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a panic in a test is its failure"
)]

use std::fs;

use chatflow_compiler::{File, FileId, Project, Source, check, check_only};
use chatflow_tests::documents::root;
use chatflow_tests::random::{Choices, sources};

/// How many edits follow each other in a project.
const EDITS: u64 = 12;

/// What is typed: letters, words of the language, and brackets and quotes that are left open.
const TYPED: [&str; 22] = [
    "x",
    " ",
    "\n",
    "{",
    "}",
    "\"",
    "\"\"\"",
    "(",
    "->",
    ".",
    "// allow E0410: so\n",
    "é",
    "step x {\n",
    "}\n\nstep y {\n  end\n}\n",
    "say \"Hi {contact.email}\"\n",
    "ask name: one of [a, b] \"?\"\n",
    "if contact.stage is ",
    "let n = 1\n",
    "test \"x\" {\n",
    "was ",
    "do ",
    "use ",
];

/// The projects: random ones with modules, and those of the repository, with tests and catalogues.
fn projects(cases: u64) -> Vec<Project> {
    let random = (1..=cases).map(|seed| sources(Choices::seeded(seed)).0.project());
    let folders = ["examples/qualify_leads", "examples/templates/qualify-leads/nl"];
    let written = folders.iter().map(|folder| {
        let mut paths: Vec<_> =
            fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "flow"));
        let source = |path: &std::path::PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            Source::new(name, fs::read_to_string(path).unwrap())
        };
        Project::new(paths.iter().map(source).collect())
    });
    random.chain(written).chain([translated()]).collect()
}

fn translated() -> Project {
    let flow = "flow shop \"Shop\"\n\nlanguages en, nl\n\nstep start {\n  say \"Hello.\"\n  ask name: text \"Who are you?\"\n  say \"Goodbye, {name}.\"\n}\n\nstep more {\n  say \"More.\"\n}\n";
    let catalogue = "msgid \"\"\nmsgstr \"Language: nl\\n\"\n\nmsgctxt \"start / say\"\nmsgid \"Hello.\"\nmsgstr \"Hallo.\"\n\nmsgctxt \"start / say\"\nmsgid \"Good day.\"\nmsgstr \"Goedendag.\"\n";
    Project::new(vec![Source::new("shop.flow", flow), Source::new("shop.nl.po", catalogue)])
}

/// The text after something was typed or deleted somewhere.
fn edited(text: &str, choices: &mut Choices) -> String {
    let mut place = |from: usize| {
        let mut at = from + choices.below(text.len() - from + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = place(0);
    let far = place(start);
    let end = match choices.below(4) {
        0 => far.min(start + 40).max(start),
        1 => (start + 1).min(text.len()),
        _ => start,
    };
    let end = (start..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap();
    let typed = TYPED[choices.below(TYPED.len())];
    format!("{}{typed}{}", &text[..start], &text[end..])
}

#[test]
fn what_is_read_again_is_what_is_read() {
    let cases = std::env::var("CHATFLOW_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(6);
    let mut findings = 0;
    for (nth, mut project) in projects(cases).into_iter().enumerate() {
        let mut choices = Choices::seeded(nth as u64 + 1);
        for edit in 0..EDITS {
            let at = choices.below(project.files.len());
            let before = project.files[at].clone();
            let text = edited(&before.source.text, &mut choices);
            let source = Source::new(before.source.path.clone(), text);
            let id = FileId(at as u32);
            let (again, alone) =
                (File::read_again(id, source.clone(), &before), File::read(id, source.clone()));
            let case = format!("project {nth}, edit {edit}:\n{}", source.text);
            assert_eq!(again.items, alone.items, "{case}");
            assert_eq!(again.unread, alone.unread, "{case}");
            assert_eq!(again.diagnostics, alone.diagnostics, "{case}");
            assert_eq!(again.tokens, alone.tokens, "{case}");
            project.files[at] = again;
            let fresh = Project::new(project.files.iter().map(|file| file.source.clone()).collect());
            let (only, compiled) = (check_only(&project, &|| true).unwrap(), check(&fresh));
            assert_eq!(only.diagnostics, compiled.diagnostics, "{case}");
            assert_eq!(only.allowed, compiled.allowed, "{case}");
            findings += compiled.diagnostics.len();
            // Mostly the edits add up; now and then one is undone.
            if choices.below(3) == 0 {
                project.files[at] = before;
            }
        }
    }
    assert!(findings > 50, "hardly anything was wrong");
}
