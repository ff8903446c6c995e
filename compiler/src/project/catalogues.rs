//! What the catalogues of a project lack, and what they have too much: a finding for each catalogue, not for each
//! entry, since a flow's author and its translators are seldom the same and work one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::{CheckedFlow, CheckedModule};
use crate::catalogue::merge::Original;
use crate::catalogue::{self, Catalogue};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::file::File;
use crate::near::nearest;
use crate::project::Project;
use crate::source::{FileId, Span};
use crate::translate::{Key, Readable, Wanted, workspace_texts};
use crate::workspace::Workspace;

/// The most places that a finding points at.
const SHOWN: usize = 3;

/// Where the texts of a project stand.
#[derive(Clone, Copy)]
pub(super) struct Sources<'c> {
    pub(super) flows: &'c [CheckedFlow],
    pub(super) modules: &'c [CheckedModule],
    pub(super) workspaces: &'c BTreeMap<FileId, Workspace>,
}

/// What is wrong with the catalogues of a project.
pub(super) fn report(
    project: &Project,
    sources: Sources<'_>,
    wanted: &Wanted,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for file in &project.files {
        let Some(catalogue) = &file.catalogue else { continue };
        let owner = catalogue::of(&file.source.path);
        let source = owner
            .as_ref()
            .and_then(|(path, _)| project.files.iter().find(|other| other.source.path == *path));
        let (Some((path, tag)), Some(source)) = (&owner, source) else {
            diagnostics.push(ownerless(file, owner.as_ref().map(|(path, _)| path.as_str())));
            continue;
        };
        let spoken: Vec<&CheckedFlow> = sources.flows.iter().filter(|flow| flow.reads(source.id)).collect();
        if !spoken.is_empty()
            && !spoken.iter().any(|flow| flow.languages.iter().skip(1).any(|other| other == tag))
        {
            diagnostics.push(unlisted(file, path, tag, &spoken));
            continue;
        }
        // What is broken may have lost texts; they are missed once it is mended.
        let broken = |found: &Diagnostic| found.severity() == Severity::Error;
        let files = [file.id, source.id];
        if diagnostics.iter().any(|found| broken(found) && files.contains(&found.primary.span.file)) {
            continue;
        }
        let texts = texts_of(source.id, sources);
        let lacks = wanted.missing.get(&file.id);
        let stale = stale(catalogue, &texts);
        let changed: BTreeSet<&Key> = stale.iter().filter_map(|(_, now)| now.as_ref()).collect();
        let lacks: Vec<(&Key, Span)> = lacks
            .into_iter()
            .flatten()
            .filter(|(key, _)| !changed.contains(key))
            .map(|(key, span)| (key, *span))
            .collect();
        diagnostics.extend(untranslated(file, catalogue, tag, lacks));
        diagnostics.extend(gone(file, tag, &stale, &texts));
    }
}

impl CheckedFlow {
    /// Whether it has texts of a file: its own, its workspace's, or those of a module that it comes to.
    pub fn reads(&self, file: FileId) -> bool {
        self.file == file
            || self.workspace == Some(file)
            || self.modules.values().any(|module| *module == file)
    }
}

/// The texts of a file that visitors read, by their keys.
fn texts_of(file: FileId, sources: Sources<'_>) -> BTreeMap<Key, Span> {
    let key = |text: &Readable| ((text.context.clone(), text.form.written()), text.form.span);
    match sources.workspaces.get(&file) {
        Some(workspace) => workspace_texts(workspace).iter().map(key).collect(),
        None => readable(sources.flows, sources.modules, file).map(key).collect(),
    }
}

/// The texts of a flow or a module, by its file. Those of a module are its own, whichever of them flows come to.
fn readable<'c>(
    flows: &'c [CheckedFlow],
    modules: &'c [CheckedModule],
    file: FileId,
) -> impl Iterator<Item = &'c Readable> {
    let flows = flows.iter().filter(move |flow| flow.file == file).flat_map(|flow| &flow.readable);
    let modules =
        modules.iter().filter(move |module| module.file == file).flat_map(|module| &module.readable);
    flows.chain(modules).filter(move |text| text.form.span.file == file)
}

/// The texts of a file as translators should see them, in the order of the file.
pub fn originals(project: &Project, checked: &super::Checked, file: FileId) -> Vec<Original> {
    let Some(source) = project.file(file) else { return Vec::new() };
    let mut texts: Vec<Readable> = if super::role(source) == super::Role::Workspace {
        workspace_texts(&Workspace::read(source, &mut Vec::new()))
    } else {
        readable(&checked.flows, &checked.modules, file).cloned().collect()
    };
    texts.sort_by_key(|text| text.form.span);
    let name = source.source.path.rsplit('/').next().unwrap_or("");
    let mut originals: Vec<Original> = Vec::with_capacity(texts.len());
    let mut known: BTreeMap<Key, usize> = BTreeMap::new();
    for text in texts {
        let reference = format!("{name}:{}", source.lines.line(text.form.span.start) + 1);
        let key = (text.context, text.form.written());
        if key.1.is_empty() {
            continue;
        }
        match known.get(&key).and_then(|at| originals.get_mut(*at)) {
            Some(original) => {
                if !original.references.contains(&reference) {
                    original.references.push(reference);
                }
            }
            None => {
                known.insert(key.clone(), originals.len());
                let (context, text_written) = key;
                originals.push(Original {
                    context,
                    text: text_written,
                    comment: text.comment,
                    references: vec![reference],
                });
            }
        }
    }
    originals
}

fn beginning(file: &File) -> Span {
    Span { file: file.id, start: 0, end: 0 }
}

fn ownerless(file: &File, source: Option<&str>) -> Diagnostic {
    let found = Diagnostic::new(Code::UnusedCatalogue, beginning(file), "this catalogue belongs to no file");
    match source {
        Some(source) => found
            .here(format!("there is no `{source}`"))
            .help("A catalogue stands beside its flow and has its name: `leads.nl.po` beside `leads.flow`."),
        None => found
            .here("its name says no language")
            .help("A catalogue's name is its flow's, with a language: `leads.nl.po` for `leads.flow`."),
    }
}

fn unlisted(file: &File, path: &str, tag: &str, flows: &[&CheckedFlow]) -> Diagnostic {
    let name = flows.first().map_or("", |flow| flow.name.as_str());
    let first = flows.iter().any(|flow| flow.languages.first().is_some_and(|first| first == tag));
    let message = format!("nothing speaks `{tag}` of this catalogue");
    let found = Diagnostic::new(Code::UnusedCatalogue, beginning(file), message);
    if first {
        return found
            .here(format!("`{tag}` is the language that `{path}` is written in"))
            .help("Only the further languages of a flow have catalogues.");
    }
    found
        .here(format!("`{tag}` is not among the languages of `{name}`"))
        .help(format!("Add it in the flow: `languages en, {tag}`; the first is the one it is written in."))
}

fn untranslated(
    file: &File,
    catalogue: &Catalogue,
    tag: &str,
    lacks: Vec<(&Key, Span)>,
) -> Option<Diagnostic> {
    let (first, _) = lacks.first()?;
    // A catalogue that nobody has begun says nothing yet, and a flow does not speak its language.
    if !catalogue.says_anything() {
        return None;
    }
    let entry = catalogue.entry(&first.0, &first.1);
    let primary = entry.map_or(beginning(file), |entry| Span {
        file: file.id,
        start: entry.translation.span.0,
        end: entry.translation.span.1,
    });
    let unsure = lacks
        .iter()
        .filter(|(key, _)| catalogue.entry(&key.0, &key.1).is_some_and(|entry| entry.fuzzy))
        .count();
    let count = match lacks.len() {
        1 => "1 text has".to_owned(),
        many => format!("{many} texts have"),
    };
    let mut found =
        Diagnostic::new(Code::Untranslated, primary, format!("{count} no translation into `{tag}`"));
    found = match entry {
        Some(entry) if entry.fuzzy => found.here("marked as fuzzy, so not used"),
        Some(_) => found.here("empty"),
        None => found.here("not in this catalogue"),
    };
    for (nth, (_, span)) in lacks.iter().take(SHOWN).enumerate() {
        found = found.label(*span, if nth == 0 { "this text" } else { "and this" });
    }
    let extract = format!("Run `chatflow i18n extract --language {tag}`, and translate what is empty.");
    found.help = Some(match unsure {
        0 => extract,
        some => format!("{extract} {some} of them need a look and then no `fuzzy` any more."),
    });
    Some(found)
}

/// The entries whose texts are gone, each with the text that it most likely is now.
fn stale<'c>(
    catalogue: &'c Catalogue,
    texts: &BTreeMap<Key, Span>,
) -> Vec<(&'c catalogue::po::Entry, Option<Key>)> {
    let is_gone = |entry: &&catalogue::po::Entry| {
        let (context, text) = entry.key();
        entry.is_used() && !texts.contains_key(&(context.to_owned(), text.to_owned()))
    };
    let mut taken: BTreeSet<Key> = BTreeSet::new();
    catalogue
        .entries
        .iter()
        .filter(is_gone)
        .map(|entry| {
            let (context, text) = entry.key();
            let from = (context.to_owned(), String::new());
            let here = texts.range(from..).take_while(|((other, _), _)| other == context);
            let free: Vec<&Key> = here
                .map(|(key, _)| key)
                .filter(|key| catalogue.translation(&key.0, &key.1).is_none() && !taken.contains(*key))
                .collect();
            let near = nearest(text, free.iter().map(|key| key.1.as_str()));
            let now = match (near, free.as_slice()) {
                (Some(near), _) => free.iter().find(|key| key.1 == near).copied().cloned(),
                (None, [only]) => Some((*only).clone()),
                (None, _) => None,
            };
            taken.extend(now.clone());
            (entry, now)
        })
        .collect()
}

fn gone(
    file: &File,
    tag: &str,
    stale: &[(&catalogue::po::Entry, Option<Key>)],
    texts: &BTreeMap<Key, Span>,
) -> Option<Diagnostic> {
    let (first, now) = stale.first()?;
    let at =
        |entry: &catalogue::po::Entry| Span { file: file.id, start: entry.id.span.0, end: entry.id.span.1 };
    let message = match stale.len() {
        1 => "a translation of a text that no longer exists".to_owned(),
        many => format!("{many} translations of texts that no longer exist"),
    };
    let place = &first.context.text;
    let mut found = Diagnostic::new(Code::StaleTranslations, at(first), message)
        .here(format!("nothing at `{place}` says this"));
    for (entry, _) in stale.iter().skip(1).take(SHOWN - 1) {
        found = found.label(at(entry), "nor this");
    }
    let extract = format!(
        "`chatflow i18n extract --language {tag}` brings the catalogue up to date and loses nothing."
    );
    found.help = Some(extract);
    if let Some(span) = now.as_ref().and_then(|now| texts.get(now)) {
        found = found.label(*span, "it may be this now");
    }
    Some(found)
}
