//! The server's own types as the protocol writes them.

use std::collections::HashMap;
use std::path::Path;

use chatflow_compiler::diagnostic::{Diagnostic, Edit, Severity};
use chatflow_compiler::source::{FileId, LineIndex, Span};
use serde_json::json;
use tower_lsp::lsp_types as lsp;

use super::commands;
use super::shared::Shared;
use crate::actions::{Action, ActionKind};
use crate::analysis::Analysis;
use crate::completion::{Completion, Kind, plain};
use crate::rename::Renamed;
use crate::symbols::{Symbol, SymbolKind};
use crate::text::{Encoding, Place};
use crate::tokens::Token;

/// Where the protocol's places and those of the compiler meet: a project, and how the editor counts.
pub(super) struct Convert<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) encoding: Encoding,
    pub(super) shared: &'a Shared,
}

impl Convert<'_> {
    pub(super) fn position(&self, file: FileId, offset: u32) -> lsp::Position {
        let Some(file) = self.analysis.file(file) else { return lsp::Position::default() };
        let place = self.encoding.place(&file.source.text, &file.lines, offset);
        lsp::Position { line: place.line, character: place.column }
    }

    pub(super) fn range(&self, span: Span) -> lsp::Range {
        lsp::Range { start: self.position(span.file, span.start), end: self.position(span.file, span.end) }
    }

    pub(super) fn offset(&self, file: FileId, position: lsp::Position) -> u32 {
        let Some(file) = self.analysis.file(file) else { return 0 };
        let place = Place { line: position.line, column: position.character };
        self.encoding.offset(&file.source.text, &file.lines, place)
    }

    pub(super) fn span(&self, file: FileId, range: lsp::Range) -> Span {
        Span { file, start: self.offset(file, range.start), end: self.offset(file, range.end) }
    }

    pub(super) fn uri(&self, file: FileId) -> Option<lsp::Url> {
        self.shared.uri(&self.analysis.path_of(file)?)
    }

    pub(super) fn location(&self, span: Span) -> Option<lsp::Location> {
        Some(lsp::Location { uri: self.uri(span.file)?, range: self.range(span) })
    }

    pub(super) fn edit(&self, edit: &Edit) -> lsp::TextEdit {
        lsp::TextEdit { range: self.range(edit.span), new_text: self.new_text(edit) }
    }

    /// New lines end as those of the file do.
    fn new_text(&self, edit: &Edit) -> String {
        let windows =
            self.analysis.file(edit.span.file).is_some_and(|file| file.source.text.contains("\r\n"));
        if windows { edit.text.replace("\r\n", "\n").replace('\n', "\r\n") } else { edit.text.clone() }
    }

    pub(super) fn workspace_edit(&self, edits: &[Edit]) -> lsp::WorkspaceEdit {
        let mut changes: HashMap<lsp::Url, Vec<lsp::TextEdit>> = HashMap::new();
        for edit in edits {
            if let Some(uri) = self.uri(edit.span.file) {
                changes.entry(uri).or_default().push(self.edit(edit));
            }
        }
        lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() }
    }

    /// A rename, with the files beside the flows.
    pub(super) fn renamed(&self, renamed: &Renamed) -> lsp::WorkspaceEdit {
        let mut edit = self.workspace_edit(&renamed.edits);
        for (path, at, text) in &renamed.beside {
            let Some(file) = self.analysis.beside.iter().find(|file| file.path == *path) else { continue };
            let lines = LineIndex::new(&file.text);
            let position = |byte: usize| {
                let place = self.encoding.place(&file.text, &lines, byte as u32);
                lsp::Position { line: place.line, character: place.column }
            };
            let range = lsp::Range { start: position(at.start), end: position(at.end) };
            if let (Some(uri), Some(changes)) = (self.shared.uri(path), &mut edit.changes) {
                changes.entry(uri).or_default().push(lsp::TextEdit { range, new_text: text.clone() });
            }
        }
        edit
    }

    pub(super) fn diagnostic(&self, found: &Diagnostic, severity: Severity) -> lsp::Diagnostic {
        let mut message = found.message.clone();
        if !found.primary.text.is_empty() {
            message = format!("{message}: {}", found.primary.text);
        }
        if let Some(help) = &found.help {
            message = format!("{message}\n{help}");
        }
        let related = found.labels.iter().filter_map(|label| {
            let location = self.location(label.span)?;
            Some(lsp::DiagnosticRelatedInformation { location, message: label.text.clone() })
        });
        let related: Vec<_> = related.collect();
        let unused = found.code.as_str() == chatflow_compiler::Code::UnreachableStatement.as_str();
        lsp::Diagnostic {
            range: self.range(found.primary.span),
            severity: Some(match severity {
                Severity::Error => lsp::DiagnosticSeverity::ERROR,
                Severity::Warning => lsp::DiagnosticSeverity::WARNING,
            }),
            code: Some(lsp::NumberOrString::String(found.code.as_str().to_owned())),
            source: Some("chatflow".to_owned()),
            message,
            related_information: (!related.is_empty()).then_some(related),
            tags: unused.then(|| vec![lsp::DiagnosticTag::UNNECESSARY]),
            ..lsp::Diagnostic::default()
        }
    }

    pub(super) fn completion(
        &self,
        one: &Completion,
        snippets: bool,
        formats: Option<&[lsp::MarkupKind]>,
    ) -> lsp::CompletionItem {
        let kind = match one.kind {
            Kind::Keyword => lsp::CompletionItemKind::KEYWORD,
            Kind::Action => lsp::CompletionItemKind::METHOD,
            Kind::Setting => lsp::CompletionItemKind::FIELD,
            Kind::Step => lsp::CompletionItemKind::REFERENCE,
            Kind::Property => lsp::CompletionItemKind::PROPERTY,
            Kind::Local => lsp::CompletionItemKind::VARIABLE,
            Kind::Option => lsp::CompletionItemKind::ENUM_MEMBER,
            Kind::Thing => lsp::CompletionItemKind::CLASS,
            Kind::Fact => lsp::CompletionItemKind::CONSTANT,
            Kind::Operator => lsp::CompletionItemKind::OPERATOR,
            Kind::Outcome => lsp::CompletionItemKind::EVENT,
            Kind::Function => lsp::CompletionItemKind::FUNCTION,
            Kind::Type => lsp::CompletionItemKind::STRUCT,
            Kind::File => lsp::CompletionItemKind::MODULE,
            Kind::Snippet => lsp::CompletionItemKind::SNIPPET,
        };
        let is_snippet = snippets && one.insert.contains(['$', '\\']);
        let text = if is_snippet { one.insert.clone() } else { plain(&one.insert) };
        let more: Vec<_> = one.more.iter().map(|edit| self.edit(edit)).collect();
        lsp::CompletionItem {
            label: one.label.clone(),
            kind: Some(kind),
            detail: (!one.detail.is_empty()).then(|| one.detail.clone()),
            documentation: (!one.docs.is_empty())
                .then(|| lsp::Documentation::MarkupContent(markup(&one.docs, formats))),
            sort_text: Some(format!("{}{}", one.rank, one.label)),
            insert_text_format: is_snippet.then_some(lsp::InsertTextFormat::SNIPPET),
            text_edit: Some(lsp::CompletionTextEdit::Edit(lsp::TextEdit {
                range: self.range(one.replace),
                new_text: text,
            })),
            additional_text_edits: (!more.is_empty()).then_some(more),
            ..lsp::CompletionItem::default()
        }
    }

    #[expect(deprecated, reason = "the protocol's type has a field that nobody may leave out")]
    pub(super) fn symbol(&self, symbol: &Symbol) -> lsp::DocumentSymbol {
        let children: Vec<_> = symbol.children.iter().map(|child| self.symbol(child)).collect();
        lsp::DocumentSymbol {
            name: symbol.name.clone(),
            detail: (!symbol.detail.is_empty()).then(|| symbol.detail.clone()),
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            range: self.range(symbol.span),
            selection_range: self.range(symbol.place),
            children: (!children.is_empty()).then_some(children),
        }
    }

    /// Symbols without their children, for editors that show no trees.
    #[expect(deprecated, reason = "the protocol's type has a field that nobody may leave out")]
    pub(super) fn flat_symbol(&self, symbol: &Symbol, within: &str) -> Option<lsp::SymbolInformation> {
        Some(lsp::SymbolInformation {
            name: symbol.name.clone(),
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            location: self.location(symbol.place)?,
            container_name: (!within.is_empty()).then(|| within.to_owned()),
        })
    }

    pub(super) fn action(&self, action: &Action, severity: Option<Severity>) -> lsp::CodeAction {
        let mends = action.mends.as_ref().zip(severity);
        // Finding the way takes a while: it is looked for when somebody wants it.
        let command = action.test_to.and_then(|at| {
            let arguments = vec![json!(self.uri(at.file)?), json!(self.position(at.file, at.start))];
            let command = commands::ADD_TEST.to_owned();
            Some(lsp::Command { title: action.title.clone(), command, arguments: Some(arguments) })
        });
        lsp::CodeAction {
            title: action.title.clone(),
            kind: Some(action_kind(action.kind)),
            diagnostics: mends.map(|(found, severity)| vec![self.diagnostic(found, severity)]),
            edit: command.is_none().then(|| self.workspace_edit(&action.edits)),
            command,
            is_preferred: action.preferred.then_some(true),
            ..lsp::CodeAction::default()
        }
    }

    /// Tokens as the protocol writes them: each from where the one before it begins.
    pub(super) fn tokens(&self, tokens: &[Token]) -> Vec<lsp::SemanticToken> {
        let mut last = lsp::Position::default();
        let mut found = Vec::with_capacity(tokens.len());
        for token in tokens {
            let range = self.range(token.span);
            let delta_line = range.start.line - last.line;
            let before = if delta_line == 0 { last.character } else { 0 };
            found.push(lsp::SemanticToken {
                delta_line,
                delta_start: range.start.character - before,
                length: range.end.character.saturating_sub(range.start.character),
                token_type: token.kind as u32,
                token_modifiers_bitset: token.modifiers.bits(),
            });
            last = range.start;
        }
        found
    }
}

/// How an editor's path ends.
pub(super) fn file_stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A text for an editor that takes these formats, the best one first; without any, Markdown was never asked for.
pub(super) fn markup(text: &str, formats: Option<&[lsp::MarkupKind]>) -> lsp::MarkupContent {
    if formats.is_some_and(|formats| formats.contains(&lsp::MarkupKind::Markdown)) {
        return lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: text.to_owned() };
    }
    let lines = text.lines().filter(|line| !line.starts_with("```"));
    let lines: Vec<String> =
        lines.map(|line| line.trim_start_matches('#').trim_start().replace('`', "")).collect();
    lsp::MarkupContent { kind: lsp::MarkupKind::PlainText, value: lines.join("\n") }
}

fn symbol_kind(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::File => lsp::SymbolKind::MODULE,
        SymbolKind::Step => lsp::SymbolKind::FUNCTION,
        SymbolKind::Question => lsp::SymbolKind::INTERFACE,
        SymbolKind::Action => lsp::SymbolKind::EVENT,
        SymbolKind::Property => lsp::SymbolKind::PROPERTY,
        SymbolKind::Declaration => lsp::SymbolKind::NAMESPACE,
        SymbolKind::Test => lsp::SymbolKind::METHOD,
    }
}

pub(super) fn action_kind(kind: ActionKind) -> lsp::CodeActionKind {
    match kind {
        ActionKind::QuickFix => lsp::CodeActionKind::QUICKFIX,
        ActionKind::Extract => lsp::CodeActionKind::REFACTOR_EXTRACT,
        ActionKind::Inline => lsp::CodeActionKind::REFACTOR_INLINE,
        ActionKind::Rewrite => lsp::CodeActionKind::REFACTOR_REWRITE,
        ActionKind::FixAll => lsp::CodeActionKind::SOURCE_FIX_ALL,
    }
}

/// The one edit that makes one list of tokens another: what they have in common at both ends stays.
pub(super) fn delta(old: &[lsp::SemanticToken], new: &[lsp::SemanticToken]) -> Vec<lsp::SemanticTokensEdit> {
    let start = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let (old_rest, new_rest) = (old.get(start..).unwrap_or(&[]), new.get(start..).unwrap_or(&[]));
    let end =
        old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(one, other)| one == other).count();
    let (gone, come) = (old_rest.len() - end, new_rest.get(..new_rest.len() - end).unwrap_or(&[]));
    if gone == 0 && come.is_empty() {
        return Vec::new();
    }
    // The protocol counts numbers, five for each token.
    vec![lsp::SemanticTokensEdit {
        start: start as u32 * 5,
        delete_count: gone as u32 * 5,
        data: Some(come.to_vec()),
    }]
}

/// A graph as data.
pub(super) fn graph(convert: &Convert<'_>, graph: &crate::graph::Graph) -> serde_json::Value {
    let nodes: Vec<_> = graph
        .nodes
        .iter()
        .map(|node| {
            let lines =
                node.lines.iter().map(|(text, span)| json!({"text": text, "range": convert.range(*span)}));
            json!({
                "name": node.name,
                "step": node.is_step,
                "uri": convert.uri(node.span.file),
                "range": convert.range(node.span),
                "selectionRange": convert.range(node.place),
                "lines": lines.collect::<Vec<_>>(),
            })
        })
        .collect();
    let edges: Vec<_> = graph
        .edges
        .iter()
        .map(|edge| {
            json!({
                "from": edge.from,
                "to": edge.to,
                "comesBack": edge.comes_back,
                "label": edge.label,
                "uri": convert.uri(edge.at.file),
                "range": convert.range(edge.at),
            })
        })
        .collect();
    json!({"name": graph.name, "nodes": nodes, "edges": edges, "here": graph.here})
}
