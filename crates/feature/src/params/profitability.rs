//! `[profitability]`: how shared costs find their customers, and what profit is told by.

use cartera_table::Dimension;
use serde::{Deserialize, Serialize};

use super::{FeatureParamsError, Refusals};

/// `[profitability]`, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProfitabilityParams {
    /// What costs that name no customer, order or campaign are shared by. Default `orders`.
    pub shared_cost_driver: CostDriver,
    /// What `profitability_by` cuts the company by. Default all that the sources map.
    pub by: Option<Vec<Dimension>>,
}

/// What shared costs are shared by, each customer from the first day to `as_of`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostDriver {
    /// Orders.
    #[default]
    Orders,
    /// Lines of every kind.
    Lines,
    /// Contacts.
    Interactions,
    /// Incidents and answers.
    Cases,
    /// Net sales above zero.
    Sales,
}

/// What the sources of a pipeline can tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tellable {
    /// What lines or tables beside them can be cut by.
    pub dimensions: Vec<Dimension>,
    /// Whether there is a source of interactions.
    pub interactions: bool,
    /// Whether there is a source of cases.
    pub cases: bool,
}

/// Checked `[profitability]`. Only [`ProfitabilityParams::check`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfitabilityValidParams {
    pub(crate) driver: CostDriver,
    pub(crate) dimensions: Vec<Dimension>,
}

impl ProfitabilityParams {
    /// Holds what is asked for against what the sources tell.
    ///
    /// # Errors
    /// When a driver or a dimension is asked for that no source knows.
    pub fn check(&self, tellable: &Tellable) -> Result<ProfitabilityValidParams, FeatureParamsError> {
        let refusals = Refusals("profitability");
        let driver = self.shared_cost_driver;
        let key = "shared_cost_driver";
        let is_known = driver != CostDriver::Interactions || tellable.interactions;
        refusals.unless(
            is_known,
            key,
            "\"interactions\"",
            "a driver that a source tells: no source has table = \"interactions\"",
        )?;
        let is_known = driver != CostDriver::Cases || tellable.cases;
        refusals.unless(
            is_known,
            key,
            "\"cases\"",
            "a driver that a source tells: no source has table = \"cases\"",
        )?;
        let asked = self.by.as_ref().unwrap_or(&tellable.dimensions);
        for dimension in asked {
            refusals.unless(
                tellable.dimensions.contains(dimension),
                "by",
                format!("[.., \"{}\"]", dimension.slug()),
                "dimensions whose column some source maps: product_id, channel, region and sales_rep of order_lines, category of products, region or country of customers",
            )?;
        }
        let dimensions = Dimension::ALL.into_iter().filter(|dimension| asked.contains(dimension));
        Ok(ProfitabilityValidParams {
            driver,
            dimensions: dimensions.collect(),
        })
    }
}

impl ProfitabilityValidParams {
    /// What shared costs are shared by.
    #[must_use]
    pub fn driver(&self) -> CostDriver {
        self.driver
    }

    /// What the company is cut by, in the order of the table.
    #[must_use]
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tellable() -> Tellable {
        Tellable {
            dimensions: vec![Dimension::Month, Dimension::Product],
            ..Tellable::default()
        }
    }

    #[test]
    fn all_that_is_told_is_the_default() {
        let valid = ProfitabilityParams::default().check(&tellable()).expect("valid");
        assert_eq!(valid.dimensions(), [Dimension::Product, Dimension::Month]);
        assert_eq!(valid.driver(), CostDriver::Orders);
    }

    #[test]
    fn what_no_source_tells_is_refused() {
        let refused = |params: ProfitabilityParams| params.check(&tellable()).expect_err("refused");
        let by = refused(ProfitabilityParams {
            by: Some(vec![Dimension::Month, Dimension::Channel]),
            ..ProfitabilityParams::default()
        });
        assert_eq!((by.section, by.key.as_str()), ("profitability", "by"));
        for driver in [CostDriver::Interactions, CostDriver::Cases] {
            let error = refused(ProfitabilityParams {
                shared_cost_driver: driver,
                ..ProfitabilityParams::default()
            });
            assert_eq!(error.key, "shared_cost_driver");
        }
    }
}
