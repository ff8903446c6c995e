//! What a workspace's plan, its seats and its privacy allow, and what the channels of a flow have room for.

use chatflow_compiler::{Project, Source, check};

/// The codes that a flow yields, with a workspace that holds these lines.
fn codes(workspace: &str, flow: &str) -> Vec<&'static str> {
    let workspace = format!("workspace acme \"Acme\"\n{workspace}\n");
    let flow = format!("flow x \"X\"\nuse acme\n{flow}\n");
    let project = Project::new(vec![Source::new("x.flow", flow), Source::new("acme.flow", workspace)]);
    check(&project).diagnostics.iter().map(|found| found.code.as_str()).collect()
}

const PEOPLE: &str = "contact {\n  email email\n}\nlist news\nuser ada { seat sales }\nuser bo\nteam both { members [ada, bo] }\nteam none { members [bo] }\nteam open\nsurvey after\nworkflow w\narticle a";

fn step(statements: &str) -> String {
    format!("step start {{\n{statements}\n}}")
}

#[test]
fn each_plan_has_what_the_ones_below_it_have() {
    let uses = [
        ("say \"Hello.\"", "free"),
        ("ask contact.email \"Where?\" {\n  skip when contact.email is known\n}", "free"),
        ("ask contact.email \"Where?\"\nadd contact to list news", "starter"),
        ("if contact.email is known then say \"Hello.\"", "professional"),
        ("ask contact.email \"Where?\"\nenroll contact in workflow w", "professional"),
        ("share article a", "professional"),
    ];
    let plans = ["free", "starter", "professional", "enterprise"];
    for (statements, needs) in uses {
        let least = plans.iter().position(|plan| *plan == needs);
        for (nth, plan) in plans.iter().enumerate() {
            let found = codes(&format!("{PEOPLE}\nplan {plan}"), &step(statements));
            let expected: &[&str] = if Some(nth) < least { &["E0601"] } else { &[] };
            assert_eq!(found, expected, "{plan}: {statements}");
        }
        assert!(codes(PEOPLE, &step(statements)).is_empty(), "{statements}");
    }
    let blocks = [
        "options {\n  survey after\n}\nstep start {\n  say \"Hello.\"\n}",
        "anytime {\n  reply is \"x\" -> start\n}\nstep start {\n  ask \"Hello?\"\n}",
    ];
    for flow in blocks {
        assert_eq!(codes(&format!("{PEOPLE}\nplan starter"), flow), ["E0601"], "{flow}");
        assert!(codes(&format!("{PEOPLE}\nplan professional"), flow).is_empty(), "{flow}");
    }
}

#[test]
fn what_is_above_the_plan_is_one_finding_however_often_it_is_used() {
    let twice = "if contact.email is known then say \"a\"\nif contact.email is known then say \"b\"";
    assert_eq!(codes(&format!("{PEOPLE}\nplan free"), &step(twice)), ["E0601"]);
}

#[test]
fn plan_and_privacy_take_one_of_their_words_once() {
    for (line, code) in [
        ("plan gold", "E0208"),
        ("plan", "E0208"),
        ("plan free starter", "E0208"),
        ("plan free\nplan free", "E0207"),
        ("privacy", "E0208"),
        ("privacy lax", "E0208"),
        ("privacy strict\nprivacy strict", "E0207"),
    ] {
        let flow = "consent {\n  processing explicit\n}\nstep start {\n  say \"Hello.\"\n}";
        assert_eq!(codes(line, flow), [code], "{line}");
    }
}

#[test]
fn who_takes_a_chat_over_needs_a_seat() {
    for (to, code) in [
        ("user ada", None),
        ("user bo", Some("E0602")),
        ("team both", None),
        ("team none", Some("E0603")),
        // Who is in a team that names nobody, the host knows.
        ("team open", None),
        ("contact owner", None),
    ] {
        let statements = format!("hand off to {to} {{\n  unavailable -> {{ end }}\n}}");
        assert_eq!(codes(PEOPLE, &step(&statements)), code.into_iter().collect::<Vec<_>>(), "{to}");
        // A workspace that was made from an export names no seats.
        let exported = PEOPLE.replace(" { seat sales }", "");
        assert!(codes(&exported, &step(&statements)).is_empty(), "{to}");
    }
}

#[test]
fn strict_privacy_wants_a_consent_block() {
    let plain = step("say \"Hello.\"");
    assert!(codes("", &plain).is_empty());
    assert_eq!(codes("privacy strict", &plain), ["E0604"]);
    assert_eq!(codes("privacy strict", &format!("consent {{\n}}\n{plain}")), ["E0604"]);
    let with = format!("consent {{\n  processing legitimate_interest\n}}\n{plain}");
    assert!(codes("privacy strict", &with).is_empty());
}

fn question(label: &str, replies: usize) -> String {
    let replies: String = (0..replies).map(|nth| format!("    \"{label}{nth:02}\"\n")).collect();
    step(&format!("  ask \"Which?\" {{\n{replies}  }}"))
}

#[test]
fn replies_fit_on_every_channel_that_is_named() {
    for (channels, replies, code) in [
        ("website", 40, None),
        ("messenger", 13, None),
        ("messenger", 14, Some("E0605")),
        ("whatsapp", 3, None),
        ("whatsapp", 4, Some("E0606")),
        ("whatsapp", 10, Some("E0606")),
        ("whatsapp", 11, Some("E0605")),
        ("slack", 25, None),
        ("slack", 26, Some("E0605")),
        ("website, messenger", 14, Some("E0605")),
        ("messenger, whatsapp", 12, Some("E0605")),
    ] {
        let flow = format!("channel {channels}\n{}", question("x", replies));
        assert_eq!(codes("", &flow), code.into_iter().collect::<Vec<_>>(), "{channels}: {replies}");
    }
}

#[test]
fn labels_fit_as_the_form_of_the_replies_wants_it() {
    let label = |length: usize| "ä".repeat(length - 2);
    for (channels, length, replies, fits) in [
        ("website", 500, 2, true),
        ("messenger", 20, 2, true),
        ("messenger", 21, 2, false),
        ("whatsapp", 20, 3, true),
        ("whatsapp", 21, 3, false),
        ("slack", 75, 2, true),
        ("slack", 76, 2, false),
        ("website, slack, messenger", 21, 2, false),
    ] {
        let found = codes("", &format!("channel {channels}\n{}", question(&label(length), replies)));
        // Every reply is too long, and each says so at its own place.
        let expected = if fits { 0 } else { replies };
        assert_eq!(found, vec!["E0608"; expected], "{channels}: {length}");
    }
    // In a list of WhatsApp there is more room.
    assert_eq!(codes("", &format!("channel whatsapp\n{}", question(&label(24), 4))), ["E0606"]);
    assert_eq!(codes("", &format!("channel whatsapp\n{}", question(&label(25), 4))).len(), 5);
}

#[test]
fn the_options_of_a_property_are_replies_too() {
    let workspace = "contact {\n  stage one of [a \"A label of more than twenty\", b]\n  ok bool\n}";
    let asks = |what: &str| format!("channel messenger\n{}", step(&format!("ask contact.{what} \"Which?\"")));
    assert_eq!(codes(workspace, &asks("stage")), ["E0608"]);
    assert!(codes(workspace, &asks("ok")).is_empty());
}

#[test]
fn texts_fit_by_what_stands_in_them() {
    for (channels, length, below, fits) in [
        ("website", 5000, "", true),
        ("messenger", 2000, "", true),
        ("messenger", 2001, "", false),
        ("whatsapp", 4096, "", true),
        ("whatsapp", 4097, "", false),
        ("whatsapp", 1024, " {\n\"a\"\n\"b\"\n}", true),
        ("whatsapp", 1025, " {\n\"a\"\n\"b\"\n}", false),
        ("slack", 3000, "", true),
        ("slack, website", 3001, "", false),
    ] {
        let text = "é".repeat(length);
        let found = codes("", &format!("channel {channels}\n{}", step(&format!("ask \"{text}\"{below}"))));
        assert_eq!(found.is_empty(), fits, "{channels}: {length}: {found:?}");
        // Every text that is shown as a message, wherever it stands.
        if below.is_empty() {
            for flow in [
                format!("welcome \"{text}\"\n{}", step("ask \"q\"")),
                format!("options {{\n  error \"{text}\"\n}}\n{}", step("ask \"q\"")),
                format!("consent {{\n  processing explicit \"{text}\"\n}}\n{}", step("ask \"q\"")),
                step(&format!("say [\"a\", \"{text}\"]")),
                step(&format!("ask x: number \"q\" {{\n  invalid \"{text}\"\n}}")),
                step(&format!("ask \"q\" {{\n  \"a\" -> {{ say \"{text}\" }}\n  \"b\"\n}}")),
                step(&format!("ask \"q\" {{\n  timeout 5m -> {{ say \"{text}\" }}\n}}")),
                step(&format!("ask y: text \"q\"\nsay \"{text}{{y}}\"")),
                step(&format!("ask n: number \"q\"\nset n = n / n {{\n  failed -> {{ say \"{text}\" }}\n}}")),
            ] {
                let found = codes("", &format!("channel {channels}\n{flow}"));
                let expected: &[&str] = if fits { &[] } else { &["E0607"] };
                assert_eq!(found, expected, "{channels}: {length}: {}", flow.get(..60).unwrap_or_default());
            }
        }
    }
}

/// What holes may hold at most is counted, where it is known.
#[test]
fn texts_fit_with_the_longest_that_stands_in_them() {
    let label = "é".repeat(60);
    let workspace = format!(
        "contact {{\n  email email\n  phone phone\n  stage one of [a, b \"{label}\"]\n  tags many of [c \"{label}\", d]\n  born date\n  size number\n  name text\n}}"
    );
    let said = |length: usize, hole: &str| {
        let text = "é".repeat(length);
        let flow = step(&format!("ask \"q\"\nsay \"{text}{{{hole}}}\""));
        codes(&workspace, &format!("channel slack\n{flow}"))
    };
    let default = |name: &str| format!("contact.{name} or \"nothing\"");
    let length = |bound: usize| 3000 - bound;
    for (hole, longest) in [
        (default("stage"), 60),
        (default("tags"), 65),
        (default("email"), 254),
        (default("phone"), 16),
        (default("size"), 30),
        (default("born"), 60),
    ] {
        assert!(said(length(longest), &hole).is_empty(), "{hole}: {:?}", said(length(longest), &hole));
        assert_eq!(said(length(longest) + 1, &hole), ["E0625"], "{hole}");
        assert_eq!(said(length(0) + 1, &hole), ["E0607"], "{hole}");
    }
    assert!(said(3000, &default("name")).is_empty());
    let forms = |length: usize| {
        let long = "é".repeat(length);
        let flow = step(&format!("ask n: number \"q\"\nsay \"{{plural n: one \"a\", other \"{long}\"}}\""));
        codes(&workspace, &format!("channel slack\n{flow}"))
    };
    assert!(forms(3000).is_empty());
    assert_eq!(forms(3001), ["E0625"]);
}

#[test]
fn a_page_is_known_only_where_there_is_one() {
    let shows = step("say \"On {page.path}\"\nask \"q\"");
    assert!(codes("", &format!("channel website\n{shows}")).is_empty());
    assert_eq!(codes("", &format!("channel website, whatsapp\n{shows}")), ["E0401"]);
    let late = format!("{shows}\nchannel website, whatsapp");
    assert_eq!(codes("", &late), ["E0401"], "wherever the channels are named");
    let guarded = step("if page.path is known then say \"On {page.path}\"\nask \"q\"");
    assert!(codes("", &format!("channel website, whatsapp\n{guarded}")).is_empty());
    let negative = step("if page.url is not \"https://a.example\" then say \"x\"\nask \"q\"");
    assert!(codes("", &format!("channel website\n{negative}")).is_empty());
    assert_eq!(codes("", &format!("channel website, whatsapp\n{negative}")), ["E0406"]);
}

#[test]
fn what_only_a_page_has_is_one_warning_without_one() {
    let rest = step("say \"On {page.path or \"a phone\"}\"\nask \"q\"");
    let display = "display {\n  heading \"A\"\n  trigger on_exit\n}\nconsent {\n  cookies on_exit\n}\ntarget {\n  show when page.query.x is known\n}";
    assert_eq!(codes("", &format!("channel whatsapp, slack\n{display}\n{rest}")), ["E0609"]);
    assert_eq!(codes("", &format!("channel messenger\n{rest}")), ["E0609"]);
    assert!(codes("", &format!("channel whatsapp, website\n{display}\n{rest}")).is_empty());
}

#[test]
fn a_channel_is_named_once_and_exists() {
    assert_eq!(codes("", &format!("channel website, website\n{}", step("ask \"q\""))), ["E0207"]);
    assert_eq!(codes("", &format!("channel telegram\n{}", step("ask \"q\""))), ["E0208"]);
    assert_eq!(codes("", &format!("channel\n{}", step("ask \"q\""))), ["E0208"]);
}
