//! For other programs: a JSON object on a line.
//!
//! ```json
//! {"version":1,"code":"E0201","severity":"error","message":"…","file":"bot.flow",
//!  "range":{"start":{"line":3,"column":5,"offset":40},"end":{"line":3,"column":9,"offset":44}},
//!  "text":"…","labels":[{"file":"…","range":{…},"text":"…"}],"help":"…",
//!  "fixes":[{"title":"…","applicability":"safe","edits":[{"file":"…","range":{…},"text":"…"}]}]}
//! ```
//!
//! Lines and columns count from 1, columns in Unicode characters; offsets count bytes from 0. `text` and the labels'
//! texts may be empty, `help` may be null. The source's own characters stand here unmasked; those that cannot be seen are
//! written as escapes.

use chatflow_compiler::diagnostic::{Diagnostic, Fix, Label};
use chatflow_compiler::source::Span;
use serde::Serialize;

use crate::render::mask::escape_hidden;
use crate::render::shown::{Place, Shown};

/// The version of this shape; it grows when a field changes its meaning or goes.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Line<'a> {
    version: u32,
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    file: &'a str,
    range: Range,
    text: &'a str,
    labels: Vec<Spot<'a>>,
    help: Option<&'a str>,
    fixes: Vec<Mend<'a>>,
}

#[derive(Serialize)]
struct Spot<'a> {
    file: &'a str,
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Mend<'a> {
    title: &'a str,
    applicability: &'a str,
    edits: Vec<Spot<'a>>,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

/// The diagnostic as one line, which ends with a newline.
pub(crate) fn line(shown: &Shown<'_>, diagnostic: &Diagnostic) -> String {
    let Spot { file, range, text } = spot(shown, &diagnostic.primary);
    let line = Line {
        version: VERSION,
        code: diagnostic.code.as_str(),
        severity: shown.severity(diagnostic).word(),
        message: &diagnostic.message,
        file,
        range,
        text,
        labels: diagnostic.labels.iter().map(|label| spot(shown, label)).collect(),
        help: diagnostic.help.as_deref(),
        fixes: diagnostic.fixes.iter().map(|fix| mend(shown, fix)).collect(),
    };
    // Texts and numbers always become JSON.
    escape_hidden(&serde_json::to_string(&line).unwrap_or_default()) + "\n"
}

fn spot<'a>(shown: &Shown<'a>, label: &'a Label) -> Spot<'a> {
    at(shown, label.span, &label.text)
}

fn mend<'a>(shown: &Shown<'a>, fix: &'a Fix) -> Mend<'a> {
    Mend {
        title: &fix.title,
        applicability: fix.applicability.word(),
        edits: fix.edits.iter().map(|edit| at(shown, edit.span, &edit.text)).collect(),
    }
}

fn at<'a>(shown: &Shown<'a>, span: Span, text: &'a str) -> Spot<'a> {
    let (start, end) = shown.places(span);
    let file = shown.file(span.file).map_or("", |file| &file.source.path);
    Spot { file, range: Range { start, end }, text }
}
