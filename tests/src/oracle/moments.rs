//! How dates and times are read: what an answer may mean is guessed from its digits, then everything is compared
//! with how people write that.

use chatflow_runtime::Language;
use chatflow_runtime::language::{Calendar, Order};

use super::answers::{all_digits, keyed};
use super::shown::month_lengths;
use super::values::folded;

/// The days since 1970 of `2027-01-31`.
pub(super) fn date(text: &str) -> Option<i32> {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) || !parts.iter().all(|part| all_digits(part)) {
        return None;
    }
    days(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// The days since 1970 of a date, if the calendar has it.
fn days(year: i32, month: usize, day: i32) -> Option<i32> {
    let length = *month_lengths(year).get(month.checked_sub(1)?)?;
    if day < 1 || day > length {
        return None;
    }
    let years: i32 = if year >= 1970 {
        (1970..year).map(|year| month_lengths(year).iter().sum::<i32>()).sum()
    } else {
        -(year..1970).map(|year| month_lengths(year).iter().sum::<i32>()).sum::<i32>()
    };
    let months: i32 = month_lengths(year).iter().take(month - 1).sum();
    Some(years + months + day - 1)
}

/// `2027-01-31T09:00` or with a blank, perhaps with seconds, perhaps with `Z` or `+01:00`.
pub(super) fn datetime(text: &str, offset: i32) -> Option<i64> {
    let text = text.trim();
    let (day, time) = text.split_once(['T', 't', ' '])?;
    let (time, offset) = if let Some(time) = time.strip_suffix(['Z', 'z']) {
        (time, 0)
    } else if let Some((time, zone)) = time.split_once('+') {
        (time, minutes(zone)?)
    } else if let Some((time, zone)) = time.split_once('-') {
        (time, -minutes(zone)?)
    } else {
        (time, i64::from(offset))
    };
    let (time, seconds) = match time.trim_end().rsplit_once(':') {
        Some((time, seconds)) if time.contains(':') => (time.to_owned(), seconds.to_owned()),
        _ => (time.trim_end().to_owned(), "00".to_owned()),
    };
    if !all_digits(&seconds) || seconds.len() != 2 {
        return None;
    }
    let seconds = seconds.parse::<i64>().ok().filter(|seconds| *seconds < 60)?;
    let minute = minutes(&time)? - offset;
    Some((i64::from(date(day)?) * 24 * 60 + minute) * 60_000 + seconds * 1000)
}

/// The minutes of `09:30`.
fn minutes(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    if !all_digits(hour) || !all_digits(minute) || hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
    if hour < 24 && minute < 60 { Some(hour * 60 + minute) } else { None }
}

/// A date in the ISO form or as the language writes it.
pub(super) fn written_date(answer: &str, language: Language) -> Option<i32> {
    let answer = keyed(answer.trim());
    date(&answer).or_else(|| of_numbers(&answer, language)).or_else(|| of_words(&answer, language))
}

/// A date and a time: somewhere in between, the one ends and the other begins.
pub(super) fn written_datetime(answer: &str, language: Language, offset: i32) -> Option<i64> {
    let answer = keyed(answer.trim());
    if let Some(moment) = datetime(&answer, offset) {
        return Some(moment);
    }
    let calendar = language.calendar();
    answer.char_indices().find_map(|(at, _)| {
        let (left, right) = answer.split_at_checked(at)?;
        let day = written_date(left, language)?;
        let right = right.trim_start();
        let right = right.strip_prefix([',', '،']).unwrap_or(right).trim_start();
        let seconds = written_time(right, &calendar).or_else(|| {
            let joined = |word: &&str| folded(right).strip_prefix(&folded(word)).map(str::to_owned);
            calendar
                .before_time
                .iter()
                .filter_map(joined)
                .find_map(|rest| written_time(rest.trim(), &calendar))
        })?;
        Some((i64::from(day) * 24 * 60 - i64::from(offset)) * 60_000 + seconds * 1000)
    })
}

/// The text in runs of digits and what stands around them: one more gap than there are numbers.
fn runs(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut numbers, mut gaps) = (Vec::new(), vec![String::new()]);
    let mut inside = false;
    for char in text.chars() {
        if char.is_ascii_digit() {
            if !inside {
                numbers.push(String::new());
                gaps.push(String::new());
            }
            numbers.last_mut().unwrap_or(&mut String::new()).push(char);
        } else {
            gaps.last_mut().unwrap_or(&mut String::new()).push(char);
        }
        inside = char.is_ascii_digit();
    }
    (numbers, gaps)
}

fn of_numbers(text: &str, language: Language) -> Option<i32> {
    let (numbers, gaps) = runs(text);
    let calendar = language.calendar();
    let [a, b, c] = numbers.as_slice() else { return None };
    let gaps: Vec<String> = gaps.iter().map(|gap| gap.trim().to_owned()).collect();
    let [before, first, second, after] = gaps.as_slice() else { return None };
    if !optional(calendar.before).contains(before) {
        return None;
    }
    let number = |text: &String| text.parse::<i32>().ok();
    let of = |year: &String, month: &String, day: &String| {
        let fits = year.len() == 4 && month.len() <= 2 && day.len() <= 2;
        if fits { days(number(year)?, number(month)? as usize, number(day)?) } else { None }
    };
    let separated = first == second && ["/", ".", "-"].contains(&first.as_str());
    let ended = optional(calendar.after).contains(after);
    let year_first = [Order::YearFirst, Order::YearOrDayFirst].contains(&calendar.order);
    if calendar.order == Order::YearFirst && first == "年" && second == "月" {
        return if ["日", "号", "號"].contains(&after.as_str()) { of(a, b, c) } else { None };
    }
    if !separated || !ended {
        return None;
    }
    if a.len() == 4 {
        return if year_first && !text.contains(' ') { of(a, b, c) } else { None };
    }
    match calendar.order {
        Order::DayFirst | Order::YearOrDayFirst => of(c, b, a),
        Order::Either => match (of(c, b, a), of(c, a, b)) {
            (Some(one), Some(other)) => Some(one).filter(|one| *one == other),
            (one, other) => one.or(other),
        },
        Order::YearFirst | Order::Iso => None,
    }
}

/// Nothing, or one of the words.
fn optional(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| folded(word)).chain([String::new()]).collect()
}

fn of_words(text: &str, language: Language) -> Option<i32> {
    let calendar = language.calendar();
    let (numbers, gaps) = runs(&folded(text));
    let [day, year] = numbers.as_slice() else { return None };
    let [before, middle, after] = gaps.as_slice() else { return None };
    let fits = day.len() <= 2 && year.len() == 4;
    if !fits || calendar.order == Order::Iso || !optional(calendar.after).contains(&after.trim().to_owned()) {
        return None;
    }
    let ordinals = optional(calendar.ordinals);
    let month = calendar.months.iter().position(|names| {
        names.iter().any(|name| {
            let leading = optional(calendar.before).contains(&before.trim().to_owned())
                && ordinals.iter().any(|ordinal| {
                    middle
                        .strip_prefix(ordinal.as_str())
                        .is_some_and(|middle| names_it(middle, name, &calendar))
                });
            let trailing = calendar.month_first
                && names_it(before, name, &calendar)
                && middle.starts_with(|char: char| !char.is_ascii_digit())
                && ordinals.iter().any(|ordinal| {
                    middle.strip_prefix(ordinal.as_str()).is_some_and(|gap| {
                        gap.chars().all(|char| " ,".contains(char))
                            && !gap.is_empty()
                            && gap.matches(',').count() < 2
                    })
                });
            leading || trailing
        })
    })?;
    days(year.parse().ok()?, month + 1, day.parse().ok()?)
}

/// Whether this is the month's name with what people write around it.
fn names_it(text: &str, name: &str, calendar: &Calendar) -> bool {
    let squeezed = text.replace(' ', "");
    let words = optional(calendar.of);
    let befores = optional(calendar.before);
    words.iter().chain(&befores).any(|before| {
        words.iter().any(|after| {
            [".", ""].iter().any(|dot| {
                [",", ""].iter().any(|comma| {
                    squeezed == format!("{before}{}{dot}{after}{comma}", folded(name).replace(' ', ""))
                })
            })
        })
    })
}

/// The seconds since midnight of `9:00`, `9.30 Uhr`, `9h30`, `9 am`, `午後3時`.
fn written_time(text: &str, calendar: &Calendar) -> Option<i64> {
    let text = folded(text);
    let clock = calendar.clock;
    let halves = [(0, clock.am), (12, clock.pm)];
    for (later, words) in halves {
        for word in words {
            let word = folded(word);
            let core = text.strip_prefix(&word).or_else(|| text.strip_suffix(&word));
            if let Some(core) = core {
                let core = core.trim();
                let seconds = if all_digits(core) && core.len() < 3 {
                    core.parse::<i64>().ok()? * 3600
                } else {
                    clock_time(core, clock.hours)?
                };
                let hour = seconds / 3600;
                let fits = (1..=12).contains(&hour);
                return if fits { Some(seconds % 3600 + (hour % 12 + later) * 3600) } else { None };
            }
        }
    }
    let whole = clock_time(&text, clock.hours);
    let without = |word: &&str| clock_time(text.strip_suffix(&folded(word))?.trim(), clock.hours);
    whole.or_else(|| clock.after.iter().find_map(without)).filter(|seconds| *seconds < 24 * 3600)
}

fn clock_time(text: &str, hours: &[&str]) -> Option<i64> {
    let (numbers, gaps) = runs(text);
    let gaps: Vec<&str> = gaps.iter().map(|gap| gap.trim()).collect();
    let plain = |gap: &str| gap == ":" || gap == ".";
    let named = |gap: &str| hours.iter().any(|word| folded(word) == gap);
    let two = |text: &String| text.parse::<i64>().ok().filter(|number| text.len() == 2 && *number < 60);
    let any = |text: &String| text.parse::<i64>().ok().filter(|number| text.len() <= 2 && *number < 60);
    let hour = any(numbers.first()?)? * 3600;
    match (numbers.as_slice(), gaps.as_slice()) {
        ([_], ["", gap]) if named(gap) => Some(hour),
        ([_], ["", gap]) if gap.strip_suffix('半').is_some_and(named) => Some(hour + 30 * 60),
        ([_, minute], ["", gap, ""]) if plain(gap) => Some(hour + two(minute)? * 60),
        ([_, minute], ["", gap, "" | "分"]) if named(gap) => Some(hour + any(minute)? * 60),
        ([_, minute, second], ["", first, then, ""]) if plain(first) && first == then => {
            Some(hour + two(minute)? * 60 + two(second)?)
        }
        _ => None,
    }
}
