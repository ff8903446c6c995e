//! The machine against a slow interpreter of the tree, on random flows and talks.
//!
//! Each case is a talk of a random flow that the compiler takes: from source text to bytes, from bytes to the
//! machine, and turn by turn against `oracle`. After each turn both must have asked the same of the host, wait for
//! the same, and hold the same; the session goes through its bytes before each turn; a program that was written
//! and loaded again plays the same turns.
//!
//! `CHATFLOW_CASES` says how many talks there are (by default 5,000), `CHATFLOW_SEED` where they begin: every
//! failure says the seed of its case. `CHATFLOW_CASES=100000 cargo test --release -p chatflow-tests --test oracle`
//! is what the `full` command runs.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic in a test is its failure")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chatflow_compiler::hir::Flow;
use chatflow_compiler::source::Source;
use chatflow_compiler::{Code, Diagnostic, FileId, Project, Severity, check, checked_flow, originals};
use chatflow_runtime::action::{Action, Outcome};
use chatflow_runtime::id::{Addr, Site, Slot, SlotId};
use chatflow_runtime::image::{SiteDef, Wait};
use chatflow_runtime::op::Op;
use chatflow_runtime::wire::Reader;
use chatflow_runtime::{
    Body, Effect, Facts, Image, Input, Observer, Program, Session, Taken, Timestamp, Turn, Value, encode,
    resume, resume_observed, shows, start, start_observed, waiting,
};
use chatflow_tests::oracle::{self, Chat, Played};
use chatflow_tests::random::{Choices, Heard, Sources, Talk, catalogue, shrink, sources};

/// Talks of one flow.
const TALKS: u64 = 5;

/// A flow that the compiler takes, in both forms.
struct Case {
    flow: Flow,
    program: Program,
    /// The same, loaded from its bytes.
    loaded: Program,
    /// What the compiler says of the conditions on these lines: that they always hold, or never.
    settled: BTreeMap<u32, bool>,
}

/// What was seen of the machine over all cases, and how often.
#[derive(Default)]
struct Seen {
    hits: BTreeMap<Hit, u64>,
    turns: u64,
}

/// Something that the machine did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hit {
    /// It ran an instruction of this name.
    Instruction(&'static str),
    /// It began an action of this name.
    Action(&'static str),
    /// It took an outcome.
    Outcome(Outcome),
    /// It went on in this way.
    Way(&'static str),
}

impl Seen {
    fn saw(&mut self, hit: Hit) {
        *self.hits.entry(hit).or_default() += 1;
    }

    fn add(&mut self, other: Seen) {
        for (hit, times) in other.hits {
            *self.hits.entry(hit).or_default() += times;
        }
        self.turns += other.turns;
    }

    /// Everything that there is to see, the rarest first.
    fn all(&self) -> Vec<(u64, Hit)> {
        let instructions = Op::ALL.iter().map(|(_, name, _)| Hit::Instruction(name));
        let actions = Action::ALL.iter().map(|action| Hit::Action(action.spec().name));
        let outcomes = Outcome::ALL.iter().map(|outcome| Hit::Outcome(*outcome));
        let all = instructions.chain(actions).chain(outcomes).chain(WAYS.iter().map(|way| Hit::Way(way)));
        let mut all: Vec<(u64, Hit)> =
            all.map(|hit| (self.hits.get(&hit).copied().unwrap_or(0), hit)).collect();
        all.sort();
        all
    }
}

struct Watch<'a> {
    seen: &'a mut Seen,
    case: &'a Case,
    /// What came out otherwise than the compiler says.
    wrong: Option<String>,
}

impl Observer for Watch<'_> {
    fn instruction(&mut self, at: Addr) {
        let op = Op::read(&mut Reader::starting_at(&self.case.program.image().code, at.index())).unwrap();
        self.seen.saw(Hit::Instruction(op.name()));
        if self.case.program.image().debug.as_ref().is_some_and(|debug| debug.file_at(at) != debug.file) {
            self.seen.saw(Hit::Way("an instruction of a module"));
        }
        if let Op::Act(site) = op
            && let Some(SiteDef { wait: Wait::Act(act), .. }) =
                self.case.program.image().sites.get(site.index())
        {
            self.seen.saw(Hit::Action(act.action.spec().name));
        }
    }

    fn branch(&mut self, at: Addr, taken: bool) {
        // What was said is of the flow's own lines; a module has lines with the same numbers.
        let debug = self.case.program.image().debug.iter().filter(|debug| debug.file_at(at) == debug.file);
        let line = debug
            .flat_map(|debug| &debug.lines)
            .take_while(|(from, _)| *from <= at)
            .last()
            .map(|(_, line)| *line);
        if let Some((line, said)) = line.and_then(|line| self.case.settled.get_key_value(&line)) {
            self.seen.saw(Hit::Way("a condition that was settled"));
            if *said != taken {
                let always = if *said { "always" } else { "never" };
                self.wrong = Some(format!("the condition on line {line} {always} holds, it was said"));
            }
        }
        self.seen.saw(Hit::Way(if taken { "a condition that held" } else { "a condition that did not" }));
    }

    fn arm(&mut self, _site: Site, taken: Taken) {
        let way = match taken {
            Taken::Answered => "an answer",
            Taken::Reply(_) => "a reply",
            Taken::Otherwise => "otherwise",
            Taken::Invalid => "a wrong answer",
            Taken::Attempts => "attempts",
            Taken::Timeout => "timeout",
            Taken::Next(_) => "next",
            Taken::Outcome(outcome) => {
                self.seen.saw(Hit::Outcome(outcome));
                "an outcome"
            }
        };
        self.seen.saw(Hit::Way(way));
    }

    fn anytime(&mut self, _line: usize) {
        self.seen.saw(Hit::Way("anytime"));
    }
}

const WAYS: &[&str] = &[
    "a condition that held",
    "a condition that did not",
    "a condition that was settled",
    "an answer",
    "a reply",
    "otherwise",
    "a wrong answer",
    "attempts",
    "timeout",
    "an outcome",
    "anytime",
    "another language",
    "an instruction of a module",
    "next",
    "what a server asks",
    "a server's own reply is chosen",
];

/// The project of sources, with catalogues of its further languages where it is right without them.
fn translated(sources: &Sources) -> Project {
    let plain = sources.project();
    let checked = check(&plain);
    let mut all: Vec<Source> = plain.files.iter().map(|file| file.source.clone()).collect();
    let tags = checked.flows.first().map_or(&[][..], |flow| flow.languages.get(1..).unwrap_or(&[]));
    for tag in tags {
        for file in &plain.files {
            let path = chatflow_compiler::catalogue::path(&file.source.path, tag);
            all.push(Source::new(path, catalogue(&originals(&plain, &checked, file.id))));
        }
    }
    Project::new(all)
}

/// The case of these sources, or what the compiler has against them.
fn compile(sources: &Sources) -> Result<Case, Vec<String>> {
    let project = translated(sources);
    let checked = check(&project);
    let errors: Vec<String> = checked
        .diagnostics
        .iter()
        .filter(|found| found.severity() == Severity::Error)
        .map(|found| format!("{} {}", found.code.as_str(), found.message))
        .collect();
    let (flow, image) = match checked_flow(&project, FileId(0)) {
        Some(whole) if errors.is_empty() => whole,
        None if !errors.is_empty() => return Err(errors),
        other => panic!(
            "`check` and `checked_flow` disagree: {} and {errors:?}\n{}",
            other.is_some(),
            sources.flow
        ),
    };
    assert_eq!(checked.flows.first().and_then(|flow| flow.image.as_ref()), Some(&image));
    let loaded = Program::load(&encode(&image)).unwrap();
    assert_eq!(loaded.image(), &image);
    let settled = settled(&project, &checked.diagnostics, &image);
    Ok(Case { flow, program: Program::from_image(image).unwrap(), loaded, settled })
}

/// The lines whose only condition the compiler says to hold always, or never.
fn settled(project: &Project, found: &[Diagnostic], image: &Image) -> BTreeMap<u32, bool> {
    let Some(file) = project.file(FileId(0)) else { return BTreeMap::new() };
    let alone = |line: u32| {
        let conditions =
            image.debug.iter().flat_map(|debug| &debug.lines).filter(|(_, other)| *other == line);
        conditions.count() == 1
    };
    found
        .iter()
        .filter(|found| found.primary.span.file == file.id)
        .filter(|found| [Code::NeverHolds, Code::AlwaysHolds].contains(&found.code))
        .map(|found| (file.lines.line(found.primary.span.start) + 1, found.code == Code::AlwaysHolds))
        .filter(|(line, _)| alone(*line))
        .collect()
}

/// Plays one talk in both; what they disagree about, with the talk so far.
fn play(case: &Case, talk: &mut Talk, seen: &mut Seen) -> Result<(), String> {
    let mut told = String::new();
    let image = case.program.image();
    let expected = oracle::play(&case.flow, image, None, &talk.facts, talk.now);
    let mut watch = Watch { seen, case, wrong: None };
    let mut turn = start_observed(&case.program, &talk.facts, talk.now, &mut watch);
    let again = start(&case.loaded, &talk.facts, talk.now);
    let _ = writeln!(told, "facts {:?}\n{} start", talk.facts, talk.now.0);
    compare(image, &told, &expected, &turn, &again)?;
    watch.wrong.take().map_or(Ok(()), |wrong| Err(format!("{told}{wrong}")))?;
    if case.program.languages().next() != Some(turn.session.language()) {
        watch.seen.saw(Hit::Way("another language"));
    }
    let shown = shows(&case.program, &talk.facts, talk.now);
    if shown != oracle::shows(&case.flow, image, &talk.facts, talk.now) {
        return Err(format!("{told}shown by the machine: {shown}"));
    }
    let mut chat = expected.chat;
    for _ in 0..(2 + talk.choices.below(14)) {
        talk.saw(&turn);
        let facts = talk.facts.clone();
        let heard = talk.next(&turn);
        if facts != talk.facts {
            let _ = writeln!(told, "facts {:?}", talk.facts);
        }
        let _ = writeln!(told, "{} {heard:?}", talk.now.0);
        (turn, chat) = one_turn(case, talk, &heard, &turn, &chat, &told, seen)?;
        seen.turns += 1;
    }
    Ok(())
}

fn one_turn(
    case: &Case,
    talk: &Talk,
    heard: &Heard,
    before: &Turn,
    chat: &Chat,
    told: &str,
    seen: &mut Seen,
) -> Result<(Turn, Chat), String> {
    let input: Input<'_> = heard.input();
    let bytes = before.session.to_bytes();
    let session = Session::from_bytes(&bytes).unwrap();
    assert_eq!(session, before.session);
    assert_eq!(session.to_bytes(), bytes);
    assert_eq!(waiting(&case.program, &session), before.waiting);
    let expected = oracle::play(&case.flow, case.program.image(), Some((chat, input)), &talk.facts, talk.now);
    let mut watch = Watch { seen, case, wrong: None };
    let turn = resume_observed(&case.program, &session, input, &talk.facts, talk.now, &mut watch);
    let again = resume(&case.loaded, &session, input, &talk.facts, talk.now);
    if !turn.session.offered().is_empty() {
        watch.seen.saw(Hit::Way("what a server asks"));
    }
    let picked = |effect: &Effect| {
        let Effect::Act { request: Some(request), .. } = effect else { return false };
        matches!(&request.body, Body::Chat(chat) if chat.picked.is_some())
    };
    if turn.effects.iter().any(|numbered| picked(&numbered.effect)) {
        watch.seen.saw(Hit::Way("a server's own reply is chosen"));
    }
    compare(case.program.image(), told, &expected, &turn, &again)?;
    watch.wrong.map_or(Ok(()), |wrong| Err(format!("{told}{wrong}")))?;
    Ok((turn, expected.chat))
}

fn compare(image: &Image, told: &str, expected: &Played, turn: &Turn, again: &Turn) -> Result<(), String> {
    let differ = |what: &str| {
        Err(format!(
            "{told}\n{what}\n\nthe interpreter: {:#?}\n{:?}\n{:?}\n\nthe machine: {:#?}\n{:?}\n{:?}",
            expected.effects, expected.waiting, expected.chat, turn.effects, turn.waiting, turn.session
        ))
    };
    if !expected.faults.is_empty() {
        return differ(&format!("a fault: {:?}", expected.faults));
    }
    if expected.effects != turn.effects || expected.waiting != turn.waiting {
        return differ("the turns differ");
    }
    if turn != again {
        return differ(&format!("the program that was loaded again plays {again:?}"));
    }
    let (chat, session) = (&expected.chat, &turn.session);
    let same = chat.language == session.language().as_str()
        && chat.agreed == session.has_agreed()
        && chat.wrong == session.wrong_answers()
        && chat.restarts == session.restarts()
        && chat.reply.as_deref() == session.reply()
        && chat.kept.as_deref() == session.kept_message()
        && chat.server_state.as_deref() == session.server_state()
        && chat.offered == session.offered();
    let held = chat.holds().all(|(slot, value)| {
        let name = image.slots.get(slot.index()).map_or("", |slot| image.strings.get(slot.name));
        session.value(name) == Some(value)
    });
    let named = |slot: Slot| {
        SlotId::of(image.slots.get(slot.index()).map_or("", |slot| image.strings.get(slot.name)))
    };
    let cleared: BTreeSet<SlotId> = chat.cleared().map(named).collect();
    let same = same && chat.callers() == session.callers() && cleared == session.cleared().collect();
    if !same || !held || chat.holds().count() != session.values().count() {
        return differ("what is held differs");
    }
    Ok(())
}

/// A disagreement, in its simplest form.
fn report(seed: u64, flow: Vec<u32>, talk: Vec<u32>) -> String {
    let outcome = |flow: &[u32], talk: &[u32]| {
        let (sources, _) = sources(Choices::again(flow.to_vec()));
        let case = compile(&sources).ok()?;
        let told = play(&case, &mut Talk::new(Choices::again(talk.to_vec())), &mut Seen::default()).err()?;
        Some((sources, told))
    };
    let talk = shrink(talk, 400, |talk| outcome(&flow, talk).is_some());
    let flow = shrink(flow, 4000, |flow| outcome(flow, &talk).is_some());
    let talk = shrink(talk, 2000, |talk| outcome(&flow, talk).is_some());
    match outcome(&flow, &talk) {
        Some((sources, told)) => {
            let modules: String = sources.modules.iter().map(|(_, text)| format!("{text}\n")).collect();
            format!("seed {seed}\n\n{}\n{modules}{}\n\n{told}", sources.workspace, sources.flow)
        }
        None => format!("seed {seed}: it does not happen again"),
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// What one thread has played.
#[derive(Default)]
struct Tally {
    seen: Seen,
    taken: u64,
    refused: u64,
    reasons: BTreeMap<String, u64>,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.seen.add(other.seen);
        self.taken += other.taken;
        self.refused += other.refused;
        for (reason, times) in other.reasons {
            *self.reasons.entry(reason).or_default() += times;
        }
    }
}

/// Plays the talks of so many flows, of every `stride`th seed from `first` on.
fn play_flows(flows: u64, first: u64, stride: u64) -> Tally {
    let mut tally = Tally::default();
    let mut seed = first;
    while tally.taken < flows {
        seed += stride;
        let (sources, flow_choices) = sources(Choices::seeded(seed));
        let case = match compile(&sources) {
            Ok(case) => case,
            Err(errors) => {
                tally.refused += 1;
                for error in errors {
                    *tally.reasons.entry(error).or_default() += 1;
                }
                assert!(
                    tally.refused < 100 + tally.taken * 4,
                    "too few random flows are taken: {:#?}",
                    tally.reasons
                );
                continue;
            }
        };
        tally.taken += 1;
        for nth in 0..TALKS {
            let mut talk = Talk::new(Choices::seeded(seed ^ ((nth + 1) << 48)));
            if play(&case, &mut talk, &mut tally.seen).is_err() {
                panic!("{}", report(seed, flow_choices.made().to_vec(), talk.choices.made().to_vec()));
            }
        }
    }
    tally
}

/// Of 100,000 talks, each thing that the machine can do is seen at least so often.
const AT_LEAST: u64 = 1000;

#[test]
fn the_machine_plays_what_the_tree_means() {
    let (talks, first) = (number("CHATFLOW_CASES", 5000), number("CHATFLOW_SEED", 1));
    let began = std::time::Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let flows = talks.div_ceil(TALKS).div_ceil(threads);
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        let players: Vec<_> =
            (0..threads).map(|nth| scope.spawn(move || play_flows(flows, first + nth, threads))).collect();
        for player in players {
            match player.join() {
                Ok(played) => tally.add(played),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    println!(
        "{} flows taken, {} refused, {} turns in {:.0} s",
        tally.taken,
        tally.refused,
        tally.seen.turns,
        began.elapsed().as_secs_f64()
    );
    for (reason, times) in &tally.reasons {
        println!("{times:6} {reason}");
    }
    let all = tally.seen.all();
    for (times, hit) in &all {
        println!("{times:9} {hit:?}");
    }
    let least = (talks * AT_LEAST / 100_000).max(1);
    let rare: Vec<_> = all.iter().filter(|(times, _)| *times < least).collect();
    assert!(rare.is_empty(), "seen less than {least} times: {rare:?}");
}

// What this test has found, in the smallest form.

fn of_steps(steps: &str) -> Sources {
    let (Sources { workspace, .. }, _) = sources(Choices::again(Vec::new()));
    Sources { flow: format!("flow small \"Small\"\nuse acme\n{steps}"), workspace, modules: Vec::new() }
}

fn errors(steps: &str) -> Vec<String> {
    compile(&of_steps(steps)).err().unwrap_or_default()
}

/// What the machine does about each message of a visitor.
fn effects(steps: &str, messages: &[&str]) -> Vec<Effect> {
    let case = compile(&of_steps(steps)).unwrap_or_else(|errors| panic!("{errors:?}"));
    let mut turn = start(&case.program, &Facts::new(), Timestamp(0));
    let mut effects = Vec::new();
    for message in messages {
        turn = resume(&case.program, &turn.session, Input::Text(message), &Facts::new(), Timestamp(1));
        effects.extend(turn.effects.iter().map(|numbered| numbered.effect.clone()));
    }
    effects
}

#[test]
fn a_question_of_several_options_takes_nothing_else() {
    let steps = "step start {\n  ask contact.interests \"Which?\"\n  say \"{contact.interests}\"\n}";
    let effects = effects(steps, &["cheese", "api, pricing"]);
    let both = Value::Options(vec!["pricing".into(), "API".into()]);
    let [Effect::Ask { again: true, .. }, Effect::Set { value, .. }, Effect::Say { .. }, _] =
        effects.as_slice()
    else {
        panic!("{effects:?}")
    };
    assert_eq!(*value, both);
}

#[test]
fn an_open_question_with_otherwise_goes_on() {
    let ask = "step start {\n  ask seats: number \"How many?\" {\n    otherwise -> other\n  }";
    let other = "}\nstep other {\n  say \"Well.\"\n}";
    let said = |text: &str| Effect::Say { text: text.into() };
    assert_eq!(effects(&format!("{ask}\n  say \"{{seats}}\"\n{other}"), &["12"]).first(), Some(&said("12")));
    assert_eq!(effects(&format!("{ask}\n{other}"), &["twelve"]).first(), Some(&said("Well.")));
    let unknown = errors(&format!("{ask}\n  say \"{{contact.firstname}}\"\n{other}"));
    assert_eq!(unknown, ["E0401 `contact.firstname` may be unknown here"]);
}

#[test]
fn several_ticks_go_on_where_each_choice_leaves() {
    let choices = "\"Prices\" = pricing -> other\n    \"API\" = api -> other";
    let rest = "say \"{contact.firstname}\"\n}\nstep other {\n  end\n}";
    let unknown =
        errors(&format!("step start {{\n  ask contact.interests \"?\" {{\n    {choices}\n  }}\n  {rest}"));
    assert_eq!(unknown, ["E0401 `contact.firstname` may be unknown here"]);
}

#[test]
fn a_message_without_text_is_not_taken_by_otherwise() {
    let ask = "ask name: text \"Who?\" {\n    \"Ada\"\n    otherwise -> other\n  }";
    let steps = format!("step start {{\n  {ask}\n}}\nstep other {{\n  say \"{{name}}\"\n}}");
    let effects = effects(&steps.replace("-> other", "-> {\n      say \"{name}\"\n    }"), &["  ", "Bo"]);
    assert!(matches!(effects.first(), Some(Effect::Ask { again: true, .. })), "{effects:?}");
    assert_eq!(effects.get(1), Some(&Effect::Say { text: "Bo".into() }));
}

#[test]
fn labels_that_compare_as_equal_are_equal() {
    let ask = "step start {\n  ask \"Where?\" {\n    \"Straße\"\n    \"STRASSE\"\n  }\n}";
    assert_eq!(errors(ask), ["E0307 two choices are called \"STRASSE\""]);
}

#[test]
fn a_guard_makes_a_fact_known_until_the_next_wait() {
    let guard = "step start {\n  if visitor.country is known then {\n    say \"{visitor.country}\"";
    assert_eq!(errors(&format!("{guard}\n  }}\n}}")), Vec::<String>::new());
    let later = errors(&format!("{guard}\n    ask \"?\"\n    say \"{{visitor.country}}\"\n  }}\n}}"));
    assert_eq!(later, ["E0401 this may be unknown"]);
    let ask = "ask seats: number \"?\" {\n      invalid \"{visitor.country}\"\n    }";
    let invalid = errors(&format!("{guard}\n    {ask}\n  }}\n}}"));
    assert_eq!(invalid, ["E0401 this may be unknown"]);
}
