//! The configured map: an ordered list of boxes of scores.

use serde::Deserialize;

use super::{MAX_BINS, MIN_BINS, NO_ORDERS, RfmMap};
use crate::error::SegmentError;
use crate::names::{SLUG, is_slug};

/// The map from RFM scores to named segments. Empty: the default map.
///
/// ```toml
/// [rfm_map]
/// otherwise = "others"
///
/// [[rfm_map.segment]]
/// name = "champions"
/// recency = [5, 5]
/// frequency = [4, 5]
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RfmMapParams {
    /// Rules that replace the default map; the first one that takes a customer names the segment.
    /// Together they must take every combination of scores, unless `otherwise` is given.
    /// Default: none.
    #[serde(rename = "segment")]
    pub segments: Vec<RfmRule>,
    /// Segment of the combinations that no rule takes. Default: none.
    pub otherwise: Option<String>,
}

/// One rule: a segment and the scores that it takes, as inclusive `[lowest, highest]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RfmRule {
    /// The segment: a snake_case slug. Several rules may share one.
    pub name: String,
    /// Recency scores. Default: all.
    pub recency: Option<[u8; 2]>,
    /// Frequency scores. Default: all.
    pub frequency: Option<[u8; 2]>,
    /// Monetary scores. Default: all.
    pub monetary: Option<[u8; 2]>,
}

impl RfmMapParams {
    /// Checks the rules against the number of bins of the scores.
    pub(crate) fn check(&self, bins: u8) -> Result<RfmMap, SegmentError> {
        if !(MIN_BINS..=MAX_BINS).contains(&bins) {
            return Err(SegmentError::RfmBins { bins });
        }
        if self.segments.is_empty() {
            return match self.otherwise {
                None => Ok(RfmMap::default_map(bins)),
                Some(_) => Err(SegmentError::RfmOtherwiseAlone),
            };
        }
        for (index, rule) in self.segments.iter().enumerate() {
            check_name(&rule.name)?;
            rule.check_ranges(index + 1, bins)?;
        }
        if let Some(otherwise) = &self.otherwise {
            check_name(otherwise)?;
        }
        RfmMap::of_cells(bins, |[recency, frequency, monetary]| {
            self.segments
                .iter()
                .find(|rule| rule.takes([recency, frequency, monetary]))
                .map(|rule| rule.name.as_str())
                .or(self.otherwise.as_deref())
                .ok_or(SegmentError::RfmCellUncovered {
                    recency,
                    frequency,
                    monetary,
                })
        })
    }
}

impl RfmRule {
    fn ranges(&self) -> [(&'static str, Option<[u8; 2]>); 3] {
        [
            ("recency", self.recency),
            ("frequency", self.frequency),
            ("monetary", self.monetary),
        ]
    }

    fn takes(&self, scores: [u8; 3]) -> bool {
        self.ranges()
            .iter()
            .zip(scores)
            .all(|((_, range), score)| range.is_none_or(|[low, high]| (low..=high).contains(&score)))
    }

    fn check_ranges(&self, rule: usize, bins: u8) -> Result<(), SegmentError> {
        for (score, range) in self.ranges() {
            let Some([low, high]) = range else { continue };
            if low < 1 || low > high || high > bins {
                return Err(SegmentError::RfmScoreRange {
                    rule,
                    name: self.name.clone(),
                    score,
                    low,
                    high,
                    bins,
                });
            }
        }
        Ok(())
    }
}

/// Segment names stand in published files and in queries, so they are slugs.
fn check_name(name: &str) -> Result<(), SegmentError> {
    let refuse = |reason| {
        Err(SegmentError::RfmSegmentName {
            name: name.to_owned(),
            reason,
        })
    };
    if name == NO_ORDERS {
        return refuse("it is kept for customers without an order");
    }
    if is_slug(name) { Ok(()) } else { refuse(SLUG) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: &str, recency: [u8; 2], frequency: [u8; 2], monetary: [u8; 2]) -> RfmRule {
        RfmRule {
            name: name.into(),
            recency: Some(recency),
            frequency: Some(frequency),
            monetary: Some(monetary),
        }
    }

    fn everything(name: &str) -> RfmRule {
        RfmRule {
            name: name.into(),
            ..RfmRule::default()
        }
    }

    fn map(segments: Vec<RfmRule>, otherwise: Option<&str>) -> RfmMapParams {
        RfmMapParams {
            segments,
            otherwise: otherwise.map(str::to_owned),
        }
    }

    #[test]
    fn the_first_matching_rule_wins() {
        let best = rule("best", [5, 5], [5, 5], [5, 5]);
        let map = map(vec![best, everything("rest")], None).check(5).expect("covers all");
        assert_eq!(map.segment([5, 5, 5]), "best");
        assert_eq!(map.segment([5, 5, 4]), "rest");
    }

    #[test]
    fn otherwise_takes_what_is_left() {
        let map = map(vec![rule("best", [3, 3], [2, 3], [1, 3])], Some("others"))
            .check(3)
            .expect("covers all");
        assert_eq!(map.segment([3, 2, 1]), "best");
        assert_eq!(map.segment([3, 1, 1]), "others");
    }

    #[test]
    fn an_uncovered_cell_is_named() {
        let error = map(
            vec![
                rule("some", [1, 2], [1, 5], [1, 5]),
                rule("more", [3, 5], [1, 5], [1, 4]),
            ],
            None,
        )
        .check(5)
        .expect_err("a gap");
        assert_eq!(
            error.to_string(),
            "rfm_map: no segment takes recency 3, frequency 1, monetary 5, and there is no `otherwise`"
        );
    }

    #[test]
    fn ranges_outside_of_the_bins_are_refused() {
        for range in [[0, 5], [4, 3], [1, 6]] {
            let error = map(vec![everything("a"), rule("b", [1, 5], range, [1, 5])], None)
                .check(5)
                .expect_err("no range");
            assert!(
                matches!(
                    error,
                    SegmentError::RfmScoreRange {
                        rule: 2,
                        score: "frequency",
                        bins: 5,
                        ..
                    }
                ),
                "{error}"
            );
        }
    }

    #[test]
    fn names_that_are_no_slugs_are_refused() {
        for name in [
            "",
            "Champions",
            "at risk",
            "_lost",
            "lost_",
            "a__b",
            "5_best",
            "perdú",
            "no_orders",
        ] {
            assert!(
                matches!(
                    map(vec![everything(name)], None).check(5),
                    Err(SegmentError::RfmSegmentName { .. })
                ),
                "{name}"
            );
            assert!(
                matches!(
                    map(vec![everything("a")], Some(name)).check(5),
                    Err(SegmentError::RfmSegmentName { .. })
                ),
                "{name}"
            );
        }
    }

    #[test]
    fn otherwise_alone_is_refused() {
        assert!(matches!(
            map(vec![], Some("others")).check(5),
            Err(SegmentError::RfmOtherwiseAlone)
        ));
    }

    #[test]
    fn two_and_eleven_bins_are_refused() {
        for bins in [0, 2, 11] {
            assert!(
                matches!(map(vec![], None).check(bins), Err(SegmentError::RfmBins { .. })),
                "{bins}"
            );
        }
    }
}
