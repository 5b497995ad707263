//! One numeric column as plain vectors, so that the algorithms know no frame.

/// The values of a feature, one a customer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FeatureValues {
    /// The column's name.
    pub(crate) name: &'static str,
    /// The numbers; where `present` says no, the number has no meaning.
    pub(crate) numbers: Numbers,
    /// Which customers have a value; none when all have.
    pub(crate) present: Option<Vec<bool>>,
}

/// Numbers as the column stores them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Numbers {
    /// Whole numbers of a unit that is `10^scale` times smaller than the feature's.
    Exact {
        /// The whole numbers.
        unscaled: Vec<i128>,
        /// Decimals.
        scale: u8,
    },
    /// Real numbers.
    Real(Vec<f64>),
}

impl FeatureValues {
    /// Whether the customer of this row has a value.
    pub(crate) fn is_present(&self, row: usize) -> bool {
        self.present.as_ref().is_none_or(|present| present[row])
    }

    /// The value as a real number, NaN where there is none.
    pub(crate) fn real(&self, row: usize) -> f64 {
        if !self.is_present(row) {
            return f64::NAN;
        }
        match &self.numbers {
            Numbers::Exact { unscaled, scale } => real_of(unscaled[row]) / power_of_ten(*scale),
            Numbers::Real(values) => values[row],
        }
    }

    /// The first of these rows whose value is there and is no finite number, and what stands there.
    pub(crate) fn first_not_finite(&self, rows: &[u32]) -> Option<(usize, String)> {
        let Numbers::Real(values) = &self.numbers else {
            return None;
        };
        rows.iter()
            .map(|&row| row as usize)
            .find(|&row| self.is_present(row) && !values[row].is_finite())
            .map(|row| (row, values[row].to_string()))
    }
}

/// The nearest real number; the conversion of 128 bits is slow and seldom needed.
pub(crate) fn real_of(whole: i128) -> f64 {
    i64::try_from(whole).map_or(whole as f64, |small| small as f64)
}

/// `10^scale`, exact for the scales of decimals (at most 22).
pub(crate) fn power_of_ten(scale: u8) -> f64 {
    10_f64.powi(i32::from(scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_numbers_are_read_at_their_scale() {
        let values = FeatureValues {
            name: "net_sales",
            numbers: Numbers::Exact {
                unscaled: vec![12_345, -5],
                scale: 4,
            },
            present: None,
        };
        assert_eq!((values.real(0), values.real(1)), (1.2345, -0.0005));
    }

    #[test]
    fn small_and_large_whole_numbers_are_rounded_alike() {
        for whole in [
            0,
            -7,
            1 << 53,
            (1 << 53) + 1,
            i128::from(i64::MAX),
            i128::from(i64::MIN) - 1,
            i128::MAX,
        ] {
            assert_eq!(real_of(whole), whole as f64, "{whole}");
        }
    }

    #[test]
    fn the_first_value_that_is_no_number_is_described() {
        let real = |numbers: Vec<f64>, present: Option<Vec<bool>>| FeatureValues {
            name: "p_alive",
            numbers: Numbers::Real(numbers),
            present,
        };
        assert_eq!(
            real(vec![1.0, f64::NAN], None).first_not_finite(&[0, 1]),
            Some((1, "NaN".into()))
        );
        assert_eq!(
            real(vec![f64::NEG_INFINITY], None).first_not_finite(&[0]),
            Some((0, "-inf".into()))
        );
        assert_eq!(
            real(vec![1.0, f64::NAN], Some(vec![true, false])).first_not_finite(&[0, 1]),
            None
        );
        assert_eq!(real(vec![1.0, f64::NAN], None).first_not_finite(&[0]), None);
    }
}
