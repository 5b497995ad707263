//! Why there is nothing to fit.

use thiserror::Error;

use crate::history::History;

/// Customers below which no model is fitted.
pub const LEAST_CUSTOMERS: u64 = 10;

/// Customers with a repeat purchase below which no model of purchases is fitted.
pub const LEAST_REPEAT_CUSTOMERS: u64 = 3;

/// Why data allow no fit at all. A finding about the data, to be reported; not a failure of the run.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum NoFit {
    /// Fewer customers than [`LEAST_CUSTOMERS`].
    #[error("{count} customers, at least {LEAST_CUSTOMERS} are needed")]
    TooFewCustomers {
        /// The customers.
        count: u64,
    },
    /// Some customers bought again, but fewer than [`LEAST_REPEAT_CUSTOMERS`].
    #[error("{count} customers with a repeat purchase, at least {LEAST_REPEAT_CUSTOMERS} are needed")]
    TooFewRepeatCustomers {
        /// The customers with a repeat purchase.
        count: u64,
    },
    /// No customer bought a second time: every purchase rate near 0 fits, none better than a smaller one.
    #[error("no customer has a repeat purchase")]
    NoRepeatPurchases,
    /// All mean values are equal: every model without spread fits perfectly.
    #[error("all mean values are equal")]
    EqualValues,
    /// All customers have the same number of values: how much of their spread lies between customers, and how much
    /// between the purchases of one, cannot be told from means of equal numbers.
    #[error("all customers have the same number of values")]
    EqualCounts,
    /// A history that cannot be: more repeats than days, or a last purchase after the end.
    #[error("history with {} repeats, {} days to the last and {} days in all", .0.repeat_count, .0.recency_days, .0.age_days)]
    ImpossibleHistory(History),
    /// A mean value that is not above zero and finite, or a count of 0.
    #[error("{count} purchases with a mean value of {mean}, expected a count and a value above 0")]
    ImpossibleValue {
        /// The purchases.
        count: u32,
        /// Their mean value.
        mean: f64,
    },
    /// No start of a search has a finite log-likelihood.
    #[error("the log-likelihood is not finite at any start")]
    NoFinitePoint,
}

impl NoFit {
    /// The name in tables and reports.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::TooFewCustomers { .. } => "too_few_customers",
            Self::TooFewRepeatCustomers { .. } => "too_few_repeat_customers",
            Self::NoRepeatPurchases => "no_repeat_purchases",
            Self::EqualValues => "all_values_equal",
            Self::EqualCounts => "all_counts_equal",
            Self::ImpossibleHistory(_) => "impossible_history",
            Self::ImpossibleValue { .. } => "impossible_value",
            Self::NoFinitePoint => "no_finite_point",
        }
    }
}
