//! Programs taken apart into instructions and put together again with others in their place: a machine in which an
//! instruction means something else, without building one.

use std::collections::BTreeMap;

use chatflow_runtime::Image;
use chatflow_runtime::id::Addr;
use chatflow_runtime::image::{ActDef, Arm, CodeRange, TalkDef, Wait};
use chatflow_runtime::op::{Ahead, Op};
use chatflow_runtime::wire::{Reader, Writer};

/// Where an instruction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// In the step with this number, or in a block of `anytime`.
    Flow(Option<usize>),
    /// In a fragment that leaves the answer of a condition.
    Condition,
    /// In a fragment that leaves a text.
    Words,
}

/// The same program, in which each instruction became those that `instead` gives for it. A jump among them keeps its
/// target, whatever distance it names; one of distance 0 lands behind them. `None` if the program cannot be read or a
/// jump became too long.
pub fn relinked(image: &Image, instead: impl Fn(Op, Room) -> Vec<Op>) -> Option<Image> {
    let mut image = image.clone();
    let read = instructions(&image.code)?;
    let rooms: Vec<Room> = read.iter().map(|(start, ..)| room(&image, *start)).collect();
    // First where each instruction comes to stand, then the jumps, which need to know it.
    let mut moved: BTreeMap<usize, usize> = BTreeMap::new();
    let mut written = Vec::new();
    let mut at = 0;
    for ((start, op, after), room) in read.into_iter().zip(rooms) {
        moved.insert(start, at);
        for new in instead(op, room) {
            let target = distance(new).map(|ahead| after + ahead);
            at += length(new);
            written.push((new, at, target));
        }
    }
    moved.insert(image.code.len(), at);
    let mut out = Writer::default();
    for (op, after, target) in written {
        let landing = target.and_then(|target| moved.get(&target));
        match (distance(op), landing) {
            (Some(_), Some(landing)) => {
                let ahead = Ahead(u16::try_from(landing.checked_sub(after)?).ok()?);
                with_distance(op, ahead).write(&mut out);
            }
            _ => op.write(&mut out),
        }
    }
    image.code = out.finish();
    let place = |addr: &mut Addr| {
        if let Some(new) = moved.get(&addr.index()) {
            *addr = Addr(u32::try_from(*new).unwrap_or(u32::MAX));
        }
    };
    let range = |range: &mut CodeRange| {
        place(&mut range.start);
        place(&mut range.end);
    };
    image.steps.iter_mut().for_each(|step| range(&mut step.code));
    image.fragments.iter_mut().for_each(range);
    for site in &mut image.sites {
        place(&mut site.next);
        if let Wait::Act(ActDef { talk: Some(TalkDef { asks: Some(again), .. }), .. }) = &mut site.wait {
            place(again);
        }
    }
    for arm in arms(&mut image) {
        if let Arm::Block(addr) = arm {
            place(addr);
        }
    }
    if let Some(debug) = &mut image.debug {
        debug.files.iter_mut().for_each(|(addr, _)| place(addr));
        debug.lines.iter_mut().for_each(|(addr, _)| place(addr));
    }
    // What is put in instead may need more of both than the compiler saw.
    image.flow.max_stack += 4;
    image.flow.longest_run = image.flow.longest_run.saturating_mul(4);
    Some(image)
}

/// Every instruction of a program: where it begins, what it is, and where the next one begins.
pub fn instructions(code: &[u8]) -> Option<Vec<(usize, Op, usize)>> {
    let mut reader = Reader::new(code);
    let mut read = Vec::new();
    while reader.left() > 0 {
        let start = reader.position();
        let op = Op::read(&mut reader).ok()?;
        read.push((start, op, reader.position()));
    }
    Some(read)
}

fn room(image: &Image, at: usize) -> Room {
    let inside = |range: &CodeRange| (range.start.index()..range.end.index()).contains(&at);
    let fragment = image.fragments.iter().position(inside);
    let words =
        image.flow.welcome.into_iter().chain(image.sites.iter().filter_map(|site| match &site.wait {
            Wait::Ask(ask) => ask.invalid,
            Wait::Act(_) | Wait::Pause(_) | Wait::Do(_) => None,
        }));
    match fragment {
        Some(fragment) if words.into_iter().any(|words| words.index() == fragment) => Room::Words,
        Some(_) => Room::Condition,
        None => Room::Flow(image.steps.iter().position(|step| inside(&step.code))),
    }
}

/// Every arm of a program.
pub fn arms(image: &mut Image) -> impl Iterator<Item = &mut Arm> {
    let of_sites = image.sites.iter_mut().flat_map(|site| {
        let mut arms: Vec<&mut Arm> = site.timeout.iter_mut().map(|(_, arm)| arm).collect();
        match &mut site.wait {
            Wait::Ask(ask) => {
                arms.extend(ask.replies.iter_mut().map(|reply| &mut reply.arm));
                arms.extend(ask.otherwise.iter_mut());
                arms.extend(ask.attempts.iter_mut().map(|(_, arm)| arm));
            }
            Wait::Act(act) => {
                arms.extend(act.outcomes.iter_mut().map(|(_, arm)| arm));
                arms.extend(act.talk.iter_mut().flat_map(|talk| &mut talk.nexts).map(|(_, arm)| arm));
            }
            Wait::Pause(_) | Wait::Do(_) => {}
        }
        arms
    });
    of_sites.chain(image.anytime.iter_mut().map(|line| &mut line.arm))
}

fn length(op: Op) -> usize {
    let mut out = Writer::default();
    op.write(&mut out);
    out.len()
}

/// How far ahead a jump leads.
fn distance(op: Op) -> Option<usize> {
    if let Op::Jump(ahead) | Op::JumpUnless(ahead) | Op::UnlessKnown(ahead) = op {
        Some(usize::from(ahead.0))
    } else {
        None
    }
}

fn with_distance(op: Op, ahead: Ahead) -> Op {
    if let Op::JumpUnless(_) = op {
        Op::JumpUnless(ahead)
    } else if let Op::UnlessKnown(_) = op {
        Op::UnlessKnown(ahead)
    } else {
        Op::Jump(ahead)
    }
}
