//! A published run as lists are made of it: the columns that they look at, and no others.

use std::collections::BTreeSet;

use cartera_activation::{BaseParts, KnownColumns};
use cartera_table::contracts::{CustomerFeatures, CustomerSegments, Customers, IdentityLinks, Signals};
use cartera_table::{Contract, Table};
use polars::prelude::DataFrame;

use super::erased_customers::ErasedCustomers;
use crate::error::PipelineError;
use crate::store::PublishedRun;
use crate::store::read::{ReadOptions, read_frame, read_table};

/// The parts of a base, read back.
pub(super) struct PublishedParts {
    features: DataFrame,
    segments: DataFrame,
    pub(super) customers: DataFrame,
    signals: DataFrame,
    pub(super) links: Table<IdentityLinks>,
}

impl PublishedParts {
    /// Reads the columns of the base that are asked for, and those of customers that rules look at.
    pub(super) fn read(
        run: &PublishedRun,
        columns: &BTreeSet<String>,
        of_customers: &[&str],
        known: &KnownColumns,
    ) -> Result<Self, PipelineError> {
        let of_table = |table: &str| {
            let columns = columns.iter().filter_map(|name| known.of_base(name));
            columns
                .filter(|column| column.table == table)
                .map(|column| column.name.clone())
                .collect::<BTreeSet<String>>()
        };
        let asked = of_table(Customers::INFO.name);
        let asked = asked
            .into_iter()
            .chain(of_customers.iter().map(|&name| name.to_owned()));
        Ok(Self {
            features: columns_of::<CustomerFeatures>(run, of_table(CustomerFeatures::INFO.name))?,
            segments: columns_of::<CustomerSegments>(run, of_table(CustomerSegments::INFO.name))?,
            customers: columns_of::<Customers>(run, asked.collect())?,
            signals: columns_of::<Signals>(run, BTreeSet::from(["signal".to_owned()]))?,
            links: read_table(&run.table_path(IdentityLinks::INFO.name)?)?,
        })
    }

    /// The same of all customers but those who were erased.
    pub(super) fn without(self, erased: &ErasedCustomers<'_>) -> Result<Self, PipelineError> {
        Ok(Self {
            features: erased.left_out(self.features)?,
            segments: erased.left_out(self.segments)?,
            customers: erased.left_out(self.customers)?,
            signals: erased.left_out(self.signals)?,
            links: Table::new(erased.left_out(self.links.into_frame())?)?,
        })
    }

    /// As a base is made of them.
    pub(super) fn parts(&self) -> BaseParts<'_> {
        BaseParts {
            features: &self.features,
            segments: &self.segments,
            customers: &self.customers,
            signals: &self.signals,
        }
    }
}

/// Some columns of a table of a run, and the customers' ids.
pub(super) fn columns_of<T: Contract>(
    run: &PublishedRun,
    mut names: BTreeSet<String>,
) -> Result<DataFrame, PipelineError> {
    names.insert("customer_id".to_owned());
    let options = ReadOptions {
        columns: Some(names.into_iter().collect()),
        rows: None,
    };
    Ok(read_frame(&run.table_path(T::INFO.name)?, &T::INFO, &options)?)
}
