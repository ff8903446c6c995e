//! What a program can know of the world at one moment: its facts, read as its own types.

use alloc::string::String;

use rust_decimal::prelude::ToPrimitive;

use crate::answer::Country;
use crate::channel::Channel;
use crate::dates;
use crate::fact::{FACTS, FactKind, FactType};
use crate::facts::{FactValue, Facts, plain_name};
use crate::id::{Const, Slot, SlotId, Str};
use crate::image::Scope;
use crate::program::Program;
use crate::said::{as_type, said_bool, said_number, said_text};
use crate::session::Session;
use crate::turn::Timestamp;
use crate::value::{Type, Value};

/// A program, what the host says, and what time it is.
#[derive(Clone, Copy)]
pub(crate) struct World<'a> {
    pub(crate) program: &'a Program,
    pub(crate) facts: &'a Facts,
    pub(crate) now: Timestamp,
}

impl<'a> World<'a> {
    pub(crate) fn name(&self, at: Str) -> &'a str {
        self.program.image().strings.get(at)
    }

    /// What the host says of a property. Its locals a flow knows alone.
    pub(crate) fn property(&self, slot: Slot) -> Option<Value> {
        let def = self.program.slot_def(slot)?;
        if def.scope == Scope::Local {
            return None;
        }
        self.as_type(self.facts.get(self.name(def.name))?, def.ty)
    }

    /// What the host says as a value of this type; nothing where it does not fit.
    pub(crate) fn as_type(&self, said: &FactValue, ty: Type) -> Option<Value> {
        let image = self.program.image();
        as_type(said, ty, image.options_of(ty), &image.strings, || self.offset())
    }

    /// What the host says of a fact. A condition is never unknown: what the host does not say is not so.
    pub(crate) fn fact(&self, fact: FactKind, session: &Session) -> Option<Value> {
        let page = self.facts.page();
        let own = |text: &str| Value::Text(String::from(text));
        match fact {
            FactKind::PageUrl => page.map(|page| own(&page.url)),
            FactKind::PageAddress => page.map(|page| own(&page.address)),
            FactKind::PageHost => self.plain(fact).or_else(|| page?.host.as_deref().map(own)),
            FactKind::PagePath => self.plain(fact).or_else(|| page?.path.as_deref().map(own)),
            FactKind::PageQuery(name) => {
                let said = self.facts.under("page.query.", self.name(name)).and_then(said_text);
                said.or_else(|| page?.query(self.name(name))).map(own)
            }
            FactKind::PageTitle
            | FactKind::PageLanguage
            | FactKind::PageSeconds
            | FactKind::PageScrolled
            | FactKind::VisitorDevice
            | FactKind::VisitorCountry
            | FactKind::VisitorLanguage
            | FactKind::VisitorReturning
            | FactKind::VisitorPages => self.plain(fact),
            FactKind::ContactKnown => Some(Value::Bool(self.contact_known(session))),
            FactKind::TeamAvailable(object) | FactKind::UserAvailable(object) => {
                let object = self.program.image().objects.get(object.index());
                Some(Value::Bool(object.is_some_and(|object| self.available(object))))
            }
            FactKind::InboxOpen(inbox) => {
                let inbox = self.program.image().flow.inboxes.get(inbox.index());
                Some(Value::Bool(inbox.is_some_and(|inbox| self.inbox_open(inbox))))
            }
            FactKind::InList(object) => {
                let list = self.program.image().objects.get(object.index())?;
                let said = self.facts.under("list ", self.name(list.name)).and_then(said_bool);
                Some(Value::Bool(said.unwrap_or(false)))
            }
            FactKind::Today => dates::day_at(self.now.0, self.offset()).map(Value::Date),
            FactKind::Now => Some(Value::DateTime(self.now.0)),
        }
    }

    /// A fact that the host says under a name of its own.
    fn plain(&self, fact: FactKind) -> Option<Value> {
        let said = self.facts.get(plain_name(fact)?)?;
        match FACTS.iter().find(|row| row.kind == fact)?.value {
            FactType::Text | FactType::Word(_) => said_text(said).map(|text| Value::Text(String::from(text))),
            FactType::Number => said_number(said).map(Value::Number),
            FactType::Condition | FactType::Bool => said_bool(said).map(Value::Bool),
            FactType::Date | FactType::DateTime => None,
        }
    }

    /// Whether the contact is known: the chat has stored its e-mail, or the host knows it.
    fn contact_known(&self, session: &Session) -> bool {
        let held = session.held(SlotId::of("contact.email"));
        if held.is_some_and(|held| held.value.is_some()) {
            return true;
        }
        // An address that the flow has cleared is not one, whatever the host still says.
        let email = || {
            let said = self.facts.get("contact.email").and_then(said_text);
            held.is_none() && said.is_some_and(|text| !text.trim().is_empty())
        };
        self.facts.get("contact").and_then(said_bool).unwrap_or_else(email)
    }

    /// The moment that a constant means which says date and time: the program has it as it would be in UTC, and it is meant where the
    /// inbox's hours are, as visitors and hosts who name no zone mean theirs.
    pub(crate) fn moment(&self, constant: Const) -> Option<Value> {
        let Value::DateTime(at) = self.program.image().constants.get(constant.index())? else { return None };
        Some(Value::DateTime(at.saturating_sub(i64::from(self.offset()) * 60_000)))
    }

    /// Minutes east of UTC where the inbox's hours are.
    pub(crate) fn offset(&self) -> i32 {
        match self.program.image().zone() {
            Some(zone) => self.offset_in(zone),
            None => said_offset(self.facts.get("utc_offset")),
        }
    }

    /// Minutes east of UTC in a zone in which an inbox of the flow has hours.
    pub(crate) fn offset_in(&self, zone: &str) -> i32 {
        let own = || self.facts.get("utc_offset").filter(|_| self.program.image().zone() == Some(zone));
        said_offset(self.facts.under("utc_offset ", zone).or_else(own))
    }

    /// The visitor's country.
    pub(crate) fn country(&self) -> Option<Country> {
        self.facts.get("visitor.country").and_then(said_text).and_then(Country::of)
    }

    /// Whether the chat's channel is one of the flow's.
    pub(crate) fn on_channel(&self) -> bool {
        let said = self.facts.get("channel").and_then(said_text).unwrap_or("website");
        Channel::of_bits(self.program.image().flow.channels).any(|channel| channel.spec().name == said)
    }
}

const DAY_MINUTES: i32 = 24 * 60;

fn said_offset(said: Option<&FactValue>) -> i32 {
    let minutes = said.and_then(said_number).and_then(|minutes| minutes.to_i32());
    minutes.filter(|minutes| (-DAY_MINUTES..=DAY_MINUTES).contains(minutes)).unwrap_or(0)
}
