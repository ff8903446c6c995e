//! What stands left of the cursor in an expression, read from its words.

use chatflow_compiler::operator::Operator;
use chatflow_compiler::token::Kind as Token;

use super::context::Word;

/// Whether a word can end a value.
pub(super) fn ends_value(word: &Word<'_>) -> bool {
    let joins = matches!(
        word.kind,
        Token::And | Token::Or | Token::Not | Token::Is | Token::Then | Token::Else | Token::When | Token::If
    );
    let operator = matches!(
        word.kind,
        Token::Contains
            | Token::Includes
            | Token::Matches
            | Token::With
            | Token::Exactly
            | Token::Before
            | Token::After
            | Token::Between
            | Token::Of
            | Token::Any
            | Token::In
            | Token::List
            | Token::Starts
            | Token::Ends
            | Token::Does
            | Token::Contain
            | Token::Team
            | Token::User
            | Token::Inbox
    );
    let literal = matches!(
        word.kind,
        Token::Number
            | Token::Duration
            | Token::Percent
            | Token::Date
            | Token::DateTime
            | Token::Time
            | Token::StrClose
            | Token::RParen
            | Token::RBracket
            | Token::Regex
    );
    literal || word.kind.is_word() && !joins && !operator
}

/// Whether an operator that has no right side ends here: `is known`.
pub(super) fn ends_test(words: &[Word<'_>]) -> bool {
    matches!(
        words.last().map(|word| word.kind),
        Some(Token::Known | Token::UnknownWord | Token::Available | Token::Open)
    )
}

/// What stands behind the last `and`, `or` or `not`; the `and` of `between` joins nothing.
pub(super) fn last_side<'w, 'f>(words: &'w [Word<'f>]) -> &'w [Word<'f>] {
    let after = words.iter().rposition(|word| {
        matches!(word.kind, Token::And | Token::Or | Token::If | Token::When | Token::Then)
    });
    let rest = after.map_or(words, |at| words.get(at + 1..).unwrap_or(&[]));
    match rest {
        [first, rest @ ..] if first.kind == Token::Not => rest,
        rest => rest,
    }
}

/// The path that ends at the end of these words, or `team sales`.
pub(super) fn path_before(words: &[Word<'_>]) -> Option<String> {
    let mut start = words.len();
    let mut wants_word = true;
    for (at, word) in words.iter().enumerate().rev() {
        let fits = if wants_word { word.kind.is_word() } else { word.kind == Token::Dot };
        if !fits {
            break;
        }
        if wants_word {
            start = at;
        }
        wants_word = !wants_word;
    }
    let path = words.get(start..)?;
    let text: String = path.iter().map(|word| word.text).collect();
    let subject = start.checked_sub(1).and_then(|at| words.get(at));
    let subject = subject.filter(|word| matches!(word.kind, Token::Team | Token::User | Token::Inbox));
    match subject {
        Some(kind) => Some(format!("{} {text}", kind.text)),
        None => (!text.is_empty()).then_some(text),
    }
}

/// Whether a word begins an operator behind a value.
pub(super) fn begins_operator(word: &Word<'_>) -> bool {
    matches!(
        word.kind,
        Token::Is
            | Token::Contains
            | Token::Does
            | Token::Starts
            | Token::Ends
            | Token::Includes
            | Token::Matches
            | Token::Less
            | Token::LessEqual
            | Token::Greater
            | Token::GreaterEqual
    )
}

/// What stands left of the operator of a comparison whose right side is being written.
pub(super) fn left_of_operator(words: &[Word<'_>]) -> Option<String> {
    let at = words.iter().rposition(begins_operator)?;
    path_before(words.get(..at)?)
}

/// What stands left of `=`.
pub(super) fn before_sign(words: &[Word<'_>]) -> Option<String> {
    let at = words.iter().rposition(|word| word.kind == Token::Equals)?;
    path_before(words.get(..at)?)
}

/// A value, and the words of the operator behind it as far as they are written; none where no value stands before the
/// cursor, or its comparison goes on behind the operator.
pub(super) fn operator_begun<'f>(words: &[Word<'f>]) -> Option<(String, Vec<&'f str>)> {
    match words.iter().rposition(begins_operator) {
        None => {
            let last = words.last().filter(|word| ends_value(word))?;
            let path = path_before(words).unwrap_or_else(|| last.text.to_owned());
            Some((path, Vec::new()))
        }
        Some(at) => {
            let typed: Vec<&str> = words.get(at..)?.iter().map(|word| word.text).collect();
            let begun = Operator::ALL.iter().map(|operator| operator.spec()).any(|spec| {
                [spec.words, spec.negated]
                    .into_iter()
                    .any(|words| rest_of(words, &typed).is_some_and(|rest| !rest.is_empty()))
            });
            begun.then(|| (path_before(words.get(..at).unwrap_or(&[])).unwrap_or_default(), typed))
        }
    }
}

/// What of an operator's words is left behind those that are written.
pub(super) fn rest_of(words: &str, typed: &[&str]) -> Option<String> {
    let all: Vec<&str> = words.split(' ').collect();
    let begins = all.len() >= typed.len() && all.iter().zip(typed).all(|(word, typed)| word == typed);
    begins.then(|| all.get(typed.len()..).unwrap_or(&[]).join(" "))
}
