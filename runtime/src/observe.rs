//! What tools see of a run: which instructions, branches and arms were taken.

use crate::action::Outcome;
use crate::id::{Addr, Site};

/// Watches a run. Every method does nothing unless it is written.
pub trait Observer {
    /// The instruction at this address runs.
    fn instruction(&mut self, at: Addr) {
        let _ = at;
    }

    /// The condition before the branch at this address held (and what it guards runs), or did not.
    fn branch(&mut self, at: Addr, taken: bool) {
        let _ = (at, taken);
    }

    /// A chat that waited at this place goes on.
    fn arm(&mut self, site: Site, taken: Taken) {
        let _ = (site, taken);
    }

    /// The line of `anytime` with this number, from 0, matched a message.
    fn anytime(&mut self, line: usize) {
        let _ = line;
    }
}

/// How a chat goes on from a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// A typed answer was read.
    Answered,
    /// The reply with this number, from 0, was given.
    Reply(u32),
    /// Something else than a reply was given, and the question takes that.
    Otherwise,
    /// The answer could not be taken, and the question waits for another.
    Invalid,
    /// The answer could not be taken, and it was the last one allowed.
    Attempts,
    /// The visitor's own time here was over.
    Timeout,
    /// The action's outcome came, or its host's time was over.
    Outcome(Outcome),
    /// A server has led the chat by the name with this number, from 0.
    Next(u32),
}

/// Sees nothing, and costs nothing.
pub(crate) struct Nobody;

impl Observer for Nobody {}
