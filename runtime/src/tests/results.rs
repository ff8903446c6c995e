//! Values that a host says and that the flow stores.

use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::conversations::Chat;
use super::samples::{self, Builder};
use crate::action::{Action, ObjectKind, Outcome, Part};
use crate::id::{Slot, Str};
use crate::image::{ActDef, GivenDef, GivenFrom, ResultDef, Wait};
use crate::op::Op;
use crate::{
    Effect, FUNCTION_VALUE, FactValue, Facts, Input, LONGEST_RESULT, Program, Timestamp, Type, Value,
    Waiting, unstored,
};

fn chat(ty: Type) -> Chat {
    let facts = Facts::new().with("visitor.country", "NL").with("utc_offset", 60);
    Chat::new(Program::from_image(samples::function(ty)).unwrap(), facts)
}

/// What the flow stores of this value; nothing where it takes it for a failure.
fn stored(ty: Type, said: impl Into<FactValue>) -> Option<Value> {
    let mut chat = chat(ty);
    let place = chat.turn.session.place().unwrap();
    let data = Facts::new().with(FUNCTION_VALUE, said);
    let said = chat.turn(Input::Outcome { place, outcome: Outcome::Returned, data: &data });
    let value = chat.turn.session.value("result").cloned();
    assert_eq!(said[0] == "bot: Failed.", value.is_none(), "{said:?}");
    value
}

#[test]
fn the_host_is_handed_values_by_name_as_the_crm_knows_them() {
    let chat = chat(Type::Number);
    let Effect::Act { parameters, object, .. } = &chat.turn.effects[0].effect else { panic!() };
    assert_eq!(object.name, "look_up");
    let expected = [
        (String::from("seats"), Value::Number(Decimal::new(495, 1))),
        (String::from("size"), Value::Option("L".into())),
    ];
    assert_eq!(parameters, &expected);
    assert!(matches!(chat.turn.waiting, Waiting::Host { until: Timestamp(30_000), .. }));
}

#[test]
fn values_are_read_as_what_they_are_stored_as() {
    let text = |text: &str| Some(Value::Text(text.into()));
    assert_eq!(stored(Type::Text, " a "), text(" a "));
    assert_eq!(stored(Type::Text, 7), text("7"));
    assert_eq!(stored(Type::Text, true), None);
    assert_eq!(stored(Type::Text, ""), None);
    assert_eq!(stored(Type::Number, Decimal::new(4950, 2)), Some(Value::Number(Decimal::new(495, 1))));
    assert_eq!(stored(Type::Number, "49.50"), Some(Value::Number(Decimal::new(495, 1))));
    assert_eq!(stored(Type::Number, "49,50"), None);
    assert_eq!(stored(Type::Bool, "true"), Some(Value::Bool(true)));
    assert_eq!(stored(Type::Bool, 1), None);
    assert_eq!(stored(Type::Date, "1970-01-02"), Some(Value::Date(1)));
    assert_eq!(stored(Type::Date, "1970-02-30"), None);
    // Without a zone it is the time of the inbox.
    assert_eq!(stored(Type::DateTime, "1970-01-01T02:00"), Some(Value::DateTime(3_600_000)));
    assert_eq!(stored(Type::DateTime, "1970-01-01T02:00Z"), Some(Value::DateTime(7_200_000)));
    assert_eq!(stored(Type::Duration, 1500), Some(Value::Duration(1500)));
    assert_eq!(stored(Type::Duration, "2h"), Some(Value::Duration(7_200_000)));
    assert_eq!(stored(Type::Email, " ada@EXAMPLE.com "), text("ada@example.com"));
    assert_eq!(stored(Type::Email, "ada at example"), None);
    assert_eq!(stored(Type::Phone, "020 123 4567"), text("+31201234567"));
    assert_eq!(stored(Type::Phone, "12"), None);
    assert_eq!(stored(Type::Url, "acme.example"), text("https://acme.example/"));
    assert_eq!(stored(Type::Url, "javascript:alert(1)"), None);
}

#[test]
fn options_are_named_by_name_label_or_the_crm() {
    let one = Type::OneOf(crate::id::Options(0));
    let many = Type::ManyOf(crate::id::Options(0));
    for name in ["small", "Small", "S"] {
        assert_eq!(stored(one, name), Some(Value::Option("small".into())), "{name}");
    }
    assert_eq!(stored(one, "huge"), None);
    let both = Some(Value::Options(Vec::from([String::from("small"), String::from("large")])));
    assert_eq!(stored(many, "L;S"), both);
    assert_eq!(stored(many, Vec::from([String::from("L"), String::from("small")])), both);
    assert_eq!(stored(many, "L;huge"), None, "each of them must be one");
    assert_eq!(stored(many, Vec::from([String::from("L"), String::from("huge")])), None);
    assert_eq!(
        stored(many, Vec::<String>::new()),
        Some(Value::Options(Vec::new())),
        "none of them is an answer"
    );
}

#[test]
fn a_text_has_a_longest_length() {
    assert!(stored(Type::Text, "a".repeat(LONGEST_RESULT)).is_some());
    assert_eq!(stored(Type::Text, "a".repeat(LONGEST_RESULT + 1)), None);
}

#[test]
fn what_does_not_fit_can_be_told() {
    let chat = chat(Type::Number);
    let of = |outcome, data: &Facts| {
        unstored(&chat.program, &chat.turn.session, outcome, data, &chat.facts, Timestamp(0))
    };
    let missing = of(Outcome::Returned, Facts::NONE).unwrap();
    assert_eq!((missing.path.as_str(), missing.said, missing.ty), (FUNCTION_VALUE, None, Type::Number));
    let much = Facts::new().with(FUNCTION_VALUE, "much");
    assert_eq!(of(Outcome::Returned, &much).unwrap().said, Some(FactValue::from("much")));
    assert_eq!(of(Outcome::Failed, &much), None);
}

/// What is handed over is known, and of its type; else nobody is asked.
#[test]
fn nobody_is_asked_with_what_is_not_there() {
    let mut flow = Builder::new("functions");
    let look_up = flow.object(ObjectKind::Function, "look_up", &[]);
    let seats = flow.slot("contact.seats", Type::Number, crate::image::Scope::Contact);
    flow.step("start", |flow, step| {
        flow.op(Op::Slot(seats));
        let given = GivenDef {
            part: Part::Parameter,
            name: flow.string("seats"),
            from: GivenFrom::Value(Type::Number),
        };
        let act = ActDef { given: alloc::vec![given], ..ActDef::of(Action::CallFunction, look_up) };
        flow.act(step, "function look_up", act);
    });
    let program = flow.program();
    let error = "bot: Something went wrong on our side. Please try again later.";
    assert_eq!(Chat::new(program.clone(), Facts::new()).shown(), [error, "complete Error"]);
    let known = Facts::new().with("contact.seats", 5);
    assert_eq!(Chat::new(program, known).shown(), ["function look_up []"]);
}

#[test]
fn what_the_verifier_refuses() {
    let with = |change: fn(&mut ActDef)| {
        let mut image = samples::function(Type::Number);
        let Some(Wait::Act(act)) = image.sites.first_mut().map(|site| &mut site.wait) else { panic!() };
        change(act);
        Program::from_image(image).map(|_| ())
    };
    assert_eq!(with(|_| {}), Ok(()));
    assert!(with(|act| act.given[0].name = Str(999)).is_err());
    assert!(with(|act| act.given[0].from = GivenFrom::Value(Type::OneOf(crate::id::Options(9)))).is_err());
    assert!(with(|act| act.results[0].path = Str(999)).is_err());
    assert!(with(|act| act.results[0].slot = Slot(9)).is_err());
    assert!(with(|act| act.given.truncate(1)).is_err(), "a value is left on the stack");
    let mut image = samples::qualify();
    for site in &mut image.sites {
        if let Wait::Act(act) = &mut site.wait {
            act.results.push(ResultDef { path: Str(0), slot: Slot(0) });
        }
    }
    assert!(Program::from_image(image).is_err(), "an action that brings nothing");
}
