//! The forms of texts, in flows and in catalogues: which there may be, and which there must be.

use std::collections::BTreeMap;

use chatflow_runtime::image::PluralCase;
use chatflow_runtime::language::Language;
use chatflow_runtime::plural::{Category, categories};

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::literal::number;
use crate::near::suggestion;
use crate::source::Span;
use crate::workspace::repeated;

/// The case of a form as it is written, with its place: `one`, `=0`.
pub(crate) type Case<'t> = (&'t str, Span);

/// The cases of a plural in this language; none where one of them is in error.
pub(crate) fn plural_cases(
    cases: &[Case<'_>],
    language: Language,
    whole: Span,
    found: &mut Vec<Diagnostic>,
) -> Option<Vec<PluralCase>> {
    let read: Vec<Option<PluralCase>> = cases
        .iter()
        .map(|(written, span)| {
            let case = match written.strip_prefix('=') {
                Some(exact) => number(exact.trim()).map(PluralCase::Exactly),
                None => Category::named(written).map(PluralCase::Category),
            };
            if case.is_none() {
                let words = Category::ALL.iter().map(|category| category.word());
                found.push(unknown(written, *span, words.clone()).word_meant(written, *span, words));
            }
            if let Some(PluralCase::Category(category)) = case {
                found.extend(unused(category, *span, language));
            }
            case
        })
        .collect();
    let unique = is_unique(cases, found);
    let complete = read.contains(&Some(PluralCase::Category(Category::Other)));
    if !complete {
        let missing = Diagnostic::new(Code::MissingForm, whole, "a plural must have the form `other`")
            .here("no `other`")
            .help("Add `other \"…\"`: it stands wherever no other form does.");
        found.push(missing);
    }
    read.into_iter().collect::<Option<_>>().filter(|_| unique && complete)
}

/// What a selection may be about.
#[derive(Clone, Copy)]
pub(crate) struct Names<'t> {
    /// The names.
    pub(crate) all: &'t [&'t str],
    /// Whether no other name may be a case.
    pub(crate) only: bool,
    /// Whether the value is always one of them, so that `other` may be left out.
    pub(crate) closed: bool,
}

/// The cases of a selection. The case `other` has no name, unless a name is `other`.
pub(crate) fn select_cases(
    cases: &[Case<'_>],
    Names { all: names, only, closed }: Names<'_>,
    whole: Span,
    found: &mut Vec<Diagnostic>,
) -> Option<Vec<Option<String>>> {
    let mut known = true;
    let mut read = Vec::with_capacity(cases.len());
    for (written, span) in cases {
        let is_name = names.contains(written);
        if *written == "other" && !is_name {
            read.push(None);
            continue;
        }
        if written.starts_with('=') || (only && !is_name) {
            let names = names.iter().copied().chain(["other"]);
            found.push(unknown(written, *span, names.clone()).name_meant(written, *span, names));
            known = false;
        }
        read.push(Some((*written).to_owned()));
    }
    let unique = is_unique(cases, found);
    let lacking: Vec<String> = names
        .iter()
        .filter(|name| !cases.iter().any(|(written, _)| written == *name))
        .take(4)
        .map(|name| format!("`{name}`"))
        .collect();
    let complete = read.contains(&None) || (closed && (lacking.is_empty() || !known));
    if !complete {
        let lacking = if closed { lacking.join(", ") } else { "`other`".to_owned() };
        let missing = Diagnostic::new(Code::MissingForm, whole, "this text lacks a form")
            .here(format!("nothing for {lacking}"))
            .help("Write a form for each, or `other \"…\"` for all that are not named.");
        found.push(missing);
    }
    (known && unique && complete).then_some(read)
}

fn unknown<'n>(written: &str, span: Span, known: impl Iterator<Item = &'n str> + Clone) -> Diagnostic {
    let mut found = Diagnostic::new(Code::UnknownForm, span, format!("no form is called `{written}`"))
        .here("unknown form");
    found.help = suggestion(written, known.clone(), "The forms");
    found
}

/// Warns of a category that no number of the language has. Of a language without rules, nobody knows.
fn unused(category: Category, span: Span, language: Language) -> Option<Diagnostic> {
    let used = categories(language);
    if language == Language::Other || used.contains(&category) {
        return None;
    }
    let words: Vec<String> = used.iter().map(|category| format!("`{}`", category.word())).collect();
    let word = category.word();
    let found = Diagnostic::new(Code::UnusedForm, span, format!("no number has the form `{word}` here"))
        .here("never shown")
        .help(format!(
            "In `{}` there are {}; for one number alone, write `=0 \"…\"`.",
            language.tag(),
            words.join(", ")
        ));
    Some(found)
}

fn is_unique(cases: &[Case<'_>], found: &mut Vec<Diagnostic>) -> bool {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    let before = found.len();
    for (written, span) in cases {
        if let Some(first) = first.insert(written, *span) {
            found.push(repeated(written, *span, first));
        }
    }
    found.len() == before
}
