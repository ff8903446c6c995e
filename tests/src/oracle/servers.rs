//! Calls of servers: what is sent, and what those may do that speak as bots of HubSpot do.

use chatflow_compiler::hir::{Act, Arm, Given, GivenPart, GivenValue, Talk};
use chatflow_runtime::action::{Outcome, Part};
use chatflow_runtime::id::{ReplyId, Slot};
use chatflow_runtime::image::Scope;
use chatflow_runtime::value::Type;
use chatflow_runtime::{
    Body, ChatBody, Effect, FactValue, Facts, Header, HeaderValue, QuickReply, Reply, Request, Value,
};

use super::answers::reply_number;
use super::chat::Player;
use super::heard::Said;
use super::shown::iso;
use super::steps::Ended;
use super::values::folded;
use super::world::text_of;

/// What is handed over with an action.
#[derive(Default)]
pub(super) struct Handed {
    pub(super) parameters: Vec<(String, Value)>,
    pub(super) request: Option<Box<Request>>,
}

/// What a server of HubSpot's bots says, as far as a flow lets it.
struct Answer<'f> {
    message: String,
    replies: Vec<QuickReply>,
    next: Option<&'f Arm>,
    expects: bool,
    state: Option<String>,
}

impl<'f> Player<'f> {
    /// What an action hands over; nothing where a value comes to nothing, or makes no address.
    pub(super) fn handed(&mut self, act: &'f Act, method: Option<String>) -> Option<Handed> {
        let mut handed = Handed::default();
        let mut url = None;
        let (mut headers, mut body) = (Vec::new(), Vec::new());
        for given in &act.given {
            let name = self.string(given.name);
            match (given.part, &given.value) {
                (Part::Parameter, GivenValue::Value(..)) => handed.parameters.push((name, self.one(given)?)),
                (Part::Body, GivenValue::Value(..)) => body.push((name, self.one(given)?)),
                (Part::Address, GivenValue::Pieces(pieces)) => {
                    let written = self.written(pieces, true)?;
                    let steps = written.split('?').next().unwrap_or("").split('/');
                    let leads_up = steps.into_iter().any(|step| step == "." || step == "..");
                    if written.len() > 8000 || leads_up {
                        return None;
                    }
                    url = Some(written);
                }
                (Part::Header, GivenValue::Pieces(pieces)) => {
                    let written = self.written(pieces, false)?;
                    let line: String =
                        written.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
                    headers.push(Header { name, value: HeaderValue::Text(line.trim().to_owned()) });
                }
                (Part::Header, GivenValue::Secret(secret)) => {
                    let secret = self.image.objects.get(secret.index()).map(|secret| secret.name)?;
                    headers.push(Header { name, value: HeaderValue::Secret(self.string(secret)) });
                }
                _ => self.fault(format!("`{name}` is handed over as nothing that it can be")),
            }
        }
        if let Some(url) = url {
            let body = match &act.talk {
                Some(_) => Body::Chat(Box::new(self.told_server())),
                None if body.is_empty() => Body::Nothing,
                None => Body::Values(body),
            };
            let method = method.unwrap_or_default();
            handed.request = Some(Box::new(Request { method, url, headers, body }));
        }
        Some(handed)
    }

    /// The value that is given, as the CRM knows it.
    fn one(&mut self, given: &Given) -> Option<Value> {
        let GivenValue::Value(value, ty) = &given.value else { return None };
        self.known_value(value, *ty)
    }

    /// A value as the CRM knows it. Only a calculation may come to nothing.
    fn known_value(&mut self, said: &chatflow_compiler::hir::Value, ty: Type) -> Option<Value> {
        let Some(value) = self.value(said) else {
            if !said.may_fail() {
                self.fault(format!("an unknown value is handed over: {said:?}"));
            }
            return None;
        };
        let value = match value {
            Value::Option(one) if matches!(ty, Type::ManyOf(_)) => Value::Options(vec![one]),
            value => value,
        };
        Some(self.for_the_crm(ty, &value))
    }

    /// A text that other programs read; in an address, values keep to letters and digits.
    fn written(&mut self, pieces: &[GivenPart], in_address: bool) -> Option<String> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                GivenPart::Words(words) => text += &self.string(*words),
                GivenPart::Value(value, ty) => {
                    let value = for_programs(&self.known_value(value, *ty)?);
                    text += &if in_address { percent_encoded(&value) } else { value };
                }
            }
        }
        Some(text)
    }

    /// What bots of HubSpot send.
    fn told_server(&mut self) -> ChatBody {
        let mut properties = Vec::new();
        for (at, def) in self.image.slots.iter().enumerate() {
            let slot = Slot(at as u32);
            let held = self.chat.values.get(&slot).map(|held| held.value.clone());
            let value = if def.scope == Scope::Local { None } else { held.or_else(|| self.property(slot)) };
            if let Some(value) = value {
                properties.push((self.string(def.name), self.for_the_crm(def.ty, &value)));
            }
        }
        ChatBody {
            message: self.chat.reply.clone().unwrap_or_default(),
            picked: self.picked.take(),
            properties,
            state: self.chat.server_state.clone(),
        }
    }

    /// Takes what a server says; what the flow does not let it do is a failure.
    pub(super) fn server_said(&mut self, act: &'f Act, talk: &'f Talk, data: &Facts) {
        let Some(answer) = self.server_answer(talk, data) else { return self.settle(act, Outcome::Failed) };
        if answer.state.is_some() {
            self.chat.server_state = answer.state;
        }
        if answer.expects {
            self.chat.asked = true;
            self.chat.kept = None;
            self.chat.entered = self.now;
            let reply =
                |reply: &QuickReply| Reply { id: ReplyId::of(&reply.label), label: reply.label.clone() };
            let replies = answer.replies.iter().map(reply).collect();
            self.chat.offered = answer.replies;
            self.effect(Effect::Ask {
                place: act.place,
                text: answer.message,
                ty: Type::Text,
                replies,
                open: true,
                again: false,
            });
            return;
        }
        let labels = answer.replies.iter().map(|reply| format!("- {}", reply.label));
        let lines: Vec<String> =
            std::iter::once(answer.message).filter(|text| !text.is_empty()).chain(labels).collect();
        if !lines.is_empty() {
            self.effect(Effect::Say { text: lines.join("\n") });
        }
        match answer.next {
            Some(arm) => self.go_on(act.place, Some(arm)),
            None => self.settle(act, Outcome::Ok),
        }
    }

    fn server_answer(&self, talk: &'f Talk, data: &Facts) -> Option<Answer<'f>> {
        let text = |name: &str, longest: usize| match data.get(name) {
            None => Some(None),
            Some(said) => text_of(said).filter(|text| text.len() <= longest).map(Some),
        };
        let message = text("botMessage", 16_384)?.map(|html| without_tags(&html)).unwrap_or_default();
        let expects = match data.get("responseExpected") {
            None => false,
            Some(FactValue::Bool(expects)) => *expects,
            Some(_) => return None,
        };
        let nickname = text("nextModuleNickname", 16_384)?.filter(|name| !name.is_empty() && !expects);
        let next = match nickname {
            None => None,
            Some(nickname) => {
                let (_, arm, _) = talk.nexts.iter().find(|(name, ..)| self.string(*name) == nickname)?;
                Some(arm)
            }
        };
        let state = text("customState", 8192)?;
        let mut replies = Vec::new();
        loop {
            let said = |what: &str| match data.get(&format!("quickReplies[{}].{what}", replies.len())) {
                Some(FactValue::Text(text)) => Some(text.clone()),
                Some(FactValue::Number(number)) => Some(number.normalize().to_string()),
                _ => None,
            };
            let (label, value) = (said("label"), said("value"));
            let Some(first) = label.clone().or_else(|| value.clone()) else { break };
            let reply = QuickReply { label: first.clone(), value: value.unwrap_or(first) };
            let fits = |text: &String| text.len() <= 500;
            if reply.label.trim().is_empty()
                || !fits(&reply.label)
                || !fits(&reply.value)
                || replies.len() == 20
            {
                return None;
            }
            replies.push(reply);
        }
        let allowed = talk.asks || !expects;
        allowed.then_some(Answer { message, replies, next, expects, state })
    }

    /// The visitor's reply to what a server asks: the server is called again with it.
    pub(super) fn reply_to_server(&mut self, act: &'f Act, said: Said<'_>) {
        let offered = self.chat.offered.clone();
        let picked = match said {
            Said::Tapped(place, id) => {
                let tapped = offered.iter().find(|reply| ReplyId::of(&reply.label) == id);
                let Some(reply) = tapped.filter(|_| place == act.place) else { return };
                Some(reply)
            }
            Said::Typed(message) => {
                self.chat.reply = Some(message.to_owned());
                let labelled = offered.iter().find(|reply| folded(&reply.label) == folded(message));
                if labelled.is_none() && self.anytime() {
                    return;
                }
                labelled.or_else(|| offered.get(reply_number(message)?.checked_sub(1)?))
            }
        };
        if let Some(picked) = picked {
            self.chat.reply = Some(picked.label.clone());
        }
        self.picked = picked.cloned();
        if self.act(act) == Ended::Ran {
            self.go_on(act.place, None);
        }
    }
}

/// A value as other programs read it.
fn for_programs(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Option(text) => text.clone(),
        Value::Number(number) => number.normalize().to_string(),
        Value::Bool(is) => is.to_string(),
        Value::Date(_) | Value::DateTime(_) => iso(value),
        Value::Duration(length) => length.to_string(),
        Value::Options(names) => names.join(";"),
    }
}

fn percent_encoded(text: &str) -> String {
    let byte = |byte: u8| match char::from(byte) {
        plain if plain.is_ascii_alphanumeric() || "-._~".contains(plain) => plain.to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// A message without tags; right for the messages that the random talks use.
fn without_tags(html: &str) -> String {
    let text = html.replace("<br>", "\n").replace("<b>", "").replace("</b>", "").replace("&amp;", "&");
    text.trim().to_owned()
}
