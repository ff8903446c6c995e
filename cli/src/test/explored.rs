//! `chatflow test --explore N`: random talks with the flows of a project.

use std::io::{self, Write};

use chatflow_compiler::Checked;

use super::TestFormat;
use crate::arguments::TestArguments;
use crate::load::Loaded;
use crate::quote::quoted;
use crate::render::{counted, mask_line};
use crate::run::verified;
use crate::streams::Streams;
use crate::style::{BAD, BOLD};
use crate::testing::{Found, explore};
use crate::trouble::Trouble;

/// Talks with every flow that was asked for; whether a talk went wrong.
///
/// # Errors
/// If the output cannot be written.
pub(super) fn run(
    arguments: &TestArguments,
    talks: u32,
    loaded: &Loaded,
    checked: &Checked,
    streams: &mut Streams,
) -> Result<bool, Trouble> {
    let mut flows = 0;
    let mut wrong = 0;
    for flow in checked.flows.iter().filter(|flow| loaded.is_asked_for(flow.file)) {
        let Some(image) = flow.image.clone() else { continue };
        flows += 1;
        if let Some(found) = explore(&verified(image)?, talks, arguments.seed) {
            wrong += 1;
            match arguments.message_format {
                TestFormat::Json => json(&mut streams.out, &found)?,
                TestFormat::Human => human(&mut streams.out, &found)?,
                // The report is a document that has ended.
                TestFormat::Junit => human(&mut streams.err, &found)?,
            }
        }
    }
    if arguments.message_format == TestFormat::Json {
        let summary = serde_json::json!({
            "version": super::json::VERSION, "type": "exploration", "talks": talks, "flows": flows, "wrong": wrong,
        });
        writeln!(streams.out, "{summary}")?;
    }
    streams.out.flush()?;
    if flows == 0 {
        return Ok(false);
    }
    let (talks, flows) = (counted(talks as usize, "random talk"), counted(flows, "flow"));
    let end = match wrong {
        0 => "nothing goes wrong".to_owned(),
        1 => "1 flow goes wrong".to_owned(),
        more => format!("{more} flows go wrong"),
    };
    writeln!(streams.err, "{talks} with {flows}: {end}")?;
    Ok(wrong > 0)
}

/// The talk as a test that can be pasted into the flow.
fn human(to: &mut dyn Write, found: &Found) -> io::Result<()> {
    writeln!(to, "{BAD}FAIL{BAD:#}  {BOLD}{}: {}{BOLD:#}", mask_line(&found.flow), found.what)?;
    writeln!(to, "\ntest {} {{", quoted(&name(found)))?;
    for line in &found.lines {
        writeln!(to, "  {}", mask_line(line))?;
    }
    writeln!(to, "}}\n")
}

fn json(to: &mut dyn Write, found: &Found) -> io::Result<()> {
    let object = serde_json::json!({
        "version": super::json::VERSION, "type": "explored", "flow": found.flow, "seed": found.seed,
        "message": found.what, "name": name(found), "lines": found.lines,
    });
    writeln!(to, "{object}")
}

fn name(found: &Found) -> String {
    format!("found with seed {}", found.seed)
}
