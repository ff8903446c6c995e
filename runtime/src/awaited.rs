//! Whom a chat waits for at a place, and how long.

use crate::action::{HOST_DEADLINE, Offer, Outcome, Waits};
use crate::id::Addr;
use crate::image::{ActDef, AskDef, SiteDef, Wait};
use crate::program::Program;
use crate::session::{Session, State};
use crate::turn::Waiting;

/// What a chat waits for at a place.
#[derive(Clone, Copy)]
pub(crate) enum Awaited<'p> {
    /// The visitor's answer to a question.
    Answer(&'p AskDef),
    /// The host's outcome; when its time is over, this one.
    Outcome(&'p ActDef, Outcome),
    /// The visitor's reply to what an action offers.
    Choice(&'p ActDef, Offer),
    /// The visitor's reply to what a server asks; the call that is done again with it begins here.
    Reply(Addr),
    /// So many milliseconds to pass.
    Time(i64),
}

impl SiteDef {
    /// What a chat waits for here; `asked` says whether the host has answered and the visitor is asked about it. Nothing,
    /// where nobody is ever waited for like this: then the chat came from another version of the flow.
    pub(crate) fn awaited(&self, asked: bool) -> Option<Awaited<'_>> {
        let act = match &self.wait {
            Wait::Ask(ask) => return (!asked).then_some(Awaited::Answer(ask)),
            Wait::Act(act) => act,
            Wait::Pause(milliseconds) => return (!asked).then_some(Awaited::Time(*milliseconds)),
            Wait::Do(_) => return None,
        };
        match (act.action.spec().waits, asked) {
            (Waits::Host(late) | Waits::HostThenVisitor(late, _) | Waits::HostThenReply(late), false) => {
                Some(Awaited::Outcome(act, late))
            }
            (Waits::HostThenReply(_), true) => {
                act.talk.as_ref().and_then(|talk| talk.asks).map(Awaited::Reply)
            }
            (Waits::Visitor(offer), false) | (Waits::HostThenVisitor(_, offer), true) => {
                Some(Awaited::Choice(act, offer))
            }
            (Waits::Nobody, _) | (Waits::Host(_) | Waits::Visitor(_), true) => None,
        }
    }

    /// How long may be waited for this, in milliseconds, if it is not for ever.
    pub(crate) fn time_for(&self, awaited: Awaited<'_>) -> Option<i64> {
        match awaited {
            Awaited::Answer(_) | Awaited::Choice(..) | Awaited::Reply(_) => {
                self.timeout.map(|(milliseconds, _)| milliseconds)
            }
            Awaited::Time(milliseconds) => Some(milliseconds),
            Awaited::Outcome(act, _) => Some(act.deadline.unwrap_or(HOST_DEADLINE)),
        }
    }
}

/// What a chat waits for: the same as the [`crate::Turn`] said that left the session. At a place that the program does
/// not have it waits for the visitor, whose next message leaves it.
pub fn waiting(program: &Program, session: &Session) -> Waiting {
    let place = match session.state {
        State::Agreement => return Waiting::Agreement,
        State::Done(_) => return Waiting::Nothing,
        State::At(place) => place,
    };
    let def = program.site(place).and_then(|site| program.site_def(site));
    let awaited = def.and_then(|def| Some((def, def.awaited(session.asked)?)));
    let Some((def, awaited)) = awaited else { return Waiting::Visitor { place, until: None } };
    let until = def.time_for(awaited).map(|milliseconds| session.entered.after(milliseconds));
    match (awaited, until) {
        (Awaited::Outcome(..), Some(until)) => Waiting::Host { place, until },
        (Awaited::Time(_), Some(until)) => Waiting::Pause { place, until },
        (
            Awaited::Outcome(..)
            | Awaited::Time(_)
            | Awaited::Answer(_)
            | Awaited::Choice(..)
            | Awaited::Reply(_),
            until,
        ) => Waiting::Visitor { place, until },
    }
}
