//! Key figures in short, and the proof that they and the cohorts are those of the published customers.

use cartera_feature::{CohortTables, MonthInShort};
use cartera_table::Contract;
use cartera_table::contracts::{Cohorts, CustomerFeatures, Kpis};

use crate::error::PipelineError;
use crate::store::read::recount;
use crate::store::{MonthRecord, Staging};

/// What cohorts hold of each customer.
const SUMS: [&str; 3] = ["order_count", "net_sales", "gross_margin"];

/// Counts again what was written, by decoding the files: orders and money of all cohorts are those of all customers,
/// who are each new in one month or never bought.
pub(super) fn cohorts_agree(staging: &Staging<'_>, tables: &CohortTables) -> Result<(), PipelineError> {
    let customers = recount(&staging.table_path(CustomerFeatures::INFO.name), &SUMS)?;
    let table = Cohorts::INFO.name;
    let written = recount(&staging.table_path(table), &SUMS)?;
    for (what, (written, expected)) in SUMS.iter().zip(written.sums.into_iter().zip(&customers.sums)) {
        expect(table, what, written, *expected)?;
    }
    let table = Kpis::INFO.name;
    let written = recount(&staging.table_path(table), &["new_customers", "net_sales"])?;
    let never_bought = i128::from(tables.never_bought);
    expect(
        table,
        "new_customers",
        written.sums[0],
        i128::from(customers.rows) - never_bought,
    )?;
    let later = customers.sums[1] - tables.earlier_net_sales.0;
    expect(table, "net_sales", written.sums[1], later)
}

fn expect(table: &'static str, what: &str, written: i128, expected: i128) -> Result<(), PipelineError> {
    if written == expected {
        return Ok(());
    }
    let detail = format!("{what} (money in ten-thousandths): {written} stand in it, {expected} are accounted for");
    Err(PipelineError::Recount { table, detail })
}

pub(super) fn month_record(month: &MonthInShort) -> MonthRecord {
    MonthRecord {
        month: month.month.clone(),
        active_customers: month.active_customers,
        new_customers: month.new_customers,
        recovered_customers: month.recovered_customers,
        lost_customers: month.lost_customers,
        customers_at_end: month.customers_at_end,
        repeat_rate: month.repeat_rate,
        retention_rate: month.retention_rate,
    }
}
