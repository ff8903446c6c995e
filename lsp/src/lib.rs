//! Chatflow's language server: the editor's questions as functions over the compiler.
//!
//! A [`World`] is what the editor has open, at one moment. It gives an [`Analysis`] of a project: its files, what their
//! names mean, and what the checker finds. Every feature is a function of an analysis and a place, with types of its
//! own; tests call it without a wire. `wire` alone knows the protocol.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a question is about a few of many kinds; where a new variant needs a decision, the match lists them all"
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::panic,
        reason = "a panic in a test is its failure"
    )
)]

// What is asked about.
pub mod analysis;
pub mod disk;
pub mod player;
pub mod text;
pub mod wanted;
pub mod world;

// The questions.
pub mod actions;
pub mod completion;
pub mod format;
pub mod graph;
pub mod hierarchy;
pub mod hover;
pub mod lens;
pub mod navigate;
pub mod outline;
pub mod rename;
pub mod shape;
pub mod signature;
pub mod symbols;
pub mod tokens;

// The wire.
mod wire;

pub use analysis::Analysis;
pub use disk::{Disk, Loaded, Open};
pub use player::{Played, Player};
pub use wire::{serve, serve_stdio};
pub use world::World;
