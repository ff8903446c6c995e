//! How many instructions run between two waits.

use std::collections::BTreeSet;

use chatflow_runtime::id::Step;

use crate::paths::Calls;

/// For each step, its instructions and those of the steps that it runs.
pub(super) fn with_calls(counts: &[u32], calls: &Calls) -> Vec<u32> {
    let mut all = counts.to_vec();
    for step in &calls.order {
        let inside = calls.of.get(step.index()).into_iter().flatten();
        let sum = inside
            .fold(0_u32, |sum, call| sum.saturating_add(all.get(call.step.index()).copied().unwrap_or(0)));
        if let Some(own) = all.get_mut(step.index()) {
            *own = own.saturating_add(sum);
        }
    }
    all
}

/// The most instructions between two waits: in a graph without silent cycles, the longest path, and before it the
/// rest of the step where the turn began.
pub(super) fn longest_run(counts: &[u32], silent: &[BTreeSet<Step>]) -> u32 {
    let mut longest: Vec<Option<u64>> = vec![None; counts.len()];
    for root in 0..counts.len() {
        let mut stack = vec![(root, false)];
        while let Some((step, done)) = stack.pop() {
            if longest.get(step).copied().flatten().is_some() {
                continue;
            }
            let next = silent.get(step).into_iter().flatten().map(|step| step.index());
            if done {
                let own = u64::from(counts.get(step).copied().unwrap_or(0));
                let most = next.filter_map(|step| longest.get(step).copied().flatten()).max().unwrap_or(0);
                if let Some(slot) = longest.get_mut(step) {
                    *slot = Some(own + most);
                }
            } else {
                stack.push((step, true));
                stack.extend(
                    next.filter(|next| longest.get(*next).copied().flatten().is_none())
                        .map(|next| (next, false)),
                );
            }
        }
    }
    let most = longest.iter().copied().flatten().max().unwrap_or(0);
    let own = counts.iter().copied().max().unwrap_or(0);
    u32::try_from(most + u64::from(own)).unwrap_or(u32::MAX)
}
