//! What a program can know of the world at one moment: its facts, read as its own types.

use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::action::ObjectKind;
use crate::answer::Country;
use crate::channel::Channel;
use crate::dates;
use crate::fact::{FACTS, FactKind, FactType};
use crate::facts::{FactValue, Facts, hand_off_objects, plain_name};
use crate::id::{Slot, SlotId, Str};
use crate::image::{Hours, ObjectDef, OptionsDef, Scope, Strings};
use crate::program::Program;
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
    fn name(&self, at: Str) -> &'a str {
        self.program.image().strings.get(at)
    }

    /// What the host says of a property. Its locals a flow knows alone.
    pub(crate) fn property(&self, slot: Slot) -> Option<Value> {
        let def = self.program.slot_def(slot)?;
        if def.scope == Scope::Local {
            return None;
        }
        let said = self.facts.get(self.name(def.name))?;
        let options = self.program.image().options_of(def.ty);
        as_type(said, def.ty, options, &self.program.image().strings, || self.offset())
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
            FactKind::InboxOpen(inbox) => Some(Value::Bool(self.inbox_open(Some(inbox)))),
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

    /// Whether somebody could take a chat for this team or user.
    fn available(&self, object: &ObjectDef) -> bool {
        let word = |prefix, name| self.facts.under(prefix, self.name(name)).and_then(said_bool);
        match object.kind {
            ObjectKind::User => word("user ", object.name).unwrap_or(false),
            ObjectKind::Team => word("team ", object.name).unwrap_or_else(|| {
                self.inbox_open(self.program.image().flow.inbox)
                    && object.members.iter().any(|member| word("user ", *member).unwrap_or(false))
            }),
            ObjectKind::Meeting
            | ObjectKind::Pipeline
            | ObjectKind::List
            | ObjectKind::Subscription
            | ObjectKind::Workflow
            | ObjectKind::Article
            | ObjectKind::Knowledge
            | ObjectKind::ContactOwner
            | ObjectKind::Unassigned => false,
        }
    }

    /// Whether an inbox is open: the host's word stands above the hours, and an inbox without hours of its own
    /// is always open.
    fn inbox_open(&self, inbox: Option<Str>) -> bool {
        let flow = &self.program.image().flow;
        let said = inbox.and_then(|inbox| self.facts.under("inbox ", self.name(inbox))).and_then(said_bool);
        let own = inbox == flow.inbox;
        said.unwrap_or_else(|| own && (flow.hours.is_empty() || self.within(&flow.hours)))
    }

    /// Whether now is within the opening hours.
    fn within(&self, hours: &[Hours]) -> bool {
        const DAY: i64 = 24 * 60;
        let local = self.now.0.div_euclid(60_000).saturating_add(i64::from(self.offset()));
        // 1970-01-01 was a Thursday: bit 3.
        let today = (local.div_euclid(DAY) + 3).rem_euclid(7);
        let yesterday = (today + 6).rem_euclid(7);
        let minute = local.rem_euclid(DAY);
        hours.iter().any(|hours| {
            let on = |day: i64| hours.days >> day & 1 == 1;
            let (from, to) = (i64::from(hours.from), i64::from(hours.to));
            match from < to {
                true => on(today) && from <= minute && minute < to,
                false => (on(today) && from <= minute) || (on(yesterday) && minute < to),
            }
        })
    }

    /// Whether somebody could take a chat of this flow: its inbox is open and some team or user that it may
    /// hand to is available. With nobody to hand to, the hours alone decide.
    pub(crate) fn somebody_available(&self) -> bool {
        let image = self.program.image();
        let people = |object: &&ObjectDef| matches!(object.kind, ObjectKind::Team | ObjectKind::User);
        let mut objects = hand_off_objects(image).filter(people).peekable();
        match objects.peek() {
            None => self.inbox_open(image.flow.inbox),
            Some(_) => objects.any(|object| self.available(object)),
        }
    }

    /// Minutes east of UTC where the inbox's hours are.
    pub(crate) fn offset(&self) -> i32 {
        let said = self.facts.get("utc_offset").and_then(said_number).and_then(|minutes| minutes.to_i32());
        said.filter(|minutes| (-DAY_MINUTES..=DAY_MINUTES).contains(minutes)).unwrap_or(0)
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

fn said_text(said: &FactValue) -> Option<&str> {
    match said {
        FactValue::Text(text) => Some(text),
        FactValue::Number(_) | FactValue::Bool(_) | FactValue::Many(_) => None,
    }
}

fn said_number(said: &FactValue) -> Option<Decimal> {
    match said {
        FactValue::Number(number) => Some(*number),
        FactValue::Text(text) => Decimal::from_str_exact(text.trim()).ok(),
        FactValue::Bool(_) | FactValue::Many(_) => None,
    }
}

fn said_bool(said: &FactValue) -> Option<bool> {
    match said {
        FactValue::Bool(is) => Some(*is),
        FactValue::Text(text) => match text.trim() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        FactValue::Number(_) | FactValue::Many(_) => None,
    }
}

/// What the host says as a value of this type; what does not fit is unknown, and so is an empty text, which is
/// how CRMs write what they do not have.
fn as_type(
    said: &FactValue,
    ty: Type,
    options: Option<&OptionsDef>,
    strings: &Strings,
    offset: impl Fn() -> i32,
) -> Option<Value> {
    let text = || said_text(said).filter(|text| !text.trim().is_empty());
    let name = |text: &str| option_named(text.trim(), options?, strings);
    match ty {
        Type::Text => match said {
            FactValue::Number(number) => Some(Value::Text(alloc::format!("{}", number.normalize()))),
            FactValue::Text(_) | FactValue::Bool(_) | FactValue::Many(_) => {
                text().map(|text| Value::Text(String::from(text)))
            }
        },
        Type::Email | Type::Phone | Type::Url => text().map(|text| Value::Text(String::from(text.trim()))),
        Type::Number => said_number(said).map(Value::Number),
        Type::Bool => said_bool(said).map(Value::Bool),
        Type::Date => text().and_then(dates::iso_date).map(Value::Date),
        Type::DateTime => text().and_then(|text| dates::iso_datetime(text, offset())).map(Value::DateTime),
        Type::Duration => match said {
            FactValue::Number(number) => number.to_i64().map(Value::Duration),
            FactValue::Text(_) | FactValue::Bool(_) | FactValue::Many(_) => text()
                .and_then(|text| crate::durations::read(text, crate::Language::English))
                .map(Value::Duration),
        },
        Type::OneOf(_) => text().and_then(name).map(|name| Value::Option(String::from(name))),
        Type::ManyOf(_) => many(said, options?, strings).map(Value::Options),
    }
}

/// The name of the option that has this name, CRM value or label.
fn option_named<'s>(text: &str, options: &OptionsDef, strings: &'s Strings) -> Option<&'s str> {
    let by = |key: fn(&crate::image::OptionDef) -> Str| {
        options.options.iter().find(|option| strings.get(key(option)) == text)
    };
    let found =
        by(|option| option.name).or_else(|| by(|option| option.value)).or_else(|| by(|option| option.label));
    found.map(|option| strings.get(option.name))
}

/// Several options, in the order of the list; ones that it does not have are left out.
fn many(said: &FactValue, options: &OptionsDef, strings: &Strings) -> Option<Vec<String>> {
    let named: Vec<&str> = match said {
        FactValue::Many(many) => {
            many.iter().filter_map(|text| option_named(text.trim(), options, strings)).collect()
        }
        FactValue::Text(text) if !text.trim().is_empty() => {
            text.split(';').filter_map(|text| option_named(text.trim(), options, strings)).collect()
        }
        FactValue::Text(_) | FactValue::Number(_) | FactValue::Bool(_) => return None,
    };
    Some(in_order(&named, options, strings))
}

/// These options in the order of their list, each once.
pub(crate) fn in_order(named: &[&str], options: &OptionsDef, strings: &Strings) -> Vec<String> {
    let listed = options.options.iter().map(|option| strings.get(option.name));
    listed.filter(|name| named.contains(name)).map(String::from).collect()
}
