//! What checking a project costs, at doubling sizes up to a hundred thousand lines: many flows, one flow, and flows with a
//! mistake in every tenth line.

use chatflow_compiler::{Project, Source, check};

use crate::generate::{File, flow, project};
use crate::measure::{instructions, timed};

/// The lines of the largest project.
const LINES: usize = 100_000;
/// How often that is halved.
const HALVINGS: u32 = 3;
/// What a doubling may cost.
const LIMIT: f64 = 2.2;

/// A way to write a project of so many lines.
type Make = fn(usize) -> Vec<File>;

const PROJECTS: [(&str, Make); 3] =
    [("flows of 1,000 lines", project), ("one flow", one_flow), ("mistakes in every tenth line", broken)];

fn one_flow(lines: usize) -> Vec<File> {
    let mut files = project(1);
    files.push(("flow_1.flow".to_owned(), flow(1, lines)));
    files
}

/// Every tenth line has lost its last letter, whatever that was: a quote, a brace, a name's end.
fn broken(lines: usize) -> Vec<File> {
    let broken = |(nth, line): (usize, &str)| match line.char_indices().next_back() {
        Some((last, _)) if nth % 10 == 9 => line.get(..last).unwrap_or(line).to_owned(),
        _ => line.to_owned(),
    };
    let mut files = project(lines);
    for (_, text) in files.iter_mut().skip(1) {
        *text = text.lines().enumerate().map(broken).collect::<Vec<_>>().join("\n");
    }
    files
}

/// Prints what each size costs and what it costs more than half of it.
pub fn run(count_instructions: bool) -> Result<String, String> {
    let unit = if count_instructions { "million instructions" } else { "ms" };
    let mut worst: f64 = 0.0;
    for (name, make) in PROJECTS {
        println!("{name}");
        let mut before: Option<u64> = None;
        for halving in (0..=HALVINGS).rev() {
            let lines = LINES >> halving;
            let cost = cost(name, make, lines, count_instructions)?;
            let ratio = before.map(|before| cost as f64 / before as f64);
            worst = worst.max(ratio.unwrap_or(0.0));
            let told = ratio.map(|ratio| format!("{ratio:.2} times")).unwrap_or_default();
            println!("  {lines:>7} lines  {:>9.1} {unit}  {told}", cost as f64 / 1e6);
            before = Some(cost);
        }
    }
    let verdict = if worst <= LIMIT { "at most" } else { "MORE THAN" };
    Ok(format!("a doubling costs {worst:.2} times at the worst, {verdict} {LIMIT}\n"))
}

fn cost(name: &str, make: Make, lines: usize, count_instructions: bool) -> Result<u64, String> {
    if count_instructions {
        return instructions("measured_project", &["check", "--project", name, &lines.to_string()]);
    }
    let runs = (0..5).map(|_| {
        let files = make(lines);
        timed(|| measured_project(files))
    });
    Ok(runs.min().unwrap_or(0))
}

/// One project, once, to be counted from outside.
pub fn run_project(name: &str, lines: &str) -> Result<(), String> {
    let (_, make) = PROJECTS.iter().find(|(other, _)| *other == name).ok_or("no such project")?;
    let files = make(lines.parse().map_err(|_| "not a number")?);
    std::hint::black_box(measured_project(files));
    Ok(())
}

#[inline(never)]
fn measured_project(files: Vec<File>) -> usize {
    let sources = files.into_iter().map(|(path, text)| Source::new(path, text)).collect();
    check(&Project::new(sources)).diagnostics.len()
}
