//! What build servers and pre-commit read: it is YAML of the right shape, and every command in it is one that there is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic in a test is its failure"
)]

use std::collections::BTreeSet;
use std::process::Command;

use chatflow::Arguments;
use chatflow_tests::documents::{blocks, exists, read, root};
use clap::Parser;
use serde_json::Value;

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The commands in a shell's lines that call us, up to where the shell goes on.
fn commands(script: &str) -> Vec<Vec<String>> {
    let lines = script.lines().map(str::trim).filter(|line| line.starts_with("chatflow "));
    let words = |line: &str| {
        let ends = |word: &&str| [">", "||", "|", "&&"].contains(word);
        line.split_whitespace().take_while(|word| !ends(word)).map(str::to_owned).collect()
    };
    lines.map(words).collect()
}

fn assert_is_a_command(words: &[String]) {
    // Variables of the shell stand for what the user says.
    let words =
        words.iter().filter(|word| *word != "$ARGUMENTS").map(|word| word.replace("\"$FLOWS\"", "bots"));
    let words: Vec<String> = words.collect();
    if let Err(error) = Arguments::try_parse_from(&words) {
        panic!("{words:?}: {error}");
    }
}

/// The texts of every `run`, and of the lists of every `script`.
fn scripts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("run", Value::String(text)) => found.push(text.clone()),
                    ("script", Value::Array(lines)) => {
                        found.extend(lines.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    (_, value) => scripts(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| scripts(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_command_that_is_shown_to_a_build_server_is_one() {
    let page = read("docs/reference/ci.md");
    let mut texts: Vec<String> =
        blocks(&page).iter().filter(|block| block.is("yaml")).map(|block| block.text.clone()).collect();
    assert_eq!(texts.len(), 4);
    texts.push(read("action.yml"));
    texts.push(read("examples/templates/common/.github/workflows/chatflow.yml"));
    let mut seen = 0;
    for text in texts {
        let mut found = Vec::new();
        scripts(&yaml(&text), &mut found);
        for command in found.iter().flat_map(|script| commands(script)) {
            assert_is_a_command(&command);
            seen += 1;
        }
    }
    assert!(seen >= 8, "{seen}");
}

#[test]
fn the_action_uses_what_it_declares() {
    let text = read("action.yml");
    let action = yaml(&text);
    assert_eq!(action["runs"]["using"], "composite");
    let declared: BTreeSet<&str> = action["inputs"].as_object().unwrap().keys().map(String::as_str).collect();
    let used: BTreeSet<&str> = text
        .split("inputs.")
        .skip(1)
        .map(|rest| rest.split(|char: char| !char.is_ascii_alphanumeric() && char != '-').next().unwrap())
        .collect();
    assert_eq!(used, declared);
    for step in action["runs"]["steps"].as_array().unwrap() {
        // What a user says reaches the shell in variables only: as text it could be code.
        assert!(!step["run"].as_str().unwrap().contains("${{"), "{step}");
        assert_eq!(step["shell"], "bash");
    }
    // The page names every input.
    let page = read("docs/reference/ci.md");
    assert!(declared.iter().all(|input| page.contains(&format!("| `{input}` |"))));
}

#[test]
fn the_hooks_run() {
    let hooks = yaml(&read(".pre-commit-hooks.yaml"));
    let page = read("docs/reference/ci.md");
    for hook in hooks.as_array().unwrap() {
        assert!(page.contains(&format!("`{}`", hook["id"].as_str().unwrap())), "{hook}");
        let entry = hook["entry"].as_str().unwrap();
        let (script, arguments) = entry.split_once(' ').unwrap();
        assert!(exists(script), "{script}");
        let syntax = Command::new("bash").arg("-n").arg(root().join(script)).status().unwrap();
        assert!(syntax.success());
        let words = std::iter::once("chatflow").chain(arguments.split(' ')).chain(["bots"]);
        assert_is_a_command(&words.map(str::to_owned).collect::<Vec<_>>());
        // A hook that is given files is given flows; the others look at the whole project.
        let whole = hook["pass_filenames"] == false;
        let files = regex::Regex::new(hook["files"].as_str().unwrap()).unwrap();
        for (path, fits) in [
            ("bots/hello.flow", true),
            ("hello.nl.po", whole),
            ("chatflow.toml", whole),
            ("bots/chatflow.toml", whole),
            ("hello.flowc", false),
            ("mychatflow.toml", false),
            ("flow/readme.md", false),
        ] {
            assert_eq!(files.is_match(path), fits, "{path}");
        }
    }
}
