//! More messages in a row than anybody reads.

use std::collections::VecDeque;

use chatflow_runtime::action::Waits;
use chatflow_runtime::id::Step;
use chatflow_runtime::image::Image;
use chatflow_runtime::setting::{Setting, SettingValue};

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Arm, Ask, Flow, Statement, StatementKind};
use crate::source::Span;

/// So many messages may come without a pause: the usual advice of those who build such bots.
const MOST: u32 = 5;

/// Reports the first message of each run that is one too many, over all paths between two waits.
pub(super) fn report(flow: &Flow, image: &Image, found: &mut Vec<Diagnostic>) {
    let mut walk = Walk::new(flow);
    // Where the visitor must agree, the chat stops behind the welcome.
    walk.enter(Step(0), u32::from(flow.welcome.is_some() && !agrees_first(image)));
    for nth in 0..flow.steps.len() {
        walk.enter(Step(nth as u32), 0);
    }
    while let Some(step) = walk.queue.pop_front() {
        if let Some(queued) = walk.queued.get_mut(step.index()) {
            *queued = false;
        }
        walk.read(step);
    }
    walk.reporting = true;
    for nth in 0..flow.steps.len() {
        walk.read(Step(nth as u32));
    }
    found.append(&mut walk.found);
}

fn agrees_first(image: &Image) -> bool {
    image.settings.iter().any(|(setting, value)| match (setting, value) {
        (Setting::Processing, SettingValue::Word(kind) | SettingValue::WordAndText(kind, _)) => {
            image.strings.get(*kind) == "explicit"
        }
        _ => false,
    })
}

/// The most messages in a row on the paths to each place. A count that is over the limit stays one above it, so each
/// step is read again only a few times.
struct Walk<'a> {
    flow: &'a Flow,
    starts: Vec<u32>,
    queue: VecDeque<Step>,
    queued: Vec<bool>,
    reporting: bool,
    found: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    fn new(flow: &'a Flow) -> Walk<'a> {
        let steps = flow.steps.len();
        Walk {
            flow,
            starts: vec![0; steps],
            queue: VecDeque::new(),
            queued: vec![false; steps],
            reporting: false,
            found: Vec::new(),
        }
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
            self.block(&step.body, Some(start));
        }
    }

    fn go(&mut self, step: Step, run: u32) {
        if !self.reporting && self.starts.get(step.index()).is_some_and(|start| run > *start) {
            self.enter(step, run);
        }
    }

    /// The messages in a row after a block; none if no path reaches its end.
    fn block(&mut self, body: &[Statement], start: Option<u32>) -> Option<u32> {
        body.iter().fold(start, |run, statement| self.statement(statement, run?))
    }

    fn statement(&mut self, statement: &Statement, run: u32) -> Option<u32> {
        match &statement.kind {
            StatementKind::Say(bubbles, _) => Some(self.says(bubbles.len() as u32, run, statement.span)),
            StatementKind::Set { failed, .. } => {
                let failed = failed.as_ref().and_then(|arm| self.arm(arm, run));
                Some(run).max(failed)
            }
            StatementKind::Clear { .. } => Some(run),
            StatementKind::If { arms, otherwise, .. } => {
                let ends = arms.iter().map(|(_, body)| self.block(body, Some(run))).max().flatten();
                ends.max(otherwise.as_ref().map_or(Some(run), |body| self.block(body, Some(run))))
            }
            StatementKind::Go(step, _) => {
                self.go(*step, run);
                None
            }
            StatementKind::End => None,
            // What the step says is counted there; it may wait.
            StatementKind::Do(call) => {
                self.go(call.step, run);
                Some(0)
            }
            StatementKind::Wait(_) | StatementKind::Hole => Some(0),
            StatementKind::Ask(ask) => self.ask(ask, statement.span, run),
            StatementKind::Act(act) => {
                if act.action.spec().waits == Waits::Nobody {
                    return Some(run);
                }
                act.arms().map(|arm| self.arm(arm, 0)).max().flatten().max(Some(0))
            }
        }
    }

    fn ask(&mut self, ask: &Ask, span: Span, run: u32) -> Option<u32> {
        self.says(1, run, span);
        let replies = ask.replies.iter().map(|reply| &reply.arm).chain(&ask.otherwise);
        let attempts = ask.attempts.iter().map(|(_, arm)| arm);
        let arms = replies.chain(attempts).chain(ask.timeout.iter().map(|(_, arm, _)| arm));
        let ends = arms.map(|arm| self.arm(arm, 0)).max().flatten();
        // A question that is skipped is no pause.
        ends.max(Some(if ask.skip.is_some() { run } else { 0 }))
    }

    fn arm(&mut self, arm: &Arm, run: u32) -> Option<u32> {
        match arm {
            Arm::Next => Some(run),
            Arm::Step(step, _) => {
                self.go(*step, run);
                None
            }
            Arm::Block(body) => self.block(body, Some(run)),
        }
    }

    /// The run after so many more messages.
    fn says(&mut self, messages: u32, run: u32, span: Span) -> u32 {
        let after = run.saturating_add(messages).min(MOST + 1);
        if self.reporting && run <= MOST && after > MOST {
            let found = Diagnostic::new(
                Code::ManyMessages,
                span,
                format!("more than {MOST} messages without a pause"),
            )
            .here(if messages == 1 { "the sixth in a row" } else { "the sixth in a row is one of these" })
            .help("Nobody reads that many at once: ask something in between, `wait 2s`, or say less.");
            self.found.push(found);
        }
        after
    }
}
