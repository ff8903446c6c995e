//! What must be known where it is shown, stored or computed with.

use chatflow_runtime::id::Slot;
use chatflow_runtime::image::Scope;
use chatflow_runtime::value::Value as Constant;

use super::Walk;
use super::knowledge::{Known, Knows};
use super::ways::Unknown;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Arithmetic, TextValue, Value};
use crate::source::Span;

impl Walk<'_> {
    /// Reports what a value shows, stores or computes without knowing it.
    pub(super) fn require(&mut self, value: &Value, known: &Known) {
        match value {
            Value::Const(_) => {}
            // A fact that a guard has found known stays so until the next wait.
            Value::Fact(fact, may_be_unknown, span) => {
                if *may_be_unknown && !known.has(self.fact_bit(fact.index())) {
                    self.fact_may_be_unknown(*span);
                }
            }
            Value::Slot(slot, span) => {
                if !known.has(Knows::Slot(*slot)) {
                    self.may_be_unknown(*slot, *span);
                }
            }
            Value::Reply(span) => {
                if !known.has(Knows::Reply) {
                    self.report(
                        Diagnostic::new(Code::MayBeUnknown, *span, "there may be no reply yet")
                            .here("nothing was asked on some path here")
                            .help("Ask something first, or give a default: `reply or \"…\"`."),
                    );
                }
            }
            Value::OrElse(both) => self.require(&both.1, known),
            Value::Text(text) => self.require_text(text, known),
            Value::Label(_, inner) | Value::Negate(inner) => self.require(inner, known),
            Value::Arithmetic(_, both, _) => {
                self.require(&both.0, known);
                self.require(&both.1, known);
            }
        }
    }

    pub(super) fn require_text(&mut self, text: &TextValue, known: &Known) {
        text.holes(&mut |value| {
            self.require(value, known);
            self.divisors(value);
        });
    }

    /// Reports a division in a text whose divisor may be zero: nothing would be shown then.
    fn divisors(&mut self, value: &Value) {
        match value {
            Value::Arithmetic(operator, both, span) => {
                if *operator == Arithmetic::Divide && !self.is_never_zero(&both.1) {
                    self.report(
                        Diagnostic::new(Code::DivisorMayBeZero, *span, "this may be zero, and then there is nothing to show")
                            .here("divided by this")
                            .help("Give a default: `{… / … or \"…\"}`, or store the result with `let`, which has a `failed` outcome."),
                    );
                }
                self.divisors(&both.0);
                self.divisors(&both.1);
            }
            Value::Negate(inner) | Value::Label(_, inner) => self.divisors(inner),
            Value::OrElse(both) => self.divisors(&both.1),
            Value::Const(_) | Value::Slot(..) | Value::Fact(..) | Value::Reply(_) | Value::Text(_) => {}
        }
    }

    fn is_never_zero(&self, value: &Value) -> bool {
        let Value::Const(constant) = value else { return false };
        match self.image.constants.get(constant.index()) {
            Some(Constant::Number(number)) => !number.is_zero(),
            Some(Constant::Duration(length)) => *length != 0,
            _ => false,
        }
    }

    fn may_be_unknown(&mut self, slot: Slot, span: Span) {
        let name = self.name_of(slot);
        let mut found = Diagnostic::new(Code::MayBeUnknown, span, format!("`{name}` may be unknown here"))
            .here("may be unknown");
        match (self.sources.get(&slot), self.clears.get(&slot)) {
            (source, Some(cleared)) => {
                if let Some(source) = source {
                    found = found.label(*source, "it becomes known here");
                }
                found = found.label(*cleared, "it is cleared here");
            }
            (Some(source), None) => {
                found = found.label(*source, "it becomes known here, but not on every path");
            }
            (None, None) => {}
        }
        found = found.help(format!(
            "Ask for it on every path to here, test `{name} is known`, or give a default: `{name} or \"…\"`."
        ));
        let before = self.found.len();
        self.report(found);
        if self.found.len() > before {
            self.unknowns.push(Unknown { found: before, slot, step: self.step });
        }
    }

    /// What a property or local is called where it is used: a module names its locals without its own name.
    pub(super) fn name_of(&self, slot: Slot) -> &str {
        let Some(def) = self.image.slots.get(slot.index()) else { return "" };
        let name = self.image.strings.get(def.name);
        match def.scope {
            Scope::Local => name.rsplit('.').next().unwrap_or(name),
            Scope::Contact | Scope::Company => name,
        }
    }

    fn fact_may_be_unknown(&mut self, span: Span) {
        self.report(
            Diagnostic::new(Code::MayBeUnknown, span, "this may be unknown")
                .here("not every page or browser says it")
                .help("Test that it `is known`, or give a default with `or`."),
        );
    }
}
