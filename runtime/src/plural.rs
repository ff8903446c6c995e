//! Plural categories: which form of a word stands beside a number. The rules are the cardinal ones of CLDR.

use rust_decimal::Decimal;

use crate::language::Language;

macro_rules! categories {
    ($($name:ident $word:literal,)*) => {
        /// A class of numbers that takes its own form of a word. Every language has [`Category::Other`]; which of
        /// the rest it has, [`categories`] says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Category {
            $(#[doc = concat!("The form that CLDR names `", $word, "`.")] $name,)*
        }

        impl Category {
            /// Every category, in the order of CLDR.
            pub const ALL: &'static [Category] = &[$(Category::$name),*];

            /// Its word in a flow.
            pub const fn word(self) -> &'static str {
                match self { $(Category::$name => $word,)* }
            }

            /// The category of this word.
            pub fn named(word: &str) -> Option<Category> {
                match word { $($word => Some(Category::$name),)* _ => None }
            }
        }
    };
}

categories! {
    Zero "zero",
    One "one",
    Two "two",
    Few "few",
    Many "many",
    Other "other",
}

/// The categories that the language's numbers have, in the order of CLDR; the last is [`Category::Other`].
pub const fn categories(language: Language) -> &'static [Category] {
    use Category::{Few, Many, One, Other, Two, Zero};
    match language {
        Language::English | Language::Dutch | Language::German | Language::Swedish | Language::Other => {
            &[One, Other]
        }
        Language::French | Language::Spanish | Language::Italian | Language::Portuguese => {
            &[One, Many, Other]
        }
        Language::Polish => &[One, Few, Many, Other],
        Language::Japanese | Language::Chinese => &[Other],
        Language::Arabic => &[Zero, One, Two, Few, Many, Other],
    }
}

/// The category of a number as it is shown: without trailing zeros, so `1.0` is `1`. A sign changes nothing.
pub fn plural(language: Language, number: &Decimal) -> Category {
    let number = number.normalize().abs();
    let counts = number.scale() == 0;
    let is = |wanted: u32| number == Decimal::from(wanted);
    match language {
        Language::English | Language::Dutch | Language::German | Language::Swedish | Language::Other => {
            if is(1) { Category::One } else { Category::Other }
        }
        Language::French | Language::Portuguese => {
            if number < Decimal::TWO {
                Category::One
            } else {
                millions_or_other(&number, counts)
            }
        }
        Language::Spanish | Language::Italian => {
            if is(1) {
                Category::One
            } else {
                millions_or_other(&number, counts)
            }
        }
        Language::Polish => {
            let (ones, tens) = (remainder(&number, 10), remainder(&number, 100));
            match (ones, tens) {
                _ if !counts => Category::Other,
                _ if is(1) => Category::One,
                (2..=4, _) if !(12..=14).contains(&tens) => Category::Few,
                _ => Category::Many,
            }
        }
        Language::Japanese | Language::Chinese => Category::Other,
        Language::Arabic => match remainder(&number, 100) {
            _ if !counts => Category::Other,
            _ if is(0) => Category::Zero,
            _ if is(1) => Category::One,
            _ if is(2) => Category::Two,
            3..=10 => Category::Few,
            11..=99 => Category::Many,
            _ => Category::Other,
        },
    }
}

/// Whole millions have a form of their own in Romance languages: `un millón de euros`.
fn millions_or_other(number: &Decimal, counts: bool) -> Category {
    if counts && remainder(number, 1_000_000) == 0 && !number.is_zero() {
        Category::Many
    } else {
        Category::Other
    }
}

/// What is left of the whole part.
fn remainder(number: &Decimal, divisor: u32) -> u32 {
    let left = number.trunc().checked_rem(Decimal::from(divisor)).unwrap_or_default();
    u32::try_from(left).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn of(language: Language, number: &str) -> &'static str {
        plural(language, &Decimal::from_str_exact(number).unwrap()).word()
    }

    fn all(language: Language, numbers: &[&str]) -> Vec<&'static str> {
        numbers.iter().map(|number| of(language, number)).collect()
    }

    #[test]
    fn one_and_other() {
        assert_eq!(
            all(Language::English, &["0", "1", "-1", "1.0", "1.5", "2"]),
            ["other", "one", "one", "one", "other", "other"]
        );
    }

    #[test]
    fn romance_languages_have_millions() {
        let numbers = ["0", "0.5", "1", "1.5", "2", "1000000", "1000001", "3000000", "3000000.5"];
        assert_eq!(
            all(Language::French, &numbers),
            ["one", "one", "one", "one", "other", "many", "other", "many", "other"]
        );
        assert_eq!(
            all(Language::Spanish, &numbers),
            ["other", "other", "one", "other", "other", "many", "other", "many", "other"]
        );
    }

    #[test]
    fn polish_looks_at_the_last_digits() {
        let numbers = ["0", "1", "2", "5", "12", "21", "22", "25", "112", "122", "1.5"];
        assert_eq!(
            all(Language::Polish, &numbers),
            ["many", "one", "few", "many", "many", "many", "few", "many", "many", "few", "other"]
        );
    }

    #[test]
    fn arabic_has_them_all() {
        let numbers = ["0", "1", "2", "3", "10", "11", "99", "100", "102", "103", "0.5", "3.5"];
        assert_eq!(
            all(Language::Arabic, &numbers),
            ["zero", "one", "two", "few", "few", "many", "many", "other", "other", "few", "other", "other"]
        );
    }

    #[test]
    fn words_name_categories() {
        for category in Category::ALL {
            assert_eq!(Category::named(category.word()), Some(*category));
        }
        assert_eq!(Category::named("several"), None);
    }

    proptest! {
        #[test]
        fn a_language_has_the_categories_it_lists(mantissa: i64, scale in 0u32..6) {
            for language in Language::ALL {
                let category = plural(*language, &Decimal::new(mantissa, scale));
                prop_assert!(categories(*language).contains(&category), "{language:?} {category:?}");
            }
        }
    }
}
