//! Follows the flow: what is reached, what is known where, what never waits.
//!
//! A forward must-analysis over the steps. A state is the set of what is known on *every* path to a place; where
//! paths meet, only what both know remains. Each step is read again while the state at its start still shrinks,
//! which it can do only a few times, and once more at the end to report.

mod calls;
mod knowledge;
mod loops;
mod messages;
mod needs;
mod overwritten;
mod require;
mod silence;
mod unreached;
mod waits;
mod ways;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chatflow_runtime::id::{PlaceId, Slot, Step};
use chatflow_runtime::image::Image;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Arm, Call, Condition, Flow, Statement, StatementKind};
use crate::source::{FileId, Span};
pub use calls::Calls;
use knowledge::{Known, Knows};
use ways::{Arrows, Unknown};

/// What following the flow found out.
#[derive(Clone, Debug, Default)]
pub struct PathFacts {
    /// For each place, the properties and locals that are known there and that the flow relies on afterwards.
    pub keeps: BTreeMap<PlaceId, Vec<Slot>>,
    /// For each step, the steps that it may go to without waiting.
    pub silent: Vec<BTreeSet<Step>>,
    /// Which steps run which.
    pub calls: Calls,
    /// All that is known at each place, and how many properties and locals there are.
    known: (BTreeMap<PlaceId, Known>, usize),
}

impl PathFacts {
    /// The same, keeping everything that is known at each place, whether or not the flow relies on it.
    pub fn keeping_all(self) -> PathFacts {
        let (places, count) = &self.known;
        let slots =
            |known: &Known| known.slots_of(known).into_iter().filter(|slot| slot.index() < *count).collect();
        let keeps = places.iter().map(|(place, known)| (*place, slots(known))).collect();
        PathFacts { keeps, ..self }
    }
}

/// Follows a flow and reports what it finds.
pub fn follow(flow: &Flow, image: &Image, found: &mut Vec<Diagnostic>) -> PathFacts {
    let calls = calls::calls(flow, found);
    let mut walk = Walk::new(flow, image, &calls);
    walk.summaries();
    walk.conditions_outside();
    walk.settle();
    let silent = walk.silent_steps();
    found.append(&mut walk.found);
    unreached::report(flow, &walk.unreached(), found);
    loops::report(flow, &walk.silent, found);
    messages::report(flow, image, &calls, found);
    overwritten::report(flow, found);
    silence::report(flow, &calls, found);
    let needed = needs::needs(&walk);
    let keeps = walk.places.iter().map(|(place, known)| {
        (*place, needed.get(place).map(|needs| known.slots_of(needs)).unwrap_or_default())
    });
    let keeps = keeps.collect();
    PathFacts { keeps, silent, known: (walk.places, image.slots.len()), calls }
}

/// The properties and locals that are known where a statement of the flow begins, each with the statement that first
/// makes it known somewhere. None where no statement stands at that place, or nothing leads to it.
pub fn known_at(flow: &Flow, image: &Image, file: FileId, offset: u32) -> Option<Vec<(Slot, Option<Span>)>> {
    let calls = calls::calls(flow, &mut Vec::new());
    let mut walk = Walk::new(flow, image, &calls);
    walk.watched = Some((file, offset));
    walk.summaries();
    walk.settle();
    let known = walk.seen.take()?;
    let slots = (0..image.slots.len()).map(|slot| Slot(slot as u32));
    let known = slots.filter(|slot| known.has(Knows::Slot(*slot)));
    Some(known.map(|slot| (slot, walk.sources.get(&slot).copied())).collect())
}

/// What holds on every path to a place.
#[derive(Clone, Debug, PartialEq)]
struct State {
    known: Known,
    /// Whether the visitor was waited for since the step began.
    waited: bool,
}

impl State {
    fn meet(&mut self, other: &State) -> bool {
        let waited = self.waited && other.waited;
        let changed = self.known.meet(&other.known) | (waited != self.waited);
        self.waited = waited;
        changed
    }

    fn with(&self, more: &Known) -> State {
        let mut state = self.clone();
        state.known.join(more);
        state
    }
}

/// Joins the ends of two paths; one that does not exist changes nothing.
fn meet(one: Option<State>, other: Option<State>) -> Option<State> {
    match (one, other) {
        (Some(mut one), Some(other)) => {
            one.meet(&other);
            Some(one)
        }
        (one, other) => one.or(other),
    }
}

/// What a step that is run with `do` makes of what is known: what it knows at its end where nothing was known before,
/// and where everything was. What is known in both becomes known, in neither is forgotten, and in the second alone
/// stays as it was: that is exact, as each path only adds and removes.
struct Summary {
    least: State,
    most: State,
}

/// What a reading of a step is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// For the step's summary alone.
    Summing,
    /// To find out what is known where each step begins.
    Settling,
    /// To report, when all that is known.
    Reporting,
    /// To find the ways on which something stays unknown.
    Tracing,
}

/// A step that may be gone to without waiting, and where that is written.
type SilentEdge = (Step, Span);

struct Walk<'a> {
    flow: &'a Flow,
    image: &'a Image,
    /// What is known where each step begins; none while nothing leads to it.
    starts: Vec<Option<Known>>,
    queue: VecDeque<Step>,
    queued: Vec<bool>,
    step: Step,
    silent: Vec<Vec<SilentEdge>>,
    reading: Reading,
    calls: &'a Calls,
    /// What becomes of what is known in each step that is run; none where it never comes back.
    summaries: Vec<Option<Summary>>,
    found: Vec<Diagnostic>,
    /// Where each property or local first becomes known somewhere.
    sources: BTreeMap<Slot, Span>,
    /// Where each one is first cleared.
    clears: BTreeMap<Slot, Span>,
    reported: BTreeSet<(Span, Code)>,
    unknowns: Vec<Unknown>,
    arrows: BTreeMap<Slot, Arrows>,
    places: BTreeMap<PlaceId, Known>,
    /// The place that somebody asks about, and what is known where the innermost statement around it begins.
    watched: Option<(FileId, u32)>,
    seen: Option<Known>,
}

impl<'a> Walk<'a> {
    fn new(flow: &'a Flow, image: &'a Image, calls: &'a Calls) -> Walk<'a> {
        let steps = flow.steps.len();
        Walk {
            flow,
            image,
            starts: vec![None; steps],
            queue: VecDeque::new(),
            queued: vec![false; steps],
            step: Step(0),
            silent: vec![Vec::new(); steps],
            reading: Reading::Settling,
            calls,
            summaries: Vec::new(),
            found: Vec::new(),
            sources: BTreeMap::new(),
            clears: BTreeMap::new(),
            reported: BTreeSet::new(),
            unknowns: Vec::new(),
            arrows: BTreeMap::new(),
            places: BTreeMap::new(),
            watched: None,
            seen: None,
        }
    }

    /// Beside the slots and facts, there is room for whether anybody may have been found available.
    fn nothing(&self) -> Known {
        Known::new(self.image.slots.len() + self.image.facts.len() + 1)
    }

    /// What is known where statements could not be read: all of it, though nobody was found available there.
    fn anything(&self, known: &Known) -> Known {
        let mut all = Known::all(known);
        all.remove(self.fact_bit(self.image.facts.len()));
        all
    }

    /// Looks at each step that is run by others, those that it runs itself first.
    fn summaries(&mut self) {
        let (calls, flow) = (self.calls, self.flow);
        let run: BTreeSet<Step> = calls.of.iter().flatten().map(|call| call.step).collect();
        self.summaries.resize_with(flow.steps.len(), || None);
        self.reading = Reading::Summing;
        for step in calls.order.iter().filter(|step| run.contains(step)) {
            let Some(body) = flow.steps.get(step.index()).map(|step| &step.body) else { continue };
            let nothing = self.nothing();
            let all = Known::all(&nothing);
            let mut end = |known| self.block(body, Some(State { known, waited: false }));
            let summary = match (end(nothing), end(all)) {
                (Some(least), Some(most)) => Some(Summary { least, most }),
                _ => None,
            };
            if let Some(slot) = self.summaries.get_mut(step.index()) {
                *slot = summary;
            }
        }
        self.reading = Reading::Settling;
    }

    /// Reads steps until what is known at their starts no longer changes.
    fn settle(&mut self) {
        let mut replied = self.nothing();
        replied.add(Knows::Reply);
        if self.flow.library {
            // Whoever runs a step of a module, and what is known then, is looked at in the flows that do.
            for nth in 0..self.flow.steps.len() {
                self.enter(Step(nth as u32), Known::all(&self.nothing()));
            }
        } else if !self.flow.steps.is_empty() {
            self.enter(Step(0), self.nothing());
        }
        if let Some((step, _)) = self.flow.outdated {
            self.enter(step, self.nothing());
        }
        for (condition, step, _) in &self.flow.anytime {
            let known = self.when_true(condition);
            let mut known = known;
            known.join(&replied);
            self.enter(*step, known);
        }
        for step in &self.flow.mentioned {
            self.enter(*step, self.anything(&self.nothing()));
        }
        self.drain();
        // A step that only its former names lead to: chats parked there come to it, knowing nothing for sure.
        for (nth, step) in self.flow.steps.iter().enumerate() {
            if !step.was.is_empty() && !step.module && self.starts.get(nth).is_some_and(Option::is_none) {
                self.enter(Step(nth as u32), self.nothing());
                self.drain();
            }
        }
        self.reading = Reading::Reporting;
        for nth in 0..self.flow.steps.len() {
            self.read(Step(nth as u32));
        }
        self.show_ways();
    }

    fn drain(&mut self) {
        while let Some(step) = self.queue.pop_front() {
            if let Some(queued) = self.queued.get_mut(step.index()) {
                *queued = false;
            }
            self.read(step);
        }
    }

    fn enter(&mut self, step: Step, known: Known) {
        let Some(start) = self.starts.get_mut(step.index()) else { return };
        let changed = match start {
            Some(start) => start.meet(&known),
            None => {
                *start = Some(known);
                true
            }
        };
        if changed && let Some(queued) = self.queued.get_mut(step.index()).filter(|queued| !**queued) {
            *queued = true;
            self.queue.push_back(step);
        }
    }

    fn read(&mut self, step: Step) {
        self.step = step;
        if let Some(edges) = self.silent.get_mut(step.index()) {
            edges.clear();
        }
        let known = self.starts.get(step.index()).cloned().flatten();
        let flow = self.flow;
        if let (Some(known), Some(step)) = (known, flow.steps.get(step.index())) {
            self.block(&step.body, Some(State { known, waited: false }));
        }
    }

    fn go(&mut self, step: Step, span: Span, state: &State) {
        if self.reading == Reading::Summing {
            return;
        }
        if !state.waited
            && let Some(edges) = self.silent.get_mut(self.step.index())
        {
            edges.push((step, span));
        }
        match self.reading {
            Reading::Settling => self.enter(step, state.known.clone()),
            Reading::Tracing => self.trace(step, span, state),
            Reading::Summing | Reading::Reporting => {}
        }
    }

    /// The state after a block, or none if no path reaches its end.
    fn block(&mut self, body: &[Statement], start: Option<State>) -> Option<State> {
        let mut state = start;
        let mut told = false;
        for statement in body {
            match state {
                Some(before) => state = self.statement(statement, before),
                None if !std::mem::replace(&mut told, true) => self.unreachable(statement.span),
                None => {}
            }
        }
        state
    }

    fn unreachable(&mut self, span: Span) {
        self.report(
            Diagnostic::new(Code::UnreachableStatement, span, "this is never reached")
                .here("every path leaves before this")
                .help("Delete it, or move it before the statement that leaves."),
        );
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.reading == Reading::Reporting
            && self.reported.insert((diagnostic.primary.span, diagnostic.code))
        {
            self.found.push(diagnostic);
        }
    }

    fn statement(&mut self, statement: &Statement, before: State) -> Option<State> {
        let span = statement.span;
        let is_watched =
            |(file, at): &(FileId, u32)| *file == span.file && (span.start..=span.end).contains(at);
        if self.reading == Reading::Reporting && self.watched.as_ref().is_some_and(is_watched) {
            self.seen = Some(before.known.clone());
        }
        match &statement.kind {
            StatementKind::Say(texts, media) => {
                for text in texts.iter().chain(media.iter().filter_map(|media| media.words.as_ref())) {
                    self.require_text(text, &before.known);
                }
                Some(before)
            }
            StatementKind::Set { slot, value, failed } => {
                self.require(value, &before.known);
                self.becomes_known(*slot, statement.span);
                let mut stored = before.clone();
                stored.known.add(Knows::Slot(*slot));
                let failed = failed.as_ref().and_then(|arm| self.arm(arm, before));
                meet(Some(stored), failed)
            }
            StatementKind::Clear { slot } => {
                self.clears.entry(*slot).or_insert(statement.span);
                let mut after = before;
                after.known.remove(Knows::Slot(*slot));
                Some(after)
            }
            // Time alone changes nothing that the visitor said, and a loop that only waits never asks.
            StatementKind::Wait(pause) => {
                self.note_place(pause.place, &before.known);
                let mut after = before;
                self.forget_availability(&mut after.known);
                Some(after)
            }
            StatementKind::Do(call) => self.call(call, before),
            StatementKind::If { arms, otherwise, .. } => self.branches(arms, otherwise.as_deref(), before),
            StatementKind::Go(step, span) => {
                self.go(*step, *span, &before);
                None
            }
            StatementKind::End => None,
            StatementKind::Hole => Some(State { known: self.anything(&before.known), waited: true }),
            StatementKind::Ask(ask) => self.ask(ask, statement.span, before),
            StatementKind::Act(act) => self.act(act, statement.span, before),
        }
    }

    fn branches(
        &mut self,
        arms: &[(Condition, Vec<Statement>)],
        otherwise: Option<&[Statement]>,
        before: State,
    ) -> Option<State> {
        let mut rest = before;
        let mut after = None;
        for (condition, body) in arms {
            self.look_at(condition, &rest.known);
            let inside = rest.with(&self.when_true(condition));
            after = meet(after, self.block(body, Some(inside)));
            rest = rest.with(&self.when_not_true(condition));
        }
        let last = match otherwise {
            Some(body) => self.block(body, Some(rest)),
            None => Some(rest),
        };
        meet(after, last)
    }

    fn arm(&mut self, arm: &Arm, state: State) -> Option<State> {
        match arm {
            Arm::Next => Some(state),
            Arm::Step(step, span) => {
                self.go(*step, *span, &state);
                None
            }
            Arm::Block(body) => self.block(body, Some(state)),
        }
    }

    /// Runs a step and comes back.
    fn call(&mut self, call: &Call, before: State) -> Option<State> {
        if self.calls.circular.contains(&call.place) {
            return Some(State { known: self.anything(&before.known), waited: true });
        }
        self.go(call.step, call.span, &before);
        let Summary { least, most } = self.summaries.get(call.step.index()).and_then(Option::as_ref)?;
        let waited = before.waited || least.waited;
        let mut known = before.known;
        known.meet(&most.known);
        // What was known before and stays so travels in the session; what the step makes known, it takes care of.
        let stays = known.without(&least.known);
        known.join(&least.known);
        self.note_place(call.place, &stays);
        Some(State { known, waited })
    }

    fn becomes_known(&mut self, slot: Slot, span: Span) {
        self.sources.entry(slot).or_insert(span);
    }

    fn note_place(&mut self, place: PlaceId, known: &Known) {
        if self.reading == Reading::Reporting {
            self.places.insert(place, known.clone());
        }
    }

    /// The conditions that stand outside of steps, and the welcome.
    fn conditions_outside(&mut self) {
        self.reading = Reading::Reporting;
        let nothing = self.nothing();
        let mut replied = nothing.clone();
        replied.add(Knows::Reply);
        let flow = self.flow;
        for (condition, _) in flow.show.iter().chain(&flow.hide) {
            self.look_at(condition, &nothing);
        }
        for (condition, _, _) in &flow.anytime {
            self.look_at(condition, &replied);
        }
        if let Some(welcome) = &flow.welcome {
            self.require_text(welcome, &nothing);
        }
        self.reading = Reading::Settling;
    }

    fn unreached(&self) -> BTreeSet<Step> {
        let steps = self.starts.iter().zip(0..).filter(|(start, _)| start.is_none());
        steps.map(|(_, nth)| Step(nth)).collect()
    }

    fn silent_steps(&self) -> Vec<BTreeSet<Step>> {
        self.silent.iter().map(|edges| edges.iter().map(|(step, _)| *step).collect()).collect()
    }
}
