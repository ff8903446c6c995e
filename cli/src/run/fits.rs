//! What a host says that a flow cannot read: values that do not fit, names that are not there.

use chatflow_compiler::nearest;
use chatflow_runtime::action::{ObjectKind, Outcome};
use chatflow_runtime::fact::FactType;
use chatflow_runtime::image::Image;
use chatflow_runtime::{
    FactValue, Facts, Misfit, Program, Refused, Session, Timestamp, Type, Unstored, misfit, unstored,
};

use crate::show;

/// Why the flow makes nothing of a value, and what would fit; nothing where it fits, or where the flow has no such fact.
pub fn remark(program: &Program, name: &str, value: &FactValue) -> Option<String> {
    let misfit = misfit(program, name, value)?;
    let effect = match misfit {
        Misfit::Fact(FactType::Word(_)) => "which no flow tests it for",
        Misfit::Type(_) | Misfit::Option(..) | Misfit::Fact(_) | Misfit::Truth => "which stays unknown",
    };
    let help = match misfit {
        Misfit::Type(ty) => of_type(ty).to_owned(),
        Misfit::Option(ty, wrong) => of_options(program.image(), ty, &wrong),
        Misfit::Fact(FactType::Word(words)) => near(&show::fact(value), words, "nothing fits"),
        Misfit::Fact(fact) => of_fact(fact).to_owned(),
        Misfit::Truth => TRUTH.to_owned(),
    };
    Some(format!("`{}` does not fit `{name}`, {effect}: {help}", show::fact(value)))
}

/// Why what came with an outcome is nothing that the flow can store, and what would fit.
fn not_stored(image: &Image, unstored: &Unstored) -> String {
    let (path, ty) = (&unstored.path, unstored.ty);
    let said = unstored.said.as_ref().map(show::fact);
    let help = match ty.options() {
        Some(_) => of_options(image, ty, said.as_deref().unwrap_or_default()),
        None => of_type(ty).to_owned(),
    };
    match said {
        None => format!("nothing is said of `{path}`; {help}"),
        // A text can be a long one.
        Some(said) => {
            format!("`{}` does not fit `{path}`; {help}", said.chars().take(40).collect::<String>())
        }
    }
}

/// Why what a server says counts as a failure.
fn not_allowed(refused: &Refused) -> String {
    match refused {
        Refused::Malformed(name) => {
            format!("`{name}` is not what a server of HubSpot's bots says there, or too long")
        }
        Refused::Next(nickname) => {
            format!("`nextModuleNickname` is `{nickname}`, and no `next` of the flow has that name")
        }
        Refused::Asks => "`responseExpected` is true, and the flow does not say `asks`".to_owned(),
    }
}

/// Why what comes with an outcome counts as a failure; nothing where it does not.
pub fn unusable(
    program: &Program,
    session: &Session,
    (outcome, data): (Outcome, &Facts),
    facts: &Facts,
    now: Timestamp,
) -> Option<String> {
    if let Some(unstored) = unstored(program, session, outcome, data, facts, now) {
        return Some(not_stored(program.image(), &unstored));
    }
    chatflow_runtime::refused(program, session, outcome, data).as_ref().map(not_allowed)
}

/// A name of `--available` that is no team and no user of the flow.
pub fn nobody(program: &Program, name: &str) -> Option<String> {
    let image = program.image();
    if name == ObjectKind::ContactOwner.word() {
        let is_used = image.objects.iter().any(|object| object.kind == ObjectKind::ContactOwner);
        return (!is_used).then(|| format!("the flow `{}` hands off to no {name}", program.name()));
    }
    let people =
        image.objects.iter().filter(|object| matches!(object.kind, ObjectKind::Team | ObjectKind::User));
    let mut names: Vec<&str> = people
        .flat_map(|object| std::iter::once(object.name).chain(object.members.iter().copied()))
        .map(|name| image.strings.get(name))
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.contains(&name) {
        return None;
    }
    let what = format!("the flow `{}` uses no team or user `{name}`", program.name());
    Some(format!("{what}; {}", near(name, &names, "it uses none")))
}

/// `did you mean `x`?`, or all that there are.
pub fn near(name: &str, names: &[&str], none: &str) -> String {
    match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => none.to_owned(),
        None => format!("there {} {}", if names.len() == 1 { "is" } else { "are" }, listed(names)),
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

const TRUTH: &str = "true or false fits";

fn of_type(ty: Type) -> &'static str {
    match ty {
        Type::Text => "a text fits",
        Type::Email => "an e-mail address fits",
        Type::Phone => "a phone number with its country's code fits, like +31201234567",
        Type::Url => "an address fits, like https://example.com",
        Type::Number => "a number fits, like 12.5",
        Type::Bool => TRUTH,
        Type::Date => "a date fits, like 2026-01-31",
        Type::DateTime => "a moment fits, like 2026-01-31T10:00Z",
        Type::Duration => "a length of time fits, like 31m",
        Type::OneOf(_) | Type::ManyOf(_) => "one of its options fits",
    }
}

fn of_options(image: &Image, ty: Type, wrong: &str) -> String {
    let options = image.options_of(ty).map(|options| options.options.as_slice()).unwrap_or_default();
    let words = options.iter().flat_map(|option| [option.name, option.value, option.label]);
    if let Some(near) = nearest(wrong, words.map(|word| image.strings.get(word))) {
        return format!("did you mean `{near}`?");
    }
    let names: Vec<&str> = options.iter().map(|option| image.strings.get(option.name)).collect();
    format!("its options are {}", listed(&names))
}

fn of_fact(fact: FactType) -> &'static str {
    match fact {
        FactType::Text | FactType::Word(_) => "a text fits",
        FactType::Number => "a number fits, like 12",
        FactType::Condition | FactType::Bool => TRUTH,
        FactType::Date | FactType::DateTime => "a date fits",
    }
}
