//! One chat with a program, as a host keeps it: the facts, the clock, the session, and what is being waited for.
//!
//! What the flow writes to the CRM is folded into the facts, as a CRM would tell it again. Nothing is decided here: whoever
//! holds the chat says what becomes of actions.

use chatflow_runtime::action::{Action, Argument, Outcome};
use chatflow_runtime::{
    Effect, FactValue, Facts, Image, Input, Named, Numbered, Observer, PlaceId, Program, Reply, Request,
    Session, Speech, Timestamp, Type, Value, Waiting, offset_name, resume_observed, show, start_observed,
};
use jiff::tz::TimeZone;

use crate::quote::quoted;
use crate::written;

/// A chat.
#[derive(Clone)]
pub struct Chat<'p> {
    /// The flow.
    pub program: &'p Program,
    /// What the host knows.
    pub facts: Facts,
    /// What time it is.
    pub now: Timestamp,
    session: Session,
    waiting: Waiting,
    pending: Option<Pending>,
    zone: TimeZone,
    zones: Zones,
}

/// An action whose outcome the chat waits for.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Where the outcome belongs.
    pub place: PlaceId,
    /// Which action.
    pub action: Action,
    /// What it names.
    pub object: Named,
    /// Its settings.
    pub arguments: Vec<(Argument, String)>,
    /// The values of a function's parameters, by their names, as literals of the flow mean them.
    pub parameters: Vec<(String, Value)>,
    /// The message to send, if it is to a server.
    pub request: Option<Box<Request>>,
    /// Whether the flow stores something of what the host says.
    pub stores: bool,
    /// Whether the host may show and ask what it likes, as servers of HubSpot's bots do.
    pub talks: bool,
    /// The replies that are offered meanwhile.
    pub replies: Vec<Reply>,
}

/// Watches nothing.
pub struct Unwatched;

impl Observer for Unwatched {}

/// A wait that passes more deadlines than this is cut short: each one leads back to a place with a deadline of its own.
const MOST_DEADLINES: usize = 1000;

impl<'p> Chat<'p> {
    /// Begins a chat.
    pub fn start(
        program: &'p Program,
        facts: Facts,
        now: Timestamp,
        observer: &mut dyn Observer,
    ) -> (Chat<'p>, Vec<Effect>) {
        let zones = Zones::of([program]);
        let facts = zones.said(facts, now);
        let turn = start_observed(program, &facts, now, observer);
        let mut chat = Chat {
            program,
            facts,
            now,
            session: turn.session,
            waiting: turn.waiting,
            pending: None,
            zone: zone(program),
            zones,
        };
        let effects = chat.take(turn.effects);
        (chat, effects)
    }

    /// Tells the chat what happened.
    pub fn send(&mut self, input: Input<'_>, observer: &mut dyn Observer) -> Vec<Effect> {
        self.facts = self.zones.said(std::mem::take(&mut self.facts), self.now);
        let turn = resume_observed(self.program, &self.session, input, &self.facts, self.now, observer);
        self.session = turn.session;
        self.waiting = turn.waiting;
        self.take(turn.effects)
    }

    /// Lets the time pass for which the flow waits by itself, if it does.
    pub fn pass_pause(&mut self, observer: &mut dyn Observer) -> Option<Vec<Effect>> {
        let Waiting::Pause { until, .. } = self.waiting else { return None };
        self.now = until.max(self.now);
        Some(self.send(Input::Silence, observer))
    }

    /// Lets time pass, in milliseconds; every deadline on the way takes effect at its moment.
    pub fn wait(&mut self, milliseconds: i64, observer: &mut dyn Observer) -> Vec<Effect> {
        let end = self.now.after(milliseconds);
        let mut effects = Vec::new();
        for _ in 0..MOST_DEADLINES {
            let Some(deadline) = self.deadline().filter(|deadline| *deadline <= end) else { break };
            self.now = deadline.max(self.now);
            effects.extend(self.send(Input::Silence, observer));
        }
        self.now = end;
        effects
    }

    /// The session after the last turn.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// What the chat waits for.
    pub fn waiting(&self) -> Waiting {
        self.waiting
    }

    /// Whether the flow is over.
    pub fn is_over(&self) -> bool {
        self.session.is_done()
    }

    /// The action that the chat waits for, if it waits for one.
    pub fn pending(&self) -> Option<&Pending> {
        self.pending.as_ref()
    }

    /// What the flow says in the language of the chat.
    pub fn speech(&self) -> Speech<'_> {
        self.program.speech(self.session.language())
    }

    /// A value of a property or local as people read it.
    pub fn shown(&self, name: &str, value: &Value) -> String {
        let image = self.program.image();
        let slot = image.slots.iter().find(|slot| image.strings.get(slot.name) == name);
        show(self.speech(), value, slot.map_or(Type::Text, |slot| slot.ty), self.utc_offset())
    }

    /// Minutes east of UTC where the flow's inbox is.
    pub fn utc_offset(&self) -> i32 {
        offset(&self.zone, self.now)
    }

    /// When the chat goes on by itself, if it does.
    pub fn deadline(&self) -> Option<Timestamp> {
        match self.waiting {
            Waiting::Visitor { until, .. } => until,
            Waiting::Host { until, .. } | Waiting::Pause { until, .. } => Some(until),
            Waiting::Agreement | Waiting::Nothing => None,
        }
    }

    /// Takes a turn's effects: the CRM hears of what was set, and an action may be pending.
    fn take(&mut self, effects: Vec<Numbered>) -> Vec<Effect> {
        let effects: Vec<Effect> = effects.into_iter().map(|numbered| numbered.effect).collect();
        for effect in &effects {
            match effect {
                Effect::Set { property, value } => self.facts.set(property, as_fact(value)),
                Effect::Clear { property } => self.facts.remove(property),
                Effect::Act { place, action, object, arguments, parameters, request, replies } => {
                    let def = self.program.image().act_at(*place);
                    self.pending = Some(Pending {
                        place: *place,
                        stores: def.is_some_and(|act| !act.results.is_empty()),
                        talks: def.is_some_and(|act| act.talk.is_some()),
                        action: *action,
                        object: object.clone(),
                        arguments: arguments.clone(),
                        request: request.clone(),
                        parameters: written::local(parameters, self.utc_offset()),
                        replies: replies.clone(),
                    });
                }
                Effect::Say { .. }
                | Effect::Show { .. }
                | Effect::Ask { .. }
                | Effect::Consent { .. }
                | Effect::Articles { .. }
                | Effect::Forward { .. }
                | Effect::Moved { .. }
                | Effect::Survey { .. }
                | Effect::Complete { .. } => {}
            }
        }
        let here = self.session.place();
        self.pending = self.pending.take().filter(|pending| here == Some(pending.place));
        effects
    }
}

impl Pending {
    /// What it names, as a flow writes it behind the action's head, or in its place: `support`, `price_for(5)`.
    pub fn written(&self, image: &Image) -> String {
        let spec = self.action.spec();
        if let Some(request) = &self.request {
            return quoted(&request.url);
        }
        if spec.is_statement() {
            return spec.object_words(self.object.kind, &self.object.name).unwrap_or_default();
        }
        written::call(image, self.place, &self.object.name, &self.parameters)
    }

    /// Whether this outcome can become of it.
    pub fn can_be(&self, outcome: Outcome) -> bool {
        self.action.spec().outcome(outcome).is_some()
    }
}

/// A value of the CRM as a host says it.
pub fn as_fact(value: &Value) -> FactValue {
    match value {
        Value::Text(text) | Value::Option(text) => FactValue::Text(text.clone()),
        Value::Number(number) => FactValue::Number(*number),
        Value::Bool(is) => FactValue::Bool(*is),
        Value::Options(names) => FactValue::Many(names.clone()),
        Value::Date(days) => FactValue::Text(iso_date(*days)),
        Value::DateTime(at) => FactValue::Text(iso_moment(*at)),
        Value::Duration(milliseconds) => FactValue::from(*milliseconds),
    }
}

fn iso_date(days: i32) -> String {
    let epoch = jiff::civil::date(1970, 1, 1);
    let date = epoch.checked_add(jiff::Span::new().try_days(days).unwrap_or_default());
    date.map(|date| date.to_string()).unwrap_or_default()
}

/// A moment as people and programs read it: `2026-01-05T10:00:00Z`.
pub fn iso_moment(milliseconds: i64) -> String {
    jiff::Timestamp::from_millisecond(milliseconds).map(|at| at.to_string()).unwrap_or_default()
}

/// The zones in which the inboxes of flows have hours, each with the fact that says how far it is from UTC.
#[derive(Clone)]
pub struct Zones(Vec<(String, TimeZone)>);

impl Zones {
    /// Those of these programs.
    pub fn of<'p>(programs: impl IntoIterator<Item = &'p Program>) -> Zones {
        let names = programs.into_iter().flat_map(|program| program.image().zones());
        Zones(names.filter_map(|name| Some((offset_name(name), TimeZone::get(name).ok()?))).collect())
    }

    /// The facts, and how far each zone is from UTC.
    pub fn said(&self, mut facts: Facts, now: Timestamp) -> Facts {
        for (name, zone) in &self.0 {
            facts.set(name, FactValue::from(i64::from(offset(zone, now))));
        }
        facts
    }
}

/// The zone in which a flow lives.
pub fn zone(program: &Program) -> TimeZone {
    program.image().zone().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
}

/// Minutes east of UTC in a zone at a moment.
fn offset(zone: &TimeZone, now: Timestamp) -> i32 {
    let moment = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
    zone.to_offset(moment).seconds() / 60
}
