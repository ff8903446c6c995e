//! Random talks with a flow, in search of one that goes wrong; what is found is made as short as it gets.
//!
//! Everything a talk does a test could do too: facts that a host may say, replies, typed answers, outcomes, silence. A
//! seed gives the same talks each time.

mod moves;

use std::ops::Range;

use chatflow_compiler::written_duration;
use chatflow_runtime::channel::Channel;
use chatflow_runtime::id::{Addr, Site};
use chatflow_runtime::op::Op;
use chatflow_runtime::wire::Reader;
use chatflow_runtime::{Effect, End, FactValue, Facts, Observer, Program, Taken, Waiting};

use crate::chat::Chat;
use crate::run::Recording;
use crate::testing::world::{CLOCK, facts};
use moves::{Move, Talker, world};

/// A talk has so many moves, at most.
const LONGEST_TALK: usize = 60;

/// A flow that goes on so often without its visitor goes on for ever.
const MOST_ALONE: usize = 200;

/// So many answers are tried before a visitor counts as stuck.
const TRIES: usize = 60;

/// What went wrong in a talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Fault,
    TooLong,
    Alone,
    Stuck,
    /// Nothing: the talk came to the statement that it was to come to.
    There,
}

impl Trouble {
    fn words(self) -> &'static str {
        match self {
            Trouble::Fault => "the flow ends with an error that no line of it explains",
            Trouble::TooLong => "this text is too long for a channel of the flow",
            Trouble::Alone => "from here on the flow goes on without ever asking anything",
            Trouble::Stuck => "no answer leads on from here",
            Trouble::There => "this is where it was to come to",
        }
    }
}

/// A talk that went wrong, as the lines of a test.
#[derive(Debug)]
pub struct Found {
    /// The flow's name.
    pub flow: String,
    /// The seed that gives this talk alone.
    pub seed: u64,
    /// What is wrong, as a fragment.
    pub what: &'static str,
    /// The test's lines.
    pub lines: Vec<String>,
}

/// Talks with a flow so many times; the first talk that goes wrong.
pub fn explore(program: &Program, talks: u32, seed: u64) -> Option<Found> {
    (0..u64::from(talks)).find_map(|nth| {
        let seed = seed.wrapping_add(nth);
        let (given, moves, trouble) = talk(program, &[], seed)?;
        let (given, moves) = shrunk(program, &[], given, moves, trouble);
        let lines = written(program, &[], &given, &moves, trouble);
        let flow = program.name().to_owned();
        Some(Found { flow, seed, what: trouble.words(), lines })
    })
}

/// So many talks are tried before a statement counts as one that none comes to.
const MOST_TALKS: u64 = 4000;

/// The lines of a test that talks to the statement on a line, from 1, of a flow's file.
pub fn way(program: &Program, path: &str, line: u32) -> Option<Vec<String>> {
    let image = program.image();
    let debug = image.debug.as_ref()?;
    let ends = debug.lines.iter().skip(1).map(|(at, _)| at.0).chain([u32::MAX]);
    let here = debug.lines.iter().zip(ends).filter(|((at, of), _)| {
        let file = image.strings.get(debug.file_at(*at));
        *of == line && (file.is_empty() || file == path)
    });
    let aim: Vec<Range<u32>> = here.map(|((at, _), end)| at.0..end).collect();
    if aim.is_empty() {
        return None;
    }
    (0..MOST_TALKS).find_map(|seed| {
        let (given, moves, trouble) = talk(program, &aim, seed)?;
        let there = trouble == Trouble::There;
        there.then(|| {
            let (given, moves) = shrunk(program, &aim, given, moves, trouble);
            written(program, &aim, &given, &moves, trouble)
        })
    })
}

/// What a host says before the chat, beside what holds in every test.
type Given = Vec<(String, FactValue)>;

/// One talk; what was done until it went wrong, if it did. With an aim, stretches of code, nothing goes wrong but that
/// it never ends; it is over when it comes there.
fn talk(program: &Program, aim: &[Range<u32>], seed: u64) -> Option<(Given, Vec<Move>, Trouble)> {
    let mut talker = Talker::new(program, seed);
    let given = world(program, &mut talker);
    let mut moves = Vec::new();
    let mut play = Play::begin(program, aim, &given);
    while play.trouble.is_none() && !play.chat.is_over() && moves.len() < LONGEST_TALK {
        let next = talker.next(&play.chat, &play.offered);
        play.make(&next);
        moves.push(next);
    }
    if play.trouble.is_none() && !play.chat.is_over() && aim.is_empty() {
        play.look_for_a_way(&mut talker);
    }
    Some((given, moves, play.trouble?))
}

/// Takes out what the same trouble needs not, piece by piece.
fn shrunk(
    program: &Program,
    aim: &[Range<u32>],
    mut given: Given,
    mut moves: Vec<Move>,
    trouble: Trouble,
) -> (Given, Vec<Move>) {
    let still = |given: &Given, moves: &[Move]| replay(program, aim, given, moves) == Some(trouble);
    let mut size = moves.len().max(given.len()).max(1);
    while size > 0 {
        let without = |at: usize, moves: &[Move]| -> Vec<Move> {
            moves
                .iter()
                .enumerate()
                .filter(|(nth, _)| !(at..at + size).contains(nth))
                .map(|(_, one)| one.clone())
                .collect()
        };
        let mut at = 0;
        while at < moves.len() {
            let fewer = without(at, &moves);
            if still(&given, &fewer) { moves = fewer } else { at += size }
        }
        let mut at = 0;
        while at < given.len() {
            let mut fewer = given.clone();
            fewer.drain(at..(at + size).min(given.len()));
            if still(&fewer, &moves) { given = fewer } else { at += size }
        }
        size /= 2;
    }
    (given, moves)
}

/// What goes wrong in a talk of these moves, if anything does.
fn replay(program: &Program, aim: &[Range<u32>], given: &Given, moves: &[Move]) -> Option<Trouble> {
    let mut play = Play::begin(program, aim, given);
    for one in moves {
        if play.trouble.is_some() {
            // What comes behind it is not needed.
            return None;
        }
        play.make(one);
    }
    if play.trouble.is_none() && !play.chat.is_over() && aim.is_empty() {
        play.look_for_a_way(&mut Talker::new(program, 0));
    }
    play.trouble
}

/// The lines of a test that talks like this.
fn written(
    program: &Program,
    aim: &[Range<u32>],
    given: &Given,
    moves: &[Move],
    trouble: Trouble,
) -> Vec<String> {
    let image = program.image();
    let mut recording = Recording::of(program, &given_facts(Facts::new(), given));
    let mut play = Play::begin(program, aim, given);
    come_to(&mut recording, &play, moves.first());
    play.write(&mut recording);
    for (nth, one) in moves.iter().enumerate() {
        let mut after = play.clone();
        after.make(one);
        // What an action comes to is said before what brings it about.
        come_to(&mut recording, &after, moves.get(nth + 1));
        match one {
            Move::Agree => recording.event(image, "agree".to_owned()),
            Move::Say(text) => recording.visitor(image, text),
            Move::Become(outcome) => recording.event(image, format!("choose {}", outcome.word())),
            Move::Wait(ms) => recording.event(image, format!("wait {}", written_duration(*ms))),
            Move::Pass | Move::Fail | Move::Answer(_) => {}
        }
        play = after;
        play.write(&mut recording);
    }
    if trouble != Trouble::There {
        recording.ends_here(image, trouble.words());
    }
    recording.finish(image, false)
}

/// Writes what the action that is waited for comes to next, where a test says it beforehand.
fn come_to(recording: &mut Recording, play: &Play<'_>, next: Option<&Move>) {
    let (Some(pending), image) = (play.chat.pending(), play.chat.program.image()) else { return };
    match next {
        Some(Move::Fail) => recording.fails(image, pending.action, Some(&pending.object.name)),
        Some(Move::Answer(value)) => recording.returns(image, pending, value),
        Some(Move::Agree | Move::Say(_) | Move::Become(_) | Move::Pass | Move::Wait(_)) | None => {}
    }
}

fn given_facts(facts: Facts, given: &Given) -> Facts {
    given.iter().fold(facts, |mut facts, (name, value)| {
        facts.set(name, value.clone());
        facts
    })
}

/// A talk being played.
#[derive(Clone)]
struct Play<'p> {
    chat: Chat<'p>,
    /// The code that it is to come to, if that is what it is about.
    aim: &'p [Range<u32>],
    /// The labels of the replies that the last question offered.
    offered: Vec<String>,
    effects: Vec<Effect>,
    /// What visitors and hosts may have put into texts, in characters.
    put_in: usize,
    trouble: Option<Trouble>,
}

impl<'p> Play<'p> {
    fn begin(program: &'p Program, aim: &'p [Range<u32>], given: &Given) -> Play<'p> {
        let mut watch = Watch::of(program, aim);
        let (chat, effects) = Chat::start(program, given_facts(facts(program), given), CLOCK, &mut watch);
        let put_in = given.iter().map(|(_, value)| crate::show::fact(value).chars().count()).sum();
        let mut play = Play { chat, aim, offered: Vec::new(), effects: Vec::new(), put_in, trouble: None };
        play.take(effects, &watch);
        play.go_on_alone();
        play
    }

    fn make(&mut self, one: &Move) {
        let mut watch = Watch::of(self.chat.program, self.aim);
        if let Move::Say(text) = one {
            self.put_in += text.chars().count();
        }
        let effects = one.make(&mut self.chat, &mut watch);
        self.take(effects, &watch);
        self.go_on_alone();
    }

    /// Writes what the flow did since it was written last.
    fn write(&mut self, recording: &mut Recording) {
        let (image, offset) = (self.chat.program.image(), self.chat.utc_offset());
        std::mem::take(&mut self.effects).iter().for_each(|effect| recording.effect(image, effect, offset));
    }

    /// Lets the flow's own pauses pass.
    fn go_on_alone(&mut self) {
        for _ in 0..MOST_ALONE {
            let mut watch = Watch::of(self.chat.program, self.aim);
            let Some(effects) = self.chat.pass_pause(&mut watch) else { return };
            self.take(effects, &watch);
            if self.trouble.is_some() {
                return;
            }
        }
        self.trouble = Some(Trouble::Alone);
    }

    fn take(&mut self, effects: Vec<Effect>, watch: &Watch<'_>) {
        if watch.there {
            self.trouble = self.trouble.or(Some(Trouble::There));
        }
        for effect in &effects {
            match effect {
                Effect::Ask { text, replies, .. } => {
                    self.offered = replies.iter().map(|reply| reply.label.clone()).collect();
                    self.measure(text, replies.len());
                }
                Effect::Act { replies, .. } => {
                    self.offered = replies.iter().map(|reply| reply.label.clone()).collect();
                }
                Effect::Say { text } => self.measure(text, 0),
                Effect::Complete { end: End::Error } if !watch.explained && self.aim.is_empty() => {
                    self.trouble = self.trouble.or(Some(Trouble::Fault));
                }
                Effect::Show { .. }
                | Effect::Consent { .. }
                | Effect::Articles { .. }
                | Effect::Set { .. }
                | Effect::Clear { .. }
                | Effect::Forward { .. }
                | Effect::Moved { .. }
                | Effect::Survey { .. }
                | Effect::Complete { .. } => {}
            }
        }
        self.effects.extend(effects);
    }

    /// A text that is too long even without what was typed into it.
    fn measure(&mut self, text: &str, replies: usize) {
        let channels = self.chat.program.image().flow.channels;
        let named = Channel::ALL.iter().enumerate().filter(|(bit, _)| channels & (1 << bit) != 0);
        let limits = named.filter_map(|(_, channel)| channel.spec().longest_text(replies));
        let own = text.chars().count().saturating_sub(self.put_in);
        if self.aim.is_empty() && limits.min().is_some_and(|limit| own > limit) {
            self.trouble = self.trouble.or(Some(Trouble::TooLong));
        }
    }

    /// Tries whatever a visitor could answer; if nothing is taken, nobody gets on from here.
    fn look_for_a_way(&mut self, talker: &mut Talker<'_>) {
        if !matches!(self.chat.waiting(), Waiting::Visitor { .. }) {
            return;
        }
        let mut chat = self.chat.clone();
        for nth in 0..TRIES {
            let mut watch = Watch::of(chat.program, self.aim);
            let answer = talker.answer(&self.offered, nth);
            Move::Say(answer).make(&mut chat, &mut watch);
            if watch.led_on || chat.is_over() {
                return;
            }
        }
        self.trouble = Some(Trouble::Stuck);
    }
}

/// Sees how a turn goes.
struct Watch<'p> {
    program: &'p Program,
    /// The code that the talk is to come to.
    aim: &'p [Range<u32>],
    /// Whether it has come there.
    there: bool,
    /// Whether an error would be what the flow itself leads to: something failed, and it does not say what then.
    explained: bool,
    /// Whether an answer was taken.
    led_on: bool,
}

impl<'p> Watch<'p> {
    fn of(program: &'p Program, aim: &'p [Range<u32>]) -> Watch<'p> {
        Watch { program, aim, there: false, explained: false, led_on: false }
    }
}

impl Observer for Watch<'_> {
    fn instruction(&mut self, at: Addr) {
        let op = Op::read(&mut Reader::starting_at(&self.program.image().code, at.index()));
        self.there |= self.aim.iter().any(|aim| aim.contains(&at.0));
        // What is calculated may come to nothing, and then `set` ends the flow.
        self.explained = matches!(op, Ok(Op::Set(_)));
    }

    fn arm(&mut self, _site: Site, taken: Taken) {
        self.led_on |= taken != Taken::Invalid;
        self.explained = matches!(taken, Taken::Outcome(_));
    }

    fn anytime(&mut self, _line: usize) {
        self.led_on = true;
    }
}
