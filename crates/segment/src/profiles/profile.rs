//! The profile of every segment in every feature.

use rayon::prelude::*;

use super::statistics::{Overflow, SplitFeature, Sum};
use crate::error::SegmentError;
use crate::labels::Labels;
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
    pub(crate) index_to_base: Option<f64>,
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
pub(crate) fn profiles<Feature: Sync>(
    labels: &[&Labels],
    features: &[Feature],
    read: impl Fn(&Feature) -> Result<ProfiledFeature, SegmentError> + Sync,
) -> Result<Vec<Profile>, SegmentError> {
    let sizes: Vec<Vec<usize>> = labels.iter().map(|labels| labels.sizes()).collect();
    let of_features: Vec<Vec<Profile>> = features
        .par_iter()
        .map(|feature| {
            let feature = read(feature)?;
            let mut profiles = Vec::new();
            for (labels, sizes) in labels.iter().zip(&sizes) {
                profile_segmentation(labels, sizes, &feature, &mut profiles).map_err(|Overflow| {
                    SegmentError::Overflow {
                        column: feature.values.name.into(),
                    }
                })?;
            }
            Ok(profiles)
        })
        .collect::<Result<_, SegmentError>>()?;
    Ok(of_features.into_iter().flatten().collect())
}

/// Adds a row for each segment that has customers.
fn profile_segmentation(
    labels: &Labels,
    sizes: &[usize],
    feature: &ProfiledFeature,
    profiles: &mut Vec<Profile>,
) -> Result<(), Overflow> {
    let mut split = SplitFeature::new(&feature.values, labels, sizes)?;
    let customers: usize = sizes.iter().sum();
    let base_mean = split.base.mean();
    let base_total = total(split.base.sum, feature.is_additive)?;
    for (code, &customer_count) in sizes.iter().enumerate().filter(|&(_, &size)| size > 0) {
        let segment = split.segments[code];
        let total = total(segment.sum, feature.is_additive)?;
        let mean = segment.mean();
        profiles.push(Profile {
            segmentation: labels.segmentation,
            segment: labels.names[code].clone(),
            feature: feature.values.name,
            customer_count,
            customer_share: customer_count as f64 / customers as f64,
            value_count: segment.value_count,
            total,
            total_share: ratio(total.map(real_of), base_total.map(real_of)),
            mean,
            median: split.median(code),
            base_mean,
            index_to_base: ratio(mean, base_mean).map(|ratio| 100.0 * ratio),
        });
    }
    Ok(())
}

/// The sum at the scale of totals, where it means something.
fn total(sum: Sum, is_additive: bool) -> Result<Option<i128>, Overflow> {
    if is_additive {
        sum.unscaled_at(TOTAL_SCALE)
    } else {
        Ok(None)
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
            segmentation: "cluster_id",
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
            segmentation: "cluster_id",
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
            index_to_base: Some(200.0),
        };
        assert_eq!(profiles[0], expected);
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
