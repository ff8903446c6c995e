//! What a workspace file declares: the properties, teams, meetings and other things that flows may name.

use std::collections::BTreeMap;
use std::sync::Arc;

use chatflow_runtime::action::ObjectKind;
use chatflow_runtime::language::BuiltIn;
use chatflow_runtime::plan::Plan;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::{File, View};
use crate::near::suggestion;
use crate::source::Span;
use crate::text::plain_text;
use crate::token::Kind;
use crate::tree::{At, Expr, ExprKind, Item, Line, LineKind, Property, TypeExpr};
use crate::types::{OptionInfo, OptionList, Ty};

/// The declarations of a workspace.
#[derive(Debug, Default)]
pub struct Workspace {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where its title stands, if it has one.
    pub title_span: Option<Span>,
    /// What it says in place of the runtime's own texts.
    pub texts: BTreeMap<BuiltIn, (String, Span)>,
    /// The plan and where it is named; without one, everything is allowed.
    pub plan: Option<(Plan, Span)>,
    /// Where it says `privacy strict`, if it does.
    pub strict: Option<Span>,
    /// The properties of contacts and companies, by their full names: `contact.email`.
    pub properties: BTreeMap<String, PropertyInfo>,
    /// Everything else, by kind and name.
    pub things: BTreeMap<(Thing, String), ThingInfo>,
}

/// A property.
#[derive(Debug)]
pub struct PropertyInfo {
    /// Its type.
    pub ty: Ty,
    /// Where it is declared.
    pub span: Span,
}

/// The kinds of things a workspace declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    User,
    Team,
    Inbox,
    Meeting,
    Article,
    Knowledge,
    List,
    Workflow,
    Pipeline,
    Survey,
    Subscription,
    Secret,
    Function,
}

impl Thing {
    /// Every kind with the keyword that declares it.
    pub const ALL: &'static [(Kind, Thing)] = &[
        (Kind::User, Thing::User),
        (Kind::Team, Thing::Team),
        (Kind::Inbox, Thing::Inbox),
        (Kind::Meeting, Thing::Meeting),
        (Kind::Article, Thing::Article),
        (Kind::Knowledge, Thing::Knowledge),
        (Kind::List, Thing::List),
        (Kind::Workflow, Thing::Workflow),
        (Kind::Pipeline, Thing::Pipeline),
        (Kind::Survey, Thing::Survey),
        (Kind::Subscription, Thing::Subscription),
        (Kind::Secret, Thing::Secret),
        (Kind::Function, Thing::Function),
    ];

    /// The kind that a keyword declares.
    pub fn of(kind: Kind) -> Option<Thing> {
        Thing::ALL.iter().find(|(keyword, _)| *keyword == kind).map(|(_, thing)| *thing)
    }

    /// The kind of what an action names, if a workspace declares such things.
    pub fn named(kind: ObjectKind) -> Option<Thing> {
        Thing::ALL.iter().map(|(_, thing)| *thing).find(|thing| thing.word() == kind.word())
    }

    /// The word that declares it.
    pub fn word(self) -> &'static str {
        Thing::ALL
            .iter()
            .find(|(_, thing)| *thing == self)
            .and_then(|(kind, _)| kind.keyword())
            .unwrap_or("thing")
    }

    /// The settings that its block may have.
    fn settings(self) -> &'static [&'static str] {
        match self {
            Thing::User => &["seat"],
            Thing::Team => &["members"],
            Thing::Inbox => &["hours"],
            Thing::Meeting | Thing::Article => &["link"],
            Thing::Pipeline => &["stages"],
            Thing::Survey => &["kind"],
            Thing::Knowledge
            | Thing::List
            | Thing::Workflow
            | Thing::Subscription
            | Thing::Secret
            | Thing::Function => &[],
        }
    }
}

/// A declared thing.
#[derive(Debug)]
pub struct ThingInfo {
    /// How people read it; its name where it has no title.
    pub title: String,
    /// Where it is declared.
    pub span: Span,
    /// Its address.
    pub link: Option<String>,
    /// The members of a team, the stages of a pipeline.
    pub names: Vec<(String, Span)>,
    /// The hours of an inbox.
    pub hours: Vec<HoursInfo>,
    /// The seat of a user: `sales` or `service`.
    pub seat: Option<String>,
    /// Where a block would stand that the declaration does not have.
    pub blockless: Option<Span>,
}

/// A stretch of opening hours.
#[derive(Clone, Debug)]
pub struct HoursInfo {
    /// Bit 0 is Monday.
    pub days: u8,
    /// Minutes after midnight.
    pub from: u16,
    /// Minutes after midnight.
    pub to: u16,
    /// IANA name.
    pub zone: String,
}

impl Workspace {
    /// The thing of this kind and name.
    pub fn thing(&self, kind: Thing, name: &str) -> Option<&ThingInfo> {
        self.things.get(&(kind, name.to_owned()))
    }

    /// The names of a kind.
    pub fn names(&self, kind: Thing) -> impl Iterator<Item = &str> + Clone {
        self.things.keys().filter(move |(other, _)| *other == kind).map(|(_, name)| name.as_str())
    }

    /// Whether it says of anybody that they have a seat. One that does not, such as one made from a CRM's export,
    /// says nothing about seats, and not that nobody has one.
    pub fn knows_seats(&self) -> bool {
        self.things.values().any(|info| info.seat.is_some())
    }

    /// Reads the declarations of a workspace file.
    pub fn read(file: &File, found: &mut Vec<Diagnostic>) -> Workspace {
        let mut reader = Reader { workspace: Workspace::default(), found };
        for (view, item) in file.views() {
            reader.item(view, item);
        }
        reader.members();
        reader.workspace
    }
}

/// The seats that a user can have.
pub const SEATS: [&str; 2] = ["sales", "service"];

struct Reader<'a> {
    workspace: Workspace,
    found: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn item(&mut self, view: View<'_>, item: &Item) {
        match item {
            Item::Header { name, title, .. } => {
                self.workspace.name = view.text(*name).to_owned();
                self.workspace.title =
                    title.as_ref().and_then(|title| plain_text(view, title, self.found)).unwrap_or_default();
                self.workspace.title_span = title.as_ref().map(|title| view.span(title.range));
            }
            Item::Properties { head, properties } => {
                let scope = view.text(*head);
                for property in properties {
                    self.property(view, scope, property);
                }
            }
            Item::Function { name, .. } => {
                let (name, span) = (view.text(*name), view.at(*name));
                self.declare(Thing::Function, name, ThingInfo::new(name, span));
            }
            Item::Declaration { head, values, block } => {
                match (view.kind(*head).and_then(Thing::of), view.kind(*head)) {
                    (Some(thing), _) => self.thing(view, thing, values, block.as_deref()),
                    (None, Some(Kind::Plan)) => self.plan(view, *head, values),
                    (None, Some(Kind::Privacy)) => self.privacy(view, *head, values),
                    (None, Some(Kind::Texts)) => self.texts(view, block.as_deref().unwrap_or(&[])),
                    (None, _) => {
                        let word = view.text(*head);
                        let all = Thing::ALL
                            .iter()
                            .map(|(_, thing)| thing.word())
                            .chain(["contact", "company", "plan", "privacy", "texts"]);
                        self.found.push(misplaced(
                            view.at(*head),
                            word,
                            "a workspace",
                            suggestion(word, all, ""),
                        ));
                    }
                }
            }
            Item::Step { name, .. } => self.misplaced(view, *name, "step"),
            Item::Outdated { step } => self.misplaced(view, *step, "outdated"),
            Item::Anytime { .. } => self.misplaced(view, 0, "anytime"),
            Item::Test { .. } => self.misplaced(view, 0, "test"),
            Item::TestsFor { .. } => self.misplaced(view, 0, "tests"),
            Item::Error => {}
        }
    }

    fn misplaced(&mut self, view: View<'_>, at: u32, word: &str) {
        self.found.push(misplaced(view.at(at), word, "a workspace", None));
    }

    /// `plan professional`.
    fn plan(&mut self, view: View<'_>, head: At, values: &[Expr]) {
        if let Some((_, first)) = self.workspace.plan {
            self.found.push(repeated("plan", view.at(head), first));
            return;
        }
        let words = Plan::ALL.iter().map(|plan| plan.word());
        let Some((word, span)) = self.one_word(view, head, values, "plan", words) else { return };
        self.workspace.plan = Plan::named(word).map(|plan| (plan, span));
    }

    /// `texts { agree "OK" }`.
    fn texts(&mut self, view: View<'_>, lines: &[Line]) {
        let words: Vec<(BuiltIn, String)> =
            BuiltIn::ALL.iter().map(|(text, ..)| (*text, text.word())).collect();
        for line in lines {
            let LineKind::Entry { head, values, arrow: None, .. } = &line.kind else {
                if line.kind != LineKind::Error {
                    let found = Diagnostic::new(
                        Code::UnknownSetting,
                        view.span(line.range),
                        "expected the name of a text",
                    );
                    self.found.push(found.here("no name").help("Write `NAME \"…\"`, like `agree \"OK\"`."));
                }
                continue;
            };
            let (word, span) = (view.text(*head), view.at(*head));
            let Some((text, _)) = words.iter().find(|(_, known)| known == word) else {
                let known = || words.iter().map(|(_, word)| word.as_str());
                let mut found =
                    Diagnostic::new(Code::UnknownSetting, span, format!("no text is called `{word}`"))
                        .here("unknown text");
                found.help = suggestion(word, known(), "The texts")
                    .or_else(|| Some("The reference lists them under \"Languages\".".to_owned()));
                if let Some(near) = crate::near::nearest(word, known()) {
                    found = found.fix(format!("write `{near}`"), span, near);
                }
                self.found.push(found);
                continue;
            };
            let said = match values.as_slice() {
                [value] if matches!(value.kind, ExprKind::Text(_)) => plain_text(view, value, self.found),
                _ => {
                    self.bad(view, span, values, word, "a text in quotes");
                    None
                }
            };
            let Some(said) = said else { continue };
            if said.trim().is_empty() {
                self.bad(view, span, values, word, "a text that says something");
                continue;
            }
            let at = values.first().map_or(span, |value| view.span(value.range));
            if let Some((_, first)) = self.workspace.texts.get(text) {
                self.found.push(repeated(word, at, *first));
                continue;
            }
            self.workspace.texts.insert(*text, (said, at));
        }
    }

    /// `privacy strict`.
    fn privacy(&mut self, view: View<'_>, head: At, values: &[Expr]) {
        if let Some(first) = self.workspace.strict {
            self.found.push(repeated("privacy", view.at(head), first));
            return;
        }
        let word = self.one_word(view, head, values, "privacy", ["strict"].into_iter());
        self.workspace.strict = word.map(|(_, span)| view.at(head).to(span));
    }

    /// The one word of a line, which is one of these; anything else is reported.
    fn one_word<'v>(
        &mut self,
        view: View<'v>,
        head: At,
        values: &[Expr],
        what: &str,
        words: impl Iterator<Item = &'static str> + Clone,
    ) -> Option<(&'v str, Span)> {
        let all = || words.clone().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let [value] = values else {
            let span = values.get(1).map_or(view.at(head), |value| view.span(value.range));
            let found = Diagnostic::new(Code::BadSetting, span, format!("`{what}` takes one word"))
                .here("does not fit")
                .help(format!("Write `{what} WORD` with one of {}.", all()));
            self.found.push(found);
            return None;
        };
        let (word, span) = (view.source(value.range), view.span(value.range));
        if words.clone().any(|known| known == word) {
            return Some((word, span));
        }
        if value.kind != ExprKind::Error {
            let mut found = Diagnostic::new(Code::BadSetting, span, format!("`{word}` is no {what}"))
                .here(format!("not a {what}"));
            found.help = suggestion(word, words.clone(), &format!("`{what}` takes"));
            if let Some(near) = crate::near::nearest(word, words) {
                found = found.fix(format!("write `{near}`"), span, near);
            }
            self.found.push(found);
        }
        None
    }

    fn property(&mut self, view: View<'_>, scope: &str, property: &Property) {
        let name = format!("{scope}.{}", view.text(property.name));
        let span = view.at(property.name);
        if let Some(label) = &property.label {
            plain_text(view, label, self.found);
        }
        let ty = type_of(view, &property.ty, self.found);
        ty.declared_for(&name);
        if let Some(first) = self.workspace.properties.get(&name) {
            self.found.push(duplicate(&name, span, first.span));
            return;
        }
        self.workspace.properties.insert(name, PropertyInfo { ty, span });
    }

    fn declare(&mut self, thing: Thing, name: &str, info: ThingInfo) {
        if let Some(first) = self.workspace.thing(thing, name) {
            self.found.push(duplicate(name, info.span, first.span));
            return;
        }
        self.workspace.things.insert((thing, name.to_owned()), info);
    }

    /// `team sales "Sales" { members [ada, bo] }`.
    fn thing(&mut self, view: View<'_>, thing: Thing, values: &[Expr], block: Option<&[Line]>) {
        let Some((name, span)) = values.first().and_then(|value| single_word(view, value)) else {
            let span = values.first().map_or(view.at(0).at_end(), |value| view.span(value.range));
            let word = thing.word();
            let found = Diagnostic::new(Code::Syntax, span, format!("expected the name of the {word}"))
                .here("a name belongs here")
                .help(format!("Write `{word} NAME \"Title\"`."));
            self.found.push(found);
            return;
        };
        let mut info = ThingInfo::new(name, span);
        for value in values.get(1..).unwrap_or(&[]) {
            match &value.kind {
                ExprKind::Text(_) => info.title = plain_text(view, value, self.found).unwrap_or_default(),
                ExprKind::Error => {}
                _ => self.found.push(
                    Diagnostic::new(Code::Syntax, view.span(value.range), "expected a title in quotes")
                        .here("a text belongs here"),
                ),
            }
        }
        if let (None, Some(last)) = (block, values.last()) {
            info.blockless = Some(view.span(last.range).at_end());
        }
        let mut given: Vec<(&str, Span)> = Vec::new();
        for line in block.unwrap_or(&[]) {
            let LineKind::Entry { head, values, .. } = &line.kind else {
                if matches!(line.kind, LineKind::Choice { .. }) {
                    let found = Diagnostic::new(
                        Code::UnknownSetting,
                        view.span(line.range),
                        "expected a setting, found a text",
                    );
                    self.found.push(found.here("not a setting"));
                }
                continue;
            };
            let (word, at) = (view.text(*head), view.at(*head));
            if !thing.settings().contains(&word) {
                self.found.push(unknown_setting(word, at, thing.word(), thing.settings()));
                continue;
            }
            match given.iter().find(|(other, _)| *other == word) {
                Some((_, first)) if word != "hours" => self.found.push(repeated(word, at, *first)),
                _ => self.setting(view, &mut info, word, at, values),
            }
            given.push((word, at));
        }
        self.declare(thing, name, info);
    }

    fn setting(&mut self, view: View<'_>, info: &mut ThingInfo, word: &str, at: Span, values: &[Expr]) {
        match (word, values) {
            ("hours", _) => match hours(view, values) {
                Some(hours) => info.hours.push(hours),
                None => self.bad(
                    view,
                    at,
                    values,
                    "hours",
                    "days, times and a zone: `monday..friday 09:00..17:30 in \"Europe/Amsterdam\"`",
                ),
            },
            ("link", [value]) => {
                info.link = plain_text(view, value, self.found);
                if info
                    .link
                    .as_deref()
                    .is_some_and(|link| !link.starts_with("https://") && !link.starts_with("http://"))
                {
                    self.bad(view, at, values, "link", "an address that begins with `https://`");
                }
            }
            ("members" | "stages", [Expr { kind: ExprKind::List(members), .. }]) => {
                for member in members {
                    match single_word(view, member) {
                        Some((name, span)) => info.names.push((name.to_owned(), span)),
                        None => self.bad(view, at, std::slice::from_ref(member), word, "names: `[a, b]`"),
                    }
                }
            }
            ("seat", [value]) if SEATS.contains(&view.source(value.range)) => {
                info.seat = Some(view.source(value.range).to_owned());
            }
            ("seat", _) => self.bad(view, at, values, "seat", "`sales` or `service`"),
            ("kind", [value]) if matches!(view.source(value.range), "csat" | "nps" | "ces") => {}
            ("kind", _) => self.bad(view, at, values, "kind", "`csat`, `nps` or `ces`"),
            _ => self.bad(
                view,
                at,
                values,
                word,
                if word == "link" { "an address" } else { "names: `[a, b]`" },
            ),
        }
    }

    fn bad(&mut self, view: View<'_>, at: Span, values: &[Expr], word: &str, takes: &str) {
        if values.iter().any(|value| value.kind == ExprKind::Error) {
            return;
        }
        let span = match (values.first(), values.last()) {
            (Some(first), Some(last)) => view.span(first.range).to(view.span(last.range)),
            _ => at,
        };
        let found = Diagnostic::new(Code::BadSetting, span, format!("`{word}` cannot have this value"))
            .here("does not fit")
            .help(format!("`{word}` takes {takes}."));
        self.found.push(found);
    }

    /// The members of teams are users.
    fn members(&mut self) {
        for ((thing, _), info) in &self.workspace.things {
            for (name, span) in info.names.iter().filter(|_| *thing == Thing::Team) {
                if self.workspace.thing(Thing::User, name).is_none() {
                    let mut found =
                        Diagnostic::new(Code::UnknownObject, *span, format!("no user is called `{name}`"))
                            .here("unknown user");
                    found.help = suggestion(name, self.workspace.names(Thing::User), "The users");
                    self.found.push(found);
                }
            }
        }
    }
}

impl ThingInfo {
    fn new(name: &str, span: Span) -> ThingInfo {
        ThingInfo {
            title: name.to_owned(),
            span,
            link: None,
            names: Vec::new(),
            hours: Vec::new(),
            seat: None,
            blockless: None,
        }
    }
}

/// The one word of an expression that is just a name.
pub(crate) fn single_word<'a>(view: View<'a>, value: &Expr) -> Option<(&'a str, Span)> {
    match &value.kind {
        ExprKind::Path { words, index: None } => match words.as_slice() {
            [word] => Some((view.text(*word), view.at(*word))),
            _ => None,
        },
        _ => None,
    }
}

/// `monday..friday 09:00..17:30 in "Europe/Amsterdam"`; a single day may stand alone.
fn hours(view: View<'_>, values: &[Expr]) -> Option<HoursInfo> {
    let [days, times, word, zone] = values else { return None };
    let days = match &days.kind {
        ExprKind::Span(ends) => days_between(day(view, &ends.0)?, day(view, &ends.1)?),
        _ => 1 << day(view, days)?,
    };
    let ExprKind::Span(ends) = &times.kind else { return None };
    let (from, to) = (minutes(view.source(ends.0.range))?, minutes(view.source(ends.1.range))?);
    if view.source(word.range) != "in" {
        return None;
    }
    let zone = plain_text(view, zone, &mut Vec::new())?;
    let known = zone.split('/').all(|part| !part.is_empty()) && (zone.contains('/') || zone == "UTC");
    known.then_some(HoursInfo { days, from, to, zone })
}

fn day(view: View<'_>, value: &Expr) -> Option<u8> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = view.source(value.range);
    DAYS.iter().position(|day| *day == word).map(|day| day as u8)
}

/// The days from one to another, over the week's end where the second comes first.
fn days_between(first: u8, last: u8) -> u8 {
    let span = (last + 7 - first) % 7;
    (0..=span).fold(0, |days, ahead| days | (1 << ((first + ahead) % 7)))
}

fn minutes(time: &str) -> Option<u16> {
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}

/// The type that is written, or `Ty::Error` with a finding.
pub(crate) fn type_of(view: View<'_>, ty: &TypeExpr, found: &mut Vec<Diagnostic>) -> Ty {
    match ty {
        TypeExpr::Named(at) => {
            let word = view.text(*at);
            Ty::named(word).unwrap_or_else(|| {
                let mut diagnostic =
                    Diagnostic::new(Code::UnknownType, view.at(*at), format!("no type is called `{word}`"))
                        .here("unknown type");
                diagnostic.help = suggestion(word, Ty::NAMES.iter().copied(), "The types").or_else(|| {
                    Some(format!("The types: {}, `one of […]`, `many of […]`.", Ty::NAMES.join(", ")))
                });
                found.push(diagnostic);
                Ty::Error
            })
        }
        TypeExpr::Options { several, options, .. } => {
            let mut list = OptionList::default();
            let mut places: BTreeMap<&str, Span> = BTreeMap::new();
            for option in options {
                let (name, span) = (view.text(option.name), view.at(option.name));
                if let Some(first) = places.get(name) {
                    found.push(duplicate(name, span, *first));
                    continue;
                }
                places.insert(name, span);
                let name = name.to_owned();
                let mut text =
                    |given: &Option<Expr>| given.as_ref().and_then(|text| plain_text(view, text, found));
                let label = text(&option.label).unwrap_or_else(|| name.clone());
                let value = text(&option.value).unwrap_or_else(|| name.clone());
                list.options.push(OptionInfo { name, label, value, span });
            }
            let list = Arc::new(list);
            if *several { Ty::ManyOf(list) } else { Ty::OneOf(list) }
        }
    }
}

pub(crate) fn duplicate(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, span, format!("`{name}` is declared twice"))
        .here("declared again here")
        .label(first, "first declared here")
        .help("Give one of them another name.")
}

pub(crate) fn repeated(word: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::RepeatedSetting, span, format!("`{word}` is given twice"))
        .here("given again here")
        .label(first, "first given here")
        .help("Keep one of them.")
}

pub(crate) fn unknown_setting(word: &str, span: Span, of: &str, all: &[&'static str]) -> Diagnostic {
    let message = format!("`{of}` has no setting or outcome `{word}`");
    let mut found = Diagnostic::new(Code::UnknownSetting, span, message).here("unknown here");
    found.help = suggestion(word, all.iter().copied(), &format!("What `{of}` may have"));
    if let Some(near) = crate::near::nearest(word, all.iter().copied()) {
        found = found.fix(format!("write `{near}`"), span, near);
    }
    found
}

pub(crate) fn misplaced(span: Span, word: &str, place: &str, help: Option<String>) -> Diagnostic {
    let mut found = Diagnostic::new(Code::Misplaced, span, format!("`{word}` does not belong in {place}"))
        .here(format!("not part of {place}"));
    found.help = help;
    found
}
