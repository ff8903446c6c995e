//! How an answer is read as a value of a type, in the language of the flow. Readers are exact: what can be read
//! in two ways, or only in part (`12 people`), is no answer.

use alloc::string::String;
use alloc::vec::Vec;

use crate::address;
use crate::dates;
use crate::digits::plain;
use crate::durations;
use crate::id::{Options, Str};
use crate::image::OptionDef;
use crate::language::{And, BuiltIn, Language};
use crate::numbers;
use crate::said::in_order;
use crate::speech::Speech;
use crate::text;
use crate::value::{Type, Value};

/// Two letters that name a country: `NL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country([u8; 2]);

impl Country {
    /// The country of these two letters.
    pub fn of(text: &str) -> Option<Country> {
        let letters: [u8; 2] = text.trim().as_bytes().try_into().ok()?;
        let plain = letters.iter().all(u8::is_ascii_alphabetic);
        plain.then(|| Country(letters.map(|letter| letter.to_ascii_uppercase())))
    }

    /// Its letters, in upper case.
    pub fn as_str(&self) -> &str {
        // Only letters ever come in.
        core::str::from_utf8(&self.0).unwrap_or("")
    }
}

/// How a place writes and reads what it shares with others: its language, its distance from UTC, and its country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Locale {
    /// The language.
    pub language: Language,
    /// Minutes east of UTC.
    pub utc_offset: i32,
    /// The country whose phone numbers may be read without its code.
    pub country: Option<Country>,
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
        Type::Number => numbers::read(answer, locale.language).map(Value::Number),
        Type::Bool => yes_or_no(answer, locale.language).map(Value::Bool),
        Type::Date => dates::read_date(answer, locale.language).map(Value::Date),
        Type::DateTime => dates::read_datetime(answer, locale).map(Value::DateTime),
        Type::Duration => durations::read(answer, locale.language).map(Value::Duration),
        Type::Email => address::email(answer).map(Value::Text),
        Type::Phone => address::phone(answer, locale.country).map(Value::Text),
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
pub fn invalid(ty: Type, locale: Locale) -> BuiltIn {
    match ty {
        Type::Text => BuiltIn::InvalidText,
        Type::Number => BuiltIn::InvalidNumber,
        Type::Bool => BuiltIn::InvalidBool,
        Type::Date => BuiltIn::InvalidDate,
        Type::DateTime => BuiltIn::InvalidDateTime,
        Type::Duration => BuiltIn::InvalidDuration,
        Type::Email => BuiltIn::InvalidEmail,
        Type::Phone if locale.country.is_some_and(address::reads_national) => BuiltIn::InvalidPhone,
        Type::Phone => BuiltIn::InvalidPhoneAbroad,
        Type::Url => BuiltIn::InvalidUrl,
        Type::OneOf(_) | Type::ManyOf(_) => BuiltIn::InvalidReply,
    }
}

/// The number of a reply that the visitor types instead of its label, from 0: `2`, `2.` and `2)` are 1.
pub(crate) fn reply_number(answer: &str) -> Option<usize> {
    let answer = plain(answer.trim());
    let digits = answer.strip_suffix(['.', ')']).unwrap_or(&answer);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<usize>().ok()?.checked_sub(1)
}

fn yes_or_no(answer: &str, language: Language) -> Option<bool> {
    let words = language.words();
    let bare = answer.trim_end_matches(['.', '!', '。', '！']);
    let any = |words: &[&str]| words.iter().any(|word| text::same(word, &plain(bare)));
    if any(words.yes) {
        Some(true)
    } else if any(words.no) {
        Some(false)
    } else {
        None
    }
}

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
fn between(language: Language) -> [&'static [char]; 3] {
    match language {
        Language::Japanese | Language::Chinese => [&['\n'], &[';', '、', '；'], &[',', '،', '，']],
        Language::Arabic => [&['\n'], &[';', '、', '؛'], &[',', '،']],
        Language::English
        | Language::Dutch
        | Language::German
        | Language::French
        | Language::Spanish
        | Language::Italian
        | Language::Portuguese
        | Language::Polish
        | Language::Swedish
        | Language::Other => [&['\n'], &[';', '、'], &[',', '،']],
    }
}

/// Several answers in one, each found by `find`; `None` if any of them is not. An answer that is found as a
/// whole is not taken apart.
pub(crate) fn several<T>(
    answer: &str,
    language: Language,
    find: &mut impl FnMut(&str) -> Option<T>,
) -> Option<Vec<T>> {
    let mut found = Vec::new();
    let whole = take_apart(answer, &between(language), language, find, &mut found);
    whole.then_some(found).filter(|found| !found.is_empty())
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
        None => take_words_apart(answer, language.words().and, find, found),
    }
}

/// Takes `a and b` apart at every "and".
fn take_words_apart<T>(
    answer: &str,
    and: And,
    find: &mut impl FnMut(&str) -> Option<T>,
    found: &mut Vec<T>,
) -> bool {
    // A comma may stand before it: `a, b, and c`.
    let mut from = if let Some(after) = after_and(answer, and) { answer.len() - after.len() } else { 0 };
    for (at, _) in answer.char_indices() {
        let rest = answer.get(at..).unwrap_or("");
        let rest = match and {
            And::Between(_) | And::Before(_) => rest.strip_prefix(' '),
            And::Anywhere(_) => Some(rest),
        };
        let Some(after) = rest.and_then(|rest| after_and(rest, and)).filter(|_| at > 0 && at >= from) else {
            continue;
        };
        let Some(one) = find(answer.get(from..at).unwrap_or("").trim()) else { return false };
        found.push(one);
        from = answer.len() - after.len();
    }
    match find(answer.get(from..).unwrap_or("").trim()) {
        Some(one) => {
            found.push(one);
            true
        }
        None => false,
    }
}

/// What follows where the text begins with the "and".
fn after_and(text: &str, and: And) -> Option<&str> {
    and.words().iter().find_map(|word| {
        let (start, rest) = text.split_at_checked(word.len())?;
        let apart = match and {
            And::Between(_) => rest.starts_with(' '),
            And::Anywhere(_) | And::Before(_) => true,
        };
        (apart && start.eq_ignore_ascii_case(word)).then_some(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use proptest::prelude::*;

    fn as_type(ty: Type, answer: &str, language: Language) -> Option<Value> {
        let image = samples::qualify();
        read(samples::speech(&image, language), ty, answer, Locale { language, ..Locale::default() })
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
        fn no_answer_is_too_odd(answer: String, language in 0usize..12) {
            let language = Language::ALL[language];
            let types = [Type::Text, Type::Number, Type::Bool, Type::Date, Type::DateTime, Type::Duration,
                Type::Email, Type::Phone, Type::Url, samples::stage_type(), samples::interests_type()];
            for ty in types {
                let _ = as_type(ty, &answer, language);
            }
        }
    }
}
