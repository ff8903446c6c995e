//! What becomes of a chat in a version of its flow that did not run its last turn.
//!
//! A chat goes on where it stands, if the place is still there and fits: it waits for the same kind of answer, the
//! steps it comes back to are there, and all that the flow relies on from there is known. Else it goes to the step
//! that has taken over from its own with `was`, else to the flow's `outdated` step, else to the welcome. [`migrate`] says
//! which, and [`crate::resume`] does it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::facts::Facts;
use crate::id::{FlowId, PlaceId, ReplyId, SlotId, Step};
use crate::image::{SiteDef, Wait};
use crate::program::Program;
use crate::session::{Origin, Session, State};
use crate::store::fitting;
use crate::succession::{caller, heir, place_now, return_place_now, torn};
use crate::value::{Type, TypeKind, Value};
use crate::world::World;

/// What becomes of a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The chat with the names of this version: where it goes on, it is one of this program; else it stays where it
    /// stood until its next turn.
    pub session: Session,
    /// Where it goes on.
    pub destination: Destination,
    /// Why it cannot go on where it stands; empty if it can.
    pub why: Vec<Reason>,
    /// The replies that the visitor has before them and that are gone: whoever chooses one is shown those that
    /// there are.
    pub replies_gone: Vec<ReplyId>,
    /// The values that the chat had and that are not of their new types, nor can be made so: they are forgotten.
    pub forgotten: Vec<SlotId>,
}

/// Where a chat goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Where it stands.
    Same,
    /// At the same place, in a step that has been renamed with `was`.
    Renamed,
    /// At the beginning of the step that has taken over from its own with `was`.
    Successor {
        /// The step.
        step: Step,
        /// How many of the session's callers it can come back to.
        callers: usize,
    },
    /// At the beginning of the flow's `outdated` step.
    Outdated(Step),
    /// At the beginning of the first step: the agreement that the chat waits for is no longer asked.
    First,
    /// At the welcome.
    Welcome,
}

impl Destination {
    /// Whether the chat goes on where it stands, under whatever name.
    pub fn stays(self) -> bool {
        match self {
            Destination::Same | Destination::Renamed => true,
            Destination::Successor { .. }
            | Destination::Outdated(_)
            | Destination::First
            | Destination::Welcome => false,
        }
    }

    /// The step at whose beginning it goes on.
    pub fn step(self) -> Option<Step> {
        match self {
            Destination::Successor { step, .. } | Destination::Outdated(step) => Some(step),
            Destination::First => Some(Step(0)),
            Destination::Same | Destination::Renamed | Destination::Welcome => None,
        }
    }
}

/// Why a chat cannot go on where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is one of another flow.
    OtherFlow,
    /// The place is gone.
    PlaceGone,
    /// The place is there, and nobody is waited for as the chat waits.
    WaitChanged,
    /// The question is read as another type, which does not take every answer to the old one.
    TypeChanged {
        /// What it was read as.
        was: TypeKind,
        /// What it is read as.
        is: TypeKind,
    },
    /// The flow relies on values that are not known: their full names.
    Lacks(Vec<String>),
    /// A step that the chat comes back to is gone, or runs another one.
    CallerGone(PlaceId),
    /// The flow asks for agreement first by now, or no longer does.
    AgreementChanged,
}

impl Reason {
    /// The word for it in turns and reports.
    pub fn word(&self) -> &'static str {
        match self {
            Reason::OtherFlow => "other_flow",
            Reason::PlaceGone => "place_gone",
            Reason::WaitChanged => "wait_changed",
            Reason::TypeChanged { .. } => "type_changed",
            Reason::Lacks(_) => "lacks",
            Reason::CallerGone(_) => "caller_gone",
            Reason::AgreementChanged => "agreement_changed",
        }
    }

    /// The values that are not known.
    pub fn lacks(&self) -> impl Iterator<Item = &str> {
        let names: &[String] = match self {
            Reason::Lacks(names) => names,
            Reason::OtherFlow
            | Reason::PlaceGone
            | Reason::WaitChanged
            | Reason::TypeChanged { .. }
            | Reason::CallerGone(_)
            | Reason::AgreementChanged => &[],
        };
        names.iter().map(String::as_str)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::OtherFlow => out.write_str("it is a chat of another flow"),
            Reason::PlaceGone => out.write_str("its place is gone"),
            Reason::WaitChanged => out.write_str("its place waits for something else"),
            Reason::TypeChanged { was, is } => {
                write!(out, "its question is read as {}, and was as {}", is.word(), was.word())
            }
            Reason::Lacks(names) => write!(out, "it does not know {}", names.join(", ")),
            Reason::CallerGone(_) => out.write_str("the step that it comes back to is gone or has changed"),
            Reason::AgreementChanged => out.write_str("agreement is asked otherwise"),
        }
    }
}

/// What becomes of a chat in this program, whatever comes next. `facts` is what the host knows of the contact by now: a
/// value that is known counts, whether the chat or the host knows it. Without any, it is the worst that can happen.
///
/// Nothing is done: [`crate::resume`] with the same session comes to the same, and does it. Time is not looked at: a
/// message that comes after the session's time starts the flow again in any version.
pub fn migrate(program: &Program, session: &Session, facts: &Facts) -> Migration {
    let mut session = session.clone();
    let adopted = adopt(World { program, facts, now: session.active }, &mut session);
    let Adopted { destination, why, replies_gone, forgotten } = adopted;
    Migration { session, destination, why, replies_gone, forgotten }
}

/// What became of a session that was adopted.
pub(crate) struct Adopted {
    pub(crate) destination: Destination,
    pub(crate) why: Vec<Reason>,
    pub(crate) replies_gone: Vec<ReplyId>,
    pub(crate) forgotten: Vec<SlotId>,
}

/// Makes the session one of this program: places and values take their new names, values that no longer fit go, and
/// what the host knows by now replaces what it said before.
pub(crate) fn adopt(world: World<'_>, session: &mut Session) -> Adopted {
    let program = world.program;
    let was = |flow| program.was().any(|name| FlowId::of(name) == flow);
    let same_flow = session.flow == program.flow_id() || was(session.flow);
    let same_version = same_flow && session.program == program.content_hash();
    let mut adopted = Adopted {
        destination: Destination::Same,
        why: Vec::new(),
        replies_gone: Vec::new(),
        forgotten: Vec::new(),
    };
    if !same_version {
        adopted.forgotten = adopt_values(program, session);
    }
    if !same_flow {
        // Another flow's places, locals and consent mean nothing here.
        adopted.destination = Destination::Welcome;
        adopted.why.push(Reason::OtherFlow);
        return adopted;
    }
    session.flow = program.flow_id();
    if !same_version {
        adopted.destination = adopt_places(program, session);
        adopted.replies_gone = replies_gone(program, session);
    }
    for held in session.values.iter_mut().filter(|held| held.origin == Origin::Carried) {
        if let Some(value) = program.slot(held.slot).and_then(|slot| world.property(slot)) {
            held.value = Some(value);
        }
    }
    adopted.why = why_not(world, session, same_version);
    if adopted.why.is_empty() {
        session.program = program.content_hash();
    } else {
        adopted.destination = elsewhere(world, session);
    }
    adopted
}

/// Gives places their new names.
fn adopt_places(program: &Program, session: &mut Session) -> Destination {
    let mut destination = Destination::Same;
    if let State::At(place) = session.state {
        let now = place_now(program, place);
        session.state = State::At(now);
        if now != place {
            destination = Destination::Renamed;
        }
    }
    for place in &mut session.callers {
        *place = return_place_now(program, *place);
    }
    destination
}

/// Gives values their new names and types, and forgets those that cannot have them. What this version does not know of
/// stays: a later one may, or an earlier one that comes back.
fn adopt_values(program: &Program, session: &mut Session) -> Vec<SlotId> {
    session.rename(|slot| program.heir(slot));
    let mut forgotten = Vec::new();
    session.values.retain_mut(|held| {
        let Some(def) = program.slot(held.slot).and_then(|slot| program.slot_def(slot)) else { return true };
        let Some(value) = held.value.take() else { return true };
        held.value = converted(program, def.ty, value);
        if held.value.is_none() {
            forgotten.push(held.slot);
        }
        held.value.is_some()
    });
    forgotten
}

/// The value as one of the type, where it can be nothing else.
fn converted(program: &Program, ty: Type, value: Value) -> Option<Value> {
    let value = match (ty, value) {
        (Type::Text, Value::Number(number)) => Value::Text(number.normalize().to_string()),
        (Type::Text, Value::Option(name)) => Value::Text(name),
        (_, value) => value,
    };
    fitting(program.image(), ty, value)
}

/// The replies before the visitor that the question at the same place does not have.
fn replies_gone(program: &Program, session: &Session) -> Vec<ReplyId> {
    let (Some(shown), State::At(place)) = (&session.shown, session.state) else { return Vec::new() };
    let def = program.site(place).and_then(|site| program.site_def(site));
    let Some(SiteDef { wait: Wait::Ask(ask), .. }) = def else { return Vec::new() };
    shown.replies.iter().copied().filter(|reply| program.reply_at(ask, *reply).is_none()).collect()
}

/// Why the chat cannot go on where it stands.
fn why_not(world: World<'_>, session: &Session, same_version: bool) -> Vec<Reason> {
    let program = world.program;
    let must_agree = program.needs_agreement() && !session.agreed;
    let mut why = Vec::new();
    let place = match session.state {
        State::Done(_) => return why,
        State::Agreement => {
            if !must_agree {
                why.push(Reason::AgreementChanged);
            }
            return why;
        }
        State::At(place) => place,
    };
    if must_agree {
        why.push(Reason::AgreementChanged);
    }
    let Some(def) = program.site(place).and_then(|site| program.site_def(site)) else {
        why.push(Reason::PlaceGone);
        return why;
    };
    if def.awaited(session.asked).is_none() {
        why.push(Reason::WaitChanged);
    }
    if let (Some(shown), Wait::Ask(ask)) = (&session.shown, &def.wait)
        && !ask.ty.kind().takes_over(shown.kind)
    {
        why.push(Reason::TypeChanged { was: shown.kind, is: ask.ty.kind() });
    }
    if let Some(link) = torn(program, session) {
        why.push(Reason::CallerGone(session.callers.get(link).copied().unwrap_or(place)));
    }
    if !same_version {
        let callers = session.callers.iter().filter_map(|place| Some(caller(program, *place)?.0));
        let mut lacks: Vec<String> =
            callers.chain([def]).flat_map(|def| lacking(world, session, def)).map(String::from).collect();
        lacks.sort_unstable();
        lacks.dedup();
        if !lacks.is_empty() {
            why.push(Reason::Lacks(lacks));
        }
    }
    why
}

/// Where a chat goes that cannot go on where it stands.
fn elsewhere(world: World<'_>, session: &Session) -> Destination {
    let program = world.program;
    if program.needs_agreement() && !session.agreed {
        return Destination::Welcome;
    }
    if session.state == State::Agreement {
        return Destination::First;
    }
    let outdated = || program.image().flow.outdated.map(Destination::Outdated);
    successor(world, session).or_else(outdated).unwrap_or(Destination::Welcome)
}

/// The step that has taken over from the one where the chain of callers is torn, if that one is gone.
fn successor(world: World<'_>, session: &Session) -> Option<Destination> {
    let program = world.program;
    let State::At(place) = session.state else { return None };
    let link = torn(program, session)?;
    let (place, is_there) = match session.callers.get(link) {
        Some(caller) => (*caller, program.return_site(*caller).is_some()),
        None => (place, program.site(place).is_some()),
    };
    let (step, _) = heir(program, place).filter(|_| !is_there)?;
    let above = session.callers.get(..link).unwrap_or(&[]);
    let runs = |place: &PlaceId| caller(program, *place).is_some_and(|(_, runs)| runs == step);
    let knows = |place: &PlaceId| {
        caller(program, *place).is_some_and(|(def, _)| lacking(world, session, def).next().is_none())
    };
    let kept = above.last().is_some_and(runs) && above.iter().all(knows);
    Some(Destination::Successor { step, callers: if kept { link } else { 0 } })
}

/// What the flow relies on after the place and nobody knows, by full names.
fn lacking<'a>(
    world: World<'a>,
    session: &'a Session,
    def: &'a SiteDef,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let program = world.program;
    let unknown = move |slot: &&crate::id::Slot| match program.slot_id(**slot).and_then(|id| session.held(id))
    {
        Some(held) => held.value.is_none(),
        None => world.property(**slot).is_none(),
    };
    let name = move |slot: &crate::id::Slot| program.slot_def(*slot).map(|def| world.name(def.name));
    def.keeps.iter().filter(unknown).filter_map(name)
}
