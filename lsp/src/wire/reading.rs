//! What is said while somebody reads and writes: hovering, completion, signatures.

use serde_json::{Value, json};
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types as lsp;

use super::Backend;
use super::convert::markup;
use crate::{completion, hover, signature};

pub(super) async fn hover(server: &Backend, params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
    let formats =
        server.shared.client().text_document.and_then(|of| of.hover).and_then(|of| of.content_format);
    let found = server.of_place(params.text_document_position_params, move |convert, file, offset| {
        let hover = hover::hover(convert.analysis, file, offset)?;
        let contents = lsp::HoverContents::Markup(markup(&hover.text, formats.as_deref()));
        Some(lsp::Hover { contents, range: Some(convert.range(hover.span)) })
    });
    Ok(found.await?.flatten())
}

pub(super) async fn completion(
    server: &Backend,
    params: lsp::CompletionParams,
) -> Result<Option<lsp::CompletionResponse>> {
    let item = item_of(server);
    let snippets = item.as_ref().and_then(|of| of.snippet_support).unwrap_or(false);
    // An editor that asks for the documentation of the one item it shows is not sent that of all.
    let resolves = item.as_ref().and_then(|of| of.resolve_support.as_ref());
    let later = resolves.is_some_and(|of| of.properties.iter().any(|property| property == "documentation"));
    let formats = item.and_then(|of| of.documentation_format);
    let shared = server.shared.clone();
    let found = server.of_place(params.text_document_position, move |convert, file, offset| {
        let mut found = completion::complete(convert.analysis, file, offset);
        let list = later.then(|| shared.keep_docs(found.iter_mut().map(|one| std::mem::take(&mut one.docs))));
        let items = found.iter().enumerate().map(|(nth, one)| {
            let data = list.map(|list| json!([list, nth]));
            lsp::CompletionItem { data, ..convert.completion(one, snippets, formats.as_deref()) }
        });
        lsp::CompletionResponse::Array(items.collect())
    });
    found.await
}

/// The documentation of an item of the last list; of an older one nobody wants to know any more.
pub(super) async fn completion_resolve(
    server: &Backend,
    mut item: lsp::CompletionItem,
) -> Result<lsp::CompletionItem> {
    let formats = item_of(server).and_then(|of| of.documentation_format);
    let number = |nth: usize| item.data.as_ref()?.get(nth).and_then(Value::as_u64);
    let docs = number(0).zip(number(1)).and_then(|(list, nth)| server.shared.docs(list, nth as usize));
    if let Some(docs) = docs.filter(|docs| !docs.is_empty()) {
        item.documentation = Some(lsp::Documentation::MarkupContent(markup(&docs, formats.as_deref())));
    }
    Ok(item)
}

/// What the editor can do with the items of a completion.
fn item_of(server: &Backend) -> Option<lsp::CompletionItemCapability> {
    server.shared.client().text_document?.completion?.completion_item
}

pub(super) async fn signature_help(
    server: &Backend,
    params: lsp::SignatureHelpParams,
) -> Result<Option<lsp::SignatureHelp>> {
    let of = server.shared.client().text_document.and_then(|of| of.signature_help);
    let formats = of.and_then(|of| of.signature_information).and_then(|of| of.documentation_format);
    let found = server.of_place(params.text_document_position_params, move |convert, file, offset| {
        let found = signature::signature(convert.analysis, file, offset)?;
        let part = |(start, end): &(u32, u32)| {
            let text = found.label.get(*start as usize..*end as usize).unwrap_or("");
            let label = lsp::ParameterLabel::Simple(text.to_owned());
            lsp::ParameterInformation { label, documentation: None }
        };
        let docs = (!found.docs.is_empty())
            .then(|| lsp::Documentation::MarkupContent(markup(&found.docs, formats.as_deref())));
        let active = (!found.parameters.is_empty()).then_some(found.active);
        let signature = lsp::SignatureInformation {
            label: found.label.clone(),
            documentation: docs,
            parameters: Some(found.parameters.iter().map(part).collect()),
            active_parameter: active,
        };
        let signatures = vec![signature];
        Some(lsp::SignatureHelp { signatures, active_signature: Some(0), active_parameter: active })
    });
    Ok(found.await?.flatten())
}
