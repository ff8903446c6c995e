//! The `chatflow` command: arguments, one call, an exit code.

use std::io::Write;
use std::process::ExitCode;

use chatflow::{Arguments, Streams};
use clap::Parser;

fn main() -> ExitCode {
    // A panic ends the process with exit code 101.
    std::panic::set_hook(Box::new(|panic| {
        let place =
            panic.location().map(|place| format!(" ({}:{})", place.file(), place.line())).unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        // Nobody is left to tell if this fails.
        let _ = writeln!(
            std::io::stderr(),
            "error: this is a bug in chatflow {version}{place}; please report it with the input that led here"
        );
    }));
    let arguments = Arguments::parse();
    let mut streams = Streams::standard(arguments.color);
    let ended = chatflow::carry_out(&arguments.command, &mut streams);
    let flushed = streams.out.flush().map_err(chatflow::Trouble::from);
    match ended.and_then(|ending| flushed.map(|()| ending)) {
        Ok(ending) => ending.into(),
        Err(trouble) if trouble.is_silent() => ExitCode::SUCCESS,
        Err(trouble) => {
            let _ = writeln!(streams.err, "{trouble}");
            ExitCode::from(2)
        }
    }
}
