//! The tables of the reference, made from the code they describe.
//!
//! A page has a table between `<!-- table: NAME -->` and `<!-- end -->`. A test compares; with `UPDATE_DOCS=1` it writes.

use std::fmt::Write;

use chatflow_compiler::code::Code;
use chatflow_compiler::explain::{default, fact_value, forms_and_waits, setting_takes, takes, words};
use chatflow_runtime::action::Action;
use chatflow_runtime::channel::Channel;
use chatflow_runtime::fact::FACTS;
use chatflow_runtime::language::{BuiltIn, Language};
use chatflow_runtime::media::MediaKind;
use chatflow_runtime::plan::{Feature, Plan};
use chatflow_runtime::setting::{Setting, SettingBlock};

pub mod command;
mod languages;
mod numbers;
mod wire;

/// The table of this name, in Markdown; none if there is no such table.
pub fn table(name: &str) -> Option<String> {
    Some(match name {
        "display" => settings(SettingBlock::Display),
        "options" => settings(SettingBlock::Options),
        "consent" => settings(SettingBlock::Consent),
        "actions" => actions(),
        "plans" => plans(),
        "media" => media(),
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
        "wire_effects" => wire::effects(),
        "wire_types" => wire::types(),
        "wire_ends" => wire::ends(),
        "wire_waiting" => wire::waiting(),
        "wire_inputs" => wire::inputs(),
        "wire_actions" => wire::actions(),
        "wire_outcomes" => wire::outcomes(),
        "wire_languages" => wire::languages(),
        "wire_settings" => wire::settings(),
        "instructions" => numbers::instructions(),
        "numbers" => numbers::numbers(),
        "diagnostics" => diagnostics(),
        "commands" => command::list(),
        "orders" => command::orders(),
        name => return command::options(name.strip_prefix("command ")?),
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

fn settings(block: SettingBlock) -> String {
    let specs = Setting::ALL.iter().map(|setting| setting.spec()).filter(|spec| spec.block == block);
    rows(
        "setting|takes|default|what it does",
        specs.map(|spec| {
            let takes = setting_takes(&spec.takes);
            format!("| `{}` | {takes} | {} | {} |", spec.word, spec.default, spec.doc)
        }),
    )
}

fn actions() -> String {
    let mut out = String::new();
    for action in Action::ALL {
        let spec = action.spec();
        let _ = write!(
            out,
            "### `{}`\n\n{}\n\n{}\n\n```flow,fragment\n{}\n```\n\n",
            spec.head,
            spec.doc,
            forms_and_waits(spec),
            spec.sample
        );
        if !spec.settings.is_empty() {
            let settings = spec.settings.iter().map(|setting| {
                let takes = takes(setting.takes);
                format!("| `{}` | {takes} | {} |", setting.argument.word(), setting.doc)
            });
            let _ = writeln!(out, "{}", rows("setting|takes|what it does", settings));
        }
        if spec.outcomes.is_empty() {
            continue;
        }
        let outcomes = spec.outcomes.iter().map(|outcome| {
            let default = default(outcome.default);
            format!("| `{}` | {} | {default} |", outcome.outcome.word(), outcome.doc)
        });
        let _ = writeln!(out, "{}", rows("outcome|when|if the flow does not say", outcomes));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
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

fn media() -> String {
    rows(
        "line|what it shows",
        MediaKind::ALL.iter().map(|kind| {
            let spec = kind.spec();
            format!("| `{} \"https://…\" {} \"…\"` | {} |", spec.word, spec.words, spec.doc)
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
            let value = fact_value(fact.value);
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

fn diagnostics() -> String {
    rows(
        "code|severity|what it is called",
        Code::ALL.iter().map(|code| {
            let text = code.as_str();
            format!("| [{text}](diagnostics/{text}.md) | {} | {} |", code.severity().word(), code.title())
        }),
    )
}
