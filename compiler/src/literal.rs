//! What literals mean.

use std::str::FromStr;

use jiff::civil;
use rust_decimal::Decimal;

/// A literal's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A number.
    Number(Decimal),
    /// Milliseconds.
    Duration(i64),
    /// Days since 1970-01-01.
    Date(i32),
    /// Milliseconds since 1970-01-01T00:00, read as UTC.
    DateTime(i64),
    /// A percentage, a colour or a time of day: they mean something only in settings.
    Other,
}

/// The value of a literal as written; none if it does not exist (`2027-02-30`) or is too large.
pub fn literal(written: &str) -> Option<Literal> {
    let bytes = written.as_bytes();
    if written.ends_with('%')
        || written.starts_with('#')
        || (written.len() == 5 && bytes.get(2) == Some(&b':'))
    {
        return Some(Literal::Other);
    }
    if written.len() == 10 && bytes.get(4) == Some(&b'-') {
        return date(written).map(Literal::Date);
    }
    if written.len() == 16 && bytes.get(10) == Some(&b'T') {
        let days = date(written.get(..10)?)?;
        let minutes = time(written.get(11..)?)?;
        return Some(Literal::DateTime(i64::from(days) * 86_400_000 + i64::from(minutes) * 60_000));
    }
    if let Some(ms) = duration(written) {
        return Some(Literal::Duration(ms));
    }
    number(written).map(Literal::Number)
}

fn date(written: &str) -> Option<i32> {
    let date = civil::Date::from_str(written).ok()?;
    let days = date.since(civil::date(1970, 1, 1)).ok()?.get_days();
    Some(days)
}

fn time(written: &str) -> Option<u32> {
    let (hour, minute) = written.split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// A length of time, in milliseconds, as a flow writes it: `31m`, in the largest unit that leaves nothing over.
pub fn written_duration(milliseconds: i64) -> String {
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];
    let unit = units.iter().find(|(length, _)| milliseconds % length == 0 && milliseconds != 0);
    match unit {
        Some((length, unit)) => format!("{}{unit}", milliseconds / length),
        None => format!("{milliseconds}ms"),
    }
}

/// A number with `_` between its digits.
pub fn number(written: &str) -> Option<Decimal> {
    let plain: String = written.chars().filter(|char| *char != '_' && *char != ' ').collect();
    // More digits than a decimal holds would be rounded; a number in a flow means what it says.
    Decimal::from_str_exact(&plain).ok().map(|number| number.normalize())
}

/// The milliseconds of `800ms`, `8s`, `30m`, `2h`, `1d`.
pub fn duration(written: &str) -> Option<i64> {
    let letters = written.find(|char: char| char.is_ascii_alphabetic())?;
    let unit: i64 = match written.get(letters..)? {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    let ms = number(written.get(..letters)?)?.checked_mul(Decimal::from(unit))?;
    i64::try_from(ms.round()).ok()
}

/// The percentage of `50%`.
pub fn percent(written: &str) -> Option<u8> {
    let number = number(written.strip_suffix('%')?)?;
    u8::try_from(number.round()).ok().filter(|percent| *percent <= 100)
}

/// The colour of `#rgb` or `#rrggbb`, as `0xrrggbb`.
pub fn colour(written: &str) -> Option<u32> {
    let digits = written.strip_prefix('#')?;
    match digits.len() {
        3 => digits.chars().try_fold(0, |colour, digit| Some((colour << 8) | (digit.to_digit(16)? * 0x11))),
        6 => u32::from_str_radix(digits, 16).ok(),
        _ => None,
    }
}

/// A date, a moment or a duration as a host would write it; other values have forms of their own.
pub fn iso(value: &chatflow_runtime::Value) -> String {
    use chatflow_runtime::Value;
    use jiff::{SignedDuration, ToSpan, civil};
    let epoch = civil::date(1970, 1, 1);
    match value {
        Value::Date(days) => {
            epoch.checked_add((*days).days()).map(|date| date.to_string()).unwrap_or_default()
        }
        Value::DateTime(ms) => {
            let moment = epoch.at(0, 0, 0, 0).checked_add(SignedDuration::from_millis(*ms));
            moment.map(|moment| moment.to_string()).unwrap_or_default()
        }
        Value::Duration(ms) => format!("{ms}ms"),
        Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Option(_) | Value::Options(_) => {
            String::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_in_the_largest_unit() {
        let written = [0, 800, 1500, 8000, 1_200_000, 5_400_000, 7_200_000, 86_400_000].map(written_duration);
        assert_eq!(written, ["0ms", "800ms", "1500ms", "8s", "20m", "90m", "2h", "1d"]);
    }

    #[test]
    fn literals_have_values() {
        assert_eq!(literal("30m"), Some(Literal::Duration(1_800_000)));
        assert_eq!(literal("1_000.50"), Some(Literal::Number(Decimal::new(10005, 1))));
        assert_eq!(literal("1970-01-11"), Some(Literal::Date(10)));
        assert_eq!(literal("2027-02-30"), None);
        assert_eq!(literal("1970-01-01T00:01"), Some(Literal::DateTime(60_000)));
        assert_eq!(colour("#f80"), Some(0xff8800));
        assert_eq!(percent("50%"), Some(50));
        assert_eq!(literal("99999999999999999999999999999999"), None);
    }
}
