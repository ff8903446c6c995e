//! The conversations of `tests/conversations` say what the language means: each notices something that breaks it.
//!
//! Everything that a table of the code declares is broken in turn (`tests/src/broken` says how), and at least one test
//! must fail. So a new row without a conversation is found here, as is a new mutant that nobody notices.
#![expect(clippy::unwrap_used, reason = "a panic in a test is its failure")]

use std::collections::BTreeSet;

use chatflow_compiler::tree::{Arithmetic, Operator};
use chatflow_runtime::action::{Action, ObjectKind};
use chatflow_runtime::op::Op;
use chatflow_runtime::setting::{Setting, SettingValue};
use chatflow_tests::broken::{
    Conversations, Mutant, actions, instructions, lines, modules, operators, places, statements, tables,
};

#[test]
fn the_conversations_pass() {
    let (failed, all) = Conversations::read().unwrap().failures();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(all > 100, "{all} tests");
}

fn all_are_noticed(mutants: impl IntoIterator<Item = Mutant>) {
    let mutants: Vec<Mutant> = mutants.into_iter().collect();
    println!("{} mutants", mutants.len());
    assert!(!mutants.is_empty());
    let unnoticed = Conversations::read().unwrap().unnoticed(mutants);
    assert!(unnoticed.is_empty(), "no test fails although this means something else: {unnoticed:#?}");
}

#[test]
fn each_instruction_matters() {
    let without: Vec<&str> = Op::ALL
        .iter()
        .filter(|row| instructions::mutants(row).is_empty())
        .map(|(_, name, _)| *name)
        .collect();
    assert_eq!(without, Vec::<&str>::new(), "instructions without a mutant");
    all_are_noticed(Op::ALL.iter().flat_map(instructions::mutants));
}

#[test]
fn each_operator_matters() {
    let comparisons = Operator::ALL.iter().flat_map(|operator| operators::mutants(*operator));
    let arithmetic = Arithmetic::ALL.iter().flat_map(|operator| operators::of_arithmetic(*operator));
    let others = operators::of_logic().into_iter().chain([operators::of_sign()]);
    all_are_noticed(comparisons.chain(arithmetic).chain(others));
}

#[test]
fn each_statement_and_line_matters() {
    let statements_alone = statements::STATEMENTS.iter().map(|word| statements::of_statement(word));
    let lines_alone = statements::LINES.iter().map(|word| statements::of_line(word));
    all_are_noticed(statements_alone.chain(lines_alone).chain(statements::of_parts()));
}

#[test]
fn each_action_outcome_and_setting_of_it_matters() {
    let things = ObjectKind::ALL.iter().filter_map(|kind| actions::of_object(*kind));
    all_are_noticed(Action::ALL.iter().flat_map(|action| actions::mutants(*action)).chain(things));
}

#[test]
fn each_part_of_a_question_matters() {
    all_are_noticed(places::mutants());
}

#[test]
fn modules_keep_to_themselves() {
    all_are_noticed(modules::mutants());
}

#[test]
fn each_fact_matters() {
    all_are_noticed(tables::facts().into_iter().map(tables::of_fact));
}

#[test]
fn each_type_matters() {
    all_are_noticed(tables::types().into_iter().flat_map(tables::of_type));
}

#[test]
fn each_part_of_the_header_matters() {
    all_are_noticed(tables::of_header());
}

#[test]
fn each_setting_matters() {
    let seen = Setting::ALL.iter().filter(|setting| tables::is_seen_in_conversations(**setting));
    all_are_noticed(seen.map(|setting| tables::of_setting(*setting)));
}

/// What only the page that shows a chat does is not seen in a test; it must reach the program as it was written.
#[test]
fn each_setting_reaches_the_host() {
    let conversations = Conversations::read().unwrap();
    let program =
        conversations.programs().find(|image| image.strings.get(image.flow.name) == "appearance").unwrap();
    let written = |value: &SettingValue| match value {
        SettingValue::Word(word) => program.strings.get(*word).to_owned(),
        SettingValue::Text(text) => format!("\"{}\"", program.strings.get(*text)),
        SettingValue::WordAndText(word, text) => {
            format!("{} \"{}\"", program.strings.get(*word), program.strings.get(*text))
        }
        SettingValue::Duration(milliseconds) => format!("{milliseconds}ms"),
        SettingValue::Colour(colour) => format!("#{colour:06x}"),
        SettingValue::TriggerOnExit => "on_exit".to_owned(),
        SettingValue::TriggerAfter(milliseconds) => format!("after {milliseconds}ms"),
        SettingValue::TriggerScrolled(percent) => format!("scrolled {percent}%"),
    };
    let given: Vec<String> = program
        .settings
        .iter()
        .map(|(setting, value)| format!("{} {}", setting.spec().word, written(value)))
        .collect();
    assert_eq!(
        given,
        [
            "heading \"Acme Sales\"",
            "avatar \"https://acme.example/bot.png\"",
            "accent #ff7a59",
            "placement left",
            "desktop open",
            "mobile prompt",
            "trigger on_exit",
            "trigger after 8000ms",
            "trigger scrolled 50%",
            "typing_delay 800ms",
            "session_timeout 1200000ms",
            "availability when_available",
            "error \"That went wrong.\"",
            "marketing on",
            "survey post_chat",
            "cookies before_chat",
            "processing legitimate_interest \"By chatting you agree.\"",
        ]
    );
    let all: BTreeSet<Setting> = program.settings.iter().map(|(setting, _)| *setting).collect();
    assert_eq!(all, Setting::ALL.iter().copied().collect(), "a setting that no conversation gives");
}

#[test]
fn each_line_of_a_test_matters() {
    let mutants = lines::LINES.iter().flat_map(|line| lines::mutants(line));
    all_are_noticed(mutants.chain([lines::too_early()]));
}
