//! What customers are ranked by, what it is told within, and where the classes end.

use serde::Deserialize;

use super::limit::ExactShare;
use crate::error::SegmentError;

/// Parameters of the Pareto classes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ParetoParams {
    /// The decimal columns of `customer_features` that customers are ranked by. The first one makes `pareto_class`;
    /// `net_profit` and `vin` make `pareto_class_profit` and `pareto_class_vin`; others are told of in `pareto` and
    /// `pareto_curve`. A null counts as zero; a measure that is null everywhere is passed over.
    /// Default: `["net_sales", "net_profit", "vin"]`.
    pub measures: Vec<String>,
    /// Columns of `customer_features` that hold categories: concentration is told within each of their values too.
    /// Those that are null everywhere are passed over. Default: `["region", "country", "main_category"]`.
    pub within: Vec<String>,
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
            measures: ["net_sales", "net_profit", "vin"].map(str::to_owned).to_vec(),
            within: ["region", "country", "main_category"].map(str::to_owned).to_vec(),
            class_a_share: 0.8,
            class_b_share: 0.95,
        }
    }
}

/// Checked parameters of the Pareto classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParetoValidParams {
    /// At least one.
    pub(crate) measures: Vec<&'static str>,
    pub(crate) within: Vec<&'static str>,
    pub(crate) class_a_share: ExactShare,
    pub(crate) class_b_share: ExactShare,
}

impl ParetoParams {
    /// Checks the parameters against the columns that can be a measure and those that hold categories.
    pub(crate) fn check(
        &self,
        measures: &[&'static str],
        categories: &[&'static str],
    ) -> Result<ParetoValidParams, SegmentError> {
        if self.measures.is_empty() {
            return Err(SegmentError::ParetoNoMeasure);
        }
        let measures = self
            .measures
            .iter()
            .map(|name| column("measures", name, &self.measures, measures))
            .collect::<Result<_, _>>()?;
        let within = self
            .within
            .iter()
            .map(|name| column("within", name, &self.within, categories))
            .collect::<Result<_, _>>()?;
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
            measures,
            within,
            class_a_share,
            class_b_share,
        })
    }
}

/// The column of that name, which stands once in the list.
fn column(
    key: &'static str,
    name: &str,
    listed: &[String],
    possible: &[&'static str],
) -> Result<&'static str, SegmentError> {
    if listed.iter().filter(|other| *other == name).count() > 1 {
        return Err(SegmentError::ParetoColumnTwice {
            key,
            name: name.to_owned(),
        });
    }
    possible
        .iter()
        .find(|&&column| column == name)
        .copied()
        .ok_or_else(|| SegmentError::ParetoColumn {
            key,
            name: name.to_owned(),
            possible: possible.join(", "),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut ParetoParams)) -> Result<ParetoValidParams, SegmentError> {
        let mut params = ParetoParams::default();
        change(&mut params);
        params.check(
            &["gross_sales", "net_sales", "net_profit", "vin"],
            &["region", "country", "main_category"],
        )
    }

    fn refused(change: impl FnOnce(&mut ParetoParams)) -> String {
        check(change).expect_err("refused").to_string()
    }

    #[test]
    fn the_defaults_are_valid() {
        let params = check(|_| ()).expect("valid");
        assert_eq!(params.measures, ["net_sales", "net_profit", "vin"]);
        assert_eq!(params.within, ["region", "country", "main_category"]);
        assert_eq!(
            (params.class_a_share.as_f64(), params.class_b_share.as_f64()),
            (0.8, 0.95)
        );
    }

    #[test]
    fn an_unknown_measure_is_refused_with_the_possible_ones() {
        assert_eq!(
            refused(|params| params.measures = vec!["order_count".into()]),
            "pareto: measures has `order_count`, which is not one of gross_sales, net_sales, net_profit, vin"
        );
    }

    #[test]
    fn no_measure_and_one_twice_are_refused() {
        assert_eq!(
            refused(|params| params.measures.clear()),
            "pareto: measures is empty, at least one decimal column of customer_features is needed, such as net_sales"
        );
        assert_eq!(
            refused(|params| params.measures.push("vin".into())),
            "pareto: measures has `vin` twice"
        );
    }

    #[test]
    fn a_column_that_holds_no_category_is_refused() {
        assert_eq!(
            refused(|params| params.within = vec!["net_sales".into()]),
            "pareto: within has `net_sales`, which is not one of region, country, main_category"
        );
    }

    #[test]
    fn limits_that_are_no_shares_are_refused() {
        assert!(refused(|params| params.class_a_share = 0.0).starts_with("pareto: class_a_share = 0 is not"));
        assert!(refused(|params| params.class_b_share = 95.0).starts_with("pareto: class_b_share = 95 is not"));
    }

    #[test]
    fn limits_in_the_wrong_order_are_refused() {
        let error = check(|params| (params.class_a_share, params.class_b_share) = (0.95, 0.8)).expect_err("order");
        assert!(matches!(error, SegmentError::ParetoOrder { .. }), "{error}");
    }
}
