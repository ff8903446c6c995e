//! What a host is asked: deadlines, late and early outcomes, and asking the visitor about what it found.

use alloc::string::String;
use alloc::vec::Vec;

use super::conversations::Chat;
use super::samples::Builder;
use crate::action::{Action, Argument, ObjectKind, Outcome};
use crate::id::Step;
use crate::image::{ActDef, Arm, Wait};
use crate::turn::{Input, Timestamp, Waiting};
use crate::{Facts, PlaceId, Program, Session, State};

/// A search with four ends and five seconds for the host and ten minutes for the visitor.
fn search() -> Program {
    let mut flow = Builder::new("search");
    let help = flow.object(ObjectKind::Knowledge, "help", &[]);
    flow.step("start", |flow, step| {
        flow.text("opening hours");
        let act = ActDef {
            arguments: alloc::vec![Argument::Question],
            outcomes: alloc::vec![(Outcome::Unsolved, Arm::Step(Step(1)))],
            deadline: Some(5000),
            ..ActDef::of(Action::SearchKnowledge, help)
        };
        let site = flow.act(step, "search knowledge help", act);
        flow.image.sites[site.index()].timeout = Some((600_000, Arm::Step(Step(2))));
        flow.say("Solved.");
    });
    flow.step("unsolved", |flow, _| flow.say("Unsolved."));
    flow.step("late", |flow, _| flow.say("Late."));
    flow.program()
}

fn articles(titles: &[&str]) -> Facts {
    let mut facts = Facts::new();
    for (at, title) in titles.iter().enumerate() {
        facts.set(&alloc::format!("articles[{at}].title"), (*title).into());
    }
    facts
}

fn chat() -> Chat {
    Chat::new(search(), Facts::new())
}

fn found(chat: &mut Chat, titles: &[&str]) -> Vec<String> {
    let place = chat.turn.session.place().unwrap_or(PlaceId(0));
    chat.turn(Input::Outcome { place, outcome: Outcome::Found, data: &articles(titles) })
}

const DONE: &str = "complete Finished";

#[test]
fn what_was_found_is_shown_and_the_visitor_asked() {
    let mut chat = chat();
    let place = chat.turn.session.place().unwrap();
    assert_eq!(chat.turn.waiting, Waiting::Host { place, until: Timestamp(5000) });
    chat.now = 4999;
    let shown = found(&mut chat, &["Hours", "Holidays"]);
    assert_eq!(shown.first().map(String::as_str), Some("articles Hours, Holidays"));
    assert!(shown[1].contains("Does that answer your question?"), "{shown:?}");
    // The visitor's time counts from the question.
    assert_eq!(chat.turn.waiting, Waiting::Visitor { place, until: Some(Timestamp(604_999)) });
    assert!(found(&mut chat, &["Again"]).is_empty(), "what was found is shown once");
    assert!(chat.say("pardon?")[0].contains("Does that answer your question?"));
    assert_eq!(chat.say("1"), ["bot: Solved.", DONE]);
}

#[test]
fn every_end_of_a_search() {
    type Play<'p> = &'p dyn Fn(&mut Chat) -> Vec<String>;
    let ends: &[(Play<'_>, &str)] = &[
        (&|chat| chat.outcome(Outcome::Unsolved), "bot: Unsolved."),
        (&|chat| chat.outcome(Outcome::Failed), "bot: Unsolved."),
        (&|chat| chat.outcome(Outcome::Found), "bot: Unsolved."),
        (&|chat| chat.outcome(Outcome::Solved), "bot: Solved."),
        (
            &|chat| {
                chat.now = 5000;
                chat.turn(Input::Silence)
            },
            "bot: Unsolved.",
        ),
        (
            &|chat| {
                chat.now = 5000;
                found(chat, &["Too late"])
            },
            "bot: Unsolved.",
        ),
        (
            &|chat| {
                found(chat, &["Hours"]);
                chat.say("No, not yet")
            },
            "bot: Unsolved.",
        ),
        (
            &|chat| {
                found(chat, &["Hours"]);
                chat.outcome(Outcome::Solved)
            },
            "bot: Solved.",
        ),
        (
            &|chat| {
                found(chat, &["Hours"]);
                chat.now = 600_000;
                chat.turn(Input::Silence)
            },
            "bot: Late.",
        ),
    ];
    for (nth, (play, said)) in ends.iter().enumerate() {
        assert_eq!(play(&mut chat()), [*said, DONE], "{nth}");
    }
}

#[test]
fn a_moment_before_its_time_nothing_is_late() {
    let mut chat = chat();
    chat.now = 4999;
    assert!(chat.turn(Input::Silence).is_empty());
    found(&mut chat, &["Hours"]);
    chat.now = 4999 + 599_999;
    assert!(chat.turn(Input::Silence).is_empty());
}

#[test]
fn outcomes_of_elsewhere_change_nothing() {
    let mut chat = chat();
    let before = chat.turn.session.clone();
    for (place, outcome) in [(PlaceId(1), Outcome::Solved), (before.place().unwrap(), Outcome::Booked)] {
        assert!(chat.turn(Input::Outcome { place, outcome, data: Facts::NONE }).is_empty());
        assert_eq!(chat.turn.session, before);
    }
}

#[test]
fn a_message_during_the_lookup_answers_nothing_that_comes_of_it() {
    let mut chat = chat();
    assert!(chat.say("hello?").is_empty());
    assert_eq!(chat.turn.session.kept_message(), Some("hello?"));
    found(&mut chat, &["Hours"]);
    // What the visitor is asked then, they answer anew; no later question may take the old words for its answer.
    assert_eq!(chat.turn.session.kept_message(), None);
}

#[test]
fn many_articles_are_too_many() {
    let titles = ["a"; 40];
    assert_eq!(found(&mut chat(), &titles)[0].matches('a').count(), 1 + crate::MOST_ARTICLES);
}

/// A session of a stranger that says that the visitor is asked where nobody ever asks them.
#[test]
fn nobody_is_asked_where_nobody_asks() {
    let mut flow = Builder::new("search");
    let pipeline = flow.object(ObjectKind::Pipeline, "support", &[]);
    flow.step("start", |flow, step| {
        flow.act(step, "create ticket support", ActDef::of(Action::CreateTicket, pipeline));
    });
    let program = flow.program();
    let mut chat = Chat::new(program, Facts::new());
    chat.turn.session.asked = true;
    chat.turn.session = Session::from_bytes(&chat.turn.session.to_bytes()).unwrap();
    let said = chat.turn(Input::Text("hi"));
    assert_eq!(said.len(), 2);
    assert_eq!(said[0], r#"moved: welcome (wait_changed) ["hi"]"#);
    assert_eq!(chat.turn.session.restarts(), 1);
    assert!(matches!(chat.turn.session.state(), State::At(_)));
}

#[test]
fn what_the_verifier_refuses() {
    let act = |image: &mut crate::Image, change: fn(&mut ActDef)| {
        if let Some(Wait::Act(act)) = image.sites.first_mut().map(|site| &mut site.wait) {
            change(act);
        }
    };
    type Spoil<'s> = &'s dyn Fn(&mut crate::Image);
    let spoiled: &[(&str, Spoil<'_>)] = &[
        ("too long a deadline", &|image| act(image, |act| act.deadline = Some(600_001))),
        ("too short a deadline", &|image| act(image, |act| act.deadline = Some(99))),
        ("an outcome that is not the flow's", &|image| {
            act(image, |act| act.outcomes.push((Outcome::Found, Arm::Next)));
        }),
        ("another kind of thing", &|image| image.objects[0].kind = ObjectKind::List),
    ];
    for (what, spoil) in spoiled {
        let mut image = search().image().clone();
        spoil(&mut image);
        assert!(Program::from_image(image).is_err(), "{what}");
    }
}
