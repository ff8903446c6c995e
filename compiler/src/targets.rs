//! Which flows of a project can show on one page with one priority, and which are always hidden by another.

use std::collections::BTreeMap;

use chatflow_runtime::fact::FactKind;
use chatflow_runtime::image::Scope;

use crate::check::fact_type;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Condition, Flow, TextValue, Value};
use crate::source::{FileId, Span};
use crate::tables::Tables;
use crate::types::Ty;
use crate::values::possible;
use crate::written::{fact_value, written_fact};

/// With so many others, at most, each flow is compared: a project of thousands must not cost a million comparisons.
const MOST_OTHERS: usize = 32;

/// So many pairs of `show when` lines of two flows are looked at.
const MOST_LINES: usize = 64;

/// The targeting of a project's flows, over tables of their own.
#[derive(Default)]
pub(crate) struct Targets {
    tables: Tables,
    all: Vec<Target>,
}

struct Target {
    name: String,
    /// Where the name stands.
    span: Span,
    priority: i32,
    /// A bit for each channel.
    channels: u8,
    show: Vec<Condition>,
    hide: Vec<Condition>,
}

impl Targets {
    /// Notes a flow that has no errors. Properties of two workspaces are never the same.
    pub(crate) fn note(&mut self, flow: &Flow, tables: &Tables, workspace: Option<FileId>, span: Span) {
        let own = &tables.image.flow;
        let mut adopt = Adopt { into: &mut self.tables, from: tables, workspace };
        let mut all = |conditions: &[(Condition, Span)]| -> Vec<Condition> {
            conditions.iter().map(|(condition, _)| adopt.condition(condition)).collect()
        };
        let (show, hide) = (all(&flow.show), all(&flow.hide));
        self.all.push(Target {
            name: tables.image.strings.get(own.name).to_owned(),
            span,
            priority: own.priority,
            // Without a channel, the website.
            channels: own.channels.max(1),
            show,
            hide,
        });
    }

    /// Reports flows that can show on one page with one priority, and flows that another always hides.
    pub(crate) fn report(&self, found: &mut Vec<Diagnostic>) {
        let mut by_priority: BTreeMap<i32, Vec<&Target>> = BTreeMap::new();
        for target in &self.all {
            by_priority.entry(target.priority).or_default().push(target);
        }
        let mut above: Vec<&Target> = Vec::new();
        for equals in by_priority.values().rev() {
            for (nth, target) in equals.iter().enumerate() {
                if let Some(other) = above.iter().take(MOST_OTHERS).find(|other| self.hides(other, target)) {
                    found.push(hidden(target, other));
                    continue;
                }
                let others = equals.get(nth.saturating_sub(MOST_OTHERS)..nth).unwrap_or(&[]);
                // Two flows with one name are reported for that.
                let mut others = others.iter().filter(|other| other.name != target.name);
                if let Some(other) = others.find(|other| self.both_show(other, target)) {
                    found.push(equal(target, other));
                }
            }
            above.extend(equals);
        }
    }

    /// Whether some page shows both, as far as anybody can say.
    fn both_show(&self, one: &Target, other: &Target) -> bool {
        if one.channels & other.channels == 0 {
            return false;
        }
        let hides = || one.hide.iter().chain(&other.hide).map(|hide| (hide, false));
        let pairs = lines(one).flat_map(|line| lines(other).map(move |other| (line, other)));
        let mut pairs = pairs.take(MOST_LINES);
        pairs.any(|(line, other)| {
            let shown = line.into_iter().chain(other).map(|show| (show, true));
            possible(&self.tables.image, shown.chain(hides()))
        })
    }

    /// Whether the first shows wherever the second would.
    fn hides(&self, one: &Target, other: &Target) -> bool {
        if other.channels & !one.channels != 0 || other.show.len() > MOST_LINES {
            return false;
        }
        lines(other).all(|line| {
            let here = || {
                line.into_iter().map(|show| (show, true)).chain(other.hide.iter().map(|hide| (hide, false)))
            };
            let unshown = one.show.iter().map(|show| (show, false));
            let missed = !one.show.is_empty() && possible(&self.tables.image, here().chain(unshown));
            let hidden =
                one.hide.iter().any(|hide| possible(&self.tables.image, here().chain([(hide, true)])));
            !missed && !hidden
        })
    }
}

/// The `show when` lines of a flow; without any, one that always holds.
fn lines(target: &Target) -> impl Iterator<Item = Option<&Condition>> {
    let always = target.show.is_empty().then_some(None);
    target.show.iter().map(Some).chain(always)
}

fn equal(target: &Target, other: &Target) -> Diagnostic {
    let (name, priority) = (&target.name, target.priority);
    let first = std::cmp::min(&target.name, &other.name);
    Diagnostic::new(
        Code::EqualPriority,
        target.span,
        format!("`{name}` and `{}` can both show on one page", other.name),
    )
    .here(format!("priority {priority}"))
    .label(other.span, format!("priority {priority} too"))
    .help(format!("`{first}` shows then, as the first by name. Say which one is meant with `priority`, or narrow their targets."))
}

fn hidden(target: &Target, other: &Target) -> Diagnostic {
    let name = &target.name;
    Diagnostic::new(
        Code::HiddenFlow,
        target.span,
        format!("`{}` always shows instead of `{name}`", other.name),
    )
    .here(format!("never shown, with priority {}", target.priority))
    .label(other.span, format!("shows wherever `{name}` would, with priority {}", other.priority))
    .help(format!("Give `{name}` the higher priority, or narrow the target of `{}`.", other.name))
}

/// Takes conditions over into other tables. There is no program of these, so whatever has a value is a slot there, by
/// the name that flows write.
struct Adopt<'a> {
    into: &'a mut Tables,
    from: &'a Tables,
    workspace: Option<FileId>,
}

impl Adopt<'_> {
    fn condition(&mut self, condition: &Condition) -> Condition {
        match condition {
            Condition::And(sides) => Condition::And(self.both(sides)),
            Condition::Or(sides) => Condition::Or(self.both(sides)),
            Condition::Not(inner) => Condition::Not(Box::new(self.condition(inner))),
            Condition::Known(value) => Condition::Known(self.value(value)),
            Condition::IsTrue(value) => Condition::IsTrue(self.value(value)),
            Condition::Test { test, left, right, span } => {
                let (left, right) = (self.value(left), self.value(right));
                Condition::Test { test: *test, left, right, span: *span }
            }
            Condition::Matches { value, pattern, span } => {
                let value = self.value(value);
                let image = &self.from.image;
                let pattern = image
                    .patterns
                    .get(pattern.index())
                    .map_or(*pattern, |def| self.into.pattern(def.kind, image.strings.get(def.source)));
                Condition::Matches { value, pattern, span: *span }
            }
        }
    }

    fn both(&mut self, sides: &(Condition, Condition)) -> Box<(Condition, Condition)> {
        Box::new((self.condition(&sides.0), self.condition(&sides.1)))
    }

    fn value(&mut self, value: &Value) -> Value {
        let from = self.from;
        let image = &from.image;
        let taken = match value {
            Value::Const(constant) => {
                let constant = image.constants.get(constant.index());
                constant.map(|constant| Value::Const(self.into.constant(constant.clone())))
            }
            Value::Slot(slot, span) => image.slots.get(slot.index()).map(|slot| {
                let ty = from.written_type(slot.ty);
                self.named(image.strings.get(slot.name), &ty, *span)
            }),
            Value::Fact(fact, _, span) => image.facts.get(fact.index()).map(|kind| {
                let mut name = written_fact(image, *kind);
                // The address without its query is another text than the whole one.
                if *kind == FactKind::PageAddress {
                    name.push_str(" alone");
                }
                self.named(&name, &fact_type(fact_value(*kind), *span), *span)
            }),
            Value::Reply(_)
            | Value::OrElse(_)
            | Value::Text(_)
            | Value::Label(..)
            | Value::Arithmetic(..)
            | Value::Negate(_) => None,
        };
        // What is calculated may be anything; no test says something of a text.
        let anything = || {
            Value::Text(TextValue { span: Span { file: FileId(0), start: 0, end: 0 }, pieces: Vec::new() })
        };
        taken.unwrap_or_else(anything)
    }

    fn named(&mut self, name: &str, ty: &Ty, span: Span) -> Value {
        let workspace = self.workspace.map_or(0, |file| file.0);
        Value::Slot(self.into.slot(&format!("{workspace} {name}"), ty, Scope::Contact), span)
    }
}
