//! How answers are read.

use std::str::FromStr;

use chatflow_runtime::id::Options;
use chatflow_runtime::language::{And, Unit};
use chatflow_runtime::plural::Category;
use chatflow_runtime::value::Type;
use chatflow_runtime::{FactValue, Language, Value};
use rust_decimal::Decimal;

use super::chat::Player;
use super::moments;
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
            Type::Date => moments::written_date(answer, self.language).map(Value::Date),
            Type::DateTime => {
                moments::written_datetime(answer, self.language, self.offset()).map(Value::DateTime)
            }
            Type::Duration => duration(answer, self.language).map(Value::Duration),
            Type::Email => email(answer).map(Value::Text),
            Type::Phone => self.phone(answer).map(Value::Text),
            Type::Url => url(answer).map(Value::Text),
            Type::OneOf(list) => self.option(list, answer).map(Value::Option),
            Type::ManyOf(list) => {
                let options = self.image.options_of(ty)?;
                let named = several(answer, self.language, &|part| self.option(list, part))?;
                Some(Value::Options(self.in_order(options, &named)))
            }
        }
    }

    fn phone(&self, answer: &str) -> Option<String> {
        let home = self.home();
        phone(answer).or_else(|| {
            let digits: String = keyed(answer).chars().filter(|char| !" .-()/".contains(*char)).collect();
            let plain = all_digits(&digits) && digits.len() <= 24;
            let number = phonenumber::parse(Some(home.filter(|_| plain)?), digits).ok()?;
            let code = number.code().value();
            let zeros = number.national().zeros();
            let rest = format!("{}{}", "0".repeat(zeros as usize), number.national().value());
            number.is_valid().then(|| format!("+{code}{rest}"))
        })
    }

    /// The visitor's country, if it is one that has telephones.
    pub(super) fn home(&self) -> Option<phonenumber::country::Id> {
        match self.facts.get("visitor.country") {
            Some(FactValue::Text(country)) => country.to_uppercase().parse().ok(),
            _ => None,
        }
    }

    /// The option with this label, else with this name, else with this label in the language of the flow.
    pub(super) fn option(&self, list: Options, text: &str) -> Option<String> {
        let options = self.image.options.get(list.index())?;
        let said = (0..options.options.len())
            .find(|at| self.option_label(list, *at).is_some_and(|label| folded(&label) == folded(text)));
        let said = said.and_then(|at| options.options.get(at));
        let labelled =
            options.options.iter().find(|option| folded(&self.string(option.label)) == folded(text));
        let named =
            || options.options.iter().find(|option| folded(&self.string(option.name)) == folded(text));
        said.or_else(named).or(labelled).map(|option| self.string(option.name))
    }
}

/// Several answers with newlines, semicolons, commas or "and" between them. What is an answer as a whole is not
/// taken apart.
pub(super) fn several<T>(
    answer: &str,
    language: Language,
    find: &dyn Fn(&str) -> Option<T>,
) -> Option<Vec<T>> {
    let (semicolons, commas) = match language {
        Language::Japanese | Language::Chinese => (";；、", ",，،"),
        Language::Arabic => (";؛、", ",،"),
        _ => (";、", ",،"),
    };
    let separators = ["\n", semicolons, commas];
    let mut found = Vec::new();
    let mut open = vec![(answer.trim().to_owned(), 0)];
    while let Some((part, level)) = open.pop() {
        if part.is_empty() {
            continue;
        }
        if let Some(one) = find(&part) {
            found.push(one);
        } else if let Some(separators) = separators.get(level) {
            let parts: Vec<&str> = part.split(|char| separators.contains(char)).collect();
            open.extend(parts.into_iter().rev().map(|part| (part.trim().to_owned(), level + 1)));
        } else {
            for group in joined(&part, language.words().and) {
                found.push(find(group.trim())?);
            }
        }
    }
    if found.is_empty() { None } else { Some(found) }
}

/// The parts between each "and". A comma may stand before the first: "a, b, and c".
fn joined(part: &str, and: And) -> Vec<String> {
    // Every "and" becomes a mark that nobody types.
    let mark = "\u{1}";
    let mut marked = part.to_owned();
    for word in and.words() {
        marked = match and {
            And::Anywhere(_) => marked.replace(word, mark),
            And::Before(_) => {
                let inner = marked.replace(&format!(" {word}"), mark);
                inner.strip_prefix(word).map(|rest| format!("{mark}{rest}")).unwrap_or(inner)
            }
            And::Between(_) => {
                let words = marked.split(' ');
                let words = words.map(|said| if said.eq_ignore_ascii_case(word) { mark } else { said });
                words.collect::<Vec<_>>().join(" ")
            }
        };
    }
    let mut parts: Vec<String> = marked.split(mark).map(|part| part.trim().to_owned()).collect();
    if parts.len() > 1 && parts.first().is_some_and(String::is_empty) {
        parts.remove(0);
    }
    parts
}

/// The number of a reply: `2`, `2.`, `2)`; the first is 1.
pub(super) fn reply_number(answer: &str) -> Option<usize> {
    let answer = keyed(answer.trim());
    let digits = answer.strip_suffix('.').or(answer.strip_suffix(')')).unwrap_or(&answer);
    let number = if all_digits(digits) { usize::from_str(digits).ok()? } else { 0 };
    if number > 0 { Some(number) } else { None }
}

pub(super) fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|char| char.is_ascii_digit())
}

/// The number: its whole part must be the digits themselves, or what they are with one sign between threes.
pub(super) fn number(answer: &str, language: Language) -> Option<Decimal> {
    let answer = keyed(answer.trim());
    let numerals = language.numerals();
    let unsigned = answer.strip_prefix(['-', '+']).unwrap_or(&answer);
    let point = unsigned.find(numerals.points);
    let (whole, fraction) = match point {
        Some(at) => (unsigned.get(..at)?, unsigned.get(at..)?.chars().skip(1).collect::<String>()),
        None => (unsigned, "0".to_owned()),
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let threes = |group: &char| {
        let mut out = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push(*group);
            }
            out.push(digit);
        }
        out
    };
    let well_grouped = whole == digits || numerals.groups.iter().map(threes).any(|grouped| grouped == whole);
    if !well_grouped || !all_digits(&digits) || !all_digits(&fraction) {
        return None;
    }
    let sign = if answer.starts_with('-') { "-" } else { "" };
    Decimal::from_str(&format!("{sign}{digits}.{fraction}")).ok().map(|number| number.normalize())
}

/// What other keyboards write, as this one would; right for the characters that the random talks use.
pub(super) fn keyed(answer: &str) -> String {
    let zeros = ['٠', '०', '０'];
    let digit = |char: char| {
        let value = |zero: &char| (char as u32).checked_sub(*zero as u32).filter(|value| *value < 10);
        zeros.iter().find_map(value).and_then(|value| char::from_digit(value, 10))
    };
    let marks = ['\u{200e}', '\u{200f}', '\u{61c}'];
    let signs = |char| match char {
        '\u{2212}' | '－' => '-',
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{3000}' | '\t' => ' ',
        '’' => '\'',
        '，' => ',',
        '．' => '.',
        '／' => '/',
        '：' => ':',
        '）' => ')',
        other => digit(other).unwrap_or(other),
    };
    answer.chars().filter(|char| !marks.contains(char)).map(signs).collect()
}

fn yes_or_no(answer: &str, language: Language) -> Option<bool> {
    let word = folded(answer.trim_end_matches(['.', '!', '。', '！']));
    let words = language.words();
    let said = |all: &[&str]| all.iter().any(|one| folded(one) == word);
    match (said(words.yes), said(words.no)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// The milliseconds of `2h`, `1.5 hours`.
pub(super) fn duration(answer: &str, language: Language) -> Option<i64> {
    let answer = folded(&keyed(answer));
    for unit in Unit::ALL {
        let words = language.unit(*unit);
        for (category, form) in words.shown {
            if !form.contains('#') && folded(form) == answer {
                return Some(unit.milliseconds() * if *category == Category::Two { 2 } else { 1 });
            }
        }
        let shown = words.shown.iter().filter(|(_, form)| form.contains('#'));
        let shown = shown.map(|(_, form)| form.replace('#', ""));
        let read = words.read.iter().chain(unit.symbols()).map(|word| (*word).to_owned());
        for word in shown.chain(read) {
            let count = answer.strip_suffix(&keyed(&folded(&word)));
            let count = count.filter(|count| !count.starts_with(['-', '+']));
            if let Some(count) = count.and_then(|count| number(count, language)) {
                let length = count * Decimal::from(unit.milliseconds());
                return if length.fract().is_zero() { i64::try_from(length).ok() } else { None };
            }
        }
    }
    None
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
        keyed(answer).replacen("(0)", "", 1).chars().filter(|char| !" .-()/".contains(*char)).collect();
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
