//! `chatflow build`: compiles flows to programs.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chatflow_compiler::{Checked, CheckedFlow, Diagnostic, Heading, heading, knowing};
use chatflow_runtime::image::Image;
use chatflow_runtime::{Program, encode, strip};

use crate::arguments::BuildArguments;
use crate::check;
use crate::deploy::lock::{LOCK, Lock};
use crate::environment::Environment;
use crate::load::{Loaded, load, shown};
use crate::render::counted;
use crate::run::verified;
use crate::streams::Streams;
use crate::trouble::{Ending, Trouble};

/// The ending of a compiled flow's file.
pub const PROGRAM: &str = "flowc";

/// Compiles the flows that were asked for and writes each to a file of its own. Nothing is written if any has an error.
///
/// # Errors
/// If the project cannot be read, or a program cannot be written.
pub fn run(arguments: &BuildArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let mut loaded = load(&arguments.path)?;
    // With a lock, the ids of places must last.
    loaded.project.deployed |= arguments.update_lock;
    let checked = check::report(&mut loaded, arguments.messages.message_format, streams)?;
    if check::has_errors(&checked) {
        return Ok(Ending::Findings);
    }
    let built = images(&loaded, &checked);
    if built.is_empty() {
        return Err(no_flow(&arguments.path));
    }
    let name = arguments.environment.as_ref().or(loaded.config.environment.as_ref());
    let file = name.map(|name| Environment::file(&loaded.project, &shown(&loaded.root), name)).transpose()?;
    let environment = match file.map(Environment::of).transpose() {
        Ok(environment) => environment,
        Err(finding) => {
            check::report_all(&loaded, &[*finding], arguments.messages.message_format, streams)?;
            return Ok(Ending::Findings);
        }
    };
    if let Some(environment) = &environment {
        // A file alone comes without the workspaces of the project's other flows.
        let whole = loaded.main.is_none();
        let undeclared = if whole { environment.undeclared(&loaded.project) } else { Vec::new() };
        let missing = environment.missing(built.iter().map(|(_, image)| *image));
        let found: Vec<Diagnostic> = undeclared.into_iter().chain(missing).collect();
        if !found.is_empty() {
            check::report_all(&loaded, &found, arguments.messages.message_format, streams)?;
            return Ok(Ending::Findings);
        }
    }
    // A folder, whether or not it is there yet.
    let folder = loaded.config.out.as_ref().map(|out| shown(&loaded.root).join(out).join(""));
    let output = arguments.output.as_deref().or(folder.as_deref());
    if let Some(output) = output {
        fits(output, built.len())?;
    }
    let paths: Vec<PathBuf> = built.iter().map(|(flow, _)| target(&loaded, flow, output)).collect();
    if let Some(twice) = repeated(&paths) {
        return Err(Trouble::new(format!("two flows would be written to `{}`", twice.display()))
            .help("Build them one by one, each with its own --output."));
    }
    for ((_, image), path) in built.iter().zip(&paths) {
        let bytes = program(image, arguments.strip || loaded.config.strip)?;
        write(path, &bytes)?;
        writeln!(streams.out, "{} ({})", path.display(), counted(bytes.len(), "byte"))?;
        if let Some(environment) = &environment {
            let ids = path.with_extension(format!("{}.json", environment.name));
            let program = Program::load(&bytes).map_err(|error| Trouble::new(error.to_string()))?;
            write(&ids, environment.mapping(&program).as_bytes())?;
            writeln!(streams.out, "{}", ids.display())?;
        }
    }
    if arguments.update_lock {
        update_lock(&loaded, &built, streams)?;
    }
    Ok(Ending::Fine)
}

/// Writes down the places of what was built. A flow that was built alone leaves the others in the lock as they are.
fn update_lock(
    loaded: &Loaded,
    built: &[(&CheckedFlow, &Image)],
    streams: &mut Streams,
) -> Result<(), Trouble> {
    // The lock has what chats know, not what the flow needs them to.
    let programs =
        knowing(&loaded.project, built.iter().map(|(flow, _)| flow.file)).into_iter().map(verified);
    let mut lock = Lock::of(&programs.collect::<Result<Vec<Program>, Trouble>>()?);
    if loaded.main.is_some() && loaded.root.join(LOCK).exists() {
        let known = Lock::read(&loaded.root)?;
        for (flow, places) in known.flows {
            lock.flows.entry(flow).or_insert(places);
        }
    }
    writeln!(streams.out, "{}", lock.write(&loaded.root)?.display())?;
    Ok(())
}

/// What to say where a flow is needed and there is none.
pub(crate) fn no_flow(path: &Path) -> Trouble {
    if is_module(path) {
        return Trouble::new(format!("`{}` is a module, which no chat begins in", path.display()))
            .help("Name a flow that uses it, or a folder with flows in it.");
    }
    Trouble::new(format!("there is no flow in `{}`", path.display()))
        .help("A flow's file begins with a line like: flow hello \"Hello\"")
}

/// Whether a path is that of a module's file.
pub(crate) fn is_module(path: &Path) -> bool {
    let text = fs::read(path).ok().filter(|_| path.is_file());
    text.is_some_and(|text| matches!(heading(&String::from_utf8_lossy(&text)), Heading::Module(_)))
}

/// The flows that were asked for and have no error.
fn images<'c>(loaded: &Loaded, checked: &'c Checked) -> Vec<(&'c CheckedFlow, &'c Image)> {
    let asked = checked.flows.iter().filter(|flow| loaded.is_asked_for(flow.file));
    asked.filter_map(|flow| Some((flow, flow.image.as_ref()?))).collect()
}

/// A program's bytes.
///
/// # Errors
/// Never for a program that was just compiled.
fn program(image: &Image, stripped: bool) -> Result<Vec<u8>, Trouble> {
    let bytes = encode(image);
    if !stripped {
        return Ok(bytes);
    }
    strip(&bytes).map_err(|error| Trouble::new(error.to_string()))
}

/// Where a flow's program goes: the output itself if that is a file; else a file named after the flow's.
fn target(loaded: &Loaded, flow: &CheckedFlow, output: Option<&Path>) -> PathBuf {
    let source = loaded.path_of(flow.file).unwrap_or_else(|| PathBuf::from(&flow.name));
    let beside = source.with_extension(PROGRAM);
    match output {
        None => beside,
        Some(file) if is_program(file) => file.to_owned(),
        Some(folder) => folder.join(beside.file_name().unwrap_or_default()),
    }
}

/// Whether a path is that of a program's file; any other is a folder's.
fn is_program(path: &Path) -> bool {
    let is_folder = path.is_dir() || path.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
    !is_folder && path.extension().is_some_and(|ending| ending == PROGRAM)
}

/// Whether so many flows can go to an output.
///
/// # Errors
/// If they cannot.
fn fits(output: &Path, flows: usize) -> Result<(), Trouble> {
    if is_program(output) && flows > 1 {
        return Err(Trouble::new(format!("{flows} flows do not fit into one file, `{}`", output.display()))
            .help("Name a folder after `-o`, or one flow."));
    }
    if !is_program(output) && output.is_file() {
        return Err(Trouble::new(format!("`{}` is a file that is no compiled flow", output.display()))
            .help("Name a folder after `-o`, or a file that ends in `.flowc`."));
    }
    Ok(())
}

fn repeated(paths: &[PathBuf]) -> Option<&PathBuf> {
    let mut seen = BTreeSet::new();
    paths.iter().find(|path| !seen.insert(*path))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    let trouble = |error: &std::io::Error| Trouble::at(path, "write", error);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| trouble(&error))?;
    }
    // A slip in `-o` must not cost a source its text.
    let kept = fs::read(path).ok().filter(|old| !old.is_empty() && !old.starts_with(b"FLWC"));
    if kept.is_some() {
        return Err(Trouble::new(format!("`{}` is no compiled flow and is not overwritten", path.display()))
            .help("Name another file after `-o`, or delete this one first."));
    }
    fs::write(path, bytes).map_err(|error| trouble(&error))
}
