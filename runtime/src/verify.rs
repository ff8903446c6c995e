//! The verifier: what it lets through cannot make the machine fail.
//!
//! One pass over the tables and one over the code. The stack is empty at every jump's target and between
//! statements, so no states have to be merged and the code is read once, in order.

mod code;
mod tables;

use crate::image::Image;
use crate::program::LoadError;

/// The most cells a program may ask of the stack.
pub const MAX_STACK: u32 = 64;

/// Checks that the machine can run what these tables say.
pub(crate) fn verify(image: &Image) -> Result<(), LoadError> {
    tables::Tables { image }.check()?;
    let code = code::Code::read(image)?;
    code.arms()?;
    code.rules()
}

fn wrong<T>(part: &'static str, entry: usize, what: &'static str) -> Result<T, LoadError> {
    Err(LoadError::Table { part, entry, what })
}

#[cfg(test)]
mod tests;
