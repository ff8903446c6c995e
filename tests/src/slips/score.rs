//! Makes mistakes and counts what the checker says of each.

use std::fmt::{self, Display};
use std::thread;

use chatflow_compiler::{Checked, FileId, LineIndex, Project, check};

use super::material::changed;
use super::{CLASSES, Class, Slip, Subject};
use crate::random::Choices;

/// What was said of the mistakes of all classes.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// A row for each class, in the order of the table.
    pub rows: Vec<Row>,
}

/// What was said of the mistakes of a class.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The class.
    pub name: &'static str,
    /// How many mistakes were made.
    pub made: usize,
    /// How many were reported on their line, with a code that says what is wrong.
    pub reported: usize,
    /// How many were reported elsewhere only, or as something else.
    pub elsewhere: usize,
    /// How many were not reported.
    pub silent: usize,
    /// How many findings there were beyond the one that each mistake needs.
    pub further: usize,
    /// What was not reported right, to read.
    pub wrong: Vec<String>,
    /// What had further findings, to read.
    pub echoes: Vec<String>,
}

/// Makes at most `most` mistakes of each class, chosen with a seed, and scores them.
pub fn score(subjects: &[Subject], most: usize, seed: u64) -> Score {
    let mut choices = Choices::seeded(seed);
    let made: Vec<(&Class, Vec<(&Subject, Slip)>)> =
        CLASSES.iter().map(|class| (class, chosen(class, subjects, most, &mut choices))).collect();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let mut rows: Vec<(usize, Row)> = thread::scope(|scope| {
        let part = |worker| made.iter().enumerate().skip(worker).step_by(workers);
        let run = |worker| {
            scope.spawn(move || {
                part(worker).map(|(nth, (class, slips))| (nth, row(class, slips))).collect::<Vec<_>>()
            })
        };
        let running: Vec<_> = (0..workers).map(run).collect();
        running.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    rows.sort_by_key(|(nth, _)| *nth);
    Score { rows: rows.into_iter().map(|(_, row)| row).collect() }
}

/// Some of the slips of a class: of all flows, none of them twice.
fn chosen<'s>(
    class: &Class,
    subjects: &'s [Subject],
    most: usize,
    choices: &mut Choices,
) -> Vec<(&'s Subject, Slip)> {
    let all = subjects
        .iter()
        .flat_map(|subject| (class.slips)(subject).into_iter().map(move |slip| (subject, slip)));
    let mut all: Vec<(&Subject, Slip)> = all.collect();
    let mut some = Vec::new();
    while some.len() < most && !all.is_empty() {
        some.push(all.swap_remove(choices.below(all.len())));
    }
    some
}

fn row(class: &Class, slips: &[(&Subject, Slip)]) -> Row {
    let mut row = Row { name: class.name, ..Row::default() };
    for (subject, slip) in slips {
        row.count(class, subject, slip);
    }
    row
}

impl Row {
    fn count(&mut self, class: &Class, subject: &Subject, slip: &Slip) {
        let text = slip.of(subject.text());
        let index = LineIndex::new(&text);
        let lines: Vec<u32> = slip.places().map(|byte| index.line(byte as u32)).collect();
        let project = changed(subject, text);
        let found = check(&project);
        let on_its_line = found.diagnostics.iter().any(|found| {
            let span = found.primary.span;
            let here = span.file == FileId(subject.at as u32) && lines.contains(&index.line(span.start));
            here && class.codes.contains(&found.code)
        });
        self.made += 1;
        self.further += found.diagnostics.len().saturating_sub(1);
        let what = || shown(subject, &lines, &project, &found);
        if on_its_line {
            self.reported += 1;
        } else if found.diagnostics.is_empty() {
            self.silent += 1;
            self.wrong.push(what());
        } else {
            self.elsewhere += 1;
            self.wrong.push(what());
        }
        if on_its_line && found.diagnostics.len() > 1 {
            self.echoes.push(what());
        }
    }
}

/// The line of a mistake and what was found, to read.
fn shown(subject: &Subject, lines: &[u32], project: &Project, found: &Checked) -> String {
    let file = project.files.get(subject.at);
    let path = file.map_or("", |file| &file.source.path);
    let text = file.map_or("", |file| &file.source.text);
    let mut shown = String::new();
    for line in lines {
        let written = text.lines().nth(*line as usize).unwrap_or("");
        shown.push_str(&format!("  {path}:{}: {}\n", line + 1, written.trim()));
    }
    for found in &found.diagnostics {
        shown.push_str(&format!("    {}", chatflow::render::short(project, found)));
    }
    shown
}

impl Score {
    /// How many mistakes were made.
    pub fn made(&self) -> usize {
        self.rows.iter().map(|row| row.made).sum()
    }

    /// How many of them were reported on their line.
    pub fn reported(&self) -> usize {
        self.rows.iter().map(|row| row.reported).sum()
    }

    /// How many findings were beyond one for each mistake.
    pub fn further(&self) -> usize {
        self.rows.iter().map(|row| row.further).sum()
    }
}

impl Display for Score {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            to,
            "{:<58} {:>5} {:>9} {:>10} {:>7} {:>8}",
            "class", "made", "reported", "elsewhere", "silent", "further"
        )?;
        for row in &self.rows {
            let Row { name, made, reported, elsewhere, silent, further, .. } = row;
            writeln!(to, "{name:<58} {made:>5} {reported:>9} {elsewhere:>10} {silent:>7} {further:>8}")?;
        }
        let sum = |of: fn(&Row) -> usize| self.rows.iter().map(of).sum::<usize>();
        let (elsewhere, silent) = (sum(|row| row.elsewhere), sum(|row| row.silent));
        let (made, reported, further) = (self.made(), self.reported(), self.further());
        writeln!(to, "{:<58} {made:>5} {reported:>9} {elsewhere:>10} {silent:>7} {further:>8}", "all")
    }
}
