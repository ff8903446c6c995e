//! The steps that steps run with `do`: no step comes to run itself, and they are not nested too deeply.

use alloc::vec;
use alloc::vec::Vec;

use super::wrong;
use crate::image::{Image, MAX_CALLS, Wait};
use crate::program::LoadError;

/// Checks how deeply the steps run each other.
pub(super) fn check(image: &Image) -> Result<(), LoadError> {
    let calls = callees(image);
    // How many returns may be open while a step runs. Each pass goes one call deeper, and a program that is fine has
    // few passes: one that never settles runs a step in itself.
    let mut depth = vec![0_usize; calls.len()];
    let mut changed: Vec<usize> = (0..calls.len()).filter(|step| !of(&calls, *step).is_empty()).collect();
    while !changed.is_empty() {
        let mut next = Vec::new();
        for caller in changed {
            let inside = depth.get(caller).copied().unwrap_or(0) + 1;
            for callee in of(&calls, caller) {
                let Some(known) = depth.get_mut(*callee).filter(|known| **known < inside) else { continue };
                if inside > MAX_CALLS {
                    return wrong("steps", *callee, "it is run in too many others, or in itself");
                }
                *known = inside;
                next.push(*callee);
            }
        }
        next.sort_unstable();
        next.dedup();
        changed = next;
    }
    Ok(())
}

fn of(calls: &[Vec<usize>], step: usize) -> &[usize] {
    calls.get(step).map_or(&[], Vec::as_slice)
}

/// For each step, the steps that it runs, each once.
fn callees(image: &Image) -> Vec<Vec<usize>> {
    let mut calls: Vec<Vec<usize>> = vec![Vec::new(); image.steps.len()];
    for site in &image.sites {
        if let (Wait::Do(callee), Some(calls)) = (&site.wait, calls.get_mut(site.step.index())) {
            calls.push(callee.index());
        }
    }
    for calls in &mut calls {
        calls.sort_unstable();
        calls.dedup();
    }
    calls
}
