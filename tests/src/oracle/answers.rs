//! How answers are read.

use std::str::FromStr;

use chatflow_runtime::image::OptionsDef;
use chatflow_runtime::value::Type;
use chatflow_runtime::{Language, Value};
use rust_decimal::Decimal;

use super::chat::Player;
use super::shown::month_lengths;
use super::values::folded;

impl Player<'_> {
    /// The answer as a value of the type, if it is one.
    pub(super) fn read(&self, ty: Type, answer: &str) -> Option<Value> {
        let answer = answer.trim();
        if answer.is_empty() {
            return None;
        }
        match ty {
            Type::Text => Some(Value::Text(answer.to_owned())),
            Type::Number => number(answer, self.language).map(Value::Number),
            Type::Bool => yes_or_no(answer, self.language).map(Value::Bool),
            Type::Date => date(answer).map(Value::Date),
            Type::DateTime => datetime(answer, self.offset()).map(Value::DateTime),
            Type::Duration => duration(answer).map(Value::Duration),
            Type::Email => email(answer).map(Value::Text),
            Type::Phone => phone(answer).map(Value::Text),
            Type::Url => url(answer).map(Value::Text),
            Type::OneOf(_) => self.option(self.image.options_of(ty)?, answer).map(Value::Option),
            Type::ManyOf(_) => {
                let options = self.image.options_of(ty)?;
                let named = several(answer, self.language, &|part| self.option(options, part))?;
                Some(Value::Options(self.in_order(options, &named)))
            }
        }
    }

    /// The option with this label, else with this name.
    pub(super) fn option(&self, options: &OptionsDef, text: &str) -> Option<String> {
        let labelled =
            options.options.iter().find(|option| folded(&self.string(option.label)) == folded(text));
        let named =
            || options.options.iter().find(|option| folded(&self.string(option.name)) == folded(text));
        labelled.or_else(named).map(|option| self.string(option.name))
    }
}

/// Several answers with newlines, semicolons, commas or "and" between them. What is an answer as a whole is not
/// taken apart.
pub(super) fn several<T>(
    answer: &str,
    language: Language,
    find: &dyn Fn(&str) -> Option<T>,
) -> Option<Vec<T>> {
    let separators: [&[char]; 3] = [&['\n'], &[';', '、'], &[',']];
    let mut found = Vec::new();
    let mut open = vec![(answer.trim().to_owned(), 0)];
    while let Some((part, level)) = open.pop() {
        if part.is_empty() {
            continue;
        }
        if let Some(one) = find(&part) {
            found.push(one);
        } else if let Some(separators) = separators.get(level) {
            let parts: Vec<&str> = part.split(*separators).collect();
            open.extend(parts.into_iter().rev().map(|part| (part.trim().to_owned(), level + 1)));
        } else {
            let and = if language == Language::Dutch { "en" } else { "and" };
            let mut groups: Vec<Vec<&str>> = vec![Vec::new()];
            for word in part.split(' ') {
                if word.eq_ignore_ascii_case(and) {
                    groups.push(Vec::new());
                } else if let Some(group) = groups.last_mut() {
                    group.push(word);
                }
            }
            // A comma may stand before the word: "a, b, and c".
            if groups.len() > 1 && groups.first().is_some_and(Vec::is_empty) {
                groups.remove(0);
            }
            for group in groups {
                found.push(find(group.join(" ").trim())?);
            }
        }
    }
    if found.is_empty() { None } else { Some(found) }
}

/// The number of a reply: `2`, `2.`, `2)`; the first is 1.
pub(super) fn reply_number(answer: &str) -> Option<usize> {
    let answer = answer.trim();
    let digits = answer.strip_suffix('.').or(answer.strip_suffix(')')).unwrap_or(answer);
    let number = if all_digits(digits) { usize::from_str(digits).ok()? } else { 0 };
    if number > 0 { Some(number) } else { None }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|char| char.is_ascii_digit())
}

fn number(answer: &str, language: Language) -> Option<Decimal> {
    let (group, point) = if language == Language::Dutch { ('.', ',') } else { (',', '.') };
    let negative = answer.starts_with(['-', '\u{2212}']);
    let unsigned = answer.strip_prefix(['-', '\u{2212}', '+']).unwrap_or(answer);
    let (whole, fraction) = match unsigned.split_once(point) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let groups: Vec<&str> = whole.split(group).collect();
    let first = groups.first()?;
    let well_grouped =
        groups.len() == 1 || (first.len() <= 3 && groups.iter().skip(1).all(|group| group.len() == 3));
    if !well_grouped || !groups.iter().all(|group| all_digits(group)) || !fraction.is_none_or(all_digits) {
        return None;
    }
    let plain = format!("{}{}.{}", if negative { "-" } else { "" }, groups.concat(), fraction.unwrap_or("0"));
    Decimal::from_str(&plain).ok().map(|number| number.normalize())
}

fn yes_or_no(answer: &str, language: Language) -> Option<bool> {
    let (yes, no) = match language {
        Language::English => ("yes y yeah yep yup sure true", "no n nope nah false"),
        Language::Dutch => ("yes y ja j jawel jazeker", "no n nee neen"),
    };
    let word = folded(answer.trim_end_matches(['.', '!']));
    if yes.split(' ').any(|yes| yes == word) {
        Some(true)
    } else if no.split(' ').any(|no| no == word) {
        Some(false)
    } else {
        None
    }
}

/// The days since 1970 of `2027-01-31`.
pub(super) fn date(text: &str) -> Option<i32> {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) || !parts.iter().all(|part| all_digits(part)) {
        return None;
    }
    let (year, month, day) =
        (year.parse::<i32>().ok()?, month.parse::<usize>().ok()?, day.parse::<i32>().ok()?);
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

/// The milliseconds of `2h`, `1.5 hours`.
pub(super) fn duration(answer: &str) -> Option<i64> {
    let answer = answer.trim();
    let count: String = answer.chars().take_while(|char| char.is_ascii_digit() || *char == '.').collect();
    let unit = match folded(answer.strip_prefix(&count)?).as_str() {
        "ms" | "milliseconds" | "milliseconden" => 1,
        "s" | "sec" | "second" | "seconds" | "seconde" | "seconden" => 1000,
        "m" | "min" | "minute" | "minutes" | "minuut" | "minuten" => 60_000,
        "h" | "hour" | "hours" | "u" | "uur" | "uren" => 3_600_000,
        "d" | "day" | "days" | "dag" | "dagen" => 86_400_000,
        _ => return None,
    };
    let length = Decimal::from_str(&count).ok()? * Decimal::from(unit);
    if length.fract().is_zero() { i64::try_from(length).ok() } else { None }
}

/// An address whose domain is in lower case; right for ASCII.
fn email(answer: &str) -> Option<String> {
    let (local, domain) = answer.split_once('@')?;
    let local_fits = local.split('.').all(|atom| {
        !atom.is_empty() && atom.chars().all(|char| char.is_ascii_alphanumeric() || "+-_'".contains(char))
    });
    if local_fits && is_domain(domain) { Some(format!("{local}@{}", domain.to_lowercase())) } else { None }
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|char| char.is_ascii_alphanumeric() || char == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit('.').next().unwrap_or("");
    domain.contains('.') && domain.split('.').all(label) && top.len() >= 2 && !all_digits(top)
}

fn phone(answer: &str) -> Option<String> {
    let bare: String =
        answer.replacen("(0)", "", 1).chars().filter(|char| !" .-()/".contains(*char)).collect();
    let national = bare.strip_prefix('+').or(bare.strip_prefix("00"))?;
    let fits = all_digits(national) && (7..=15).contains(&national.len()) && !national.starts_with('0');
    if fits { Some(format!("+{national}")) } else { None }
}

fn url(answer: &str) -> Option<String> {
    let (scheme, rest) = answer.split_once("://").unwrap_or(("https", answer));
    let scheme = scheme.to_lowercase();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.to_lowercase();
    let fits = (scheme == "https" || scheme == "http")
        && is_domain(&host)
        && path.chars().all(|char| char.is_ascii_graphic());
    if fits { Some(format!("{scheme}://{host}/{path}")) } else { None }
}
