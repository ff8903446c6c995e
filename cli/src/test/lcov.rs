//! Coverage in the format of lcov, which editors and build servers draw beside the source. Steps are its functions. How
//! often something was reached is not counted: 1 is reached, 0 is not. What several flows run of a module is in one
//! record, its file's, and was reached if a test of any of them came there.

use std::collections::BTreeMap;
use std::fmt::Write;

use chatflow_compiler::source::FileId;

use super::path;
use crate::load::Loaded;
use crate::testing::FlowCoverage;

/// The coverage of flows, a record for each file.
pub(super) fn text(loaded: &Loaded, flows: &[FlowCoverage]) -> String {
    let mut records: BTreeMap<FileId, Record<'_>> = BTreeMap::new();
    for flow in flows {
        // A flow without a step that runs has a record all the same.
        records.entry(flow.file).or_default();
        for step in &flow.steps {
            let record = records.entry(step.file).or_default();
            record.step(&step.what, step.line.unwrap_or(1), step.hit);
        }
        let mut of_line: BTreeMap<(FileId, u32), usize> = BTreeMap::new();
        for branch in &flow.branches {
            let line = branch.line.unwrap_or(1);
            let nth = of_line.entry((branch.file, line)).or_default();
            // A branch of a line that was never reached is `-`: nobody came so far.
            let taken = (!branch.in_missed_step).then_some(branch.hit);
            let record = records.entry(branch.file).or_default();
            let known = record.branches.entry((line, *nth)).or_default();
            *known = (*known).max(taken);
            *nth += 1;
        }
        for ((file, line), hit) in &flow.lines {
            *records.entry(*file).or_default().lines.entry(*line).or_default() |= hit;
        }
    }
    records.into_iter().map(|(file, record)| record.text(&path(loaded, file))).collect()
}

/// What was reached of a file.
#[derive(Default)]
struct Record<'f> {
    /// The steps with their lines, in the order of the first flow.
    steps: Vec<(&'f str, u32, bool)>,
    /// The branches by their lines and numbers there; nothing where nobody came to them.
    branches: BTreeMap<(u32, usize), Option<bool>>,
    lines: BTreeMap<u32, bool>,
}

impl<'f> Record<'f> {
    fn step(&mut self, what: &'f str, line: u32, hit: bool) {
        match self.steps.iter_mut().find(|(known, at, _)| *known == what && *at == line) {
            Some((_, _, known)) => *known |= hit,
            None => self.steps.push((what, line, hit)),
        }
    }

    fn text(&self, path: &str) -> String {
        let mut text = format!("TN:\nSF:{path}\n");
        // Writing to a text does not fail.
        for (what, line, _) in &self.steps {
            let _ = writeln!(text, "FN:{line},{what}");
        }
        for (what, _, hit) in &self.steps {
            let _ = writeln!(text, "FNDA:{},{what}", u8::from(*hit));
        }
        let hit = self.steps.iter().filter(|(.., hit)| *hit).count();
        let _ = writeln!(text, "FNF:{}\nFNH:{hit}", self.steps.len());
        for ((line, at), taken) in &self.branches {
            let taken = taken.map_or_else(|| "-".to_owned(), |taken| u8::from(taken).to_string());
            let _ = writeln!(text, "BRDA:{line},0,{at},{taken}");
        }
        let hit = self.branches.values().filter(|taken| **taken == Some(true)).count();
        let _ = writeln!(text, "BRF:{}\nBRH:{hit}", self.branches.len());
        for (line, hit) in &self.lines {
            let _ = writeln!(text, "DA:{line},{}", u8::from(*hit));
        }
        let hit = self.lines.values().filter(|hit| **hit).count();
        let _ = writeln!(text, "LF:{}\nLH:{hit}\nend_of_record", self.lines.len());
        text
    }
}
