//! How long texts become, as far as the flow tells.

use chatflow_runtime::id::Options;
use chatflow_runtime::image::Image;
use chatflow_runtime::value::Type;

use crate::hir::{Said, TextPart, TextValue, Translation, Value};

/// How many characters a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Length {
    /// With the shortest of everything that may stand in its holes.
    pub(super) least: usize,
    /// With the longest; none where nobody can say, because a visitor types it.
    pub(super) most: Option<usize>,
}

impl Length {
    /// That of a text without holes.
    pub(super) fn of(text: &str) -> Length {
        Length::exactly(characters(text))
    }

    const fn exactly(characters: usize) -> Length {
        Length { least: characters, most: Some(characters) }
    }

    const fn up_to(most: Option<usize>) -> Length {
        Length { least: 0, most }
    }

    /// Whether it is the same whatever its holes hold.
    pub(super) fn is_fixed(self) -> bool {
        self.most == Some(self.least)
    }

    fn then(self, next: Length) -> Length {
        let most = self.most.zip(next.most).map(|(one, other)| one.saturating_add(other));
        Length { least: self.least.saturating_add(next.least), most }
    }

    /// That of one or the other.
    fn or(self, other: Length) -> Length {
        let most = self.most.zip(other.most).map(|(one, other)| one.max(other));
        Length { least: self.least.min(other.least), most }
    }

    fn any(lengths: impl Iterator<Item = Length>) -> Length {
        lengths.reduce(Length::or).unwrap_or(Length::exactly(0))
    }
}

/// The number of characters as the platforms count them: code points.
pub(super) fn characters(text: &str) -> usize {
    text.chars().count()
}

/// What measures texts: in the flow's first language, or in one that it is translated into.
#[derive(Clone, Copy)]
pub(super) struct Measure<'a> {
    pub(super) image: &'a Image,
    pub(super) said: Option<&'a Translation>,
}

impl Measure<'_> {
    /// The length of a text in this language; none where it is not translated.
    pub(super) fn text(self, text: &TextValue) -> Option<Length> {
        let Some(said) = self.said else { return Some(self.parts(&text.pieces)) };
        let pieces = said.texts.get(&text.span)?;
        let mut holes = Vec::new();
        text.holes(&mut |value| holes.push(value));
        Some(self.said(pieces, &holes))
    }

    fn parts(self, parts: &[TextPart]) -> Length {
        parts.iter().fold(Length::exactly(0), |length, part| {
            length.then(match part {
                TextPart::Words(words) => Length::of(self.image.strings.get(*words)),
                TextPart::Hole(value) => self.value(value),
                TextPart::Plural { forms, .. } => {
                    Length::any(forms.iter().map(|(_, parts)| self.parts(parts)))
                }
                TextPart::Select { forms, .. } => {
                    Length::any(forms.iter().map(|(_, parts)| self.parts(parts)))
                }
            })
        })
    }

    fn said(self, pieces: &[Said], holes: &[&Value]) -> Length {
        pieces.iter().fold(Length::exactly(0), |length, piece| {
            length.then(match piece {
                Said::Words(words) => Length::of(words),
                Said::Hole(at) => {
                    holes.get(*at as usize).map_or(Length::up_to(None), |value| self.value(value))
                }
                Said::Plural(_, forms) => {
                    Length::any(forms.iter().map(|(_, pieces)| self.said(pieces, holes)))
                }
                Said::Select(_, forms) => {
                    Length::any(forms.iter().map(|(_, pieces)| self.said(pieces, holes)))
                }
            })
        })
    }

    /// The length of a value as it is shown.
    fn value(self, value: &Value) -> Length {
        match value {
            Value::Label(_, inner) => self.value(inner),
            Value::Slot(slot, _) => {
                let ty = self.image.slots.get(slot.index()).map(|slot| slot.ty);
                ty.map_or(Length::up_to(None), |ty| self.shown(ty))
            }
            Value::OrElse(sides) => self.value(&sides.0).or(self.value(&sides.1)),
            Value::Text(text) => self.text(text).unwrap_or_else(|| self.parts(&text.pieces)),
            // A date is calculated with too.
            Value::Arithmetic(..) | Value::Negate(_) | Value::Const(_) => Length::up_to(Some(LONGEST_TIME)),
            Value::Fact(..) | Value::Reply(_) => Length::up_to(None),
        }
    }

    /// The length of a value of this type.
    fn shown(self, ty: Type) -> Length {
        match ty {
            Type::Text | Type::Url => Length::up_to(None),
            Type::Number | Type::Bool => Length::up_to(Some(LONGEST_NUMBER)),
            Type::Date | Type::DateTime | Type::Duration => Length::up_to(Some(LONGEST_TIME)),
            Type::Email => Length::up_to(Some(LONGEST_EMAIL)),
            Type::Phone => Length::up_to(Some(LONGEST_PHONE)),
            Type::OneOf(options) => Length::any(self.labels(options).map(Length::exactly)),
            // All of them, each with a comma and a space.
            Type::ManyOf(options) => Length::up_to(Some(self.labels(options).map(|label| label + 2).sum())),
        }
    }

    fn labels(self, options: Options) -> impl Iterator<Item = usize> {
        let list = self.image.options.get(options.index()).map_or(&[][..], |list| list.options.as_slice());
        list.iter().zip(0_u32..).map(move |(option, at)| {
            let said = self.said.and_then(|said| said.options.get(&(options, at)));
            said.map_or_else(|| characters(self.image.strings.get(option.label)), |said| characters(said))
        })
    }
}

/// 28 digits, a sign and a point; and longer than any language's yes and no.
const LONGEST_NUMBER: usize = 30;

/// A day of the week, a date and a time in words. Picked above what the longest of the twelve languages needs.
const LONGEST_TIME: usize = 60;

/// RFC 5321, section 4.5.3.1.3: a path has 256 octets with its brackets.
const LONGEST_EMAIL: usize = 254;

/// E.164: fifteen digits and the plus.
const LONGEST_PHONE: usize = 16;
