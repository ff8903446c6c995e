//! The rows. A new action is a row here and nothing else in this room.

use super::OutcomeDefault::{As, Complete, Error, GoOn, MustBeSaid, Show};
use super::{
    ActionSpec, Argument, ArgumentDefault, ArgumentSpec, ObjectKind, ObjectSpec, Offer, Outcome,
    OutcomeDefault, OutcomeSpec, Part, Takes, Unattended, Waits,
};
use crate::language::BuiltIn;
use crate::plan::Plan;

/// Declares the actions, in the order of their numbers in a program: new ones come last. A row's first line is its `doc`.
macro_rules! actions {
    ($($(#[doc = $doc:literal])* $name:ident { $($row:tt)* })*) => {
        /// What a flow can ask its host to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[doc = $doc])* $name,)* }

        impl Action {
            /// Every action, in the order of its number in a program.
            pub const ALL: &'static [Action] = &[$(Action::$name,)*];

            /// The action's row.
            pub const fn spec(self) -> &'static ActionSpec {
                match self {
                    $(Action::$name => {
                        const ROW: &ActionSpec = &ActionSpec { doc: concat!($($doc),*).trim_ascii(), $($row)* };
                        ROW
                    })*
                }
            }
        }
    };
}

const fn outcome(outcome: Outcome, default: OutcomeDefault, doc: &'static str) -> OutcomeSpec {
    OutcomeSpec { outcome, default, doc }
}

/// A setting that the host decides where the flow does not give it.
const fn setting(argument: Argument, takes: Takes, doc: &'static str) -> ArgumentSpec {
    ArgumentSpec { argument, takes, default: ArgumentDefault::Host, doc }
}

/// `VERB NAME`.
const fn named(kind: ObjectKind) -> ObjectSpec {
    ObjectSpec::Named { kind, word: false }
}

/// `VERB KIND NAME`.
const fn with_its_kind(kind: ObjectKind) -> ObjectSpec {
    ObjectSpec::Named { kind, word: true }
}

actions! {
    /// Offers the visitor the free slots of a meeting and waits for one to be booked.
    BookMeeting {
        name: "book_meeting",
        head: "book meeting",
        objects: &[named(ObjectKind::Meeting)],
        settings: &[],
        outcomes: &[
            outcome(Outcome::Booked, GoOn, "A slot was booked."),
            outcome(Outcome::Declined, MustBeSaid, "The visitor does not want to book."),
            outcome(Outcome::Failed, Error, "The calendar could not be reached."),
        ],
        hands: &[],
        brings: None,
        waits: Waits::Visitor(Offer {
            replies: &[(Outcome::Declined, BuiltIn::MeetingDecline)],
            prompt: BuiltIn::MeetingPrompt,
            shown: Some((Outcome::Booked, "book a slot")),
        }),
        plan: Plan::Free,
        needs_address: false,
        unattended: Unattended::Waits,
        doing: "offers a meeting, {}",
        sample: "book meeting intro {\n  booked   -> thanks\n  declined -> talk\n}",
    }

    /// Opens a ticket in a pipeline, tied to this chat.
    CreateTicket {
        name: "create_ticket",
        head: "create ticket",
        objects: &[named(ObjectKind::Pipeline)],
        settings: &[
            setting(Argument::Subject, Takes::Text, "The ticket's title; without it, the flow's title."),
            setting(Argument::Body, Takes::Text, "The ticket's text; without it, the chat itself."),
            setting(
                Argument::Priority,
                Takes::Word(&["low", "medium", "high", "urgent"]),
                "How urgent it is; without it, the pipeline decides.",
            ),
            setting(
                Argument::Stage,
                Takes::StageOfPipeline,
                "Where in the pipeline it starts; without it, the first stage.",
            ),
        ],
        outcomes: &[
            outcome(Outcome::Created, GoOn, "The ticket exists."),
            outcome(Outcome::Failed, Error, "The host could not create it in time."),
        ],
        hands: &[],
        brings: None,
        waits: Waits::Host(Outcome::Failed),
        plan: Plan::Free,
        needs_address: false,
        unattended: Unattended::Becomes(Outcome::Created),
        doing: "creates a ticket in {}",
        sample: "create ticket support {\n  subject \"Chat\"\n  created -> thanks\n}",
    }

    /// Gives the chat to a person; when one takes it, the flow is completed.
    HandOff {
        name: "hand_off",
        head: "hand off to",
        objects: &[
            with_its_kind(ObjectKind::Team),
            with_its_kind(ObjectKind::User),
            ObjectSpec::Words("contact owner", ObjectKind::ContactOwner),
            ObjectSpec::Words("unassigned", ObjectKind::Unassigned),
        ],
        settings: &[setting(
            Argument::Note,
            Takes::Text,
            "What the person who takes over is told; the visitor does not see it.",
        )],
        outcomes: &[
            outcome(Outcome::Taken, Complete, "A person took the chat."),
            outcome(Outcome::Unavailable, MustBeSaid, "Nobody can take it now."),
        ],
        hands: &[],
        brings: None,
        waits: Waits::Host(Outcome::Unavailable),
        plan: Plan::Free,
        needs_address: false,
        unattended: Unattended::IfThere(Outcome::Taken, Outcome::Unavailable),
        doing: "hands off to {}",
        sample: "hand off to team sales {\n  note \"Came from {page.path}\"\n  unavailable -> leave_message\n}",
    }

    /// Puts the contact on a static list.
    AddToList {
        name: "add_to_list",
        head: "add contact to",
        objects: &[with_its_kind(ObjectKind::List)],
        settings: &[],
        outcomes: &[],
        hands: &[],
        brings: None,
        waits: Waits::Nobody,
        plan: Plan::Starter,
        needs_address: true,
        unattended: Unattended::Waits,
        doing: "adds the contact to the list {}",
        sample: "if contact.email is known then {\n  add contact to list newsletter\n}",
    }

    /// Takes the contact off a static list.
    RemoveFromList {
        name: "remove_from_list",
        head: "remove contact from",
        objects: &[with_its_kind(ObjectKind::List)],
        settings: &[],
        outcomes: &[],
        hands: &[],
        brings: None,
        waits: Waits::Nobody,
        plan: Plan::Starter,
        needs_address: true,
        unattended: Unattended::Waits,
        doing: "takes the contact off the list {}",
        sample: "if contact.email is known then {\n  remove contact from list newsletter\n}",
    }

    /// Subscribes the contact to a kind of mail.
    Subscribe {
        name: "subscribe",
        head: "subscribe contact to",
        objects: &[named(ObjectKind::Subscription)],
        settings: &[],
        outcomes: &[],
        hands: &[],
        brings: None,
        waits: Waits::Nobody,
        plan: Plan::Free,
        needs_address: true,
        unattended: Unattended::Waits,
        doing: "subscribes the contact to {}",
        sample: "if contact.email is known then {\n  subscribe contact to product_news\n}",
    }

    /// Enrolls the contact in a workflow of the CRM.
    Enroll {
        name: "enroll",
        head: "enroll contact in",
        objects: &[with_its_kind(ObjectKind::Workflow)],
        settings: &[],
        outcomes: &[],
        hands: &[],
        brings: None,
        waits: Waits::Nobody,
        plan: Plan::Professional,
        needs_address: true,
        unattended: Unattended::Waits,
        doing: "enrolls the contact in the workflow {}",
        sample: "if contact.email is known then {\n  enroll contact in workflow nurture\n}",
    }

    /// Shows an article of the knowledge base and waits for what the visitor makes of it.
    ShareArticle {
        name: "share_article",
        head: "share article",
        objects: &[named(ObjectKind::Article)],
        settings: &[],
        outcomes: &[
            outcome(Outcome::Helpful, GoOn, "The visitor says that it helped."),
            outcome(Outcome::NotHelpful, GoOn, "The visitor says that it did not help."),
        ],
        hands: &[],
        brings: None,
        waits: Waits::Visitor(Offer {
            replies: &[
                (Outcome::Helpful, BuiltIn::ArticleHelpful),
                (Outcome::NotHelpful, BuiltIn::ArticleNotHelpful),
            ],
            prompt: BuiltIn::ArticlePrompt,
            shown: None,
        }),
        plan: Plan::Professional,
        needs_address: false,
        unattended: Unattended::Waits,
        doing: "shows the article {}",
        sample: "share article reset {\n  not_helpful -> talk\n}",
    }

    /// Looks for articles in a knowledge base, shows what was found, and asks the visitor whether that solved it.
    SearchKnowledge {
        name: "search_knowledge",
        head: "search knowledge",
        objects: &[named(ObjectKind::Knowledge)],
        settings: &[ArgumentSpec {
            argument: Argument::Question,
            takes: Takes::Text,
            default: ArgumentDefault::Reply,
            doc: "What is looked for; without it, the visitor's last reply.",
        }],
        outcomes: &[
            outcome(Outcome::Found, Show, "There are articles: the visitor is shown them and asked."),
            outcome(Outcome::Solved, GoOn, "The visitor says that it is solved."),
            outcome(Outcome::Unsolved, MustBeSaid, "Nothing was found, or the visitor says that it is not solved."),
            outcome(Outcome::Failed, As(Outcome::Unsolved), "The host could not look it up in time."),
        ],
        hands: &[],
        brings: None,
        waits: Waits::HostThenVisitor(
            Outcome::Failed,
            Offer {
                replies: &[
                    (Outcome::Solved, BuiltIn::SearchSolved),
                    (Outcome::Unsolved, BuiltIn::SearchUnsolved),
                ],
                prompt: BuiltIn::SearchPrompt,
                shown: None,
            },
        ),
        plan: Plan::Professional,
        needs_address: false,
        unattended: Unattended::Waits,
        doing: "searches {}",
        sample: "search knowledge help {\n  question \"opening hours\"\n  unsolved -> talk\n}",
    }

    /// Asks the host for the value of a function that the workspace declares.
    CallFunction {
        name: "call_function",
        head: "function",
        objects: &[ObjectSpec::Called(ObjectKind::Function)],
        settings: &[],
        outcomes: &[
            outcome(Outcome::Returned, GoOn, "The host has said its value, which is stored."),
            outcome(
                Outcome::Failed,
                Error,
                "The host could not say it in time, or what it said is no value of the function's type.",
            ),
        ],
        hands: &[Part::Parameter],
        brings: Some(Outcome::Returned),
        waits: Waits::Host(Outcome::Failed),
        plan: Plan::Professional,
        needs_address: false,
        unattended: Unattended::Answers(Outcome::Returned),
        doing: "asks for the value of {}",
        sample: "let price = price_for(company.employees or 1) {\n  failed -> talk\n}",
    }

    /// Sends a message to a server and waits for its answer.
    CallWebhook {
        name: "call_webhook",
        head: "call webhook",
        objects: &[ObjectSpec::Address(ObjectKind::Webhook)],
        settings: &[
            ArgumentSpec {
                argument: Argument::Method,
                takes: Takes::Word(&["get", "post", "put", "patch", "delete"]),
                default: ArgumentDefault::Word("post"),
                doc: "What is done at the address; without it, `post`.",
            },
            setting(
                Argument::Headers,
                Takes::Named(Part::Header),
                "What the server is told about the message: `\"Name\" \"value\"`, or `\"Name\" secret NAME`.",
            ),
            setting(
                Argument::Body,
                Takes::Named(Part::Body),
                "What is sent, as JSON: a name, or one in quotes, and its value; without it, what bots of HubSpot send.",
            ),
            setting(
                Argument::Save,
                Takes::Results,
                "What of the answer is stored: `save \"quote.total\" as total: number`.",
            ),
            setting(
                Argument::Next,
                Takes::Nicknames,
                "Where a server of HubSpot's bots may lead: its `nextModuleNickname`, and a step.",
            ),
            setting(
                Argument::Asks,
                Takes::Nothing,
                "A server of HubSpot's bots may ask the visitor, and is called again with the reply.",
            ),
        ],
        outcomes: &[
            outcome(Outcome::Ok, GoOn, "The server has answered, and the answer has what the flow stores."),
            outcome(
                Outcome::Failed,
                Error,
                "No answer came in time, or one with an error, or one that the flow cannot use.",
            ),
        ],
        hands: &[Part::Address, Part::Header, Part::Body],
        brings: Some(Outcome::Ok),
        waits: Waits::HostThenReply(Outcome::Failed),
        plan: Plan::Professional,
        needs_address: false,
        unattended: Unattended::Answers(Outcome::Ok),
        doing: "calls {}",
        sample: "call webhook \"https://acme.example/price\" {\n  body {\n    seats company.employees or 1\n  }\n  save \"total\" as total: number\n  failed -> talk\n}",
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    /// Programs hold the numbers of these; a variant that moved would change what old programs mean.
    #[test]
    fn actions_stand_in_the_order_of_their_numbers() {
        assert!(Action::ALL.iter().enumerate().all(|(number, action)| *action as usize == number));
    }

    /// A host finds an action's outcomes by their words, and a flow an action by its first words.
    #[test]
    fn rows_can_be_told_apart() {
        for (number, action) in Action::ALL.iter().enumerate() {
            for other in Action::ALL.iter().skip(number + 1) {
                assert_ne!(action.spec().head, other.spec().head);
                assert_ne!(action.spec().name, other.spec().name);
            }
        }
    }

    /// Everything that somebody reads is there, and what a row says of its outcomes holds together.
    #[test]
    fn rows_are_whole() {
        for action in Action::ALL {
            let spec = action.spec();
            let name = spec.name;
            let sentence = |text: &str| text.ends_with('.') && text.starts_with(char::is_uppercase);
            assert!(sentence(spec.doc), "{name}: {}", spec.doc);
            assert!(spec.settings.iter().all(|setting| sentence(setting.doc)), "{name}");
            assert!(spec.outcomes.iter().all(|row| sentence(row.doc)), "{name}");
            assert!(spec.doing.contains("{}"), "{name}");
            assert!(!spec.is_statement() || spec.sample.contains(spec.head), "{name}");
            let mut named: Vec<Outcome> = spec.waits.late().into_iter().collect();
            if let Some(offer) = spec.waits.offer() {
                named.extend(offer.replies.iter().map(|(outcome, _)| *outcome));
                named.extend(offer.shown.map(|(outcome, _)| outcome));
            }
            named.extend(spec.brings);
            assert!(
                spec.brings.is_none() || spec.failure().is_some(),
                "{name}: nothing where values do not fit"
            );
            for row in spec.outcomes {
                if let As(other) = row.default {
                    let other = spec.outcome(other).unwrap_or_else(|| panic!("{name}"));
                    assert!(!matches!(other.default, As(_)), "{name}: a default of a default");
                }
            }
            match spec.unattended {
                Unattended::Waits => {}
                Unattended::Becomes(outcome) | Unattended::Answers(outcome) => named.push(outcome),
                Unattended::IfThere(there, not) => named.extend([there, not]),
            }
            for outcome in named {
                assert!(spec.outcome(outcome).is_some(), "{name} is never {}", outcome.word());
            }
            let shows = spec.outcomes.iter().any(|row| row.default == Show);
            assert_eq!(shows, matches!(spec.waits, Waits::HostThenVisitor(..)), "{name}: who shows what");
            assert_eq!(spec.outcomes.is_empty(), spec.waits == Waits::Nobody, "{name}: who waits for what");
        }
    }
}
