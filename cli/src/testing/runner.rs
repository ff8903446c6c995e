//! Plays one test.

use std::collections::{BTreeSet, VecDeque};

use chatflow_compiler::source::Span;
use chatflow_compiler::{Test, TestLine, TestStep};
use chatflow_runtime::action::Outcome;
use chatflow_runtime::{Effect, FactValue, Facts, Input, Program, Timestamp, Waiting};

use crate::chat::{Chat, Zones};
use crate::show;
use crate::testing::coverage::Seen;
use crate::testing::expect::Wanted;
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
    /// For conditions what the flow knew there, each as `contact.email is ada@example.com`; for actions what was expected and
    /// what there was.
    pub known: Vec<String>,
}

/// A host that answers more often than this in one go serves a flow that never waits.
const MOST_OUTCOMES: usize = 1000;

/// Plays a test; `project` has every flow that could show instead of this one.
pub(super) fn play(program: &Program, project: &[Program], test: &Test, seen: &mut Seen) -> Option<Failure> {
    let mut runner = Runner::new(program, project, seen);
    for (at, line) in test.lines.iter().enumerate() {
        if let Err(what) = runner.line(line) {
            let expected = test.lines.get(at..).unwrap_or_default();
            return Some(runner.failure(line, expected, what));
        }
    }
    None
}

pub(super) struct Runner<'r> {
    pub(super) program: &'r Program,
    pub(super) project: &'r [Program],
    seen: &'r mut Seen,
    world: World,
    /// The names of the facts that the test has said.
    pub(super) given: BTreeSet<String>,
    /// What is known before the chat begins; afterwards the chat has it.
    pub(super) facts: Facts,
    pub(super) now: Timestamp,
    pub(super) chat: Option<Chat<'r>>,
    /// What the bot has said and the test has not yet looked at, by its number in the transcript.
    unread: VecDeque<usize>,
    /// What the flow has done since the visitor's last line.
    pub(super) recent: Vec<Effect>,
    transcript: Vec<Entry>,
    /// What the line that failed expected, and what there was instead.
    pub(super) compared: Vec<(&'static str, String)>,
    /// The line that the test lacks, so that the flow stands still.
    lacks: Option<String>,
}

/// What is wrong, where a line fails.
pub(super) type Outcomes = Result<(), String>;

impl<'r> Runner<'r> {
    /// A chat that has not begun.
    pub(super) fn new(program: &'r Program, project: &'r [Program], seen: &'r mut Seen) -> Runner<'r> {
        Runner {
            program,
            project,
            seen,
            world: World::default(),
            given: BTreeSet::new(),
            facts: Zones::of(project).said(facts(program), CLOCK),
            now: CLOCK,
            chat: None,
            unread: VecDeque::new(),
            recent: Vec::new(),
            transcript: Vec::new(),
            compared: Vec::new(),
            lacks: None,
        }
    }

    pub(super) fn line(&mut self, line: &TestLine) -> Outcomes {
        let done = self.obey(line);
        // Without that line, whatever else is wrong only follows.
        self.lacks.take().map_or(done, Err)
    }

    fn obey(&mut self, line: &TestLine) -> Outcomes {
        match &line.what {
            TestStep::Given { fact, value } => self.given(fact, value.as_ref()),
            TestStep::GivenNow(at) => self.given_now(*at),
            TestStep::GivenToday(days) => self.given_today(*days),
            TestStep::GivenValue { function, arguments, value } => {
                self.world.say_value(function, arguments, value);
                Ok(())
            }
            TestStep::GivenAnswer { url, said } => {
                self.world.say_answer(url.as_ref(), said);
                Ok(())
            }
            TestStep::Visit(url) => self.visit(url),
            TestStep::Agree => self.agree(),
            TestStep::Bot { text, replies } => {
                self.bot(&Bubble { text: text.clone(), replies: replies.clone() })
            }
            TestStep::Visitor(text) => self.visitor(text),
            TestStep::Expect(fragment) => self.expect(*fragment),
            TestStep::ExpectAct { negated, action, object, arguments, parameters, request } => {
                let (object, request) = (object.as_ref(), request.as_ref());
                let wanted = Wanted { action: *action, object, arguments, parameters, request };
                self.expect_action(*negated, &wanted)
            }
            TestStep::ExpectMedia { negated, media, url, words } => {
                self.expect_media(*negated, *media, url.as_deref(), words.as_deref())
            }
            TestStep::ExpectSet { negated, property, value } => {
                self.expect_set(*negated, property, value.as_ref())
            }
            TestStep::ExpectClear { negated, property } => self.expect_clear(*negated, property),
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

    pub(super) fn facts(&self) -> &Facts {
        self.chat.as_ref().map_or(&self.facts, |chat| &chat.facts)
    }

    pub(super) fn set(&mut self, fact: &str, value: Option<FactValue>) {
        let facts = match &mut self.chat {
            Some(chat) => &mut chat.facts,
            None => &mut self.facts,
        };
        match value {
            Some(value) => facts.set(fact, value),
            None => facts.remove(fact),
        }
    }

    fn visit(&mut self, url: &str) -> Outcomes {
        self.set("page.url", Some(FactValue::from(url)));
        self.transcript.push(Entry::Aside(format!("on {url}")));
        Ok(())
    }

    /// The chat, which begins now if it has not begun yet.
    pub(super) fn begin(&mut self) {
        if self.chat.is_none() {
            let (chat, effects) =
                Chat::start(self.program, std::mem::take(&mut self.facts), self.now, self.seen);
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
                Effect::Say { text } => self.hear(Bubble { text: text.clone(), replies: None }),
                Effect::Ask { text, replies, .. } => {
                    let replies = replies.iter().map(|reply| reply.label.clone()).collect();
                    self.hear(Bubble { text: text.clone(), replies: Some(replies) });
                }
                Effect::Show { .. }
                | Effect::Consent { .. }
                | Effect::Articles { .. }
                | Effect::Set { .. }
                | Effect::Clear { .. }
                | Effect::Act { .. }
                | Effect::Forward { .. }
                | Effect::Moved { .. }
                | Effect::Survey { .. }
                | Effect::Complete { .. } => {
                    let aside = self.chat.as_ref().and_then(|chat| show::aside_of(chat, &effect));
                    self.transcript.extend(aside.map(Entry::Aside));
                }
            }
            self.recent.push(effect);
        }
    }

    /// Notes a text of the bot, which the test must look at.
    fn hear(&mut self, bubble: Bubble) {
        self.unread.push_back(self.transcript.len());
        self.transcript.push(Entry::Bot(bubble));
    }

    /// What the bot has said and the test has not yet looked at.
    fn unread(&self) -> impl Iterator<Item = &Bubble> {
        self.unread.iter().filter_map(|at| match self.transcript.get(*at) {
            Some(Entry::Bot(bubble)) => Some(bubble),
            Some(Entry::Visitor(_) | Entry::Aside(_)) | None => None,
        })
    }

    /// The next text that the bot has said and the test has not looked at; now it has.
    pub(super) fn read_next(&mut self) -> Option<Bubble> {
        let next = self.unread().next().cloned();
        self.unread.pop_front();
        next
    }

    /// Whether the bot has said something that the test has not looked at.
    pub(super) fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Gives the action that is waited for its outcome, if it has one by itself.
    pub(super) fn deliver(&mut self) -> bool {
        let Some(chat) = &mut self.chat else { return false };
        let Some(pending) = chat.pending() else { return false };
        // What has asked the visitor something waits for them.
        if !matches!(chat.waiting(), Waiting::Host { .. }) {
            return false;
        }
        let Some(outcome) = self.world.outcome(chat, pending) else {
            self.lacks = self.world.lacks(chat.program.image(), pending);
            return false;
        };
        let place = pending.place;
        let data = self.world.data(pending, outcome);
        let became = show::became(chat, pending, outcome, &data);
        self.transcript.push(Entry::Aside(became));
        self.send(Input::Outcome { place, outcome, data: &data });
        true
    }

    /// Whether the flow stands still because the test does not say what the host answers.
    pub(super) fn lacks_a_line(&self) -> bool {
        self.lacks.is_some()
    }

    /// Lets the time pass for which the flow waits by itself.
    pub(super) fn pass_pause(&mut self) -> bool {
        let Some(effects) = self.chat.as_mut().and_then(|chat| chat.pass_pause(self.seen)) else {
            return false;
        };
        self.take(effects);
        true
    }

    /// Gives outcomes, and lets the flow's own waits pass, until `enough` holds or the flow stands still. Whether it
    /// came to hold.
    pub(super) fn deliver_until(&mut self, enough: impl Fn(&Self) -> bool) -> bool {
        self.move_until(enough, |runner| runner.deliver() || runner.pass_pause())
    }

    /// The same without letting time pass: a line that says that something is *not* so needs no wait to pass.
    pub(super) fn deliver_now_until(&mut self, enough: impl Fn(&Self) -> bool) -> bool {
        self.move_until(enough, Runner::deliver)
    }

    fn move_until(&mut self, enough: impl Fn(&Self) -> bool, on: impl Fn(&mut Self) -> bool) -> bool {
        for _ in 0..MOST_OUTCOMES {
            if enough(self) {
                return true;
            }
            if !on(self) {
                return false;
            }
        }
        enough(self)
    }

    /// Everything that the bot has said must have been looked at.
    pub(super) fn all_read(&self, before: &str) -> Outcomes {
        if self.unread.is_empty() { Ok(()) } else { Err(format!("the bot has said more before {before}")) }
    }

    /// The chat has begun, the host has answered, and the test has looked at everything.
    fn settled(&mut self, before: &str) -> Outcomes {
        self.begin();
        self.all_read(before)?;
        self.deliver_now_until(|_| false);
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
        match self.unread().next() {
            None => return Err("the bot says nothing more here".to_owned()),
            Some(said) if !expected.fits(said) => return Err("the bot says something else".to_owned()),
            Some(_) => {}
        }
        self.unread.pop_front();
        Ok(())
    }

    fn visitor(&mut self, text: &str) -> Outcomes {
        self.settled("this line of the visitor")?;
        self.recent.clear();
        self.transcript.push(Entry::Visitor(text.to_owned()));
        self.send(Input::Text(text));
        Ok(())
    }

    fn wait(&mut self, milliseconds: i64) -> Outcomes {
        self.settled("this wait")?;
        // A host that says nothing until its deadline is what such a wait is for.
        self.lacks = None;
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
            pending.can_be(outcome).then(|| (pending.place, runner.world.data(pending, outcome)))
        };
        self.deliver_until(|runner| can_be(runner).is_some());
        let Some((place, data)) = can_be(self) else {
            return Err(format!("nothing waits to be {} here", outcome.word()));
        };
        let pending = self.chat.as_ref().and_then(Chat::pending);
        if let Some(pending) = pending.filter(|pending| pending.action.spec().brings == Some(outcome)) {
            self.lacks = self.world.lacks(self.program.image(), pending);
        }
        self.transcript.push(Entry::Aside(outcome.word().to_owned()));
        self.send(Input::Outcome { place, outcome, data: &data });
        Ok(())
    }

    fn completed(&mut self) -> Outcomes {
        let is_over = |runner: &Self| runner.chat.as_ref().is_some_and(Chat::is_over);
        self.begin();
        self.all_read("the end")?;
        self.deliver_until(|runner| is_over(runner) || runner.has_unread());
        self.all_read("the end")?;
        match is_over(self) {
            true => Ok(()),
            false => Err("the flow is not over yet".to_owned()),
        }
    }

    fn failure(mut self, line: &TestLine, rest: &[TestLine], what: String) -> Failure {
        let is_condition = matches!(line.what, TestStep::Expect(_));
        if is_condition {
            let known = self.known();
            return Failure {
                line: line.span,
                what,
                transcript: self.transcript,
                changes: Vec::new(),
                known,
            };
        }
        let unread: Vec<Bubble> = self.unread().cloned().collect();
        let expected: Vec<Bubble> = rest.iter().map_while(expected_bubble).collect();
        // What the test has not looked at is told by the difference.
        self.transcript.truncate(self.unread.front().copied().unwrap_or(usize::MAX));
        let known = self.compared.iter().map(|(what, action)| format!("{what}: {action}")).collect();
        let changes = difference(&expected, &unread);
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
        | TestStep::GivenNow(_)
        | TestStep::GivenToday(_)
        | TestStep::GivenValue { .. }
        | TestStep::GivenAnswer { .. }
        | TestStep::Visit(_)
        | TestStep::Agree
        | TestStep::Visitor(_)
        | TestStep::Expect(_)
        | TestStep::ExpectAct { .. }
        | TestStep::ExpectSet { .. }
        | TestStep::ExpectMedia { .. }
        | TestStep::ExpectClear { .. }
        | TestStep::Shown { .. }
        | TestStep::Wait(_)
        | TestStep::Fail { .. }
        | TestStep::Choose(_)
        | TestStep::Completed => None,
    }
}
