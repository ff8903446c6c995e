//! `chatflow lsp`: the language server over standard input and output, with the files of the disk.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chatflow_compiler::catalogue;
use chatflow_compiler::diagnostic::{Diagnostic, Edit, Severity};
use chatflow_compiler::source::{FileId, Source, Span};
use chatflow_compiler::{Checked, File, Project};
use chatflow_lsp::disk::Beside;
use chatflow_lsp::{Disk, Loaded, Open, Played, Player};

use crate::config::Config;
use crate::deploy::lock::LOCK;
use crate::environment::{self, Environment};
use crate::levels::Levels;
use crate::load::{self, FLOW, MARKER, Texts, nearest, slashes};
use crate::run::{passing_test, verified};
use crate::testing::{Bubble, Change, Failure, run_tests, way};
use crate::trouble::{Ending, Trouble};

/// Serves an editor until it is done.
///
/// # Errors
/// If the system gives no threads.
pub fn run() -> Result<Ending, Trouble> {
    let served = chatflow_lsp::serve_stdio(Arc::new(Files), Arc::new(Chats));
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

/// What the `chatflow.toml` of a folder says, if there is one, and what is wrong with it: then it says nothing.
fn configured(root: &Path) -> (Option<Beside>, Config) {
    let path = root.join(MARKER);
    let Ok(text) = fs::read_to_string(&path) else { return (None, Config::default()) };
    let (config, found) = match Config::read(&path, Path::new(MARKER)) {
        Ok(config) => (config, None),
        Err(trouble) => (Config::default(), trouble.finding(FileId(0))),
    };
    let findings = found.iter().map(finding).collect();
    (Some(Beside { path, text, names: Vec::new(), findings }), config)
}

/// The environments of a folder, with the names of the project that stand in them.
fn environments(root: &Path) -> Vec<Beside> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).ok()?;
        let file = File::read(FileId(0), Source::new(slashes(&path), text.as_str()));
        let (names, findings) = match Environment::of(&file) {
            Ok(environment) => (environment.names(), Vec::new()),
            Err(found) => (Vec::new(), vec![finding(&found)]),
        };
        Some(Beside { path, text, names, findings })
    };
    environment::files(root).into_iter().filter_map(read).collect()
}

/// Where something is wrong, and what, in words for people.
fn finding(found: &Diagnostic) -> (Range<usize>, String) {
    let span = found.primary.span;
    let help = found.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    (span.start as usize..span.end as usize, format!("{}{help}", found.message))
}

/// All flows of a folder, with their catalogues. One that cannot be read is left out: whoever needs it will be told.
fn load_folder(root: &Path) -> Result<Loaded, Trouble> {
    let (marker, config) = configured(root);
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
        beside: marker.into_iter().chain(environments(root)).collect(),
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
            beside: Arc::default(),
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
        beside: Arc::default(),
        levels: levels(loaded.config.levels),
    })
}

/// How bad findings are, for the server.
fn levels(levels: Levels) -> chatflow_lsp::disk::Levels {
    Arc::new(move |found: &Diagnostic| levels.shows(found).then(|| levels.severity(found)))
}

/// Chats that are played, with no visitor and no host.
struct Chats;

impl Player for Chats {
    fn run(&self, checked: &Checked, file: FileId, name: Option<&str>) -> Result<Vec<Played>, String> {
        let report =
            run_tests(checked, |asked| asked == file, name).map_err(|trouble| trouble.to_string())?;
        let tests = report.tests.into_iter().filter(|test| name.is_none_or(|name| test.name == name));
        let tests: Vec<Played> = tests
            .map(|test| Played {
                name: test.name,
                span: test.span,
                failure: test.failure.map(|failure| (failure.line, why(&failure))),
            })
            .collect();
        let broken = |found: &Diagnostic| found.severity() == Severity::Error;
        if tests.is_empty() && checked.diagnostics.iter().any(broken) {
            return Err("the tests of a flow with errors do not run".to_owned());
        }
        Ok(tests)
    }

    fn test_to(&self, project: &Project, checked: &Checked, at: Span) -> Result<Edit, String> {
        let flow = checked.flows.iter().find(|flow| flow.file == at.file);
        let image =
            flow.and_then(|flow| flow.image.clone()).ok_or("the chats of a flow with errors do not run")?;
        let program = verified(image).map_err(|trouble| trouble.to_string())?;
        let source = project.file(at.file).ok_or("there is no such file")?;
        let line = source.lines.line(at.start) + 1;
        let lines = way(&program, &source.source.path, line)
            .ok_or("no talk was found that comes here; write a test that says what it takes")?;
        let name = format!("a way to {}", source.item_name(at.start).trim_start_matches("step "));
        let (whole, _) =
            passing_test(project, at.file, &name, lines).map_err(|trouble| trouble.to_string())?;
        let text = &source.source.text;
        let end = text.len() as u32;
        let added = whole.get(text.len()..).unwrap_or("").to_owned();
        Ok(Edit { span: Span { start: end, end, ..at }, text: added })
    }
}

/// Why a test failed, with what was expected and what was said instead.
fn why(failure: &Failure) -> String {
    let mut lines = vec![failure.what.clone()];
    let line = |mark: &str, bubble: &Bubble| {
        let replies = bubble.replies.as_ref().filter(|replies| !replies.is_empty());
        let replies = replies.map(|replies| format!(" [{}]", replies.join(" | "))).unwrap_or_default();
        format!("{mark} {}{replies}", bubble.text)
    };
    lines.extend(failure.changes.iter().map(|change| match change {
        Change::Same(bubble) => line(" ", bubble),
        Change::Missing(bubble) => line("-", bubble),
        Change::Extra(bubble) => line("+", bubble),
    }));
    lines.extend(failure.known.iter().cloned());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chatflow_compiler::check;

    /// Every statement of the example has a talk that comes to it, and the test that is made of the talk passes.
    #[test]
    fn a_test_talks_to_every_statement() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/qualify_leads");
        let mut tests = String::new();
        let project = Project::new(load_folder(&folder).unwrap().files);
        let checked = check(&project);
        let mut talks = 0;
        for flow in &checked.flows {
            let file = project.file(flow.file).unwrap();
            let debug = flow.image.as_ref().unwrap().debug.as_ref().unwrap();
            let lines: std::collections::BTreeSet<u32> = debug.lines.iter().map(|(_, line)| *line).collect();
            for line in lines {
                let start = file.lines.line_start(line - 1);
                let at = Span { file: file.id, start, end: start };
                let test = Chats.test_to(&project, &checked, at);
                let test = test.unwrap_or_else(|why| panic!("line {line}: {why}"));
                assert!(test.text.trim_start().starts_with("test \"a way to "), "{}", test.text);
                talks += 1;
                let text = file.text(Span { end: file.lines.line_start(line), ..at });
                tests += &format!("{}:{line}: {}\n{}\n", file.source.path, text.trim(), test.text.trim());
            }
        }
        assert!(talks > 10, "{talks}");
        insta::assert_snapshot!(tests);
    }
}
