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
//! texts may be empty, `help` may be null. The source's own characters stand here unmasked, escaped as JSON does.

use chatflow_compiler::Project;
use chatflow_compiler::diagnostic::{Diagnostic, Fix, Label};
use chatflow_compiler::source::Span;
use serde::Serialize;

use crate::render::shown::Shown;

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

#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
    offset: u32,
}

/// The diagnostic as one line, which ends with a newline.
pub(crate) fn line(shown: &Shown<'_>, diagnostic: &Diagnostic) -> String {
    let project = shown.project();
    let Spot { file, range, text } = spot(project, &diagnostic.primary);
    let line = Line {
        version: VERSION,
        code: diagnostic.code.as_str(),
        severity: shown.severity(diagnostic).word(),
        message: &diagnostic.message,
        file,
        range,
        text,
        labels: diagnostic.labels.iter().map(|label| spot(project, label)).collect(),
        help: diagnostic.help.as_deref(),
        fixes: diagnostic.fixes.iter().map(|fix| mend(project, fix)).collect(),
    };
    // Texts and numbers always become JSON.
    let mut text = serde_json::to_string(&line).unwrap_or_default();
    text.push('\n');
    text
}

fn spot<'a>(project: &'a Project, label: &'a Label) -> Spot<'a> {
    at(project, label.span, &label.text)
}

fn mend<'a>(project: &'a Project, fix: &'a Fix) -> Mend<'a> {
    Mend {
        title: &fix.title,
        applicability: fix.applicability.word(),
        edits: fix.edits.iter().map(|edit| at(project, edit.span, &edit.text)).collect(),
    }
}

fn at<'a>(project: &'a Project, span: Span, text: &'a str) -> Spot<'a> {
    let file = project.files.get(span.file.0 as usize);
    let place = |offset: u32| match file {
        Some(file) => {
            let position = file.lines.position(&file.source.text, offset);
            Place { line: position.line + 1, column: position.column + 1, offset }
        }
        None => Place { line: 1, column: 1, offset },
    };
    Spot {
        file: file.map_or("", |file| &file.source.path),
        range: Range { start: place(span.start), end: place(span.end) },
        text,
    }
}
