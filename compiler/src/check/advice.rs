//! What fits where something of another type stands: in words, and as a fix where the same thing is meant.

use crate::diagnostic::Diagnostic;
use crate::literal;
use crate::source::Span;
use crate::types::Ty;

/// So many options are named; more are too many to read.
const NAMED: usize = 6;

/// What of a type can be written.
pub(super) fn what_fits(ty: &Ty) -> String {
    match ty.options() {
        Some(list) if list.options.len() <= NAMED => {
            let options: Vec<String> =
                list.options.iter().map(|option| format!("`{}`", option.name)).collect();
            match ty {
                Ty::ManyOf(_) => format!("several of its options: {}", options.join(", ")),
                _ => format!("one of its options: {}", options.join(", ")),
            }
        }
        _ => match ty {
            Ty::Bool => "`true` or `false`".to_owned(),
            _ => ty.describe().to_owned(),
        },
    }
}

/// The finding with a fix, where what is written means something of the type: `"5"`, `"true"`, `1`.
pub(super) fn meant(found: Diagnostic, written: &str, span: Span, wanted: &Ty) -> Diagnostic {
    let bare = written.trim_matches('"');
    let quoted = bare.len() < written.len();
    let meant = match wanted {
        Ty::Bool => truth(bare),
        Ty::Number => literal::number(bare).filter(|_| quoted).map(|_| bare),
        Ty::Duration => literal::duration(bare).filter(|_| quoted).map(|_| bare),
        _ => None,
    };
    match meant {
        Some(meant) => found.suggest(format!("write `{meant}`"), span, meant),
        None => found,
    }
}

/// The word for yes or for no of those who say it otherwise.
pub(super) fn truth(written: &str) -> Option<&'static str> {
    match written.to_lowercase().as_str() {
        "yes" | "on" | "1" | "true" => Some("true"),
        "no" | "off" | "0" | "false" => Some("false"),
        _ => None,
    }
}
