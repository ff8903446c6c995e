//! The entries of a program's tables, by name.

use chatflow_runtime::action::Part;
use chatflow_runtime::fact::{FACTS, FactKind};
use chatflow_runtime::id::{Const, Fact, Object, Options, Pattern, Slot, Step, Text};
use chatflow_runtime::image::{
    Arm, GivenDef, GivenFrom, GivenPiece, Image, Piece, PluralCase, SiteDef, Wait,
};
use chatflow_runtime::pattern::PatternKind;
use chatflow_runtime::{Type, Value};

use crate::render::mask_line;

/// Longer texts are cut: a listing is read line by line.
const LONGEST: usize = 60;

/// `step talk`.
pub fn step(image: &Image, at: Step) -> String {
    image.steps.get(at.index()).map_or_else(|| missing(at.index()), |step| text(image.strings.get(step.name)))
}

/// `contact.email`.
pub fn slot(image: &Image, at: Slot) -> String {
    image.slots.get(at.index()).map_or_else(|| missing(at.index()), |slot| text(image.strings.get(slot.name)))
}

/// `page.path`, `team sales available`.
pub fn fact(image: &Image, at: Fact) -> String {
    image.facts.get(at.index()).map_or_else(|| missing(at.index()), |fact| fact_kind(image, *fact))
}

/// What the host is asked for.
pub fn fact_kind(image: &Image, fact: FactKind) -> String {
    match fact {
        FactKind::PageAddress => "page.url without its query".to_owned(),
        FactKind::PageQuery(name) => format!("page.query.{}", text(image.strings.get(name))),
        FactKind::ContactKnown => "contact known".to_owned(),
        FactKind::TeamAvailable(at) | FactKind::UserAvailable(at) => {
            format!("{} available", object(image, at))
        }
        FactKind::InList(at) => format!("contact in {}", object(image, at)),
        FactKind::InboxOpen(at) => {
            let inbox = image.flow.inboxes.get(at.index());
            let name = inbox.map_or_else(|| missing(at.index()), |inbox| text(image.strings.get(inbox.name)));
            format!("inbox {name} open")
        }
        FactKind::PageUrl
        | FactKind::Today
        | FactKind::Now
        | FactKind::PageHost
        | FactKind::PagePath
        | FactKind::PageTitle
        | FactKind::PageLanguage
        | FactKind::PageSeconds
        | FactKind::PageScrolled
        | FactKind::VisitorDevice
        | FactKind::VisitorCountry
        | FactKind::VisitorLanguage
        | FactKind::VisitorReturning
        | FactKind::VisitorPages => {
            FACTS.iter().find(|row| row.kind == fact).map_or_else(String::new, |row| row.name.to_owned())
        }
    }
}

/// `team sales`.
pub fn object(image: &Image, at: Object) -> String {
    let Some(object) = image.objects.get(at.index()) else { return missing(at.index()) };
    match object.kind.is_declared() {
        false => object.kind.word().to_owned(),
        true => format!("{} {}", object.kind.word(), text(image.strings.get(object.name))),
    }
}

/// A constant as a flow would write it.
pub fn constant(image: &Image, at: Const) -> String {
    match image.constants.get(at.index()) {
        None => missing(at.index()),
        Some(Value::Text(words)) => quoted(words),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(is)) => is.to_string(),
        Some(Value::Option(name)) => text(name),
        Some(Value::Options(names)) => format!("[{}]", text(&names.join(", "))),
        Some(Value::Duration(milliseconds)) => format!("{milliseconds}ms"),
        Some(value @ (Value::Date(_) | Value::DateTime(_))) => {
            crate::show::fact(&crate::chat::as_fact(value))
        }
    }
}

/// A text with its holes numbered: `"Chat with {0}"`.
pub fn template(image: &Image, at: Text) -> String {
    let Some(template) = image.texts.get(at.index()) else { return missing(at.index()) };
    quoted(&pieces(image, &template.pieces))
}

/// Pieces of a text as a flow writes them, with the numbers of their holes: `{plural 0: one "{1} seat"}`.
fn pieces(image: &Image, all: &[Piece]) -> String {
    let form = |case: String, form: &[Piece]| format!("{case} \"{}\"", pieces(image, form));
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => image.strings.get(*words).to_owned(),
        Piece::Hole(hole) => format!("{{{hole}}}"),
        Piece::Plural { hole, forms } => {
            let forms = forms.iter().map(|(case, pieces)| match case {
                PluralCase::Exactly(number) => form(format!("={number}"), pieces),
                PluralCase::Category(category) => form(category.word().to_owned(), pieces),
            });
            format!("{{plural {hole}: {}}}", forms.collect::<Vec<_>>().join(", "))
        }
        Piece::Select { hole, forms } => {
            let forms = forms.iter().map(|(name, pieces)| {
                form(name.map_or("other", |name| image.strings.get(name)).to_owned(), pieces)
            });
            format!("{{select {hole}: {}}}", forms.collect::<Vec<_>>().join(", "))
        }
    };
    all.iter().map(piece).collect()
}

/// What an action hands over: `body seats: number`, `header Authorization: secret acme_key`.
pub fn given(image: &Image, given: &GivenDef) -> String {
    let name = text(image.strings.get(given.name));
    let name = if name.is_empty() { name } else { format!(" {name}") };
    let from = match &given.from {
        GivenFrom::Value(value) => ty(image, *value),
        GivenFrom::Pieces(pieces) => given_pieces(image, pieces),
        GivenFrom::Secret(secret) => object(image, *secret),
    };
    format!("{}{name}: {from}", given.part.word())
}

/// A text that other programs read, with the types of its values: `"https://acme.example/{number}"`.
fn given_pieces(image: &Image, pieces: &[GivenPiece]) -> String {
    let piece = |piece: &GivenPiece| match piece {
        GivenPiece::Words(words) => image.strings.get(*words).to_owned(),
        GivenPiece::Value(value) => format!("{{{}}}", ty(image, *value)),
    };
    quoted(&pieces.iter().map(piece).collect::<String>())
}

/// `one of [subscriber, lead]`.
pub fn ty(image: &Image, ty: Type) -> String {
    let word = match ty {
        Type::Text => "text",
        Type::Number => "number",
        Type::Bool => "bool",
        Type::Date => "date",
        Type::DateTime => "datetime",
        Type::Duration => "duration",
        Type::Email => "email",
        Type::Phone => "phone",
        Type::Url => "url",
        Type::OneOf(list) => return format!("one of [{}]", options(image, list)),
        Type::ManyOf(list) => return format!("many of [{}]", options(image, list)),
    };
    word.to_owned()
}

/// The names of a list of options.
pub fn options(image: &Image, at: Options) -> String {
    let Some(list) = image.options.get(at.index()) else { return missing(at.index()) };
    let names: Vec<String> = list.options.iter().map(|option| text(image.strings.get(option.name))).collect();
    names.join(", ")
}

/// `-> talk`, `-> 0042`, or `goes on`.
pub fn arm(image: &Image, arm: Arm) -> String {
    match arm {
        Arm::Next => "goes on".to_owned(),
        Arm::Step(at) => format!("-> {}", step(image, at)),
        Arm::Block(at) => format!("-> {:04}", at.0),
    }
}

/// `ask contact.email`, `book meeting intro`.
pub fn place(image: &Image, site: &SiteDef) -> String {
    match &site.wait {
        Wait::Ask(ask) => {
            ask.target.map_or_else(|| "ask".to_owned(), |target| format!("ask {}", slot(image, target)))
        }
        Wait::Pause(milliseconds) => format!("wait {}", chatflow_compiler::written_duration(*milliseconds)),
        Wait::Do(run) => format!("do {}", step(image, *run)),
        Wait::Act(act) => {
            let spec = act.action.spec();
            let named = image.objects.get(act.object.index());
            if let (false, Some(named)) = (spec.is_statement(), named) {
                return format!("{}(…)", text(image.strings.get(named.name)));
            }
            let address = act.given.iter().find(|given| given.part == Part::Address);
            if let Some(GivenFrom::Pieces(pieces)) = address.map(|address| &address.from) {
                return format!("{} {}", spec.head, given_pieces(image, pieces));
            }
            let words = named.and_then(|named| spec.object_words(named.kind, image.strings.get(named.name)));
            format!("{} {}", spec.head, text(&words.unwrap_or_default()))
        }
    }
}

/// A text in quotes, cut where it is long.
pub fn quoted(words: &str) -> String {
    let shown = text(words);
    match shown.char_indices().nth(LONGEST).and_then(|(at, _)| shown.get(..at)) {
        Some(start) => format!("\"{start}…\""),
        None => format!("\"{shown}\""),
    }
}

fn text(words: &str) -> String {
    mask_line(words).into_owned()
}

/// A verified program has every entry that it names.
fn missing(at: usize) -> String {
    format!("?{at}")
}

/// A pattern as the flow writes it.
pub fn pattern(image: &Image, at: Pattern) -> String {
    let Some(def) = image.patterns.get(at.index()) else { return missing(at.index()) };
    let source = text(image.strings.get(def.source));
    match def.kind {
        PatternKind::Wildcard => format!("\"{source}\""),
        PatternKind::Regex => format!("/{source}/"),
    }
}
