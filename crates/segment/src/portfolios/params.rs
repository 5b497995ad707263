//! `[portfolios]`: whose customers are whose, and by what.

use std::collections::BTreeMap;

use cartera_table::contracts::{CustomerFeatures, STAGES};
use cartera_table::{ColumnDef, ColumnType, Contract, Unit};
use serde::{Deserialize, Serialize};

use super::assign::Rules;
use crate::columns;
use crate::error::SegmentError;
use crate::params::SegmentValidParams;

/// Parts of a unit of work: four decimals.
pub(crate) const WORK_PARTS: f64 = 10_000.0;
/// The greatest weight of work.
const MOST_WORK: f64 = 1_000_000.0;

/// `[portfolios]`, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PortfolioParams {
    /// The decimal column of `customer_features` that says what a customer is worth; where it is null for all eligible
    /// customers, `net_sales`. Default `vin`.
    pub value: String,
    /// The text column of `customer_features` that owners' territories are values of. Default `region`.
    pub territory: String,
    /// Whether the present owner stays. Default true.
    pub keep: bool,
    /// Share of the kept customers who may move each night to even out what owners have to do. 0 to 1. Default 0.
    pub rebalance_share: f64,
    /// Which customers have an owner.
    pub who: WhoParams,
    /// How much work a customer makes.
    pub workload: WorkloadParams,
    /// What makes an owner's load.
    pub balance: BalanceParams,
}

impl Default for PortfolioParams {
    fn default() -> Self {
        Self {
            value: "vin".into(),
            territory: "region".into(),
            keep: true,
            rebalance_share: 0.0,
            who: WhoParams::default(),
            workload: WorkloadParams::default(),
            balance: BalanceParams::default(),
        }
    }
}

/// `[portfolios.who]`: a customer has an owner who is in each of the lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WhoParams {
    /// Stages of life. Default: all but `prospect` and `lost`.
    pub lifecycle_stages: Vec<String>,
    /// Value tiers. Default: none, which stands for all.
    pub value_tiers: Vec<String>,
    /// RFM segments. Default: none, which stands for all.
    pub rfm_segments: Vec<String>,
}

impl Default for WhoParams {
    fn default() -> Self {
        let stages = STAGES.iter().filter(|stage| !["prospect", "lost"].contains(stage));
        Self {
            lifecycle_stages: stages.map(|&stage| stage.to_owned()).collect(),
            value_tiers: Vec::new(),
            rfm_segments: Vec::new(),
        }
    }
}

/// `[portfolios.workload]`: hours or points a month, whichever the owners' capacities are in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorkloadParams {
    /// What each customer makes. 0 to 1000000, four decimals. Default 1.
    pub per_customer: f64,
    /// What each unit of a counting column of `customer_features` makes beside it; nulls count as zero. Default: none.
    pub per: BTreeMap<String, f64>,
}

impl Default for WorkloadParams {
    fn default() -> Self {
        Self {
            per_customer: 1.0,
            per: BTreeMap::new(),
        }
    }
}

/// `[portfolios.balance]`: the part of all workload and of all value that an owner has, by the owner's part of all
/// capacity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BalanceParams {
    /// How much workload weighs. 0 to 1000. Default 1.
    pub workload: f64,
    /// How much value weighs; not 0 where `workload` is. 0 to 1000. Default 1.
    pub value: f64,
}

impl Default for BalanceParams {
    fn default() -> Self {
        Self {
            workload: 1.0,
            value: 1.0,
        }
    }
}

/// Checked `[portfolios]`. Only [`PortfolioParams::check`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct PortfolioValidParams {
    pub(crate) value: &'static str,
    pub(crate) territory: &'static str,
    pub(crate) who: WhoParams,
    /// All value tiers that there are,
    pub(crate) value_tiers: Vec<String>,
    /// and all RFM segments.
    pub(crate) rfm_segments: Vec<String>,
    pub(crate) workload: Workload,
    pub(crate) rules: Rules,
}

/// Work in ten-thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Workload {
    pub(crate) per_customer: u64,
    pub(crate) per: Vec<(&'static ColumnDef, u64)>,
}

impl PortfolioParams {
    /// Checks the parameters; the tiers and RFM segments of customers with an owner have to be among those of `segment`.
    ///
    /// # Errors
    /// The first parameter that cannot be, with what it may be.
    ///
    /// ```
    /// use cartera_segment::{PortfolioParams, SegmentParams};
    /// let segment = SegmentParams::default().check(5)?;
    /// assert!(PortfolioParams::default().check(&segment).is_ok());
    /// # Ok::<(), cartera_segment::SegmentError>(())
    /// ```
    pub fn check(&self, segment: &SegmentValidParams) -> Result<PortfolioValidParams, SegmentError> {
        let money = columns::money_names();
        let value = one_of("value", &self.value, &money)?;
        let territory = one_of("territory", &self.territory, &text_names())?;
        let (value_tiers, rfm_segments) = (segment.value_tier_names(), segment.rfm_segment_names());
        let who = [
            ("who.lifecycle_stages", &self.who.lifecycle_stages, STAGES.to_vec()),
            ("who.value_tiers", &self.who.value_tiers, value_tiers.clone()),
            ("who.rfm_segments", &self.who.rfm_segments, rfm_segments.clone()),
        ];
        for (key, listed, possible) in who {
            for name in listed {
                one_of(key, name, &possible)?;
            }
        }
        if !(0.0..=1.0).contains(&self.rebalance_share) {
            return Err(refused("rebalance_share", self.rebalance_share, "a share from 0 to 1"));
        }
        if self.who.lifecycle_stages.is_empty() {
            return Err(refused("who.lifecycle_stages", "[]", "a list of at least one stage"));
        }
        let mut per = Vec::new();
        let counts: Vec<&'static ColumnDef> = counts().collect();
        let names: Vec<&'static str> = counts.iter().map(|column| column.name).collect();
        for (name, weight) in &self.workload.per {
            let key = format!("workload.per.{name}");
            one_of(&key, name, &names)?;
            let weight = work(&key, *weight)?;
            per.extend(
                counts
                    .iter()
                    .find(|column| column.name == name)
                    .map(|column| (*column, weight)),
            );
        }
        let BalanceParams { workload, value: worth } = self.balance;
        for (key, weight) in [("balance.workload", workload), ("balance.value", worth)] {
            if !(0.0..=1000.0).contains(&weight) {
                return Err(refused(key, weight, "a number from 0 to 1000"));
            }
        }
        if workload + worth == 0.0 {
            return Err(refused("balance.value", worth, "above 0 where `balance.workload` is 0"));
        }
        Ok(PortfolioValidParams {
            value,
            territory,
            who: self.who.clone(),
            value_tiers: value_tiers.into_iter().map(str::to_owned).collect(),
            rfm_segments: rfm_segments.into_iter().map(str::to_owned).collect(),
            workload: Workload {
                per_customer: work("workload.per_customer", self.workload.per_customer)?,
                per,
            },
            rules: Rules {
                keep: self.keep,
                workload_weight: workload,
                value_weight: worth,
                rebalance_share: self.rebalance_share,
            },
        })
    }
}

/// Columns that owners' territories can be values of.
fn text_names() -> Vec<&'static str> {
    let columns = CustomerFeatures::INFO.columns.iter();
    columns
        .filter(|column| column.column_type == ColumnType::Text && column.name != "customer_id")
        .map(|column| column.name)
        .collect()
}

/// Columns that count what makes work.
fn counts() -> impl Iterator<Item = &'static ColumnDef> {
    let is_count = |column: &&ColumnDef| {
        column.unit == Unit::Count && matches!(column.column_type, ColumnType::Int32 | ColumnType::Int64)
    };
    CustomerFeatures::INFO.columns.iter().filter(is_count)
}

fn one_of<'p>(key: &str, value: &str, possible: &[&'p str]) -> Result<&'p str, SegmentError> {
    let found = possible.iter().find(|one| **one == value);
    found
        .copied()
        .ok_or_else(|| refused(key, format!("`{value}`"), format!("one of {}", possible.join(", "))))
}

/// Work in ten-thousandths.
fn work(key: &str, units: f64) -> Result<u64, SegmentError> {
    let parts = units * WORK_PARTS;
    let whole = parts.round();
    // Decimal text as f64 is off by less than that.
    let is_exact = (parts - whole).abs() <= 1e-4;
    if !(0.0..=MOST_WORK).contains(&units) || !is_exact {
        return Err(refused(
            key,
            units,
            "a number from 0 to 1000000 with at most 4 decimals",
        ));
    }
    Ok(whole as u64)
}

fn refused(key: &str, value: impl ToString, allowed: impl Into<String>) -> SegmentError {
    SegmentError::Portfolio {
        key: key.to_owned(),
        value: value.to_string(),
        allowed: allowed.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::SegmentParams;

    fn segment() -> SegmentValidParams {
        SegmentParams::default().check(5).expect("valid")
    }

    fn refusal(change: impl FnOnce(&mut PortfolioParams)) -> String {
        let mut params = PortfolioParams::default();
        change(&mut params);
        params.check(&segment()).expect_err("refused").to_string()
    }

    #[test]
    fn the_defaults_are_valid() {
        let params = PortfolioParams::default().check(&segment()).expect("valid");
        assert_eq!((params.value, params.territory), ("vin", "region"));
        assert_eq!(params.workload.per_customer, 10_000);
        assert_eq!(params.who.lifecycle_stages.len(), STAGES.len() - 2);
    }

    #[test]
    fn values_that_cannot_be_are_refused() {
        let told = |change: fn(&mut PortfolioParams), start: &str| {
            let message = refusal(change);
            assert!(message.starts_with(start), "{message}");
        };
        told(
            |params| params.value = "order_count".into(),
            "portfolios: value = `order_count` is not one of ",
        );
        told(
            |params| params.territory = "net_sales".into(),
            "portfolios: territory = `net_sales` is not one of ",
        );
        told(
            |params| params.who.lifecycle_stages = vec!["dead".into()],
            "portfolios: who.lifecycle_stages = `dead` is not one of prospect, ",
        );
        told(
            |params| params.who.value_tiers = vec!["gold".into(), "goldd".into()],
            "portfolios: who.value_tiers = `goldd` is not one of platinum, gold, silver, bronze, no_value",
        );
        told(
            |params| params.who.rfm_segments = vec!["no_orders".into(), "chmpions".into()],
            "portfolios: who.rfm_segments = `chmpions` is not one of ",
        );
        told(
            |params| params.who.lifecycle_stages.clear(),
            "portfolios: who.lifecycle_stages = [] is not a list",
        );
        told(
            |params| params.workload.per_customer = -1.0,
            "portfolios: workload.per_customer = -1 is not a number from 0",
        );
        told(
            |params| params.workload.per_customer = f64::NAN,
            "portfolios: workload.per_customer = NaN",
        );
        told(
            |params| params.workload.per_customer = 0.000_05,
            "portfolios: workload.per_customer = 0.00005 is not",
        );
        told(
            |params| params.workload.per = BTreeMap::from([("net_sales".into(), 1.0)]),
            "portfolios: workload.per.net_sales = `net_sales` is not one of ",
        );
        told(
            |params| params.workload.per = BTreeMap::from([("open_case_count".into(), 1e9)]),
            "portfolios: workload.per.open_case_count = 1000000000 is not a number",
        );
        told(
            |params| params.rebalance_share = 1.1,
            "portfolios: rebalance_share = 1.1 is not a share",
        );
        told(
            |params| params.balance.workload = 1001.0,
            "portfolios: balance.workload = 1001 is not a number",
        );
        told(
            |params| params.balance.value = -0.1,
            "portfolios: balance.value = -0.1 is not a number",
        );
        told(
            |params| {
                params.balance = BalanceParams {
                    workload: 0.0,
                    value: 0.0,
                }
            },
            "portfolios: balance.value = 0 is not above 0",
        );
    }

    #[test]
    fn work_is_whole_ten_thousandths() {
        assert_eq!(work("per_customer", 0.1).expect("exact"), 1_000);
        assert_eq!(work("per_customer", 123_456.789).expect("exact"), 1_234_567_890);
    }
}
