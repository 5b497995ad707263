//! The contracts: one file a table.

mod catalogue;
mod clv_backtest;
mod clv_model;
mod costs;
mod customer_features;
mod customer_segments;
mod data_quality;
mod identity_links;
mod income_statement;
mod ledger;
mod lifecycle;
mod lines;
mod order_breadth;
mod orders;
mod pareto_curve;
mod profit_curve;
mod profitability_by;
mod quarantine;
mod relations;
mod sales;
mod segment_profiles;
mod source;

pub use catalogue::{Customers, Products};
pub use clv_backtest::ClvBacktest;
pub use clv_model::ClvModel;
pub use costs::{CostEntries, CustomerActivity, CustomerChannels};
pub use customer_features::CustomerFeatures;
pub use customer_segments::CustomerSegments;
pub use data_quality::DataQuality;
pub use identity_links::IdentityLinks;
pub use income_statement::{INCOME_ITEMS, IncomeStatement};
pub use ledger::LedgerTable;
pub use lifecycle::{Lifecycle, LifecycleTransitions, STAGES};
pub use lines::{OrderItems, OrderLines, OrderParts, SourceLines};
pub use order_breadth::OrderBreadth;
pub use orders::Orders;
pub use pareto_curve::ParetoCurve;
pub use profit_curve::ProfitCurve;
pub use profitability_by::ProfitabilityBy;
pub use quarantine::QuarantineTable;
pub use relations::{Cases, Consents, Interactions};
pub use sales::{SalesBy, SalesParts};
pub use segment_profiles::SegmentProfiles;
pub use source::{
    SourceCampaigns, SourceCases, SourceConsents, SourceCosts, SourceCustomers, SourceInteractions, SourceProducts,
    SourceRates, SourceTable,
};

use crate::contract::{Contract, ContractInfo};

/// The tables that a run publishes, in the order in which they are written.
pub const PUBLISHED: &[ContractInfo] = &[
    CustomerFeatures::INFO,
    CustomerSegments::INFO,
    SegmentProfiles::INFO,
    ParetoCurve::INFO,
    ClvModel::INFO,
    ClvBacktest::INFO,
    IncomeStatement::INFO,
    ProfitabilityBy::INFO,
    ProfitCurve::INFO,
    Lifecycle::INFO,
    LifecycleTransitions::INFO,
    IdentityLinks::INFO,
    Customers::INFO,
    Products::INFO,
    QuarantineTable::INFO,
    LedgerTable::INFO,
    DataQuality::INFO,
];
