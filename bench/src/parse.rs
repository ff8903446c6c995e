//! The compiler beside the reference, stage by stage, in one run.

use std::fmt::Write;

use chatflow_compiler::layout::layout;
use chatflow_compiler::lex::lex;
use chatflow_compiler::tree::{Item, Items};
use chatflow_compiler::{File, FileId, LineIndex, Project, Severity, Source, check};

use crate::generate::{self, bytes};
use crate::measure::{instructions, median, timed};
use crate::reference;

/// How often everything is measured, in turns.
const ROUNDS: usize = 21;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Text to tree.
    Tree,
    /// The same by hand.
    TreeByHand,
    /// Text to programs.
    Program,
    /// The same with the reference's tree.
    ProgramByHand,
}

impl Stage {
    const ALL: [(&'static str, Stage); 4] = [
        ("tree", Stage::Tree),
        ("tree_by_hand", Stage::TreeByHand),
        ("program", Stage::Program),
        ("program_by_hand", Stage::ProgramByHand),
    ];

    fn run(self, sources: &[Source]) -> usize {
        match self {
            Stage::Tree => sources.iter().map(|source| tree(&source.text).len()).sum(),
            Stage::TreeByHand => sources.iter().map(|source| tree_by_hand(&source.text).len()).sum(),
            Stage::Program => programs(&Project::new(sources.to_vec())),
            Stage::ProgramByHand => programs(&project_by_hand(sources)),
        }
    }
}

fn tree(text: &str) -> Items {
    let (tokens, _) = lex(text);
    chatflow_compiler::parse::parse(&layout(&tokens)).0
}

fn tree_by_hand(text: &str) -> Vec<Item> {
    let (tokens, _) = lex(text);
    reference::parse(&layout(&tokens)).unwrap_or_default()
}

/// A project whose files were read by hand; they are without a mistake.
fn project_by_hand(sources: &[Source]) -> Project {
    let read = |(id, source): (usize, &Source)| {
        let (tokens, notes) = lex(&source.text);
        let layout = layout(&tokens);
        let items = reference::parse(&layout).unwrap_or_default();
        let lines = LineIndex::new(&source.text);
        File {
            id: FileId(id as u32),
            source: source.clone(),
            lines,
            tokens,
            notes,
            layout,
            items: items.into(),
            unread: Vec::new(),
            catalogue: None,
            diagnostics: Vec::new(),
        }
    };
    Project { files: sources.iter().enumerate().map(read).collect(), deployed: false }
}

/// Compiles a project: the bytes of its programs.
fn programs(project: &Project) -> usize {
    let checked = check(project);
    checked
        .flows
        .iter()
        .filter_map(|flow| flow.image.as_ref())
        .map(|image| chatflow_runtime::encode(image).len())
        .sum()
}

fn sources(lines: usize) -> Vec<Source> {
    generate::project(lines).into_iter().map(|(path, text)| Source::new(path, text)).collect()
}

/// Whether the compiler and the reference read the same trees, and the compiler finds no error.
pub fn agree(sources: &[Source]) -> Result<(), String> {
    for source in sources {
        let (tokens, _) = lex(&source.text);
        let layout = layout(&tokens);
        let (read, errors) = chatflow_compiler::parse::parse(&layout);
        let by_hand =
            reference::parse(&layout).ok_or_else(|| format!("the reference cannot read {}", source.path))?;
        if let Some(error) = errors.first() {
            return Err(format!("{}: the compiler finds a mistake: {error:?}", source.path));
        }
        for (number, (one, other)) in read.iter().zip(&by_hand).enumerate() {
            if one != other {
                return Err(format!("{}: item {number} differs:\n{one:?}\n{other:?}", source.path));
            }
        }
        if read.len() != by_hand.len() {
            return Err(format!("{}: the reference reads another number of items", source.path));
        }
    }
    let project = Project::new(sources.to_vec());
    let checked = check(&project);
    let broken = checked.diagnostics.iter().find(|found| found.severity() == Severity::Error);
    match broken {
        Some(found) => Err(format!("the project has an error: {} ({:?})", found.message, found.primary)),
        None => Ok(()),
    }
}

/// Prints the table.
pub fn run(count_instructions: bool) -> Result<String, String> {
    let mut out = String::new();
    for lines in [1_000, 10_000, 100_000] {
        let sources = sources(lines);
        agree(&sources)?;
        let size = bytes(&generate::project(lines));
        let rounds = if lines > 50_000 { ROUNDS / 3 } else { ROUNDS };
        let mut spent: [Vec<u64>; 4] = Default::default();
        for _ in 0..rounds {
            for ((_, stage), spent) in Stage::ALL.iter().zip(&mut spent) {
                spent.push(timed(|| stage.run(&sources)));
            }
        }
        let _ =
            writeln!(out, "{lines} lines, {size} bytes, {} files; medians of {rounds} rounds", sources.len());
        let middle: Vec<u64> = spent.into_iter().map(median).collect();
        for ((name, _), time) in Stage::ALL.iter().zip(&middle) {
            let _ = writeln!(out, "  {name:<16} {:>8.1} MB/s", size as f64 * 1_000.0 / *time as f64);
        }
        write_ratios(&mut out, &middle);
    }
    if count_instructions {
        count(&mut out)?;
    }
    Ok(out)
}

fn write_ratios(out: &mut String, costs: &[u64]) {
    let [tree, tree_by_hand, program, program_by_hand] = costs else { return };
    let ratio = |one: &u64, other: &u64| *other as f64 / *one as f64;
    let _ = writeln!(out, "  (a) parser: {:.2} of the reference's speed", ratio(tree, tree_by_hand));
    let _ = writeln!(
        out,
        "  (b) with check and emission: {:.2} of the reference with the same",
        ratio(program, program_by_hand)
    );
    let _ = writeln!(
        out,
        "  (c) with check and emission: {:.2} of the reference without them",
        ratio(program, tree_by_hand)
    );
}

const COUNTED_LINES: usize = 10_000;

fn count(out: &mut String) -> Result<(), String> {
    let size = bytes(&generate::project(COUNTED_LINES));
    let _ = writeln!(out, "{COUNTED_LINES} lines, {size} bytes, instructions");
    let mut counts = Vec::new();
    for (name, _) in Stage::ALL {
        let count = instructions("measured_stage", &["parse", "--stage", name])?;
        let _ = writeln!(out, "  {name:<16} {:>8.1} per byte", count as f64 / size as f64);
        counts.push(count);
    }
    write_ratios(out, &counts);
    Ok(())
}

/// One stage, once, to be counted from outside.
pub fn run_stage(name: &str) -> Result<(), String> {
    let (_, stage) = Stage::ALL.iter().find(|(known, _)| *known == name).ok_or("no such stage")?;
    let sources = sources(COUNTED_LINES);
    std::hint::black_box(measured_stage(*stage, &sources));
    Ok(())
}

#[inline(never)]
fn measured_stage(stage: Stage, sources: &[Source]) -> usize {
    stage.run(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_reads_the_same_trees() {
        let read = |path: &str, text: &str| Source::new(path, text);
        let examples = vec![
            read("hello.flow", include_str!("../../examples/hello/hello.flow")),
            read("qualify_leads.flow", include_str!("../../examples/qualify_leads/qualify_leads.flow")),
            read("acme.flow", include_str!("../../examples/qualify_leads/acme.flow")),
        ];
        assert_eq!(agree(&examples), Ok(()));
        assert_eq!(agree(&sources(2_000)), Ok(()));
    }

    #[test]
    fn every_form_is_read_alike() {
        let forms = [
            "flow f was a, b \"T\"\nanytime {\n  reply is \"x\" -> a\n  reply is \"y\" -> {\n    end\n  }\n}\noutdated -> a\n",
            "workspace w \"W\"\nfunction f(a: number, b: one of [x, y \"Y\" = \"Z\"],): text\ninbox s \"S\" { hours monday..friday 09:00..17:30 in \"UTC\" }\n",
            "step a was b, c {\n  say [\"a\", \"b {x or \"c\"}\",]\n  set a.b = -12\n  -> {\n    end\n  }\n}\n",
            "step a {\n  if not a is b and c < 3 or (d > 4 and not not e is known) then -> x\n  else if a.b is between 1 and 2 then say \"x\"\n  else end\n}\n",
            "step a {\n  if a is not exactly \"b\" or a is none of [b, c] or page.query[\"x y\"] does not contain \"z\" then end\n}\n",
            "step a {\n  if a is before or b is after 2027-01-01 or team sales is not available or inbox a is open then end\n}\n",
            "step a {\n  ask x: many of [a, b] \"q\" {\n    skip when x is known\n    \"a\" = 5 -> b\n    timeout 5m -> { end }\n  }\n  if 1 < 2 < 3 then end\n}\n",
            "test \"t\" {\n  not shown\n  shown\n  wait 31m\n  fail create ticket\n  choose booked\n  completed\n  expect not hand off to team sales\n  expect set contact.stage = lead\n  expect not x is y\n  visitor \"a\"\n}\n",
        ];
        for text in forms {
            let (tokens, _) = lex(text);
            let layout = layout(&tokens);
            let (read, errors) = chatflow_compiler::parse::parse(&layout);
            assert_eq!(errors, [], "{text}");
            assert_eq!(reference::parse(&layout).map(Items::from), Some(read), "{text}");
        }
    }
}
