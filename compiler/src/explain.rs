//! What can be explained besides diagnostics: the rows of the language's tables, as pages.

mod terms;

use std::fmt::Write;

use chatflow_runtime::action::{
    Action, ActionSpec, ArgumentSpec, HOST_DEADLINE, ObjectSpec, Offer, Outcome, OutcomeDefault, Part, Takes,
    Waits,
};
use chatflow_runtime::channel::Channel;
use chatflow_runtime::fact::{FACTS, FactSpec, FactType};
use chatflow_runtime::language::Language;
use chatflow_runtime::media::MediaKind;
use chatflow_runtime::plan::{Feature, Plan};
use chatflow_runtime::setting::{Setting, SettingSpec, SettingTakes};

pub use self::terms::{TERMS, TermSpec};
use crate::literal::written_duration;
use crate::operator::{Operator, OperatorSpec};
use crate::words::{WORDS, WordSpec};

/// Something that can be explained.
#[derive(Debug)]
pub struct Topic {
    /// How a flow writes it.
    pub name: &'static str,
    /// What else people may ask for and mean it.
    pub also: &'static [&'static str],
    /// What it is: `an action`.
    pub kind: &'static str,
    /// Its page, in Markdown, without its heading.
    pub page: String,
}

/// Everything that can be explained, by kind.
pub fn all() -> Vec<Topic> {
    let topic = |name, kind, page| Topic { name, also: &[], kind, page };
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
    let outcomes =
        Outcome::ALL.iter().map(|outcome| topic(outcome.word(), "an outcome", outcome_page(*outcome)));
    let media = MediaKind::ALL.iter().map(|kind| kind.spec());
    let media =
        media.map(|spec| topic(spec.word, "a line of `say`", media_page(spec.word, spec.words, spec.doc)));
    let plans = Plan::ALL.iter().map(|plan| topic(plan.word(), "a plan", plan_page(*plan)));
    let channels = Channel::ALL.iter().map(|channel| channel.spec());
    let channels = channels.map(|spec| {
        topic(spec.name, "a channel", format!("{}\n\n```flow\nchannel {}\n```\n", spec.doc, spec.name))
    });
    let terms = TERMS.iter().filter_map(|spec| {
        let (name, also) = spec.names.split_first()?;
        Some(Topic { name, also, kind: spec.kind, page: term_page(spec) })
    });
    actions
        .chain(arguments)
        .chain(outcomes)
        .chain(settings)
        .chain(facts)
        .chain(operators)
        .chain(words)
        .chain(media)
        .chain(plans)
        .chain(channels)
        .chain(terms)
        .collect()
}

/// The topics that a text names, whatever its case and however far its words stand apart: those of the whole text, else those of
/// which it is a part, else those of which it is a value.
pub fn named(text: &str) -> Vec<Topic> {
    let wanted = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    // `hand off` and `enroll contact` are names too.
    let is_named = |topic: &Topic| {
        let short = topic.name.strip_suffix(" to").or(topic.name.strip_suffix(" in"));
        let also = topic.also.iter().copied().chain(negated(topic));
        topic.name == wanted || short == Some(wanted.as_str()) || also.into_iter().any(|name| name == wanted)
    };
    let is_part = |topic: &Topic| {
        let mut all = std::iter::once(topic.name).chain(negated(topic));
        all.any(|name| format!(" {name} ").contains(&format!(" {wanted} ")))
    };
    let is_value = |topic: &Topic| topic.kind != "a plan" && takes_word(topic, &wanted);
    let found = |fits: &dyn Fn(&Topic) -> bool| all().into_iter().filter(fits).collect::<Vec<Topic>>();
    let empty = wanted.is_empty();
    let mut topics = if empty { Vec::new() } else { found(&is_named) };
    if topics.is_empty() && !empty {
        topics = found(&is_part);
    }
    if topics.is_empty() && !empty {
        topics = found(&is_value);
    }
    match wanted.rsplit_once('.') {
        // A property, or a value of the page's address.
        Some((of, name)) if topics.is_empty() && !of.is_empty() && !name.is_empty() => named(of),
        _ => topics,
    }
}

/// How the opposite of an operator is written, with and without what stands before.
fn negated(topic: &Topic) -> impl Iterator<Item = &'static str> {
    let spec = Operator::ALL.iter().map(|operator| operator.spec());
    let spec = spec.filter(|spec| topic.kind == "an operator" && spec.words == topic.name);
    // `>=` is an operator of its own.
    let is_other = |words: &&str| Operator::ALL.iter().all(|operator| operator.spec().words != *words);
    spec.map(|spec| spec.negated).filter(is_other).collect::<Vec<_>>().into_iter()
}

/// Whether a word is one that a setting or a fact takes.
fn takes_word(topic: &Topic, word: &str) -> bool {
    let settings = Setting::ALL.iter().map(|setting| setting.spec()).filter(|spec| spec.word == topic.name);
    let of_settings = settings.flat_map(|spec| match spec.takes {
        SettingTakes::Word(all) | SettingTakes::WordAndText(all) => all,
        SettingTakes::Trigger => &["on_exit", "after", "scrolled"],
        SettingTakes::Text
        | SettingTakes::Url
        | SettingTakes::Colour
        | SettingTakes::Duration
        | SettingTakes::Survey => &[],
    });
    let of_facts = FACTS.iter().filter(|spec| spec.name == topic.name).flat_map(|spec| match spec.value {
        FactType::Word(all) => all,
        FactType::Text
        | FactType::Number
        | FactType::Condition
        | FactType::Bool
        | FactType::Date
        | FactType::DateTime => &[],
    });
    let arguments = Action::ALL.iter().flat_map(|action| action.spec().settings);
    let arguments = arguments.filter(|setting| setting.argument.word() == topic.name);
    let of_arguments = arguments.flat_map(|setting| match setting.takes {
        Takes::Word(all) => all,
        Takes::Text
        | Takes::StageOfPipeline
        | Takes::Named(_)
        | Takes::Results
        | Takes::Nicknames
        | Takes::Nothing => &[],
    });
    let mut all = of_settings.copied().chain(of_facts.copied()).chain(of_arguments.copied());
    let is_table = topic.kind.starts_with("a setting") || topic.kind == "a fact";
    is_table && all.any(|known| known == word)
}

/// The page of an outcome, by the actions that have it.
fn outcome_page(outcome: Outcome) -> String {
    let mut out = String::new();
    for spec in Action::ALL.iter().map(|action| action.spec()) {
        if let Some(row) = spec.outcome(outcome) {
            let then = default(row.default);
            let _ = writeln!(
                out,
                "- Of `{}`: {} If the flow does not say what then, {then}.",
                spec.head, row.doc
            );
        }
    }
    if outcome == Outcome::Failed {
        out.push_str("- Of `let` and `set`: it cannot be calculated. If the flow does not say what then, the error text shows and the flow ends.\n");
    }
    out
}

fn media_page(word: &str, words: &str, doc: &str) -> String {
    format!("{doc}\n\n```flow\nsay \"TEXT\" {{ {word} \"URL\" {words} \"WORDS\" }}\n```\n")
}

/// What a plan has that those below it do not have.
fn plan_page(plan: Plan) -> String {
    let actions = Action::ALL.iter().map(|action| action.spec()).filter(|spec| spec.plan == plan);
    let features = Feature::ALL.iter().map(|feature| feature.spec()).filter(|spec| spec.plan == plan);
    let all: Vec<&str> = match plan {
        Plan::Free => Vec::new(),
        Plan::Starter | Plan::Professional | Plan::Enterprise => {
            actions.map(|spec| spec.head).chain(features.map(|spec| spec.words)).collect()
        }
    };
    let has = match (plan, all.as_slice()) {
        (Plan::Free, _) => "It has everything that no other plan names.".to_owned(),
        (_, []) => "It has what the plans below it have.".to_owned(),
        (_, all) => format!("It has what the plans below it have, and: {}.", words(all)),
    };
    format!(
        "A plan of the account, which a workspace names.\n\n{has}\n\n```flow\nplan {}\n```\n",
        plan.word()
    )
}

/// The page of a row, in Markdown, without its heading.
pub fn term_page(spec: &TermSpec) -> String {
    format!("{}\n\n```flow\n{}\n```\n", spec.doc, spec.form)
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
    use chatflow_runtime::action::Argument;

    use super::*;
    use crate::token::Kind;
    use crate::types::Ty;
    use crate::workspace::Thing;

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
        assert!(named("").is_empty());
    }

    /// Every word that can stand in a file, from the lists that the checker reads.
    #[test]
    fn every_word_of_the_language_is_explained() {
        let keywords = Kind::KEYWORDS.iter().map(|(word, _)| *word);
        let operators = Operator::ALL.iter().map(|operator| operator.spec());
        let operators = operators.flat_map(|spec| [spec.words, spec.negated.trim_start_matches("not … ")]);
        let settings = Setting::ALL.iter().map(|setting| setting.spec());
        let values = settings.clone().flat_map(|spec| match spec.takes {
            SettingTakes::Word(all) | SettingTakes::WordAndText(all) => all.to_vec(),
            _ => Vec::new(),
        });
        let things = Thing::ALL.iter().flat_map(|(_, thing)| thing.settings()).copied();
        let mut all: Vec<&str> = keywords
            .chain(operators)
            .chain(settings.map(|spec| spec.word))
            .chain(values)
            .chain(Ty::NAMES.iter().copied())
            .chain(things)
            .chain(FACTS.iter().map(|spec| spec.name))
            .chain(WORDS.iter().map(|spec| spec.word))
            .chain(Outcome::ALL.iter().map(|outcome| outcome.word()))
            .chain(Argument::ALL.iter().map(|argument| argument.word()))
            .chain(Plan::ALL.iter().map(|plan| plan.word()))
            .chain(Channel::ALL.iter().map(|channel| channel.spec().name))
            .chain(MediaKind::ALL.iter().flat_map(|kind| [kind.spec().word, kind.spec().words]))
            .chain(["contact owner", "unassigned", "contact.email", "page.query.utm_source", "else if"])
            .chain(["+", "-", "*", "/", "->", "=", ":", "..", "[", "(", "{", "///", "//"])
            .collect();
        all.sort_unstable();
        all.dedup();
        let missing: Vec<&str> = all.into_iter().filter(|word| named(word).is_empty()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn an_operator_is_found_by_its_opposite_and_by_a_part_of_it() {
        let names = |text: &str| named(text).iter().map(|topic| topic.name).collect::<Vec<_>>();
        assert_eq!(names("does not contain"), ["contains"]);
        assert_eq!(names("known"), ["is known"]);
        assert_eq!(names(">="), [">="]);
        assert_eq!(names("tablet"), ["visitor.device"]);
        assert_eq!(names("CSAT"), ["kind"]);
        assert_eq!(names("contact.email"), names("contact"));
    }
}
