//! Questions of every kind, and what their answers mean.

use alloc::string::String;

use super::conversations::Chat;
use super::samples::{Builder, number, option, question, words};
use crate::Facts;
use crate::image::{Arm, AskDef, Scope};
use crate::op::Op;
use crate::value::{Type, Value};

/// A flow with every kind of question.
fn questions(ask: impl FnOnce(&mut Builder) -> AskDef) -> Chat {
    let mut flow = Builder::new("questions");
    flow.options(&[("api", "API", "api"), ("price", "Price, all in", "price"), ("other", "Other", "other")]);
    let target = flow.slot("contact.x", Type::Text, Scope::Contact);
    let ask = AskDef { target: Some(target), ..ask(&mut flow) };
    flow.image.slots[0].ty = ask.ty;
    flow.step("start", |flow, step| {
        flow.text("?");
        flow.ask(step, "ask", ask);
        flow.say("next");
        flow.op(Op::Finish);
    });
    flow.step("other", |flow, _| flow.say("other"));
    Chat::new(flow.program(), Facts::new())
}

const MANY: Type = Type::ManyOf(crate::id::Options(0));
const ONE: Type = Type::OneOf(crate::id::Options(0));
const OTHER: Arm = Arm::Step(crate::id::Step(1));

#[test]
fn several_options_are_ticked() {
    let many = |names: &[&str]| Value::Options(names.iter().map(|name| String::from(*name)).collect());
    let chat = || {
        questions(|flow| {
            let replies = flow.replies(&[
                ("API", option("api"), Arm::Next),
                ("Price, all in", Some(many(&["price"])), OTHER),
                ("Other", option("other"), Arm::Next),
            ]);
            AskDef { replies, ..question(None, MANY) }
        })
    };
    let stored = |answer: &str| {
        let mut chat = chat();
        let lines = chat.say(answer);
        (chat.turn.session.value("contact.x").cloned(), lines[lines.len() - 2].clone())
    };
    assert_eq!(stored("Other\nPrice, all in"), (Some(many(&["price", "other"])), "bot: next".into()));
    assert_eq!(stored("3 and api"), (Some(many(&["api", "other"])), "bot: next".into()));
    assert_eq!(stored("price, all in"), (Some(many(&["price"])), "bot: other".into()));
    assert_eq!(stored("price"), (Some(many(&["price"])), "bot: other".into()));
    assert!(chat().say("api, cheese")[0].starts_with("again: "));
}

#[test]
fn a_reply_can_be_meant_by_its_value() {
    let mut chat = questions(|flow| {
        let replies = flow
            .replies(&[("Yes", Some(Value::Bool(true)), OTHER), ("No", Some(Value::Bool(false)), Arm::Next)]);
        AskDef { replies, ..question(None, Type::Bool) }
    });
    assert_eq!(chat.say("maybe")[0], r#"again: Please choose one of the replies. ["Yes", "No"]"#);
    assert_eq!(chat.say("yep")[..2], ["set contact.x = Bool(true)", "bot: other"]);
    let mut chat = questions(|flow| {
        let replies = flow.replies(&[("The interface", option("api"), OTHER)]);
        AskDef { replies, ..question(None, ONE) }
    });
    assert_eq!(chat.say("API")[1], "bot: other");
}

#[test]
fn otherwise_takes_what_is_no_reply() {
    let chat = |ty| {
        questions(|flow| {
            let replies = flow.replies(&[(
                "Few",
                if ty == Type::Number { number(2) } else { words("Few") },
                Arm::Next,
            )]);
            AskDef { replies, otherwise: Some(OTHER), ..question(None, ty) }
        })
    };
    let mut text = chat(Type::Text);
    assert_eq!(text.shown(), [r#"ask: ? ["Few"] or else"#]);
    assert_eq!(text.say("a lot")[..2], [r#"set contact.x = Text("a lot")"#, "bot: other"]);
    assert!(chat(Type::Text).say(" ")[0].starts_with("again: "), "a message without any text says nothing");
    assert_eq!(chat(Type::Number).say("12")[..2], ["set contact.x = Number(12)", "bot: other"]);
    assert_eq!(chat(Type::Number).say("a lot")[..1], ["bot: other"], "what is no number is not stored");
    assert_eq!(chat(Type::Number).say("few")[..2], ["set contact.x = Number(2)", "bot: next"]);
    let mut open = questions(|_| AskDef { otherwise: Some(OTHER), ..question(None, Type::Number) });
    assert_eq!(open.say("1.50")[..2], ["set contact.x = Number(1.5)", "bot: next"]);
    let mut open = questions(|_| AskDef { otherwise: Some(OTHER), ..question(None, Type::Number) });
    assert_eq!(open.say("many")[..1], ["bot: other"]);
}
