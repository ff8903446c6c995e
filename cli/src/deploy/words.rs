//! What a program says, step by step: its texts with the names of what stands in their holes.

use std::collections::BTreeMap;

use chatflow_runtime::Program;
use chatflow_runtime::id::{Site, Text};
use chatflow_runtime::image::{Image, Piece, PluralCase, StepDef};
use chatflow_runtime::op::Op;
use chatflow_runtime::wire::Reader;

use crate::inspect::names;

/// What stands for a value that has no name of its own.
const CALCULATED: &str = "…";

/// The texts of a program.
#[derive(Clone, Debug, Default)]
pub struct Words {
    questions: BTreeMap<Site, String>,
    said: BTreeMap<String, Vec<String>>,
}

impl Words {
    /// The texts of a program.
    pub fn of(program: &Program) -> Words {
        let mut words = Words::default();
        for step in &program.image().steps {
            words.read(program.image(), step);
        }
        words
    }

    /// The question of a place.
    pub fn question(&self, site: Site) -> Option<&str> {
        self.questions.get(&site).map(String::as_str)
    }

    /// What a step says besides its questions, in the order of the source.
    pub fn said_in(&self, step: &str) -> &[String] {
        self.said.get(step).map_or(&[], Vec::as_slice)
    }

    /// Follows a step's code from its first instruction to its last, with names in the place of values.
    fn read(&mut self, image: &Image, step: &StepDef) {
        let code = image.code.get(step.code.start.index()..step.code.end.index()).unwrap_or(&[]);
        let name = image.strings.get(step.name).to_owned();
        let mut reader = Reader::new(code);
        let mut stack: Vec<String> = Vec::new();
        while let Ok(op) = Op::read(&mut reader) {
            match op {
                Op::Const(at) => stack.push(names::constant(image, at)),
                Op::Slot(at) => stack.push(names::slot(image, at)),
                Op::Fact(at) => stack.push(names::fact(image, at)),
                Op::Reply => stack.push("reply".to_owned()),
                // The label of an option is shown by the name of what has it.
                Op::Label(_) | Op::UnlessKnown(_) => {}
                Op::OrElse => {
                    let default = stack.pop().unwrap_or_else(|| CALCULATED.to_owned());
                    let value = stack.pop().unwrap_or_else(|| CALCULATED.to_owned());
                    stack.push(format!("{value} or {default}"));
                }
                Op::Text(at) => {
                    let holes = image.texts.get(at.index()).map_or(0, |text| text.holes as usize);
                    let values = stack.split_off(stack.len().saturating_sub(holes));
                    stack.push(text(image, at, &values));
                }
                Op::Say => {
                    if let Some(text) = stack.pop() {
                        self.said.entry(name.clone()).or_default().push(text);
                    }
                }
                Op::Ask(site) => {
                    if let Some(text) = stack.pop() {
                        self.questions.insert(site, text);
                    }
                }
                Op::Add
                | Op::Subtract
                | Op::Multiply
                | Op::Divide
                | Op::Negate
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
                | Op::Go(_)
                | Op::Finish
                | Op::End
                | Op::Return
                | Op::Set(_)
                | Op::Act(_)
                | Op::Show(_)
                | Op::Matches(_)
                | Op::Clear(_)
                | Op::Wait(_)
                | Op::Do(_) => {
                    let effect = op.effect(image);
                    stack.truncate(stack.len().saturating_sub(effect.pops.0));
                    stack.extend(effect.push.map(|_| CALCULATED.to_owned()));
                }
            }
        }
    }
}

/// A text as the flow writes it.
fn text(image: &Image, at: Text, values: &[String]) -> String {
    image.texts.get(at.index()).map(|text| pieces(image, &text.pieces, values)).unwrap_or_default()
}

fn pieces(image: &Image, all: &[Piece], values: &[String]) -> String {
    let value = |hole: u32| values.get(hole as usize).map_or(CALCULATED, String::as_str);
    let form = |case: String, form: &[Piece]| format!("{case} \"{}\"", pieces(image, form, values));
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => image.strings.get(*words).to_owned(),
        Piece::Hole(hole) => format!("{{{}}}", value(*hole)),
        Piece::Plural { hole, forms } => {
            let forms = forms.iter().map(|(case, pieces)| match case {
                PluralCase::Exactly(number) => form(format!("={number}"), pieces),
                PluralCase::Category(category) => form(category.word().to_owned(), pieces),
            });
            format!("{{plural {}: {}}}", value(*hole), forms.collect::<Vec<_>>().join(", "))
        }
        Piece::Select { hole, forms } => {
            let forms = forms.iter().map(|(name, pieces)| {
                form(name.map_or("other", |name| image.strings.get(name)).to_owned(), pieces)
            });
            format!("{{select {}: {}}}", value(*hole), forms.collect::<Vec<_>>().join(", "))
        }
    };
    all.iter().map(piece).collect()
}
