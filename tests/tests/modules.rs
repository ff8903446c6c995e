//! A flow that runs steps of modules plays as the same flow does with these steps written out in it.
//!
//! `CHATFLOW_CASES` says how many talks there are, as it does for the interpreter's.
#![expect(clippy::unwrap_used, reason = "a panic in a test is its failure")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chatflow_compiler::{Project, Severity, Source, check};
use chatflow_runtime::id::{PlaceId, ReplyId};
use chatflow_runtime::{Body, Effect, Input, Program, Turn, resume, start};
use chatflow_tests::random::{Choices, Heard, Sources, Talk, locals, sources};
use chatflow_tests::written_out::written_out;

/// Talks of one flow.
const TALKS: u64 = 5;

/// The program of the first file, unless something is wrong with it.
fn program(files: &[(String, &str)]) -> Result<Program, Vec<String>> {
    let sources = files.iter().map(|(name, text)| Source::new(format!("{name}.flow"), *text));
    let checked = check(&Project::new(sources.collect()));
    let errors = checked.diagnostics.iter().filter(|found| found.severity() == Severity::Error);
    let errors: Vec<String> =
        errors.map(|found| format!("{} {}", found.code.as_str(), found.message)).collect();
    match checked.flows.into_iter().find_map(|flow| flow.image) {
        Some(image) if errors.is_empty() => Ok(Program::from_image(image).unwrap()),
        _ => Err(errors),
    }
}

/// What the ids of a program are called in both: by the order in which they are met.
#[derive(Default)]
struct Ids {
    known: BTreeMap<String, usize>,
    all: Vec<(u64, u64)>,
}

impl Ids {
    /// The text with numbers instead of ids; a reply's is that of its place and its own.
    fn canonical(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut place = "";
        let mut rest = text;
        while let Some(at) = rest.find("Id(") {
            let (before, after) = rest.split_at(at + "Id(".len());
            let (id, after) = after.split_once(')').unwrap();
            out += before;
            let is_place = before.ends_with("PlaceId(");
            if is_place {
                place = id;
            }
            let key = if is_place { id.to_owned() } else { format!("{place} {id}") };
            let next = self.known.len();
            let number = *self.known.entry(key).or_insert(next);
            if number == next {
                let reply = if is_place { 0 } else { id.parse().unwrap() };
                self.all.push((place.parse().unwrap(), reply));
            }
            let _ = write!(out, "{number})");
            rest = after;
        }
        out + rest
    }

    fn number(&self, key: &str) -> Option<usize> {
        self.known.get(key).copied()
    }

    fn place(&self, number: usize) -> PlaceId {
        PlaceId(self.all.get(number).unwrap().0)
    }

    fn reply(&self, number: usize) -> ReplyId {
        ReplyId(self.all.get(number).unwrap().1 as u32)
    }
}

/// The same input for the other program; none if it names what no turn has offered.
fn translated<'h>(heard: &'h Heard, of: &Ids, to: &Ids) -> Option<Input<'h>> {
    let place = |place: PlaceId| of.number(&place.0.to_string()).map(|number| to.place(number));
    Some(match heard.input() {
        Input::Tap { place: at, reply } => {
            let number = of.number(&format!("{} {}", at.0, reply.0))?;
            Input::Tap { place: place(at)?, reply: to.reply(number) }
        }
        Input::Outcome { place: at, outcome, data } => Input::Outcome { place: place(at)?, outcome, data },
        input @ (Input::Text(_) | Input::Agree | Input::Silence | Input::Closed) => input,
    })
}

/// What a turn came to, without ids.
fn seen(turn: &Turn, ids: &mut Ids) -> String {
    let mut effects = turn.effects.clone();
    for numbered in &mut effects {
        // A chat tells a server what its program names; the one that is written out names more.
        let Effect::Act { request: Some(request), .. } = &mut numbered.effect else { continue };
        if let Body::Chat(chat) = &mut request.body {
            chat.properties.clear();
        }
    }
    ids.canonical(&format!("{effects:?}\n{:?}", turn.waiting))
}

/// Plays one talk of both programs; whether a step of a module was come to.
fn play(linked: &Program, whole: &Program, talk: &mut Talk) -> Result<bool, String> {
    let (mut one, mut other) = (Ids::default(), Ids::default());
    let mut turn = start(linked, &talk.facts, talk.now);
    let mut same = start(whole, &talk.facts, talk.now);
    let mut inside = false;
    for _ in 0..(3 + talk.choices.below(14)) {
        let (expected, made) = (seen(&same, &mut other), seen(&turn, &mut one));
        if expected != made {
            return Err(format!("written out:\n{expected}\n\nlinked:\n{made}"));
        }
        inside |= !turn.session.callers().is_empty();
        talk.saw(&turn);
        let heard = talk.next(&turn);
        let Some(input) = translated(&heard, &one, &other) else { continue };
        turn = resume(linked, &turn.session, heard.input(), &talk.facts, talk.now);
        same = resume(whole, &same.session, input, &talk.facts, talk.now);
    }
    Ok(inside)
}

fn files(sources: &Sources) -> Vec<(String, &str)> {
    let modules = sources.modules.iter().map(|(name, text)| (name.clone(), text.as_str()));
    let own = [("random".to_owned(), sources.flow.as_str()), ("acme".to_owned(), sources.workspace.as_str())];
    own.into_iter().chain(modules).collect()
}

#[test]
fn steps_of_modules_play_as_those_of_the_flow() {
    let cases: u64 = std::env::var("CHATFLOW_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2000);
    let locals: BTreeSet<&str> = locals().collect();
    let (mut taken, mut inside) = (0, 0);
    let mut seed = 0;
    while taken < cases.div_ceil(TALKS) {
        seed += 1;
        let (sources, _) = sources(Choices::seeded(seed));
        if sources.modules.is_empty() {
            continue;
        }
        let out = written_out(&sources, &locals);
        let whole = program(&[("random".to_owned(), &out), ("acme".to_owned(), &sources.workspace)]);
        // What runs a step of a module, and only that, is judged differently: an arrow from an unused module's step
        // is no arrow of the flow.
        let (linked, whole) = match (program(&files(&sources)), whole) {
            (Ok(linked), Ok(whole)) => (linked, whole),
            (Err(_), Err(_)) => continue,
            (Err(errors), Ok(_)) => panic!("seed {seed}: only the linked one has errors: {errors:?}\n{out}"),
            (Ok(_), Err(errors)) => {
                assert!(
                    errors.iter().all(|error| error.starts_with("E0107")),
                    "seed {seed}: only the one written out has errors: {errors:?}\n{out}"
                );
                continue;
            }
        };
        taken += 1;
        for nth in 0..TALKS {
            let mut talk = Talk::new(Choices::seeded(seed ^ ((nth + 1) << 48)));
            match play(&linked, &whole, &mut talk) {
                Ok(was_inside) => inside += u64::from(was_inside),
                Err(told) => panic!("seed {seed}\n{told}\n{:#?}", files(&sources)),
            }
        }
    }
    assert!(inside * 20 > taken, "{inside} of {taken} flows wait in a step that is run");
}
