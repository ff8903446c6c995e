//! The tables of the command's page: its commands, and what each of them takes, as `chatflow help` has it.

use chatflow::Arguments;
use chatflow::run::orders::HELP;
use clap::{Arg, Command, CommandFactory};

use super::rows;

/// Every command that does something, by the words that call it: `import hubspot-owners`.
pub fn commands() -> Vec<(String, Command)> {
    fn leaves(command: &Command, before: &str, all: &mut Vec<(String, Command)>) {
        for inner in command.get_subcommands() {
            let path = format!("{before} {}", inner.get_name()).trim().to_owned();
            match inner.has_subcommands() {
                true => leaves(inner, &path, all),
                false => all.push((path, inner.clone())),
            }
        }
    }
    let mut all = Vec::new();
    leaves(&Arguments::command(), "", &mut all);
    all
}

/// The list of the commands.
pub(super) fn list() -> String {
    let command = Arguments::command();
    let row = |command: &Command| {
        let name = command.get_name();
        format!("| [`{name}`](#{name}) | {} |", escaped(&about(command)))
    };
    rows("command|does", command.get_subcommands().map(row))
}

/// What a command takes; nothing where there is no such command.
pub(super) fn options(path: &str) -> Option<String> {
    let (_, command) = commands().into_iter().find(|(known, _)| known == path)?;
    let arguments: Vec<&Arg> = command.get_arguments().filter(|argument| !argument.is_hide_set()).collect();
    if arguments.is_empty() {
        return Some("It takes nothing.\n".to_owned());
    }
    Some(rows("argument|says", arguments.into_iter().map(argument)))
}

/// What can be typed in a chat.
pub(super) fn orders() -> String {
    rows("order|what it does", HELP.iter().map(|(order, what)| format!("| `{order}` | {} |", escaped(what))))
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

fn argument(argument: &Arg) -> String {
    let values = argument.get_value_names().unwrap_or_default().join(" ");
    let takes_value = argument.get_action().takes_values();
    let long = argument.get_long().map(|long| format!("--{long}"));
    let short = argument.get_short().map(|short| format!("-{short}"));
    let mut written: Vec<String> = long.iter().chain(&short).cloned().collect();
    match written.first_mut() {
        Some(first) if takes_value => first.push_str(&format!(" {values}")),
        Some(_) => {}
        None => written.push(values),
    }
    let written: Vec<String> = written.iter().map(|text| format!("`{}`", escaped(text))).collect();
    let mut says = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let shows_values = takes_value && !argument.is_hide_possible_values_set();
    let possible: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|_| shows_values)
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if !possible.is_empty() {
        says.push_str(&format!(": {}", possible.join(", ")));
    }
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .filter(|_| takes_value)
        .map(|value| format!("`{}`", value.to_string_lossy()))
        .collect();
    if !defaults.is_empty() {
        says.push_str(&format!("; without it, {}", defaults.join(", ")));
    }
    format!("| {} | {} |", written.join(", "), escaped(&says))
}

/// A text as it can stand in a cell.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}
