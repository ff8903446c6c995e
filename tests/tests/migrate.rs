//! What becomes of a chat in a new version of its flow: `migrate` says it, and `resume` does it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a panic in a test is its failure, and only some effects are looked at"
)]

use chatflow_compiler::{Project, Source, check};
use chatflow_runtime::{
    Destination, Effect, Facts, Input, Migration, Program, Reason, ReplyId, Session, Timestamp, Turn, Value,
    migrate, resume, start,
};

fn program(text: &str) -> Program {
    let project = Project::new(vec![Source::new("c.flow", text)]);
    let checked = check(&project);
    let image = checked.flows.first().and_then(|flow| flow.image.clone());
    assert!(image.is_some(), "{text}\n{:?}", checked.diagnostics);
    Program::from_image(image.unwrap()).unwrap()
}

/// A chat with the old version, after these messages.
fn talked(old: &str, said: &[&str]) -> Turn {
    let old = program(old);
    let begun = start(&old, &Facts::new(), Timestamp(0));
    said.iter().fold(begun, |turn, text| next(&old, &turn.session, Input::Text(text)))
}

/// The next turn, with the session through its bytes.
fn next(program: &Program, session: &Session, input: Input<'_>) -> Turn {
    let session = Session::from_bytes(&session.to_bytes()).unwrap();
    resume(program, &session, input, &Facts::new(), Timestamp(1000))
}

fn becomes(old: &str, said: &[&str], new: &str) -> Migration {
    migrate(&program(new), &talked(old, said).session, &Facts::new())
}

fn lines(turn: &Turn) -> Vec<String> {
    let line = |effect: &Effect| match effect {
        Effect::Say { text } => text.clone(),
        Effect::Ask { text, replies, .. } => {
            let labels: Vec<&str> = replies.iter().map(|reply| reply.label.as_str()).collect();
            format!("{text} {labels:?}")
        }
        Effect::Moved { step, messages, .. } => {
            format!("moved to {} with {messages:?}", step.as_deref().unwrap_or("the welcome"))
        }
        Effect::Complete { .. } => "over".to_owned(),
        other => format!("{other:?}"),
    };
    turn.effects.iter().map(|numbered| line(&numbered.effect)).collect()
}

/// What the new version does with a message to the old one.
fn says(old: &str, said: &[&str], new: &str, message: &str) -> Vec<String> {
    lines(&next(&program(new), &talked(old, said).session, Input::Text(message)))
}

const NAME: &str = "flow c \"C\"\nwelcome \"Hi!\"\nstep b {\n  ask name: text \"Name?\"\n  ask age: number \"Age?\"\n  say \"{name}, {age}\"\n}\n";

#[test]
fn the_same_version_goes_on_where_it_stands() {
    let old = talked(NAME, &["Ada"]);
    let migration = migrate(&program(NAME), &old.session, &Facts::new());
    assert_eq!(migration.destination, Destination::Same);
    assert_eq!(migration.session, old.session);
    assert_eq!((migration.why, migration.replies_gone, migration.forgotten), (vec![], vec![], vec![]));
}

#[test]
fn a_renamed_step_keeps_its_places() {
    let new = NAME.replace("step b", "step bb was b");
    assert_eq!(becomes(NAME, &["Ada"], &new).destination, Destination::Renamed);
    assert_eq!(says(NAME, &["Ada"], &new, "36"), ["Ada, 36", "over"]);
}

#[test]
fn a_chat_whose_place_is_gone_keeps_what_it_knows_and_what_was_said() {
    let new = NAME.replace("  ask age: number \"Age?\"\n", "").replace("{name}, {age}", "{name}");
    let migration = becomes(NAME, &["Ada"], &new);
    assert_eq!(migration.destination, Destination::Welcome);
    assert_eq!(migration.why, [Reason::PlaceGone]);
    assert_eq!(says(NAME, &["Ada"], &new, "36"), ["moved to the welcome with [\"36\"]", "Hi!", "Name? []"]);
    let turn = next(&program(&new), &talked(NAME, &["Ada"]).session, Input::Text("36"));
    assert_eq!(turn.session.value("name"), Some(&Value::Text("Ada".into())));
    assert_eq!(turn.session.restarts(), 1);
}

#[test]
fn a_step_that_takes_over_hears_what_was_said() {
    let new = "flow c \"C\"\noutdated -> o\nstep b {\n  ask \"Hm?\"\n}\nstep o {\n  if reply is \"36\" then say \"So you are 36.\"\n  ask \"What now?\"\n}\n";
    assert_eq!(
        says(NAME, &["Ada"], new, "36"),
        ["moved to o with [\"36\"]", "So you are 36.", "What now? []"]
    );
}

#[test]
fn a_question_that_no_longer_takes_every_answer_is_another() {
    let retyped = |ty: &str| NAME.replace("name: text", &format!("name: {ty}"));
    let migration = becomes(NAME, &[], &retyped("number"));
    assert!(matches!(migration.why.as_slice(), [Reason::TypeChanged { .. }]), "{migration:?}");
    let wider = becomes(&retyped("number"), &[], NAME);
    assert_eq!(wider.destination, Destination::Same);
}

#[test]
fn a_value_takes_its_new_type_where_it_can() {
    let old = NAME.replace("name: text", "name: number");
    let migration = becomes(&old, &["7"], NAME);
    assert_eq!(migration.destination, Destination::Same);
    assert_eq!(migration.session.value("name"), Some(&Value::Text("7".into())));
    assert_eq!(says(&old, &["7"], NAME, "36"), ["7, 36", "over"]);
    let narrower = becomes(NAME, &["Ada"], &old);
    assert_eq!(narrower.forgotten.len(), 1);
    assert_eq!(narrower.why, [Reason::Lacks(vec!["name".to_owned()])]);
}

#[test]
fn what_a_version_does_not_know_of_is_kept_for_the_next() {
    let without = NAME.replace("name: text", "\"Name?\" //").replace("{name}, {age}", "{age}");
    let between = becomes(NAME, &["Ada"], &without);
    assert_eq!(between.destination, Destination::Same);
    let back = migrate(&program(NAME), &between.session, &Facts::new());
    assert_eq!(back.destination, Destination::Same);
    assert_eq!(back.session.value("name"), Some(&Value::Text("Ada".into())));
}

#[test]
fn a_flow_that_relies_on_more_says_what_is_lacking() {
    let new = NAME
        .replace("  ask name", "  ask town: text \"Town?\"\n  ask name")
        .replace("{name}, {age}", "{name}, {age}, {town}");
    assert_eq!(becomes(NAME, &[], &new).why, [Reason::Lacks(vec!["town".to_owned()])]);
}

const CHOICES: &str = "flow c \"C\"\nstep b {\n  ask \"Which?\" {\n    \"One\" -> one\n    \"Two\" -> two\n    \"Also two\" -> two\n  }\n}\nstep one { say \"1\" }\nstep two { say \"{reply or \"2\"}\" }\n";

/// The replies that the old version shows.
fn replies(old: &str) -> Vec<ReplyId> {
    talked(old, &[]).session.shown().unwrap().replies.clone()
}

/// What the new version does where somebody taps a reply of the old one.
fn taps(old: &str, new: &str, reply: usize) -> Vec<String> {
    let begun = talked(old, &[]);
    let tap = Input::Tap { place: begun.session.place().unwrap(), reply: replies(old)[reply] };
    lines(&next(&program(new), &begun.session, tap))
}

#[test]
fn replies_that_change_places_keep_their_meaning() {
    let new = "flow c \"C\"\nstep b {\n  ask \"Which?\" {\n    \"Also two\" -> two\n    \"Two\" -> two\n    \"One\" -> one\n  }\n}\nstep one { say \"1\" }\nstep two { say \"{reply or \"2\"}\" }\n";
    assert_eq!(replies(CHOICES).iter().rev().copied().collect::<Vec<_>>(), replies(new));
    for (nth, said) in ["1", "Two", "Also two"].into_iter().enumerate() {
        assert_eq!(taps(CHOICES, new, nth), [said, "over"]);
    }
    // A number that was typed is the reply that it stood for.
    for number in ["1", "2", "3"] {
        assert_eq!(says(CHOICES, &[], new, number), [number, "over"]);
    }
}

#[test]
fn a_reply_follows_the_step_that_it_leads_to() {
    let new = CHOICES.replace("-> one", "-> first").replace("step one", "step first was one");
    assert_eq!(becomes(CHOICES, &[], &new).replies_gone, []);
    assert_eq!(taps(CHOICES, &new, 0), ["1", "over"]);
}

#[test]
fn whoever_chooses_a_reply_that_is_gone_is_asked_again() {
    let new = CHOICES.replace("    \"One\" -> one\n", "").replace("step one { say \"1\" }\n", "");
    let migration = becomes(CHOICES, &[], &new);
    assert_eq!(migration.destination, Destination::Same);
    assert_eq!(migration.replies_gone, [replies(CHOICES)[0]]);
    let again = ["Please choose one of the replies. [\"Two\", \"Also two\"]"];
    assert_eq!(taps(CHOICES, &new, 0), again);
    assert_eq!(says(CHOICES, &[], &new, "1"), again);
    assert_eq!(says(CHOICES, &[], &new, "2"), ["2", "over"]);
    let turn = next(&program(&new), &talked(CHOICES, &[]).session, Input::Text("1"));
    assert_eq!(turn.session.wrong_answers(), 0);
}

#[test]
fn agreement_that_is_asked_for_by_now_comes_first() {
    let new = NAME.replace("welcome", "consent {\n  processing explicit \"Ok?\"\n}\nwelcome");
    let migration = becomes(NAME, &[], &new);
    assert_eq!(
        (migration.destination, migration.why.as_slice()),
        (Destination::Welcome, &[Reason::AgreementChanged][..])
    );
    let begun = talked(&new, &[]);
    let without = migrate(&program(NAME), &begun.session, &Facts::new());
    assert_eq!(without.destination, Destination::First);
    let turn = next(&program(NAME), &begun.session, Input::Agree);
    assert_eq!(lines(&turn), ["moved to b with []", "Name? []"]);
}

#[test]
fn a_chat_of_another_flow_begins_anew() {
    let new = NAME.replace("flow c", "flow d");
    let migration = becomes(NAME, &["Ada"], &new);
    assert_eq!((migration.destination, migration.why), (Destination::Welcome, vec![Reason::OtherFlow]));
    let turn = next(&program(&new), &talked(NAME, &["Ada"]).session, Input::Text("36"));
    assert_eq!(turn.session.value("name"), None);
}
