//! How a command ends.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;

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
    /// Where in a file's text it is, in bytes, and what is said of it there.
    place: Option<(Range<usize>, String)>,
    help: Option<String>,
    /// Nobody reads the output any more, as with `| head`: no reason to complain.
    silent: bool,
}

impl Trouble {
    /// What went wrong, as a lower-case fragment.
    pub fn new(message: impl Into<String>) -> Trouble {
        Trouble { message: message.into(), place: None, help: None, silent: false }
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

    /// With its place in a text, and what is said of it there.
    #[must_use]
    pub fn in_text(mut self, at: Range<usize>, message: &str) -> Trouble {
        self.place = Some((at, message.to_owned()));
        self
    }

    /// Its place in the text of a file, and what to say there; without a place the file's beginning.
    pub fn place(&self) -> (Range<usize>, String) {
        let (at, message) = self.place.clone().unwrap_or((0..0, self.message.clone()));
        let help = self.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
        (at, format!("{message}{help}"))
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
        Trouble { message: format!("cannot write the output: {error}"), place: None, help: None, silent }
    }
}
