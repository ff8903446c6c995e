//! How a language writes numbers.

use super::Language;

/// The signs of a language's numbers. What is shown is CLDR's; what is read besides is common and has one meaning.
#[derive(Clone, Copy, Debug)]
pub struct Numerals {
    /// The sign that is shown between groups of three digits.
    pub group: char,
    /// The signs that are read between groups. A blank stands for every kind of blank.
    pub groups: &'static [char],
    /// The sign that is shown before the fraction.
    pub point: char,
    /// The signs that are read before the fraction.
    pub points: &'static [char],
    /// The sign that is shown before a negative number.
    pub minus: char,
}

const COMMA_POINT: Numerals = Numerals { group: ',', groups: &[','], point: '.', points: &['.'], minus: '-' };
const POINT_COMMA: Numerals = Numerals { group: '.', groups: &['.'], point: ',', points: &[','], minus: '-' };
const BLANK_COMMA: Numerals =
    Numerals { group: '\u{a0}', groups: &[' '], point: ',', points: &[','], minus: '-' };

impl Language {
    /// How the language writes numbers.
    pub const fn numerals(self) -> Numerals {
        match self {
            Language::English | Language::Japanese | Language::Chinese => COMMA_POINT,
            Language::Dutch => POINT_COMMA,
            // In Switzerland the groups are set off with an apostrophe.
            Language::German | Language::Italian => Numerals { groups: &['.', '\''], ..POINT_COMMA },
            // Spain and Portugal also set groups off with blanks.
            Language::Spanish | Language::Portuguese => Numerals { groups: &['.', ' '], ..POINT_COMMA },
            Language::French => Numerals { group: '\u{202f}', ..BLANK_COMMA },
            Language::Polish => BLANK_COMMA,
            Language::Swedish => Numerals { minus: '\u{2212}', ..BLANK_COMMA },
            // CLDR shows Latin digits in `ar` without a country; the signs beside Arabic ones are read too.
            Language::Arabic => {
                Numerals { groups: &[',', '\u{66c}'], points: &['.', '\u{66b}'], ..COMMA_POINT }
            }
            // Where nobody knows what a comma means, none is read.
            Language::Other => Numerals { groups: &[], ..COMMA_POINT },
        }
    }

    /// Whether numbers are shown in groups of three from 10,000 on.
    pub const fn groups_digits(self) -> bool {
        !matches!(self, Language::Other)
    }
}
