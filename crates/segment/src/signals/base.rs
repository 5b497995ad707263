//! What rules ask of the whole base: medians, and where the next better segment begins.

use std::collections::BTreeMap;

use cartera_table::{TableError, frame};
use polars::prelude::DataFrame;

use super::cells::numbers;
use super::rule::{Layout, Place};

/// Figures of all customers.
#[derive(Debug, Default)]
pub(crate) struct Base {
    /// By place; not a number where no customer has one, or nobody asks.
    pub(crate) medians: Vec<f64>,
    /// By place in [`Layout::gaps`].
    pub(crate) gaps: Vec<Segments>,
}

/// Segments from the lowest up, by the least value of their customers.
#[derive(Debug)]
pub(crate) struct Segments {
    /// What customers are ranked by; none where no measure is known of anybody.
    pub(crate) ranked_by: Option<Place>,
    least: Vec<(String, f64)>,
}

impl Base {
    pub(crate) fn new([features, segments]: [&DataFrame; 2], layout: &Layout) -> Result<Self, TableError> {
        let medians = layout.columns.iter().map(|used| {
            if !used.has_median {
                return Ok(f64::NAN);
            }
            let from = if used.is_label { segments } else { features };
            let numbers = numbers(from.column(used.column.name)?, used.column.column_type)?;
            Ok(median(numbers))
        });
        let gaps = layout.gaps.iter().map(|gap| {
            let labels = frame::text(segments, layout.columns[gap.segmentation].column.name)?;
            for &place in &gap.ranked_by {
                let ranked_by = layout.columns[place].column;
                let values = numbers(features.column(ranked_by.name)?, ranked_by.column_type)?;
                if values.iter().any(|value| !value.is_nan()) {
                    return Ok(Segments::new(Some(place), labels.iter().zip(values)));
                }
            }
            Ok(Segments::new(None, std::iter::empty()))
        });
        Ok(Self {
            medians: medians.collect::<Result<_, TableError>>()?,
            gaps: gaps.collect::<Result<_, TableError>>()?,
        })
    }
}

impl Segments {
    fn new<'l>(ranked_by: Option<Place>, customers: impl Iterator<Item = (Option<&'l str>, f64)>) -> Self {
        let mut least: BTreeMap<&str, f64> = BTreeMap::new();
        for (label, value) in customers {
            let Some(label) = label.filter(|_| !value.is_nan()) else {
                continue;
            };
            let known = least.entry(label).or_insert(value);
            *known = known.min(value);
        }
        let mut least: Vec<(String, f64)> = least
            .into_iter()
            .map(|(label, value)| (label.to_owned(), value))
            .collect();
        least.sort_by(|one, other| one.1.total_cmp(&other.1));
        Self { ranked_by, least }
    }

    /// The next better segment and the least value of its customers; none for those of the best one.
    pub(crate) fn next(&self, label: &str) -> Option<(&str, f64)> {
        let place = self.least.iter().position(|(known, _)| known == label)?;
        self.least.get(place + 1).map(|(label, value)| (label.as_str(), *value))
    }

    /// The share of the next segment's least value that is lacking; not a number where there is none, or either value
    /// is not above zero.
    pub(crate) fn gap(&self, label: &str, value: f64) -> f64 {
        match self.next(label) {
            Some((_, least)) if value > 0.0 && value < least => 1.0 - value / least,
            _ => f64::NAN,
        }
    }
}

/// The mean of the two in the middle where there is an even number of them.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.retain(|number| !number.is_nan());
    let middle = numbers.len() / 2;
    if numbers.is_empty() {
        return f64::NAN;
    }
    let is_odd = numbers.len() % 2 == 1;
    let (lower, upper, _) = numbers.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    if is_odd {
        return upper;
    }
    let lower = lower.iter().copied().max_by(f64::total_cmp).unwrap_or(upper);
    lower + (upper - lower) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_leaves_out_what_is_not_known() {
        assert_eq!(median(vec![3.0, f64::NAN, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 8.0]), 3.0);
        assert!(median(vec![f64::NAN]).is_nan());
    }

    #[test]
    fn the_next_segment_begins_with_its_least_customer() {
        let customers = [
            ("C", -5.0),
            ("B", 40.0),
            ("A", 100.0),
            ("C", 38.0),
            ("A", 300.0),
            ("B", 96.0),
        ];
        let segments = Segments::new(
            Some(0),
            customers.into_iter().map(|(label, value)| (Some(label), value)),
        );
        assert_eq!(segments.next("C"), Some(("B", 40.0)));
        assert!((segments.gap("C", 38.0) - 0.05).abs() < 1e-12);
        assert!((segments.gap("B", 96.0) - 0.04).abs() < 1e-12);
        // The best have no next, and what is zero or less is near nothing.
        assert!(segments.gap("A", 100.0).is_nan());
        assert!(segments.gap("C", -5.0).is_nan() && segments.gap("C", 0.0).is_nan());
        assert!(segments.gap("Z", 10.0).is_nan());
    }
}
