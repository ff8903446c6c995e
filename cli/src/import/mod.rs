//! `chatflow import`: a workspace file from what a CRM exports.
//!
//! `files -> exports -> declarations -> text`. What the language cannot say becomes a comment, and the report counts it:
//! nothing is dropped in silence. The same files give the same text.

mod existing;
mod hubspot;
mod ids;
mod meetings;
mod owners;
mod properties;
mod report;
mod rules;
mod write;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use crate::arguments::{ImportArguments, ImportCommand};
use crate::load;
use crate::names;
use crate::quote::newline;
use crate::streams::Streams;
use crate::trouble::{Ending, Trouble};

use ids::Ids;

pub use hubspot::Object;
pub use report::Tally;
pub use write::{Choice, Declared, Meeting, Property, Shape, Team, User};

/// A file as it was given.
#[derive(Debug)]
pub struct Export {
    /// How people know it.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// Imports what the arguments name, and writes the workspace file.
///
/// # Errors
/// If a file cannot be read or is no such export, or the output cannot be written.
pub fn run(command: &ImportCommand, streams: &mut Streams) -> Result<Ending, Trouble> {
    let arguments = command.common();
    let exports = arguments.files.iter().map(|path| export(path)).collect::<Result<Vec<_>, _>>()?;
    let ids = ids(arguments)?;
    let mut tally = Tally::default();
    let mut declared = match command {
        ImportCommand::HubspotProperties(arguments) => {
            properties::read(&exports, arguments.object, &ids, &mut tally)?
        }
        ImportCommand::HubspotOwners(_) => owners::read(&exports, &ids, &mut tally)?,
        ImportCommand::HubspotMeetings(_) => meetings::read(&exports, &ids, &mut tally)?,
    };
    declared.without_ids = ids.is_kept();
    let entries = ids::entries(&declared);
    if declared.is_empty() && tally.nothing_fits() {
        // Why, in the words of each entry.
        tally.write(&mut streams.err)?;
        let files: Vec<String> = exports.iter().map(|export| format!("`{}`", export.path)).collect();
        return Err(Trouble::new(format!("nothing in {} is what this imports", files.join(", ")))
            .help("Properties, owners and meetings have a command each: `chatflow import --help`."));
    }
    match &arguments.append {
        Some(path) => append(path, &mut declared, &mut tally)?,
        None => create(arguments, &declared, streams)?,
    }
    streams.out.flush()?;
    let added = ids.add(&entries)?;
    tally.write(&mut streams.err)?;
    if let Some(added) = added {
        writeln!(streams.err, "{added}")?;
    }
    Ok(Ending::Fine)
}

/// The ids of the environment that the arguments name.
fn ids(arguments: &ImportArguments) -> Result<Ids, Trouble> {
    let workspace = arguments.append.as_ref().or(arguments.output.as_ref());
    match (&arguments.environment, workspace) {
        (None, _) => Ok(Ids::default()),
        (Some(environment), Some(workspace)) => Ids::read(environment, workspace),
        (Some(_), None) => {
            Err(Trouble::new("`--env` needs a workspace file, in whose project the environment is")
                .help("Name it with -o, or with --append if it is there."))
        }
    }
}

/// The workspace file that property exports become, and what is to be said of it.
///
/// # Errors
/// If one of them is no such export.
pub fn properties_file(
    name: &str,
    title: &str,
    exports: &[Export],
    object: Option<Object>,
) -> Result<(String, Tally), Trouble> {
    let mut tally = Tally::default();
    let declared = properties::read(exports, object, &Ids::default(), &mut tally)?;
    Ok((declared.file(name, title), tally))
}

/// A file, or what comes on standard input.
fn export(path: &Path) -> Result<Export, Trouble> {
    let stdin = path == Path::new("-");
    let bytes = if stdin {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| Trouble::at(path, "read", &error))?;
        bytes
    } else {
        load::read(path)?
    };
    let shown = if stdin { "standard input".to_owned() } else { path.display().to_string() };
    let text = String::from_utf8(bytes).map_err(|_| {
        Trouble::new(format!("`{shown}` is not UTF-8")).help("Save the export as UTF-8 and try again.")
    })?;
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    Ok(Export { path: shown, text })
}

fn create(arguments: &ImportArguments, declared: &Declared, streams: &mut Streams) -> Result<(), Trouble> {
    let name = workspace_name(arguments)?;
    let title = arguments.title.clone().unwrap_or_else(|| names::as_title(&name));
    let text = declared.file(&name, &title);
    let Some(path) = &arguments.output else {
        streams.out.write_all(text.as_bytes())?;
        return Ok(());
    };
    if path.exists() && !arguments.force {
        let help = format!(
            "Add what is new to it with --append {0}, or write it anew with --force.",
            path.display()
        );
        return Err(Trouble::new(format!("`{}` exists", path.display())).help(help));
    }
    save(path, &text)
}

fn append(path: &Path, declared: &mut Declared, tally: &mut Tally) -> Result<(), Trouble> {
    let bytes = load::read(path)?;
    let mut text =
        String::from_utf8(bytes).map_err(|_| Trouble::new(format!("`{}` is not UTF-8", path.display())))?;
    existing::leave_out(path, &text, declared, tally)?;
    let more = declared.text();
    if more.is_empty() {
        return Ok(());
    }
    let newline = newline(&text);
    if !text.ends_with('\n') {
        text.push_str(newline);
    }
    text.push_str(newline);
    text.push_str(&more.replace('\n', newline));
    save(path, &text)
}

fn save(path: &Path, text: &str) -> Result<(), Trouble> {
    let trouble = |error: &std::io::Error| Trouble::at(path, "write", error);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| trouble(&error))?;
    }
    fs::write(path, text).map_err(|error| trouble(&error))
}

/// The workspace's name: what was said, or the output's own, which `use` looks for.
fn workspace_name(arguments: &ImportArguments) -> Result<String, Trouble> {
    if let Some(name) = &arguments.workspace {
        if names::is_name(name) {
            return Ok(name.clone());
        }
        let near = names::made(name).unwrap_or_else(|| "acme".to_owned());
        return Err(Trouble::new(format!("`{name}` cannot be the name of a workspace"))
            .help(format!("A name is one word, like --workspace {near}")));
    }
    let stem = arguments.output.as_deref().and_then(Path::file_stem);
    let stem = stem.map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(if names::is_name(&stem) { stem } else { names::made(&stem).unwrap_or_else(|| "crm".to_owned()) })
}
