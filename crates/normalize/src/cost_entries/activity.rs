//! Contacts and cases by customer: what campaigns, and shared costs where the pipeline says so, are shared by.

use cartera_table::contracts::{Cases, CustomerActivity, Interactions};
use cartera_table::frame::{null_column, schema};
use cartera_table::{Aggregate, Aggregation, ColumnType, Contract, Table};
use polars::prelude::{Column, DataFrame};

use crate::error::NormalizeError;

const ACTIVITY: Aggregation = Aggregation {
    keys: &["customer_id", "activity", "campaign_id"],
    aggregates: &[Aggregate::count("activity_count"), Aggregate::min("first_on", "day")],
};

/// How often customers had to do with the company.
///
/// # Errors
/// When the engine fails.
pub fn customer_activity(
    interactions: Option<&Table<Interactions>>,
    cases: Option<&Table<Cases>>,
) -> Result<Table<CustomerActivity>, NormalizeError> {
    let mut all = DataFrame::empty_with_schema(&schema(&CustomerActivity::INFO));
    if let Some(interactions) = interactions {
        let campaigns = interactions.frame().column("campaign_id")?.clone();
        all.vstack_mut_owned(counted(interactions.frame(), "interaction", "occurred_on", campaigns)?)?;
    }
    if let Some(cases) = cases {
        let campaigns = null_column("campaign_id", ColumnType::Text, cases.height());
        all.vstack_mut_owned(counted(cases.frame(), "case", "opened_on", campaigns)?)?;
    }
    all.rechunk_mut();
    Ok(Table::sorted(all)?)
}

fn counted(frame: &DataFrame, activity: &str, day: &str, campaigns: Column) -> Result<DataFrame, NormalizeError> {
    let columns = vec![
        frame.column("customer_id")?.clone(),
        Column::new("activity".into(), vec![activity; frame.height()]),
        campaigns,
        frame.column(day)?.clone().with_name("day".into()),
    ];
    Ok(ACTIVITY.run(&[DataFrame::new(frame.height(), columns)?])?)
}
