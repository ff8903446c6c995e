//! The verifier: what it lets through cannot make the machine fail.
//!
//! One pass over the tables and one over the code. The stack is empty at every jump's target and between
//! statements, so no states have to be merged and the code is read once, in order.

mod calls;
mod code;
mod tables;
mod translations;

pub(crate) use code::Decoded;

use crate::image::Image;
use crate::program::LoadError;

/// The most cells a program may ask of the stack.
pub const MAX_STACK: u32 = 64;

/// Checks that the machine can run what these tables say, and decodes the instructions for it.
pub(crate) fn verify(image: &Image) -> Result<Decoded, LoadError> {
    tables::Tables { image }.check()?;
    translations::check(image)?;
    let code = code::Code::read(image)?;
    code.arms()?;
    code.rules()?;
    calls::check(image)?;
    Ok(code.decoded())
}

fn wrong<T>(part: &'static str, entry: usize, what: &'static str) -> Result<T, LoadError> {
    Err(LoadError::Table { part, entry, what })
}

#[cfg(test)]
mod tests;
