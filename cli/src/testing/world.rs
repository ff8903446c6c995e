//! The world of a test: what is known where the test says nothing, and what becomes of actions by themselves.

use chatflow_runtime::action::{Action, Outcome, OutcomeDefault, Unattended};
use chatflow_runtime::{FUNCTION_VALUE, FactValue, Facts, Image, Program, Timestamp, Value, is_there};

use crate::chat::{Chat, Pending};
use crate::run::SOME_PAGE;
use crate::testing::answers::answered;

/// The moment at which every test begins: 2026-01-05T10:00Z, a Monday.
pub const CLOCK: Timestamp = Timestamp(1_767_607_200_000);

/// The world of one test, or of one chat in the terminal.
#[derive(Debug, Default)]
pub struct World {
    /// The actions that will fail, the next one first.
    armed: Vec<(Action, Option<String>)>,
    /// What functions come to that are called with these values; what was said last stands.
    values: Vec<(String, Vec<Value>, FactValue)>,
    /// What servers answer, those at this address or all of them; what was said last stands.
    answers: Vec<(Option<String>, Facts)>,
}

/// What is known before a test says anything: a page, and that every inbox is closed.
pub fn facts(program: &Program) -> Facts {
    let image = program.image();
    let mut facts = Facts::new().with("page.url", SOME_PAGE).with("channel", "website");
    for inbox in &image.flow.inboxes {
        facts.set(&format!("inbox {}", image.strings.get(inbox.name)), FactValue::Bool(false));
    }
    facts
}

impl World {
    /// The next such action fails.
    pub fn arm(&mut self, action: Action, object: Option<String>) {
        self.armed.push((action, object));
    }

    /// Whether this action will fail.
    pub fn is_armed(&self, pending: &Pending) -> bool {
        self.armed_for(pending).is_some()
    }

    fn armed_for(&self, pending: &Pending) -> Option<usize> {
        self.armed.iter().position(|(action, object)| {
            *action == pending.action && object.as_ref().is_none_or(|name| *name == pending.object.name)
        })
    }

    /// A function that is called with these values comes to this.
    pub fn say_value(&mut self, function: &str, arguments: &[Value], value: &FactValue) {
        self.values.push((function.to_owned(), arguments.to_vec(), value.clone()));
    }

    /// A server answers this from here on.
    pub fn say_answer(&mut self, url: Option<&String>, said: &[(String, FactValue)]) {
        self.answers.push((url.cloned(), answered(said)));
    }

    /// What the host answers, where somebody has said it, or where the flow stores nothing of it.
    pub fn answer(&self, pending: &Pending) -> Option<Facts> {
        if let Some(request) = &pending.request {
            let named = |given: &&(Option<String>, Facts)| given.0.as_ref() == Some(&request.url);
            let any = |given: &&(Option<String>, Facts)| given.0.is_none();
            let mut last = self.answers.iter().rev();
            let said = last.clone().find(named).or_else(|| last.find(any));
            let nothing = || (!pending.stores).then(Facts::new);
            return said.map(|(_, said)| said.clone()).or_else(nothing);
        }
        let same = |given: &&(String, Vec<Value>, FactValue)| {
            given.0 == pending.object.name
                && given.1.iter().eq(pending.parameters.iter().map(|(_, value)| value))
        };
        let (_, _, value) = self.values.iter().rev().find(same)?;
        Some(Facts::new().with(FUNCTION_VALUE, value.clone()))
    }

    /// The line that a test lacks where the flow waits for an answer that nobody has said.
    pub fn lacks(&self, image: &Image, pending: &Pending) -> Option<String> {
        match pending.action.spec().unattended {
            Unattended::Answers(_) if self.answer(pending).is_none() => {
                let call = pending.written(image);
                Some(match pending.request {
                    Some(_) => format!(
                        "no line says what {call} answers; add `given call webhook answers {{ … }}` before this one"
                    ),
                    None => format!(
                        "no line says what `{call}` comes to; add `given {call} is VALUE` before this one"
                    ),
                })
            }
            Unattended::Answers(_) | Unattended::Waits | Unattended::Becomes(_) | Unattended::IfThere(..) => {
                None
            }
        }
    }

    /// What a host says with an outcome, where there is none: a search finds an article.
    pub fn data(&self, pending: &Pending, outcome: Outcome) -> Facts {
        if pending.action.spec().brings == Some(outcome) {
            return self.answer(pending).unwrap_or_default();
        }
        let row = pending.action.spec().outcome(outcome);
        match row.map(|row| row.default) {
            Some(OutcomeDefault::Show) => {
                Facts::new().with("articles[0].title", pending.object.title.as_str())
            }
            Some(
                OutcomeDefault::MustBeSaid
                | OutcomeDefault::GoOn
                | OutcomeDefault::Error
                | OutcomeDefault::As(_)
                | OutcomeDefault::Complete,
            )
            | None => Facts::new(),
        }
    }

    /// What becomes of an action by itself; nothing, where the visitor chooses and the test must say what.
    pub fn outcome(&mut self, chat: &Chat<'_>, pending: &Pending) -> Option<Outcome> {
        let is_there = || is_there(chat.program, &pending.object, &chat.facts, chat.now);
        if let Some(at) = self.armed_for(pending) {
            self.armed.remove(at);
            return pending.action.spec().failure();
        }
        match pending.action.spec().unattended {
            Unattended::Waits => None,
            Unattended::Becomes(outcome) => Some(outcome),
            Unattended::IfThere(there, _) if is_there() => Some(there),
            Unattended::IfThere(_, not) => Some(not),
            Unattended::Answers(outcome) => self.answer(pending).map(|_| outcome),
        }
    }
}
