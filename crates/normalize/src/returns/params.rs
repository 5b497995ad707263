//! `[returns]`: whether returns are matched with sales, and what that changes.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// `[returns]`, as typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReturnsParams {
    /// By what a return finds the sale that it undoes. Default `none`: returns are not matched.
    #[serde(rename = "match")]
    pub match_rule: MatchRule,
    /// Most days from the sale to its return. Default none: any number.
    pub max_days: Option<u32>,
    /// Whether orders that were returned in full count as orders. Default `before_returns`: they do.
    pub orders: OrdersCount,
}

/// By what a return finds its sale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchRule {
    /// Returns are not matched.
    #[default]
    None,
    /// The same customer and product; the most recent sale of that day or an earlier one first, each up to the
    /// quantity sold.
    CustomerProduct,
}

/// Which orders count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrdersCount {
    /// All, whatever came back.
    #[default]
    BeforeReturns,
    /// Those of which something was not returned.
    AfterReturns,
}

/// Checked `[returns]`. Only [`ReturnsParams::check`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnsValidParams {
    is_matched: bool,
    max_days: Option<i32>,
    orders: OrdersCount,
}

/// Why `[returns]` is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReturnsParamsError {
    /// A key that only matters where returns are matched.
    #[error("`{key}` is given, but `match` is \"none\": returns would have to be matched for it")]
    NotMatched {
        /// The key.
        key: &'static str,
    },
    /// More days than the calendar has.
    #[error("`max_days` is {days}, expected 0 to 36525")]
    MaxDays {
        /// What was given.
        days: u32,
    },
}

impl ReturnsParamsError {
    /// The offending key within `[returns]`.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::NotMatched { key } => key,
            Self::MaxDays { .. } => "max_days",
        }
    }
}

/// A hundred years.
const LONGEST_DAYS: u32 = 36_525;

impl ReturnsParams {
    /// Checks the keys beside each other.
    ///
    /// # Errors
    /// The first key that is refused.
    pub fn check(&self) -> Result<ReturnsValidParams, ReturnsParamsError> {
        let is_matched = self.match_rule != MatchRule::None;
        if !is_matched && self.max_days.is_some() {
            return Err(ReturnsParamsError::NotMatched { key: "max_days" });
        }
        if !is_matched && self.orders == OrdersCount::AfterReturns {
            return Err(ReturnsParamsError::NotMatched { key: "orders" });
        }
        let max_days = match self.max_days {
            Some(days) if days > LONGEST_DAYS => return Err(ReturnsParamsError::MaxDays { days }),
            days => days.and_then(|days| i32::try_from(days).ok()),
        };
        Ok(ReturnsValidParams {
            is_matched,
            max_days,
            orders: self.orders,
        })
    }
}

impl ReturnsValidParams {
    /// Whether returns are matched with sales, so that lines have to carry products and quantities.
    #[must_use]
    pub fn is_matched(&self) -> bool {
        self.is_matched
    }

    /// Most days from a sale to its return.
    pub(crate) fn max_days(&self) -> Option<i32> {
        self.max_days
    }

    /// Whether orders that were returned in full are no orders.
    #[must_use]
    pub fn drops_returned_orders(&self) -> bool {
        self.orders == OrdersCount::AfterReturns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_default_nothing_is_matched() {
        let valid = ReturnsParams::default().check().expect("valid");
        assert!(!valid.is_matched() && !valid.drops_returned_orders());
        assert_eq!(valid.max_days(), None);
    }

    #[test]
    fn refuses_what_means_nothing_without_a_match() {
        let key = |params: ReturnsParams| params.check().expect_err("refused").key();
        let days = ReturnsParams {
            max_days: Some(30),
            ..ReturnsParams::default()
        };
        assert_eq!(key(days), "max_days");
        let orders = ReturnsParams {
            orders: OrdersCount::AfterReturns,
            ..ReturnsParams::default()
        };
        assert_eq!(key(orders), "orders");
    }

    #[test]
    fn refuses_more_than_a_hundred_years() {
        let params = ReturnsParams {
            match_rule: MatchRule::CustomerProduct,
            max_days: Some(36_526),
            orders: OrdersCount::AfterReturns,
        };
        assert_eq!(params.check(), Err(ReturnsParamsError::MaxDays { days: 36_526 }));
        let valid = ReturnsParams {
            max_days: Some(0),
            ..params
        }
        .check()
        .expect("valid");
        assert!(valid.is_matched() && valid.drops_returned_orders());
        assert_eq!(valid.max_days(), Some(0));
    }
}
