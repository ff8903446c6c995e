//! Where a command writes: data on one stream, what is said about it on the other.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};

/// Standard output and standard error, or what stands in for them. Styles may always be written: a stream that
/// shows none drops them.
pub struct Streams {
    /// Data: diagnostics of `check`, the chat, listings.
    pub out: Box<dyn Write>,
    /// What is said about it: summaries, troubles.
    pub err: Box<dyn Write>,
    /// Whether `out` shows colours.
    pub out_colour: bool,
    /// Whether `err` shows colours.
    pub err_colour: bool,
}

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl From<Colour> for ColorChoice {
    fn from(colour: Colour) -> ColorChoice {
        match colour {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        }
    }
}

impl Streams {
    /// The process's own.
    pub fn standard(colour: Colour) -> Streams {
        let choice = ColorChoice::from(colour);
        let shows = |auto: ColorChoice| {
            (if choice == ColorChoice::Auto { auto } else { choice }) != ColorChoice::Never
        };
        Streams {
            out_colour: shows(AutoStream::choice(&io::stdout())),
            err_colour: shows(AutoStream::choice(&io::stderr())),
            out: Box::new(AutoStream::new(io::stdout(), choice)),
            err: Box::new(AutoStream::new(io::stderr(), choice)),
        }
    }
}
