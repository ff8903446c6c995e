//! What can be explained besides diagnostics: the rows of the language's tables, as pages.

use std::fmt::Write;

use chatflow_runtime::action::{
    Action, ActionSpec, ArgumentSpec, HOST_DEADLINE, ObjectSpec, Offer, Outcome, OutcomeDefault, Part, Takes,
    Waits,
};
use chatflow_runtime::fact::{FACTS, FactSpec, FactType};
use chatflow_runtime::language::Language;
use chatflow_runtime::plan::Plan;
use chatflow_runtime::setting::{Setting, SettingSpec, SettingTakes};

use crate::literal::written_duration;
use crate::operator::{Operator, OperatorSpec};
use crate::words::{WORDS, WordSpec};

/// Something that can be explained.
#[derive(Debug)]
pub struct Topic {
    /// How a flow writes it.
    pub name: &'static str,
    /// What it is: `an action`.
    pub kind: &'static str,
    /// Its page, in Markdown, without its heading.
    pub page: String,
}

/// Everything that can be explained, by kind.
pub fn all() -> Vec<Topic> {
    let topic = |name, kind, page| Topic { name, kind, page };
    let actions = Action::ALL.iter().map(|action| action.spec());
    let arguments = actions.clone().flat_map(|spec| {
        let page = |setting| argument_page(spec, setting);
        spec.settings
            .iter()
            .map(move |setting| topic(setting.argument.word(), "a setting of an action", page(setting)))
    });
    let settings = Setting::ALL.iter().map(|setting| setting.spec());
    let settings = settings.map(|spec| topic(spec.word, "a setting of a flow", setting_page(&spec)));
    let facts = FACTS.iter().map(|spec| topic(spec.name, "a fact", fact_page(spec)));
    let operators = Operator::ALL.iter().map(|operator| {
        let spec = operator.spec();
        topic(spec.words, "an operator", operator_page(&spec))
    });
    let actions = actions.clone().map(|spec| topic(spec.head, "an action", action_page(spec)));
    let actions = actions.chain([topic("module", "a kind of file", module_page())]);
    // A module has a page of its own above.
    let words = WORDS.iter().filter(|spec| spec.word != "module");
    let words = words.map(|spec| topic(spec.word, spec.place.kind(), word_page(spec)));
    actions.chain(arguments).chain(settings).chain(facts).chain(operators).chain(words).collect()
}

/// The topics that a text names, whatever its case and however far its words stand apart.
pub fn named(text: &str) -> Vec<Topic> {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let wanted = plain(text);
    // `hand off` and `is none of` are names too.
    let fits = |topic: &Topic| {
        let short = topic.name.strip_suffix(" to").or(topic.name.strip_suffix(" in"));
        topic.name == wanted || short == Some(wanted.as_str())
    };
    let negated = Operator::ALL
        .iter()
        .map(|operator| operator.spec())
        .find(|spec| spec.negated == wanted && spec.words != wanted);
    let mut found: Vec<Topic> = all().into_iter().filter(fits).collect();
    if let (true, Some(spec)) = (found.is_empty(), negated) {
        found.extend(
            all().into_iter().filter(|topic| topic.name == spec.words && topic.kind == "an operator"),
        );
    }
    found
}

/// The reference's own page, without its heading.
fn module_page() -> String {
    let page = include_str!("../../docs/reference/modules.md");
    page.split_once("\n\n").map_or(page, |(_, page)| page).to_owned()
}

/// The page of a row, in Markdown, without its heading.
pub fn action_page(spec: &ActionSpec) -> String {
    let mut out = format!("{}\n\n{}\n\n```flow\n{}\n```\n", spec.doc, forms_and_waits(spec), spec.sample);
    if !spec.settings.is_empty() {
        out.push_str("\n## Settings\n\n");
    }
    for setting in spec.settings {
        let _ = writeln!(out, "- `{}`, {}: {}", setting.argument.word(), takes(setting.takes), setting.doc);
    }
    if !spec.outcomes.is_empty() {
        out.push_str("\n## Outcomes\n\n");
    }
    for row in spec.outcomes {
        let (word, then) = (row.outcome.word(), default(row.default));
        let _ = writeln!(out, "- `{word}`: {} If the flow does not say what then, {then}.", row.doc);
    }
    let _ = match spec.plan == Plan::Free {
        true => writeln!(out, "\nEvery plan has it."),
        false => writeln!(out, "\nIt needs the plan `{}` or a larger one.", spec.plan.word()),
    };
    out
}

/// The page of a row, in Markdown, without its heading.
pub fn argument_page(spec: &ActionSpec, setting: &ArgumentSpec) -> String {
    format!(
        "{}\n\nIt stands in the block of `{}` and takes {}.\n",
        setting.doc,
        spec.head,
        takes(setting.takes)
    )
}

/// The page of a row, in Markdown, without its heading.
pub fn setting_page(spec: &SettingSpec) -> String {
    let (takes, block) = (setting_takes(&spec.takes), spec.block.word());
    format!("{}\n\nIt stands in `{block}` and takes {takes}. Without it: {}.\n", spec.doc, spec.default)
}

/// The page of a row, in Markdown, without its heading.
pub fn fact_page(spec: &FactSpec) -> String {
    format!("{}\n\nIts value is {}.\n", spec.doc, fact_value(spec.value))
}

/// The page of a row, in Markdown, without its heading.
pub fn operator_page(spec: &OperatorSpec) -> String {
    format!("{}\n\nFor {}. Its opposite: `{}`.\n", spec.doc, spec.on, spec.negated)
}

/// The page of a row, in Markdown, without its heading.
pub fn word_page(spec: &WordSpec) -> String {
    format!("{}\n\n```flow\n{}\n```\n", spec.doc, spec.form)
}

/// `Forms: … It waits for …`.
pub fn forms_and_waits(spec: &ActionSpec) -> String {
    let forms = spec.objects.iter().map(|object| match object {
        ObjectSpec::Named { kind, word: true } => format!("`{} {} NAME`", spec.head, kind.word()),
        ObjectSpec::Named { kind, word: false } => {
            format!("`{} NAME` ({})", spec.head, with_article(kind.word()))
        }
        ObjectSpec::Words(words, _) => format!("`{} {words}`", spec.head),
        ObjectSpec::Address(_) => format!("`{} \"https://…\"`", spec.head),
        ObjectSpec::Called(kind) => format!("`let NAME = {}(VALUE, …)`", kind.word().to_uppercase()),
    });
    format!("Forms: {}. It waits for {}.", forms.collect::<Vec<_>>().join(", "), waits(spec.waits))
}

fn waits(waits: Waits) -> String {
    let host = |late: Outcome| {
        let time = written_duration(HOST_DEADLINE);
        format!("the host, for {time} or its `deadline`; then it is `{}`", late.word())
    };
    let visitor = |offer: Offer| {
        let replies = offer.replies.iter();
        let replies = replies
            .map(|(outcome, text)| format!("\"{}\" is `{}`", text.text(Language::English), outcome.word()));
        format!("the visitor, who may reply: {}", replies.collect::<Vec<_>>().join(", "))
    };
    match waits {
        Waits::Host(late) => host(late),
        Waits::Visitor(offer) => visitor(offer),
        Waits::HostThenReply(late) => {
            format!("{}. Where it asks something, for the visitor, and then for it again", host(late))
        }
        Waits::HostThenVisitor(late, offer) => format!("{}. Then for {}", host(late), visitor(offer)),
        Waits::Nobody => "nobody: the host delivers it in order, at least once".to_owned(),
    }
}

/// What a setting of an action takes.
pub fn takes(takes: Takes) -> String {
    match takes {
        Takes::Text => "a text or any value".to_owned(),
        Takes::Word(all) => words(all),
        Takes::StageOfPipeline => "a stage of the pipeline".to_owned(),
        Takes::Named(Part::Header) => "a block of names in quotes, each with a value".to_owned(),
        Takes::Named(_) => "a block of names, each with a value".to_owned(),
        Takes::Results => "a path in quotes, `as`, a name and its type; may be repeated".to_owned(),
        Takes::Nicknames => "a name in quotes and an arrow; may be repeated".to_owned(),
        Takes::Nothing => "nothing: it stands alone".to_owned(),
    }
}

/// What happens after an outcome that a flow does not mention.
pub fn default(default: OutcomeDefault) -> String {
    match default {
        OutcomeDefault::MustBeSaid => "that is an error".to_owned(),
        OutcomeDefault::GoOn => "the next statement runs".to_owned(),
        OutcomeDefault::Error => "the error text shows and the flow ends".to_owned(),
        OutcomeDefault::As(other) => format!("as after `{}`", other.word()),
        OutcomeDefault::Complete => "the flow is completed, always".to_owned(),
        OutcomeDefault::Show => "the visitor is asked, always".to_owned(),
    }
}

/// What a setting of a flow takes.
pub fn setting_takes(takes: &SettingTakes) -> String {
    match takes {
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
    }
}

/// What a fact's value is.
pub fn fact_value(value: FactType) -> String {
    match value {
        FactType::Text => "a text".to_owned(),
        FactType::Number => "a number".to_owned(),
        FactType::Condition => "a condition".to_owned(),
        FactType::Bool => "yes or no".to_owned(),
        FactType::Date => "a date".to_owned(),
        FactType::DateTime => "a date and time".to_owned(),
        FactType::Word(all) => words(all),
    }
}

/// Words in backticks.
pub fn words(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn with_article(word: &str) -> String {
    format!("{} {word}", if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever a table has, somebody may ask about, and finds.
    #[test]
    fn everything_is_explained() {
        for topic in all() {
            let found = named(topic.name);
            assert!(found.iter().any(|found| found.kind == topic.kind), "{}", topic.name);
            assert!(topic.page.contains('.'), "{}: {}", topic.name, topic.page);
        }
        assert!(named("is none of").iter().all(|topic| topic.name == "is any of"));
        assert_eq!(named("Book  Meeting").len(), 1);
        assert_eq!(named("hand off").len(), 1);
        assert!(named("dance").is_empty());
    }
}
