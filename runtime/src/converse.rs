//! One turn: what happened since the last one meets the place where the chat waits.

use alloc::string::String;

use crate::eval::Eval;
use crate::facts::Facts;
use crate::id::{Fragment, Step};
use crate::machine::Machine;
use crate::message::Said;
use crate::migrate::{Adopted, Destination, adopt};
use crate::observe::{Nobody, Observer};
use crate::program::Program;
use crate::session::{Session, State};
use crate::succession::place_now;
use crate::turn::{Effect, End, Input, Timestamp, Turn};
use crate::value::Truth;
use crate::world::World;

/// Begins a chat: the welcome, and the flow up to its first wait.
pub fn start(program: &Program, facts: &Facts, now: Timestamp) -> Turn {
    begin(program, facts, now, &mut Nobody)
}

/// The same, watched.
pub fn start_observed(program: &Program, facts: &Facts, now: Timestamp, observer: &mut dyn Observer) -> Turn {
    begin(program, facts, now, observer)
}

/// Takes what happened and runs the flow up to its next wait.
///
/// The session may be one of an older version of the program: the chat goes on at the same place if it is still
/// there and everything it relies on is known, else at the flow's `outdated` step, else at the welcome.
pub fn resume(program: &Program, session: &Session, input: Input<'_>, facts: &Facts, now: Timestamp) -> Turn {
    go_on(program, session, input, facts, now, &mut Nobody)
}

/// The same, watched.
pub fn resume_observed(
    program: &Program,
    session: &Session,
    input: Input<'_>,
    facts: &Facts,
    now: Timestamp,
    observer: &mut dyn Observer,
) -> Turn {
    go_on(program, session, input, facts, now, observer)
}

/// Whether a condition of the program holds, for a chat or for a page without one.
pub fn condition(
    program: &Program,
    fragment: Fragment,
    session: Option<&Session>,
    facts: &Facts,
    now: Timestamp,
) -> Truth {
    let nobody;
    let session = match session {
        Some(session) => session,
        None => {
            nobody = Session::new(program.flow_id(), program.content_hash(), now);
            &nobody
        }
    };
    let mut eval = Eval::new(World { program, facts, now }, program.speech(session.language));
    eval.condition(fragment, session, &mut Nobody).unwrap_or(Truth::Unknown)
}

/// The text that greets the visitor, as the prompt above the launcher previews it.
pub fn welcome(program: &Program, facts: &Facts, now: Timestamp) -> Option<String> {
    let mut eval = Eval::new(World { program, facts, now }, program.speech_for(facts));
    let session = Session::new(program.flow_id(), program.content_hash(), now);
    eval.words(program.image().flow.welcome?, &session, &mut Nobody).ok()
}

fn begin<O: Observer + ?Sized>(program: &Program, facts: &Facts, now: Timestamp, observer: &mut O) -> Turn {
    let session = Session::new(program.flow_id(), program.content_hash(), now);
    let mut machine = Machine::new(program, facts, now, session, observer);
    machine.greet();
    machine.finish()
}

fn go_on<O: Observer + ?Sized>(
    program: &Program,
    session: &Session,
    input: Input<'_>,
    facts: &Facts,
    now: Timestamp,
    observer: &mut O,
) -> Turn {
    let mut session = session.for_a_turn();
    let adopted = adopt(World { program, facts, now }, &mut session);
    session.program = program.content_hash();
    let mut machine = Machine::new(program, facts, now, session, observer);
    machine.take(input, adopted);
    machine.finish()
}

impl<O: Observer + ?Sized> Machine<'_, O> {
    fn take(&mut self, input: Input<'_>, adopted: Adopted) {
        let said = match input {
            Input::Text(text) => Some(Said::Typed(text)),
            Input::Tap { place, reply } => Some(Said::Tapped(place_now(self.program, place), reply)),
            Input::Agree | Input::Outcome { .. } | Input::Silence | Input::Closed => None,
        };
        if self.session.flow != self.program.flow_id() {
            return self.move_on(adopted, said);
        }
        if let State::Done(end) = self.session.state {
            return self.after_the_end(end, said, input == Input::Closed);
        }
        if said.is_some() && self.silent_too_long() {
            return self.restart();
        }
        if !adopted.destination.stays() {
            self.session.agreed |= self.session.state == State::Agreement && input == Input::Agree;
            return self.move_on(adopted, said);
        }
        match (input, said) {
            (_, Some(said)) => self.message(said),
            (Input::Agree, None) => self.agree(),
            (Input::Outcome { place, outcome, data }, None) => {
                self.outcome(place_now(self.program, place), outcome, data);
            }
            (Input::Silence, None) => self.silence(),
            (Input::Closed | Input::Text(_) | Input::Tap { .. }, None) => {}
        }
    }

    /// A completed flow is never reset: what comes is passed on to people.
    fn after_the_end(&mut self, end: End, said: Option<Said<'_>>, closed: bool) {
        if let Some(said) = said {
            self.forward(said);
        } else if closed && end == End::HandedOff {
            self.offer_survey();
        }
    }

    /// Whether the visitor was silent for so long that their next message starts the flow again.
    fn silent_too_long(&self) -> bool {
        self.now.0.saturating_sub(self.session.active.0) >= self.program.session_timeout()
    }

    /// Leaves a place that this version of the program does not have as it was. The host hears of it, and of what the
    /// visitor has said to it, before anything else is shown.
    fn move_on(&mut self, adopted: Adopted, said: Option<Said<'_>>) {
        let words = said.and_then(|said| match said {
            Said::Typed(text) => Some(String::from(text)),
            Said::Tapped(place, reply) => self.label(place, reply),
        });
        if said.is_some() {
            self.note_activity();
        }
        let step = adopted.destination.step();
        let name = |step: Step| self.image().steps.get(step.index()).map(|step| step.name);
        let name = step.and_then(name).map(|name| String::from(self.image().strings.get(name)));
        let messages = self.session.kept.take().into_iter().chain(words.clone()).collect();
        self.emit(Effect::Moved { step: name, why: adopted.why, messages });
        match adopted.destination {
            Destination::Same | Destination::Renamed => {}
            Destination::Successor { step, callers } => self.begin_step(step, callers, words),
            Destination::Outdated(step) => self.begin_step(step, 0, words),
            Destination::First => self.begin_step(Step(0), 0, words),
            Destination::Welcome if self.session.flow != self.program.flow_id() => {
                self.session.flow = self.program.flow_id();
                self.session.agreed = false;
                self.restart();
            }
            Destination::Welcome => self.begin_again(),
        }
    }

    /// Goes on at the beginning of a step, which can look at what the visitor has said.
    fn begin_step(&mut self, step: Step, callers: usize, said: Option<String>) {
        if said.is_some() {
            self.session.reply = said;
        }
        self.session.shown = None;
        self.session.callers.truncate(callers);
        self.run_from(step.index());
    }

    fn agree(&mut self) {
        if self.session.state == State::Agreement {
            self.session.agreed = true;
            self.session.active = self.now;
            self.run_from(0);
        }
    }
}
