//! What a host says of the world: the facts by their names.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use rust_decimal::Decimal;

use crate::action::ObjectKind;
use crate::fact::{FACTS, FactKind};
use crate::image::{Image, InboxDef, Scope, Wait};
use crate::page::Page;
use crate::program::{LANGUAGE_FACTS, Program};
use crate::setting::Setting;
use crate::value::Type;

/// What a host says of one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactValue {
    /// A text; also an option (by its name, label or CRM value), a date (`2027-01-31`), a number in plain digits.
    Text(String),
    /// An exact number.
    Number(Decimal),
    /// Yes or no.
    Bool(bool),
    /// Several options.
    Many(Vec<String>),
}

impl From<&str> for FactValue {
    fn from(text: &str) -> FactValue {
        FactValue::Text(String::from(text))
    }
}

impl From<String> for FactValue {
    fn from(text: String) -> FactValue {
        FactValue::Text(text)
    }
}

impl From<bool> for FactValue {
    fn from(is: bool) -> FactValue {
        FactValue::Bool(is)
    }
}

impl From<i64> for FactValue {
    fn from(number: i64) -> FactValue {
        FactValue::Number(Decimal::from(number))
    }
}

impl From<Decimal> for FactValue {
    fn from(number: Decimal) -> FactValue {
        FactValue::Number(number)
    }
}

impl From<Vec<String>> for FactValue {
    fn from(many: Vec<String>) -> FactValue {
        FactValue::Many(many)
    }
}

/// What a host says of the world. What it does not name is unknown.
///
/// | name | value |
/// | --- | --- |
/// | `contact.PROPERTY`, `company.PROPERTY` | the property as the CRM has it; an empty text is unknown |
/// | the names of [`FACTS`] | as their rows say |
/// | `page.url` | the page's address; host, path and query are taken from it |
/// | `contact` | whether the contact is known; without it, it is where `contact.email` is |
/// | `team NAME`, `user NAME` | whether it is available; a team without a word of its own is when a member is |
/// | `inbox NAME` | whether it is open; without it, its hours say |
/// | `utc_offset ZONE` | minutes east of UTC in a zone in which an inbox has hours, by its IANA name; 0 without it |
/// | `utc_offset` | the same where the flow's inbox is, for a host that does not say it by name |
/// | `channel` | where the chat takes place; `website` without it |
/// | `language` | the language to chat in; without it, the page's and the browser's say |
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// In the order of their names.
    entries: Vec<(String, FactValue)>,
    /// What `page.url` says, taken apart when it is set.
    page: Option<Page>,
}

impl Facts {
    /// Nothing is known, for whoever needs to say so for a while.
    pub const NONE: &'static Facts = &Facts::new();

    /// Nothing is known.
    pub const fn new() -> Facts {
        Facts { entries: Vec::new(), page: None }
    }

    /// The same with one more fact, or another value for one.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<FactValue>) -> Facts {
        self.set(name, value.into());
        self
    }

    /// Says a fact; a later word replaces an earlier one.
    pub fn set(&mut self, name: &str, value: FactValue) {
        if name == "page.url" {
            self.page = match &value {
                FactValue::Text(address) => Some(Page::of(address)),
                FactValue::Number(_) | FactValue::Bool(_) | FactValue::Many(_) => None,
            };
        }
        match self.position("", name) {
            Ok(at) => {
                if let Some((_, known)) = self.entries.get_mut(at) {
                    *known = value;
                }
            }
            Err(at) => self.entries.insert(at, (String::from(name), value)),
        }
    }

    /// Makes a fact unknown.
    pub fn remove(&mut self, name: &str) {
        if name == "page.url" {
            self.page = None;
        }
        if let Ok(at) = self.position("", name) {
            self.entries.remove(at);
        }
    }

    /// What the host says of this name.
    pub fn get(&self, name: &str) -> Option<&FactValue> {
        self.under("", name)
    }

    /// Every fact, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FactValue)> {
        self.entries.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// What the host says of the name that is made of these two parts.
    pub(crate) fn under(&self, prefix: &str, name: &str) -> Option<&FactValue> {
        let at = self.position(prefix, name).ok()?;
        self.entries.get(at).map(|(_, value)| value)
    }

    pub(crate) fn page(&self) -> Option<&Page> {
        self.page.as_ref()
    }

    fn position(&self, prefix: &str, name: &str) -> Result<usize, usize> {
        self.entries
            .binary_search_by(|(known, _)| compare(known.as_bytes(), prefix.as_bytes(), name.as_bytes()))
    }
}

/// Compares a name with one made of two parts, without putting them together.
fn compare(known: &[u8], prefix: &[u8], name: &[u8]) -> Ordering {
    if prefix.is_empty() {
        return known.cmp(name);
    }
    match known.split_at_checked(prefix.len()) {
        Some((start, rest)) => start.cmp(prefix).then_with(|| rest.cmp(name)),
        // Shorter than the prefix alone: where they agree, the shorter one comes first.
        None => known.cmp(prefix),
    }
}

/// The names of the facts that a program may read, each once, in order: a host that fetches these has fetched
/// enough.
pub fn facts_read(program: &Program) -> Vec<String> {
    let image = program.image();
    let mut names = Vec::new();
    for slot in image.slots.iter().filter(|slot| slot.scope != Scope::Local) {
        names.push(String::from(image.strings.get(slot.name)));
    }
    for fact in &image.facts {
        read_by_fact(image, *fact, &mut names);
    }
    if program.word(Setting::Availability) == Some("when_available") {
        inbox_names(image, image.own_inbox(), &mut names);
        for object in hand_off_objects(image) {
            object_names(image, object, &mut names);
        }
    }
    if image.sites.iter().any(|site| matches!(&site.wait, Wait::Ask(ask) if ask.ty == Type::Phone)) {
        names.push(String::from("visitor.country"));
    }
    names.push(String::from("channel"));
    if program.languages().count() > 1 {
        names.extend(LANGUAGE_FACTS.map(String::from));
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// The things that the flow may hand a chat to.
pub(crate) fn hand_off_objects(image: &Image) -> impl Iterator<Item = &crate::image::ObjectDef> {
    image.sites.iter().filter_map(|site| match &site.wait {
        Wait::Act(act) if act.action == crate::action::Action::HandOff => {
            image.objects.get(act.object.index())
        }
        Wait::Act(_) | Wait::Ask(_) | Wait::Pause(_) | Wait::Do(_) => None,
    })
}

fn read_by_fact(image: &Image, fact: FactKind, names: &mut Vec<String>) {
    match fact {
        FactKind::PageUrl
        | FactKind::PageAddress
        | FactKind::PageHost
        | FactKind::PagePath
        | FactKind::PageQuery(_) => names.push(String::from("page.url")),
        FactKind::ContactKnown => {
            names.push(String::from("contact"));
            names.push(String::from("contact.email"));
        }
        FactKind::TeamAvailable(object) | FactKind::UserAvailable(object) => {
            if let Some(object) = image.objects.get(object.index()) {
                object_names(image, object, names);
            }
        }
        FactKind::InboxOpen(inbox) => {
            inbox_names(image, image.flow.inboxes.get(inbox.index()), names);
        }
        FactKind::InList(object) => {
            if let Some(object) = image.objects.get(object.index()) {
                names.push(alloc::format!("list {}", image.strings.get(object.name)));
            }
        }
        FactKind::Today | FactKind::Now => {
            names.push(image.zone().map_or_else(|| String::from("utc_offset"), offset_name));
        }
        FactKind::PageTitle
        | FactKind::PageLanguage
        | FactKind::PageSeconds
        | FactKind::PageScrolled
        | FactKind::VisitorDevice
        | FactKind::VisitorCountry
        | FactKind::VisitorLanguage
        | FactKind::VisitorReturning
        | FactKind::VisitorPages => names.extend(plain_name(fact).map(String::from)),
    }
}

fn object_names(image: &Image, object: &crate::image::ObjectDef, names: &mut Vec<String>) {
    match object.kind {
        ObjectKind::Team => {
            names.push(alloc::format!("team {}", image.strings.get(object.name)));
            for member in &object.members {
                names.push(alloc::format!("user {}", image.strings.get(*member)));
            }
            inbox_names(image, image.own_inbox(), names);
        }
        ObjectKind::User => names.push(alloc::format!("user {}", image.strings.get(object.name))),
        ObjectKind::Meeting
        | ObjectKind::Pipeline
        | ObjectKind::List
        | ObjectKind::Subscription
        | ObjectKind::Workflow
        | ObjectKind::Article
        | ObjectKind::Knowledge
        | ObjectKind::Function
        | ObjectKind::Webhook
        | ObjectKind::Secret
        | ObjectKind::ContactOwner
        | ObjectKind::Unassigned => {}
    }
}

fn inbox_names(image: &Image, inbox: Option<&InboxDef>, names: &mut Vec<String>) {
    let Some(inbox) = inbox else { return };
    names.push(alloc::format!("inbox {}", image.strings.get(inbox.name)));
    for hours in &inbox.hours {
        names.push(offset_name(image.strings.get(hours.zone)));
    }
}

/// The name under which a host says how many minutes a zone, by its IANA name, is east of UTC.
pub fn offset_name(zone: &str) -> String {
    alloc::format!("utc_offset {zone}")
}

/// The name under which a host supplies a fact that has one of its own.
pub(crate) fn plain_name(fact: FactKind) -> Option<&'static str> {
    let of_the_host = |kind| !matches!(kind, FactKind::Today | FactKind::Now);
    FACTS.iter().find(|row| row.kind == fact && of_the_host(row.kind)).map(|row| row.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_later_word_replaces_an_earlier_one() {
        let mut facts =
            Facts::new().with("contact.email", "a@b.c").with("contact", true).with("contact.email", "d@e.f");
        assert_eq!(facts.get("contact.email"), Some(&FactValue::from("d@e.f")));
        assert_eq!(facts.iter().count(), 2);
        facts.remove("contact.email");
        assert_eq!(facts.get("contact.email"), None);
    }

    proptest! {
        #[test]
        fn names_in_two_parts_are_found(names in proptest::collection::btree_set("[a-c ]{0,4}", 0..8), cut: prop::sample::Index) {
            let mut facts = Facts::new();
            for name in &names {
                facts.set(name, FactValue::Bool(true));
            }
            prop_assert!(facts.iter().map(|(name, _)| name).eq(names.iter().map(String::as_str)));
            for name in &names {
                let (prefix, rest) = name.split_at(if name.is_empty() { 0 } else { cut.index(name.len()) });
                prop_assert!(facts.under(prefix, rest).is_some());
            }
        }
    }
}
