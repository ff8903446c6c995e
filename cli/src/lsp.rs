//! `chatflow lsp`: the language server over standard input and output, with the files of the disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chatflow_compiler::catalogue;
use chatflow_compiler::diagnostic::Diagnostic;
use chatflow_compiler::source::Source;
use chatflow_lsp::{Disk, Loaded, Open};

use crate::config::Config;
use crate::deploy::lock::LOCK;
use crate::levels::Levels;
use crate::load::{self, FLOW, MARKER, Texts, nearest, slashes};
use crate::trouble::{Ending, Trouble};

/// Serves an editor until it is done.
///
/// # Errors
/// If the system gives no threads.
pub fn run() -> Result<Ending, Trouble> {
    let served = chatflow_lsp::serve_stdio(Arc::new(Files));
    let orderly = served.map_err(|error| Trouble::new(format!("the server cannot start: {error}")))?;
    Ok(Ending::of(!orderly))
}

/// The files of the disk.
struct Files;

impl Disk for Files {
    fn folder(&self, file: &Path, folders: &[PathBuf]) -> Option<PathBuf> {
        if !file.is_absolute() {
            return None;
        }
        let marked = nearest(file.parent()?, MARKER).map(Path::to_owned);
        let around = || folders.iter().filter(|folder| file.starts_with(folder));
        let root = marked.or_else(|| around().max_by_key(|folder| folder.components().count()).cloned())?;
        let below = file.strip_prefix(&root).ok()?;
        let is_passed_over = below
            .parent()
            .into_iter()
            .flat_map(Path::components)
            .any(|folder| load::is_passed_over(&folder.as_os_str().to_string_lossy()));
        let (_, config) = configured(&root);
        (!is_passed_over && !config.excludes(below)).then_some(root)
    }

    fn load(&self, path: &Path, open: &Open) -> Result<Loaded, String> {
        match path.is_dir() {
            true => load_folder(path).map_err(|trouble| trouble.to_string()),
            false => load_file(path, open).map_err(|trouble| trouble.to_string()),
        }
    }
}

/// What the `chatflow.toml` of a folder says, as it stands there and read; one that cannot be read says nothing.
fn configured(root: &Path) -> (String, Config) {
    let path = root.join(MARKER);
    let text = fs::read_to_string(&path).unwrap_or_default();
    (text, Config::read(&path, Path::new(MARKER)).unwrap_or_default())
}

/// All flows of a folder, with their catalogues. One that cannot be read is left out: whoever needs it will be told.
fn load_folder(root: &Path) -> Result<Loaded, Trouble> {
    let (config_text, config) = configured(root);
    let mut paths = load::flows_in(root)?;
    paths.retain(|path| !config.excludes(path.strip_prefix(root).unwrap_or(path)));
    let texts = paths.into_iter().filter_map(|path| Some((path.clone(), load::read(&path).ok()?)));
    let mut texts: BTreeMap<PathBuf, Vec<u8>> = texts.collect();
    load::read_catalogues(&mut texts)?;
    let source = |(path, bytes): (PathBuf, Vec<u8>)| {
        Source::from_bytes(slashes(path.strip_prefix(root).unwrap_or(&path)), bytes)
    };
    let files = texts.into_iter().map(source).collect();
    Ok(Loaded {
        root: root.to_owned(),
        files,
        whole: true,
        deployed: root.join(LOCK).exists(),
        config: config_text,
        levels: levels(config.levels),
    })
}

/// A file alone, with what it uses. A catalogue comes with its flow, what is not on disk yet with nothing.
fn load_file(path: &Path, open: &Open) -> Result<Loaded, Trouble> {
    if !path.is_absolute() {
        let text = open.get(path).cloned().unwrap_or_default();
        // An editor's new file has a name without an ending.
        let files = vec![Source::new(slashes(path), text)];
        let levels = levels(Levels::default());
        return Ok(Loaded {
            root: PathBuf::new(),
            files,
            whole: false,
            deployed: false,
            config: String::new(),
            levels,
        });
    }
    let flow = catalogue::of(&slashes(path)).map(|(source, _)| PathBuf::from(source));
    let flow = flow.filter(|flow| flow.extension().is_some_and(|ending| ending == FLOW) && flow.is_file());
    let loaded = load::load_file(flow.as_deref().unwrap_or(path), Texts::with(open))?;
    Ok(Loaded {
        root: loaded.root,
        deployed: loaded.project.deployed,
        files: loaded.project.files.into_iter().map(|file| file.source).collect(),
        whole: false,
        config: String::new(),
        levels: levels(loaded.config.levels),
    })
}

/// How bad findings are, for the server.
fn levels(levels: Levels) -> chatflow_lsp::disk::Levels {
    Arc::new(move |found: &Diagnostic| levels.shows(found).then(|| levels.severity(found)))
}
