//! Exact decimal numbers, as people of a language write and read them.

use alloc::string::String;

use rust_decimal::Decimal;

use crate::digits::plain;
use crate::language::Language;

/// The number that the answer is, if it is one and can be read in only one way: an optional sign, digits (all
/// ungrouped, or all in groups of three), and a fraction. The language says which sign stands for what.
pub(crate) fn read(answer: &str, language: Language) -> Option<Decimal> {
    let answer = plain(answer.trim());
    let numerals = language.numerals();
    let (sign, rest) = match answer.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", answer.strip_prefix('+').unwrap_or(&answer)),
    };
    let (whole, fraction) = match rest.split_once(numerals.points) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (rest, None),
    };
    if !fraction.is_none_or(all_digits) {
        return None;
    }
    let mut plain = String::with_capacity(answer.len() + 1);
    plain.push_str(sign);
    push_groups(&mut plain, whole, numerals.groups)?;
    if let Some(fraction) = fraction {
        plain.push('.');
        plain.push_str(fraction);
    }
    Decimal::from_str_exact(&plain).ok().map(|number| number.normalize())
}

/// Adds the digits of all groups; `None` if they are not in threes, or not all set off by the same sign.
fn push_groups(plain: &mut String, whole: &str, groups: &[char]) -> Option<()> {
    let Some(group) = whole.chars().find(|char| groups.contains(char)) else {
        plain.push_str(Some(whole).filter(|whole| all_digits(whole))?);
        return Some(());
    };
    for (at, part) in whole.split(group).enumerate() {
        let fits = if at == 0 { part.len() <= 3 } else { part.len() == 3 };
        plain.push_str(Some(part).filter(|part| fits && all_digits(part))?);
    }
    Some(())
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes a number without trailing zeros, in groups of three digits from 10,000 on.
pub(crate) fn write(out: &mut String, number: Decimal, language: Language) {
    let numerals = language.numerals();
    let shown = alloc::format!("{}", number.normalize());
    let unsigned = shown.strip_prefix('-').unwrap_or(&shown);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if unsigned.len() < shown.len() {
        out.push(numerals.minus);
    }
    let grouped = language.groups_digits() && whole.len() > 4;
    for (at, digit) in whole.chars().enumerate() {
        let left = whole.len().saturating_sub(at);
        if at > 0 && left % 3 == 0 && grouped {
            out.push(numerals.group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(numerals.point);
        out.push_str(fraction);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_in(language: Language) -> impl Fn(&str) -> Option<String> {
        move |answer| read(answer, language).map(|number| alloc::format!("{number}"))
    }

    #[test]
    fn numbers_follow_the_language() {
        let english = read_in(Language::English);
        assert_eq!(english("1,234.5").as_deref(), Some("1234.5"));
        assert_eq!(english("-1234.50").as_deref(), Some("-1234.5"));
        assert_eq!(english("+7").as_deref(), Some("7"));
        assert_eq!(english("1.234").as_deref(), Some("1.234"));
        for wrong in [
            "12 people",
            "1,5",
            "12,34",
            "1234,567",
            ".5",
            "5.",
            "",
            "-",
            "1.2.3",
            "1e3",
            "0x1",
            ",123",
            "1,,234",
        ] {
            assert_eq!(english(wrong), None, "{wrong}");
        }
        let dutch = read_in(Language::Dutch);
        assert_eq!(dutch("1.234,5").as_deref(), Some("1234.5"));
        assert_eq!(dutch("1,5").as_deref(), Some("1.5"));
        assert_eq!(dutch("1.5"), None);
    }

    #[test]
    fn a_point_means_what_it_means_in_the_language() {
        let point = |language| read_in(language)("1.234");
        assert_eq!(point(Language::German).as_deref(), Some("1234"));
        assert_eq!(point(Language::Chinese).as_deref(), Some("1.234"));
        assert_eq!(point(Language::French), None, "a French number has no point");
        assert_eq!(point(Language::Other).as_deref(), Some("1.234"));
        assert_eq!(read_in(Language::Other)("1,234"), None, "nobody knows what the comma means");
    }

    #[test]
    fn groups_are_set_off_as_the_language_does() {
        for blank in [' ', '\u{a0}', '\u{202f}', '\u{2009}'] {
            let number = alloc::format!("-1{blank}234{blank}567,5");
            for language in [Language::French, Language::Polish, Language::Swedish, Language::Spanish] {
                assert_eq!(
                    read_in(language)(&number).as_deref(),
                    Some("-1234567.5"),
                    "{number} {language:?}"
                );
            }
            assert_eq!(read_in(Language::English)(&number), None);
        }
        let german = read_in(Language::German);
        assert_eq!(german("1’234’567").as_deref(), Some("1234567"));
        assert_eq!(german("1.234'567"), None, "two signs for one thing");
        assert_eq!(read_in(Language::French)("1 23"), None);
    }

    #[test]
    fn digits_of_any_script() {
        let arabic = read_in(Language::Arabic);
        assert_eq!(arabic("١٢٬٣٤٥٫٦").as_deref(), Some("12345.6"));
        assert_eq!(arabic("12,345.6").as_deref(), Some("12345.6"));
        assert_eq!(arabic("\u{200f}-٥").as_deref(), Some("-5"));
        assert_eq!(read_in(Language::Japanese)("１２，３４５．６").as_deref(), Some("12345.6"));
        assert_eq!(read_in(Language::English)("१२").as_deref(), Some("12"));
        assert_eq!(read_in(Language::Chinese)("三"), None);
        assert_eq!(read_in(Language::Chinese)("12万"), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(mantissa: i64, scale in 0u32..10) {
            let number = Decimal::new(mantissa, scale).normalize();
            for language in Language::ALL.iter().chain([&Language::Other]) {
                let mut shown = String::new();
                write(&mut shown, number, *language);
                prop_assert_eq!(read(&shown, *language), Some(number), "{} {:?}", shown, language);
            }
        }

        #[test]
        fn what_is_read_is_exact(whole in "[0-9]{1,18}", fraction in "[0-9]{1,9}", negative: bool) {
            let typed = alloc::format!("{}{whole}.{fraction}", if negative { "-" } else { "" });
            let number = read(&typed, Language::English).unwrap();
            let exact: bigdecimal::BigDecimal = typed.parse().unwrap();
            prop_assert_eq!(alloc::format!("{number}").parse::<bigdecimal::BigDecimal>().unwrap(), exact);
        }

        #[test]
        fn no_answer_is_too_odd(answer: String) {
            for language in Language::ALL {
                let _ = read(&answer, *language);
            }
        }
    }
}
