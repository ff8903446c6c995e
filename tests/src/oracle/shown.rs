//! How values read in a text.

use chatflow_runtime::id::Options;
use chatflow_runtime::{Language, Value};

use super::chat::Player;

/// The value as the flow's language writes it.
pub(super) fn plain(player: &Player<'_>, value: &Value) -> String {
    let dutch = player.language == Language::Dutch;
    match value {
        Value::Text(text) | Value::Option(text) => text.clone(),
        Value::Number(number) => grouped(&number.normalize().to_string(), dutch),
        Value::Bool(true) => if dutch { "Ja" } else { "Yes" }.to_owned(),
        Value::Bool(false) => if dutch { "Nee" } else { "No" }.to_owned(),
        Value::Date(days) => date(*days, dutch),
        Value::DateTime(at) => moment(*at + i64::from(player.offset()) * 60_000, dutch),
        Value::Duration(length) => duration(*length, dutch),
        Value::Options(names) => names.join(", "),
    }
}

/// The options by their labels; anything else as it reads.
pub(super) fn labels(player: &Player<'_>, options: Options, value: &Value) -> String {
    let label = |name: &String| {
        let list = player.image.options.get(options.index());
        let option =
            list.and_then(|list| list.options.iter().find(|option| player.string(option.name) == *name));
        option.map_or_else(|| name.clone(), |option| player.string(option.label))
    };
    match value {
        Value::Option(name) => label(name),
        Value::Options(names) => names.iter().map(label).collect::<Vec<_>>().join(", "),
        other => plain(player, other),
    }
}

/// `12345.6` in groups of three digits from 10,000 on.
fn grouped(plain: &str, dutch: bool) -> String {
    let (sign, rest) = if let Some(rest) = plain.strip_prefix('-') { ("-", rest) } else { ("", plain) };
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let mut shown = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if whole.len() >= 5 && at > 0 && (whole.len() - at) % 3 == 0 {
            shown.push(if dutch { '.' } else { ',' });
        }
        shown.push(digit);
    }
    if !fraction.is_empty() {
        shown.push(if dutch { ',' } else { '.' });
        shown += fraction;
    }
    format!("{sign}{shown}")
}

/// Year, month and day, found by counting years and months from 1970.
pub(super) fn calendar(days: i32) -> (i32, usize, i32) {
    let (mut year, mut left) = (1970, days);
    while left < 0 {
        year -= 1;
        left += year_length(year);
    }
    while left >= year_length(year) {
        left -= year_length(year);
        year += 1;
    }
    let mut month = 0;
    for length in month_lengths(year) {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    (year, month, left + 1)
}

fn year_length(year: i32) -> i32 {
    month_lengths(year).iter().sum()
}

/// The lengths of a year's months.
pub(super) fn month_lengths(year: i32) -> [i32; 12] {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

fn date(days: i32, dutch: bool) -> String {
    let (year, month, day) = calendar(days);
    let english = "January February March April May June July August September October November December";
    let names = "januari februari maart april mei juni juli augustus september oktober november december";
    let name = if dutch { names } else { english }.split(' ').nth(month).unwrap_or("");
    if dutch { format!("{day} {name} {year}") } else { format!("{name} {day}, {year}") }
}

fn moment(local: i64, dutch: bool) -> String {
    let minutes = local.div_euclid(60_000);
    let day = date(minutes.div_euclid(24 * 60) as i32, dutch);
    let (hour, minute) = (minutes.rem_euclid(24 * 60) / 60, minutes.rem_euclid(60));
    if dutch {
        return format!("{day} om {hour:02}:{minute:02}");
    }
    let (hour, half) = match hour {
        0 => (12, "AM"),
        1..=11 => (hour, "AM"),
        12 => (12, "PM"),
        _ => (hour - 12, "PM"),
    };
    format!("{day} at {hour}:{minute:02} {half}")
}

fn duration(length: i64, dutch: bool) -> String {
    let units = [
        (86_400_000, "day", "days", "dag", "dagen"),
        (3_600_000, "hour", "hours", "uur", "uur"),
        (60_000, "minute", "minutes", "minuut", "minuten"),
        (1_000, "second", "seconds", "seconde", "seconden"),
        (1, "millisecond", "milliseconds", "milliseconde", "milliseconden"),
    ];
    let mut left = length.abs();
    let mut shown = Vec::new();
    for (unit, one, many, een, meer) in units {
        let count = left / unit;
        left %= unit;
        let word = match (count == 1, dutch) {
            (true, false) => one,
            (false, false) => many,
            (true, true) => een,
            (false, true) => meer,
        };
        if count > 0 {
            shown.push(format!("{count} {word}"));
        }
    }
    if shown.is_empty() {
        return if dutch { "0 seconden" } else { "0 seconds" }.to_owned();
    }
    format!("{}{}", if length < 0 { "-" } else { "" }, shown.join(" "))
}
