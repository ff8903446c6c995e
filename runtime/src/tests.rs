//! Whole programs and whole conversations, and what hostile bytes make of them.

mod conversations;
mod hostile;
mod hosts;
mod languages;
mod questions;
pub(crate) mod samples;
mod versions;
mod world;
