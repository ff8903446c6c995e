//! Types as they are written.

use std::collections::BTreeMap;
use std::sync::Arc;

use chatflow_runtime::text::folded;

use super::duplicate;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::habits;
use crate::near::nearest;
use crate::source::Span;
use crate::text::plain_text;
use crate::tree::{Expr, TypeExpr};
use crate::types::{OptionInfo, OptionList, Ty};

/// The type that is written, or `Ty::Error` with a finding.
pub(crate) fn type_of(view: View<'_>, ty: &TypeExpr, found: &mut Vec<Diagnostic>) -> Ty {
    match ty {
        TypeExpr::Named(at) => {
            let word = view.text(*at);
            Ty::named(word).unwrap_or_else(|| {
                let mut diagnostic =
                    Diagnostic::new(Code::UnknownType, view.at(*at), format!("no type is called `{word}`"))
                        .here("unknown type");
                let meant = nearest(word, Ty::NAMES.iter().copied());
                let known = habits::type_name(word).filter(|_| meant.is_none());
                diagnostic.help = Some(match (meant, known, word) {
                    (Some(near), ..) => format!("Did you mean `{near}`?"),
                    (None, Some(name), _) => format!("It is called `{name}` here."),
                    (None, None, "enum" | "select" | "choice" | "dropdown" | "radio" | "enumeration" | "option") => {
                        "One of several options is written `one of [new, lead]`, and any of them `many of [new, lead]`.".to_owned()
                    }
                    (None, None, _) => {
                        format!("The types: {}, `one of […]`, `many of […]`.", Ty::NAMES.join(", "))
                    }
                });
                let diagnostic = match known {
                    Some(name) => diagnostic.fix(format!("write `{name}`"), view.at(*at), name),
                    None => diagnostic.word_meant(word, view.at(*at), Ty::NAMES.iter().copied()),
                };
                found.push(diagnostic);
                Ty::Error
            })
        }
        TypeExpr::Options { several, options, .. } => {
            let mut list = OptionList::default();
            let mut places: BTreeMap<&str, Span> = BTreeMap::new();
            let mut labels: BTreeMap<String, Span> = BTreeMap::new();
            for option in options {
                let (name, span) = (view.text(option.name), view.at(option.name));
                if let Some(first) = places.get(name) {
                    found.push(duplicate(name, span, *first));
                    continue;
                }
                places.insert(name, span);
                let name = name.to_owned();
                let mut text =
                    |given: &Option<Expr>| given.as_ref().and_then(|text| plain_text(view, text, found));
                let label = text(&option.label).unwrap_or_else(|| name.clone());
                let value = text(&option.value).unwrap_or_else(|| name.clone());
                let said = option.label.as_ref().map_or(span, |label| view.span(label.range));
                if let Some(first) = labels.insert(folded(&label), said) {
                    found.push(
                        Diagnostic::new(
                            Code::EqualChoices,
                            said,
                            format!("two options are called \"{label}\""),
                        )
                        .here("the same label again")
                        .label(first, "the first one")
                        .help("A typed reply could mean either; word them differently."),
                    );
                }
                list.options.push(OptionInfo { name, label, value, span });
            }
            let list = Arc::new(list);
            if *several { Ty::ManyOf(list) } else { Ty::OneOf(list) }
        }
    }
}
