//! Random flows and talks, made of choices that can be replayed and shrunk.

mod calculations;
mod choices;
mod conditions;
mod flow;
mod names;
mod statements;
mod talk;
mod words;

pub use choices::{Choices, shrink};
pub use flow::{Sources, sources};
pub use talk::{Heard, Talk};
