//! Dates and times as people of a language write them: `31.1.2027`, `Jan 31, 2027`, `31 de enero de 2027 a las 9:00`.
//!
//! A reader takes what it knows from the front of a text in its plain form and gives the rest back. Years have four
//! digits; what could be two dates is none.

use jiff::civil::Date;

use crate::language::{Calendar, Clock, Language, Order};
use crate::text;

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WrittenTime {
    pub(crate) hour: i8,
    pub(crate) minute: i8,
    pub(crate) second: i8,
}

/// The date that the whole text is.
pub(crate) fn date(text: &str, language: Language) -> Option<Date> {
    let calendar = language.calendar();
    let (date, rest) = leading_date(text, &calendar)?;
    after_year(rest, &calendar).trim().is_empty().then_some(date)
}

/// The date and the time that the whole text is.
pub(crate) fn datetime(text: &str, language: Language) -> Option<(Date, WrittenTime)> {
    let calendar = language.calendar();
    let (date, rest) = leading_date(text, &calendar)?;
    let rest = after_year(rest, &calendar).trim_start();
    let rest = rest.strip_prefix([',', '،']).unwrap_or(rest).trim_start();
    let rest = without_word(rest, calendar.before_time);
    Some((date, time(rest, calendar.clock)?))
}

fn after_year<'t>(rest: &'t str, calendar: &Calendar) -> &'t str {
    without_word(rest.trim_start(), calendar.after)
}

fn leading_date<'t>(text: &'t str, calendar: &Calendar) -> Option<(Date, &'t str)> {
    if calendar.order == Order::Iso {
        return year_first(text, calendar.order);
    }
    let text = without_word(text, calendar.before);
    let (first, _) = digits(text);
    match first.len() {
        0 => month_first(text, calendar),
        4 => year_first(text, calendar.order).or_else(|| han_date(text, calendar.order)),
        _ => day_first(text, calendar.order).or_else(|| month_between(text, calendar)),
    }
}

/// `2027-01-31`, or any such date where the language has the year first.
fn year_first(text: &str, order: Order) -> Option<(Date, &str)> {
    let (year, rest) = number(text, 4..=4)?;
    let (separator, rest) = separator(rest)?;
    let (month, rest) = number(rest, 1..=2)?;
    let (day, rest) = number(rest.strip_prefix(separator)?, 1..=2)?;
    let usual = match order {
        Order::YearFirst | Order::YearOrDayFirst => true,
        Order::DayFirst | Order::Either | Order::Iso => {
            let read = text.len().checked_sub(rest.len())?;
            separator == '-' && read == "2027-01-31".len()
        }
    };
    if usual { Some((civil(year, month, day)?, rest)) } else { None }
}

/// `2027年1月31日`.
fn han_date(text: &str, order: Order) -> Option<(Date, &str)> {
    if order != Order::YearFirst {
        return None;
    }
    let (year, rest) = number(text, 4..=4)?;
    let (month, rest) = number(rest.trim_start().strip_prefix('年')?.trim_start(), 1..=2)?;
    let (day, rest) = number(rest.trim_start().strip_prefix('月')?.trim_start(), 1..=2)?;
    let rest = rest.trim_start().strip_prefix(['日', '号', '號'])?;
    Some((civil(year, month, day)?, rest))
}

/// `31/1/2027`, `31-01-2027`, `31. 1. 2027`; where the order is not sure, what has one meaning.
fn day_first(text: &str, order: Order) -> Option<(Date, &str)> {
    let (first, rest) = number(text, 1..=2)?;
    let (separator, rest) = separator(rest.trim_start())?;
    let (second, rest) = number(rest.trim_start(), 1..=2)?;
    let rest = rest.trim_start().strip_prefix(separator)?;
    let (year, rest) = number(rest.trim_start(), 4..=4)?;
    let date = match order {
        Order::DayFirst | Order::YearOrDayFirst => civil(year, second, first)?,
        Order::Either => match (civil(year, second, first), civil(year, first, second)) {
            (Some(one), Some(other)) if one != other => return None,
            (one, other) => one.or(other)?,
        },
        Order::YearFirst | Order::Iso => return None,
    };
    Some((date, rest))
}

/// `31 januari 2027`, `1st of February 2027`, `31. Januar 2027`.
fn month_between<'t>(text: &'t str, calendar: &Calendar) -> Option<(Date, &'t str)> {
    let (day, rest) = number(text, 1..=2)?;
    let rest = without_word(rest, calendar.ordinals);
    let rest = without_word(rest.trim_start(), calendar.of);
    let (month, rest) = month(rest, calendar)?;
    let (year, rest) = number(rest, 4..=4)?;
    Some((civil(year, month, day)?, rest))
}

/// `January 31, 2027`, `Jan 31st 2027`.
fn month_first<'t>(text: &'t str, calendar: &Calendar) -> Option<(Date, &'t str)> {
    if !calendar.month_first {
        return None;
    }
    let (month, rest) = month(text, calendar)?;
    let (day, rest) = number(rest, 1..=2)?;
    let rest = after_word(rest, calendar.ordinals).unwrap_or(rest);
    let apart = rest.trim_start_matches(' ');
    let apart = apart.strip_prefix(',').unwrap_or(apart);
    let (year, after) = number(apart.trim_start(), 4..=4)?;
    if apart.len() < rest.len() { Some((civil(year, month, day)?, after)) } else { None }
}

/// The number of the month whose name stands before the next digit, and the text from there on.
fn month<'t>(text: &'t str, calendar: &Calendar) -> Option<(i16, &'t str)> {
    let (name, rest) = text.split_at_checked(text.find(|char: char| char.is_ascii_digit())?)?;
    let name = name.trim_end().trim_end_matches([',', '،']);
    let name = calendar.of.iter().find_map(|of| name.strip_suffix(of)?.strip_suffix(' ')).unwrap_or(name);
    let name = name.trim_end().trim_end_matches('.');
    let is_named = |names: &&[&str]| names.iter().any(|month| text::same(month, name));
    let at = calendar.months.iter().position(is_named)?;
    Some((i16::try_from(at).ok()? + 1, rest))
}

/// The time that the whole text is: `9:00`, `9.30 Uhr`, `9h30`, `9 am`, `午後3時`.
fn time(text: &str, clock: Clock) -> Option<WrittenTime> {
    let (early, rest) = half(text, clock);
    let (hour, rest) = number(rest.trim_start(), 1..=2)?;
    let (minute, second, rest) = minutes(rest, clock)?;
    let rest = rest.trim_start();
    let (half, rest) = match early {
        Some(_) => (early, rest),
        None => half(rest, clock),
    };
    let rest = without_word(rest, clock.after);
    let whole = rest.trim().is_empty();
    let hour = match half {
        // An hour alone is a time only if something says so.
        None => minute.map(|_| hour).filter(|hour| *hour < 24),
        Some(late) if (1..=12).contains(&hour) => Some(hour % 12 + if late { 12 } else { 0 }),
        Some(_) => None,
    };
    let minute = minute.unwrap_or(0);
    let small = |number: i16| i8::try_from(number).ok();
    let time = WrittenTime { hour: small(hour?)?, minute: small(minute)?, second: small(second)? };
    (whole && minute < 60 && second < 60).then_some(time)
}

/// Whether the text begins with a word for the first or the second half of the day.
fn half(text: &str, clock: Clock) -> (Option<bool>, &str) {
    let late = [(false, clock.am), (true, clock.pm)]
        .into_iter()
        .find_map(|(late, words)| Some((late, after_word(text, words)?)));
    late.map_or((None, text), |(late, rest)| (Some(late), rest))
}

/// The minutes and seconds after an hour. The minutes are `None` if nothing at all stands there.
fn minutes(text: &str, clock: Clock) -> Option<(Option<i16>, i16, &str)> {
    let rest = text.trim_start();
    if let Some(rest) = after_word(rest, clock.hours) {
        let rest = rest.trim_start();
        if let Some(rest) = rest.strip_prefix('半') {
            return Some((Some(30), 0, rest));
        }
        return match number(rest, 1..=2) {
            Some((minute, rest)) => {
                Some((Some(minute), 0, rest.trim_start().strip_prefix('分').unwrap_or(rest)))
            }
            None => Some((Some(0), 0, rest)),
        };
    }
    let Some((separator, rest)) =
        text.strip_prefix([':', '.']).and_then(|rest| Some((text.chars().next()?, rest)))
    else {
        return Some((None, 0, text));
    };
    // `9. am` and `9 p.m.` are no minutes.
    let (minute, rest) = number(rest, 2..=2)?;
    match rest.strip_prefix(separator) {
        Some(rest) => {
            let (second, rest) = number(rest, 2..=2)?;
            Some((Some(minute), second, rest))
        }
        None => Some((Some(minute), 0, rest)),
    }
}

fn civil(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn separator(text: &str) -> Option<(char, &str)> {
    let separator = text.chars().next().filter(|char| matches!(char, '/' | '.' | '-'))?;
    Some((separator, text.strip_prefix(separator)?))
}

/// All the digits at the front.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or(("", text))
}

/// The number at the front, if it has so many digits.
fn number(text: &str, length: core::ops::RangeInclusive<usize>) -> Option<(i16, &str)> {
    let (digits, rest) = digits(text);
    if length.contains(&digits.len()) { Some((digits.parse().ok()?, rest)) } else { None }
}

/// The text after one of the words, if it begins with one.
fn without_word<'t>(text: &'t str, words: &[&str]) -> &'t str {
    after_word(text, words).map_or(text, str::trim_start)
}

/// What follows the first of the words with which the text begins. A letter of a script with blanks between its words
/// does not follow directly.
fn after_word<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().find_map(|word| {
        let mut chars = text.char_indices();
        for wanted in word.chars() {
            let (_, char) = chars.next()?;
            if !char.to_lowercase().eq(wanted.to_lowercase()) {
                return None;
            }
        }
        let rest = chars.as_str();
        let last = word.chars().next_back()?;
        let goes_on = rest.chars().next().is_some_and(char::is_alphabetic);
        let joined = goes_on && last.is_alphabetic() && !matches!(last, '\u{3040}'..='\u{9fff}');
        if joined { None } else { Some(rest) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};
    use proptest::prelude::*;

    fn read(text: &str, language: Language) -> Option<String> {
        date(text, language).map(|date| date.to_string())
    }

    fn moment(text: &str, language: Language) -> Option<String> {
        let (date, time) = datetime(text, language)?;
        Some(alloc::format!("{date} {:02}:{:02}:{:02}", time.hour, time.minute, time.second))
    }

    #[test]
    fn each_language_has_its_order() {
        for (text, language) in [
            ("31.1.2027", Language::German),
            ("31. 01. 2027", Language::Polish),
            ("31/1/2027", Language::French),
            ("31-01-2027", Language::Dutch),
            ("31/1/2027", Language::Arabic),
            ("31/1/2027", Language::English),
            ("1/31/2027", Language::English),
            ("2027/1/31", Language::Japanese),
            ("2027.01.31", Language::Chinese),
            ("2027-1-31", Language::Swedish),
            ("31/1/2027", Language::Swedish),
        ] {
            assert_eq!(read(text, language).as_deref(), Some("2027-01-31"), "{text} {language:?}");
        }
        assert_eq!(read("2/3/2027", Language::French).as_deref(), Some("2027-03-02"));
        assert_eq!(read("2/2/2027", Language::English).as_deref(), Some("2027-02-02"));
    }

    #[test]
    fn months_have_names() {
        for (text, language) in [
            ("January 31, 2027", Language::English),
            ("Jan. 31st 2027", Language::English),
            ("the 31st of January, 2027", Language::English),
            ("31 jan 2027", Language::English),
            ("31 januari 2027", Language::Dutch),
            ("31. Januar 2027", Language::German),
            ("am 31. Jänner 2027", Language::German),
            ("le 31 janvier 2027", Language::French),
            ("31 de enero de 2027", Language::Spanish),
            ("31 enero del 2027", Language::Spanish),
            ("31 gennaio 2027", Language::Italian),
            ("31 de Janeiro de 2027", Language::Portuguese),
            ("31 stycznia 2027 r.", Language::Polish),
            ("31 STYCZEŃ 2027", Language::Polish),
            ("den 31 januari 2027", Language::Swedish),
            ("2027年1月31日", Language::Japanese),
            ("2027 年 1 月 31 号", Language::Chinese),
            ("31 يناير 2027", Language::Arabic),
            ("31 كانون الثاني 2027", Language::Arabic),
        ] {
            assert_eq!(read(text, language).as_deref(), Some("2027-01-31"), "{text} {language:?}");
        }
        assert_eq!(read("1er février 2027", Language::French).as_deref(), Some("2027-02-01"));
    }

    #[test]
    fn what_is_not_sure_is_no_date() {
        for (text, language) in [
            ("1/2/2027", Language::English),
            ("31/1/27", Language::Dutch),
            ("31/13/2027", Language::Dutch),
            ("1/31/2027", Language::Dutch),
            ("31/1-2027", Language::Dutch),
            ("2027/1/31", Language::Dutch),
            ("2027-1-31", Language::German),
            ("31/1/2027", Language::Japanese),
            ("30 februari 2027", Language::Dutch),
            ("31 january 2027", Language::Dutch),
            ("January 312027", Language::English),
            ("January 2027", Language::English),
            ("31 januari", Language::Dutch),
            ("31 januari 2027 x", Language::Dutch),
            ("31 januari 20271", Language::Dutch),
            ("sunday 31 January 2027", Language::English),
            ("31/1/2027", Language::Other),
            ("31 January 2027", Language::Other),
            ("", Language::English),
        ] {
            assert_eq!(read(text, language), None, "{text} {language:?}");
        }
    }

    #[test]
    fn times_of_day() {
        for (text, language, wanted) in [
            ("Jan 31, 2027 at 2:30 PM", Language::English, "14:30:00"),
            ("31 Jan 2027, 12 am", Language::English, "00:00:00"),
            ("31 Jan 2027 9:05:07", Language::English, "09:05:07"),
            ("2027-01-31 9:05", Language::English, "09:05:00"),
            ("31 januari 2027 om 9.30 uur", Language::Dutch, "09:30:00"),
            ("31-1-2027 9 uur", Language::Dutch, "09:00:00"),
            ("31.1.2027 um 9 Uhr", Language::German, "09:00:00"),
            ("31 janvier 2027 à 9h30", Language::French, "09:30:00"),
            ("31 janvier 2027 9 heures", Language::French, "09:00:00"),
            ("31 de enero de 2027 a las 3:00 p. m.", Language::Spanish, "15:00:00"),
            ("31 gennaio 2027 alle ore 09:00", Language::Italian, "09:00:00"),
            ("31/01/2027 às 21h", Language::Portuguese, "21:00:00"),
            ("31 stycznia 2027 r. o godz. 9:00", Language::Polish, "09:00:00"),
            ("31 januari 2027 kl. 09.00", Language::Swedish, "09:00:00"),
            ("2027年1月31日午後3時5分", Language::Japanese, "15:05:00"),
            ("2027/1/31 9時半", Language::Japanese, "09:30:00"),
            ("2027年1月31日 下午3点", Language::Chinese, "15:00:00"),
            ("31 يناير 2027 في الساعة 3:00 م", Language::Arabic, "15:00:00"),
        ] {
            let wanted = alloc::format!("2027-01-31 {wanted}");
            assert_eq!(moment(text, language).as_deref(), Some(wanted.as_str()), "{text} {language:?}");
        }
        for (text, language) in [
            ("31 Jan 2027", Language::English),
            ("31 Jan 2027 9", Language::English),
            ("31 Jan 2027 24:00", Language::English),
            ("31 Jan 2027 13:00 PM", Language::English),
            ("31 Jan 2027 0:30 am", Language::English),
            ("31 Jan 2027 9:60", Language::English),
            ("31 Jan 2027 9:5", Language::English),
            ("31 Jan 2027 9:00 or so", Language::English),
            ("31 januari 2027 at 9:00", Language::Dutch),
        ] {
            assert_eq!(moment(text, language), None, "{text} {language:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text: String) {
            for language in Language::ALL {
                let _ = (date(&text, *language), datetime(&text, *language));
            }
        }
    }
}
