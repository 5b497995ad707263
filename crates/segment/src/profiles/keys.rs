//! A feature as whole numbers that keep its order.
//!
//! Medians only need the order of values, and whole numbers of 64 bits are half as large as exact decimals and
//! quicker to compare than real numbers.

use crate::values::{FeatureValues, Numbers, power_of_ten, real_of};

/// The values of a feature, one a customer, as keys.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Keys {
    /// Equal values have equal keys, larger ones larger keys.
    keys: Vec<i64>,
    /// Which customers have a value; none when all have.
    present: Option<Vec<bool>>,
    pub(crate) kind: Kind,
}

/// What keys stand for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// Whole numbers with decimals.
    Whole {
        /// Decimals.
        scale: u8,
    },
    /// The same, where some leave 64 bits: then keys are those of the nearest real numbers.
    Wide {
        /// The whole numbers themselves.
        unscaled: Vec<i128>,
        /// Decimals.
        scale: u8,
    },
    /// Real numbers.
    Real,
}

impl Keys {
    /// Takes a feature apart.
    pub(crate) fn new(feature: FeatureValues) -> Self {
        let FeatureValues { numbers, present, .. } = feature;
        let (keys, kind) = match numbers {
            Numbers::Real(values) => (values.into_iter().map(key_of).collect(), Kind::Real),
            Numbers::Exact { unscaled, scale } => {
                let narrow: Result<Vec<i64>, _> = unscaled.iter().map(|&whole| i64::try_from(whole)).collect();
                match narrow {
                    Ok(keys) => (keys, Kind::Whole { scale }),
                    Err(_) => {
                        let keys = unscaled.iter().map(|&whole| key_of(real_of(whole))).collect();
                        (keys, Kind::Wide { unscaled, scale })
                    }
                }
            }
        };
        Self { keys, present, kind }
    }

    /// The key of a customer who has a value.
    pub(crate) fn get(&self, row: usize) -> Option<i64> {
        let is_present = self.present.as_ref().is_none_or(|present| present[row]);
        is_present.then(|| self.keys[row])
    }

    /// Number of customers.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// What a key stands for, in the feature's unit.
    pub(crate) fn value(&self, key: i64) -> f64 {
        match self.kind {
            Kind::Whole { scale } => real_of(key.into()) / power_of_ten(scale),
            Kind::Wide { scale, .. } => real_of_key(key) / power_of_ten(scale),
            Kind::Real => real_of_key(key),
        }
    }

    /// The value between two that are next to each other.
    pub(crate) fn midpoint(&self, lower: i64, upper: i64) -> f64 {
        match self.kind {
            // Once rounded, not twice.
            Kind::Whole { scale } => real_of(lower.into()).midpoint(real_of(upper.into())) / power_of_ten(scale),
            Kind::Wide { scale, .. } => real_of_key(lower).midpoint(real_of_key(upper)) / power_of_ten(scale),
            Kind::Real => real_of_key(lower).midpoint(real_of_key(upper)),
        }
    }

    /// The least and the largest key, where keys are whole numbers.
    pub(crate) fn whole_range(&self) -> Option<(i64, i64)> {
        if !matches!(self.kind, Kind::Whole { .. }) {
            return None;
        }
        let keys = (0..self.keys.len()).filter_map(|row| self.get(row));
        keys.fold(None, |range, key| match range {
            None => Some((key, key)),
            Some((least, most)) => Some((key.min(least), key.max(most))),
        })
    }
}

/// The bits of a real number, turned so that they are in the order of `f64::total_cmp`.
fn key_of(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

fn real_of_key(key: i64) -> f64 {
    f64::from_bits((key ^ (((key >> 63) as u64) >> 1) as i64) as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(unscaled: Vec<i128>, scale: u8) -> Keys {
        Keys::new(FeatureValues {
            name: "net_sales",
            numbers: Numbers::Exact { unscaled, scale },
            present: None,
        })
    }

    #[test]
    fn whole_numbers_are_their_own_keys() {
        let keys = exact(vec![20_000, -5], 4);
        assert_eq!((keys.get(0), keys.get(1)), (Some(20_000), Some(-5)));
        assert_eq!((keys.value(20_000), keys.midpoint(10_000, 20_000)), (2.0, 1.5));
        assert_eq!(keys.whole_range(), Some((-5, 20_000)));
    }

    #[test]
    fn numbers_beyond_64_bits_keep_their_order() {
        let wide = 1_i128 << 100;
        let keys = exact(vec![wide, -3, 2], 0);
        assert!(keys.get(1) < keys.get(2) && keys.get(2) < keys.get(0));
        assert_eq!(keys.get(0).map(|key| keys.value(key)), Some(wide as f64));
        assert_eq!(keys.whole_range(), None);
    }

    #[test]
    fn absent_values_have_no_key() {
        let keys = Keys::new(FeatureValues {
            name: "p_alive",
            numbers: Numbers::Real(vec![0.5, 9.0]),
            present: Some(vec![true, false]),
        });
        assert_eq!((keys.get(0).map(|key| keys.value(key)), keys.get(1)), (Some(0.5), None));
    }

    proptest! {
        #[test]
        fn keys_of_real_numbers_are_in_their_order(left in any::<f64>(), right in any::<f64>()) {
            prop_assert_eq!(key_of(left).cmp(&key_of(right)), left.total_cmp(&right));
            prop_assert_eq!(real_of_key(key_of(left)).to_bits(), left.to_bits());
        }
    }
}
