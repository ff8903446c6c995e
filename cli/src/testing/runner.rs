//! Plays one test.

use std::collections::VecDeque;

use chatflow_compiler::source::Span;
use chatflow_compiler::{Test, TestLine, TestStep};
use chatflow_runtime::action::{Action, Argument, ObjectKind, Outcome};
use chatflow_runtime::id::Fragment;
use chatflow_runtime::text::same_exactly;
use chatflow_runtime::{
    Effect, FactValue, Facts, Image, Input, Program, Timestamp, Truth, Type, Value, Waiting, condition, select,
};

use crate::chat::Chat;
use crate::show;
use crate::testing::coverage::Seen;
use crate::testing::transcript::{Bubble, Change, Entry, difference};
use crate::testing::world::{CLOCK, World, facts};

/// Why a test failed.
#[derive(Debug)]
pub struct Failure {
    /// The line that failed.
    pub line: Span,
    /// What is wrong, as a fragment.
    pub what: String,
    /// What was said and done until then.
    pub transcript: Vec<Entry>,
    /// What should have been said and what was.
    pub changes: Vec<Change>,
    /// What the flow knew there, each as `contact.email is ada@example.com`; only for conditions.
    pub known: Vec<String>,
}

/// A host that answers more often than this in one go serves a flow that never waits.
const MOST_OUTCOMES: usize = 1000;

/// Plays a test; `project` has every flow that could show instead of this one.
pub(super) fn play(program: &Program, project: &[Program], test: &Test, seen: &mut Seen) -> Option<Failure> {
    let mut runner = Runner {
        program,
        project,
        seen,
        world: World::default(),
        facts: facts(program),
        now: CLOCK,
        chat: None,
        unread: VecDeque::new(),
        recent: Vec::new(),
        transcript: Vec::new(),
    };
    for (at, line) in test.lines.iter().enumerate() {
        if let Err(what) = runner.line(line) {
            let expected = test.lines.get(at..).unwrap_or_default();
            return Some(runner.failure(line, expected, what));
        }
    }
    None
}

struct Runner<'r> {
    program: &'r Program,
    project: &'r [Program],
    seen: &'r mut Seen,
    world: World,
    /// What is known before the chat begins; afterwards the chat has it.
    facts: Facts,
    now: Timestamp,
    chat: Option<Chat<'r>>,
    /// What the bot has said and the test has not yet looked at.
    unread: VecDeque<Bubble>,
    /// What the flow has done since the visitor's last line.
    recent: Vec<Effect>,
    transcript: Vec<Entry>,
}

/// What is wrong, where a line fails.
type Outcomes = Result<(), String>;

impl<'r> Runner<'r> {
    fn line(&mut self, line: &TestLine) -> Outcomes {
        match &line.what {
            TestStep::Given { fact, value } => self.given(fact, value.as_ref()),
            TestStep::Visit(url) => self.visit(url),
            TestStep::Agree => self.agree(),
            TestStep::Bot { text, replies } => self.bot(&Bubble { text: text.clone(), replies: replies.clone() }),
            TestStep::Visitor(text) => self.visitor(text),
            TestStep::Expect(fragment) => self.expect(*fragment),
            TestStep::ExpectAct { negated, action, object, arguments } => {
                self.expect_action(*negated, *action, object.as_ref(), arguments)
            }
            TestStep::ExpectSet { negated, property, value } => self.expect_set(*negated, property, value.as_ref()),
            TestStep::Shown { negated } => self.shown(*negated),
            TestStep::Wait(milliseconds) => self.wait(*milliseconds),
            TestStep::Fail { action, object } => {
                self.world.arm(*action, object.clone());
                Ok(())
            }
            TestStep::Choose(outcome) => self.choose(*outcome),
            TestStep::Completed => self.completed(),
        }
    }

    fn facts(&self) -> &Facts {
        self.chat.as_ref().map_or(&self.facts, |chat| &chat.facts)
    }

    fn set(&mut self, fact: &str, value: Option<FactValue>) {
        let facts = match &mut self.chat {
            Some(chat) => &mut chat.facts,
            None => &mut self.facts,
        };
        match value {
            Some(value) => facts.set(fact, value),
            None => facts.remove(fact),
        }
    }

    fn given(&mut self, fact: &str, value: Option<&FactValue>) -> Outcomes {
        self.set(fact, value.cloned());
        Ok(())
    }

    fn visit(&mut self, url: &str) -> Outcomes {
        self.set("page.url", Some(FactValue::from(url)));
        self.transcript.push(Entry::Aside(format!("on {url}")));
        Ok(())
    }

    /// The chat, which begins now if it has not begun yet.
    fn begin(&mut self) {
        if self.chat.is_none() {
            let (chat, effects) = Chat::start(self.program, std::mem::take(&mut self.facts), self.now, self.seen);
            self.chat = Some(chat);
            self.take(effects);
        }
    }

    fn waiting(&self) -> Waiting {
        self.chat.as_ref().map_or(Waiting::Nothing, Chat::waiting)
    }

    fn send(&mut self, input: Input<'_>) {
        if let Some(chat) = &mut self.chat {
            let effects = chat.send(input, self.seen);
            self.take(effects);
        }
    }

    /// Notes what the bot has said and the flow has done.
    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match &effect {
                Effect::Say { text } => self.unread.push_back(Bubble { text: text.clone(), replies: None }),
                Effect::Ask { text, replies, .. } => {
                    let replies = replies.iter().map(|reply| reply.label.clone()).collect();
                    self.unread.push_back(Bubble { text: text.clone(), replies: Some(replies) });
                }
                Effect::Consent { .. }
                | Effect::Set { .. }
                | Effect::Act { .. }
                | Effect::Forward { .. }
                | Effect::Survey { .. }
                | Effect::Complete { .. } => {
                    let aside = self.chat.as_ref().and_then(|chat| show::aside_of(chat, &effect));
                    self.transcript.extend(aside.map(Entry::Aside));
                }
            }
            self.recent.push(effect);
        }
    }

    /// Gives the action that is waited for its outcome, if it has one by itself.
    fn deliver(&mut self) -> bool {
        let Some(chat) = &mut self.chat else { return false };
        let Some(pending) = chat.pending() else { return false };
        let Some(outcome) = self.world.outcome(chat.program, &chat.facts, pending) else { return false };
        let place = pending.place;
        self.transcript.push(Entry::Aside(format!("{}: {}", pending.action.spec().head, outcome.word())));
        self.send(Input::Outcome { place, outcome });
        true
    }

    /// Gives outcomes until `enough` holds or none is due. Whether it came to hold.
    fn deliver_until(&mut self, enough: impl Fn(&Self) -> bool) -> bool {
        for _ in 0..MOST_OUTCOMES {
            if enough(self) {
                return true;
            }
            if !self.deliver() {
                return false;
            }
        }
        enough(self)
    }

    fn deliver_all(&mut self) {
        self.deliver_until(|_| false);
    }

    /// Everything that the bot has said must have been looked at.
    fn all_read(&self, before: &str) -> Outcomes {
        if self.unread.is_empty() { Ok(()) } else { Err(format!("the bot has said more before {before}")) }
    }

    /// The chat has begun, the host has answered, and the test has looked at everything.
    fn settled(&mut self, before: &str) -> Outcomes {
        self.begin();
        self.all_read(before)?;
        self.deliver_all();
        self.all_read(before)
    }

    fn agree(&mut self) -> Outcomes {
        self.begin();
        if self.waiting() != Waiting::Agreement {
            return Err("nothing asks for agreement here".to_owned());
        }
        self.transcript.push(Entry::Aside("agrees".to_owned()));
        self.send(Input::Agree);
        Ok(())
    }

    fn bot(&mut self, expected: &Bubble) -> Outcomes {
        self.begin();
        self.deliver_until(|runner| !runner.unread.is_empty());
        match self.unread.front() {
            None => Err("the bot says nothing more here".to_owned()),
            Some(said) if expected.fits(said) => {
                let said = self.unread.pop_front();
                self.transcript.extend(said.map(Entry::Bot));
                Ok(())
            }
            Some(_) => Err("the bot says something else".to_owned()),
        }
    }

    fn visitor(&mut self, text: &str) -> Outcomes {
        self.settled("this line of the visitor")?;
        self.recent.clear();
        self.transcript.push(Entry::Visitor(text.to_owned()));
        self.send(Input::Text(text));
        Ok(())
    }

    fn expect(&mut self, fragment: Fragment) -> Outcomes {
        let session = self.chat.as_ref().map(Chat::session);
        let now = self.chat.as_ref().map_or(self.now, |chat| chat.now);
        match condition(self.program, fragment, session, self.facts(), now) {
            Truth::True => Ok(()),
            Truth::False => Err("this does not hold".to_owned()),
            Truth::Unknown => Err("nobody can say whether this holds: a value is unknown".to_owned()),
        }
    }

    fn expect_action(
        &mut self,
        negated: bool,
        action: Action,
        object: Option<&(ObjectKind, String)>,
        arguments: &[(Argument, String)],
    ) -> Outcomes {
        self.begin();
        self.all_read("this action")?;
        let found = self.deliver_until(|runner| {
            runner.recent.iter().any(|effect| is_action(effect, action, object, arguments))
        });
        match (found, negated) {
            (true, true) => Err(format!("the flow did {} since the visitor's last line", action.spec().head)),
            (false, false) => Err(format!("the flow did not {} like this since the visitor's last line", action.spec().head)),
            (true, false) | (false, true) => Ok(()),
        }
    }

    fn expect_set(&mut self, negated: bool, property: &str, value: Option<&Value>) -> Outcomes {
        self.begin();
        let value = value.map(|value| as_crm(self.program.image(), property, value));
        let found = self.deliver_until(|runner| {
            runner.recent.iter().any(|effect| match effect {
                Effect::Set { property: set, value: stored } => {
                    set == property && value.as_ref().is_none_or(|value| value == stored)
                }
                _ => false,
            })
        });
        match (found, negated) {
            (true, true) => Err(format!("the flow set {property} since the visitor's last line")),
            (false, false) => Err(format!("the flow did not set {property} so since the visitor's last line")),
            (true, false) | (false, true) => Ok(()),
        }
    }

    fn shown(&mut self, negated: bool) -> Outcomes {
        let programs: Vec<&Program> = self.project.iter().collect();
        let now = self.chat.as_ref().map_or(self.now, |chat| chat.now);
        let chosen = select(&programs, self.facts(), now);
        let shown = chosen == Some(self.program.flow_id());
        if shown != negated {
            return Ok(());
        }
        let other = self.project.iter().find(|program| Some(program.flow_id()) == chosen);
        Err(match other {
            _ if shown => "the flow shows here".to_owned(),
            Some(other) => format!("`{}` shows here instead", other.name()),
            None => "the flow does not show here".to_owned(),
        })
    }

    fn wait(&mut self, milliseconds: i64) -> Outcomes {
        self.settled("this wait")?;
        self.transcript.push(Entry::Aside("time passes".to_owned()));
        if let Some(chat) = &mut self.chat {
            let effects = chat.wait(milliseconds, self.seen);
            self.take(effects);
        }
        Ok(())
    }

    fn choose(&mut self, outcome: Outcome) -> Outcomes {
        self.begin();
        self.all_read("this choice")?;
        let can_be = |runner: &Self| {
            let pending = runner.chat.as_ref().and_then(Chat::pending)?;
            pending.can_be(outcome).then_some(pending.place)
        };
        self.deliver_until(|runner| can_be(runner).is_some());
        let Some(place) = can_be(self) else {
            return Err(format!("nothing waits to be {} here", outcome.word()));
        };
        self.transcript.push(Entry::Aside(outcome.word().to_owned()));
        self.send(Input::Outcome { place, outcome });
        Ok(())
    }

    fn completed(&mut self) -> Outcomes {
        self.settled("the end")?;
        match self.chat.as_ref().is_some_and(Chat::is_over) {
            true => Ok(()),
            false => Err("the flow is not over yet".to_owned()),
        }
    }

    fn failure(self, line: &TestLine, rest: &[TestLine], what: String) -> Failure {
        let unread: Vec<Bubble> = self.unread.iter().cloned().collect();
        let expected: Vec<Bubble> = rest.iter().map_while(expected_bubble).collect();
        let is_condition = matches!(line.what, TestStep::Expect(_));
        let changes = if is_condition { Vec::new() } else { difference(&expected, &unread) };
        let known = if is_condition { self.known() } else { Vec::new() };
        Failure { line: line.span, what, transcript: self.transcript, changes, known }
    }

    /// What the flow knows of its properties and locals.
    fn known(&self) -> Vec<String> {
        let Some(chat) = &self.chat else { return Vec::new() };
        let image = self.program.image();
        let names = image.slots.iter().map(|slot| image.strings.get(slot.name));
        names
            .filter_map(|name| match (chat.session().value(name), chat.facts.get(name)) {
                (Some(value), _) => Some(format!("{name} is {}", chat.shown(name, value))),
                (None, Some(fact)) => Some(format!("{name} is {}", show::fact(fact))),
                (None, None) => None,
            })
            .collect()
    }
}

/// The bubble that a line of a test expects.
fn expected_bubble(line: &TestLine) -> Option<Bubble> {
    match &line.what {
        TestStep::Bot { text, replies } => Some(Bubble { text: text.clone(), replies: replies.clone() }),
        TestStep::Given { .. }
        | TestStep::Visit(_)
        | TestStep::Agree
        | TestStep::Visitor(_)
        | TestStep::Expect(_)
        | TestStep::ExpectAct { .. }
        | TestStep::ExpectSet { .. }
        | TestStep::Shown { .. }
        | TestStep::Wait(_)
        | TestStep::Fail { .. }
        | TestStep::Choose(_)
        | TestStep::Completed => None,
    }
}

fn is_action(
    effect: &Effect,
    action: Action,
    object: Option<&(ObjectKind, String)>,
    arguments: &[(Argument, String)],
) -> bool {
    let Effect::Act { action: done, object: named, arguments: given, .. } = effect else { return false };
    let has = |(argument, text): &(Argument, String)| {
        given.iter().any(|(other, said)| other == argument && same_exactly(said.trim(), text.trim()))
    };
    *done == action
        && object.is_none_or(|(kind, name)| named.kind == *kind && named.name == *name)
        && arguments.iter().all(has)
}

/// A value as the CRM knows it: its own names of options.
fn as_crm(image: &Image, property: &str, value: &Value) -> Value {
    let ty = image.slots.iter().find(|slot| image.strings.get(slot.name) == property).map_or(Type::Text, |slot| slot.ty);
    let options = image.options_of(ty).map(|options| options.options.as_slice()).unwrap_or_default();
    let crm = |name: &String| {
        let option = options.iter().find(|option| image.strings.get(option.name) == name);
        option.map_or_else(|| name.clone(), |option| image.strings.get(option.value).to_owned())
    };
    match value {
        Value::Option(name) => Value::Option(crm(name)),
        Value::Options(names) => Value::Options(names.iter().map(crm).collect()),
        Value::Text(_)
        | Value::Number(_)
        | Value::Bool(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Duration(_) => value.clone(),
    }
}
