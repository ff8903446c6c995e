//! The bytes of programs and sessions, and what it takes to load a program.

use std::fmt::Write;

use chatflow_compiler::tree::{Branch, Item, Line, LineKind, Statement, StatementKind};
use chatflow_compiler::{File, FileId, Source};
use chatflow_runtime::{Program, strip};

use crate::measure::{median, timed};
use crate::talk::{TURNS, compiled, facts, sessions};

const ROUNDS: usize = 21;
const LOADS: u64 = 1_000;

/// Prints the table.
pub fn run() -> Result<String, String> {
    let mut out = String::new();
    let bytes = compiled()?;
    let bare = strip(&bytes).map_err(|error| error.to_string())?;
    let program = Program::load(&bytes).map_err(|error| error.to_string())?;
    let text = program.image().strings.text.len();
    let statements = statements(include_str!("../../examples/qualify_leads/qualify_leads.flow"));
    let each = (bytes.len() - text) as f64 / statements as f64;
    let _ =
        writeln!(out, "qualify_leads.flowc: {} bytes, {} without debug information", bytes.len(), bare.len());
    let _ = writeln!(
        out,
        "  text {text} bytes; {statements} statements; {each:.1} bytes a statement besides the text"
    );
    let facts = facts();
    let (turns, _) = sessions(&program, &facts)?;
    for ((name, _), before) in TURNS.iter().zip(&turns) {
        let _ = writeln!(out, "  session before {name:<16} {:>4} bytes", before.bytes.len());
    }
    let rounds = (0..ROUNDS).map(|_| timed(|| (0..LOADS).filter(|_| Program::load(&bytes).is_ok()).count()));
    let time = median(rounds.collect()) as f64 / LOADS as f64 / 1_000.0;
    let _ = writeln!(out, "  loaded and verified in {time:.1} microseconds");
    Ok(out)
}

/// The statements of a flow: what a step does, each choice, setting and outcome, and each line of the blocks at the
/// top.
fn statements(text: &str) -> usize {
    let file = File::read(FileId(0), Source::new("", text));
    file.items
        .iter()
        .map(|item| match item {
            Item::Step { body, .. } => 1 + block(body),
            Item::Anytime { arms } => arms.len(),
            Item::Declaration { block, .. } => block.as_deref().map_or(1, lines),
            Item::Header { .. } | Item::Outdated { .. } => 1,
            Item::Properties { .. }
            | Item::Function { .. }
            | Item::Test { .. }
            | Item::TestsFor { .. }
            | Item::Error => 0,
        })
        .sum()
}

fn block(body: &[Statement]) -> usize {
    body.iter()
        .map(|statement| match &statement.kind {
            StatementKind::If { arms, otherwise } => {
                arms.iter().map(|(_, arm)| 1 + branch(arm)).sum::<usize>()
                    + otherwise.as_ref().map_or(0, branch)
            }
            StatementKind::Ask { block, .. }
            | StatementKind::Action { block, .. }
            | StatementKind::Set { block, .. }
            | StatementKind::Let { block, .. } => 1 + block.as_deref().map_or(0, lines),
            StatementKind::Say { .. }
            | StatementKind::Clear { .. }
            | StatementKind::Wait { .. }
            | StatementKind::Do { .. }
            | StatementKind::Go(_)
            | StatementKind::End
            | StatementKind::Error => 1,
        })
        .sum()
}

fn lines(block: &[Line]) -> usize {
    block
        .iter()
        .map(|line| match &line.kind {
            LineKind::Choice { arrow, .. } | LineKind::Entry { arrow, .. } => {
                1 + arrow.as_ref().map_or(0, branch)
            }
            LineKind::Pair { .. } | LineKind::Save { .. } => 1,
            LineKind::Block { lines: inside, .. } => 1 + lines(inside),
            LineKind::Error => 0,
        })
        .sum()
}

fn branch(branch: &Branch) -> usize {
    match branch {
        Branch::Block { body, .. } => block(body),
        // `then -> step` is one statement with its `if`.
        Branch::Step(_) | Branch::Foreign { .. } | Branch::Statement(_) | Branch::Error(_) => 0,
    }
}
