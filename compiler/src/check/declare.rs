//! The names that a flow declares: its steps and locals, which may be used before they are written.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chatflow_runtime::fact::FACTS;
use chatflow_runtime::id::Step;

use super::name::fact_type;
use super::{Checker, Local};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{self, StepBody};
use crate::literal::{Literal, literal};
use crate::source::Span;
use crate::token::Kind;
use crate::tree::{Branch, Expr, ExprKind, Item, Line, LineKind, Statement, StatementKind, TypeExpr};
use crate::types::Ty;
use crate::workspace::{duplicate, single_word, type_of};

/// A `let` whose local has no type yet.
struct Let<'a> {
    view: View<'a>,
    name: &'a str,
    span: Span,
    value: &'a Expr,
}

impl<'a> Checker<'a> {
    /// The names of all steps and locals, which may be used before they are written.
    pub(super) fn declare(&mut self) {
        let mut lets = Vec::new();
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
            self.declare_locals(view, body, &mut lets);
        }
        for (view, item) in self.file.views() {
            if let Item::Anytime { arms } = item {
                for (_, branch) in arms {
                    if let Branch::Block { body, .. } = branch {
                        self.declare_locals(view, body, &mut lets);
                    }
                }
            }
        }
        self.type_lets(lets);
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

    fn declare_locals(&mut self, view: View<'a>, body: &'a [Statement], lets: &mut Vec<Let<'a>>) {
        for statement in body {
            match &statement.kind {
                StatementKind::Ask { target: Some(target), ty: Some(ty), block, .. } => {
                    self.declare_asked(view, target, ty);
                    self.declare_in_lines(view, block.as_deref(), lets);
                }
                StatementKind::Ask { target: Some(target), ty: None, block, .. } => {
                    if let Some((name, span)) = single_word(view, target) {
                        self.untyped.push((name.to_owned(), span));
                    }
                    self.declare_in_lines(view, block.as_deref(), lets);
                }
                StatementKind::Let { target, value, block, .. } => {
                    if let Some((name, span)) = single_word(view, target) {
                        lets.push(Let { view, name, span, value });
                    }
                    self.declare_in_lines(view, block.as_deref(), lets);
                }
                StatementKind::Ask { block, .. }
                | StatementKind::Action { block, .. }
                | StatementKind::Set { block, .. } => {
                    self.declare_in_lines(view, block.as_deref(), lets);
                }
                StatementKind::If { arms, otherwise } => {
                    for branch in arms.iter().map(|(_, branch)| branch).chain(otherwise) {
                        self.declare_in_branch(view, branch, lets);
                    }
                }
                StatementKind::Go(branch) => self.declare_in_branch(view, branch, lets),
                StatementKind::Say { .. }
                | StatementKind::Clear { .. }
                | StatementKind::Wait { .. }
                | StatementKind::Do { .. }
                | StatementKind::End
                | StatementKind::Error => {}
            }
        }
    }

    fn declare_in_lines(&mut self, view: View<'a>, lines: Option<&'a [Line]>, lets: &mut Vec<Let<'a>>) {
        for line in lines.unwrap_or(&[]) {
            if let LineKind::Save { local: Some((name, ty)), .. } = &line.kind {
                let ty = type_of(view, ty, &mut self.found);
                ty.declared_for(view.text(*name));
                self.declare_local(view.text(*name), view.at(*name), ty);
            }
            if let LineKind::Choice { arrow: Some(branch), .. }
            | LineKind::Entry { arrow: Some(branch), .. } = &line.kind
            {
                self.declare_in_branch(view, branch, lets);
            }
        }
    }

    fn declare_in_branch(&mut self, view: View<'a>, branch: &'a Branch, lets: &mut Vec<Let<'a>>) {
        match branch {
            Branch::Block { body, .. } => self.declare_locals(view, body, lets),
            Branch::Statement(statement) => self.declare_locals(view, std::slice::from_ref(statement), lets),
            Branch::Step(_) | Branch::Error => {}
        }
    }

    fn declare_asked(&mut self, view: View<'_>, target: &Expr, ty: &TypeExpr) {
        let ty = type_of(view, ty, &mut self.found);
        if let Some((name, span)) = single_word(view, target) {
            ty.declared_for(name);
            self.declare_local(name, span, ty);
        }
    }

    /// A local of this name and type; one that cannot be is reported.
    fn declare_local(&mut self, name: &str, span: Span, ty: Ty) {
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
                let found = Diagnostic::new(Code::DuplicateName, span, format!("`{name}` has two types"))
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

    /// The locals that `let` makes get the types of their values, which may themselves name such locals. One that
    /// waits for another is looked at again when that one has its type.
    fn type_lets(&mut self, lets: Vec<Let<'a>>) {
        let names: BTreeSet<&str> = lets.iter().map(|made| made.name).collect();
        let mut waiting: BTreeMap<&str, Vec<Let<'a>>> = BTreeMap::new();
        let mut queue: VecDeque<Let<'a>> = lets.into();
        while let Some(made) = queue.pop_front() {
            match self.type_of_value(made.view, made.value) {
                Err(Some(name)) if names.contains(name) => waiting.entry(name).or_default().push(made),
                Err(_) => self.declare_local(made.name, made.span, Ty::Error),
                Ok(ty) => {
                    self.declare_local(made.name, made.span, ty);
                    queue.extend(waiting.remove(made.name).into_iter().flatten());
                }
            }
        }
        let needs = waiting.iter().flat_map(|(needed, made)| made.iter().map(|made| (made.name, *needed)));
        for name in in_circles(&needs.collect()) {
            let Some(made) = waiting.values().flatten().find(|made| made.name == name) else { continue };
            let found =
                Diagnostic::new(Code::UntypedLocal, made.span, format!("nothing says what `{name}` is"))
                    .here("its value needs itself")
                    .help("Give it a first value that does not name it, or ask for it with a type.");
            self.found.push(found);
        }
        for made in waiting.into_values().flatten() {
            self.declare_local(made.name, made.span, Ty::Error);
        }
    }

    /// The type that a value will have, or the local without a type yet that it names first. Reports nothing: the
    /// value is checked where it stands.
    fn type_of_value(&self, view: View<'a>, value: &Expr) -> Result<Ty, Option<&'a str>> {
        match &value.kind {
            ExprKind::Text(_) => Ok(Ty::Text),
            ExprKind::Bool(_) => Ok(Ty::Bool),
            ExprKind::Literal => match literal(view.source(value.range)) {
                Some(Literal::Number(_)) => Ok(Ty::Number),
                Some(Literal::Duration(_)) => Ok(Ty::Duration),
                Some(Literal::Date(_)) => Ok(Ty::Date),
                Some(Literal::DateTime(_)) => Ok(Ty::DateTime),
                Some(Literal::Other) | None => Err(None),
            },
            ExprKind::Minus(inner) => self.type_of_value(view, inner),
            ExprKind::Arithmetic(operator, both) => {
                let (left, right) = (self.type_of_value(view, &both.0)?, self.type_of_value(view, &both.1)?);
                Ty::arithmetic(*operator, &left, &right).ok_or(None)
            }
            ExprKind::Or(both) => self.type_of_value(view, &both.0),
            ExprKind::Path { words, .. } => {
                let names: Vec<&'a str> = words.iter().map(|word| view.text(*word)).collect();
                self.type_of_name(&names, view.span(value.range))
            }
            ExprKind::Call { words, .. } => {
                let name = words.iter().map(|word| view.text(*word)).collect::<Vec<_>>().join(".");
                let function = self.workspace.and_then(|workspace| workspace.functions.get(&name));
                function.map(|function| function.result.clone()).ok_or(None)
            }
            ExprKind::Subject { .. }
            | ExprKind::List(_)
            | ExprKind::Pattern
            | ExprKind::Forms(_)
            | ExprKind::Span(_)
            | ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Compare(_)
            | ExprKind::Chain(_)
            | ExprKind::Error => Err(None),
        }
    }

    fn type_of_name(&self, names: &[&'a str], span: Span) -> Result<Ty, Option<&'a str>> {
        let whole = names.join(".");
        match names {
            ["reply"] | ["page", "query", ..] => Ok(Ty::Text),
            ["contact" | "company", _] => {
                let property = self.workspace.and_then(|workspace| workspace.properties.get(&whole));
                property.map(|property| property.ty.clone()).ok_or(None)
            }
            [name] if self.locals.contains_key(*name) => {
                self.locals.get(*name).map(|local| local.ty.clone()).ok_or(None)
            }
            _ => match FACTS.iter().find(|spec| spec.name == whole) {
                Some(spec) => Ok(fact_type(spec, span)),
                None => Err(names.first().copied()),
            },
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

/// One name of each circle in which names need each other.
fn in_circles<'n>(needs: &BTreeMap<&'n str, &'n str>) -> Vec<&'n str> {
    let mut found = Vec::new();
    // In which walk each name was met.
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    for (walk, start) in needs.keys().copied().enumerate() {
        let mut name = start;
        while !met.contains_key(name) {
            met.insert(name, walk);
            match needs.get(name) {
                Some(next) => name = next,
                None => break,
            }
        }
        if met.get(name) == Some(&walk) && needs.contains_key(name) {
            found.push(name);
        }
    }
    found
}
