//! What the server needs of whoever plays chats: the command, which runs tests.

use chatflow_compiler::Checked;
use chatflow_compiler::Project;
use chatflow_compiler::diagnostic::Edit;
use chatflow_compiler::source::{FileId, Span};

/// A test that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// The line that failed, if one did, and why, in words for people.
    pub failure: Option<(Span, String)>,
}

/// Whoever plays chats.
pub trait Player: Send + Sync + 'static {
    /// Runs the tests of a file, or the one of this name.
    ///
    /// # Errors
    /// If nothing can be run, in words for people.
    fn run(&self, checked: &Checked, file: FileId, name: Option<&str>) -> Result<Vec<Played>, String>;

    /// The edit that adds a test to a flow's file, one that passes and talks the way to this statement.
    ///
    /// # Errors
    /// If no way was found, in words for people.
    fn test_to(&self, project: &Project, checked: &Checked, at: Span) -> Result<Edit, String>;
}
