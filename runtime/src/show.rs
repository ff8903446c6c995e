//! How a value reads in a text.

use alloc::string::String;

use rust_decimal::Decimal;

use crate::answer::{Locale, separators};
use crate::dates;
use crate::id::Options;
use crate::image::OptionDef;
use crate::language::{BuiltIn, Language};
use crate::speech::Speech;
use crate::value::{Type, Value};
use crate::view::View;

/// How a value of the type reads in a text: options by their labels, lists with commas, numbers and dates in the
/// language. Moments are those of a place this many minutes east of UTC.
pub fn show(speech: Speech<'_>, value: &Value, ty: Type, utc_offset: i32) -> String {
    let locale = Locale { language: speech.language(), utc_offset };
    let mut out = String::new();
    match ty {
        Type::OneOf(options) | Type::ManyOf(options) => {
            write_labels(&mut out, View::of(value), options, speech, locale);
        }
        Type::Text
        | Type::Number
        | Type::Bool
        | Type::Date
        | Type::DateTime
        | Type::Duration
        | Type::Email
        | Type::Phone
        | Type::Url => write_said(&mut out, View::of(value), speech, locale),
    }
    out
}

/// Writes the labels that options have in the list; what is no option is written as it is.
pub(crate) fn write_labels(
    out: &mut String,
    value: View<'_>,
    options: Options,
    speech: Speech<'_>,
    locale: Locale,
) {
    match value {
        View::Option(name) => out.push_str(label(name, options, speech)),
        View::Options(names) => {
            for (at, name) in names.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                out.push_str(label(name, options, speech));
            }
        }
        View::Text(_)
        | View::Number(_)
        | View::Bool(_)
        | View::Date(_)
        | View::DateTime(_)
        | View::Duration(_) => write_said(out, value, speech, locale),
    }
}

fn label<'a>(name: &'a str, options: Options, speech: Speech<'a>) -> &'a str {
    let list = speech.image.options.get(options.index());
    let named = |option: &OptionDef| speech.image.strings.get(option.name) == name;
    let found = list.and_then(|list| list.options.iter().position(named));
    found.map_or(name, |at| speech.option(options, at))
}

/// Writes a value as a chat says it: the workspace may have words of its own for yes and no.
pub(crate) fn write_said(out: &mut String, value: View<'_>, speech: Speech<'_>, locale: Locale) {
    match value {
        View::Bool(is) => out.push_str(speech.built_in(if is { BuiltIn::Yes } else { BuiltIn::No })),
        View::Text(_)
        | View::Number(_)
        | View::Date(_)
        | View::DateTime(_)
        | View::Duration(_)
        | View::Option(_)
        | View::Options(_) => write(out, value, locale),
    }
}

/// Writes a value; an option is written by its name.
pub(crate) fn write(out: &mut String, value: View<'_>, locale: Locale) {
    let language = locale.language;
    match value {
        View::Text(text) | View::Option(text) => out.push_str(text),
        View::Number(number) => write_number(out, number, language),
        View::Bool(is) => out.push_str(if is { BuiltIn::Yes } else { BuiltIn::No }.text(language)),
        View::Date(days) => dates::write_date(out, days, language),
        View::DateTime(at) => dates::write_datetime(out, at, locale.utc_offset, language),
        View::Duration(milliseconds) => write_duration(out, milliseconds, language),
        View::Options(names) => {
            for (at, name) in names.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                out.push_str(name);
            }
        }
    }
}

/// Writes a number without trailing zeros, in groups of three digits from 10,000 on.
fn write_number(out: &mut String, number: Decimal, language: Language) {
    let (group, point) = separators(language);
    let plain = alloc::format!("{}", number.normalize());
    let unsigned = plain.strip_prefix('-').unwrap_or(&plain);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if unsigned.len() < plain.len() {
        out.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        let left = whole.len().saturating_sub(at);
        if at > 0 && left % 3 == 0 && whole.len() > 4 {
            out.push(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
}

/// The units of a length of time, the largest first, with their words for one and for several.
const UNITS: &[(i64, [(&str, &str); 2])] = &[
    (86_400_000, [("day", "days"), ("dag", "dagen")]),
    (3_600_000, [("hour", "hours"), ("uur", "uur")]),
    (60_000, [("minute", "minutes"), ("minuut", "minuten")]),
    (1000, [("second", "seconds"), ("seconde", "seconden")]),
    (1, [("millisecond", "milliseconds"), ("milliseconde", "milliseconden")]),
];

/// Writes a length of time in all its units: `1 hour 30 minutes`.
fn write_duration(out: &mut String, milliseconds: i64, language: Language) {
    if milliseconds < 0 {
        out.push('-');
    }
    let mut left = milliseconds.unsigned_abs();
    let start = out.len();
    for (unit, words) in UNITS {
        let unit = unit.unsigned_abs();
        let count = left / unit;
        left %= unit;
        let nothing_at_all = milliseconds == 0 && unit == 1000;
        if count == 0 && !nothing_at_all {
            continue;
        }
        if out.len() > start {
            out.push(' ');
        }
        let [english, dutch] = words;
        let (one, several) = match language {
            Language::English => english,
            Language::Dutch => dutch,
        };
        out.push_str(&alloc::format!("{count} "));
        out.push_str(if count == 1 { one } else { several });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn shown(value: Value, ty: Type, language: Language) -> String {
        let image = samples::qualify();
        show(samples::speech(&image, language), &value, ty, 0)
    }

    #[test]
    fn numbers() {
        let of = |text: &str, language| {
            shown(Value::Number(Decimal::from_str_exact(text).unwrap()), Type::Number, language)
        };
        assert_eq!(of("1234.50", Language::English), "1234.5");
        assert_eq!(of("12345.678", Language::English), "12,345.678");
        assert_eq!(of("-1234567", Language::Dutch), "-1.234.567");
        assert_eq!(of("0.10", Language::Dutch), "0,1");
        assert_eq!(of("100", Language::English), "100");
    }

    #[test]
    fn the_rest() {
        let english = |value, ty| shown(value, ty, Language::English);
        assert_eq!(english(Value::Option("customer".into()), samples::stage_type()), "Customer");
        assert_eq!(
            english(Value::Options(alloc::vec!["api".into(), "research".into()]), samples::interests_type()),
            "api, Research and development"
        );
        assert_eq!(english(Value::Bool(true), Type::Bool), "Yes");
        assert_eq!(english(Value::Duration(5_400_000), Type::Duration), "1 hour 30 minutes");
        assert_eq!(english(Value::Duration(0), Type::Duration), "0 seconds");
        assert_eq!(shown(Value::Duration(-1000), Type::Duration, Language::Dutch), "-1 seconde");
        assert_eq!(english(Value::Date(0), Type::Date), "January 1, 1970");
        assert_eq!(
            english(Value::Duration(i64::MIN), Type::Duration).split(' ').next(),
            Some("-106751991167")
        );
    }
}
