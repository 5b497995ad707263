//! Which categories, channels, regions and the like the customers of a segment come from.

use crate::categories::{Category, UNKNOWN};
use crate::labels::{Labels, OUTSIDE};

/// What all values beyond those that are told stand under.
const OTHER: &str = "other";

/// One row of `segment_mix`; the fields are its columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mix {
    pub(crate) segmentation: &'static str,
    pub(crate) segment: String,
    pub(crate) dimension: &'static str,
    /// None: not known.
    pub(crate) value: Option<String>,
    pub(crate) customers: usize,
    pub(crate) customer_share: f64,
    pub(crate) base_share: f64,
    pub(crate) index_to_base: f64,
}

/// A category cut to the values that are told.
struct Told {
    dimension: &'static str,
    /// The values, then `other`, then none for what is not known.
    values: Vec<Option<String>>,
    /// Place in `values` of each customer.
    places: Vec<u16>,
}

/// The mix of every segment in one category.
pub(crate) fn mix(labels: &[&Labels], category: &Category, top_values: usize) -> Vec<Mix> {
    let told = Told::new(category, top_values);
    labels.iter().flat_map(|labels| told.mix(labels)).collect()
}

impl Told {
    /// The values that most customers have, of equals the first by the alphabet. A value that is called `other` itself
    /// counts among the others.
    fn new(category: &Category, top_values: usize) -> Self {
        let mut customers = vec![0_usize; category.values.len()];
        for &code in category.codes.iter().filter(|code| **code != UNKNOWN) {
            customers[code as usize] += 1;
        }
        let mut order: Vec<usize> = (0..category.values.len())
            .filter(|&code| category.values[code] != OTHER)
            .collect();
        order.sort_by(|&left, &right| {
            let by_customers = customers[right].cmp(&customers[left]);
            by_customers.then_with(|| category.values[left].cmp(&category.values[right]))
        });
        order.truncate(top_values);
        let mut values: Vec<Option<String>> = order.iter().map(|&code| Some(category.values[code].clone())).collect();
        values.extend([Some(OTHER.to_owned()), None]);
        let mut place_of = vec![order.len() as u16; category.values.len()];
        for (place, &code) in (0..).zip(&order) {
            place_of[code] = place;
        }
        let unknown = order.len() as u16 + 1;
        let place = |&code: &u32| place_of.get(code as usize).copied().unwrap_or(unknown);
        Self {
            dimension: category.name,
            values,
            places: category.codes.iter().map(place).collect(),
        }
    }

    fn mix(&self, labels: &Labels) -> Vec<Mix> {
        let width = self.values.len();
        let mut counts = vec![0_usize; labels.names.len() * width];
        let members = labels
            .codes
            .iter()
            .zip(&self.places)
            .filter(|(code, _)| **code != OUTSIDE);
        for (&code, &place) in members {
            counts[usize::from(code) * width + usize::from(place)] += 1;
        }
        let mut of_value = vec![0_usize; width];
        for counts in counts.chunks_exact(width) {
            for (sum, count) in of_value.iter_mut().zip(counts) {
                *sum += count;
            }
        }
        let base = counts.iter().sum::<usize>() as f64;
        let mut rows = Vec::new();
        for (name, counts) in labels.names.iter().zip(counts.chunks_exact(width)) {
            let size = counts.iter().sum::<usize>() as f64;
            for (place, &customers) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let (customer_share, base_share) = (customers as f64 / size, of_value[place] as f64 / base);
                rows.push(Mix {
                    segmentation: labels.segmentation,
                    segment: name.clone(),
                    dimension: self.dimension,
                    value: self.values[place].clone(),
                    customers,
                    customer_share,
                    base_share,
                    index_to_base: 100.0 * customer_share / base_share,
                });
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(codes: &[u16]) -> Labels {
        Labels {
            segmentation: "value_tier",
            names: vec!["gold".into(), "bronze".into()],
            codes: codes.to_vec(),
        }
    }

    fn regions() -> Category {
        Category {
            name: "region",
            values: ["south", "north", "other", "west", "east"].map(str::to_owned).to_vec(),
            codes: vec![0, 1, 1, 2, 3, 4, UNKNOWN, 0],
        }
    }

    #[test]
    fn the_largest_values_are_told_and_the_others_add_up() {
        let mix = mix(&[&labels(&[0, 0, 1, 1, 1, 1, 1, OUTSIDE])], &regions(), 2);
        let told: Vec<_> = mix
            .iter()
            .map(|row| (row.segment.as_str(), row.value.as_deref(), row.customers))
            .collect();
        assert_eq!(
            told,
            [
                ("gold", Some("north"), 1),
                ("gold", Some("south"), 1),
                ("bronze", Some("north"), 1),
                ("bronze", Some("other"), 3),
                ("bronze", None, 1)
            ]
        );
        let north = &mix[0];
        assert_eq!((north.customer_share, north.base_share), (0.5, 2.0 / 7.0));
        assert!((north.index_to_base - 175.0).abs() < 1e-9, "{north:?}");
    }

    #[test]
    fn of_equally_large_values_the_first_by_the_alphabet_is_told() {
        let mix = mix(&[&labels(&[0; 8])], &regions(), 3);
        let values: Vec<_> = mix.iter().map(|row| row.value.as_deref()).collect();
        assert_eq!(
            values,
            [Some("north"), Some("south"), Some("east"), Some("other"), None]
        );
    }
}
