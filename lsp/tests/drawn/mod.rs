//! Sources with the cursor drawn in them, and what comes of a question, drawn the same way.
//!
//! `-- NAME` begins a file. `|` is the cursor; two of them are a selection.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

use std::path::PathBuf;
use std::sync::Arc;

use chatflow_compiler::diagnostic::Edit;
use chatflow_compiler::source::{FileId, Source, Span};
use chatflow_lsp::completion::{Completion, plain};
use chatflow_lsp::{Analysis, Loaded};

/// A project with a cursor in it.
pub struct Drawn {
    pub analysis: Analysis,
    pub file: FileId,
    pub at: Span,
}

/// The workspace that samples use.
pub const ACME: &str = include_str!("../../../examples/qualify_leads/acme.flow");

/// The project that a drawing shows; a text without a file's name is `a.flow`, beside the workspace `acme`.
pub fn drawn(text: &str) -> Drawn {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.trim_start_matches('\n').split_inclusive('\n') {
        match line.strip_prefix("-- ") {
            Some(name) => files.push((name.trim().to_owned(), String::new())),
            None if files.is_empty() => files.push(("a.flow".to_owned(), line.to_owned())),
            None => files.last_mut().unwrap().1.push_str(line),
        }
    }
    if !files.iter().any(|(name, _)| name == "acme.flow") {
        files.push(("acme.flow".to_owned(), ACME.to_owned()));
    }
    files.sort();
    let mut cursor = None;
    let sources = files.into_iter().enumerate().map(|(nth, (name, text))| {
        if name != "acme.flow" && text.contains('|') || text.matches('|').count() < 3 && text.contains('|') {
            let start = text.find('|').unwrap();
            let rest = text[start + 1..].find('|').map_or(start, |at| start + at);
            cursor = Some(Span { file: FileId(nth as u32), start: start as u32, end: rest as u32 });
            return Source::new(name, text.replace('|', ""));
        }
        Source::new(name, text)
    });
    let sources: Vec<Source> = sources.collect();
    let levels = Arc::new(|found: &chatflow_compiler::Diagnostic| Some(found.severity()));
    let loaded = Loaded {
        root: PathBuf::from("/p"),
        files: Vec::new(),
        whole: true,
        deployed: false,
        config: String::new(),
        levels,
    };
    let at = cursor.unwrap_or(Span { file: FileId(0), start: 0, end: 0 });
    Drawn { analysis: Analysis::new(&loaded, sources, None), file: at.file, at }
}

impl Drawn {
    pub fn offset(&self) -> u32 {
        self.at.start
    }

    /// A place: its file, its line from 1, and the line with the place in `⟦ ⟧`.
    pub fn place(&self, span: Span) -> String {
        let file = self.analysis.file(span.file).unwrap();
        let line = file.lines.line(span.start);
        let start = file.lines.line_start(line) as usize;
        let text = &file.source.text;
        let first_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let (from, to) = (span.start as usize, (span.end as usize).min(first_end));
        let marked = format!("{}⟦{}⟧{}", &text[start..from], &text[from..to], &text[to..first_end]);
        format!("{}:{}: {}", file.source.path, line + 1, marked.trim())
    }

    pub fn places(&self, spans: impl IntoIterator<Item = Span>) -> String {
        spans.into_iter().map(|span| self.place(span) + "\n").collect()
    }

    /// The files that edits change, as they are then.
    pub fn edited(&self, edits: &[Edit]) -> String {
        let mut out = String::new();
        for file in &self.analysis.project.files {
            let mut edits: Vec<&Edit> = edits.iter().filter(|edit| edit.span.file == file.id).collect();
            edits.sort_by_key(|edit| edit.span.start);
            if edits.is_empty() {
                continue;
            }
            let mut text = file.source.text.to_string();
            for edit in edits.iter().rev() {
                text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            }
            out.push_str(&format!("-- {}\n{text}", file.source.path));
        }
        out
    }

    /// The source after a completion, as an editor without snippets has it.
    pub fn completed(&self, one: &Completion) -> String {
        let mut edits = one.more.clone();
        edits.push(Edit { span: one.replace, text: plain(&one.insert) });
        self.edited(&edits)
    }
}

/// The labels of what is offered, the first ones first, on one line.
pub fn labels(found: &[Completion]) -> String {
    let mut sorted: Vec<&Completion> = found.iter().collect();
    sorted.sort_by_key(|one| (one.rank, one.label.clone()));
    sorted.iter().map(|one| one.label.as_str()).collect::<Vec<_>>().join(" | ")
}
