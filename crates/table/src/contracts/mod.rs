//! The contracts: one file a table.

mod campaign_results;
mod catalogue;
mod clusters;
mod clv_backtest;
mod clv_model;
mod cohorts;
mod contact_plan;
mod costs;
mod customer_events;
mod customer_features;
mod customer_segments;
mod data_quality;
mod identity_links;
mod income_statement;
mod kpis;
mod ledger;
mod lifecycle;
mod lines;
mod order_breadth;
mod orders;
mod pareto;
mod pareto_curve;
mod portfolios;
mod profit_curve;
mod profitability_by;
mod quarantine;
mod relations;
mod rfm_matrix;
mod sales;
mod segment_migrations;
mod segment_mix;
mod segment_overlap;
mod segment_profiles;
mod segments;
mod signals;
mod source;
mod suppressions;
mod targets;

pub use campaign_results::CampaignResults;
pub use catalogue::{Customers, Products};
pub use clusters::{ClusterDrift, ClusterFeatures, ClusterRefit};
pub use clv_backtest::ClvBacktest;
pub use clv_model::ClvModel;
pub use cohorts::Cohorts;
pub use contact_plan::{CONTACT_PLAN_REASONS, ContactPlan};
pub use costs::{CostEntries, CustomerActivity, CustomerChannels};
pub use customer_events::{CustomerEvents, EVENT_KINDS, EVENTS};
pub use customer_features::CustomerFeatures;
pub use customer_segments::CustomerSegments;
pub use data_quality::DataQuality;
pub use identity_links::IdentityLinks;
pub use income_statement::{INCOME_ITEMS, IncomeStatement};
pub use kpis::Kpis;
pub use ledger::LedgerTable;
pub use lifecycle::{Lifecycle, LifecycleTransitions, STAGES};
pub use lines::{OrderItems, OrderLines, OrderParts, SourceLines};
pub use order_breadth::OrderBreadth;
pub use orders::Orders;
pub use pareto::Pareto;
pub use pareto_curve::ParetoCurve;
pub use portfolios::{PORTFOLIO_REASONS, PortfolioOwners, Portfolios};
pub use profit_curve::ProfitCurve;
pub use profitability_by::ProfitabilityBy;
pub use quarantine::QuarantineTable;
pub use relations::{Cases, Consents, Interactions};
pub use rfm_matrix::RfmMatrix;
pub use sales::{SalesBy, SalesParts};
pub use segment_migrations::{SegmentMigrations, SegmentMoves};
pub use segment_mix::SegmentMix;
pub use segment_overlap::SegmentOverlap;
pub use segment_profiles::SegmentProfiles;
pub use segments::Segments;
pub use signals::Signals;
pub use source::{
    SourceCampaigns, SourceCases, SourceConsents, SourceCosts, SourceCustomers, SourceInteractions, SourceOwners,
    SourceProducts, SourceRates, SourceSuppressions, SourceTable,
};
pub use suppressions::Suppressions;
pub use targets::{
    TARGET_DECISIONS, TARGET_REASONS, TargetChanges, TargetDecisions, TargetHoldouts, TargetLists, TargetReasons,
};

use crate::contract::{Contract, ContractInfo};

/// The tables that a run publishes, in the order in which they are written.
pub const PUBLISHED: &[ContractInfo] = &[
    CustomerFeatures::INFO,
    CustomerSegments::INFO,
    Segments::INFO,
    SegmentProfiles::INFO,
    SegmentMix::INFO,
    SegmentOverlap::INFO,
    SegmentMigrations::INFO,
    SegmentMoves::INFO,
    RfmMatrix::INFO,
    Pareto::INFO,
    ParetoCurve::INFO,
    ClusterFeatures::INFO,
    ClusterDrift::INFO,
    ClusterRefit::INFO,
    ClvModel::INFO,
    ClvBacktest::INFO,
    IncomeStatement::INFO,
    ProfitabilityBy::INFO,
    ProfitCurve::INFO,
    Lifecycle::INFO,
    LifecycleTransitions::INFO,
    Cohorts::INFO,
    Kpis::INFO,
    Signals::INFO,
    Portfolios::INFO,
    PortfolioOwners::INFO,
    TargetLists::INFO,
    TargetDecisions::INFO,
    TargetReasons::INFO,
    TargetChanges::INFO,
    TargetHoldouts::INFO,
    ContactPlan::INFO,
    CampaignResults::INFO,
    CustomerEvents::INFO,
    IdentityLinks::INFO,
    Customers::INFO,
    Products::INFO,
    QuarantineTable::INFO,
    LedgerTable::INFO,
    DataQuality::INFO,
];
