//! `chatflow i18n`: the catalogues of a project, kept up to date with its flows.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chatflow_compiler::catalogue::merge::{Merged, Original, merge};
use chatflow_compiler::catalogue::po::Entry;
use chatflow_compiler::{Checked, Code, FileId, Severity, catalogue, originals};
use chatflow_runtime::Tag;

use crate::arguments::{ExtractArguments, I18nCommand, StatusArguments};
use crate::check;
use crate::load::{Loaded, load};
use crate::render::{Format, counted};
use crate::streams::Streams;
use crate::trouble::{Ending, Trouble};

/// Carries out a command of `chatflow i18n`.
///
/// # Errors
/// If the project cannot be read, or a catalogue cannot be written.
pub fn run(command: &I18nCommand, streams: &mut Streams) -> Result<Ending, Trouble> {
    match command {
        I18nCommand::Extract(arguments) => extract(arguments, streams),
        I18nCommand::Status(arguments) => status(arguments, streams),
    }
}

/// A catalogue that a project has, or should have.
struct Wanted {
    /// Its file.
    path: String,
    /// The file that it translates.
    source: String,
    /// Its language.
    tag: String,
    /// The texts it is for.
    originals: Vec<Original>,
    /// Whether it is there.
    exists: bool,
    /// What it says by now.
    entries: Vec<Entry>,
}

impl Wanted {
    fn merged(&self) -> (String, Merged) {
        merge(&self.originals, &self.entries, &self.tag)
    }
}

/// Writes the catalogues of a language, or of all that the flows name.
fn extract(arguments: &ExtractArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let mut loaded = load(&arguments.path)?;
    let checked = loaded.check();
    // What cannot be read would look as if it were gone.
    let in_the_way = |file: FileId, code: Code| {
        let of_catalogue = loaded.project.file(file).is_some_and(|file| file.catalogue.is_some());
        code.severity() == Severity::Error && (!of_catalogue || code == Code::BrokenCatalogue)
    };
    if checked.diagnostics.iter().any(|found| in_the_way(found.primary.span.file, found.code)) {
        check::report(&mut load(&arguments.path)?, Format::Human, streams)?;
        return Ok(Ending::Findings);
    }
    let asked = tags(&arguments.language)?;
    let wanted = wanted(&loaded, &checked, &asked);
    if wanted.is_empty() {
        return Err(no_language(&arguments.path));
    }
    for catalogue in &wanted {
        let (text, merged) = catalogue.merged();
        let path = PathBuf::from(&catalogue.path);
        fs::write(&path, text).map_err(|error| Trouble::at(&path, "write", &error))?;
        writeln!(streams.out, "{} ({})", catalogue.path, counts(&merged))?;
    }
    for flow in &checked.flows {
        for tag in asked.iter().filter(|tag| !flow.languages.contains(tag)) {
            let spoken: Vec<&str> = flow.languages.iter().map(String::as_str).chain([tag.as_str()]).collect();
            let languages = spoken.join(", ");
            writeln!(
                streams.err,
                "`{}` does not speak `{tag}` yet: write `languages {languages}` in it",
                flow.name
            )?;
        }
    }
    Ok(Ending::Fine)
}

/// Says how far each catalogue is.
fn status(arguments: &StatusArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let mut loaded = load(&arguments.path)?;
    let checked = loaded.check();
    let wanted = wanted(&loaded, &checked, &[]);
    if wanted.is_empty() {
        return Err(no_language(&arguments.path));
    }
    let widest = wanted.iter().map(|catalogue| catalogue.source.chars().count()).max().unwrap_or(0);
    for catalogue in &wanted {
        let said = if catalogue.exists {
            counts(&catalogue.merged().1)
        } else {
            format!("no catalogue; {} to translate", counted(catalogue.originals.len(), "text"))
        };
        writeln!(streams.out, "{:widest$}  {}  {said}", catalogue.source, catalogue.tag)?;
    }
    Ok(Ending::Fine)
}

fn counts(merged: &Merged) -> String {
    let all = merged.translated + merged.fuzzy + merged.empty;
    let mut said = format!("{} of {} translated", merged.translated, counted(all, "text"));
    if merged.fuzzy > 0 {
        said.push_str(&format!(", {} to look at", merged.fuzzy));
    }
    if merged.obsolete > 0 {
        said.push_str(&format!(", {} no longer needed", merged.obsolete));
    }
    said
}

/// The tags that were asked for.
fn tags(asked: &[String]) -> Result<Vec<String>, Trouble> {
    let tag = |text: &String| {
        Tag::of(text).map(|tag| tag.to_string()).ok_or_else(|| {
            Trouble::new(format!("`{text}` is no language tag"))
                .help("Languages are named like `nl` or `de`.")
        })
    };
    asked.iter().map(tag).collect()
}

/// The catalogues of a project: those of the languages that were asked for, else of those that its flows name.
fn wanted(loaded: &Loaded, checked: &Checked, asked: &[String]) -> Vec<Wanted> {
    let mut all = Vec::new();
    for file in loaded.project.files.iter().filter(|file| file.catalogue.is_none()) {
        let readers = || checked.flows.iter().filter(|flow| flow.reads(file.id));
        let firsts: BTreeSet<&str> =
            readers().filter_map(|flow| flow.languages.first()).map(String::as_str).collect();
        let named: BTreeSet<String> = match asked {
            [] => readers().flat_map(|flow| flow.languages.iter().skip(1)).cloned().collect(),
            asked => asked.iter().filter(|tag| !firsts.contains(tag.as_str())).cloned().collect(),
        };
        let originals = originals(&loaded.project, checked, file.id);
        if originals.is_empty() {
            continue;
        }
        for tag in named {
            let path = catalogue::path(&file.source.path, &tag);
            let known = loaded.project.files.iter().find(|other| other.source.path == path);
            let entries = known.and_then(|known| known.catalogue.as_ref()).map(|known| known.entries.clone());
            all.push(Wanted {
                exists: entries.is_some(),
                entries: entries.unwrap_or_default(),
                originals: originals.clone(),
                source: file.source.path.clone(),
                path,
                tag,
            });
        }
    }
    all
}

fn no_language(path: &Path) -> Trouble {
    Trouble::new(format!("no flow in `{}` speaks a second language", path.display()))
        .help("Name its languages in the flow, the one it is written in first: languages en, nl")
}
