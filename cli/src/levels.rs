//! How much each warning counts: what `chatflow.toml` and the command line say of it.

use std::collections::BTreeMap;

use chatflow_compiler::diagnostic::{Diagnostic, Severity};
use chatflow_compiler::{Code, nearest};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

/// How much a warning counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is not shown.
    Allow,
    /// It is shown.
    Warn,
    /// It is shown, and `check` fails on it as on an error.
    Deny,
}

impl Level {
    /// Every level with its word, which the field knows from Rust.
    pub const ALL: [(Level, &'static str); 3] =
        [(Level::Allow, "allow"), (Level::Warn, "warn"), (Level::Deny, "deny")];

    /// The level of a word.
    pub fn named(word: &str) -> Option<Level> {
        Level::ALL.iter().find(|(_, known)| *known == word).map(|(level, _)| *level)
    }
}

/// What a level is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lint {
    /// `warnings`: every warning of which nothing else is said.
    Warnings,
    /// One warning.
    One(Code),
}

impl Lint {
    /// The word for every warning.
    pub const WARNINGS: &'static str = "warnings";

    /// Every name of one: `warnings`, then the codes of warnings.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        let codes = Code::ALL.iter().filter(|code| code.severity() == Severity::Warning);
        std::iter::once(Lint::WARNINGS).chain(codes.map(|code| code.as_str()))
    }

    /// The one that is written so, in any case.
    ///
    /// # Errors
    /// If there is none: what to say of it, and the way out.
    pub fn named(text: &str) -> Result<Lint, (String, String)> {
        match Code::named(text) {
            _ if text == Lint::WARNINGS => Ok(Lint::Warnings),
            Some(code) if code.severity() == Severity::Warning => Ok(Lint::One(code)),
            Some(code) => Err((
                format!("`{}` is an error, which always counts", code.as_str()),
                "Only warnings have a level.".to_owned(),
            )),
            None => Err((
                format!("there is no warning `{text}`"),
                match nearest(text, Lint::names()) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => "`chatflow explain` lists all codes.".to_owned(),
                },
            )),
        }
    }
}

/// The levels of all warnings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    all: Option<Level>,
    one: BTreeMap<Code, Level>,
}

impl Levels {
    /// Gives a level; what was said of the same before is forgotten.
    pub fn set(&mut self, lint: Lint, level: Level) {
        match lint {
            Lint::Warnings => self.all = Some(level),
            Lint::One(code) => {
                self.one.insert(code, level);
            }
        }
    }

    /// These levels, and where they say nothing those.
    #[must_use]
    pub fn or(mut self, those: &Levels) -> Levels {
        self.all = self.all.or(those.all);
        for (code, level) in &those.one {
            self.one.entry(*code).or_insert(*level);
        }
        self
    }

    /// The level of a code: what is said of it alone stands above what is said of all. Errors are always denied.
    pub fn of(&self, code: Code) -> Level {
        match code.severity() {
            Severity::Error => Level::Deny,
            Severity::Warning => self.one.get(&code).copied().or(self.all).unwrap_or(Level::Warn),
        }
    }

    /// Whether somebody wants to see a finding.
    pub fn shows(&self, found: &Diagnostic) -> bool {
        self.of(found.code) != Level::Allow
    }

    /// How bad a finding is, where `check` decides.
    pub fn severity(&self, found: &Diagnostic) -> Severity {
        match self.of(found.code) {
            Level::Deny => Severity::Error,
            Level::Warn | Level::Allow => Severity::Warning,
        }
    }
}

/// `-D warnings`, `-W E0402`, `-A E0402`: of several for the same, the last counts.
#[derive(Clone, Debug, Default)]
pub struct LevelArguments {
    /// What they say.
    pub levels: Levels,
}

/// The options, each with its letter and what it does.
const OPTIONS: [(Level, &str, char, &str); 3] = [
    (Level::Deny, "deny", 'D', "Fail on a warning: a code, or `warnings` for all of them; may be repeated"),
    (Level::Warn, "warn", 'W', "Only show a warning, whatever chatflow.toml says"),
    (Level::Allow, "allow", 'A', "Do not show a warning"),
];

impl Args for LevelArguments {
    fn augment_args(command: Command) -> Command {
        let option = |(_, name, letter, help): &(Level, &'static str, char, &'static str)| {
            Arg::new(*name)
                .short(*letter)
                .long(*name)
                .value_name("CODE")
                .action(ArgAction::Append)
                .value_parser(|text: &str| {
                    Lint::named(text).map_err(|(message, help)| format!("{message}\n\n  help: {help}"))
                })
                .help(*help)
        };
        command.args(OPTIONS.iter().map(option))
    }

    fn augment_args_for_update(command: Command) -> Command {
        LevelArguments::augment_args(command)
    }
}

impl FromArgMatches for LevelArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<LevelArguments, clap::Error> {
        let mut given: Vec<(usize, Lint, Level)> = Vec::new();
        for (level, name, ..) in OPTIONS {
            let lints = matches.get_many::<Lint>(name).into_iter().flatten();
            let places = matches.indices_of(name).into_iter().flatten();
            given.extend(places.zip(lints).map(|(place, lint)| (place, *lint, level)));
        }
        given.sort_by_key(|(place, ..)| *place);
        let mut levels = Levels::default();
        given.iter().for_each(|(_, lint, level)| levels.set(*lint, *level));
        Ok(LevelArguments { levels })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = LevelArguments::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(arguments: &[&str]) -> Levels {
        let command = LevelArguments::augment_args(Command::new("x").no_binary_name(true));
        LevelArguments::from_arg_matches(&command.get_matches_from(arguments)).unwrap().levels
    }

    #[test]
    fn the_last_of_the_same_counts_and_one_code_stands_above_all() {
        let levels = given(&["-D", "warnings", "-A", "E0402", "-D", "E0408", "-W", "e0408"]);
        assert_eq!(levels.of(Code::UnreachableStep), Level::Allow);
        assert_eq!(levels.of(Code::LateTimeout), Level::Warn);
        assert_eq!(levels.of(Code::NegativeTest), Level::Deny);
        assert_eq!(given(&["-A", "E0402", "-D", "E0402"]).of(Code::UnreachableStep), Level::Deny);
        assert_eq!(given(&["-A", "warnings"]).of(Code::UnknownStep), Level::Deny);
    }

    #[test]
    fn what_is_said_first_stands_above_what_is_said_elsewhere() {
        let file = given(&["-A", "E0402", "-D", "E0406", "-W", "warnings"]);
        let levels = given(&["-D", "warnings", "-W", "E0406"]).or(&file);
        assert_eq!(levels.of(Code::LateTimeout), Level::Deny);
        assert_eq!(levels.of(Code::NegativeTest), Level::Warn);
        assert_eq!(levels.of(Code::UnreachableStep), Level::Allow);
        assert_eq!(Levels::default().of(Code::UnreachableStep), Level::Warn);
    }
}
