//! How `check` writes what it found.

use std::io::{self, Write};

use chatflow_compiler::Checked;

use super::write_lines;
use crate::load::Base;
use crate::render::{Format, Shown, github, gitlab, sarif};

/// How `check` writes findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum CheckFormat {
    /// For people: the source with labels, help and fixes.
    #[default]
    Human,
    /// A line each: `path:line:column: error[E0201]: message`.
    Short,
    /// A JSON object on a line each.
    Json,
    /// The standard of checkers, SARIF 2.1.0: for code scanning and editors.
    Sarif,
    /// Workflow commands of GitHub: annotations of a change.
    Github,
    /// A Code Quality report of GitLab.
    Gitlab,
}

impl CheckFormat {
    /// What the paths of files start from: platforms know files by their place in the repository.
    pub fn base(self) -> Base {
        match self {
            CheckFormat::Human | CheckFormat::Short | CheckFormat::Json => Base::Here,
            CheckFormat::Sarif | CheckFormat::Github | CheckFormat::Gitlab => Base::Repository,
        }
    }

    /// Writes what was found.
    pub(super) fn write(
        self,
        shown: &Shown<'_>,
        checked: &Checked,
        to: &mut dyn Write,
        colour: bool,
    ) -> io::Result<()> {
        let found = &checked.diagnostics;
        let document = match self {
            CheckFormat::Human => return write_lines(shown, found, Format::Human, to, colour),
            CheckFormat::Short => return write_lines(shown, found, Format::Short, to, colour),
            CheckFormat::Json => return write_lines(shown, found, Format::Json, to, colour),
            CheckFormat::Sarif => sarif(shown, found, &checked.allowed),
            CheckFormat::Github => github(shown, found),
            CheckFormat::Gitlab => gitlab(shown, found),
        };
        to.write_all(document.as_bytes())
    }
}
