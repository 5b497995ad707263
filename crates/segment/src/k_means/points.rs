//! Features of the customers as columns of numbers, and as points on the common scale.

use polars::prelude::DataFrame;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::feature_params::{ModelFeature, NullRule};
use super::measures::read_measure;
use super::scale::{Scale, quantile};
use crate::columns;
use crate::error::SegmentError;

/// Customers that are worked on at once: fixed, so that sums do not depend on threads.
pub(crate) const BLOCK_ROWS: usize = 65_536;

/// A feature, one number a customer with orders; NaN stands for null, and for nothing else.
#[derive(Debug, Clone)]
pub(crate) struct FeatureColumn {
    pub(crate) name: String,
    pub(crate) values: Vec<f64>,
    /// How many are null.
    pub(crate) null_count: usize,
}

impl FeatureColumn {
    /// Takes plain numbers, NaN where there is none.
    pub(crate) fn new(name: &str, values: Vec<f64>) -> Self {
        Self {
            name: name.to_owned(),
            null_count: values.iter().filter(|value| value.is_nan()).count(),
            values,
        }
    }

    /// Reads a feature of these rows; none where there is no such column.
    pub(crate) fn read(frame: &DataFrame, name: &str, rows: &[u32]) -> Result<Option<Self>, SegmentError> {
        let Some(feature) = read_measure(frame, name)? else {
            return Ok(None);
        };
        if let Some((row, value)) = feature.first_not_finite(rows) {
            return Err(SegmentError::KMeansValue {
                feature: name.to_owned(),
                customer_id: columns::customer_id(frame, row)?,
                value,
            });
        }
        let values = rows.iter().map(|&row| feature.real(row as usize)).collect();
        Ok(Some(Self::new(name, values)))
    }

    /// The same where what is no number counts as none.
    pub(crate) fn read_what_is_there(
        frame: &DataFrame,
        name: &str,
        rows: &[u32],
    ) -> Result<Option<Self>, SegmentError> {
        let feature = read_measure(frame, name)?;
        let number = |value: f64| if value.is_finite() { value } else { f64::NAN };
        Ok(feature.map(|feature| {
            let values = rows.iter().map(|&row| number(feature.real(row as usize)));
            Self::new(name, values.collect())
        }))
    }

    /// Whether nobody has a value.
    pub(crate) fn is_empty(&self) -> bool {
        self.null_count == self.values.len()
    }
}

/// How a feature becomes a coordinate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Coordinate {
    pub(crate) feature: ModelFeature,
    pub(crate) scale: Scale,
    /// What stands for a customer without a value, in the feature's unit.
    #[serde(with = "super::exact_text")]
    pub(crate) fill: f64,
    /// Spreads from the median that a value is cut off at.
    #[serde(with = "super::exact_text")]
    pub(crate) limit: f64,
}

impl Coordinate {
    /// Takes median and spread from these customers; none where all have one value, or none has any.
    pub(crate) fn fit(feature: &ModelFeature, values: impl Iterator<Item = f64>, limit: f64) -> Option<Self> {
        let mut transformed: Vec<f64> = values
            .filter(|value| !value.is_nan())
            .map(|value| feature.transform.apply(value))
            .collect();
        transformed.sort_unstable_by(f64::total_cmp);
        let scale = Scale::of_sorted(&transformed)?;
        let fill = match feature.nulls {
            NullRule::Zero => 0.0,
            NullRule::Median | NullRule::Outside => feature.transform.undo(quantile(&transformed, 0.5)),
        };
        Some(Self {
            feature: feature.clone(),
            scale,
            fill,
            limit,
        })
    }

    /// Where a value lies.
    pub(crate) fn position(&self, value: f64) -> f64 {
        let value = if value.is_nan() { self.fill } else { value };
        self.scale.position(self.feature.transform.apply(value), self.limit) * self.feature.weight
    }

    /// The value, in the feature's unit, that lies there.
    pub(crate) fn value_at(&self, position: f64) -> f64 {
        self.feature
            .transform
            .undo(self.scale.undo(position / self.feature.weight))
    }
}

/// The points of these customers, one after the other: a row of coordinates each.
pub(crate) fn points(coordinates: &[Coordinate], columns: &[&FeatureColumn], rows: &[usize]) -> Vec<f64> {
    let width = coordinates.len();
    let mut points = vec![0.0; rows.len() * width];
    if width == 0 {
        return points;
    }
    points
        .par_chunks_mut(BLOCK_ROWS * width)
        .zip(rows.par_chunks(BLOCK_ROWS))
        .for_each(|(points, rows)| {
            for (place, (coordinate, column)) in coordinates.iter().zip(columns).enumerate() {
                for (point, &row) in points.chunks_exact_mut(width).zip(rows) {
                    point[place] = coordinate.position(column.values[row]);
                }
            }
        });
    points
}

/// At most `limit` of the indices below `count`, evenly spaced.
pub(crate) fn evenly_spaced(count: usize, limit: usize) -> Vec<usize> {
    let chosen = count.min(limit);
    (0..chosen).map(|index| index * count / chosen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k_means::scale::Transform;

    fn feature(nulls: NullRule, weight: f64) -> ModelFeature {
        ModelFeature {
            name: "order_count".into(),
            transform: Transform::None,
            weight,
            nulls,
        }
    }

    #[test]
    fn the_sample_is_evenly_spaced_and_never_longer_than_asked() {
        assert_eq!(evenly_spaced(4, 10), [0, 1, 2, 3]);
        assert_eq!(evenly_spaced(7, 3), [0, 2, 4]);
        assert_eq!(evenly_spaced(1_000, 10).len(), 10);
        assert_eq!(evenly_spaced(0, 10).len(), 0);
    }

    #[test]
    fn nulls_count_as_the_median_of_the_others_or_as_zero() {
        let values = [5.0, f64::NAN, 1.0, 9.0];
        let median = Coordinate::fit(&feature(NullRule::Median, 1.0), values.into_iter(), 4.0).expect("varies");
        assert_eq!((median.fill, median.position(f64::NAN)), (5.0, 0.0));
        let zero = Coordinate::fit(&feature(NullRule::Zero, 1.0), values.into_iter(), 4.0).expect("varies");
        assert_eq!(zero.position(f64::NAN), zero.position(0.0));
        assert!(Coordinate::fit(&feature(NullRule::Median, 1.0), [f64::NAN; 3].into_iter(), 4.0).is_none());
    }

    #[test]
    fn a_weight_stretches_and_can_be_undone() {
        let values = || (0..40).map(f64::from);
        let once = Coordinate::fit(&feature(NullRule::Median, 1.0), values(), 4.0).expect("varies");
        let thrice = Coordinate::fit(&feature(NullRule::Median, 3.0), values(), 4.0).expect("varies");
        assert_eq!(thrice.position(30.0), 3.0 * once.position(30.0));
        assert!((thrice.value_at(thrice.position(30.0)) - 30.0).abs() < 1e-12);
    }

    #[test]
    fn points_stand_in_the_order_of_the_rows() {
        let coordinate = Coordinate::fit(&feature(NullRule::Median, 1.0), (0..5).map(f64::from), 4.0).expect("varies");
        let column = FeatureColumn::new("order_count", (0..5).map(f64::from).collect());
        let both = [coordinate.clone(), coordinate.clone()];
        let points = points(&both, &[&column, &column], &[4, 0]);
        let of = |value| coordinate.position(value);
        assert_eq!(points, [of(4.0), of(4.0), of(0.0), of(0.0)]);
    }
}
