//! The names of expressions.

use chatflow_runtime::fact::FACTS;

use super::item::{Reader, members};
use super::{How, Mention, Name};
use crate::file::View;
use crate::operator::Operator;
use crate::source::Span;
use crate::tree::{At, Comparison, Expr, ExprKind, Forms, Part};
use crate::types::{OptionList, Ty};
use crate::workspace::{Thing, single_word};

impl Reader<'_> {
    /// An expression; `wanted` is the type it is for, which gives bare names their meaning.
    pub(super) fn expression(&mut self, view: View<'_>, expr: &Expr, wanted: Option<&Ty>) {
        match &expr.kind {
            ExprKind::Text(parts) => self.text(view, parts),
            ExprKind::Path { words, index } => {
                self.path(view, words, wanted, How::Reads);
                index.iter().for_each(|index| self.expression(view, index, None));
            }
            ExprKind::Call { words, arguments } => self.call(view, words, arguments),
            ExprKind::Subject { kind, name } => {
                let thing = view.kind(*kind).and_then(Thing::of);
                if let Some(thing) = thing {
                    self.thing_named(thing, view.text(*name), view.at(*name), How::Reads);
                }
            }
            ExprKind::List(members) => members.iter().for_each(|one| self.expression(view, one, wanted)),
            ExprKind::Span(both) | ExprKind::Arithmetic(_, both) | ExprKind::Or(both) => {
                self.expression(view, &both.0, wanted);
                self.expression(view, &both.1, wanted);
            }
            ExprKind::And(both) => {
                self.expression(view, &both.0, None);
                self.expression(view, &both.1, None);
            }
            ExprKind::Minus(inner) => self.expression(view, inner, wanted),
            ExprKind::Not(inner) => self.expression(view, inner, None),
            ExprKind::Compare(comparison) => self.comparison(view, comparison),
            ExprKind::Chain(chain) => self.expression(view, &chain.0, None),
            ExprKind::Forms(forms) => {
                self.expression(view, &forms.of, None);
                if forms.select {
                    self.cases(view, forms);
                }
                forms.forms.iter().for_each(|form| self.expression(view, &form.text, None));
            }
            ExprKind::Literal | ExprKind::Bool(_) | ExprKind::Pattern | ExprKind::Error => {}
        }
    }

    fn text(&mut self, view: View<'_>, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Hole(hole) => self.expression(view, hole, None),
                Part::Words(_) => {}
            }
        }
    }

    /// The options that the forms of a `select` are for.
    fn cases(&mut self, view: View<'_>, forms: &Forms) {
        let ty = self.type_of(view, &forms.of);
        let Some(list) = ty.as_ref().and_then(Ty::options) else { return };
        for form in &forms.forms {
            let name = view.source(form.case);
            if list.named(name).is_some() {
                self.option(list, name, view.span(form.case));
            }
        }
    }

    fn call(&mut self, view: View<'_>, words: &[At], arguments: &[Expr]) {
        if let [at] = words {
            self.thing_named(Thing::Function, view.text(*at), view.at(*at), How::Reads);
        }
        let function = words.first().map(|at| view.text(*at));
        let workspace = self.index.workspace(self.file).map(|(_, workspace)| workspace);
        let function = function.and_then(|name| workspace?.functions.get(name));
        for (nth, argument) in arguments.iter().enumerate() {
            let ty = function.and_then(|function| function.parameters.get(nth)).map(|one| &one.ty);
            self.expression(view, argument, ty);
        }
    }

    fn comparison(&mut self, view: View<'_>, comparison: &Comparison) {
        self.expression(view, &comparison.left, None);
        self.mention(view.span(comparison.words), Name::Operator(comparison.operator), How::Reads);
        if comparison.operator == Operator::IsIn {
            comparison.right.iter().for_each(|list| self.thing(view, Thing::List, list));
            return;
        }
        let ty = self.type_of(view, &comparison.left);
        for right in comparison.right.iter().flat_map(members) {
            self.expression(view, right, ty.as_ref());
        }
    }

    /// The type of a path; of others nothing is said.
    pub(super) fn type_of(&self, view: View<'_>, expr: &Expr) -> Option<Ty> {
        match &expr.kind {
            ExprKind::Path { words, .. } => self.index.type_of(self.file, &joined(view, words)),
            ExprKind::Or(both) => self.type_of(view, &both.0),
            ExprKind::Minus(inner) => self.type_of(view, inner),
            _ => None,
        }
    }

    /// `contact.email`, `name`, `page.query.plan`.
    pub(super) fn path(&mut self, view: View<'_>, words: &[At], wanted: Option<&Ty>, how: How) {
        let Some(last) = words.last() else { return };
        let (whole, span) = (joined(view, words), view.at(*last));
        let named = words.first().map(|first| view.at(*first).to(span)).unwrap_or(span);
        if words.len() == 1
            && let Some(list) = wanted.and_then(Ty::options)
            && list.named(&whole).is_some()
        {
            self.option(list, &whole, span);
            return;
        }
        let home = self.index.home(self.file);
        let workspace = self.index.workspace(self.file);
        if whole == "reply" {
            self.mention(span, Name::Reply, how);
        } else if let Some((file, _)) = workspace.filter(|(_, known)| known.properties.contains_key(&whole)) {
            self.out.push(Mention { span, whole: named, name: Name::Property(file, whole), how });
        } else if whole.starts_with("page.query") {
            self.mention(named, Name::Fact("page.query"), how);
        } else if let Some(spec) = FACTS.iter().find(|spec| spec.name == whole) {
            self.mention(named, Name::Fact(spec.name), how);
        } else if let (1, Some(scope)) = (words.len(), home.filter(|home| home.locals.contains_key(&whole))) {
            self.mention(span, Name::Local(scope.home, whole), how);
        }
    }

    fn option(&mut self, list: &OptionList, name: &str, span: Span) {
        let declared = list.named(name).filter(|_| !list.of_what().is_empty()).map(|option| option.span);
        let name = match declared {
            // A module's own has the module's name before it; where it is declared it has not.
            Some(at) => Name::Option { file: at.file, of: self.owner(list, at), name: name.to_owned() },
            None => Name::Value,
        };
        self.mention(span, name, How::Reads);
    }

    /// What a list of options is declared for, as the file says it that declares it.
    fn owner(&self, list: &OptionList, at: Span) -> String {
        let of = list.of_what();
        let is_module =
            self.index.scope(at.file).is_some_and(|scope| scope.role == crate::project::Role::Module);
        match of.rsplit_once('.').filter(|_| is_module) {
            Some((_, local)) => local.to_owned(),
            None => of.to_owned(),
        }
    }

    /// Where something is stored: a property or a local.
    pub(super) fn stored(&mut self, view: View<'_>, target: &Expr) {
        match &target.kind {
            ExprKind::Path { words, .. } => self.path(view, words, None, How::Stores),
            _ => self.expression(view, target, None),
        }
    }

    /// A local that is declared by being asked for, or made.
    pub(super) fn local(&mut self, view: View<'_>, target: &Expr) {
        let Some(home) = self.home() else { return };
        match single_word(view, target) {
            Some((name, span)) if home.locals.contains_key(name) => {
                self.mention(span, Name::Local(home.home, name.to_owned()), How::Declares);
            }
            _ => self.stored(view, target),
        }
    }
}

/// The words of a path with dots between them.
pub(super) fn joined(view: View<'_>, words: &[At]) -> String {
    words.iter().map(|at| view.text(*at)).collect::<Vec<_>>().join(".")
}
