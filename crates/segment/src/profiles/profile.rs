//! The profile of every segment in every feature.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::effect::{effect_size, ranks};
use super::keys::Keys;
use super::statistics::{Base, Overflow, Segment, Totals, segments};
use crate::error::SegmentError;
use crate::labels::{Labels, OUTSIDE};
use crate::values::{FeatureValues, real_of};

/// Decimals of a published total.
const TOTAL_SCALE: u8 = 4;

/// One row of `segment_profiles`; the fields are its columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Profile {
    pub(crate) segmentation: &'static str,
    pub(crate) segment: String,
    pub(crate) feature: &'static str,
    pub(crate) customer_count: usize,
    pub(crate) customer_share: f64,
    pub(crate) value_count: usize,
    /// Unscaled, at four decimals.
    pub(crate) total: Option<i128>,
    pub(crate) total_share: Option<f64>,
    pub(crate) mean: Option<f64>,
    pub(crate) median: Option<f64>,
    pub(crate) base_mean: Option<f64>,
    pub(crate) base_median: Option<f64>,
    pub(crate) index_to_base: Option<f64>,
    pub(crate) effect_size: Option<f64>,
    pub(crate) differentiator_rank: Option<i32>,
}

/// A feature to profile, and whether a sum of it means anything.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProfiledFeature {
    pub(crate) values: FeatureValues,
    pub(crate) is_additive: bool,
}

/// Profiles every segmentation in one feature after the other. `read` reads a feature; at most one
/// is held a thread.
///
/// Rows come out feature by feature, then segmentation by segmentation.
pub(crate) fn profiles<Source: Sync>(
    labels: &[&Labels],
    features: &[Source],
    read: impl Fn(&Source) -> Result<ProfiledFeature, SegmentError> + Sync,
) -> Result<Vec<Profile>, SegmentError> {
    let sizes: Vec<Vec<usize>> = labels.iter().map(|labels| labels.sizes()).collect();
    let of_features: Vec<Vec<Profile>> = features
        .par_iter()
        .map(|feature| {
            let ProfiledFeature { values, is_additive } = read(feature)?;
            let name = values.name;
            let feature = Feature {
                name,
                keys: Keys::new(values),
                is_additive,
            };
            let overflow = |Overflow| SegmentError::Overflow { column: name.into() };
            feature.profiles(labels, &sizes).map_err(overflow)
        })
        .collect::<Result<_, SegmentError>>()?;
    let mut profiles: Vec<Profile> = of_features.into_iter().flatten().collect();
    rank(&mut profiles);
    Ok(profiles)
}

struct Feature {
    name: &'static str,
    keys: Keys,
    is_additive: bool,
}

impl Feature {
    fn profiles(&self, labels: &[&Labels], sizes: &[Vec<usize>]) -> Result<Vec<Profile>, Overflow> {
        let range = self.keys.whole_range();
        let mut buffer = Vec::new();
        let all = Base::new(&self.keys, &mut buffer, |_| true)?;
        let mut profiles = Vec::new();
        for (labels, sizes) in labels.iter().zip(sizes) {
            // Most segmentations hold everybody, and then the base is the same.
            let base = if sizes.iter().sum::<usize>() == self.keys.len() {
                all
            } else {
                Base::new(&self.keys, &mut buffer, |row| labels.codes[row] != OUTSIDE)?
            };
            let segments = segments(&self.keys, labels, sizes, range, &mut buffer)?;
            self.profile_segmentation(labels, sizes, &base, &segments, &mut profiles)?;
        }
        Ok(profiles)
    }

    /// Adds a row for each segment that has customers.
    fn profile_segmentation(
        &self,
        labels: &Labels,
        sizes: &[usize],
        base: &Base,
        segments: &[Segment],
        profiles: &mut Vec<Profile>,
    ) -> Result<(), Overflow> {
        let customers: usize = sizes.iter().sum();
        let base_mean = base.totals.mean();
        let base_total = self.total(base.totals)?;
        for (code, &customer_count) in sizes.iter().enumerate().filter(|&(_, &size)| size > 0) {
            let segment = segments[code];
            let total = self.total(segment.totals)?;
            let mean = segment.totals.mean();
            let value_count = segment.totals.value_count;
            profiles.push(Profile {
                segmentation: labels.segmentation,
                segment: labels.names[code].clone(),
                feature: self.name,
                customer_count,
                customer_share: customer_count as f64 / customers as f64,
                value_count,
                total,
                total_share: ratio(total.map(real_of), base_total.map(real_of)),
                mean,
                median: segment.median,
                base_mean,
                base_median: base.median,
                // Of a base at or below zero a multiple tells nothing.
                index_to_base: ratio(mean, base_mean.filter(|&base| base > 0.0)).map(|ratio| 100.0 * ratio),
                effect_size: effect_size(value_count, mean, base),
                differentiator_rank: None,
            });
        }
        Ok(())
    }

    /// The sum at the scale of totals, where it means something and anything is known.
    fn total(&self, totals: Totals) -> Result<Option<i128>, Overflow> {
        if self.is_additive && totals.value_count > 0 {
            totals.sum.unscaled_at(TOTAL_SCALE)
        } else {
            Ok(None)
        }
    }
}

/// Ranks the features of each segment, but for those that are known of few of its customers.
fn rank(profiles: &mut [Profile]) {
    let mut by_segment = BTreeMap::<(&str, &str), Vec<usize>>::new();
    for (place, profile) in profiles.iter().enumerate() {
        by_segment
            .entry((profile.segmentation, &profile.segment))
            .or_default()
            .push(place);
    }
    let ranked: Vec<(usize, Option<i32>)> = by_segment
        .into_values()
        .flat_map(|places| {
            let effects: Vec<(&str, Option<f64>)> = places
                .iter()
                .map(|&place| {
                    let profile = &profiles[place];
                    let is_known = 2 * profile.value_count >= profile.customer_count;
                    (profile.feature, profile.effect_size.filter(|_| is_known))
                })
                .collect();
            places.into_iter().zip(ranks(&effects))
        })
        .collect();
    for (place, rank) in ranked {
        profiles[place].differentiator_rank = rank;
    }
}

fn ratio(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    match (part, whole) {
        (Some(part), Some(whole)) if whole != 0.0 => Some(part / whole),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::OUTSIDE;
    use crate::values::Numbers;

    fn labels() -> Labels {
        Labels {
            segmentation: "cluster",
            names: vec!["1".into(), "2".into()],
            codes: vec![0, 1, 1, OUTSIDE],
        }
    }

    fn feature(unscaled: Vec<i128>, scale: u8, is_additive: bool) -> ProfiledFeature {
        ProfiledFeature {
            values: FeatureValues {
                name: "net_sales",
                numbers: Numbers::Exact { unscaled, scale },
                present: None,
            },
            is_additive,
        }
    }

    fn profile(feature: ProfiledFeature) -> Vec<Profile> {
        profiles(&[&labels()], &[feature], |feature| Ok(feature.clone())).expect("no overflow")
    }

    #[test]
    fn a_segment_is_set_against_the_members_of_the_segmentation() {
        let profiles = profile(feature(vec![60_000, 10_000, 20_000, 99_000_000], 4, true));
        let expected = Profile {
            segmentation: "cluster",
            segment: "1".into(),
            feature: "net_sales",
            customer_count: 1,
            customer_share: 1.0 / 3.0,
            value_count: 1,
            total: Some(60_000),
            total_share: Some(2.0 / 3.0),
            mean: Some(6.0),
            median: Some(6.0),
            base_mean: Some(3.0),
            base_median: Some(2.0),
            index_to_base: Some(200.0),
            // 6 against 1 and 2: the squares within are 0 and 0.5, the pooled variance 0.5.
            effect_size: profiles[0].effect_size,
            differentiator_rank: Some(1),
        };
        assert_eq!(profiles[0], expected);
        let effect = profiles[0].effect_size.expect("an effect");
        assert!((effect - 4.5 / 0.5_f64.sqrt()).abs() < 1e-9, "{effect}");
        assert_eq!(
            (profiles[1].total, profiles[1].mean, profiles[1].index_to_base),
            (Some(30_000), Some(1.5), Some(50.0))
        );
        assert_eq!(profiles.len(), 2);
    }

    #[test]
    fn counts_have_totals_at_four_decimals() {
        assert_eq!(profile(feature(vec![6, 1, 2, 9], 0, true))[1].total, Some(30_000));
    }

    #[test]
    fn what_nobody_has_is_no_total_of_zero() {
        let mut feature = feature(vec![6, 1, 2, 9], 0, true);
        feature.values.present = Some(vec![false, true, true, true]);
        let profiles = profile(feature);
        assert_eq!(
            (profiles[0].value_count, profiles[0].total, profiles[0].effect_size),
            (0, None, None)
        );
        assert_eq!((profiles[1].total, profiles[1].total_share), (Some(30_000), Some(1.0)));
    }

    #[test]
    fn what_cannot_be_summed_has_no_total() {
        let profiles = profile(feature(vec![6, 1, 2, 9], 0, false));
        assert_eq!(
            (profiles[0].total, profiles[0].total_share, profiles[0].mean),
            (None, None, Some(6.0))
        );
    }

    #[test]
    fn a_base_of_zero_has_no_index_and_no_share() {
        let profiles = profile(feature(vec![10_000, -10_000, 0, 0], 4, true));
        assert_eq!(
            (
                profiles[0].total_share,
                profiles[0].index_to_base,
                profiles[0].base_mean
            ),
            (None, None, Some(0.0))
        );
    }

    #[test]
    fn an_overflow_names_the_column() {
        let feature = feature(vec![i128::MAX, 0, 0, 0], 0, true);
        let error = profiles(&[&labels()], &[feature], |feature| Ok(feature.clone())).expect_err("too large");
        assert_eq!(error.to_string(), "the total of net_sales overflows 38 digits");
    }

    #[test]
    fn no_customers_make_no_rows() {
        let labels = Labels {
            codes: vec![OUTSIDE; 4],
            ..labels()
        };
        let feature = feature(vec![1; 4], 0, true);
        assert_eq!(
            profiles(&[&labels], &[feature], |feature| Ok(feature.clone())).expect("no overflow"),
            []
        );
    }
}
