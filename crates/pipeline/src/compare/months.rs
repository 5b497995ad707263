//! Months that were over and are told otherwise now: corrections of the past, and lines that came late.

use std::collections::BTreeMap;

use cartera_table::contracts::Kpis;
use cartera_table::{Money, TableError, frame};
use polars::prelude::DataFrame;
use serde::Serialize;

use super::customers::Bridge;
use super::read::columns_of_both;
use super::{as_optional_text, as_text};
use crate::error::PipelineError;
use crate::store::PublishedRun;

/// The past, told anew.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MonthChanges {
    /// Months that were over in the first run.
    pub months: usize,
    /// Of these, those that the second run tells otherwise, earliest first.
    pub restated: Vec<RestatedMonth>,
    /// What these changed of the customers' net sales.
    #[serde(serialize_with = "as_text")]
    pub restated_net_sales: Money,
    /// The rest of the change: days since, and the month that was not over. Null where the sum of a run is not known.
    #[serde(serialize_with = "as_optional_text")]
    pub later_net_sales: Option<Money>,
}

/// A month that both runs tell of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestatedMonth {
    /// The month, as 2025-03.
    pub month: String,
    /// Customers' net sales in the first run.
    #[serde(serialize_with = "as_text")]
    pub net_sales_before: Money,
    /// The same in the second.
    #[serde(serialize_with = "as_text")]
    pub net_sales_after: Money,
    /// Orders in the first run.
    pub orders_before: i64,
    /// The same in the second.
    pub orders_after: i64,
    /// Customers who bought, in the first run.
    pub active_customers_before: i64,
    /// The same in the second.
    pub active_customers_after: i64,
}

/// Net sales, orders, customers who bought.
type Month = (i128, i64, i64);

pub(super) fn months(
    before: &PublishedRun,
    after: &PublishedRun,
    net_sales: Option<&Bridge>,
) -> Result<MonthChanges, PipelineError> {
    let names = ["month", "net_sales", "order_count", "active_customers", "is_complete"];
    let Some((then, now)) = columns_of_both::<Kpis>((before, after), &names)? else {
        return Ok(MonthChanges::default());
    };
    let (mut over, now) = (months_of(&then)?, months_of(&now)?);
    // Of a month that was over then, a run without customers of it tells nothing, which is a nought.
    let was_over = before.reference.as_of.month();
    for month in now.keys().filter(|month| **month < was_over) {
        over.entry(month.clone()).or_default();
    }
    let last = after.reference.as_of.month();
    let mut restated = Vec::new();
    for (month, then) in &over {
        let told = now.get(month).copied();
        // A run that looks from an earlier day tells a part of its last month, or nothing of a month.
        let is_cut = told.is_none() && *month >= last;
        let now = told.unwrap_or_default();
        if *then != now && !is_cut {
            restated.push(RestatedMonth {
                month: month.clone(),
                net_sales_before: Money(then.0),
                net_sales_after: Money(now.0),
                orders_before: then.1,
                orders_after: now.1,
                active_customers_before: then.2,
                active_customers_after: now.2,
            });
        }
    }
    let of_restated = restated
        .iter()
        .map(|month| month.net_sales_after.0 - month.net_sales_before.0);
    let of_restated: i128 = of_restated.sum();
    let later = net_sales.map(|bridge| Money(bridge.after.0 - bridge.before.0 - of_restated));
    Ok(MonthChanges {
        months: over.len(),
        restated,
        restated_net_sales: Money(of_restated),
        later_net_sales: later,
    })
}

/// Those that are over.
fn months_of(kpis: &DataFrame) -> Result<BTreeMap<String, Month>, TableError> {
    let months = frame::text(kpis, "month")?.iter();
    let sales = frame::decimal(kpis, "net_sales")?.iter().map(Option::unwrap_or_default);
    let orders = frame::int64(kpis, "order_count")?.iter().map(Option::unwrap_or_default);
    let active = frame::int64(kpis, "active_customers")?
        .iter()
        .map(Option::unwrap_or_default);
    let is_complete = frame::boolean(kpis, "is_complete")?
        .iter()
        .map(Option::unwrap_or_default);
    let figures = sales.zip(orders).zip(active).zip(is_complete);
    let rows = months.flatten().zip(figures);
    Ok(rows
        .filter(|(_, (_, is_complete))| *is_complete)
        .map(|(month, (((sales, orders), active), _))| (month.to_owned(), (sales, orders, active)))
        .collect())
}
