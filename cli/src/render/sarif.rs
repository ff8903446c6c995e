//! For platforms: SARIF 2.1.0, the standard form of what checkers find
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).
//!
//! One run; a rule for each code that was found, with its page as help; a result for each finding, with its labels as
//! related places, its fixes, and a fingerprint that stays when lines move. What a comment allows is a result that
//! is suppressed. Paths start from the repository; columns are Unicode characters.

use std::collections::BTreeSet;
use std::fmt::Write;

use chatflow_compiler::Code;
use chatflow_compiler::allow::Allowed;
use chatflow_compiler::diagnostic::{Diagnostic, Edit, Fix, Label, Severity};
use chatflow_compiler::source::{FileId, Span};
use serde_json::{Value, json};

use crate::render::Shown;
use crate::render::fingerprint::fingerprints;
use crate::render::mask::{escape_hidden, mask, mask_line};

/// What paths start from.
const ROOT: &str = "%SRCROOT%";

/// What a fingerprint is made of, with the version of the way it is made.
const FINGERPRINT: &str = "itemAndLines/v1";

/// The log of a run.
pub(crate) fn log(shown: &Shown<'_>, found: &[Diagnostic], allowed: &[Allowed]) -> String {
    let all = || found.iter().chain(allowed.iter().map(|allowed| &allowed.finding));
    let codes: BTreeSet<Code> = all().map(|found| found.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let reasons = found.iter().map(|_| None).chain(allowed.iter().map(|allowed| Some(&*allowed.reason)));
    let results: Vec<Value> = all()
        .zip(reasons)
        .zip(fingerprints(shown, all()))
        .map(|((found, reason), fingerprint)| result(shown, found, &codes, reason, &fingerprint))
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "chatflow",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<Value>>(),
            }},
            "invocations": [{"executionSuccessful": true}],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
            "results": results,
        }],
    });
    // Texts and numbers always become JSON.
    escape_hidden(&serde_json::to_string_pretty(&log).unwrap_or_default()) + "\n"
}

fn rule(code: Code) -> Value {
    let mut rule = json!({
        "id": code.as_str(),
        "name": format!("{code:?}"),
        "shortDescription": {"text": code.title()},
        "fullDescription": {"text": what(code.page())},
        "help": {"text": code.page(), "markdown": code.page()},
        "defaultConfiguration": {"level": level(code.severity())},
    });
    if let (Some(uri), Some(rule)) = (page_uri(env!("CARGO_PKG_HOMEPAGE"), code), rule.as_object_mut()) {
        rule.insert("helpUri".to_owned(), json!(uri));
    }
    rule
}

/// What a page says before its samples, on one line.
fn what(page: &str) -> String {
    let body = page.split_once("\n\n").map_or(page, |(_, body)| body);
    let words = body.split("\n## ").next().unwrap_or_default().split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

/// Where the page of a code is published, if the book is.
fn page_uri(home: &str, code: Code) -> Option<String> {
    let home = home.trim_end_matches('/');
    (!home.is_empty()).then(|| format!("{home}/diagnostics/{}.html", code.as_str()))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn result(
    shown: &Shown<'_>,
    found: &Diagnostic,
    codes: &[Code],
    reason: Option<&str>,
    fingerprint: &str,
) -> Value {
    let message = match &found.help {
        Some(help) => format!("{}\n{}", mask_line(&found.message), mask(help)),
        None => mask_line(&found.message).into_owned(),
    };
    let related: Vec<Value> =
        found.labels.iter().enumerate().map(|(nth, label)| location(shown, label, Some(nth + 1))).collect();
    let suppressions: Vec<Value> =
        reason.iter().map(|reason| json!({"kind": "inSource", "justification": mask_line(reason)})).collect();
    json!({
        "ruleId": found.code.as_str(),
        "ruleIndex": codes.iter().position(|code| *code == found.code),
        "level": level(shown.severity(found)),
        "message": {"text": message},
        "locations": [location(shown, &found.primary, None)],
        "relatedLocations": related,
        "fixes": found.fixes.iter().map(|one| fix(shown, one)).collect::<Vec<Value>>(),
        "suppressions": suppressions,
        "partialFingerprints": {FINGERPRINT: fingerprint},
    })
}

fn location(shown: &Shown<'_>, label: &Label, id: Option<usize>) -> Value {
    let mut location = json!({"physicalLocation": {
        "artifactLocation": artifact(shown, label.span.file),
        "region": region(shown, label.span),
    }});
    if let Some(fields) = location.as_object_mut() {
        if let Some(id) = id {
            fields.insert("id".to_owned(), json!(id));
        }
        if !label.text.is_empty() {
            fields.insert("message".to_owned(), json!({"text": mask_line(&label.text)}));
        }
    }
    location
}

fn artifact(shown: &Shown<'_>, file: FileId) -> Value {
    let path = shown.file(file).map_or("", |file| &file.source.path);
    json!({"uri": uri(path), "uriBaseId": ROOT})
}

fn region(shown: &Shown<'_>, span: Span) -> Value {
    let (start, end) = shown.places(span);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn fix(shown: &Shown<'_>, fix: &Fix) -> Value {
    let files: BTreeSet<FileId> = fix.edits.iter().map(|edit| edit.span.file).collect();
    let change = |file: FileId| {
        let edits = fix.edits.iter().filter(|edit| edit.span.file == file);
        json!({
            "artifactLocation": artifact(shown, file),
            "replacements": edits.map(|edit| replacement(shown, edit)).collect::<Vec<Value>>(),
        })
    };
    json!({
        "description": {"text": mask_line(&fix.title)},
        "artifactChanges": files.into_iter().map(change).collect::<Vec<Value>>(),
    })
}

fn replacement(shown: &Shown<'_>, edit: &Edit) -> Value {
    json!({"deletedRegion": region(shown, edit.span), "insertedContent": {"text": edit.text}})
}

/// A relative path as a URI reference: what cannot stand in one is written as percent codes (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uri_references() {
        assert_eq!(uri("bots/héllo wörld:1%.flow"), "bots/h%C3%A9llo%20w%C3%B6rld%3A1%25.flow");
    }

    #[test]
    fn a_page_has_an_address_once_the_book_has_one() {
        assert_eq!(page_uri("", Code::UnknownStep), None);
        let page = page_uri("https://chatflow.example/", Code::UnknownStep);
        assert_eq!(page.as_deref(), Some("https://chatflow.example/diagnostics/E0201.html"));
    }
}
