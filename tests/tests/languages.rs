//! Flows with catalogues: what the checker says of them, and what visitors read.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a panic in a test is its failure"
)]

use chatflow_compiler::catalogue::merge::merge;
use chatflow_compiler::source::Source;
use chatflow_compiler::{Project, check, originals};
use chatflow_runtime::{Effect, Facts, Input, Program, Timestamp, encode, resume, start};

const ACME: &str = "workspace acme \"Acme\"\n\ncontact {\n  firstname text\n  stage one of [lead \"Lead\", customer \"Customer\"]\n  vip bool\n}\n\nmeeting intro \"A first talk\" { link \"https://meet.example\" }\n\ntexts {\n  agree \"OK\"\n  yes   \"Yup\"\n}\n";

const FLOW: &str = "flow leads \"Leads\"\n\nuse acme\nlanguages en, nl\n\nwelcome \"Hi {contact.firstname or \"you from {page.host}\"}!\"\n\nanytime {\n  reply is \"stop\" -> {\n    say \"Bye \\{x\\} \\\\ bye.\"\n  }\n}\n\nstep start {\n  ask contact.stage \"Who are you?\"\n  ask contact.vip \"A VIP?\"\n  say \"So, {contact.stage}: {contact.vip}.\"\n  say \"\"\"\n    Two \"lines\"\n      here\n    \"\"\"\n  book meeting intro {\n    declined -> { end }\n  }\n}\n";

fn project(flow: &str, catalogues: &[(&str, &str)]) -> Project {
    let mut sources = vec![Source::new("leads.flow", flow), Source::new("acme.flow", ACME)];
    sources.extend(catalogues.iter().map(|(path, text)| Source::new(*path, *text)));
    Project::new(sources)
}

/// The catalogues of the project, filled in: `msgstr` is what `say` makes of `msgid`.
fn filled(say: impl Fn(&str, &str) -> String) -> Vec<(String, String)> {
    filled_for(FLOW, say)
}

fn filled_for(flow: &str, say: impl Fn(&str, &str) -> String) -> Vec<(String, String)> {
    let plain = project(flow, &[]);
    let checked = check(&plain);
    let catalogue = |file: &chatflow_compiler::File| {
        let originals = originals(&plain, &checked, file.id);
        let entries: Vec<_> = originals
            .iter()
            .map(|original| {
                let mut text = String::new();
                let mut put =
                    |word, value: &str| chatflow_compiler::catalogue::po::quote(&mut text, "", word, value);
                put("msgctxt", &original.context);
                put("msgid", &original.text);
                put("msgstr", &say(&original.context, &original.text));
                chatflow_compiler::catalogue::po::read(&text).0.remove(0)
            })
            .collect();
        (chatflow_compiler::catalogue::path(&file.source.path, "nl"), merge(&originals, &entries, "nl").0)
    };
    plain.files.iter().map(catalogue).collect()
}

fn with(catalogues: &[(String, String)]) -> Project {
    let all: Vec<(&str, &str)> =
        catalogues.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    project(FLOW, &all)
}

fn codes(project: &Project) -> Vec<&'static str> {
    check(project).diagnostics.iter().map(|found| found.code.as_str()).collect()
}

fn said(program: &Program, replies: &[&str]) -> Vec<String> {
    let facts = Facts::new().with("language", "nl").with("page.url", "https://acme.example/");
    let mut turn = start(program, &facts, Timestamp(0));
    let mut said = Vec::new();
    let mut note = |effects: &[chatflow_runtime::Numbered]| {
        for effect in effects {
            match &effect.effect {
                Effect::Say { text } => said.push(text.clone()),
                Effect::Ask { text, replies, .. } => {
                    let labels: Vec<&str> = replies.iter().map(|reply| reply.label.as_str()).collect();
                    said.push(format!("{text} {labels:?}"));
                }
                Effect::Act { object, .. } => said.push(object.title.clone()),
                _ => {}
            }
        }
    };
    note(&turn.effects);
    for reply in replies {
        turn = resume(program, &turn.session, Input::Text(reply), &facts, Timestamp(1));
        note(&turn.effects);
    }
    said
}

#[test]
fn everything_that_visitors_read_is_translated() {
    let catalogues = filled(|context, text| match context {
        "welcome" => "Hallo {contact.firstname or \"jij van {page.host}\"}!".to_owned(),
        "start / say" if text.starts_with("So") => "{contact.vip}, {contact.stage}.".to_owned(),
        "texts.yes" => "Jawel".to_owned(),
        _ => format!("Nl {text}"),
    });
    let project = with(&catalogues);
    let checked = check(&project);
    assert_eq!(checked.diagnostics, []);
    let program = Program::load(&encode(checked.flows[0].image.as_ref().unwrap())).unwrap();
    assert_eq!(
        said(&program, &["nl customer", "jawel"]),
        [
            "Hallo jij van acme.example!",
            r#"Nl Who are you? ["Nl Lead", "Nl Customer"]"#,
            r#"Nl A VIP? ["Jawel", "Nee"]"#,
            "Jawel, Nl Customer.",
            "Nl Two \"lines\"\n  here",
            "Nl A first talk",
        ]
    );
    assert_eq!(said(&program, &["stop"]).last().map(String::as_str), Some("Nl Bye {x} \\ bye."));
}

#[test]
fn a_copy_of_the_texts_is_a_right_catalogue() {
    let project = with(&filled(|_, text| text.to_owned()));
    assert_eq!(check(&project).diagnostics, []);
}

#[test]
fn an_empty_catalogue_speaks_no_language_and_is_no_finding() {
    let project = with(&filled(|_, _| String::new()));
    let checked = check(&project);
    assert_eq!(checked.diagnostics, []);
    assert!(checked.flows[0].image.as_ref().unwrap().translations.is_empty());
}

#[test]
fn mistakes_point_into_the_catalogue() {
    let broken = |translation: &str| {
        let project = with(&filled(|context, text| match context {
            "welcome" => translation.to_owned(),
            _ => text.to_owned(),
        }));
        let found = check(&project).diagnostics;
        let shown = found.iter().map(|found| {
            let file = project.file(found.primary.span.file).unwrap();
            format!("{} {} `{}`", found.code.as_str(), file.source.path, file.text(found.primary.span))
        });
        shown.collect::<Vec<_>>()
    };
    assert_eq!(
        broken("Hallo {contact.voornaam or \"jij\"}!")[0],
        "E0502 leads.nl.po `contact.voornaam or \\\"jij\\\"`"
    );
    assert_eq!(
        broken("Hallo {contact.firstname or \"jij {page.path}\"}!"),
        ["E0502 leads.nl.po `page.path`"]
    );
    assert_eq!(broken("Hallo!"), ["E0503 leads.nl.po `\"Hallo!\"`"]);
    assert_eq!(broken("Hallo {contact.firstname"), ["E0501 leads.nl.po `\"Hallo {contact.firstname\"`"]);
    assert_eq!(broken("Hallo \"\"\" {x}"), ["E0501 leads.nl.po `\"Hallo \\\"\\\"\\\" {x}\"`"]);
    assert_eq!(broken("Hallo \\q"), ["E0501 leads.nl.po `\\\\q`"]);
    let labels = with(&filled(|context, text| match context {
        "contact.stage.lead" => "customer".to_owned(),
        _ => text.to_owned(),
    }));
    assert_eq!(codes(&labels), ["E0506"]);
}

/// What a catalogue says is held to the limits of the flow's channels too.
#[test]
fn translations_fit_the_channels() {
    let found = |channel: &str, say: &dyn Fn(&str) -> Option<String>| {
        let flow = FLOW.replace("use acme", &format!("use acme\nchannel {channel}"));
        let flow = flow.replace("{page.host}", "here");
        let catalogues = filled_for(&flow, |context, text| say(context).unwrap_or_else(|| text.to_owned()));
        let catalogues: Vec<(&str, &str)> =
            catalogues.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let project = project(&flow, &catalogues);
        let found = check(&project).diagnostics;
        let shown = found.iter().map(|found| {
            let file = project.file(found.primary.span.file).unwrap();
            format!("{} {} {}", found.code.as_str(), file.source.path, found.message)
        });
        shown.collect::<Vec<_>>()
    };
    let long = |wanted: &'static str, length: usize| {
        move |context: &str| (context == wanted).then(|| "n".repeat(length))
    };
    assert_eq!(found("website, whatsapp", &|_| None), [""; 0]);
    assert_eq!(
        found("whatsapp", &|context: &str| (context == "anytime / say")
            .then(|| format!("{}\\{{x\\}}", "n".repeat(4094)))),
        ["E0607 leads.nl.po this translation is too long for WhatsApp"]
    );
    assert_eq!(found("whatsapp", &long("start / ask contact.vip", 1024)), [""; 0]);
    assert_eq!(
        found("whatsapp", &long("start / ask contact.vip", 1025)),
        ["E0607 leads.nl.po this translation is too long for WhatsApp"]
    );
    assert_eq!(
        found("whatsapp", &long("contact.stage.lead", 21)),
        ["E0608 leads.flow this reply is too long for WhatsApp in `nl`"]
    );
    assert_eq!(
        found("messenger", &long("texts.yes", 21)),
        ["E0608 leads.flow this reply is too long for Messenger in `nl`"]
    );
    assert_eq!(found("messenger", &long("texts.yes", 20)), [""; 0]);
}

#[test]
fn one_finding_counts_what_is_missing() {
    let project = with(&filled(|context, text| match context {
        "welcome" | "meeting.intro" => text.to_owned(),
        _ => String::new(),
    }));
    let found = check(&project).diagnostics;
    let messages: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(messages, ["5 texts have no translation into `nl`"; 2]);
}

const SEATS: &str = "flow seats \"Seats\"\n\nuse acme\nlanguages en, pl\n\nstep start {\n  ask seats: number \"How many?\"\n  say \"{plural seats: one \"{seats} seat\", other \"{seats} seats\"} for {select contact.stage or lead: lead \"you\", other \"us\"}.\"\n}\n";

/// What the bot says to a number, and the findings, with this translation into Polish.
fn in_polish(translation: &str, seats: &str) -> (Vec<String>, Vec<&'static str>) {
    let sources = vec![Source::new("seats.flow", SEATS), Source::new("acme.flow", ACME)];
    let plain = Project::new(sources.clone());
    let originals = originals(&plain, &check(&plain), plain.files[0].id);
    let original = originals.iter().find(|original| original.text.contains("plural")).unwrap();
    let mut catalogue = String::new();
    let mut put =
        |word, value: &str| chatflow_compiler::catalogue::po::quote(&mut catalogue, "", word, value);
    put("msgctxt", &original.context);
    put("msgid", &original.text);
    put("msgstr", translation);
    let path = chatflow_compiler::catalogue::path("seats.flow", "pl");
    let project = Project::new(sources.into_iter().chain([Source::new(path, catalogue)]).collect());
    let checked = check(&project);
    let codes = checked.diagnostics.iter().map(|found| found.code.as_str());
    let codes = codes.filter(|code| *code != "E0504").collect();
    let Some(image) = &checked.flows[0].image else { return (Vec::new(), codes) };
    let program = Program::load(&encode(image)).unwrap();
    let facts = Facts::new().with("language", "pl");
    let turn = start(&program, &facts, Timestamp(0));
    let turn = resume(&program, &turn.session, Input::Text(seats), &facts, Timestamp(1));
    let said = turn.effects.iter().filter_map(|effect| match &effect.effect {
        Effect::Say { text } => Some(text.clone()),
        _ => None,
    });
    (said.collect(), codes)
}

#[test]
fn a_translation_has_the_plurals_of_its_own_language() {
    let polish = "{select contact.stage or lead: lead \"ty\", other \"my\"}: {plural seats: one \"{seats} miejsce\", few \"{seats} miejsca\", many \"{seats} miejsc\", other \"{seats} miejsca\"}";
    for (seats, said) in
        [("1", "ty: 1 miejsce"), ("3", "ty: 3 miejsca"), ("12", "ty: 12 miejsc"), ("22", "ty: 22 miejsca")]
    {
        assert_eq!(in_polish(polish, seats), (vec![said.to_owned()], vec![]));
    }
    // What is not translated keeps the plurals of its own language.
    assert_eq!(in_polish("", "22").0, ["22 seats for you."]);
}

#[test]
fn the_forms_of_a_translation_are_checked() {
    let of = |plural: &str, select: &str| {
        in_polish(&format!("{{plural seats: {plural}}} {{select contact.stage or lead: {select}}}"), "1").1
    };
    let (plural, select) = ("other \"{seats}\"", "lead \"a\", other \"b\"");
    assert_eq!(of(plural, select), Vec::<&str>::new());
    assert_eq!(of("one \"{seats}\"", select), ["E0317"]);
    assert_eq!(of("zero \"x\", other \"{seats}\"", select), ["E0316"]);
    assert_eq!(of("five \"x\", other \"{seats}\"", select), ["E0315"]);
    assert_eq!(of(plural, "lead \"a\""), ["E0317"]);
    assert_eq!(of(plural, "leed \"a\", other \"b\""), ["E0315"]);
    assert_eq!(of("other \"x\"", select), Vec::<&str>::new(), "what chooses is shown in its way");
}
