//! Runners of tests that misunderstand a line. A test with that line must then fail: what a test says is looked at.

#![expect(clippy::wildcard_enum_match_arm, reason = "a line of another kind is understood as it is")]

use chatflow_compiler::{ExpectedRequest, Suite, Test, TestStep};
use chatflow_runtime::action::Outcome;
use chatflow_runtime::id::Fragment;
use chatflow_runtime::{FactValue, Image};

use super::Mutant;

/// The kinds of lines, by their words.
pub const LINES: &[&str] = &[
    "given",
    "given now",
    "given today",
    "given a value",
    "given an answer",
    "visit",
    "agree",
    "bot",
    "visitor",
    "expect",
    "expect an action",
    "expect a call",
    "expect a message to a server",
    "expect set",
    "expect clear",
    "expect media",
    "shown",
    "wait",
    "fail",
    "choose",
    "completed",
];

fn word(step: &TestStep) -> &'static str {
    match step {
        TestStep::Given { .. } => "given",
        TestStep::GivenNow(_) => "given now",
        TestStep::GivenToday(_) => "given today",
        TestStep::GivenValue { .. } => "given a value",
        TestStep::GivenAnswer { .. } => "given an answer",
        TestStep::Visit(_) => "visit",
        TestStep::Agree => "agree",
        TestStep::Bot { .. } => "bot",
        TestStep::Visitor(_) => "visitor",
        TestStep::Expect(_) => "expect",
        TestStep::ExpectAct { parameters, .. } if !parameters.is_empty() => "expect a call",
        TestStep::ExpectAct { request: Some(_), .. } => "expect a message to a server",
        TestStep::ExpectAct { .. } => "expect an action",
        TestStep::ExpectSet { .. } => "expect set",
        TestStep::ExpectClear { .. } => "expect clear",
        TestStep::ExpectMedia { .. } => "expect media",
        TestStep::Shown { .. } => "shown",
        TestStep::Wait(_) => "wait",
        TestStep::Fail { .. } => "fail",
        TestStep::Choose(_) => "choose",
        TestStep::Completed => "completed",
    }
}

/// The line with another message expected, where it expects one.
fn of_request(step: &TestStep, change: impl Fn(&mut ExpectedRequest)) -> Option<TestStep> {
    let mut step = step.clone();
    if let TestStep::ExpectAct { request: Some(request), .. } = &mut step {
        change(request);
    }
    Some(step)
}

/// How a line is misunderstood: as another, or not at all.
type Misread = fn(&TestStep, &Image) -> Option<TestStep>;

/// The mutants of a kind of line.
pub fn mutants(line: &'static str) -> Vec<Mutant> {
    misreadings(line).iter().map(|(how, misread)| mutant(line, how, *misread)).collect()
}

fn mutant(line: &'static str, how: &str, misread: Misread) -> Mutant {
    Mutant::of_tests(format!("`{line}` {how}"), move |flow, suite: &mut Suite, turn| {
        for test in &mut suite.tests {
            let before = std::mem::take(&mut test.lines);
            for mut line_of_test in before {
                let wanted = word(&line_of_test.what) == line && turn.comes();
                match wanted.then(|| misread(&line_of_test.what, flow)) {
                    None => test.lines.push(line_of_test),
                    Some(Some(other)) => {
                        line_of_test.what = other;
                        test.lines.push(line_of_test);
                    }
                    Some(None) => {}
                }
            }
        }
    })
}

fn misreadings(line: &str) -> &'static [(&'static str, Misread)] {
    const LEFT_OUT: (&str, Misread) = ("is left out", |_, _| None);
    match line {
        "given" | "visit" | "agree" | "fail" => &[LEFT_OUT],
        "given now" => &[
            LEFT_OUT,
            ("is an hour later", |step, _| match step {
                TestStep::GivenNow(at) => Some(TestStep::GivenNow(at + 3_600_000)),
                other => Some(other.clone()),
            }),
            ("is the day alone", |step, _| match step {
                TestStep::GivenNow(at) => {
                    i32::try_from(at.div_euclid(86_400_000)).ok().map(TestStep::GivenToday)
                }
                other => Some(other.clone()),
            }),
        ],
        "given today" => &[
            LEFT_OUT,
            ("is that day's midnight", |step, _| match step {
                TestStep::GivenToday(days) => Some(TestStep::GivenNow(i64::from(*days) * 86_400_000)),
                other => Some(other.clone()),
            }),
        ],
        "visitor" => {
            &[LEFT_OUT, ("says something else", |_, _| Some(TestStep::Visitor("something else".to_owned())))]
        }
        "bot" => &[
            LEFT_OUT,
            ("expects another text", |step, _| match step {
                TestStep::Bot { text, replies } => {
                    Some(TestStep::Bot { text: format!("{text}!"), replies: replies.clone() })
                }
                other => Some(other.clone()),
            }),
            ("expects the same text in capitals", |step, _| match step {
                TestStep::Bot { text, replies } => {
                    Some(TestStep::Bot { text: text.to_uppercase(), replies: replies.clone() })
                }
                other => Some(other.clone()),
            }),
            ("expects no replies", |step, _| match step {
                TestStep::Bot { text, replies: Some(_) } => {
                    Some(TestStep::Bot { text: text.clone(), replies: Some(Vec::new()) })
                }
                other => Some(other.clone()),
            }),
            ("expects the replies in another order", |step, _| match step {
                TestStep::Bot { text, replies: Some(replies) } => {
                    let replies = replies.iter().rev().cloned().collect();
                    Some(TestStep::Bot { text: text.clone(), replies: Some(replies) })
                }
                other => Some(other.clone()),
            }),
        ],
        "expect" => &[("expects another condition", |step, image| match step {
            // The conditions of tests come after the flow's own; the one before is another test's, or the flow's.
            TestStep::Expect(Fragment(at)) => {
                let first = image.fragments.len() as u32;
                Some(TestStep::Expect(Fragment(if *at == first { first + 1 } else { first })))
            }
            other => Some(other.clone()),
        })],
        "expect an action" => &[
            ("expects the opposite", |step, _| match step.clone() {
                TestStep::ExpectAct { negated, action, object, arguments, parameters, request } => {
                    Some(TestStep::ExpectAct {
                        negated: !negated,
                        action,
                        object,
                        arguments,
                        parameters,
                        request,
                    })
                }
                other => Some(other),
            }),
            ("expects another thing", |step, _| match step.clone() {
                TestStep::ExpectAct {
                    negated,
                    action,
                    object: Some((kind, _)),
                    arguments,
                    parameters,
                    request,
                } => Some(TestStep::ExpectAct {
                    negated,
                    action,
                    object: Some((kind, "elsewhere".to_owned())),
                    arguments,
                    parameters,
                    request,
                }),
                other => Some(other),
            }),
            ("expects other settings", |step, _| match step.clone() {
                TestStep::ExpectAct { negated, action, object, mut arguments, parameters, request } => {
                    arguments.iter_mut().for_each(|(_, text)| text.push('!'));
                    Some(TestStep::ExpectAct { negated, action, object, arguments, parameters, request })
                }
                other => Some(other),
            }),
            ("expects the settings of another", |step, _| match step.clone() {
                TestStep::ExpectAct { negated, action, object, arguments, parameters, request } => {
                    let other = |argument| {
                        let settings = action.spec().settings.iter().map(|setting| setting.argument);
                        settings.into_iter().find(|other| *other != argument).unwrap_or(argument)
                    };
                    let arguments =
                        arguments.into_iter().map(|(argument, text)| (other(argument), text)).collect();
                    Some(TestStep::ExpectAct { negated, action, object, arguments, parameters, request })
                }
                other => Some(other),
            }),
        ],
        "expect a call" => &[
            ("expects the opposite", |step, _| match step.clone() {
                TestStep::ExpectAct { negated, action, object, arguments, parameters, request } => {
                    Some(TestStep::ExpectAct {
                        negated: !negated,
                        action,
                        object,
                        arguments,
                        parameters,
                        request,
                    })
                }
                other => Some(other),
            }),
            ("does not look at the values", |step, _| match step.clone() {
                TestStep::ExpectAct { negated, action, object, arguments, request, .. } => {
                    let parameters = Vec::new();
                    Some(TestStep::ExpectAct { negated, action, object, arguments, parameters, request })
                }
                other => Some(other),
            }),
        ],
        "given a value" => &[
            LEFT_OUT,
            ("says another function", |step, _| match step.clone() {
                TestStep::GivenValue { arguments, value, .. } => {
                    Some(TestStep::GivenValue { function: "elsewhere".to_owned(), arguments, value })
                }
                other => Some(other),
            }),
            ("does not look at the values", |step, _| match step.clone() {
                TestStep::GivenValue { function, value, .. } => {
                    Some(TestStep::GivenValue { function, arguments: Vec::new(), value })
                }
                other => Some(other),
            }),
            ("says another value", |step, _| match step.clone() {
                TestStep::GivenValue { function, arguments, .. } => {
                    Some(TestStep::GivenValue { function, arguments, value: FactValue::from("none") })
                }
                other => Some(other),
            }),
        ],
        "given an answer" => &[
            LEFT_OUT,
            ("is of every server", |step, _| match step.clone() {
                TestStep::GivenAnswer { said, .. } => Some(TestStep::GivenAnswer { url: None, said }),
                other => Some(other),
            }),
            ("is of another server", |step, _| match step.clone() {
                TestStep::GivenAnswer { said, .. } => {
                    Some(TestStep::GivenAnswer { url: Some("https://elsewhere.example/".to_owned()), said })
                }
                other => Some(other),
            }),
            ("says nothing", |step, _| match step.clone() {
                TestStep::GivenAnswer { url, .. } => Some(TestStep::GivenAnswer { url, said: Vec::new() }),
                other => Some(other),
            }),
        ],
        "expect a message to a server" => &[
            ("expects the opposite", |step, _| match step.clone() {
                TestStep::ExpectAct { negated, action, object, arguments, parameters, request } => {
                    let negated = !negated;
                    Some(TestStep::ExpectAct { negated, action, object, arguments, parameters, request })
                }
                other => Some(other),
            }),
            ("expects another address", |step, _| {
                of_request(step, |request| request.url = Some("https://elsewhere.example/".to_owned()))
            }),
            ("does not look at the address", |step, _| of_request(step, |request| request.url = None)),
            ("does not look at the headers", |step, _| of_request(step, |request| request.headers.clear())),
            ("does not look at the body", |step, _| of_request(step, |request| request.body.clear())),
        ],
        "expect set" => &[
            ("expects the opposite", |step, _| match step.clone() {
                TestStep::ExpectSet { negated, property, value } => {
                    Some(TestStep::ExpectSet { negated: !negated, property, value })
                }
                other => Some(other),
            }),
            ("expects another property", |step, _| match step.clone() {
                TestStep::ExpectSet { negated, value, .. } => {
                    Some(TestStep::ExpectSet { negated, property: "contact.other".to_owned(), value })
                }
                other => Some(other),
            }),
            ("does not look at the value", |step, _| match step.clone() {
                TestStep::ExpectSet { negated, property, .. } => {
                    Some(TestStep::ExpectSet { negated, property, value: None })
                }
                other => Some(other),
            }),
        ],
        "expect media" => &[
            ("expects the opposite", |step, _| match step.clone() {
                TestStep::ExpectMedia { negated, media, url, words } => {
                    Some(TestStep::ExpectMedia { negated: !negated, media, url, words })
                }
                other => Some(other),
            }),
            ("does not look at the address", |step, _| match step.clone() {
                TestStep::ExpectMedia { negated, media, words, .. } => {
                    Some(TestStep::ExpectMedia { negated, media, url: None, words })
                }
                other => Some(other),
            }),
            ("does not look at the words", |step, _| match step.clone() {
                TestStep::ExpectMedia { negated, media, url, .. } => {
                    Some(TestStep::ExpectMedia { negated, media, url, words: None })
                }
                other => Some(other),
            }),
        ],
        "expect clear" => &[
            ("expects the opposite", |step, _| match step.clone() {
                TestStep::ExpectClear { negated, property } => {
                    Some(TestStep::ExpectClear { negated: !negated, property })
                }
                other => Some(other),
            }),
            ("expects another property", |step, _| match step.clone() {
                TestStep::ExpectClear { negated, .. } => {
                    Some(TestStep::ExpectClear { negated, property: "contact.other".to_owned() })
                }
                other => Some(other),
            }),
        ],
        "shown" => &[("expects the opposite", |step, _| match step {
            TestStep::Shown { negated } => Some(TestStep::Shown { negated: !negated }),
            other => Some(other.clone()),
        })],
        "wait" => &[
            LEFT_OUT,
            ("is a second short", |step, _| match step {
                TestStep::Wait(milliseconds) => Some(TestStep::Wait(milliseconds - 1000)),
                other => Some(other.clone()),
            }),
            ("is a second long", |step, _| match step {
                TestStep::Wait(milliseconds) => Some(TestStep::Wait(milliseconds + 1000)),
                other => Some(other.clone()),
            }),
        ],
        "choose" => &[
            LEFT_OUT,
            ("chooses another outcome", |step, _| match step {
                TestStep::Choose(outcome) => {
                    Outcome::ALL.iter().find(|other| *other != outcome).copied().map(TestStep::Choose)
                }
                other => Some(other.clone()),
            }),
        ],
        _ => &[],
    }
}

/// The mutant in which `completed` stands where the flow is not over yet.
pub fn too_early() -> Mutant {
    Mutant::of_tests("`completed` stands at the beginning", |_, suite, turn| {
        let waits = |test: &Test| test.lines.iter().any(|line| word(&line.what) == "visitor");
        for test in suite.tests.iter_mut().filter(|test| waits(test)) {
            let at = test.lines.iter().position(|line| word(&line.what) == "completed");
            if let Some(at) = at
                && turn.comes()
            {
                let line = test.lines.remove(at);
                let read = test.lines.iter().position(|line| word(&line.what) == "visitor");
                test.lines.insert(read.unwrap_or(0), line);
            }
        }
    })
}
