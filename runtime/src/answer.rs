//! How an answer is read as a value of a type, in the language of the flow. Readers are exact: what can be read
//! in two ways, or only in part (`12 people`), is no answer.

use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;

use crate::address;
use crate::dates;
use crate::id::{Options, Str};
use crate::image::OptionDef;
use crate::language::{BuiltIn, Language};
use crate::speech::Speech;
use crate::text;
use crate::value::{Type, Value};
use crate::world::in_order;

/// How a place writes and reads what it shares with others: its language, and its distance from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Locale {
    /// The language.
    pub language: Language,
    /// Minutes east of UTC.
    pub utc_offset: i32,
}

/// The answer as a value of the type, or `None` if it cannot be read as one. Options are read by their labels in the
/// chat's language, their names, and their labels in the language of the flow.
pub fn read(speech: Speech<'_>, ty: Type, answer: &str, locale: Locale) -> Option<Value> {
    let image = speech.image;
    let answer = answer.trim();
    if answer.is_empty() {
        return None;
    }
    match ty {
        Type::Text => Some(Value::Text(String::from(answer))),
        Type::Number => number(answer, locale.language).map(Value::Number),
        Type::Bool => yes_or_no(answer, locale.language).map(Value::Bool),
        Type::Date => dates::iso_date(answer).map(Value::Date),
        Type::DateTime => dates::iso_datetime(answer, locale.utc_offset).map(Value::DateTime),
        Type::Duration => duration(answer).map(Value::Duration),
        Type::Email => address::email(answer).map(Value::Text),
        Type::Phone => address::phone(answer).map(Value::Text),
        Type::Url => address::url(answer).map(Value::Text),
        Type::OneOf(list) => {
            let name = option(answer, list, speech)?;
            Some(Value::Option(String::from(name)))
        }
        Type::ManyOf(list) => {
            let options = image.options_of(ty)?;
            let named = several(answer, locale.language, &mut |part| option(part, list, speech))?;
            Some(Value::Options(in_order(&named, options, &image.strings)))
        }
    }
}

/// The text for an answer that cannot be read as the type.
pub fn invalid(ty: Type) -> BuiltIn {
    match ty {
        Type::Text => BuiltIn::InvalidText,
        Type::Number => BuiltIn::InvalidNumber,
        Type::Bool => BuiltIn::InvalidBool,
        Type::Date => BuiltIn::InvalidDate,
        Type::DateTime => BuiltIn::InvalidDateTime,
        Type::Duration => BuiltIn::InvalidDuration,
        Type::Email => BuiltIn::InvalidEmail,
        Type::Phone => BuiltIn::InvalidPhone,
        Type::Url => BuiltIn::InvalidUrl,
        Type::OneOf(_) | Type::ManyOf(_) => BuiltIn::InvalidReply,
    }
}

/// The number of a reply that the visitor types instead of its label, from 0: `2`, `2.` and `2)` are 1.
pub(crate) fn reply_number(answer: &str) -> Option<usize> {
    let answer = answer.trim();
    let digits = answer.strip_suffix(['.', ')']).unwrap_or(answer);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<usize>().ok()?.checked_sub(1)
}

/// An exact decimal number: an optional sign, digits (all ungrouped, or grouped in threes), and a fraction.
fn number(answer: &str, language: Language) -> Option<Decimal> {
    let (group, point) = separators(language);
    let (sign, rest) = match answer.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest),
        None => ("", answer.strip_prefix('+').unwrap_or(answer)),
    };
    let (whole, fraction) = match rest.split_once(point) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (rest, None),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !fraction.is_none_or(all_digits) {
        return None;
    }
    let mut groups = whole.split(group);
    let first = groups.next()?;
    if !all_digits(first) || (first.len() > 3 && first.len() != whole.len()) {
        return None;
    }
    let mut plain = String::with_capacity(answer.len() + 1);
    plain.push_str(sign);
    plain.push_str(first);
    for group in groups {
        if group.len() != 3 || !all_digits(group) {
            return None;
        }
        plain.push_str(group);
    }
    if let Some(fraction) = fraction {
        plain.push('.');
        plain.push_str(fraction);
    }
    Decimal::from_str_exact(&plain).ok().map(|number| number.normalize())
}

/// What stands between groups of three digits, and before the fraction.
pub(crate) fn separators(language: Language) -> (char, char) {
    match language {
        Language::English => (',', '.'),
        Language::Dutch => ('.', ','),
    }
}

fn yes_or_no(answer: &str, language: Language) -> Option<bool> {
    const YES: &[&str] = &["yes", "y"];
    const NO: &[&str] = &["no", "n"];
    let (more_yes, more_no): (&[&str], &[&str]) = match language {
        Language::English => (&["yeah", "yep", "yup", "sure", "true"], &["nope", "nah", "false"]),
        Language::Dutch => (&["ja", "j", "jawel", "jazeker"], &["nee", "neen"]),
    };
    let bare = answer.trim_end_matches(['.', '!']);
    let any = |words: &[&str]| words.iter().any(|word| text::same(word, bare));
    if any(YES) || any(more_yes) {
        Some(true)
    } else if any(NO) || any(more_no) {
        Some(false)
    } else {
        None
    }
}

/// A length of time in milliseconds: `2h`, `1.5 hours`, `30 minuten`.
pub(crate) fn duration(answer: &str) -> Option<i64> {
    let answer = answer.trim();
    let unit_at = answer.find(|char: char| !char.is_ascii_digit() && char != '.')?;
    let (count, unit) = answer.split_at_checked(unit_at)?;
    let unit = unit.trim();
    let (_, milliseconds) =
        UNITS.iter().find(|(words, _)| words.iter().any(|word| text::same(word, unit)))?;
    let count = Decimal::from_str_exact(count).ok()?;
    let exact = count.checked_mul(Decimal::from(*milliseconds))?;
    if exact.fract().is_zero() { i64::try_from(exact).ok() } else { None }
}

const UNITS: &[(&[&str], i64)] = &[
    (&["ms", "milliseconds", "milliseconden"], 1),
    (&["s", "sec", "second", "seconds", "seconde", "seconden"], 1000),
    (&["m", "min", "minute", "minutes", "minuut", "minuten"], 60_000),
    (&["h", "hour", "hours", "u", "uur", "uren"], 3_600_000),
    (&["d", "day", "days", "dag", "dagen"], 86_400_000),
];

/// The name of the option whose name or label this is.
pub(crate) fn option<'i>(answer: &str, list: Options, speech: Speech<'i>) -> Option<&'i str> {
    let image = speech.image;
    let options = &image.options.get(list.index())?.options;
    let said = (0..options.len()).find(|at| text::same(speech.option(list, *at), answer));
    let by = |key: fn(&OptionDef) -> Str| {
        options.iter().find(|option| text::same(image.strings.get(key(option)), answer))
    };
    let found = said.and_then(|at| options.get(at));
    let found = found.or_else(|| by(|option| option.name)).or_else(|| by(|option| option.label))?;
    Some(image.strings.get(found.name))
}

/// What stands between several answers, the strongest first: a label may contain the weaker ones.
const BETWEEN: &[&[char]] = &[&['\n'], &[';', '、'], &[',']];

/// Several answers in one, each found by `find`; `None` if any of them is not. An answer that is found as a
/// whole is not taken apart.
pub(crate) fn several<T>(
    answer: &str,
    language: Language,
    find: &mut impl FnMut(&str) -> Option<T>,
) -> Option<Vec<T>> {
    let mut found = Vec::new();
    take_apart(answer, BETWEEN, language, find, &mut found).then_some(found).filter(|found| !found.is_empty())
}

fn take_apart<T>(
    answer: &str,
    between: &[&[char]],
    language: Language,
    find: &mut impl FnMut(&str) -> Option<T>,
    found: &mut Vec<T>,
) -> bool {
    let answer = answer.trim();
    if answer.is_empty() {
        return true;
    }
    if let Some(one) = find(answer) {
        found.push(one);
        return true;
    }
    match between.split_first() {
        Some((strongest, weaker)) => {
            answer.split(*strongest).all(|part| take_apart(part, weaker, language, find, found))
        }
        None => take_words_apart(answer, language, find, found),
    }
}

/// Takes `a and b` apart.
fn take_words_apart<T>(
    answer: &str,
    language: Language,
    find: &mut impl FnMut(&str) -> Option<T>,
    found: &mut Vec<T>,
) -> bool {
    let and = match language {
        Language::English => "and ",
        Language::Dutch => "en ",
    };
    // A comma may stand before it: `a, b, and c`.
    let starts = answer.get(..and.len()).is_some_and(|start| start.eq_ignore_ascii_case(and));
    let answer = if starts { answer.get(and.len()..).unwrap_or("") } else { answer };
    let word = and.trim_end();
    let mut from = 0;
    for (at, space) in answer.match_indices(' ') {
        let rest = answer.get(at + space.len()..).unwrap_or("");
        let here = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        let ends = rest.get(word.len()..).is_some_and(|after| after.starts_with(' '));
        if here && ends && at >= from {
            let Some(one) = find(answer.get(from..at).unwrap_or("").trim()) else { return false };
            found.push(one);
            from = at + space.len() + word.len();
        }
    }
    match find(answer.get(from..).unwrap_or("").trim()) {
        Some(one) => {
            found.push(one);
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use proptest::prelude::*;

    fn as_type(ty: Type, answer: &str, language: Language) -> Option<Value> {
        let image = samples::qualify();
        read(samples::speech(&image, language), ty, answer, Locale { language, utc_offset: 0 })
    }

    fn number_of(answer: &str, language: Language) -> Option<String> {
        number(answer, language).map(|number| alloc::format!("{number}"))
    }

    #[test]
    fn numbers_follow_the_language() {
        let english = |answer| number_of(answer, Language::English);
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
        let dutch = |answer| number_of(answer, Language::Dutch);
        assert_eq!(dutch("1.234,5").as_deref(), Some("1234.5"));
        assert_eq!(dutch("1,5").as_deref(), Some("1.5"));
        assert_eq!(dutch("1.5"), None);
    }

    #[test]
    fn yes_and_no_follow_the_language() {
        assert_eq!(as_type(Type::Bool, " Yep! ", Language::English), Some(Value::Bool(true)));
        assert_eq!(as_type(Type::Bool, "Nee", Language::Dutch), Some(Value::Bool(false)));
        assert_eq!(as_type(Type::Bool, "j", Language::Dutch), Some(Value::Bool(true)));
        assert_eq!(as_type(Type::Bool, "ja", Language::English), None);
        assert_eq!(as_type(Type::Bool, "maybe", Language::English), None);
    }

    #[test]
    fn durations_have_one_unit() {
        let of = |answer| as_type(Type::Duration, answer, Language::English);
        assert_eq!(of("2h"), Some(Value::Duration(7_200_000)));
        assert_eq!(of("1.5 hours"), Some(Value::Duration(5_400_000)));
        assert_eq!(of("800ms"), Some(Value::Duration(800)));
        assert_eq!(of("30 Minuten"), Some(Value::Duration(1_800_000)));
        for wrong in ["2", "h", "2h30m", "2 weeks", "0.5ms", "99999999999999999999d"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn options_are_read_by_label_and_name() {
        let stage = samples::stage_type();
        assert_eq!(as_type(stage, "lead", Language::English), Some(Value::Option("lead".into())));
        assert_eq!(as_type(stage, " CUSTOMER", Language::English), Some(Value::Option("customer".into())));
        assert_eq!(
            as_type(stage, "Paying Customer", Language::English),
            None,
            "the CRM's word is not the visitor's"
        );
    }

    #[test]
    fn several_options_are_read_in_the_order_of_the_list() {
        let many = samples::interests_type();
        let of = |answer, language| as_type(many, answer, language);
        let some =
            |names: &[&str]| Some(Value::Options(names.iter().map(|name| String::from(*name)).collect()));
        assert_eq!(of("Security, api", Language::English), some(&["api", "security"]));
        assert_eq!(of("api and security", Language::English), some(&["api", "security"]));
        assert_eq!(of("pricing, api, and api", Language::English), some(&["pricing", "api"]));
        assert_eq!(of("api en pricing", Language::Dutch), some(&["pricing", "api"]));
        assert_eq!(of("Research and development\napi", Language::English), some(&["api", "research"]));
        assert_eq!(of("api；", Language::English), None);
        assert_eq!(of("api, cheese", Language::English), None);
        assert_eq!(of(" , ", Language::English), None);
    }

    #[test]
    fn replies_have_numbers() {
        assert_eq!(reply_number(" 2) "), Some(1));
        assert_eq!(reply_number("2."), Some(1));
        assert_eq!(reply_number("0"), None);
        assert_eq!(reply_number("2 of them"), None);
    }

    proptest! {
        #[test]
        fn no_answer_is_too_odd(answer: String, dutch: bool) {
            let language = if dutch { Language::Dutch } else { Language::English };
            let types = [Type::Text, Type::Number, Type::Bool, Type::Date, Type::DateTime, Type::Duration,
                Type::Email, Type::Phone, Type::Url, samples::stage_type(), samples::interests_type()];
            for ty in types {
                let _ = as_type(ty, &answer, language);
            }
        }

        #[test]
        fn a_number_that_is_shown_is_read_back(mantissa: i64, scale in 0u32..10, dutch: bool) {
            let language = if dutch { Language::Dutch } else { Language::English };
            let value = Value::Number(Decimal::new(mantissa, scale).normalize());
            let image = samples::qualify();
            let shown = crate::show::show(samples::speech(&image, language), &value, Type::Number, 0);
            prop_assert_eq!(as_type(Type::Number, &shown, language), Some(value), "{}", shown);
        }
    }
}
