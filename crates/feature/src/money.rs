//! Exact money to the plain numbers of models and back.

use cartera_table::AMOUNT_SCALE;

/// Ten-thousandths in one.
const ONE: f64 = 1e4;
const _: () = assert!(AMOUNT_SCALE == 4);

/// Money for a model.
#[expect(clippy::cast_precision_loss, reason = "models are no ledgers")]
pub(crate) fn to_f64(ten_thousandths: i128) -> f64 {
    ten_thousandths as f64 / ONE
}

/// Money of a model, rounded half-even to ten-thousandths, so that what is published adds up. None of what is no
/// number or too large to be one.
pub(crate) fn from_f64(amount: f64) -> Option<i128> {
    let scaled = (amount * ONE).round_ties_even();
    #[expect(clippy::cast_possible_truncation, reason = "far below the limits of the type")]
    (scaled.is_finite() && scaled.abs() < 1e30).then_some(scaled as i128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn model_money_is_rounded_half_even() {
        // 312.5 and 937.5 ten-thousandths, exactly.
        assert_eq!((from_f64(0.03125), from_f64(0.09375)), (Some(312), Some(938)));
        assert_eq!(from_f64(1.234_56), Some(12_346));
        assert_eq!(from_f64(-0.1), Some(-1_000));
        assert_eq!((from_f64(f64::NAN), from_f64(f64::INFINITY)), (None, None));
        assert_eq!(to_f64(12_500), 1.25);
    }
}
