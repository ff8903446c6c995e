//! What the host says, read as the flow's own types.

use std::str::FromStr;

use chatflow_runtime::action::ObjectKind;
use chatflow_runtime::fact::FactKind;
use chatflow_runtime::id::{Slot, SlotId, Str};
use chatflow_runtime::image::{Hours, InboxDef, ObjectDef, OptionsDef, Scope};
use chatflow_runtime::value::Type;
use chatflow_runtime::{FactValue, Language, Value};
use rust_decimal::Decimal;

use super::answers;
use super::chat::Player;
use super::moments;

impl Player<'_> {
    /// What the host says of a property.
    pub(super) fn property(&self, slot: Slot) -> Option<Value> {
        let def = self.image.slots.get(slot.index())?;
        if def.scope == Scope::Local || self.chat.cleared.contains(&slot) {
            return None;
        }
        self.as_said(self.facts.get(&self.string(def.name))?, def.ty)
    }

    /// What the host says, as a value of the type.
    fn as_said(&self, said: &FactValue, ty: Type) -> Option<Value> {
        let text = text_of(said).filter(|text| !text.trim().is_empty());
        let options = self.image.options_of(ty);
        match ty {
            Type::Text => match said {
                FactValue::Number(number) => Some(Value::Text(number.normalize().to_string())),
                _ => text.map(Value::Text),
            },
            Type::Email | Type::Phone | Type::Url => text.map(|text| Value::Text(text.trim().to_owned())),
            Type::Number => number_of(said).map(Value::Number),
            Type::Bool => bool_of(said).map(Value::Bool),
            Type::Date => moments::date(&text?).map(Value::Date),
            Type::DateTime => moments::datetime(&text?, self.offset()).map(Value::DateTime),
            Type::Duration => match said {
                FactValue::Number(number) => i64::try_from(*number).ok().map(Value::Duration),
                _ => answers::duration(&text?, Language::English).map(Value::Duration),
            },
            Type::OneOf(_) => self.named(options?, &text?).map(Value::Option),
            Type::ManyOf(_) => {
                let parts = match said {
                    FactValue::Many(parts) => parts.clone(),
                    _ => text?.split(';').map(str::to_owned).collect(),
                };
                let named: Vec<String> = parts.iter().filter_map(|part| self.named(options?, part)).collect();
                Some(Value::Options(self.in_order(options?, &named)))
            }
        }
    }

    /// What the host says with an outcome, as a value that the flow stores: a stranger's word must be exact.
    pub(super) fn as_answered(&self, said: &FactValue, ty: Type) -> Option<Value> {
        let length = match said {
            FactValue::Text(text) => text.len(),
            FactValue::Many(parts) => parts.iter().map(|part| part.len() + 1).sum(),
            _ => 0,
        };
        if length > 16_384 {
            return None;
        }
        if let (Some(options), Type::ManyOf(_)) = (self.image.options_of(ty), ty) {
            let parts = match said {
                FactValue::Many(parts) => parts.clone(),
                _ => text_of(said)?.split(';').map(str::to_owned).collect(),
            };
            if parts.iter().any(|part| self.named(options, part).is_none()) {
                return None;
            }
        }
        let value = self.as_said(said, ty)?;
        match (ty, &value) {
            // Such an address is read as if the visitor had typed it.
            (Type::Email | Type::Phone | Type::Url, Value::Text(text)) => self.read(ty, text),
            _ => Some(value),
        }
    }

    /// The option of this name, else of this CRM value, else of this label.
    fn named(&self, options: &OptionsDef, text: &str) -> Option<String> {
        let all = || options.options.iter();
        let said = |at: Str| self.string(at) == text.trim();
        let option = all()
            .find(|option| said(option.name))
            .or_else(|| all().find(|option| said(option.value)))
            .or_else(|| all().find(|option| said(option.label)))?;
        Some(self.string(option.name))
    }

    /// These options, each once, in the order of their list.
    pub(super) fn in_order(&self, options: &OptionsDef, named: &[String]) -> Vec<String> {
        options
            .options
            .iter()
            .map(|option| self.string(option.name))
            .filter(|name| named.contains(name))
            .collect()
    }

    /// What the host says of a fact.
    pub(super) fn fact(&self, fact: FactKind) -> Option<Value> {
        let text = |name: &str| self.facts.get(name).and_then(text_of).map(Value::Text);
        let number = |name: &str| self.facts.get(name).and_then(number_of).map(Value::Number);
        let page = self.facts.get("page.url").and_then(text_of).map(|address| Page::of(&address));
        let of_page = |part: fn(Page) -> String| page.clone().map(|page| Value::Text(part(page)));
        match fact {
            FactKind::PageUrl => of_page(|page| match page.query {
                Some(query) => format!("{}?{query}", page.address),
                None => page.address,
            }),
            FactKind::PageAddress => of_page(|page| page.address),
            FactKind::PageHost => text("page.host").or_else(|| of_page(|page| page.host)),
            FactKind::PagePath => text("page.path").or_else(|| of_page(|page| page.path)),
            FactKind::PageQuery(name) => {
                let name = self.string(name);
                text(&format!("page.query.{name}")).or_else(|| page?.parameter(&name).map(Value::Text))
            }
            FactKind::PageTitle => text("page.title"),
            FactKind::PageLanguage => text("page.language"),
            FactKind::PageSeconds => number("page.seconds"),
            FactKind::PageScrolled => number("page.scrolled"),
            FactKind::VisitorDevice => text("visitor.device"),
            FactKind::VisitorCountry => text("visitor.country"),
            FactKind::VisitorLanguage => text("visitor.language"),
            FactKind::VisitorReturning => self.word("visitor.returning").map(Value::Bool),
            FactKind::VisitorPages => number("visitor.pages"),
            FactKind::ContactKnown => Some(Value::Bool(self.contact_is_known())),
            FactKind::TeamAvailable(object) | FactKind::UserAvailable(object) => {
                let object = self.image.objects.get(object.index())?;
                Some(Value::Bool(self.is_available(object)))
            }
            FactKind::InboxOpen(inbox) => {
                Some(Value::Bool(self.is_open(self.image.flow.inboxes.get(inbox.index())?)))
            }
            FactKind::InList(object) => {
                let list = self.string(self.image.objects.get(object.index())?.name);
                Some(Value::Bool(self.word(&format!("list {list}")).unwrap_or(false)))
            }
            FactKind::Today => {
                let local = self.now.0 + i64::from(self.offset()) * 60_000;
                i32::try_from(local.div_euclid(86_400_000)).ok().map(Value::Date)
            }
            FactKind::Now => Some(Value::DateTime(self.now.0)),
        }
    }

    fn word(&self, name: &str) -> Option<bool> {
        self.facts.get(name).and_then(bool_of)
    }

    fn contact_is_known(&self) -> bool {
        let email = SlotId::of("contact.email");
        let is_email = |slot: &Slot| SlotId::of(&self.slot_name(*slot)) == email;
        let stored = self.chat.values.keys().any(is_email);
        let said = !self.chat.cleared.iter().any(is_email)
            && self
                .facts
                .get("contact.email")
                .and_then(text_of)
                .is_some_and(|email| !email.trim().is_empty());
        stored || self.word("contact").unwrap_or(said)
    }

    fn is_available(&self, object: &ObjectDef) -> bool {
        let name = self.string(object.name);
        let user = |name: &str| self.word(&format!("user {name}")).unwrap_or(false);
        match object.kind {
            ObjectKind::User => user(&name),
            ObjectKind::Team => self.word(&format!("team {name}")).unwrap_or_else(|| {
                self.own_inbox().is_none_or(|inbox| self.is_open(inbox))
                    && object.members.iter().any(|member| user(&self.string(*member)))
            }),
            _ => false,
        }
    }

    fn own_inbox(&self) -> Option<&InboxDef> {
        self.image.flow.inbox.and_then(|inbox| self.image.flow.inboxes.get(inbox.index()))
    }

    fn is_open(&self, inbox: &InboxDef) -> bool {
        let said = self.word(&format!("inbox {}", self.string(inbox.name)));
        said.unwrap_or_else(|| self.within_hours(&inbox.hours))
    }

    /// Whether it is office time; without hours it always is.
    fn within_hours(&self, hours: &[Hours]) -> bool {
        // Day 0 was a Thursday, and bit 0 is Monday.
        let weekday = |minutes: i64| (minutes.div_euclid(1440) + 3).rem_euclid(7);
        let mut open = hours.is_empty();
        for stretch in hours {
            let minutes = self.now.0.div_euclid(60_000) + i64::from(self.offset_of(stretch.zone));
            let length = match i64::from(stretch.to) - i64::from(stretch.from) {
                length if length > 0 => length,
                length => length + 1440,
            };
            // Every minute of the stretch that could be now began at most a day ago.
            for began in [minutes.rem_euclid(1440), minutes.rem_euclid(1440) + 1440] {
                let ago = began - i64::from(stretch.from);
                let day = weekday(minutes - ago);
                open |= (0..length).contains(&ago) && stretch.days & (1 << day) != 0;
            }
        }
        open
    }

    /// Minutes east of UTC.
    pub(super) fn offset(&self) -> i32 {
        let own = self.own_inbox().and_then(|inbox| inbox.hours.first());
        own.map_or_else(|| self.said_offset("utc_offset"), |hours| self.offset_of(hours.zone))
    }

    /// The same in a zone of some inbox's hours; that of the flow's own needs no name.
    fn offset_of(&self, zone: Str) -> i32 {
        let named = format!("utc_offset {}", self.string(zone));
        let own = self.own_inbox().and_then(|inbox| inbox.hours.first());
        let is_own = own.is_some_and(|own| self.string(own.zone) == self.string(zone));
        let name = if is_own && self.facts.get(&named).is_none() { "utc_offset" } else { &named };
        self.said_offset(name)
    }

    fn said_offset(&self, name: &str) -> i32 {
        let said = self.facts.get(name).and_then(number_of).and_then(|said| i32::try_from(said).ok());
        said.filter(|said| said.abs() <= 1440).unwrap_or(0)
    }
}

pub(super) fn text_of(said: &FactValue) -> Option<String> {
    match said {
        FactValue::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn number_of(said: &FactValue) -> Option<Decimal> {
    match said {
        FactValue::Number(number) => Some(*number),
        FactValue::Text(text) => Decimal::from_str(text.trim()).ok(),
        _ => None,
    }
}

pub(super) fn bool_of(said: &FactValue) -> Option<bool> {
    match said {
        FactValue::Bool(is) => Some(*is),
        FactValue::Text(text) => bool::from_str(text.trim()).ok(),
        _ => None,
    }
}

/// A page's address, taken apart; right for `https://host[:port]/path?query#fragment` in ASCII.
#[derive(Clone)]
struct Page {
    address: String,
    host: String,
    path: String,
    query: Option<String>,
}

impl Page {
    fn of(address: &str) -> Page {
        let address = address.trim().split('#').next().unwrap_or("");
        let (address, query) = match address.split_once('?') {
            Some((address, query)) => (address, Some(query.to_owned())),
            None => (address, None),
        };
        let (scheme, rest) = address.split_once("://").unwrap_or(("https", address));
        let scheme = scheme.to_lowercase();
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = host.to_lowercase();
        let port = if scheme == "http" { ":80" } else { ":443" };
        let with_port = host.strip_suffix(port).unwrap_or(&host).to_owned();
        let host = with_port.split(':').next().unwrap_or("").to_owned();
        let path = format!("/{}", path.trim_end_matches('/'));
        Page { address: format!("{scheme}://{with_port}{path}"), host, path, query }
    }

    /// The first value of this name in the query.
    fn parameter(&self, name: &str) -> Option<String> {
        let decoded = |text: &str| text.replace('+', " ").replace("%20", " ");
        let query = self.query.as_deref()?;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if decoded(key) == name {
                return Some(decoded(value));
            }
        }
        None
    }
}
