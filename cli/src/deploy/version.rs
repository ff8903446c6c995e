//! A version of flows: sources, compiled programs, or a revision of git.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use chatflow_compiler::knowing;
use chatflow_runtime::image::Image;
use chatflow_runtime::{LoadError, Program};

use crate::build::{PROGRAM, no_flow};
use crate::check;
use crate::levels::{Level, Levels, Lint};
use crate::load::{FLOW, Loaded, MARKER, load, read};
use crate::render::Format;
use crate::run::verified;
use crate::streams::Streams;
use crate::trouble::Trouble;

/// What a version is looked at for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chats {
    /// Chats wait in it: what they know counts. A compiled program only says what it needs them to know.
    Wait,
    /// Chats come to it: what it needs them to know counts.
    Come,
}

/// The flows of a version.
pub struct Version {
    /// Their programs.
    pub programs: Vec<Program>,
    /// Their sources, if they were compiled just now.
    pub loaded: Option<Loaded>,
}

/// Reads a version that people name: a path that is there, else a revision of git, `REV` or `REV:PATH`. A revision
/// alone means `path` as it was then.
///
/// # Errors
/// If there is neither, or what is there has errors.
pub fn read_version(
    name: &str,
    path: &Path,
    chats: Chats,
    streams: &mut Streams,
) -> Result<Version, Trouble> {
    let here = Path::new(name);
    if here.exists() {
        return read_path(here, chats, streams);
    }
    let (revision, path) = match name.split_once(':') {
        Some((revision, path)) => (revision, Path::new(path)),
        None => (name, path),
    };
    let repository = Repository::around(path, name.contains(':'));
    let Some(repository) = repository.filter(|repository| repository.has(revision)) else {
        return Err(Trouble::new(format!("`{name}` is neither a path nor a revision of git")).help(
            "Name a `.flow` or `.flowc` file, a folder, or a revision such as `main` or `main:bots`.",
        ));
    };
    let copy = repository.copy(revision)?;
    let there = copy.0.join(&repository.path);
    if !there.exists() {
        let path = repository.path.display();
        return Err(Trouble::new(format!("`{revision}` has no `{path}`"))
            .help("Name another path in it, with a colon: `main:bots`."));
    }
    read_path(&there, chats, streams)
}

fn read_path(path: &Path, chats: Chats, streams: &mut Streams) -> Result<Version, Trouble> {
    if path.extension().is_some_and(|ending| ending == PROGRAM) {
        let trouble = |error: LoadError| Trouble::new(format!("`{}`: {error}", path.display()));
        let program = Program::load(&read(path)?).map_err(trouble)?;
        return Ok(Version { programs: vec![program], loaded: None });
    }
    let mut loaded = load(path)?;
    // Warnings were looked at when each version was checked.
    loaded.config.levels = Levels::default();
    loaded.config.levels.set(Lint::Warnings, Level::Allow);
    let checked = check::report(&mut loaded, Format::Human, streams)?;
    if check::has_errors(&checked) {
        return Err(Trouble::new(format!("`{}` has errors, so nobody can say what it does", path.display()))
            .help("Mend them first: `chatflow check` shows them."));
    }
    let asked = checked.flows.iter().filter(|flow| loaded.is_asked_for(flow.file));
    let images: Vec<Image> = match chats {
        Chats::Wait => knowing(&loaded.project, asked.map(|flow| flow.file)),
        Chats::Come => asked.filter_map(|flow| flow.image.clone()).collect(),
    };
    let programs: Vec<Program> = images.into_iter().map(verified).collect::<Result<_, Trouble>>()?;
    if programs.is_empty() {
        return Err(no_flow(path));
    }
    Ok(Version { programs, loaded: Some(loaded) })
}

/// A repository of git, and a path in it.
struct Repository {
    top: PathBuf,
    /// From its top.
    path: PathBuf,
}

impl Repository {
    /// The repository that a path stands in. One `from_top` starts there already, and the repository is the one that
    /// the command runs in.
    fn around(path: &Path, from_top: bool) -> Option<Repository> {
        let full = if from_top { fs::canonicalize(".") } else { fs::canonicalize(path) }.ok()?;
        let folder = if full.is_dir() { full.clone() } else { full.parent()?.to_owned() };
        let said = git(&folder, &["rev-parse", "--show-toplevel"]).ok()?;
        let top = fs::canonicalize(String::from_utf8(said).ok()?.trim_end()).ok()?;
        let path = if from_top { path.to_owned() } else { full.strip_prefix(&top).ok()?.to_owned() };
        let inside = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        inside.then_some(Repository { top, path })
    }

    fn has(&self, revision: &str) -> bool {
        let commit = format!("{revision}^{{commit}}");
        !revision.starts_with('-') && git(&self.top, &["rev-parse", "--verify", "--quiet", &commit]).is_ok()
    }

    /// The files of a revision that flows are made of, in a folder of their own.
    fn copy(&self, revision: &str) -> Result<Copy, Trouble> {
        let copy = Copy::new()?;
        let listed = git(&self.top, &["ls-tree", "-r", "-z", "--name-only", "--full-tree", revision])?;
        for name in String::from_utf8_lossy(&listed).split('\0') {
            let path = Path::new(name);
            let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
            if !plain || !belongs(path) {
                continue;
            }
            let bytes = git(&self.top, &["show", &format!("{revision}:{name}")])?;
            let to = copy.0.join(path);
            let folder = to.parent().unwrap_or(&copy.0);
            fs::create_dir_all(folder).map_err(|error| Trouble::at(folder, "write", &error))?;
            fs::write(&to, bytes).map_err(|error| Trouble::at(&to, "write", &error))?;
        }
        Ok(copy)
    }
}

/// Whether a file can be part of a project: a source, a catalogue, a program, or the project's settings.
fn belongs(path: &Path) -> bool {
    let endings = [FLOW, PROGRAM, "po"];
    path.file_name().is_some_and(|name| name == MARKER)
        || path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known))
}

/// What a command of git says.
fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Trouble> {
    let ran = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    let output = ran.map_err(|error| {
        Trouble::new(format!("cannot run `git`: {error}"))
            .help("Revisions are read with git; name a path, or install it.")
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Trouble::new(format!("`git {}` failed: {}", arguments.join(" "), said.trim_end())))
}

/// A folder that is gone when nobody needs it any more.
struct Copy(PathBuf);

impl Copy {
    fn new() -> Result<Copy, Trouble> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("chatflow-diff-{}-{number}", std::process::id()));
        fs::create_dir(&path).map_err(|error| Trouble::at(&path, "write", &error))?;
        // A temporary folder may be behind a link; paths are compared.
        let found = fs::canonicalize(&path).map_err(|error| Trouble::at(&path, "read", &error))?;
        Ok(Copy(found))
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // What cannot be removed stays in the folder for temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}
