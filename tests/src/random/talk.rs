//! Random talks: what the host says of the world, and what the visitor and the host do, turn by turn.

use std::str::FromStr;

use chatflow_runtime::action::{Action, Outcome};
use chatflow_runtime::id::{PlaceId, ReplyId};
use chatflow_runtime::{Effect, FactValue, Facts, Input, Timestamp, Turn, Waiting};
use rust_decimal::Decimal;

use super::Choices;
use super::names::FUNCTIONS;
use super::servers;
use super::words::{ANSWERS, PAGES, WORDS};

/// An input that owns its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The visitor typed.
    Text(String),
    /// The host said what became of an action.
    Outcome(PlaceId, Outcome, Facts),
    /// Anything else.
    Other(Input<'static>),
}

impl Heard {
    /// The input as the machine takes it.
    pub fn input(&self) -> Input<'_> {
        match self {
            Heard::Text(text) => Input::Text(text),
            Heard::Outcome(place, outcome, data) => Input::Outcome { place: *place, outcome: *outcome, data },
            Heard::Other(input) => *input,
        }
    }
}

/// A talk in the making: the world and the clock, and everything that was ever offered.
#[derive(Debug)]
pub struct Talk {
    /// The choices it is made of.
    pub choices: Choices,
    /// What the host says.
    pub facts: Facts,
    /// What time it is.
    pub now: Timestamp,
    offered: Vec<(PlaceId, ReplyId, String)>,
    /// The places that were come to, and what was begun there, of what.
    places: Vec<(PlaceId, Option<(Action, String)>)>,
}

/// What a CRM says of the properties: their values and some that do not fit.
const PROPERTIES: &[(&str, &[&str])] = &[
    ("contact.firstname", &["Ada", " Bo ", "12", "  ", "Straße 7"]),
    ("contact.email", &["ada@example.com", "bo@acme.example", ""]),
    ("contact.phone", &["+31201234567", "+15550109999"]),
    ("contact.site", &["https://acme.example/", "http://bo.example/x"]),
    ("contact.stage", &["lead", "Paying Customer", "subscriber", "Customer", "churned"]),
    ("contact.interests", &["api;pricing", "API", "security; nothing", "pricing"]),
    ("contact.budget", &["250", "1234567.50", "-3", "much", "50"]),
    ("contact.vip", &["true", "false", "perhaps"]),
    ("contact.renewal", &["2027-01-31", "2026-12-24", "soon", "1968-02-29"]),
    ("contact.seen", &["2027-01-31T09:00", "2026-11-22T20:00Z", "1999-12-31T23:59+01:00"]),
    ("contact.span", &["30m", "2h", "90 s", "1.5 days", "long"]),
    ("company.name", &["Acme", "Ängström GmbH", "desktop"]),
    ("company.employees", &["7", "200", "12345.678"]),
    ("company.sector", &["klein", "BIG", "groß"]),
    ("page.title", &["Pricing", "Hello"]),
    ("page.language", &["en", "nl-BE"]),
    ("visitor.device", &["mobile", "desktop", "watch"]),
    ("visitor.country", &["NL", "de", "XX"]),
    ("visitor.language", &["en", "nl"]),
    ("language", &["nl", "EN_us", "de"]),
    ("visitor.returning", &["true", "false"]),
    ("visitor.pages", &["1", "50"]),
    ("contact", &["true", "false"]),
    ("team sales", &["true", "false"]),
    ("team night", &["true", "false"]),
    ("user ada", &["true", "false"]),
    ("user bo", &["true", "false"]),
    ("inbox sales", &["true", "false"]),
    ("list newsletter", &["true", "false"]),
    ("inbox night", &["true", "false"]),
    ("utc_offset", &["60", "-330", "9000"]),
    ("utc_offset UTC", &["0", "60"]),
    ("utc_offset Asia/Tokyo", &["540"]),
    ("utc_offset Europe/Amsterdam", &["60", "120"]),
];

impl Talk {
    /// The world before the first turn.
    pub fn new(choices: Choices) -> Talk {
        // 2026-11-22 was a Sunday.
        let start = 1_795_305_600_000;
        let mut talk = Talk {
            choices,
            facts: Facts::new(),
            now: Timestamp(start),
            offered: Vec::new(),
            places: Vec::new(),
        };
        talk.now = Timestamp(start + talk.choices.below(7 * 24 * 4) as i64 * 15 * 60_000);
        for nth in 0..PROPERTIES.len() {
            if talk.choices.chance(40) {
                talk.change(nth);
            }
        }
        // A page always has an address, and its browser counts.
        let page = talk.choices.word(PAGES);
        talk.facts.set("page.url", FactValue::from(page));
        talk.facts.set("page.seconds", FactValue::from(talk.choices.below(300) as i64));
        talk.facts.set("page.scrolled", FactValue::from(talk.choices.below(101) as i64));
        talk
    }

    fn change(&mut self, nth: usize) {
        let Some((name, values)) = PROPERTIES.get(nth) else { return };
        let text = self.choices.word(values);
        let value = typed_value(&mut self.choices, text);
        self.facts.set(name, value);
    }

    /// Remembers what a turn offered.
    pub fn saw(&mut self, turn: &Turn) {
        for numbered in &turn.effects {
            if let Effect::Ask { place, replies, .. } | Effect::Act { place, replies, .. } = &numbered.effect
            {
                let begins = if let Effect::Act { action, object, .. } = &numbered.effect {
                    Some((*action, object.name.clone()))
                } else {
                    None
                };
                // What is asked again is still what was begun.
                let action = begins.or_else(|| self.begun(*place).cloned());
                self.places.push((*place, action));
                self.offered.extend(replies.iter().map(|reply| (*place, reply.id, reply.label.clone())));
            }
        }
    }

    /// What happens next: time passes, the world changes, and somebody does something.
    pub fn next(&mut self, turn: &Turn) -> Heard {
        self.pass_time(turn);
        while self.choices.chance(20) {
            let nth = self.choices.below(PROPERTIES.len());
            match PROPERTIES.get(nth) {
                Some((name, _)) if self.choices.chance(40) => self.facts.remove(name),
                _ => self.change(nth),
            }
        }
        if self.choices.chance(8) {
            let page = self.choices.word(PAGES);
            self.facts.set("page.url", FactValue::from(page));
        }
        let act = |heard| Heard::Other(heard);
        match (self.choices.below(20), turn.waiting) {
            (18, _) => act(Input::Silence),
            (19, _) => act(Input::Closed),
            (17, _) => act(Input::Agree),
            (16, _) => self.outcome(None),
            (0..=12, Waiting::Agreement) => act(Input::Agree),
            (0..=9, Waiting::Pause { until, .. }) => {
                self.now = self.now.max(until);
                act(Input::Silence)
            }
            (0..=7, Waiting::Host { place, .. }) => self.outcome(Some(place)),
            (0..=5, Waiting::Visitor { place, .. }) if self.offers_meeting(turn) => self.outcome(Some(place)),
            // What a server offers is there for one turn, and rarely comes.
            (0..=9, Waiting::Visitor { .. }) if !turn.session.offered().is_empty() => self.tap(turn, true),
            (13..=14, _) => self.tap(turn, true),
            (15, _) => self.tap(turn, false),
            _ => self.typed(turn),
        }
    }

    fn offers_meeting(&self, turn: &Turn) -> bool {
        turn.effects
            .iter()
            .any(|numbered| matches!(&numbered.effect, Effect::Act { replies, .. } if !replies.is_empty()))
    }

    fn pass_time(&mut self, turn: &Turn) {
        let until = match turn.waiting {
            Waiting::Host { until, .. } | Waiting::Pause { until, .. } => Some(until),
            Waiting::Visitor { until, .. } => until,
            Waiting::Agreement | Waiting::Nothing => None,
        };
        let left = until.map_or(30 * 60_000, |until| until.0 - self.now.0).max(0);
        let minutes = if self.choices.chance(33) { 2 } else { 30 };
        let session = turn.session.last_active().0 + minutes * 60_000;
        let passed = match self.choices.below(16) {
            9 => 1_000,
            10 => left,
            11 => left - 1,
            12 => left + 1,
            13 => session - self.now.0,
            14 => session - self.now.0 - 1,
            15 => 26 * 60 * 60_000,
            _ => 200,
        };
        self.now = self.now.after(passed.max(0));
    }

    fn outcome(&mut self, place: Option<PlaceId>) -> Heard {
        let place = match place {
            Some(place) => place,
            None => self.choices.one(&self.places).map_or(PlaceId(7), |(place, _)| *place),
        };
        // Mostly one that can come of the action.
        let begun = self.begun(place).cloned();
        let rows = begun.as_ref().map(|(action, _)| action.spec().outcomes).filter(|rows| !rows.is_empty());
        let begins_call = begun.as_ref().is_some_and(|(action, _)| *action == Action::CallWebhook);
        let hopes = if begins_call { 85 } else { 35 };
        let outcome = match rows {
            // The first is what the flow hopes for: without it, much of the rest never comes.
            Some([first, ..]) if self.choices.chance(hopes) => Some(first.outcome),
            Some(rows) if self.choices.chance(70) => self.choices.one(rows).map(|row| row.outcome),
            Some(_) | None => self.choices.one(Outcome::ALL).copied(),
        };
        let outcome = outcome.unwrap_or(Outcome::Failed);
        let mut data = Facts::new();
        for at in 0..self.choices.below(4) {
            let title = self.choices.word(&["Reset your password", "Opening hours", " "]);
            data.set(&format!("articles[{at}].title"), FactValue::from(title));
            if self.choices.chance(50) {
                data.set(&format!("articles[{at}].link"), FactValue::from("https://help.example/a"));
            }
        }
        let function = begun.and_then(|(_, name)| FUNCTIONS.iter().find(|function| function.name == name));
        if let Some(function) = function
            && self.choices.chance(95)
        {
            let text = self.choices.word(function.said);
            data.set("value", typed_value(&mut self.choices, text));
        }
        if begins_call {
            servers::answer(&mut self.choices, &mut data);
        }
        Heard::Outcome(place, outcome, data)
    }

    /// The action that was begun at a place, the last time.
    fn begun(&self, place: PlaceId) -> Option<&(Action, String)> {
        self.places.iter().rev().find(|(at, _)| *at == place)?.1.as_ref()
    }

    fn tap(&mut self, turn: &Turn, current: bool) -> Heard {
        let place = turn.session.place();
        let all: Vec<(PlaceId, ReplyId)> = self
            .offered
            .iter()
            .filter(|(at, ..)| !current || Some(*at) == place)
            .map(|(at, reply, _)| (*at, *reply))
            .collect();
        match self.choices.one(&all) {
            Some((place, reply)) => Heard::Other(Input::Tap { place: *place, reply: *reply }),
            None => self.typed(turn),
        }
    }

    fn typed(&mut self, turn: &Turn) -> Heard {
        let place = turn.session.place();
        let labels: Vec<String> = self
            .offered
            .iter()
            .filter(|(at, ..)| Some(*at) == place)
            .map(|(.., label)| label.clone())
            .collect();
        let text = match (self.choices.below(10), self.choices.one(&labels).cloned()) {
            (3, Some(label)) => label,
            (4, Some(label)) => label.to_uppercase(),
            (5, Some(label)) => format!("  {}\t", label.to_lowercase()),
            (6, Some(label)) => format!("{label}; {}", labels.first().map_or("", String::as_str)),
            (7, _) => {
                format!("{}{}", 1 + self.choices.below(4), self.choices.word(&["", ".", ")", " of them"]))
            }
            (8, _) => self.choices.word(WORDS).to_owned(),
            (9, _) => self.choices.word(&["agent", "HUMAN", "I need help", " Person "]).to_owned(),
            _ => self.choices.word(ANSWERS).to_owned(),
        };
        Heard::Text(text)
    }
}

/// The value that a text says; sometimes in its own type.
pub(super) fn typed_value(choices: &mut Choices, text: &str) -> FactValue {
    let typed = choices.chance(30);
    match (Decimal::from_str(text), text) {
        (Ok(number), _) if typed => FactValue::Number(number),
        (_, "true" | "false") if typed => FactValue::Bool(text == "true"),
        _ if typed && text.contains(';') => FactValue::Many(text.split(';').map(str::to_owned).collect()),
        _ => FactValue::from(text),
    }
}
