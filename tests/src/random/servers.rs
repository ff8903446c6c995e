//! Random calls of servers, by both contracts, and what those answer.

use std::collections::BTreeSet;

use chatflow_runtime::{FactValue, Facts};

use super::Choices;
use super::flow::{Author, Here, meet};
use super::names::{FUNCTIONS, Kind, Name, Of};
use super::talk::typed_value;
use super::words::TIMEOUTS;

/// The kinds of locals, by number: an answer has a value for each under `of.kind[1]`.
const KINDS: usize = FUNCTIONS.len();

/// Where a server leads.
const NICKNAMES: &[&str] = &["Pricing", "Größe", "end of it"];

/// What a server says that speaks as bots of HubSpot do; most of it can be shown.
const MESSAGES: &[&str] = &["Hello", "<b>Ja</b> &amp; nein", "eins<br>zwei", " ", ""];

impl Author {
    /// `call webhook` with a `body`, or with something that is stored.
    pub(super) fn webhook(&mut self, here: Here, depth: usize) -> Option<Here> {
        let address = self.address(&here);
        let all = self.names(|name| name.of == Of::Flow);
        let stores: Vec<Name> = match all.is_empty() {
            true => Vec::new(),
            false => vec![self.use_one(&all)],
        };
        self.waits = true;
        let later = here.after_a_wait();
        self.line(&format!("call webhook {address} {{"));
        self.indent += 1;
        let method = self.choices.word(&["", "get", "post", "put", "patch", "delete"]);
        if !method.is_empty() {
            self.line(&format!("method {method}"));
        }
        self.headers(&here);
        // Without anything of the flow's own it is a server of HubSpot's bots.
        let must = stores.is_empty() && matches!(method, "" | "post");
        if method != "get" && (must || self.choices.chance(80)) {
            self.body(&here);
        }
        for name in &stores {
            let at = FUNCTIONS.iter().position(|function| function.gives == name.kind).unwrap_or(0);
            self.asked.insert(name.name);
            self.line(&format!("save \"of.kind[{at}]\" as {}: {}", name.name, name.kind.written()));
        }
        let names = stores.iter().map(|name| name.name.to_owned()).collect::<BTreeSet<_>>();
        let known = later.with(&names);
        let mut after = Some(known.clone());
        if self.choices.chance(20) {
            after = self.arm("ok", &known, depth);
        }
        if self.choices.chance(50) {
            after = meet(after, self.arm("failed", &later, depth));
        }
        self.deadline();
        self.indent -= 1;
        self.line("}");
        after
    }

    /// `call webhook` of a server that speaks as bots of HubSpot do.
    pub(super) fn bot_server(&mut self, here: Here, depth: usize) -> Option<Here> {
        let asks = self.choices.chance(85);
        self.waits = true;
        let later = here.after_a_wait();
        // What is sent again after a wait must be known after it.
        let address = self.address(if asks { &later } else { &here });
        self.line(&format!("call webhook {address} {{"));
        self.indent += 1;
        self.headers(if asks { &later } else { &here });
        let mut after = Some(later.clone());
        if asks {
            self.line("asks");
            if self.choices.chance(40) {
                let time = self.choices.word(TIMEOUTS);
                after = meet(after, self.arm(&format!("timeout {time}"), &later, depth));
            }
        }
        for nickname in NICKNAMES {
            if self.choices.chance(85) {
                after = meet(after, self.arm(&format!("next \"{nickname}\""), &later, depth));
            }
        }
        if self.choices.chance(30) {
            after = meet(after, self.arm("failed", &later, depth));
        }
        self.deadline();
        self.indent -= 1;
        self.line("}");
        after
    }

    fn address(&mut self, here: &Here) -> String {
        let path = self.choices.word(&["", "/", "/price", "/gr", "/a/b?plan=%20"]);
        if path.is_empty() || self.choices.chance(50) {
            return format!("\"https://acme.example{path}\"");
        }
        let hole = self.shown(here, 1);
        let more = if path.ends_with("%20") { "" } else { "/" };
        format!("\"https://acme.example{path}{more}{{{hole}}}\"")
    }

    fn headers(&mut self, here: &Here) {
        if !self.choices.chance(40) {
            return;
        }
        self.line("headers {");
        let value = if self.choices.chance(50) { self.shown(here, 1) } else { self.header_text(here) };
        self.line(&format!("  \"X-Flow\" {value}"));
        if self.choices.chance(50) {
            self.line("  \"Authorization\" secret api_key");
        }
        self.line("}");
    }

    /// A text without a line break.
    fn header_text(&mut self, here: &Here) -> String {
        let hole = self.shown(here, 1);
        format!("\"flow {{{hole}}} 1\"")
    }

    fn body(&mut self, here: &Here) {
        self.line("body {");
        for key in ["eins", "\"zwei.drei\"", "vier"] {
            if self.choices.chance(60) {
                let kind =
                    self.choices.one(&[Kind::Text, Kind::Number, Kind::Bool, Kind::Date, Kind::Moment]);
                let value = kind.and_then(|kind| self.stored(here, *kind)).unwrap_or_else(|| "1".to_owned());
                self.line(&format!("  {key} {value}"));
            }
        }
        self.line("}");
    }
}

/// What a server says: of everything that a flow may look for something, most of it as it should be.
pub(super) fn answer(choices: &mut Choices, data: &mut Facts) {
    for at in 0..KINDS {
        let Some(function) = FUNCTIONS.get(at).filter(|_| choices.chance(95)) else { continue };
        let text = choices.word(function.said);
        data.set(&format!("of.kind[{at}]"), typed_value(choices, text));
    }
    if choices.chance(70) {
        data.set("botMessage", FactValue::from(choices.word(MESSAGES)));
    }
    if choices.chance(75) {
        let expects = match choices.below(8) {
            0 => FactValue::from(choices.word(&["perhaps", "true"])),
            1 | 2 => FactValue::Bool(false),
            _ => FactValue::Bool(true),
        };
        data.set("responseExpected", expects);
    }
    if choices.chance(60) {
        let nickname = choices.one(NICKNAMES).copied().filter(|_| choices.chance(90)).unwrap_or("nowhere");
        data.set("nextModuleNickname", FactValue::from(nickname));
    }
    if choices.chance(40) {
        let state = choices.word(&["{\"count\":1}", "7", "[]"]);
        data.set("customState", FactValue::from(state));
    }
    if choices.chance(75) {
        for at in 0..(1 + choices.below(3)) {
            let label = choices.word(&["Ja", "NEIN", "Straße 7", "agent", "12"]);
            if choices.chance(90) {
                data.set(&format!("quickReplies[{at}].label"), FactValue::from(label));
            }
            if choices.chance(80) {
                data.set(&format!("quickReplies[{at}].value"), FactValue::from(at as i64));
            }
        }
    }
}
