//! "Did you mean": the nearest of the names that would fit.

/// The candidate that is nearest to `name`, if any is near: at most a third of its letters differ, at least one may.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).max(1);
    let lower = name.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| {
            *distance <= limit || (name.len() >= 3 && candidate.starts_with(name))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
