//! What the checker says of mistakes: those made mechanically in every flow of the repository, those written as
//! authors make them, each with its correct twin, and correct flows that look wrong.

use std::collections::BTreeSet;

use chatflow::render;
use chatflow_compiler::{Code, Project, check};
use chatflow_tests::mistakes::{correct_flows, mistakes};
use chatflow_tests::slips::{CLASSES, score, subjects};

/// How many mistakes of a class are made at most.
const MOST: usize = 12;
/// Chosen once. Another one makes other mistakes.
const SEED: u64 = 4;
/// How many mistakes must be reported on their line, in percent: of all, and of each class.
const REPORTED: usize = 98;
const REPORTED_OF_A_CLASS: usize = 90;
/// How many findings there may be beyond one for each mistake, in percent. What remains follows from an arrow that is
/// nowhere in the flow any more: the step that it led to is then unreached, which nothing tells from a second mistake.
const FURTHER: usize = 2;

#[test]
fn mistakes_made_mechanically_are_found_on_their_line() {
    let subjects = subjects();
    assert!(subjects.len() > 100, "only {} flows and workspaces", subjects.len());
    let score = score(&subjects, MOST, SEED);
    println!("{score}");
    let mut wrong = String::new();
    for row in &score.rows {
        if row.made == 0 || row.reported * 100 < row.made * REPORTED_OF_A_CLASS {
            wrong.push_str(&format!(
                "{}: {} of {} reported\n{}",
                row.name,
                row.reported,
                row.made,
                row.wrong.concat()
            ));
        }
    }
    let (made, reported, further) = (score.made(), score.reported(), score.further());
    let rows = || score.rows.iter();
    let missed: String = rows().flat_map(|row| row.wrong.clone()).collect();
    let echoes: String = rows().flat_map(|row| row.echoes.clone()).collect();
    println!("not reported right:\n{missed}\nreported more than once:\n{echoes}");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(CLASSES.len() >= 100 && made >= 1_000, "{made} mistakes of {} classes", CLASSES.len());
    assert!(
        reported * 100 >= made * REPORTED,
        "{reported} of {made} mistakes are reported on their line:\n{missed}"
    );
    assert!(further * 100 <= made * FURTHER, "{further} further findings of {made} mistakes:\n{echoes}");
}

/// What is found in a project: the path, the line from 1, the code; each as often as it is found.
fn found(project: &Project) -> Vec<(String, u32, Code)> {
    let found = check(project).diagnostics.into_iter().filter_map(|found| {
        let file = project.file(found.primary.span.file)?;
        Some((file.source.path.clone(), file.lines.line(found.primary.span.start) + 1, found.code))
    });
    let mut found: Vec<_> = found.collect();
    found.sort();
    found
}

fn shown(project: &Project) -> String {
    check(project).diagnostics.iter().map(|found| format!("  {}", render::short(project, found))).collect()
}

#[test]
fn written_mistakes_are_found_on_their_line_and_once() {
    let mistakes = mistakes().unwrap();
    let mut wrong = String::new();
    for mistake in &mistakes {
        let mut expected = mistake.expected.clone();
        expected.sort();
        let project = mistake.project();
        if expected.is_empty() || found(&project) != expected {
            wrong.push_str(&format!("{}: {expected:?} was expected\n{}", mistake.title, shown(&project)));
        }
    }
    let titles: BTreeSet<&str> = mistakes.iter().map(|mistake| mistake.title.as_str()).collect();
    assert_eq!(titles.len(), mistakes.len(), "two mistakes have one title");
    assert!(mistakes.len() >= 150, "{} mistakes", mistakes.len());
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn nothing_is_found_in_the_correct_twin_of_a_mistake() {
    let mut wrong = String::new();
    for mistake in mistakes().unwrap() {
        let found = shown(&mistake.twin());
        if !found.is_empty() {
            wrong.push_str(&format!("{}\n{found}", mistake.title));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn nothing_is_found_in_correct_flows_that_look_wrong() {
    let flows = correct_flows();
    let mut wrong = String::new();
    for (title, project) in &flows {
        let found = shown(project);
        if !found.is_empty() {
            wrong.push_str(&format!("{title}\n{found}"));
        }
    }
    assert!(flows.len() >= 50, "{} flows", flows.len());
    assert!(wrong.is_empty(), "{wrong}");
}
