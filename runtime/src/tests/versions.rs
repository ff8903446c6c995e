//! Chats that a program goes on with that did not begin them.

use super::conversations::qualify;
use super::samples;
use crate::id::PlaceId;
use crate::image::Image;
use crate::value::{Type, Value};
use crate::{Input, Program};

/// [`samples::qualify_program`] as somebody has changed it since.
fn changed(change: impl FnOnce(&mut Image)) -> Program {
    let mut image = samples::qualify_program().image().clone();
    change(&mut image);
    Program::from_image(image).unwrap()
}

#[test]
fn a_chat_goes_on_in_a_newer_version() {
    let mut chat = qualify();
    chat.turn(Input::Agree);
    chat.say("1");
    chat.say("a@b.example");
    let old = chat.turn.clone();
    chat.program = changed(|image| image.flow.priority = 7);
    assert_eq!(chat.say("1")[0], "set company.employees = Number(1)");
    assert_eq!(chat.turn.session.program(), chat.program.content_hash());

    chat.turn = old.clone();
    chat.program = changed(|image| image.sites[2].id = PlaceId(7));
    assert_eq!(
        chat.say("1"),
        [
            r#"moved: need (place_gone) ["1"]"#,
            r#"ask: What brings you here? ["See a demo", "Get support", "Just looking"]"#
        ],
        "the place is gone, so the chat goes to the `outdated` step"
    );

    chat.turn = old.clone();
    chat.program = changed(|image| {
        image.sites[2].id = PlaceId(7);
        image.flow.outdated = None;
    });
    let said = chat.say("1");
    assert_eq!(said[..2], [r#"moved: welcome (place_gone) ["1"]"#, "bot: Hi there! Looking for a plan?"]);
    assert_eq!(chat.turn.session.value("contact.email"), Some(&Value::Text("a@b.example".into())));

    chat.turn = old.clone();
    chat.program = changed(|image| image.sites[2].keeps.push(crate::id::Slot(0)));
    assert_eq!(
        chat.say("1")[0],
        r#"moved: need (lacks) ["1"]"#,
        "the newer version relies on a first name that nobody knows"
    );
    chat.turn = old.clone();
    chat.facts.set("contact.firstname", "Ada".into());
    assert_eq!(chat.say("1")[0], "set company.employees = Number(1)");

    chat.turn = old;
    chat.program = changed(|image| image.slots[1].ty = Type::Bool);
    chat.turn(Input::Silence);
    assert_eq!(chat.turn.session.value("contact.email"), None, "its type has changed");
}

#[test]
fn a_session_of_another_flow_starts_again() {
    let mut chat = qualify();
    chat.turn(Input::Agree);
    chat.say("1");
    chat.say("a@b.example");
    let effects = chat.turn.session.next_effect();
    chat.program = Program::from_image(samples::hello()).unwrap();
    assert_eq!(
        chat.say("1"),
        [r#"moved: welcome (other_flow) ["1"]"#, "bot: Hi! I'm a bot.", "ask: What's your name?"]
    );
    assert_eq!(chat.turn.session.flow(), chat.program.flow_id());
    assert_eq!(chat.turn.session.next_effect(), effects + 3);
    assert!(!chat.turn.session.has_agreed());
}
