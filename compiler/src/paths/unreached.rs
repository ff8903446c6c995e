//! Steps that nothing leads to, without those that will be reached once the others are.

use std::collections::BTreeSet;

use chatflow_runtime::id::Step;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Flow, StepBody};

/// Reports, of the steps that are not reached, those with which a mistake begins. A step that an unreached step leads
/// to, or a statement that is told itself, is reached when that is mended; of a circle of such steps, the first one
/// stands for all.
pub(super) fn report(flow: &Flow, unreached: &BTreeSet<Step>, found: &mut Vec<Diagnostic>) {
    if unreached.is_empty() {
        return;
    }
    let mut led_to = BTreeSet::new();
    let mut mended = BTreeSet::new();
    for (step, nth) in flow.steps.iter().zip(0..) {
        let reached = !unreached.contains(&Step(nth));
        targets(step, &mut |to| {
            if reached {
                mended.insert(to);
            } else if to != Step(nth) {
                led_to.insert(to);
            }
        });
    }
    let (circles, roots): (Vec<Step>, Vec<Step>) = unreached.iter().partition(|step| led_to.contains(step));
    let mut told = BTreeSet::new();
    for root in roots.into_iter().chain(circles) {
        let mut queue = vec![root];
        if mended.contains(&root) {
            continue;
        }
        told.insert(root);
        while let Some(next) = queue.pop() {
            if let Some(step) = flow.steps.get(next.index()).filter(|_| mended.insert(next)) {
                targets(step, &mut |to| queue.push(to));
            }
        }
    }
    for step in told.iter().filter_map(|step| flow.steps.get(step.index())) {
        // A module is a library: what of it one flow does not use is no mistake.
        if !step.module {
            let name = &step.name;
            let diagnostic = Diagnostic::new(
                Code::UnreachableStep,
                step.span,
                format!("nothing leads to the step `{name}`"),
            );
            found.push(diagnostic.here("never reached").help(format!(
                "Go to it with `-> {name}`, or delete it; a step's end does not run on into the next one."
            )));
        }
    }
}

fn targets(step: &StepBody, visit: &mut dyn FnMut(Step)) {
    step.body.iter().for_each(|statement| statement.targets(visit));
}
