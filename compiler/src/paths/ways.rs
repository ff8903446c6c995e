//! How a chat comes to a place without knowing something: the arrows on the way.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chatflow_runtime::id::{Slot, Step};

use super::knowledge::Knows;
use super::{Reading, State, Walk};
use crate::diagnostic::Label;
use crate::source::Span;

/// Of so many findings the way is shown. More would cost more than anybody reads.
const MOST: usize = 32;

/// So many arrows of a way are shown: its first ones, and the last.
const LONGEST: usize = 4;

/// A property or local that was found unknown, in which step, and by which finding.
pub(super) struct Unknown {
    pub(super) found: usize,
    pub(super) slot: Slot,
    pub(super) step: Step,
}

/// The arrows that chats take, as far as something is concerned that is unknown somewhere.
#[derive(Default)]
pub(super) struct Arrows {
    /// Those that are taken without knowing it: from, to and where it is written.
    without: Vec<(Step, Step, Span)>,
    /// The steps that others come to knowing it.
    with: BTreeSet<Step>,
}

impl Walk<'_> {
    /// Adds the way to what was found unknown, where it is unknown from the beginning of its step.
    pub(super) fn show_ways(&mut self) {
        let lacks = |unknown: &Unknown| {
            let start = self.starts.get(unknown.step.index()).and_then(Option::as_ref);
            start.is_some_and(|known| !known.has(Knows::Slot(unknown.slot)))
        };
        let mut unknowns = std::mem::take(&mut self.unknowns);
        unknowns.retain(lacks);
        unknowns.truncate(MOST);
        if unknowns.is_empty() {
            return;
        }
        self.arrows = unknowns.iter().map(|unknown| (unknown.slot, Arrows::default())).collect();
        self.reading = Reading::Tracing;
        for nth in 0..self.flow.steps.len() {
            self.read(Step(nth as u32));
        }
        self.reading = Reading::Reporting;
        for unknown in unknowns {
            let way = self.way(&unknown);
            let Some(found) = self.found.get_mut(unknown.found) else { continue };
            let skipped = way.len().saturating_sub(LONGEST);
            for (nth, at) in
                way.iter().enumerate().filter(|(nth, _)| *nth + 1 < LONGEST || nth + 1 == way.len())
            {
                let text = match (nth, way.len()) {
                    (0, 1) => "a chat comes this way without it",
                    (0, _) => "a chat without it goes this way",
                    (nth, len) if nth + 1 == len && skipped > 0 => "and at last this way",
                    _ => "then this way",
                };
                found.labels.push(Label { span: *at, text: text.to_owned() });
            }
        }
    }

    /// Notes an arrow that is taken without knowing what is traced.
    pub(super) fn trace(&mut self, to: Step, span: Span, state: &State) {
        for (slot, arrows) in &mut self.arrows {
            match state.known.has(Knows::Slot(*slot)) {
                true => _ = arrows.with.insert(to),
                false => arrows.without.push((self.step, to, span)),
            }
        }
    }

    /// The shortest way from where chats begin, or are led by something else than an arrow; none where no other way makes
    /// it known.
    fn way(&self, unknown: &Unknown) -> Vec<Span> {
        let Some(arrows) = self.arrows.get(&unknown.slot) else { return Vec::new() };
        let mut into: BTreeMap<Step, Vec<(Step, Span)>> = BTreeMap::new();
        for (from, to, span) in &arrows.without {
            into.entry(*from).or_default().push((*to, *span));
        }
        let lead_in = self.flow.anytime.iter().map(|(_, step, _)| *step);
        let beginnings =
            std::iter::once(Step(0)).chain(lead_in).chain(self.flow.outdated.map(|(step, _)| step));
        let mut before: BTreeMap<Step, Option<(Step, Span)>> = beginnings.map(|step| (step, None)).collect();
        let mut queue: VecDeque<Step> = before.keys().copied().collect();
        while let Some(step) = queue.pop_front() {
            if step == unknown.step {
                break;
            }
            for (to, span) in into.get(&step).into_iter().flatten() {
                if !before.contains_key(to) {
                    before.insert(*to, Some((step, *span)));
                    queue.push_back(*to);
                }
            }
        }
        let mut way = Vec::new();
        let mut step = unknown.step;
        let mut parts = false;
        while let Some(Some((from, span))) = before.get(&step) {
            parts |= arrows.with.contains(&step);
            way.push(*span);
            step = *from;
        }
        way.reverse();
        if parts { way } else { Vec::new() }
    }
}
