//! How a comparison is written.

pub mod human;
pub mod json;
pub mod markdown;
pub mod sarif;

use super::compare::{Change, FlowChange, Goes, PlaceChange};
use crate::render::{counted, mask_line};

/// Where the chats of a place go on, after "go".
pub(super) fn goes_words(goes: &Goes) -> String {
    match goes {
        Goes::Stays => "stay".to_owned(),
        Goes::Successor(step) => format!("go to the beginning of `{step}`"),
        Goes::Outdated(step) => format!("go to `{step}`, as `outdated` says"),
        Goes::Welcome => "go back to the welcome: nobody has said where else".to_owned(),
        Goes::Nowhere => "have nowhere to go: the flow is gone".to_owned(),
    }
}

/// What has changed at a place, a line each.
fn details(place: &PlaceChange) -> Vec<String> {
    let mut lines: Vec<String> =
        place.why.iter().map(|why| mask_line(&why.to_string()).into_owned()).collect();
    for change in &place.changes {
        match change {
            Change::Moved { was, is } => lines.push(format!("`{was}` is `{is}` by now")),
            Change::Reworded { was, is } => lines.push(format!("{} -> {}", quoted(was), quoted(is))),
            Change::Wider { was, is } => {
                lines.push(format!("read as {}, and was as {}", is.word(), was.word()));
            }
            Change::Replies { gone, new, reworded } => {
                lines.extend(gone.iter().map(|label| format!("without the reply {}", quoted(label))));
                lines.extend(new.iter().map(|label| format!("with a new reply {}", quoted(label))));
                let words = |(was, is): &(String, String)| format!("{} -> {}", quoted(was), quoted(is));
                lines.extend(reworded.iter().map(words));
            }
        }
    }
    lines
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", mask_line(text))
}

/// `12 places: 10 kept, 1 goes on elsewhere, 1 goes back to the welcome`.
fn summary(change: &FlowChange) -> String {
    let all = change.places.len();
    let stay = change.places.iter().filter(|place| place.goes == Goes::Stays).count();
    let lost = change.undeclared().count();
    let elsewhere = all - stay - lost;
    let mut parts = vec![match stay == all {
        true => "all chats stay where they are".to_owned(),
        false => format!("chats stay at {stay}"),
    }];
    if elsewhere > 0 {
        parts.push(format!("go where they are sent at {elsewhere}"));
    }
    if lost > 0 {
        parts.push(format!("lose their place at {lost}"));
    }
    let waiting: Option<u64> = change.undeclared().map(|place| place.waiting).sum();
    let chats = waiting.filter(|_| lost > 0).map(|chats| format!(" ({})", counted(chats as usize, "chat")));
    format!("{}: {}{}", counted(all, "place"), parts.join(", "), chats.unwrap_or_default())
}
