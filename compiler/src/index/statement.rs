//! The names of statements and of the lines of their blocks.

use chatflow_runtime::action::{Action, Argument, ObjectSpec, Outcome, Takes};

use super::item::Reader;
use super::{How, Name};
use crate::file::View;
use crate::source::Span;
use crate::tree::{At, Branch, Expr, Line, LineKind, Range, Statement, StatementKind};
use crate::types::Ty;
use crate::words::Place;
use crate::workspace::{Thing, single_word};

/// The action whose head some words begin with, and how many of them are its head.
pub fn action_of(words: &[(&str, Span)]) -> Option<(Action, usize)> {
    let statements = Action::ALL.iter().copied().filter(|action| action.spec().is_statement());
    statements.map(|action| (action, action.spec().head.split(' ').count())).find(|(action, len)| {
        words.len() >= *len && action.spec().head.split(' ').zip(words).all(|(head, (word, _))| head == *word)
    })
}

impl Reader<'_> {
    pub(super) fn statements(&mut self, view: View<'_>, body: &[Statement]) {
        body.iter().for_each(|statement| self.statement(view, statement));
    }

    pub(super) fn statement(&mut self, view: View<'_>, statement: &Statement) {
        self.word(view, statement.range.start, Place::Statement);
        match &statement.kind {
            StatementKind::Say { text, block } => {
                self.expression(view, text, None);
                self.plain_lines(view, block.as_deref());
            }
            StatementKind::Ask { target, ty, text, block } => {
                self.ask(view, target.as_ref(), ty.as_ref(), block.as_deref());
                self.expression(view, text, None);
            }
            StatementKind::Set { target, value, block } => {
                let ty = self.type_of(view, target);
                self.stored(view, target);
                self.expression(view, value, ty.as_ref());
                self.plain_lines(view, block.as_deref());
            }
            StatementKind::Let { target, value, block, .. } => {
                self.local(view, target);
                self.expression(view, value, None);
                self.plain_lines(view, block.as_deref());
            }
            StatementKind::Clear { target } => self.stored(view, target),
            StatementKind::Wait { time } => self.expression(view, time, None),
            StatementKind::Do { module, step } => self.step(view, *module, *step, How::Runs),
            StatementKind::If { arms, otherwise } => {
                for (condition, branch) in arms {
                    self.expression(view, condition, None);
                    self.branch(view, branch);
                }
                otherwise.iter().for_each(|branch| self.branch(view, branch));
            }
            StatementKind::Go(branch) => self.branch(view, branch),
            StatementKind::Action { words, text, block } => {
                text.iter().for_each(|text| self.expression(view, text, None));
                self.action(view, *words, block.as_deref());
            }
            StatementKind::End | StatementKind::Error => {}
        }
    }

    pub(super) fn branch(&mut self, view: View<'_>, branch: &Branch) {
        match branch {
            Branch::Step(at) => self.step(view, None, *at, How::Goes),
            Branch::Foreign { module, step } => self.step(view, Some(*module), *step, How::Goes),
            Branch::Block { body, .. } => self.statements(view, body),
            Branch::Statement(statement) => self.statement(view, statement),
            Branch::Error(_) => {}
        }
    }

    /// `STEP`, `MODULE.STEP`.
    pub(super) fn step(&mut self, view: View<'_>, module: Option<At>, at: At, how: How) {
        let Some(home) = self.home() else { return };
        let file = match module {
            Some(module) => {
                let Some(file) = home.modules.get(view.text(module)).copied() else { return };
                self.mention(view.at(module), Name::File(file), How::Reads);
                file
            }
            None => home.home,
        };
        let name = view.text(at);
        let Some(scope) = self.index.scope(file) else { return };
        if scope.steps.iter().any(|(step, _)| step == name) {
            self.mention(view.at(at), Name::Step(file, name.to_owned()), how);
        }
    }

    fn ask(
        &mut self,
        view: View<'_>,
        target: Option<&Expr>,
        ty: Option<&crate::tree::TypeExpr>,
        block: Option<&[Line]>,
    ) {
        let wanted = target.and_then(|target| self.type_of(view, target));
        match (target, ty) {
            (Some(target), Some(ty)) => {
                self.local(view, target);
                let of = single_word(view, target).map_or("", |(name, _)| name);
                self.written_type(view, ty, of);
            }
            (Some(target), None) => self.stored(view, target),
            (None, _) => {}
        }
        for line in block.unwrap_or(&[]) {
            match &line.kind {
                LineKind::Choice { label, value, arrow } => {
                    self.expression(view, label, None);
                    value.iter().for_each(|value| self.expression(view, value, wanted.as_ref()));
                    arrow.iter().for_each(|arrow| self.branch(view, arrow));
                }
                LineKind::Entry { head, .. } => {
                    self.word(view, *head, Place::Question);
                    self.line(view, line, None);
                }
                LineKind::Pair { .. } | LineKind::Block { .. } | LineKind::Save { .. } | LineKind::Error => {
                    self.line(view, line, None);
                }
            }
        }
    }

    fn plain_lines(&mut self, view: View<'_>, block: Option<&[Line]>) {
        block.unwrap_or(&[]).iter().for_each(|line| self.line(view, line, None));
    }

    /// The values and the arrow of a line.
    fn line(&mut self, view: View<'_>, line: &Line, wanted: Option<&Ty>) {
        match &line.kind {
            LineKind::Choice { label, value, arrow } => {
                self.expression(view, label, None);
                value.iter().for_each(|value| self.expression(view, value, wanted));
                arrow.iter().for_each(|arrow| self.branch(view, arrow));
            }
            LineKind::Pair { key, values } => {
                self.expression(view, key, None);
                match values.as_slice() {
                    [secret, name] if single_word(view, secret).is_some_and(|(word, _)| word == "secret") => {
                        self.thing(view, Thing::Secret, name);
                    }
                    values => values.iter().for_each(|value| self.expression(view, value, wanted)),
                }
            }
            LineKind::Block { lines, .. } => lines.iter().for_each(|line| self.line(view, line, wanted)),
            LineKind::Save { path, local } => {
                self.expression(view, path, None);
                if let (Some((name, ty)), Some(home)) = (local, self.home()) {
                    let text = view.text(*name);
                    self.mention(view.at(*name), Name::Local(home.home, text.to_owned()), How::Declares);
                    self.written_type(view, ty, text);
                }
            }
            LineKind::Entry { values, arrow, .. } => {
                values.iter().for_each(|value| self.expression(view, value, wanted));
                arrow.iter().for_each(|arrow| self.branch(view, arrow));
            }
            LineKind::Error => {}
        }
    }

    /// `fail create ticket`, `fail price_for`.
    pub(super) fn failing(&mut self, view: View<'_>, range: Range) {
        match view.words(range).as_slice() {
            [(name, span)] => self.thing_named(Thing::Function, name, *span, How::Reads),
            _ => {
                self.head_of_action(view, range);
            }
        }
    }

    fn action(&mut self, view: View<'_>, range: Range, block: Option<&[Line]>) {
        let Some((action, pipeline)) = self.head_of_action(view, range) else {
            self.plain_lines(view, block);
            return;
        };
        for line in block.unwrap_or(&[]) {
            self.line_of_action(view, action, pipeline.as_deref(), line);
        }
    }

    /// The head of an action and what it names; of a ticket the pipeline.
    fn head_of_action(&mut self, view: View<'_>, range: Range) -> Option<(Action, Option<String>)> {
        let words = view.words(range);
        let (action, len) = action_of(&words)?;
        let head = words.first()?.1.to(words.get(len - 1)?.1);
        self.mention(head, Name::Action(action), How::Reads);
        let rest = words.get(len..).unwrap_or(&[]);
        for object in action.spec().objects {
            let (kind, name, span) = match (object, rest) {
                (ObjectSpec::Named { kind, word: true }, [(word, _), (name, span)])
                    if *word == kind.word() =>
                {
                    (*kind, *name, *span)
                }
                (ObjectSpec::Named { kind, word: false }, [(name, span)]) => (*kind, *name, *span),
                _ => continue,
            };
            let thing = Thing::named(kind)?;
            self.thing_named(thing, name, span, How::Reads);
            return Some((action, (thing == Thing::Pipeline).then(|| name.to_owned())));
        }
        Some((action, None))
    }

    fn line_of_action(&mut self, view: View<'_>, action: Action, pipeline: Option<&str>, line: &Line) {
        let head = match &line.kind {
            LineKind::Entry { head, .. } | LineKind::Block { head, .. } => *head,
            LineKind::Choice { .. } | LineKind::Pair { .. } | LineKind::Save { .. } | LineKind::Error => {
                return self.line(view, line, None);
            }
        };
        let (word, span) = (view.text(head), view.at(head));
        let spec = action.spec();
        let setting = Argument::named(word).and_then(|argument| spec.setting(argument));
        let outcome = Outcome::named(word).filter(|outcome| spec.outcome(*outcome).is_some());
        match (setting, outcome) {
            (Some(setting), _) => self.mention(span, Name::Argument(action, setting.argument), How::Reads),
            (None, Some(outcome)) => self.mention(span, Name::Outcome(action, outcome), How::Reads),
            (None, None) => self.word(view, head, Place::Action),
        }
        match (setting.map(|setting| setting.takes), &line.kind) {
            (Some(Takes::StageOfPipeline), LineKind::Entry { values, .. }) => {
                for value in values {
                    self.stage(view, pipeline, value);
                }
            }
            (Some(Takes::Word(_)), LineKind::Entry { values, .. }) => {
                for (_, span) in values.iter().filter_map(|value| single_word(view, value)) {
                    self.mention(span, Name::Value, How::Reads);
                }
            }
            _ => self.line(view, line, None),
        }
    }

    fn stage(&mut self, view: View<'_>, pipeline: Option<&str>, value: &Expr) {
        let (Some((name, span)), Some(pipeline)) = (single_word(view, value), pipeline) else { return };
        let Some((file, workspace)) = self.index.workspace(self.file) else { return };
        let known = workspace.thing(Thing::Pipeline, pipeline);
        if known.is_some_and(|known| known.names.iter().any(|(stage, _)| stage == name)) {
            let stage = Name::Stage { file, pipeline: pipeline.to_owned(), name: name.to_owned() };
            self.mention(span, stage, How::Reads);
        }
    }
}
