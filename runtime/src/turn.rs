//! What goes into a turn and what comes out of it. A turn is a value: nothing here is carried out.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::action::{Action, Argument, ObjectKind, Outcome};
use crate::facts::Facts;
use crate::id::{PlaceId, ReplyId};
use crate::media::MediaKind;
use crate::migrate::Reason;
use crate::request::Request;
use crate::session::Session;
use crate::value::{Type, Value};

/// Milliseconds since 1970-01-01T00:00Z. The runtime reads no clock: the host says what time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment `milliseconds` later.
    pub fn after(self, milliseconds: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(milliseconds))
    }
}

/// What happened since the last turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input<'a> {
    /// The visitor typed this.
    Text(&'a str),
    /// The visitor tapped a reply; the ids are those of the [`Effect::Ask`] that offered it, however long ago.
    Tap {
        /// The place that offered it.
        place: PlaceId,
        /// Which reply.
        reply: ReplyId,
    },
    /// The visitor agreed to the processing of what they say.
    Agree,
    /// What became of the action that the chat waits for.
    Outcome {
        /// The place of the [`Effect::Act`].
        place: PlaceId,
        /// What became of it.
        outcome: Outcome,
        /// What the host says with it, by paths: `articles[0].title`.
        data: &'a Facts,
    },
    /// Time has passed; a deadline that is over takes effect.
    Silence,
    /// The person who had the chat has closed it.
    Closed,
}

/// One turn: what the host must do, and what it must keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What the host must do, in order.
    pub effects: Vec<Numbered>,
    /// What the host must keep until the next turn.
    pub session: Session,
    /// What the chat waits for.
    pub waiting: Waiting,
}

/// An effect with its number in the session: an effect that is delivered twice has the same number twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// Ascending in a session, without gaps, from 0.
    pub id: u32,
    /// What to do.
    pub effect: Effect,
}

/// Something the host must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Show a message of the bot.
    Say {
        /// The message.
        text: String,
    },
    /// Show a picture, a file or a video.
    Show {
        /// Which of them.
        media: MediaKind,
        /// Where it is.
        url: String,
        /// What it shows, or how it is called; empty where the flow does not say.
        words: String,
    },
    /// Show a question.
    Ask {
        /// Where the answer belongs.
        place: PlaceId,
        /// The question, or what was wrong with the last answer.
        text: String,
        /// What the answer is read as.
        ty: Type,
        /// The replies to offer.
        replies: Vec<Reply>,
        /// Whether anything but a reply may be typed.
        open: bool,
        /// Whether this is asked again after an answer that could not be taken.
        again: bool,
    },
    /// Show the text about the processing of what the visitor says.
    Consent {
        /// The text.
        text: String,
        /// Whether the visitor must agree before anything is taken.
        explicit: bool,
    },
    /// Store a property in the CRM.
    Set {
        /// Its full name: `contact.email`.
        property: String,
        /// Its value, as the CRM knows it: an option is its CRM value.
        value: Value,
    },
    /// Forget the value of a property in the CRM.
    Clear {
        /// Its full name: `contact.email`.
        property: String,
    },
    /// Do an action and report its outcome for `place`.
    Act {
        /// Where the outcome belongs.
        place: PlaceId,
        /// Which action.
        action: Action,
        /// What it names.
        object: Named,
        /// Its settings.
        arguments: Vec<(Argument, String)>,
        /// The values of a function's parameters, by their names, as the CRM knows them: an option is its CRM value.
        parameters: Vec<(String, Value)>,
        /// The message to send, if it is to a server.
        request: Option<Box<Request>>,
        /// The replies to offer meanwhile.
        replies: Vec<Reply>,
    },
    /// Show articles that were found.
    Articles {
        /// The articles, the best one first.
        articles: Vec<Article>,
    },
    /// Pass on a message that came after the flow was completed: people read it, the bot is silent.
    Forward {
        /// The message.
        text: String,
    },
    /// The chat has left the place where it waited, which this version of its flow does not have as it was. What comes
    /// next is of the place that it has moved to.
    Moved {
        /// The step where it goes on; none where it starts again at the welcome.
        step: Option<String>,
        /// Why it could not go on where it stood.
        why: Vec<Reason>,
        /// What the visitor has said and no question has taken, in order: people should read it.
        messages: Vec<String>,
    },
    /// Offer the survey.
    Survey {
        /// Its name in the workspace.
        survey: String,
    },
    /// The flow is over.
    Complete {
        /// Why.
        end: End,
    },
}

/// A thing of the workspace, for the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What it is.
    pub kind: ObjectKind,
    /// How the workspace names it.
    pub name: String,
    /// How people read it.
    pub title: String,
    /// Its address, if it has one.
    pub link: Option<String>,
}

/// An article that a host has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its title.
    pub title: String,
    /// Its address, if it has one.
    pub link: Option<String>,
}

/// A reply that can be tapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its stable id.
    pub id: ReplyId,
    /// What it says.
    pub label: String,
}

/// Why a flow is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It ran to its end.
    Finished,
    /// A person took the chat.
    HandedOff,
    /// Something failed, and the flow did not say what then.
    Error,
}

/// What a chat waits for. Whatever it is, a message of the visitor may come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// The visitor's agreement.
    Agreement,
    /// The visitor's answer; at `until` the host resumes with [`Input::Silence`].
    Visitor {
        /// Where.
        place: PlaceId,
        /// When the place's own time is over.
        until: Option<Timestamp>,
    },
    /// The host's outcome; at `until` the host resumes with [`Input::Silence`].
    Host {
        /// Where.
        place: PlaceId,
        /// When the host's time is over.
        until: Timestamp,
    },
    /// Nothing but time: at `until` the host resumes with [`Input::Silence`].
    Pause {
        /// Where.
        place: PlaceId,
        /// When the flow goes on.
        until: Timestamp,
    },
    /// Nothing: the flow is over.
    Nothing,
}
