//! Decimal arithmetic the long way: exact first, then cut to what a number of the language holds.

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, RoundingMode, Zero};
use chatflow_compiler::hir::Arithmetic;
use rust_decimal::Decimal;

/// The result, to the nearest of the numbers that the language has; none where there is none.
pub(super) fn calculate(operator: Arithmetic, left: BigDecimal, right: BigDecimal) -> Option<Decimal> {
    let exact = match operator {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide if right.is_zero() => return None,
        Arithmetic::Divide => quotient(&left, &right),
    };
    nearest(&exact)
}

/// Far more digits than a number holds; where there are still more, a last one that is not zero says so.
fn quotient(left: &BigDecimal, right: &BigDecimal) -> BigDecimal {
    const DIGITS: i64 = 120;
    let (left, left_scale) = left.as_bigint_and_exponent();
    let (right, right_scale) = right.as_bigint_and_exponent();
    let shifted = left * BigInt::from(10).pow(DIGITS as u32);
    let (whole, rest) = (&shifted / &right, &shifted % &right);
    let negative = (shifted < BigInt::zero()) != (right < BigInt::zero());
    let sticky = match (rest.is_zero(), negative) {
        (true, _) => BigInt::zero(),
        (false, true) => BigInt::from(-1),
        (false, false) => BigInt::from(1),
    };
    BigDecimal::new(whole * 10 + sticky, DIGITS + 1 + left_scale - right_scale)
}

/// The nearest number of at most 28 digits after the point whose digits fit into 96 bits.
fn nearest(exact: &BigDecimal) -> Option<Decimal> {
    (0..=28).rev().find_map(|scale| {
        let rounded = exact.with_scale_round(scale, RoundingMode::HalfEven);
        let digits = i128::try_from(rounded.as_bigint_and_exponent().0).ok()?;
        Decimal::try_from_i128_with_scale(digits, scale as u32).ok()
    })
}

/// The nearest whole number.
pub(super) fn whole(number: Decimal) -> Option<i128> {
    let exact = BigDecimal::new(number.mantissa().into(), number.scale().into());
    i128::try_from(exact.with_scale_round(0, RoundingMode::HalfEven).as_bigint_and_exponent().0).ok()
}
