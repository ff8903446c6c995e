//! Makes the parser of the tree-sitter grammar: `cargo run --manifest-path grammar/generator/Cargo.toml`.
//!
//! With `--check` it writes nothing, and ends with exit code 1 where what is committed is not what `grammar.js` gives.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

/// The version of the parser's tables; every editor of the last years reads it.
const ABI: usize = 15;

const FILES: [&str; 6] = [
    "grammar.json",
    "node-types.json",
    "parser.c",
    "tree_sitter/alloc.h",
    "tree_sitter/array.h",
    "tree_sitter/parser.h",
];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let grammar = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tree-sitter-flow");
    let made = env::temp_dir().join(format!("chatflow-grammar-{}", std::process::id()));
    fs::create_dir_all(&made)?;
    fs::copy(grammar.join("grammar.js"), made.join("grammar.js"))?;
    fs::copy(grammar.join("tree-sitter.json"), made.join("tree-sitter.json"))?;
    tree_sitter_generate::generate_parser_in_directory(
        &made,
        None::<PathBuf>,
        None::<PathBuf>,
        ABI,
        None,
        None,
        true,
        tree_sitter_generate::OptLevel::default(),
        &mut Vec::new(),
    )?;
    let check = env::args().any(|word| word == "--check");
    let mut stale = false;
    for file in FILES {
        let (new, committed) = (fs::read(made.join("src").join(file))?, grammar.join("src").join(file));
        if fs::read(&committed).ok().as_ref() == Some(&new) {
            continue;
        }
        if check {
            eprintln!("{file} is not what grammar.js gives");
            stale = true;
        } else {
            fs::create_dir_all(committed.parent().unwrap_or(&grammar))?;
            fs::write(committed, new)?;
        }
    }
    fs::remove_dir_all(made)?;
    Ok(if stale { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
