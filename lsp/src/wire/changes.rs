//! What changes a text: renaming, code actions, formatting.

use std::collections::HashMap;

use chatflow_compiler::diagnostic::Edit;
use chatflow_compiler::source::FileId;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::lsp_types as lsp;

use super::convert::{self, Convert};
use super::shared::path_of;
use super::{Backend, ask};
use crate::{actions, format, rename, shape};

pub(super) async fn prepare_rename(
    server: &Backend,
    params: lsp::TextDocumentPositionParams,
) -> Result<Option<lsp::PrepareRenameResponse>> {
    let found = server.of_place(params, |convert, file, offset| {
        let span = rename::prepare(convert.analysis, file, offset)?;
        let placeholder = convert.analysis.text(span).to_owned();
        Some(lsp::PrepareRenameResponse::RangeWithPlaceholder { range: convert.range(span), placeholder })
    });
    Ok(found.await?.flatten())
}

pub(super) async fn rename(
    server: &Backend,
    params: lsp::RenameParams,
) -> Result<Option<lsp::WorkspaceEdit>> {
    let new = params.new_name;
    let found = server.of_place(params.text_document_position, move |convert, file, offset| {
        let renamed = rename::everywhere(convert.analysis, file, offset, &new);
        renamed.map(|renamed| convert.renamed(&renamed))
    });
    match found.await? {
        None => Ok(None),
        Some(Ok(edit)) => Ok(Some(edit)),
        Some(Err(why)) => Err(Error { code: ErrorCode::InvalidParams, message: why.into(), data: None }),
    }
}

pub(super) async fn linked_editing_range(
    server: &Backend,
    params: lsp::LinkedEditingRangeParams,
) -> Result<Option<lsp::LinkedEditingRanges>> {
    let found = server.of_place(params.text_document_position_params, |convert, file, offset| {
        let ranges: Vec<_> = shape::linked(convert.analysis, file, offset)
            .into_iter()
            .map(|span| convert.range(span))
            .collect();
        (!ranges.is_empty()).then_some(lsp::LinkedEditingRanges { ranges, word_pattern: None })
    });
    Ok(found.await?.flatten())
}

pub(super) async fn code_action(
    server: &Backend,
    params: lsp::CodeActionParams,
) -> Result<Option<lsp::CodeActionResponse>> {
    let range = params.range;
    let only = params.context.only;
    let found = server.of_file(params.text_document.uri, move |convert, file| {
        let at = convert.span(file, range);
        let analysis = convert.analysis;
        let mut found = actions::actions(analysis, file, at);
        let fits = |kind: &lsp::CodeActionKind, wanted: &lsp::CodeActionKind| {
            let (kind, wanted) = (kind.as_str(), wanted.as_str());
            kind == wanted || kind.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
        };
        let wanted = |kind: &lsp::CodeActionKind| {
            only.as_ref()
                .is_none_or(|only| only.iter().any(|wanted| wanted.as_str().is_empty() || fits(kind, wanted)))
        };
        // All of a file is mended and checked for it: only where it is asked for, or where it would begin here.
        let begins = found.iter().any(|action| action.preferred);
        if only.is_some() && wanted(&lsp::CodeActionKind::SOURCE_FIX_ALL) || only.is_none() && begins {
            found.extend(actions::fix_all(analysis, file));
        }
        let severity = |action: &actions::Action| {
            let findings = analysis.findings(file).iter();
            findings
                .clone()
                .find(|(found, _)| Some(found) == action.mends.as_ref())
                .map(|(_, severity)| *severity)
        };
        let found = found.iter().filter(|action| wanted(&convert::action_kind(action.kind)));
        let found = found.map(|action| convert.action(action, severity(action)).into());
        found.collect::<lsp::CodeActionResponse>()
    });
    found.await
}

/// The edits of a file's layout, written as they are.
async fn formatted(
    server: &Backend,
    uri: lsp::Url,
    edits: impl FnOnce(&Convert<'_>, FileId) -> Vec<Edit> + Send + 'static,
) -> Result<Option<Vec<lsp::TextEdit>>> {
    let found = server.of_file(uri, move |convert, file| {
        let edits = edits(convert, file).into_iter();
        edits.map(|edit| lsp::TextEdit { range: convert.range(edit.span), new_text: edit.text }).collect()
    });
    found.await
}

pub(super) async fn formatting(
    server: &Backend,
    params: lsp::DocumentFormattingParams,
) -> Result<Option<Vec<lsp::TextEdit>>> {
    formatted(server, params.text_document.uri, |convert, file| format::document(convert.analysis, file))
        .await
}

pub(super) async fn range_formatting(
    server: &Backend,
    params: lsp::DocumentRangeFormattingParams,
) -> Result<Option<Vec<lsp::TextEdit>>> {
    let range = params.range;
    let edits =
        move |convert: &Convert<'_>, file| format::range(convert.analysis, file, convert.span(file, range));
    formatted(server, params.text_document.uri, edits).await
}

pub(super) async fn on_type_formatting(
    server: &Backend,
    params: lsp::DocumentOnTypeFormattingParams,
) -> Result<Option<Vec<lsp::TextEdit>>> {
    let (at, typed) = (params.text_document_position, params.ch);
    let uri = at.text_document.uri.clone();
    let edits = move |convert: &Convert<'_>, file| {
        format::typed(convert.analysis, file, convert.offset(file, at.position), &typed)
    };
    formatted(server, uri, edits).await
}

pub(super) async fn will_rename_files(
    server: &Backend,
    params: lsp::RenameFilesParams,
) -> Result<Option<lsp::WorkspaceEdit>> {
    let shared = server.shared.clone();
    let of = shared.client().workspace.and_then(|of| of.workspace_edit);
    // Whether the editor can rename files that go with those.
    let moves = of.is_some_and(|of| {
        let operations = of.resource_operations.unwrap_or_default();
        of.document_changes == Some(true) && operations.contains(&lsp::ResourceOperationKind::Rename)
    });
    let found = ask(move |world| {
        let mut changes: HashMap<lsp::Url, Vec<lsp::TextEdit>> = HashMap::new();
        let mut moved = Vec::new();
        for file in params.files {
            let (Ok(old), Ok(new)) = (lsp::Url::parse(&file.old_uri), lsp::Url::parse(&file.new_uri)) else {
                continue;
            };
            let (old, new) = (path_of(&old), path_of(&new));
            let Some((analysis, id)) = world.analysis(&old) else { continue };
            let convert = Convert { analysis: &analysis, encoding: world.encoding, shared: &shared };
            let edits = rename::file_renamed(&analysis, id, &convert::file_stem(&new));
            for (uri, edits) in convert.workspace_edit(&edits).changes.unwrap_or_default() {
                changes.entry(uri).or_default().extend(edits);
            }
            moved.extend(rename::catalogues_moved(&analysis, id, &new));
        }
        let moved = moved.iter().filter_map(|(old, new)| {
            let (old_uri, new_uri) = (shared.uri(old)?, lsp::Url::from_file_path(new).ok()?);
            Some(lsp::RenameFile { old_uri, new_uri, options: None, annotation_id: None })
        });
        let moved: Vec<_> = moved.filter(|_| moves).collect();
        if moved.is_empty() {
            return lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() };
        }
        let edits = changes.into_iter().map(|(uri, edits)| {
            let text_document = lsp::OptionalVersionedTextDocumentIdentifier { uri, version: None };
            let edits = edits.into_iter().map(lsp::OneOf::Left).collect();
            lsp::DocumentChangeOperation::Edit(lsp::TextDocumentEdit { text_document, edits })
        });
        let moved = moved.into_iter().map(lsp::ResourceOp::Rename).map(lsp::DocumentChangeOperation::Op);
        let all = lsp::DocumentChanges::Operations(edits.chain(moved).collect());
        lsp::WorkspaceEdit { document_changes: Some(all), ..lsp::WorkspaceEdit::default() }
    });
    found.await.map(Some)
}
