//! What a workspace file declares: the properties, teams, meetings and other things that flows may name.

mod hours;
mod reader;
mod types;
mod zones;

use std::collections::BTreeMap;

use chatflow_runtime::action::ObjectKind;
use chatflow_runtime::language::BuiltIn;
use chatflow_runtime::plan::Plan;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::{File, View};
use crate::near::suggestion;
use crate::source::Span;
use crate::token::Kind;
use crate::tree::{Expr, ExprKind, Line};
use crate::types::Ty;
use reader::Reader;
pub(crate) use types::type_of;

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
    /// The functions that the host implements, by their names.
    pub functions: BTreeMap<String, FunctionInfo>,
    /// Everything else, by kind and name.
    pub things: BTreeMap<(Thing, String), ThingInfo>,
}

/// A function that the host implements.
#[derive(Debug)]
pub struct FunctionInfo {
    /// Its parameters, in order.
    pub parameters: Vec<ParameterInfo>,
    /// What it comes to.
    pub result: Ty,
}

/// A parameter of a function.
#[derive(Debug)]
pub struct ParameterInfo {
    /// Its name.
    pub name: String,
    /// What it takes.
    pub ty: Ty,
    /// Where it is declared.
    pub span: Span,
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
    /// A person.
    User,
    /// A group of users.
    Team,
    /// Where chats come to.
    Inbox,
    /// A meeting that can be booked.
    Meeting,
    /// An article of the knowledge base.
    Article,
    /// A knowledge base.
    Knowledge,
    /// A static list of contacts.
    List,
    /// A workflow of the CRM.
    Workflow,
    /// A pipeline of tickets.
    Pipeline,
    /// A survey.
    Survey,
    /// A kind of mail.
    Subscription,
    /// A value that the host keeps.
    Secret,
    /// A function of the host.
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

    /// How one of this name is declared.
    pub fn declaration(self, name: &str) -> String {
        match self {
            Thing::Function => format!("function {name}(PARAMETER: TYPE): TYPE"),
            Thing::Secret => format!("secret {name}"),
            Thing::User
            | Thing::Team
            | Thing::Inbox
            | Thing::Meeting
            | Thing::Article
            | Thing::Knowledge
            | Thing::List
            | Thing::Workflow
            | Thing::Pipeline
            | Thing::Survey
            | Thing::Subscription => format!("{} {name} \"…\"", self.word()),
        }
    }

    /// The settings that its block may have.
    pub fn settings(self) -> &'static [&'static str] {
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

pub(crate) fn duplicate(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, span, format!("`{name}` is declared twice"))
        .here("declared again here")
        .label(first, "first declared here")
        .help("Give one of them another name.")
}

/// Reports the values and the block of a line that takes none.
pub(crate) fn not_taken(
    view: View<'_>,
    head: Span,
    values: &[Expr],
    block: Option<&[Line]>,
    found: &mut Vec<Diagnostic>,
) {
    let word = view.file.text(head);
    if let Some(value) = values.iter().find(|value| value.kind != ExprKind::Error) {
        found.push(
            Diagnostic::new(Code::Syntax, view.span(value.range), format!("`{word}` takes no value"))
                .here("not expected here")
                .help(format!("What it says stands in its block: `{word} {{ … }}`.")),
        );
    }
    let Some(lines) = block else { return };
    let at = lines.first().map_or(head, |line| view.span(line.range));
    let help = match word {
        "welcome" => "Replies belong to a question: `ask \"…\" { \"A\" -> STEP }` in the first step.",
        _ => "Delete the block, with its braces.",
    };
    found.push(
        Diagnostic::new(Code::Syntax, at, format!("`{word}` has no block"))
            .here("not expected here")
            .help(help),
    );
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
    found.word_meant(word, span, all.iter().copied())
}

pub(crate) fn misplaced(span: Span, word: &str, place: &str, help: Option<String>) -> Diagnostic {
    let mut found = Diagnostic::new(Code::Misplaced, span, format!("`{word}` does not belong in {place}"))
        .here(format!("not part of {place}"));
    found.help = help;
    found
}
