//! Finds and reads the files of a project.
//!
//! A project is the folder of the nearest `chatflow.toml` above, else the folder given; its files are all `.flow` files
//! in it. A file alone comes with the files it uses, which stand beside it or in a folder above.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use chatflow_compiler::catalogue;
use chatflow_compiler::source::{FileId, Source};
use chatflow_compiler::{Checked, Heading, Project, check, heading, nearest as near_miss, used_names};

use crate::config::Config;
use crate::deploy::lock::LOCK;
use crate::environment;
use crate::trouble::Trouble;

/// The file that marks a project's folder.
pub const MARKER: &str = "chatflow.toml";

/// The ending of a flow's file.
pub const FLOW: &str = "flow";

/// The largest file that is read, in bytes: a hundred times the largest flow anybody would want to read.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What the paths of files start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// The folder that the command runs in.
    Here,
    /// The repository, the nearest folder above with a `.git` in it; without one, the project.
    Repository,
}

/// Where texts come from: the disk, but for what an editor has open.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Texts<'o> {
    open: Option<&'o BTreeMap<PathBuf, Arc<str>>>,
}

impl<'o> Texts<'o> {
    /// What is open counts, whatever is on disk.
    pub(crate) fn with(open: &'o BTreeMap<PathBuf, Arc<str>>) -> Texts<'o> {
        Texts { open: Some(open) }
    }

    fn opened(self, path: &Path) -> Option<&'o Arc<str>> {
        self.open?.get(path)
    }

    fn read(self, path: &Path) -> Result<Vec<u8>, Trouble> {
        self.opened(path).map_or_else(|| read(path), |text| Ok(text.as_bytes().to_vec()))
    }

    fn has(self, path: &Path) -> bool {
        self.opened(path).is_some() || path.is_file()
    }
}

/// A project in memory.
#[derive(Debug)]
pub struct Loaded {
    /// Its files, in the order of their paths.
    pub project: Project,
    /// The file that was asked for, if it was one.
    pub main: Option<FileId>,
    /// The folder that the files' paths start from.
    pub root: PathBuf,
    /// What the project's `chatflow.toml` says, if it has one.
    pub config: Config,
}

/// Reads the project, or the file with what it uses, that a path names.
///
/// # Errors
/// If the path is not there or cannot be read, or there is no flow in it.
pub fn load(path: &Path) -> Result<Loaded, Trouble> {
    let found = fs::canonicalize(path).map_err(|error| missing(path, &error))?;
    if found.is_dir() { load_folder(path, &found) } else { load_file(&found, Texts::default()) }
}

impl Loaded {
    /// What the checker says of the project. The files' paths are, from then on, those that people can open from where
    /// they are.
    pub fn check(&mut self) -> Checked {
        self.check_from(Base::Here)
    }

    /// What the checker says of the project. The files' paths start, from then on, from a base.
    pub fn check_from(&mut self, base: Base) -> Checked {
        let mut checked = check(&self.project);
        checked.diagnostics.retain(|found| self.config.levels.shows(found));
        let prefix = match base {
            Base::Here => shown(&self.root),
            Base::Repository => in_repository(&self.root),
        };
        for file in &mut self.project.files {
            file.source.path = slashes(&prefix.join(&file.source.path));
        }
        checked
    }

    /// Where a file stands on disk, by its number.
    pub fn path_of(&self, file: FileId) -> Option<PathBuf> {
        let path = &self.project.files.get(file.0 as usize)?.source.path;
        // Joined with an absolute path or from where we are: both are the file.
        Some(PathBuf::from(path))
    }

    /// Whether a file is one that was asked for: the named one, or any.
    pub fn is_asked_for(&self, file: FileId) -> bool {
        self.main.is_none_or(|main| main == file)
    }
}

fn load_folder(given: &Path, folder: &Path) -> Result<Loaded, Trouble> {
    let marked = nearest(folder, MARKER);
    let config = config_of(marked)?;
    let root = marked.unwrap_or(folder);
    let paths = flows_in_project(given, root, &config)?;
    let mut texts: BTreeMap<PathBuf, Vec<u8>> =
        paths.into_iter().map(|path| Ok((path.clone(), read(&path)?))).collect::<Result<_, Trouble>>()?;
    read_catalogues(&mut texts)?;
    loaded(root.to_owned(), texts, None, config)
}

/// The `.flow` files that a path names: the file itself, or those of the project that a folder is in.
///
/// # Errors
/// If the path is not there or cannot be read, or there is no flow in it.
pub fn flows_of(path: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let found = fs::canonicalize(path).map_err(|error| missing(path, &error))?;
    if !found.is_dir() {
        return Ok(vec![found]);
    }
    let marked = nearest(&found, MARKER);
    flows_in_project(path, marked.unwrap_or(&found), &config_of(marked)?)
}

/// The `.flow` files of a project's folder; `given` is what somebody called it.
fn flows_in_project(given: &Path, root: &Path, config: &Config) -> Result<Vec<PathBuf>, Trouble> {
    let mut paths = flows_in(root)?;
    paths.retain(|path| !config.excludes(path.strip_prefix(root).unwrap_or(path)));
    if paths.is_empty() {
        return Err(Trouble::new(format!("there is no `.flow` file in `{}`", given.display()))
            .help("Name a folder with flows in it, or a `.flow` file."));
    }
    Ok(paths)
}

/// A file with what it uses.
pub(crate) fn load_file(file: &Path, from: Texts<'_>) -> Result<Loaded, Trouble> {
    let marked = file.parent().and_then(|folder| nearest(folder, MARKER));
    let top = marked.or_else(|| nearest(file.parent()?, ".git"));
    let config = config_of(marked)?;
    let mut texts = BTreeMap::new();
    let mut open = companions(file, from, |path| {
        config.excludes(path.strip_prefix(marked.unwrap_or(path)).unwrap_or(path))
    })?;
    while let Some(path) = open.pop() {
        if texts.contains_key(&path) {
            continue;
        }
        let bytes = from.read(&path)?;
        let names = used_names(&String::from_utf8_lossy(&bytes));
        open.extend(names.iter().filter_map(|name| find_used(&path, name, top, from)));
        texts.insert(path, bytes);
    }
    read_catalogues(&mut texts)?;
    let root = marked.map(Path::to_owned).unwrap_or_else(|| topmost(texts.keys()));
    loaded(root, texts, Some(file), config)
}

/// A file with what belongs to it in its folder: a flow with its tests, tests with their flow.
fn companions(
    file: &Path,
    from: Texts<'_>,
    excluded: impl Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Trouble> {
    let own = heading(&String::from_utf8_lossy(&from.read(file)?));
    let mut found = vec![file.to_owned()];
    let flow = match &own {
        Heading::Flow(name) | Heading::TestsFor(name) => name,
        Heading::Module(_) | Heading::Other => return Ok(found),
    };
    let entries = file.parent().and_then(|folder| fs::read_dir(folder).ok());
    for entry in entries.into_iter().flatten().flatten() {
        let path = entry.path();
        if path == file || path.extension().is_none_or(|ending| ending != FLOW) || excluded(&path) {
            continue;
        }
        // What cannot be read is nobody's companion; whoever needs it will be told.
        let Ok(bytes) = from.read(&path) else { continue };
        let belongs = match heading(&String::from_utf8_lossy(&bytes)) {
            Heading::TestsFor(name) => name == *flow,
            Heading::Flow(name) => matches!(own, Heading::TestsFor(_)) && name == *flow,
            Heading::Module(_) | Heading::Other => false,
        };
        if belongs {
            found.push(path);
        }
    }
    Ok(found)
}

/// Reads the catalogues that stand beside these files: `leads.nl.po` beside `leads.flow`.
pub(crate) fn read_catalogues(texts: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<(), Trouble> {
    let folders: BTreeSet<PathBuf> =
        texts.keys().filter_map(|path| path.parent()).map(Path::to_owned).collect();
    for folder in folders {
        let entries = fs::read_dir(&folder).map_err(|error| Trouble::at(&folder, "read", &error))?;
        for entry in entries {
            let path = entry.map_err(|error| Trouble::at(&folder, "read", &error))?.path();
            let source = catalogue::of(&slashes(&path)).map(|(source, _)| PathBuf::from(source));
            if source.is_some_and(|source| texts.contains_key(&source)) && path.is_file() {
                let bytes = read(&path)?;
                texts.insert(path, bytes);
            }
        }
    }
    Ok(())
}

fn loaded(
    root: PathBuf,
    mut texts: BTreeMap<PathBuf, Vec<u8>>,
    main: Option<&Path>,
    config: Config,
) -> Result<Loaded, Trouble> {
    for path in environment::files(&root) {
        texts.insert(path.clone(), read(&path)?);
    }
    let main = main.and_then(|main| texts.keys().position(|path| path == main));
    let sources = texts
        .into_iter()
        .map(|(path, bytes)| Source::from_bytes(slashes(path.strip_prefix(&root).unwrap_or(&path)), bytes));
    let deployed = root.join(LOCK).exists();
    let project = Project { deployed, ..Project::new(sources.collect()) };
    Ok(Loaded { project, main: main.map(|at| FileId(at as u32)), root, config })
}

/// What the project in this folder says of itself.
fn config_of(marked: Option<&Path>) -> Result<Config, Trouble> {
    let path = marked.map(|folder| folder.join(MARKER));
    path.map_or_else(|| Ok(Config::default()), |path| Config::read(&path, &shown(&path)))
}

/// The folder of the project that a path names: that of its marker, or the path's own.
///
/// # Errors
/// If the path is not there.
pub fn folder_of(path: &Path) -> Result<PathBuf, Trouble> {
    let found = fs::canonicalize(path).map_err(|error| missing(path, &error))?;
    let folder = if found.is_dir() { found } else { found.parent().map(Path::to_owned).unwrap_or_default() };
    Ok(nearest(&folder, MARKER).map(Path::to_owned).unwrap_or(folder))
}

/// An absolute path as it can be opened from where the command runs.
pub fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(fs::canonicalize);
    here.map(|here| from_here(&here, path)).unwrap_or_else(|_| path.to_owned())
}

/// A file's path, which can be opened from here, as it starts from a base.
pub(crate) fn based(path: &Path, base: Base) -> String {
    let found = fs::canonicalize(path).ok().filter(|_| base == Base::Repository);
    let within =
        found.as_deref().and_then(|found| Some(in_repository(found.parent()?).join(found.file_name()?)));
    slashes(within.as_deref().unwrap_or(path))
}

/// A folder of a project as it stands in the repository; without one, the project's own is where paths start.
pub(crate) fn in_repository(folder: &Path) -> PathBuf {
    let top = nearest(folder, ".git").unwrap_or(folder);
    folder.strip_prefix(top).unwrap_or(folder).to_owned()
}

/// The folder itself or the nearest one above that holds a file of this name.
pub(crate) fn nearest<'p>(folder: &'p Path, name: &str) -> Option<&'p Path> {
    folder.ancestors().find(|folder| folder.join(name).exists())
}

/// The file that `use NAME` in a file means: beside it, or in the nearest folder above, not higher than `top`.
fn find_used(file: &Path, name: &str, top: Option<&Path>, from: Texts<'_>) -> Option<PathBuf> {
    let file_name = format!("{name}.{FLOW}");
    // A name is never a path.
    let plain =
        matches!(Path::new(&file_name).components().collect::<Vec<_>>().as_slice(), [Component::Normal(_)]);
    let folders = file.parent().filter(|_| plain)?.ancestors();
    let mut last = false;
    for folder in folders {
        if last {
            break;
        }
        last = Some(folder) == top;
        let candidate = folder.join(&file_name);
        if from.has(&candidate) {
            return Some(candidate);
        }
    }
    None
}

/// The highest of the folders of these files, which stand in one line of folders.
pub(crate) fn topmost<'p>(files: impl Iterator<Item = &'p PathBuf>) -> PathBuf {
    let folders = files.filter_map(|file| file.parent());
    folders.min_by_key(|folder| folder.components().count()).map(Path::to_owned).unwrap_or_default()
}

/// Whether a folder is hidden, or one of build tools: nobody writes flows there.
pub(crate) fn is_passed_over(name: &str) -> bool {
    name.starts_with('.') || name == "target" || name == "node_modules"
}

/// Every `.flow` file below a folder, except in hidden folders, those of build tools, and projects of their own.
pub(crate) fn flows_in(root: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| Trouble::at(&folder, "read", &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| Trouble::at(&folder, "read", &error))?;
            let path = entry.path();
            // A link to a folder is not followed: it could lead back to where we are.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let name = entry.file_name();
                if !is_passed_over(&name.to_string_lossy()) && !path.join(MARKER).exists() {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|ending| ending == FLOW) && path.is_file() {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// The bytes of a file.
///
/// # Errors
/// If it cannot be read or is too large.
pub fn read(path: &Path) -> Result<Vec<u8>, Trouble> {
    let trouble = |error: &std::io::Error| Trouble::at(path, "read", error);
    let file = File::open(path).map_err(|error| trouble(&error))?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(Trouble::new(format!("`{}` is a folder; a file is needed here", path.display())));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| trouble(&error))?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("`{}` is larger than {} MiB", path.display(), LARGEST / (1024 * 1024));
        return Err(Trouble::new(message).help("Is it a flow? Split it into several files if it is."));
    }
    Ok(bytes)
}

/// What to say of a path that is not there, with the nearest one that is.
fn missing(path: &Path, error: &std::io::Error) -> Trouble {
    let trouble = Trouble::at(path, "read", error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    // The names without their endings are compared, or every short name would be near every other.
    let stem =
        |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let flows =
        beside.iter().filter(|path| path.is_dir() || path.extension().is_some_and(|ending| ending == FLOW));
    let stems: Vec<String> = flows.clone().map(|path| stem(path)).collect();
    let near = near_miss(&stem(path), stems.iter().map(String::as_str));
    let near = near.and_then(|near| flows.clone().find(|path| stem(path) == near)?.file_name());
    match near {
        Some(near) => trouble.help(format!("Did you mean `{}`?", path.with_file_name(near).display())),
        None => trouble.help("Name a `.flow` file, or a folder with flows in it."),
    }
}

/// How to get to `there` from `here`; both are absolute.
fn from_here(here: &Path, there: &Path) -> PathBuf {
    let shared = here.components().zip(there.components()).take_while(|(a, b)| a == b).count();
    if shared <= 1 {
        return there.to_owned();
    }
    let up = here.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(there.components().skip(shared)).collect()
}

/// A path with `/` between folders, on every system.
pub(crate) fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_short() {
        let way =
            |here: &str, there: &str| from_here(Path::new(here), Path::new(there)).display().to_string();
        assert_eq!(way("/a/b", "/a/b/c"), "c");
        assert_eq!(way("/a/b/d", "/a/b/c"), "../c");
        assert_eq!(way("/a/b", "/a/b"), "");
        assert_eq!(way("/x/y", "/a/b"), "/a/b");
    }
}
