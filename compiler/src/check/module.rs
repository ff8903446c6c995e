//! Modules: the steps that several flows share.
//!
//! A module is checked twice. Once for itself, as a library: its names and types, and what holds whoever runs its
//! steps. And then in each flow, of which the steps that it comes to are a part: they are linked into it one by one
//! as `do` and arrows lead to them, and what depends on the flow shows there.

use std::collections::BTreeMap;

use chatflow_runtime::id::{Slot, Step};
use chatflow_runtime::image::Scope;

use super::{Checker, Local, Room};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::{File, View};
use crate::hir::{self, Call, StepBody};
use crate::near::{nearest, suggestion};
use crate::project::{Links, Module, Uses};
use crate::source::{FileId, Span};
use crate::token::Kind;
use crate::tree::{At, Item, Statement};
use crate::types::Ty;
use crate::workspace::{Workspace, misplaced};

/// What names mean in a file.
pub(super) struct Names<'a> {
    /// The file.
    pub(super) file: &'a File,
    /// The workspace that it uses, if there is one.
    pub(super) workspace: Option<&'a Workspace>,
    /// What its `use` lines lead to.
    pub(super) uses: &'a Uses,
    /// The module that it is; none for a flow.
    pub(super) module: Option<&'a Module<'a>>,
    /// Whether only the steps are looked at that something leads to: those of a module in a flow.
    pub(super) linked: bool,
    /// Its steps.
    pub(super) steps: BTreeMap<String, StepName<'a>>,
    /// The names of steps by their former ones.
    pub(super) former: BTreeMap<String, String>,
    /// Its locals.
    pub(super) locals: BTreeMap<String, Local>,
    /// What is asked by a bare name without a type.
    pub(super) untyped: Vec<(String, Span)>,
}

/// A step that a file declares.
pub(super) struct StepName<'a> {
    /// Where its name stands.
    pub(super) span: Span,
    /// Which step of the program it is; none while nothing leads to it.
    pub(super) step: Option<Step>,
    /// Its former names, with their places.
    pub(super) was: Vec<(String, Span)>,
    /// Its statements; none where they could not be read.
    pub(super) body: Option<(View<'a>, &'a [Statement])>,
}

/// A step of a module that something leads to and whose statements have yet to be checked.
pub(super) struct Unlinked<'a> {
    file: FileId,
    name: String,
    step: Step,
    body: (View<'a>, &'a [Statement]),
}

impl<'a> Names<'a> {
    pub(super) fn new(links: &'a Links<'a>, nothing: &'a Uses, file: &'a File, linked: bool) -> Names<'a> {
        let uses = links.uses.get(&file.id).unwrap_or(nothing);
        Names {
            file,
            workspace: uses.workspace.and_then(|(workspace, _)| links.workspaces.get(&workspace)),
            uses,
            module: links.modules.get(&file.id),
            linked,
            steps: BTreeMap::new(),
            former: BTreeMap::new(),
            locals: BTreeMap::new(),
            untyped: Vec::new(),
        }
    }

    /// The name that something of this file has in the program: a module's own has the module's name before it.
    pub(super) fn full(&self, name: &str) -> String {
        self.module.map_or_else(|| name.to_owned(), |module| format!("{}.{name}", module.name))
    }

    /// The names that something had in earlier programs, after former names of its own and of its module.
    pub(super) fn formerly<'n>(&self, name: &'n str, was: impl Iterator<Item = &'n str>) -> Vec<String> {
        let Some(module) = self.module else { return was.map(str::to_owned).collect() };
        let names: Vec<&str> = std::iter::once(name).chain(was).collect();
        let modules = std::iter::once(module.name).chain(module.was.iter().copied());
        let all = modules.flat_map(|module| names.iter().map(move |name| format!("{module}.{name}")));
        all.skip(1).collect()
    }
}

impl<'a> Checker<'a> {
    /// Whether it is a module that is checked, for itself.
    pub(super) fn is_library(&self) -> bool {
        self.flow.library
    }

    /// The step of this name in the file that is read, as a step of the program.
    pub(super) fn own_step(&mut self, name: &str) -> Option<Step> {
        let known = self.names.steps.get_mut(name)?;
        if let Some(step) = known.step {
            return Some(step);
        }
        let step = Step(self.flow.steps.len() as u32);
        known.step = Some(step);
        let (span, body, own) = (known.span, known.body, known.was.clone());
        let was = self.names.formerly(name, own.iter().map(|(name, _)| name.as_str()));
        // A former name that comes of the module's stands where the step is declared.
        let place = |was: &String| {
            let last = was.rsplit('.').next().unwrap_or(was);
            own.iter().find(|(name, _)| name == last).map_or(span, |(_, span)| *span)
        };
        let was = was.into_iter().map(|was| (place(&was), was)).map(|(span, was)| (was, span)).collect();
        let module = self.names.module.is_some();
        let mut statements = Vec::new();
        match body {
            Some(body) if self.names.linked => {
                let (file, name) = (self.names.file.id, name.to_owned());
                self.unlinked.push_back(Unlinked { file, name, step, body });
            }
            Some(_) => {}
            None => statements.push(hir::Statement { span, kind: hir::StatementKind::Hole }),
        }
        let name = self.names.full(name);
        self.flow.steps.push(StepBody { name, span, was, module, body: statements });
        Some(step)
    }

    /// Checks the steps of modules that the flow comes to, until they lead to no further ones.
    pub(super) fn link(&mut self) {
        while let Some(Unlinked { file, name, step, body: (view, body) }) = self.unlinked.pop_front() {
            self.within(file, |checker| {
                checker.room = Room::Step;
                checker.step = name;
                let body = checker.body(view, body);
                if let Some(slot) = checker.flow.steps.get_mut(step.index()) {
                    slot.body = body;
                }
            });
        }
    }

    /// Does something where the names of a module mean what they mean there.
    fn within<R>(&mut self, file: FileId, what: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if self.names.file.id == file {
            return Some(what(self));
        }
        let names = self.others.remove(&file)?;
        let own = std::mem::replace(&mut self.names, names);
        let (room, step) = (self.room, std::mem::take(&mut self.step));
        let made = what(self);
        (self.room, self.step) = (room, step);
        let names = std::mem::replace(&mut self.names, own);
        self.others.insert(file, names);
        Some(made)
    }

    /// `do MODULE.STEP`.
    pub(super) fn call_of_module(
        &mut self,
        view: View<'_>,
        module: At,
        step: At,
    ) -> Option<hir::StatementKind> {
        let (name, written) = (view.text(module), view.text(step));
        let Some((file, used)) = self.names.uses.modules.get(name).copied() else {
            if !self.names.uses.missing.contains(name) {
                self.unknown_module(view, module, step);
            }
            return None;
        };
        let other = self.links.modules.get(&file)?;
        let place = self.place(&format!("do {}.{written}", other.name));
        if !other.steps.contains_key(written) {
            self.unknown_step_of(other, view, step);
            return None;
        }
        // What the step of another module does is looked at in the flows.
        if self.is_library() {
            return None;
        }
        self.open(file, used)?;
        let step_of = self.within(file, |checker| checker.own_step(written)).flatten()?;
        let span = view.at(module).to(view.at(step));
        Some(hir::StatementKind::Do(Call { place, step: step_of, span }))
    }

    /// Reads the names of a module that the flow comes to; none where it cannot be told from another one.
    fn open(&mut self, file: FileId, used: Span) -> Option<()> {
        if self.linked.contains_key(&file) {
            return Some(());
        }
        let module = self.links.modules.get(&file)?;
        // The `use` line of the flow through which it comes here.
        let through = self.linked.get(&self.names.file.id).copied().unwrap_or(used);
        if let Some(other) = self.called.insert(module.name, file) {
            self.called.insert(module.name, other);
            let first = self.linked.get(&other).copied().unwrap_or(through);
            let other = self.links.modules.get(&other)?;
            self.found.push(equal_modules((module, through), (other, first)));
            return None;
        }
        self.linked.insert(file, through);
        self.others.insert(file, Names::new(self.links, self.nothing, module.file, true));
        self.within(file, Checker::declare)
    }

    /// The module that the flow comes to and that has a local of this name.
    pub(super) fn module_with_local(&self, name: &str) -> Option<&'a str> {
        let all = self.others.values().filter(|names| names.locals.contains_key(name));
        all.filter_map(|names| names.module).map(|module| module.name).next()
    }

    /// The local of this name in the file that is read.
    pub(super) fn local_slot(&mut self, name: &str, ty: &Ty) -> Slot {
        let was = self.names.formerly(name, std::iter::empty());
        self.tables.slot_that_was(&self.names.full(name), &was, ty, Scope::Local)
    }

    /// `do MODULE.STEP`, where nothing is called `MODULE`.
    fn unknown_module(&mut self, view: View<'_>, module: At, step: At) {
        let (name, span) = (view.text(module), view.at(module));
        let mut found = Diagnostic::new(Code::UnknownModule, span, format!("no module is called `{name}`"))
            .here("unknown module");
        let written = span.to(view.at(step));
        let step = view.text(step);
        let this = if self.is_library() { "module" } else { "flow" };
        let known = || self.names.uses.modules.keys().map(String::as_str);
        if let Some(near) = nearest(name, known()) {
            found =
                found.help(format!("Did you mean `{near}`?")).suggest(format!("write `{near}`"), span, near);
        } else if self.names.steps.contains_key(step) {
            found = found.help(format!("`do {step}` runs the step `{step}` of this {this}.")).suggest(
                format!("write `{step}`"),
                written,
                step,
            );
            self.mention(step);
        } else if let Some((below, last)) = self.module_nearby(name) {
            found = found
                .help(format!("There is a module of this name; say that this {this} uses it: `use {name}`."))
                .fix(
                    format!("add `use {name}`"),
                    below,
                    if last { format!("\n\nuse {name}") } else { format!("\nuse {name}") },
                );
        } else {
            found.help = suggestion(name, known(), &format!("The modules that this {this} uses")).or_else(|| {
                Some(format!("A module stands in a file of its own, `{name}.flow`, and is named by a line `use {name}`."))
            });
        }
        self.found.push(found);
    }

    /// Where a `use` line would stand for a module that the project has, and whether it would be the first.
    fn module_nearby(&self, name: &str) -> Option<(Span, bool)> {
        let places = crate::project::places(&self.names.file.source.path, name);
        let is_there = |module: &Module<'_>| {
            module.file.id != self.names.file.id && places.contains(&module.file.source.path)
        };
        self.links.modules.values().find(|module| is_there(module))?;
        let mut below = None;
        for (view, item) in self.names.file.views() {
            match item {
                Item::Header { name, title, .. } => {
                    let end = title.as_ref().map_or(view.at(*name), |title| view.span(title.range));
                    below = below.or(Some((end.at_end(), true)));
                }
                Item::Declaration { head, values, .. } if view.kind(*head) == Some(Kind::Use) => {
                    let end = values.last().map_or(view.at(*head), |value| view.span(value.range));
                    below = Some((end.at_end(), false));
                }
                _ => {}
            }
        }
        below
    }

    /// `do MODULE.STEP`, where the module has no such step.
    fn unknown_step_of(&mut self, module: &Module<'_>, view: View<'_>, at: At) {
        let (name, span) = (view.text(at), view.at(at));
        let message = format!("the module `{}` has no step `{name}`", module.name);
        let mut found = Diagnostic::new(Code::UnknownModule, span, message).here("no such step in it");
        let heir = module.steps.iter().find(|(_, was)| was.contains(&name)).map(|(heir, _)| *heir);
        found.help = match heir {
            Some(heir) => Some(format!("It is now called `{heir}`.")),
            None => suggestion(name, module.steps.keys().copied(), "Its steps"),
        };
        self.found.push(match heir {
            Some(heir) => found.fix(format!("write `{heir}`"), span, heir),
            None => found.name_meant(name, span, module.steps.keys().copied()),
        });
    }

    /// `-> MODULE.STEP`: a step of a module can only be run. As a statement, it begins with its arrow.
    pub(super) fn arrow_into_module(
        &mut self,
        view: View<'_>,
        module: At,
        step: At,
        statement: Option<Span>,
    ) {
        let span = view.at(module).to(view.at(step));
        let written = format!("{}.{}", view.text(module), view.text(step));
        let found = Diagnostic::new(
            Code::ArrowIntoModule,
            span,
            format!("an arrow does not lead into a module: `{written}`"),
        )
        .here("a step of a module")
        .help(format!(
            "A module's steps are run, and come back: write `do {written}`; what is to happen then stands behind it."
        ));
        self.found.push(match statement {
            Some(statement) => {
                found.suggest(format!("write `do {written}`"), statement, format!("do {written}"))
            }
            None => found.suggest(format!("write `{{ do {written} }}`"), span, format!("{{ do {written} }}")),
        });
    }

    /// Reports what does not belong in a module; steps are checked where they are met.
    pub(super) fn item_of_module(&mut self, view: View<'_>, item: &Item) {
        let flows = "It belongs to the flows that use this module.";
        let workspace = "It is declared in the workspace file.";
        let (word, help) = match item {
            Item::Header { .. } | Item::Step { .. } | Item::Error => return,
            Item::Test { .. } | Item::TestsFor { .. } => (
                view.text(0),
                "A module is tested by the flows that run its steps: write it in one of their files.",
            ),
            Item::Anytime { .. } => {
                (view.text(0), "The `anytime` of a flow holds in the modules that it uses, too.")
            }
            Item::Outdated { .. } => (view.text(0), flows),
            Item::Properties { .. } | Item::Function { .. } => (view.text(0), workspace),
            Item::Declaration { head, .. } => {
                let kind = view.kind(*head).unwrap_or(Kind::Word);
                match kind {
                    Kind::Use => return,
                    Kind::Channel
                    | Kind::Inbox
                    | Kind::Languages
                    | Kind::Priority
                    | Kind::Welcome
                    | Kind::Target
                    | Kind::Display
                    | Kind::Options
                    | Kind::Consent => (view.text(*head), flows),
                    _ if crate::workspace::Thing::of(kind).is_some()
                        || matches!(kind, Kind::Plan | Kind::Privacy | Kind::Texts) =>
                    {
                        (view.text(*head), workspace)
                    }
                    _ => {
                        return self.unknown_block(
                            view.text(*head),
                            view.at(*head),
                            "a module",
                            &["module", "use", "step"],
                        );
                    }
                }
            }
        };
        self.found.push(misplaced(view.at(0), word, "a module", Some(help.to_owned())));
    }

    /// A name that a module cannot have: its locals would be taken for properties or facts.
    pub(super) fn name_of_module(&mut self, name: &str, span: Span) {
        const TAKEN: [&str; 4] = ["contact", "company", "page", "visitor"];
        if TAKEN.contains(&name) {
            let found =
                Diagnostic::new(Code::ReservedName, span, format!("`{name}` cannot be the name of a module"))
                    .here("a word of the language")
                    .help(format!("Choose another name, like `{name}_details`."));
            self.found.push(found);
        }
    }
}

fn equal_modules((module, through): (&Module<'_>, Span), (other, first): (&Module<'_>, Span)) -> Diagnostic {
    let message = format!("this flow comes to two modules that are called `{}`", module.name);
    let found = Diagnostic::new(Code::EqualModules, through, message)
        .here(format!("through this, it comes to `{}`", module.file.source.path));
    let found = if first == through {
        found
    } else {
        found.label(first, format!("through this, it comes to `{}`", other.file.source.path))
    };
    found.help(format!(
        "Its chats could not tell their places apart; give `{}` or `{}` another name.",
        module.file.source.path, other.file.source.path
    ))
}
