//! What values and conditions come to, in three-valued logic.

use bigdecimal::BigDecimal;
use chatflow_compiler::hir::{
    Arithmetic, Condition, Said as Piece, Test, TextPart, TextValue, Value as Said,
};
use chatflow_runtime::Language;
use chatflow_runtime::Value;
use chatflow_runtime::id::{Const, Slot, Str};
use chatflow_runtime::image::PluralCase;
use chatflow_runtime::plural::{Category, plural};

use super::chat::Player;
use super::shown::{labels, plain};
use super::{decimal, patterns};

/// A text as it compares: no outer space, no case, one form for each accented letter. Right for the letters that
/// the random programs use, and no others.
pub(super) fn folded(text: &str) -> String {
    text.trim()
        .replace("e\u{301}", "é")
        .replace("E\u{301}", "É")
        .to_lowercase()
        .replace('ß', "ss")
        .replace('ς', "σ")
}

impl Player<'_> {
    pub(super) fn string(&self, at: Str) -> String {
        self.image.strings.get(at).to_owned()
    }

    pub(super) fn slot_name(&self, slot: Slot) -> String {
        self.image.slots.get(slot.index()).map(|slot| self.string(slot.name)).unwrap_or_default()
    }

    /// A constant; a date and time is meant where the flow's inbox is.
    pub(super) fn constant(&self, at: Const) -> Option<Value> {
        Some(match self.image.constants.get(at.index())? {
            Value::DateTime(local) => Value::DateTime(local - i64::from(self.offset()) * 60_000),
            other => other.clone(),
        })
    }

    /// The value, if it is known.
    pub(super) fn value(&mut self, said: &Said) -> Option<Value> {
        match said {
            Said::Const(at) => self.constant(*at),
            Said::Slot(slot, _) => match self.chat.values.get(slot) {
                Some(held) => Some(held.value.clone()),
                None => self.property(*slot),
            },
            Said::Fact(fact, _, _) => self.image.facts.get(fact.index()).and_then(|fact| self.fact(*fact)),
            Said::Reply(_) => self.chat.reply.clone().map(Value::Text),
            Said::OrElse(both) => {
                let first = self.value(&both.0);
                first.or_else(|| self.value(&both.1))
            }
            Said::Text(text) => Some(Value::Text(self.text(text))),
            Said::Arithmetic(operator, both, _) => {
                let (left, right) = (self.value(&both.0), self.value(&both.1));
                calculate(*operator, left?, right?)
            }
            Said::Negate(inner) => match self.value(inner)? {
                Value::Number(number) => {
                    calculate(Arithmetic::Subtract, Value::Number(0.into()), Value::Number(number))
                }
                Value::Duration(length) => length.checked_neg().map(Value::Duration),
                _ => None,
            },
            Said::Label(options, inner) => {
                let value = self.value(inner)?;
                Some(Value::Text(labels(self, *options, &value)))
            }
        }
    }

    /// The text with its holes filled. An unknown hole is a fault of the checker.
    pub(super) fn text(&mut self, text: &TextValue) -> String {
        let mut holes = Vec::new();
        text.holes(&mut |hole| holes.push(hole));
        let values: Vec<Option<Value>> = holes.iter().map(|hole| self.value(hole)).collect();
        for (hole, value) in holes.iter().zip(&values) {
            if value.is_none() {
                self.fault(format!("a text shows an unknown value: {hole:?}"));
            }
        }
        match self.said.and_then(|said| said.texts.get(&text.span)) {
            Some(pieces) => self.said_pieces(pieces, &values, self.language),
            None => {
                let own = self.image.flow.languages.first().map(|tag| self.string(*tag)).unwrap_or_default();
                let pieces = self.own_pieces(&text.pieces, &mut 0);
                self.said_pieces(&pieces, &values, Language::of(&own))
            }
        }
    }

    /// The pieces of a text with the numbers of their holes.
    fn own_pieces(&self, parts: &[TextPart], next: &mut u32) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for part in parts {
            let number = *next;
            pieces.push(match part {
                TextPart::Words(words) => Piece::Words(self.string(*words)),
                TextPart::Hole(_) => {
                    *next += 1;
                    Piece::Hole(number)
                }
                TextPart::Plural { forms, .. } => {
                    *next += 1;
                    let form =
                        |(case, parts): &(PluralCase, Vec<TextPart>)| (*case, self.own_pieces(parts, next));
                    Piece::Plural(number, forms.iter().map(form).collect())
                }
                TextPart::Select { forms, .. } => {
                    *next += 1;
                    let form = |(name, parts): &(Option<String>, Vec<TextPart>)| {
                        (name.clone(), self.own_pieces(parts, next))
                    };
                    Piece::Select(number, forms.iter().map(form).collect())
                }
            });
        }
        pieces
    }

    fn said_pieces(&self, pieces: &[Piece], values: &[Option<Value>], language: Language) -> String {
        let value = |at: u32| values.get(at as usize).cloned().flatten();
        let mut whole = String::new();
        for piece in pieces {
            match piece {
                Piece::Words(words) => whole += words,
                Piece::Hole(at) => whole += &value(*at).map(|value| plain(self, &value)).unwrap_or_default(),
                Piece::Plural(at, forms) => {
                    let number = match value(*at) {
                        Some(Value::Number(number)) => Some(number),
                        _ => None,
                    };
                    let category = number.map_or(Category::Other, |number| plural(language, &number));
                    let fits = |case: &PluralCase| match case {
                        PluralCase::Exactly(exact) => Some(*exact) == number,
                        PluralCase::Category(other) => *other == category,
                    };
                    let exactly = |case: &PluralCase| matches!(case, PluralCase::Exactly(_)) && fits(case);
                    let other = |case: &PluralCase| *case == PluralCase::Category(Category::Other);
                    let form = forms.iter().find(|(case, _)| exactly(case));
                    let form = form.or_else(|| forms.iter().find(|(case, _)| fits(case)));
                    let form = form.or_else(|| forms.iter().find(|(case, _)| other(case)));
                    whole +=
                        &form.map(|(_, form)| self.said_pieces(form, values, language)).unwrap_or_default();
                }
                Piece::Select(at, forms) => {
                    let is = |name: &str| match value(*at) {
                        Some(Value::Option(option)) => option == name,
                        Some(Value::Text(text)) => folded(&text) == folded(name),
                        Some(Value::Bool(is)) => is.to_string() == name,
                        _ => false,
                    };
                    let form = forms.iter().find(|(name, _)| name.as_deref().is_some_and(is));
                    let form = form.or_else(|| forms.iter().find(|(name, _)| name.is_none()));
                    whole +=
                        &form.map(|(_, form)| self.said_pieces(form, values, language)).unwrap_or_default();
                }
            }
        }
        whole
    }

    /// Whether the condition holds: yes, no, or nobody can say.
    pub(super) fn truth(&mut self, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::Test { test, left, right, .. } => {
                let (left, right) = (self.value(left), self.value(right));
                compare(*test, &left?, &right?)
            }
            Condition::Matches { value, pattern, .. } => {
                let value = self.value(value)?;
                let def = self.image.patterns.get(pattern.index())?;
                Some(patterns::matches(def.kind, &self.string(def.source), words(&value)?))
            }
            Condition::Known(value) => Some(self.value(value).is_some()),
            Condition::IsTrue(value) => match self.value(value)? {
                Value::Bool(is) => Some(is),
                _ => None,
            },
            Condition::Not(inner) => self.truth(inner).map(|is| !is),
            Condition::And(both) => match self.sides(both, |guard| guard == Some(true)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Condition::Or(both) => match self.sides(both, |guard| guard != Some(true)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        }
    }

    /// Both sides of `and` or `or`. Where one says that the other does not matter, what is unknown there is no fault.
    fn sides(
        &mut self,
        both: &(Condition, Condition),
        matters: impl Fn(Option<bool>) -> bool,
    ) -> (Option<bool>, Option<bool>) {
        let before = self.faults.len();
        let first = self.truth(&both.0);
        let between = self.faults.len();
        let second = self.truth(&both.1);
        if !matters(first) {
            self.faults.truncate(between);
        }
        if !matters(second) {
            self.faults.drain(before..between);
        }
        (first, second)
    }

    pub(super) fn holds(&mut self, condition: &Condition) -> bool {
        self.truth(condition) == Some(true)
    }
}

fn compare(test: Test, left: &Value, right: &Value) -> Option<bool> {
    match test {
        Test::Is => equal(left, right),
        Test::IsExactly => {
            let composed = |text: &str| text.replace("e\u{301}", "é").replace("E\u{301}", "É");
            Some(composed(words(left)?) == composed(words(right)?))
        }
        Test::Less => before(left, right),
        Test::LessOrEqual => before(right, left).map(|later| !later),
        Test::Contains => Some(folded(words(left)?).contains(&folded(words(right)?))),
        Test::StartsWith => Some(folded(words(left)?).starts_with(&folded(words(right)?))),
        Test::EndsWith => Some(folded(words(left)?).ends_with(&folded(words(right)?))),
        Test::Includes => match (left, right) {
            (Value::Options(all), Value::Option(one)) => Some(all.contains(one)),
            (Value::Options(all), Value::Options(some)) => Some(some.iter().all(|one| all.contains(one))),
            _ => None,
        },
    }
}

fn words(value: &Value) -> Option<&str> {
    match value {
        Value::Text(words) | Value::Option(words) => Some(words),
        _ => None,
    }
}

fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Option(left), Value::Option(right)) => Some(left == right),
        (Value::Text(_) | Value::Option(_), Value::Text(_) | Value::Option(_)) => {
            Some(folded(words(left)?) == folded(words(right)?))
        }
        (Value::Number(left), Value::Number(right)) => Some(left == right),
        (Value::Bool(left), Value::Bool(right)) => Some(left == right),
        (Value::Date(left), Value::Date(right)) => Some(left == right),
        (Value::DateTime(left), Value::DateTime(right)) => Some(left == right),
        (Value::Duration(left), Value::Duration(right)) => Some(left == right),
        (Value::Options(left), Value::Options(right)) => {
            Some(left.iter().all(|one| right.contains(one)) && right.iter().all(|one| left.contains(one)))
        }
        _ => None,
    }
}

fn before(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left < right),
        (Value::Date(left), Value::Date(right)) => Some(left < right),
        (Value::DateTime(left), Value::DateTime(right)) => Some(left < right),
        (Value::Duration(left), Value::Duration(right)) => Some(left < right),
        _ => None,
    }
}

/// What comes of two values, by a decimal of any length and by counting days and milliseconds.
fn calculate(operator: Arithmetic, left: Value, right: Value) -> Option<Value> {
    use Arithmetic::{Add, Divide, Multiply, Subtract};
    const DAY: i128 = 86_400_000;
    let length = |ms: i128| i64::try_from(ms).ok().map(Value::Duration);
    let date = |ms: i128| {
        let days = i32::try_from(ms.div_euclid(DAY)).ok()?;
        in_calendar(ms).then_some(Value::Date(days))
    };
    let moment = |ms: i128| if in_calendar(ms) { i64::try_from(ms).ok().map(Value::DateTime) } else { None };
    match (operator, left, right) {
        (_, Value::Number(left), Value::Number(right)) => {
            decimal::calculate(operator, big(left), big(right)).map(Value::Number)
        }
        (Divide, Value::Duration(left), Value::Duration(right)) => {
            decimal::calculate(operator, left.into(), right.into()).map(Value::Number)
        }
        (Multiply | Divide, Value::Duration(ms), Value::Number(number)) => {
            length(decimal::whole(decimal::calculate(operator, ms.into(), big(number))?)?)
        }
        (Multiply, Value::Number(number), Value::Duration(ms)) => {
            length(decimal::whole(decimal::calculate(operator, ms.into(), big(number))?)?)
        }
        (Add, Value::Duration(left), Value::Duration(right)) => length(i128::from(left) + i128::from(right)),
        (Subtract, Value::Duration(left), Value::Duration(right)) => {
            length(i128::from(left) - i128::from(right))
        }
        (Add, Value::Date(days), Value::Duration(ms)) | (Add, Value::Duration(ms), Value::Date(days)) => {
            date(i128::from(days) * DAY + i128::from(ms))
        }
        (Subtract, Value::Date(days), Value::Duration(ms)) => date(i128::from(days) * DAY - i128::from(ms)),
        (Subtract, Value::Date(left), Value::Date(right)) => {
            length((i128::from(left) - i128::from(right)) * DAY)
        }
        (Add, Value::DateTime(at), Value::Duration(ms)) | (Add, Value::Duration(ms), Value::DateTime(at)) => {
            moment(i128::from(at) + i128::from(ms))
        }
        (Subtract, Value::DateTime(at), Value::Duration(ms)) => moment(i128::from(at) - i128::from(ms)),
        (Subtract, Value::DateTime(left), Value::DateTime(right)) => {
            length(i128::from(left) - i128::from(right))
        }
        _ => None,
    }
}

/// Whether a moment lies in the years -9999 to 9999.
fn in_calendar(ms: i128) -> bool {
    (-377_705_116_800_000..=253_402_300_799_999).contains(&ms)
}

fn big(number: rust_decimal::Decimal) -> BigDecimal {
    BigDecimal::new(number.mantissa().into(), number.scale().into())
}
