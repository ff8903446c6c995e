//! The names that a flow declares: its steps and locals, which may be used before they are written.

use std::collections::{BTreeMap, BTreeSet};

use chatflow_runtime::id::Step;

use super::{Checker, Local};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{self, StepBody};
use crate::source::Span;
use crate::token::Kind;
use crate::tree::{Branch, Expr, Item, Line, LineKind, Statement, StatementKind, TypeExpr};
use crate::types::Ty;
use crate::workspace::{duplicate, single_word, type_of};

impl Checker<'_> {
    /// The names of all steps and locals, which may be used before they are written.
    pub(super) fn declare(&mut self) {
        for (view, item) in self.file.views() {
            if *item == Item::Error {
                self.declare_broken(view);
            }
            let Item::Step { name, was, body, .. } = item else { continue };
            let (text, span) = (view.text(*name), view.at(*name));
            if let Some((_, first)) = self.steps.get(text) {
                self.found.push(duplicate(text, span, *first));
            } else {
                self.steps.insert(text.to_owned(), (Step(self.flow.steps.len() as u32), span));
                let was = was.iter().map(|at| (view.text(*at).to_owned(), view.at(*at))).collect();
                self.flow.steps.push(StepBody { name: text.to_owned(), span, was, body: Vec::new() });
            }
            // A step whose name is missing was reported; nothing can lead to it.
            if !view.kind(*name).is_some_and(Kind::is_word) {
                self.flow.mentioned.extend(self.steps.get(text).map(|(step, _)| *step));
            }
            self.declare_locals(view, body);
        }
        for (view, item) in self.file.views() {
            if let Item::Anytime { arms } = item {
                for (_, branch) in arms {
                    if let Branch::Block { body, .. } = branch {
                        self.declare_locals(view, body);
                    }
                }
            }
        }
        for (name, span) in std::mem::take(&mut self.untyped) {
            self.locals.entry(name).or_insert(Local { ty: Ty::Error, span, untyped: true });
        }
        self.mentioned_on_broken_lines();
        self.former_names();
        self.options_and_locals();
    }

    /// The name of a step that could not be read, so that arrows to it are no findings of their own.
    fn declare_broken(&mut self, view: View<'_>) {
        let named = view.kind(0) == Some(Kind::Step) && view.kind(1).is_some_and(Kind::is_word);
        if named && !self.steps.contains_key(view.text(1)) {
            let (name, span) = (view.text(1).to_owned(), view.at(1));
            let step = Step(self.flow.steps.len() as u32);
            self.steps.insert(name.clone(), (step, span));
            let body = vec![hir::Statement { span, kind: hir::StatementKind::Hole }];
            self.flow.steps.push(StepBody { name, span, was: Vec::new(), body });
            self.flow.mentioned.push(step);
        }
    }

    /// The steps whose names stand on a line that could not be read: an arrow may have been meant.
    fn mentioned_on_broken_lines(&mut self) {
        let file = self.file;
        let broken: BTreeSet<u32> =
            file.diagnostics.iter().map(|found| file.lines.line(found.primary.span.start)).collect();
        for line in broken {
            let start = file.lines.line_start(line);
            let end = if line + 1 < file.lines.lines() { file.lines.line_start(line + 1) } else { u32::MAX };
            let tokens = |at: u32| file.tokens.starts.partition_point(|start| *start < at) as u32;
            for token in tokens(start)..tokens(end) {
                let word = file.text(file.tokens.span(file.id, token));
                self.flow.mentioned.extend(self.steps.get(word).map(|(step, _)| *step));
            }
        }
    }

    fn former_names(&mut self) {
        let mut heirs: BTreeMap<&str, Span> = BTreeMap::new();
        for (nth, step) in self.flow.steps.iter().enumerate() {
            for (name, span) in &step.was {
                if let Some(first) = heirs.insert(name, *span) {
                    self.found.push(duplicate(name, *span, first));
                }
                self.former.entry(name.clone()).or_insert(Step(nth as u32));
                if let Some((_, living)) = self.steps.get(name) {
                    let found = Diagnostic::new(Code::LivingFormerName, *span, format!("`{name}` is still the name of a step"))
                        .here("a former name")
                        .label(*living, "the step that has it now")
                        .help("A chat parked there would have two places to go to; delete the former name, or the step.");
                    self.found.push(found);
                }
            }
        }
    }

    fn declare_locals(&mut self, view: View<'_>, body: &[Statement]) {
        for statement in body {
            match &statement.kind {
                StatementKind::Ask { target: Some(target), ty: Some(ty), block, .. } => {
                    self.declare_local(view, target, ty);
                    self.declare_in_lines(view, block.as_deref());
                }
                StatementKind::Ask { target: Some(target), ty: None, block, .. } => {
                    if let Some((name, span)) = single_word(view, target) {
                        self.untyped.push((name.to_owned(), span));
                    }
                    self.declare_in_lines(view, block.as_deref());
                }
                StatementKind::Ask { block, .. } | StatementKind::Action { block, .. } => {
                    self.declare_in_lines(view, block.as_deref());
                }
                StatementKind::If { arms, otherwise } => {
                    for branch in arms.iter().map(|(_, branch)| branch).chain(otherwise) {
                        self.declare_in_branch(view, branch);
                    }
                }
                StatementKind::Go(branch) => self.declare_in_branch(view, branch),
                StatementKind::Say { .. }
                | StatementKind::Set { .. }
                | StatementKind::End
                | StatementKind::Error => {}
            }
        }
    }

    fn declare_in_lines(&mut self, view: View<'_>, lines: Option<&[Line]>) {
        for line in lines.unwrap_or(&[]) {
            if let LineKind::Choice { arrow: Some(branch), .. }
            | LineKind::Entry { arrow: Some(branch), .. } = &line.kind
            {
                self.declare_in_branch(view, branch);
            }
        }
    }

    fn declare_in_branch(&mut self, view: View<'_>, branch: &Branch) {
        match branch {
            Branch::Block { body, .. } => self.declare_locals(view, body),
            Branch::Statement(statement) => self.declare_locals(view, std::slice::from_ref(statement)),
            Branch::Step(_) | Branch::Error => {}
        }
    }

    fn declare_local(&mut self, view: View<'_>, target: &Expr, ty: &TypeExpr) {
        let ty = type_of(view, ty, &mut self.found);
        let Some((name, span)) = single_word(view, target) else { return };
        const RESERVED: [&str; 15] = [
            "and", "or", "not", "is", "then", "else", "known", "unknown", "reply", "today", "now", "contact",
            "company", "page", "visitor",
        ];
        if RESERVED.contains(&name) || matches!(name, "true" | "false") {
            let found =
                Diagnostic::new(Code::ReservedName, span, format!("`{name}` cannot be the name of a local"))
                    .here("a word of the language")
                    .help("Choose another name.");
            self.found.push(found);
            return;
        }
        match self.locals.get(name) {
            Some(first) if !ty.compares_with(&first.ty) || !ty.fits(&first.ty) => {
                let found =
                    Diagnostic::new(Code::DuplicateName, span, format!("`{name}` is asked as two types"))
                        .here(format!("here it is {}", ty.describe()))
                        .label(first.span, format!("here it is {}", first.ty.describe()))
                        .help("One local has one type; give one of them another name.");
                self.found.push(found);
            }
            Some(_) => {}
            None => {
                self.locals.insert(name.to_owned(), Local { ty, span, untyped: false });
            }
        }
    }

    /// A local with an option's name would be taken for the option.
    fn options_and_locals(&mut self) {
        let Some(workspace) = self.workspace else { return };
        for (name, local) in &self.locals {
            let option = workspace
                .properties
                .values()
                .filter_map(|property| property.ty.options())
                .find_map(|list| list.named(name));
            if let Some(option) = option {
                let found = Diagnostic::new(Code::ReservedName, local.span, format!("`{name}` is also an option"))
                    .here("a local")
                    .label(option.span, "an option")
                    .help("Beside a value of that list the name would mean the option; call the local something else.");
                self.found.push(found);
            }
        }
    }
}
