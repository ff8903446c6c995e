//! The action table: everything a flow can ask its host to do, each declared once.
//!
//! Resolver, checker, emitter, verifier, documentation and `explain` read these rows; a test walks them. Control
//! (`ask`, `say`, `set`, `if`, `->`) is syntax of its own and is not listed here: a row is what a *host* author
//! would want to add.

use crate::language::BuiltIn;
use crate::plan::Plan;

/// What a flow can ask its host to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Offers a meeting's free slots.
    BookMeeting,
    /// Opens a ticket for this chat.
    CreateTicket,
    /// Gives the chat to a person.
    HandOff,
    /// Puts the contact on a list.
    AddToList,
    /// Takes the contact off a list.
    RemoveFromList,
    /// Subscribes the contact to a kind of mail.
    Subscribe,
    /// Enrolls the contact in a workflow of the CRM.
    Enroll,
    /// Shows an article of the knowledge base.
    ShareArticle,
}

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
    /// Whom it waits for.
    pub waits: Waits,
    /// The smallest plan that has it.
    pub plan: Plan,
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
}

/// The kinds of things an action can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectKind {
    /// A team of users.
    Team,
    /// One user.
    User,
    /// A meeting link.
    Meeting,
    /// A ticket pipeline.
    Pipeline,
    /// Whoever owns the contact.
    ContactOwner,
    /// Nobody in particular: the inbox.
    Unassigned,
    /// A static list of contacts.
    List,
    /// A kind of mail that contacts subscribe to.
    Subscription,
    /// A workflow of the CRM.
    Workflow,
    /// An article of the knowledge base.
    Article,
}

impl ObjectKind {
    /// Every kind, in the order of its number in a program.
    pub const ALL: &'static [ObjectKind] = &[
        ObjectKind::Team,
        ObjectKind::User,
        ObjectKind::Meeting,
        ObjectKind::Pipeline,
        ObjectKind::ContactOwner,
        ObjectKind::Unassigned,
        ObjectKind::List,
        ObjectKind::Subscription,
        ObjectKind::Workflow,
        ObjectKind::Article,
    ];

    /// The words that declare or name it in a flow.
    pub const fn word(self) -> &'static str {
        match self {
            ObjectKind::Team => "team",
            ObjectKind::User => "user",
            ObjectKind::Meeting => "meeting",
            ObjectKind::Pipeline => "pipeline",
            ObjectKind::List => "list",
            ObjectKind::Subscription => "subscription",
            ObjectKind::Workflow => "workflow",
            ObjectKind::Article => "article",
            ObjectKind::ContactOwner => "contact owner",
            ObjectKind::Unassigned => "unassigned",
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
    /// One sentence.
    pub doc: &'static str,
}

/// The settings of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Argument {
    /// What the people who take over are told.
    Note,
    /// A ticket's title.
    Subject,
    /// A ticket's text.
    Body,
    /// How urgent a ticket is.
    Priority,
    /// The stage of the pipeline where a ticket starts.
    Stage,
}

impl Argument {
    /// Every argument, in the order of its number in a program.
    pub const ALL: &'static [Argument] =
        &[Argument::Note, Argument::Subject, Argument::Body, Argument::Priority, Argument::Stage];

    /// The word that gives it in a flow.
    pub const fn word(self) -> &'static str {
        match self {
            Argument::Note => "note",
            Argument::Subject => "subject",
            Argument::Body => "body",
            Argument::Priority => "priority",
            Argument::Stage => "stage",
        }
    }
}

/// What a setting takes.
#[derive(Debug)]
pub enum Takes {
    /// Any text; numbers, dates and options are shown as text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of the stages of the pipeline that is named.
    StageOfPipeline,
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

/// The outcomes of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// A slot was booked.
    Booked,
    /// The visitor does not want to.
    Declined,
    /// The ticket exists.
    Created,
    /// A person took the chat.
    Taken,
    /// Nobody is there.
    Unavailable,
    /// The host could not do it, or its deadline passed.
    Failed,
    /// What was shown helped.
    Helpful,
    /// What was shown did not help.
    NotHelpful,
}

impl Outcome {
    /// Every outcome, in the order of its number in a program.
    pub const ALL: &'static [Outcome] = &[
        Outcome::Booked,
        Outcome::Declined,
        Outcome::Created,
        Outcome::Taken,
        Outcome::Unavailable,
        Outcome::Failed,
        Outcome::Helpful,
        Outcome::NotHelpful,
    ];

    /// The word for it in a flow.
    pub const fn word(self) -> &'static str {
        match self {
            Outcome::Booked => "booked",
            Outcome::Declined => "declined",
            Outcome::Created => "created",
            Outcome::Taken => "taken",
            Outcome::Unavailable => "unavailable",
            Outcome::Failed => "failed",
            Outcome::Helpful => "helpful",
            Outcome::NotHelpful => "not_helpful",
        }
    }

    /// The outcome with this word.
    pub fn named(word: &str) -> Option<Outcome> {
        Outcome::ALL.iter().copied().find(|outcome| outcome.word() == word)
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
    /// The flow is completed; a flow cannot say anything else.
    Complete,
}

/// Whom an action waits for, and so what its silence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Nobody: the host delivers it in order, at least once, and the flow goes on.
    Nobody,
    /// The host, at most the given milliseconds; later the outcome is the given one.
    Host(i64, Outcome),
    /// The visitor, as a question does.
    Visitor {
        /// The outcomes that the visitor's replies give, with what the replies say.
        replies: &'static [(Outcome, BuiltIn)],
        /// What is said to a message that is none of them.
        prompt: BuiltIn,
    },
}

/// How long the host has, in milliseconds, where the flow does not say.
pub const HOST_DEADLINE: i64 = 30_000;

impl Action {
    /// Every action, in the order of its number in a program.
    pub const ALL: &'static [Action] = &[
        Action::BookMeeting,
        Action::CreateTicket,
        Action::HandOff,
        Action::AddToList,
        Action::RemoveFromList,
        Action::Subscribe,
        Action::Enroll,
        Action::ShareArticle,
    ];

    /// The action's row.
    pub const fn spec(self) -> &'static ActionSpec {
        match self {
            Action::BookMeeting => &ActionSpec {
                name: "book_meeting",
                head: "book meeting",
                doc: "Offers the visitor the free slots of a meeting and waits for one to be booked.",
                objects: &[ObjectSpec::Named { kind: ObjectKind::Meeting, word: false }],
                settings: &[],
                outcomes: &[
                    OutcomeSpec {
                        outcome: Outcome::Booked,
                        default: OutcomeDefault::GoOn,
                        doc: "A slot was booked.",
                    },
                    OutcomeSpec {
                        outcome: Outcome::Declined,
                        default: OutcomeDefault::MustBeSaid,
                        doc: "The visitor does not want to book.",
                    },
                    OutcomeSpec {
                        outcome: Outcome::Failed,
                        default: OutcomeDefault::Error,
                        doc: "The calendar could not be reached.",
                    },
                ],
                waits: Waits::Visitor {
                    replies: &[(Outcome::Declined, BuiltIn::MeetingDecline)],
                    prompt: BuiltIn::MeetingPrompt,
                },
                plan: Plan::Free,
                sample: "book meeting intro {\n  booked   -> thanks\n  declined -> talk\n}",
            },
            Action::CreateTicket => &ActionSpec {
                name: "create_ticket",
                head: "create ticket",
                doc: "Opens a ticket in a pipeline, tied to this chat.",
                objects: &[ObjectSpec::Named { kind: ObjectKind::Pipeline, word: false }],
                settings: &[
                    ArgumentSpec {
                        argument: Argument::Subject,
                        takes: Takes::Text,
                        doc: "The ticket's title; without it, the flow's title.",
                    },
                    ArgumentSpec {
                        argument: Argument::Body,
                        takes: Takes::Text,
                        doc: "The ticket's text; without it, the chat itself.",
                    },
                    ArgumentSpec {
                        argument: Argument::Priority,
                        takes: Takes::Word(&["low", "medium", "high", "urgent"]),
                        doc: "How urgent it is; without it, the pipeline decides.",
                    },
                    ArgumentSpec {
                        argument: Argument::Stage,
                        takes: Takes::StageOfPipeline,
                        doc: "Where in the pipeline it starts; without it, the first stage.",
                    },
                ],
                outcomes: &[
                    OutcomeSpec {
                        outcome: Outcome::Created,
                        default: OutcomeDefault::GoOn,
                        doc: "The ticket exists.",
                    },
                    OutcomeSpec {
                        outcome: Outcome::Failed,
                        default: OutcomeDefault::Error,
                        doc: "The host could not create it in time.",
                    },
                ],
                waits: Waits::Host(HOST_DEADLINE, Outcome::Failed),
                plan: Plan::Free,
                sample: "create ticket support {\n  subject \"Chat\"\n  created -> thanks\n}",
            },
            Action::HandOff => &ActionSpec {
                name: "hand_off",
                head: "hand off to",
                doc: "Gives the chat to a person; when one takes it, the flow is completed.",
                objects: &[
                    ObjectSpec::Named { kind: ObjectKind::Team, word: true },
                    ObjectSpec::Named { kind: ObjectKind::User, word: true },
                    ObjectSpec::Words("contact owner", ObjectKind::ContactOwner),
                    ObjectSpec::Words("unassigned", ObjectKind::Unassigned),
                ],
                settings: &[ArgumentSpec {
                    argument: Argument::Note,
                    takes: Takes::Text,
                    doc: "What the person who takes over is told; the visitor does not see it.",
                }],
                outcomes: &[
                    OutcomeSpec {
                        outcome: Outcome::Taken,
                        default: OutcomeDefault::Complete,
                        doc: "A person took the chat.",
                    },
                    OutcomeSpec {
                        outcome: Outcome::Unavailable,
                        default: OutcomeDefault::MustBeSaid,
                        doc: "Nobody can take it now.",
                    },
                ],
                waits: Waits::Host(HOST_DEADLINE, Outcome::Unavailable),
                plan: Plan::Free,
                sample: "hand off to team sales {\n  note \"Came from {page.path}\"\n  unavailable -> leave_message\n}",
            },
            Action::AddToList => &ActionSpec {
                name: "add_to_list",
                head: "add contact to",
                doc: "Puts the contact on a static list.",
                objects: &[ObjectSpec::Named { kind: ObjectKind::List, word: true }],
                settings: &[],
                outcomes: &[],
                waits: Waits::Nobody,
                plan: Plan::Starter,
                sample: "if contact.email is known then {\n  add contact to list newsletter\n}",
            },
            Action::RemoveFromList => &ActionSpec {
                name: "remove_from_list",
                head: "remove contact from",
                doc: "Takes the contact off a static list.",
                objects: &[ObjectSpec::Named { kind: ObjectKind::List, word: true }],
                settings: &[],
                outcomes: &[],
                waits: Waits::Nobody,
                plan: Plan::Starter,
                sample: "if contact.email is known then {\n  remove contact from list newsletter\n}",
            },
            Action::Subscribe => &ActionSpec {
                name: "subscribe",
                head: "subscribe contact to",
                doc: "Subscribes the contact to a kind of mail.",
                objects: &[ObjectSpec::Named { kind: ObjectKind::Subscription, word: false }],
                settings: &[],
                outcomes: &[],
                waits: Waits::Nobody,
                plan: Plan::Free,
                sample: "if contact.email is known then {\n  subscribe contact to product_news\n}",
            },
            Action::Enroll => &ActionSpec {
                name: "enroll",
                head: "enroll contact in",
                doc: "Enrolls the contact in a workflow of the CRM.",
                objects: &[ObjectSpec::Named { kind: ObjectKind::Workflow, word: true }],
                settings: &[],
                outcomes: &[],
                waits: Waits::Nobody,
                plan: Plan::Professional,
                sample: "if contact.email is known then {\n  enroll contact in workflow nurture\n}",
            },
            Action::ShareArticle => &ActionSpec {
                name: "share_article",
                head: "share article",
                doc: "Shows an article of the knowledge base and waits for what the visitor makes of it.",
                objects: &[ObjectSpec::Named { kind: ObjectKind::Article, word: false }],
                settings: &[],
                outcomes: &[
                    OutcomeSpec {
                        outcome: Outcome::Helpful,
                        default: OutcomeDefault::GoOn,
                        doc: "The visitor says that it helped.",
                    },
                    OutcomeSpec {
                        outcome: Outcome::NotHelpful,
                        default: OutcomeDefault::GoOn,
                        doc: "The visitor says that it did not help.",
                    },
                ],
                waits: Waits::Visitor {
                    replies: &[
                        (Outcome::Helpful, BuiltIn::ArticleHelpful),
                        (Outcome::NotHelpful, BuiltIn::ArticleNotHelpful),
                    ],
                    prompt: BuiltIn::ArticlePrompt,
                },
                plan: Plan::Professional,
                sample: "share article reset {\n  not_helpful -> talk\n}",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Programs hold the numbers of these; a variant that moved would change what old programs mean.
    #[test]
    fn lists_stand_in_the_order_of_their_numbers() {
        assert!(Action::ALL.iter().enumerate().all(|(number, action)| *action as usize == number));
        assert!(ObjectKind::ALL.iter().enumerate().all(|(number, kind)| *kind as usize == number));
        assert!(Argument::ALL.iter().enumerate().all(|(number, argument)| *argument as usize == number));
        assert!(Outcome::ALL.iter().enumerate().all(|(number, outcome)| *outcome as usize == number));
    }

    /// A host finds an action's outcomes by their words, and a flow an action by its first words.
    #[test]
    fn rows_can_be_told_apart() {
        for (number, action) in Action::ALL.iter().enumerate() {
            for other in Action::ALL.iter().skip(number + 1) {
                assert_ne!(action.spec().head, other.spec().head);
                assert_ne!(action.spec().name, other.spec().name);
            }
            assert!(action.spec().sample.contains(action.spec().head), "{}", action.spec().head);
        }
    }
}
