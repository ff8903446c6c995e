//! Makes what cannot be seen visible, without moving anything.
//!
//! A control or direction character of a stranger's text could rewrite what a terminal shows. Each one is replaced by
//! a picture of the same number of bytes, so every span of the text stays right.

use std::borrow::Cow;

/// The text with a picture for each character that cannot be seen. Tabs and newlines stay, and so does the carriage
/// return of a line's end, as a space.
pub fn mask(text: &str) -> Cow<'_, str> {
    if text.chars().all(|char| matches!(char, '\t' | '\n') || picture(char).is_none()) {
        return Cow::Borrowed(text);
    }
    let mut chars = text.chars().peekable();
    let mut masked = String::with_capacity(text.len());
    while let Some(char) = chars.next() {
        masked.push(match char {
            '\t' | '\n' => char,
            '\r' if chars.peek() == Some(&'\n') => ' ',
            other => picture(other).unwrap_or(other),
        });
    }
    Cow::Owned(masked)
}

/// The same for a text that must stay on one line.
pub fn mask_line(text: &str) -> Cow<'_, str> {
    let masked = mask(text);
    if masked.contains(['\n', '\t']) { Cow::Owned(masked.replace(['\n', '\t'], " ")) } else { masked }
}

/// JSON in which characters that cannot be seen are written as escapes: the same data, and nothing that moves or hides
/// what stands around it. They stand only in texts, where an escape may stand for any character.
pub(crate) fn escape_hidden(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for char in json.chars() {
        if matches!(char, '\n' | '\t') || picture(char).is_none() {
            escaped.push(char);
        } else {
            let mut units = [0; 2];
            for unit in char.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
}

/// What stands for a character that cannot be seen: one of the same length in UTF-8.
fn picture(char: char) -> Option<char> {
    let hidden = char.is_control() || is_invisible(char);
    hidden.then(|| match char.len_utf8() {
        1 => '?',
        2 => '\u{b7}',
        3 => char::REPLACEMENT_CHARACTER,
        // An inverse question mark; no emoji.
        _ => '\u{1fbc4}',
    })
}

/// Direction marks, line separators and what has no width; not the joiners, which emoji and many scripts need.
fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_of_a_stranger_reaches_the_terminal() {
        assert_eq!(mask("a\x1b[31m\u{202e}b\r\n\tc\rd"), "a?[31m\u{fffd}b \n\tc?d");
        assert_eq!(mask_line("a\nb"), "a b");
        assert!(matches!(mask("👩‍👩‍👧 é"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn escaped_json_is_the_same_and_hides_nothing(text: String) {
            let json = serde_json::to_string(&text).unwrap();
            let escaped = escape_hidden(&json);
            prop_assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
            prop_assert!(escaped.chars().all(|char| picture(char).is_none()));
        }

        #[test]
        fn characters_stay_where_they_are(text: String) {
            let masked = mask(&text);
            prop_assert!(text.char_indices().map(|(at, _)| at).eq(masked.char_indices().map(|(at, _)| at)));
            prop_assert!(masked.chars().all(|char| matches!(char, '\n' | '\t') || picture(char).is_none()));
        }
    }
}
