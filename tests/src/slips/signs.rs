//! Slips of quotes, brackets and other signs. Each leaves a sign without its partner, or two words without the sign
//! that the grammar wants between them.

use chatflow_compiler::token::Kind;
use chatflow_compiler::tree::StatementKind;

use super::{Bytes, Slip, Subject};

pub fn closing_quotes(subject: &Subject) -> Vec<Slip> {
    subject.texts().into_iter().map(|(open, close)| Slip::without(close).looked_for_at(open.start)).collect()
}

pub fn opening_quotes(subject: &Subject) -> Vec<Slip> {
    let letters =
        |at: usize| subject.text().get(at..).is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    subject
        .texts()
        .into_iter()
        .filter(|(open, _)| letters(open.end))
        .map(|(open, _)| Slip::without(open))
        .collect()
}

/// A block over several lines that loses its last brace.
pub fn closing_braces(subject: &Subject) -> Vec<Slip> {
    let braces = subject.brackets(Kind::LBrace, Kind::RBrace).into_iter();
    let several = braces.filter(|(open, close)| !subject.is_one_line(&(open.start..close.end)));
    several.map(|(open, close)| Slip::without(close).looked_for_at(open.start)).collect()
}

pub fn opening_braces(subject: &Subject) -> Vec<Slip> {
    let braces = subject.brackets(Kind::LBrace, Kind::RBrace).into_iter();
    let several = braces.filter(|(open, close)| !subject.is_one_line(&(open.start..close.end)));
    several.map(|(open, _)| Slip::without(open)).collect()
}

/// A brace more behind a whole step.
pub fn stray_braces(subject: &Subject) -> Vec<Slip> {
    let ends = subject.steps.iter().filter(|step| subject.ends_line(step.range.end));
    ends.map(|step| Slip::put_in(subject.line(step.range.end).end, "\n}").looked_for_at_its_end()).collect()
}

pub fn closing_brackets(subject: &Subject) -> Vec<Slip> {
    one_line_brackets(subject).map(|(_, close)| Slip::without(close)).collect()
}

pub fn opening_brackets(subject: &Subject) -> Vec<Slip> {
    one_line_brackets(subject).map(|(open, _)| Slip::without(open)).collect()
}

fn one_line_brackets(subject: &Subject) -> impl Iterator<Item = (Bytes, Bytes)> {
    let square = subject.brackets(Kind::LBracket, Kind::RBracket);
    let round = subject.brackets(Kind::LParen, Kind::RParen);
    let all = square.into_iter().chain(round);
    all.filter(|(open, close)| subject.is_one_line(&(open.start..close.end)))
}

/// A hole that is not closed.
pub fn holes(subject: &Subject) -> Vec<Slip> {
    let holes = subject.brackets(Kind::HoleOpen, Kind::HoleClose).into_iter();
    holes
        .filter(|(open, close)| is_plain(subject, open, close))
        .map(|(_, close)| Slip::without(close))
        .collect()
}

/// A hole with nothing in it.
pub fn empty_holes(subject: &Subject) -> Vec<Slip> {
    let holes = subject.brackets(Kind::HoleOpen, Kind::HoleClose).into_iter();
    holes
        .filter(|(open, close)| is_plain(subject, open, close))
        .map(|(open, close)| Slip::without(open.end..close.start))
        .collect()
}

/// Two braces around a name, as template languages have it.
pub fn doubled_holes(subject: &Subject) -> Vec<Slip> {
    let holes = subject.brackets(Kind::HoleOpen, Kind::HoleClose).into_iter();
    holes
        .filter(|(open, close)| is_plain(subject, open, close))
        .map(|(open, close)| Slip::instead(open, "{{").and_instead(close, "}}"))
        .collect()
}

/// Whether a hole holds a name, in a text of one line.
fn is_plain(subject: &Subject, open: &Bytes, close: &Bytes) -> bool {
    let within = subject.of(&(open.end..close.start));
    let text =
        subject.texts().into_iter().any(|(start, end)| start.end <= open.start && close.end <= end.start);
    text && !within.is_empty()
        && within.chars().all(|char| char.is_alphanumeric() || matches!(char, '.' | '_'))
}

/// A comma between two members of a list.
pub fn commas(subject: &Subject) -> Vec<Slip> {
    let lists = subject.brackets(Kind::LBracket, Kind::RBracket);
    let between = |comma: &Bytes| {
        let within = lists.iter().any(|(open, close)| open.end <= comma.start && comma.end <= close.start);
        within && !subject.ends_line(comma.end) && !subject.of(&(comma.end..comma.end + 2)).contains(']')
    };
    subject.tokens_of(Kind::Comma).filter(between).map(Slip::without).collect()
}

/// An arrow that is left out before a step's name, so that two words stand side by side.
pub fn arrows(subject: &Subject) -> Vec<Slip> {
    arrows_to_steps(subject)
        .filter(|(arrow, _)| !subject.begins_line(arrow.start))
        .map(|(arrow, _)| Slip::without(arrow))
        .collect()
}

/// An arrow to nowhere.
pub fn arrows_to_nowhere(subject: &Subject) -> Vec<Slip> {
    arrows_to_steps(subject).map(|(_, target)| Slip::without(target)).collect()
}

/// `- >`.
pub fn torn_arrows(subject: &Subject) -> Vec<Slip> {
    arrows_to_steps(subject).map(|(arrow, _)| Slip::instead(arrow, "- >")).collect()
}

/// Arrows, each with the step's name behind it.
pub fn arrows_to_steps(subject: &Subject) -> impl Iterator<Item = (Bytes, Bytes)> {
    subject.tokens_of(Kind::Arrow).filter_map(|arrow| {
        let target = subject.targets.iter().find(|target| target.start >= arrow.end)?;
        let between = subject.of(&(arrow.end..target.start));
        between.trim().is_empty().then(|| (arrow, target.clone()))
    })
}

/// `set x 5`.
pub fn equals_signs(subject: &Subject) -> Vec<Slip> {
    let stores = subject
        .statements
        .iter()
        .filter(|statement| matches!(statement.kind, StatementKind::Set { .. } | StatementKind::Let { .. }));
    let between = stores.filter_map(|store| Some(store.target.as_ref()?.end..store.part.as_ref()?.start));
    between.map(|between| Slip::instead(between, " ")).collect()
}

/// `if x is known -> a`.
pub fn thens(subject: &Subject) -> Vec<Slip> {
    subject.tokens_of(Kind::Then).map(Slip::without).collect()
}

/// `ask name text "…"`.
pub fn colons(subject: &Subject) -> Vec<Slip> {
    let asks =
        subject.statements.iter().filter(|statement| matches!(statement.kind, StatementKind::Ask { .. }));
    let between = asks.filter_map(|ask| Some(ask.target.as_ref()?.end..ask.part.as_ref()?.start));
    between.map(|between| Slip::instead(between, " ")).collect()
}

/// `contact.stage lead`.
pub fn operators(subject: &Subject) -> Vec<Slip> {
    let all = subject.comparisons.iter().filter(|comparison| !comparison.right.is_empty());
    all.filter(|comparison| comparison.literal != Some(Kind::Number))
        .map(|comparison| Slip::without(comparison.words.clone()))
        .collect()
}

/// A backslash before a letter that is no escape.
pub fn escapes(subject: &Subject) -> Vec<Slip> {
    subject.tokens_of(Kind::StrText).map(|words| Slip::put_in(words.start, "\\d")).collect()
}

/// A zero-width space, as pasted text has it.
pub fn invisible_characters(subject: &Subject) -> Vec<Slip> {
    subject.statements.iter().map(|statement| Slip::put_in(statement.range.start, "\u{200b}")).collect()
}

/// A no-break space where a plain one stood.
pub fn no_break_spaces(subject: &Subject) -> Vec<Slip> {
    let blanks = subject.tokens_of(Kind::Blank).filter(|blank| subject.of(blank) == " ");
    blanks.filter(|blank| !subject.ends_line(blank.end)).map(|blank| Slip::instead(blank, "\u{a0}")).collect()
}

/// Quotes that a word processor made round.
pub fn round_quotes(subject: &Subject) -> Vec<Slip> {
    let plain = |open: &Bytes, close: &Bytes| !subject.of(&(open.end..close.start)).contains(['{', '\\']);
    let texts = subject.texts().into_iter().filter(|(open, close)| plain(open, close));
    texts.map(|(open, close)| Slip::instead(open, "\u{201c}").and_instead(close, "\u{201d}")).collect()
}

/// A comma of the width of a Chinese character.
pub fn wide_commas(subject: &Subject) -> Vec<Slip> {
    subject.tokens_of(Kind::Comma).map(|comma| Slip::instead(comma, "\u{ff0c}")).collect()
}

/// Two statements on one line.
pub fn two_on_a_line(subject: &Subject) -> Vec<Slip> {
    let simple = |kind: &StatementKind| {
        matches!(kind, StatementKind::Say { .. } | StatementKind::Set { .. } | StatementKind::End)
    };
    let bodies = subject.steps.iter().flat_map(|step| step.body.iter().zip(step.body.iter().skip(1)));
    let pairs = bodies.filter(|(first, second)| simple(&first.kind) && simple(&second.kind));
    let pairs = pairs.map(|(first, second)| first.range.end..second.range.start);
    pairs
        .filter(|between| subject.of(between).trim().is_empty())
        .map(|between| Slip::instead(between, " "))
        .collect()
}
