//! For GitLab: a Code Quality report, which a merge request shows.
//!
//! An array of objects with `description`, `check_name`, `fingerprint`, `severity` and `location`; paths start from the
//! repository.

use chatflow_compiler::diagnostic::{Diagnostic, Severity};
use serde_json::{Value, json};

use crate::render::Shown;
use crate::render::fingerprint::fingerprints;
use crate::render::mask::{escape_hidden, mask_line};

/// The report of all findings.
pub(crate) fn report(shown: &Shown<'_>, found: &[Diagnostic]) -> String {
    let fingerprints = fingerprints(shown, found);
    let issues = found.iter().zip(fingerprints).map(|(found, fingerprint)| issue(shown, found, &fingerprint));
    // Texts and numbers always become JSON.
    let text = serde_json::to_string_pretty(&issues.collect::<Vec<Value>>()).unwrap_or_default();
    escape_hidden(&text) + "\n"
}

fn issue(shown: &Shown<'_>, found: &Diagnostic, fingerprint: &str) -> Value {
    let (start, end) = shown.places(found.primary.span);
    let severity = match shown.severity(found) {
        Severity::Error => "major",
        Severity::Warning => "minor",
    };
    json!({
        "description": mask_line(&found.message),
        "check_name": found.code.as_str(),
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {
            "path": shown.file(found.primary.span.file).map_or("", |file| &file.source.path),
            "lines": {"begin": start.line, "end": end.line},
        },
    })
}
