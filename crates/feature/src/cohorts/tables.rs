//! The rows of cohorts and key figures as tables.

use cartera_table::contracts::{Cohorts, Kpis};
use cartera_table::frame::{optional_decimal_column, schema, sum_column};
use cartera_table::{ColumnType, Contract, Table};
use polars::prelude::{Column, DataFrame};

use super::amounts::{per, share};
use super::calendar::month_text;
use super::rows::{CohortRow, KpiRow};
use super::worth::{Worth, WorthByMonth};
use crate::error::FeatureError;

/// The last month of a run, and whether it is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct LastMonth {
    pub(super) month: i32,
    pub(super) is_over: bool,
}

impl LastMonth {
    pub(super) fn is_complete(self, month: i32) -> bool {
        month < self.month || self.is_over
    }
}

/// The columns of a table out of its rows.
struct Columns<'r, R> {
    rows: &'r [R],
    columns: Vec<Column>,
}

impl<'r, R> Columns<'r, R> {
    fn new(rows: &'r [R]) -> Self {
        Self {
            rows,
            columns: Vec::new(),
        }
    }

    fn count(&mut self, name: &str, of: impl Fn(&R) -> i64) {
        let values: Vec<i64> = self.rows.iter().map(of).collect();
        self.columns.push(Column::new(name.into(), values));
    }

    fn money(&mut self, name: &str, of: impl Fn(&R) -> i128) {
        self.columns.push(sum_column(name, self.rows.iter().map(of).collect()));
    }

    fn known_money(&mut self, name: &str, of: impl Fn(&R) -> Option<i128>) {
        let values = self.rows.iter().map(of);
        self.columns
            .push(optional_decimal_column(name, values, ColumnType::SUM));
    }

    fn rate(&mut self, name: &str, of: impl Fn(&R) -> Option<f64>) {
        let values: Vec<Option<f64>> = self.rows.iter().map(of).collect();
        self.columns.push(Column::new(name.into(), values));
    }

    fn flag(&mut self, name: &str, of: impl Fn(&R) -> Option<bool>) {
        let values: Vec<Option<bool>> = self.rows.iter().map(of).collect();
        self.columns.push(Column::new(name.into(), values));
    }

    fn month(&mut self, name: &str, of: impl Fn(&R) -> Option<i32>) {
        let values: Vec<Option<String>> = self.rows.iter().map(|row| of(row).map(month_text)).collect();
        self.columns.push(Column::new(name.into(), values));
    }

    fn table<T: Contract>(self) -> Result<Table<T>, FeatureError> {
        if self.rows.is_empty() {
            return Ok(Table::new(DataFrame::empty_with_schema(&schema(&T::INFO)))?);
        }
        Ok(Table::sorted(DataFrame::new(self.rows.len(), self.columns)?)?)
    }
}

pub(super) fn cohorts_table(rows: &[CohortRow], last: LastMonth) -> Result<Table<Cohorts>, FeatureError> {
    let months_since = |row: &CohortRow| Some(row.month? - row.cohort?);
    let has_begun = |row: &CohortRow| months_since(row).is_some_and(|months| months >= 0);
    let mut columns = Columns::new(rows);
    columns.month("cohort_month", |row| row.cohort);
    let months: Vec<Option<i32>> = rows.iter().map(months_since).collect();
    columns.columns.push(Column::new("months_since".into(), months));
    columns.count("cohort_customers", |row| row.customers);
    columns.count("active_customers", |row| row.active);
    columns.rate("active_share", |row| {
        has_begun(row).then(|| share(row.active, row.customers)).flatten()
    });
    columns.count("order_count", |row| row.amounts.order_count);
    columns.money("net_sales", |row| row.amounts.net_sales);
    columns.known_money("gross_margin", |row| row.amounts.gross_margin());
    columns.money("cumulative_net_sales", |row| row.cumulative.net_sales);
    columns.known_money("cumulative_gross_margin", |row| row.cumulative.gross_margin());
    columns.known_money("cumulative_net_sales_per_customer", |row| {
        per(row.cumulative.net_sales, row.customers)
    });
    columns.known_money("cumulative_gross_margin_per_customer", |row| {
        per(row.cumulative.gross_margin()?, row.customers)
    });
    columns.flag("is_complete", |row| Some(last.is_complete(row.month?)));
    columns.table()
}

pub(super) fn kpis_table(rows: &[KpiRow], worth: &WorthByMonth, last: LastMonth) -> Result<Table<Kpis>, FeatureError> {
    let with_worth: Vec<(KpiRow, Worth)> = rows.iter().map(|row| (*row, worth.of(row.month))).collect();
    let mut columns = Columns::new(&with_worth);
    customers(&mut columns);
    columns.count("order_count", |(row, _)| row.amounts.order_count);
    columns.money("gross_sales", |(row, _)| row.amounts.gross_sales);
    columns.known_money("average_order_value", |(row, _)| {
        per(row.amounts.gross_sales, row.amounts.order_count)
    });
    columns.money("net_sales", |(row, _)| row.amounts.net_sales);
    columns.known_money("net_sales_per_customer", |(row, _)| {
        per(row.amounts.net_sales, row.active)
    });
    columns.known_money("gross_margin", |(row, _)| row.amounts.gross_margin());
    columns.known_money("new_customer_acquisition_cost", |(_, worth)| {
        worth.acquisition_cost.known()
    });
    columns.known_money("new_customer_clv_horizon", |(_, worth)| worth.clv_horizon.known());
    columns.known_money("new_customer_vin", |(_, worth)| worth.vin.known());
    columns.known_money("new_customer_cost_per_customer", |(row, worth)| {
        per(worth.acquisition_cost.known()?, row.new)
    });
    columns.rate("clv_to_acquisition_cost", |(_, worth)| worth.value_by_cost());
    columns.flag("is_complete", |(row, _)| Some(last.is_complete(row.month)));
    columns.table()
}

/// Who came, came back and went.
fn customers(columns: &mut Columns<'_, (KpiRow, Worth)>) {
    columns.month("month", |(row, _)| Some(row.month));
    columns.count("customers_at_start", |(row, _)| row.at_start);
    columns.count("new_customers", |(row, _)| row.new);
    columns.count("regained_customers", |(row, _)| row.events.regained);
    columns.count("lost_customers", |(row, _)| row.events.lost);
    columns.count("customers_at_end", |(row, _)| row.at_end());
    columns.count("active_customers", |(row, _)| row.active);
    columns.count("returning_customers", |(row, _)| row.returning());
    columns.count("recovered_customers", |(row, _)| row.events.recovered);
    columns.rate("repeat_rate", |(row, _)| row.repeat_rate());
    columns.rate("retention_rate", |(row, _)| row.retention_rate());
    columns.rate("retention_rate_12m", |(row, _)| {
        let events = row.events;
        row.knows_years
            .then(|| share(events.of_both_years, events.of_year_before))
            .flatten()
    });
    columns.rate("churn_rate", |(row, _)| share(row.events.lost, row.at_start));
}
