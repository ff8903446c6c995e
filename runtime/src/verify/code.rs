//! The code: it decodes without a gap, and keeps to the stack.

use alloc::vec;
use alloc::vec::Vec;

use super::wrong;
use crate::id::{Addr, Fragment, Site, Step};
use crate::image::{Arm, Image, TalkDef, Wait};
use crate::op::{Cell, Op};
use crate::program::LoadError;
use crate::wire::{Malformed, Reader};

fn wrong_code<T>(at: usize, what: &'static str) -> Result<T, LoadError> {
    Err(LoadError::Code { at: Addr(u32::try_from(at).unwrap_or(u32::MAX)), what })
}

/// What a stretch of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Step(Step),
    Fragment(Fragment),
    /// The blocks of `anytime`: whatever no step and no fragment covers.
    Anytime,
}

/// A stretch of code.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: usize,
    end: usize,
    kind: Kind,
}

/// The code, read once.
pub(super) struct Code<'a> {
    image: &'a Image,
    stretches: Vec<Stretch>,
    /// For each byte: whether an instruction begins there with an empty stack.
    entries: Vec<bool>,
    /// For each place: the stretch of its instruction and the address after it.
    sites: Vec<Option<(usize, usize)>>,
    /// For each fragment: what it leaves.
    leaves: Vec<Option<Cell>>,
    /// The instructions, decoded.
    decoded: Decoded,
}

/// The instructions of a program, decoded once so that no turn has to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// Each instruction, and the address after it.
    ops: Vec<(Op, u32)>,
    /// For each byte of the code: the number of the instruction that begins there.
    at: Vec<u32>,
}

impl Decoded {
    /// The instruction that begins at this address, and the address after it.
    #[inline]
    pub(crate) fn get(&self, at: usize) -> Option<(Op, usize)> {
        let number = *self.at.get(at)?;
        self.ops.get(number as usize).map(|(op, next)| (*op, *next as usize))
    }
}

impl<'a> Code<'a> {
    /// Reads all the code.
    pub(super) fn read(image: &'a Image) -> Result<Code<'a>, LoadError> {
        let mut code = Code {
            image,
            stretches: stretches(image)?,
            entries: vec![false; image.code.len()],
            sites: vec![None; image.sites.len()],
            leaves: vec![None; image.fragments.len()],
            decoded: Decoded { ops: Vec::new(), at: vec![u32::MAX; image.code.len()] },
        };
        for index in 0..code.stretches.len() {
            if let Some(stretch) = code.stretches.get(index).copied() {
                code.read_stretch(index, stretch)?;
            }
        }
        Ok(code)
    }

    fn read_stretch(&mut self, index: usize, stretch: Stretch) -> Result<(), LoadError> {
        let code = self.image.code.get(..stretch.end).unwrap_or(&[]);
        let mut reader = Reader::starting_at(code, stretch.start);
        let mut stack = Stack { cells: Vec::new(), max: self.image.flow.max_stack as usize };
        let mut targets: Vec<(usize, usize)> = Vec::new();
        let mut falls = true;
        while reader.left() > 0 {
            let at = reader.position();
            if let Some(entry) = self.entries.get_mut(at) {
                *entry = stack.cells.is_empty();
            }
            let op = Op::read(&mut reader)
                .map_err(|what| LoadError::Code { at: Addr(at as u32), what: why(what) })?;
            let next = reader.position();
            if let Some(number) = self.decoded.at.get_mut(at) {
                *number = self.decoded.ops.len() as u32;
            }
            self.decoded.ops.push((op, next as u32));
            self.operand(op, at)?;
            self.placing(op, index, stretch.kind, at, next)?;
            stack.step(op, self.image, at)?;
            if let Op::Jump(ahead) | Op::JumpUnless(ahead) | Op::UnlessKnown(ahead) = op {
                targets.push((at, next + usize::from(ahead.0)));
            }
            if let (Op::Return, Kind::Fragment(fragment)) = (op, stretch.kind) {
                self.returns(fragment, &mut stack, at)?;
            }
            let statement = targets.last().is_some_and(|(from, _)| *from == at) || op.leaves() || op.does();
            // What is known stays; where it goes on ahead, the stack is empty.
            let stays = usize::from(matches!(op, Op::UnlessKnown(_)));
            if statement && stack.cells.len() != stays {
                return wrong_code(at, "a statement leaves something on the stack");
            }
            falls = !op.leaves();
        }
        if falls {
            return wrong_code(stretch.start, "the code runs off its end");
        }
        for (from, target) in targets {
            let inside = target < stretch.end;
            if !inside || !self.entries.get(target).copied().unwrap_or(false) {
                return wrong_code(from, "a jump to where no statement begins");
            }
        }
        Ok(())
    }

    /// Whether the instruction's operand names something that is there.
    fn operand(&self, op: Op, at: usize) -> Result<(), LoadError> {
        let image = self.image;
        let (index, length) = match op {
            Op::Const(constant) => (constant.index(), image.constants.len()),
            Op::Slot(slot) | Op::Set(slot) | Op::Clear(slot) => (slot.index(), image.slots.len()),
            Op::Fact(fact) => (fact.index(), image.facts.len()),
            Op::Label(options) => (options.index(), image.options.len()),
            Op::Text(text) => (text.index(), image.texts.len()),
            Op::Matches(pattern) => (pattern.index(), image.patterns.len()),
            Op::Go(step) => (step.index(), image.steps.len()),
            Op::Ask(site) | Op::Act(site) | Op::Wait(site) | Op::Do(site) => {
                (site.index(), image.sites.len())
            }
            Op::Reply
            | Op::OrElse
            | Op::Add
            | Op::Subtract
            | Op::Multiply
            | Op::Divide
            | Op::Negate
            | Op::UnlessKnown(_)
            | Op::Is
            | Op::IsExactly
            | Op::Less
            | Op::LessOrEqual
            | Op::Contains
            | Op::StartsWith
            | Op::EndsWith
            | Op::Includes
            | Op::Known
            | Op::IsTrue
            | Op::And
            | Op::Or
            | Op::Not
            | Op::Jump(_)
            | Op::JumpUnless(_)
            | Op::Finish
            | Op::End
            | Op::Return
            | Op::Say
            | Op::Show(_) => return Ok(()),
        };
        if index < length { Ok(()) } else { wrong_code(at, "an operand that is not there") }
    }

    /// Whether the instruction may stand in this stretch.
    fn placing(&mut self, op: Op, index: usize, kind: Kind, at: usize, next: usize) -> Result<(), LoadError> {
        // A fragment's end is an instruction that no step may have.
        let misplaced = match kind {
            Kind::Fragment(_) => !op.only_looks(),
            Kind::Step(_) | Kind::Anytime => op == Op::Return,
        };
        if misplaced {
            return wrong_code(at, "an instruction that may not stand here");
        }
        if let Op::Ask(site) | Op::Act(site) | Op::Wait(site) | Op::Do(site) = op {
            self.place(site, op, (index, next), kind, at)?;
        }
        Ok(())
    }

    fn place(
        &mut self,
        site: Site,
        op: Op,
        found: (usize, usize),
        kind: Kind,
        at: usize,
    ) -> Result<(), LoadError> {
        let (Some(def), Some(known)) = (self.image.sites.get(site.index()), self.sites.get_mut(site.index()))
        else {
            return wrong_code(at, "an operand that is not there");
        };
        let same = match def.wait {
            Wait::Ask(_) => matches!(op, Op::Ask(_)),
            Wait::Act(_) => matches!(op, Op::Act(_)),
            Wait::Pause(_) => matches!(op, Op::Wait(_)),
            Wait::Do(_) => matches!(op, Op::Do(_)),
        };
        if !same {
            return wrong_code(at, "a place of another kind");
        }
        if known.is_some() {
            return wrong_code(at, "a place that another instruction has");
        }
        if def.next.index() != found.1 {
            return wrong_code(at, "a place that goes on elsewhere");
        }
        match kind {
            Kind::Step(step) if def.step != step => return wrong_code(at, "a place of another step"),
            Kind::Anytime if matches!(op, Op::Do(_)) => {
                return wrong_code(at, "a step is run from outside of one");
            }
            Kind::Step(_) | Kind::Anytime | Kind::Fragment(_) => {}
        }
        *known = Some(found);
        Ok(())
    }

    fn returns(&mut self, fragment: Fragment, stack: &mut Stack, at: usize) -> Result<(), LoadError> {
        let (Some(leaves), [cell]) = (self.leaves.get_mut(fragment.index()), stack.cells.as_slice()) else {
            return wrong_code(at, "a fragment must leave one thing");
        };
        if leaves.is_some_and(|before| before != *cell) {
            return wrong_code(at, "a fragment leaves now a text, now a condition");
        }
        *leaves = Some(*cell);
        stack.cells.clear();
        Ok(())
    }

    /// The instructions, for the machine.
    pub(super) fn decoded(self) -> Decoded {
        self.decoded
    }

    /// Checks where every place goes on.
    pub(super) fn arms(&self) -> Result<(), LoadError> {
        for (entry, (def, found)) in self.image.sites.iter().zip(&self.sites).enumerate() {
            let Some((stretch, next)) = *found else {
                return wrong("places", entry, "no instruction has it");
            };
            let inside =
                |at: usize| self.stretches.get(stretch).is_some_and(|at_| at_.start <= at && at < at_.end);
            let enters = |at: usize| inside(at) && self.entries.get(at).copied().unwrap_or(false);
            let ok = |arm: Arm| match arm {
                Arm::Next => enters(next),
                Arm::Step(step) => step.index() < self.image.steps.len(),
                Arm::Block(at) => enters(at.index()),
            };
            let timeout = def.timeout.is_none_or(|(_, arm)| ok(arm));
            let others = match &def.wait {
                Wait::Ask(ask) => {
                    ask.replies.iter().all(|reply| ok(reply.arm))
                        && ask.otherwise.is_none_or(ok)
                        && ask.attempts.is_none_or(|(_, arm)| ok(arm))
                        && ask.invalid.is_none_or(|text| self.leaves(text) == Some(Cell::Value))
                }
                Wait::Act(act) => {
                    let talk_ok = |talk: &TalkDef| {
                        // The call that is done again is this one: nothing comes before it but what is its own.
                        let again = |at: Addr| enters(at.index()) && at.index() < next;
                        talk.nexts.iter().all(|(_, arm)| ok(*arm)) && talk.asks.is_none_or(again)
                    };
                    act.outcomes.iter().all(|(_, arm)| ok(*arm)) && act.talk.as_ref().is_none_or(talk_ok)
                }
                Wait::Pause(_) | Wait::Do(_) => true,
            };
            if !(timeout && others && ok(Arm::Next)) {
                return wrong("places", entry, "an arrow to where no statement of its step begins");
            }
        }
        Ok(())
    }

    /// Checks the conditions and texts that stand outside the steps.
    pub(super) fn rules(&self) -> Result<(), LoadError> {
        let image = self.image;
        if image.flow.welcome.is_some_and(|text| self.leaves(text) != Some(Cell::Value)) {
            return wrong("header", 0, "a welcome that is no text");
        }
        let conditions =
            image.show.iter().chain(&image.hide).copied().chain(image.anytime.iter().map(|row| row.when));
        for (entry, condition) in conditions.enumerate() {
            if self.leaves(condition) != Some(Cell::Truth) {
                return wrong("rules", entry, "a condition that is none");
            }
        }
        for (entry, row) in image.anytime.iter().enumerate() {
            let ok = match row.arm {
                Arm::Next => false,
                Arm::Step(step) => step.index() < image.steps.len(),
                Arm::Block(at) => self.begins_anytime(at.index()),
            };
            if !ok {
                return wrong("anytime", entry, "an arrow to where no block of `anytime` begins");
            }
        }
        Ok(())
    }

    fn begins_anytime(&self, at: usize) -> bool {
        let after = self.stretches.partition_point(|stretch| stretch.start <= at);
        let stretch = after.checked_sub(1).and_then(|index| self.stretches.get(index));
        let anytime = stretch.is_some_and(|stretch| stretch.kind == Kind::Anytime && at < stretch.end);
        anytime && self.entries.get(at).copied().unwrap_or(false)
    }

    fn leaves(&self, fragment: Fragment) -> Option<Cell> {
        self.leaves.get(fragment.index()).copied().flatten()
    }
}

/// All the code, cut into stretches in the order of their addresses.
fn stretches(image: &Image) -> Result<Vec<Stretch>, LoadError> {
    let steps = image.steps.iter().zip(0..).map(|(step, index)| (step.code, Kind::Step(Step(index))));
    let fragments =
        image.fragments.iter().zip(0..).map(|(code, index)| (*code, Kind::Fragment(Fragment(index))));
    let mut named: Vec<Stretch> = steps
        .chain(fragments)
        .map(|(code, kind)| Stretch { start: code.start.index(), end: code.end.index(), kind })
        .collect();
    named.sort_unstable_by_key(|stretch| stretch.start);
    let mut all = Vec::with_capacity(named.len() + 1);
    let mut at = 0;
    for stretch in named {
        if stretch.start < at || stretch.end <= stretch.start || stretch.end > image.code.len() {
            return wrong_code(stretch.start, "a stretch that is empty, outside the code or inside another");
        }
        if at < stretch.start {
            all.push(Stretch { start: at, end: stretch.start, kind: Kind::Anytime });
        }
        at = stretch.end;
        all.push(stretch);
    }
    if at < image.code.len() {
        all.push(Stretch { start: at, end: image.code.len(), kind: Kind::Anytime });
    }
    Ok(all)
}

/// The kinds of the cells on the stack, as the code leaves them.
struct Stack {
    cells: Vec<Cell>,
    max: usize,
}

impl Stack {
    fn step(&mut self, op: Op, image: &Image, at: usize) -> Result<(), LoadError> {
        let effect = op.effect(image);
        let (count, kind) = effect.pops;
        for _ in 0..count {
            if self.cells.pop() != Some(kind) {
                return wrong_code(at, "an instruction that finds something else on the stack");
            }
        }
        if let Some(cell) = effect.push {
            if self.cells.len() >= self.max {
                return wrong_code(at, "more on the stack than the header says");
            }
            self.cells.push(cell);
        }
        Ok(())
    }
}

fn why(what: Malformed) -> &'static str {
    match what {
        Malformed::UnknownInstruction => "an unknown instruction",
        Malformed::Truncated(_) => "an instruction that is cut off",
        Malformed::TrailingBytes(_)
        | Malformed::Number(_)
        | Malformed::Count(_)
        | Malformed::Utf8(_)
        | Malformed::Tag(_)
        | Malformed::Order(_) => "an operand out of form",
    }
}
