//! Slips of people who know another language, and write as it would have it.

use chatflow_compiler::token::Kind;
use chatflow_compiler::tree::{Operator, StatementKind};

use super::signs::arrows_to_steps;
use super::subject::Statement;
use super::{Slip, Subject};

/// `==` for `is`.
pub fn double_equals(subject: &Subject) -> Vec<Slip> {
    let all = subject.comparisons.iter().filter(|all| all.operator == Operator::Is && !all.negated);
    all.map(|comparison| Slip::instead(comparison.words.clone(), "==")).collect()
}

/// `=` for `is`.
pub fn single_equals(subject: &Subject) -> Vec<Slip> {
    let all = subject.comparisons.iter().filter(|all| all.operator == Operator::Is && !all.negated);
    all.map(|comparison| Slip::instead(comparison.words.clone(), "=")).collect()
}

/// `!=` for `is not`.
pub fn not_equals(subject: &Subject) -> Vec<Slip> {
    let all = subject.comparisons.iter().filter(|all| all.operator == Operator::Is && all.negated);
    all.map(|comparison| Slip::instead(comparison.words.clone(), "!=")).collect()
}

/// `&&` for `and`; the one of `between` too.
pub fn and_signs(subject: &Subject) -> Vec<Slip> {
    subject.tokens_of(Kind::And).map(|word| Slip::instead(word, "&&")).collect()
}

/// `||` for `or`.
pub fn or_signs(subject: &Subject) -> Vec<Slip> {
    subject.tokens_of(Kind::Or).map(|word| Slip::instead(word, "||")).collect()
}

/// `=>` for `->`.
pub fn fat_arrows(subject: &Subject) -> Vec<Slip> {
    subject.tokens_of(Kind::Arrow).map(|arrow| Slip::instead(arrow, "=>")).collect()
}

/// A semicolon at the end of a statement.
pub fn semicolons(subject: &Subject) -> Vec<Slip> {
    let lines = subject
        .statements
        .iter()
        .filter(|statement| subject.is_one_line(&statement.range) && subject.ends_line(statement.range.end));
    lines.map(|statement| Slip::put_in(statement.range.end, ";")).collect()
}

/// `# …`, `/* … */`, `-- …` for a comment.
pub fn other_comments(subject: &Subject) -> Vec<Slip> {
    let forms = ["# todo: ask sales\n", "/* todo: ask sales */\n", "-- todo: ask sales\n", "<!-- todo -->\n"];
    let firsts = subject.steps.iter().filter_map(|step| step.body.first());
    let lines = firsts.filter(|first| subject.begins_line(first.range.start));
    let lines = lines.map(|first| subject.line(first.range.start).start);
    lines.zip(forms.iter().cycle()).map(|(at, comment)| Slip::put_in(at, *comment)).collect()
}

/// `say("…")`.
pub fn calls(subject: &Subject) -> Vec<Slip> {
    let says =
        subject.statements.iter().filter(|statement| matches!(statement.kind, StatementKind::Say { .. }));
    let texts = says.filter_map(|say| Some((say.range.start, say.part.clone()?)));
    texts
        .filter(|(_, text)| subject.is_one_line(text))
        .map(|(start, text)| {
            Slip::instead(start + "say".len()..text.start, "(").and_instead(text.end..text.end, ")")
        })
        .collect()
}

/// `elseif`, `elif`.
pub fn joined_else_ifs(subject: &Subject) -> Vec<Slip> {
    let elses = subject.tokens_of(Kind::Else);
    let ifs = elses.filter_map(|word| {
        let next = subject.tokens_of(Kind::If).find(|next| next.start > word.end)?;
        subject.of(&(word.end..next.start)).trim().is_empty().then_some(word.start..next.end)
    });
    ifs.zip(["elseif", "elif", "elsif"].iter().cycle())
        .map(|(both, word)| Slip::instead(both, *word))
        .collect()
}

/// `Say`, `Ask`.
pub fn capitals(subject: &Subject) -> Vec<Slip> {
    let lines = subject.statements.iter().filter(|statement| subject.begins_line(statement.range.start));
    let firsts = lines.map(|statement| statement.range.start..statement.range.start + 1);
    firsts
        .filter(|first| subject.of(first).starts_with(char::is_alphabetic))
        .map(|first| Slip::instead(first.clone(), subject.of(&first).to_uppercase()))
        .collect()
}

/// `goto x`, `go to x` for an arrow that stands alone.
pub fn gotos(subject: &Subject) -> Vec<Slip> {
    let alone = arrows_to_steps(subject).filter(|(arrow, _)| subject.begins_line(arrow.start));
    let words = ["goto", "go to", "jump", "call", "run"];
    alone.zip(words.iter().cycle()).map(|((arrow, _), word)| Slip::instead(arrow, *word)).collect()
}

/// `'…'` for a text.
pub fn single_quotes(subject: &Subject) -> Vec<Slip> {
    let texts = subject.texts().into_iter();
    let plain =
        texts.filter(|(open, close)| !subject.of(&(open.end..close.start)).contains(['{', '\\', '\'']));
    plain.map(|(open, close)| Slip::instead(open, "'").and_instead(close, "'")).collect()
}

/// A text glued to a value.
pub fn glued_texts(subject: &Subject) -> Vec<Slip> {
    let says =
        subject.statements.iter().filter(|statement| matches!(statement.kind, StatementKind::Say { .. }));
    let texts = says.filter_map(|say| say.part.clone()).filter(|text| subject.of(text).ends_with('"'));
    texts.filter(|text| subject.is_one_line(text)).map(|text| Slip::put_in(text.end, " + today")).collect()
}

/// `return`, `stop` for `end`.
pub fn returns(subject: &Subject) -> Vec<Slip> {
    let ends = subject.statements.iter().filter(|statement| matches!(statement.kind, StatementKind::End));
    let words = ["return", "stop", "exit", "finish"];
    ends.zip(words.iter().cycle()).map(|(end, word)| Slip::instead(end.range.clone(), *word)).collect()
}

/// `var x = …`, `const x = …`.
pub fn variables(subject: &Subject) -> Vec<Slip> {
    let words = ["var", "const", "local", "define"];
    stores(subject, "let")
        .zip(words.iter().cycle())
        .map(|(word, other)| Slip::instead(word, *other))
        .collect()
}

/// `x = …` for `set x = …`.
pub fn bare_stores(subject: &Subject) -> Vec<Slip> {
    stores(subject, "set").map(|word| Slip::without(word.start..word.end + 1)).collect()
}

fn stores(subject: &Subject, word: &'static str) -> impl Iterator<Item = super::Bytes> {
    let begins = move |statement: &&Statement| {
        subject.of(&statement.range).starts_with(word)
            && matches!(statement.kind, StatementKind::Let { .. } | StatementKind::Set { .. })
    };
    let found = subject.statements.iter().filter(begins);
    found.map(|statement| statement.range.start..statement.range.start + word.len())
}

/// `is null`, `is empty`, `is undefined` for `is unknown`.
pub fn nulls(subject: &Subject) -> Vec<Slip> {
    let all = subject.comparisons.iter().filter(|all| all.operator == Operator::IsKnown && all.negated);
    let words = ["is null", "is empty", "is undefined", "is nil"];
    all.zip(words.iter().cycle()).map(|(all, word)| Slip::instead(all.words.clone(), *word)).collect()
}

/// A type behind the name that `let` stores in, as other languages have it.
pub fn typed_lets(subject: &Subject) -> Vec<Slip> {
    let lets =
        subject.statements.iter().filter(|statement| matches!(statement.kind, StatementKind::Let { .. }));
    lets.filter_map(|all| all.target.clone()).map(|name| Slip::put_in(name.end, ": number")).collect()
}
