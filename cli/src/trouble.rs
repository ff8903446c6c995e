//! How a command ends.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chatflow_compiler::source::{FileId, Span};
use chatflow_compiler::{Code, Diagnostic};

/// A command that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Ending {
    /// Nothing to complain of: exit code 0.
    Fine,
    /// Errors in a flow, or failed tests: exit code 1.
    Findings,
}

impl Ending {
    /// Fine, unless something was found.
    pub fn of(found: bool) -> Ending {
        if found { Ending::Findings } else { Ending::Fine }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> ExitCode {
        match ending {
            Ending::Fine => ExitCode::SUCCESS,
            Ending::Findings => ExitCode::from(1),
        }
    }
}

/// Why a command could not do its work: exit code 2.
#[derive(Debug)]
pub struct Trouble {
    message: String,
    help: Option<String>,
    /// Nobody reads the output any more, as with `| head`: no reason to complain.
    silent: bool,
    slip: Option<Box<Slip>>,
}

/// A place of a settings file, and what is wrong there.
#[derive(Debug)]
pub struct Slip {
    /// The file, as it can be opened from where the command runs.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    at: Range<usize>,
    message: String,
}

impl Trouble {
    /// What went wrong, as a lower-case fragment.
    pub fn new(message: impl Into<String>) -> Trouble {
        Trouble { message: message.into(), help: None, silent: false, slip: None }
    }

    /// What is wrong at a place, in bytes, of a settings file.
    pub fn in_file(path: &Path, text: &str, at: &Range<usize>, message: &str) -> Trouble {
        let before = text.get(..at.start).unwrap_or(text);
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let slip = Slip {
            path: path.to_owned(),
            text: text.to_owned(),
            at: at.clone(),
            message: message.to_owned(),
        };
        let slip = Some(Box::new(slip));
        Trouble { slip, ..Trouble::new(format!("{}:{line}:{column}: {message}", path.display())) }
    }

    /// The place, where it is one of a settings file.
    pub fn slip(&self) -> Option<&Slip> {
        self.slip.as_deref()
    }

    /// The same as a finding in that file, whose number this is.
    pub fn finding(&self, file: FileId) -> Option<Diagnostic> {
        let Slip { at, message, .. } = self.slip()?;
        let span = Span { file, start: at.start as u32, end: at.end as u32 };
        let found = Diagnostic::new(Code::BrokenSettings, span, message).here("not understood");
        Some(match &self.help {
            Some(help) => found.help(help),
            None => found,
        })
    }

    /// The way out, as a sentence.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Trouble {
        self.help = Some(help.into());
        self
    }

    /// A path that could not be read or written.
    pub fn at(path: &Path, doing: &str, error: &io::Error) -> Trouble {
        Trouble::new(format!("cannot {doing} `{}`: {}", path.display(), reason(error)))
    }

    /// Whether there is nobody to tell.
    pub fn is_silent(&self) -> bool {
        self.silent
    }
}

/// What the system says went wrong, as a lower-case fragment.
pub fn reason(error: &io::Error) -> String {
    // Its own words end in "(os error 2)", which helps nobody.
    error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "error: {}", crate::render::mask(&self.message))?;
        match &self.help {
            Some(help) => write!(out, "\nhelp: {}", crate::render::mask(help)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Trouble {}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Trouble {
        let silent = error.kind() == io::ErrorKind::BrokenPipe;
        Trouble { message: format!("cannot write the output: {error}"), help: None, silent, slip: None }
    }
}
