//! What only a terminal shows: the clock goes on, and the bot speaks while the prompt waits.
#![cfg(target_os = "linux")]
#![allow(missing_docs, reason = "a test needs no documentation beyond its name")]
#![allow(clippy::unwrap_used, reason = "a panic in a test is its failure")]

use std::process::{Command, Stdio};
use std::{env, fs};

/// What a terminal shows of a chat in which nobody types anything for some seconds; nothing where there is no `script` to
/// make a terminal.
fn shown(flow: &str, options: &str, seconds: u32) -> Option<String> {
    let folder = env::temp_dir().join(format!("chatflow-terminal-{}-{seconds}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("bot.flow"), flow).unwrap();
    let line = format!(
        "stty rows 24 cols 40; {} --color never run bot.flow {options}",
        env!("CARGO_BIN_EXE_chatflow")
    );
    let mut child = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    std::thread::sleep(std::time::Duration::from_secs(u64::from(seconds)));
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    let _ = fs::remove_dir_all(&folder);
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap().replace('\r', ""))
}

/// A flow that does not wait for long.
const LATE: &str = "flow late \"Late\"\n\nstep start {\n  ask \"Are you there?\" {\n    timeout 1s -> bye\n  }\n}\n\n\
    step bye {\n  say \"Bye for now.\"\n}\n";

#[test]
fn a_timeout_comes_while_the_prompt_waits() {
    let Some(shown) = shown(LATE, "", 4) else { return };
    assert!(
        shown.contains("Are you there?\n> \n\nBye for now.\n(the chat is over)\n"),
        "what the terminal shows: {shown:?}"
    );
}

#[test]
fn a_timeout_is_recorded_as_a_wait() {
    let Some(shown) = shown(LATE, "--record", 5) else { return };
    let test = "  bot \"Are you there?\"\n  wait 1s\n  bot \"Bye for now.\"\n  completed\n}\n";
    assert!(shown.contains(test), "what the terminal shows: {shown:?}");
}

#[test]
fn long_lines_break_at_words() {
    let flow = "flow long \"Long\"\n\nstep start {\n  say \"We are here from Monday to Friday, between nine and five.\"\n}\n";
    let Some(shown) = shown(flow, "", 1) else { return };
    assert!(
        shown.contains("We are here from Monday to Friday,\nbetween nine and five.\n"),
        "what the terminal shows: {shown:?}"
    );
}
