//! How texts compare: ignoring case and outer white space, in NFC with full case folding (not the Turkic one).
//!
//! Texts that are plain ASCII, which most are, compare without allocating anything.

use alloc::string::String;

use unicase::UniCase;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A text to be found may be this long before the plain search, whose work is the product of the lengths, gives
/// way to the linear one.
const SHORT: usize = 32;

/// Whether the texts are the same.
pub fn same(a: &str, b: &str) -> bool {
    // Most texts differ in their first character; where that is no space, nothing needs to be trimmed to see it.
    if let (Some(a @ 0x21..=0x7e), Some(b @ 0x21..=0x7e)) = (a.bytes().next(), b.bytes().next())
        && !a.eq_ignore_ascii_case(&b)
    {
        return false;
    }
    let (a, b) = (trimmed(a), trimmed(b));
    same_ascii(a.as_bytes(), b.as_bytes()).unwrap_or_else(|| folded(a) == folded(b))
}

/// The text without outer white space. One that begins and ends with plain ASCII has none.
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [0x21..=0x7e] | [0x21..=0x7e, .., 0x21..=0x7e] => text,
        _ => text.trim(),
    }
}

/// Whether the texts are the same, if their ASCII characters say so. Those are never changed by decomposing and
/// folding what follows them, so the first two that differ settle it.
fn same_ascii(a: &[u8], b: &[u8]) -> Option<bool> {
    for (a, b) in a.iter().zip(b) {
        if !(a.is_ascii() && b.is_ascii()) {
            return None;
        }
        if !a.eq_ignore_ascii_case(b) {
            return Some(false);
        }
    }
    Some(a.len() == b.len())
}

/// Whether the texts are the same to the letter; only how their characters are composed is ignored.
pub fn same_exactly(a: &str, b: &str) -> bool {
    a == b || (!(is_nfc(a) && is_nfc(b)) && a.nfc().eq(b.nfc()))
}

/// Whether `part` is somewhere in `whole`.
pub fn contains(whole: &str, part: &str) -> bool {
    let (whole, part) = (trimmed(whole), trimmed(part));
    if part.is_empty() {
        return true;
    }
    if whole.is_ascii() && part.is_ascii() && part.len() <= SHORT {
        return whole
            .as_bytes()
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part.as_bytes()));
    }
    folded(whole).contains(folded(part).as_str())
}

/// Whether `whole` begins with `part`.
pub fn starts_with(whole: &str, part: &str) -> bool {
    let (whole, part) = (trimmed(whole), trimmed(part));
    if whole.is_ascii() && part.is_ascii() {
        return whole.get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part));
    }
    folded(whole).starts_with(folded(part).as_str())
}

/// Whether `whole` ends with `part`.
pub fn ends_with(whole: &str, part: &str) -> bool {
    let (whole, part) = (trimmed(whole), trimmed(part));
    if whole.is_ascii() && part.is_ascii() {
        let end = whole.len().checked_sub(part.len()).and_then(|start| whole.get(start..));
        return end.is_some_and(|end| end.eq_ignore_ascii_case(part));
    }
    folded(whole).ends_with(folded(part).as_str())
}

/// The form in which texts are the same exactly if they compare as the same.
pub fn folded(text: &str) -> String {
    folded_within(text.trim())
}

/// The same of a part of a text, whose outer space counts.
pub(crate) fn folded_within(part: &str) -> String {
    // Of ASCII, which most texts are, only the case changes.
    if part.is_ascii() {
        return part.to_ascii_lowercase();
    }
    folded_in_full(part)
}

fn folded_in_full(part: &str) -> String {
    // Decomposed first, as Unicode's definition of caseless matching (D145) says: folding alone takes two forms
    // of one text apart.
    let decomposed: String = part.nfd().collect();
    UniCase::unicode(decomposed).to_folded_case().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_and_outer_space_are_ignored() {
        assert!(same("  Demo ", "dEMO"));
        assert!(same("STRASSE", "straße"));
        assert!(same("E\u{301}", "é"));
        assert!(same("\u{212a}", "k"), "the Kelvin sign folds to an ASCII letter");
        assert!(!same("I", "ı"), "the Turkic folding is not used");
        assert!(!same("a b", "a  b"));
    }

    #[test]
    fn exactly_means_to_the_letter() {
        assert!(same_exactly("e\u{301}", "é"));
        assert!(!same_exactly("Demo", "demo"));
        assert!(!same_exactly("demo ", "demo"));
    }

    #[test]
    fn parts_are_found() {
        assert!(contains("https://acme.example/Pricing/x", "/pricing"));
        assert!(contains("naïve Straße", "STRASSE"));
        assert!(contains("x", "  "));
        assert!(!contains("ab", "abc"));
        assert!(starts_with("/Legal/terms", "/legal"));
        assert!(!starts_with("/l", "/legal"));
        assert!(ends_with("a.PNG", ".png"));
        assert!(!ends_with("g", "png"));
    }

    proptest! {
        #[test]
        fn the_fast_path_agrees_on_mixed_texts(a in "[ a-bA-B\u{301}\u{212a}ßéſ1]{0,4}", b in "[ a-bA-Bs\u{301}kßéE1]{0,4}") {
            prop_assert_eq!(same(&a, &b), folded(&a) == folded(&b), "{:?} {:?}", a, b);
        }

        #[test]
        fn the_fast_path_agrees_with_the_long_way(a in "[ -~]{0,12}", b in "[ -~]{0,3}") {
            let (long_a, long_b) = (folded_in_full(a.trim()), folded_in_full(b.trim()));
            prop_assert_eq!(&folded(&a), &long_a);
            prop_assert_eq!(same(&a, &b), long_a == long_b);
            prop_assert_eq!(contains(&a, &b), long_a.contains(&long_b));
            prop_assert_eq!(starts_with(&a, &b), long_a.starts_with(&long_b));
            prop_assert_eq!(ends_with(&a, &b), long_a.ends_with(&long_b));
        }

        #[test]
        fn case_and_composition_make_no_difference(text: String) {
            prop_assert!(same(&text, &folded(&text)));
            prop_assert!(same(&text, &text.nfd().collect::<String>()));
            prop_assert!(same(&text.nfc().collect::<String>(), &text));
            prop_assert!(same_exactly(&text, &text.nfd().collect::<String>()));
        }

        #[test]
        fn a_text_contains_its_parts(a: String, b: String) {
            let whole = alloc::format!("{a}{b}");
            if a.is_ascii() && b.is_ascii() {
                prop_assert!(contains(&whole, &a) && contains(&whole, &b));
                prop_assert!(starts_with(&whole, &a) && ends_with(&whole, &b));
            }
            prop_assert!(contains(&whole, &whole) && starts_with(&whole, &whole) && ends_with(&whole, &whole));
        }
    }
}
