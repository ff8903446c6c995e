//! Compiles Chatflow: text in; tree, diagnostics and bytecode out.
//!
//! `text -> tokens -> tree -> names -> types -> paths -> program`, a module each. Nothing here fails, prints, panics
//! or touches a file: every input gives a tree, a list of diagnostics and, where there is no error, a program.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser picks single kinds out of a hundred; where a new variant needs a decision, the match lists them all"
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "a panic in a test is its failure"
    )
)]

// What it reads and what it says.
pub mod catalogue;
pub mod code;
pub mod diagnostic;
pub mod source;

// What the language has, in words.
pub mod explain;
pub mod words;

// Text to tree.
pub mod file;
pub mod fix;
pub mod format;
mod forms;
pub mod layout;
pub mod lex;
pub mod operator;
pub mod parse;
mod text;
pub mod token;
pub mod tree;

// Tree to checked flow.
mod check;
mod habits;
pub mod hir;
pub mod index;
mod literal;
mod near;
mod tables;
pub mod types;
pub mod workspace;

// Checked flow to program.
pub mod allow;
mod emit;
mod paths;
mod project;
mod targets;
mod translate;
mod values;
mod written;

pub use crate::check::{ExpectedRequest, Test, TestLine, TestStep};
pub use crate::code::Code;
pub use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Severity};
pub use crate::file::File;
pub use crate::literal::{iso, written_duration};
pub use crate::near::{nearest, suggestion};
pub use crate::project::{
    Checked, CheckedFlow, CheckedModule, Heading, KnownHere, Project, Role, Suite, check, check_only,
    checked_flow, declared_names, heading, knowing, known_at, originals, places, used_names,
};
pub use crate::source::{FileId, LineIndex, Position, Source, Span};
