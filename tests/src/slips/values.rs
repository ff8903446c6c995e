//! Slips of values: of another type, without their unit, out of range, given twice.

use chatflow_compiler::token::Kind;
use chatflow_compiler::tree::{Operator, StatementKind};

use super::subject::{BlockLine, Comparison};
use super::{Bytes, Slip, Subject};

/// A duration without its unit, where a number means nothing.
pub fn units(subject: &Subject) -> Vec<Slip> {
    let setting = |bytes: &Bytes| {
        let word = subject.of(&subject.line(bytes.start)).split_whitespace().next().unwrap_or("");
        matches!(word, "wait" | "typing_delay" | "session_timeout" | "timeout" | "deadline" | "trigger")
    };
    let durations = subject.tokens_of(Kind::Duration).filter(setting);
    durations
        .map(|duration| {
            let digits = subject.of(&duration).trim_end_matches(char::is_alphabetic).len();
            Slip::without(duration.start + digits..duration.end)
        })
        .collect()
}

/// A unit that is no unit: `30min`, `8sec`.
pub fn long_units(subject: &Subject) -> Vec<Slip> {
    let long = |unit: &str| match unit {
        "ms" => Some("msec"),
        "s" => Some("sec"),
        "m" => Some("min"),
        "h" => Some("hours"),
        "d" => Some("days"),
        _ => None,
    };
    let durations = subject.tokens_of(Kind::Duration).filter_map(|duration| {
        let digits = subject.of(&duration).trim_end_matches(char::is_alphabetic).len();
        let unit = duration.start + digits..duration.end;
        long(subject.of(&unit)).map(|long| Slip::instead(unit.clone(), long))
    });
    durations.collect()
}

fn compared<'s>(subject: &'s Subject, ty: &'s str) -> impl Iterator<Item = &'s Comparison> {
    subject.comparisons.iter().filter(move |all| subject.type_of(&all.left) == Some(ty))
}

/// A number in quotes, compared with a number.
pub fn quoted_numbers(subject: &Subject) -> Vec<Slip> {
    let numbers = compared(subject, "number").filter(|all| all.literal == Some(Kind::Number));
    let numbers = numbers.filter_map(|all| all.right.first());
    numbers.map(|number| Slip::instead(number.clone(), format!("\"{}\"", subject.of(number)))).collect()
}

/// A number where a list of options is compared.
pub fn numbers_for_options(subject: &Subject) -> Vec<Slip> {
    let options =
        compared(subject, "one of").filter(|all| all.operator == Operator::Is && all.literal.is_none());
    options.filter_map(|all| all.right.first()).map(|option| Slip::instead(option.clone(), "5")).collect()
}

/// A property of texts compared with a number.
pub fn numbers_for_texts(subject: &Subject) -> Vec<Slip> {
    let is_text = |all: &&Comparison| {
        matches!(subject.type_of(&all.left), Some("text" | "email" | "phone"))
            || matches!(subject.of(&all.left), "reply" | "page.url" | "page.path")
    };
    let texts = subject.comparisons.iter().filter(is_text).filter(|all| all.literal == Some(Kind::StrOpen));
    texts.filter_map(|all| all.right.first()).map(|text| Slip::instead(text.clone(), "5")).collect()
}

/// An operator of texts beside numbers, and one of numbers beside options.
pub fn operators(subject: &Subject) -> Vec<Slip> {
    let numbers = compared(subject, "number").filter(|all| all.literal == Some(Kind::Number));
    let numbers = numbers.map(|all| Slip::instead(all.words.clone(), "starts with"));
    let options = compared(subject, "one of").filter(|all| all.operator == Operator::Is);
    let options = options.map(|all| Slip::instead(all.words.clone(), ">="));
    numbers.chain(options).collect()
}

/// A text stored where a number belongs, and a number where an option belongs.
pub fn stored_values(subject: &Subject) -> Vec<Slip> {
    let sets =
        subject.statements.iter().filter(|statement| matches!(statement.kind, StatementKind::Set { .. }));
    sets.filter_map(|set| {
        let (target, value) = (set.target.clone()?, set.part.clone()?);
        let other = match subject.type_of(&target)? {
            "number" | "date" | "bool" => "\"soon\"",
            "one of" | "email" | "phone" | "url" | "many of" => "5",
            _ => return None,
        };
        Some(Slip::instead(value, other))
    })
    .collect()
}

/// The value of a choice that its question cannot hold.
pub fn choice_values(subject: &Subject) -> Vec<Slip> {
    let numbers = |line: &&BlockLine| {
        let ty = line.asked.as_ref().and_then(|asked| subject.type_of(asked));
        line.is_choice && ty == Some("number")
    };
    let values = subject.lines.iter().filter(numbers).filter_map(|line| line.values.first());
    values.map(|value| Slip::instead(value.clone(), format!("\"{}\"", subject.of(value)))).collect()
}

/// A label that another choice of the question has.
pub fn labels(subject: &Subject) -> Vec<Slip> {
    let choices = subject.lines.iter().filter(|line| line.is_choice && line.owner == "ask");
    let choices: Vec<&BlockLine> = choices.collect();
    let pairs = choices.iter().zip(choices.iter().skip(1)).filter(|(first, second)| first.of == second.of);
    pairs.map(|(first, second)| Slip::instead(second.head.clone(), subject.of(&first.head))).collect()
}

fn settings(subject: &Subject) -> impl Iterator<Item = &BlockLine> {
    let of_flow = |line: &&BlockLine| {
        !line.is_choice && matches!(line.owner.as_str(), "display" | "options" | "consent")
    };
    subject.lines.iter().filter(of_flow)
}

/// A word that a setting does not take.
pub fn words(subject: &Subject) -> Vec<Slip> {
    let words =
        settings(subject).filter(|line| subject.of(&line.head) != "survey").flat_map(|line| &line.values);
    let words =
        words.filter(|value| subject.of(value).chars().all(|char| char.is_alphabetic() || char == '_'));
    words.filter_map(|word| Some(Slip::instead(word.clone(), subject.misspelt(word)?))).collect()
}

/// A word in quotes where a setting takes a bare one, a number where it takes a text.
pub fn setting_values(subject: &Subject) -> Vec<Slip> {
    let values = settings(subject).flat_map(|line| &line.values);
    values
        .filter(|value| !subject.of(value).contains('{'))
        .map(|value| {
            let text = subject.of(value);
            let other = if text.starts_with('"') { "5".to_owned() } else { format!("\"{text}\"") };
            Slip::instead(value.clone(), other)
        })
        .collect()
}

/// A setting given twice.
pub fn second_settings(subject: &Subject) -> Vec<Slip> {
    let once = settings(subject).filter(|line| subject.of(&line.head) != "trigger");
    let whole = once.filter(|line| subject.is_one_line(&line.range) && subject.ends_line(line.range.end));
    whole
        .map(|line| {
            let line = subject.line(line.range.start);
            Slip::put_in(line.end, format!("\n{}", subject.of(&line))).looked_for_in_line(1)
        })
        .collect()
}

/// A line of the header given twice.
pub fn second_header_lines(subject: &Subject) -> Vec<Slip> {
    let once = ["channel", "inbox", "languages", "priority", "welcome", "outdated", "plan", "privacy"];
    let lines = subject
        .items
        .iter()
        .filter(|(head, all)| once.contains(&subject.of(head)) && subject.is_one_line(all));
    let lines = lines.filter(|(head, _)| subject.is_flow() || subject.of(head) != "inbox");
    lines
        .map(|(head, _)| {
            let line = subject.line(head.start);
            Slip::put_in(line.end, format!("\n{}", subject.of(&line))).looked_for_in_line(1)
        })
        .collect()
}

/// A channel, a language or a priority that there is not.
pub fn header_values(subject: &Subject) -> Vec<Slip> {
    let lines = subject.items.iter().filter_map(|(head, all)| {
        let value = head.end..all.end;
        match subject.of(head) {
            "channel" => Some(Slip::instead(value, " telegraph")),
            "languages" => Some(Slip::instead(value, " english")),
            "priority" => Some(Slip::instead(value, " high")),
            "inbox" if subject.is_flow() => Some(Slip::instead(value, " nowhere")),
            _ => None,
        }
    });
    lines.collect()
}

/// A colour with a digit too few.
pub fn colours(subject: &Subject) -> Vec<Slip> {
    let long = subject.tokens_of(Kind::Colour).filter(|colour| colour.len() == "#rrggbb".len());
    long.map(|colour| Slip::without(colour.end - 1..colour.end)).collect()
}

/// A day that no calendar has.
pub fn days(subject: &Subject) -> Vec<Slip> {
    let dates = subject.tokens_of(Kind::Date).filter(|date| date.len() == "2027-01-31".len());
    dates.map(|date| Slip::instead(date.end - 5..date.end, "02-30")).collect()
}

/// A date in quotes.
pub fn quoted_dates(subject: &Subject) -> Vec<Slip> {
    let dates = compared(subject, "date").filter(|all| all.literal == Some(Kind::Date));
    dates
        .filter_map(|all| all.right.first())
        .map(|date| Slip::instead(date.clone(), format!("\"{}\"", subject.of(date))))
        .collect()
}

/// A value where a condition belongs.
pub fn conditions(subject: &Subject) -> Vec<Slip> {
    let alone = subject.comparisons.iter().filter(|all| {
        let behind =
            subject.text().get(all.right.last().map_or(all.words.end, |right| right.end)..).unwrap_or("");
        let before = subject.text().get(..all.left.start).unwrap_or("");
        behind.starts_with(" then") && before.ends_with("if ") && !subject.of(&all.left).contains(' ')
    });
    alone
        .map(|all| Slip::without(all.left.end..all.right.last().map_or(all.words.end, |right| right.end)))
        .collect()
}

/// `1 < x < 5`.
pub fn chains(subject: &Subject) -> Vec<Slip> {
    let sized = subject.comparisons.iter().filter(|all| {
        matches!(
            all.operator,
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual
        )
    });
    sized.filter_map(|all| all.right.first()).map(|right| Slip::put_in(right.end, " < 1000000")).collect()
}

/// A pattern that cannot be read.
pub fn patterns(subject: &Subject) -> Vec<Slip> {
    subject.tokens_of(Kind::Regex).map(|pattern| Slip::put_in(pattern.end - 1, "(")).collect()
}

/// An attempt without the place it leads to.
pub fn attempts(subject: &Subject) -> Vec<Slip> {
    let lines = subject.lines.iter().filter(|line| {
        matches!(subject.of(&line.head), "attempts" | "timeout" | "otherwise") && line.has_arrow
    });
    let lines = lines.filter(|line| subject.is_one_line(&line.range));
    lines
        .filter_map(|line| {
            let arrow = subject.tokens_of(Kind::Arrow).find(|arrow| arrow.start >= line.head.end)?;
            Some(Slip::without(arrow.start..line.range.end))
        })
        .collect()
}

/// A setting without its value.
pub fn missing_values(subject: &Subject) -> Vec<Slip> {
    let lines = subject.lines.iter().filter(|line| {
        !line.is_choice && line.values.len() == 1 && !line.has_arrow && subject.of(&line.head) != "trigger"
    });
    let whole = lines.filter(|line| {
        subject.is_one_line(&line.range) && !matches!(subject.of(&line.head), "show" | "hide" | "skip")
    });
    whole.filter_map(|line| Some(Slip::without(line.head.end..line.values.last()?.end))).collect()
}
