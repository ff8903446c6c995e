//! A project: its files, which of them use which, and what came of checking them.

mod catalogues;
mod echoes;

pub use catalogues::originals;

use std::collections::{BTreeMap, BTreeSet};

use chatflow_runtime::image::Image;

use crate::allow::{self, Allowed};
use crate::catalogue::Catalogue;
use crate::check::{self, Test};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::emit::{emit, emit_suite};
use crate::file::File;
use crate::near::suggestion;
use crate::paths::follow;
use crate::source::{FileId, Source, Span};
use crate::token::Kind;
use crate::translate::{Readable, Wanted, translate};
use crate::tree::Item;
use crate::workspace::{Workspace, duplicate, misplaced, repeated, single_word};

/// The files of a project, read.
#[derive(Clone, Debug)]
pub struct Project {
    /// The files, in the order given.
    pub files: Vec<File>,
}

/// What checking a project gives.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Everything that was found, by file, place and code.
    pub diagnostics: Vec<Diagnostic>,
    /// The warnings that comments allow, in the same order.
    pub allowed: Vec<Allowed>,
    /// The flows, in the order of their files.
    pub flows: Vec<CheckedFlow>,
}

/// A flow of a project.
#[derive(Clone, Debug)]
pub struct CheckedFlow {
    /// Its file.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// The program; none where the flow has errors.
    pub image: Option<Image>,
    /// Its tests; none where it has none, or errors.
    pub suite: Option<Suite>,
    /// The workspace that it uses.
    pub workspace: Option<FileId>,
    /// The languages that its header names; the first is the one it is written in.
    pub languages: Vec<String>,
    /// The texts that visitors read.
    pub(crate) readable: Vec<Readable>,
}

/// The tests of a flow.
#[derive(Clone, Debug)]
pub struct Suite {
    /// The flow's program with the conditions of its tests as further fragments.
    pub image: Image,
    /// The tests.
    pub tests: Vec<Test>,
}

impl Project {
    /// Reads the sources of a project.
    pub fn new(sources: Vec<Source>) -> Project {
        let files = sources
            .into_iter()
            .enumerate()
            .map(|(id, source)| File::read(FileId(id as u32), source))
            .collect();
        Project { files }
    }

    /// The catalogue at a path.
    pub(crate) fn catalogue(&self, path: &str) -> Option<(FileId, &Catalogue)> {
        let file = self.files.iter().find(|file| file.source.path == path)?;
        Some((file.id, file.catalogue.as_ref()?))
    }

    /// The file of a span.
    pub fn file(&self, id: FileId) -> Option<&File> {
        self.files.get(id.0 as usize)
    }
}

/// What the first line of a file says it is, so that a loader can find what belongs together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heading {
    /// `flow NAME`.
    Flow(String),
    /// `tests for NAME`.
    TestsFor(String),
    /// Anything else.
    Other,
}

/// What a file says it is.
pub fn heading(text: &str) -> Heading {
    heading_of(&File::read(FileId(0), Source::new("", text)))
}

fn heading_of(file: &File) -> Heading {
    for (view, item) in file.views() {
        match item {
            Item::Header { head, name, .. } if view.kind(*head) == Some(Kind::Flow) => {
                return Heading::Flow(view.text(*name).to_owned());
            }
            Item::Header { .. } => return Heading::Other,
            Item::TestsFor { flow } => return Heading::TestsFor(view.text(*flow).to_owned()),
            _ => {}
        }
    }
    Heading::Other
}

/// The flow that a file of tests belongs to: the one of that name in the same folder.
fn tests_of(project: &Project, file: &File) -> Option<FileId> {
    let Heading::TestsFor(name) = heading_of(file) else { return None };
    beside(project, file).find(|other| heading_of(other) == Heading::Flow(name.clone())).map(|other| other.id)
}

/// The files in the same folder.
fn beside<'p>(project: &'p Project, file: &'p File) -> impl Iterator<Item = &'p File> {
    fn folder(file: &File) -> &str {
        file.source.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
    project.files.iter().filter(move |other| folder(other) == folder(file))
}

/// A file of tests belongs to a flow, and holds nothing but tests.
fn tests_file(project: &Project, file: &File, diagnostics: &mut Vec<Diagnostic>) {
    let mut first: Option<Span> = None;
    for (view, item) in file.views() {
        match item {
            Item::Test { .. } | Item::Error => {}
            Item::TestsFor { flow } => {
                if let Some(first) = first {
                    diagnostics.push(repeated("tests for", view.at(0), first));
                    continue;
                }
                first = Some(view.at(0));
                if tests_of(project, file).is_none() {
                    diagnostics.push(no_flow(project, file, view.text(*flow), view.at(*flow)));
                }
            }
            _ => {
                let help = Some("What stands in the flow's own file holds for these tests too.".to_owned());
                diagnostics.push(misplaced(view.at(0), view.text(0), "a file of tests", help));
            }
        }
    }
}

fn no_flow(project: &Project, file: &File, name: &str, span: Span) -> Diagnostic {
    let flows: Vec<String> = beside(project, file)
        .filter_map(|other| match heading_of(other) {
            Heading::Flow(name) => Some(name),
            Heading::TestsFor(_) | Heading::Other => None,
        })
        .collect();
    let flows = || flows.iter().map(String::as_str);
    let mut found =
        Diagnostic::new(Code::TestsWithoutFlow, span, format!("no flow `{name}` stands beside these tests"))
            .here("not in this folder");
    found.help = suggestion(name, flows(), "The flows here")
        .or_else(|| Some("Put the file into the folder of the flow that it tests.".to_owned()));
    found.name_meant(name, span, flows())
}

/// The names that a flow's `use` lines give, so that a loader can find their files.
pub fn used_names(text: &str) -> Vec<String> {
    uses(&File::read(FileId(0), Source::new("", text))).into_iter().map(|(name, _)| name).collect()
}

fn uses(file: &File) -> Vec<(String, Span)> {
    let mut names = Vec::new();
    for (view, item) in file.views() {
        let Item::Declaration { head, values, .. } = item else { continue };
        if view.kind(*head) == Some(Kind::Use) {
            let words = values.iter().filter_map(|value| single_word(view, value));
            names.extend(words.map(|(word, span)| (word.to_owned(), span)));
        }
    }
    names
}

/// Whether a `use` says something else than a name, which the checker reports.
fn has_unreadable_use(file: &File) -> bool {
    file.views().any(|(view, item)| match item {
        Item::Declaration { head, values, .. } => {
            view.kind(*head) == Some(Kind::Use)
                && values.iter().any(|value| single_word(view, value).is_none())
        }
        _ => false,
    })
}

/// What a file says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Flow,
    Workspace,
    Catalogue,
    Tests,
    Neither,
}

fn role(file: &File) -> Role {
    if file.catalogue.is_some() {
        return Role::Catalogue;
    }
    for (view, item) in file.views() {
        if let Item::Header { head, .. } = item {
            return if view.kind(*head) == Some(Kind::Workspace) { Role::Workspace } else { Role::Flow };
        }
        if let Item::TestsFor { .. } = item {
            return Role::Tests;
        }
    }
    Role::Neither
}

/// What the workspaces of a project declare, by the word for its kind and its name: `team sales`, `contact email`.
pub fn declared_names(project: &Project) -> BTreeSet<(String, String)> {
    let mut names = BTreeSet::new();
    for file in project.files.iter().filter(|file| role(file) == Role::Workspace) {
        let workspace = Workspace::read(file, &mut Vec::new());
        let things = workspace.things.into_keys().map(|(thing, name)| (thing.word().to_owned(), name));
        let properties = workspace.properties.keys().filter_map(|full| full.split_once('.'));
        let properties = properties.map(|(scope, name)| (scope.to_owned(), name.to_owned()));
        names.extend(things.chain(properties));
    }
    names
}

/// Checks every file of a project and compiles its flows.
pub fn check(project: &Project) -> Checked {
    let mut diagnostics: Vec<Diagnostic> =
        project.files.iter().flat_map(|file| file.diagnostics.clone()).collect();
    let roles: Vec<Role> = project.files.iter().map(role).collect();
    let mut workspaces: BTreeMap<FileId, Workspace> = BTreeMap::new();
    for (file, role) in project.files.iter().zip(&roles) {
        match role {
            Role::Workspace => {
                workspaces.insert(file.id, Workspace::read(file, &mut diagnostics));
            }
            Role::Flow | Role::Catalogue => {}
            Role::Tests => tests_file(project, file, &mut diagnostics),
            Role::Neither => diagnostics.extend(headless(file)),
        }
    }
    repeated_flows(project, &roles, &mut diagnostics);
    let mut tests: BTreeMap<FileId, Vec<&File>> = BTreeMap::new();
    for (file, _) in project.files.iter().zip(&roles).filter(|(_, role)| **role == Role::Tests) {
        if let Some(flow) = tests_of(project, file) {
            tests.entry(flow).or_default().push(file);
        }
    }
    let mut flows = Vec::new();
    let mut wanted = Wanted::default();
    for (file, role) in project.files.iter().zip(&roles) {
        if *role == Role::Flow {
            let tests = tests.get(&file.id).map_or(&[][..], Vec::as_slice);
            flows.push(check_flow(project, file, tests, &workspaces, &mut wanted, &mut diagnostics));
        }
    }
    catalogues::report(project, &flows, &workspaces, &wanted, &mut diagnostics);
    echoes::leave_out(project, &roles, &mut diagnostics);
    let place = |found: &Diagnostic| (found.primary.span.file, found.primary.span.start, found.code);
    diagnostics.sort_by_key(place);
    diagnostics.dedup();
    let allowed = allow::apply(project, &flows, &mut diagnostics);
    diagnostics.sort_by_key(place);
    Checked { diagnostics, allowed, flows }
}

/// The checked flow of a file and the program it becomes, whose tables the flow's indices mean; none where either
/// has errors. For tools that look at the flow itself, and for the interpreter that the machine is held against.
pub fn checked_flow(project: &Project, file: FileId) -> Option<(crate::hir::Flow, Image)> {
    let file = project.file(file)?;
    let mut found = file.diagnostics.clone();
    let (used, missing) = workspace_of(project, file, &mut found);
    let workspace = used.and_then(|used| project.file(used)).map(|used| {
        found.extend(used.diagnostics.iter().cloned());
        Workspace::read(used, &mut found)
    });
    let mut checked = check::check(file, &[], workspace.as_ref(), missing);
    let of_workspace = used.and_then(|used| project.file(used)).zip(workspace.as_ref());
    let of_workspace = of_workspace.map(|(file, workspace)| (file.source.path.as_str(), workspace));
    translate(project, file, of_workspace, &mut checked, &mut Wanted::default());
    let facts = follow(&checked.flow, &checked.flow_tables.image, &mut checked.found);
    let broken = |found: &Diagnostic| found.severity() == Severity::Error;
    if missing || found.iter().chain(&checked.found).any(broken) {
        return None;
    }
    let image = emit(&checked, &facts, file).ok()?;
    Some((checked.flow, image))
}

/// A project's flows are told apart by their names, the former ones included.
fn repeated_flows(project: &Project, roles: &[Role], diagnostics: &mut Vec<Diagnostic>) {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    let flows = project.files.iter().zip(roles).filter(|(_, role)| **role == Role::Flow);
    for (file, _) in flows {
        let header = file.views().find_map(|(view, item)| match item {
            Item::Header { name, was, .. } => Some((view, *name, was)),
            _ => None,
        });
        let Some((view, name, was)) = header else { continue };
        for at in std::iter::once(name).chain(was.iter().copied()) {
            if let Some(first) = names.insert(view.text(at), view.at(at)) {
                diagnostics.push(duplicate(view.text(at), view.at(at), first));
            }
        }
    }
}

fn headless(file: &File) -> Option<Diagnostic> {
    // An item that could not be read may have been the header.
    if file.items.contains(&Item::Error) {
        return None;
    }
    let span = file.views().next().map_or(Span { file: file.id, start: 0, end: 0 }, |(view, _)| view.at(0));
    let found = Diagnostic::new(Code::MissingHeader, span, "this file does not say what it is")
        .here("a line `flow`, `workspace` or `tests for` belongs before this")
        .help("Begin the file with `flow NAME \"Title\"`, `workspace NAME \"Title\"` or `tests for FLOW`.");
    Some(found)
}

fn check_flow(
    project: &Project,
    file: &File,
    tests: &[&File],
    workspaces: &BTreeMap<FileId, Workspace>,
    wanted: &mut Wanted,
    diagnostics: &mut Vec<Diagnostic>,
) -> CheckedFlow {
    let (used, missing) = workspace_of(project, file, diagnostics);
    let workspace = used.and_then(|used| workspaces.get(&used));
    let mut checked = check::check(file, tests, workspace, missing);
    let of_workspace = used.and_then(|used| project.file(used)).zip(workspace);
    let of_workspace = of_workspace.map(|(file, workspace)| (file.source.path.as_str(), workspace));
    translate(project, file, of_workspace, &mut checked, wanted);
    let facts = follow(&checked.flow, &checked.flow_tables.image, &mut checked.found);
    let broken = |found: &Diagnostic| found.severity() == Severity::Error;
    let workspace_broken = used
        .is_some_and(|used| diagnostics.iter().any(|found| found.primary.span.file == used && broken(found)));
    let whole = !missing
        && !workspace_broken
        && !checked.found.iter().any(broken)
        && !std::iter::once(&file).chain(tests).any(|file| file.diagnostics.iter().any(broken));
    diagnostics.append(&mut checked.found);
    let name = checked.tables.image.strings.get(checked.tables.image.flow.name).to_owned();
    let languages = &checked.tables.image.flow.languages;
    let languages = languages.iter().map(|tag| checked.tables.image.strings.get(*tag).to_owned()).collect();
    let readable = std::mem::take(&mut checked.readable);
    let result = |image, suite| CheckedFlow {
        file: file.id,
        name,
        image,
        suite,
        workspace: used,
        languages,
        readable,
    };
    if !whole {
        return result(None, None);
    }
    let compiled = emit(&checked, &facts, file).and_then(|image| {
        let suite = if checked.tests.is_empty() { None } else { Some(emit_suite(&checked, &facts, file)?) };
        Ok((image, suite))
    });
    match compiled {
        Ok((image, suite)) => result(Some(image), suite),
        Err(found) => {
            diagnostics.push(*found);
            result(None, None)
        }
    }
}

/// The workspace that a flow uses, and whether a `use` leads nowhere.
fn workspace_of(project: &Project, file: &File, diagnostics: &mut Vec<Diagnostic>) -> (Option<FileId>, bool) {
    let mut used = None;
    let mut missing = has_unreadable_use(file);
    for (name, span) in uses(file) {
        match find(project, file, &name) {
            Some(other) if role(other) == Role::Workspace => match used {
                None => used = Some((other.id, span)),
                Some((_, first)) => {
                    let found = Diagnostic::new(Code::RepeatedSetting, span, "a flow uses one workspace")
                        .here("a second workspace")
                        .label(first, "the first one");
                    diagnostics.push(found);
                }
            },
            // What it is was reported there.
            Some(other) if role(other) == Role::Neither => missing = true,
            Some(other) => {
                missing = true;
                let found = Diagnostic::new(
                    Code::Misplaced,
                    span,
                    format!("`{}` is no workspace", other.source.path),
                )
                .here("only workspaces can be used")
                .help("A workspace file begins with `workspace NAME \"Title\"`.");
                diagnostics.push(found);
            }
            None => {
                missing = true;
                diagnostics.push(missing_file(project, file, &name, span));
            }
        }
    }
    (used.map(|(id, _)| id), missing)
}

fn missing_file(project: &Project, file: &File, name: &str, span: Span) -> Diagnostic {
    let looked: Vec<String> = places(&file.source.path, name);
    let workspaces = || project.files.iter().filter(|other| role(other) == Role::Workspace);
    let called =
        |other: &File| other.source.path.rsplit('/').next()?.strip_suffix(".flow").map(str::to_owned);
    let known: Vec<String> = workspaces().filter_map(called).collect();
    let mut found =
        Diagnostic::new(Code::MissingFile, span, format!("there is no file `{name}.flow`")).here("not found");
    if let Some(elsewhere) = workspaces().find(|other| called(other).as_deref() == Some(name)) {
        let path = &elsewhere.source.path;
        found.help =
            Some(format!("`{path}` stands neither beside this flow nor above it; move one of them."));
        return found;
    }
    let near = suggestion(name, known.iter().map(String::as_str), "The workspaces here");
    let looked = looked.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", then ");
    found.help = Some(match near {
        Some(near) => format!("{near} It was looked for as {looked}."),
        None => format!(
            "It was looked for as {looked}. Create it with a first line `workspace {name} \"…\"`, or correct the name."
        ),
    });
    found
}

/// The file that a name means: beside the flow, then in each folder above it.
fn find<'a>(project: &'a Project, file: &File, name: &str) -> Option<&'a File> {
    places(&file.source.path, name)
        .iter()
        .find_map(|path| project.files.iter().find(|other| other.source.path == *path))
}

/// The paths at which the file of a name may be, nearest first.
pub fn places(path: &str, name: &str) -> Vec<String> {
    let mut folder = path;
    let mut places = Vec::new();
    while let Some((above, _)) = folder.rsplit_once('/') {
        places.push(format!("{above}/{name}.flow"));
        folder = above;
    }
    if !path.starts_with('/') {
        places.push(format!("{name}.flow"));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use chatflow_runtime::{Program, encode};

    fn project(sources: &[(&str, &str)]) -> Project {
        Project::new(sources.iter().map(|(path, text)| Source::new(*path, *text)).collect())
    }

    #[test]
    fn the_examples_compile_without_a_word() {
        let project = project(&[
            ("hello.flow", include_str!("../../examples/hello/hello.flow")),
            ("a/qualify_leads.flow", include_str!("../../examples/qualify_leads/qualify_leads.flow")),
            ("a/acme.flow", include_str!("../../examples/qualify_leads/acme.flow")),
        ]);
        let checked = check(&project);
        assert_eq!(checked.diagnostics, []);
        for flow in &checked.flows {
            let image = flow.image.clone().unwrap();
            let bytes = encode(&image);
            let program = Program::load(&bytes).unwrap();
            assert_eq!(program.image(), &image);
            if let Some(suite) = &flow.suite {
                Program::from_image(suite.image.clone()).unwrap();
            }
        }
    }

    #[test]
    fn what_follows_an_unknown_word_is_not_judged() {
        let text = "flow a \"A\"\n\nstep start {\n  repeat x = 5\n  say 5\n}\n";
        let found: Vec<Code> =
            check(&project(&[("a.flow", text)])).diagnostics.iter().map(|found| found.code).collect();
        assert_eq!(found, [Code::UnknownWord, Code::Syntax]);
    }

    #[test]
    fn a_name_is_looked_up_beside_and_above() {
        assert_eq!(places("a/b/c.flow", "w"), ["a/b/w.flow", "a/w.flow", "w.flow"]);
        assert_eq!(places("/a/c.flow", "w"), ["/a/w.flow", "/w.flow"]);
    }
}
