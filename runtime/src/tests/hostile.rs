//! Bytes of strangers: whatever loads must run, and whatever runs must end.

use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;

use crate::action::Outcome;
use crate::encode::encode;
use crate::id::{PlaceId, ReplyId, content_hash};
use crate::image::Image;
use crate::layout::{SKIPPABLE, strip};
use crate::samples;
use crate::store::fitting;
use crate::wire::Reader;
use crate::{
    Effect, FactValue, Facts, Input, LONGEST_RESULT, Program, Session, Timestamp, Waiting, facts_read,
    refused, resume, select, shows, start, unstored, waiting, welcome,
};

/// An input that owns its words.
#[derive(Clone, Debug)]
enum Said {
    Text(String),
    /// The reply with this number of the place where the chat waits, or of none.
    Tap(u32),
    Agree,
    Outcome(Outcome, Facts),
    Silence,
    Closed,
}

fn inputs() -> impl Strategy<Value = Vec<(Said, i64)>> {
    let said = prop_oneof![
        4 => "([0-9]|agent|Just me|See a demo|a@b\\.example|.{0,8})".prop_map(Said::Text),
        1 => (0u32..4).prop_map(Said::Tap),
        2 => Just(Said::Agree),
        2 => (prop::sample::select(Outcome::ALL), data())
            .prop_map(|(outcome, data)| Said::Outcome(outcome, data)),
        1 => Just(Said::Silence),
        1 => Just(Said::Closed),
    ];
    let time = prop_oneof![8 => 0i64..20_000, 1 => 0i64..4_000_000, 1 => any::<i64>()];
    proptest::collection::vec((said, time), 0..12)
}

/// What a stranger says with an outcome.
fn data() -> impl Strategy<Value = Facts> {
    let value = prop_oneof![
        any::<String>().prop_map(FactValue::from),
        any::<i64>().prop_map(FactValue::from),
        any::<bool>().prop_map(FactValue::from),
        proptest::collection::vec("small|S|large|.{0,3}", 0..4).prop_map(FactValue::from),
        (1usize..40_000).prop_map(|length| FactValue::from("a".repeat(length))),
        "small|L|a@b.example|2027-01-31|\\+31201234567".prop_map(FactValue::from),
    ];
    let name = prop_oneof![
        Just(String::from("value")),
        "botMessage|responseExpected|nextModuleNickname|customState|quickReplies\\[[01]\\]\\.(label|value)",
        "[a-c.\\[\\]0]{0,6}",
    ];
    proptest::collection::vec((name, value), 0..4).prop_map(|said| {
        let mut data = Facts::new();
        said.into_iter().for_each(|(name, value)| data.set(&name, value));
        data
    })
}

fn facts() -> impl Strategy<Value = Facts> {
    let url = prop_oneof![Just(String::from("https://acme.example/pricing/?plan=pro")), any::<String>()];
    (url, any::<bool>(), "[a-z]{0,8}", any::<i64>()).prop_map(|(url, is, text, number)| {
        Facts::new()
            .with("page.url", url)
            .with("team sales", is)
            .with("contact.stage", text.clone())
            .with("contact.firstname", text)
            .with("company.employees", number)
            .with("utc_offset", number)
    })
}

/// Runs a chat; every session must survive its bytes, and the same turn must come twice.
fn run(program: &Program, mut session: Session, inputs: &[(Said, i64)], facts: &Facts) {
    let mut now = Timestamp(0);
    for (said, time) in inputs {
        now = now.after(*time);
        let place = session.place().unwrap_or(PlaceId(0));
        let reply = |number: u32| {
            let site = program.site(place).and_then(|site| program.site_def(site));
            let replies = match site.map(|site| &site.wait) {
                Some(crate::image::Wait::Ask(ask)) => ask.replies.as_slice(),
                _ => &[],
            };
            replies.get(number as usize).map_or(ReplyId::of("declined"), |reply| reply.id)
        };
        let input = match said {
            Said::Text(text) => Input::Text(text),
            Said::Tap(number) => Input::Tap { place, reply: reply(*number) },
            Said::Agree => Input::Agree,
            Said::Outcome(outcome, data) => Input::Outcome { place, outcome: *outcome, data },
            Said::Silence => Input::Silence,
            Said::Closed => Input::Closed,
        };
        let turn = resume(program, &session, input, facts, now);
        assert_eq!(turn, resume(program, &session, input, facts, now), "the same inputs give the same turn");
        assert_eq!(turn.waiting, waiting(program, &turn.session));
        assert_eq!(Session::from_bytes(&turn.session.to_bytes()), Ok(turn.session.clone()));
        session = turn.session;
    }
}

fn run_all(program: &Program, inputs: &[(Said, i64)], facts: &Facts) {
    let _ = (facts_read(program), welcome(program, facts, Timestamp(0)), shows(program, facts, Timestamp(0)));
    let _ = select(&[program], facts, Timestamp(0));
    let turn = start(program, facts, Timestamp(0));
    run(program, turn.session, inputs, facts);
}

/// Bytes whose stated hash is that of their content, so that only the reader and the verifier stand in the way.
fn with_hash(mut bytes: Vec<u8>) -> Vec<u8> {
    let mut reader = Reader::starting_at(&bytes, 15);
    let mut end = 15;
    while let Ok(id) = reader.byte() {
        let Ok(body) = reader.count(1).and_then(|length| reader.raw(length)) else { break };
        let _ = body;
        if id < SKIPPABLE {
            end = reader.position();
        }
    }
    if bytes.len() >= 15 {
        let hash = content_hash(&bytes[15..end]);
        bytes[6..14].copy_from_slice(&hash.to_le_bytes());
    }
    bytes
}

/// An image with one number of one table changed: most of these get as far as the verifier.
fn bent(mut image: Image, at: prop::sample::Index, by: u32, which: u8) -> Image {
    let small = |value: &mut u32| *value = value.wrapping_add(by) % 32;
    match which % 10 {
        0 => {
            let at = at.index(image.code.len());
            image.code[at] = image.code[at].wrapping_add(by as u8);
        }
        1 => {
            let at = at.index(image.sites.len());
            small(&mut image.sites[at].next.0);
        }
        2 => {
            let at = at.index(image.steps.len());
            image.steps[at].code.start.0 = image.steps[at].code.start.0.wrapping_add(by % 4);
        }
        3 => {
            let at = at.index(image.fragments.len());
            image.fragments[at].end.0 = image.fragments[at].end.0.wrapping_sub(by % 4);
        }
        4 => {
            let at = at.index(image.slots.len());
            image.slots[at].ty = crate::Type::OneOf(crate::id::Options(by % 3));
        }
        5 => {
            let at = at.index(image.texts.len());
            small(&mut image.texts[at].holes);
        }
        6 => {
            let at = at.index(image.constants.len());
            image.constants.swap(at, (by as usize) % at.max(1));
        }
        7 => small(&mut image.flow.max_stack),
        8 => image.facts.reverse(),
        _ => image.objects.reverse(),
    }
    image
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_load_or_do_not(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = (Program::load(&bytes), strip(&bytes), Session::from_bytes(&bytes));
        let mut headed = Vec::from(*b"FLWC\x01\x00");
        headed.extend(bytes);
        let _ = Program::load(&with_hash(headed));
    }

    #[test]
    fn bent_bytes_run_if_they_load(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
        which in 0usize..4,
        inputs in inputs(),
        facts in facts(),
    ) {
        let image = match which {
            0 => samples::calls(),
            2 => samples::server(),
            1 => samples::function(samples::RESULTS[inputs.len() % samples::RESULTS.len()]),
            _ => samples::qualify_program().image().clone(),
        };
        let mut bytes = encode(&image);
        for (at, bits) in flips {
            let at = 15 + at.index(bytes.len() - 15);
            bytes[at] ^= bits;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(program) = Program::load(&with_hash(bytes)) {
            run_all(&program, &inputs, &facts);
        }
    }

    #[test]
    fn bent_tables_run_if_they_verify(
        bends in proptest::collection::vec((any::<prop::sample::Index>(), any::<u32>(), any::<u8>()), 1..3),
        inputs in inputs(),
        facts in facts(),
    ) {
        let mut image = samples::qualify_program().image().clone();
        for (at, by, which) in bends {
            image = bent(image, at, by, which);
        }
        if let Ok(program) = Program::from_image(image) {
            let bytes = encode(program.image());
            prop_assert_eq!(Program::load(&bytes), Ok(program.clone()));
            run_all(&program, &inputs, &facts);
        }
    }

    #[test]
    fn answers_of_strangers_are_stored_or_a_failure(
        which in prop::sample::select(&samples::RESULTS[..]), data in data(), facts in facts(),
    ) {
        let program = Program::from_image(samples::function(which)).unwrap();
        let turn = start(&program, &facts, Timestamp(0));
        let place = turn.session.place().unwrap();
        let expected = unstored(&program, &turn.session, Outcome::Returned, &data, &facts, Timestamp(1));
        let input = Input::Outcome { place, outcome: Outcome::Returned, data: &data };
        let after = resume(&program, &turn.session, input, &facts, Timestamp(1));
        let stored = after.session.value("result").cloned();
        prop_assert_eq!(stored.is_some(), expected.is_none());
        let failed = after.effects[0].effect == Effect::Say { text: String::from("Failed.") };
        prop_assert_eq!(failed, stored.is_none());
        // What is stored is a value of the type.
        if let Some(value) = stored {
            prop_assert!(fitting(program.image(), which, value).is_some());
        }
        prop_assert!(after.session.to_bytes().len() < 2 * LONGEST_RESULT);
    }

    #[test]
    fn servers_of_strangers_say_something_or_fail(data in data(), expects: bool, facts in facts()) {
        let program = Program::from_image(samples::server()).unwrap();
        let turn = start(&program, &facts, Timestamp(0));
        let place = turn.session.place().unwrap();
        let data = if expects { data.with("responseExpected", true) } else { data };
        let expects = data.get("responseExpected") == Some(&FactValue::Bool(true));
        let refused = refused(&program, &turn.session, Outcome::Ok, &data);
        let input = Input::Outcome { place, outcome: Outcome::Ok, data: &data };
        let after = resume(&program, &turn.session, input, &facts, Timestamp(1));
        let failed = after.effects[0].effect == Effect::Say { text: String::from("Failed.") };
        prop_assert_eq!(failed, refused.is_some(), "{:?}", refused);
        prop_assert_eq!(matches!(after.waiting, Waiting::Visitor { .. }), expects && refused.is_none());
        prop_assert_eq!(Session::from_bytes(&after.session.to_bytes()), Ok(after.session.clone()));
        prop_assert!(after.session.to_bytes().len() < 32 * 1024);
    }

    #[test]
    fn sessions_of_strangers_run(session in samples::sessions(), inputs in inputs(), facts in facts()) {
        run(&samples::qualify_program(), session, &inputs, &facts);
    }

    #[test]
    fn sessions_with_callers_of_strangers_run(
        session in samples::called_sessions(), inputs in inputs(), facts in facts(),
    ) {
        prop_assert_eq!(Session::from_bytes(&session.to_bytes()), Ok(session.clone()));
        run(&Program::from_image(samples::calls()).unwrap(), session, &inputs, &facts);
    }
}

#[test]
fn a_program_comes_back() {
    let functions = samples::RESULTS.into_iter().map(samples::function);
    let others = [
        samples::hello(),
        samples::calls(),
        samples::server(),
        samples::qualify(),
        samples::qualify_program().image().clone(),
    ];
    for image in others.into_iter().chain(functions) {
        let bytes = encode(&image);
        let program = Program::load(&bytes).unwrap();
        assert_eq!(program.image(), &image);
        assert_eq!(encode(program.image()), bytes);
        assert_eq!(Program::from_image(image), Ok(program));
    }
}

#[test]
fn every_byte_counts() {
    let bytes = encode(&samples::hello());
    for at in 0..bytes.len() {
        assert!(Program::load(&bytes[..at]).is_err(), "cut at {at}");
        // The minor version may grow, and the debug lines are not hashed.
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        let hashed = at < strip(&bytes).unwrap().len() && at != 5 && at != 14;
        assert!(!hashed || Program::load(&flipped).is_err(), "flipped at {at}");
    }
}

#[test]
fn a_program_is_small() {
    let image = samples::qualify_program().image().clone();
    let bytes = strip(&encode(&image)).unwrap().len();
    // Every statement of the page's example: settings, rules and questions with their choices and arrows.
    let statements = 45;
    let text = image.strings.text.len();
    assert!(bytes <= text + statements * 20, "{bytes} bytes, of which {text} are text");
}
