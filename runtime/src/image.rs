//! The tables of a program, as the compiler makes them and the machine reads them.
//!
//! An [`Image`] is what a `.flowc` file says, decoded; `wire` has its bytes. It becomes a [`crate::Program`] by
//! passing the verifier, and only a `Program` runs.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;

use crate::action::{Action, Argument, ObjectKind, Outcome, Part};
use crate::fact::FactKind;
use crate::id::{
    Addr, Const, Fragment, Inbox, Object, Options, PlaceId, ReplyId, Site, Slot, Step, Str, Text,
};
use crate::language::BuiltIn;
use crate::pattern::PatternKind;
use crate::plural::Category;
use crate::setting::{Setting, SettingValue};
use crate::value::{Type, Value};

/// Everything a program says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Every string, once.
    pub strings: Strings,
    /// The header.
    pub flow: Flow,
    /// The settings that the flow gives, in the order of [`Setting::ALL`].
    pub settings: Vec<(Setting, SettingValue)>,
    /// What the workspace says in place of the runtime's own texts, in the first language.
    pub built_in: Vec<(BuiltIn, Str)>,
    /// The closed lists of options.
    pub options: Vec<OptionsDef>,
    /// The properties and locals.
    pub slots: Vec<SlotDef>,
    /// The facts that the program may read.
    pub facts: Vec<FactKind>,
    /// The constant values.
    pub constants: Vec<Value>,
    /// The texts with holes.
    pub texts: Vec<Template>,
    /// The patterns of `matches`.
    pub patterns: Vec<PatternDef>,
    /// The things of the workspace that the flow names.
    pub objects: Vec<ObjectDef>,
    /// The steps, in the order of the source; the first is the entry.
    pub steps: Vec<StepDef>,
    /// The places where a chat can wait.
    pub sites: Vec<SiteDef>,
    /// The conditions and texts that are evaluated on their own.
    pub fragments: Vec<CodeRange>,
    /// `show when`: the flow shows where any holds, or there is none.
    pub show: Vec<Fragment>,
    /// `hide when`: and where none of these holds.
    pub hide: Vec<Fragment>,
    /// What is tested on each message of the visitor, in order.
    pub anytime: Vec<AnytimeDef>,
    /// The instructions of all steps, `anytime` blocks and fragments, one after the other.
    pub code: Vec<u8>,
    /// What it says in its other languages, in the order of the header's list.
    pub translations: Vec<Translation>,
    /// Where the instructions come from; may be stripped.
    pub debug: Option<Debug>,
}

/// The string pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strings {
    /// All strings, end to end.
    pub text: String,
    /// Where each one ends.
    pub ends: Vec<u32>,
}

impl Strings {
    /// The string, or `""` where there is none.
    pub fn get(&self, at: Str) -> &str {
        let index = at.index();
        let start = match index.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// Adds a string at the end.
    pub fn push(&mut self, text: &str) -> Str {
        self.text.push_str(text);
        let at = Str(self.ends.len() as u32);
        self.ends.push(self.text.len() as u32);
        at
    }
}

/// The header of a flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Its name.
    pub name: Str,
    /// Its title.
    pub title: Str,
    /// Its former names.
    pub was: Vec<Str>,
    /// The channels it runs on: a bit for each of [`crate::channel::Channel::ALL`].
    pub channels: u8,
    /// The languages it speaks; the first is the one it is written in.
    pub languages: Vec<Str>,
    /// Larger wins.
    pub priority: i32,
    /// The inboxes that it names.
    pub inboxes: Vec<InboxDef>,
    /// The one its chats go to; without one, the host's own.
    pub inbox: Option<Inbox>,
    /// The text that greets the visitor.
    pub welcome: Option<Fragment>,
    /// The processing text's fragment is a plain setting; this is where a chat goes whose place no longer exists.
    pub outdated: Option<Step>,
    /// The most cells the stack ever holds.
    pub max_stack: u32,
    /// The most instructions between two waits; the machine stops a turn that runs longer.
    pub longest_run: u32,
}

/// An inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboxDef {
    /// Its name.
    pub name: Str,
    /// Its opening hours; without any it is always open.
    pub hours: Vec<Hours>,
}

/// A stretch of opening hours that repeats every week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// The days it begins on: bit 0 is Monday.
    pub days: u8,
    /// Minutes after midnight.
    pub from: u16,
    /// Minutes after midnight; not later than `from` means the next day.
    pub to: u16,
    /// The time zone's IANA name.
    pub zone: Str,
}

/// A closed list of options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionsDef {
    /// The options, in their order.
    pub options: Vec<OptionDef>,
}

/// One option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionDef {
    /// How the flow names it.
    pub name: Str,
    /// How the visitor reads it.
    pub label: Str,
    /// What the CRM calls it.
    pub value: Str,
}

/// A property or a local.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotDef {
    /// Its full name: `contact.email`, `name`; a module's local has the module's name before it, `details.name`.
    pub name: Str,
    /// Its former names: those of a local whose module was renamed.
    pub was: Vec<Str>,
    /// What it may hold.
    pub ty: Type,
    /// Whose it is.
    pub scope: Scope,
}

/// Whose a slot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The contact's: the CRM keeps it.
    Contact,
    /// The contact's company's: the CRM keeps it.
    Company,
    /// The flow's own; it ends with the chat.
    Local,
}

/// A text with holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// How many holes it has.
    pub holes: u32,
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These words.
    Words(Str),
    /// The value of the hole with this number.
    Hole(u32),
    /// The form that fits the number in a hole: the one for exactly this number, else the one for its category in the
    /// text's language, else the one for [`Category::Other`].
    Plural {
        /// The hole.
        hole: u32,
        /// The forms.
        forms: Vec<(PluralCase, Vec<Piece>)>,
    },
    /// The form that is named as the value in a hole, else the one without a name.
    Select {
        /// The hole.
        hole: u32,
        /// The forms, by the names of options, by words, or by `true` and `false`.
        forms: Vec<(Option<Str>, Vec<Piece>)>,
    },
}

/// How deep forms may stand in forms.
pub const DEEPEST_FORM: usize = 8;

/// Which numbers a form of a plural is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluralCase {
    /// This number alone.
    Exactly(Decimal),
    /// Those of a category.
    Category(Category),
}

/// A pattern of `matches`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PatternDef {
    /// How it is read.
    pub kind: PatternKind,
    /// The pattern, as the flow writes it between its quotes or slashes.
    pub source: Str,
}

/// A thing of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectDef {
    /// What it is.
    pub kind: ObjectKind,
    /// How the flow names it; empty for `contact owner` and `unassigned`.
    pub name: Str,
    /// How people read it.
    pub title: Str,
    /// Its address, if it has one.
    pub link: Option<Str>,
    /// The names of its members, if it is a team.
    pub members: Vec<Str>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepDef {
    /// Its name.
    pub name: Str,
    /// Its former names.
    pub was: Vec<Str>,
    /// Its instructions.
    pub code: CodeRange,
}

/// A stretch of the code, from its first byte to the one after its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeRange {
    /// Its first byte.
    pub start: Addr,
    /// The byte after its last.
    pub end: Addr,
}

/// What happens next, after a choice, an outcome, a timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arm {
    /// The statement after this one.
    Next,
    /// A step, for good.
    Step(Step),
    /// A block in the same step.
    Block(Addr),
}

/// A place where a chat can wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteDef {
    /// Its stable id.
    pub id: PlaceId,
    /// The step it stands in.
    pub step: Step,
    /// Where the flow goes on.
    pub next: Addr,
    /// The slots that are known here and that the flow relies on afterwards.
    pub keeps: Vec<Slot>,
    /// The visitor's own time here, in milliseconds, and what happens when it is over.
    pub timeout: Option<(i64, Arm)>,
    /// What is waited for.
    pub wait: Wait,
}

/// What a chat waits for at a place, or comes back from to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// An answer.
    Ask(AskDef),
    /// An outcome.
    Act(ActDef),
    /// Time: so many milliseconds, at most [`LONGEST_PAUSE`].
    Pause(i64),
    /// The end of a step, which is run and comes back here. Nobody is waited for at the place itself; while the
    /// step waits, the session remembers it.
    Do(Step),
}

/// The longest time that a flow may wait by itself, in milliseconds: a day.
pub const LONGEST_PAUSE: i64 = 24 * 60 * 60 * 1000;

/// How many steps may be run in each other with `do`, at most: as many return places a session may hold.
pub const MAX_CALLS: usize = 16;

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskDef {
    /// Where the answer is stored.
    pub target: Option<Slot>,
    /// What the answer is read as: the target's type, or text.
    pub ty: Type,
    /// The replies it offers, its own or those of the target's options.
    pub replies: Vec<ReplyDef>,
    /// Where anything but a reply goes; without it and with replies, only those are taken.
    pub otherwise: Option<Arm>,
    /// The text for an answer that cannot be taken; without it, a built-in one.
    pub invalid: Option<Fragment>,
    /// The number of the wrong answer that takes the arm.
    pub attempts: Option<(u32, Arm)>,
}

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyDef {
    /// Its stable id.
    pub id: ReplyId,
    /// How the visitor reads it, and what a typed answer is compared with.
    pub label: Str,
    /// What it stores in the target.
    pub value: Option<Const>,
    /// What happens next.
    pub arm: Arm,
}

/// An action that waits for its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActDef {
    /// Which.
    pub action: Action,
    /// What it names.
    pub object: Object,
    /// The settings given, in the order in which their values are on the stack.
    pub arguments: Vec<Argument>,
    /// The values that the host is handed by names, in the order in which they are on the stack, behind those.
    pub given: Vec<GivenDef>,
    /// What the flow stores of what the host says with the outcome that [brings](crate::action::ActionSpec::brings) it.
    pub results: Vec<ResultDef>,
    /// What the server may do with the chat, where the contract of HubSpot's bots is spoken.
    pub talk: Option<TalkDef>,
    /// What happens after which outcome; one that is missing follows the action's default.
    pub outcomes: Vec<(Outcome, Arm)>,
    /// How long the host has, in milliseconds; without it, [`HOST_DEADLINE`](crate::action::HOST_DEADLINE).
    pub deadline: Option<i64>,
}

impl Image {
    /// The action that is done at a place.
    pub fn act_at(&self, place: PlaceId) -> Option<&ActDef> {
        match &self.sites.iter().find(|site| site.id == place)?.wait {
            Wait::Act(act) => Some(act),
            Wait::Ask(_) | Wait::Pause(_) | Wait::Do(_) => None,
        }
    }
}

impl ActDef {
    /// The action with nothing but what it names.
    pub const fn of(action: Action, object: Object) -> ActDef {
        ActDef {
            action,
            object,
            arguments: Vec::new(),
            given: Vec::new(),
            results: Vec::new(),
            talk: None,
            outcomes: Vec::new(),
            deadline: None,
        }
    }

    /// Whether it hands the host values by names, or stores what the host says.
    pub fn exchanges(&self) -> bool {
        !self.given.is_empty() || !self.results.is_empty() || self.talk.is_some()
    }

    /// How many values it finds on the stack.
    pub fn values(&self) -> usize {
        self.arguments.len() + self.given.iter().map(|given| given.from.values()).sum::<usize>()
    }
}

/// A value that the host is handed by a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenDef {
    /// What it is for.
    pub part: Part,
    /// Its name; empty for an address.
    pub name: Str,
    /// Where it comes from.
    pub from: GivenFrom,
}

/// Where a value comes from that the host is handed. Where one is unknown or of another type, nobody is asked: the
/// action has failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenFrom {
    /// The stack: it keeps its type.
    Value(Type),
    /// Words and values of the stack, written as other programs know them.
    Pieces(Vec<GivenPiece>),
    /// The host, which keeps this secret.
    Secret(Object),
}

/// A piece of a text that other programs read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenPiece {
    /// These words.
    Words(Str),
    /// A value of the stack, which is of this type.
    Value(Type),
}

impl GivenFrom {
    /// How many values it finds on the stack.
    pub fn values(&self) -> usize {
        match self {
            GivenFrom::Value(_) => 1,
            GivenFrom::Pieces(pieces) => {
                pieces.iter().filter(|piece| matches!(piece, GivenPiece::Value(_))).count()
            }
            GivenFrom::Secret(_) => 0,
        }
    }
}

/// What a server may do with the chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TalkDef {
    /// Where it may lead the chat, by the names it uses.
    pub nexts: Vec<(Str, Arm)>,
    /// Where the call begins that is done again with the visitor's reply, if it may ask them.
    pub asks: Option<Addr>,
}

/// A value that the host says and the flow stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultDef {
    /// Where it stands in what the host says: `value`, `quote.total`.
    pub path: Str,
    /// Where it is stored, and as what.
    pub slot: Slot,
}

/// One line of `anytime`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnytimeDef {
    /// The condition.
    pub when: Fragment,
    /// What happens next; a block stands in `code`.
    pub arm: Arm,
}

/// What a flow says in another of its languages, over the same indices. What is not here is said in the first one.
/// Each list is in the order of what it translates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translation {
    /// Which of the header's languages; never the first.
    pub language: u32,
    /// The strings of this language, each once. Every [`Str`] of a translation is one of these.
    pub strings: Strings,
    /// The texts with holes; each has as many as the one it translates.
    pub texts: Vec<(Text, Template)>,
    /// The labels of replies, by their places and numbers.
    pub replies: Vec<((Site, u32), Str)>,
    /// The labels of options, by their lists and numbers.
    pub options: Vec<((Options, u32), Str)>,
    /// The texts of settings.
    pub settings: Vec<(Setting, Str)>,
    /// What is said in place of the runtime's own texts.
    pub built_in: Vec<(BuiltIn, Str)>,
    /// The titles of things.
    pub objects: Vec<(Object, Str)>,
}

/// Where the instructions come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Debug {
    /// The file the flow was written in, as given to the compiler.
    pub file: Str,
    /// Where the instructions of another file begin, and that file: the steps of modules stand among those of the
    /// flow. Addresses ascend; before the first, it is the flow's own file.
    pub files: Vec<(Addr, Str)>,
    /// For each instruction that begins a statement: its address and its line in its file, from 1. Addresses ascend.
    pub lines: Vec<(Addr, u32)>,
}

impl Debug {
    /// The file that the instruction at an address was written in.
    pub fn file_at(&self, at: Addr) -> Str {
        let after = self.files.partition_point(|(begins, _)| *begins <= at);
        after.checked_sub(1).and_then(|before| self.files.get(before)).map_or(self.file, |(_, file)| *file)
    }
}

#[expect(clippy::derivable_impls, reason = "a macro declares the indices, and no other one has a default")]
impl Default for Str {
    fn default() -> Str {
        Str(0)
    }
}

impl SiteDef {
    /// How many values an action takes here.
    pub fn arguments(&self) -> usize {
        match &self.wait {
            Wait::Ask(_) | Wait::Pause(_) | Wait::Do(_) => 0,
            Wait::Act(act) => act.values(),
        }
    }
}

impl Image {
    /// The text of a template that has no holes, for settings and labels.
    pub fn plain(&self, text: Text) -> Option<&str> {
        match self.texts.get(text.index())?.pieces.as_slice() {
            [] => Some(""),
            [Piece::Words(words)] => Some(self.strings.get(*words)),
            _ => None,
        }
    }

    /// The inbox that the flow's chats go to.
    pub fn own_inbox(&self) -> Option<&InboxDef> {
        self.flow.inboxes.get(self.flow.inbox?.index())
    }

    /// The IANA name of the zone in which the flow lives: that of its inbox's hours. Without one it lives in UTC.
    pub fn zone(&self) -> Option<&str> {
        Some(self.strings.get(self.own_inbox()?.hours.first()?.zone))
    }

    /// The IANA names of all zones in which the flow's inboxes have hours, each once.
    pub fn zones(&self) -> BTreeSet<&str> {
        let hours = self.flow.inboxes.iter().flat_map(|inbox| &inbox.hours);
        hours.map(|hours| self.strings.get(hours.zone)).collect()
    }

    /// The options of a type that has them.
    pub fn options_of(&self, ty: Type) -> Option<&OptionsDef> {
        self.options.get(ty.options()?.index())
    }
}
