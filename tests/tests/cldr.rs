//! What the runtime knows of languages, held against Unicode's own implementation of CLDR.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic in a test is its failure"
)]

use std::str::FromStr;

use chatflow_runtime::plural::{Category, plural};
use chatflow_runtime::{Language, Locale, Value, show_plain};
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_datetime::input::Date;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal as IcuDecimal;
use icu_decimal::options::{DecimalFormatterOptions, GroupingStrategy};
use icu_plurals::{PluralCategory, PluralOperands, PluralRules};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn icu(language: Language) -> icu_locale_core::Locale {
    language.tag().parse().unwrap()
}

fn shown(value: Value, language: Language) -> String {
    show_plain(&value, Locale { language, ..Locale::default() })
}

/// CLDR sets direction marks beside Arabic signs; the runtime shows none.
fn without_marks(text: &str) -> String {
    text.chars().filter(|char| !matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}')).collect()
}

proptest! {
    #[test]
    fn plural_categories(mantissa in prop_oneof![-300i64..300, any::<i64>(), (-50i64..50).prop_map(|n| n * 500_000)], scale in 0u32..6) {
        let number = Decimal::new(mantissa, scale).normalize();
        let operands = PluralOperands::from(&IcuDecimal::from_str(&number.to_string()).unwrap());
        for language in Language::ALL {
            let rules = PluralRules::try_new_cardinal(icu(*language).into()).unwrap();
            let expected = match rules.category_for(operands) {
                PluralCategory::Zero => Category::Zero,
                PluralCategory::One => Category::One,
                PluralCategory::Two => Category::Two,
                PluralCategory::Few => Category::Few,
                PluralCategory::Many => Category::Many,
                PluralCategory::Other => Category::Other,
            };
            prop_assert_eq!(plural(*language, &number), expected, "{} {:?}", number, language);
        }
    }

    #[test]
    fn numbers(mantissa: i64, scale in 0u32..12) {
        let number = Decimal::new(mantissa, scale).normalize();
        // Never fewer than two digits before the first sign: nothing is grouped below 10,000.
        let mut options = DecimalFormatterOptions::default();
        options.grouping_strategy = Some(GroupingStrategy::Min2);
        for language in Language::ALL {
            let formatter = DecimalFormatter::try_new(icu(*language).into(), options).unwrap();
            let expected = formatter.format(&IcuDecimal::from_str(&number.to_string()).unwrap()).to_string();
            prop_assert_eq!(shown(Value::Number(number), *language), without_marks(&expected), "{:?}", language);
        }
    }

    #[test]
    fn dates(year in 1000i32..9999, month in 1u8..13, day in 1u8..32) {
        let Ok(date) = Date::try_new_iso(year, month, day) else { return Ok(()) };
        let days = date.to_rata_die() - Date::try_new_iso(1970, 1, 1).unwrap().to_rata_die();
        let days = i32::try_from(days).unwrap();
        for language in Language::ALL {
            let formatter = DateTimeFormatter::try_new(icu(*language).into(), YMD::long()).unwrap();
            let expected = without_marks(&formatter.format(&date).to_string());
            // CLDR lets the month begin on its `1`, and people who write French on its `1er`.
            let expected = match expected.strip_prefix("1 ") {
                Some(rest) if *language == Language::French => format!("1er {rest}"),
                _ => expected,
            };
            prop_assert_eq!(shown(Value::Date(days), *language), expected, "{:?}", language);
        }
    }
}
