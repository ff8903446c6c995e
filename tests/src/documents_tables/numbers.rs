//! The program format: its instructions, and what its numbers stand for.

use chatflow_runtime::action::{Action, Argument, ObjectKind, Outcome, Part};
use chatflow_runtime::channel::Channel;
use chatflow_runtime::fact::{FACTS, FactKind};
use chatflow_runtime::id::{Inbox, Object, Str};
use chatflow_runtime::language::BuiltIn;
use chatflow_runtime::media::MediaKind;
use chatflow_runtime::op::Op;
use chatflow_runtime::plural::Category;
use chatflow_runtime::setting::Setting;

use super::rows;

pub(super) fn instructions() -> String {
    rows(
        "byte|instruction|behind it|what it does",
        Op::ALL.iter().zip(Op::OPERANDS).map(|((code, name, doc), operand)| {
            let operand = match *operand {
                "" => String::new(),
                "Ahead" => "distance, two bytes".to_owned(),
                "MediaKind" => "u8, the kind of media".to_owned(),
                index => format!("varint, {}", section(index)),
            };
            format!("| `{code:02x}` | `{name}` | {operand} | {} |", doc.trim())
        }),
    )
}

/// What an index counts.
fn section(index: &str) -> &'static str {
    match index {
        "Const" => "a constant",
        "Slot" => "a property",
        "Fact" => "a fact",
        "Options" => "a list of options",
        "Text" => "a text",
        "Pattern" => "a pattern",
        "Site" => "a place",
        "Step" => "a step",
        _ => "",
    }
}

/// Every list whose entries have numbers in a program.
pub(super) fn numbers() -> String {
    let lists = [
        ("actions", listed(Action::ALL.iter().map(|action| action.spec().head))),
        ("arguments of actions", listed(Argument::ALL.iter().map(|argument| argument.word()))),
        ("outcomes", listed(Outcome::ALL.iter().map(|outcome| outcome.word()))),
        ("parts of what is handed over", listed(Part::ALL.iter().map(|part| part.word()))),
        ("kinds of objects", listed(ObjectKind::ALL.iter().map(|kind| kind.word()))),
        ("settings", listed(Setting::ALL.iter().map(|setting| setting.spec().word))),
        ("facts", facts()),
        ("channels (bits)", listed(Channel::ALL.iter().map(|channel| channel.spec().name))),
        ("media", listed(MediaKind::ALL.iter().map(|kind| kind.spec().word))),
        ("categories of plurals", listed(Category::ALL.iter().map(|category| category.word()))),
        ("the runtime's texts", listed(BuiltIn::ALL.iter().map(|(text, ..)| text.word()))),
    ];
    rows("list|its numbers", lists.into_iter().map(|(name, numbers)| format!("| {name} | {numbers} |")))
}

fn listed(words: impl Iterator<Item = impl AsRef<str>>) -> String {
    let words = words.enumerate().map(|(number, word)| format!("{number} `{}`", word.as_ref()));
    words.collect::<Vec<_>>().join(", ")
}

fn facts() -> String {
    let of_names = [
        (FactKind::PageQuery(Str(0)), "page.query.NAME` with its name"),
        (FactKind::TeamAvailable(Object(0)), "team NAME is available` with its object"),
        (FactKind::UserAvailable(Object(0)), "user NAME is available` with its object"),
        (FactKind::InboxOpen(Inbox(0)), "inbox NAME is open` with its inbox"),
        (FactKind::InList(Object(0)), "contact is in list NAME` with its object"),
        (FactKind::PageAddress, "page.url` without query and fragment"),
        (FactKind::ContactKnown, "contact is known`"),
    ];
    let plain = FACTS.iter().map(|spec| (spec.kind.number().0, format!("{}`", spec.name)));
    let of_names = of_names.iter().map(|(kind, words)| (kind.number().0, (*words).to_owned()));
    let mut all: Vec<(u8, String)> = plain.chain(of_names).collect();
    all.sort();
    all.into_iter().map(|(number, words)| format!("{number} `{words}")).collect::<Vec<_>>().join(", ")
}
