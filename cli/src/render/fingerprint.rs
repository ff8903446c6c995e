//! What a finding is known by from one run to the next: platforms show it as new, old or mended by that.
//!
//! It is made of the file, the code, the item the finding stands in and the words of its lines, and stays the same when
//! lines come or go above, blanks change, or items change places. Findings that are alike in all of that are counted.

use std::collections::HashMap;

use chatflow_compiler::diagnostic::Diagnostic;
use chatflow_compiler::source::{FileId, Span};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::render::Shown;

/// So many lines of a finding are looked at; one that is longer is known by how it begins.
const LINES: u32 = 16;

/// The fingerprints of findings, in their order: 32 hexadecimal digits, each another.
pub(crate) fn fingerprints<'d>(
    shown: &Shown<'_>,
    found: impl IntoIterator<Item = &'d Diagnostic>,
) -> Vec<String> {
    let mut lines = HashMap::new();
    let mut seen: HashMap<String, u32> = HashMap::new();
    let fingerprint = |found: &Diagnostic| {
        let key = key(shown, found, &mut lines);
        let ordinal = seen.entry(key.clone()).or_default();
        *ordinal += 1;
        format!("{:032x}", xxh3_128(format!("{key}\0{ordinal}").as_bytes()))
    };
    found.into_iter().map(fingerprint).collect()
}

fn key(shown: &Shown<'_>, found: &Diagnostic, lines: &mut HashMap<(FileId, u32), u64>) -> String {
    let span = found.primary.span;
    let Some(file) = shown.file(span.file) else { return found.code.as_str().to_owned() };
    let first = file.lines.line(span.start);
    let last = file.lines.line(span.end.max(span.start + 1) - 1).min(first.saturating_add(LINES));
    let mut key = format!("{}\0{}\0{}", file.source.path, found.code.as_str(), file.item_name(span.start));
    for line in first..=last.max(first) {
        let words = lines.entry((span.file, line)).or_insert_with(|| line_hash(shown, span.file, line));
        key.push_str(&format!("\0{words:x}"));
    }
    key
}

/// A line as its words; how far they are apart says nothing.
fn line_hash(shown: &Shown<'_>, id: FileId, line: u32) -> u64 {
    let Some(file) = shown.file(id) else { return 0 };
    let start = file.lines.line_start(line);
    let end = if line + 1 < file.lines.lines() { file.lines.line_start(line + 1) } else { u32::MAX };
    let end = end.min(file.source.text.len() as u32);
    let words: Vec<&str> = file.text(Span { file: id, start, end }).split_whitespace().collect();
    xxh3_64(words.join(" ").as_bytes())
}
