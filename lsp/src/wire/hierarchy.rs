//! Call hierarchy and lenses, as the protocol writes them.

use chatflow_compiler::source::{FileId, Span};
use serde_json::json;
use tower_lsp::lsp_types as lsp;

use super::commands;
use super::convert::Convert;
use crate::hierarchy::{self, Part};
use crate::lens::Lens;

pub(super) fn prepare(
    convert: &Convert<'_>,
    file: FileId,
    offset: u32,
) -> Option<Vec<lsp::CallHierarchyItem>> {
    let part = hierarchy::prepare(convert.analysis, file, offset)?;
    Some(vec![convert.part(&part)?])
}

/// The step that an item stands for: the one whose name stands where the item's does.
fn step(convert: &Convert<'_>, file: FileId, item: &lsp::CallHierarchyItem) -> Option<Part> {
    hierarchy::prepare(convert.analysis, file, convert.offset(file, item.selection_range.start))
}

pub(super) fn incoming(
    convert: &Convert<'_>,
    file: FileId,
    item: &lsp::CallHierarchyItem,
) -> Option<Vec<lsp::CallHierarchyIncomingCall>> {
    let found = hierarchy::incoming(convert.analysis, &step(convert, file, item)?).into_iter();
    let one = |(part, places): (Part, Vec<Span>)| {
        let from_ranges = places.into_iter().map(|span| convert.range(span)).collect();
        Some(lsp::CallHierarchyIncomingCall { from: convert.part(&part)?, from_ranges })
    };
    Some(found.filter_map(one).collect())
}

pub(super) fn outgoing(
    convert: &Convert<'_>,
    file: FileId,
    item: &lsp::CallHierarchyItem,
) -> Option<Vec<lsp::CallHierarchyOutgoingCall>> {
    let found = hierarchy::outgoing(convert.analysis, &step(convert, file, item)?).into_iter();
    let one = |(part, places): (Part, Vec<Span>)| {
        let from_ranges = places.into_iter().map(|span| convert.range(span)).collect();
        Some(lsp::CallHierarchyOutgoingCall { to: convert.part(&part)?, from_ranges })
    };
    Some(found.filter_map(one).collect())
}

impl Convert<'_> {
    fn part(&self, part: &Part) -> Option<lsp::CallHierarchyItem> {
        Some(lsp::CallHierarchyItem {
            name: part.name.clone(),
            kind: if part.is_step { lsp::SymbolKind::FUNCTION } else { lsp::SymbolKind::EVENT },
            tags: None,
            detail: None,
            uri: self.uri(part.span.file)?,
            range: self.range(part.span),
            selection_range: self.range(part.place),
            data: None,
        })
    }

    pub(super) fn lens(&self, uri: &lsp::Url, lens: &Lens) -> lsp::CodeLens {
        let (span, title, command, arguments) = match lens {
            Lens::References(span, places) => {
                let count = places.len();
                let title = if count == 1 {
                    "1 arrow leads here".to_owned()
                } else {
                    format!("{count} arrows lead here")
                };
                let places: Vec<_> = places.iter().filter_map(|span| self.location(*span)).collect();
                (
                    *span,
                    title,
                    "chatflow.showReferences",
                    vec![json!(uri), json!(self.range(*span).start), json!(places)],
                )
            }
            Lens::Test(span, name) => {
                (*span, "run test".to_owned(), commands::RUN_TEST, vec![json!(uri), json!(name)])
            }
            Lens::Tests(span) => (*span, "run all tests".to_owned(), commands::RUN_TEST, vec![json!(uri)]),
        };
        let command = lsp::Command { title, command: command.to_owned(), arguments: Some(arguments) };
        lsp::CodeLens { range: self.range(span), command: Some(command), data: None }
    }
}
