//! Texts, values and conditions.

use chatflow_runtime::id::Text;
use chatflow_runtime::image::{Piece, Template};
use chatflow_runtime::op::Op;

use super::Emitter;
use crate::hir::{Arithmetic, Condition, Test, TextPart, TextValue, Value};

impl Emitter<'_> {
    pub(super) fn text(&mut self, text: &TextValue) {
        self.place = Some(text.span);
        let mut holes = 0;
        let pieces = self.pieces(&text.pieces, &mut holes);
        let template = Template { holes, pieces };
        let texts = &mut self.tables.image.texts;
        let at = texts.len() as u32;
        texts.push(template);
        for locale in &mut self.locales {
            locale.text(Text(at), text.span, holes);
        }
        self.op(Op::Text(Text(at)));
    }

    /// The pieces of a text or a form; the values of their holes are left on the stack, each with the next number.
    fn pieces(&mut self, parts: &[TextPart], holes: &mut u32) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(parts.len());
        for part in parts {
            pieces.push(match part {
                TextPart::Words(words) => Piece::Words(*words),
                TextPart::Hole(value) => Piece::Hole(self.hole(value, holes)),
                TextPart::Plural { of, forms } => {
                    let hole = self.hole(of, holes);
                    let form = |(case, parts): &(_, Vec<TextPart>)| (*case, self.pieces(parts, holes));
                    Piece::Plural { hole, forms: forms.iter().map(form).collect() }
                }
                TextPart::Select { of, forms } => {
                    let hole = self.hole(of, holes);
                    let mut made = Vec::with_capacity(forms.len());
                    for (name, parts) in forms {
                        let name = name.as_ref().map(|name| self.tables.str(name));
                        made.push((name, self.pieces(parts, holes)));
                    }
                    Piece::Select { hole, forms: made }
                }
            });
        }
        pieces
    }

    /// Leaves the value of a hole on the stack; its number.
    fn hole(&mut self, value: &Value, holes: &mut u32) -> u32 {
        self.value(value);
        *holes += 1;
        *holes - 1
    }

    pub(super) fn value(&mut self, value: &Value) {
        match value {
            Value::Const(constant) => self.op(Op::Const(*constant)),
            Value::Slot(slot, _) => self.op(Op::Slot(*slot)),
            Value::Fact(fact, _, _) => self.op(Op::Fact(*fact)),
            Value::Reply(_) => self.op(Op::Reply),
            Value::OrElse(both) => {
                self.value(&both.0);
                self.value(&both.1);
                self.op(Op::OrElse);
            }
            Value::Text(text) => self.text(text),
            Value::Label(options, inner) => {
                self.value(inner);
                self.op(Op::Label(*options));
            }
            Value::Arithmetic(operator, both, _) => {
                self.value(&both.0);
                self.value(&both.1);
                self.op(match operator {
                    Arithmetic::Add => Op::Add,
                    Arithmetic::Subtract => Op::Subtract,
                    Arithmetic::Multiply => Op::Multiply,
                    Arithmetic::Divide => Op::Divide,
                });
            }
            Value::Negate(inner) => {
                self.value(inner);
                self.op(Op::Negate);
            }
        }
    }

    pub(super) fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Test { test, left, right, .. } => {
                self.value(left);
                self.value(right);
                self.op(match test {
                    Test::Is => Op::Is,
                    Test::IsExactly => Op::IsExactly,
                    Test::Less => Op::Less,
                    Test::LessOrEqual => Op::LessOrEqual,
                    Test::Contains => Op::Contains,
                    Test::StartsWith => Op::StartsWith,
                    Test::EndsWith => Op::EndsWith,
                    Test::Includes => Op::Includes,
                });
            }
            Condition::Matches { value, pattern, .. } => {
                self.value(value);
                self.op(Op::Matches(*pattern));
            }
            Condition::Known(value) => {
                self.value(value);
                self.op(Op::Known);
            }
            Condition::IsTrue(value) => {
                self.value(value);
                self.op(Op::IsTrue);
            }
            Condition::Not(inner) => {
                self.condition(inner);
                self.op(Op::Not);
            }
            Condition::And(both) => {
                self.condition(&both.0);
                self.condition(&both.1);
                self.op(Op::And);
            }
            Condition::Or(both) => {
                self.condition(&both.0);
                self.condition(&both.1);
                self.op(Op::Or);
            }
        }
    }
}
