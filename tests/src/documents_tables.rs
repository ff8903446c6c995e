//! The tables of the reference, made from the code they describe.
//!
//! A page has a table between `<!-- table: NAME -->` and `<!-- end -->`. A test compares; with `UPDATE_DOCS=1` it writes.

use std::fmt::Write;

use chatflow_compiler::code::Code;
use chatflow_compiler::written_duration;
use chatflow_runtime::action::{
    Action, HOST_DEADLINE, ObjectSpec, Offer, Outcome, OutcomeDefault, Takes, Waits,
};
use chatflow_runtime::channel::Channel;
use chatflow_runtime::fact::{FACTS, FactType};
use chatflow_runtime::language::{BuiltIn, Language};
use chatflow_runtime::op::Op;
use chatflow_runtime::plan::{Feature, Plan};
use chatflow_runtime::setting::{Setting, SettingBlock, SettingTakes};

mod languages;

/// The table of this name, in Markdown; none if there is no such table.
pub fn table(name: &str) -> Option<String> {
    Some(match name {
        "display" => settings(SettingBlock::Display),
        "options" => settings(SettingBlock::Options),
        "consent" => settings(SettingBlock::Consent),
        "actions" => actions(),
        "plans" => plans(),
        "channels" => channels(),
        "replies" => replies(),
        "facts" => facts(),
        "texts" => texts(),
        "numerals" => languages::numerals(),
        "yes_and_no" => languages::yes_and_no(),
        "dates" => languages::dates(),
        "months" => languages::months(),
        "lengths" => languages::lengths(),
        "plurals" => languages::plurals(),
        "instructions" => instructions(),
        "diagnostics" => diagnostics(),
        _ => return None,
    })
}

/// The page with its tables made anew.
///
/// # Errors
/// If a table has a name that is not known, or no end.
pub fn renewed(page: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("<!-- table: ") {
        let (name, after) = after.split_once(" -->").ok_or("a table without a name")?;
        let (_, after) =
            after.split_once("<!-- end -->").ok_or_else(|| format!("the table {name} has no end"))?;
        let table = table(name).ok_or_else(|| format!("there is no table {name}"))?;
        write!(out, "{before}<!-- table: {name} -->\n\n{table}\n<!-- end -->")
            .map_err(|error| error.to_string())?;
        rest = after;
    }
    Ok(out + rest)
}

fn rows(head: &str, rows: impl Iterator<Item = String>) -> String {
    let columns = head.split('|').count();
    let mut out = format!("| {} |\n|{}\n", head.replace('|', " | "), " --- |".repeat(columns));
    for row in rows {
        out.push_str(&row);
        out.push('\n');
    }
    out
}

fn words(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn settings(block: SettingBlock) -> String {
    let specs = Setting::ALL.iter().map(|setting| setting.spec()).filter(|spec| spec.block == block);
    rows(
        "setting|takes|default|what it does",
        specs.map(|spec| {
            let takes = match spec.takes {
                SettingTakes::Text => "a text".to_owned(),
                SettingTakes::Url => "an address with `https://`".to_owned(),
                SettingTakes::Colour => "`#rgb` or `#rrggbb`".to_owned(),
                SettingTakes::Duration => "a duration".to_owned(),
                SettingTakes::Survey => "a survey of the workspace".to_owned(),
                SettingTakes::Word(all) => words(all),
                SettingTakes::WordAndText(all) => format!("{}, then a text if wanted", words(all)),
                SettingTakes::Trigger => {
                    "`on_exit`, `after DURATION`, `scrolled PERCENT`; may be repeated".to_owned()
                }
            };
            format!("| `{}` | {takes} | {} | {} |", spec.word, spec.default, spec.doc)
        }),
    )
}

fn actions() -> String {
    let mut out = String::new();
    for action in Action::ALL {
        let spec = action.spec();
        let forms = spec.objects.iter().map(|object| match object {
            ObjectSpec::Named { kind, word: true } => format!("`{} {} NAME`", spec.head, kind.word()),
            ObjectSpec::Named { kind, word: false } => {
                format!("`{} NAME` ({})", spec.head, with_article(kind.word()))
            }
            ObjectSpec::Words(words, _) => format!("`{} {words}`", spec.head),
        });
        let host = |late: Outcome| {
            let time = written_duration(HOST_DEADLINE);
            format!("the host, for {time} or its `deadline`; then it is `{}`", late.word())
        };
        let visitor = |offer: Offer| {
            let replies = offer.replies.iter().map(|(outcome, text)| {
                format!("\"{}\" is `{}`", text.text(Language::English), outcome.word())
            });
            format!("the visitor, who may reply: {}", replies.collect::<Vec<_>>().join(", "))
        };
        let waits = match spec.waits {
            Waits::Host(late) => host(late),
            Waits::Visitor(offer) => visitor(offer),
            Waits::HostThenVisitor(late, offer) => format!("{}. Then for {}", host(late), visitor(offer)),
            Waits::Nobody => "nobody: the host delivers it in order, at least once".to_owned(),
        };
        let _ = write!(
            out,
            "### `{}`\n\n{}\n\nForms: {}. It waits for {waits}.\n\n```flow,fragment\n{}\n```\n\n",
            spec.head,
            spec.doc,
            forms.collect::<Vec<_>>().join(", "),
            spec.sample
        );
        if !spec.settings.is_empty() {
            let settings = spec.settings.iter().map(|setting| {
                let takes = match setting.takes {
                    Takes::Text => "a text or any value".to_owned(),
                    Takes::Word(all) => words(all),
                    Takes::StageOfPipeline => "a stage of the pipeline".to_owned(),
                };
                format!("| `{}` | {takes} | {} |", setting.argument.word(), setting.doc)
            });
            let _ = writeln!(out, "{}", rows("setting|takes|what it does", settings));
        }
        if spec.outcomes.is_empty() {
            continue;
        }
        let outcomes = spec.outcomes.iter().map(|outcome| {
            let default = match outcome.default {
                OutcomeDefault::MustBeSaid => "must be said".to_owned(),
                OutcomeDefault::GoOn => "the next statement runs".to_owned(),
                OutcomeDefault::Error => "the error text shows and the flow ends".to_owned(),
                OutcomeDefault::As(other) => format!("as after `{}`", other.word()),
                OutcomeDefault::Complete => "the flow is completed; it cannot say".to_owned(),
                OutcomeDefault::Show => "the visitor is asked; it cannot say".to_owned(),
            };
            format!("| `{}` | {} | {default} |", outcome.outcome.word(), outcome.doc)
        });
        let _ = writeln!(out, "{}", rows("outcome|when|if the flow does not say", outcomes));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn with_article(word: &str) -> String {
    format!("{} {word}", if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" })
}

/// What each plan adds to the ones before it.
fn plans() -> String {
    rows(
        "plan|what it adds",
        Plan::ALL.iter().map(|plan| {
            let features = Feature::ALL.iter().map(|feature| feature.spec());
            let features = features.filter(|spec| spec.plan == *plan).map(|spec| spec.words);
            let actions = Action::ALL.iter().map(|action| action.spec());
            let actions = actions.filter(|spec| spec.plan == *plan).map(|spec| spec.head);
            let all: Vec<&str> = features.chain(actions).collect();
            let adds = match (plan, all.as_slice()) {
                (Plan::Free, _) => "everything that no other plan names".to_owned(),
                (_, []) => "nothing more".to_owned(),
                (_, all) => words(all),
            };
            format!("| `{}` | {adds} |", plan.word())
        }),
    )
}

fn channels() -> String {
    let yes = |is: bool| if is { "yes" } else { "no" };
    let media = |is: bool| if is { "yes" } else { "its address" };
    rows(
        "channel|longest message|replies|page|typing|image|file|video",
        Channel::ALL.iter().map(|channel| {
            let spec = channel.spec();
            let text = spec.text.map_or("any".to_owned(), |most| most.to_string());
            let replies = spec.most_replies().map_or("any".to_owned(), |most| format!("up to {most}"));
            format!(
                "| `{}` | {text} | {replies} | {} | {} | {} | {} | {} |",
                spec.name,
                yes(spec.page),
                yes(spec.typing),
                media(spec.image),
                media(spec.file),
                media(spec.video)
            )
        }),
    )
}

fn replies() -> String {
    let forms = Channel::ALL.iter().flat_map(|channel| {
        channel.spec().replies.iter().map(|form| {
            format!(
                "| `{}` | up to {} | {} | {} | {} |",
                channel.spec().name,
                form.most,
                form.name,
                form.label,
                form.text
            )
        })
    });
    rows("channel|replies|show as|longest label|longest message above", forms)
}

fn facts() -> String {
    rows(
        "fact|value|what it is",
        FACTS.iter().map(|fact| {
            let value = match fact.value {
                FactType::Text => "a text".to_owned(),
                FactType::Number => "a number".to_owned(),
                FactType::Condition => "a condition".to_owned(),
                FactType::Bool => "yes or no".to_owned(),
                FactType::Date => "a date".to_owned(),
                FactType::DateTime => "a date and time".to_owned(),
                FactType::Word(all) => words(all),
            };
            format!("| `{}` | {value} | {} |", fact.name, fact.doc)
        }),
    )
}

fn texts() -> String {
    let mut out = String::new();
    for (text, _, doc) in BuiltIn::ALL {
        let said = Language::ALL
            .iter()
            .map(|language| format!("| {} | {} |", language.name(), text.text(*language)));
        let _ = writeln!(
            out,
            "### {}\n\nIts name: `{}`.\n\n{}",
            doc.trim().trim_end_matches('.'),
            text.word(),
            rows("language|text", said)
        );
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn instructions() -> String {
    rows(
        "byte|instruction|what it does",
        Op::ALL.iter().map(|(code, name, doc)| format!("| `{code:02x}` | `{name}` | {} |", doc.trim())),
    )
}

fn diagnostics() -> String {
    rows(
        "code|severity|what it is called",
        Code::ALL.iter().map(|code| {
            let text = code.as_str();
            format!("| [{text}](diagnostics/{text}.md) | {} | {} |", code.severity().word(), code.title())
        }),
    )
}
