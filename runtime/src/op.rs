//! The instructions, each declared once: number, operands, and a sentence that says what it does.
//!
//! The machine is a stack of two kinds of cells: a *value* (which may be unknown) and a three-valued *truth*.
//! [`Op::effect`] says what an instruction takes and leaves; the verifier holds every program to it.

use crate::id::{Const, Fact, Options, Pattern, Site, Slot, Step, Text};
use crate::image::Image;
use crate::media::MediaKind;
use crate::wire::{Malformed, Reader, Writer};

/// The two kinds of cells on the machine's stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A value, perhaps unknown.
    Value,
    /// The answer of a test.
    Truth,
}

/// What an instruction does to the stack: it takes `pops` (the last one from the top) and leaves `push`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// How many cells of which kind it takes.
    pub pops: (usize, Cell),
    /// What it leaves.
    pub push: Option<Cell>,
}

/// A forward distance in bytes, from the end of the instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead(pub u16);

/// How an operand stands in the code.
trait Operand: Sized {
    fn put(self, out: &mut Writer);
    fn get(from: &mut Reader<'_>) -> Result<Self, Malformed>;
}

impl Operand for Ahead {
    fn put(self, out: &mut Writer) {
        out.byte((self.0 & 0xff) as u8);
        out.byte((self.0 >> 8) as u8);
    }
    fn get(from: &mut Reader<'_>) -> Result<Ahead, Malformed> {
        let low = u16::from(from.byte()?);
        let high = u16::from(from.byte()?);
        Ok(Ahead(low | (high << 8)))
    }
}

macro_rules! index_operands {
    ($($name:ident),*) => {$(
        impl Operand for $name {
            fn put(self, out: &mut Writer) {
                out.varint(u64::from(self.0));
            }
            fn get(from: &mut Reader<'_>) -> Result<$name, Malformed> {
                from.varint32().map($name)
            }
        }
    )*};
}

impl Operand for MediaKind {
    fn put(self, out: &mut Writer) {
        out.byte(self as u8);
    }
    fn get(from: &mut Reader<'_>) -> Result<MediaKind, Malformed> {
        let number = usize::from(from.byte()?);
        MediaKind::ALL.get(number).copied().ok_or(Malformed::UnknownInstruction)
    }
}

index_operands!(Const, Slot, Fact, Options, Text, Pattern, Site, Step);

macro_rules! instructions {
    ($($(#[doc = $doc:literal])* $code:literal $name:ident $(($operand:ident))?;)*) => {
        /// One instruction.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Op {
            $($(#[doc = $doc])* $name $(($operand))?,)*
        }

        impl Op {
            /// The number, name and meaning of every instruction.
            pub const ALL: &'static [(u8, &'static str, &'static str)] =
                &[$(($code, stringify!($name), concat!($($doc),*)),)*];

            /// What stands behind the byte of each instruction, in the same order; nothing behind most.
            pub const OPERANDS: &'static [&'static str] = &[$(concat!("" $(, stringify!($operand))?)),*];

            /// The instruction's name.
            pub fn name(self) -> &'static str {
                match self { $(instructions!(@pattern $name $(($operand))?) => stringify!($name),)* }
            }

            /// Writes the instruction.
            pub fn write(self, out: &mut Writer) {
                match self {
                    $(instructions!(@bind $name operand $(($operand))?) => {
                        out.byte($code);
                        $(let operand: $operand = operand; operand.put(out);)?
                    })*
                }
            }

            /// Reads the instruction that begins where `from` stands.
            pub fn read(from: &mut Reader<'_>) -> Result<Op, Malformed> {
                match from.byte()? {
                    $($code => Ok(instructions!(@build $name from $(($operand))?)),)*
                    _ => Err(Malformed::UnknownInstruction),
                }
            }
        }
    };
    (@pattern $name:ident) => { Op::$name };
    (@pattern $name:ident ($operand:ident)) => { Op::$name(_) };
    (@bind $name:ident $bound:ident) => { Op::$name };
    (@bind $name:ident $bound:ident ($operand:ident)) => { Op::$name($bound) };
    (@build $name:ident $from:ident) => { Op::$name };
    (@build $name:ident $from:ident ($operand:ident)) => { Op::$name(<$operand as Operand>::get($from)?) };
}

instructions! {
    /// Leaves a constant.
    0x01 Const(Const);
    /// Leaves the value of a property or local, or unknown.
    0x02 Slot(Slot);
    /// Leaves a fact of the host, or unknown.
    0x03 Fact(Fact);
    /// Leaves the visitor's last reply as typed, or unknown before the first.
    0x04 Reply;
    /// Takes a value and a default; leaves the value if it is known, else the default.
    0x05 OrElse;
    /// Takes an option or options; leaves the text of their labels in the list given.
    0x06 Label(Options);
    /// Takes a value for each hole of the text, leaves the text.
    0x07 Text(Text);
    /// Takes two values; leaves their sum, or unknown if there is none.
    0x08 Add;
    /// Takes two values; leaves the first less the second, or unknown.
    0x09 Subtract;
    /// Takes two values; leaves their product, or unknown.
    0x0a Multiply;
    /// Takes two values; leaves the first divided by the second, or unknown.
    0x0b Divide;
    /// Takes a value; leaves its negative, or unknown.
    0x0c Negate;

    /// Takes two values; whether they are equal (text: case and outer space ignored).
    0x10 Is;
    /// Takes two values; whether they are equal, text to the letter.
    0x11 IsExactly;
    /// Takes two values; whether the first is less.
    0x12 Less;
    /// Takes two values; whether the first is less or equal.
    0x13 LessOrEqual;
    /// Takes two values; whether the first text contains the second.
    0x14 Contains;
    /// Takes two values; whether the first text starts with the second.
    0x15 StartsWith;
    /// Takes two values; whether the first text ends with the second.
    0x16 EndsWith;
    /// Takes two values; whether the first, many options, includes the second, an option.
    0x17 Includes;
    /// Takes a value; whether it is known. Never unknown itself.
    0x18 Known;
    /// Takes a value that is yes or no; whether it is yes.
    0x19 IsTrue;
    /// Takes two truths; whether both hold.
    0x1a And;
    /// Takes two truths; whether either holds.
    0x1b Or;
    /// Takes a truth; its opposite.
    0x1c Not;

    /// Goes on ahead.
    0x20 Jump(Ahead);
    /// Takes a truth; goes on ahead unless it is true.
    0x21 JumpUnless(Ahead);
    /// Goes to a step and does not come back.
    0x22 Go(Step);
    /// The step has run off its end: goes back to where it was run with `Do`, else the flow is completed.
    0x23 Finish;
    /// The flow is completed.
    0x24 End;
    /// A fragment is done: its condition or text is on the stack.
    0x25 Return;

    /// Takes a text; the bot says it.
    0x30 Say;
    /// Takes the question's text; asks it and waits for the visitor.
    0x31 Ask(Site);
    /// Takes a value; stores it. An unknown value ends the flow with the error text.
    0x32 Set(Slot);
    /// Takes a value for each argument of the place; asks the host and waits for the outcome.
    0x33 Act(Site);
    /// Takes an address and the words that go with it, which may be empty; the bot shows what is there.
    0x34 Show(MediaKind);

    /// Looks at the one value on the stack: a known one stays, for an unknown one it is taken and goes on ahead.
    0x40 UnlessKnown(Ahead);
    /// Takes a value; whether the text matches the pattern.
    0x41 Matches(Pattern);
    /// Forgets the value of a property or local; the CRM hears of a property.
    0x50 Clear(Slot);
    /// Waits for the time of the place to pass.
    0x51 Wait(Site);
    /// Runs the step of the place, and comes back to the instruction after this one at its end.
    0x52 Do(Site);
}

impl Op {
    /// What the instruction does to the stack of a program with these tables.
    pub fn effect(self, image: &Image) -> Effect {
        use Cell::{Truth, Value};
        let (pops, push) = match self {
            Op::Const(_) | Op::Slot(_) | Op::Fact(_) | Op::Reply => ((0, Value), Some(Value)),
            Op::OrElse | Op::Add | Op::Subtract | Op::Multiply | Op::Divide => ((2, Value), Some(Value)),
            Op::Negate | Op::UnlessKnown(_) => ((1, Value), Some(Value)),
            Op::Label(_) => ((1, Value), Some(Value)),
            Op::Text(text) => {
                let holes = image.texts.get(text.index()).map_or(0, |text| text.holes as usize);
                ((holes, Value), Some(Value))
            }
            Op::Is | Op::IsExactly | Op::Less | Op::LessOrEqual => ((2, Value), Some(Truth)),
            Op::Contains | Op::StartsWith | Op::EndsWith | Op::Includes => ((2, Value), Some(Truth)),
            Op::Known | Op::IsTrue | Op::Matches(_) => ((1, Value), Some(Truth)),
            Op::And | Op::Or => ((2, Truth), Some(Truth)),
            Op::Not => ((1, Truth), Some(Truth)),
            Op::JumpUnless(_) => ((1, Truth), None),
            Op::Jump(_) | Op::Go(_) | Op::Finish | Op::End | Op::Return => ((0, Value), None),
            Op::Clear(_) | Op::Wait(_) | Op::Do(_) => ((0, Value), None),
            Op::Say | Op::Ask(_) | Op::Set(_) => ((1, Value), None),
            Op::Show(_) => ((2, Value), None),
            Op::Act(site) => {
                let arguments = image.sites.get(site.index()).map_or(0, |site| site.arguments());
                ((arguments, Value), None)
            }
        };
        Effect { pops, push }
    }

    /// Whether the instruction does nothing but look, and so may stand in a condition or a text.
    pub fn only_looks(self) -> bool {
        !self.does() && !matches!(self, Op::Go(_) | Op::Finish | Op::End | Op::UnlessKnown(_))
    }

    /// Whether the instruction does something that is seen outside: a statement of its own.
    pub(crate) fn does(self) -> bool {
        matches!(
            self,
            Op::Say
                | Op::Show(_)
                | Op::Ask(_)
                | Op::Set(_)
                | Op::Act(_)
                | Op::Clear(_)
                | Op::Wait(_)
                | Op::Do(_)
        )
    }

    /// Whether the instruction after this one is never reached from it.
    pub fn leaves(self) -> bool {
        matches!(self, Op::Jump(_) | Op::Go(_) | Op::Finish | Op::End | Op::Return)
    }
}
