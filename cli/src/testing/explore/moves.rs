//! What a visitor and a host may do next.

use chatflow_runtime::action::{Outcome, Unattended};
use chatflow_runtime::image::{Image, Wait};
use chatflow_runtime::{Effect, FactValue, Input, Observer, Program, Type, Value, Waiting, facts_read};

use crate::chat::{Chat, Pending};
use crate::testing::world::World;

/// One thing that happens in a talk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// The visitor agrees.
    Agree,
    /// The visitor says this, or picks the reply that says it.
    Say(String),
    /// The action that is waited for comes to what the visitor chooses.
    Become(Outcome),
    /// It comes to what it comes to by itself.
    Pass,
    /// It fails.
    Fail,
    /// The function that is waited for comes to this.
    Answer(FactValue),
    /// So many milliseconds pass.
    Wait(i64),
}

impl Move {
    /// Makes the move, if it can be made here; what the flow does then.
    pub(super) fn make(&self, chat: &mut Chat<'_>, observer: &mut dyn Observer) -> Vec<Effect> {
        match self {
            Move::Agree if chat.waiting() == Waiting::Agreement => chat.send(Input::Agree, observer),
            Move::Say(text) if chat.waiting() != Waiting::Agreement => chat.send(Input::Text(text), observer),
            Move::Become(_) | Move::Pass | Move::Fail | Move::Answer(_) => self.conclude(chat, observer),
            Move::Wait(ms) => chat.wait(*ms, observer),
            Move::Agree | Move::Say(_) => Vec::new(),
        }
    }

    /// The action that is waited for comes to an outcome, as it would in a test.
    fn conclude(&self, chat: &mut Chat<'_>, observer: &mut dyn Observer) -> Vec<Effect> {
        let Some(pending) = chat.pending() else { return Vec::new() };
        let mut world = World::default();
        match self {
            Move::Fail => world.arm(pending.action, None),
            Move::Answer(value) => {
                let given: Vec<Value> = pending.parameters.iter().map(|(_, value)| value.clone()).collect();
                world.say_value(&pending.object.name, &given, value);
            }
            Move::Agree | Move::Say(_) | Move::Become(_) | Move::Pass | Move::Wait(_) => {}
        }
        let outcome = match self {
            Move::Become(outcome) => Some(*outcome).filter(|_| waits(pending)),
            Move::Agree | Move::Say(_) | Move::Pass | Move::Fail | Move::Answer(_) | Move::Wait(_) => {
                world.outcome(chat, pending)
            }
        };
        let Some(outcome) = outcome.filter(|outcome| pending.can_be(*outcome)) else { return Vec::new() };
        let (place, data) = (pending.place, world.data(pending, outcome));
        chat.send(Input::Outcome { place, outcome, data: &data }, observer)
    }
}

/// Whether the visitor chooses what an action comes to.
fn waits(pending: &Pending) -> bool {
    pending.action.spec().unattended == Unattended::Waits
}

/// Chooses what happens.
pub(super) struct Talker<'p> {
    random: fastrand::Rng,
    /// Words that the flow itself knows: its constants.
    words: Vec<&'p str>,
}

/// Answers of every type, right ones and wrong ones.
const ANSWERS: &[&str] = &[
    "ada@example.com",
    "+31201234567",
    "https://example.com/a",
    "7",
    "12.5",
    "0",
    "-3",
    "yes",
    "no",
    "2027-01-31",
    "2027-01-31T09:00",
    "30m",
    "1",
    "2",
    "hello",
    "",
    "Straße 7, 東京",
];

impl<'p> Talker<'p> {
    pub(super) fn new(program: &'p Program, seed: u64) -> Talker<'p> {
        let words = program.image().constants.iter().filter_map(|constant| match constant {
            Value::Text(text) => Some(text.as_str()),
            Value::Number(_)
            | Value::Bool(_)
            | Value::Date(_)
            | Value::DateTime(_)
            | Value::Duration(_)
            | Value::Option(_)
            | Value::Options(_) => None,
        });
        Talker { random: fastrand::Rng::with_seed(seed), words: words.collect() }
    }

    fn one<'o, T: ?Sized>(&mut self, of: &[&'o T]) -> Option<&'o T> {
        self.random.choice(of).copied()
    }

    fn chance(&mut self, percent: u8) -> bool {
        self.random.u8(..100) < percent
    }

    /// What happens next in a chat whose last question offered these replies.
    pub(super) fn next(&mut self, chat: &Chat<'_>, offered: &[String]) -> Move {
        if self.chance(6) {
            let left = chat.deadline().map(|until| until.0.saturating_sub(chat.now.0));
            let session = chat.program.session_timeout();
            return Move::Wait(
                self.random.choice([left.unwrap_or(1000), session, session - 1]).unwrap_or(0).max(0),
            );
        }
        match (chat.waiting(), chat.pending()) {
            (Waiting::Agreement, _) => Move::Agree,
            (Waiting::Host { .. }, Some(pending)) => self.conclusion(chat, pending),
            (Waiting::Visitor { .. }, Some(pending)) if self.chance(50) => self.conclusion(chat, pending),
            (
                Waiting::Host { .. } | Waiting::Visitor { .. } | Waiting::Pause { .. } | Waiting::Nothing,
                _,
            ) => {
                let nth = self.random.usize(..200);
                Move::Say(self.answer(offered, nth))
            }
        }
    }

    /// What becomes of an action.
    fn conclusion(&mut self, chat: &Chat<'_>, pending: &Pending) -> Move {
        if waits(pending) {
            let outcomes = pending.action.spec().outcomes;
            return Move::Become(self.random.choice(outcomes).map_or(Outcome::Failed, |row| row.outcome));
        }
        if self.chance(15) && pending.action.spec().failure().is_some() {
            return Move::Fail;
        }
        match pending.action.spec().unattended {
            Unattended::Answers(_) => {
                let image = chat.program.image();
                let value = result_type(image, pending).and_then(|ty| of_type(image, ty, self));
                value.map_or(Move::Fail, Move::Answer)
            }
            Unattended::Waits | Unattended::Becomes(_) | Unattended::IfThere(..) => Move::Pass,
        }
    }

    /// The `nth` thing that a visitor may answer: first the replies, then what fits some type, then whatever the flow knows.
    pub(super) fn answer(&mut self, offered: &[String], nth: usize) -> String {
        if let Some(label) = offered.get(nth) {
            return label.clone();
        }
        if let Some(answer) = ANSWERS.get(nth.wrapping_sub(offered.len())) {
            return (*answer).to_owned();
        }
        let offered: Vec<&str> = offered.iter().map(String::as_str).collect();
        let known = match self.random.u8(..4) {
            0 => self.one(&self.words.clone()),
            1 => self.one(ANSWERS),
            _ => self.one(&offered).or_else(|| self.one(ANSWERS)),
        };
        known.unwrap_or("hello").to_owned()
    }
}

/// What a host may say before the chat: anything that the flow looks at, or nothing.
pub(super) fn world(program: &Program, talker: &mut Talker<'_>) -> super::Given {
    let mut given = Vec::new();
    for name in facts_read(program) {
        if talker.chance(40)
            && let Some(value) = said(program, &name, talker)
        {
            given.push((name, value));
        }
    }
    given
}

/// Something that a host may say of a fact, and a test may give.
fn said(program: &Program, name: &str, talker: &mut Talker<'_>) -> Option<FactValue> {
    let image = program.image();
    if let Some(slot) = image.slots.iter().find(|slot| image.strings.get(slot.name) == name) {
        return of_type(image, slot.ty, talker);
    }
    let kind = name.split(' ').next().unwrap_or(name);
    match kind {
        "team" | "user" | "inbox" | "list" | "contact" => Some(FactValue::Bool(talker.random.bool())),
        "visitor.device" => Some(FactValue::from(talker.one(&["desktop", "mobile", "tablet"])?)),
        _ => None,
    }
}

/// What a function that is called comes to.
fn result_type(image: &Image, pending: &Pending) -> Option<Type> {
    let site = image.sites.iter().find(|site| site.id == pending.place)?;
    let Wait::Act(act) = &site.wait else { return None };
    let slot = act.results.first()?.slot;
    Some(image.slots.get(slot.index())?.ty)
}

/// A value of a type, as a host says it.
fn of_type(image: &Image, ty: Type, talker: &mut Talker<'_>) -> Option<FactValue> {
    Some(match ty {
        Type::Text => FactValue::from(talker.one(&["Ada", "Bo", "Acme"])?),
        Type::Email => FactValue::from("ada@example.com"),
        Type::Phone => FactValue::from("+31201234567"),
        Type::Url => FactValue::from("https://example.com/"),
        Type::Number => FactValue::from(i64::from(*talker.random.choice(&[0_i32, 1, 5, 200, -1])?)),
        Type::Bool => FactValue::Bool(talker.random.bool()),
        Type::Date => FactValue::from("2027-01-31"),
        Type::OneOf(_) | Type::ManyOf(_) => {
            let options = &image.options_of(ty)?.options;
            let option = talker.random.choice(options.as_slice())?;
            FactValue::from(image.strings.get(option.value))
        }
        Type::DateTime | Type::Duration => return None,
    })
}
