//! A chat between two turns: a small value that the host keeps.
//!
//! ```text
//! version u8 | flow u64 | program u64 | flags u8 | language | state u8 (place u64, wrong answers, callers: place u64)
//! | entered | active | next effect | restarts | reply | kept message | values: (id u32, origin u8, value)
//! | if the flags say so, what a server has left: state, offered replies: (label, value)
//! | if the flags say so, the question that was shown: type u8, replies: id u32
//! ```

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use rust_decimal::Decimal;

use crate::decode::read_value;
use crate::encode::write_value;
use crate::id::{FlowId, PlaceId, ReplyId, SlotId};
use crate::image::{MAX_CALLS, Wait};
use crate::program::Program;
use crate::tag::Tag;
use crate::turn::{End, Timestamp};
use crate::value::{Type, TypeKind, Value};
use crate::wire::{Malformed, Reader, Writer};

/// The version of the bytes this runtime writes and reads.
const VERSION: u8 = 1;

/// What stands for the origin of a property that the flow has cleared; no value follows it.
const CLEARED: u8 = 2;

/// Why bytes are not taken as a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionError {
    /// They have a version that this runtime does not read.
    Version(u8),
    /// They cannot be read.
    Malformed(Malformed),
}

impl fmt::Display for SessionError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SessionError::Version(found) => write!(
                out,
                "this session has version {found}; this runtime reads version {VERSION}: start the chat again"
            ),
            SessionError::Malformed(what) => {
                write!(out, "this session cannot be read ({what}); start the chat again")
            }
        }
    }
}

impl core::error::Error for SessionError {}

impl From<Malformed> for SessionError {
    fn from(what: Malformed) -> SessionError {
        SessionError::Malformed(what)
    }
}

/// Where a chat stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for the visitor's agreement.
    Agreement,
    /// It waits at a place.
    At(PlaceId),
    /// It is over.
    Done(End),
}

/// Where a value in a session comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The flow asked for it or set it: it stands above what the host says.
    Written,
    /// The host said it and the flow relies on it: what the host says later replaces it.
    Carried,
}

/// A value that a session holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) slot: SlotId,
    pub(crate) origin: Origin,
    /// None where the flow has cleared a property: it is unknown, whatever the host says of it.
    pub(crate) value: Option<Value>,
}

/// A chat between two turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub(crate) flow: FlowId,
    pub(crate) program: u64,
    /// The language it is held in, chosen at the welcome.
    pub(crate) language: Tag,
    pub(crate) state: State,
    /// Whether the host has answered at this place and the visitor is asked about it.
    pub(crate) asked: bool,
    pub(crate) agreed: bool,
    pub(crate) replied: bool,
    pub(crate) surveyed: bool,
    pub(crate) wrong: u32,
    pub(crate) entered: Timestamp,
    pub(crate) active: Timestamp,
    pub(crate) next_effect: u32,
    pub(crate) restarts: u32,
    pub(crate) reply: Option<String>,
    pub(crate) kept: Option<String>,
    /// In the order of their ids, each id once.
    pub(crate) values: Vec<Held>,
    /// Where the steps that are being run with `do` go back to, the outermost first; empty unless the chat waits at
    /// a place.
    pub(crate) callers: Vec<PlaceId>,
    /// What a server gives itself to know of the chat, as JSON.
    pub(crate) server_state: Option<String>,
    /// The replies that a server offers to what it asks.
    pub(crate) offered: Vec<QuickReply>,
    /// The question that the visitor has before them, if the chat waits at one. Sessions of before it was remembered
    /// do without.
    pub(crate) shown: Option<Shown>,
}

/// A question as the visitor saw it. A later version of the flow may ask it otherwise: what they answer still means
/// what they saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What the answer was to be read as.
    pub kind: TypeKind,
    /// The replies, in the order in which they were shown.
    pub replies: Vec<ReplyId>,
}

/// A reply that a server offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuickReply {
    /// What it says.
    pub label: String,
    /// What the server means by it.
    pub value: String,
}

impl Session {
    /// A chat that begins now.
    pub(crate) fn new(flow: FlowId, program: u64, now: Timestamp) -> Session {
        Session {
            flow,
            program,
            language: Tag::default(),
            state: State::Done(End::Finished),
            asked: false,
            agreed: false,
            replied: false,
            surveyed: false,
            wrong: 0,
            entered: now,
            active: now,
            next_effect: 0,
            restarts: 0,
            reply: None,
            kept: None,
            values: Vec::new(),
            callers: Vec::new(),
            server_state: None,
            offered: Vec::new(),
            shown: None,
        }
    }

    /// A chat as each has it at least that waits at a place of a program and comes back to these callers: it has agreed
    /// to what must be agreed to, and knows what the flow relies on there. Its values are made up; reports of what
    /// becomes of chats in another version need no more. None, if nobody waits at such a place.
    pub fn waiting_at(program: &Program, place: PlaceId, callers: &[PlaceId]) -> Option<Session> {
        let mut session = Session::new(program.flow_id(), program.content_hash(), Timestamp(0));
        let def = program.site_def(program.site(place)?)?;
        session.state = State::At(place);
        session.agreed = true;
        session.callers = callers.to_vec();
        if let Wait::Ask(ask) = &def.wait {
            let replies = ask.replies.iter().map(|reply| reply.id).collect();
            session.shown = Some(Shown { kind: ask.ty.kind(), replies });
        }
        let above = callers.iter().filter_map(|place| program.site_def(program.return_site(*place)?));
        for slot in above.chain([def]).flat_map(|def| &def.keeps) {
            let (id, ty) = (program.slot_id(*slot)?, program.slot_def(*slot)?.ty);
            session.hold(id, Origin::Written, Some(made_up(program, ty)));
        }
        Some(session)
    }

    /// A chat of which this is known alone: where it waits, what the visitor has before them, and which values it has, by
    /// their full names. They are made up so that they fit the program's own, where the types are still the same.
    pub fn known_to_wait(
        program: &Program,
        flow: FlowId,
        place: PlaceId,
        shown: Option<Shown>,
        knows: &[(String, TypeKind)],
    ) -> Session {
        let mut session = Session::new(flow, 0, Timestamp(0));
        session.state = State::At(place);
        session.agreed = true;
        session.shown = shown;
        for (name, kind) in knows {
            let id = SlotId::of(name);
            let ty = program.slot(id).and_then(|slot| program.slot_def(slot)).map(|def| def.ty);
            let ty = ty.filter(|ty| ty.kind() == *kind).or_else(|| kind.plain());
            if let Some(ty) = ty {
                session.hold(id, Origin::Written, Some(made_up(program, ty)));
            }
        }
        session
    }

    /// The same session, with room for values that a turn may add.
    pub(crate) fn for_a_turn(&self) -> Session {
        // Without any, the first one that is added makes room for more.
        let room = if self.values.is_empty() { 0 } else { self.values.len() + 2 };
        let mut values = Vec::with_capacity(room);
        values.extend_from_slice(&self.values);
        Session {
            reply: self.reply.clone(),
            kept: self.kept.clone(),
            values,
            callers: self.callers.clone(),
            server_state: self.server_state.clone(),
            offered: self.offered.clone(),
            shown: self.shown.clone(),
            ..*self
        }
    }

    /// The flow that the chat runs.
    pub fn flow(&self) -> FlowId {
        self.flow
    }

    /// The content hash of the program that ran the last turn: the host keeps that program, or resumes with a
    /// newer one.
    pub fn program(&self) -> u64 {
        self.program
    }

    /// The language that the chat is held in: [`Program::speech`](crate::Program::speech) has its words.
    pub fn language(&self) -> Tag {
        self.language
    }

    /// Where the chat stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// The place where the chat waits, if it waits at one.
    pub fn place(&self) -> Option<PlaceId> {
        match self.state {
            State::At(place) => Some(place),
            State::Agreement | State::Done(_) => None,
        }
    }

    /// Where the steps that are being run with `do` go back to, the outermost first.
    pub fn callers(&self) -> &[PlaceId] {
        &self.callers
    }

    /// Whether the flow is over.
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Done(_))
    }

    /// Whether the visitor has agreed to the processing of what they say; by chatting, where that is enough.
    pub fn has_agreed(&self) -> bool {
        self.agreed
    }

    /// Whether the visitor has said anything since the last welcome.
    pub fn has_replied(&self) -> bool {
        self.replied
    }

    /// How many answers could not be taken at the place where the chat waits.
    pub fn wrong_answers(&self) -> u32 {
        self.wrong
    }

    /// When the chat came to the place where it waits.
    pub fn entered(&self) -> Timestamp {
        self.entered
    }

    /// When the visitor last did something, or was welcomed.
    pub fn last_active(&self) -> Timestamp {
        self.active
    }

    /// The number that the next effect will have.
    pub fn next_effect(&self) -> u32 {
        self.next_effect
    }

    /// How often the chat has started again.
    pub fn restarts(&self) -> u32 {
        self.restarts
    }

    /// The visitor's last reply, as typed or as the label that was tapped.
    pub fn reply(&self) -> Option<&str> {
        self.reply.as_deref()
    }

    /// A message that came while the chat waited for the host, and that the next question takes as its answer.
    pub fn kept_message(&self) -> Option<&str> {
        self.kept.as_deref()
    }

    /// What a server gives itself to know of the chat: JSON that it gets again with each call.
    pub fn server_state(&self) -> Option<&str> {
        self.server_state.as_deref()
    }

    /// The replies that a server offers to what it has asked.
    pub fn offered(&self) -> &[QuickReply] {
        &self.offered
    }

    /// The question that the visitor has before them.
    pub fn shown(&self) -> Option<&Shown> {
        self.shown.as_ref()
    }

    /// What the session holds of a property or local, by its full name: `contact.email`, `name`. What only the
    /// host knows is not in it.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.held(SlotId::of(name))?.value.as_ref()
    }

    /// The values that the session holds, by their ids.
    pub fn values(&self) -> impl Iterator<Item = (SlotId, Origin, &Value)> {
        self.values.iter().filter_map(|held| Some((held.slot, held.origin, held.value.as_ref()?)))
    }

    /// The properties that the flow has cleared: they are unknown, whatever the host still says of them.
    pub fn cleared(&self) -> impl Iterator<Item = SlotId> {
        self.values.iter().filter(|held| held.value.is_none()).map(|held| held.slot)
    }

    pub(crate) fn held(&self, slot: SlotId) -> Option<&Held> {
        self.values.get(self.position(slot).ok()?)
    }

    pub(crate) fn hold(&mut self, slot: SlotId, origin: Origin, value: Option<Value>) {
        let held = Held { slot, origin, value };
        match self.position(slot) {
            Ok(at) => {
                if let Some(known) = self.values.get_mut(at) {
                    *known = held;
                }
            }
            Err(at) => self.values.insert(at, held),
        }
    }

    /// Forgets that there ever was a value.
    pub(crate) fn drop_value(&mut self, slot: SlotId) {
        if let Ok(at) = self.position(slot) {
            self.values.remove(at);
        }
    }

    /// Gives the values of slots new ids, where there is one. A value that is held under it already stays.
    pub(crate) fn rename(&mut self, heir: impl Fn(SlotId) -> Option<SlotId>) {
        let renamed: Vec<(SlotId, SlotId)> =
            self.values.iter().filter_map(|held| Some((held.slot, heir(held.slot)?))).collect();
        for (from, to) in renamed {
            let Ok(at) = self.position(from) else { continue };
            let held = self.values.remove(at);
            if let Err(at) = self.position(to) {
                self.values.insert(at, Held { slot: to, ..held });
            }
        }
    }

    /// Where the slot's value stands, or would.
    pub(crate) fn position(&self, slot: SlotId) -> Result<usize, usize> {
        self.values.binary_search_by(|held| held.slot.cmp(&slot))
    }

    /// The session as bytes: equal sessions have equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::with_capacity(128);
        out.byte(VERSION);
        out.id64(self.flow.0);
        out.id64(self.program);
        let talks = self.talks();
        let flags = [self.agreed, self.replied, self.surveyed, talks, self.shown.is_some()];
        out.byte(flags.iter().rev().fold(0, |byte, flag| byte << 1 | u8::from(*flag)));
        out.string(self.language.as_str());
        match self.state {
            State::Agreement => out.byte(0),
            State::At(place) => {
                out.byte(if self.asked { 5 } else { 1 });
                out.id64(place.0);
                out.varint(u64::from(self.wrong));
                out.count(self.callers.len());
                for caller in &self.callers {
                    out.id64(caller.0);
                }
            }
            State::Done(End::Finished) => out.byte(2),
            State::Done(End::HandedOff) => out.byte(3),
            State::Done(End::Error) => out.byte(4),
        }
        out.zigzag(self.entered.0);
        // The two moments are near each other, so their distance is short. It wraps, and so does reading it.
        out.zigzag(self.active.0.wrapping_sub(self.entered.0));
        out.varint(u64::from(self.next_effect));
        out.varint(u64::from(self.restarts));
        for text in [&self.reply, &self.kept] {
            out.flag(text.is_some());
            if let Some(text) = text {
                out.string(text);
            }
        }
        out.count(self.values.len());
        for held in &self.values {
            out.id32(held.slot.0);
            match &held.value {
                Some(value) => {
                    out.byte(u8::from(held.origin == Origin::Carried));
                    write_value(&mut out, value, |out, text| out.string(text));
                }
                None => out.byte(CLEARED),
            }
        }
        if talks {
            out.flag(self.server_state.is_some());
            if let Some(state) = &self.server_state {
                out.string(state);
            }
            out.count(self.offered.len());
            for reply in &self.offered {
                out.string(&reply.label);
                out.string(&reply.value);
            }
        }
        if let Some(shown) = &self.shown {
            let kind = TypeKind::ALL.iter().position(|kind| *kind == shown.kind).unwrap_or(0);
            out.byte(kind as u8);
            out.count(shown.replies.len());
            for reply in &shown.replies {
                out.id32(reply.0);
            }
        }
        out.finish()
    }

    /// Whether a server has left something in the chat.
    fn talks(&self) -> bool {
        self.server_state.is_some() || !self.offered.is_empty()
    }

    /// The session that these bytes are.
    ///
    /// # Errors
    /// If they were not written by [`Session::to_bytes`] of this version; bytes of a stranger never do worse.
    pub fn from_bytes(bytes: &[u8]) -> Result<Session, SessionError> {
        let mut from = Reader::new(bytes);
        match from.byte()? {
            VERSION => {}
            found => return Err(SessionError::Version(found)),
        }
        let session = read(&mut from)?;
        from.end()?;
        Ok(session)
    }
}

/// Some value of a type.
fn made_up(program: &Program, ty: Type) -> Value {
    let image = program.image();
    let first = || {
        let option = image.options_of(ty).and_then(|list| list.options.first());
        option.map(|option| String::from(image.strings.get(option.name))).unwrap_or_default()
    };
    match ty {
        Type::Text | Type::Email | Type::Phone | Type::Url => Value::Text(String::from("?")),
        Type::Number => Value::Number(Decimal::ZERO),
        Type::Bool => Value::Bool(true),
        Type::Date => Value::Date(0),
        Type::DateTime => Value::DateTime(0),
        Type::Duration => Value::Duration(0),
        Type::OneOf(_) => Value::Option(first()),
        Type::ManyOf(_) => Value::Options(Vec::new()),
    }
}

fn read(from: &mut Reader<'_>) -> Result<Session, Malformed> {
    let flow = FlowId(from.id64()?);
    let program = from.id64()?;
    let flags_at = from.position();
    let flags = from.byte()?;
    if flags > 0b11111 {
        return Err(Malformed::Tag(flags_at));
    }
    let language = read_language(from)?;
    let (state, asked, wrong, callers) = read_state(from)?;
    let entered = Timestamp(from.zigzag()?);
    let active = Timestamp(from.zigzag()?.wrapping_add(entered.0));
    let mut session = Session {
        flow,
        program,
        language,
        state,
        asked,
        agreed: flags & 1 != 0,
        replied: flags & 2 != 0,
        surveyed: flags & 4 != 0,
        wrong,
        entered,
        active,
        next_effect: from.varint32()?,
        restarts: from.varint32()?,
        reply: read_text(from)?,
        kept: read_text(from)?,
        values: read_values(from)?,
        callers,
        server_state: None,
        offered: Vec::new(),
        shown: None,
    };
    if flags & 8 != 0 {
        session.server_state = read_text(from)?;
        session.offered =
            from.list(2, |from| Ok(QuickReply { label: from.string()?, value: from.string()? }))?;
        if !session.talks() {
            return Err(Malformed::Tag(flags_at));
        }
    }
    if flags & 16 != 0 {
        session.shown = Some(read_shown(from)?);
    }
    Ok(session)
}

fn read_shown(from: &mut Reader<'_>) -> Result<Shown, Malformed> {
    let at = from.position();
    let kind = *TypeKind::ALL.get(usize::from(from.byte()?)).ok_or(Malformed::Tag(at))?;
    Ok(Shown { kind, replies: from.list(4, |from| from.id32().map(ReplyId))? })
}

fn read_language(from: &mut Reader<'_>) -> Result<Tag, Malformed> {
    let at = from.position();
    let text = from.string()?;
    if text.is_empty() {
        return Ok(Tag::default());
    }
    Tag::of(&text).filter(|tag| tag.as_str() == text).ok_or(Malformed::Tag(at))
}

/// Where the chat stands, whether the visitor is asked about what the host answered, and how many answers were wrong;
/// and where the steps that are run go back to.
fn read_state(from: &mut Reader<'_>) -> Result<(State, bool, u32, Vec<PlaceId>), Malformed> {
    let over = |end| Ok((State::Done(end), false, 0, Vec::new()));
    let at = from.position();
    match from.byte()? {
        0 => Ok((State::Agreement, false, 0, Vec::new())),
        tag @ (1 | 5) => {
            let (place, wrong) = (PlaceId(from.id64()?), from.varint32()?);
            let at = from.position();
            let callers = from.list(8, |from| from.id64().map(PlaceId))?;
            if callers.len() > MAX_CALLS {
                return Err(Malformed::Count(at));
            }
            Ok((State::At(place), tag == 5, wrong, callers))
        }
        2 => over(End::Finished),
        3 => over(End::HandedOff),
        4 => over(End::Error),
        _ => Err(Malformed::Tag(at)),
    }
}

fn read_text(from: &mut Reader<'_>) -> Result<Option<String>, Malformed> {
    Ok(if from.flag()? { Some(from.string()?) } else { None })
}

fn read_values(from: &mut Reader<'_>) -> Result<Vec<Held>, Malformed> {
    let mut last = None;
    from.list(5, |from| {
        let at = from.position();
        let slot = SlotId(from.id32()?);
        if last.is_some_and(|last| last >= slot) {
            return Err(Malformed::Order(at));
        }
        last = Some(slot);
        let tag_at = from.position();
        let origin = match from.byte()? {
            0 => Origin::Written,
            1 => Origin::Carried,
            CLEARED => return Ok(Held { slot, origin: Origin::Written, value: None }),
            _ => return Err(Malformed::Tag(tag_at)),
        };
        Ok(Held { slot, origin, value: Some(read_value(from, Reader::string)?) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use proptest::prelude::*;

    #[test]
    fn another_version_is_refused() {
        let mut bytes = Session::new(FlowId(1), 2, Timestamp(3)).to_bytes();
        bytes[0] = 9;
        assert_eq!(Session::from_bytes(&bytes), Err(SessionError::Version(9)));
    }

    #[test]
    fn values_out_of_order_are_refused() {
        let mut session = Session::new(FlowId(1), 2, Timestamp(3));
        session.hold(SlotId(7), Origin::Written, Some(Value::Bool(true)));
        let held = session.values.clone();
        session.values.extend(held);
        assert!(matches!(
            Session::from_bytes(&session.to_bytes()),
            Err(SessionError::Malformed(Malformed::Order(_)))
        ));
    }

    proptest! {
        #[test]
        fn a_session_comes_back(session in samples::sessions()) {
            prop_assert_eq!(Session::from_bytes(&session.to_bytes()), Ok(session));
        }

        #[test]
        fn bytes_of_a_stranger_are_an_error_or_the_bytes_of_a_session(
            session in samples::sessions(), at: prop::sample::Index, bits: u8, cut: prop::sample::Index,
        ) {
            let mut bytes = session.to_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= bits;
            for bytes in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
                if let Ok(session) = Session::from_bytes(bytes) {
                    prop_assert_eq!(session.to_bytes(), bytes);
                }
            }
        }
    }
}
