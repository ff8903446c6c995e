//! Unified diffs, as `check --diff` and `fmt --diff` show them.

use std::io::{self, Write};

use anstyle::Style;
use similar::TextDiff;

use crate::render::mask;
use crate::streams::Streams;
use crate::style::{BAD, DIM, GOOD};

/// Writes the patch that makes one text of a file the other; nothing where they are the same.
///
/// # Errors
/// If it cannot be written.
pub fn write(path: &str, old: &str, new: &str, streams: &mut Streams) -> io::Result<()> {
    let patch = TextDiff::from_lines(old, new).unified_diff().header(path, path).to_string();
    // A terminal is shown no control characters; a patch has to have them.
    let for_people = streams.out_width.is_some() || streams.out_colour;
    let patch = if for_people { mask(&patch).into_owned() } else { patch };
    for line in patch.split_inclusive('\n') {
        let style = match line.as_bytes().first() {
            Some(b'-') => BAD,
            Some(b'+') => GOOD,
            Some(b'@') => DIM,
            _ => Style::new(),
        };
        let (text, end) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
        write!(streams.out, "{style}{text}{style:#}{end}")?;
    }
    Ok(())
}
