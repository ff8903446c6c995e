//! `chatflow inspect`: what is in a compiled flow.

mod listing;
pub(crate) mod names;
mod outline;
mod tables;

use std::io::{self, Write};
use std::path::Path;

use chatflow_compiler::CheckedFlow;
use chatflow_runtime::{Image, LoadError, Program, encode};

use crate::arguments::InspectArguments;
use crate::build::{PROGRAM, no_flow};
use crate::check;
use crate::inspect::listing::Source;
use crate::load::{Loaded, load, read};
use crate::render::{Format, counted, mask_line};
use crate::run::verified;
use crate::streams::Streams;
use crate::style::{BOLD, DIM};
use crate::trouble::{Ending, Trouble};

/// Shows a program: header, tables, then its instructions beside the source they come from, where that is at hand.
///
/// # Errors
/// If the file cannot be read or is no program.
pub fn run(arguments: &InspectArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let path = &arguments.path;
    let compiled = path.extension().is_some_and(|ending| ending == PROGRAM);
    if compiled {
        let bytes = read(path)?;
        let trouble = |error: LoadError| Trouble::new(format!("`{}`: {error}", path.display()));
        let program = Program::load(&bytes).map_err(trouble)?;
        let source = source_beside(path, &program);
        let source = source.as_ref().map(|(loaded, flow)| Source { loaded, flow });
        write(&mut streams.out, &program, &bytes, source)?;
        return Ok(Ending::Fine);
    }
    let mut loaded = load(path)?;
    let checked = check::report(&mut loaded, Format::Human, streams)?;
    if check::has_errors(&checked) {
        return Ok(Ending::Findings);
    }
    let mut any = false;
    for flow in checked.flows.iter().filter(|flow| loaded.is_asked_for(flow.file)) {
        let Some(image) = &flow.image else { continue };
        let program = verified(image.clone())?;
        if any {
            writeln!(streams.out)?;
        }
        any = true;
        write(&mut streams.out, &program, &encode(image), Some(Source { loaded: &loaded, flow }))?;
    }
    match any {
        true => Ok(Ending::Fine),
        false => Err(no_flow(path)),
    }
}

/// The source that a program was made of, if it stands beside it and has not changed since.
fn source_beside(path: &Path, program: &Program) -> Option<(Loaded, CheckedFlow)> {
    let image = program.image();
    let written = image.strings.get(image.debug.as_ref()?.file);
    let beside = path.with_file_name(written.rsplit('/').next()?);
    let loaded = load(&beside).ok()?;
    let checked = chatflow_compiler::check(&loaded.project);
    let same = |image: &Image| {
        Program::from_image(image.clone()).is_ok_and(|made| made.content_hash() == program.content_hash())
    };
    let flow = checked.flows.into_iter().find(|flow| flow.image.as_ref().is_some_and(same))?;
    Some((loaded, flow))
}

fn write(to: &mut dyn Write, program: &Program, bytes: &[u8], source: Option<Source<'_>>) -> io::Result<()> {
    header(to, program, bytes)?;
    sections(to, bytes)?;
    tables::write(to, program)?;
    listing::write(to, program, source)
}

fn header(to: &mut dyn Write, program: &Program, bytes: &[u8]) -> io::Result<()> {
    let image = program.image();
    let string = |at| mask_line(image.strings.get(at));
    writeln!(to, "{BOLD}flow {} \"{}\"{BOLD:#}", mask_line(program.name()), mask_line(program.title()))?;
    let format = (bytes.get(4).copied().unwrap_or(0), bytes.get(5).copied().unwrap_or(0));
    field(to, "format", &format!("{}.{}", format.0, format.1))?;
    field(to, "content hash", &format!("{:016x}", program.content_hash()))?;
    field(to, "size", &size(image, bytes))?;
    let languages: Vec<_> = image.flow.languages.iter().map(|tag| string(*tag)).collect();
    field(to, "languages", &languages.join(", "))?;
    field(to, "channels", &tables::channels(image).join(", "))?;
    field(to, "priority", &image.flow.priority.to_string())?;
    if let Some(inbox) = image.own_inbox() {
        field(to, "inbox", &format!("{}{}", string(inbox.name), tables::hours(image, inbox)))?;
    }
    for inbox in image.flow.inboxes.iter().filter(|inbox| image.own_inbox() != Some(inbox)) {
        field(to, "other inbox", &format!("{}{}", string(inbox.name), tables::hours(image, inbox)))?;
    }
    if !image.flow.was.is_empty() {
        let was: Vec<_> = image.flow.was.iter().map(|name| string(*name)).collect();
        field(to, "was", &was.join(", "))?;
    }
    if let Some(step) = image.flow.outdated {
        field(to, "outdated", &names::step(image, step))?;
    }
    field(to, "stack", &counted(image.flow.max_stack as usize, "cell"))?;
    field(to, "longest run", &counted(image.flow.longest_run as usize, "instruction"))?;
    let debug = image.debug.as_ref().map(|debug| string(debug.file).into_owned());
    field(to, "source", &debug.unwrap_or_else(|| "stripped".to_owned()))
}

fn field(to: &mut dyn Write, name: &str, value: &str) -> io::Result<()> {
    writeln!(to, "  {DIM}{name:<13}{DIM:#} {value}")
}

/// `2,104 bytes: 1,300 of text, 23 statements of 35 bytes`: what a statement costs beside its text.
fn size(image: &Image, bytes: &[u8]) -> String {
    let text = image.strings.text.len();
    let all = counted(bytes.len(), "byte");
    match image.debug.as_ref().map_or(0, |debug| debug.lines.len()) {
        0 => format!("{all}, {text} of them text"),
        statements => {
            let each = bytes.len().saturating_sub(text) / statements;
            format!(
                "{all}, {text} of them text; {}, {each} bytes each beside the text",
                counted(statements, "statement")
            )
        }
    }
}

/// How large each section is.
fn sections(to: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    writeln!(to, "\n{BOLD}sections{BOLD:#}")?;
    for (name, length) in outline::sections(bytes) {
        writeln!(to, "  {name:<13} {length:>6}")?;
    }
    Ok(())
}
