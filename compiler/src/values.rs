//! Which conditions can never hold, and which always do: what options, yes and no, numbers, dates and texts may still
//! be where a condition stands, by the tests and statements before it in its step.
//!
//! What is said here is proved: a set of values always has at least those that can come. Where nothing can be said,
//! nothing is.

mod describe;
mod set;
mod store;

use chatflow_runtime::action::Waits;
use chatflow_runtime::id::Slot;
use chatflow_runtime::image::Image;
use chatflow_runtime::value::Type;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Act, Arm, Ask, Condition, Flow, Statement, StatementKind, Value};
use crate::source::Span;
use describe::narrowed;
use set::Set;
use store::{Outcome, Store, Subject, point, whole};

/// Reports the conditions of a flow that never hold, and those that always do.
pub fn settle(flow: &Flow, image: &Image, found: &mut Vec<Diagnostic>) {
    let mut walk = Walk { image, found };
    for step in &flow.steps {
        walk.block(&step.body, Some(Store::default()));
    }
    walk.anytime(flow);
    walk.target(flow);
}

/// Whether the conditions can all come out like this at once, where nothing else is known.
pub(crate) fn possible<'c>(
    image: &Image,
    conditions: impl IntoIterator<Item = (&'c Condition, bool)>,
) -> bool {
    let mut store = Some(Store::default());
    for (condition, holds) in conditions {
        let outcome = if holds { Outcome::True } else { Outcome::NotTrue };
        store = store.and_then(|store| store.where_it_is(image, condition, outcome));
    }
    store.is_some()
}

/// What everything may be on some paths, for those who follow them for another end.
#[derive(Clone, Default)]
pub(crate) struct Values(Store);

impl Values {
    /// What holds where the condition comes out like this; none if it never does.
    pub(crate) fn where_it_is(&self, image: &Image, condition: &Condition, holds: bool) -> Option<Values> {
        let outcome = if holds { Outcome::True } else { Outcome::NotTrue };
        self.0.where_it_is(image, condition, outcome).map(Values)
    }

    /// What still holds after something else is stored there.
    pub(crate) fn after_storing(self, slot: Slot) -> Values {
        Values(self.0.without_facts().without(Subject::Slot(slot)))
    }

    /// What still holds after the host was told something.
    pub(crate) fn after_an_action(self) -> Values {
        Values(self.0.without_facts())
    }

    /// What holds where two paths meet.
    pub(crate) fn or(self, other: Values) -> Values {
        Values(self.0.or(other.0))
    }
}

struct Walk<'a> {
    image: &'a Image,
    found: &'a mut Vec<Diagnostic>,
}

/// Joins the ends of two paths; one that does not exist changes nothing.
fn meet(one: Option<Store>, other: Option<Store>) -> Option<Store> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.or(other)),
        (one, other) => one.or(other),
    }
}

impl Walk<'_> {
    /// The first line of `anytime` that holds is taken, so a later one holds only where the earlier ones do not.
    fn anytime(&mut self, flow: &Flow) {
        let mut rest = Some(Store::default());
        for (condition, _, span) in &flow.anytime {
            let Some(here) = rest else { return };
            if here.where_it_is(self.image, condition, Outcome::True).is_none() {
                self.never(condition, *span, &here);
            }
            rest = here.where_it_is(self.image, condition, Outcome::NotTrue);
        }
    }

    /// The flow shows where some `show when` holds and no `hide when` does.
    fn target(&mut self, flow: &Flow) {
        let nothing = Store::default();
        let holds = |lines: &[(&Condition, bool)]| possible(self.image, lines.iter().copied());
        let mut found = Vec::new();
        for (condition, span) in flow.show.iter().chain(&flow.hide) {
            if !holds(&[(condition, true)]) {
                found.push((condition, *span));
            }
        }
        let mut contradictions = Vec::new();
        for (show, span) in flow.show.iter().filter(|(show, _)| holds(&[(show, true)])) {
            let hidden = flow.hide.iter().find(|(hide, _)| !holds(&[(show, true), (hide, false)]));
            contradictions.extend(hidden.map(|(_, hide)| (*span, *hide)));
        }
        found.into_iter().for_each(|(condition, span)| self.never(condition, span, &nothing));
        for (show, hide) in contradictions {
            let found = Diagnostic::new(Code::NeverShown, show, "this never shows the flow")
                .here("wherever this holds …")
                .label(hide, "… this hides it")
                .help("Narrow what hides the flow, or delete this line.");
            self.found.push(found);
        }
    }

    /// What holds after a block; none if no path reaches its end, or none reaches its beginning.
    fn block(&mut self, body: &[Statement], start: Option<Store>) -> Option<Store> {
        body.iter().fold(start, |before, statement| self.statement(statement, before?))
    }

    fn statement(&mut self, statement: &Statement, before: Store) -> Option<Store> {
        match &statement.kind {
            StatementKind::Say(..) => Some(before),
            StatementKind::Set { slot, value, failed } => {
                let failed = failed.as_ref().and_then(|arm| self.arm(arm, before.clone()));
                meet(Some(self.stored(before, *slot, value, statement.span)), failed)
            }
            StatementKind::Clear { slot } => {
                let mut after = before;
                after.put(Subject::Slot(*slot), Set::cleared(statement.span));
                Some(after)
            }
            StatementKind::Wait(_) => Some(before.after_a_wait(self.image)),
            // What the step does to values is not followed.
            StatementKind::Do(_) | StatementKind::Hole => Some(Store::default()),
            StatementKind::If { arms, otherwise, conditions } => {
                self.branches(arms, otherwise.as_deref(), conditions, before)
            }
            StatementKind::Go(..) | StatementKind::End => None,
            StatementKind::Ask(ask) => self.ask(ask, statement.span, before),
            StatementKind::Act(act) => self.act(act, before),
        }
    }

    fn branches(
        &mut self,
        arms: &[(Condition, Vec<Statement>)],
        otherwise: Option<&[Statement]>,
        conditions: &[Span],
        before: Store,
    ) -> Option<Store> {
        let mut rest = Some(before);
        let mut after = None;
        for (nth, (condition, body)) in arms.iter().enumerate() {
            let Some(here) = rest else { break };
            let span = conditions.get(nth).copied();
            let inside = here.where_it_is(self.image, condition, Outcome::True);
            rest = here.where_it_is(self.image, condition, Outcome::NotTrue);
            if let (None, Some(span)) = (&inside, span) {
                self.never(condition, span, &here);
            }
            // Whoever names each case says that it is the last one; only where more follows is that a surprise.
            let more = nth + 1 < arms.len() || otherwise.is_some();
            if let (true, None, Some(_), Some(span)) = (nth == 0 || more, &rest, &inside, span) {
                self.always(condition, span, &here, more);
            }
            after = meet(after, self.block(body, inside));
        }
        match otherwise {
            Some(body) => meet(after, self.block(body, rest)),
            None => meet(after, rest),
        }
    }

    fn arm(&mut self, arm: &Arm, state: Store) -> Option<Store> {
        match arm {
            Arm::Next => Some(state),
            Arm::Step(..) => None,
            Arm::Block(body) => self.block(body, Some(state)),
        }
    }

    /// What holds after something is stored. An e-mail address makes the contact known.
    fn stored(&self, store: Store, slot: Slot, value: &Value, span: Span) -> Store {
        let mut store = store.without_facts();
        let subject = Subject::Slot(slot);
        let constant = match value {
            Value::Const(constant) => self.image.constants.get(constant.index()),
            _ => None,
        };
        let shape = constant.and_then(|value| point(self.image, subject, value));
        let shape = shape.unwrap_or_else(|| whole(self.image, subject).shape);
        store.put(subject, Set::stored(shape, span));
        store
    }

    fn ask(&mut self, ask: &Ask, span: Span, before: Store) -> Option<Store> {
        let mut after = None;
        let mut asked = before;
        if let Some((condition, at)) = &ask.skip {
            after = asked.where_it_is(self.image, condition, Outcome::True);
            if after.is_none() {
                self.never(condition, *at, &asked);
            }
            match asked.where_it_is(self.image, condition, Outcome::NotTrue) {
                Some(rest) => asked = rest,
                None => {
                    self.always(condition, *at, &asked, true);
                    return after;
                }
            }
        }
        let waited = asked.after_a_wait(self.image);
        let answered = match ask.target {
            Some(slot) => {
                let mut store = waited.clone();
                let subject = Subject::Slot(slot);
                store.put(subject, Set::stored(whole(self.image, subject).shape, span));
                store
            }
            None => waited.clone(),
        };
        for reply in &ask.replies {
            let state = match (ask.target, reply.value) {
                (Some(slot), Some(value)) => {
                    self.stored(waited.clone(), slot, &Value::Const(value), reply.span)
                }
                (Some(_), None) => waited.clone(),
                (None, _) => answered.clone(),
            };
            after = meet(after, self.arm(&reply.arm, state));
        }
        let others = ask.otherwise.iter().chain(ask.attempts.iter().map(|(_, arm)| arm));
        for arm in others.chain(ask.timeout.iter().map(|(_, arm, _)| arm)) {
            // What is typed instead of a reply may be stored.
            after = meet(after, self.arm(arm, waited.clone().or(answered.clone())));
        }
        // An open question goes on with what it can read; one of several options also with several ticks at once.
        if ask.replies.is_empty() || matches!(ask.ty, Type::ManyOf(_)) {
            after = meet(after, Some(answered));
        }
        after
    }

    fn act(&mut self, act: &Act, before: Store) -> Option<Store> {
        let mut waited = match act.action.spec().waits {
            Waits::Nobody => before.without_facts(),
            _ => before.after_a_wait(self.image),
        };
        for saved in &act.results {
            // Whatever the host answers.
            let subject = Subject::Slot(saved.slot);
            waited.put(subject, whole(self.image, subject));
        }
        let ends = act.arms().fold(None, |ends, arm| meet(ends, self.arm(arm, waited.clone())));
        meet(ends, Some(waited))
    }

    fn never(&mut self, condition: &Condition, span: Span, here: &Store) {
        let found = Diagnostic::new(Code::NeverHolds, span, "this condition never holds");
        let alone = possible(self.image, [(condition, true)]);
        let mut found = match (narrowed(self.image, condition, here).filter(|_| alone), condition) {
            (Some((text, at)), _) => found.here("cannot be true here").label(at, text),
            (None, Condition::And(_) | Condition::Or(_)) => found.here("its parts contradict each other"),
            (None, _) => found.here("no value makes this true"),
        };
        found = found.help("Mend the condition, or delete what it guards: it can never run.");
        self.found.push(found);
    }

    fn always(&mut self, condition: &Condition, span: Span, here: &Store, more: bool) {
        let mut found = Diagnostic::new(Code::AlwaysHolds, span, "this condition always holds")
            .here("cannot be anything but true here");
        let alone = possible(self.image, [(condition, false)]);
        if let Some((text, at)) = narrowed(self.image, condition, here).filter(|_| alone) {
            found = found.label(at, text);
        }
        let help = match more {
            true => "Mend the condition, or leave it out: nothing else can happen here.",
            false => "Mend the condition, or leave out the `if`.",
        };
        self.found.push(found.help(help));
    }
}
