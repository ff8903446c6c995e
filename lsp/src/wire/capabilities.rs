//! What the server says it can do.

use tower_lsp::lsp_types as lsp;

use super::commands;
use crate::text::Encoding;
use crate::tokens::{Modifiers, TokenType};

pub(super) fn capabilities(encoding: Encoding, client: &lsp::ClientCapabilities) -> lsp::ServerCapabilities {
    lsp::ServerCapabilities {
        position_encoding: Some(match encoding {
            Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
            Encoding::Utf32 => lsp::PositionEncodingKind::UTF32,
        }),
        text_document_sync: Some(lsp::TextDocumentSyncCapability::Options(lsp::TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
            save: Some(lsp::TextDocumentSyncSaveOptions::Supported(true)),
            ..lsp::TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(lsp::HoverProviderCapability::Simple(true)),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some([".", "{", "[", " ", ">", "=", "("].map(str::to_owned).to_vec()),
            resolve_provider: Some(true),
            ..lsp::CompletionOptions::default()
        }),
        signature_help_provider: Some(lsp::SignatureHelpOptions {
            trigger_characters: Some(["(", ",", " "].map(str::to_owned).to_vec()),
            ..lsp::SignatureHelpOptions::default()
        }),
        definition_provider: on(),
        type_definition_provider: Some(lsp::TypeDefinitionProviderCapability::Simple(true)),
        references_provider: on(),
        document_highlight_provider: on(),
        document_symbol_provider: on(),
        workspace_symbol_provider: on(),
        code_action_provider: Some(code_actions(client)),
        document_formatting_provider: on(),
        document_range_formatting_provider: on(),
        document_on_type_formatting_provider: Some(lsp::DocumentOnTypeFormattingOptions {
            first_trigger_character: "}".to_owned(),
            more_trigger_character: Some(vec!["\n".to_owned()]),
        }),
        execute_command_provider: Some(lsp::ExecuteCommandOptions {
            commands: [commands::RUN_TEST, commands::ADD_TEST].map(str::to_owned).to_vec(),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        }),
        code_lens_provider: Some(lsp::CodeLensOptions { resolve_provider: Some(false) }),
        document_link_provider: Some(lsp::DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        }),
        rename_provider: Some(lsp::OneOf::Right(lsp::RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        })),
        folding_range_provider: Some(lsp::FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(lsp::SelectionRangeProviderCapability::Simple(true)),
        linked_editing_range_provider: Some(lsp::LinkedEditingRangeServerCapabilities::Simple(true)),
        call_hierarchy_provider: Some(lsp::CallHierarchyServerCapability::Simple(true)),
        semantic_tokens_provider: Some(lsp::SemanticTokensServerCapabilities::SemanticTokensOptions(
            lsp::SemanticTokensOptions {
                legend: legend(),
                range: Some(true),
                full: Some(lsp::SemanticTokensFullOptions::Delta { delta: Some(true) }),
                work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
            },
        )),
        inlay_hint_provider: on(),
        diagnostic_provider: Some(lsp::DiagnosticServerCapabilities::Options(lsp::DiagnosticOptions {
            identifier: Some("chatflow".to_owned()),
            inter_file_dependencies: true,
            // Files that are not open are pushed: few editors pull them, and none wants them twice.
            workspace_diagnostics: false,
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        })),
        workspace: Some(workspace()),
        ..lsp::ServerCapabilities::default()
    }
}

/// What is supported without more words.
fn on<T>() -> Option<lsp::OneOf<bool, T>> {
    Some(lsp::OneOf::Left(true))
}

/// Kinds are given only to editors that know such answers.
fn code_actions(client: &lsp::ClientCapabilities) -> lsp::CodeActionProviderCapability {
    let literal = client
        .text_document
        .as_ref()
        .and_then(|of| of.code_action.as_ref())
        .and_then(|of| of.code_action_literal_support.as_ref());
    if literal.is_none() {
        return lsp::CodeActionProviderCapability::Simple(true);
    }
    lsp::CodeActionProviderCapability::Options(lsp::CodeActionOptions {
        code_action_kinds: Some(vec![
            lsp::CodeActionKind::QUICKFIX,
            lsp::CodeActionKind::REFACTOR_EXTRACT,
            lsp::CodeActionKind::REFACTOR_INLINE,
            lsp::CodeActionKind::REFACTOR_REWRITE,
            lsp::CodeActionKind::SOURCE_FIX_ALL,
        ]),
        ..lsp::CodeActionOptions::default()
    })
}

fn legend() -> lsp::SemanticTokensLegend {
    lsp::SemanticTokensLegend {
        token_types: TokenType::ALL.iter().map(|(_, word)| lsp::SemanticTokenType::new(word)).collect(),
        token_modifiers: Modifiers::WORDS.map(lsp::SemanticTokenModifier::new).to_vec(),
    }
}

fn workspace() -> lsp::WorkspaceServerCapabilities {
    let flows = lsp::FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: lsp::FileOperationPattern {
            glob: "**/*.flow".to_owned(),
            ..lsp::FileOperationPattern::default()
        },
    };
    lsp::WorkspaceServerCapabilities {
        workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
            supported: Some(true),
            change_notifications: Some(lsp::OneOf::Left(true)),
        }),
        file_operations: Some(lsp::WorkspaceFileOperationsServerCapabilities {
            will_rename: Some(lsp::FileOperationRegistrationOptions { filters: vec![flows] }),
            ..lsp::WorkspaceFileOperationsServerCapabilities::default()
        }),
    }
}
