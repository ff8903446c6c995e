//! The plain form of what people type: digits of any script as `0` to `9`, and one character for each thing that
//! keyboards write in several ways.

use alloc::borrow::Cow;
use alloc::string::String;

/// The answer with digits, blanks, hyphens, apostrophes and full-width signs in their plain ASCII form, and without
/// direction marks.
pub(crate) fn plain(answer: &str) -> Cow<'_, str> {
    if answer.is_ascii() {
        return Cow::Borrowed(answer);
    }
    let mut out = String::with_capacity(answer.len());
    out.extend(answer.chars().filter(|char| !is_direction_mark(*char)).map(plain_char));
    Cow::Owned(out)
}

fn plain_char(char: char) -> char {
    match char {
        // Full-width forms stand as far from ASCII as each other.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char).saturating_sub(0xfee0)).unwrap_or(char),
        '\u{2010}' | '\u{2011}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        _ if char.is_whitespace() && char != '\n' => ' ',
        _ => digit(char).unwrap_or(char),
    }
}

fn is_direction_mark(char: char) -> bool {
    matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The ASCII digit of a decimal digit of another script.
fn digit(char: char) -> Option<char> {
    let code = u32::from(char);
    let at = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    char::from_digit(code.checked_sub(*ZEROS.get(at)?)?, 10)
}

/// The zeros of Unicode's decimal digits; nine more follow each.
const ZEROS: &[u32] = &[
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40,
    0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da,
    0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16130, 0x16a60, 0x16ac0,
    0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0,
    0x1e5f1, 0x1e950, 0x1fbf0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyboard_writes_the_same() {
        assert_eq!(plain("٣١\u{200f}/١/٢٠٢٧"), "31/1/2027");
        assert_eq!(plain("２０２７／１／３１"), "2027/1/31");
        assert_eq!(plain("1\u{202f}234\u{a0}567"), "1 234 567");
        assert_eq!(plain("\u{2212}5’000"), "-5'000");
        assert_eq!(plain("१२३ ๙ 𝟘"), "123 9 0");
        assert!(matches!(plain("2027-01-31"), Cow::Borrowed(_)));
        assert_eq!(plain("½ 三 Ⅳ ²"), "½ 三 Ⅳ ²");
    }

    #[test]
    fn zeros_are_in_order_and_apart() {
        assert!(ZEROS.windows(2).all(|pair| pair[0] + 10 <= pair[1]));
    }
}
