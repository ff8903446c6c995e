//! What names mean: properties, locals, facts, and the things of the workspace.

use std::sync::Arc;

use chatflow_runtime::action::ObjectKind;
use chatflow_runtime::fact::{FACTS, FactKind, FactType};
use chatflow_runtime::image::{ObjectDef, Scope};
use chatflow_runtime::value::Value as Constant;

use super::expression::Checked;
use super::{Checker, Room, advice};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::Value;
use crate::near::suggestion;
use crate::source::Span;
use crate::tree::Expr;
use crate::types::{OptionInfo, OptionList, Ty};
use crate::workspace::{Thing, ThingInfo};

impl<'a> Checker<'a> {
    pub(super) fn path(
        &mut self,
        view: View<'_>,
        span: Span,
        words: &[u32],
        index: Option<&Expr>,
        wanted: Option<&Ty>,
    ) -> Checked {
        let names: Vec<&str> = words.iter().map(|word| view.text(*word)).collect();
        match (names.as_slice(), index) {
            ([name], None) => self.name(name, span, wanted),
            (["contact" | "company", _], None) => self.property(&names.join("."), span),
            (["page", "query", name], None) => self.query(name, span),
            (["page", "query"], Some(name)) => match crate::text::plain_text(view, name, &mut self.found) {
                Some(name) => self.query(&name, span),
                None => Checked::Error,
            },
            (["page" | "visitor", ..], None) => self.fact(&names.join("."), span),
            _ => self.unknown_name(&names.join("."), span),
        }
    }

    fn name(&mut self, name: &str, span: Span, wanted: Option<&Ty>) -> Checked {
        if let Some(list) = wanted.and_then(Ty::options)
            && let Some(option) = list.named(name)
        {
            let value = match wanted {
                Some(Ty::ManyOf(_)) => {
                    (Constant::Options(vec![option.name.clone()]), Ty::ManyOf(list.clone()))
                }
                _ => (Constant::Option(option.name.clone()), Ty::OneOf(list.clone())),
            };
            return self.constant(value.0, value.1);
        }
        if matches!(name, "today" | "now") {
            return self.fact(name, span);
        }
        if name == "reply" {
            return match self.room {
                Room::Target | Room::Welcome => {
                    self.out_of_scope(span, "reply", "there is no reply before the chat")
                }
                Room::Step | Room::Anytime | Room::Test => Checked::Value(Value::Reply(span), Ty::Text),
            };
        }
        if let Some(local) = self.names.locals.get(name) {
            if matches!(self.room, Room::Target | Room::Welcome) {
                return self.out_of_scope(span, name, "locals exist once the chat has begun");
            }
            let ty = local.ty.clone();
            let slot = self.local_slot(name, &ty);
            return Checked::Value(Value::Slot(slot, span), ty);
        }
        // Beside what was reported it may be an option.
        if matches!(wanted, Some(Ty::Error)) {
            return Checked::Error;
        }
        if let Some(list) = wanted.and_then(Ty::options) {
            self.unknown_option(name, span, &list.clone());
            return Checked::Error;
        }
        if let (Some(Ty::Bool), Some(meant)) = (wanted, advice::truth(name)) {
            let found = Diagnostic::new(Code::UnknownName, span, format!("nothing is called `{name}`"))
                .here("unknown name")
                .help("Yes and no are written `true` and `false`.");
            self.found.push(found.fix(format!("write `{meant}`"), span, meant));
            return Checked::Error;
        }
        self.unknown_name(name, span)
    }

    fn out_of_scope(&mut self, span: Span, name: &str, why: &str) -> Checked {
        let found = Diagnostic::new(Code::OutOfScope, span, format!("`{name}` is not known here"))
            .here(why)
            .help("Here stand only facts of the contact, the company, the page and the visitor.");
        self.found.push(found);
        Checked::Error
    }

    pub(super) fn property(&mut self, name: &str, span: Span) -> Checked {
        let Some(workspace) = self.names.workspace else {
            self.no_workspace(name, span);
            return Checked::Error;
        };
        let Some(info) = workspace.properties.get(name) else {
            return self.unknown_name(name, span);
        };
        let ty = info.ty.clone();
        let scope = if name.starts_with("company.") { Scope::Company } else { Scope::Contact };
        let slot = self.tables.slot(name, &ty, scope);
        Checked::Value(Value::Slot(slot, span), ty)
    }

    fn query(&mut self, name: &str, span: Span) -> Checked {
        let fact = FactKind::PageQuery(self.tables.str(name));
        self.looks_at_page(span);
        Checked::Value(Value::Fact(self.tables.fact(fact), true, span), Ty::Text)
    }

    fn fact(&mut self, name: &str, span: Span) -> Checked {
        let Some(spec) = FACTS.iter().find(|spec| spec.name == name) else {
            return self.unknown_name(name, span);
        };
        let ty = fact_type(spec.value, span);
        // A page always has an address; what a visitor's browser tells may be missing, and a page itself on some
        // channels.
        let of_page = name.starts_with("page.");
        if of_page {
            self.looks_at_page(span);
        }
        let may_be_unknown = match name {
            "today" | "now" => false,
            "page.title" | "page.language" => true,
            _ => !of_page || self.may_lack_page(),
        };
        Checked::Value(Value::Fact(self.tables.fact(spec.kind), may_be_unknown, span), ty)
    }

    /// Whether the chat may take place where there is no page.
    pub(super) fn may_lack_page(&self) -> bool {
        self.flow.channels.iter().any(|(channel, _)| !channel.spec().page)
    }

    /// Notes that a fact of a page is looked at; a test may do so on any channel.
    pub(super) fn looks_at_page(&mut self, span: Span) {
        if self.room != Room::Test {
            self.of_a_page.push(span);
        }
    }

    fn unknown_name(&mut self, name: &str, span: Span) -> Checked {
        let properties: Vec<&str> = self
            .names
            .workspace
            .map(|workspace| workspace.properties.keys().map(String::as_str).collect())
            .unwrap_or_default();
        let candidates: Vec<&str> = self
            .names
            .locals
            .keys()
            .map(String::as_str)
            .chain(properties)
            .chain(FACTS.iter().map(|spec| spec.name))
            .chain(["reply"])
            .collect();
        let workspace = self.names.workspace;
        if workspace.is_some_and(|workspace| workspace.thing(Thing::Secret, name).is_some()) {
            self.secret_value(span, &format!("`{name}` is a secret, and never shown or compared"));
            return Checked::Error;
        }
        if workspace.is_some_and(|workspace| workspace.functions.contains_key(name)) {
            self.uncalled_function(name, span);
            return Checked::Error;
        }
        let mut found = Diagnostic::new(Code::UnknownName, span, format!("nothing is called `{name}`"))
            .here("unknown name");
        let near = crate::near::nearest(name, candidates.iter().copied())
            .or_else(|| candidates.iter().copied().find(|known| known.ends_with(&format!(".{name}"))));
        if let Some(habit) = crate::habits::value(name) {
            self.found.push(found.help(habit));
            return Checked::Error;
        }
        let local_of = self.module_with_local(name);
        found.help = Some(match near {
            Some(near) => format!("Did you mean `{near}`?"),
            None if local_of.is_some() => format!(
                "The locals of the module `{}` are its own; what others are to see, it stores in a property.",
                local_of.unwrap_or_default()
            ),
            None => {
                "A local is made by `ask NAME: TYPE \"…\"`; a property is declared in the workspace file."
                    .to_owned()
            }
        });
        if let Some(near) = near {
            found = found.suggest(format!("write `{near}`"), span, near);
        }
        self.found.push(found);
        Checked::Error
    }

    /// The declared thing of a kind; an unknown name is reported.
    pub(super) fn declared(&mut self, thing: Thing, name: &str, span: Span) -> Option<&'a ThingInfo> {
        let word = thing.word();
        let Some(workspace) = self.names.workspace else {
            self.no_workspace(&format!("{word} {name}"), span);
            return None;
        };
        let info = workspace.thing(thing, name);
        if info.is_none() {
            let mut found =
                Diagnostic::new(Code::UnknownObject, span, format!("the workspace has no {word} `{name}`"))
                    .here(format!("unknown {word}"));
            found.help =
                suggestion(name, workspace.names(thing), &format!("Declared as `{word}`")).or_else(|| {
                    Some(format!("Declare it in the workspace file: `{}`.", thing.declaration(name)))
                });
            self.found.push(found.name_meant(name, span, workspace.names(thing)));
        }
        info
    }

    /// Reports a name of a workspace in a flow that uses none.
    fn no_workspace(&mut self, name: &str, span: Span) {
        if !self.names.uses.misses() {
            let this = if self.names.module.is_some() { "module" } else { "flow" };
            let found = Diagnostic::new(
                Code::UnknownName,
                span,
                format!("`{name}` is not declared: this {this} uses no workspace"),
            )
            .here("declared in a workspace")
            .help(format!("Add `use NAME` below the `{this}` line, where NAME.flow is the workspace file."));
            self.found.push(found);
        }
    }

    /// The entry of the object table for a declared thing; an unknown name is reported.
    pub(super) fn object(&mut self, kind: ObjectKind, name: &str, span: Span) -> Option<ObjectDef> {
        let thing = Thing::named(kind)?;
        let info = self.declared(thing, name, span)?;
        let members = if kind == ObjectKind::Team { info.names.as_slice() } else { &[] };
        Some(ObjectDef {
            kind,
            name: self.tables.str(name),
            title: self.tables.str(&info.title),
            link: info.link.as_ref().map(|link| self.tables.str(link)),
            members: members.iter().map(|(member, _)| self.tables.str(member)).collect(),
        })
    }
}

/// The type of a fact.
pub(crate) fn fact_type(value: FactType, span: Span) -> Ty {
    match value {
        FactType::Text => Ty::Text,
        FactType::Number => Ty::Number,
        FactType::Bool | FactType::Condition => Ty::Bool,
        FactType::Date => Ty::Date,
        FactType::DateTime => Ty::DateTime,
        FactType::Word(words) => {
            let option = |word: &&str| OptionInfo {
                name: (*word).to_owned(),
                label: (*word).to_owned(),
                value: (*word).to_owned(),
                span,
            };
            Ty::OneOf(Arc::new(OptionList::of(words.iter().map(option).collect())))
        }
    }
}
