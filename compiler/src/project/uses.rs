//! What the `use` lines of a project lead to: workspaces and modules, looked up beside the file and above it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Project, Role, has_unreadable_use, role, uses_of};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::file::File;
use crate::near::suggestion;
use crate::source::{FileId, Span};
use crate::tree::Item;
use crate::workspace::Workspace;

/// What the `use` lines of a file lead to.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// The workspace, and where it is named.
    pub(crate) workspace: Option<(FileId, Span)>,
    /// The modules by the names that `do` gives them, and where they are named: by the name of the file, and by the
    /// module's own where that is another.
    pub(crate) modules: BTreeMap<String, (FileId, Span)>,
    /// What leads nowhere, which was reported.
    pub(crate) missing: BTreeSet<String>,
}

impl Uses {
    /// Whether something that is used could not be found, so that what is unknown may be declared there.
    pub(crate) fn misses(&self) -> bool {
        !self.missing.is_empty()
    }

    /// Each module once, with the first `use` line that names it.
    fn files(&self) -> BTreeMap<FileId, Span> {
        self.modules.values().copied().collect()
    }
}

/// A module: steps that flows and other modules run with `do`.
#[derive(Debug)]
pub(crate) struct Module<'a> {
    /// Its file.
    pub(crate) file: &'a File,
    /// Its name.
    pub(crate) name: &'a str,
    /// Its former names.
    pub(crate) was: Vec<&'a str>,
    /// Its steps, with their former names.
    pub(crate) steps: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Module<'a> {
    fn read(file: &'a File) -> Module<'a> {
        let mut module = Module { file, name: "", was: Vec::new(), steps: BTreeMap::new() };
        for (view, item) in file.views() {
            match item {
                Item::Header { name, was, .. } if module.name.is_empty() => {
                    module.name = view.text(*name);
                    module.was = was.iter().map(|at| view.text(*at)).collect();
                }
                Item::Step { name, was, .. } => {
                    let was = was.iter().map(|at| view.text(*at)).collect();
                    module.steps.entry(view.text(*name)).or_insert(was);
                }
                // A step that could not be read was reported; whoever runs it made no mistake.
                Item::Error if view.kind(0) == Some(crate::token::Kind::Step) => {
                    module.steps.entry(view.text(1)).or_default();
                }
                _ => {}
            }
        }
        module
    }
}

/// What the files of a project declare for each other.
pub(crate) struct Links<'a> {
    /// The workspaces.
    pub(crate) workspaces: BTreeMap<FileId, Workspace>,
    /// The modules.
    pub(crate) modules: BTreeMap<FileId, Module<'a>>,
    /// For each flow and module, what it uses.
    pub(crate) uses: BTreeMap<FileId, Uses>,
    /// The files with errors of their own.
    pub(crate) broken: BTreeSet<FileId>,
    /// Whether the texts that visitors read are collected, for catalogues and translators.
    pub(crate) reads_texts: bool,
    /// Whether the ids of places must last.
    pub(crate) deployed: bool,
}

impl<'a> Links<'a> {
    /// Reads the workspaces and follows every `use`, with what is wrong about them.
    pub(crate) fn read(project: &'a Project, found: &mut Vec<Diagnostic>) -> Links<'a> {
        let mut links = Links {
            workspaces: BTreeMap::new(),
            modules: BTreeMap::new(),
            uses: BTreeMap::new(),
            broken: BTreeSet::new(),
            reads_texts: true,
            deployed: project.deployed,
        };
        let finder = Finder::new(project);
        for file in &project.files {
            match role(file) {
                Role::Workspace => {
                    links.workspaces.insert(file.id, Workspace::read(file, found));
                }
                Role::Module => {
                    links.modules.insert(file.id, Module::read(file));
                }
                Role::Flow | Role::Catalogue | Role::Settings | Role::Tests | Role::Neither => {}
            }
        }
        for file in &project.files {
            if matches!(role(file), Role::Flow | Role::Module) {
                let uses = links.uses_of(&finder, file, found);
                links.uses.insert(file.id, uses);
            }
        }
        links.cut_circles(found);
        links.same_workspaces(project, found);
        let errors = found.iter().chain(project.files.iter().flat_map(|file| &file.diagnostics));
        let errors = errors.filter(|found| found.severity() == Severity::Error);
        links.broken = errors.map(|found| found.primary.span.file).collect();
        links
    }

    /// The modules that a file uses, and those that they use.
    pub(crate) fn all_modules(&self, file: FileId) -> BTreeSet<FileId> {
        let mut all = BTreeSet::new();
        let mut open = vec![file];
        while let Some(next) = open.pop() {
            let modules = self.uses.get(&next).into_iter().flat_map(|uses| uses.modules.values());
            open.extend(modules.map(|(module, _)| *module).filter(|module| all.insert(*module)));
        }
        all
    }

    fn uses_of(&self, finder: &Finder<'a>, file: &File, found: &mut Vec<Diagnostic>) -> Uses {
        let mut uses = Uses::default();
        if has_unreadable_use(file) {
            // It may have been meant for anything; nothing is called that.
            uses.missing.insert(String::new());
        }
        for (name, span) in uses_of(file) {
            let Some(other) = finder.find(file, &name) else {
                found.push(finder.missing(file, &name, span));
                uses.missing.insert(name);
                continue;
            };
            match role(other) {
                Role::Workspace => match uses.workspace {
                    None => uses.workspace = Some((other.id, span)),
                    Some((_, first)) => found.push(second_workspace(file, span, first)),
                },
                Role::Module if other.id == file.id => {
                    found.push(uses_itself(span));
                    uses.missing.insert(name);
                }
                Role::Module => {
                    if let Some((_, first)) = uses.modules.insert(name.clone(), (other.id, span)) {
                        found.push(crate::workspace::repeated(&format!("use {name}"), span, first));
                    }
                }
                // What it is was reported there.
                Role::Neither => {
                    uses.missing.insert(name);
                }
                Role::Flow | Role::Catalogue | Role::Settings | Role::Tests => {
                    found.push(neither(other, span));
                    uses.missing.insert(name);
                }
            }
        }
        // A module whose file is called otherwise goes by both names.
        for (file, span) in uses.files() {
            let own = self.modules.get(&file).map(|module| module.name).filter(|name| !name.is_empty());
            if let Some(own) = own {
                uses.modules.entry(own.to_owned()).or_insert((file, span));
            }
        }
        uses
    }

    /// Reports modules that come to use themselves, and forgets the `use` that leads back.
    fn cut_circles(&mut self, found: &mut Vec<Diagnostic>) {
        let edges: BTreeMap<FileId, Vec<(FileId, Span)>> = self
            .modules
            .keys()
            .map(|file| (*file, self.uses.get(file).map(|uses| uses.files().into_iter().collect())))
            .map(|(file, edges)| (file, edges.unwrap_or_default()))
            .collect();
        // The modules on the way to where the search is, each with the number of the next edge; those seen are done
        // or on the way.
        let mut seen: BTreeSet<FileId> = BTreeSet::new();
        for root in edges.keys() {
            let mut way: Vec<(FileId, usize)> = Vec::new();
            if seen.insert(*root) {
                way.push((*root, 0));
            }
            let mut on_way: BTreeMap<FileId, usize> = way.iter().map(|(file, _)| (*file, 0)).collect();
            while let Some((file, next)) = way.last_mut() {
                let Some((to, span)) = edges.get(file).and_then(|edges| edges.get(*next)).copied() else {
                    on_way.remove(file);
                    way.pop();
                    continue;
                };
                *next += 1;
                let from = *file;
                if let Some(at) = on_way.get(&to) {
                    let circle: Vec<FileId> = way.iter().skip(*at).map(|(file, _)| *file).collect();
                    found.push(self.circle(&circle, &edges, span));
                    self.forget(from, to);
                } else if seen.insert(to) {
                    on_way.insert(to, way.len());
                    way.push((to, 0));
                }
            }
        }
    }

    fn forget(&mut self, from: FileId, to: FileId) {
        let Some(uses) = self.uses.get_mut(&from) else { return };
        let names = uses.modules.iter().filter(|(_, (file, _))| *file == to);
        let names: Vec<String> = names.map(|(name, _)| name.clone()).collect();
        for name in names {
            uses.modules.remove(&name);
            uses.missing.insert(name);
        }
    }

    /// Modules that use each other in a circle, which the last `use` closes.
    fn circle(
        &self,
        circle: &[FileId],
        edges: &BTreeMap<FileId, Vec<(FileId, Span)>>,
        closes: Span,
    ) -> Diagnostic {
        /// Of a long circle, so many modules are named, and the last.
        const NAMED: usize = 6;
        let name = |file: &FileId| self.modules.get(file).map_or("", |module| module.name);
        let first = circle.first().map_or("", name);
        let mut names: Vec<&str> = circle.iter().take(NAMED).map(name).collect();
        if circle.len() > NAMED {
            names.push("…");
        }
        names.push(first);
        let message = format!("these modules use each other: {}", names.join(", then "));
        let mut found = Diagnostic::new(Code::CircularUse, closes, message)
            .here(format!("`{first}` uses this module already"));
        for pair in circle.windows(2).take(NAMED) {
            let [from, to] = pair else { continue };
            let edge = edges.get(from).into_iter().flatten().find(|(file, _)| file == to);
            if let Some((_, span)) = edge {
                found = found.label(*span, format!("`{}` uses `{}`", name(from), name(to)));
            }
        }
        found.help("Move the steps that both need into a module of their own, which uses neither.")
    }

    /// Who uses a module uses its workspace: a program knows one.
    fn same_workspaces(&mut self, project: &Project, found: &mut Vec<Diagnostic>) {
        for file in &project.files {
            let Some(uses) = self.uses.get(&file.id).filter(|uses| !uses.misses()) else { continue };
            for (module, span) in uses.files() {
                let theirs = self.uses.get(&module).and_then(|uses| uses.workspace);
                let Some((workspace, at)) = theirs else { continue };
                if uses.workspace.is_none_or(|(own, _)| own != workspace) {
                    let own = uses.workspace.map(|(own, at)| (self.workspace_name(own), at));
                    found.push(other_workspace(
                        (self.modules.get(&module).map_or("", |module| module.name), span),
                        (self.workspace_name(workspace), at),
                        own,
                        (what_it_is(file), project.file(workspace).map_or("", |file| file_name(file))),
                    ));
                    break;
                }
            }
        }
    }

    fn workspace_name(&self, file: FileId) -> &str {
        self.workspaces.get(&file).map_or("", |workspace| workspace.name.as_str())
    }
}

/// What a file that may use others is called in a message.
fn what_it_is(file: &File) -> &'static str {
    if role(file) == Role::Module { "module" } else { "flow" }
}

/// The name that `use` gives a file.
fn file_name(file: &File) -> &str {
    let name = file.source.path.rsplit('/').next().unwrap_or("");
    name.strip_suffix(".flow").unwrap_or(name)
}

fn second_workspace(file: &File, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::RepeatedSetting, span, format!("a {} uses one workspace", what_it_is(file)))
        .here("a second workspace")
        .label(first, "the first one")
}

fn uses_itself(span: Span) -> Diagnostic {
    Diagnostic::new(Code::CircularUse, span, "a module cannot use itself")
        .here("this module")
        .help("Its own steps need no `use`: write `do STEP`.")
}

fn neither(other: &File, span: Span) -> Diagnostic {
    let path = &other.source.path;
    let found =
        Diagnostic::new(Code::Misplaced, span, format!("`{path}` is neither a workspace nor a module"));
    match role(other) {
        Role::Flow => found.here("a flow cannot be used").help(
            "Steps that several flows run belong in a file of their own that begins with `module NAME \"Title\"`.",
        ),
        Role::Workspace | Role::Module | Role::Catalogue | Role::Settings | Role::Tests | Role::Neither => {
            found.here("cannot be used").help(
                "A file that is used begins with `workspace NAME \"Title\"` or `module NAME \"Title\"`.",
            )
        }
    }
}

fn other_workspace(
    (module, span): (&str, Span),
    (theirs, at): (&str, Span),
    own: Option<(&str, Span)>,
    (what, file): (&str, &str),
) -> Diagnostic {
    let does = match own {
        Some((own, _)) => format!("this {what} uses `{own}`"),
        None => format!("this {what} uses none"),
    };
    let message = format!("the module `{module}` uses the workspace `{theirs}`, {does}");
    let found =
        Diagnostic::new(Code::OtherWorkspace, span, message).here("its steps name what is declared there");
    match own {
        Some((_, own)) => found
            .label(own, format!("the workspace of this {what}"))
            .label(at, "the workspace of the module")
            .help("A chat knows one workspace; let both use the same file."),
        None => found
            .label(at, "the workspace of the module")
            .help(format!("Add `use {file}` to this {what}."))
            .fix(format!("add `use {file}`"), span.at_end(), format!("\nuse {file}")),
    }
}

/// Finds the files that `use` names.
struct Finder<'a> {
    project: &'a Project,
    paths: BTreeMap<&'a str, &'a File>,
}

impl<'a> Finder<'a> {
    fn new(project: &'a Project) -> Finder<'a> {
        let paths = project.files.iter().rev().map(|file| (file.source.path.as_str(), file)).collect();
        Finder { project, paths }
    }

    /// The file that a name means: beside the file that uses it, then in each folder above it.
    fn find(&self, file: &File, name: &str) -> Option<&'a File> {
        places(&file.source.path, name).iter().find_map(|path| self.paths.get(path.as_str()).copied())
    }

    fn missing(&self, file: &File, name: &str, span: Span) -> Diagnostic {
        let usable = || {
            self.project.files.iter().filter(|other| matches!(role(other), Role::Workspace | Role::Module))
        };
        let mut found = Diagnostic::new(Code::MissingFile, span, format!("there is no file `{name}.flow`"))
            .here("not found");
        if let Some(elsewhere) = usable().find(|other| file_name(other) == name) {
            let path = &elsewhere.source.path;
            let what = what_it_is(file);
            found.help =
                Some(format!("`{path}` stands neither beside this {what} nor above it; move one of them."));
            return found;
        }
        let known = || usable().filter(|other| other.id != file.id).map(file_name);
        let near = suggestion(name, known(), "What can be used here");
        let looked = places(&file.source.path, name);
        let looked = looked.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", then ");
        found.help = Some(match near {
            Some(near) => format!("{near} It was looked for as {looked}."),
            None => format!(
                "It was looked for as {looked}. Create it with a first line `workspace {name} \"…\"` or `module {name} \"…\"`, or correct the name."
            ),
        });
        found.name_meant(name, span, known())
    }
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
