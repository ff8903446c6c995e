//! Calendar dates and moments, between the numbers that values hold and what people write.

use alloc::string::String;
use core::fmt::Write;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};

use crate::answer::Locale;
use crate::digits::plain;
use crate::language::{Calendar, Clock, Language, Order};
use crate::written_date::{self, WrittenTime};

/// The day from which the days of a date count.
const EPOCH: Date = Date::constant(1970, 1, 1);
const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// The date, in days since 1970-01-01, that this text writes as `2027-01-31`.
pub(crate) fn iso_date(text: &str) -> Option<i32> {
    days_of(civil_date(text.trim())?)
}

fn days_of(date: Date) -> Option<i32> {
    i32::try_from(date.duration_since(EPOCH).as_hours() / 24).ok()
}

/// The date, in days since 1970-01-01, that the answer writes in the ISO form or as people of the language do.
pub(crate) fn read_date(answer: &str, language: Language) -> Option<i32> {
    let answer = plain(answer.trim());
    iso_date(&answer).or_else(|| days_of(written_date::date(&answer, language)?))
}

/// The moment, in milliseconds since 1970-01-01T00:00Z, that the answer writes in an ISO form or as people of the
/// language do. Without a zone it is the time of the locale's place.
pub(crate) fn read_datetime(answer: &str, locale: Locale) -> Option<i64> {
    let answer = plain(answer.trim());
    iso_datetime(&answer, locale.utc_offset).or_else(|| {
        let (date, WrittenTime { hour, minute, second }) = written_date::datetime(&answer, locale.language)?;
        milliseconds_of(date.to_datetime(Time::new(hour, minute, second, 0).ok()?), locale.utc_offset)
    })
}

/// The moment of a place this many minutes east of UTC.
fn milliseconds_of(local: DateTime, offset: i32) -> Option<i64> {
    let since = local.duration_since(EPOCH.to_datetime(Time::midnight()));
    i64::try_from(since.as_millis()).ok()?.checked_sub(i64::from(offset) * MINUTE)
}

/// The moment, in milliseconds since 1970-01-01T00:00Z, that this text writes as `2027-01-31T09:00`, perhaps
/// with seconds, perhaps with `Z` or `+01:00`; without, it is the time of a place this many minutes east of UTC.
pub(crate) fn iso_datetime(text: &str, offset: i32) -> Option<i64> {
    let (date, rest) = text.trim().split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let zone_at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at_checked(zone_at)?;
    let offset = match zone {
        "" => offset,
        "Z" | "z" => 0,
        zone => zone_offset(zone)?,
    };
    milliseconds_of(civil_date(date)?.to_datetime(civil_time(time.trim_end())?), offset)
}

fn civil_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = digits(parts.next()?, 4)?;
    let month = digits(parts.next()?, 2)?;
    let day = digits(parts.next()?, 2)?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn civil_time(text: &str) -> Option<Time> {
    let mut parts = text.splitn(3, ':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let (seconds, fraction) = match parts.next() {
        None => ("00", ""),
        Some(rest) => rest.split_once('.').unwrap_or((rest, "")),
    };
    let second = digits(seconds, 2)?;
    let mut millisecond = 0;
    if !fraction.is_empty() {
        // Finer than a millisecond is dropped.
        let kept: String = fraction.chars().chain("00".chars()).take(3).collect();
        digits(fraction, fraction.len())?;
        millisecond = digits(&kept, 3)?;
    }
    let nanosecond = i32::from(millisecond) * 1_000_000;
    let small = |number: i16| i8::try_from(number).ok();
    Time::new(small(hour)?, small(minute)?, small(second)?, nanosecond).ok()
}

/// A number of exactly so many ASCII digits; no more than the first four count.
fn digits(text: &str, length: usize) -> Option<i16> {
    let plain = text.len() == length && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain { None } else { text.get(..length.min(4))?.parse().ok() }
}

/// `+01:00` or `-0530` in minutes.
fn zone_offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix('-')?),
    };
    let (hours, minutes) = rest.split_once(':').or_else(|| rest.split_at_checked(2))?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (i32::from(hours) * 60 + i32::from(minutes)))
}

/// The date with this number, if the calendar has it.
fn date_of(days: i64) -> Option<Date> {
    let seconds = days.checked_mul(24 * 60 * 60)?;
    EPOCH.checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// The moment with this number, in UTC, if the calendar has it.
fn datetime_of(milliseconds: i64) -> Option<DateTime> {
    EPOCH.to_datetime(Time::midnight()).checked_add(SignedDuration::from_millis(milliseconds)).ok()
}

/// The date of a moment at a place this many minutes east of UTC.
pub(crate) fn day_at(milliseconds: i64, offset: i32) -> Option<i32> {
    let local = milliseconds.checked_add(i64::from(offset) * MINUTE)?;
    i32::try_from(local.div_euclid(DAY)).ok()
}

/// Whether the calendar has this date.
pub(crate) fn has_date(days: i32) -> bool {
    date_of(i64::from(days)).is_some()
}

/// Whether the calendar has this moment.
pub(crate) fn has_moment(milliseconds: i64) -> bool {
    datetime_of(milliseconds).is_some()
}

/// Writes a date as `2027-01-31`; one outside the calendar as its number of days.
pub(crate) fn write_iso_date(out: &mut String, days: i32) {
    let _ = match date_of(i64::from(days)) {
        Some(date) => write!(out, "{date}"),
        None => write!(out, "{days}"),
    };
}

/// Writes a moment as `2027-01-31T09:00:00Z`; one outside the calendar as its number of milliseconds.
pub(crate) fn write_iso_datetime(out: &mut String, milliseconds: i64) {
    let _ = match datetime_of(milliseconds) {
        Some(moment) => write!(out, "{moment}Z"),
        None => write!(out, "{milliseconds}"),
    };
}

/// Writes a date as people of the language do: `January 31, 2027`, `31 januari 2027`.
pub(crate) fn write_date(out: &mut String, days: i32, language: Language) {
    match date_of(i64::from(days)) {
        Some(date) => write_day(out, date, language),
        None => write_iso_date(out, days),
    }
}

/// Writes a moment at a place this many minutes east of UTC: `January 31, 2027 at 9:00 AM`,
/// `31 januari 2027 om 09:00`.
pub(crate) fn write_datetime(out: &mut String, milliseconds: i64, offset: i32, language: Language) {
    let local = milliseconds.saturating_add(i64::from(offset) * MINUTE);
    let Some(moment) = datetime_of(local) else {
        write_iso_date(out, i32::try_from(local.div_euclid(DAY)).unwrap_or(i32::MAX));
        return;
    };
    write_day(out, moment.date(), language);
    let Calendar { at, clock, .. } = language.calendar();
    out.push_str(at);
    write_time(out, moment.hour(), moment.minute(), clock);
}

fn write_time(out: &mut String, hour: i8, minute: i8, clock: Clock) {
    let half = if hour < 12 { clock.am } else { clock.pm };
    let hour = match hour {
        hour if !clock.halves => hour,
        0 | 12 => 12,
        hour => hour % 12,
    };
    let _ = match clock.padded {
        true => write!(out, "{hour:02}:{minute:02}"),
        false => write!(out, "{hour}:{minute:02}"),
    };
    if let Some(half) = half.first().filter(|_| clock.halves) {
        let _ = write!(out, " {half}");
    }
}

fn write_day(out: &mut String, date: Date, language: Language) {
    match language.calendar().order {
        Order::Iso => {
            let _ = write!(out, "{date}");
        }
        Order::DayFirst | Order::Either | Order::YearFirst | Order::YearOrDayFirst => {
            write_long(out, date, language);
        }
    }
}

/// Writes a date in the language's pattern, the month by its name.
fn write_long(out: &mut String, date: Date, language: Language) {
    let calendar = language.calendar();
    let (day, month, year) = (date.day(), usize::from(date.month().unsigned_abs()), date.year());
    for part in calendar.date.split('{') {
        let (hole, text) = part.split_once('}').unwrap_or(("", part));
        match hole {
            "d" => {
                let ordinal = if day == 1 { calendar.first } else { "" };
                let _ = write!(out, "{day}{ordinal}");
            }
            "m" => {
                let name = calendar.months.get(month.saturating_sub(1)).and_then(|names| names.first());
                out.push_str(name.unwrap_or(&""));
            }
            "y" => {
                let _ = write!(out, "{year}");
            }
            _ => {}
        }
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn iso_forms_are_read() {
        assert_eq!(iso_date("1970-01-02"), Some(1));
        assert_eq!(iso_date(" 2027-01-31 "), Some(20849));
        for wrong in ["2027-02-30", "2027-1-31", "27-01-31", "2027-01-31x", "31-01-2027", "+027-01-31", ""] {
            assert_eq!(iso_date(wrong), None, "{wrong}");
        }
        assert_eq!(iso_datetime("1970-01-01T01:00", 60), Some(0));
        assert_eq!(iso_datetime("1970-01-01 00:00:01.5", 0), Some(1500));
        assert_eq!(iso_datetime("1970-01-01T02:00+02:00", 60), Some(0));
        assert_eq!(iso_datetime("1970-01-01T00:00Z", 60), Some(0));
        for wrong in
            ["1970-01-01", "1970-01-01T24:00", "1970-01-01T1:00", "1970-01-01T00:00:01.x", "é970-01-01T00:00"]
        {
            assert_eq!(iso_datetime(wrong, 0), None, "{wrong}");
        }
    }

    #[test]
    fn dates_are_shown_long() {
        let shown = |language| {
            let mut out = String::new();
            write_date(&mut out, 20849, language);
            out.push('|');
            write_datetime(&mut out, 20849 * DAY + 15 * 60 * MINUTE, -60, language);
            out
        };
        assert_eq!(shown(Language::English), "January 31, 2027|January 31, 2027 at 2:00 PM");
        assert_eq!(shown(Language::Dutch), "31 januari 2027|31 januari 2027 om 14:00");
    }

    proptest! {
        #[test]
        fn a_date_comes_back(days in -700_000i32..2_900_000) {
            let mut out = String::new();
            write_iso_date(&mut out, days);
            prop_assert_eq!(iso_date(&out), Some(days).filter(|_| !out.starts_with('-')), "{}", out);
        }

        #[test]
        fn what_is_shown_is_read_back(days in -354_000i32..2_900_000, minute in 0i64..1440, offset in -720..720) {
            for language in Language::ALL.iter().chain([&Language::Other]) {
                let locale = Locale { language: *language, utc_offset: offset, country: None };
                let mut shown = String::new();
                write_date(&mut shown, days, *language);
                prop_assert_eq!(read_date(&shown, *language), Some(days), "{} {:?}", shown, language);
                let moment = i64::from(days) * DAY + (minute - i64::from(offset)) * MINUTE;
                shown.clear();
                write_datetime(&mut shown, moment, offset, *language);
                prop_assert_eq!(read_datetime(&shown, locale), Some(moment), "{} {:?}", shown, language);
            }
        }

        #[test]
        fn no_number_is_too_odd(days: i32, milliseconds: i64, offset in -1440..1440, text: String) {
            let mut out = String::new();
            write_date(&mut out, days, Language::English);
            write_datetime(&mut out, milliseconds, offset, Language::Dutch);
            let _ = (iso_date(&text), iso_datetime(&text, offset));
        }
    }
}
