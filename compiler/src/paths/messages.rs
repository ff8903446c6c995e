//! More messages in a row than anybody reads.

use std::collections::VecDeque;

use chatflow_runtime::action::Waits;
use chatflow_runtime::id::{Slot, Step};
use chatflow_runtime::image::Image;
use chatflow_runtime::setting::{Setting, SettingValue};

use super::Calls;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Arm, Ask, Condition, Flow, Statement, StatementKind};
use crate::source::Span;
use crate::values::Values;

/// So many messages may come without a pause: the usual advice of those who build such bots.
const MOST: u32 = 5;

/// Reports the first message of each run that is one too many, over all paths between two waits.
pub(super) fn report(flow: &Flow, image: &Image, calls: &Calls, found: &mut Vec<Diagnostic>) {
    // Hardly any flow says too much even if all its conditions held at once.
    if !Walk::new(flow, image, false).walk(calls).is_empty() {
        found.append(&mut Walk::new(flow, image, true).walk(calls));
    }
}

fn agrees_first(image: &Image) -> bool {
    image.settings.iter().any(|(setting, value)| match (setting, value) {
        (Setting::Processing, SettingValue::Word(kind) | SettingValue::WordAndText(kind, _)) => {
            image.strings.get(*kind) == "explicit"
        }
        _ => false,
    })
}

/// How many messages came in a row on some of the paths to a place, and what holds on those.
#[derive(Clone)]
struct Run {
    /// Whether there was a pause since the step began.
    paused: bool,
    /// One above the limit stands for all that are above it.
    messages: u32,
    values: Values,
}

/// The runs on all paths to a place, one for each count; none if no path reaches it.
#[derive(Clone, Default)]
struct Runs(Vec<Run>);

impl Runs {
    fn one(paused: bool, messages: u32) -> Runs {
        Runs(vec![Run { paused, messages, values: Values::default() }])
    }

    fn most(&self) -> Option<u32> {
        self.0.iter().map(|run| run.messages).max()
    }

    fn join(mut self, other: Runs) -> Runs {
        for run in other.0 {
            let same = |one: &&mut Run| one.paused == run.paused && one.messages == run.messages;
            match self.0.iter_mut().find(same) {
                Some(one) => one.values = std::mem::take(&mut one.values).or(run.values),
                None => self.0.push(run),
            }
        }
        self
    }

    fn each(self, change: impl FnMut(Run) -> Option<Run>) -> Runs {
        self.0.into_iter().filter_map(change).map(|run| Runs(vec![run])).fold(Runs::default(), Runs::join)
    }
}

/// The most messages in a row on the paths to each place. A count that is over the limit stays one above it, so each
/// step is read again only a few times.
struct Walk<'a> {
    flow: &'a Flow,
    image: &'a Image,
    /// Whether conditions are looked at, or each is taken to come out either way.
    exact: bool,
    starts: Vec<u32>,
    queue: VecDeque<Step>,
    queued: Vec<bool>,
    /// For each step that is run with `do`, what it comes to from its beginning.
    summaries: Vec<Option<Runs>>,
    reporting: bool,
    found: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    fn new(flow: &'a Flow, image: &'a Image, exact: bool) -> Walk<'a> {
        let steps = flow.steps.len();
        Walk {
            flow,
            image,
            exact,
            starts: vec![0; steps],
            queue: VecDeque::new(),
            queued: vec![false; steps],
            summaries: vec![None; steps],
            reporting: false,
            found: Vec::new(),
        }
    }

    fn walk(mut self, calls: &Calls) -> Vec<Diagnostic> {
        for step in &calls.order {
            let end =
                self.flow.steps.get(step.index()).map(|step| self.block(&step.body, Runs::one(false, 0)));
            if let Some(summary) = self.summaries.get_mut(step.index()) {
                *summary = end;
            }
        }
        // Where the visitor must agree, the chat stops behind the welcome.
        self.enter(Step(0), u32::from(self.flow.welcome.is_some() && !agrees_first(self.image)));
        for nth in 0..self.flow.steps.len() {
            self.enter(Step(nth as u32), 0);
        }
        while let Some(step) = self.queue.pop_front() {
            if let Some(queued) = self.queued.get_mut(step.index()) {
                *queued = false;
            }
            self.read(step);
        }
        self.reporting = true;
        for nth in 0..self.flow.steps.len() {
            self.read(Step(nth as u32));
        }
        self.found
    }

    fn enter(&mut self, step: Step, run: u32) {
        let Some(start) = self.starts.get_mut(step.index()) else { return };
        *start = run.max(*start);
        if let Some(queued) = self.queued.get_mut(step.index()).filter(|queued| !**queued) {
            *queued = true;
            self.queue.push_back(step);
        }
    }

    fn read(&mut self, step: Step) {
        let flow = self.flow;
        let start = self.starts.get(step.index()).copied().unwrap_or(0);
        if let Some(step) = flow.steps.get(step.index()) {
            self.block(&step.body, Runs::one(false, start));
        }
    }

    fn go(&mut self, step: Step, runs: &Runs) {
        let Some(run) = runs.most() else { return };
        if !self.reporting && self.starts.get(step.index()).is_some_and(|start| run > *start) {
            self.enter(step, run);
        }
    }

    fn block(&mut self, body: &[Statement], start: Runs) -> Runs {
        let mut runs = start;
        for statement in body {
            if runs.0.is_empty() {
                break;
            }
            runs = self.statement(statement, runs);
        }
        runs
    }

    fn statement(&mut self, statement: &Statement, runs: Runs) -> Runs {
        match &statement.kind {
            StatementKind::Say(bubbles, _) => self.says(bubbles.len() as u32, runs, statement.span),
            StatementKind::Set { slot, failed, .. } => {
                let failed = failed.as_ref().map(|arm| self.arm(arm, runs.clone())).unwrap_or_default();
                stored(runs, *slot).join(failed)
            }
            StatementKind::Clear { slot } => stored(runs, *slot),
            StatementKind::If { arms, otherwise, .. } => {
                let mut after = Runs::default();
                let mut rest = runs;
                for (condition, body) in arms {
                    let inside = self.those(&rest, condition, true);
                    rest = self.those(&rest, condition, false);
                    after = after.join(self.block(body, inside));
                }
                after.join(match otherwise {
                    Some(body) => self.block(body, rest),
                    None => rest,
                })
            }
            StatementKind::Go(step, _) => {
                self.go(*step, &runs);
                Runs::default()
            }
            StatementKind::End => Runs::default(),
            StatementKind::Do(call) => {
                self.go(call.step, &runs);
                let summary = self.summaries.get(call.step.index()).cloned().flatten().unwrap_or_default();
                summary.0.iter().fold(Runs::default(), |after, end| {
                    after.join(if end.paused {
                        Runs::one(true, end.messages)
                    } else {
                        runs.clone()
                            .each(|run| Some(Run { values: Values::default(), ..more(run, end.messages) }))
                    })
                })
            }
            StatementKind::Wait(_) | StatementKind::Hole => Runs::one(true, 0),
            StatementKind::Ask(ask) => self.ask(ask, statement.span, runs),
            StatementKind::Act(act) => {
                if act.action.spec().waits == Waits::Nobody {
                    return runs.each(|run| Some(Run { values: run.values.after_an_action(), ..run }));
                }
                let paused = Runs::one(true, 0);
                act.arms().map(|arm| self.arm(arm, paused.clone())).fold(paused.clone(), Runs::join)
            }
        }
    }

    fn ask(&mut self, ask: &Ask, span: Span, runs: Runs) -> Runs {
        let (skipped, asked) = match &ask.skip {
            Some((condition, _)) => (self.those(&runs, condition, true), self.those(&runs, condition, false)),
            None => (Runs::default(), runs),
        };
        if asked.0.is_empty() {
            return skipped;
        }
        self.says(1, asked, span);
        let answered = Runs::one(true, 0);
        let replies = ask.replies.iter().map(|reply| &reply.arm).chain(&ask.otherwise);
        let attempts = ask.attempts.iter().map(|(_, arm)| arm);
        let arms = replies.chain(attempts).chain(ask.timeout.iter().map(|(_, arm, _)| arm));
        arms.map(|arm| self.arm(arm, answered.clone())).fold(skipped.join(answered.clone()), Runs::join)
    }

    fn arm(&mut self, arm: &Arm, runs: Runs) -> Runs {
        match arm {
            Arm::Next => runs,
            Arm::Step(step, _) => {
                self.go(*step, &runs);
                Runs::default()
            }
            Arm::Block(body) => self.block(body, runs),
        }
    }

    /// The runs on which the condition can come out like this.
    fn those(&self, runs: &Runs, condition: &Condition, holds: bool) -> Runs {
        if !self.exact {
            return runs.clone();
        }
        runs.clone().each(|run| {
            let values = run.values.where_it_is(self.image, condition, holds)?;
            Some(Run { values, ..run })
        })
    }

    /// The runs after so many more messages.
    fn says(&mut self, messages: u32, runs: Runs, span: Span) -> Runs {
        // On a shorter path the same messages become too many a little later: that is told once.
        let most = runs.most().unwrap_or(0);
        if self.reporting && most <= MOST && most.saturating_add(messages) > MOST {
            let found = Diagnostic::new(
                Code::ManyMessages,
                span,
                format!("more than {MOST} messages without a pause"),
            )
            .here(if messages == 1 { "the sixth in a row" } else { "the sixth in a row is one of these" })
            .help("Nobody reads that many at once: ask something in between, `wait 2s`, or say less.");
            self.found.push(found);
        }
        runs.each(|run| Some(more(run, messages)))
    }
}

fn more(run: Run, messages: u32) -> Run {
    Run { messages: run.messages.saturating_add(messages).min(MOST + 1), ..run }
}

fn stored(runs: Runs, slot: Slot) -> Runs {
    runs.each(|run| Some(Run { values: run.values.after_storing(slot), ..run }))
}
