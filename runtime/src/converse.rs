//! One turn: what happened since the last one meets the place where the chat waits.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use crate::eval::Eval;
use crate::facts::Facts;
use crate::id::{FlowId, Fragment, PlaceId, Step, Str};
use crate::image::{SiteDef, Wait};
use crate::machine::Machine;
use crate::message::Said;
use crate::observe::{Nobody, Observer};
use crate::program::Program;
use crate::session::{Origin, Session, State};
use crate::store::fitting;
use crate::turn::{End, Input, Timestamp, Turn};
use crate::value::{Truth, Value};
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
    let mut machine = Machine::new(program, facts, now, session.for_a_turn(), observer);
    match machine.adopt() {
        Adopted::Same => machine.take(input, true),
        Adopted::Older => machine.take(input, false),
        Adopted::Restarted => {}
    }
    machine.finish()
}

/// How a session relates to the program that is to go on with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Adopted {
    /// The program ran its last turn.
    Same,
    /// Another version of the program did.
    Older,
    /// Another flow did; this one has started.
    Restarted,
}

impl<O: Observer + ?Sized> Machine<'_, O> {
    /// Makes the session one of this program: values that no longer fit go, and what the host knows by now
    /// replaces what it said before.
    fn adopt(&mut self) -> Adopted {
        let program = self.program;
        let was = |flow| program.was().any(|name| FlowId::of(name) == flow);
        let same_flow = self.session.flow == program.flow_id() || was(self.session.flow);
        let same_version = same_flow && self.session.program == program.content_hash();
        if !same_version {
            self.session.program = program.content_hash();
            if let State::At(place) = self.session.state {
                self.session.state = State::At(self.renamed(place));
            }
            let callers = self.session.callers.iter();
            self.session.callers = callers.map(|place| self.return_place(*place)).collect();
            self.session.rename(|slot| program.heir(slot));
            let fits = |id, value: Option<&Value>| {
                let def = program.slot(id).and_then(|slot| program.slot_def(slot));
                let of_type =
                    |ty, value: &Value| fitting(program.image(), ty, value.clone()).as_ref() == Some(value);
                def.is_some_and(|def| value.is_none_or(|value| of_type(def.ty, value)))
            };
            self.session.values.retain(|held| fits(held.slot, held.value.as_ref()));
        }
        if same_flow {
            self.session.flow = program.flow_id();
        } else {
            // Another flow's places, locals and consent mean nothing here; restarting keeps the rest.
            self.session.flow = program.flow_id();
            self.session.agreed = false;
            self.restart();
            return Adopted::Restarted;
        }
        let world = self.eval.world;
        for held in self.session.values.iter_mut().filter(|held| held.origin == Origin::Carried) {
            if let Some(value) = program.slot(held.slot).and_then(|slot| world.property(slot)) {
                held.value = Some(value);
            }
        }
        if same_version { Adopted::Same } else { Adopted::Older }
    }

    fn take(&mut self, input: Input<'_>, same_version: bool) {
        let said = match input {
            Input::Text(text) => Some(Said::Typed(text)),
            Input::Tap { place, reply } => Some(Said::Tapped(self.renamed(place), reply)),
            Input::Agree | Input::Outcome { .. } | Input::Silence | Input::Closed => None,
        };
        if let State::Done(end) = self.session.state {
            return self.after_the_end(end, said, input == Input::Closed);
        }
        if said.is_some() && self.silent_too_long() {
            return self.restart();
        }
        if !self.stands(same_version) {
            return self.move_on(said.is_some());
        }
        match (input, said) {
            (_, Some(said)) => self.message(said),
            (Input::Agree, None) => self.agree(),
            (Input::Outcome { place, outcome, data }, None) => {
                self.outcome(self.renamed(place), outcome, data);
            }
            (Input::Silence, None) => self.silence(),
            (Input::Closed | Input::Text(_) | Input::Tap { .. }, None) => {}
        }
    }

    /// The place that a place is now, if it stood in a step that has been renamed since.
    fn renamed(&self, place: PlaceId) -> PlaceId {
        self.renamed_to(place, |place| self.program.site(place).is_some())
    }

    /// The place that a place which runs a step is now, if its own step or the one that it runs has been renamed since.
    fn return_place(&self, place: PlaceId) -> PlaceId {
        let known = |place| self.program.return_site(place).is_some();
        let moved = self.renamed_to(place, known);
        if known(moved) { moved } else { self.runs_under_a_new_name(place).unwrap_or(place) }
    }

    /// The place that runs a step under its new name, as this place did under a former one.
    fn runs_under_a_new_name(&self, place: PlaceId) -> Option<PlaceId> {
        let image = self.image();
        let string = |at: &Str| image.strings.get(*at);
        let mut counts: BTreeMap<(Step, Step), u32> = BTreeMap::new();
        for def in &image.sites {
            let Wait::Do(callee) = def.wait else { continue };
            let count = counts.entry((def.step, callee)).or_insert(0);
            let nth = *count;
            *count += 1;
            let (Some(own), Some(run)) = (image.steps.get(def.step.index()), image.steps.get(callee.index()))
            else {
                continue;
            };
            let was = |run: &Str| {
                let what = format!("do {}", string(run));
                let names = own.was.iter().chain([&own.name]);
                names.into_iter().any(|name| PlaceId::of(string(name), &what, nth) == place)
            };
            if run.was.iter().any(was) {
                return Some(def.id);
            }
        }
        None
    }

    fn renamed_to(&self, place: PlaceId, is_there: impl Fn(PlaceId) -> bool) -> PlaceId {
        if is_there(place) {
            return place;
        }
        let heir = self.heir(place).map(|(_, name)| place.moved_to(name));
        heir.filter(|moved| is_there(*moved)).unwrap_or(place)
    }

    /// The step that has taken over from the one where a place stood, with its name.
    fn heir(&self, place: PlaceId) -> Option<(usize, &str)> {
        let image = self.image();
        let string = |at: &Str| image.strings.get(*at);
        let heir = image.steps.iter().position(|step| step.was.iter().any(|was| place.is_in(string(was))))?;
        Some((heir, string(&image.steps.get(heir)?.name)))
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

    /// Whether the chat can go on where it stands.
    fn stands(&self, same_version: bool) -> bool {
        let must_agree = self.program.needs_agreement() && !self.session.agreed;
        match self.session.state {
            State::Agreement => must_agree,
            State::Done(_) => true,
            State::At(_) => {
                let Some((_, def)) = self.here() else { return false };
                let callers = || self.session.callers.iter().filter_map(|place| self.caller(*place));
                let awaited = def.awaited(self.session.asked).is_some();
                awaited
                    && !must_agree
                    && self.torn().is_none()
                    && (same_version || self.knows_all(def) && callers().all(|(def, _)| self.knows_all(def)))
            }
        }
    }

    /// A place that runs a step and comes back, and the step.
    fn caller(&self, place: PlaceId) -> Option<(&SiteDef, Step)> {
        let def = self.program.site_def(self.program.return_site(place)?)?;
        match def.wait {
            Wait::Do(step) => Some((def, step)),
            Wait::Ask(_) | Wait::Act(_) | Wait::Pause(_) => None,
        }
    }

    /// The first link at which the chain of steps that run each other is torn: the number of a caller, or theirs all
    /// for the place where the chat waits. Each place must stand in the step that the caller before it runs.
    fn torn(&self) -> Option<usize> {
        let callers = &self.session.callers;
        let mut inside: Option<Step> = None;
        for (nth, place) in callers.iter().enumerate() {
            match self.caller(*place) {
                Some((def, step)) if inside.is_none_or(|inside| def.step == inside) => inside = Some(step),
                Some(_) | None => return Some(nth),
            }
        }
        let fits = self.here().is_some_and(|(_, def)| inside.is_none_or(|inside| def.step == inside));
        (!fits).then_some(callers.len())
    }

    /// The step that has taken over from the one where the chain is torn, if that is gone; and how many callers it
    /// can come back to.
    fn mended(&self) -> Option<(usize, usize)> {
        let State::At(place) = self.session.state else { return None };
        let link = self.torn()?;
        let callers = &self.session.callers;
        let (place, is_there) = match callers.get(link) {
            Some(caller) => (*caller, self.program.return_site(*caller).is_some()),
            None => (place, self.program.site(place).is_some()),
        };
        let (heir, _) = self.heir(place).filter(|_| !is_there)?;
        let above = callers.get(..link).unwrap_or(&[]);
        let runs = |place: &PlaceId| self.caller(*place).is_some_and(|(_, step)| step.index() == heir);
        let knows = |place: &PlaceId| self.caller(*place).is_some_and(|(def, _)| self.knows_all(def));
        let kept = above.last().is_some_and(runs) && above.iter().all(knows);
        Some((heir, if kept { link } else { 0 }))
    }

    /// Whether everything that the flow relies on after the place is known.
    fn knows_all(&self, def: &SiteDef) -> bool {
        def.keeps.iter().all(|slot| match self.program.slot_id(*slot).and_then(|id| self.session.held(id)) {
            Some(held) => held.value.is_some(),
            None => self.eval.world.property(*slot).is_some(),
        })
    }

    /// Leaves a place that this version of the program does not have.
    fn move_on(&mut self, said: bool) {
        let must_agree = self.program.needs_agreement() && !self.session.agreed;
        let outdated = self.image().flow.outdated.map(|step| (step.index(), 0));
        match self.mended().or(outdated) {
            Some((step, callers)) if !must_agree && self.session.state != State::Agreement => {
                if said {
                    self.note_activity();
                }
                self.session.kept = None;
                self.session.callers.truncate(callers);
                self.run_from(step);
            }
            _ => self.restart(),
        }
    }

    fn agree(&mut self) {
        if self.session.state == State::Agreement {
            self.session.agreed = true;
            self.session.active = self.now;
            self.run_from(0);
        }
    }
}
