//! What a flow stores and forgets: a value that fits, in the session, and as the CRM knows it in the effect.

use alloc::string::String;

use crate::eval::Stop;
use crate::id::Slot;
use crate::image::{Image, Scope};
use crate::machine::Machine;
use crate::observe::Observer;
use crate::session::Origin;
use crate::turn::Effect;
use crate::value::{Type, Value};
use crate::view::View;

impl<O: Observer + ?Sized> Machine<'_, O> {
    /// Stores a value that fits the slot; the CRM hears of a property. A value of another type is not stored.
    pub(crate) fn store(&mut self, slot: Slot, value: Value) -> Result<(), Stop> {
        let def = self.program.slot_def(slot).ok_or(Stop)?;
        let id = self.program.slot_id(slot).ok_or(Stop)?;
        let Some(value) = fitting(self.image(), def.ty, value) else { return Ok(()) };
        self.eval.budget.bytes(View::of(&value).size())?;
        if def.scope != Scope::Local {
            let property = String::from(self.image().strings.get(def.name));
            self.emit(Effect::Set { property, value: as_crm(self.image(), def.ty, &value) });
        }
        self.session.hold(id, Origin::Written, Some(value));
        Ok(())
    }

    /// Forgets the value of a slot; the CRM hears of a property. It stays unknown, whatever the host still says of
    /// it, until the flow stores a value anew.
    pub(crate) fn clear(&mut self, slot: Slot) -> Result<(), Stop> {
        let def = self.program.slot_def(slot).ok_or(Stop)?;
        let id = self.program.slot_id(slot).ok_or(Stop)?;
        if def.scope == Scope::Local {
            self.session.drop_value(id);
        } else {
            self.emit(Effect::Clear { property: String::from(self.image().strings.get(def.name)) });
            self.session.hold(id, Origin::Written, None);
        }
        Ok(())
    }
}

/// The value, if it is one of the type; one option is several where several are wanted.
pub(crate) fn fitting(image: &Image, ty: Type, value: Value) -> Option<Value> {
    let listed = |name: &String| {
        let options = image.options_of(ty);
        options.is_some_and(|list| list.options.iter().any(|option| image.strings.get(option.name) == name))
    };
    match (ty, value) {
        (Type::Text | Type::Email | Type::Phone | Type::Url, value @ Value::Text(_))
        | (Type::Number, value @ Value::Number(_))
        | (Type::Bool, value @ Value::Bool(_))
        | (Type::Date, value @ Value::Date(_))
        | (Type::DateTime, value @ Value::DateTime(_))
        | (Type::Duration, value @ Value::Duration(_)) => Some(value),
        (Type::OneOf(_), Value::Option(name)) => listed(&name).then_some(Value::Option(name)),
        (Type::ManyOf(_), Value::Option(name)) => listed(&name).then(|| Value::Options(alloc::vec![name])),
        (Type::ManyOf(_), Value::Options(names)) => names.iter().all(listed).then_some(Value::Options(names)),
        _ => None,
    }
}

/// The value as the CRM knows it: its own names of options.
pub(crate) fn as_crm(image: &Image, ty: Type, value: &Value) -> Value {
    let Some(options) = image.options_of(ty) else { return value.clone() };
    let crm = |name: &String| {
        let found = options.options.iter().find(|option| image.strings.get(option.name) == name);
        found.map_or_else(|| name.clone(), |option| String::from(image.strings.get(option.value)))
    };
    match value {
        Value::Option(name) => Value::Option(crm(name)),
        Value::Options(names) => Value::Options(names.iter().map(crm).collect()),
        Value::Text(_)
        | Value::Number(_)
        | Value::Bool(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Duration(_) => value.clone(),
    }
}
