//! What an editor draws: lenses, hints, colours, folds.

use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types as lsp;

use super::{Backend, convert};
use crate::{graph, lens, shape, tokens};

pub(super) async fn code_lens(
    server: &Backend,
    params: lsp::CodeLensParams,
) -> Result<Option<Vec<lsp::CodeLens>>> {
    let uri = params.text_document.uri.clone();
    let found = server.of_file(params.text_document.uri, move |convert, file| {
        let found = lens::lenses(convert.analysis, file);
        found.iter().map(|lens| convert.lens(&uri, lens)).collect()
    });
    found.await
}

pub(super) async fn inlay_hint(
    server: &Backend,
    params: lsp::InlayHintParams,
) -> Result<Option<Vec<lsp::InlayHint>>> {
    let range = params.range;
    let found = server.of_file(params.text_document.uri, move |convert, file| {
        let found = lens::hints(convert.analysis, file, convert.span(file, range));
        let one = |hint: lens::Hint| lsp::InlayHint {
            position: convert.position(file, hint.at.start),
            label: lsp::InlayHintLabel::String(hint.text),
            kind: Some(if hint.is_type { lsp::InlayHintKind::TYPE } else { lsp::InlayHintKind::PARAMETER }),
            text_edits: None,
            tooltip: None,
            padding_left: None,
            padding_right: (!hint.is_type).then_some(true),
            data: None,
        };
        found.into_iter().map(one).collect()
    });
    found.await
}

pub(super) async fn semantic_tokens_full(
    server: &Backend,
    params: lsp::SemanticTokensParams,
) -> Result<Option<lsp::SemanticTokensResult>> {
    let found = all_tokens(server, params.text_document.uri).await?;
    Ok(found.map(lsp::SemanticTokensResult::Tokens))
}

pub(super) async fn semantic_tokens_full_delta(
    server: &Backend,
    params: lsp::SemanticTokensDeltaParams,
) -> Result<Option<lsp::SemanticTokensFullDeltaResult>> {
    let uri = params.text_document.uri;
    let before = {
        let kept = server.shared.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.get(&uri)
            .filter(|(id, _)| id.to_string() == params.previous_result_id)
            .map(|(_, data)| data.clone())
    };
    let Some(found) = all_tokens(server, uri).await? else { return Ok(None) };
    Ok(Some(match before {
        None => lsp::SemanticTokensFullDeltaResult::Tokens(found),
        Some(before) => lsp::SemanticTokensFullDeltaResult::TokensDelta(lsp::SemanticTokensDelta {
            result_id: found.result_id,
            edits: convert::delta(&before, &found.data),
        }),
    }))
}

pub(super) async fn semantic_tokens_range(
    server: &Backend,
    params: lsp::SemanticTokensRangeParams,
) -> Result<Option<lsp::SemanticTokensRangeResult>> {
    let range = params.range;
    let found = server.of_file(params.text_document.uri, move |convert, file| {
        let within = convert.span(file, range);
        let data = convert.tokens(&tokens::tokens(convert.analysis, file, Some(within)));
        lsp::SemanticTokensRangeResult::Tokens(lsp::SemanticTokens { result_id: None, data })
    });
    found.await
}

pub(super) async fn folding_range(
    server: &Backend,
    params: lsp::FoldingRangeParams,
) -> Result<Option<Vec<lsp::FoldingRange>>> {
    let found = server.of_file(params.text_document.uri, |convert, file| {
        let found = convert.analysis.file(file).map(shape::folds).unwrap_or_default();
        let one = |fold: &shape::Fold| lsp::FoldingRange {
            start_line: fold.first,
            end_line: fold.last,
            kind: fold.comment.then_some(lsp::FoldingRangeKind::Comment),
            ..lsp::FoldingRange::default()
        };
        found.iter().map(one).collect()
    });
    found.await
}

pub(super) async fn selection_range(
    server: &Backend,
    params: lsp::SelectionRangeParams,
) -> Result<Option<Vec<lsp::SelectionRange>>> {
    let positions = params.positions;
    let found = server.of_file(params.text_document.uri, move |convert, file| {
        let Some(source) = convert.analysis.file(file) else { return Vec::new() };
        let one = |position: &lsp::Position| {
            let spans = shape::selections(source, convert.offset(file, *position));
            let mut outer: Option<lsp::SelectionRange> = None;
            for span in spans.iter().rev() {
                outer =
                    Some(lsp::SelectionRange { range: convert.range(*span), parent: outer.map(Box::new) });
            }
            let range = lsp::Range { start: *position, end: *position };
            outer.unwrap_or(lsp::SelectionRange { range, parent: None })
        };
        positions.iter().map(one).collect()
    });
    found.await
}

/// The tokens of a file, kept so that the next answer can be the difference.
async fn all_tokens(server: &Backend, uri: lsp::Url) -> Result<Option<lsp::SemanticTokens>> {
    let found = server
        .of_file(uri.clone(), |convert, file| convert.tokens(&tokens::tokens(convert.analysis, file, None)));
    let Some(data) = found.await? else { return Ok(None) };
    let id = keep(server, uri, data.clone());
    Ok(Some(lsp::SemanticTokens { result_id: Some(id), data }))
}

fn keep(server: &Backend, uri: lsp::Url, data: Vec<lsp::SemanticToken>) -> String {
    let mut kept = server.shared.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let id = kept.get(&uri).map_or(1, |(id, _)| id + 1);
    kept.insert(uri, (id, data));
    id.to_string()
}

/// What the request for a graph says.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GraphParams {
    text_document: lsp::TextDocumentIdentifier,
    position: Option<lsp::Position>,
}

pub(super) async fn graph(server: &Backend, params: GraphParams) -> Result<serde_json::Value> {
    let position = params.position;
    let found = server.of_file(params.text_document.uri, move |convert, file| {
        let offset = position.map(|position| convert.offset(file, position));
        graph::graph(convert.analysis, file, offset).map(|graph| convert::graph(convert, &graph))
    });
    Ok(found.await?.flatten().unwrap_or_default())
}
