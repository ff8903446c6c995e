//! `chatflow fmt`: gives flows the canonical layout.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use chatflow_compiler::format::format;
use chatflow_compiler::source::{FileId, Source};
use chatflow_compiler::{File, Severity};

use crate::arguments::FmtArguments;
use crate::load;
use crate::patch;
use crate::render::{counted, mask_line};
use crate::streams::Streams;
use crate::trouble::{Ending, Trouble};

/// Stands for standard input and output.
const STANDARD: &str = "-";

/// Gives files the canonical layout, or says which do not have it.
///
/// # Errors
/// If a file cannot be read or written.
pub fn run(arguments: &FmtArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    if arguments.paths.iter().any(|path| path == Path::new(STANDARD)) {
        return standard(arguments, streams);
    }
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in &arguments.paths {
        paths.extend(load::flows_of(path)?);
    }
    paths.sort();
    paths.dedup();
    let mut changed = 0;
    for path in &paths {
        let shown = load::slashes(&load::shown(path));
        let file = file(&shown, load::read(path)?);
        let text = format(&file);
        left_out(&file, streams)?;
        if *file.source.text == *text {
            continue;
        }
        changed += 1;
        if arguments.diff {
            patch::write(&shown, &file.source.text, &text, streams)?;
        } else if arguments.check {
            writeln!(streams.out, "{}", mask_line(&shown))?;
        } else {
            fs::write(path, text).map_err(|error| Trouble::at(Path::new(&shown), "write", &error))?;
        }
    }
    streams.out.flush()?;
    let only_looks = arguments.check || arguments.diff;
    let done = if only_looks { "would format" } else { "formatted" };
    match changed {
        0 => writeln!(streams.err, "{}, nothing to format", counted(paths.len(), "file"))?,
        _ => writeln!(streams.err, "{done} {changed} of {}", counted(paths.len(), "file"))?,
    }
    Ok(Ending::of(only_looks && changed > 0))
}

/// Formats what comes on standard input.
fn standard(arguments: &FmtArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    if arguments.paths.len() > 1 {
        return Err(Trouble::new(format!(
            "`{STANDARD}` stands alone: what comes on standard input is one file"
        ))
        .help("Name files and folders in a command of their own."));
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| Trouble::at(Path::new(STANDARD), "read", &error))?;
    let file = file("standard input", bytes);
    if file.source.invalid_utf8.is_some() {
        return Err(Trouble::new("what came on standard input is not UTF-8"));
    }
    let text = format(&file);
    let changed = *file.source.text != *text;
    left_out(&file, streams)?;
    if arguments.diff {
        patch::write(&file.source.path, &file.source.text, &text, streams)?;
    } else if !arguments.check {
        streams.out.write_all(text.as_bytes())?;
    }
    streams.out.flush()?;
    Ok(Ending::of(changed && (arguments.check || arguments.diff)))
}

fn file(path: &str, bytes: Vec<u8>) -> File {
    File::read(FileId(0), Source::from_bytes(path, bytes))
}

/// Says what of a file stays as it is.
fn left_out(file: &File, streams: &mut Streams) -> Result<(), Trouble> {
    let path = mask_line(&file.source.path).into_owned();
    if file.source.invalid_utf8.is_some() {
        writeln!(streams.err, "`{path}` is left as it is: it is not UTF-8")?;
        return Ok(());
    }
    let mut errors = file.diagnostics.iter().filter(|found| found.severity() == Severity::Error);
    if let Some(first) = errors.next() {
        let line = file.lines.line(first.primary.span.start) + 1;
        let reason = "what cannot be read is left as it is; `chatflow check` says what is wrong";
        writeln!(streams.err, "{path}:{line}: {reason}")?;
    }
    Ok(())
}
