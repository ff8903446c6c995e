//! Where a command writes: data on one stream, what is said about it on the other.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

/// Standard output and standard error, or what stands in for them. Styles may always be written: a stream that
/// shows none drops them.
pub struct Streams {
    /// Data: diagnostics of `check`, the chat, listings.
    pub out: Box<dyn Write>,
    /// What is said about it: summaries, troubles.
    pub err: Box<dyn Write>,
    /// How many columns the terminal behind `out` has, if there is one.
    pub out_width: Option<usize>,
    /// How many columns the terminal behind `err` has, if there is one.
    pub err_width: Option<usize>,
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

fn width(size: Option<(terminal_size::Width, terminal_size::Height)>) -> Option<usize> {
    size.map(|(width, _)| usize::from(width.0))
}

impl Colour {
    /// Whether a stream shows colours: what was said on the command line, then what the environment says, then whether
    /// somebody looks at it.
    fn shown(self, variable: impl Fn(&str) -> Option<String>, is_terminal: bool) -> bool {
        let said = |name: &str| variable(name).filter(|value| !value.is_empty());
        let forced = |name: &str| said(name).is_some_and(|value| value != "0" && value != "false");
        match self {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto if said("NO_COLOR").is_some() => false,
            Colour::Auto if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") => true,
            Colour::Auto if said("CLICOLOR").is_some_and(|value| value == "0") => false,
            Colour::Auto if said("TERM").is_some_and(|value| value == "dumb") => false,
            Colour::Auto => is_terminal,
        }
    }
}

impl Streams {
    /// The process's own.
    pub fn standard(colour: Colour) -> Streams {
        let variable = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        let out_colour = colour.shown(variable, io::stdout().is_terminal());
        let err_colour = colour.shown(variable, io::stderr().is_terminal());
        let choice = |colour| if colour { ColorChoice::Always } else { ColorChoice::Never };
        Streams {
            out_width: width(terminal_size::terminal_size_of(io::stdout())),
            err_width: width(terminal_size::terminal_size_of(io::stderr())),
            out: Box::new(AutoStream::new(io::stdout(), choice(out_colour))),
            err: Box::new(AutoStream::new(io::stderr(), choice(err_colour))),
            out_colour,
            err_colour,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_decided_in_order() {
        let shown = |colour: Colour, variables: &[(&str, &str)], terminal: bool| {
            let find = |name: &str| {
                variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
            };
            colour.shown(find, terminal)
        };
        assert!(shown(Colour::Auto, &[], true));
        assert!(!shown(Colour::Auto, &[], false));
        assert!(shown(Colour::Always, &[("NO_COLOR", "1")], false));
        assert!(!shown(Colour::Never, &[("CLICOLOR_FORCE", "1")], true));
        assert!(!shown(Colour::Auto, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true));
        assert!(shown(Colour::Auto, &[("NO_COLOR", "")], true));
        assert!(shown(Colour::Auto, &[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")], false));
        assert!(shown(Colour::Auto, &[("FORCE_COLOR", "3"), ("TERM", "dumb")], false));
        assert!(!shown(Colour::Auto, &[("FORCE_COLOR", "0")], false));
        assert!(!shown(Colour::Auto, &[("CLICOLOR", "0")], true));
        assert!(!shown(Colour::Auto, &[("TERM", "dumb")], true));
    }
}
