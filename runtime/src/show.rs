//! How a value reads in a text.

use alloc::string::String;

use crate::answer::Locale;
use crate::dates;
use crate::durations;
use crate::id::Options;
use crate::image::OptionDef;
use crate::language::BuiltIn;
use crate::numbers;
use crate::speech::Speech;
use crate::value::{Type, Value};
use crate::view::View;

/// How a value of the type reads in a text: options by their labels, lists with commas, numbers and dates in the
/// language. Moments are those of a place this many minutes east of UTC.
pub fn show(speech: Speech<'_>, value: &Value, ty: Type, utc_offset: i32) -> String {
    let locale = Locale { language: speech.language(), utc_offset, country: None };
    let mut out = String::new();
    match ty.options() {
        Some(options) => write_labels(&mut out, View::of(value), options, speech, locale),
        None => write_said(&mut out, View::of(value), speech, locale),
    }
    out
}

/// How a value reads in a language, whatever a program calls its options, yes and no.
pub fn show_plain(value: &Value, locale: Locale) -> String {
    let mut out = String::new();
    write(&mut out, View::of(value), locale);
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
        View::Number(number) => numbers::write(out, number, language),
        View::Bool(is) => out.push_str(if is { BuiltIn::Yes } else { BuiltIn::No }.text(language)),
        View::Date(days) => dates::write_date(out, days, language),
        View::DateTime(at) => dates::write_datetime(out, at, locale.utc_offset, language),
        View::Duration(milliseconds) => durations::write(out, milliseconds, language),
        View::Options(names) => {
            for (at, name) in names.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                out.push_str(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use crate::samples;
    use rust_decimal::Decimal;

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
