//! Loops that never wait for the visitor: found in the graph of what a step may go to without asking.

use chatflow_runtime::id::Step;

use super::SilentEdge;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::Flow;

/// Reports one cycle for each group of steps that can go round without waiting.
pub(super) fn report(flow: &Flow, silent: &[Vec<SilentEdge>], found: &mut Vec<Diagnostic>) {
    let mut state = vec![Mark::New; silent.len()];
    for root in 0..silent.len() {
        if state.get(root) == Some(&Mark::New) {
            search(flow, silent, &mut state, root, found);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    /// At this place of the path.
    OnPath(usize),
    Done,
}

/// How many steps of a loop a message names, at most, before the one that leads back.
const NAMED: usize = 7;

/// A depth-first search with a stack of its own: a flow may have a hundred thousand steps in a row.
fn search(
    flow: &Flow,
    silent: &[Vec<SilentEdge>],
    state: &mut [Mark],
    root: usize,
    found: &mut Vec<Diagnostic>,
) {
    let mut path: Vec<(usize, usize)> = vec![(root, 0)];
    set(state, root, Mark::OnPath(0));
    while let Some((step, next)) = path.last_mut() {
        let edge = silent.get(*step).and_then(|edges| edges.get(*next)).copied();
        *next += 1;
        let Some((target, _)) = edge else {
            set(state, *step, Mark::Done);
            path.pop();
            continue;
        };
        match state.get(target.index()) {
            Some(Mark::New) => {
                set(state, target.index(), Mark::OnPath(path.len()));
                path.push((target.index(), 0));
            }
            Some(Mark::OnPath(from)) => {
                let edge =
                    |(step, next): &(usize, usize)| silent.get(*step)?.get(next.checked_sub(1)?).copied();
                let cycle = path.get(*from..).unwrap_or(&[]);
                // Of a long loop, the first steps and the last.
                let head = cycle.iter().take(cycle.len().saturating_sub(1)).take(NAMED);
                let edges: Vec<SilentEdge> = head.chain(cycle.last()).filter_map(edge).collect();
                found.extend(describe(flow, &edges));
            }
            Some(Mark::Done) | None => {}
        }
    }
}

fn set(state: &mut [Mark], step: usize, mark: Mark) {
    if let Some(slot) = state.get_mut(step) {
        *slot = mark;
    }
}

fn describe(flow: &Flow, cycle: &[SilentEdge]) -> Option<Diagnostic> {
    let (back_to, span) = cycle.last().copied()?;
    let name = |step: Step| flow.steps.get(step.index()).map_or("", |step| step.name.as_str());
    let mut names = vec![name(back_to)];
    names.extend(cycle.iter().map(|(step, _)| name(*step)));
    let shown = if names.len() > 7 {
        format!("{} -> … -> {}", names.get(..3).unwrap_or(&[]).join(" -> "), name(back_to))
    } else {
        names.join(" -> ")
    };
    let mut found = Diagnostic::new(Code::SilentLoop, span, format!("this loop never waits: {shown}"))
        .here(format!("back to `{}` without asking anything", name(back_to)));
    for (step, span) in cycle.iter().take(cycle.len() - 1).take(5) {
        found = found.label(*span, format!("goes on to `{}`", name(*step)));
    }
    Some(found.help("Ask something in the loop; a question with `skip when` may be skipped each time, so it does not count."))
}
