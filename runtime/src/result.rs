//! The values that a host says with an outcome and that the flow stores, read as the types it stores them as.

use alloc::string::String;
use alloc::vec::Vec;

use crate::action::Outcome;
use crate::address;
use crate::awaited::Awaited;
use crate::facts::{FactValue, Facts};
use crate::id::Slot;
use crate::image::{ActDef, ResultDef};
use crate::program::Program;
use crate::said::no_option;
use crate::session::{Session, State};
use crate::turn::Timestamp;
use crate::value::{Type, Value};
use crate::world::World;

/// The path under which a host says the value of a function.
pub const FUNCTION_VALUE: &str = "value";

/// The longest text, in bytes, that a host may have the flow store: it travels in the session.
pub const LONGEST_RESULT: usize = 16 * 1024;

/// A value that the flow wants to store and that the host has not said, or not as the flow can store it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unstored {
    /// Where the value belongs in what the host says: `value`, `quote.total`.
    pub path: String,
    /// What the host has said there; none where it has said nothing.
    pub said: Option<FactValue>,
    /// What it is stored as.
    pub ty: Type,
}

/// The first value that cannot be stored, of those that a chat would store if the host said this now; none where all
/// can, or where the chat does not wait for this outcome.
pub fn unstored(
    program: &Program,
    session: &Session,
    outcome: Outcome,
    data: &Facts,
    facts: &Facts,
    now: Timestamp,
) -> Option<Unstored> {
    let State::At(place) = session.state() else { return None };
    let def = program.site_def(program.site(place)?)?;
    let Some(Awaited::Outcome(act, _)) = def.awaited(session.asked) else { return None };
    if act.action.spec().brings != Some(outcome) {
        return None;
    }
    World { program, facts, now }.results(act, data).err()
}

impl World<'_> {
    /// What the flow stores of what the host says with the outcome that brings it.
    pub(crate) fn results(&self, act: &ActDef, data: &Facts) -> Result<Vec<(Slot, Value)>, Unstored> {
        act.results.iter().map(|result| self.result(result, data)).collect()
    }

    fn result(&self, result: &ResultDef, data: &Facts) -> Result<(Slot, Value), Unstored> {
        let image = self.program.image();
        let path = image.strings.get(result.path);
        let ty = self.program.slot_def(result.slot).map_or(Type::Text, |slot| slot.ty);
        let said = data.get(path);
        match said.and_then(|said| self.as_result(said, ty)) {
            Some(value) => Ok((result.slot, value)),
            None => Err(Unstored { path: String::from(path), said: said.cloned(), ty }),
        }
    }

    /// What is said, as a value of the type. A stranger's word is held to more than what the host knows by itself: an
    /// address must be one, and of several options each.
    fn as_result(&self, said: &FactValue, ty: Type) -> Option<Value> {
        if size(said) > LONGEST_RESULT {
            return None;
        }
        let value = self.as_type(said, ty)?;
        match (ty, value) {
            (Type::Email, Value::Text(text)) => address::email(&text).map(Value::Text),
            (Type::Phone, Value::Text(text)) => address::phone(&text, self.country()).map(Value::Text),
            (Type::Url, Value::Text(text)) => address::url(&text).map(Value::Text),
            (Type::ManyOf(_), value) => {
                let image = self.program.image();
                no_option(said, ty, image.options_of(ty)?, &image.strings).is_none().then_some(value)
            }
            (_, value) => Some(value),
        }
    }
}

fn size(said: &FactValue) -> usize {
    match said {
        FactValue::Text(text) => text.len(),
        FactValue::Many(many) => many.iter().map(|text| text.len() + 1).sum(),
        FactValue::Number(_) | FactValue::Bool(_) => 0,
    }
}
