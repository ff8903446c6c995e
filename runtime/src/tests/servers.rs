//! Servers that speak as bots of HubSpot do, and what they are sent.

use alloc::string::String;
use alloc::vec::Vec;

use super::conversations::Chat;
use super::samples;
use crate::action::{Argument, ObjectKind, Outcome, Part};
use crate::id::{Addr, Object, Str};
use crate::image::{ActDef, GivenFrom, GivenPiece, ObjectDef, TalkDef, Wait};
use crate::{
    Effect, FactValue, Facts, HeaderValue, Input, LONGEST_ADDRESS, LONGEST_QUICK_REPLY, LONGEST_SERVER_STATE,
    MOST_QUICK_REPLIES, Program, QuickReply, Refused, Request, refused,
};

fn chat() -> Chat {
    Chat::new(Program::from_image(samples::server()).unwrap(), Facts::new().with("company.name", "A/B"))
}

fn answered(chat: &mut Chat, data: &Facts) -> Vec<String> {
    let place = chat.turn.session.place().unwrap();
    chat.turn(Input::Outcome { place, outcome: Outcome::Ok, data })
}

fn request(chat: &Chat) -> Request {
    let last = chat.turn.effects.last().map(|numbered| &numbered.effect);
    let Some(Effect::Act { request: Some(request), .. }) = last else { panic!("no message is sent") };
    request.as_ref().clone()
}

fn asks() -> Facts {
    Facts::new()
        .with("botMessage", "<p>Which?</p>")
        .with("responseExpected", true)
        .with("quickReplies[0].label", "One")
        .with("quickReplies[0].value", 1)
        .with("quickReplies[1].value", "two")
        .with("customState", "{\"round\":1}")
}

#[test]
fn it_is_sent_what_bots_send() {
    let chat = chat();
    let sent = request(&chat);
    assert_eq!((sent.method.as_str(), sent.url.as_str()), ("post", "https://bots.example/A%2FB"));
    assert_eq!(sent.headers[0].value, HeaderValue::Secret(String::from("key")));
    assert_eq!(
        sent.body.text().unwrap(),
        r#"{"userMessage":{"message":"","quickReply":null},"session":{"properties":{"COMPANY":{"name":{"value":"A/B"}}}}}"#
    );
}

#[test]
fn what_it_asks_comes_back_with_what_it_gave_itself_to_know() {
    let mut chat = chat();
    assert_eq!(answered(&mut chat, &asks()), ["ask: Which? [\"One\", \"two\"] or else"]);
    assert_eq!(chat.turn.session.server_state(), Some("{\"round\":1}"));
    assert_eq!(chat.turn.session.offered()[1], QuickReply { label: "two".into(), value: "two".into() });
    assert_eq!(chat.outcome(Outcome::Failed), Vec::<String>::new(), "nobody waits for the host");
    assert_eq!(chat.say("1."), ["call webhook  []"]);
    assert_eq!(
        request(&chat).body.text().unwrap(),
        r#"{"userMessage":{"message":"One","quickReply":{"quickReplies":[{"value":"1","label":"One"}]}},"session":{"properties":{"COMPANY":{"name":{"value":"A/B"}}},"customState":{"round":1}}}"#
    );
    assert!(chat.turn.session.offered().is_empty());
    assert_eq!(answered(&mut chat, &asks()).len(), 1);
    chat.say("something else");
    let text = request(&chat).body.text().unwrap();
    assert!(text.contains(r#"{"message":"something else","quickReply":null}"#), "{text}");
    let over = answered(&mut chat, &Facts::new().with("nextModuleNickname", "More"));
    assert_eq!(over, ["bot: More.", "complete Finished"]);
    assert_eq!(chat.turn.session.server_state(), None, "it was for this chat");
}

#[test]
fn what_it_may_not_do_is_a_failure() {
    let why = |data: &Facts| {
        let mut chat = chat();
        let why = refused(&chat.program, &chat.turn.session, Outcome::Ok, data);
        let failed = answered(&mut chat, data).first().is_some_and(|said| said == "bot: Failed.");
        assert_eq!(failed, why.is_some());
        why
    };
    let with = |name: &str, value: FactValue| why(&asks().with(name, value));
    assert_eq!(why(&asks()), None);
    assert_eq!(with("botMessage", 7.into()), Some(Refused::Malformed("botMessage")));
    assert_eq!(with("responseExpected", 1.into()), Some(Refused::Malformed("responseExpected")));
    let next = Facts::new().with("nextModuleNickname", "Less");
    assert_eq!(why(&next), Some(Refused::Next(String::from("Less"))));
    assert_eq!(with("nextModuleNickname", "Less".into()), None, "who asks leads nowhere");
    let text = |length: usize| FactValue::from("a".repeat(length));
    assert_eq!(with("customState", text(LONGEST_SERVER_STATE)), None);
    assert!(with("customState", text(LONGEST_SERVER_STATE + 1)).is_some());
    assert_eq!(with("quickReplies[1].label", text(LONGEST_QUICK_REPLY)), None);
    assert!(with("quickReplies[1].label", text(LONGEST_QUICK_REPLY + 1)).is_some());
    assert!(with("quickReplies[1].value", text(LONGEST_QUICK_REPLY + 1)).is_some());
    assert!(with("quickReplies[1].label", " ".into()).is_some());
    let mut many = asks();
    for at in 0..MOST_QUICK_REPLIES {
        many.set(&alloc::format!("quickReplies[{at}].label"), FactValue::from("One of many"));
    }
    assert_eq!(why(&many), None);
    many.set(&alloc::format!("quickReplies[{MOST_QUICK_REPLIES}].label"), FactValue::from("One too many"));
    assert_eq!(why(&many), Some(Refused::Malformed("quickReplies")));
}

#[test]
fn an_address_has_a_longest_length() {
    let program = Program::from_image(samples::server()).unwrap();
    let path = LONGEST_ADDRESS - "https://bots.example/".len();
    let shown = |length: usize| {
        Chat::new(program.clone(), Facts::new().with("company.name", "a".repeat(length))).shown()
    };
    assert_eq!(shown(path), ["call webhook  []"]);
    assert_eq!(shown(path + 1)[0], "bot: Failed.");
}

/// A value that stands in a program is of its part, and a call that is done again is this one.
#[test]
fn what_the_verifier_refuses() {
    let with = |change: fn(&mut ActDef)| {
        let mut image = samples::server();
        image.objects.push(ObjectDef {
            kind: ObjectKind::Team,
            name: Str(0),
            title: Str(0),
            link: None,
            members: Vec::new(),
        });
        let Some(Wait::Act(act)) = image.sites.first_mut().map(|site| &mut site.wait) else { panic!() };
        change(act);
        Program::from_image(image).map(|_| ())
    };
    assert_eq!(with(|_| {}), Ok(()));
    assert!(with(|act| act.talk = Some(TalkDef { nexts: Vec::new(), asks: Some(Addr(2)) })).is_err());
    assert!(with(|act| act.talk = Some(TalkDef { nexts: Vec::new(), asks: Some(Addr(9999)) })).is_err());
    assert!(with(|act| act.talk.as_mut().unwrap().nexts[0].0 = Str(999)).is_err());
    assert!(with(|act| act.given[1].from = GivenFrom::Secret(Object(2))).is_err(), "a team is no secret");
    assert!(with(|act| act.given[1].from = GivenFrom::Secret(Object(9))).is_err());
    assert!(with(|act| act.given[1].part = Part::Body).is_err(), "a secret is sent in a header alone");
    assert!(with(|act| act.given[1].part = Part::Address).is_err(), "there is one address");
    assert!(with(|act| drop(act.given.remove(0))).is_err(), "an address is needed");
    let words =
        GivenFrom::Pieces(Vec::from([GivenPiece::Words(Str(999)), GivenPiece::Value(crate::Type::Text)]));
    assert!(
        Program::from_image({
            let mut image = samples::server();
            if let Some(Wait::Act(act)) = image.sites.first_mut().map(|site| &mut site.wait) {
                act.given[0].from = words;
            }
            image
        })
        .is_err()
    );
    assert!(with(|act| act.arguments.push(Argument::Body)).is_err(), "a block is no value");
}
