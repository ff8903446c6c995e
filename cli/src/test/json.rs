//! The report of tests for other programs: a JSON object on a line.
//!
//! ```json
//! {"version":1,"type":"test","flow":"leads","name":"silence","file":"leads.flow","line":97,"passed":false,
//!  "failure":{"message":"the bot says something else","line":101,"source":"bot \"Hi\"",
//!             "transcript":[{"who":"bot","text":"Hi there!"},{"who":"visitor","text":"1"},{"who":"host","text":"…"}],
//!             "changes":[{"change":"missing","text":"Hi"},{"change":"extra","text":"Hello","replies":["Yes"]}],
//!             "known":["contact.stage is lead"]}}
//! {"version":1,"type":"coverage","flow":"leads","file":"leads.flow","steps":{"hit":4,"all":5},"branches":{"hit":4,"all":10},
//!  "missed":[{"file":"leads.flow","line":43,"what":"step support"}]}
//! {"version":1,"type":"summary","passed":4,"failed":1}
//! {"version":1,"type":"explored","flow":"leads","seed":7,"message":"no answer leads on from here",
//!  "name":"found with seed 7","lines":["visitor \"hello\""]}
//! ```
//!
//! `failure` is there where a test failed, `replies` where they matter. `explored` comes for each flow with which a random
//! talk went wrong. Lines count from 1; that of a part of `anytime` is null.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{line, path, source_line};
use crate::load::Loaded;
use crate::testing::{Bubble, Change, Entry, Failure, FlowCoverage, Report, Spot, hits};

/// The version of this shape; it grows when a field changes its meaning or goes.
pub(super) const VERSION: u32 = 1;

pub(super) fn write(to: &mut dyn Write, loaded: &Loaded, report: &Report) -> io::Result<()> {
    for test in &report.tests {
        let mut object = json!({
            "version": VERSION, "type": "test", "flow": test.flow, "name": test.name,
            "file": path(loaded, test.span.file), "line": line(loaded, test.span), "passed": test.failure.is_none(),
        });
        if let (Some(failure), Some(fields)) = (&test.failure, object.as_object_mut()) {
            fields.insert("failure".to_owned(), failed(loaded, failure));
        }
        writeln!(to, "{object}")?;
    }
    for flow in &report.coverage {
        writeln!(to, "{}", coverage(loaded, flow))?;
    }
    let (passed, failed) = (report.passed(), report.failed());
    writeln!(to, "{}", json!({"version": VERSION, "type": "summary", "passed": passed, "failed": failed}))
}

fn failed(loaded: &Loaded, failure: &Failure) -> Value {
    let entry = |entry: &Entry| match entry {
        Entry::Visitor(text) => json!({"who": "visitor", "text": text}),
        Entry::Bot(bubble) => spoken(("who", "bot"), bubble),
        Entry::Aside(text) => json!({"who": "host", "text": text}),
    };
    let change = |change: &Change| match change {
        Change::Same(bubble) => spoken(("change", "same"), bubble),
        Change::Missing(bubble) => spoken(("change", "missing"), bubble),
        Change::Extra(bubble) => spoken(("change", "extra"), bubble),
    };
    json!({
        "message": failure.what,
        "line": line(loaded, failure.line),
        "source": source_line(loaded, failure.line),
        "transcript": failure.transcript.iter().map(entry).collect::<Vec<_>>(),
        "changes": failure.changes.iter().map(change).collect::<Vec<_>>(),
        "known": failure.known,
    })
}

fn spoken((key, word): (&str, &str), bubble: &Bubble) -> Value {
    match bubble.replies.as_ref().filter(|replies| !replies.is_empty()) {
        Some(replies) => json!({key: word, "text": bubble.text, "replies": replies}),
        None => json!({key: word, "text": bubble.text}),
    }
}

fn coverage(loaded: &Loaded, flow: &FlowCoverage) -> Value {
    let count = |spots: &[Spot]| json!({"hit": hits(spots), "all": spots.len()});
    let missed = flow.steps.iter().chain(&flow.branches).filter(|spot| !spot.hit && !spot.in_missed_step);
    let missed: Vec<Value> = missed
        .map(|spot| json!({"file": path(loaded, spot.file), "line": spot.line, "what": spot.what}))
        .collect();
    json!({
        "version": VERSION, "type": "coverage", "flow": flow.flow, "file": path(loaded, flow.file),
        "steps": count(&flow.steps), "branches": count(&flow.branches), "missed": missed,
    })
}
