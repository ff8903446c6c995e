//! Measurements, side by side in one run. They print what they find; what must hold is asserted in tests.
//!
//! ```text
//! chatflow-bench parse [--instructions]   the compiler beside a parser written by hand
//! chatflow-bench turn [--instructions]    a turn of `qualify_leads`, its session from bytes and to bytes
//! chatflow-bench check [--instructions]   projects of up to 100,000 lines, at doubling sizes
//! chatflow-bench size                     the bytes of programs and sessions, the time to load
//! chatflow-bench hostile [--instructions] every construct nested and repeated, at doubling sizes
//! chatflow-bench lsp [--ruff PATH]        the language server beside ruff's: time, memory, bursts, 500 files
//! ```
#![expect(clippy::wildcard_enum_match_arm, reason = "the reference picks single kinds out of a hundred")]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic in a test is its failure")
)]

mod check;
mod generate;
mod hostile;
mod lsp;
mod measure;
mod parse;
mod reference;
mod shapes;
mod size;
mod talk;
mod turn;

use std::process::ExitCode;

const USAGE: &str = "usage: chatflow-bench parse|turn|check [--instructions], chatflow-bench size, chatflow-bench hostile [--instructions] [WORD], chatflow-bench lsp [--chatflow PATH] [--ruff PATH]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["parse"] => parse::run(false),
        ["parse", "--instructions"] => parse::run(true),
        ["parse", "--stage", name] => parse::run_stage(name).map(|()| String::new()),
        ["turn"] => turn::run(false),
        ["turn", "--instructions"] => turn::run(true),
        ["turn", "--number", number] => turn::run_number(number).map(|()| String::new()),
        ["check"] => check::run(false),
        ["check", "--instructions"] => check::run(true),
        ["check", "--project", name, lines] => check::run_project(name, lines).map(|()| String::new()),
        ["size"] => size::run(),
        ["hostile"] => hostile::run("", false),
        ["hostile", "--instructions"] => hostile::run("", true),
        ["hostile", "--instructions", word] => hostile::run(word, true),
        ["hostile", word] => hostile::run(word, false),
        ["hostile", "--shape", name, times] => hostile::run_shape(name, times).map(|()| String::new()),
        ["lsp", options @ ..] if options.len() % 2 == 0 => lsp::run(options),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(said) => {
            print!("{said}");
            ExitCode::SUCCESS
        }
        Err(said) => {
            eprintln!("{said}");
            ExitCode::FAILURE
        }
    }
}
