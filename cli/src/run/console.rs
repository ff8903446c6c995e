//! A chat in the terminal, or from a script where there is none. In a terminal the clock goes on, and a blank line sets
//! off the bot's turn.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chatflow_compiler::written_duration;
use chatflow_runtime::action::{ObjectKind, Outcome, OutcomeDefault};
use chatflow_runtime::image::Image;
use chatflow_runtime::language::BuiltIn;
use chatflow_runtime::{
    Data, Effect, End, FUNCTION_VALUE, FactValue, Facts, Input, PlaceId, Program, Reply, State, Waiting,
};

use crate::chat::{Chat, Unwatched};
use crate::render::mask_line;
use crate::run::fits;
use crate::run::lines::{Came, Lines};
use crate::run::orders::{self, Order};
use crate::run::record::Recording;
use crate::run::scene::Scene;
use crate::show;
use crate::streams::Streams;
use crate::style::{BOLD, DIM};
use crate::testing::World;
use crate::trouble::Trouble;
use crate::wrap::Wrapped;

/// Chats until the input ends or nothing is left to say. Gives the lines of a test, if the chat is recorded.
///
/// # Errors
/// If the chat cannot be written.
pub fn talk(
    program: &Program,
    scene: &Scene,
    mut lines: Lines<'_>,
    recording: Option<Recording>,
    streams: &mut Streams,
) -> Result<Option<Vec<String>>, Trouble> {
    let person = lines.by_person();
    if person {
        writeln!(
            streams.err,
            "{BOLD}{}{BOLD:#} {DIM}(/help lists the orders){DIM:#}",
            mask_line(program.title())
        )?;
    }
    let (chat, effects) = Chat::start(program, scene.facts.clone(), scene.now, &mut Unwatched);
    let mut wrapped = Wrapped::new(&mut streams.out, streams.out_width.filter(|_| person));
    let mut console = Console {
        chat,
        recording,
        to: &mut wrapped,
        world: World::default(),
        asked_host: None,
        surveys: &scene.surveys,
    };
    console.carry_out(effects)?;
    if !person {
        console.pass_pauses()?;
    }
    // What `/wait` has added to the time.
    let mut skipped = 0_i64;
    let mut prompted = false;
    loop {
        // Somebody at a terminal is done when the bot is; a script may go on.
        if person && console.chat.is_over() && !console.is_with_people() {
            break;
        }
        if person && !prompted {
            write!(console.to, "{BOLD}>{BOLD:#} ")?;
            prompted = true;
        }
        console.to.flush()?;
        // The clock of a test moves only by what the test says: nobody's typing takes time, only silence until a deadline.
        let recorded = console.recording.is_some();
        let now = if recorded { console.chat.now } else { lines.time(scene.now).after(skipped) };
        let left = console.chat.deadline().map(|deadline| deadline.0.saturating_sub(now.0).max(0));
        let came = lines.next(left)?;
        // What became due meanwhile comes first.
        let passed = match (recorded, &came) {
            (true, Came::Nothing) => left.unwrap_or(0),
            (true, Came::Line(_) | Came::End) => 0,
            (false, _) => lines.time(scene.now).after(skipped).0.saturating_sub(console.chat.now.0).max(0),
        };
        // A test's next line lets the flow's own waits pass.
        let by_itself = matches!(console.chat.waiting(), Waiting::Pause { .. });
        if recorded && came == Came::Nothing && !by_itself {
            console.record_wait(passed);
        }
        let due = console.chat.wait(passed, &mut Unwatched);
        if !due.is_empty() {
            if came == Came::Nothing {
                // The prompt stands there already, and nobody has ended its line.
                writeln!(console.to)?;
            }
            writeln!(console.to)?;
            console.carry_out(due)?;
            prompted = false;
        }
        let line = match came {
            Came::Line(line) => line,
            Came::Nothing => continue,
            Came::End => {
                if person {
                    // The shell's own prompt should not stand behind ours.
                    writeln!(console.to)?;
                }
                break;
            }
        };
        prompted = false;
        let text = String::from_utf8_lossy(&line);
        let order = orders::read(&text);
        if !person && order != Order::Nothing {
            writeln!(console.to, "{BOLD}>{BOLD:#} {}", mask_line(text.trim()))?;
        }
        if order == Order::Quit {
            break;
        }
        if let Order::Wait(milliseconds) = order {
            skipped = skipped.saturating_add(milliseconds);
        }
        if person && order != Order::Nothing {
            writeln!(console.to)?;
        }
        console.obey(&order)?;
        if !person {
            console.pass_pauses()?;
        }
    }
    console.to.flush()?;
    let over = console.chat.is_over();
    Ok(console.recording.map(|recording| recording.finish(program.image(), over)))
}

/// A program that waits more often than this without asking anything waits for ever.
const MOST_PAUSES: usize = 1000;

struct Console<'a, 'p> {
    chat: Chat<'p>,
    recording: Option<Recording>,
    to: &'a mut dyn Write,
    /// What will fail.
    world: World,
    /// The place where the person at the terminal was last asked to be the host.
    asked_host: Option<PlaceId>,
    /// What visitors read above each survey.
    surveys: &'a BTreeMap<String, String>,
}

/// What the person at the terminal says as the host: JSON, or what the outcome is about in plain words.
fn answer(said: &str, outcome: Outcome) -> Result<Facts, String> {
    if outcome == Outcome::Found && !said.starts_with(['{', '[']) {
        return Ok(Facts::new().with("articles[0].title", said));
    }
    if outcome == Outcome::Returned {
        // What is no JSON is a text without its quotes.
        let value = serde_json::from_str(said).unwrap_or_else(|_| FactValue::from(said));
        return Ok(Facts::new().with(FUNCTION_VALUE, value));
    }
    let read: Result<Data, _> = serde_json::from_str(said);
    read.map(|data| data.0).map_err(|error| format!("this is no JSON: {error}"))
}

impl Console<'_, '_> {
    fn obey(&mut self, order: &Order<'_>) -> io::Result<()> {
        match order {
            Order::Nothing | Order::Quit => Ok(()),
            Order::Say(text) => self.say(text),
            Order::Agree if self.chat.waiting() == Waiting::Agreement => self.agree(),
            Order::Agree => show::aside(self.to, "nothing asks for agreement now"),
            Order::Outcome(outcome, said) => match self.chat.pending() {
                Some(pending) if pending.can_be(*outcome) => {
                    let place = pending.place;
                    let data = match said.is_empty() {
                        true => Ok(self.world.data(pending, *outcome)),
                        false => answer(said, *outcome),
                    };
                    match data.and_then(|data| self.fits(*outcome, data)) {
                        Ok(data) => self.decide(place, *outcome, &data),
                        Err(why) => show::aside(self.to, &why),
                    }
                }
                _ => show::aside(self.to, &format!("nothing waits to be {}", outcome.word())),
            },
            Order::Wait(milliseconds) => {
                self.record_wait(*milliseconds);
                let effects = self.chat.wait(*milliseconds, &mut Unwatched);
                self.carry_out(effects)
            }
            Order::Closed if self.chat.session().state() != State::Done(End::HandedOff) => {
                show::aside(self.to, "nobody has taken the chat")
            }
            Order::Closed => {
                self.record(|recording, image| {
                    recording.ends_here(image, "the person who had the chat closed it");
                });
                self.send(Input::Closed)
            }
            Order::Help => orders::HELP
                .iter()
                .try_for_each(|(order, what)| writeln!(self.to, "{DIM}  {order:<26} {what}{DIM:#}")),
            Order::Fail(words) => self.fail(words),
            Order::NoTime => show::aside(self.to, "write it like /wait 31m: ms, s, m, h or d"),
            Order::Unknown(order) => {
                show::aside(self.to, &format!("there is no order {order}; /help lists them"))
            }
        }
    }

    /// The visitor says something. Where the terminal shows choices of its own, their numbers mean them.
    fn say(&mut self, text: &str) -> io::Result<()> {
        let number = text.trim_end_matches(['.', ')']);
        if self.chat.waiting() == Waiting::Agreement {
            let agree = self.chat.speech().built_in(BuiltIn::Agree);
            let agrees = number == "1" || chatflow_runtime::text::same(text, agree);
            return if agrees { self.agree() } else { self.type_in(text) };
        }
        let shown = self.chat.pending().and_then(|pending| {
            let (outcome, _) = pending.action.spec().waits.offer()?.shown?;
            Some((pending.place, outcome, pending.replies.clone()))
        });
        if let (Some((place, outcome, replies)), Ok(number)) = (shown, number.parse::<usize>()) {
            // What the host would show stands first, and the replies after it.
            let reply = number.checked_sub(2).and_then(|at| replies.into_iter().nth(at));
            match (number, reply) {
                (1, _) => return self.decide(place, outcome, &Facts::new()),
                (_, Some(Reply { id, label })) => {
                    self.record(|recording, image| recording.visitor(image, &label));
                    return self.send(Input::Tap { place, reply: id });
                }
                (_, None) => {}
            }
        }
        self.type_in(text)
    }

    fn type_in(&mut self, text: &str) -> io::Result<()> {
        self.record(|recording, image| recording.visitor(image, text));
        self.send(Input::Text(text))
    }

    fn agree(&mut self) -> io::Result<()> {
        self.record(|recording, image| recording.event(image, "agree".to_owned()));
        self.send(Input::Agree)
    }

    /// What was said with an outcome, if the flow can use it: somebody who types may try again.
    fn fits(&self, outcome: Outcome, data: Facts) -> Result<Facts, String> {
        let chat = &self.chat;
        match fits::unusable(chat.program, chat.session(), (outcome, &data), &chat.facts, chat.now) {
            Some(why) => Err(why),
            None => Ok(data),
        }
    }

    /// What the person at the terminal says becomes of an action.
    fn decide(&mut self, place: PlaceId, outcome: Outcome, data: &Facts) -> io::Result<()> {
        let pending = self.chat.pending().cloned();
        self.record(|recording, image| match (pending, outcome, data.get(FUNCTION_VALUE)) {
            (Some(pending), Outcome::Returned, Some(value)) => recording.returns(image, &pending, value),
            (Some(pending), Outcome::Ok, _) => recording.answers(image, &pending, data),
            _ => recording.event(image, format!("choose {}", outcome.word())),
        });
        self.send(Input::Outcome { place, outcome, data })
    }

    fn record(&mut self, note: impl FnOnce(&mut Recording, &Image)) {
        if let Some(recording) = &mut self.recording {
            note(recording, self.chat.program.image());
        }
    }

    fn record_wait(&mut self, milliseconds: i64) {
        self.record(|recording, image| {
            recording.event(image, format!("wait {}", written_duration(milliseconds)));
        });
    }

    fn send(&mut self, input: Input<'_>) -> io::Result<()> {
        let effects = self.chat.send(input, &mut Unwatched);
        self.carry_out(effects)
    }

    /// Shows effects and does what the host has to; that may bring more effects.
    fn carry_out(&mut self, effects: Vec<Effect>) -> io::Result<()> {
        self.show(&effects)?;
        while let Some((place, outcome, remark)) = self.outcome() {
            if let Some(remark) = remark {
                show::aside(self.to, &remark)?;
            }
            let owner =
                self.chat.pending().is_some_and(|pending| pending.object.kind == ObjectKind::ContactOwner);
            if owner && outcome == Outcome::Taken {
                // In a test nobody owns the contact.
                self.record(|recording, image| recording.event(image, format!("choose {}", outcome.word())));
            }
            let data = Facts::new();
            let effects = self.chat.send(Input::Outcome { place, outcome, data: &data }, &mut Unwatched);
            self.show(&effects)?;
        }
        self.ask_the_host()
    }

    /// Says what the person at the terminal may answer where the flow waits for a host.
    fn ask_the_host(&mut self) -> io::Result<()> {
        let Waiting::Host { place, .. } = self.chat.waiting() else { return Ok(()) };
        if self.asked_host.replace(place) == Some(place) {
            return Ok(());
        }
        let Some(pending) = self.chat.pending() else { return Ok(()) };
        let spec = pending.action.spec();
        let orders = spec.outcomes.iter().map(|row| match row.default {
            OutcomeDefault::Show => format!("/{} TITLE", row.outcome.word()),
            _ if spec.brings == Some(row.outcome) && pending.request.is_some() => {
                format!("/{} JSON", row.outcome.word())
            }
            _ if spec.brings == Some(row.outcome) => format!("/{} VALUE", row.outcome.word()),
            OutcomeDefault::MustBeSaid
            | OutcomeDefault::GoOn
            | OutcomeDefault::Error
            | OutcomeDefault::As(_)
            | OutcomeDefault::Complete => format!("/{}", row.outcome.word()),
        });
        let orders = orders.collect::<Vec<_>>().join(", ");
        show::aside(self.to, &format!("you are the host: {orders}"))
    }

    /// A script does not look on while the flow waits by itself.
    fn pass_pauses(&mut self) -> io::Result<()> {
        for _ in 0..MOST_PAUSES {
            let Some(effects) = self.chat.pass_pause(&mut Unwatched) else { break };
            self.carry_out(effects)?;
        }
        Ok(())
    }

    fn show(&mut self, effects: &[Effect]) -> io::Result<()> {
        if effects.iter().any(|effect| matches!(effect, Effect::Act { .. })) {
            // What is begun anew is asked for anew.
            self.asked_host = None;
        }
        let offset = self.chat.utc_offset();
        effects
            .iter()
            .for_each(|effect| self.record(|recording, image| recording.effect(image, effect, offset)));
        effects.iter().try_for_each(|effect| {
            // A program has the survey's name alone, which no visitor sees.
            if let Effect::Survey { survey } = effect
                && let Some(title) = self.surveys.get(survey)
            {
                return show::aside(self.to, &format!("offers the survey \"{title}\""));
            }
            show::effect(self.to, &self.chat, effect)
        })
    }

    /// What the terminal, as the host, makes of the action that the flow waits for; a visitor's choice it is not.
    fn outcome(&mut self) -> Option<(PlaceId, Outcome, Option<String>)> {
        let pending = self.chat.pending()?;
        let armed = self.world.is_armed(pending);
        if pending.talks && !armed {
            // A test passes over what such a server may say; who plays it here has a say.
            return None;
        }
        let outcome = self.world.outcome(&self.chat, pending)?;
        let remark = if armed {
            Some(format!("{}: {}", pending.action.spec().head, outcome.word()))
        } else {
            (outcome == Outcome::Unavailable).then(|| "nobody is available".to_owned())
        };
        Some((pending.place, outcome, remark))
    }

    /// Makes the next such action fail.
    fn fail(&mut self, words: &str) -> io::Result<()> {
        let Some((action, object)) = orders::action(words) else {
            return show::aside(self.to, "write it like /fail create ticket, or /fail hand off to");
        };
        let head = action.spec().head;
        if action.spec().outcomes.is_empty() {
            return show::aside(self.to, &format!("`{head}` cannot fail: nobody waits for it"));
        }
        self.record(|recording, image| recording.fails(image, action, object));
        self.world.arm(action, object.map(str::to_owned));
        let which = object.map(|name| format!(" {name}")).unwrap_or_default();
        show::aside(self.to, &format!("the next `{head}{which}` fails"))
    }

    fn is_with_people(&self) -> bool {
        matches!(self.chat.session().state(), State::Done(End::HandedOff))
    }
}
