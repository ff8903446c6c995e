//! `grammar/flow.ebnf` is the compiler's grammar: its samples parse, its words are the compiler's, its rules hang together.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic in a test is its failure"
)]

use std::collections::BTreeSet;

use chatflow_compiler::source::{FileId, Source};
use chatflow_compiler::token::Kind;
use chatflow_compiler::{Diagnostic, File};
use chatflow_tests::documents::read;

/// A rule: its name, its right side, and the samples that follow it.
#[derive(Debug, Default)]
struct Rule {
    name: String,
    words: Vec<String>,
    quoted: Vec<String>,
    samples: Vec<String>,
}

fn rules() -> Vec<Rule> {
    let grammar = read("grammar/flow.ebnf");
    let mut rules: Vec<Rule> = Vec::new();
    let mut rest = grammar.as_str();
    while !rest.trim_start().is_empty() {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("(*") {
            let (comment, after) = comment.split_once("*)").expect("a comment ends");
            if let (Some(sample), Some(rule)) = (comment.trim().strip_prefix("sample:"), rules.last_mut()) {
                rule.samples.push(sample.trim().to_owned());
            }
            rest = after;
            continue;
        }
        let (name, after) = rest.split_once('=').expect("a rule has a right side");
        let mut rule = Rule { name: name.trim().to_owned(), ..Rule::default() };
        rest = right_side(after, &mut rule);
        rules.push(rule);
    }
    rules
}

/// Reads up to the `;` of a rule, and gives what follows.
fn right_side<'t>(text: &'t str, rule: &mut Rule) -> &'t str {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let first = rest.chars().next().expect("a rule ends with `;`");
        let inner = rest.get(first.len_utf8()..).unwrap_or("");
        match first {
            ';' => return inner,
            '"' | '\'' | '?' => {
                let (quoted, after) = inner.split_once(first).expect("it is closed");
                if first == '"' {
                    rule.quoted.push(quoted.to_owned());
                }
                rest = after;
            }
            _ if first.is_alphabetic() => {
                let end =
                    rest.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                rule.words.push(word.to_owned());
                rest = after;
            }
            _ => rest = inner,
        }
    }
}

#[test]
fn every_rule_has_a_sample_that_parses() {
    let mut wrong = Vec::new();
    for rule in
        rules().iter().filter(|rule| rule.name != "keyword" && rule.name.starts_with(char::is_lowercase))
    {
        if rule.samples.is_empty() {
            wrong.push(format!("{} has no sample", rule.name));
        }
        for sample in &rule.samples {
            let file = File::read(FileId(0), Source::new("sample.flow", sample.as_str()));
            let found: Vec<&Diagnostic> = file.diagnostics.iter().collect();
            if !found.is_empty() || file.items.len() != 1 {
                wrong.push(format!("{}: {sample}: {found:?}", rule.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_words_are_those_of_the_compiler() {
    let rules = rules();
    let listed = rules.iter().find(|rule| rule.name == "keyword").expect("the list of words");
    let known: BTreeSet<&str> = Kind::KEYWORDS.iter().map(|(word, _)| *word).collect();
    assert_eq!(listed.quoted.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
    for rule in &rules {
        for word in rule.quoted.iter().filter(|word| word.starts_with(char::is_alphabetic)) {
            assert!(known.contains(word.as_str()), "{}: `{word}` is no word of the compiler", rule.name);
        }
    }
}

#[test]
fn the_rules_hang_together() {
    let rules = rules();
    let defined: BTreeSet<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
    let used: BTreeSet<&str> = rules.iter().flat_map(|rule| rule.words.iter().map(String::as_str)).collect();
    assert_eq!(defined.len(), rules.len(), "a rule is defined twice");
    assert_eq!(used.difference(&defined).collect::<Vec<_>>(), Vec::<&&str>::new(), "used and not defined");
    let unused: Vec<&str> = defined.difference(&used).copied().collect();
    assert_eq!(unused, ["file", "keyword"], "defined and not used");
}

#[test]
fn rules_have_the_names_of_the_parsers_functions() {
    let source: String = ["expression", "item", "statement"]
        .map(|name| read(&format!("compiler/src/parse/{name}.rs")))
        .concat();
    let defined: BTreeSet<String> = rules().into_iter().map(|rule| rule.name).collect();
    // These two build tables of rules, and these help; they are no rules of their own.
    let helpers = ["expressions", "statements", "missing", "node", "entry_lines", "skip_to_then", "stored"];
    for line in source.lines().filter(|line| line.contains("fn ") && line.contains("<'a, E: Extra<'a>>")) {
        let name = line.split("fn ").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or("");
        assert!(helpers.contains(&name) || defined.contains(name), "the grammar has no rule for `fn {name}`");
    }
}
