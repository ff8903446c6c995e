//! What each language writes and reads.

use chatflow_runtime::language::{Calendar, Order, Unit};
use chatflow_runtime::plural::{categories, plural};
use chatflow_runtime::{Language, Locale, Value, show_plain};
use rust_decimal::Decimal;

use super::rows;

fn shown(value: &Value, language: Language) -> String {
    show_plain(value, Locale { language, ..Locale::default() })
}

fn code(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{}`", word.as_ref())).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn signs(signs: &[char]) -> String {
    let names =
        signs.iter().map(|sign| if *sign == ' ' { "a blank".to_owned() } else { format!("`{sign}`") });
    names.collect::<Vec<_>>().join(" or ")
}

pub(super) fn numerals() -> String {
    rows(
        "language|shown|read between groups|read before the fraction",
        Language::ALL.iter().map(|language| {
            let number = Value::Number(Decimal::new(-12_345_678, 3));
            let numerals = language.numerals();
            format!(
                "| {} | {} | {} | {} |",
                language.name(),
                shown(&number, *language),
                signs(numerals.groups),
                signs(numerals.points)
            )
        }),
    )
}

pub(super) fn yes_and_no() -> String {
    rows(
        "language|yes|no|and",
        Language::ALL.iter().map(|language| {
            let words = language.words();
            format!(
                "| {} | {} | {} | {} |",
                language.name(),
                words.yes.join(", "),
                words.no.join(", "),
                words.and.words().join(", ")
            )
        }),
    )
}

pub(super) fn dates() -> String {
    // 2027-01-31T14:05Z.
    let moment = Value::DateTime((20_849 * 24 * 60 + 14 * 60 + 5) * 60_000);
    rows(
        "language|shown|read in numbers|halves of the day|other words of times",
        Language::ALL.iter().map(|language| {
            let calendar = language.calendar();
            let clock = calendar.clock;
            let around = calendar.before_time.iter().chain(clock.hours).chain(clock.after);
            let mut around: Vec<&str> = around.copied().collect();
            around.sort_unstable();
            around.dedup();
            format!(
                "| {} | {} | {} | {} | {} |",
                language.name(),
                shown(&moment, *language),
                order(&calendar),
                code(clock.am.iter().chain(clock.pm)),
                code(around)
            )
        }),
    )
}

fn order(calendar: &Calendar) -> &'static str {
    match calendar.order {
        Order::DayFirst => "31/1/2027",
        Order::Either => "1/31/2027, 31/1/2027",
        Order::YearFirst => "2027/1/31, 2027年1月31日",
        Order::YearOrDayFirst => "2027/1/31, 31/1/2027",
        Order::Iso => "2027-01-31",
    }
}

pub(super) fn months() -> String {
    let named = Language::ALL.iter().filter(|language| language.calendar().order != Order::YearFirst);
    rows(
        "language|months",
        named.map(|language| {
            let months = language.calendar().months.iter().map(|names| names.join(", "));
            format!("| {} | {} |", language.name(), months.collect::<Vec<_>>().join("; "))
        }),
    )
}

pub(super) fn lengths() -> String {
    rows(
        "language|shown|read",
        Language::ALL.iter().map(|language| {
            let length = Value::Duration(((3 * 24 + 1) * 60 + 22) * 60_000);
            let units = Unit::ALL.iter().map(|unit| {
                let words = language.unit(*unit);
                let forms = words.shown.iter().map(|(_, form)| form.replace('#', "").trim().to_owned());
                let mut all: Vec<String> = forms.collect();
                all.extend(words.read.iter().map(|word| (*word).to_owned()));
                let mut once = Vec::new();
                for word in all {
                    if !once.contains(&word) {
                        once.push(word);
                    }
                }
                once.join(", ")
            });
            let units: Vec<String> = units.collect();
            format!("| {} | {} | {} |", language.name(), shown(&length, *language), units.join("; "))
        }),
    )
}

pub(super) fn plurals() -> String {
    let samples = ["0", "1", "2", "3", "5", "11", "22", "100", "1000000", "0.5", "1.5"];
    rows(
        "language|categories",
        Language::ALL.iter().map(|language| {
            let categories = categories(*language).iter().map(|category| {
                let fits = samples.iter().filter(|sample| {
                    let number = Decimal::from_str_exact(sample).unwrap_or_default();
                    plural(*language, &number) == *category
                });
                format!("`{}` ({})", category.word(), fits.copied().collect::<Vec<_>>().join(", "))
            });
            format!("| {} | {} |", language.name(), categories.collect::<Vec<_>>().join(", "))
        }),
    )
}
