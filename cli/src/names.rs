//! Names of flows for what a CRM calls otherwise.

use std::collections::BTreeSet;

use chatflow_compiler::lex::lex;
use chatflow_compiler::token::Kind;

/// Whether the language reads this as one name.
pub fn is_name(text: &str) -> bool {
    let (tokens, notes) = lex(text);
    let joint =
        |kind: Kind| matches!(kind, Kind::And | Kind::Or | Kind::Not | Kind::Is | Kind::Then | Kind::Else);
    notes.is_empty() && matches!(tokens.kinds.as_slice(), [kind] if kind.is_word() && !joint(*kind))
}

/// Words that mean something else where an option stands.
const NO_OPTIONS: &[&str] = &[
    "known", "unknown", "reply", "today", "now", "contact", "company", "page", "visitor", "true", "false",
    "is", "and", "or", "not", "then", "else",
];

/// Whether an option can have this name.
pub fn is_option(text: &str) -> bool {
    is_name(text) && !NO_OPTIONS.contains(&text)
}

/// A name made of the letters and digits of a text; none if it does not begin with a letter.
pub fn made(text: &str) -> Option<String> {
    let mut name = String::new();
    for char in text.chars() {
        if char.is_ascii_alphanumeric() || (char.is_alphabetic() && !char.is_ascii()) {
            name.extend(char.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        // Nobody types a longer one.
        if name.chars().count() >= LONGEST {
            break;
        }
    }
    let name = name.trim_end_matches('_');
    is_name(name).then(|| name.to_owned())
}

const LONGEST: usize = 40;

/// The names that are taken.
#[derive(Debug, Default)]
pub struct Taken(BTreeSet<String>);

impl Taken {
    /// These are.
    pub fn of<'n>(names: impl Iterator<Item = &'n String>) -> Taken {
        Taken(names.cloned().collect())
    }

    /// The first of these that is free, or the last with the first number that makes it so.
    pub fn take(&mut self, candidates: &[String]) -> String {
        let free = candidates.iter().find(|name| !self.0.contains(*name)).cloned();
        let base = candidates.last().map_or("unnamed", String::as_str);
        let name = free.or_else(|| {
            (2_u64..).map(|number| format!("{base}_{number}")).find(|name| !self.0.contains(name))
        });
        let name = name.unwrap_or_default();
        self.0.insert(name.clone());
        name
    }
}

/// The name as a title: `acme_inc` is `Acme inc`.
pub fn as_title(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_what_is_there() {
        assert_eq!(made("Paying Customer").as_deref(), Some("paying_customer"));
        assert_eq!(made("  A/B -- test!").as_deref(), Some("a_b_test"));
        assert_eq!(made("Größe").as_deref(), Some("größe"));
        assert_eq!(made("1 - Low"), None);
        assert_eq!(made("or"), None);
        assert_eq!(made("").as_deref(), None);
        assert!(is_name("step") && is_name("_x") && !is_name("a-b") && !is_name("a b") && !is_name("or"));
        assert!(is_option("lead") && !is_option("unknown"));
    }

    #[test]
    fn a_taken_name_is_numbered() {
        let mut taken = Taken::default();
        let names = ["a".to_owned(), "a_b".to_owned()];
        assert_eq!([0; 4].map(|_| taken.take(&names)), ["a", "a_b", "a_b_2", "a_b_3"]);
    }
}
