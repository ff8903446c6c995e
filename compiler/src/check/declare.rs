//! The names that a flow declares: its steps and locals, which may be used before they are written.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chatflow_runtime::fact::FACTS;

use super::module::StepName;
use super::name::fact_type;
use super::{Checker, Local};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::file::View;
use crate::literal::{Literal, literal};
use crate::near::nearest;
use crate::source::Span;
use crate::token::Kind;
use crate::tree::{
    Branch, Expr, ExprKind, Item, Line, LineKind, Statement, StatementKind, TypeExpr, in_order,
};
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
        for (view, item) in self.names.file.views() {
            if matches!(item, Item::Error | Item::Declaration { block: Some(_), .. }) {
                self.declare_broken(view);
            }
            let Item::Step { name, was, body, .. } = item else { continue };
            let (text, span) = (view.text(*name), view.at(*name));
            if let Some(first) = self.names.steps.get(text) {
                self.found.push(duplicate(text, span, first.span));
            } else {
                let was = was.iter().map(|at| (view.text(*at).to_owned(), view.at(*at))).collect();
                let declared = StepName { span, step: None, was, body: Some((view, body)) };
                self.names.steps.insert(text.to_owned(), declared);
                if !self.names.linked {
                    self.own_step(text);
                }
            }
            // A step whose name is missing was reported; nothing can lead to it.
            if !view.kind(*name).is_some_and(Kind::is_word) {
                self.mention(text);
            }
            self.declare_locals(view, body, &mut lets);
        }
        for (view, item) in self.names.file.views() {
            if let Item::Anytime { arms } = item {
                for (_, branch) in arms {
                    if let Branch::Block { body, .. } = branch {
                        self.declare_locals(view, body, &mut lets);
                    }
                }
            }
        }
        self.type_lets(lets);
        for (name, span) in std::mem::take(&mut self.names.untyped) {
            self.names.locals.entry(name).or_insert(Local { ty: Ty::Error, span, untyped: true });
        }
        self.former_names();
        self.options_and_locals();
    }

    /// The name of a step that could not be read, so that arrows to it are no findings of their own.
    fn declare_broken(&mut self, view: View<'_>) {
        let meant = view.kind(0) == Some(Kind::Step) || nearest(view.text(0), ["step"]).is_some();
        let named = meant && view.kind(1).is_some_and(Kind::is_word);
        if named && !self.names.steps.contains_key(view.text(1)) {
            let (name, span) = (view.text(1), view.at(1));
            self.names
                .steps
                .insert(name.to_owned(), StepName { span, step: None, was: Vec::new(), body: None });
            if !self.names.linked {
                self.own_step(name);
                self.mention(name);
            }
        }
    }

    /// In a flow with mistakes, the steps that an arrow may have been meant for count as reached: those that arrows
    /// name, though what has the arrow may be a hole by now, and those whose names stand on a line with a mistake.
    pub(super) fn mentioned_where_it_is_broken(&mut self) {
        let file = self.names.file;
        let all = || file.diagnostics.iter().chain(&self.found);
        if self.names.linked || !all().any(|found| found.severity() == Severity::Error) {
            return;
        }
        let mut words: BTreeSet<&str> = BTreeSet::new();
        let mut lines: BTreeMap<u32, bool> = BTreeMap::new();
        for found in all().filter(|found| found.severity() == Severity::Error) {
            // Where a brace is missing, nobody knows how far the statement reaches.
            let of_statement = found.code <= Code::LAST_OF_TEXT && found.code != Code::UnclosedBracket;
            *lines.entry(file.lines.line(found.primary.span.start)).or_default() |= of_statement;
        }
        // Statements stand in each other; what was looked through once is not looked through again.
        let mut seen = 0;
        for (line, of_statement) in lines {
            words.extend(file.letters_of_line(line));
            if of_statement && line >= seen {
                let (of_statement, end) = file.words_of_statement(line);
                words.extend(of_statement);
                seen = end;
            }
        }
        for word in words {
            self.mention(word);
        }
        self.flow.mentioned.append(&mut self.named_steps);
    }

    fn former_names(&mut self) {
        let mut heirs: BTreeMap<&str, Span> = BTreeMap::new();
        let mut steps: Vec<(&String, &StepName<'_>)> = self.names.steps.iter().collect();
        steps.sort_by_key(|(_, step)| step.span.start);
        for (heir, step) in steps {
            for (name, span) in &step.was {
                if let Some(first) = heirs.insert(name, *span) {
                    self.found.push(duplicate(name, *span, first));
                }
                self.names.former.entry(name.clone()).or_insert_with(|| heir.clone());
                if let Some(living) = self.names.steps.get(name) {
                    let found = Diagnostic::new(Code::LivingFormerName, *span, format!("`{name}` is still the name of a step"))
                        .here("a former name")
                        .label(living.span, "the step that has it now")
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
                        self.names.untyped.push((name.to_owned(), span));
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
        for line in lines.map(in_order).unwrap_or_default() {
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
            Branch::Step(_) | Branch::Foreign { .. } | Branch::Error(_) => {}
        }
    }

    fn declare_asked(&mut self, view: View<'_>, target: &Expr, ty: &TypeExpr) {
        let ty = type_of(view, ty, &mut self.found);
        if let Some((name, span)) = single_word(view, target) {
            ty.declared_for(&self.names.full(name));
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
        match self.names.locals.get(name) {
            Some(first) if !ty.compares_with(&first.ty) || !ty.fits(&first.ty) => {
                let found = Diagnostic::new(Code::DuplicateName, span, format!("`{name}` has two types"))
                    .here(format!("here it is {}", ty.describe()))
                    .label(first.span, format!("here it is {}", first.ty.describe()))
                    .help("One local has one type; give one of them another name.");
                self.found.push(found);
            }
            Some(_) => {}
            None => {
                self.names.locals.insert(name.to_owned(), Local { ty, span, untyped: false });
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
                let function = self.names.workspace.and_then(|workspace| workspace.functions.get(&name));
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
                let property = self.names.workspace.and_then(|workspace| workspace.properties.get(&whole));
                property.map(|property| property.ty.clone()).ok_or(None)
            }
            [name] if self.names.locals.contains_key(*name) => {
                self.names.locals.get(*name).map(|local| local.ty.clone()).ok_or(None)
            }
            _ => match FACTS.iter().find(|spec| spec.name == whole) {
                Some(spec) => Ok(fact_type(spec.value, span)),
                None => Err(names.first().copied()),
            },
        }
    }

    /// A local with an option's name would be taken for the option.
    fn options_and_locals(&mut self) {
        let Some(workspace) = self.names.workspace else { return };
        for (name, local) in &self.names.locals {
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
