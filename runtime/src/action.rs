//! The action table: everything a flow can ask its host to do, each declared once.
//!
//! Resolver, checker, emitter, verifier, hosts, documentation and `explain` read these rows; a test walks them. Control
//! (`ask`, `say`, `set`, `if`, `->`) is syntax of its own and is not listed here: a row is what a *host* author
//! would want to add. The rows are in `table`, the words they use in `words`.

mod table;
mod words;

use alloc::string::String;

use crate::language::BuiltIn;
use crate::plan::Plan;

pub use table::Action;
pub use words::{Argument, ObjectKind, Outcome, Part};

/// One row of the table.
#[derive(Debug)]
pub struct ActionSpec {
    /// What the line protocol calls it.
    pub name: &'static str,
    /// The words a statement of this action begins with.
    pub head: &'static str,
    /// One sentence: what it does.
    pub doc: &'static str,
    /// What may stand after the head; the first that fits is taken.
    pub objects: &'static [ObjectSpec],
    /// The settings of its block.
    pub settings: &'static [ArgumentSpec],
    /// What may become of it.
    pub outcomes: &'static [OutcomeSpec],
    /// What it hands the host by names, with values that keep their types.
    pub hands: &'static [Part],
    /// The outcome with which the host says the values that the flow stores; where one of them is missing or does not
    /// fit, it is a failure instead.
    pub brings: Option<Outcome>,
    /// Whom it waits for.
    pub waits: Waits,
    /// The smallest plan that has it.
    pub plan: Plan,
    /// Whether the CRM can do it only for a contact with an e-mail address.
    pub needs_address: bool,
    /// What becomes of it in a test or a terminal, where there is no host that does it.
    pub unattended: Unattended,
    /// What a host does, in the third person; `{}` stands for what the action names.
    pub doing: &'static str,
    /// A flow's statement that uses it, in a workspace like that of the examples.
    pub sample: &'static str,
}

/// What may stand after an action's head.
#[derive(Debug)]
pub enum ObjectSpec {
    /// A name the workspace declares: `team sales` (with the kind's word) or `intro` (without).
    Named {
        /// The kind of thing named.
        kind: ObjectKind,
        /// Whether the kind's word stands before the name.
        word: bool,
    },
    /// Fixed words: `contact owner`, `unassigned`.
    Words(&'static str, ObjectKind),
    /// A name of the workspace with values in parentheses, which stands for the value that the host says: the right side
    /// of `let`.
    Called(ObjectKind),
    /// An address in quotes, which may have holes.
    Address(ObjectKind),
}

impl ObjectSpec {
    /// The kind of thing that stands there.
    pub const fn kind(&self) -> ObjectKind {
        match self {
            ObjectSpec::Named { kind, .. }
            | ObjectSpec::Words(_, kind)
            | ObjectSpec::Called(kind)
            | ObjectSpec::Address(kind) => *kind,
        }
    }
}

/// One setting of an action.
#[derive(Debug)]
pub struct ArgumentSpec {
    /// Which.
    pub argument: Argument,
    /// What it takes.
    pub takes: Takes,
    /// What holds where the flow does not give it.
    pub default: ArgumentDefault,
    /// One sentence.
    pub doc: &'static str,
}

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Any text; numbers, dates and options are shown as text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of the stages of the pipeline that is named.
    StageOfPipeline,
    /// A block of names and values, which are handed over as this.
    Named(Part),
    /// A path in quotes, `as`, and a local with its type; once for each.
    Results,
    /// A name in quotes and an arrow; once for each.
    Nicknames,
    /// Nothing: it stands alone.
    Nothing,
}

impl Takes {
    /// Whether such a setting may be given more than once.
    pub const fn repeats(self) -> bool {
        matches!(self, Takes::Results | Takes::Nicknames)
    }

    /// Whether what it takes is one of the values of [`ActDef::arguments`](crate::image::ActDef::arguments).
    pub const fn is_argument(self) -> bool {
        matches!(self, Takes::Text | Takes::Word(_) | Takes::StageOfPipeline)
    }
}

/// What holds where a flow does not give a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentDefault {
    /// The host decides, as the setting's sentence says.
    Host,
    /// The visitor's last reply.
    Reply,
    /// This word.
    Word(&'static str),
}

/// One outcome of an action.
#[derive(Debug)]
pub struct OutcomeSpec {
    /// Which.
    pub outcome: Outcome,
    /// What happens where the flow does not say.
    pub default: OutcomeDefault,
    /// One sentence: when it comes.
    pub doc: &'static str,
}

impl OutcomeSpec {
    /// Whether a flow may say what happens then.
    pub const fn is_sayable(&self) -> bool {
        match self.default {
            OutcomeDefault::MustBeSaid
            | OutcomeDefault::GoOn
            | OutcomeDefault::Error
            | OutcomeDefault::As(_) => true,
            OutcomeDefault::Complete | OutcomeDefault::Show => false,
        }
    }
}

/// What happens after an outcome that the flow does not mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeDefault {
    /// The flow must say.
    MustBeSaid,
    /// The next statement runs.
    GoOn,
    /// The error text is shown and the flow ends.
    Error,
    /// The same as after this other outcome.
    As(Outcome),
    /// The flow is completed; a flow cannot say anything else.
    Complete,
    /// The visitor is shown what the host has and asked about it; a flow cannot say anything else.
    Show,
}

/// Whom an action waits for, one after the other, and so what silence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Nobody: the host delivers it in order, at least once, and the flow goes on.
    Nobody,
    /// The host, within its deadline; later the outcome is this one.
    Host(Outcome),
    /// The visitor, as a question does.
    Visitor(Offer),
    /// First the host, as above; when it has something to show, the visitor.
    HostThenVisitor(Outcome, Offer),
    /// First the host, as above; where it asks the visitor something, their reply, and then the host again with it.
    HostThenReply(Outcome),
}

/// What the visitor is offered where an action waits for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The outcomes that the visitor's replies give, with what the replies say.
    pub replies: &'static [(Outcome, BuiltIn)],
    /// What is said to a message that is none of them, or with what the host has found.
    pub prompt: BuiltIn,
    /// What else may become of it, by what the host itself shows: a calendar. A terminal, which has none, offers these words.
    pub shown: Option<(Outcome, &'static str)>,
}

impl Offer {
    /// Whether it is the visitor who makes this outcome of it.
    pub fn gives(&self, outcome: Outcome) -> bool {
        let replies = self.replies.iter().map(|(outcome, _)| *outcome);
        replies.chain(self.shown.map(|(outcome, _)| outcome)).any(|given| given == outcome)
    }
}

impl Waits {
    /// What it is when the host's time is over, if the host is waited for.
    pub const fn late(self) -> Option<Outcome> {
        match self {
            Waits::Host(late) | Waits::HostThenVisitor(late, _) | Waits::HostThenReply(late) => Some(late),
            Waits::Nobody | Waits::Visitor(_) => None,
        }
    }

    /// What the visitor is offered, if they are waited for at some point.
    pub const fn offer(self) -> Option<Offer> {
        match self {
            Waits::Visitor(offer) | Waits::HostThenVisitor(_, offer) => Some(offer),
            Waits::Nobody | Waits::Host(_) | Waits::HostThenReply(_) => None,
        }
    }

    /// Whether the visitor may be waited for at some point.
    pub const fn may_be_for_visitor(self) -> bool {
        match self {
            Waits::Visitor(_) | Waits::HostThenVisitor(..) | Waits::HostThenReply(_) => true,
            Waits::Nobody | Waits::Host(_) => false,
        }
    }
}

/// What becomes of an action where no host does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unattended {
    /// Nothing: somebody must say.
    Waits,
    /// This.
    Becomes(Outcome),
    /// The first where whom it names is there, else the second.
    IfThere(Outcome, Outcome),
    /// This, with the values that somebody says: a test before it comes to that, or whoever sits at the terminal.
    Answers(Outcome),
}

/// How long the host has, in milliseconds, where the flow does not say.
pub const HOST_DEADLINE: i64 = 30_000;

/// The shortest and the longest deadline that a flow may give the host, in milliseconds: a tenth of a second to ten
/// minutes.
pub const DEADLINES: (i64, i64) = (100, 600_000);

/// The shortest and the longest time that a flow may give the visitor at one place, in milliseconds: a second to a year.
pub const TIMEOUTS: (i64, i64) = (1000, 365 * 86_400_000);

/// Whether a length of time, in milliseconds, lies within bounds.
pub const fn within(bounds: (i64, i64), milliseconds: i64) -> bool {
    bounds.0 <= milliseconds && milliseconds <= bounds.1
}

impl ActionSpec {
    /// The setting of this kind, if the action has it.
    pub fn setting(&self, argument: Argument) -> Option<&'static ArgumentSpec> {
        self.settings.iter().find(|setting| setting.argument == argument)
    }

    /// The outcome's row, if the action can have it.
    pub fn outcome(&self, outcome: Outcome) -> Option<&'static OutcomeSpec> {
        self.outcomes.iter().find(|row| row.outcome == outcome)
    }

    /// The outcomes that a flow may mention.
    pub fn sayable(&self) -> impl Iterator<Item = &'static OutcomeSpec> + Clone {
        self.outcomes.iter().filter(|outcome| outcome.is_sayable())
    }

    /// Whether a statement begins with its head. What is called stands in a `let` instead.
    pub fn is_statement(&self) -> bool {
        !self.objects.iter().any(|object| matches!(object, ObjectSpec::Called(_)))
    }

    /// What stands behind the head for a thing: `team sales`, `intro`; nothing, if the action takes no such thing.
    pub fn object_words(&self, kind: ObjectKind, name: &str) -> Option<String> {
        self.objects.iter().find(|object| object.kind() == kind).map(|object| match object {
            ObjectSpec::Words(words, _) => String::from(*words),
            ObjectSpec::Named { kind, word: true } => alloc::format!("{} {name}", kind.word()),
            ObjectSpec::Named { word: false, .. } | ObjectSpec::Called(_) => String::from(name),
            ObjectSpec::Address(_) => String::new(),
        })
    }

    /// What it is where something goes wrong: what a test's `fail` makes of it.
    pub fn failure(&self) -> Option<Outcome> {
        match (self.outcome(Outcome::Failed), self.waits.late()) {
            (Some(_), _) => Some(Outcome::Failed),
            (None, late) => late,
        }
    }
}
