//! The contracts: one file a table.

mod catalogue;
mod customer_features;
mod customer_segments;
mod data_quality;
mod identity_links;
mod ledger;
mod lines;
mod orders;
mod pareto_curve;
mod quarantine;
mod segment_profiles;
mod source;

pub use catalogue::{Customers, Products};
pub use customer_features::CustomerFeatures;
pub use customer_segments::CustomerSegments;
pub use data_quality::DataQuality;
pub use identity_links::IdentityLinks;
pub use ledger::LedgerTable;
pub use lines::{OrderItems, OrderLines, OrderParts, SourceLines};
pub use orders::Orders;
pub use pareto_curve::ParetoCurve;
pub use quarantine::QuarantineTable;
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
    IdentityLinks::INFO,
    Customers::INFO,
    Products::INFO,
    QuarantineTable::INFO,
    LedgerTable::INFO,
    DataQuality::INFO,
];
