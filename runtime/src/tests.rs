//! Whole programs and whole conversations, and what hostile bytes make of them.

mod conversations;
mod hostile;
mod hosts;
mod languages;
mod questions;
mod results;
pub(crate) mod samples;
mod servers;
mod versions;
mod world;
