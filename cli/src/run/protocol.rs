//! The line protocol: a JSON object on a line, in both directions, so that a host in any language can drive a flow.
//!
//! `chatflow run --json FLOW` reads one object per line from standard input and answers each with one object on a line of
//! standard output. The first line it writes is a `hello`. It decides nothing and waits for nothing: the host says what
//! time it is, what is known, and what becomes of actions. It ends when its input does.
//!
//! # What the host reads
//!
//! `hello`, once:
//!
//! ```json
//! {"type":"hello","protocol":1,"flow":"qualify_leads","title":"Qualify leads","program":"00c0ffee00c0ffee",
//!  "languages":["en","nl"],"channels":["website"],"priority":20,
//!  "settings":{"display":{"heading":"Acme Sales","placement":"right",
//!                         "trigger":[{"type":"on_exit"},{"type":"after","milliseconds":8000},
//!                                    {"type":"scrolled","percent":50}]},
//!              "options":{"typing_delay":800,"session_timeout":1800000,"availability":"always","error":"…"},
//!              "consent":{"cookies":"before_chat","processing":{"kind":"explicit","text":"…"}}},
//!  "texts":{"en":{"agree":"I agree","done":"Done","heading":"Acme Sales","error":"…","processing":"…"},"nl":{…}},
//!  "reads":["channel","contact.email","page.url","team sales"]}
//! ```
//!
//! `protocol` grows when a field changes its meaning or goes; new fields may come at any time. `program` is the hash of the
//! program's content. Settings that the flow does not give have their default, or are missing where the default is the host's
//! own; their texts are those of the first language, `texts` has them in each. Times are milliseconds. `reads` names the facts that the flow may read: a host that says these has said enough.
//!
//! `turn`, for each line that was taken:
//!
//! ```json
//! {"type":"turn","effects":[{"id":0,"type":"say","text":"Hi!"}, …],"session":"01…","language":"en",
//!  "waiting":{"type":"agreement"}}
//! ```
//!
//! The host carries out the effects in order and keeps the session, a hexadecimal string, until the next turn. An effect
//! that is delivered twice has the same `id` twice.
//! `docs/reference/protocol.md` lists all of them, with their fields, as it does every other word of the protocol.
//!
//! `waiting` says what comes next: `agreement`; `visitor` with `place` and `until` (a time or null); `host` with `place` and
//! `until`; `nothing`. At `until` the host sends `silence`.
//!
//! `error`, for each line that could not be taken; the chat is as it was before:
//!
//! ```json
//! {"type":"error","message":"…"}
//! ```
//!
//! `note`, before the turn of a line with a fact that the flow cannot read, or after `hello` for the facts of the arguments. The
//! fact counts as unknown; the turn comes all the same. A host may pass over it:
//!
//! ```json
//! {"type":"note","message":"…"}
//! ```
//!
//! # What the host writes
//!
//! | `type` | fields | what happened |
//! | --- | --- | --- |
//! | `start` | | a chat begins; the one before, if any, is forgotten |
//! | `text` | `text` | the visitor typed this |
//! | `tap` | `place`, `reply` | the visitor tapped a reply |
//! | `agree` | | the visitor agreed |
//! | `outcome` | `place`, `outcome`, perhaps `data` | this became of the action: `booked`, `failed` and so on; `data` is what its server said, any JSON |
//! | `silence` | | the time at a place is over |
//! | `closed` | | the person who had the chat closed it |
//!
//! Every line may also have:
//!
//! - `facts`: an object from names to a string, a number, true, false, an array of strings, or null for unknown. They are added
//!   to those said before, and stay. What the flow sets is *not* added: the host is the one who knows what the CRM took.
//! - `now`: milliseconds since 1970-01-01T00:00Z. Without it the command looks at its clock, unless `--at` fixed the time: then
//!   it is the time of the line before.
//! - `session`: the session to go on from, instead of that of the turn before. It may come from another process and from an
//!   earlier version of the flow.
//!
//! An empty line is passed over. Unknown fields and types are errors, so that a slip is noticed.

use std::io::{BufRead, Write};

use chatflow_runtime::channel::Channel;
use chatflow_runtime::language::BuiltIn;
use chatflow_runtime::setting::{Setting, SettingTakes, SettingValue};
use chatflow_runtime::{
    FactValue, Facts, OwnedInput, Program, Session, Speech, Timestamp, Turn, facts_read, resume, start,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::run::fits;
use crate::run::scene::Scene;
use crate::trouble::Trouble;

/// The version of the protocol.
pub const VERSION: u32 = 1;

/// The types of the lines that a host writes, besides `start`.
const INPUTS: [&str; 6] = ["text", "tap", "agree", "outcome", "silence", "closed"];

/// What to say where a line says nothing that we know.
const WHAT: &str = "`type` is start, text, tap, agree, outcome, silence or closed";

/// Speaks the protocol until the input ends.
///
/// # Errors
/// If the input cannot be read or the output written.
pub fn speak(
    program: &Program,
    scene: &Scene,
    input: &mut dyn BufRead,
    to: &mut dyn Write,
) -> Result<(), Trouble> {
    let mut talk =
        Talk { program, facts: scene.facts.clone(), now: scene.now, fixed: scene.fixed, session: None };
    say(to, &Line::Hello(hello(program)))?;
    for message in scene.misfits(program) {
        say(to, &Line::Note { message: &message })?;
    }
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match talk.line(&line) {
            Ok((turn, notes)) => {
                for message in &notes {
                    say(to, &Line::Note { message })?;
                }
                say(to, &Line::Turn(&turn))?;
            }
            Err(message) => say(to, &Line::Error { message: &message })?,
        }
    }
}

/// A line that the host reads.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Hello(Hello<'a>),
    Turn(&'a Turn),
    Note { message: &'a str },
    Error { message: &'a str },
}

/// What a host must know of a flow before it can run it.
#[derive(Serialize)]
struct Hello<'a> {
    protocol: u32,
    flow: &'a str,
    title: &'a str,
    program: String,
    languages: Vec<String>,
    channels: Vec<&'a str>,
    priority: i32,
    settings: Value,
    texts: Value,
    reads: Vec<String>,
}

fn say(to: &mut dyn Write, line: &Line<'_>) -> Result<(), Trouble> {
    let text = serde_json::to_string(line).map_err(|error| Trouble::new(error.to_string()))?;
    writeln!(to, "{text}")?;
    // The host waits for this line.
    Ok(to.flush()?)
}

struct Talk<'p> {
    program: &'p Program,
    facts: Facts,
    now: Timestamp,
    fixed: bool,
    session: Option<Session>,
}

/// What every line may have.
struct Common {
    facts: Vec<(String, Option<FactValue>)>,
    now: Option<Timestamp>,
    session: Option<Session>,
}

impl Talk<'_> {
    /// Takes a line, with what should be noted of it; nothing has changed where it cannot be taken.
    fn line(&mut self, line: &[u8]) -> Result<(Turn, Vec<String>), String> {
        let mut object: Map<String, Value> = match serde_json::from_slice(line) {
            Ok(Value::Object(object)) => object,
            Ok(_) => return Err("a line is a JSON object".to_owned()),
            Err(error) => return Err(format!("this is no JSON: {error}")),
        };
        let common = common(&mut object)?;
        let input = input(object)?;
        if input.is_some() && common.session.is_none() && self.session.is_none() {
            return Err("no chat has begun: send `start`, or say the `session` to go on from".to_owned());
        }
        let said = common.facts.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let mut notes: Vec<String> =
            said.filter_map(|(name, value)| fits::remark(self.program, name, value)).collect();
        let turn = self.turn(input.as_ref(), common, &mut notes);
        Ok((turn, notes))
    }

    fn turn(&mut self, input: Option<&OwnedInput>, common: Common, notes: &mut Vec<String>) -> Turn {
        for (name, value) in common.facts {
            match value {
                Some(value) => self.facts.set(&name, value),
                None => self.facts.remove(&name),
            }
        }
        self.now = match common.now {
            Some(now) => now,
            None if self.fixed => self.now,
            None => Timestamp(jiff::Timestamp::now().as_millisecond()),
        };
        let session = common.session.or_else(|| self.session.take());
        let turn = match (input, session) {
            (Some(input), Some(session)) => {
                notes.extend(self.unusable(input, &session));
                resume(self.program, &session, input.as_input(), &self.facts, self.now)
            }
            (_, _) => start(self.program, &self.facts, self.now),
        };
        self.session = Some(turn.session.clone());
        turn
    }
}

impl Talk<'_> {
    /// What comes with an outcome and is nothing that the flow can use.
    fn unusable(&self, input: &OwnedInput, session: &Session) -> Option<String> {
        let OwnedInput::Outcome { place, outcome, data } = input else { return None };
        if session.place() != Some(*place) {
            return None;
        }
        let why = fits::unusable(self.program, session, (*outcome, &data.0), &self.facts, self.now)?;
        Some(format!("{why}; so it counts as failed"))
    }
}

/// Takes what every line may have out of one.
fn common(object: &mut Map<String, Value>) -> Result<Common, String> {
    let facts = match object.remove("facts") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Object(facts)) => {
            let fact = |(name, value): (String, Value)| match Option::<FactValue>::deserialize(value) {
                Ok(value) => Ok((name, value)),
                Err(error) => Err(format!("fact `{name}`: {error}")),
            };
            facts.into_iter().map(fact).collect::<Result<_, _>>()?
        }
        Some(_) => return Err("`facts` is an object from names to values".to_owned()),
    };
    Ok(Common { facts, now: field(object, "now")?, session: field(object, "session")? })
}

fn field<T: for<'de> Deserialize<'de>>(
    object: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, String> {
    match object.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => T::deserialize(value).map(Some).map_err(|error| format!("`{name}`: {error}")),
    }
}

/// What happened; nothing for `start`.
fn input(object: Map<String, Value>) -> Result<Option<OwnedInput>, String> {
    match object.get("type").and_then(Value::as_str) {
        None => Err(WHAT.to_owned()),
        Some("start") => match object.keys().find(|key| *key != "type") {
            Some(key) => Err(format!("`start` has no field `{key}`")),
            None => Ok(None),
        },
        Some(known) if INPUTS.contains(&known) => {
            OwnedInput::deserialize(Value::Object(object)).map(Some).map_err(|error| error.to_string())
        }
        Some(other) => Err(format!("nothing that happens is called `{other}`: {WHAT}")),
    }
}

fn hello(program: &Program) -> Hello<'_> {
    let image = program.image();
    Hello {
        protocol: VERSION,
        flow: program.name(),
        title: program.title(),
        program: format!("{:016x}", program.content_hash()),
        languages: program.languages().map(|tag| tag.to_string()).collect(),
        channels: Channel::of_bits(image.flow.channels).map(|channel| channel.spec().name).collect(),
        priority: image.flow.priority,
        settings: settings(program),
        texts: texts(program),
        reads: facts_read(program),
    }
}

/// The texts that a host shows by itself, in each language.
fn texts(program: &Program) -> Value {
    let of = |tag| {
        let speech = program.speech(tag);
        let mut texts = Map::new();
        let mut add = |name: &str, text: &str| texts.insert(name.to_owned(), json!(text));
        add("agree", speech.built_in(BuiltIn::Agree));
        add("done", speech.built_in(BuiltIn::Done));
        add("error", speech.error_text());
        if let Some(heading) = speech.setting(Setting::Heading) {
            add("heading", heading);
        }
        if let Some(processing) = speech.processing() {
            add("processing", processing.text);
        }
        Value::Object(texts)
    };
    Value::Object(program.languages().map(|tag| (tag.to_string(), of(tag))).collect())
}

/// The settings by their blocks, with the defaults that are not the host's own.
fn settings(program: &Program) -> Value {
    let mut blocks = Map::new();
    for setting in Setting::ALL {
        let spec = setting.spec();
        let block = blocks.entry(spec.block.word()).or_insert_with(|| json!({}));
        let value = given(program, *setting).or_else(|| by_default(program, *setting));
        if let (Some(block), Some(value)) = (block.as_object_mut(), value) {
            block.insert(spec.word.to_owned(), value);
        }
    }
    Value::Object(blocks)
}

/// What the flow says in the language it is written in.
fn first(program: &Program) -> Speech<'_> {
    program.speech(program.languages().next().unwrap_or_default())
}

fn given(program: &Program, setting: Setting) -> Option<Value> {
    if setting == Setting::Processing {
        let processing = first(program).processing()?;
        let kind = if processing.explicit { "explicit" } else { "legitimate_interest" };
        return Some(json!({"kind": kind, "text": processing.text}));
    }
    let mut values: Vec<Value> = program.settings(setting).map(|value| plain(program, value)).collect();
    match setting.spec().takes {
        SettingTakes::Trigger => Some(Value::Array(values)),
        SettingTakes::Text
        | SettingTakes::Url
        | SettingTakes::Colour
        | SettingTakes::Duration
        | SettingTakes::Survey
        | SettingTakes::Word(_)
        | SettingTakes::WordAndText(_) => values.pop(),
    }
}

fn by_default(program: &Program, setting: Setting) -> Option<Value> {
    let spec = setting.spec();
    match setting {
        Setting::TypingDelay => Some(json!(program.typing_delay())),
        Setting::SessionTimeout => Some(json!(program.session_timeout())),
        Setting::ErrorText => Some(json!(first(program).error_text())),
        Setting::Heading
        | Setting::Avatar
        | Setting::Accent
        | Setting::Placement
        | Setting::Desktop
        | Setting::Mobile
        | Setting::Trigger
        | Setting::Availability
        | Setting::Marketing
        | Setting::Survey
        | Setting::Cookies
        | Setting::Processing => match spec.takes {
            SettingTakes::Word(words) => {
                words.iter().find(|word| **word == spec.default).map(|word| json!(word))
            }
            SettingTakes::Text
            | SettingTakes::Url
            | SettingTakes::Colour
            | SettingTakes::Duration
            | SettingTakes::Survey
            | SettingTakes::WordAndText(_)
            | SettingTakes::Trigger => None,
        },
    }
}

/// A setting's value as JSON: durations in milliseconds, colours as `#rrggbb`.
pub(crate) fn plain(program: &Program, value: SettingValue) -> Value {
    let string = |at| program.image().strings.get(at);
    match value {
        SettingValue::Word(word) => json!(string(word)),
        SettingValue::Text(text) => json!(string(text)),
        SettingValue::WordAndText(word, text) => json!({"kind": string(word), "text": string(text)}),
        SettingValue::Duration(milliseconds) => json!(milliseconds),
        SettingValue::Colour(colour) => json!(format!("#{colour:06x}")),
        SettingValue::TriggerOnExit => json!({"type": "on_exit"}),
        SettingValue::TriggerAfter(milliseconds) => json!({"type": "after", "milliseconds": milliseconds}),
        SettingValue::TriggerScrolled(percent) => json!({"type": "scrolled", "percent": percent}),
    }
}
