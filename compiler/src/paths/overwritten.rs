//! Values that are stored and overwritten before anything reads them.

use std::collections::BTreeMap;

use chatflow_runtime::id::Slot;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::hir::{Flow, Statement, StatementKind};
use crate::source::Span;

/// Reports each value that the statements right behind it overwrite. Where the flow branches, waits or asks the host,
/// somebody may read it.
pub(super) fn report(flow: &Flow, found: &mut Vec<Diagnostic>) {
    for step in &flow.steps {
        block(&step.body, found);
    }
}

fn block(body: &[Statement], found: &mut Vec<Diagnostic>) {
    let mut unread: BTreeMap<Slot, Span> = BTreeMap::new();
    for statement in body {
        match &statement.kind {
            StatementKind::Say(texts, media) => {
                let words = media.iter().filter_map(|media| media.words.as_ref());
                for text in texts.iter().chain(words) {
                    text.holes(&mut |value| value.slots(&mut |slot| _ = unread.remove(&slot)));
                }
            }
            StatementKind::Set { slot, value, failed } => {
                value.slots(&mut |slot| _ = unread.remove(&slot));
                overwrites(&mut unread, *slot, statement.span, found);
                match failed {
                    None => _ = unread.insert(*slot, statement.span),
                    Some(_) => unread.clear(),
                }
            }
            StatementKind::Clear { slot } => overwrites(&mut unread, *slot, statement.span, found),
            StatementKind::If { .. }
            | StatementKind::Ask(_)
            | StatementKind::Wait(_)
            | StatementKind::Do(_)
            | StatementKind::Go(..)
            | StatementKind::End
            | StatementKind::Act(_)
            | StatementKind::Hole => unread.clear(),
        }
        statement.blocks(&mut |body| block(body, found));
    }
}

fn overwrites(unread: &mut BTreeMap<Slot, Span>, slot: Slot, here: Span, found: &mut Vec<Diagnostic>) {
    if let Some(stored) = unread.remove(&slot) {
        found.push(
            Diagnostic::new(Code::Overwritten, stored, "nothing reads this value")
                .here("stored here")
                .label(here, "and overwritten here")
                .help("Delete one of the two, or use the value before it is gone."),
        );
    }
}
