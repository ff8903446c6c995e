//! What every test of the command stands on: a folder of its own, and the command run in it.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder of a test's own, with the bots of `tests/bots` that it names.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn with(bots: &[&str]) -> Folder {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("chatflow-test-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        let folder = Folder(path);
        for bot in bots {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bots").join(bot);
            fs::copy(from, folder.0.join(bot)).unwrap();
        }
        folder
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// The command, to be run here; what the machine's own settings say of colours and the like is not heard.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chatflow"));
        command.args(arguments).current_dir(&self.0);
        for variable in ["CLICOLOR_FORCE", "FORCE_COLOR", "NO_COLOR", "CLICOLOR", "CI", "COLUMNS"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs the command here.
    pub fn run(&self, arguments: &[&str], input: &str) -> Ran {
        ran(self.command(arguments), input)
    }
}

/// Runs a command to its end.
pub fn ran(mut command: Command, input: &str) -> Ran {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not read its input may be gone by now.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn snapshot(&self) -> String {
        let part = |name: &str, text: &str| {
            if text.is_empty() { String::new() } else { format!("--- {name}\n{text}") }
        };
        format!("exit code {}\n{}{}", self.code, part("out", &self.out), part("err", &self.err))
    }
}
