//! What questions and actions make known, and what they must say.

use chatflow_runtime::action::{Action, ObjectKind, OutcomeDefault, Waits};
use chatflow_runtime::fact::FactKind;
use chatflow_runtime::id::{Object, Slot};
use chatflow_runtime::value::Type;

use super::knowledge::{Known, Knows};
use super::{State, Walk, meet};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Act, Arm, Ask};
use crate::source::Span;

impl Walk<'_> {
    pub(super) fn ask(&mut self, ask: &Ask, span: Span, before: State) -> Option<State> {
        let mut after = None;
        let mut asked = before;
        if let Some((condition, at)) = &ask.skip {
            self.look_at(condition, &asked.known);
            after = Some(asked.with(&self.when_true(condition)));
            asked = asked.with(&self.when_not_true(condition));
            self.lost_targets(ask, *at);
        }
        self.require_text(&ask.text, &asked.known);
        self.note_place(ask.place, &asked.known);
        let mut waited = asked;
        waited.waited = true;
        self.forget_availability(&mut waited.known);
        // It is said after the wait, when facts of the page may be others.
        if let Some(invalid) = &ask.invalid {
            self.require_text(invalid, &waited.known);
        }
        if let Some((_, arm, _)) = &ask.timeout {
            after = meet(after, self.arm(arm, waited.clone()));
        }
        waited.known.add(Knows::Reply);
        if let Some((_, arm)) = &ask.attempts {
            after = meet(after, self.arm(arm, waited.clone()));
        }
        let mut answered = waited.clone();
        if let Some(slot) = ask.target {
            self.becomes_known(slot, span);
            answered.known.add(Knows::Slot(slot));
        }
        for reply in &ask.replies {
            let state =
                if reply.value.is_some() || ask.target.is_none() { answered.clone() } else { waited.clone() };
            after = meet(after, self.arm(&reply.arm, state));
        }
        // An open question goes on with what it can read; one of several options also with several ticks at once.
        if ask.replies.is_empty() || matches!(ask.ty, Type::ManyOf(_)) {
            after = meet(after, Some(answered.clone()));
        }
        if let Some(arm) = &ask.otherwise {
            // What is typed instead of a reply is stored only if it can be read.
            let state = if ask.ty == Type::Text { answered } else { waited };
            after = meet(after, self.arm(arm, state));
        }
        after
    }

    pub(super) fn act(&mut self, act: &Act, span: Span, before: State) -> Option<State> {
        for (_, value) in &act.arguments {
            self.require(value, &before.known);
        }
        for value in act.given.iter().flat_map(|given| given.value.values()) {
            self.require(value, &before.known);
        }
        if act.action.spec().needs_address {
            self.needs_an_address(act, span, &before.known);
        }
        if act.action.spec().waits == Waits::Nobody {
            return Some(before);
        }
        self.note_place(act.place, &before.known);
        let tested = self.availability_tested(act.object, &before.known);
        let mut waited = before;
        self.forget_availability(&mut waited.known);
        if act.talk.as_ref().is_some_and(|talk| talk.asks) {
            // It is called again after the wait, when facts of the page may be others.
            for value in act.given.iter().flat_map(|given| given.value.values()) {
                self.require(value, &waited.known);
            }
        }
        let mut after = None;
        if let Some((_, arm, _)) = &act.timeout {
            after = meet(after, self.arm(arm, waited.clone()));
        }
        let mut brought = waited.clone();
        for saved in &act.results {
            self.becomes_known(saved.slot, saved.span);
            brought.known.add(Knows::Slot(saved.slot));
        }
        for (_, arm, _) in act.talk.iter().flat_map(|talk| &talk.nexts) {
            after = meet(after, self.arm(arm, brought.clone()));
        }
        for spec in act.action.spec().outcomes {
            let waited = if act.action.spec().brings == Some(spec.outcome) { &brought } else { &waited };
            let said = act.outcomes.iter().find(|(outcome, _)| *outcome == spec.outcome);
            // What goes the way of another outcome is followed there.
            match (said, spec.default) {
                (Some((_, arm)), _) => after = meet(after, self.arm(arm, waited.clone())),
                (None, OutcomeDefault::GoOn) => after = meet(after, Some(waited.clone())),
                (None, OutcomeDefault::MustBeSaid) => {
                    if !tested && !self.unassigned(act) {
                        self.missing_outcome(act, span, spec.outcome.word(), spec.doc);
                        // Wherever it was meant to lead, what follows may be that.
                        after = meet(after, Some(waited.clone()));
                    }
                }
                (
                    None,
                    OutcomeDefault::Error
                    | OutcomeDefault::Complete
                    | OutcomeDefault::Show
                    | OutcomeDefault::As(_),
                ) => {}
            }
        }
        after
    }

    /// Warns where the CRM is asked to write to a contact that may have no e-mail address, and so nobody to write to.
    fn needs_an_address(&mut self, act: &Act, span: Span, known: &Known) {
        let email =
            self.image.slots.iter().position(|slot| self.image.strings.get(slot.name) == "contact.email");
        if email.is_some_and(|slot| known.has(Knows::Slot(Slot(slot as u32)))) {
            return;
        }
        let head = act.action.spec().head;
        self.report(
            Diagnostic::new(Code::NoAddress, span, format!("`{head}` may find no e-mail address"))
                .here("`contact.email` may be unknown here")
                .help("Ask for `contact.email` on every path to here, or test that it `is known`; until there is one, the host keeps the request."),
        );
    }

    fn unassigned(&self, act: &Act) -> bool {
        let object = self.image.objects.get(act.object.index());
        act.action == Action::HandOff && object.is_some_and(|object| object.kind == ObjectKind::Unassigned)
    }

    fn missing_outcome(&mut self, act: &Act, span: Span, outcome: &str, when: &str) {
        let head = act.action.spec().head;
        let when = when.trim_end_matches('.');
        let mut found = Diagnostic::new(
            Code::MissingOutcome,
            span,
            format!("`{head}` must say what happens when it is {outcome}"),
        )
        .here(format!("no `{outcome} -> …`"))
        .help(format!(
            "Add `{outcome} -> STEP` to its block. It comes when {}{}.",
            when.get(..1).unwrap_or("").to_lowercase(),
            when.get(1..).unwrap_or("")
        ));
        if act.outcomes.is_empty() && act.arguments.is_empty() {
            found = found.suggest(
                format!("add `{outcome}`"),
                span.at_end(),
                format!(" {{ {outcome} -> {{ end }} }}"),
            );
        }
        self.report(found);
    }

    /// Whether on every path here, since the last wait, the one who is to take the chat was found available.
    fn availability_tested(&self, object: Object, known: &Known) -> bool {
        // Where everything may have been tested before, as at the start of a module's step, this one may have been.
        let anybody = self.fact_bit(self.image.facts.len());
        known.has(anybody) || self.image.facts.iter().enumerate().any(|(nth, fact)| {
            let same = matches!(fact, FactKind::TeamAvailable(other) | FactKind::UserAvailable(other) if *other == object);
            same && known.has(self.fact_bit(nth))
        })
    }

    pub(super) fn fact_bit(&self, nth: usize) -> Knows {
        Knows::Fact(self.image.slots.len() + nth)
    }

    pub(super) fn forget_availability(&self, known: &mut Known) {
        for nth in 0..=self.image.facts.len() {
            known.remove(self.fact_bit(nth));
        }
    }

    fn lost_targets(&mut self, ask: &Ask, skip: Span) {
        let lost: Vec<Span> = ask
            .replies
            .iter()
            .filter(|reply| matches!(reply.arm, Arm::Step(..)))
            .map(|reply| reply.span)
            .collect();
        if let Some(first) = lost.first() {
            self.report(
                Diagnostic::new(
                    Code::LostTargets,
                    *first,
                    "where this choice goes is lost when the question is skipped",
                )
                .here(if lost.len() == 1 {
                    "this target"
                } else {
                    "this target, and those of the other choices"
                })
                .label(skip, "when this holds, the next statement runs")
                .help("Store the answer and branch on it with `if` after the question."),
            );
        }
    }
}
