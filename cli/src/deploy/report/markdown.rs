//! For a pull request: what a reviewer wants to know before chats meet the new version.

use super::{details, goes_words, summary};
use crate::deploy::compare::{FlowChange, Goes};
use crate::render::mask_line;

/// Writes a comparison.
pub fn write(changes: &[FlowChange]) -> String {
    let flows: Vec<String> = changes.iter().map(flow).collect();
    flows.join("\n")
}

fn flow(change: &FlowChange) -> String {
    let was = change.was.as_ref().map(|was| format!(" (was `{was}`)")).unwrap_or_default();
    let mark = if change.loses_chats() { ":warning: " } else { "" };
    let mut out = format!("### {mark}`{}`{was}\n\n{}\n", change.flow, summary(change));
    if change.is_nothing() {
        return out + "\nNothing that a visitor or a waiting chat would notice.\n";
    }
    out += &places(change);
    for found in &change.successions {
        out += &format!(
            "\n> `{is}` looks like `{was}` ({} % of it). If it is, write `step {is} was {was}`: its chats stay.\n",
            found.likeness,
            is = found.is,
            was = found.was
        );
    }
    out + &texts(change)
}

/// The places where something changes for a chat, as a table.
fn places(change: &FlowChange) -> String {
    let counted = change.places.iter().any(|place| place.waiting.is_some());
    let rows = change.places.iter().filter(|place| place.goes != Goes::Stays || !place.changes.is_empty());
    let mut out = String::new();
    for place in rows {
        let details: Vec<String> = details(place).iter().map(|line| cell(line)).collect();
        let waiting = match (counted, place.waiting) {
            (true, count) => format!(" {} |", count.unwrap_or(0)),
            (false, _) => String::new(),
        };
        out += &format!(
            "| `{}` | **{}** | {} | {} |{waiting}\n",
            cell(&place.old.name()),
            place.words().join(", "),
            details.join("<br>"),
            cell(&goes_words(&place.goes))
        );
    }
    if out.is_empty() {
        return out;
    }
    let (head, rule) = if counted { (" waiting |", " --: |") } else { ("", "") };
    format!("\n| place | | what changes | its chats |{head}\n| --- | --- | --- | --- |{rule}\n{out}")
}

/// What visitors see otherwise besides, as a difference that opens with a click.
fn texts(change: &FlowChange) -> String {
    if change.texts.is_empty() && change.new_places.is_empty() {
        return String::new();
    }
    let mut out = "\n<details><summary>What else visitors see</summary>\n\n```diff\n".to_owned();
    for texts in &change.texts {
        out += &format!("@@ {} @@\n", mask_line(&texts.step));
        let lines = |sign: char, all: &[String]| -> String {
            all.iter().map(|text| format!("{sign} {}\n", mask_line(text))).collect()
        };
        out += &lines('-', &texts.gone);
        out += &lines('+', &texts.new);
    }
    for place in &change.new_places {
        let text = place.text.as_ref().unwrap_or(&place.what);
        out += &format!("@@ {} @@\n+ {}\n", mask_line(&place.name()), mask_line(text));
    }
    out + "```\n\n</details>\n"
}

/// A text in a cell of a table: a bar would end it.
fn cell(text: &str) -> String {
    mask_line(text).replace('|', "\\|")
}
