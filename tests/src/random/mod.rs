//! Random flows and talks, made of choices that can be replayed and shrunk.

mod calculations;
mod catalogue;
mod choices;
mod conditions;
mod edits;
mod flow;
mod forms;
mod modules;
mod names;
mod servers;
mod statements;
mod talk;
mod words;

pub use catalogue::catalogue;
pub use choices::{Choices, shrink};
pub use edits::{Draft, Edit};
pub use flow::{Sources, sources};
pub use names::locals;
pub use talk::{Heard, Talk};
