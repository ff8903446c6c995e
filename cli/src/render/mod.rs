//! Diagnostics as text: for people at a terminal ([`human()`]), as plain text ([`plain()`], [`short()`]) and for other
//! programs ([`json()`], [`sarif()`], [`github()`], [`gitlab()`]). Renderers are functions of the data; none of them prints.

mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod json;
mod mask;
mod plain;
mod sarif;
mod shown;

use chatflow_compiler::Project;
use chatflow_compiler::allow::Allowed;
use chatflow_compiler::diagnostic::{Diagnostic, Severity};

pub use json::VERSION as JSON_VERSION;
pub(crate) use mask::escape_hidden;
pub use mask::{mask, mask_line};
pub use shown::Shown;

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people: the source with labels, help and fixes.
    #[default]
    Human,
    /// A line each: `path:line:column: error[E0201]: message`.
    Short,
    /// A JSON object on a line each.
    Json,
}

/// A diagnostic for people: with colours for a terminal, else plain text that is the same everywhere.
pub fn human(project: &Project, diagnostic: &Diagnostic, colour: bool) -> String {
    Shown::new(project).human(diagnostic, colour)
}

/// A diagnostic as plain text, with the source and without colours.
pub fn plain(project: &Project, diagnostic: &Diagnostic) -> String {
    Shown::new(project).plain(diagnostic)
}

/// A diagnostic as one line: `path:line:column: error[E0201]: message`.
pub fn short(project: &Project, diagnostic: &Diagnostic) -> String {
    Shown::new(project).short(diagnostic)
}

/// A diagnostic as one line of JSON.
pub fn json(project: &Project, diagnostic: &Diagnostic) -> String {
    json::line(&Shown::new(project), diagnostic)
}

/// All findings as a SARIF 2.1.0 log; what comments allow is suppressed in it.
pub fn sarif(shown: &Shown<'_>, found: &[Diagnostic], allowed: &[Allowed]) -> String {
    sarif::log(shown, found, allowed)
}

/// All findings as workflow commands of GitHub.
pub fn github(shown: &Shown<'_>, found: &[Diagnostic]) -> String {
    github::commands(shown, found)
}

/// All findings as a Code Quality report of GitLab.
pub fn gitlab(shown: &Shown<'_>, found: &[Diagnostic]) -> String {
    gitlab::report(shown, found)
}

impl Shown<'_> {
    /// A diagnostic in a format; it ends with a newline.
    pub fn diagnostic(&self, diagnostic: &Diagnostic, format: Format, colour: bool) -> String {
        match format {
            Format::Human => self.human(diagnostic, colour),
            Format::Short => self.short(diagnostic),
            Format::Json => json::line(self, diagnostic),
        }
    }

    /// `2 errors, 1 warning`, or nothing where there is nothing to count.
    pub fn summary(&self, diagnostics: &[Diagnostic]) -> Option<String> {
        let count = |severity| diagnostics.iter().filter(|found| self.severity(found) == severity).count();
        let parts: Vec<String> = [(count(Severity::Error), "error"), (count(Severity::Warning), "warning")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| counted(count, word))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// A diagnostic for people.
    pub fn human(&self, diagnostic: &Diagnostic, colour: bool) -> String {
        let rich = if colour { human::report(self, diagnostic) } else { None };
        rich.unwrap_or_else(|| self.plain(diagnostic))
    }

    /// A diagnostic as plain text.
    pub fn plain(&self, diagnostic: &Diagnostic) -> String {
        plain::rich(self, diagnostic)
    }

    /// A diagnostic as one line.
    pub fn short(&self, diagnostic: &Diagnostic) -> String {
        plain::short(self, diagnostic)
    }
}

/// `1 error`, `2 errors`.
pub fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// What follows the source: the help, then what each fix does.
fn notes(diagnostic: &Diagnostic) -> impl Iterator<Item = String> + '_ {
    let help = diagnostic.help.iter().map(|help| format!("help: {}", mask(help)));
    help.chain(diagnostic.fixes.iter().map(|fix| format!("fix: {}", mask(&fix.title))))
}
