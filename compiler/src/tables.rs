//! The tables of the program that is being made: each thing gets its index when it is first met, so that the same
//! source gives the same bytes.

use std::collections::HashMap;
use std::sync::Arc;

use chatflow_runtime::fact::FactKind;
use chatflow_runtime::id::{Const, Fact, Inbox, Object, Options, Pattern, Slot, Str};
use chatflow_runtime::image::{
    Hours, Image, InboxDef, ObjectDef, OptionDef, OptionsDef, PatternDef, Scope, SlotDef,
};
use chatflow_runtime::pattern::PatternKind;
use chatflow_runtime::value::{Type, Value};

use crate::types::{OptionList, Ty};
use crate::workspace::ThingInfo;

/// What tells lists of options apart: what each was declared for, and the names, labels and values of its options.
type ListKey = (String, Vec<(String, String, String)>);

/// The tables.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// What has been filled in so far.
    pub image: Image,
    strings: HashMap<String, Str>,
    slots: HashMap<String, Slot>,
    options: HashMap<ListKey, Options>,
    /// The lists of the image's options, with what it does not need of them.
    pub option_lists: Vec<Arc<OptionList>>,
    /// The same by the place of the list in memory, which is held so that no other comes to stand there.
    lists: HashMap<*const OptionList, (Arc<OptionList>, Options)>,
    constants: HashMap<String, Const>,
    facts: HashMap<FactKind, Fact>,
    patterns: HashMap<PatternDef, Pattern>,
}

impl Tables {
    /// The string's index.
    pub fn str(&mut self, text: &str) -> Str {
        if let Some(known) = self.strings.get(text) {
            return *known;
        }
        let at = self.image.strings.push(text);
        self.strings.insert(text.to_owned(), at);
        at
    }

    /// The index of a string that is there already; none for the empty one.
    pub fn known(&self, text: &str) -> Option<Str> {
        self.strings.get(text).copied().filter(|_| !text.is_empty())
    }

    /// The index of the property or local of this full name.
    pub fn slot(&mut self, name: &str, ty: &Ty, scope: Scope) -> Slot {
        self.slot_that_was(name, &[], ty, scope)
    }

    /// The same of one that had other full names before.
    pub fn slot_that_was(&mut self, name: &str, was: &[String], ty: &Ty, scope: Scope) -> Slot {
        if let Some(known) = self.slots.get(name) {
            return *known;
        }
        let was = was.iter().map(|name| self.str(name)).collect();
        let def = SlotDef { name: self.str(name), was, ty: self.ty(ty), scope };
        let slot = Slot(self.image.slots.len() as u32);
        self.image.slots.push(def);
        self.slots.insert(name.to_owned(), slot);
        slot
    }

    /// The type as the machine knows it. What was in error is text: no program is made of it.
    pub fn ty(&mut self, ty: &Ty) -> Type {
        match ty {
            Ty::Text | Ty::Error => Type::Text,
            Ty::Number => Type::Number,
            Ty::Bool => Type::Bool,
            Ty::Date => Type::Date,
            Ty::DateTime => Type::DateTime,
            Ty::Duration => Type::Duration,
            Ty::Email => Type::Email,
            Ty::Phone => Type::Phone,
            Ty::Url => Type::Url,
            Ty::OneOf(list) => Type::OneOf(self.options(list)),
            Ty::ManyOf(list) => Type::ManyOf(self.options(list)),
        }
    }

    /// The type as the checker knows it.
    pub fn written_type(&self, ty: Type) -> Ty {
        let list = |options: Options| self.option_lists.get(options.index()).cloned().unwrap_or_default();
        match ty {
            Type::Text => Ty::Text,
            Type::Number => Ty::Number,
            Type::Bool => Ty::Bool,
            Type::Date => Ty::Date,
            Type::DateTime => Ty::DateTime,
            Type::Duration => Ty::Duration,
            Type::Email => Ty::Email,
            Type::Phone => Ty::Phone,
            Type::Url => Ty::Url,
            Type::OneOf(options) => Ty::OneOf(list(options)),
            Type::ManyOf(options) => Ty::ManyOf(list(options)),
        }
    }

    /// The index of a list of options.
    pub fn options(&mut self, list: &Arc<OptionList>) -> Options {
        if let Some((_, known)) = self.lists.get(&Arc::as_ptr(list)) {
            return *known;
        }
        let options = self.options_like(list);
        self.lists.insert(Arc::as_ptr(list), (Arc::clone(list), options));
        options
    }

    /// The index of a list with the same options.
    fn options_like(&mut self, list: &Arc<OptionList>) -> Options {
        let options = list
            .options
            .iter()
            .map(|option| (option.name.clone(), option.label.clone(), option.value.clone()))
            .collect();
        let key = (list.of_what().to_owned(), options);
        if let Some(known) = self.options.get(&key) {
            return *known;
        }
        let options = list
            .options
            .iter()
            .map(|option| OptionDef {
                name: self.str(&option.name),
                label: self.str(&option.label),
                value: self.str(&option.value),
            })
            .collect();
        let at = Options(self.image.options.len() as u32);
        self.image.options.push(OptionsDef { options });
        self.option_lists.push(Arc::clone(list));
        self.options.insert(key, at);
        at
    }

    /// The index of a fact.
    pub fn fact(&mut self, kind: FactKind) -> Fact {
        *self.facts.entry(kind).or_insert_with(|| {
            self.image.facts.push(kind);
            Fact(self.image.facts.len() as u32 - 1)
        })
    }

    /// The index of a constant.
    pub fn constant(&mut self, value: Value) -> Const {
        let key = format!("{value:?}");
        if let Some(known) = self.constants.get(&key) {
            return *known;
        }
        let at = Const(self.image.constants.len() as u32);
        self.image.constants.push(value);
        self.constants.insert(key, at);
        at
    }

    /// The index of a pattern.
    pub fn pattern(&mut self, kind: PatternKind, source: &str) -> Pattern {
        let def = PatternDef { kind, source: self.str(source) };
        *self.patterns.entry(def).or_insert_with(|| {
            self.image.patterns.push(def);
            Pattern(self.image.patterns.len() as u32 - 1)
        })
    }

    /// The index of an inbox.
    pub fn inbox(&mut self, name: &str, info: &ThingInfo) -> Inbox {
        let name = self.str(name);
        let mut hours = Vec::with_capacity(info.hours.len());
        for stretch in &info.hours {
            let zone = self.str(&stretch.zone);
            hours.push(Hours { days: stretch.days, from: stretch.from, to: stretch.to, zone });
        }
        index_of(&mut self.image.flow.inboxes, InboxDef { name, hours }).map_or(Inbox(0), Inbox)
    }

    /// The index of a thing of the workspace.
    pub fn object(&mut self, def: ObjectDef) -> Object {
        index_of(&mut self.image.objects, def).map_or(Object(0), Object)
    }
}

/// The index of an entry of a short table, which is added where it is missing.
fn index_of<T: PartialEq>(table: &mut Vec<T>, entry: T) -> Option<u32> {
    let at = table.iter().position(|other| *other == entry).unwrap_or_else(|| {
        table.push(entry);
        table.len() - 1
    });
    u32::try_from(at).ok()
}
