//! What the plan is made of, and what comes out of it.

use cartera_table::contracts::{ContactPlan, CustomerFeatures, CustomerSegments, Signals};
use cartera_table::{AsOf, Table};

use super::summary::ContactPlanSummary;
use crate::lists::{Control, CustomerKeys, ListOutcome};
use crate::permissions::Permissions;

/// What the plan is made of.
#[derive(Clone, Copy)]
pub struct ContactPlanSources<'s> {
    /// The customers.
    pub features: &'s Table<CustomerFeatures>,
    /// Their stages and tiers, row by row.
    pub segments: &'s Table<CustomerSegments>,
    /// Their signals.
    pub signals: &'s Table<Signals>,
    /// Tonight's lists in the order of the waterfall, by rows of the customers.
    pub lists: &'s [ListOutcome<'s>],
    /// Who may be contacted and from when, asked for the ways of the plan too.
    pub permissions: &'s Permissions,
    /// The keys that customers are drawn by,
    pub keys: &'s CustomerKeys,
    /// and how many are held out of everything.
    pub control: &'s Control,
    /// Whether any source tells of contacts.
    pub knows_contacts: bool,
    /// The day of the run.
    pub as_of: AsOf,
}

/// The plan.
#[derive(Debug, Clone)]
pub struct PlannedContacts {
    /// A row a customer.
    pub table: Table<ContactPlan>,
    /// It in short.
    pub summary: ContactPlanSummary,
}
