//! The steps that steps run with `do`: in which order they can be looked at, and those that come to run themselves.

use std::collections::BTreeSet;

use chatflow_runtime::id::{PlaceId, Step};
use chatflow_runtime::image::MAX_CALLS;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Call, Flow, Statement, StatementKind};

/// Which steps run which.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// For each step, the calls in it, in the order of the source.
    pub of: Vec<Vec<Call>>,
    /// Every step, each after those that it runs.
    pub order: Vec<Step>,
    /// The places of calls that lead back to a step that is being run already. They are reported; without them no
    /// step runs itself.
    pub circular: BTreeSet<PlaceId>,
}

/// Finds the calls of a flow, and reports those that go round and those that are nested too deeply.
pub(super) fn calls(flow: &Flow, found: &mut Vec<Diagnostic>) -> Calls {
    let mut of: Vec<Vec<Call>> = Vec::with_capacity(flow.steps.len());
    for step in &flow.steps {
        let mut calls = Vec::new();
        collect(&step.body, &mut calls);
        of.push(calls);
    }
    let mut search = Search {
        flow,
        states: vec![Mark::New; of.len()],
        calls: Calls { of, order: Vec::new(), circular: BTreeSet::new() },
        found,
    };
    for root in 0..flow.steps.len() {
        search.from(root);
    }
    let calls = search.calls;
    too_deep(flow, &calls, found);
    calls
}

fn collect(body: &[Statement], calls: &mut Vec<Call>) {
    for statement in body {
        if let StatementKind::Do(call) = &statement.kind {
            calls.push(*call);
        }
        statement.blocks(&mut |body| collect(body, calls));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    /// At this place of the path.
    OnPath(usize),
    Done,
}

/// How many steps of a circle a message names, at most.
const NAMED: usize = 6;

struct Search<'a> {
    flow: &'a Flow,
    states: Vec<Mark>,
    calls: Calls,
    found: &'a mut Vec<Diagnostic>,
}

impl Search<'_> {
    fn mark(&mut self, step: usize, mark: Mark) {
        if let Some(state) = self.states.get_mut(step) {
            *state = mark;
        }
    }

    /// A depth-first search with a stack of its own: hostile sources run steps in each other a hundred thousand deep.
    fn from(&mut self, root: usize) {
        if self.states.get(root) != Some(&Mark::New) {
            return;
        }
        let mut path: Vec<(usize, usize)> = vec![(root, 0)];
        self.mark(root, Mark::OnPath(0));
        while let Some((step, next)) = path.last_mut() {
            let (step, at) = (*step, *next);
            *next += 1;
            let Some(call) = self.calls.of.get(step).and_then(|calls| calls.get(at)).copied() else {
                self.mark(step, Mark::Done);
                path.pop();
                self.calls.order.push(Step(step as u32));
                continue;
            };
            match self.states.get(call.step.index()) {
                Some(Mark::New) => {
                    self.mark(call.step.index(), Mark::OnPath(path.len()));
                    path.push((call.step.index(), 0));
                }
                Some(Mark::OnPath(from)) => {
                    // Of a long way round, the first calls and the last.
                    let round = path.get(*from..).unwrap_or(&[]);
                    let head = round.iter().take(round.len().saturating_sub(1)).take(NAMED);
                    let circle: Vec<Call> =
                        head.chain(round.last()).filter_map(|taken| self.taken(*taken)).collect();
                    let cut = round.len() > circle.len();
                    self.calls.circular.insert(call.place);
                    self.report(&circle, cut);
                }
                Some(Mark::Done) | None => {}
            }
        }
    }

    fn taken(&self, (step, next): (usize, usize)) -> Option<Call> {
        self.calls.of.get(step)?.get(next.checked_sub(1)?).copied()
    }

    fn report(&mut self, circle: &[Call], cut: bool) {
        let Some((last, before)) = circle.split_last() else { return };
        let name = |step: Step| self.flow.steps.get(step.index()).map_or("", |step| step.name.as_str());
        let mut names: Vec<&str> = vec![name(last.step)];
        names.extend(circle.iter().map(|call| name(call.step)));
        if cut {
            names.insert(names.len() - 1, "…");
        }
        let message = format!("this step comes to run itself: {}", names.join(", then "));
        let mut found = Diagnostic::new(Code::Recursion, last.span, message)
            .here(format!("`{}` is being run already", name(last.step)));
        for call in before.iter().take(NAMED) {
            found = found.label(call.span, format!("runs `{}`", name(call.step)));
        }
        self.found.push(found.help(format!(
            "`do` comes back, so each round would be kept in mind for ever. To begin again, go there for good: `-> {}`.",
            name(last.step)
        )));
    }
}

/// Reports calls below which more are nested than a session can hold.
fn too_deep(flow: &Flow, calls: &Calls, found: &mut Vec<Diagnostic>) {
    let mut below = vec![0_usize; flow.steps.len()];
    for step in &calls.order {
        let inside = calls.of.get(step.index()).into_iter().flatten();
        let deepest = inside
            .filter(|call| !calls.circular.contains(&call.place))
            .max_by_key(|call| below.get(call.step.index()).copied());
        let Some(call) = deepest else { continue };
        let depth = below.get(call.step.index()).copied().unwrap_or(0) + 1;
        if let Some(below) = below.get_mut(step.index()) {
            *below = depth;
        }
        if depth == MAX_CALLS + 1 {
            found.push(
                Diagnostic::new(Code::TooDeep, call.span, "steps run each other too deeply")
                    .here(format!("more than {MAX_CALLS} of them inside each other, from here on"))
                    .help(
                        "A chat remembers each step that it has to come back to; put some of them together.",
                    ),
            );
        }
    }
}
