//! A chat that waits while its flow gets a new version goes on where it stands.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a panic in a test is its failure, and only texts are looked at"
)]

use chatflow_compiler::{Project, Source, check};
use chatflow_runtime::{
    Effect, Facts, Input, PlaceId, Program, Reply, Timestamp, Turn, Waiting, resume, start,
};

fn program(text: &str) -> Program {
    project(&[("c.flow", text)])
}

/// The program of the one flow among these files.
fn project(files: &[(&str, &str)]) -> Program {
    let text = files.iter().map(|(_, text)| *text).collect::<String>();
    let project = Project::new(files.iter().map(|(path, text)| Source::new(*path, *text)).collect());
    let checked = check(&project);
    assert_eq!(checked.diagnostics, [], "{text}");
    Program::from_image(checked.flows[0].image.clone().unwrap()).unwrap()
}

fn said(turn: &Turn) -> Vec<String> {
    let texts = turn.effects.iter().filter_map(|numbered| match &numbered.effect {
        Effect::Say { text } | Effect::Ask { text, .. } => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

/// What the new version says to a reply to the question at which the old one waits.
fn goes_on(old: &str, new: &str) -> Vec<String> {
    let begun = start(&program(old), &Facts::new(), Timestamp(0));
    let turn = resume(&program(new), &begun.session, Input::Text("A"), &Facts::new(), Timestamp(1000));
    said(&turn)
}

const OLD: &str = "flow c \"C\"\nstep b {\n  ask name: text \"Name?\"\n  say \"Hi {name}\"\n}\n";

#[test]
fn a_chat_follows_its_step_to_its_new_name() {
    let new = "flow c \"C\"\noutdated -> o\nstep bb was b {\n  ask name: text \"Your name?\"\n  say \"Hello {name}\"\n}\nstep o {\n  say \"O\"\n}\n";
    assert_eq!(goes_on(OLD, new), ["Hello A"]);
}

#[test]
fn where_the_question_is_gone_the_renamed_step_begins_anew() {
    let new = "flow c \"C\"\noutdated -> o\nstep bb was b {\n  ask age: number \"Age?\"\n}\nstep o {\n  say \"O\"\n}\n";
    assert_eq!(goes_on(OLD, new), ["Age?"]);
}

#[test]
fn where_the_step_is_gone_the_flow_says_where_to_go() {
    let new = "flow c \"C\"\noutdated -> o\nstep x {\n  ask age: number \"Age?\"\n  -> o\n}\nstep o {\n  say \"O\"\n}\n";
    assert_eq!(goes_on(OLD, new), ["O"]);
}

#[test]
fn a_chat_follows_its_flow_to_its_new_name() {
    assert_eq!(goes_on(OLD, &OLD.replace("flow c", "flow d was c")), ["Hi A"]);
}

#[test]
fn an_old_button_still_means_what_it_meant() {
    let old = "flow c \"C\"\nstep b {\n  ask \"Go?\" {\n    \"Yes\" -> yes\n    \"No\" -> no\n  }\n}\nstep yes { say \"Y\" }\nstep no { say \"N\" }\n";
    let new = "flow c \"C\"\nstep bb was b {\n  ask \"Shall we?\" {\n    \"Rather not\" -> no\n    \"Of course\" -> yes\n  }\n}\nstep yes { say \"Y\" }\nstep no { say \"N\" }\n";
    let begun = start(&program(old), &Facts::new(), Timestamp(0));
    let Waiting::Visitor { place, .. } = begun.waiting else { panic!("{:?}", begun.waiting) };
    let Effect::Ask { replies, .. } = &begun.effects[0].effect else { panic!("{:?}", begun.effects) };
    let tap = Input::Tap { place, reply: replies[0].id };
    let turn = resume(&program(new), &begun.session, tap, &Facts::new(), Timestamp(1000));
    assert_eq!(said(&turn), ["Y"]);
}

/// What the visitor's tap on each button of the old version says in the new one.
fn taps(old: &str, new: &str) -> Vec<Vec<String>> {
    let begun = start(&program(old), &Facts::new(), Timestamp(0));
    let Waiting::Visitor { place, .. } = begun.waiting else { return Vec::new() };
    let Effect::Ask { replies, .. } = &begun.effects[0].effect else { return Vec::new() };
    let tap = |reply: &Reply| {
        let tap = Input::Tap { place, reply: reply.id };
        said(&resume(&program(new), &begun.session, tap, &Facts::new(), Timestamp(1000)))
    };
    replies.iter().map(tap).collect()
}

#[test]
fn a_button_of_a_renamed_step_is_not_another_that_leads_there_too() {
    let old = "flow c \"C\"\nstep b {\n  ask size: text \"Which?\" {\n    \"Large\" = \"L\" -> c\n    \"Any\" -> c\n  }\n}\nstep c { say \"{size}\" }\n";
    let new = old.replace("-> c", "-> cc").replace("step c {", "step cc was c {");
    assert_eq!(taps(old, old), [["L"], ["Any"]]);
    assert_eq!(taps(old, &new), [["L"], ["Any"]]);
    // Two that differ in their labels alone keep them apart.
    let old = "flow c \"C\"\nstep b {\n  ask \"Which?\" {\n    \"Large\" -> c\n    \"Any\" -> c\n  }\n}\nstep c { say \"{reply}\" }\n";
    let new = old.replace("-> c", "-> cc").replace("step c {", "step cc was c {");
    assert_eq!(taps(old, &new), [["Large"], ["Any"]]);
}

/// Half an id is four bytes, so among a hundred thousand names two steps share theirs.
#[test]
fn steps_that_share_half_an_id_have_places_of_their_own() {
    let mut seen = std::collections::HashMap::new();
    let pair = (0..1_000_000).find_map(|number| {
        let name = format!("s{number}");
        let other = seen.insert(PlaceId::of(&name, "ask", 0), name.clone());
        other.map(|other| (other, name))
    });
    let (one, other) = pair.unwrap();
    let old = format!(
        "flow c \"C\"\nstep {one} {{\n  ask \"One?\"\n  -> {other}\n}}\nstep {other} {{\n  ask \"Two?\"\n  say \"Bye\"\n}}\n"
    );
    let program = program(&old);
    let begun = start(&program, &Facts::new(), Timestamp(0));
    let second = resume(&program, &begun.session, Input::Text("A"), &Facts::new(), Timestamp(1000));
    assert_eq!(said(&second), ["Two?"]);
    let last = resume(&program, &second.session, Input::Text("B"), &Facts::new(), Timestamp(2000));
    assert_eq!(said(&last), ["Bye"]);
}

const CALLS: &str = "flow c \"C\"\nstep a {\n  do b\n  say \"Back, {name}\"\n}\nstep b {\n  ask name: text \"Name?\"\n  do d\n  say \"B\"\n}\nstep d {\n  ask age: number \"Age?\"\n}\nstep o {\n  say \"O\"\n}\noutdated -> o\n";

/// What the new version says to an age, where the old one asks for it two steps deep.
fn comes_back(new: &str) -> Vec<String> {
    let old = program(CALLS);
    let begun = start(&old, &Facts::new(), Timestamp(0));
    let asked = resume(&old, &begun.session, Input::Text("Ada"), &Facts::new(), Timestamp(500));
    assert_eq!(asked.session.callers().len(), 2);
    said(&resume(&program(new), &asked.session, Input::Text("36"), &Facts::new(), Timestamp(1000)))
}

#[test]
fn a_chat_comes_back_in_a_new_version() {
    assert_eq!(comes_back(CALLS), ["B", "Back, Ada"]);
    let edited = CALLS.replace("  do b\n", "  say \"Hello\"\n  do b\n").replace("\"B\"", "\"BB\"");
    assert_eq!(comes_back(&edited), ["BB", "Back, Ada"]);
}

#[test]
fn return_places_follow_renamed_steps() {
    let caller = CALLS.replace("step a", "step aa was a");
    assert_eq!(comes_back(&caller), ["B", "Back, Ada"]);
    let both =
        CALLS.replace("step b", "step bb was b").replace("do b", "do bb").replace("step a", "step aa was a");
    assert_eq!(comes_back(&both), ["B", "Back, Ada"]);
}

#[test]
fn where_nobody_can_be_come_back_to_the_chat_moves_on() {
    let gone = CALLS.replace("  do d\n", "").replace("step o {\n", "step o {\n  do d\n");
    assert_eq!(comes_back(&gone), ["Age?"]);
    let other = CALLS
        .replace("  do b\n", "  do b2\n")
        .replace("{name}", "you")
        .replace("step b {", "step b2 {\n  say \"B2\"\n  do b\n}\nstep b {");
    assert_eq!(comes_back(&other), ["O"]);
}

#[test]
fn a_step_that_begins_anew_comes_back_as_its_predecessor_would() {
    let question = CALLS
        .replace("ask age: number \"Age?\"", "ask \"How old?\"")
        .replace("step d", "step d2 was d")
        .replace("do d", "do d2");
    let old = program(CALLS);
    let begun = start(&old, &Facts::new(), Timestamp(0));
    let asked = resume(&old, &begun.session, Input::Text("Ada"), &Facts::new(), Timestamp(500));
    let new = program(&question);
    let anew = resume(&new, &asked.session, Input::Text("36"), &Facts::new(), Timestamp(1000));
    assert_eq!(said(&anew), ["How old?"]);
    let back = resume(&new, &anew.session, Input::Text("36"), &Facts::new(), Timestamp(2000));
    assert_eq!(said(&back), ["B", "Back, Ada"]);
}

const FLOW: &str = "flow c \"C\"\nuse details\noutdated -> o\nstep b {\n  do details.collect\n  say \"Done\"\n}\nstep o {\n  say \"O\"\n}\n";
const DETAILS: &str = "module details \"D\"\nstep collect {\n  ask first: text \"First?\"\n  do last\n  say \"Hi {first} {second}\"\n}\nstep last {\n  ask second: text \"Second?\"\n}\n";

/// What the new version says to a second reply, in a chat that waits in a step which a module's step runs.
fn goes_on_in_module(files: &[(&str, &str)]) -> Vec<String> {
    let old = project(&[("c.flow", FLOW), ("details.flow", DETAILS)]);
    let begun = start(&old, &Facts::new(), Timestamp(0));
    let asked = resume(&old, &begun.session, Input::Text("Ada"), &Facts::new(), Timestamp(1000));
    assert_eq!(said(&asked), ["Second?"]);
    assert_eq!(asked.session.callers().len(), 2);
    let turn =
        resume(&project(files), &asked.session, Input::Text("Lovelace"), &Facts::new(), Timestamp(2000));
    said(&turn)
}

#[test]
fn a_chat_in_a_module_goes_on_after_an_edit() {
    let edited = DETAILS.replace("Hi", "Hello").replace("step last", "step more {\n  end\n}\nstep last");
    let flow = FLOW.replace("step b {", "step b {\n  say \"Welcome\"");
    assert_eq!(
        goes_on_in_module(&[("c.flow", &flow), ("details.flow", &edited)]),
        ["Hello Ada Lovelace", "Done"]
    );
}

#[test]
fn a_chat_follows_the_step_of_a_module_to_its_new_name() {
    let renamed = DETAILS.replace("do last", "do surname").replace("step last", "step surname was last");
    let renamed = renamed.replace("step collect", "step all was collect");
    let flow = FLOW.replace("do details.collect", "do details.all");
    assert_eq!(
        goes_on_in_module(&[("c.flow", &flow), ("details.flow", &renamed)]),
        ["Hi Ada Lovelace", "Done"]
    );
}

#[test]
fn a_chat_follows_a_module_to_its_new_name_with_what_it_knows() {
    let renamed = DETAILS.replace("module details", "module people was details");
    let flow = FLOW.replace("details", "people");
    assert_eq!(
        goes_on_in_module(&[("c.flow", &flow), ("people.flow", &renamed)]),
        ["Hi Ada Lovelace", "Done"]
    );
}

#[test]
fn a_chat_follows_a_module_and_its_steps_at_once() {
    let renamed = DETAILS.replace("module details", "module people was others, details");
    let renamed = renamed.replace("do last", "do surname").replace("step last", "step surname was last");
    let renamed = renamed.replace("step collect", "step all was collect");
    let flow = FLOW.replace("do details.collect", "do people.all").replace("details", "people");
    assert_eq!(
        goes_on_in_module(&[("c.flow", &flow), ("people.flow", &renamed)]),
        ["Hi Ada Lovelace", "Done"]
    );
}

#[test]
fn where_a_module_is_gone_the_flow_says_where_to_go() {
    let flow = FLOW.replace("use details\n", "").replace("do details.collect", "ask \"Sure?\"");
    let flow = flow.replace("say \"Done\"", "-> o");
    assert_eq!(goes_on_in_module(&[("c.flow", &flow)]), ["O"]);
}
