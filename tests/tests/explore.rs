//! Random talks with flows that check clean go wrong nowhere: with every example, and with random flows.
#![expect(clippy::unwrap_used, reason = "a panic in a test is its failure")]

use std::fs;
use std::path::Path;

use chatflow::testing::explore;
use chatflow_compiler::source::Source;
use chatflow_compiler::{Project, check};
use chatflow_runtime::Program;
use chatflow_tests::documents::root;
use chatflow_tests::random::{Choices, sources};

/// What random talks with the flows of a project find, and how many flows there are.
fn found(project: &Project, talks: u32) -> (usize, Vec<String>) {
    let checked = check(project);
    let programs = checked.flows.into_iter().filter_map(|flow| flow.image);
    let programs: Vec<Program> = programs.map(|image| Program::from_image(image).unwrap()).collect();
    let all = programs.iter().filter_map(|program| explore(program, talks, 1));
    let told =
        all.map(|found| format!("{} {}: {}\n{}", found.flow, found.seed, found.what, found.lines.join("\n")));
    (programs.len(), told.collect())
}

/// The flows and workspaces of each folder that has any.
fn projects(folder: &Path) -> Vec<Vec<Source>> {
    let mut own = Vec::new();
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(projects(&path));
        } else if path.extension().is_some_and(|extension| extension == "flow") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            own.push(Source::new(name, fs::read_to_string(&path).unwrap()));
        }
    }
    all.push(own);
    all
}

#[test]
fn nothing_goes_wrong_in_the_examples() {
    let mut flows = 0;
    let all = projects(&root().join("examples"));
    for project in all {
        let (some, told) = found(&Project::new(project), 40);
        assert_eq!(told, [""; 0]);
        flows += some;
    }
    assert!(flows >= 15, "{flows}");
}

#[test]
fn nothing_goes_wrong_in_random_flows() {
    let mut flows = 0;
    for seed in 0..300 {
        let (sources, _) = sources(Choices::seeded(seed));
        let (some, told) = found(&sources.project(), 5);
        assert_eq!(told, [""; 0], "seed {seed}");
        flows += some;
    }
    assert!(flows >= 150, "{flows}");
}
