//! `chatflow run`: a chat in the terminal, from a script, or driven by another program.

mod console;
pub(crate) mod fits;
mod lines;
pub mod orders;
mod protocol;
mod record;
mod scene;

use std::fs;
use std::io::{self, BufReader, IsTerminal, Write};
use std::path::Path;

use chatflow_compiler::declared_names;
use chatflow_compiler::source::FileId;
use chatflow_compiler::workspace::Thing;
use chatflow_runtime::Program;

use crate::arguments::RunArguments;
use crate::build::{PROGRAM, no_flow};
use crate::check;
use crate::load::{Loaded, load, read};
use crate::render::Format;
use crate::streams::Streams;
use crate::style::{DIM, NOTE};
use crate::trouble::{Ending, Trouble};

pub use protocol::VERSION as PROTOCOL_VERSION;
pub(crate) use protocol::plain as plain_setting;
pub use record::Recording;
pub use scene::SOME_PAGE;

use lines::Lines;
use record::{Block, Home};
use scene::Scene;

/// Runs a chat with the person at the terminal, or with what comes in its stead.
///
/// # Errors
/// If there is no flow to run, or the scene cannot be set.
pub fn run(arguments: &RunArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let Some(Runnable { programs, origin }) = runnable(path(arguments), streams)? else {
        return Ok(Ending::Findings);
    };
    let mut scene = Scene::set(arguments)?;
    let program = choose(&programs, arguments, &scene)?;
    if arguments.json {
        protocol::speak(program, &scene, &mut io::stdin().lock(), &mut streams.out)?;
        return Ok(Ending::Fine);
    }
    if let Some((loaded, _)) = &origin {
        let declared = declared_names(&loaded.project).into_iter();
        let surveys = declared.filter(|((kind, _), _)| kind == Thing::Survey.word());
        scene.surveys = surveys.map(|((_, name), title)| (name, title)).collect();
    }
    for remark in scene.remarks(program, &programs) {
        writeln!(streams.err, "{NOTE}note:{NOTE:#} {DIM}{remark}{DIM:#}")?;
    }
    let Some(asked) = &arguments.record else {
        talk(program, &scene, None, streams)?;
        return Ok(Ending::Fine);
    };
    let home = origin.as_ref().and_then(|(loaded, files)| {
        let at = programs.iter().position(|other| other.flow_id() == program.flow_id())?;
        Some(Home { loaded, file: *files.get(at)? })
    });
    let file = match (&home, asked.as_os_str() == "-") {
        (_, true) => None,
        (Some(home), false) => Some(home.path(asked)?),
        (None, false) => {
            return Err(Trouble::new("a test cannot be added to a compiled flow")
                .help("Run the flow's source, or leave the file out: then the test is printed."));
        }
    };
    let recording = Recording::of(program, &scene.facts);
    scene.be_a_test(program);
    let lines = talk(program, &scene, Some(recording), streams)?.unwrap_or_default();
    keep(lines, home.as_ref(), file.as_deref(), streams)
}

/// Chats with the person at the terminal, or with the script in its stead.
fn talk(
    program: &Program,
    scene: &Scene,
    recording: Option<Recording>,
    streams: &mut Streams,
) -> Result<Option<Vec<String>>, Trouble> {
    if io::stdin().is_terminal() {
        let lines = Lines::typed(BufReader::new(io::stdin()));
        console::talk(program, scene, lines, recording, streams)
    } else {
        console::talk(program, scene, Lines::Script(&mut io::stdin().lock()), recording, streams)
    }
}

/// What is run: the path, or the file that the chat's test goes to where no path is named.
fn path(arguments: &RunArguments) -> &Path {
    let recorded = arguments.record.as_deref().filter(|file| file.as_os_str() != "-");
    recorded.filter(|_| arguments.path == Path::new(".")).unwrap_or(&arguments.path)
}

/// Prints a recorded test, or adds it to its flow's file.
fn keep(
    lines: Vec<String>,
    home: Option<&Home<'_>>,
    file: Option<&Path>,
    streams: &mut Streams,
) -> Result<Ending, Trouble> {
    let Some(home) = home else {
        write!(streams.out, "\n{}", Block::new(lines).text())?;
        return Ok(Ending::Fine);
    };
    let (text, block) = home.with_test(lines)?;
    match file {
        None => write!(streams.out, "\n{}", block.text())?,
        Some(path) => {
            fs::write(path, text).map_err(|error| Trouble::at(path, "write", &error))?;
            streams.out.flush()?;
            writeln!(streams.err, "recorded test \"{}\" in {}", block.name, path.display())?;
        }
    }
    Ok(Ending::Fine)
}

/// Programs that can run, and the files they were read from, a file for each, if they were.
struct Runnable {
    programs: Vec<Program>,
    origin: Option<(Loaded, Vec<FileId>)>,
}

/// The programs that a path names; none if what it names has errors, which have been shown.
fn runnable(path: &Path, streams: &mut Streams) -> Result<Option<Runnable>, Trouble> {
    if path.extension().is_some_and(|ending| ending == PROGRAM) {
        let program = Program::load(&read(path)?);
        let program = program.map_err(|error| Trouble::new(format!("`{}`: {error}", path.display())))?;
        return Ok(Some(Runnable { programs: vec![program], origin: None }));
    }
    let mut loaded = load(path)?;
    let checked = check::report(&mut loaded, Format::Human, streams)?;
    let (mut programs, mut files) = (Vec::new(), Vec::new());
    let asked = |file| loaded.is_asked_for(file);
    for flow in checked.flows.iter().filter(|flow| asked(flow.file)) {
        match &flow.image {
            Some(image) => {
                programs.push(verified(image.clone())?);
                files.push(flow.file);
            }
            None => return Ok(None),
        }
    }
    if programs.is_empty() && check::has_errors(&checked) {
        return Ok(None);
    }
    Ok(Some(Runnable { programs, origin: Some((loaded, files)) }))
}

/// The program of an image that was just compiled.
///
/// # Errors
/// Never, unless the compiler and the verifier disagree: then it is our mistake, and says so.
pub(crate) fn verified(image: chatflow_runtime::Image) -> Result<Program, Trouble> {
    Program::from_image(image).map_err(|error| {
        Trouble::new(format!("the compiler made a program that the verifier refuses: {error}"))
            .help("This is a bug in chatflow; please report it with the flow.")
    })
}

/// The flow to run: the one that is named, the only one, or the one that the visited page shows.
fn choose<'p>(
    programs: &'p [Program],
    arguments: &RunArguments,
    scene: &Scene,
) -> Result<&'p Program, Trouble> {
    let names =
        || programs.iter().map(|program| format!("`{}`", program.name())).collect::<Vec<_>>().join(", ");
    if let Some(name) = &arguments.flow {
        let found = programs.iter().find(|program| program.name() == name);
        return found.ok_or_else(|| {
            Trouble::new(format!("there is no flow `{name}` here"))
                .help(format!("The flows are {}.", names()))
        });
    }
    match programs {
        [] => Err(no_flow(&arguments.path)),
        [only] => Ok(only),
        _ => {
            let shown = scene.visited.as_ref().and_then(|_| scene.shown(programs));
            shown.ok_or_else(|| match &scene.visited {
                Some(url) => Trouble::new(format!("no flow shows on {url}"))
                    .help(format!("Name one with --flow: {}.", names())),
                None => Trouble::new("there are several flows here")
                    .help(format!("Name one with --flow, or a page with --visit: {}.", names())),
            })
        }
    }
}
