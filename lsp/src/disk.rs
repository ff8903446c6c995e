//! What the server needs of whoever has the files: the command.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chatflow_compiler::diagnostic::{Diagnostic, Severity};
use chatflow_compiler::source::Source;

/// The texts that the editor has open, by their paths: they count, whatever is on disk.
pub type Open = BTreeMap<PathBuf, Arc<str>>;

/// How bad a finding is in a project; none if its author does not want to see it.
pub type Levels = Arc<dyn Fn(&Diagnostic) -> Option<Severity> + Send + Sync>;

/// The files of a project as they are on disk.
#[derive(Clone)]
pub struct Loaded {
    /// The folder that the files' paths start from.
    pub root: PathBuf,
    /// The files, in the order of their paths.
    pub files: Vec<Source>,
    /// Whether it is a whole folder, and not a file alone with what it uses.
    pub whole: bool,
    /// Whether chats wait in a deployed version of it, as its `chatflow.lock` says.
    pub deployed: bool,
    /// What its `chatflow.toml` says, as it stands there.
    pub config: String,
    /// How bad findings are.
    pub levels: Levels,
}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded")
            .field("root", &self.root)
            .field("files", &self.files.len())
            .finish_non_exhaustive()
    }
}

/// Whoever has the files.
pub trait Disk: Send + Sync + 'static {
    /// The folder whose flows are one project with this file: that of the nearest `chatflow.toml` above, or else the
    /// innermost of these folders around it. None if the file stands alone, as one does that its project leaves out.
    fn folder(&self, file: &Path, folders: &[PathBuf]) -> Option<PathBuf>;

    /// The project in a folder, or a file alone with what it uses. What cannot be read is left out, and said.
    ///
    /// # Errors
    /// If nothing of it can be read, in words for people.
    fn load(&self, path: &Path, open: &Open) -> Result<Loaded, String>;
}
