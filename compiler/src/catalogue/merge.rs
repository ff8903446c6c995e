//! Brings a catalogue up to date with its source: new texts come in empty, changed ones are marked, none is lost.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::po::{Entry, quote};
use crate::near::nearest;

/// A text of a source, as a translator should see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Its place: `need / ask`.
    pub context: String,
    /// The text, as it is written between its quotes.
    pub text: String,
    /// What it is, as a sentence.
    pub comment: String,
    /// Where it stands: a path and lines, each `leads.flow:12`.
    pub references: Vec<String>,
}

/// What came of bringing a catalogue up to date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The texts that have a translation which is used.
    pub translated: usize,
    /// Those whose translation is of another text, and not used.
    pub fuzzy: usize,
    /// Those without one.
    pub empty: usize,
    /// Translations of texts that are gone.
    pub obsolete: usize,
}

/// The catalogue of these texts in a language, with the translations that it had before. The same texts and entries
/// give the same bytes.
pub fn merge(originals: &[Original], before: &[Entry], tag: &str) -> (String, Merged) {
    let mut out = String::new();
    let mut merged = Merged::default();
    header(&mut out, before, tag);
    // Entries that a text has taken over.
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let exact = |original: &Original| {
        before.iter().position(|entry| entry.key() == (original.context.as_str(), original.text.as_str()))
    };
    let exacts: Vec<Option<usize>> = originals.iter().map(exact).collect();
    taken.extend(exacts.iter().flatten());
    for (original, exact) in originals.iter().zip(exacts) {
        let (from, changed) = match exact.or_else(|| moved(original, before, &taken)) {
            Some(from) => (Some(from), false),
            None => (changed(original, before, &taken), true),
        };
        taken.extend(from);
        let entry = from.and_then(|from| before.get(from));
        match entry {
            Some(entry) if changed || entry.fuzzy => {
                merged.fuzzy += usize::from(!entry.translation.text.is_empty())
            }
            Some(entry) if !entry.translation.text.is_empty() => merged.translated += 1,
            Some(_) | None => {}
        }
        merged.empty += usize::from(entry.is_none_or(|entry| entry.translation.text.is_empty()));
        write_entry(&mut out, original, entry, changed);
    }
    for (at, entry) in before.iter().enumerate() {
        if !taken.contains(&at) && !entry.is_header() && !entry.translation.text.is_empty() {
            merged.obsolete += 1;
            write_obsolete(&mut out, entry);
        }
    }
    (out, merged)
}

/// The same text at a place that is gone, if there is just one translation of it.
fn moved(original: &Original, before: &[Entry], taken: &BTreeSet<usize>) -> Option<usize> {
    let mut found = (0..before.len()).filter(|at| {
        let entry = before.get(*at);
        !taken.contains(at)
            && entry.is_some_and(|entry| entry.id.text == original.text && !entry.translation.text.is_empty())
    });
    let first = found.next()?;
    let said = |at: usize| before.get(at).map(|entry| &entry.translation.text);
    found.all(|other| said(other) == said(first)).then_some(first)
}

/// The text that stood at this place before, as far as one can tell: the nearest, or the only one.
fn changed(original: &Original, before: &[Entry], taken: &BTreeSet<usize>) -> Option<usize> {
    let candidates: Vec<(usize, &Entry)> = before
        .iter()
        .enumerate()
        .filter(|(at, entry)| {
            let same_place = entry.context.text == original.context;
            same_place && !entry.obsolete && !taken.contains(at) && !entry.translation.text.is_empty()
        })
        .collect();
    let near = nearest(&original.text, candidates.iter().map(|(_, entry)| entry.id.text.as_str()));
    match (near, candidates.as_slice()) {
        (Some(near), _) => candidates.iter().find(|(_, entry)| entry.id.text == near).map(|(at, _)| *at),
        (None, [(at, _)]) => Some(*at),
        (None, _) => None,
    }
}

/// The first entry, which says how the file is to be read. What somebody wrote there stays.
fn header(out: &mut String, before: &[Entry], tag: &str) {
    let known = before.iter().find(|entry| entry.is_header());
    for comment in known.iter().flat_map(|entry| &entry.comments) {
        write_comment(out, comment);
    }
    let said = known.map(|entry| entry.translation.text.clone());
    let said = said.unwrap_or_else(|| {
        format!("Language: {tag}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n")
    });
    quote(out, "", "msgid", "");
    quote(out, "", "msgstr", &said);
}

fn write_comment(out: &mut String, comment: &str) {
    let _ = writeln!(out, "{}", if comment.is_empty() { "#".to_owned() } else { format!("# {comment}") });
}

fn write_entry(out: &mut String, original: &Original, entry: Option<&Entry>, changed: bool) {
    out.push('\n');
    for comment in entry.iter().flat_map(|entry| &entry.comments) {
        write_comment(out, comment);
    }
    for line in original.comment.lines() {
        let _ = writeln!(out, "#. {line}");
    }
    for reference in &original.references {
        let _ = writeln!(out, "#: {reference}");
    }
    let said = entry.map_or("", |entry| entry.translation.text.as_str());
    let fuzzy = !said.is_empty() && (changed || entry.is_some_and(|entry| entry.fuzzy));
    let mut flags: Vec<&str> = if fuzzy { vec!["fuzzy"] } else { Vec::new() };
    flags.extend(entry.iter().flat_map(|entry| entry.flags.iter().map(String::as_str)));
    if !flags.is_empty() {
        let _ = writeln!(out, "#, {}", flags.join(", "));
    }
    if fuzzy {
        let previous = match entry {
            Some(entry) if changed => Some(&entry.id.text),
            Some(entry) => entry.previous.as_ref(),
            None => None,
        };
        if let Some(previous) = previous {
            quote(out, "#| ", "msgid", previous);
        }
    }
    quote(out, "", "msgctxt", &original.context);
    quote(out, "", "msgid", &original.text);
    quote(out, "", "msgstr", said);
}

fn write_obsolete(out: &mut String, entry: &Entry) {
    out.push('\n');
    for comment in &entry.comments {
        write_comment(out, comment);
    }
    if !entry.context.text.is_empty() {
        quote(out, "#~ ", "msgctxt", &entry.context.text);
    }
    quote(out, "#~ ", "msgid", &entry.id.text);
    quote(out, "#~ ", "msgstr", &entry.translation.text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::po;
    use proptest::prelude::*;

    fn original(context: &str, text: &str) -> Original {
        Original {
            context: context.into(),
            text: text.into(),
            comment: "Asked.".into(),
            references: vec!["a.flow:3".into()],
        }
    }

    fn again(originals: &[Original], before: &str) -> (String, Merged) {
        let (entries, problems) = po::read(before);
        assert!(problems.is_empty(), "{problems:?}\n{before}");
        merge(originals, &entries, "nl")
    }

    #[test]
    fn new_changed_and_gone() {
        let (first, merged) = again(&[original("a / ask", "What now?"), original("a / say", "Bye")], "");
        assert_eq!(merged, Merged { empty: 2, ..Merged::default() });
        let translated =
            first.replace("msgid \"What now?\"\nmsgstr \"\"", "msgid \"What now?\"\nmsgstr \"Wat nu?\"");
        let translated = translated.replace("msgid \"Bye\"\nmsgstr \"\"", "msgid \"Bye\"\nmsgstr \"Dag\"");
        let (second, merged) =
            again(&[original("a / ask", "And what now?"), original("b / say", "Bye")], &translated);
        assert_eq!(merged, Merged { translated: 1, fuzzy: 1, ..Merged::default() });
        assert!(second.contains("#, fuzzy\n#| msgid \"What now?\"\nmsgctxt \"a / ask\"\nmsgid \"And what now?\"\nmsgstr \"Wat nu?\"\n"), "{second}");
        assert!(
            second.contains("msgctxt \"b / say\"\nmsgid \"Bye\"\nmsgstr \"Dag\"\n"),
            "a moved text keeps its translation"
        );
        let (third, merged) = again(&[], &second);
        assert_eq!(merged, Merged { obsolete: 2, ..Merged::default() });
        assert!(third.contains("#~ msgctxt \"b / say\"\n#~ msgid \"Bye\"\n#~ msgstr \"Dag\"\n"), "{third}");
        let (fourth, merged) = again(&[original("b / say", "Bye")], &third);
        assert_eq!((merged.translated, merged.obsolete), (1, 1), "what comes back is not translated again");
        assert_eq!(again(&[original("b / say", "Bye")], &fourth).0, fourth);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_moves(
            before in proptest::collection::btree_map(("[ab]", "[a-c]{1,3}"), "[x-z ]{0,3}", 0..6),
            after in proptest::collection::btree_set(("[ab]", "[a-c]{1,3}"), 0..6),
        ) {
            let mut text = String::new();
            for ((context, id), said) in &before {
                text.push('\n');
                quote(&mut text, "", "msgctxt", context);
                quote(&mut text, "", "msgid", id);
                quote(&mut text, "", "msgstr", said);
            }
            let originals: Vec<Original> = after.iter().map(|(context, id)| original(context, id)).collect();
            let (once, _) = again(&originals, &text);
            prop_assert_eq!(&again(&originals, &once).0, &once);
            let (entries, _) = po::read(&once);
            for said in before.values().filter(|said| !said.is_empty()) {
                prop_assert!(entries.iter().any(|entry| entry.translation.text == *said), "{said} is lost:\n{once}");
            }
            for (context, id) in &after {
                prop_assert!(entries.iter().any(|entry| !entry.obsolete && entry.key() == (context.as_str(), id.as_str())));
            }
        }
    }
}
