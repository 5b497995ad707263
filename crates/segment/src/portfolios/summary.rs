//! What a run says about portfolios, beside the tables.

use std::collections::BTreeMap;

use serde::Serialize;

/// The portfolios in figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PortfolioSummary {
    /// Owners of the source.
    pub owner_count: usize,
    /// Of these, owners who look after customers on the day.
    pub active_owner_count: usize,
    /// The column that customers are ranked by.
    pub value: String,
    /// Customers with an owner.
    pub assigned_count: usize,
    /// Of these, customers whose owner is the same as before.
    pub kept_count: usize,
    /// Of these, customers who had none before.
    pub new_count: usize,
    /// Of these, customers who had another one.
    pub moved_count: usize,
    /// Customers who should have an owner and have none, by reason.
    pub unassigned: BTreeMap<String, usize>,
    /// Customers who need none.
    pub not_eligible_count: usize,
    /// The fullest portfolio: its owner, and the greater of customers and workload by the capacity.
    pub fullest: Option<(String, f64)>,
    /// What the reader should know, such as that another measure of value was taken.
    pub notes: Vec<String>,
}

impl PortfolioSummary {
    /// Customers who should have an owner and have none.
    #[must_use]
    pub fn unassigned_count(&self) -> usize {
        self.unassigned.values().sum()
    }
}
