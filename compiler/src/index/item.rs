//! The names of items: headers, declarations, steps, tests.

use chatflow_runtime::setting::{Setting, SettingBlock, SettingTakes};

use super::{How, Index, Mention, Name, Scope};
use crate::file::{File, View};
use crate::project::Role;
use crate::source::{FileId, Span};
use crate::token::Kind;
use crate::tree::{At, Expr, Item, Line, LineKind, TestLine, TestLineKind, TypeExpr};
use crate::types::Ty;
use crate::words::{self, Place};
use crate::workspace::{Thing, single_word};

/// Reads the names of one file.
pub(super) struct Reader<'i> {
    pub(super) index: &'i Index,
    pub(super) file: FileId,
    pub(super) out: Vec<Mention>,
}

impl<'i> Reader<'i> {
    pub(super) fn new(index: &'i Index, file: FileId) -> Reader<'i> {
        Reader { index, file, out: Vec::new() }
    }

    pub(super) fn read(mut self, file: &File) -> Vec<Mention> {
        for (view, item) in file.views() {
            self.item(view, item);
        }
        self.out.sort_by_key(|mention| (mention.span.start, std::cmp::Reverse(mention.span.end)));
        self.out
    }

    pub(super) fn mention(&mut self, span: Span, name: Name, how: How) {
        self.out.push(Mention { span, whole: span, name, how });
    }

    pub(super) fn word(&mut self, view: View<'_>, at: At, place: Place) {
        if let Some(spec) = words::named(place, view.text(at)) {
            self.mention(view.at(at), Name::Word(spec), How::Reads);
        }
    }

    /// The scope whose steps and locals count.
    pub(super) fn home(&self) -> Option<&'i Scope> {
        self.index.home(self.file)
    }

    /// A word for an item, by what kind of file this is.
    fn head(&mut self, view: View<'_>) {
        let places: &[Place] = match self.index.scope(self.file).map(|scope| scope.role) {
            Some(Role::Workspace) => &[Place::Header, Place::Workspace],
            Some(Role::Module) => &[Place::Header, Place::Module],
            _ => &[Place::Header, Place::Flow],
        };
        let spec = view.kind(0).and_then(|kind| words::item(kind, places));
        if let Some(spec) = spec {
            self.mention(view.at(0), Name::Word(spec), How::Reads);
        }
    }

    fn item(&mut self, view: View<'_>, item: &Item) {
        if *item != Item::Error {
            self.head(view);
        }
        match item {
            Item::Header { name, was, .. } => {
                self.mention(view.at(*name), Name::File(self.file), How::Declares);
                for at in was {
                    self.mention(view.at(*at), Name::File(self.file), How::Former);
                }
            }
            Item::TestsFor { flow } => {
                let home = self.index.scope(self.file).map(|scope| scope.home);
                if let Some(home) = home.filter(|home| *home != self.file) {
                    self.mention(view.at(*flow), Name::File(home), How::Reads);
                }
            }
            Item::Step { name, was, body, .. } => {
                let step = Name::Step(self.file, view.text(*name).to_owned());
                self.mention(view.at(*name), step.clone(), How::Declares);
                for at in was {
                    self.mention(view.at(*at), step.clone(), How::Former);
                }
                self.statements(view, body);
            }
            Item::Anytime { arms } => {
                for (condition, branch) in arms {
                    self.expression(view, condition, None);
                    self.branch(view, branch);
                }
            }
            Item::Outdated { module, step } => self.step(view, *module, *step, How::Goes),
            Item::Properties { head, properties } => {
                for property in properties {
                    let full = format!("{}.{}", view.text(*head), view.text(property.name));
                    self.mention(
                        view.at(property.name),
                        Name::Property(self.file, full.clone()),
                        How::Declares,
                    );
                    self.written_type(view, &property.ty, &full);
                }
            }
            Item::Function { name, parameters, result } => {
                let text = view.text(*name).to_owned();
                self.mention(view.at(*name), Name::Thing(self.file, Thing::Function, text), How::Declares);
                for (_, ty) in parameters {
                    self.written_type(view, ty, "");
                }
                self.written_type(view, result, "");
            }
            Item::Test { lines, .. } => lines.iter().for_each(|line| self.test_line(view, line)),
            Item::Declaration { head, values, block } => {
                self.declaration(view, *head, values, block.as_deref().unwrap_or(&[]));
            }
            Item::Error => {}
        }
    }

    /// `text`, `one of [a, b]`, written for a property or local.
    pub(super) fn written_type(&mut self, view: View<'_>, ty: &TypeExpr, of: &str) {
        match ty {
            TypeExpr::Named(at) => {
                let word = view.text(*at);
                if let Some(name) = Ty::NAMES.iter().find(|name| **name == word) {
                    self.mention(view.at(*at), Name::Type(name), How::Reads);
                }
            }
            TypeExpr::Options { options, .. } => {
                for option in options {
                    let name = view.text(option.name).to_owned();
                    let option_name = Name::Option { file: self.file, of: of.to_owned(), name };
                    self.mention(view.at(option.name), option_name, How::Declares);
                }
            }
        }
    }

    fn declaration(&mut self, view: View<'_>, head: At, values: &[Expr], block: &[Line]) {
        let is_workspace = self.index.scope(self.file).is_some_and(|scope| scope.role == Role::Workspace);
        match view.kind(head) {
            Some(Kind::Use) => values.iter().for_each(|value| self.used(view, value)),
            Some(Kind::Inbox) if !is_workspace => {
                values.iter().for_each(|value| self.thing(view, Thing::Inbox, value));
            }
            Some(Kind::Target) => self.target(view, block),
            Some(Kind::Display) => self.settings(view, SettingBlock::Display, block),
            Some(Kind::Options) => self.settings(view, SettingBlock::Options, block),
            Some(Kind::Consent) => self.settings(view, SettingBlock::Consent, block),
            Some(Kind::Channel | Kind::Languages | Kind::Plan | Kind::Privacy) => {
                values.iter().for_each(|value| self.value_word(view, value));
            }
            Some(kind) => match Thing::of(kind).filter(|_| is_workspace) {
                Some(thing) => self.declared(view, thing, values, block),
                None => values.iter().for_each(|value| self.expression(view, value, None)),
            },
            None => {}
        }
    }

    /// `use NAME`.
    fn used(&mut self, view: View<'_>, value: &Expr) {
        let Some((name, span)) = single_word(view, value) else { return };
        let Some(scope) = self.index.scope(self.file) else { return };
        let stem = |id: &FileId| self.index.scope(*id).and_then(|scope| scope.name.clone());
        let workspace = scope.workspace.filter(|_| !scope.modules.contains_key(name));
        // A second workspace is a mistake; only the first is meant by its name, whatever its file is called.
        let file = scope.modules.get(name).copied().or(workspace.filter(|id| stem(id).is_some()));
        if let Some(file) = file {
            self.mention(span, Name::File(file), How::Uses);
        }
    }

    fn value_word(&mut self, view: View<'_>, value: &Expr) {
        if let Some((_, span)) = single_word(view, value) {
            self.mention(span, Name::Value, How::Reads);
        }
    }

    /// A value that names a thing of the workspace.
    pub(super) fn thing(&mut self, view: View<'_>, thing: Thing, value: &Expr) {
        if let Some((name, span)) = single_word(view, value) {
            self.thing_named(thing, name, span, How::Reads);
        }
    }

    pub(super) fn thing_named(&mut self, thing: Thing, name: &str, span: Span, how: How) {
        let Some((file, workspace)) = self.index.workspace(self.file) else { return };
        let known = match thing {
            Thing::Function => workspace.functions.contains_key(name),
            _ => workspace.thing(thing, name).is_some(),
        };
        if known {
            self.mention(span, Name::Thing(file, thing, name.to_owned()), how);
        }
    }

    /// `team sales "Sales" { members [ada] }`.
    fn declared(&mut self, view: View<'_>, thing: Thing, values: &[Expr], block: &[Line]) {
        let Some((name, span)) = values.first().and_then(|value| single_word(view, value)) else { return };
        self.thing_named(thing, name, span, How::Declares);
        for line in block {
            let LineKind::Entry { values, .. } = &line.kind else { continue };
            for value in values.iter().flat_map(members) {
                let Some((word, at)) = single_word(view, value) else { continue };
                match thing {
                    Thing::Team => self.thing_named(Thing::User, word, at, How::Reads),
                    Thing::Pipeline => {
                        let (pipeline, stage) = (name.to_owned(), word.to_owned());
                        let stage = Name::Stage { file: self.file, pipeline, name: stage };
                        self.mention(at, stage, How::Declares);
                    }
                    _ => self.mention(at, Name::Value, How::Reads),
                }
            }
        }
    }

    fn target(&mut self, view: View<'_>, lines: &[Line]) {
        for line in lines {
            let LineKind::Entry { head, values, .. } = &line.kind else { continue };
            self.word(view, *head, Place::Target);
            values.iter().for_each(|value| self.expression(view, value, None));
        }
    }

    fn settings(&mut self, view: View<'_>, block: SettingBlock, lines: &[Line]) {
        for line in lines {
            let LineKind::Entry { head, values, .. } = &line.kind else { continue };
            let Some(setting) = Setting::named(block, view.text(*head)) else { continue };
            self.mention(view.at(*head), Name::Setting(setting), How::Reads);
            for value in values {
                match setting.spec().takes {
                    SettingTakes::Survey => self.thing(view, Thing::Survey, value),
                    SettingTakes::Word(_) | SettingTakes::WordAndText(_) | SettingTakes::Trigger => {
                        self.value_word(view, value);
                    }
                    SettingTakes::Text
                    | SettingTakes::Url
                    | SettingTakes::Colour
                    | SettingTakes::Duration => self.expression(view, value, None),
                }
            }
        }
    }

    fn test_line(&mut self, view: View<'_>, line: &TestLine) {
        // Behind `not` stands `shown`.
        let head = line.range.start;
        let place = if view.kind(head) == Some(Kind::Not) { head + 1 } else { head };
        self.word(view, place, Place::Test);
        match &line.kind {
            TestLineKind::Given(expr)
            | TestLineKind::Expect(expr)
            | TestLineKind::Visit(expr)
            | TestLineKind::Visitor(expr) => self.expression(view, expr, None),
            TestLineKind::Bot { text, replies } => {
                self.expression(view, text, None);
                replies.iter().for_each(|replies| self.expression(view, replies, None));
            }
            TestLineKind::ExpectAction { action, .. } => self.statement(view, action),
            TestLineKind::Fail { words } => self.failing(view, *words),
            TestLineKind::GivenAnswer { .. }
            | TestLineKind::Agree
            | TestLineKind::Shown { .. }
            | TestLineKind::Wait(_)
            | TestLineKind::Choose(_)
            | TestLineKind::Completed
            | TestLineKind::Other
            | TestLineKind::Error => {}
        }
    }
}

/// The members of a list, or the value itself.
pub(super) fn members(value: &Expr) -> &[Expr] {
    match &value.kind {
        crate::tree::ExprKind::List(members) => members,
        _ => std::slice::from_ref(value),
    }
}
