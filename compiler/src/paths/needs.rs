//! What the flow still relies on after each place: what is shown, stored or computed with on some way from there, before
//! it is asked for, stored or tested anew.
//!
//! A backward may-analysis over the steps. What a step needs grows while its successors' needs do; a step that is run
//! with `do` needs, at its end, what those who run it need then.

use std::collections::{BTreeMap, VecDeque};

use chatflow_runtime::action::Waits;
use chatflow_runtime::id::{PlaceId, Slot, Step};
use chatflow_runtime::value::Type;

use super::Walk;
use super::knowledge::{Known, Knows};
use crate::hir::{Act, Arm, Ask, Condition, Statement, StatementKind, TextValue, Value};

/// For each place, what is relied on from there.
pub(super) fn needs(walk: &Walk<'_>) -> BTreeMap<PlaceId, Known> {
    let steps = walk.flow.steps.len();
    let nothing = walk.nothing();
    let mut needs = Needs {
        walk,
        before: vec![nothing.clone(); steps],
        behind: vec![nothing.clone(); steps],
        nothing,
        leads_here: vec![Vec::new(); steps],
        queue: (0..steps).rev().collect(),
        queued: vec![true; steps],
        places: BTreeMap::new(),
    };
    for (from, step) in walk.flow.steps.iter().enumerate() {
        let mut edge = |to: Step| {
            needs.leads_here.get_mut(to.index()).into_iter().for_each(|from_here| from_here.push(from))
        };
        step.body.iter().for_each(|statement| statement.targets(&mut edge));
    }
    while let Some(step) = needs.queue.pop_front() {
        if let Some(queued) = needs.queued.get_mut(step) {
            *queued = false;
        }
        needs.step(step);
    }
    needs.places
}

struct Needs<'w, 'a> {
    walk: &'w Walk<'a>,
    nothing: Known,
    /// What is relied on from the beginning of each step, and from its end by those who run it.
    before: Vec<Known>,
    behind: Vec<Known>,
    /// For each step, those with an arrow to it, or which run it.
    leads_here: Vec<Vec<usize>>,
    queue: VecDeque<usize>,
    queued: Vec<bool>,
    places: BTreeMap<PlaceId, Known>,
}

impl Needs<'_, '_> {
    fn step(&mut self, nth: usize) {
        let flow = self.walk.flow;
        let (Some(step), Some(behind)) = (flow.steps.get(nth), self.behind.get(nth).cloned()) else { return };
        let needs = self.block(&step.body, behind);
        if self.before.get_mut(nth).is_some_and(|before| before.grow(&needs)) {
            for from in self.leads_here.get(nth).cloned().unwrap_or_default() {
                self.enqueue(from);
            }
        }
    }

    fn enqueue(&mut self, step: usize) {
        if let Some(queued) = self.queued.get_mut(step).filter(|queued| !**queued) {
            *queued = true;
            self.queue.push_back(step);
        }
    }

    /// What is relied on before a block, where this is behind it.
    fn block(&mut self, body: &[Statement], behind: Known) -> Known {
        body.iter().rev().fold(behind, |after, statement| self.statement(statement, after))
    }

    fn arm(&mut self, arm: &Arm, after: &Known) -> Known {
        match arm {
            Arm::Next => after.clone(),
            Arm::Step(step, _) => self.of(*step),
            Arm::Block(body) => self.block(body, after.clone()),
        }
    }

    fn of(&self, step: Step) -> Known {
        self.before.get(step.index()).unwrap_or(&self.nothing).clone()
    }

    fn statement(&mut self, statement: &Statement, after: Known) -> Known {
        match &statement.kind {
            StatementKind::Say(texts, media) => {
                let words = media.iter().filter_map(|media| media.words.as_ref());
                let mut needs = after;
                texts.iter().chain(words).for_each(|text| relied_on(text, &mut needs));
                needs
            }
            StatementKind::Set { slot, value, failed } => {
                let failed = failed.as_ref().map(|arm| self.arm(arm, &after));
                let mut needs = without(after, *slot);
                failed.iter().for_each(|failed| needs.join(failed));
                shown(value, &mut needs);
                needs
            }
            StatementKind::Clear { slot } => without(after, *slot),
            StatementKind::Wait(pause) => {
                self.place(pause.place, &after);
                after
            }
            StatementKind::Do(call) => {
                self.place(call.place, &after);
                if self.behind.get_mut(call.step.index()).is_some_and(|behind| behind.grow(&after)) {
                    self.enqueue(call.step.index());
                }
                // What the step asks for is not relied on before it; what it leaves alone, its own end relies on.
                self.of(call.step)
            }
            StatementKind::If { arms, otherwise, .. } => {
                let mut needs = match otherwise {
                    Some(body) => self.block(body, after.clone()),
                    None => after.clone(),
                };
                for (condition, body) in arms.iter().rev() {
                    let inside = self.block(body, after.clone());
                    needs = needs.without(&self.walk.when_not_true(condition));
                    needs.join(&inside.without(&self.walk.when_true(condition)));
                    looked_at(condition, &mut needs);
                }
                needs
            }
            StatementKind::Go(step, _) => self.of(*step),
            StatementKind::End => self.nothing.clone(),
            StatementKind::Hole => after,
            StatementKind::Ask(ask) => self.ask(ask, &after),
            StatementKind::Act(act) => self.act(act, after),
        }
    }

    fn ask(&mut self, ask: &Ask, after: &Known) -> Known {
        let answered = |needs: Known| match ask.target {
            Some(slot) => without(needs, slot),
            None => needs,
        };
        let mut needs = self.nothing.clone();
        relied_on(&ask.text, &mut needs);
        ask.invalid.iter().for_each(|invalid| relied_on(invalid, &mut needs));
        for arm in ask.timeout.iter().map(|(_, arm, _)| arm).chain(ask.attempts.iter().map(|(_, arm)| arm)) {
            needs.join(&self.arm(arm, after));
        }
        for reply in &ask.replies {
            let reply_needs = self.arm(&reply.arm, after);
            needs.join(&if reply.value.is_some() { answered(reply_needs) } else { reply_needs });
        }
        if ask.replies.is_empty() || matches!(ask.ty, Type::ManyOf(_)) {
            needs.join(&answered(after.clone()));
        }
        if let Some(arm) = &ask.otherwise {
            let otherwise = self.arm(arm, after);
            needs.join(&if ask.ty == Type::Text { answered(otherwise) } else { otherwise });
        }
        self.place(ask.place, &needs);
        if let Some((condition, _)) = &ask.skip {
            needs = needs.without(&self.walk.when_not_true(condition));
            needs.join(&after.without(&self.walk.when_true(condition)));
            looked_at(condition, &mut needs);
        }
        needs
    }

    fn act(&mut self, act: &Act, after: Known) -> Known {
        let waits = act.action.spec().waits != Waits::Nobody;
        let mut needs = after.clone();
        for arm in act.arms() {
            needs.join(&self.arm(arm, &after));
        }
        for value in act.given.iter().flat_map(|given| given.value.values()) {
            shown(value, &mut needs);
        }
        if waits {
            self.place(act.place, &needs);
        }
        act.arguments.iter().for_each(|(_, value)| shown(value, &mut needs));
        needs
    }

    fn place(&mut self, place: PlaceId, needs: &Known) {
        self.places.insert(place, needs.clone());
    }
}

fn without(mut needs: Known, slot: Slot) -> Known {
    needs.remove(Knows::Slot(slot));
    needs
}

fn relied_on(text: &TextValue, needs: &mut Known) {
    text.holes(&mut |value| shown(value, needs));
}

/// Adds what a value must know to be shown, stored or computed with.
fn shown(value: &Value, needs: &mut Known) {
    match value {
        Value::Slot(slot, _) => needs.add(Knows::Slot(*slot)),
        Value::OrElse(both) => shown(&both.1, needs),
        Value::Text(text) => relied_on(text, needs),
        Value::Label(_, inner) | Value::Negate(inner) => shown(inner, needs),
        Value::Arithmetic(_, both, _) => {
            shown(&both.0, needs);
            shown(&both.1, needs);
        }
        Value::Const(_) | Value::Fact(..) | Value::Reply(_) => {}
    }
}

/// Adds what a condition shows or computes with: a plain comparison relies on nothing.
fn looked_at(condition: &Condition, needs: &mut Known) {
    condition.values(&mut |value| compared(value, needs));
}

fn compared(value: &Value, needs: &mut Known) {
    match value {
        Value::Text(_) | Value::Arithmetic(..) | Value::Negate(_) => shown(value, needs),
        Value::OrElse(both) => {
            compared(&both.0, needs);
            compared(&both.1, needs);
        }
        Value::Label(_, inner) => compared(inner, needs),
        Value::Const(_) | Value::Slot(..) | Value::Fact(..) | Value::Reply(_) => {}
    }
}
