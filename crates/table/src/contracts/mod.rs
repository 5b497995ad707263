//! The contracts: one file a table.

mod customer_features;
mod customer_segments;
mod identity_links;
mod ledger;
mod lines;
mod orders;
mod pareto_curve;
mod quarantine;
mod segment_profiles;

pub use customer_features::CustomerFeatures;
pub use customer_segments::CustomerSegments;
pub use identity_links::IdentityLinks;
pub use ledger::LedgerTable;
pub use lines::{OrderLines, OrderParts, SourceLines};
pub use orders::Orders;
pub use pareto_curve::ParetoCurve;
pub use quarantine::QuarantineTable;
pub use segment_profiles::SegmentProfiles;

use crate::contract::{Contract, ContractInfo};

/// The tables that a run publishes, in the order in which they are written.
pub const PUBLISHED: &[ContractInfo] = &[
    CustomerFeatures::INFO,
    CustomerSegments::INFO,
    SegmentProfiles::INFO,
    ParetoCurve::INFO,
    IdentityLinks::INFO,
    QuarantineTable::INFO,
    LedgerTable::INFO,
];
