//! Tables in, portfolios out.

use cartera_table::contracts::{
    CustomerFeatures, CustomerSegments, Customers, PortfolioOwners, Portfolios, SourceOwners,
};
use cartera_table::{AsOf, Contract, Table, frame};
use polars::prelude::DataFrame;

use super::assign::{Customers as Rows, assign};
use super::base::Base;
use super::notes::notes;
use super::owners::{Previous, owners};
use super::params::PortfolioValidParams;
use super::summary::PortfolioSummary;
use super::tables::{self, Made};
use crate::error::SegmentError;

/// What portfolios are made of.
#[derive(Debug, Clone, Copy)]
pub struct PortfolioSources<'s> {
    /// One row a customer.
    pub features: &'s Table<CustomerFeatures>,
    /// The segments of the same customers.
    pub segments: &'s Table<CustomerSegments>,
    /// Who can look after customers; without it nobody does.
    pub owners: Option<&'s Table<SourceOwners>>,
    /// The customers of the customer files, which may tell who looks after them today.
    pub customers: &'s Table<Customers>,
    /// Of the portfolios of the newest run of an earlier day the columns `customer_id`, `owner_id` and
    /// `previous_owner_id`.
    pub before: Option<&'s DataFrame>,
    /// The day on which owners must be active.
    pub as_of: AsOf,
}

/// Customers with their owners.
#[derive(Debug, Clone)]
pub struct PortfolioTables {
    /// One row a customer; empty without owners.
    pub portfolios: Table<Portfolios>,
    /// One row an owner.
    pub owners: Table<PortfolioOwners>,
    /// The same in figures; none without owners.
    pub summary: Option<PortfolioSummary>,
}

/// Gives each eligible customer an owner, or the reason why there is none.
///
/// # Errors
/// When a table breaks its contract or a total overflows.
pub fn portfolios(
    sources: PortfolioSources<'_>,
    params: &PortfolioValidParams,
) -> Result<PortfolioTables, SegmentError> {
    let Some(table) = sources.owners else {
        return Ok(PortfolioTables {
            portfolios: Table::new(DataFrame::empty_with_schema(&frame::schema(&Portfolios::INFO)))?,
            owners: Table::new(DataFrame::empty_with_schema(&frame::schema(&PortfolioOwners::INFO)))?,
            summary: None,
        });
    };
    let customer_ids = frame::text(sources.features.frame(), "customer_id")?;
    let owners = owners(table, sources.as_of)?;
    let base = Base::new(sources.features, sources.segments, &owners.named, params)?;
    let previous = Previous::new(customer_ids, table, sources.customers, sources.before)?;
    let rows = Rows {
        order: &base.order,
        values: &base.values,
        workloads: &base.workloads,
        markets: &base.markets,
        by_file: &previous.by_file,
        by_run: &previous.by_run,
    };
    let assignment = assign(rows, &owners.rows, &owners.named, params.rules, base.reasons.clone());
    let made = Made {
        base: &base,
        owners: &owners.rows,
        previous: &previous,
        assignment: &assignment,
    };
    let totals = made.totals()?;
    Ok(PortfolioTables {
        portfolios: tables::portfolios(sources.features.frame(), &made)?,
        owners: tables::portfolio_owners(table.frame(), &made, &totals)?,
        summary: Some(made.summary(&totals, notes(&base, &owners, params))),
    })
}
