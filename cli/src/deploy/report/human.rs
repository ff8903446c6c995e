//! For people at a terminal.

use std::fmt::Write;

use super::{details, goes_words, quoted, summary};
use crate::deploy::compare::{FlowChange, Goes, PlaceChange};
use crate::render::{counted, mask_line};

/// Writes a comparison.
pub fn write(changes: &[FlowChange]) -> String {
    let flows: Vec<String> = changes.iter().map(flow).collect();
    flows.join("\n")
}

fn flow(change: &FlowChange) -> String {
    let was = change.was.as_ref().map(|was| format!(" (was {was})")).unwrap_or_default();
    let mut out = format!("flow {}{was}\n", change.flow);
    if change.is_nothing() {
        return out + "  nothing that a visitor or a waiting chat would notice\n";
    }
    let mut kept = 0;
    for place in &change.places {
        if place.goes == Goes::Stays && place.changes.is_empty() {
            kept += 1;
        } else {
            place_lines(&mut out, place);
        }
    }
    if kept > 0 {
        line(&mut out, &format!("  {:<10} {}", "kept", counted(kept, "other place")));
    }
    for place in &change.new_places {
        line(&mut out, &format!("  {:<10} {}", "new", mask_line(&place.name())));
    }
    for texts in &change.texts {
        line(&mut out, &format!("\n  what {} says", mask_line(&texts.step)));
        texts.gone.iter().for_each(|text| line(&mut out, &format!("    - {}", quoted(text))));
        texts.new.iter().for_each(|text| line(&mut out, &format!("    + {}", quoted(text))));
    }
    line(&mut out, &format!("\n  {}", summary(change)));
    for found in &change.successions {
        line(
            &mut out,
            &format!(
                "  help: `{}` looks like `{}` ({} % of it); if it is: step {} was {}",
                found.is, found.was, found.likeness, found.is, found.was
            ),
        );
    }
    if change.loses_chats() && change.successions.is_empty() && !change.gone {
        line(&mut out, "  help: say where such chats go with a line `outdated -> STEP`");
    }
    out
}

fn place_lines(out: &mut String, place: &PlaceChange) {
    let words = place.words().join(", ");
    let chats =
        place.waiting.map(|chats| format!(" ({})", counted(chats as usize, "chat"))).unwrap_or_default();
    line(out, &format!("  {words:<10} {}{chats}", mask_line(&place.old.name())));
    details(place).iter().for_each(|detail| line(out, &format!("             {detail}")));
    if place.goes != Goes::Stays {
        line(out, &format!("             its chats {}", goes_words(&place.goes)));
    }
}

fn line(out: &mut String, text: &str) {
    // Writing to a text cannot fail.
    let _ = writeln!(out, "{text}");
}
