//! A project at one moment: its files, what their names mean, and what the checker finds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use chatflow_compiler::diagnostic::{Diagnostic, Severity};
use chatflow_compiler::file::File;
use chatflow_compiler::index::Index;
use chatflow_compiler::source::{FileId, Source, Span};
use chatflow_compiler::{Checked, Project, check_only};

use crate::disk::{Levels, Loaded};
use crate::world::{CHECKER, NAMER};

/// A project at one moment. What takes long is found when it is first asked for.
pub struct Analysis {
    /// The files, read.
    pub project: Arc<Project>,
    /// The folder that the files' paths start from.
    pub root: PathBuf,
    /// Whether it is a folder, and not a file alone with what it uses.
    pub whole: bool,
    /// What its `chatflow.toml` says.
    pub config: String,
    levels: Levels,
    index: OnceLock<Index>,
    checked: OnceLock<Checked>,
    /// The findings that are shown, by file.
    shown: OnceLock<BTreeMap<FileId, Vec<(Diagnostic, Severity)>>>,
}

impl std::fmt::Debug for Analysis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Analysis").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Analysis {
    /// The project of these sources; files that are as they were before are not read again.
    pub fn new(loaded: &Loaded, sources: Vec<Source>, before: Option<&Analysis>) -> Analysis {
        let files = sources.into_iter().enumerate().map(|(nth, source)| {
            let id = FileId(nth as u32);
            let before = before.and_then(|before| before.project.file(id));
            match before.filter(|file| file.source.path == source.path) {
                Some(file) if is_same(&file.source, &source) => file.clone(),
                Some(file) => File::read_again(id, source, file),
                None => File::read(id, source),
            }
        });
        Analysis {
            project: Arc::new(Project { files: files.collect(), deployed: loaded.deployed }),
            root: loaded.root.clone(),
            whole: loaded.whole,
            config: loaded.config.clone(),
            levels: loaded.levels.clone(),
            index: OnceLock::new(),
            checked: OnceLock::new(),
            shown: OnceLock::new(),
        }
    }

    /// Whether it is the project of these sources.
    pub fn is_of(&self, sources: &[Source]) -> bool {
        let files = &self.project.files;
        files.len() == sources.len()
            && files.iter().zip(sources).all(|(file, source)| is_same(&file.source, source))
    }

    /// What the names mean.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let project = self.project.clone();
            NAMER.run(move || (Index::new(&project), ()))
        })
    }

    /// What the checker says. It makes no programs here.
    pub fn checked(&self) -> &Checked {
        self.checked.get_or_init(|| {
            let project = self.project.clone();
            CHECKER.run(move || {
                let mut checked = check_only(&project);
                let diagnostics = std::mem::take(&mut checked.diagnostics);
                (Checked { diagnostics, ..Checked::default() }, checked)
            })
        })
    }

    /// The findings of a file that its author wants to see, and how bad they are.
    pub fn findings(&self, file: FileId) -> &[(Diagnostic, Severity)] {
        let shown = self.shown.get_or_init(|| {
            let mut shown: BTreeMap<FileId, Vec<(Diagnostic, Severity)>> = BTreeMap::new();
            for found in &self.checked().diagnostics {
                if let Some(severity) = (self.levels)(found) {
                    shown.entry(found.primary.span.file).or_default().push((found.clone(), severity));
                }
            }
            shown
        });
        shown.get(&file).map_or(&[], Vec::as_slice)
    }

    /// The file at an absolute path.
    pub fn file_at(&self, path: &Path) -> Option<FileId> {
        let relative = slashes(path.strip_prefix(&self.root).ok()?);
        self.project.files.iter().find(|file| file.source.path == relative).map(|file| file.id)
    }

    /// Where a file stands.
    pub fn path_of(&self, file: FileId) -> Option<PathBuf> {
        Some(self.root.join(&self.project.file(file)?.source.path))
    }

    /// A file.
    pub fn file(&self, file: FileId) -> Option<&File> {
        self.project.file(file)
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        self.project.file(span.file).map_or("", |file| file.text(span))
    }
}

fn is_same(one: &Source, other: &Source) -> bool {
    one.path == other.path
        && one.invalid_utf8 == other.invalid_utf8
        && (Arc::ptr_eq(&one.text, &other.text) || one.text == other.text)
}

/// A path with `/` between folders, on every system.
pub fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}
