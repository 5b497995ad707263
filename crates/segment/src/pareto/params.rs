//! What customers are ranked by, and where the classes end.

use serde::Deserialize;

use super::limit::ExactShare;
use crate::error::SegmentError;

/// Parameters of the Pareto classes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ParetoParams {
    /// The decimal column of `customer_features` that customers are ranked by. A null counts as zero.
    /// Default: `net_sales`.
    pub measure: String,
    /// Class A ends with the customer who reaches this share of the measure's total. Above 0, at
    /// most 1, five decimals. Default: 0.8.
    pub class_a_share: f64,
    /// Class B ends with the customer who reaches this share. Not below `class_a_share`.
    /// Default: 0.95.
    pub class_b_share: f64,
}

impl Default for ParetoParams {
    fn default() -> Self {
        Self {
            measure: "net_sales".into(),
            class_a_share: 0.8,
            class_b_share: 0.95,
        }
    }
}

/// Checked parameters of the Pareto classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ParetoValidParams {
    pub(crate) measure: &'static str,
    pub(crate) class_a_share: ExactShare,
    pub(crate) class_b_share: ExactShare,
}

impl ParetoParams {
    /// Checks the parameters against the columns that can be a measure.
    pub(crate) fn check(&self, possible: &[&'static str]) -> Result<ParetoValidParams, SegmentError> {
        let Some(&measure) = possible.iter().find(|&&column| column == self.measure) else {
            return Err(SegmentError::ParetoMeasure {
                measure: self.measure.clone(),
                possible: possible.join(", "),
            });
        };
        let share = |limit, share| ExactShare::new(share).ok_or(SegmentError::ParetoShare { limit, share });
        let class_a_share = share("class_a_share", self.class_a_share)?;
        let class_b_share = share("class_b_share", self.class_b_share)?;
        if class_b_share < class_a_share {
            return Err(SegmentError::ParetoOrder {
                class_a_share: self.class_a_share,
                class_b_share: self.class_b_share,
            });
        }
        Ok(ParetoValidParams {
            measure,
            class_a_share,
            class_b_share,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(params: &ParetoParams) -> Result<ParetoValidParams, SegmentError> {
        params.check(&["gross_sales", "net_sales"])
    }

    #[test]
    fn the_defaults_are_valid() {
        let params = check(&ParetoParams::default()).expect("valid");
        assert_eq!(
            (
                params.measure,
                params.class_a_share.as_f64(),
                params.class_b_share.as_f64()
            ),
            ("net_sales", 0.8, 0.95)
        );
    }

    #[test]
    fn an_unknown_measure_is_refused_with_the_possible_ones() {
        let error = check(&ParetoParams {
            measure: "order_count".into(),
            ..ParetoParams::default()
        })
        .expect_err("no decimal");
        assert_eq!(
            error.to_string(),
            "pareto: measure `order_count` is not one of gross_sales, net_sales"
        );
    }

    #[test]
    fn a_class_a_limit_of_zero_is_refused() {
        let error = check(&ParetoParams {
            class_a_share: 0.0,
            ..ParetoParams::default()
        })
        .expect_err("no share");
        assert!(
            matches!(
                error,
                SegmentError::ParetoShare {
                    limit: "class_a_share",
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn a_class_b_limit_above_one_is_refused() {
        let error = check(&ParetoParams {
            class_b_share: 95.0,
            ..ParetoParams::default()
        })
        .expect_err("no share");
        assert!(
            matches!(
                error,
                SegmentError::ParetoShare {
                    limit: "class_b_share",
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn limits_in_the_wrong_order_are_refused() {
        let error = check(&ParetoParams {
            class_a_share: 0.95,
            class_b_share: 0.8,
            ..ParetoParams::default()
        })
        .expect_err("order");
        assert!(matches!(error, SegmentError::ParetoOrder { .. }), "{error}");
    }
}
