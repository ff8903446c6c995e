use super::*;
use crate::samples;
use crate::{Program, resume, start};

#[test]
fn a_turn_is_an_object() {
    let program = Program::from_image(samples::hello()).unwrap();
    let turn = start(&program, &Facts::new(), Timestamp(0));
    let json = serde_json::to_value(&turn).unwrap();
    assert_eq!(json["effects"][0], serde_json::json!({"id": 0, "type": "say", "text": "Hi! I'm a bot."}));
    assert_eq!(json["effects"][1]["type"], "ask");
    assert_eq!(json["effects"][1]["answer"], "text");
    assert_eq!(json["waiting"]["type"], "visitor");
    assert_eq!(json["waiting"]["place"], json["effects"][1]["place"]);
    let session: Session = serde_json::from_value(json["session"].clone()).unwrap();
    assert_eq!(session, turn.session);
}

#[test]
fn inputs_are_read() {
    let read = |json: &str| serde_json::from_str::<OwnedInput>(json);
    assert_eq!(read(r#"{"type":"text","text":"hi"}"#).unwrap().as_input(), Input::Text("hi"));
    assert_eq!(read(r#"{"type":"silence"}"#).unwrap(), OwnedInput::Silence);
    let tap = read(r#"{"type":"tap","place":"00000000000000ff","reply":"0000000a"}"#).unwrap();
    assert_eq!(tap.as_input(), Input::Tap { place: PlaceId(255), reply: ReplyId(10) });
    let outcome = read(r#"{"type":"outcome","place":"00000000000000ff","outcome":"booked"}"#).unwrap();
    assert_eq!(
        outcome,
        OwnedInput::Outcome { place: PlaceId(255), outcome: Outcome::Booked, data: Data::default() }
    );
    for wrong in [
        r#"{"type":"shout"}"#,
        r#"{"type":"tap","place":"ff","reply":"0000000a"}"#,
        r#"{"type":"tap","place":"00000000000000FF","reply":"0000000a"}"#,
        r#"{"type":"outcome","place":"00000000000000ff","outcome":"eaten"}"#,
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn facts_are_an_object() {
    let json = r#"{"contact":true,"contact.budget":12.10,"contact.email":null,"contact.interests":["api"],
        "page.url":"https://acme.example/","visitor.pages":3}"#;
    let facts: Facts = serde_json::from_str(json).unwrap();
    assert_eq!(facts.get("contact.budget"), Some(&FactValue::Number(Decimal::new(121, 1))));
    assert_eq!(facts.get("contact.email"), None);
    let again: Facts = serde_json::from_str(&serde_json::to_string(&facts).unwrap()).unwrap();
    assert_eq!(again.get("visitor.pages"), facts.get("visitor.pages"));
    assert!(serde_json::from_str::<Facts>(r#"{"a":1,"a":2}"#).is_err());
}

#[test]
fn numbers_are_never_rounded() {
    let json = |number: &str| {
        serde_json::to_string(&Value::Number(Decimal::from_str_exact(number).unwrap())).unwrap()
    };
    assert_eq!(json("500"), r#"{"type":"number","value":500}"#);
    assert_eq!(json("49.50"), r#"{"type":"number","value":"49.5"}"#);
    assert_eq!(json("99999999999999999999"), r#"{"type":"number","value":"99999999999999999999"}"#);
}

#[test]
fn every_effect_is_an_object() {
    let program = samples::qualify_program();
    let mut turn = start(&program, &Facts::new(), Timestamp(0));
    for input in [Input::Agree, Input::Text("1"), Input::Text("a@b.example"), Input::Text("1")] {
        turn = resume(&program, &turn.session, input, &Facts::new(), Timestamp(0));
        serde_json::to_string(&turn).unwrap();
    }
    let json = serde_json::to_value(&turn).unwrap();
    let kinds: Vec<&str> =
        json["effects"].as_array().unwrap().iter().map(|effect| effect["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["set", "set", "act"]);
    assert_eq!(json["effects"][2]["object"]["kind"], "meeting");
}
