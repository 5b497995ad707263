//! What is left of the sales: costs find the customers who caused them, and the profit is told by customer, by
//! product, channel and the like, and for the company as a whole.
//!
//! All money is exact. Shared costs are cut by largest remainder, so that in every table the parts add up to what was
//! read: customers, guests and what is nobody's to the company, and the values of each dimension as well.

mod acquisition;
mod by;
mod charges;
mod curve;
mod customers;
mod drivers;
mod serve;
mod statement;

pub use curve::ProfitSummary;
pub use statement::Sums;

use cartera_table::Table;
use cartera_table::contracts::{
    CostEntries, CustomerActivity, CustomerChannels, IncomeStatement, Products, ProfitCurve, ProfitabilityBy, SalesBy,
};

use crate::error::FeatureError;
use crate::features::CustomerBase;
use crate::params::ProfitabilityValidParams;
use acquisition::Acquired;
use charges::{Charges, Entries};
use drivers::Drivers;

/// What profit is reckoned from, beside the customers.
#[derive(Debug, Clone, Copy)]
pub struct ProfitInputs<'p> {
    /// Costs beside those of goods; none where no source states any.
    pub entries: Option<&'p Table<CostEntries>>,
    /// Contacts and cases.
    pub activity: &'p Table<CustomerActivity>,
    /// What customers and guests bought in each channel.
    pub channels: &'p Table<CustomerChannels>,
    /// What is sold.
    pub products: &'p Table<Products>,
    /// Sales by product, channel and the like.
    pub sales: &'p Table<SalesBy>,
    /// What guests come to.
    pub guests: Sums,
    /// Their orders.
    pub guest_order_count: i128,
    /// Their lines of every kind.
    pub guest_line_count: i128,
    /// What the company comes to, counted elsewhere; its costs of goods are those of `sales`.
    pub company: Sums,
    /// Whether any line can have a cost.
    pub knows_costs_of_goods: bool,
    /// Whether any source states discounts.
    pub knows_discounts: bool,
    /// Whether regions are those of the customers.
    pub regions_are_of_customers: bool,
}

/// What came of it, beside the columns of customers.
#[derive(Debug, Clone)]
pub struct Profit {
    /// From sales to profit, by party.
    pub statement: Table<IncomeStatement>,
    /// The same by product, channel and the like.
    pub by: Table<ProfitabilityBy>,
    /// Cumulative profit over customers.
    pub curve: Table<ProfitCurve>,
    /// All of it in a few numbers.
    pub summary: ProfitSummary,
}

/// Adds the columns `cost_to_serve`, `acquisition_cost`, `net_profit` and `profit_share`, and tells the profit of the
/// company. What the customer files say has to be there before.
///
/// # Errors
/// When a sum overflows or the engine fails.
pub fn profit(
    base: &mut CustomerBase,
    inputs: &ProfitInputs<'_>,
    params: &ProfitabilityValidParams,
) -> Result<Profit, FeatureError> {
    let rows = customers::CustomerSums::new(base)?;
    let entries = inputs.entries.map(Entries::new).transpose()?;
    let mut charges = Charges::new(rows.len());
    if let Some(entries) = &entries {
        let places = base.places()?;
        let drivers = Drivers::new(params.driver(), &rows, &places, inputs)?;
        let acquired = Acquired::new(base, &places, inputs)?;
        let pools = serve::charge(entries, &places, &drivers, &mut charges)?;
        serve::share(pools.shared, &drivers, &mut charges)?;
        acquisition::share(pools.acquisition, &acquired, &mut charges)?;
    }
    let statement = statement::Statement::new(inputs, &rows, &charges);
    let by = by::profitability_by(base, inputs, params, entries.as_ref(), &rows, &charges, &statement)?;
    let profits = customers::add_columns(base, inputs.entries.is_some(), &rows, &charges, &statement)?;
    let (curve, summary) = curve::curve(base, &profits, &statement)?;
    Ok(Profit {
        statement: statement.table()?,
        by,
        curve,
        summary,
    })
}
