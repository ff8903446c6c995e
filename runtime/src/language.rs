//! The languages in which the runtime speaks and reads answers, and what it knows of each.

mod calendar;
mod lengths;
mod numerals;
mod texts;
mod words;

use alloc::string::String;

pub use self::calendar::{Calendar, Clock, Order};
pub use self::lengths::{Unit, UnitWords};
pub use self::numerals::Numerals;
pub use self::texts::BuiltIn;
pub use self::words::{And, Words};

macro_rules! languages {
    ($($(#[$meta:meta])* $name:ident $tag:literal,)*) => {
        /// A language in which the runtime speaks and reads answers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
        pub enum Language {
            $(
                #[doc = concat!("`", $tag, "`.")]
                $(#[$meta])*
                $name,
            )*
            /// Any other language. The runtime speaks English there, and reads and shows numbers and dates in the
            /// forms that are the same everywhere: `12345.6`, `2027-01-31`.
            Other,
        }

        impl Language {
            /// Every language that has a name.
            pub const ALL: &'static [Language] = &[$(Language::$name),*];

            /// Its tag; `und` for another language.
            pub const fn tag(self) -> &'static str {
                match self {
                    $(Language::$name => $tag,)*
                    Language::Other => "und",
                }
            }

            /// Its name in English.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Language::$name => stringify!($name),)*
                    Language::Other => "another language",
                }
            }
        }
    };
}

languages! {
    #[default]
    English "en",
    Dutch "nl",
    German "de",
    French "fr",
    Spanish "es",
    Italian "it",
    Portuguese "pt",
    Polish "pl",
    Swedish "sv",
    Japanese "ja",
    Chinese "zh",
    Arabic "ar",
}

impl Language {
    /// The language of a tag: `nl`, `nl-BE`, `NL_be`. Its first part decides, so `pt-BR` and `pt-PT` are both
    /// Portuguese, and `zh-TW` is Chinese as it is written in `zh`. A language that is not listed is
    /// [`Language::Other`]; no tag at all is English.
    pub fn of(tag: &str) -> Language {
        let primary = tag.split(['-', '_']).next().unwrap_or("").trim();
        if primary.is_empty() {
            return Language::English;
        }
        let named =
            Language::ALL.iter().copied().find(|language| primary.eq_ignore_ascii_case(language.tag()));
        named.unwrap_or(Language::Other)
    }
}

impl BuiltIn {
    /// How a workspace names the text: `invalid_email`.
    pub fn word(self) -> String {
        let name = BuiltIn::ALL.iter().find(|(text, ..)| *text == self).map_or("", |(_, name, _)| name);
        let mut word = String::with_capacity(name.len() + 4);
        for (at, char) in name.char_indices() {
            if at > 0 && char.is_ascii_uppercase() {
                word.push('_');
            }
            word.push(char.to_ascii_lowercase());
        }
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_leniently() {
        assert_eq!(Language::of("nl-BE"), Language::Dutch);
        assert_eq!(Language::of("NL_nl"), Language::Dutch);
        assert_eq!(Language::of("ja"), Language::Japanese);
        assert_eq!(Language::of("zh-Hant-TW"), Language::Chinese);
        assert_eq!(Language::of("fi"), Language::Other);
        assert_eq!(Language::of("n"), Language::Other);
        assert_eq!(Language::of(""), Language::English);
        for language in Language::ALL {
            assert_eq!(Language::of(language.tag()), *language);
        }
    }
}
