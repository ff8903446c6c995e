//! The names a random flow may use: properties, locals and facts, with their types.

use super::Choices;
use super::words::{DATES, LENGTHS, MOMENTS, NUMBERS, WORDS};

/// A type, as the generator sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Email,
    Phone,
    Url,
    Number,
    Bool,
    Date,
    Moment,
    Length,
    /// One of the options.
    One(&'static [&'static str]),
    /// Several of the options.
    Many(&'static [&'static str]),
}

/// A name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) of: Of,
}

/// What a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The contact or the company.
    Crm,
    /// The flow.
    Flow,
    /// The page, which every flow knows.
    Page,
    /// The visitor or the page; it may be unknown.
    Visitor,
}

pub(super) const STAGES: &[&str] = &["subscriber", "lead", "customer"];
pub(super) const INTERESTS: &[&str] = &["pricing", "api", "security", "pieces"];
pub(super) const SECTORS: &[&str] = &["klein", "gross"];
pub(super) const SIZES: &[&str] = &["s", "m", "l"];
pub(super) const TAGS: &[&str] = &["rot", "grün", "blau"];
const DEVICES: &[&str] = &["desktop", "mobile", "tablet"];

const fn name(of: Of, name: &'static str, kind: Kind) -> Name {
    Name { name, kind, of }
}

/// Every name.
pub(super) const NAMES: &[Name] = &[
    name(Of::Crm, "contact.firstname", Kind::Text),
    name(Of::Flow, "name", Kind::Text),
    name(Of::Crm, "contact.email", Kind::Email),
    name(Of::Crm, "contact.phone", Kind::Phone),
    name(Of::Crm, "contact.site", Kind::Url),
    name(Of::Crm, "contact.budget", Kind::Number),
    name(Of::Crm, "contact.vip", Kind::Bool),
    name(Of::Crm, "contact.renewal", Kind::Date),
    name(Of::Crm, "contact.seen", Kind::Moment),
    name(Of::Crm, "contact.span", Kind::Length),
    name(Of::Crm, "contact.stage", Kind::One(STAGES)),
    name(Of::Crm, "contact.interests", Kind::Many(INTERESTS)),
    name(Of::Crm, "company.name", Kind::Text),
    name(Of::Crm, "company.employees", Kind::Number),
    name(Of::Crm, "company.sector", Kind::One(SECTORS)),
    name(Of::Flow, "名前", Kind::Text),
    name(Of::Flow, "seats", Kind::Number),
    name(Of::Flow, "mail", Kind::Email),
    name(Of::Flow, "tel", Kind::Phone),
    name(Of::Flow, "web", Kind::Url),
    name(Of::Flow, "sure", Kind::Bool),
    name(Of::Flow, "day", Kind::Date),
    name(Of::Flow, "slot", Kind::Moment),
    name(Of::Flow, "stay", Kind::Length),
    name(Of::Flow, "größe", Kind::One(SIZES)),
    name(Of::Flow, "tags", Kind::Many(TAGS)),
    name(Of::Page, "page.path", Kind::Text),
    name(Of::Page, "page.host", Kind::Text),
    name(Of::Page, "page.url", Kind::Text),
    name(Of::Page, "page.seconds", Kind::Number),
    name(Of::Page, "page.scrolled", Kind::Number),
    name(Of::Page, "today", Kind::Date),
    name(Of::Page, "now", Kind::Moment),
    name(Of::Visitor, "page.title", Kind::Text),
    name(Of::Visitor, "page.language", Kind::Text),
    name(Of::Visitor, "page.query.plan", Kind::Text),
    name(Of::Visitor, "page.query[\"odd name\"]", Kind::Text),
    name(Of::Visitor, "visitor.device", Kind::One(DEVICES)),
    name(Of::Visitor, "visitor.country", Kind::Text),
    name(Of::Visitor, "visitor.language", Kind::Text),
    name(Of::Visitor, "visitor.returning", Kind::Bool),
    name(Of::Visitor, "visitor.pages", Kind::Number),
];

/// A function that the host implements.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// Its parameters as they are declared, and what they take.
    pub(super) declared: &'static str,
    pub(super) takes: &'static [Kind],
    /// What it comes to.
    pub(super) gives: Kind,
    /// What a host says that it comes to: most fit, some do not.
    pub(super) said: &'static [&'static str],
}

/// A function for each type that a local can have.
pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "look_text",
        declared: "of: text, many: number",
        takes: &[Kind::Text, Kind::Number],
        gives: Kind::Text,
        said: &["Ada", " Straße 7 ", "49.5", ""],
    },
    Function {
        name: "look_number",
        declared: "stage: one of [subscriber, lead \"L\", customer \"C\" = \"CC\"]",
        takes: &[Kind::One(STAGES)],
        gives: Kind::Number,
        said: &["49.5", "-3", "1234567.50", "much"],
    },
    Function {
        name: "look_mail",
        declared: "",
        takes: &[],
        gives: Kind::Email,
        said: &["ada@example.com", " bo@ACME.example ", "ada at example"],
    },
    Function {
        name: "look_tel",
        declared: "day: date, at: datetime",
        takes: &[Kind::Date, Kind::Moment],
        gives: Kind::Phone,
        said: &["+31201234567", "+1 555 010 9999", "12"],
    },
    Function {
        name: "look_web",
        declared: "stay: duration",
        takes: &[Kind::Length],
        gives: Kind::Url,
        said: &["https://acme.example/", "bo.example/x", "no address"],
    },
    Function {
        name: "look_bool",
        declared: "some: many of [pricing, api = \"A\", security, pieces]",
        takes: &[Kind::Many(INTERESTS)],
        gives: Kind::Bool,
        said: &["true", "false", "perhaps"],
    },
    Function {
        name: "look_day",
        declared: "vip: bool",
        takes: &[Kind::Bool],
        gives: Kind::Date,
        said: &["2027-01-31", "2024-02-29", "soon"],
    },
    Function {
        name: "look_slot",
        declared: "mail: email",
        takes: &[Kind::Email],
        gives: Kind::Moment,
        said: &["2027-01-31T09:00", "2026-11-22T20:00Z", "later"],
    },
    Function {
        name: "look_stay",
        declared: "",
        takes: &[],
        gives: Kind::Length,
        said: &["30m", "2h", "90000", "long"],
    },
    Function {
        name: "look_size",
        declared: "of: number",
        takes: &[Kind::Number],
        gives: Kind::One(SIZES),
        said: &["s", "Größe M", "l", "xxl"],
    },
    Function {
        name: "look_tags",
        declared: "",
        takes: &[],
        gives: Kind::Many(TAGS),
        said: &["rot", "blau;rot", "Grün", "rot;gelb"],
    },
];

impl Kind {
    /// The type as an ask of a local writes it.
    pub(super) fn written(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Email => "email",
            Kind::Phone => "phone",
            Kind::Url => "url",
            Kind::Number => "number",
            Kind::Bool => "bool",
            Kind::Date => "date",
            Kind::Moment => "datetime",
            Kind::Length => "duration",
            Kind::One(_) => "one of [s \"Small\", m \"Größe M\", l]",
            Kind::Many(_) => "many of [rot \"Rot\", grün \"Grün\", blau]",
        }
    }

    /// Whether it compares as text does.
    pub(super) fn is_text(self) -> bool {
        matches!(self, Kind::Text | Kind::Email | Kind::Phone | Kind::Url)
    }

    /// Whether a literal of the type can be stored.
    pub(super) fn has_literals(self) -> bool {
        !matches!(self, Kind::Email | Kind::Phone | Kind::Url)
    }

    /// A literal to compare with, or to store where the type has literals.
    pub(super) fn literal(self, choices: &mut Choices) -> String {
        match self {
            Kind::Text | Kind::Email | Kind::Phone | Kind::Url => quoted(choices.word(WORDS)),
            Kind::Number => choices.word(NUMBERS).to_owned(),
            Kind::Bool => choices.word(&["true", "false"]).to_owned(),
            Kind::Date => choices.word(DATES).to_owned(),
            Kind::Moment => choices.word(MOMENTS).to_owned(),
            Kind::Length => choices.word(LENGTHS).to_owned(),
            Kind::One(options) => choices.word(options).to_owned(),
            Kind::Many(options) => {
                let first = choices.below(options.len());
                let some: Vec<&str> =
                    options.iter().skip(first).take(1 + choices.below(2)).copied().collect();
                format!("[{}]", some.join(", "))
            }
        }
    }
}

/// What flows and modules call their locals.
pub fn locals() -> impl Iterator<Item = &'static str> {
    NAMES.iter().filter(|name| name.of == Of::Flow).map(|name| name.name)
}

/// The text in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
