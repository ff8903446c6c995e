//! Effects as the person at the terminal reads them: the bot's words plainly, what the host does dimly.

use std::io::{self, Write};

use chatflow_runtime::action::{Action, ActionSpec, Argument, ObjectKind, Outcome};
use chatflow_runtime::language::BuiltIn;
use chatflow_runtime::{
    Effect, End, FUNCTION_VALUE, FactValue, Facts, HeaderValue, Named, Reply, Request, Value,
};

use crate::chat::{Chat, Pending, as_fact};
use crate::render::{mask, mask_line};
use crate::run::fits;
use crate::style::DIM;
use crate::written;

/// Writes an effect.
///
/// # Errors
/// If it cannot be written.
pub fn effect(to: &mut dyn Write, chat: &Chat<'_>, effect: &Effect) -> io::Result<()> {
    match effect {
        Effect::Say { text } => words(to, text),
        Effect::Ask { place, text, replies, .. } => {
            words(to, text)?;
            let pending = chat.pending().filter(|pending| pending.place == *place);
            choices(to, offered(pending.map(|pending| pending.action), replies))
        }
        Effect::Consent { text, explicit } => {
            words(to, text)?;
            let agree = chat.speech().built_in(BuiltIn::Agree);
            if *explicit { choices(to, [agree]) } else { Ok(()) }
        }
        Effect::Act { action, replies, .. } => {
            said_aside(to, chat, effect)?;
            if replies.is_empty() {
                return Ok(());
            }
            choices(to, offered(Some(*action), replies))
        }
        Effect::Articles { articles } => articles.iter().try_for_each(|article| {
            let link = article.link.as_ref().map(|link| format!(": {link}")).unwrap_or_default();
            writeln!(to, "  - {}", mask_line(&format!("{}{link}", article.title)))
        }),
        Effect::Show { .. }
        | Effect::Set { .. }
        | Effect::Clear { .. }
        | Effect::Forward { .. }
        | Effect::Moved { .. }
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
        Effect::Show { media, url, words } => {
            let words = if words.is_empty() { String::new() } else { format!(": \"{words}\"") };
            format!("shows the {} {url}{words}", media.spec().word)
        }
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
        Effect::Clear { property } => format!("clears {property}"),
        Effect::Act { place, action, object, arguments, parameters, .. } if !action.spec().is_statement() => {
            let parameters = written::local(parameters, chat.utc_offset());
            let call = written::call(chat.program.image(), *place, &object.name, &parameters);
            doing(*action, &Named { title: call, ..object.clone() }, arguments)
        }
        Effect::Act { action, object, arguments, request: Some(request), .. } => {
            let url = Named { title: request.url.clone(), ..object.clone() };
            format!("{}: {}", doing(*action, &url, arguments), sent(request))
        }
        Effect::Act { action, object, arguments, .. } => doing(*action, object, arguments),
        Effect::Articles { articles } => {
            let titles: Vec<&str> = articles.iter().map(|article| article.title.as_str()).collect();
            format!("shows what was found: {}", titles.join(", "))
        }
        Effect::Forward { text } => format!("passes on to the people in the inbox: \"{text}\""),
        Effect::Moved { step, messages, .. } => {
            let to =
                step.as_ref().map_or_else(|| "the welcome".to_owned(), |step| format!("the step {step}"));
            let said: Vec<String> = messages.iter().map(|text| format!("\"{text}\"")).collect();
            let said =
                if said.is_empty() { String::new() } else { format!("; nobody took {}", said.join(", ")) };
            format!("a new version moves the chat to {to}{said}")
        }
        Effect::Survey { survey } => format!("offers the survey {survey}"),
        Effect::Complete { end: End::Finished } => "the chat is over".to_owned(),
        Effect::Complete { end: End::HandedOff } => "the bot leaves the chat to people".to_owned(),
        Effect::Complete { end: End::Error } => "the chat is over: something failed".to_owned(),
    })
}

/// What became of an action, in words, with what its host said.
pub fn became(chat: &Chat<'_>, pending: &Pending, outcome: Outcome, data: &Facts) -> String {
    let spec = pending.action.spec();
    let what = match spec.is_statement() {
        true => spec.head.to_owned(),
        false => pending.written(chat.program.image()),
    };
    let session = chat.session();
    if let Some(why) = fits::unusable(chat.program, session, (outcome, data), &chat.facts, chat.now) {
        let failure = spec.failure().unwrap_or(outcome);
        return format!("{what}: {}: {why}", failure.word());
    }
    let said = data.get(FUNCTION_VALUE).filter(|_| !spec.is_statement());
    let said = said.map(|value| format!(" {}", fact(value))).unwrap_or_default();
    format!("{what}: {}{said}", outcome.word())
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

fn choices(to: &mut dyn Write, labels: impl IntoIterator<Item = impl AsRef<str>>) -> io::Result<()> {
    for (number, label) in (1..).zip(labels) {
        writeln!(to, "  {number}. {}", mask_line(label.as_ref()))?;
    }
    Ok(())
}

/// What the visitor may choose: what the host would show, as a choice, and then the replies.
fn offered(action: Option<Action>, replies: &[Reply]) -> Vec<String> {
    let shown = action.and_then(|action| action.spec().waits.offer()?.shown);
    let shown = shown.map(|(_, words)| format!("({words})"));
    shown.into_iter().chain(replies.iter().map(|reply| reply.label.clone())).collect()
}

/// What a server is sent, in words: `post, X-Id "7", Authorization secret acme_key, {"seats":5}`.
fn sent(request: &Request) -> String {
    let headers = request.headers.iter().map(|header| match &header.value {
        HeaderValue::Text(text) => format!("{} \"{text}\"", header.name),
        HeaderValue::Secret(secret) => format!("{} secret {secret}", header.name),
    });
    let all = std::iter::once(request.method.clone()).chain(headers).chain(request.body.text());
    all.collect::<Vec<_>>().join(", ")
}

/// What an action does, in words.
pub fn doing(action: Action, object: &Named, arguments: &[(Argument, String)]) -> String {
    let spec = action.spec();
    let link = object.link.as_ref().map(|link| format!(": {link}")).unwrap_or_default();
    let what = spec.doing.replace("{}", &format!("{}{link}", called(spec, object)));
    let several = spec.settings.len() > 1;
    let settings = arguments.iter().map(|(argument, text)| match several {
        true => format!("{} \"{text}\"", argument.word()),
        false => format!("\"{text}\""),
    });
    let settings = settings.collect::<Vec<_>>().join(", ");
    format!("{what}{}{settings}", if settings.is_empty() { "" } else { ": " })
}

/// What an action names, as people say it; with its kind, where there is a choice of kinds.
fn called(spec: &ActionSpec, object: &Named) -> String {
    let title = if object.title.is_empty() { &object.name } else { &object.title };
    if object.kind == ObjectKind::ContactOwner {
        "the contact's owner".to_owned()
    } else if object.kind == ObjectKind::Unassigned {
        "whoever is there".to_owned()
    } else if spec.objects.len() > 1 {
        format!("{} {title}", object.kind.word())
    } else {
        title.clone()
    }
}
