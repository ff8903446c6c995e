//! Fills the holes of a text, and chooses among its forms.

use alloc::string::String;
use alloc::vec::Vec;

use crate::answer::Locale;
use crate::eval::{Budget, Stop};
use crate::id::Str;
use crate::image::{Piece, PluralCase, Strings};
use crate::language::Language;
use crate::plural::{Category, plural};
use crate::show;
use crate::speech::Speech;
use crate::text;
use crate::view::View;

/// A text whose holes are being filled.
pub(crate) struct Filling<'a> {
    /// The pool of its words.
    pub(crate) strings: &'a Strings,
    pub(crate) speech: Speech<'a>,
    pub(crate) locale: Locale,
    pub(crate) budget: Budget,
    /// What is written so far.
    pub(crate) out: String,
}

impl Filling<'_> {
    /// Writes pieces; forms stand no deeper in each other than the verifier lets them.
    pub(crate) fn pieces<'v>(
        &mut self,
        pieces: &[Piece],
        value: &dyn Fn(u32) -> Option<View<'v>>,
    ) -> Result<(), Stop> {
        for piece in pieces {
            let before = self.out.len();
            match piece {
                Piece::Words(words) => self.out.push_str(self.strings.get(*words)),
                Piece::Hole(hole) => {
                    if let Some(value) = value(*hole) {
                        show::write_said(&mut self.out, value, self.speech, self.locale);
                    }
                }
                Piece::Plural { hole, forms } => {
                    self.pieces(
                        plural_form(forms, value(*hole), self.speech.language_of(self.strings)),
                        value,
                    )?;
                    continue;
                }
                Piece::Select { hole, forms } => {
                    self.pieces(select_form(forms, value(*hole), self.strings), value)?;
                    continue;
                }
            }
            self.budget.bytes(self.out.len() - before + 1)?;
        }
        Ok(())
    }
}

/// The form of a plural that fits a number; of what is no number, the one for all others.
fn plural_form<'p>(
    forms: &'p [(PluralCase, Vec<Piece>)],
    value: Option<View<'_>>,
    language: Language,
) -> &'p [Piece] {
    let number = match value {
        Some(View::Number(number)) => Some(number),
        _ => None,
    };
    let category = number.map_or(Category::Other, |number| plural(language, &number));
    let of = |wanted: PluralCase| forms.iter().find(|(case, _)| *case == wanted);
    let exactly = number.and_then(|number| {
        forms.iter().find(|(case, _)| matches!(case, PluralCase::Exactly(exact) if *exact == number))
    });
    let form = exactly
        .or_else(|| of(PluralCase::Category(category)))
        .or_else(|| of(PluralCase::Category(Category::Other)));
    form.map_or(&[], |(_, pieces)| pieces)
}

/// The form that is named as a value, else the one without a name.
fn select_form<'p>(
    forms: &'p [(Option<Str>, Vec<Piece>)],
    value: Option<View<'_>>,
    strings: &Strings,
) -> &'p [Piece] {
    let is = |name: &str| match value {
        Some(View::Option(option)) => option == name,
        Some(View::Text(text)) => text::same(text, name),
        Some(View::Bool(is)) => name == if is { "true" } else { "false" },
        Some(View::Number(_) | View::Date(_) | View::DateTime(_) | View::Duration(_) | View::Options(_))
        | None => false,
    };
    let named = forms.iter().find(|(name, _)| name.is_some_and(|name| is(strings.get(name))));
    let form = named.or_else(|| forms.iter().find(|(name, _)| name.is_none()));
    form.map_or(&[], |(_, pieces)| pieces)
}
