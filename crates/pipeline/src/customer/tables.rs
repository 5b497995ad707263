//! The rows of a customer in every table that has some.

use std::collections::BTreeMap;

use cartera_table::ContractInfo;
use cartera_table::contracts::{
    ContactPlan, CustomerEvents, CustomerFeatures, CustomerSegments, Customers, IdentityLinks, Lifecycle, Portfolios,
    Signals, TargetDecisions,
};
use cartera_table::{Contract, frame};
use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::error::PipelineError;
use crate::store::PublishedRun;
use crate::store::lookup::rows_of_key;

/// Tables that tell of customers by their ids.
const TABLES: [ContractInfo; 10] = [
    TargetDecisions::INFO,
    CustomerFeatures::INFO,
    CustomerEvents::INFO,
    CustomerSegments::INFO,
    Lifecycle::INFO,
    Signals::INFO,
    ContactPlan::INFO,
    Portfolios::INFO,
    IdentityLinks::INFO,
    Customers::INFO,
];

/// The rows of one customer.
#[derive(Debug)]
pub(super) struct CustomerTables {
    pub(super) customer_id: String,
    frames: BTreeMap<&'static str, DataFrame>,
}

impl CustomerTables {
    /// Reads them. A table that the run was published without has no rows.
    pub(super) fn read(run: &PublishedRun, customer_id: &str) -> Result<Self, PipelineError> {
        let read = |contract: &ContractInfo| -> Result<(&'static str, DataFrame), PipelineError> {
            let rows = rows_of(run, contract, "customer_id", customer_id)?;
            Ok((contract.name, rows))
        };
        Ok(Self {
            customer_id: customer_id.to_owned(),
            frames: TABLES.par_iter().map(read).collect::<Result<_, _>>()?,
        })
    }

    /// Those of one table.
    pub(super) fn of<T: Contract>(&self) -> &DataFrame {
        static NOTHING: std::sync::LazyLock<DataFrame> = std::sync::LazyLock::new(DataFrame::default);
        self.frames.get(T::INFO.name).unwrap_or(&NOTHING)
    }
}

/// The rows of a key in one table; none where the run has no such table.
pub(super) fn rows_of(
    run: &PublishedRun,
    contract: &ContractInfo,
    column: &str,
    key: &str,
) -> Result<DataFrame, PipelineError> {
    match run.table_path(contract.name) {
        Ok(path) => Ok(rows_of_key(&path, contract, column, key)?),
        Err(_) => Ok(DataFrame::empty_with_schema(&frame::schema(contract))),
    }
}
