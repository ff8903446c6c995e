//! The tree-sitter grammar of `.flow` files: what editors colour, fold and move by.
//!
//! It is held to the compiler's own parser by `tests/tests/grammars.rs`.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_flow() -> *const ();
}

/// The parser, for `tree_sitter::Parser::set_language`.
// SAFETY: the function is that of `src/parser.c`, which `build.rs` compiles, and gives a language of a version that the crate knows.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_flow) };

/// What is coloured how.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");
/// What is declared and named where.
pub const LOCALS_QUERY: &str = include_str!("../../queries/locals.scm");
/// What is of another language: regular expressions.
pub const INJECTIONS_QUERY: &str = include_str!("../../queries/injections.scm");
