//! A turn of `qualify_leads`: its session read from bytes and written to bytes.

use std::fmt::Write;

use chatflow_runtime::{Facts, Program};

use crate::measure::{instructions, median, timed};
use crate::talk::{Before, TURNS, compiled, facts, sessions, turn};

const ROUNDS: usize = 21;
const TURNS_PER_ROUND: u64 = 20_000;
/// Turns that callgrind counts, after as many that it does not.
const COUNTED: u64 = 100;
/// What a turn may cost.
const LIMIT: u64 = 5_000;

/// Prints the table.
pub fn run(count_instructions: bool) -> Result<String, String> {
    let program = Program::load(&compiled()?).map_err(|error| error.to_string())?;
    let facts = facts();
    let (turns, last) = sessions(&program, &facts)?;
    let mut out = String::new();
    for (number, ((name, _), before)) in TURNS.iter().zip(&turns).enumerate() {
        let rounds = (0..ROUNDS).map(|_| {
            timed(|| (0..TURNS_PER_ROUND).map(|_| turn(&program, &facts, before).len()).sum::<usize>())
        });
        let time = median(rounds.collect());
        let rate = TURNS_PER_ROUND as f64 * 1e9 / time as f64;
        let _ = write!(out, "{name:<16} {rate:>12.0} turns/s   session {:>4} bytes", before.bytes.len());
        if count_instructions {
            let count = instructions("measured_turn", &["turn", "--number", &number.to_string()])? / COUNTED;
            let mark = if count > LIMIT { "  <- more than 5,000" } else { "" };
            let _ = write!(out, "   {count:>6} instructions{mark}");
        }
        let _ = writeln!(out);
    }
    let _ = writeln!(out, "{:<45}session {:>4} bytes", "at the end", last.len());
    Ok(out)
}

/// One turn, a hundred times, to be counted from outside.
pub fn run_number(number: &str) -> Result<(), String> {
    let program = Program::load(&compiled()?).map_err(|error| error.to_string())?;
    let facts = facts();
    let (turns, _) = sessions(&program, &facts)?;
    let number: usize = number.parse().map_err(|_| "not a number")?;
    let before = turns.get(number).ok_or("no such turn")?;
    for _ in 0..COUNTED {
        std::hint::black_box(turn(&program, &facts, before));
    }
    for _ in 0..COUNTED {
        std::hint::black_box(measured_turn(&program, &facts, before));
    }
    Ok(())
}

#[inline(never)]
fn measured_turn(program: &Program, facts: &Facts, before: &Before) -> Vec<u8> {
    turn(program, facts, before)
}
