//! What a rename changes in catalogues: a translation belongs to a text at a place, and both may name what is renamed.

use chatflow_compiler::catalogue::{self, po};
use chatflow_compiler::diagnostic::{Edit, Fix};
use chatflow_compiler::fix::apply;
use chatflow_compiler::lex::lex;
use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::token::Kind;
use chatflow_compiler::{Applicability, check, originals};

use crate::analysis::Analysis;

/// The edits that keep every translation with its text when these edits are made.
pub(super) fn follow(analysis: &Analysis, edits: &[Edit]) -> Vec<Edit> {
    let project = &analysis.project;
    let catalogues: Vec<(FileId, FileId)> = project
        .files
        .iter()
        .filter_map(|file| {
            file.catalogue.as_ref()?;
            let (source, _) = catalogue::of(&file.source.path)?;
            let source = project.files.iter().find(|other| other.source.path == source)?;
            Some((file.id, source.id))
        })
        .collect();
    if catalogues.is_empty() || edits.is_empty() {
        return Vec::new();
    }
    let fix = Fix { title: String::new(), applicability: Applicability::Safe, edits: edits.to_vec() };
    let renamed = apply(project, &fix);
    let (before, after) = (analysis.programs(), check(&renamed));
    let mut found = Vec::new();
    for (id, source) in catalogues {
        let (old, new) = (originals(project, before, source), originals(&renamed, &after, source));
        let entries = analysis.file(id).and_then(|file| file.catalogue.as_ref());
        // A rename leaves the texts as many as they are, and in their order.
        if old.len() != new.len() {
            continue;
        }
        for entry in entries.into_iter().flat_map(|catalogue| &catalogue.entries) {
            let pair = old.iter().zip(&new).find(|(old, _)| entry.key() == (&*old.context, &*old.text));
            let Some((old, new)) = pair.filter(|_| !entry.obsolete) else { continue };
            let mut put = |quoted: &po::Quoted, text: &str| {
                if quoted.text != text {
                    let span = Span { file: id, start: quoted.span.0, end: quoted.span.1 };
                    found.push(Edit { span, text: quoted_again(text) });
                }
            };
            put(&entry.context, &new.context);
            put(&entry.id, &new.text);
            put(&entry.translation, &renamed_in(&entry.translation.text, &changes(&old.text, &new.text)));
        }
    }
    found
}

fn quoted_again(text: &str) -> String {
    let mut out = String::new();
    po::quote(&mut out, "", "", text);
    out.trim().to_owned()
}

/// A word in a hole, with the path before it.
struct Word {
    path: String,
    text: String,
    /// Its bytes in the text.
    start: usize,
}

/// The words in the holes of a text.
fn words(text: &str) -> Vec<Word> {
    const OPEN: &str = "\"\"\"\n";
    let source = format!("{OPEN}{text}\n\"\"\"\n");
    let (tokens, _) = lex(&source);
    let mut found = Vec::new();
    let mut path = String::new();
    for token in 0..tokens.kinds.len() as u32 {
        let Some(kind) = tokens.kind(token) else { break };
        let range = tokens.range(token);
        let written = source.get(range.clone()).unwrap_or("");
        match kind {
            Kind::Dot => path.push('.'),
            kind if kind.is_word() => {
                if !path.ends_with('.') {
                    path.clear();
                }
                if let Some(start) = (range.start).checked_sub(OPEN.len()) {
                    found.push(Word { path: path.clone(), text: written.to_owned(), start });
                }
                path.push_str(written);
            }
            _ => path.clear(),
        }
    }
    found
}

/// What a rename did to the words of a text: the path before each, the old word, the new one.
fn changes(old: &str, new: &str) -> Vec<(Word, String)> {
    let pairs = words(old).into_iter().zip(words(new));
    pairs.filter(|(old, new)| old.text != new.text).map(|(old, new)| (old, new.text)).collect()
}

/// A translation with the same words renamed.
fn renamed_in(text: &str, changes: &[(Word, String)]) -> String {
    let mut renamed = text.to_owned();
    for word in words(text).iter().rev() {
        let same = |(old, _): &&(Word, String)| old.path == word.path && old.text == word.text;
        if let Some((_, new)) = changes.iter().find(same) {
            renamed.replace_range(word.start..word.start + word.text.len(), new);
        }
    }
    renamed
}
