//! What stands where: definitions, references, symbols, links, calls.

use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types as lsp;

use super::convert::Convert;
use super::{Backend, ask, hierarchy};
use crate::{navigate, symbols};

pub(super) async fn goto_definition(
    server: &Backend,
    params: lsp::GotoDefinitionParams,
) -> Result<Option<lsp::GotoDefinitionResponse>> {
    let found = server.of_place(params.text_document_position_params, |convert, file, offset| {
        let span = navigate::definition(convert.analysis, file, offset)?;
        convert.location(span).map(lsp::GotoDefinitionResponse::Scalar)
    });
    Ok(found.await?.flatten())
}

pub(super) async fn goto_type_definition(
    server: &Backend,
    params: lsp::request::GotoTypeDefinitionParams,
) -> Result<Option<lsp::request::GotoTypeDefinitionResponse>> {
    let found = server.of_place(params.text_document_position_params, |convert, file, offset| {
        let span = navigate::type_definition(convert.analysis, file, offset)?;
        convert.location(span).map(lsp::GotoDefinitionResponse::Scalar)
    });
    Ok(found.await?.flatten())
}

pub(super) async fn references(
    server: &Backend,
    params: lsp::ReferenceParams,
) -> Result<Option<Vec<lsp::Location>>> {
    let declaration = params.context.include_declaration;
    let found = server.of_place(params.text_document_position, move |convert, file, offset| {
        let found = navigate::references(convert.analysis, file, offset, declaration);
        found.into_iter().filter_map(|span| convert.location(span)).collect()
    });
    found.await
}

pub(super) async fn document_highlight(
    server: &Backend,
    params: lsp::DocumentHighlightParams,
) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
    let found = server.of_place(params.text_document_position_params, |convert, file, offset| {
        let found = navigate::highlights(convert.analysis, file, offset).into_iter();
        let one = |(span, writes)| lsp::DocumentHighlight {
            range: convert.range(span),
            kind: Some(if writes {
                lsp::DocumentHighlightKind::WRITE
            } else {
                lsp::DocumentHighlightKind::READ
            }),
        };
        found.map(one).collect()
    });
    found.await
}

pub(super) async fn document_symbol(
    server: &Backend,
    params: lsp::DocumentSymbolParams,
) -> Result<Option<lsp::DocumentSymbolResponse>> {
    let client = server.shared.client();
    let of = client.text_document.and_then(|of| of.document_symbol);
    let trees = of.and_then(|of| of.hierarchical_document_symbol_support).unwrap_or(false);
    let found = server.of_file(params.text_document.uri, move |convert, file| {
        let file = convert.analysis.file(file)?;
        let found = symbols::symbols(file);
        if trees {
            let found = found.iter().map(|symbol| convert.symbol(symbol));
            return Some(lsp::DocumentSymbolResponse::Nested(found.collect()));
        }
        let flat = found.iter().flat_map(|symbol| {
            let children = symbol.children.iter().map(move |child| (child, symbol.name.as_str()));
            std::iter::once((symbol, "")).chain(children)
        });
        let flat = flat.filter_map(|(symbol, within)| convert.flat_symbol(symbol, within));
        Some(lsp::DocumentSymbolResponse::Flat(flat.collect()))
    });
    Ok(found.await?.flatten())
}

pub(super) async fn symbol(
    server: &Backend,
    params: lsp::WorkspaceSymbolParams,
) -> Result<Option<Vec<lsp::SymbolInformation>>> {
    let shared = server.shared.clone();
    let found = ask(move |world| {
        let mut found = Vec::new();
        for analysis in world.analyses() {
            let convert = Convert { analysis: &analysis, encoding: world.encoding, shared: &shared };
            let all = symbols::project_symbols(&analysis, &params.query);
            found.extend(all.iter().filter_map(|(symbol, within)| convert.flat_symbol(symbol, within)));
        }
        found
    });
    found.await.map(Some)
}

pub(super) async fn document_link(
    server: &Backend,
    params: lsp::DocumentLinkParams,
) -> Result<Option<Vec<lsp::DocumentLink>>> {
    let found = server.of_file(params.text_document.uri, |convert, file| {
        let found = navigate::links(convert.analysis, file).into_iter();
        let one = |(span, target): (_, navigate::Target)| {
            let target = match target {
                navigate::Target::File(file) => convert.uri(file)?,
                navigate::Target::Address(address) => lsp::Url::parse(&address).ok()?,
            };
            let range = convert.range(span);
            Some(lsp::DocumentLink { range, target: Some(target), tooltip: None, data: None })
        };
        found.filter_map(one).collect()
    });
    found.await
}

pub(super) async fn prepare_call_hierarchy(
    server: &Backend,
    params: lsp::CallHierarchyPrepareParams,
) -> Result<Option<Vec<lsp::CallHierarchyItem>>> {
    let found = server.of_place(params.text_document_position_params, hierarchy::prepare);
    Ok(found.await?.flatten())
}

pub(super) async fn incoming_calls(
    server: &Backend,
    params: lsp::CallHierarchyIncomingCallsParams,
) -> Result<Option<Vec<lsp::CallHierarchyIncomingCall>>> {
    let item = params.item;
    let found =
        server.of_file(item.uri.clone(), move |convert, file| hierarchy::incoming(convert, file, &item));
    Ok(found.await?.flatten())
}

pub(super) async fn outgoing_calls(
    server: &Backend,
    params: lsp::CallHierarchyOutgoingCallsParams,
) -> Result<Option<Vec<lsp::CallHierarchyOutgoingCall>>> {
    let item = params.item;
    let found =
        server.of_file(item.uri.clone(), move |convert, file| hierarchy::outgoing(convert, file, &item));
    Ok(found.await?.flatten())
}
