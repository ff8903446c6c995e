//! Questions that nobody can answer and timeouts that come too late: the flow's own waits before them, while the
//! visitor is silent, outlast the session.

use std::collections::VecDeque;

use chatflow_runtime::action::{OutcomeDefault, Waits};
use chatflow_runtime::id::Step;

use super::Calls;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Act, Arm, Ask, Flow, Statement, StatementKind};
use crate::literal::written_duration;
use crate::source::Span;

/// More than any flow waits, in milliseconds.
const FOREVER: i64 = 1 << 60;

/// So often a step is read anew because the flow may have waited longer before it. What loops add beyond that is not
/// found.
const MOST_READINGS: u32 = 32;

/// Reports each question before which, on some path since the visitor last answered, the flow waits until the session
/// is over, and each timeout that can come only then.
pub(super) fn report(flow: &Flow, calls: &Calls, found: &mut Vec<Diagnostic>) {
    let steps = flow.steps.len();
    let mut walk = Walk {
        flow,
        starts: vec![Waited::default(); steps],
        readings: vec![0; steps],
        queue: VecDeque::new(),
        summaries: vec![None; steps],
        reading: Reading::Summing,
        found: Vec::new(),
    };
    walk.summaries(calls);
    walk.reading = Reading::Settling;
    walk.queue.extend((0..steps).map(|nth| Step(nth as u32)));
    while let Some(step) = walk.queue.pop_front() {
        walk.read(step);
    }
    walk.reading = Reading::Reporting;
    for nth in 0..steps {
        walk.read(Step(nth as u32));
    }
    found.append(&mut walk.found);
}

/// For how long the flow has waited by itself, at the longest, and where it did last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Waited {
    ms: i64,
    at: Option<Span>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// For what a step adds that is run with `do`.
    Summing,
    /// To find out how long was waited before each step.
    Settling,
    /// To report, when all that is known.
    Reporting,
}

struct Walk<'a> {
    flow: &'a Flow,
    starts: Vec<Waited>,
    readings: Vec<u32>,
    queue: VecDeque<Step>,
    /// For each step that is run, how long was waited at its end if the visitor could have answered long before it, and
    /// if never: between the two, each path adds its waits or begins anew.
    summaries: Vec<Option<(Waited, Waited)>>,
    reading: Reading,
    found: Vec<Diagnostic>,
}

impl Walk<'_> {
    fn summaries(&mut self, calls: &Calls) {
        let flow = self.flow;
        for step in &calls.order {
            let Some(body) = flow.steps.get(step.index()).map(|step| &step.body) else { continue };
            let mut end = |ms| self.block(body, Some(Waited { ms, at: None }));
            let summary = end(-FOREVER).zip(end(FOREVER));
            if let Some(slot) = self.summaries.get_mut(step.index()) {
                *slot = summary;
            }
        }
    }

    fn read(&mut self, step: Step) {
        let flow = self.flow;
        let start = self.starts.get(step.index()).copied().unwrap_or_default();
        if let Some(step) = flow.steps.get(step.index()) {
            self.block(&step.body, Some(start));
        }
    }

    fn go(&mut self, step: Step, waited: Waited) {
        let at = step.index();
        let (Some(start), Some(readings)) = (self.starts.get_mut(at), self.readings.get_mut(at)) else {
            return;
        };
        let longer = waited.ms > start.ms && start.ms < self.flow.session_timeout;
        if self.reading == Reading::Settling && longer && *readings < MOST_READINGS {
            *start = waited;
            *readings += 1;
            self.queue.push_back(step);
        }
    }

    /// How long was waited at the end of a block; none if no path reaches it.
    fn block(&mut self, body: &[Statement], start: Option<Waited>) -> Option<Waited> {
        body.iter().fold(start, |waited, statement| self.statement(statement, waited?))
    }

    fn statement(&mut self, statement: &Statement, waited: Waited) -> Option<Waited> {
        match &statement.kind {
            StatementKind::Say(..) | StatementKind::Clear { .. } => Some(waited),
            StatementKind::Set { failed, .. } => {
                let failed = failed.as_ref().and_then(|arm| self.arm(arm, waited));
                Some(waited).max(failed)
            }
            StatementKind::If { arms, otherwise, .. } => {
                let ends = arms.iter().map(|(_, body)| self.block(body, Some(waited))).max().flatten();
                ends.max(otherwise.as_ref().map_or(Some(waited), |body| self.block(body, Some(waited))))
            }
            StatementKind::Go(step, _) => {
                self.go(*step, waited);
                None
            }
            StatementKind::End => None,
            StatementKind::Hole => Some(Waited::default()),
            StatementKind::Wait(pause) => {
                Some(Waited { ms: waited.ms.saturating_add(pause.ms), at: Some(statement.span) })
            }
            StatementKind::Do(call) => {
                self.go(call.step, waited);
                let (least, most) = self.summaries.get(call.step.index()).copied().flatten()?;
                // The paths on which nobody could answer add to what was waited before.
                let added = (most.ms >= FOREVER)
                    .then(|| Waited { ms: waited.ms + (most.ms - FOREVER), at: most.at.or(waited.at) });
                let anew = (least.ms >= 0).then_some(least);
                added.max(anew)
            }
            StatementKind::Ask(ask) => self.ask(ask, statement.span, waited),
            StatementKind::Act(act) => {
                if act.action.spec().waits == Waits::Nobody {
                    return Some(waited);
                }
                self.act(act, statement.span, waited)
            }
        }
    }

    fn ask(&mut self, ask: &Ask, span: Span, waited: Waited) -> Option<Waited> {
        self.asks(span, waited, "this question comes when the session is over");
        let replies = ask.replies.iter().map(|reply| &reply.arm).chain(&ask.otherwise);
        let arms = replies.chain(ask.attempts.iter().map(|(_, arm)| arm));
        let answered = arms.map(|arm| self.arm(arm, Waited::default())).max().flatten();
        let silent = self.timeout(ask.timeout.as_ref(), waited);
        answered.max(silent).max(Some(if ask.skip.is_some() { waited } else { Waited::default() }))
    }

    fn act(&mut self, act: &Act, span: Span, waited: Waited) -> Option<Waited> {
        let spec = act.action.spec();
        let offer = spec.waits.offer();
        if offer.is_some() {
            self.asks(span, waited, "this waits for the visitor when the session is over");
        }
        let silent = self.timeout(act.timeout.as_ref(), waited);
        let nexts = act.talk.iter().flat_map(|talk| &talk.nexts);
        let mut end = nexts.map(|(_, arm, _)| self.arm(arm, waited)).max().flatten().max(silent);
        for row in spec.outcomes {
            let given = offer.is_some_and(|offer| offer.gives(row.outcome));
            let after = if given { Waited::default() } else { waited };
            let said = act.outcomes.iter().find(|(outcome, _)| *outcome == row.outcome);
            end = end.max(match (said, row.default) {
                (Some((_, arm)), _) => self.arm(arm, after),
                (None, OutcomeDefault::GoOn | OutcomeDefault::MustBeSaid) => Some(after),
                (
                    None,
                    OutcomeDefault::Error
                    | OutcomeDefault::Complete
                    | OutcomeDefault::Show
                    | OutcomeDefault::As(_),
                ) => None,
            });
        }
        end
    }

    /// Where the visitor is waited for.
    fn asks(&mut self, span: Span, waited: Waited, what: &str) {
        if self.reading == Reading::Reporting && waited.ms >= self.flow.session_timeout {
            let found = Diagnostic::new(Code::LateQuestion, span, what)
                .here(format!("the flow may have waited {} by now", written_duration(waited.ms)));
            let session = self.session();
            self.found.push(last_wait(found, span, waited).help(format!(
                "After {session} of silence the visitor's next message starts the flow again, so no answer comes to this: wait for less, or say `session_timeout` in `options`."
            )));
        }
    }

    fn timeout(&mut self, timeout: Option<&(i64, Arm, Span)>, before: Waited) -> Option<Waited> {
        let (ms, arm, span) = timeout?;
        let waited = Waited { ms: before.ms.saturating_add(*ms), at: Some(*span) };
        // Where the question itself comes too late, that is told.
        let late = waited.ms >= self.flow.session_timeout && before.ms < self.flow.session_timeout;
        if self.reading == Reading::Summing || !late {
            return self.arm(arm, waited);
        }
        if self.reading == Reading::Reporting {
            self.late_timeout(*ms, *span, before, waited);
        }
        // What comes behind it comes too late as well; that is told once.
        self.arm(arm, Waited::default())
    }

    fn late_timeout(&mut self, ms: i64, span: Span, before: Waited, waited: Waited) {
        let session = self.session();
        let found = if ms >= self.flow.session_timeout {
            Diagnostic::new(Code::LateTimeout, span, "this timeout never comes first")
                .here("not shorter than the session's")
                .help("After `session_timeout` the visitor's next message starts the flow again; make this one shorter.")
        } else {
            let found =
                Diagnostic::new(Code::LateTimeout, span, "this timeout comes when the session is over").here(
                    format!("the visitor may have been silent for {} by then", written_duration(waited.ms)),
                );
            let help = if before.at == Some(span) {
                "It comes round again and again, whoever is there: let it lead past this question, to an end or to one without a timeout."
            } else {
                "Let it come earlier, or let what comes before it wait for less."
            };
            last_wait(found, span, before).help(format!(
                "After {session} of silence the visitor's next message starts the flow again. {help}"
            ))
        };
        self.found.push(found);
    }

    fn arm(&mut self, arm: &Arm, waited: Waited) -> Option<Waited> {
        match arm {
            Arm::Next => Some(waited),
            Arm::Step(step, _) => {
                self.go(*step, waited);
                None
            }
            Arm::Block(body) => self.block(body, Some(waited)),
        }
    }

    fn session(&self) -> String {
        written_duration(self.flow.session_timeout)
    }
}

fn last_wait(found: Diagnostic, here: Span, waited: Waited) -> Diagnostic {
    match waited.at.filter(|at| *at != here) {
        Some(at) => found.label(at, "the last of its waits"),
        None => found,
    }
}
