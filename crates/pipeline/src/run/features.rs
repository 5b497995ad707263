//! From customers to `customer_features`: one group of columns after the other, in the order in which they need each
//! other.

use cartera_activation::Campaigns;
use cartera_feature::{
    CohortTables, CustomerBase, Evidence, HistoryWindow, LifecycleTables, Lifetime, MonthlyActivity, PriorLifecycle,
    Profit, PurchaseCounts, add_bonding, add_demographics, add_lifecycle, add_relations, cohorts, lifetime,
};
use cartera_table::contracts::{CustomerFeatures, Customers};
use cartera_table::{AsOf, Table};
use polars::prelude::DataFrame;

use super::campaigns::campaigns_of;
use super::inputs::Work;
use super::profit::{ProfitSources, profit_of};
use super::relations::CleanRelations;
use crate::error::PipelineError;

/// What is known beside the partitions of customers.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    pub(super) as_of: AsOf,
    pub(super) window: &'k HistoryWindow,
    /// Purchases of all customers by day.
    pub(super) purchases: &'k PurchaseCounts,
    /// What they did by month.
    pub(super) activity: &'k MonthlyActivity,
    /// Contacts, cases and consents.
    pub(super) relations: &'k CleanRelations,
    /// Those of the customer files.
    pub(super) customers: &'k Table<Customers>,
    pub(super) profit: ProfitSources<'k>,
    /// The stages of the run before.
    pub(super) before: Option<&'k PriorLifecycle>,
    /// The model that the run before scored customers with.
    pub(super) model_before: Option<&'k str>,
}

/// What the customers of a run come to.
pub(super) struct Featured {
    pub(super) features: Table<CustomerFeatures>,
    /// What is left of the sales.
    pub(super) profit: Profit,
    /// What campaigns earned.
    pub(super) campaigns: Campaigns,
    /// What customers will be worth.
    pub(super) lifetime: Lifetime,
    /// Where customers stand.
    pub(super) lifecycle: LifecycleTables,
    /// How they came and went.
    pub(super) cohorts: CohortTables,
}

/// Computes all features of the customers of all partitions.
pub(super) fn features(
    work: &Work<'_>,
    partitions: Vec<DataFrame>,
    known: Known<'_>,
) -> Result<Featured, PipelineError> {
    let config = work.config;
    let mut base = CustomerBase::new(partitions, known.as_of, &config.rfm)?;
    add_relations(&mut base, known.relations.tables(), &config.relations)?;
    add_demographics(&mut base, known.customers)?;
    let (profit, costs) = profit_of(work, &mut base, known.profit, known.relations)?;
    let campaigns = campaigns_of(work, &base, known.profit.tables, known.relations, costs.as_ref())?;
    drop(costs);
    let evidence = Evidence {
        counts: known.purchases,
        window: known.window,
        model_before: known.model_before,
    };
    let lifetime = lifetime(&mut base, evidence, &config.clv)?;
    add_bonding(&mut base, &config.bonding)?;
    // Last: its rules look at what the others found.
    let lifecycle = add_lifecycle(&mut base, known.customers, known.before, &config.lifecycle)?;
    let cohorts = cohorts(&base, known.activity, known.window)?;
    Ok(Featured {
        features: base.finish()?,
        profit,
        campaigns,
        lifetime,
        lifecycle,
        cohorts,
    })
}
