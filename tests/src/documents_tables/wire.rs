//! The line protocol: every kind of line, effect and value with its fields, as it is written and read.
//!
//! Each list is walked by a `match` that names what comes next, so that nothing new is left out; the objects are those that the
//! runtime writes.

use chatflow_runtime::action::{Action, ObjectKind, Outcome, Waits};
use chatflow_runtime::id::Options;
use chatflow_runtime::media::MediaKind;
use chatflow_runtime::setting::{Setting, SettingTakes};
use chatflow_runtime::{Article, Effect, End, Named, Numbered, Reason, Reply, Timestamp, Waiting};
use chatflow_runtime::{Language, OwnedInput, PlaceId, ReplyId, Type, Value};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::rows;

const PLACE: PlaceId = PlaceId(0x07a2_315f_f903_b665);
const UNTIL: Timestamp = Timestamp(1_767_607_230_000);

/// All of a list whose `match` says what comes after each.
fn chain<T>(first: T, next: impl Fn(&T) -> Option<T>) -> Vec<T> {
    let mut all = vec![first];
    while let Some(more) = all.last().and_then(&next) {
        all.push(more);
    }
    all
}

fn code(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    words.into_iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

/// The fields of an object beside these, in their order.
fn fields(written: &str, but: &[&str]) -> String {
    let order = |key: &String| written.find(&format!("\"{key}\":")).unwrap_or(usize::MAX);
    let object: Option<Json> = serde_json::from_str(written).ok();
    let mut keys: Vec<String> =
        object.as_ref().and_then(Json::as_object).into_iter().flatten().map(|(key, _)| key.clone()).collect();
    keys.sort_by_key(order);
    code(keys.iter().filter(|key| !but.contains(&key.as_str())))
}

fn word(written: &str, key: &str) -> String {
    let object: Option<Json> = serde_json::from_str(written).ok();
    object.and_then(|object| Some(object.get(key)?.as_str()?.to_owned())).unwrap_or_default()
}

pub(super) fn effects() -> String {
    let replies = vec![Reply { id: ReplyId(0x0001_f2e3), label: "See a demo".to_owned() }];
    let link = Some("https://help.example/reset".to_owned());
    let act = || Effect::Act {
        place: PLACE,
        action: Action::CreateTicket,
        object: Named {
            kind: ObjectKind::Pipeline,
            name: "support".to_owned(),
            title: "Support".to_owned(),
            link: None,
        },
        arguments: vec![(chatflow_runtime::action::Argument::Subject, "Call back".to_owned())],
        parameters: Vec::new(),
        request: None,
        replies: Vec::new(),
    };
    let ask = |ty| Effect::Ask {
        place: PLACE,
        text: "What brings you here?".to_owned(),
        ty,
        replies: replies.clone(),
        open: false,
        again: false,
    };
    let next = |effect: &Effect| {
        Some(match effect {
            Effect::Say { .. } => Effect::Show {
                media: MediaKind::Image,
                url: "https://acme.example/shop.jpg".to_owned(),
                words: "Our shop".to_owned(),
            },
            Effect::Show { .. } => ask(Type::Text),
            Effect::Ask { .. } => Effect::Consent { text: "We use your answers.".to_owned(), explicit: true },
            Effect::Consent { .. } => Effect::Set {
                property: "contact.stage".to_owned(),
                value: Value::Option("Paying Customer".to_owned()),
            },
            Effect::Set { .. } => Effect::Clear { property: "contact.budget".to_owned() },
            Effect::Clear { .. } => act(),
            Effect::Act { .. } => Effect::Articles {
                articles: vec![Article { title: "Reset your password".to_owned(), link: link.clone() }],
            },
            Effect::Articles { .. } => Effect::Forward { text: "Are you still there?".to_owned() },
            Effect::Forward { .. } => Effect::Moved {
                step: Some("need".to_owned()),
                why: vec![Reason::PlaceGone],
                messages: vec!["Ada".to_owned()],
            },
            Effect::Moved { .. } => Effect::Survey { survey: "post_chat".to_owned() },
            Effect::Survey { .. } => Effect::Complete { end: End::Finished },
            Effect::Complete { .. } => return None,
        })
    };
    let doc = |effect: &Effect| match effect {
        Effect::Say { .. } => "Show a message.",
        Effect::Show { .. } => {
            "Show a picture, a file or a video: `media` is `image`, `file` or `video`. `words` say what it shows or how it is called, and may be empty."
        }
        Effect::Ask { .. } => {
            "Show a question. `answer` is what the answer is read as; with `open` anything may be typed, else one of `replies`; `again` after an answer that could not be taken."
        }
        Effect::Consent { .. } => {
            "Show the text about the processing of what the visitor says; with `explicit` they must agree."
        }
        Effect::Set { .. } => "Store a property of the CRM.",
        Effect::Clear { .. } => "Empty a property of the CRM.",
        Effect::Act { .. } => {
            "Do an action and send its `outcome` for `place`, if it has any. `replies` are offered meanwhile."
        }
        Effect::Articles { .. } => "Show what a search has found; the question about it follows.",
        Effect::Forward { .. } => "Pass on a message that came after the end: people read it.",
        Effect::Moved { .. } => {
            "Keep the `messages` for people: the chat has left a place that this version does not have as it was, and no question has taken them. It goes on in `step`, or at the welcome; `why` it could not stay, [New versions](sessions.md#new-versions) says, and `lacks` names values that are not known."
        }
        Effect::Survey { .. } => "Offer the survey of this name.",
        Effect::Complete { .. } => "The flow is over.",
    };
    let all = chain(Effect::Say { text: "Hi!".to_owned() }, next);
    rows(
        "`type`|fields|what to do|for example",
        all.into_iter().map(|effect| {
            let doc = doc(&effect);
            let written = serde_json::to_string(&Numbered { id: 0, effect }).unwrap_or_default();
            let kind = word(&written, "type");
            format!("| `{kind}` | {} | {doc} | `{written}` |", fields(&written, &["id", "type"]))
        }),
    )
}

/// The words for types, as `answer` has them, with what a value of each is in `set`.
pub(super) fn types() -> String {
    let list = Options(0);
    let next = |ty: &Type| {
        Some(match ty {
            Type::Text => Type::Email,
            Type::Email => Type::Phone,
            Type::Phone => Type::Url,
            Type::Url => Type::Number,
            Type::Number => Type::Bool,
            Type::Bool => Type::Date,
            Type::Date => Type::DateTime,
            Type::DateTime => Type::Duration,
            Type::Duration => Type::OneOf(list),
            Type::OneOf(_) => Type::ManyOf(list),
            Type::ManyOf(_) => return None,
        })
    };
    let value = |ty: &Type| match ty {
        Type::Text => (Value::Text("Ada".to_owned()), "a string"),
        Type::Email => {
            (Value::Text("ada@acme.example".to_owned()), "a string: the address, its domain in lower case")
        }
        Type::Phone => (Value::Text("+31201234567".to_owned()), "a string: E.164"),
        Type::Url => {
            (Value::Text("https://acme.example/".to_owned()), "a string: an address with `http` or `https`")
        }
        Type::Number => (
            Value::Number(Decimal::new(125, 1)),
            "a number if it is whole and fits 64 bits, else a string of its digits",
        ),
        Type::Bool => (Value::Bool(true), "`true` or `false`"),
        Type::Date => (Value::Date(20_484), "a string: ISO 8601"),
        Type::DateTime => (Value::DateTime(1_769_853_600_000), "a string: ISO 8601, in UTC"),
        Type::Duration => (Value::Duration(1_800_000), "a number of milliseconds"),
        Type::OneOf(_) => {
            (Value::Option("Paying Customer".to_owned()), "a string: the CRM's own value of the option")
        }
        Type::ManyOf(_) => {
            (Value::Options(vec!["pricing".to_owned(), "API".to_owned()]), "an array of such strings")
        }
    };
    rows(
        "`answer`|`value` of `set`|for example",
        chain(Type::Text, next).into_iter().map(|ty| {
            let (value, doc) = value(&ty);
            let ask = Effect::Ask {
                place: PLACE,
                text: String::new(),
                ty,
                replies: Vec::new(),
                open: true,
                again: false,
            };
            let asked = serde_json::to_string(&Numbered { id: 0, effect: ask }).unwrap_or_default();
            let written = serde_json::to_string(&value).unwrap_or_default();
            format!("| `{}` | {doc} | `{written}` |", word(&asked, "answer"))
        }),
    )
}

pub(super) fn ends() -> String {
    let next = |end: &End| match end {
        End::Finished => Some(End::HandedOff),
        End::HandedOff => Some(End::Error),
        End::Error => None,
    };
    let doc = |end: End| match end {
        End::Finished => "it ran to its end, or to an `end`",
        End::HandedOff => "a person took the chat",
        End::Error => "something failed, and the flow does not say what then; the error text was said",
    };
    rows(
        "`end`|why the flow is over",
        chain(End::Finished, next).into_iter().map(|end| {
            let effect = Effect::Complete { end };
            let written = serde_json::to_string(&Numbered { id: 0, effect }).unwrap_or_default();
            format!("| `{}` | {} |", word(&written, "end"), doc(end))
        }),
    )
}

pub(super) fn waiting() -> String {
    let next = |waiting: &Waiting| {
        Some(match waiting {
            Waiting::Agreement => Waiting::Visitor { place: PLACE, until: None },
            Waiting::Visitor { .. } => Waiting::Host { place: PLACE, until: UNTIL },
            Waiting::Host { .. } => Waiting::Pause { place: PLACE, until: UNTIL },
            Waiting::Pause { .. } => Waiting::Nothing,
            Waiting::Nothing => return None,
        })
    };
    let doc = |waiting: &Waiting| match waiting {
        Waiting::Agreement => "the visitor's agreement",
        Waiting::Visitor { .. } => "an answer; `until` may be null",
        Waiting::Host { .. } => "an outcome",
        Waiting::Pause { .. } => "time alone: the flow [waits by itself](steps.md#wait)",
        Waiting::Nothing => "nothing: the flow is over",
    };
    rows(
        "`type`|fields|what is waited for|for example",
        chain(Waiting::Agreement, next).into_iter().map(|waiting| {
            let written = serde_json::to_string(&waiting).unwrap_or_default();
            let kind = word(&written, "type");
            format!("| `{kind}` | {} | {} | `{written}` |", fields(&written, &["type"]), doc(&waiting))
        }),
    )
}

/// What a host writes; each example is read as the command reads it.
pub(super) fn inputs() -> String {
    let reads = |line: &'static str| {
        let is = match serde_json::from_str(line).ok()? {
            OwnedInput::Text { .. } => "the visitor typed this",
            OwnedInput::Tap { .. } => "the visitor tapped a reply; the ids are those of the `ask` or `act`",
            OwnedInput::Agree => "the visitor agreed",
            OwnedInput::Outcome { .. } => "this became of the action",
            OwnedInput::Silence => "the time at a place is over",
            OwnedInput::Closed => "the person who had the chat closed it",
        };
        let mut fields = fields(line, &["type"]);
        if fields.ends_with("`outcome`") {
            fields.push_str(", perhaps `data`");
        }
        Some(format!("| `{}` | {fields} | {is} | `{line}` |", word(line, "type")))
    };
    let start = "| `start` |  | a chat begins; the one before is forgotten | `{\"type\":\"start\"}` |";
    let lines = [
        "{\"type\":\"text\",\"text\":\"Ada\"}",
        "{\"type\":\"tap\",\"place\":\"07a2315ff903b665\",\"reply\":\"0001f2e3\"}",
        "{\"type\":\"agree\"}",
        "{\"type\":\"outcome\",\"place\":\"07a2315ff903b665\",\"outcome\":\"booked\"}",
        "{\"type\":\"silence\"}",
        "{\"type\":\"closed\"}",
    ];
    rows(
        "`type`|fields|what happened|for example",
        std::iter::once(start.to_owned()).chain(lines.into_iter().filter_map(reads)),
    )
}

pub(super) fn actions() -> String {
    rows(
        "`action`|in a flow|`kind` of its `object`|`arguments`|`outcome`|waits for",
        Action::ALL.iter().map(|action| {
            let spec = action.spec();
            let kinds = spec.objects.iter().map(|object| kind_word(object.kind()));
            let arguments = spec.settings.iter().map(|setting| setting.argument.word());
            let outcomes = spec.outcomes.iter().map(|outcome| outcome.outcome.word());
            let waits = match spec.waits {
                Waits::Nobody => "nobody",
                Waits::Host(_) => "the host",
                Waits::Visitor(_) => "the visitor",
                Waits::HostThenVisitor(..) => "the host, then the visitor",
                Waits::HostThenReply(_) => "the host, and for a reply that it asks for",
            };
            let (kinds, arguments, outcomes) = (code(kinds), code(arguments), code(outcomes));
            format!("| `{}` | `{}` | {kinds} | {arguments} | {outcomes} | {waits} |", spec.name, spec.head)
        }),
    )
}

fn kind_word(kind: ObjectKind) -> String {
    kind.word().replace(' ', "_")
}

pub(super) fn outcomes() -> String {
    let of = |outcome: Outcome| {
        let actions = Action::ALL.iter().map(|action| action.spec());
        let those = actions.filter(|spec| spec.outcome(outcome).is_some()).map(|spec| spec.name);
        code(those)
    };
    rows(
        "`outcome`|of the actions",
        Outcome::ALL.iter().map(|outcome| format!("| `{}` | {} |", outcome.word(), of(*outcome))),
    )
}

/// The languages of which the runtime knows how they write; a flow may name others.
pub(super) fn languages() -> String {
    rows(
        "tag|language",
        Language::ALL.iter().map(|language| format!("| `{}` | {} |", language.tag(), language.name())),
    )
}

/// What stands in `settings` of `hello`.
pub(super) fn settings() -> String {
    rows(
        "field|its JSON",
        Setting::ALL.iter().map(|setting| {
            let spec = setting.spec();
            let json = match spec.takes {
                SettingTakes::Text => "a string".to_owned(),
                SettingTakes::Url => "a string: an address".to_owned(),
                SettingTakes::Colour => "a string: `\"#rrggbb\"`".to_owned(),
                SettingTakes::Duration => "a number of milliseconds".to_owned(),
                SettingTakes::Survey => "a string: the survey's name".to_owned(),
                SettingTakes::Word(words) => format!("a string, one of {}", code(words)),
                SettingTakes::WordAndText(words) => {
                    format!("an object: `kind`, one of {}, and `text`", code(words))
                }
                SettingTakes::Trigger => "an array of objects: `{\"type\":\"on_exit\"}`, `{\"type\":\"after\",\"milliseconds\":8000}`, `{\"type\":\"scrolled\",\"percent\":50}`".to_owned(),
            };
            format!("| `{}.{}` | {json} |", spec.block.word(), spec.word)
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_host_is_read() {
        assert_eq!(inputs().lines().filter(|line| line.contains("{\"type\"")).count(), 7);
    }
}
