//! Messages to servers, as they are to be sent.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use crate::action::{Argument, Part};
use crate::eval::Stop;
use crate::id::Slot;
use crate::image::{ActDef, GivenDef, GivenFrom, GivenPiece, Scope};
use crate::machine::Machine;
use crate::observe::Observer;
use crate::session::QuickReply;
use crate::store::{as_crm, fitting};
use crate::value::{Type, Value};
use crate::view::View;
use crate::written_json::{plain, write_object, write_text, write_value};

/// The longest address that a server is called by, in bytes: what many servers take.
pub const LONGEST_ADDRESS: usize = 8000;

/// A message to a server. The host sends it as it stands, with `Content-Type: application/json` where it has a body and
/// the flow says no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is done there: `post`.
    pub method: String,
    /// The address, whole.
    pub url: String,
    /// What the flow says of the message.
    pub headers: Vec<Header>,
    /// What is sent.
    pub body: Body,
}

/// A header of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: HeaderValue,
}

/// The value of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderValue {
    /// This.
    Text(String),
    /// What the host keeps under this name.
    Secret(String),
}

/// What is sent to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    Nothing,
    /// The flow's own keys and values.
    Values(Vec<(String, Value)>),
    /// What bots of HubSpot send.
    Chat(Box<ChatBody>),
}

/// What bots of HubSpot send, as far as the flow knows it; a host adds what it knows by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatBody {
    /// The visitor's last reply; empty before the first.
    pub message: String,
    /// The server's own reply that the visitor chose.
    pub picked: Option<QuickReply>,
    /// The properties that the flow names and that are known, by their full names, as the CRM knows them.
    pub properties: Vec<(String, Value)>,
    /// What the server gave itself to know, as JSON.
    pub state: Option<String>,
}

impl Body {
    /// The JSON text that is sent, if anything is.
    pub fn text(&self) -> Option<String> {
        let mut out = String::new();
        match self {
            Body::Nothing => return None,
            Body::Values(values) => {
                let entries = values.iter().map(|(name, value)| (name.as_str(), value));
                write_object(&mut out, entries, write_value);
            }
            Body::Chat(chat) => chat.write(&mut out),
        }
        Some(out)
    }
}

impl ChatBody {
    fn write(&self, out: &mut String) {
        out.push_str("{\"userMessage\":{\"message\":");
        write_text(out, &self.message);
        out.push_str(",\"quickReply\":");
        match &self.picked {
            None => out.push_str("null"),
            Some(picked) => {
                out.push_str("{\"quickReplies\":[");
                let entries = [("value", &picked.value), ("label", &picked.label)];
                write_object(out, entries.into_iter(), |out, text| write_text(out, text));
                out.push_str("]}");
            }
        }
        out.push_str("},\"session\":{\"properties\":");
        let of = |scope: &'static str| {
            let own = self.properties.iter().filter_map(move |(name, value)| {
                let name = name.strip_prefix(scope)?.strip_prefix('.')?;
                Some((name, value))
            });
            own.collect::<Vec<_>>()
        };
        let scopes = [("CONTACT", of("contact")), ("COMPANY", of("company"))];
        let named = scopes.into_iter().filter(|(_, properties)| !properties.is_empty());
        write_object(out, named, |out, properties| {
            write_object(out, properties.into_iter(), |out, value| {
                out.push_str("{\"value\":");
                write_text(out, &plain(value));
                out.push('}');
            });
        });
        if let Some(state) = &self.state {
            out.push_str(",\"customState\":");
            out.push_str(state);
        }
        out.push_str("}}");
    }
}

/// What an action hands over, with each value in its place.
#[derive(Default)]
pub(crate) struct Handed {
    /// The values of a function's parameters.
    pub(crate) parameters: Vec<(String, Value)>,
    url: Option<String>,
    headers: Vec<Header>,
    body: Vec<(String, Value)>,
}

impl Handed {
    /// Takes a value, the last one first.
    fn take(&mut self, part: Part, name: String, value: HandedValue) {
        match (part, value) {
            (Part::Parameter, HandedValue::Value(value)) => self.parameters.insert(0, (name, value)),
            (Part::Body, HandedValue::Value(value)) => self.body.insert(0, (name, value)),
            (Part::Address, HandedValue::Text(url)) => self.url = Some(url),
            (Part::Header, HandedValue::Text(text)) => {
                self.headers.insert(0, Header { name, value: HeaderValue::Text(text) });
            }
            (Part::Header, HandedValue::Secret(secret)) => {
                self.headers.insert(0, Header { name, value: HeaderValue::Secret(secret) });
            }
            // The verifier lets no other pair through.
            (_, HandedValue::Value(_) | HandedValue::Text(_) | HandedValue::Secret(_)) => {}
        }
    }
}

enum HandedValue {
    Value(Value),
    Text(String),
    Secret(String),
}

impl<O: Observer + ?Sized> Machine<'_, O> {
    /// What an action hands over by names, with its values on the stack; none where one is unknown, of another type, or
    /// makes no address.
    pub(crate) fn hand_over(&mut self, act: &ActDef) -> Result<Option<Handed>, Stop> {
        let mut handed = Handed::default();
        let mut whole = true;
        for given in act.given.iter().rev() {
            match self.handed(given)? {
                Some(value) => {
                    let name = String::from(self.image().strings.get(given.name));
                    handed.take(given.part, name, value);
                }
                None => whole = false,
            }
        }
        Ok(whole.then_some(handed))
    }

    fn handed(&mut self, given: &GivenDef) -> Result<Option<HandedValue>, Stop> {
        Ok(match &given.from {
            GivenFrom::Value(ty) => {
                let mixed = given.part != Part::Parameter && mixes(*ty);
                self.handed_value(*ty, mixed)?.map(HandedValue::Value)
            }
            GivenFrom::Secret(secret) => {
                let object = self.image().objects.get(secret.index()).ok_or(Stop)?;
                Some(HandedValue::Secret(String::from(self.image().strings.get(object.name))))
            }
            GivenFrom::Pieces(pieces) => match self.handed_text(pieces, given.part == Part::Address)? {
                Some(text) if given.part == Part::Address => {
                    Some(text).filter(|text| is_address(text)).map(HandedValue::Text)
                }
                Some(text) => Some(HandedValue::Text(on_one_line(&text))),
                None => None,
            },
        })
    }

    /// The value on the stack as the CRM knows it, if it is one of this type, or `mixed` with others.
    fn handed_value(&mut self, ty: Type, mixed: bool) -> Result<Option<Value>, Stop> {
        let value = self.eval.pop_value(&self.session)?;
        let value = if mixed { value } else { value.and_then(|value| fitting(self.image(), ty, value)) };
        let Some(value) = value else { return Ok(None) };
        self.eval.budget.bytes(View::of(&value).size())?;
        Ok(Some(as_crm(self.image(), ty, &value)))
    }

    /// A text of words and of values on the stack, which are written so that they stand in an address, if it is one.
    fn handed_text(&mut self, pieces: &[GivenPiece], is_address: bool) -> Result<Option<String>, Stop> {
        let mut written = Vec::with_capacity(pieces.len());
        let mut whole = true;
        for piece in pieces.iter().rev() {
            match piece {
                GivenPiece::Words(words) => written.push(String::from(self.image().strings.get(*words))),
                GivenPiece::Value(ty) => match self.handed_value(*ty, mixes(*ty))? {
                    Some(value) if is_address => written.push(encoded(&plain(&value))),
                    Some(value) => written.push(plain(&value)),
                    None => whole = false,
                },
            }
        }
        written.reverse();
        let text = written.concat();
        self.eval.budget.bytes(text.len())?;
        Ok(whole.then_some(text))
    }

    /// The message that is sent, if the action sends one; its method is no longer a setting.
    pub(crate) fn request(
        &mut self,
        act: &ActDef,
        handed: &mut Handed,
        arguments: &mut Vec<(Argument, String)>,
    ) -> Result<Option<Box<Request>>, Stop> {
        let Some(url) = handed.url.take() else { return Ok(None) };
        let at = arguments.iter().position(|(argument, _)| *argument == Argument::Method);
        let method = at.map_or_else(|| String::from("post"), |at| arguments.remove(at).1);
        let body = match &act.talk {
            Some(_) => Body::Chat(Box::new(self.chat_body()?)),
            None if handed.body.is_empty() => Body::Nothing,
            None => Body::Values(core::mem::take(&mut handed.body)),
        };
        let headers = core::mem::take(&mut handed.headers);
        Ok(Some(Box::new(Request { method, url, headers, body })))
    }

    fn chat_body(&mut self) -> Result<ChatBody, Stop> {
        let image = self.image();
        let mut properties = Vec::new();
        for (at, def) in image.slots.iter().enumerate().filter(|(_, def)| def.scope != Scope::Local) {
            let slot = Slot(at as u32);
            let held = self.program.slot_id(slot).and_then(|id| self.session.held(id));
            let value = match held {
                Some(held) => held.value.clone(),
                None => self.eval.world.property(slot),
            };
            let Some(value) = value else { continue };
            self.eval.budget.bytes(View::of(&value).size())?;
            properties.push((String::from(image.strings.get(def.name)), as_crm(image, def.ty, &value)));
        }
        Ok(ChatBody {
            message: self.session.reply.clone().unwrap_or_default(),
            picked: self.picked.take(),
            properties,
            state: self.session.server_state.clone(),
        })
    }
}

/// Whether something else may be meant by what a flow takes for this type: `company.employees or "unknown"` is a number
/// or a text, and what the host says of `visitor.device` is any word.
fn mixes(ty: Type) -> bool {
    matches!(ty, Type::Text | Type::OneOf(_))
}

/// A value as it stands in an address: every byte that could mean something there is written out.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            // Writing to a text never fails.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

/// Whether an address leads where it says: one that a value has made go up, or too long, does not.
fn is_address(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or("");
    url.len() <= LONGEST_ADDRESS && !path.split('/').any(|part| matches!(part, "." | ".."))
}

/// A header's value on one line: what would begin another header is a space.
fn on_one_line(text: &str) -> String {
    let line: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    String::from(line.trim())
}
