//! Machines in which an instruction means something else.

use chatflow_runtime::Image;
use chatflow_runtime::id::{Const, Site, Slot, Step, Text};
use chatflow_runtime::image::{Piece, Scope, SlotDef, Template, Wait};
use chatflow_runtime::media::MediaKind;
use chatflow_runtime::op::{Ahead, Op};
use chatflow_runtime::value::{Type, Value};
use chatflow_runtime::wire::Reader;
use rust_decimal::Decimal;

use super::Mutant;
use crate::relink::{Room, relinked};

/// The mutants of the instruction with this number and name.
pub fn mutants((code, name, _): &'static (u8, &'static str, &'static str)) -> Vec<Mutant> {
    let mut image = Image::default();
    let tools = Tools::added_to(&mut image);
    let sample = Op::read(&mut Reader::new(&[*code, 0, 0]));
    let count = sample.map_or(0, |op| instead(op, Room::Condition, &image, &tools).len());
    let mutant = |which| {
        Mutant::of_programs(format!("{name}, mutant {which}"), move |image| replace(image, name, which))
    };
    (0..count).map(mutant).collect()
}

/// Puts the mutant with this number in the place of every instruction of this name.
fn replace(image: &mut Image, name: &str, which: usize) {
    let mut changed = image.clone();
    let tools = Tools::added_to(&mut changed);
    let read = changed.clone();
    let change = |op: Op, room: Room| {
        let mutants = if op.name() == name { instead(op, room, &read, &tools) } else { Vec::new() };
        // What only a step may do cannot be done in a condition or a text; there the instruction keeps its meaning.
        let fits = |new: &Vec<Op>| matches!(room, Room::Flow(_)) || new.iter().all(|op| op.only_looks());
        mutants.into_iter().nth(which).filter(fits).unwrap_or_else(|| vec![op])
    };
    if let Some(written) = relinked(&changed, change).filter(|written| written.code != image.code) {
        *image = written;
    }
}

/// What the mutants need beside the program's own tables.
struct Tools {
    /// A local that takes what nobody wants.
    bin: Slot,
    /// A local that is never known.
    unknown: Slot,
    /// A text with two holes that shows only the first, and one that shows only the second.
    either: [Text; 2],
    /// For each number of holes a text that shows none of them.
    nothing_of: Vec<Text>,
    /// What a sloppy machine takes an unknown value for.
    zeros: Vec<(Value, Const)>,
}

impl Tools {
    fn added_to(image: &mut Image) -> Tools {
        let mut local = |name: &str| {
            let name = image.strings.push(name);
            image.slots.push(SlotDef { name, was: Vec::new(), ty: Type::Text, scope: Scope::Local });
            Slot(image.slots.len() as u32 - 1)
        };
        let (bin, unknown) = (local("the mutants' bin"), local("never known"));
        let mut text = |holes, pieces| {
            image.texts.push(Template { holes, pieces });
            Text(image.texts.len() as u32 - 1)
        };
        let either = [text(2, vec![Piece::Hole(0)]), text(2, vec![Piece::Hole(1)])];
        let nothing_of = (0..16).map(|holes| text(holes, Vec::new())).collect();
        let zeros = [
            Value::Text(String::new()),
            Value::Number(Decimal::ZERO),
            Value::Bool(false),
            Value::Date(0),
            Value::DateTime(0),
            Value::Duration(0),
            Value::Option(String::new()),
            Value::Options(Vec::new()),
        ];
        let zeros = zeros.into_iter().map(|zero| {
            image.constants.push(zero.clone());
            (zero, Const(image.constants.len() as u32 - 1))
        });
        let zeros = zeros.collect();
        Tools { bin, unknown, either, nothing_of, zeros }
    }

    fn constant(&self, fits: impl Fn(&Value) -> bool) -> Op {
        let found = self.zeros.iter().find(|(zero, _)| fits(zero));
        Op::Const(found.map_or(Const(0), |(_, constant)| *constant))
    }

    /// Takes so many values off the stack and leaves an empty text.
    fn nothing_of(&self, count: usize) -> Op {
        Op::Text(self.nothing_of.get(count).copied().unwrap_or(Text(0)))
    }

    /// The value that is nothing much, of a type.
    fn zero(&self, ty: Type) -> Op {
        self.constant(|zero| {
            matches!(
                (ty, zero),
                (Type::Text | Type::Email | Type::Phone | Type::Url, Value::Text(_))
                    | (Type::Number, Value::Number(_))
                    | (Type::Bool, Value::Bool(_))
                    | (Type::Date, Value::Date(_))
                    | (Type::DateTime, Value::DateTime(_))
                    | (Type::Duration, Value::Duration(_))
                    | (Type::OneOf(_), Value::Option(_))
                    | (Type::ManyOf(_), Value::Options(_))
            )
        })
    }
}

/// What an instruction is replaced by, one mutant after the other; as many for each instruction of a name.
fn instead(op: Op, room: Room, image: &Image, tools: &Tools) -> Vec<Vec<Op>> {
    let drop = Op::Set(tools.bin);
    let unknown = Op::Slot(tools.unknown);
    let words = tools.constant(|zero| matches!(zero, Value::Text(_)));
    let steps = image.steps.len().max(1) as u32;
    let certain = [words, Op::Known];
    // Of two truths on the stack, the first: the second or true, which is true, and the first.
    let first = || [certain.as_slice(), &[Op::Or, Op::And]].concat();
    match op {
        Op::Const(_) => vec![vec![unknown], vec![words]],
        Op::Slot(slot) => {
            let ty = image.slots.get(slot.index()).map_or(Type::Text, |slot| slot.ty);
            // Unknown, always; and never, as some take it for nothing, zero or no.
            vec![vec![unknown], vec![op, tools.zero(ty), Op::OrElse]]
        }
        Op::Fact(_) => vec![vec![unknown], vec![op, words, Op::OrElse]],
        Op::Reply => vec![vec![unknown], vec![op, words, Op::OrElse]],
        // The value, even if it is unknown; the default, even if the value is known.
        Op::OrElse => tools.either.iter().map(|text| vec![Op::Text(*text)]).collect(),
        Op::Label(_) => vec![vec![]],
        Op::Text(text) => {
            let holes = image.texts.get(text.index()).map_or(0, |text| text.holes);
            vec![vec![tools.nothing_of(holes as usize)]]
        }
        Op::Add => vec![vec![Op::Subtract], vec![Op::Multiply]],
        Op::Subtract => vec![vec![Op::Add], vec![Op::Subtract, Op::Negate]],
        Op::Multiply => vec![vec![Op::Divide], vec![Op::Add]],
        // And where there is no result, zero.
        Op::Divide => vec![vec![Op::Multiply], vec![op, tools.zero(Type::Number), Op::OrElse]],
        Op::Negate => vec![vec![]],
        Op::Is => vec![vec![Op::IsExactly], vec![Op::Is, Op::Not], vec![Op::Contains], vec![Op::LessOrEqual]],
        Op::IsExactly => vec![vec![Op::Is], vec![Op::IsExactly, Op::Not]],
        Op::Less => vec![vec![Op::LessOrEqual], vec![Op::Less, Op::Not], vec![Op::Is]],
        Op::LessOrEqual => vec![vec![Op::Less], vec![Op::LessOrEqual, Op::Not], vec![Op::Is]],
        Op::Contains => vec![vec![Op::Is], vec![Op::StartsWith], vec![Op::EndsWith]],
        Op::StartsWith => vec![vec![Op::Is], vec![Op::Contains], vec![Op::EndsWith]],
        Op::EndsWith => vec![vec![Op::Is], vec![Op::Contains], vec![Op::StartsWith]],
        Op::Includes => vec![vec![Op::Is], vec![Op::Includes, Op::Not]],
        // And where only an empty text matches.
        Op::Matches(_) => vec![vec![op, Op::Not], vec![words, Op::Is]],
        Op::Known => vec![vec![Op::Known, Op::Not], vec![Op::IsTrue]],
        Op::IsTrue => vec![vec![Op::Known], vec![Op::IsTrue, Op::Not]],
        Op::And => vec![vec![Op::Or], first()],
        Op::Or => vec![vec![Op::And], first()],
        Op::Not => vec![vec![], vec![Op::Not, words, Op::Known, Op::Or]],
        // As if it were not there.
        Op::Jump(_) => vec![vec![]],
        // Taken where it should not be; and where the condition is unknown, not taken.
        Op::JumpUnless(ahead) => {
            vec![vec![Op::Not, op], vec![Op::Not, Op::JumpUnless(Ahead(0)), Op::Jump(ahead)]]
        }
        // Going on with nothing; and going on ahead although the value is known: a text has no opposite.
        Op::UnlessKnown(_) => vec![vec![], vec![tools.nothing_of(1), Op::Negate, op]],
        Op::Go(step) => vec![vec![Op::Go(Step((step.0 + 1) % steps))], vec![Op::End]],
        // The step below, and the first.
        Op::Finish => match room {
            Room::Flow(Some(step)) if step + 1 < image.steps.len() => {
                vec![vec![Op::Go(Step(step as u32 + 1))], vec![Op::Go(Step(0))], vec![Op::End]]
            }
            Room::Flow(_) | Room::Condition | Room::Words => {
                vec![vec![op], vec![Op::Go(Step(0))], vec![Op::End]]
            }
        },
        Op::End => vec![vec![Op::Go(Step(0))], vec![Op::Finish]],
        Op::Return => vec![match room {
            Room::Condition => vec![Op::Not, op],
            Room::Words => vec![tools.nothing_of(1), op],
            Room::Flow(_) => vec![op],
        }],
        Op::Say => vec![vec![drop]],
        // Not at all; without its words; and as something else.
        Op::Show(media) => {
            let other = if media == MediaKind::File { MediaKind::Video } else { MediaKind::File };
            vec![vec![tools.nothing_of(2), drop], vec![tools.nothing_of(1), op], vec![Op::Show(other)]]
        }
        // Not at all; and without waiting. Its place must stand somewhere, if only where nothing comes.
        Op::Ask(_) => {
            vec![vec![drop, Op::Jump(Ahead(0)), words, op], vec![Op::Say, Op::Jump(Ahead(0)), words, op]]
        }
        Op::Set(_) => vec![vec![drop]],
        Op::Clear(_) => vec![vec![Op::Jump(Ahead(0))], vec![Op::Clear(tools.bin)]],
        Op::Wait(_) => vec![vec![Op::Jump(Ahead(0)), op]],
        // Not at all; and without coming back.
        Op::Do(site) => {
            let step = match image.sites.get(site.index()).map(|site| &site.wait) {
                Some(Wait::Do(step)) => *step,
                Some(Wait::Ask(_) | Wait::Act(_) | Wait::Pause(_)) | None => Step(0),
            };
            vec![vec![Op::Jump(Ahead(0)), op], vec![Op::Go(step), op]]
        }
        Op::Act(site) => vec![passed_over(image, op, site, tools), without_settings(image, op, site, tools)],
    }
}

/// An action that is not begun. Its place must stand somewhere, if only where nothing comes.
fn passed_over(image: &Image, op: Op, site: Site, tools: &Tools) -> Vec<Op> {
    let count = arguments(image, site);
    let forgotten = [tools.nothing_of(count), Op::Set(tools.bin), Op::Jump(Ahead(0))];
    forgotten.into_iter().chain(vec![Op::Slot(tools.unknown); count]).chain([op]).collect()
}

/// An action that is begun without any of its settings.
fn without_settings(image: &Image, op: Op, site: Site, tools: &Tools) -> Vec<Op> {
    let count = arguments(image, site);
    let forgotten = [tools.nothing_of(count), Op::Set(tools.bin)];
    forgotten.into_iter().chain(vec![Op::Slot(tools.unknown); count]).chain([op]).collect()
}

fn arguments(image: &Image, site: Site) -> usize {
    image.sites.get(site.index()).map_or(0, |site| site.arguments())
}

/// Passes over the actions whose places are these.
pub(super) fn pass_over(image: &mut Image, which: impl Fn(&Image, Site) -> bool) {
    instead_of_actions(image, which, passed_over);
}

/// Takes their settings from the actions whose places are these.
pub(super) fn strip(image: &mut Image, which: impl Fn(&Image, Site) -> bool) {
    instead_of_actions(image, which, without_settings);
}

fn instead_of_actions(
    image: &mut Image,
    which: impl Fn(&Image, Site) -> bool,
    instead: fn(&Image, Op, Site, &Tools) -> Vec<Op>,
) {
    let mut changed = image.clone();
    let tools = Tools::added_to(&mut changed);
    let read = changed.clone();
    let change = |op: Op, _| {
        if let Op::Act(site) = op
            && which(&read, site)
        {
            return instead(&read, op, site, &tools);
        }
        vec![op]
    };
    if let Some(written) = relinked(&changed, change).filter(|written| written.code != image.code) {
        *image = written;
    }
}
