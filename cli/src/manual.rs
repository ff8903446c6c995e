//! `chatflow completions`, `chatflow man`, `chatflow schema`: what shells, manuals and editors know of the command.

use std::fs;
use std::io::Write;

use clap::CommandFactory;

use crate::arguments::{Arguments, CompletionsArguments, ManArguments};
use crate::config;
use crate::streams::Streams;
use crate::trouble::{Ending, Trouble};

/// Writes the completions of a shell.
///
/// # Errors
/// If they cannot be written.
pub fn completions(arguments: &CompletionsArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "chatflow", &mut script);
    streams.out.write_all(&script)?;
    Ok(Ending::Fine)
}

/// Writes a manual page for each command.
///
/// # Errors
/// If they cannot be written.
pub fn man(arguments: &ManArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let folder = &arguments.out;
    let trouble = |error: &std::io::Error| Trouble::at(folder, "write", error);
    fs::create_dir_all(folder).map_err(|error| trouble(&error))?;
    clap_mangen::generate_to(Arguments::command(), folder).map_err(|error| trouble(&error))?;
    writeln!(streams.err, "try it with: man {}", folder.join("chatflow.1").display())?;
    Ok(Ending::Fine)
}

/// Writes the JSON Schema of `chatflow.toml`.
///
/// # Errors
/// If it cannot be written.
pub fn schema(streams: &mut Streams) -> Result<Ending, Trouble> {
    let schema = serde_json::to_string_pretty(&config::schema()).unwrap_or_default();
    writeln!(streams.out, "{schema}")?;
    Ok(Ending::Fine)
}
