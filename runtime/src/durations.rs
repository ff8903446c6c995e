//! Lengths of time, as people of a language write and read them.

use alloc::string::String;
use core::fmt::Write;

use rust_decimal::Decimal;

use crate::digits::plain;
use crate::language::{Language, Unit};
use crate::numbers;
use crate::plural::{Category, plural};
use crate::text;

/// The milliseconds of a number and one unit: `2h`, `1.5 hours`, `30 minuten`. The units' symbols are read in every
/// language.
pub(crate) fn read(answer: &str, language: Language) -> Option<i64> {
    let answer = plain(answer.trim());
    if let Some(length) = without_number(&answer, language) {
        return Some(length);
    }
    let numerals = language.numerals();
    let of_number = |char: char| {
        char.is_ascii_digit()
            || char == ' '
            || numerals.points.contains(&char)
            || numerals.groups.contains(&char)
    };
    let unit_at = answer.find(|char| !of_number(char))?;
    let (count, named) = answer.split_at_checked(unit_at)?;
    let unit = Unit::ALL.iter().find(|unit| is_named(**unit, named, language))?;
    let exact = numbers::read(count, language)?.checked_mul(Decimal::from(unit.milliseconds()))?;
    if exact.fract().is_zero() { i64::try_from(exact).ok() } else { None }
}

/// Whether the language, or all of them, call the unit so.
fn is_named(unit: Unit, named: &str, language: Language) -> bool {
    let words = language.unit(unit);
    let shown = words.shown.iter().filter_map(|(_, form)| form.strip_prefix('#'));
    let read = words.read.iter().chain(unit.symbols()).copied();
    shown.chain(read).any(|word| text::same(&plain(word), named))
}

/// The length whose form says its number by itself: `ساعتان` is two hours.
fn without_number(answer: &str, language: Language) -> Option<i64> {
    Unit::ALL.iter().find_map(|unit| {
        let mut forms = language.unit(*unit).shown.iter().filter(|(_, form)| !form.contains('#'));
        let (category, _) = forms.find(|(_, form)| text::same(form, answer))?;
        match category {
            Category::One => Some(unit.milliseconds()),
            Category::Two => Some(unit.milliseconds().saturating_mul(2)),
            Category::Zero | Category::Few | Category::Many | Category::Other => None,
        }
    })
}

/// Writes a length of time in all its units: `1 hour 30 minutes`.
pub(crate) fn write(out: &mut String, milliseconds: i64, language: Language) {
    if milliseconds < 0 {
        out.push(language.numerals().minus);
    }
    let mut left = milliseconds.unsigned_abs();
    let start = out.len();
    for unit in Unit::ALL {
        let size = unit.milliseconds().unsigned_abs();
        let count = left / size;
        left %= size;
        let nothing_at_all = milliseconds == 0 && *unit == Unit::Second;
        if count == 0 && !nothing_at_all {
            continue;
        }
        if out.len() > start {
            out.push_str(language.between_units());
        }
        write_unit(out, count, *unit, language);
    }
}

fn write_unit(out: &mut String, count: u64, unit: Unit, language: Language) {
    let category = plural(language, &Decimal::from(count));
    let shown = language.unit(unit).shown;
    let form = shown.iter().find(|(of, _)| *of == category).or(shown.last()).map_or("#", |(_, form)| form);
    match form.split_once('#') {
        Some((before, after)) => {
            out.push_str(before);
            let _ = write!(out, "{count}{after}");
        }
        None => out.push_str(form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn they_have_one_unit() {
        let of = |answer| read(answer, Language::English);
        assert_eq!(of("2h"), Some(7_200_000));
        assert_eq!(of("1.5 hours"), Some(5_400_000));
        assert_eq!(of("800ms"), Some(800));
        for wrong in ["2", "h", "2h30m", "2 weeks", "0.5ms", "99999999999999999999d", "1 2 h", "-2h"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn units_have_the_words_of_the_language() {
        for (answer, language, wanted) in [
            ("1,5 uur", Language::Dutch, 5_400_000),
            ("30 Minuten", Language::German, 1_800_000),
            ("2 Std.", Language::German, 7_200_000),
            ("2 jours", Language::French, 172_800_000),
            ("5 godzin", Language::Polish, 18_000_000),
            ("２時間", Language::Japanese, 7_200_000),
            ("30分钟", Language::Chinese, 1_800_000),
            ("٣ ساعات", Language::Arabic, 10_800_000),
            ("ساعتان", Language::Arabic, 7_200_000),
            ("1 000 ms", Language::Swedish, 1000),
        ] {
            assert_eq!(read(answer, language), Some(wanted), "{answer}");
        }
        assert_eq!(read("30 Minuten", Language::French), None);
        assert_eq!(read("1.5 uur", Language::Dutch), None);
    }

    #[test]
    fn no_word_belongs_to_two_units() {
        for language in Language::ALL {
            for unit in Unit::ALL {
                let words = language.unit(*unit);
                let named = words.shown.iter().filter_map(|(_, form)| form.strip_prefix('#'));
                for word in named.chain(words.read.iter().copied()) {
                    let meant = Unit::ALL.iter().filter(|unit| is_named(**unit, &plain(word), *language));
                    assert_eq!(meant.count(), 1, "{language:?} {word}");
                }
            }
        }
    }

    #[test]
    fn words_follow_the_number() {
        let shown = |language: Language, milliseconds: i64| {
            let mut out = String::new();
            write(&mut out, milliseconds, language);
            out
        };
        let long = 3 * 86_400_000 + 3_600_000 + 22 * 60_000;
        assert_eq!(shown(Language::English, 5_400_000), "1 hour 30 minutes");
        assert_eq!(shown(Language::Polish, long), "3 dni 1 godzina 22 minuty");
        assert_eq!(shown(Language::Japanese, long), "3日1時間22分");
        assert_eq!(shown(Language::Arabic, long), "3 أيام وساعة و22 دقيقة");
        assert_eq!(shown(Language::Swedish, -2000), "\u{2212}2 sekunder");
        assert_eq!(shown(Language::German, 0), "0 Sekunden");
    }

    proptest! {
        #[test]
        fn one_unit_that_is_shown_is_read_back(count in 1i64..100_000, unit in 0usize..5) {
            let unit = Unit::ALL[unit];
            for language in Language::ALL {
                let mut shown = String::new();
                write_unit(&mut shown, count.unsigned_abs(), unit, *language);
                prop_assert_eq!(read(&shown, *language), Some(count * unit.milliseconds()), "{}", shown);
            }
        }
    }
}
