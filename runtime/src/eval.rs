//! Expressions: the instructions that only look, and the stack they work on.

use alloc::string::String;
use alloc::vec::Vec;

use crate::answer::Locale;
use crate::arithmetic;
use crate::fill::Filling;
use crate::id::{Addr, Const, Fragment, Options, Text};
use crate::image::{Image, Piece};
use crate::observe::Observer;
use crate::op::Op;
use crate::session::Session;
use crate::show;
use crate::speech::Speech;
use crate::text;
use crate::value::{Truth, Value};
use crate::view::{self, View};
use crate::world::World;

/// Why a run stops before it is done. Programs of the compiler never do; the machine then ends the chat with the
/// error text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop;

/// What one turn may still cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    /// Instructions.
    instructions: u32,
    /// Bytes of text that are made or compared.
    bytes: usize,
}

impl Budget {
    /// A turn may pass several waits (a restart, a kept message), so it gets several times the longest run
    /// between two, and never more than this.
    const INSTRUCTIONS: u32 = 100_000;
    const BYTES: usize = 4 << 20;

    pub(crate) fn for_runs_of(longest_run: u32) -> Budget {
        let instructions = longest_run.saturating_mul(4).saturating_add(1000).min(Budget::INSTRUCTIONS);
        Budget { instructions, bytes: Budget::BYTES }
    }

    pub(crate) fn instruction(&mut self) -> Result<(), Stop> {
        self.instructions = self.instructions.checked_sub(1).ok_or(Stop)?;
        Ok(())
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Result<(), Stop> {
        self.bytes = self.bytes.checked_sub(count).ok_or(Stop)?;
        Ok(())
    }
}

/// A cell of the stack. Values that lie in the program or the session stay there until they are needed.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Unknown,
    Const(Const),
    /// The value at this position of the session's.
    Held(usize),
    Reply,
    Owned(Value),
    Truth(Truth),
}

/// The stack and what its cells look at.
pub(crate) struct Eval<'a> {
    pub(crate) world: World<'a>,
    /// The language that the chat is held in.
    pub(crate) speech: Speech<'a>,
    pub(crate) stack: Vec<Cell>,
    pub(crate) budget: Budget,
}

impl<'a> Eval<'a> {
    pub(crate) fn new(world: World<'a>, speech: Speech<'a>) -> Eval<'a> {
        let flow = &world.program.image().flow;
        Eval {
            world,
            speech,
            stack: Vec::with_capacity(flow.max_stack as usize),
            budget: Budget::for_runs_of(flow.longest_run),
        }
    }

    fn image(&self) -> &'a Image {
        self.world.program.image()
    }

    pub(crate) fn locale(&self) -> Locale {
        let program = self.world.program;
        // Only moments are written and read by the place's time, and looking for it costs.
        let utc_offset = if program.has_moments() { self.world.offset() } else { 0 };
        Locale { language: self.speech.language(), utc_offset, country: None }
    }

    pub(crate) fn pop(&mut self) -> Result<Cell, Stop> {
        self.stack.pop().ok_or(Stop)
    }

    pub(crate) fn pop_truth(&mut self) -> Result<Truth, Stop> {
        match self.pop()? {
            Cell::Truth(truth) => Ok(truth),
            Cell::Unknown | Cell::Const(_) | Cell::Held(_) | Cell::Reply | Cell::Owned(_) => Err(Stop),
        }
    }

    /// Takes a value off the stack as one of its own; `None` if it is unknown.
    pub(crate) fn pop_value(&mut self, session: &Session) -> Result<Option<Value>, Stop> {
        let cell = self.pop()?;
        if let Cell::Owned(value) = cell {
            return Ok(Some(value));
        }
        Ok(look(&cell, self.image(), session).map(View::to_value))
    }

    /// Takes a value off the stack as the text it reads as; `None` if it is unknown.
    pub(crate) fn pop_text(&mut self, session: &Session) -> Result<Option<String>, Stop> {
        let cell = self.pop()?;
        if let Cell::Owned(Value::Text(text)) = cell {
            return Ok(Some(text));
        }
        let Some(value) = look(&cell, self.image(), session) else { return Ok(None) };
        let mut out = String::new();
        show::write_said(&mut out, value, self.speech, self.locale());
        self.budget.bytes(out.len())?;
        Ok(Some(out))
    }

    /// Runs an instruction that only looks.
    #[inline(always)]
    pub(crate) fn look(&mut self, op: Op, session: &Session) -> Result<(), Stop> {
        let image = self.image();
        match op {
            Op::Const(constant) => {
                let moment = self.world.moment(constant);
                self.stack.push(moment.map_or(Cell::Const(constant), Cell::Owned));
            }
            Op::Slot(slot) => {
                let held = self.world.program.slot_id(slot).and_then(|id| session.position(id).ok());
                self.stack.push(match held {
                    Some(at) => Cell::Held(at),
                    None => self.world.property(slot).map_or(Cell::Unknown, Cell::Owned),
                });
            }
            Op::Fact(fact) => {
                let kind = image.facts.get(fact.index()).copied();
                let value = kind.and_then(|kind| self.world.fact(kind, session));
                self.stack.push(value.map_or(Cell::Unknown, Cell::Owned));
            }
            Op::Reply => self.stack.push(Cell::Reply),
            Op::OrElse => {
                let default = self.pop()?;
                let value = self.stack.last_mut().ok_or(Stop)?;
                if look(value, image, session).is_none() {
                    *value = default;
                }
            }
            Op::Label(options) => {
                let cell = self.pop()?;
                let label = self.label(&cell, options, session)?;
                self.stack.push(label);
            }
            Op::Text(text) => self.text(text, session)?,
            Op::Add => self.calculate(session, arithmetic::add)?,
            Op::Subtract => self.calculate(session, arithmetic::subtract)?,
            Op::Multiply => self.calculate(session, arithmetic::multiply)?,
            Op::Divide => self.calculate(session, arithmetic::divide)?,
            Op::Negate => {
                let cell = self.stack.last_mut().ok_or(Stop)?;
                let value = look(cell, image, session).and_then(arithmetic::negate);
                *cell = value.map_or(Cell::Unknown, Cell::Owned);
            }
            Op::Is => self.test(session, view::is)?,
            Op::IsExactly => self.test(session, view::is_exactly)?,
            Op::Less => self.test(session, |a, b| view::less(a, b, false))?,
            Op::LessOrEqual => self.test(session, |a, b| view::less(a, b, true))?,
            Op::Contains => self.test(session, |a, b| view::texts(a, b, text::contains))?,
            Op::StartsWith => self.test(session, |a, b| view::texts(a, b, text::starts_with))?,
            Op::EndsWith => self.test(session, |a, b| view::texts(a, b, text::ends_with))?,
            Op::Includes => self.test(session, view::includes)?,
            Op::Matches(pattern) => {
                let cell = self.stack.last().ok_or(Stop)?;
                let truth = match look(cell, image, session).and_then(View::text) {
                    Some(text) => {
                        let pattern = self.world.program.pattern(pattern).ok_or(Stop)?;
                        self.budget.bytes(text.len().saturating_mul(pattern.work()))?;
                        Truth::from(pattern.matches(text))
                    }
                    None => Truth::Unknown,
                };
                self.pop()?;
                self.stack.push(Cell::Truth(truth));
            }
            Op::Known => {
                let cell = self.stack.last_mut().ok_or(Stop)?;
                *cell = Cell::Truth(Truth::from(look(cell, image, session).is_some()));
            }
            Op::IsTrue => {
                let cell = self.stack.last_mut().ok_or(Stop)?;
                *cell = Cell::Truth(look(cell, image, session).map_or(Truth::Unknown, view::is_true));
            }
            Op::And => self.combine(Truth::and)?,
            Op::Or => self.combine(Truth::or)?,
            Op::Not => {
                let truth = self.pop_truth()?.not();
                self.stack.push(Cell::Truth(truth));
            }
            Op::Jump(_)
            | Op::JumpUnless(_)
            | Op::Go(_)
            | Op::Finish
            | Op::End
            | Op::Return
            | Op::Say
            | Op::Show(_)
            | Op::Ask(_)
            | Op::Set(_)
            | Op::Act(_)
            | Op::UnlessKnown(_)
            | Op::Clear(_)
            | Op::Wait(_)
            | Op::Do(_) => return Err(Stop),
        }
        Ok(())
    }

    fn combine(&mut self, how: fn(Truth, Truth) -> Truth) -> Result<(), Stop> {
        let (b, a) = (self.pop_truth()?, self.pop_truth()?);
        self.stack.push(Cell::Truth(how(a, b)));
        Ok(())
    }

    /// Leaves what comes of the last two values; unknown if one of them is, or if nothing comes of them.
    fn calculate(
        &mut self,
        session: &Session,
        how: fn(View<'_>, View<'_>) -> Option<Value>,
    ) -> Result<(), Stop> {
        let image = self.image();
        let [.., a, b] = self.stack.as_slice() else { return Err(Stop) };
        let result = match (look(a, image, session), look(b, image, session)) {
            (Some(a), Some(b)) => how(a, b),
            _ => None,
        };
        self.stack.truncate(self.stack.len().saturating_sub(2));
        self.stack.push(result.map_or(Cell::Unknown, Cell::Owned));
        Ok(())
    }

    /// Whether the value on top of the stack is known.
    pub(crate) fn top_is_known(&self, session: &Session) -> Result<bool, Stop> {
        let cell = self.stack.last().ok_or(Stop)?;
        Ok(look(cell, self.image(), session).is_some())
    }

    /// Tests the last two cells where they lie: none is moved for it.
    fn test(&mut self, session: &Session, test: fn(View<'_>, View<'_>) -> Truth) -> Result<(), Stop> {
        let image = self.image();
        let [.., a, b] = self.stack.as_slice() else { return Err(Stop) };
        let truth = match (look(a, image, session), look(b, image, session)) {
            (Some(a), Some(b)) => {
                self.budget.bytes(view::work(a, b))?;
                test(a, b)
            }
            _ => Truth::Unknown,
        };
        self.stack.truncate(self.stack.len().saturating_sub(2));
        self.stack.push(Cell::Truth(truth));
        Ok(())
    }

    fn label(&mut self, cell: &Cell, options: Options, session: &Session) -> Result<Cell, Stop> {
        let image = self.image();
        let Some(value) = look(cell, image, session) else { return Ok(Cell::Unknown) };
        let mut out = String::new();
        show::write_labels(&mut out, value, options, self.speech, self.locale());
        self.budget.bytes(out.len())?;
        Ok(Cell::Owned(Value::Text(out)))
    }

    /// Fills a text's holes. An unknown value leaves its hole empty; the compiler lets none come here.
    fn text(&mut self, text: Text, session: &Session) -> Result<(), Stop> {
        let image = self.image();
        let (template, strings) = self.speech.template(text).ok_or(Stop)?;
        let first = self.stack.len().checked_sub(template.holes as usize).ok_or(Stop)?;
        if let ([Piece::Words(words)], 0) = (template.pieces.as_slice(), template.holes) {
            let words = strings.get(*words);
            self.budget.bytes(words.len())?;
            self.stack.push(Cell::Owned(Value::Text(String::from(words))));
            return Ok(());
        }
        let holes = self.stack.get(first..).unwrap_or(&[]);
        let value = |hole: u32| holes.get(hole as usize).and_then(|cell| look(cell, image, session));
        let mut filling = Filling {
            strings,
            speech: self.speech,
            locale: self.locale(),
            budget: self.budget,
            out: String::new(),
        };
        filling.pieces(&template.pieces, &value)?;
        let (budget, out) = (filling.budget, filling.out);
        self.budget = budget;
        self.stack.truncate(first);
        self.stack.push(Cell::Owned(Value::Text(out)));
        Ok(())
    }

    /// Runs a fragment; what it leaves is on the stack.
    fn fragment(
        &mut self,
        fragment: Fragment,
        session: &Session,
        observer: &mut (impl Observer + ?Sized),
    ) -> Result<(), Stop> {
        let image = self.image();
        let mut at = image.fragments.get(fragment.index()).ok_or(Stop)?.start.index();
        loop {
            // No instruction is charged: a fragment only goes ahead, so it ends by itself.
            observer.instruction(Addr(at as u32));
            let start = at;
            let (op, after) = self.world.program.instruction(at).ok_or(Stop)?;
            at = after;
            if let Op::Jump(ahead) = op {
                at += usize::from(ahead.0);
            } else if let Op::JumpUnless(ahead) = op {
                let holds = self.pop_truth()?.holds();
                observer.branch(Addr(start as u32), holds);
                at += if holds { 0 } else { usize::from(ahead.0) };
            } else if op == Op::Return {
                return Ok(());
            } else {
                self.look(op, session)?;
            }
        }
    }

    /// Runs a fragment that is a condition.
    pub(crate) fn condition(
        &mut self,
        fragment: Fragment,
        session: &Session,
        observer: &mut (impl Observer + ?Sized),
    ) -> Result<Truth, Stop> {
        self.fragment(fragment, session, observer)?;
        self.pop_truth()
    }

    /// Runs a fragment that is a text.
    pub(crate) fn words(
        &mut self,
        fragment: Fragment,
        session: &Session,
        observer: &mut (impl Observer + ?Sized),
    ) -> Result<String, Stop> {
        self.fragment(fragment, session, observer)?;
        Ok(self.pop_text(session)?.unwrap_or_default())
    }
}

/// The value that a cell stands for; `None` if it is unknown.
fn look<'v>(cell: &'v Cell, image: &'v Image, session: &'v Session) -> Option<View<'v>> {
    match cell {
        Cell::Unknown | Cell::Truth(_) => None,
        Cell::Const(constant) => image.constants.get(constant.index()).map(View::of),
        Cell::Held(at) => session.values.get(*at)?.value.as_ref().map(View::of),
        Cell::Reply => session.reply.as_deref().map(View::Text),
        Cell::Owned(value) => Some(View::of(value)),
    }
}
