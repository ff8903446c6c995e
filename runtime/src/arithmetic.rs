//! Arithmetic on values. What has no result (a division by zero, a number of too many digits, a day outside the
//! calendar) is unknown, never something else.
//!
//! A date has no time of day: a length that is added to it counts from its midnight, and what is left of the last
//! day is dropped. So a date and 36 hours is the next day, and a date less one hour the day before.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::dates;
use crate::value::Value;
use crate::view::View;

const DAY: i64 = 86_400_000;

/// `a + b`.
pub(crate) fn add(a: View<'_>, b: View<'_>) -> Option<Value> {
    match (a, b) {
        (View::Number(a), View::Number(b)) => a.checked_add(b).map(Value::Number),
        (View::Duration(a), View::Duration(b)) => a.checked_add(b).map(Value::Duration),
        (View::Date(days), View::Duration(length)) | (View::Duration(length), View::Date(days)) => {
            date(midnight(days).checked_add(length)?)
        }
        (View::DateTime(at), View::Duration(length)) | (View::Duration(length), View::DateTime(at)) => {
            moment(at.checked_add(length)?)
        }
        _ => None,
    }
}

/// `a - b`.
pub(crate) fn subtract(a: View<'_>, b: View<'_>) -> Option<Value> {
    match (a, b) {
        (View::Number(a), View::Number(b)) => a.checked_sub(b).map(Value::Number),
        (View::Duration(a), View::Duration(b)) => a.checked_sub(b).map(Value::Duration),
        (View::Date(days), View::Duration(length)) => date(midnight(days).checked_sub(length)?),
        (View::DateTime(at), View::Duration(length)) => moment(at.checked_sub(length)?),
        (View::Date(a), View::Date(b)) => midnight(a).checked_sub(midnight(b)).map(Value::Duration),
        (View::DateTime(a), View::DateTime(b)) => a.checked_sub(b).map(Value::Duration),
        _ => None,
    }
}

/// `a * b`.
pub(crate) fn multiply(a: View<'_>, b: View<'_>) -> Option<Value> {
    match (a, b) {
        (View::Number(a), View::Number(b)) => a.checked_mul(b).map(Value::Number),
        (View::Duration(length), View::Number(times)) | (View::Number(times), View::Duration(length)) => {
            whole(Decimal::from(length).checked_mul(times)?).map(Value::Duration)
        }
        _ => None,
    }
}

/// `a / b`, to the nearest of 28 digits; what lies in the middle goes to the even one.
pub(crate) fn divide(a: View<'_>, b: View<'_>) -> Option<Value> {
    match (a, b) {
        (View::Number(a), View::Number(b)) => a.checked_div(b).map(Value::Number),
        (View::Duration(a), View::Duration(b)) => {
            Decimal::from(a).checked_div(Decimal::from(b)).map(Value::Number)
        }
        (View::Duration(length), View::Number(parts)) => {
            whole(Decimal::from(length).checked_div(parts)?).map(Value::Duration)
        }
        _ => None,
    }
}

/// `-a`.
pub(crate) fn negate(a: View<'_>) -> Option<Value> {
    match a {
        View::Number(number) => Decimal::ZERO.checked_sub(number).map(Value::Number),
        View::Duration(length) => length.checked_neg().map(Value::Duration),
        View::Text(_)
        | View::Bool(_)
        | View::Date(_)
        | View::DateTime(_)
        | View::Option(_)
        | View::Options(_) => None,
    }
}

fn midnight(days: i32) -> i64 {
    i64::from(days) * DAY
}

/// The day that this moment lies in, if the calendar has it.
fn date(at: i64) -> Option<Value> {
    let days = i32::try_from(at.div_euclid(DAY)).ok()?;
    dates::has_date(days).then_some(Value::Date(days))
}

fn moment(at: i64) -> Option<Value> {
    dates::has_moment(at).then_some(Value::DateTime(at))
}

/// The nearest whole number of milliseconds.
fn whole(milliseconds: Decimal) -> Option<i64> {
    milliseconds.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven).to_i64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bigdecimal::num_bigint::BigInt;
    use bigdecimal::{BigDecimal, RoundingMode};
    use jiff::civil;
    use proptest::prelude::*;

    fn number(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn shown(value: Option<Value>) -> String {
        match value {
            Some(Value::Number(number)) => alloc::format!("{}", number.normalize()),
            other => alloc::format!("{other:?}"),
        }
    }

    #[test]
    fn numbers_are_exact() {
        let of = |how: fn(View<'_>, View<'_>) -> Option<Value>, a, b| {
            shown(how(View::Number(number(a)), View::Number(number(b))))
        };
        assert_eq!(of(add, "0.1", "0.2"), "0.3");
        assert_eq!(of(subtract, "1", "0.9"), "0.1");
        assert_eq!(of(multiply, "1.1", "1.1"), "1.21");
        assert_eq!(of(divide, "1", "3"), "0.3333333333333333333333333333");
        assert_eq!(of(divide, "2", "3"), "0.6666666666666666666666666667");
        assert_eq!(of(divide, "1", "0"), "None");
        assert_eq!(of(divide, "0", "-5"), "0");
        assert_eq!(of(multiply, "79228162514264337593543950335", "2"), "None");
    }

    #[test]
    fn a_date_has_no_time_of_day() {
        let hours = |hours: i64| View::Duration(hours * 3_600_000);
        assert_eq!(add(View::Date(10), hours(36)), Some(Value::Date(11)));
        assert_eq!(add(View::Date(10), hours(-1)), Some(Value::Date(9)));
        assert_eq!(subtract(View::Date(10), hours(1)), Some(Value::Date(9)));
        assert_eq!(subtract(View::Date(10), hours(24)), Some(Value::Date(9)));
        assert_eq!(subtract(View::Date(10), View::Date(7)), Some(Value::Duration(3 * DAY)));
    }

    #[test]
    fn lengths_are_multiplied_and_divided() {
        assert_eq!(multiply(View::Duration(1000), View::Number(number("1.5"))), Some(Value::Duration(1500)));
        assert_eq!(multiply(View::Number(number("0.5")), View::Duration(5)), Some(Value::Duration(2)));
        assert_eq!(divide(View::Duration(7), View::Number(number("2"))), Some(Value::Duration(4)));
        assert_eq!(shown(divide(View::Duration(DAY), View::Duration(3_600_000))), "24");
        assert_eq!(divide(View::Duration(DAY), View::Duration(0)), None);
        assert_eq!(multiply(View::Duration(i64::MAX), View::Number(number("2"))), None);
        assert_eq!(add(View::Duration(i64::MAX), View::Duration(1)), None);
        assert_eq!(negate(View::Duration(i64::MIN)), None);
    }

    #[test]
    fn what_does_not_fit_is_unknown() {
        assert_eq!(add(View::Text("a"), View::Text("b")), None);
        assert_eq!(add(View::Date(1), View::Date(1)), None);
        assert_eq!(divide(View::Number(number("1")), View::Duration(1)), None);
        assert_eq!(negate(View::Text("a")), None);
        assert_eq!(add(View::Date(i32::MAX), View::Duration(DAY)), None);
        assert_eq!(add(View::DateTime(i64::MAX), View::Duration(1)), None);
    }

    fn any_number() -> impl Strategy<Value = Decimal> {
        let small = (-1000i64..1000, 0u32..4).prop_map(|(digits, scale)| Decimal::new(digits, scale));
        let any = (any::<u32>(), any::<u32>(), any::<u32>(), any::<bool>(), 0u32..29).prop_map(
            |(low, mid, high, negative, scale)| Decimal::from_parts(low, mid, high, negative, scale),
        );
        prop_oneof![small, any]
    }

    fn big(number: Decimal) -> BigDecimal {
        BigDecimal::new(BigInt::from(number.mantissa()), i64::from(number.scale()))
    }

    /// The nearest number of at most 28 digits after the point and 96 bits.
    fn nearest(exact: &BigDecimal) -> Option<Value> {
        (0..=28).rev().find_map(|scale| {
            let rounded = exact.with_scale_round(scale, RoundingMode::HalfEven);
            let digits = i128::try_from(rounded.as_bigint_and_exponent().0).ok()?;
            Decimal::try_from_i128_with_scale(digits, u32::try_from(scale).ok()?).ok().map(Value::Number)
        })
    }

    proptest! {
        #[test]
        fn numbers_agree_with_decimals_of_any_length(a in any_number(), b in any_number()) {
            let (x, y) = (View::Number(a), View::Number(b));
            prop_assert_eq!(add(x, y), nearest(&(big(a) + big(b))));
            prop_assert_eq!(subtract(x, y), nearest(&(big(a) - big(b))));
            prop_assert_eq!(multiply(x, y), nearest(&(big(a) * big(b))));
        }

        #[test]
        fn a_quotient_is_the_nearest_number(a in any_number(), b in any_number()) {
            prop_assume!(!b.is_zero());
            // Cut off far behind what a number holds, with a last digit where there is more.
            let (over, under) = (big(a).as_bigint_and_exponent(), big(b).as_bigint_and_exponent());
            let over_digits = over.0 * BigInt::from(10).pow(120);
            let (whole, rest) = (&over_digits / &under.0, &over_digits % &under.0);
            let sign = if (over_digits < BigInt::from(0)) == (under.0 < BigInt::from(0)) { 1 } else { -1 };
            let more = if rest == BigInt::from(0) { 0 } else { sign };
            let exact = BigDecimal::new(whole * 10 + more, 121 + over.1 - under.1);
            prop_assert_eq!(divide(View::Number(a), View::Number(b)), nearest(&exact));
        }

        #[test]
        fn dates_agree_with_a_calendar(days in -4_300_000i32..2_900_000, hours in -50_000_000i64..50_000_000) {
            let epoch = civil::date(1970, 1, 1);
            let start = epoch.checked_add(jiff::SignedDuration::from_hours(i64::from(days) * 24)).unwrap();
            let moved = start.at(0, 0, 0, 0).checked_add(jiff::SignedDuration::from_hours(hours)).ok();
            let expected = moved.map(|moved| {
                Value::Date(i32::try_from(moved.date().duration_since(epoch).as_hours() / 24).unwrap())
            });
            prop_assert_eq!(add(View::Date(days), View::Duration(hours * 3_600_000)), expected.clone());
            prop_assert_eq!(subtract(View::Date(days), View::Duration(-hours * 3_600_000)), expected);
        }
    }
}
