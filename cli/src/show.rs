//! Effects as the person at the terminal reads them: the bot's words plainly, what the host does dimly.

use std::io::{self, Write};

use chatflow_runtime::action::{Action, Argument, ObjectKind};
use chatflow_runtime::language::BuiltIn;
use chatflow_runtime::{Effect, End, FactValue, Named, Reply, Value};

use crate::chat::{Chat, Pending, as_fact};
use crate::render::{mask, mask_line};
use crate::style::DIM;

/// Writes an effect.
///
/// # Errors
/// If it cannot be written.
pub fn effect(to: &mut dyn Write, chat: &Chat<'_>, effect: &Effect) -> io::Result<()> {
    match effect {
        Effect::Say { text } => words(to, text),
        Effect::Ask { place, text, replies, .. } => {
            words(to, text)?;
            let booking =
                |pending: &Pending| pending.place == *place && pending.action == Action::BookMeeting;
            if chat.pending().is_some_and(booking) {
                offer(to, replies)
            } else {
                choices(to, labels(replies))
            }
        }
        Effect::Consent { text, explicit } => {
            words(to, text)?;
            let agree = chat.speech().built_in(BuiltIn::Agree);
            if *explicit { choices(to, [agree]) } else { Ok(()) }
        }
        Effect::Act { action: Action::BookMeeting, replies, .. } => {
            said_aside(to, chat, effect)?;
            offer(to, replies)
        }
        Effect::Act { action: Action::ShareArticle, replies, .. } => {
            said_aside(to, chat, effect)?;
            choices(to, labels(replies))
        }
        Effect::Set { .. }
        | Effect::Act { .. }
        | Effect::Forward { .. }
        | Effect::Survey { .. }
        | Effect::Complete { .. } => said_aside(to, chat, effect),
    }
}

fn said_aside(to: &mut dyn Write, chat: &Chat<'_>, effect: &Effect) -> io::Result<()> {
    aside_of(chat, effect).map_or(Ok(()), |text| aside(to, &text))
}

/// What the host does for an effect, in words; nothing for what the bot says.
pub fn aside_of(chat: &Chat<'_>, effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::Say { .. } | Effect::Ask { .. } => return None,
        Effect::Consent { explicit: true, .. } => "asks for agreement".to_owned(),
        Effect::Consent { explicit: false, .. } => "says what is done with the answers".to_owned(),
        Effect::Set { property, value } => match value {
            // An option goes to the CRM by the CRM's own name for it.
            Value::Option(_) | Value::Options(_) => format!("sets {property} to {}", fact(&as_fact(value))),
            Value::Text(_)
            | Value::Number(_)
            | Value::Bool(_)
            | Value::Date(_)
            | Value::DateTime(_)
            | Value::Duration(_) => format!("sets {property} to {}", chat.shown(property, value)),
        },
        Effect::Act { action, object, arguments, .. } => doing(*action, object, arguments),
        Effect::Forward { text } => format!("passes on to the people in the inbox: \"{text}\""),
        Effect::Survey { survey } => format!("offers the survey {survey}"),
        Effect::Complete { end: End::Finished } => "the chat is over".to_owned(),
        Effect::Complete { end: End::HandedOff } => "the bot leaves the chat to people".to_owned(),
        Effect::Complete { end: End::Error } => "the chat is over: something failed".to_owned(),
    })
}

/// What the host says of something, in words.
pub fn fact(value: &FactValue) -> String {
    match value {
        FactValue::Text(text) => text.clone(),
        FactValue::Number(number) => number.to_string(),
        FactValue::Bool(is) => is.to_string(),
        FactValue::Many(names) => names.join(", "),
    }
}

/// Writes what the machinery does, in parentheses.
///
/// # Errors
/// If it cannot be written.
pub fn aside(to: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(to, "{DIM}({}){DIM:#}", mask_line(text))
}

fn words(to: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(to, "{}", mask(text))
}

fn choices<'l>(to: &mut dyn Write, labels: impl IntoIterator<Item = &'l str>) -> io::Result<()> {
    for (number, label) in (1..).zip(labels) {
        writeln!(to, "  {number}. {}", mask_line(label))?;
    }
    Ok(())
}

fn labels(replies: &[Reply]) -> impl Iterator<Item = &str> {
    replies.iter().map(|reply| reply.label.as_str())
}

/// The choices of a meeting: in a terminal there is no calendar, so booking is one of them.
fn offer(to: &mut dyn Write, replies: &[Reply]) -> io::Result<()> {
    choices(to, std::iter::once("(book a slot)").chain(labels(replies)))
}

/// What an action does, in words.
pub fn doing(action: Action, object: &Named, arguments: &[(Argument, String)]) -> String {
    let title = if object.title.is_empty() { &object.name } else { &object.title };
    let link = object.link.as_ref().map(|link| format!(": {link}")).unwrap_or_default();
    match action {
        Action::BookMeeting => format!("offers a meeting, {title}{link}"),
        Action::CreateTicket => {
            let settings = arguments.iter().map(|(argument, text)| format!("{} \"{text}\"", argument.word()));
            let settings = settings.collect::<Vec<_>>().join(", ");
            format!("creates a ticket in {title}{}{settings}", if settings.is_empty() { "" } else { ": " })
        }
        Action::HandOff => {
            let whom = match object.kind {
                ObjectKind::ContactOwner => "the contact's owner".to_owned(),
                ObjectKind::Unassigned => "whoever is there".to_owned(),
                ObjectKind::Team
                | ObjectKind::User
                | ObjectKind::Meeting
                | ObjectKind::Pipeline
                | ObjectKind::List
                | ObjectKind::Subscription
                | ObjectKind::Workflow
                | ObjectKind::Article => format!("{} {title}", object.kind.word()),
            };
            let note = arguments.iter().map(|(_, note)| format!(": \"{note}\"")).collect::<String>();
            format!("hands off to {whom}{note}")
        }
        Action::ShareArticle => format!("shows the article {title}{link}"),
        Action::AddToList => format!("adds the contact to the list {title}"),
        Action::RemoveFromList => format!("takes the contact off the list {title}"),
        Action::Subscribe => format!("subscribes the contact to {title}"),
        Action::Enroll => format!("enrolls the contact in the workflow {title}"),
    }
}
