//! Findings as the protocol writes them, and for an editor that asks for them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use chatflow_compiler::source::{FileId, LineIndex};
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types as lsp;

use super::convert::Convert;
use super::{Backend, ask};

/// What is found of a file: by the checker, and by the tests that were run.
pub(super) fn of_file(convert: &Convert<'_>, file: FileId) -> Vec<lsp::Diagnostic> {
    let all = convert.analysis.findings(file).iter();
    let mut found: Vec<_> = all.map(|(found, severity)| convert.diagnostic(found, *severity)).collect();
    let path = convert.analysis.path_of(file);
    let text = convert.analysis.file(file).map(|file| &file.source.text);
    if let (Some(path), Some(text)) = (path, text) {
        found.extend(convert.shared.failed(&path, text));
    }
    found
}

/// What is found of the files of a project that are no flows: `chatflow.toml`, environments.
pub(super) fn beside(convert: &Convert<'_>) -> Vec<(PathBuf, Vec<lsp::Diagnostic>)> {
    let of = |file: &crate::disk::Beside| {
        let lines = LineIndex::new(&file.text);
        let position = |byte: usize| {
            let place = convert.encoding.place(&file.text, &lines, byte.min(file.text.len()) as u32);
            lsp::Position { line: place.line, character: place.column }
        };
        let found = file.findings.iter().map(|(at, message)| lsp::Diagnostic {
            range: lsp::Range { start: position(at.start), end: position(at.end) },
            severity: Some(lsp::DiagnosticSeverity::ERROR),
            source: Some("chatflow".to_owned()),
            message: message.clone(),
            ..lsp::Diagnostic::default()
        });
        (file.path.clone(), found.collect())
    };
    convert.analysis.beside.iter().map(of).collect()
}

/// A number for what is found of a file, so that an editor that has it already need not be sent it again.
fn result_id(diagnostics: &[lsp::Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:x}", hasher.finish())
}

pub(super) async fn diagnostic(
    server: &Backend,
    params: lsp::DocumentDiagnosticParams,
) -> Result<lsp::DocumentDiagnosticReportResult> {
    let before = params.previous_result_id;
    let items = server.of_file(params.text_document.uri, of_file).await?.unwrap_or_default();
    let id = result_id(&items);
    let report = if before.as_deref() == Some(id.as_str()) {
        lsp::DocumentDiagnosticReport::Unchanged(lsp::RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport { result_id: id },
        })
    } else {
        lsp::DocumentDiagnosticReport::Full(lsp::RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport { result_id: Some(id), items },
        })
    };
    Ok(lsp::DocumentDiagnosticReportResult::Report(report))
}

/// The findings of all files, for an editor that asks although they are pushed.
pub(super) async fn workspace_diagnostic(
    server: &Backend,
    params: lsp::WorkspaceDiagnosticParams,
) -> Result<lsp::WorkspaceDiagnosticReportResult> {
    let shared = server.shared.clone();
    let found = ask(move |world| {
        let before = |uri: &lsp::Url| params.previous_result_ids.iter().find(|of| of.uri == *uri);
        let mut reports = Vec::new();
        for analysis in world.analyses() {
            let convert = Convert { analysis: &analysis, encoding: world.encoding, shared: &shared };
            let files = analysis.project.files.iter();
            let flows =
                files.filter_map(|file| Some((analysis.path_of(file.id)?, of_file(&convert, file.id))));
            for (path, items) in flows.chain(beside(&convert)) {
                let Some(uri) = shared.uri(&path) else { continue };
                let id = result_id(&items);
                let version = world.documents.get(&path).map(|open| i64::from(open.version));
                reports.push(match before(&uri).filter(|of| of.value == id) {
                    Some(_) => lsp::WorkspaceDocumentDiagnosticReport::Unchanged(
                        lsp::WorkspaceUnchangedDocumentDiagnosticReport {
                            uri,
                            version,
                            unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport {
                                result_id: id,
                            },
                        },
                    ),
                    None => lsp::WorkspaceDocumentDiagnosticReport::Full(
                        lsp::WorkspaceFullDocumentDiagnosticReport {
                            uri,
                            version,
                            full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport {
                                result_id: Some(id),
                                items,
                            },
                        },
                    ),
                });
            }
        }
        reports
    });
    let items = found.await?;
    Ok(lsp::WorkspaceDiagnosticReportResult::Report(lsp::WorkspaceDiagnosticReport { items }))
}
