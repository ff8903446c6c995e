//! The templates of `chatflow new`: whatever they are filled with checks clean, and its tests pass and reach all of it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic in a test is its failure"
)]

use std::collections::BTreeSet;

use chatflow::new::{Details, Language, Meeting, NewProject, TEMPLATES, Template, project};
use chatflow::testing::{Report, Spot, run_tests, write_transcript};
use chatflow_compiler::format::format_text;
use chatflow_compiler::lex::lex;
use chatflow_compiler::token::Kind;
use chatflow_tests::documents::{exists, read, root};

/// Every template in every language.
fn editions() -> impl Iterator<Item = (&'static Template, Language)> {
    TEMPLATES.iter().flat_map(|template| Language::ALL.iter().map(move |language| (template, *language)))
}

fn details(template: &'static Template, language: Language) -> Details {
    Details { template: Some(template), language: Some(language), ..Details::default() }
}

/// Makes a project, and holds it to what is promised: no finding, the layout of `chatflow fmt`, and every test passes.
fn made(folder: &str, details: &Details) -> (NewProject, Report) {
    let about = format!("{folder}: {details:?}");
    let made = project(folder, details).unwrap_or_else(|trouble| panic!("{about}: {trouble}"));
    let found: Vec<&str> = made.checked.diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert!(found.is_empty(), "{about}: {found:#?}");
    for file in made.files.iter().filter(|file| file.path.ends_with(".flow")) {
        assert_eq!(
            file.text,
            format_text(&file.text),
            "{about}: {} is not as `chatflow fmt` has it",
            file.path
        );
    }
    let report = run_tests(&made.checked, |_| true, None).unwrap();
    for test in &report.tests {
        if let Some(failure) = &test.failure {
            let mut shown = Vec::new();
            write_transcript(&mut shown, &failure.transcript, &failure.changes).unwrap();
            panic!("{about}: {}: {}\n{}", test.name, failure.what, String::from_utf8_lossy(&shown));
        }
    }
    (made, report)
}

#[test]
fn tests_reach_every_step_statement_and_branch() {
    for (template, language) in editions() {
        let (_, report) = made(template.flow, &details(template, language));
        for flow in &report.coverage {
            let missed: Vec<&Spot> =
                flow.steps.iter().chain(&flow.branches).filter(|spot| !spot.hit).collect();
            let lines: Vec<&u32> =
                flow.lines.iter().filter(|(_, hit)| !**hit).map(|((_, line), _)| line).collect();
            let about = format!("{} in {}", template.name, language.name());
            assert!(
                missed.is_empty() && lines.is_empty(),
                "{about}: no test reaches {missed:#?}, lines {lines:?}"
            );
        }
        assert_eq!(report.coverage.len(), 1, "{}", template.name);
    }
}

/// Where every statement and branch is reached, so is every step's end and every `end`. What is left are the ends that
/// come from outside: a person who takes the chat, and a host that fails where the flow does not say what then.
#[test]
fn every_end_is_talked_to() {
    let mut ends = 0;
    for (template, language) in editions() {
        let text =
            read(&format!("examples/templates/{}/{}/{}.flow", template.name, language.tag(), template.flow));
        let mut parts = text.split("\ntest ");
        let flow = parts.next().unwrap();
        let tests: Vec<&str> = parts.collect();
        let about = format!("{} in {}", template.name, language.name());
        let hand_off = "hand off to team";
        if flow.contains(hand_off) {
            assert_eq!(
                flow.matches("hand off to").count(),
                1,
                "{about}: a test must tell which one it means"
            );
            let taken = |test: &&str| {
                let (_, after) = test.split_once(&format!("expect {hand_off}")).unwrap_or_default();
                test.contains(" is available") && after.trim_end().ends_with("completed\n}")
            };
            assert!(tests.iter().any(taken), "{about}: nobody takes a chat");
            ends += 1;
        }
        for action in ["create ticket", "book meeting"] {
            let unsaid = flow.split(action).skip(1).filter(|after| {
                let block = after.split("\n  }\n").next().unwrap();
                !block.contains("failed ")
            });
            if unsaid.count() > 0 {
                let fails = tests.iter().any(|test| test.contains(&format!("fail {action}")));
                assert!(fails, "{about}: `{action}` never fails");
                ends += 1;
            }
        }
    }
    assert!(ends > 10, "{ends}: were they found?");
}

#[test]
fn an_edition_is_a_translation() {
    for template in TEMPLATES {
        let shape = |language: Language| {
            let (made, report) = made(template.flow, &details(template, language));
            let texts: Vec<Vec<String>> = made.files.iter().map(|file| skeleton(&file.text)).collect();
            let tests = report.tests.len();
            (texts.into_iter().take(2).collect::<Vec<_>>(), tests)
        };
        let ((english, tests), (dutch, others)) = (shape(Language::English), shape(Language::Dutch));
        for (one, other) in english.iter().flatten().zip(dutch.iter().flatten()) {
            assert_eq!(one, other, "{}", template.name);
        }
        assert_eq!((english.concat().len(), tests), (dutch.concat().len(), others), "{}", template.name);
    }
}

/// The words and signs of a flow, line by line, without its texts and comments and without its language.
fn skeleton(text: &str) -> Vec<String> {
    let (tokens, _) = lex(text);
    let mut lines = vec![String::new()];
    for (number, kind) in tokens.kinds.iter().enumerate() {
        if matches!(kind, Kind::StrText | Kind::Escape) || kind.is_trivia() {
            continue;
        }
        match *kind == Kind::Newline {
            true => lines.push(String::new()),
            false => lines.last_mut().unwrap().push_str(text.get(tokens.range(number as u32)).unwrap()),
        }
    }
    lines.retain(|line| !line.is_empty() && !line.starts_with("languages"));
    lines
}

/// Folders, titles and names of people that somebody may think of.
const AWKWARD: &[&str] = &[
    "shop",
    "my shop",
    "Größe & Söhne",
    "李雷的商店",
    "मेरी दुकान",
    "متجر",
    "Zoe\u{308}",
    "\"quoted\" 'twice'",
    "{contact.email}",
    "back\\slash\\",
    "# heading\nand *more*",
    "tab\tand\u{200b}hidden\u{202e}",
    "`code`.flow",
    "007",
    "🙂",
    "--",
    "a.b/c",
    "crm",
    "sales",
    "concierge",
    "ada",
    "x$HOME",
];

#[test]
fn whatever_it_is_called_it_checks_clean() {
    for (template, language) in editions() {
        for name in AWKWARD {
            let title = Some((*name).to_owned());
            made(name, &Details { title, ..details(template, language) });
            made(name, &details(template, language));
        }
    }
}

/// The templates that have people, inboxes and meetings to fill.
fn with_people() -> impl Iterator<Item = (&'static Template, Language)> {
    editions().filter(|(template, _)| template.name != "blank")
}

#[test]
fn whoever_works_there_it_checks_clean() {
    for (template, language) in with_people() {
        for name in AWKWARD {
            let one = Details {
                users: vec![(*name).to_owned()],
                inbox: Some((*name).to_owned()),
                ..details(template, language)
            };
            let (made, _) = made("shop", &one);
            let workspace = &made.files[1].text;
            assert!(!workspace.contains("user ada ") || *name == "ada", "{workspace}");
        }
        let all = AWKWARD.iter().chain(AWKWARD).map(|name| (*name).to_owned()).collect();
        made("shop", &Details { users: all, ..details(template, language) });
    }
}

#[test]
fn every_word_of_the_language_is_a_name_too() {
    let words: BTreeSet<&str> = keywords().into_iter().collect();
    assert!(words.len() > 40, "{words:?}");
    let (template, language) = (&TEMPLATES[0], Language::English);
    for word in words {
        made(word, &details(template, language));
        let named = Details {
            users: vec![word.to_owned()],
            inbox: Some(word.to_owned()),
            meeting: Some(Meeting { title: Some(word.to_owned()), link: None }),
            ..details(template, language)
        };
        made("shop", &named);
    }
}

/// The words that mean something somewhere, and some that tests and facts are made of.
fn keywords() -> Vec<&'static str> {
    let more = ["true", "false", "today", "now", "reply", "contact", "company", "page", "visitor", "known"];
    Kind::KEYWORDS.iter().map(|(word, _)| *word).chain(more).collect()
}

#[test]
fn meetings_are_filled() {
    for (template, language) in with_people() {
        let meeting = Meeting::read("Praatje met \"ons\"=https://meet.example/x?a=b&c={d}");
        let wanted = Details { meeting, ..details(template, language) };
        if !read(&format!("examples/templates/{}/en/crm.flow", template.name)).contains("\nmeeting ") {
            assert!(project("shop", &wanted).is_err(), "{} books no meeting", template.name);
            continue;
        }
        let (made, _) = made("shop", &wanted);
        let line = "meeting praatje_met_ons \"Praatje met \\\"ons\\\"\" { link \"https://meet.example/x?a=b&c=\\{d\\}\" }";
        assert!(made.files[1].text.contains(line), "{}", made.files[1].text);
        assert!(made.files[0].text.contains("book meeting praatje_met_ons"), "{}", made.files[0].text);
        let wrong = Meeting::read("ftp://meet.example");
        let trouble =
            project("shop", &Details { meeting: wrong, ..details(template, language) }).unwrap_err();
        assert!(trouble.to_string().contains("`ftp://meet.example` is no address"), "{trouble}");
    }
}

#[test]
fn an_example_is_what_its_template_makes() {
    for (template, language) in editions() {
        let folder = format!("examples/templates/{}/{}", template.name, language.tag());
        let flow = read(&format!("{folder}/{}.flow", template.flow));
        let title = flow.split('"').nth(1).map(str::to_owned);
        let (made, _) = made(template.flow, &Details { title, ..details(template, language) });
        assert_eq!(made.files[0].text, flow, "{folder}");
        let same_title =
            |text: &str| text.lines().filter(|line| !line.starts_with("workspace ")).collect::<String>();
        let workspace = read(&format!("{folder}/crm.flow"));
        assert_eq!(same_title(&made.files[1].text), same_title(&workspace), "{folder}");
        assert!(
            read(&format!("{folder}/README.md")).lines().count() <= 14,
            "{folder}: short, or nobody reads it"
        );
    }
}

#[test]
fn every_example_is_a_template() {
    for entry in std::fs::read_dir(root().join("examples/templates")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(name == "common" || Template::named(&name).is_ok(), "examples/templates/{name}");
    }
    for (template, language) in editions() {
        assert!(exists(format!("examples/templates/{}/{}", template.name, language.tag())));
    }
}

#[test]
fn a_slip_is_seen() {
    let help = |name: &str| Template::named(name).unwrap_err().to_string();
    assert!(help("meeting").contains("Did you mean `meetings`?"), "{}", help("meeting"));
    assert!(help("nothing of this").contains("`concierge`"), "{}", help("nothing of this"));
    assert!(Template::named("Qualify_Leads").is_ok() || !exists("examples/templates/qualify-leads"));
    assert_eq!(Language::named("nl-BE").unwrap(), Language::Dutch);
    assert_eq!(Language::named("Nederlands").unwrap(), Language::Dutch);
    assert!(Language::named("de").unwrap_err().to_string().contains("English (en) and Dutch (nl)"));
    assert!(Language::named("Duch").unwrap_err().to_string().contains("Did you mean `dutch`?"));
}
