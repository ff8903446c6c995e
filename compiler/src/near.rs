//! "Did you mean": the nearest of the names that would fit.

use crate::diagnostic::{Applicability, Diagnostic};
use crate::source::Span;

/// Names longer than this, in letters, are compared with none: the comparison takes the product of their lengths.
const LONGEST: usize = 64;
/// How many candidates are looked at for one name, and how many of those of a fitting length are compared with it:
/// many mistakes over many names stay linear work.
const LOOKED_AT: usize = 500;
const COMPARED: usize = 50;

/// The candidate that is nearest to `name`, if any is near: at most a third of its letters differ, at least one may.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(name, candidates).into_iter().min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// The candidates that are near, each with how far it is.
fn near<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<(usize, &'a str)> {
    let letters = name.chars().take(LONGEST + 1).count();
    if letters > LONGEST {
        return Vec::new();
    }
    let limit = (letters / 3).max(1);
    let lower = name.to_lowercase();
    let begins = |candidate: &str| name.len() >= 3 && candidate.starts_with(name);
    let fits = |candidate: &str| {
        let length = candidate.chars().take(2 * LONGEST).count();
        length.abs_diff(letters) <= limit || (length < 2 * LONGEST && begins(candidate))
    };
    candidates
        .into_iter()
        .take(LOOKED_AT)
        .filter(|candidate| fits(candidate))
        .take(COMPARED)
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit || begins(candidate))
        .collect()
}

impl Diagnostic {
    /// The fix of a misspelt word of the language: safe where only one of its words is near.
    pub(crate) fn word_meant<'a>(
        self,
        written: &str,
        span: Span,
        words: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Diagnostic {
        let Some(nearest) = nearest(written, words.clone()) else { return self };
        let only = near(written, words).iter().all(|(_, word)| *word == nearest);
        let applicability = if only { Applicability::Safe } else { Applicability::Unsafe };
        self.edit(applicability, format!("write `{nearest}`"), span, nearest)
    }

    /// The fix of a misspelt name, which needs a look: somebody gave it, and may yet declare another.
    pub(crate) fn name_meant<'a>(
        self,
        written: &str,
        span: Span,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Diagnostic {
        match nearest(written, names) {
            Some(nearest) => self.suggest(format!("write `{nearest}`"), span, nearest),
            None => self,
        }
    }
}

/// ` (did you mean `x`?)`-style help, or what else there is.
pub fn suggestion<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
    what: &str,
) -> Option<String> {
    if let Some(near) = nearest(name, candidates.clone()) {
        return Some(format!("Did you mean `{near}`?"));
    }
    let all: Vec<&str> = candidates.into_iter().take(9).collect();
    match all.len() {
        0 => None,
        1..=8 => Some(format!(
            "{what}: {}.",
            all.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("quailfy", ["talk", "qualify"]), Some("qualify"));
        assert_eq!(nearest("sya", ["say", "set"]), Some("say"));
        assert_eq!(nearest("elephant", ["say", "set"]), None);
    }
}
