//! The `chatflow` command, as a library: what `main` calls and what tests look at.
//!
//! It is the only room with files, a terminal and exit codes. Each command is a function of its arguments and the
//! [`Streams`] it writes to.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        reason = "a panic in a test is its failure"
    )
)]

pub mod arguments;

// What every command stands on.
pub mod config;
pub mod environment;
pub mod levels;
pub mod load;
mod names;
mod patch;
mod quote;
pub mod render;
pub mod streams;
pub mod style;
mod toml_file;
pub mod trouble;

// The commands.
pub mod build;
pub mod check;
pub mod deploy;
pub mod explain;
pub mod format;
pub mod i18n;
pub mod import;
pub mod inspect;
pub mod lsp;
pub mod manual;
pub mod new;
pub mod run;
pub mod test;
pub mod watch;

// Chats without a visitor.
pub mod chat;
mod show;
pub mod testing;
mod wrap;
mod written;

pub use arguments::{Arguments, Command};
pub use streams::Streams;
pub use trouble::{Ending, Trouble};

/// Carries out a command.
///
/// # Errors
/// If it could not be carried out: a missing file, a flow nobody named, an output that cannot be written.
pub fn carry_out(command: &Command, streams: &mut Streams) -> Result<Ending, Trouble> {
    match command {
        Command::New(arguments) => new::run(arguments, streams),
        Command::Check(arguments) if arguments.watch => {
            watch::again_and_again(&arguments.path, streams, |streams| check::run(arguments, streams))
        }
        Command::Check(arguments) => check::run(arguments, streams),
        Command::Fmt(arguments) => format::run(arguments, streams),
        Command::Build(arguments) if arguments.watch => {
            watch::again_and_again(&arguments.path, streams, |streams| build::run(arguments, streams))
        }
        Command::Build(arguments) => build::run(arguments, streams),
        Command::Diff(arguments) => deploy::diff::run(arguments, streams),
        Command::MigrateCheck(arguments) => deploy::migrate_check::run(arguments, streams),
        Command::Run(arguments) => run::run(arguments, streams),
        Command::Test(arguments) if arguments.watch => {
            watch::again_and_again(&arguments.path, streams, |streams| test::run(arguments, streams))
        }
        Command::Test(arguments) => test::run(arguments, streams),
        Command::Import(command) => import::run(command, streams),
        Command::I18n(command) => i18n::run(command, streams),
        Command::Inspect(arguments) => inspect::run(arguments, streams),
        Command::Explain(arguments) => explain::run(arguments, streams),
        Command::Lsp(_) => lsp::run(),
        Command::Schema => manual::schema(streams),
        Command::Completions(arguments) => manual::completions(arguments, streams),
        Command::Man(arguments) => manual::man(arguments, streams),
    }
}
