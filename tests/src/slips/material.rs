//! Where mistakes are made: the correct flows and workspaces of the repository.

use std::path::Path;

use chatflow_compiler::{File, FileId, Heading, Project, Source, check, heading};

use super::Subject;
use crate::documents::{blocks, pages, read, root};

/// Every correct flow and workspace of the repository: the examples, the conversations, and the whole flows of the
/// documents. Each flow is a project with its workspace; each workspace one with a flow that uses it.
pub fn subjects() -> Vec<Subject> {
    let mut projects = Vec::new();
    for folder in ["examples", "tests/conversations"] {
        projects_below(&root().join(folder), &mut projects);
    }
    let acme = Source::new("acme.flow", read("examples/qualify_leads/acme.flow"));
    for (path, text) in pages("docs") {
        for block in blocks(&text) {
            let plain = block.is("flow") && !block.is("fragment") && block.value("test").is_none();
            if plain && block.value("error").is_none() && block.section != "Bad" && !block.is("escaped") {
                let name = format!("{path}-{}.flow", block.line);
                projects.push(vec![Source::new(name, block.text), acme.clone()]);
            }
        }
    }
    let projects = projects.into_iter().map(Project::new);
    let clean = projects.filter(|project| check(project).diagnostics.is_empty());
    clean.filter_map(|project| Subject::new(project, 0)).collect()
}

fn projects_below(folder: &Path, projects: &mut Vec<Vec<Source>>) {
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let mut sources = Vec::new();
    for path in entries {
        if path.is_dir() {
            projects_below(&path, projects);
        } else if path.extension().is_some_and(|ending| ending == "flow") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            sources.push(Source::new(name, std::fs::read_to_string(&path).unwrap_or_default()));
        }
    }
    let is_flow = |source: &&Source| matches!(heading(&source.text), Heading::Flow(_));
    let is_workspace = |source: &&Source| matches!(heading(&source.text), Heading::Other);
    let workspaces: Vec<Source> = sources.iter().filter(is_workspace).cloned().collect();
    for flow in sources.iter().filter(is_flow) {
        projects.push(std::iter::once(flow).chain(&workspaces).cloned().collect());
    }
    if let Some(flow) = sources.iter().find(is_flow) {
        for workspace in &workspaces {
            projects.push(vec![workspace.clone(), flow.clone()]);
        }
    }
}

/// The file with another text in it, and the project with that file.
pub(super) fn changed(subject: &Subject, text: String) -> Project {
    let mut project = subject.project.clone();
    if let Some(file) = project.files.get_mut(subject.at) {
        let source = Source::new(file.source.path.clone(), text);
        *file = File::read(FileId(subject.at as u32), source);
    }
    project
}
