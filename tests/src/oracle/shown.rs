//! How values read in a text.

use chatflow_runtime::id::Options;
use chatflow_runtime::language::{BuiltIn, Unit};
use chatflow_runtime::plural::Category;
use chatflow_runtime::{Language, Value};

use super::chat::Player;

/// The value as the flow's language writes it.
pub(super) fn plain(player: &Player<'_>, value: &Value) -> String {
    let language = player.language;
    match value {
        Value::Text(text) | Value::Option(text) => text.clone(),
        Value::Number(number) => grouped(&number.normalize().to_string(), language),
        Value::Bool(true) => BuiltIn::Yes.text(language).to_owned(),
        Value::Bool(false) => BuiltIn::No.text(language).to_owned(),
        Value::Date(days) => date(*days, language),
        Value::DateTime(at) => moment(*at + i64::from(player.offset()) * 60_000, language),
        Value::Duration(length) => duration(*length, language),
        Value::Options(names) => names.join(", "),
    }
}

impl Player<'_> {
    /// The label of an option in the chat's language.
    pub(super) fn option_label(&self, options: Options, at: usize) -> Option<String> {
        let translated = self.said.and_then(|said| said.options.get(&(options, at as u32)).cloned());
        let list = self.image.options.get(options.index())?;
        translated.or_else(|| list.options.get(at).map(|option| self.string(option.label)))
    }
}

/// The options by their labels; anything else as it reads.
pub(super) fn labels(player: &Player<'_>, options: Options, value: &Value) -> String {
    let label = |name: &String| {
        let list = player.image.options.get(options.index());
        let at =
            list.and_then(|list| list.options.iter().position(|option| player.string(option.name) == *name));
        at.and_then(|at| player.option_label(options, at)).unwrap_or_else(|| name.clone())
    };
    match value {
        Value::Option(name) => label(name),
        Value::Options(names) => names.iter().map(label).collect::<Vec<_>>().join(", "),
        other => plain(player, other),
    }
}

/// `12345.6` in groups of three digits from 10,000 on.
fn grouped(plain: &str, language: Language) -> String {
    let numerals = language.numerals();
    let unsigned = plain.trim_start_matches('-');
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut shown = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if language != Language::Other && whole.len() >= 5 && at > 0 && (whole.len() - at) % 3 == 0 {
            shown.push(numerals.group);
        }
        shown.push(digit);
    }
    if !fraction.is_empty() {
        shown.push(numerals.point);
        shown += fraction;
    }
    let sign = if plain == unsigned { String::new() } else { numerals.minus.to_string() };
    format!("{sign}{}", shown)
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

fn date(days: i32, language: Language) -> String {
    let (year, month, day) = calendar(days);
    let calendar = language.calendar();
    if language == Language::Other {
        return format!("{year:04}-{:02}-{day:02}", month + 1);
    }
    let name = calendar.months.get(month).and_then(|names| names.first()).copied().unwrap_or("");
    let first = if language == Language::French && day == 1 { "er" } else { "" };
    calendar
        .date
        .replace("{d}", &format!("{day}{first}"))
        .replace("{m}", name)
        .replace("{y}", &year.to_string())
}

/// A date or a moment as other programs read it.
pub(super) fn iso(value: &Value) -> String {
    let Value::DateTime(at) = value else {
        return if let Value::Date(days) = value { date(*days, Language::Other) } else { String::new() };
    };
    let day = date(at.div_euclid(86_400_000) as i32, Language::Other);
    let (seconds, thousandths) = (at.rem_euclid(86_400_000) / 1000, at.rem_euclid(1000));
    let fraction = match thousandths {
        0 => String::new(),
        some => format!(".{some:03}").trim_end_matches('0').to_owned(),
    };
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{day}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

fn moment(local: i64, language: Language) -> String {
    let minutes = local.div_euclid(60_000);
    let day = date(minutes.div_euclid(24 * 60) as i32, language);
    let (hour, minute) = (minutes.rem_euclid(24 * 60) / 60, minutes.rem_euclid(60));
    let (twelve, english, arabic) = match hour {
        0 => (12, "AM", "ص"),
        1..=11 => (hour, "AM", "ص"),
        12 => (12, "PM", "م"),
        _ => (hour - 12, "PM", "م"),
    };
    let time = match language {
        Language::English => format!("{twelve}:{minute:02} {english}"),
        Language::Arabic => format!("{twelve}:{minute:02} {arabic}"),
        Language::Spanish | Language::Japanese => format!("{hour}:{minute:02}"),
        _ => format!("{hour:02}:{minute:02}"),
    };
    format!("{day}{}{time}", language.calendar().at)
}

fn duration(length: i64, language: Language) -> String {
    let mut left = length.abs();
    let mut shown = Vec::new();
    for unit in Unit::ALL {
        let count = left / unit.milliseconds();
        left %= unit.milliseconds();
        if count > 0 || (length == 0 && *unit == Unit::Second) {
            // Whole numbers have no digits behind a point, so CLDR's rules shrink to these.
            let category = match (language, count) {
                (Language::Japanese | Language::Chinese, _) => Category::Other,
                (Language::Arabic, 0) => Category::Zero,
                (Language::French | Language::Portuguese, 0) => Category::One,
                (_, 1) => Category::One,
                (Language::Arabic, 2) => Category::Two,
                (Language::Arabic, count) => match count % 100 {
                    3..=10 => Category::Few,
                    11..=99 => Category::Many,
                    _ => Category::Other,
                },
                (Language::Polish, count) => match (count % 10, count % 100 / 10) {
                    (2..=4, tens) if tens != 1 => Category::Few,
                    _ => Category::Many,
                },
                (Language::French | Language::Spanish | Language::Italian | Language::Portuguese, count)
                    if count > 0 && count % 1_000_000 == 0 =>
                {
                    Category::Many
                }
                _ => Category::Other,
            };
            let forms = language.unit(*unit).shown;
            let form = forms.iter().rev().find(|(of, _)| *of == category).or(forms.last());
            let form = form.map_or("", |(_, form)| form);
            shown.push(form.replace('#', &count.to_string()));
        }
    }
    let sign = if length < 0 { language.numerals().minus.to_string() } else { String::new() };
    format!("{sign}{}", shown.join(language.between_units()))
}
