//! Features of any unit and size on one scale.
//!
//! Counts and money are skewed by orders of magnitude, so each is taken as a logarithm that also
//! takes zero and negative values, and then in standard deviations from the mean. (Scaling by
//! quartiles was not chosen: where three quarters of the customers have one order, the distance
//! between the quartiles is zero.)

use crate::values::FeatureValues;

/// `sign(x) ln(1 + |x|)`: zero stays zero, and order is kept.
fn signed_logarithm(value: f64) -> f64 {
    value.abs().ln_1p().copysign(value)
}

/// The value whose [`signed_logarithm`] this is.
fn signed_exponential(value: f64) -> f64 {
    value.abs().exp_m1().copysign(value)
}

/// One feature on the common scale.
#[derive(Debug)]
pub(crate) struct ScaledFeature<'a> {
    values: &'a FeatureValues,
    mean: f64,
    deviation: f64,
}

impl<'a> ScaledFeature<'a> {
    /// Mean and standard deviation (of the population) over these rows, added up in their order;
    /// none when the feature has one value only.
    pub(crate) fn fit(values: &'a FeatureValues, rows: &[u32]) -> Option<Self> {
        let logarithms = || rows.iter().map(|&row| signed_logarithm(values.real(row as usize)));
        let count = rows.len() as f64;
        let mean = logarithms().sum::<f64>() / count;
        let deviation = (logarithms().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        // Rounding of the mean can leave a constant feature with a deviation just above zero.
        let first = logarithms().next()?;
        let varies = logarithms().any(|value| value != first);
        (varies && deviation > 0.0).then_some(Self {
            values,
            mean,
            deviation,
        })
    }

    /// The feature's name.
    pub(crate) fn name(&self) -> &'static str {
        self.values.name
    }

    /// Where the value of a row lies on the scale.
    pub(crate) fn scaled(&self, row: u32) -> f64 {
        self.position(self.values.real(row as usize))
    }

    /// Where a value lies on the scale: in standard deviations from the mean.
    pub(crate) fn position(&self, value: f64) -> f64 {
        (signed_logarithm(value) - self.mean) / self.deviation
    }

    /// The value in the feature's own unit that lies there on the scale.
    pub(crate) fn unscaled(&self, scaled: f64) -> f64 {
        signed_exponential(scaled * self.deviation + self.mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Numbers;

    fn feature(values: Vec<f64>) -> FeatureValues {
        FeatureValues {
            name: "net_sales",
            numbers: Numbers::Real(values),
            present: None,
        }
    }

    #[test]
    fn the_logarithm_takes_every_sign_and_can_be_undone() {
        assert_eq!(signed_logarithm(0.0), 0.0);
        assert!((signed_logarithm(std::f64::consts::E - 1.0) - 1.0).abs() < 1e-15);
        assert!((signed_logarithm(1.0 - std::f64::consts::E) + 1.0).abs() < 1e-15);
        for value in [-1e9, -0.5, 0.0, 1e-6, 12_345.67] {
            assert!(
                (signed_exponential(signed_logarithm(value)) - value).abs() <= 1e-12 * f64::abs(value),
                "{value}"
            );
        }
    }

    #[test]
    fn scaled_values_have_mean_zero_and_deviation_one() {
        let values = feature(vec![0.0, 1.0, 10.0, -3.0, 250.0]);
        let rows = [0, 1, 2, 3, 4];
        let scaled = ScaledFeature::fit(&values, &rows).expect("varies");
        let points = rows.map(|row| scaled.scaled(row));
        assert!(points.iter().sum::<f64>().abs() < 1e-12);
        assert!((points.iter().map(|point| point * point).sum::<f64>() / 5.0 - 1.0).abs() < 1e-12);
        assert!((scaled.unscaled(scaled.scaled(4)) - 250.0).abs() < 1e-9);
    }

    #[test]
    fn a_constant_has_no_scale() {
        assert!(ScaledFeature::fit(&feature(vec![0.1; 7]), &[0, 1, 2, 3, 4, 5, 6]).is_none());
        assert!(ScaledFeature::fit(&feature(vec![0.1, 0.2]), &[]).is_none());
    }
}
