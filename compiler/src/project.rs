//! A project: its files, which of them use which, and what came of checking them.

mod catalogues;
mod echoes;
mod uses;

pub use catalogues::originals;
pub use uses::places;
pub(crate) use uses::{Links, Module, Uses};

use std::collections::{BTreeMap, BTreeSet};

use chatflow_runtime::image::Image;

use crate::allow::{self, Allowed};
use crate::catalogue::Catalogue;
use crate::check::{self, Subject, Test};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::emit::{emit, emit_suite};
use crate::file::File;
use crate::near::suggestion;
use crate::paths::{PathFacts, follow};
use crate::source::{FileId, Source, Span};
use crate::targets::Targets;
use crate::token::Kind;
use crate::translate::{Readable, Wanted, translate};
use crate::tree::Item;
use crate::values::settle;
use crate::workspace::{Workspace, duplicate, misplaced, repeated, single_word};

/// The files of a project, read.
#[derive(Clone, Debug)]
pub struct Project {
    /// The files, in the order given.
    pub files: Vec<File>,
    /// Whether chats wait in a deployed version of it, so that the ids of its places must last: it has a
    /// `chatflow.lock`.
    pub deployed: bool,
}

/// What checking a project gives.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Everything that was found, by file, place and code.
    pub diagnostics: Vec<Diagnostic>,
    /// The warnings that comments allow, in the same order.
    pub allowed: Vec<Allowed>,
    /// The flows, in the order of their files.
    pub flows: Vec<CheckedFlow>,
    /// The modules, in the order of their files.
    pub modules: Vec<CheckedModule>,
}

/// A module of a project.
#[derive(Clone, Debug)]
pub struct CheckedModule {
    /// Its file.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// The texts that visitors read.
    pub(crate) readable: Vec<Readable>,
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
    /// The modules whose steps it comes to, by the paths that its program's debug lines name.
    pub modules: BTreeMap<String, FileId>,
    /// The languages that its header names; the first is the one it is written in.
    pub languages: Vec<String>,
    /// The texts that visitors read.
    pub(crate) readable: Vec<Readable>,
    /// Whether it becomes a program, made or not.
    pub(crate) compiles: bool,
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
        Project { files, deployed: false }
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
    /// `module NAME`.
    Module(String),
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
            Item::Header { head, name, .. } if view.kind(*head) == Some(Kind::Module) => {
                return Heading::Module(view.text(*name).to_owned());
            }
            Item::Header { .. } => return Heading::Other,
            Item::TestsFor { flow } => return Heading::TestsFor(view.text(*flow).to_owned()),
            _ => {}
        }
    }
    Heading::Other
}

/// The flow that a file of tests belongs to: the one of that name in the same folder.
pub(crate) fn tests_of(project: &Project, file: &File) -> Option<FileId> {
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
            Heading::TestsFor(_) | Heading::Module(_) | Heading::Other => None,
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

/// The names that a file's `use` lines give, so that a loader can find their files.
pub fn used_names(text: &str) -> Vec<String> {
    uses_of(&File::read(FileId(0), Source::new("", text))).into_iter().map(|(name, _)| name).collect()
}

fn uses_of(file: &File) -> Vec<(String, Span)> {
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
pub enum Role {
    /// A flow.
    Flow,
    /// A workspace.
    Workspace,
    /// A module.
    Module,
    /// A catalogue of translations.
    Catalogue,
    /// Settings of the project.
    Settings,
    /// Tests of a flow.
    Tests,
    /// It does not say.
    Neither,
}

pub(crate) fn role(file: &File) -> Role {
    if file.catalogue.is_some() {
        return Role::Catalogue;
    }
    if file.is_settings() {
        return Role::Settings;
    }
    for (view, item) in file.views() {
        if let Item::Header { head, .. } = item {
            return match view.kind(*head) {
                Some(Kind::Workspace) => Role::Workspace,
                Some(Kind::Module) => Role::Module,
                _ => Role::Flow,
            };
        }
        if let Item::TestsFor { .. } = item {
            return Role::Tests;
        }
    }
    Role::Neither
}

/// What the workspaces of a project declare, by the word for its kind and its name, `team sales`, `contact email`, and what people
/// call it.
pub fn declared_names(project: &Project) -> BTreeMap<(String, String), String> {
    let mut names = BTreeMap::new();
    for file in project.files.iter().filter(|file| role(file) == Role::Workspace) {
        let workspace = Workspace::read(file, &mut Vec::new());
        let properties = workspace.properties.keys().filter_map(|full| full.split_once('.'));
        let properties =
            properties.map(|(scope, name)| ((scope.to_owned(), name.to_owned()), name.to_owned()));
        names.extend(properties);
        let things = workspace.things.into_iter();
        names.extend(things.map(|((thing, name), info)| ((thing.word().to_owned(), name), info.title)));
    }
    names
}

/// Checks every file of a project and compiles its flows.
pub fn check(project: &Project) -> Checked {
    check_all(project, Wants::Programs, &|| true).unwrap_or_default()
}

/// The same without the programs, for whoever wants to know only what is found, and as long as somebody waits for it:
/// that is asked before each flow and module. Nothing where nobody does.
pub fn check_only(project: &Project, is_wanted: &dyn Fn() -> bool) -> Option<Checked> {
    check_all(project, Wants::Findings, is_wanted)
}

/// What checking is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    Programs,
    Findings,
}

fn check_all(project: &Project, wants: Wants, is_wanted: &dyn Fn() -> bool) -> Option<Checked> {
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut links = Links::read(project, &mut diagnostics);
    // Whoever wants findings alone needs the texts only to hold catalogues against them.
    links.reads_texts = wants == Wants::Programs || project.files.iter().any(|file| file.catalogue.is_some());
    diagnostics.extend(project.files.iter().flat_map(|file| file.diagnostics.clone()));
    let roles: Vec<Role> = project.files.iter().map(role).collect();
    for (file, role) in project.files.iter().zip(&roles) {
        match role {
            Role::Workspace | Role::Flow | Role::Module | Role::Catalogue | Role::Settings => {}
            Role::Tests => tests_file(project, file, &mut diagnostics),
            Role::Neither => diagnostics.extend(headless(file)),
        }
    }
    repeated_flows(project, &roles, &mut diagnostics);
    let modules: Vec<CheckedModule> = project
        .files
        .iter()
        .zip(&roles)
        .filter(|(_, role)| **role == Role::Module)
        .map(|(file, _)| is_wanted().then(|| module(&mut links, file, &mut diagnostics)))
        .collect::<Option<_>>()?;
    let mut tests: BTreeMap<FileId, Vec<&File>> = BTreeMap::new();
    for (file, _) in project.files.iter().zip(&roles).filter(|(_, role)| **role == Role::Tests) {
        if let Some(flow) = tests_of(project, file) {
            tests.entry(flow).or_default().push(file);
        }
    }
    let mut flows = Vec::new();
    let mut wanted = Wanted::default();
    let mut said = Said::new(&links, &diagnostics);
    let mut targets = Targets::default();
    for (file, role) in project.files.iter().zip(&roles) {
        if *role == Role::Flow {
            if !is_wanted() {
                return None;
            }
            let tests = tests.get(&file.id).map_or(&[][..], Vec::as_slice);
            let (flow, found) = check_flow((project, wants), &links, file, tests, &mut wanted, &mut targets);
            diagnostics.extend(said.news(found));
            flows.push(flow);
        }
    }
    targets.report(&mut diagnostics);
    let sources = catalogues::Sources { flows: &flows, modules: &modules, workspaces: &links.workspaces };
    catalogues::report(project, sources, &wanted, &mut diagnostics);
    echoes::leave_out(project, &roles, &mut diagnostics);
    let place = |found: &Diagnostic| (found.primary.span.file, found.primary.span.start, found.code);
    diagnostics.sort_by_key(place);
    diagnostics.dedup();
    let allowed = allow::apply(project, &flows, &mut diagnostics);
    diagnostics.sort_by_key(place);
    Some(Checked { diagnostics, allowed, flows, modules })
}

/// The checked flow of a file and the program it becomes, whose tables the flow's indices mean; none where either
/// has errors. For tools that look at the flow itself, and for the interpreter that the machine is held against.
pub fn checked_flow(project: &Project, file: FileId) -> Option<(crate::hir::Flow, Image)> {
    compiled(project, &mut Links::read(project, &mut Vec::new()), file, |facts| facts)
}

/// The programs of flows without errors as `check` makes them, but for this: their places keep all that is known there, and
/// not only what the flow relies on. So they say what chats have that wait in them, where `image` says what they need.
pub fn knowing(project: &Project, flows: impl IntoIterator<Item = FileId>) -> Vec<Image> {
    let mut links = Links::read(project, &mut Vec::new());
    let images =
        flows.into_iter().filter_map(|flow| compiled(project, &mut links, flow, PathFacts::keeping_all));
    images.map(|(_, image)| image).collect()
}

fn compiled<'p>(
    project: &'p Project,
    links: &mut Links<'p>,
    file: FileId,
    keeping: impl Fn(PathFacts) -> PathFacts,
) -> Option<(crate::hir::Flow, Image)> {
    for used in links.all_modules(file) {
        module(links, project.file(used)?, &mut Vec::new());
    }
    let file = project.file(file)?;
    let (checked, facts) = checked(project, links, file, &[], &mut Wanted::default());
    if !is_whole(links, file, &[], &checked.found) {
        return None;
    }
    let image = emit(&checked, &keeping(facts), project, file).ok()?;
    Some((checked.flow, image))
}

/// A property or local that is known at a place of a flow, and the statement that first makes it known, if it is one
/// of the flow's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownHere {
    /// Its name: `contact.email`.
    pub name: String,
    /// Where it becomes known.
    pub since: Option<Span>,
}

/// What is known where the statement begins that stands around a byte; none where no statement does, or nothing leads
/// to it. A module is looked at for itself: there, everything that it does not clear counts as known.
pub fn known_at(project: &Project, file: FileId, offset: u32) -> Option<Vec<KnownHere>> {
    let mut found = Vec::new();
    let links = Links::read(project, &mut found);
    let checked = check::check(&Subject { links: &links, file: project.file(file)?, tests: &[] });
    let image = &checked.flow_tables.image;
    let known = crate::paths::known_at(&checked.flow, image, file, offset)?;
    let name = |slot: chatflow_runtime::id::Slot| {
        Some(image.strings.get(image.slots.get(slot.index())?.name).to_owned())
    };
    Some(known.into_iter().filter_map(|(slot, since)| Some(KnownHere { name: name(slot)?, since })).collect())
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

/// Where the name of a flow stands.
fn header_name(file: &File) -> Span {
    let name = file.views().find_map(|(view, item)| match item {
        Item::Header { name, .. } => Some(view.at(*name)),
        _ => None,
    });
    name.unwrap_or(Span { file: file.id, start: 0, end: 0 })
}

fn headless(file: &File) -> Option<Diagnostic> {
    // An item that could not be read may have been the header.
    if file.items.iter().any(|item| *item == Item::Error) {
        return None;
    }
    let span = file.views().next().map_or(Span { file: file.id, start: 0, end: 0 }, |(view, _)| view.at(0));
    let found = Diagnostic::new(Code::MissingHeader, span, "this file does not say what it is")
        .here("a line `flow`, `module`, `workspace` or `tests for` belongs before this")
        .help("Begin the file with `flow NAME \"Title\"`, `module NAME \"Title\"`, `workspace NAME \"Title\"` or `tests for FLOW`.");
    Some(found)
}

/// A module, checked for itself. What depends on who runs its steps is found in the flows that do.
fn module(links: &mut Links<'_>, file: &File, diagnostics: &mut Vec<Diagnostic>) -> CheckedModule {
    let mut checked = check::check(&Subject { links, file, tests: &[] });
    follow(&checked.flow, &checked.flow_tables.image, &mut checked.found);
    settle(&checked.flow, &checked.flow_tables.image, &mut checked.found);
    // What another module does is its own business, or that of a flow.
    checked.found.retain(|found| found.primary.span.file == file.id);
    if checked.found.iter().any(|found| found.severity() == Severity::Error) {
        links.broken.insert(file.id);
    }
    diagnostics.append(&mut checked.found);
    let name = links.modules.get(&file.id).map_or("", |module| module.name).to_owned();
    CheckedModule { file: file.id, name, readable: checked.readable }
}

/// What came of checking and following a flow, with its modules and in its languages.
fn checked(
    project: &Project,
    links: &Links<'_>,
    file: &File,
    tests: &[&File],
    wanted: &mut Wanted,
) -> (check::Checked, PathFacts) {
    let mut checked = check::check(&Subject { links, file, tests });
    let workspace = links.uses.get(&file.id).and_then(|uses| uses.workspace).map(|(file, _)| file);
    let workspace = workspace.and_then(|id| Some((project.file(id)?, links.workspaces.get(&id)?)));
    let of_workspace = workspace.map(|(file, workspace)| (file.source.path.as_str(), workspace));
    translate(project, file, of_workspace, &mut checked, wanted);
    let facts = follow(&checked.flow, &checked.flow_tables.image, &mut checked.found);
    settle(&checked.flow, &checked.flow_tables.image, &mut checked.found);
    (checked, facts)
}

/// Whether neither a flow, of which this was found, nor what belongs to it has errors.
fn is_whole(links: &Links<'_>, file: &File, tests: &[&File], found: &[Diagnostic]) -> bool {
    let broken = |found: &Diagnostic| found.severity() == Severity::Error;
    let uses = links.uses.get(&file.id);
    let workspace = uses.and_then(|uses| uses.workspace).map(|(file, _)| file);
    let own = std::iter::once(file.id).chain(tests.iter().map(|file| file.id));
    let mut files = own.chain(workspace).chain(links.all_modules(file.id));
    !found.iter().any(broken) && !files.any(|file| links.broken.contains(&file))
}

fn check_flow(
    (project, wants): (&Project, Wants),
    links: &Links<'_>,
    file: &File,
    tests: &[&File],
    wanted: &mut Wanted,
    targets: &mut Targets,
) -> (CheckedFlow, Vec<Diagnostic>) {
    let (mut checked, facts) = checked(project, links, file, tests, wanted);
    let mut found = std::mem::take(&mut checked.found);
    let whole = is_whole(links, file, tests, &found);
    let name = checked.tables.image.strings.get(checked.tables.image.flow.name).to_owned();
    for found in &mut found {
        if let Some(used) = checked.linked.get(&found.primary.span.file) {
            found.labels.push(Label { span: *used, text: format!("the flow `{name}` uses it here") });
        }
    }
    let languages = &checked.tables.image.flow.languages;
    let languages = languages.iter().map(|tag| checked.tables.image.strings.get(*tag).to_owned()).collect();
    let readable = std::mem::take(&mut checked.readable);
    let path = |file: FileId| project.file(file).map(|file| (file.source.path.clone(), file.id));
    let modules = checked.linked.keys().filter_map(|file| path(*file)).collect();
    let workspace = links.uses.get(&file.id).and_then(|uses| uses.workspace).map(|(file, _)| file);
    let mut flow = CheckedFlow {
        file: file.id,
        name,
        image: None,
        suite: None,
        workspace,
        modules,
        languages,
        readable,
        compiles: false,
    };
    if !whole {
        return (flow, found);
    }
    let used = links.uses.get(&file.id).and_then(|uses| uses.workspace).map(|(file, _)| file);
    targets.note(&checked.flow, &checked.flow_tables, used, header_name(file));
    let suite = || match checked.tests.is_empty() {
        true => Ok(None),
        false => emit_suite(&checked, &facts, project, file).map(Some),
    };
    let image = || emit(&checked, &facts, project, file);
    let compiled = match wants {
        Wants::Programs => image().and_then(|image| Ok((Some(image), suite()?))),
        // The suite has all of the flow: where it is not too much, the flow is neither.
        Wants::Findings if !checked.tests.is_empty() && suite().is_ok() => Ok((None, None)),
        Wants::Findings => image().and_then(|_| suite()).map(|_| (None, None)),
    };
    match compiled {
        Ok((image, suite)) => (flow.image, flow.suite, flow.compiles) = (image, suite, true),
        Err(too_much) => found.push(*too_much),
    }
    (flow, found)
}

/// What was said of modules and catalogues, which several flows have in common: nothing is said twice.
struct Said<'l> {
    links: &'l Links<'l>,
    said: BTreeSet<(Span, Code, String)>,
}

impl<'l> Said<'l> {
    fn new(links: &'l Links<'l>, found: &[Diagnostic]) -> Said<'l> {
        let mut said = Said { links, said: BTreeSet::new() };
        said.news(found.to_vec());
        said
    }

    /// What was not said before. What follows in a broken module may come of what broke it.
    fn news(&mut self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let is_new = |found: &Diagnostic| {
            let span = found.primary.span;
            let module = self.links.modules.contains_key(&span.file);
            if module && self.links.broken.contains(&span.file) {
                return false;
            }
            if self.links.uses.contains_key(&span.file) && !module {
                return true;
            }
            self.said.insert((span, found.code, found.message.clone()))
        };
        found.into_iter().filter(is_new).collect()
    }
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
