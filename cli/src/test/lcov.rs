//! Coverage in the format of lcov, which editors and build servers draw beside the source. Steps are its functions. How
//! often something was reached is not counted: 1 is reached, 0 is not.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::path;
use crate::load::Loaded;
use crate::testing::{FlowCoverage, Spot, hits};

/// The coverage of flows, a record each.
pub(super) fn text(loaded: &Loaded, flows: &[FlowCoverage]) -> String {
    flows.iter().map(|flow| record(&path(loaded, flow.file), flow)).collect()
}

fn record(path: &str, flow: &FlowCoverage) -> String {
    let mut text = format!("TN:\nSF:{path}\n");
    // Writing to a text does not fail.
    for step in &flow.steps {
        let _ = writeln!(text, "FN:{},{}", step.line.unwrap_or(1), step.what);
    }
    for step in &flow.steps {
        let _ = writeln!(text, "FNDA:{},{}", u8::from(step.hit), step.what);
    }
    let _ = writeln!(text, "FNF:{}\nFNH:{}", flow.steps.len(), hits(&flow.steps));
    let mut by_line: BTreeMap<u32, Vec<&Spot>> = BTreeMap::new();
    flow.branches.iter().for_each(|branch| by_line.entry(branch.line.unwrap_or(1)).or_default().push(branch));
    for (line, branches) in by_line {
        for (at, branch) in branches.iter().enumerate() {
            // A branch of a line that was never reached is `-`: nobody came so far.
            let taken = if branch.in_missed_step { "-".to_owned() } else { u8::from(branch.hit).to_string() };
            let _ = writeln!(text, "BRDA:{line},0,{at},{taken}");
        }
    }
    let _ = writeln!(text, "BRF:{}\nBRH:{}", flow.branches.len(), hits(&flow.branches));
    for (line, hit) in &flow.lines {
        let _ = writeln!(text, "DA:{line},{}", u8::from(*hit));
    }
    let hit = flow.lines.values().filter(|hit| **hit).count();
    let _ = writeln!(text, "LF:{}\nLH:{hit}\nend_of_record", flow.lines.len());
    text
}
