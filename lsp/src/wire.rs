//! The wire: the protocol's messages, by tower-lsp. No other module knows it.
//!
//! Handlers do no work of their own. Each takes the world that its request came with, asks one of the functions of this
//! crate on a thread beside, and writes the answer as the protocol wants it. A function that panics is an error answer;
//! none waits for the editor.

mod capabilities;
mod convert;
mod frames;
mod hierarchy;
mod ingress;
mod publish;
mod shared;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chatflow_compiler::source::FileId;
use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::lsp_types as lsp;
use tower_lsp::{Client, LanguageServer, LspService, Server, async_trait};

use crate::disk::Disk;
use crate::world::World;
use crate::{actions, completion, graph, hover, lens, navigate, rename, shape, symbols, tokens};
use convert::{Convert, markup};
use ingress::{Ingress, WORLD};
use shared::{Shared, path_of};

/// How many requests are in work at once. Each only waits, so that many cost nothing; messages that the loop has no room
/// for would keep it from reading others.
const AT_ONCE: usize = 256;

/// How much of what comes in waits for the server, in bytes.
const BUFFER: usize = 64 * 1024;

/// Serves an editor until it says `exit` or closes the pipe. Whether it had said `shutdown` before, as it should.
pub async fn serve<I, O>(input: I, output: O, disk: Arc<dyn Disk>) -> bool
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let shared = Arc::new(Shared::new(World::new(disk)));
    let backend = |client: Client| Backend { client, shared: shared.clone() };
    let (service, socket) =
        LspService::build(backend).custom_method("chatflow/graph", Backend::graph).finish();
    let ingress = Ingress::new(service, shared.clone());
    let (to_server, from_pump) = tokio::io::duplex(BUFFER);
    let pumping = frames::pump(input, to_server);
    let serving = Server::new(from_pump, output, socket).concurrency_level(AT_ONCE).serve(ingress);
    let serving = async { tokio::join!(pumping, serving) };
    tokio::pin!(serving);
    tokio::select! {
        _ = &mut serving => {}
        // What is still to be written is; tower-lsp itself would wait for the pipe to close.
        () = shared.exited.notified() => {
            let _ = tokio::time::timeout(Duration::from_millis(100), &mut serving).await;
        }
    }
    shared.shut_down.load(Ordering::SeqCst)
}

/// Serves an editor over standard input and output. Whether it said `shutdown` before it left, as it should.
///
/// # Errors
/// If the system gives no threads.
pub fn serve_stdio(disk: Arc<dyn Disk>) -> std::io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // More at once would only be slower; what nobody waits for any more is not begun.
        .max_blocking_threads(THREADS)
        .thread_stack_size(STACK)
        .build()?;
    let orderly = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout(), disk));
    // A read of standard input that will never come is not waited for.
    runtime.shutdown_background();
    Ok(orderly)
}

/// Threads for questions, besides one that reads and one that writes.
const THREADS: usize = 6;

/// Room for a tree that nests as deep as the parser lets it, in bytes.
const STACK: usize = 16 * 1024 * 1024;

/// Answers the editor.
struct Backend {
    client: Client,
    shared: Arc<Shared>,
}

/// What the request for a graph says.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct GraphParams {
    text_document: lsp::TextDocumentIdentifier,
    position: Option<lsp::Position>,
}

/// A blocking task that is not begun any more when nobody waits for it.
struct Abandoned<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for Abandoned<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What a function says of the world that the request came with.
async fn ask<T: Send + 'static>(function: impl FnOnce(&World) -> T + Send + 'static) -> Result<T> {
    let world = WORLD.try_with(World::clone).map_err(|_| Error::internal_error())?;
    let mut work = Abandoned(tokio::task::spawn_blocking(move || function(&world)));
    (&mut work.0).await.map_err(|_| {
        let message = "this is a bug in chatflow; the server goes on".to_owned();
        Error { code: ErrorCode::InternalError, message: message.into(), data: None }
    })
}

impl Backend {
    /// What a function says of a file; nothing if it is in no project.
    async fn of_file<T: Send + 'static>(
        &self,
        uri: lsp::Url,
        function: impl FnOnce(&Convert<'_>, FileId) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let shared = self.shared.clone();
        ask(move |world| {
            let (analysis, file) = world.analysis(&path_of(&uri))?;
            let convert = Convert { analysis: &analysis, encoding: world.encoding, shared: &shared };
            Some(function(&convert, file))
        })
        .await
    }

    /// What a function says of a place in a file.
    async fn of_place<T: Send + 'static>(
        &self,
        at: lsp::TextDocumentPositionParams,
        function: impl FnOnce(&Convert<'_>, FileId, u32) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let position = at.position;
        let uri = at.text_document.uri;
        self.of_file(uri, move |convert, file| function(convert, file, convert.offset(file, position))).await
    }

    async fn graph(&self, params: GraphParams) -> Result<serde_json::Value> {
        let position = params.position;
        let found = self.of_file(params.text_document.uri, move |convert, file| {
            let offset = position.map(|position| convert.offset(file, position));
            graph::graph(convert.analysis, file, offset).map(|graph| convert::graph(convert, &graph))
        });
        Ok(found.await?.flatten().unwrap_or_default())
    }

    /// The tokens of a file, kept so that the next answer can be the difference.
    async fn all_tokens(&self, uri: lsp::Url) -> Result<Option<lsp::SemanticTokens>> {
        let found = self.of_file(uri.clone(), |convert, file| {
            convert.tokens(&tokens::tokens(convert.analysis, file, None))
        });
        let Some(data) = found.await? else { return Ok(None) };
        let id = self.keep(uri, data.clone());
        Ok(Some(lsp::SemanticTokens { result_id: Some(id), data }))
    }

    fn keep(&self, uri: lsp::Url, data: Vec<lsp::SemanticToken>) -> String {
        let mut kept = self.shared.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let id = kept.get(&uri).map_or(1, |(id, _)| id + 1);
        kept.insert(uri, (id, data));
        id.to_string()
    }

    /// Watches what the server reads, if the editor can: flows, catalogues, `chatflow.toml`.
    fn watch(&self) {
        let client = self.shared.client();
        let watched = client.workspace.as_ref().and_then(|of| of.did_change_watched_files);
        if !watched.and_then(|of| of.dynamic_registration).unwrap_or(false) {
            return;
        }
        let globs = ["**/*.flow", "**/*.po", "**/chatflow.toml"];
        let watchers: Vec<_> = globs.iter().map(|glob| serde_json::json!({"globPattern": glob})).collect();
        let registration = lsp::Registration {
            id: "watch".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(serde_json::json!({"watchers": watchers})),
        };
        let client = self.client.clone();
        // No handler waits for the editor.
        tokio::spawn(async move {
            let _ =
                tokio::time::timeout(Duration::from_secs(10), client.register_capability(vec![registration]))
                    .await;
        });
    }

    /// Says that the first project is read, while that takes.
    fn begin(&self) {
        let (client, shared) = (self.client.clone(), self.shared.clone());
        let shows = shared.client().window.and_then(|of| of.work_done_progress).unwrap_or(false);
        tokio::spawn(async move {
            let token = lsp::NumberOrString::String("chatflow/reading".to_owned());
            let create = lsp::WorkDoneProgressCreateParams { token: token.clone() };
            let asked = client.send_request::<lsp::request::WorkDoneProgressCreate>(create);
            let shows =
                shows && tokio::time::timeout(Duration::from_secs(2), asked).await.is_ok_and(|it| it.is_ok());
            let say = async |value: lsp::WorkDoneProgress| {
                if shows {
                    let value = lsp::ProgressParamsValue::WorkDone(value);
                    let params = lsp::ProgressParams { token: token.clone(), value };
                    client.send_notification::<lsp::notification::Progress>(params).await;
                }
            };
            let title = "Reading the flows".to_owned();
            say(lsp::WorkDoneProgress::Begin(lsp::WorkDoneProgressBegin { title, ..Default::default() }))
                .await;
            let world = shared.world();
            let read = tokio::task::spawn_blocking(move || {
                world.analyses().iter().map(|analysis| analysis.project.files.len()).sum::<usize>()
            });
            let message = read.await.ok().map(|files| format!("{files} files"));
            say(lsp::WorkDoneProgress::End(lsp::WorkDoneProgressEnd { message })).await;
        });
    }
}

#[async_trait]
impl LanguageServer for Backend {
    async fn initialize(&self, _: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        let client = self.shared.client();
        let info = lsp::ServerInfo {
            name: "chatflow".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        };
        let encoding = shared::encoding(&client);
        let capabilities = capabilities::capabilities(encoding, &client);
        Ok(lsp::InitializeResult { capabilities, server_info: Some(info) })
    }

    async fn initialized(&self, _: lsp::InitializedParams) {
        tokio::spawn(publish::publish(self.client.clone(), self.shared.clone()));
        self.shared.changed.notify_one();
        self.watch();
        self.begin();
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn hover(&self, params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
        let formats =
            self.shared.client().text_document.and_then(|of| of.hover).and_then(|of| of.content_format);
        let found = self.of_place(params.text_document_position_params, move |convert, file, offset| {
            let hover = hover::hover(convert.analysis, file, offset)?;
            let contents = lsp::HoverContents::Markup(markup(&hover.text, formats.as_deref()));
            Some(lsp::Hover { contents, range: Some(convert.range(hover.span)) })
        });
        Ok(found.await?.flatten())
    }

    async fn completion(&self, params: lsp::CompletionParams) -> Result<Option<lsp::CompletionResponse>> {
        let client = self.shared.client();
        let item = client.text_document.and_then(|of| of.completion).and_then(|of| of.completion_item);
        let snippets = item.as_ref().and_then(|of| of.snippet_support).unwrap_or(false);
        let formats = item.and_then(|of| of.documentation_format);
        let found = self.of_place(params.text_document_position, move |convert, file, offset| {
            let found = completion::complete(convert.analysis, file, offset);
            lsp::CompletionResponse::Array(
                found.iter().map(|one| convert.completion(one, snippets, formats.as_deref())).collect(),
            )
        });
        found.await
    }

    async fn signature_help(&self, params: lsp::SignatureHelpParams) -> Result<Option<lsp::SignatureHelp>> {
        let of = self.shared.client().text_document.and_then(|of| of.signature_help);
        let formats = of.and_then(|of| of.signature_information).and_then(|of| of.documentation_format);
        let found = self.of_place(params.text_document_position_params, move |convert, file, offset| {
            let found = lens::signature(convert.analysis, file, offset)?;
            let part = |(start, end): &(u32, u32)| {
                let text = found.label.get(*start as usize..*end as usize).unwrap_or("");
                let label = lsp::ParameterLabel::Simple(text.to_owned());
                lsp::ParameterInformation { label, documentation: None }
            };
            let docs = (!found.docs.is_empty())
                .then(|| lsp::Documentation::MarkupContent(markup(&found.docs, formats.as_deref())));
            let signature = lsp::SignatureInformation {
                label: found.label.clone(),
                documentation: docs,
                parameters: Some(found.parameters.iter().map(part).collect()),
                active_parameter: Some(found.active),
            };
            let signatures = vec![signature];
            Some(lsp::SignatureHelp {
                signatures,
                active_signature: Some(0),
                active_parameter: Some(found.active),
            })
        });
        Ok(found.await?.flatten())
    }

    async fn goto_definition(
        &self,
        params: lsp::GotoDefinitionParams,
    ) -> Result<Option<lsp::GotoDefinitionResponse>> {
        let found = self.of_place(params.text_document_position_params, |convert, file, offset| {
            let span = navigate::definition(convert.analysis, file, offset)?;
            convert.location(span).map(lsp::GotoDefinitionResponse::Scalar)
        });
        Ok(found.await?.flatten())
    }

    async fn goto_type_definition(
        &self,
        params: lsp::request::GotoTypeDefinitionParams,
    ) -> Result<Option<lsp::request::GotoTypeDefinitionResponse>> {
        let found = self.of_place(params.text_document_position_params, |convert, file, offset| {
            let span = navigate::type_definition(convert.analysis, file, offset)?;
            convert.location(span).map(lsp::GotoDefinitionResponse::Scalar)
        });
        Ok(found.await?.flatten())
    }

    async fn references(&self, params: lsp::ReferenceParams) -> Result<Option<Vec<lsp::Location>>> {
        let declaration = params.context.include_declaration;
        let found = self.of_place(params.text_document_position, move |convert, file, offset| {
            let found = navigate::references(convert.analysis, file, offset, declaration);
            found.into_iter().filter_map(|span| convert.location(span)).collect()
        });
        found.await
    }

    async fn document_highlight(
        &self,
        params: lsp::DocumentHighlightParams,
    ) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
        let found = self.of_place(params.text_document_position_params, |convert, file, offset| {
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

    async fn document_symbol(
        &self,
        params: lsp::DocumentSymbolParams,
    ) -> Result<Option<lsp::DocumentSymbolResponse>> {
        let client = self.shared.client();
        let of = client.text_document.and_then(|of| of.document_symbol);
        let trees = of.and_then(|of| of.hierarchical_document_symbol_support).unwrap_or(false);
        let found = self.of_file(params.text_document.uri, move |convert, file| {
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

    async fn symbol(
        &self,
        params: lsp::WorkspaceSymbolParams,
    ) -> Result<Option<Vec<lsp::SymbolInformation>>> {
        let shared = self.shared.clone();
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

    async fn prepare_rename(
        &self,
        params: lsp::TextDocumentPositionParams,
    ) -> Result<Option<lsp::PrepareRenameResponse>> {
        let found = self.of_place(params, |convert, file, offset| {
            let span = rename::prepare(convert.analysis, file, offset)?;
            let placeholder = convert.analysis.text(span).to_owned();
            Some(lsp::PrepareRenameResponse::RangeWithPlaceholder { range: convert.range(span), placeholder })
        });
        Ok(found.await?.flatten())
    }

    async fn rename(&self, params: lsp::RenameParams) -> Result<Option<lsp::WorkspaceEdit>> {
        let new = params.new_name;
        let found = self.of_place(params.text_document_position, move |convert, file, offset| {
            let edits = rename::rename(convert.analysis, file, offset, &new);
            edits.map(|edits| convert.workspace_edit(&edits))
        });
        match found.await? {
            None => Ok(None),
            Some(Ok(edit)) => Ok(Some(edit)),
            Some(Err(why)) => Err(Error { code: ErrorCode::InvalidParams, message: why.into(), data: None }),
        }
    }

    async fn linked_editing_range(
        &self,
        params: lsp::LinkedEditingRangeParams,
    ) -> Result<Option<lsp::LinkedEditingRanges>> {
        let found = self.of_place(params.text_document_position_params, |convert, file, offset| {
            let ranges: Vec<_> = shape::linked(convert.analysis, file, offset)
                .into_iter()
                .map(|span| convert.range(span))
                .collect();
            (!ranges.is_empty()).then_some(lsp::LinkedEditingRanges { ranges, word_pattern: None })
        });
        Ok(found.await?.flatten())
    }

    async fn code_action(&self, params: lsp::CodeActionParams) -> Result<Option<lsp::CodeActionResponse>> {
        let range = params.range;
        let only = params.context.only;
        let found = self.of_file(params.text_document.uri, move |convert, file| {
            let at = convert.span(file, range);
            let analysis = convert.analysis;
            let mut found = actions::actions(analysis, file, at);
            let fits = |kind: &lsp::CodeActionKind, wanted: &lsp::CodeActionKind| {
                let (kind, wanted) = (kind.as_str(), wanted.as_str());
                kind == wanted || kind.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
            };
            let wanted = |kind: &lsp::CodeActionKind| {
                only.as_ref().is_none_or(|only| {
                    only.iter().any(|wanted| wanted.as_str().is_empty() || fits(kind, wanted))
                })
            };
            if only.is_some() && wanted(&lsp::CodeActionKind::SOURCE_FIX_ALL) || !found.is_empty() {
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

    async fn code_lens(&self, params: lsp::CodeLensParams) -> Result<Option<Vec<lsp::CodeLens>>> {
        let uri = params.text_document.uri.clone();
        let found = self.of_file(params.text_document.uri, move |convert, file| {
            let found = lens::lenses(convert.analysis, file);
            found.iter().map(|lens| convert.lens(&uri, lens)).collect()
        });
        found.await
    }

    async fn inlay_hint(&self, params: lsp::InlayHintParams) -> Result<Option<Vec<lsp::InlayHint>>> {
        let range = params.range;
        let found = self.of_file(params.text_document.uri, move |convert, file| {
            let found = lens::hints(convert.analysis, file, convert.span(file, range));
            let one = |hint: lens::Hint| lsp::InlayHint {
                position: convert.position(file, hint.at.start),
                label: lsp::InlayHintLabel::String(hint.text),
                kind: Some(if hint.is_type {
                    lsp::InlayHintKind::TYPE
                } else {
                    lsp::InlayHintKind::PARAMETER
                }),
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

    async fn semantic_tokens_full(
        &self,
        params: lsp::SemanticTokensParams,
    ) -> Result<Option<lsp::SemanticTokensResult>> {
        let found = self.all_tokens(params.text_document.uri).await?;
        Ok(found.map(lsp::SemanticTokensResult::Tokens))
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: lsp::SemanticTokensDeltaParams,
    ) -> Result<Option<lsp::SemanticTokensFullDeltaResult>> {
        let uri = params.text_document.uri;
        let before = {
            let kept = self.shared.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            kept.get(&uri)
                .filter(|(id, _)| id.to_string() == params.previous_result_id)
                .map(|(_, data)| data.clone())
        };
        let Some(found) = self.all_tokens(uri).await? else { return Ok(None) };
        Ok(Some(match before {
            None => lsp::SemanticTokensFullDeltaResult::Tokens(found),
            Some(before) => lsp::SemanticTokensFullDeltaResult::TokensDelta(lsp::SemanticTokensDelta {
                result_id: found.result_id,
                edits: convert::delta(&before, &found.data),
            }),
        }))
    }

    async fn semantic_tokens_range(
        &self,
        params: lsp::SemanticTokensRangeParams,
    ) -> Result<Option<lsp::SemanticTokensRangeResult>> {
        let range = params.range;
        let found = self.of_file(params.text_document.uri, move |convert, file| {
            let within = convert.span(file, range);
            let data = convert.tokens(&tokens::tokens(convert.analysis, file, Some(within)));
            lsp::SemanticTokensRangeResult::Tokens(lsp::SemanticTokens { result_id: None, data })
        });
        found.await
    }

    async fn folding_range(&self, params: lsp::FoldingRangeParams) -> Result<Option<Vec<lsp::FoldingRange>>> {
        let found = self.of_file(params.text_document.uri, |convert, file| {
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

    async fn selection_range(
        &self,
        params: lsp::SelectionRangeParams,
    ) -> Result<Option<Vec<lsp::SelectionRange>>> {
        let positions = params.positions;
        let found = self.of_file(params.text_document.uri, move |convert, file| {
            let Some(source) = convert.analysis.file(file) else { return Vec::new() };
            let one = |position: &lsp::Position| {
                let spans = shape::selections(source, convert.offset(file, *position));
                let mut outer: Option<lsp::SelectionRange> = None;
                for span in spans.iter().rev() {
                    outer = Some(lsp::SelectionRange {
                        range: convert.range(*span),
                        parent: outer.map(Box::new),
                    });
                }
                let range = lsp::Range { start: *position, end: *position };
                outer.unwrap_or(lsp::SelectionRange { range, parent: None })
            };
            positions.iter().map(one).collect()
        });
        found.await
    }

    async fn document_link(&self, params: lsp::DocumentLinkParams) -> Result<Option<Vec<lsp::DocumentLink>>> {
        let found = self.of_file(params.text_document.uri, |convert, file| {
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

    async fn prepare_call_hierarchy(
        &self,
        params: lsp::CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<lsp::CallHierarchyItem>>> {
        let found = self.of_place(params.text_document_position_params, hierarchy::prepare);
        Ok(found.await?.flatten())
    }

    async fn incoming_calls(
        &self,
        params: lsp::CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<lsp::CallHierarchyIncomingCall>>> {
        let item = params.item;
        let found =
            self.of_file(item.uri.clone(), move |convert, file| hierarchy::incoming(convert, file, &item));
        Ok(found.await?.flatten())
    }

    async fn outgoing_calls(
        &self,
        params: lsp::CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<lsp::CallHierarchyOutgoingCall>>> {
        let item = params.item;
        let found =
            self.of_file(item.uri.clone(), move |convert, file| hierarchy::outgoing(convert, file, &item));
        Ok(found.await?.flatten())
    }

    async fn diagnostic(
        &self,
        params: lsp::DocumentDiagnosticParams,
    ) -> Result<lsp::DocumentDiagnosticReportResult> {
        let before = params.previous_result_id;
        let found = self.of_file(params.text_document.uri, |convert, file| {
            let all = convert.analysis.findings(file).iter();
            all.map(|(found, severity)| convert.diagnostic(found, *severity)).collect::<Vec<_>>()
        });
        let items = found.await?.unwrap_or_default();
        let id = publish::result_id(&items);
        let report = if before.as_deref() == Some(id.as_str()) {
            lsp::DocumentDiagnosticReport::Unchanged(lsp::RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport {
                    result_id: id,
                },
            })
        } else {
            lsp::DocumentDiagnosticReport::Full(lsp::RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport {
                    result_id: Some(id),
                    items,
                },
            })
        };
        Ok(lsp::DocumentDiagnosticReportResult::Report(report))
    }

    async fn will_rename_files(&self, params: lsp::RenameFilesParams) -> Result<Option<lsp::WorkspaceEdit>> {
        let shared = self.shared.clone();
        let found = ask(move |world| {
            let mut changes = std::collections::HashMap::new();
            for file in params.files {
                let (Ok(old), Ok(new)) = (lsp::Url::parse(&file.old_uri), lsp::Url::parse(&file.new_uri))
                else {
                    continue;
                };
                let (old, new) = (path_of(&old), path_of(&new));
                let Some((analysis, id)) = world.analysis(&old) else { continue };
                let convert = Convert { analysis: &analysis, encoding: world.encoding, shared: &shared };
                let edits = rename::file_renamed(&analysis, id, &convert::file_stem(&new));
                changes.extend(convert.workspace_edit(&edits).changes.unwrap_or_default());
            }
            lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() }
        });
        found.await.map(Some)
    }
}
