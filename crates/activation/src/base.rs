//! The customers that lists are made of: one row each, with the columns that conditions and rules look at.

use std::collections::BTreeSet;

use cartera_table::contracts::{CustomerFeatures, CustomerSegments, Customers};
use cartera_table::frame::text;
use cartera_table::{AsOf, Contract, TableError};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataFrameJoinOps, IntoColumn, JoinArgs, JoinType, MaintainOrderJoin,
    NewChunkedArray, UniqueKeepStrategy,
};

use crate::condition::{KnownColumn, KnownColumns};
use crate::error::ActivationError;

/// The frames that the base is made of; each has the columns of it that are needed, and may have others. Rows are in the
/// order of the published tables.
#[derive(Debug, Clone, Copy)]
pub struct BaseParts<'b> {
    /// Rows of `customer_features`.
    pub features: &'b DataFrame,
    /// Rows of `customer_segments`.
    pub segments: &'b DataFrame,
    /// Rows of `customers`.
    pub customers: &'b DataFrame,
    /// Rows of `signals`.
    pub signals: &'b DataFrame,
}

/// One row a customer of customer_features, ascending by customer_id, with the columns that were asked for.
#[derive(Debug, Clone)]
pub struct Base {
    frame: DataFrame,
    as_of: AsOf,
}

impl Base {
    /// Joins the parts. A customer with several keys in the customer files has what the first of them tells.
    ///
    /// # Errors
    /// When a part lacks a column.
    pub fn new(
        parts: BaseParts<'_>,
        columns: &BTreeSet<String>,
        known: &KnownColumns,
        as_of: AsOf,
    ) -> Result<Self, ActivationError> {
        let needed: Vec<&KnownColumn> = columns.iter().filter_map(|name| known.of_base(name)).collect();
        let of = |table: &str| {
            let columns = needed
                .iter()
                .filter(|column| column.table == table && column.base_name != ID);
            columns.copied().collect::<Vec<_>>()
        };
        let mut frame = picked(parts.features, &of(CustomerFeatures::INFO.name), &[ID])?;
        let segments = of(CustomerSegments::INFO.name);
        if !segments.is_empty() {
            let picked = picked(parts.segments, &segments, &[])?;
            if picked.height() != frame.height() {
                return Err(ActivationError::OtherCustomers {
                    table: CustomerSegments::INFO.name,
                });
            }
            frame = frame.hstack(picked.columns()).map_err(TableError::from)?;
        }
        let customers = of(Customers::INFO.name);
        if !customers.is_empty() {
            frame = with_customers(frame, parts.customers, &customers)?;
        }
        for signal in of("signals") {
            let holds = holders(&frame, parts.signals, signal)?;
            frame.with_column(holds).map_err(TableError::from)?;
        }
        frame.rechunk_mut();
        Ok(Self { frame, as_of })
    }

    /// Its rows.
    #[must_use]
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// The day that it is of.
    #[must_use]
    pub fn as_of(&self) -> AsOf {
        self.as_of
    }
}

const ID: &str = "customer_id";

/// Some columns of a part under the names of the base; `also` under their own.
fn picked(part: &DataFrame, columns: &[&KnownColumn], also: &[&str]) -> Result<DataFrame, TableError> {
    let mut picked = Vec::with_capacity(columns.len() + also.len());
    for &name in also {
        picked.push(part.column(name)?.clone());
    }
    for column in columns {
        picked.push(
            part.column(&column.name)?
                .clone()
                .with_name(column.base_name.as_str().into()),
        );
    }
    Ok(DataFrame::new(part.height(), picked)?)
}

fn with_customers(base: DataFrame, customers: &DataFrame, columns: &[&KnownColumn]) -> Result<DataFrame, TableError> {
    let customers = picked(customers, columns, &[ID])?;
    // Rows are in the order of customer_id and key.
    let firsts = customers.unique_stable(Some(&[ID.to_owned()]), UniqueKeepStrategy::First, None)?;
    let joined = JoinArgs::new(JoinType::Left);
    let joined = JoinArgs {
        maintain_order: MaintainOrderJoin::Left,
        ..joined
    };
    Ok(base.join(&firsts, [ID], [ID], joined, None)?)
}

/// Whether each customer has a signal: a walk over both, which are ascending by customer.
fn holders(base: &DataFrame, signals: &DataFrame, signal: &KnownColumn) -> Result<Column, TableError> {
    let names = text(signals, "signal")?.iter();
    let mut holders = text(signals, ID)?
        .iter()
        .zip(names)
        .filter(|(_, name)| *name == Some(signal.name.as_str()))
        .filter_map(|(customer, _)| customer)
        .peekable();
    let holds = text(base, ID)?.iter().map(|customer| {
        let customer = customer.unwrap_or_default();
        while holders.next_if(|holder| *holder < customer).is_some() {}
        holders.peek() == Some(&customer)
    });
    let holds: Vec<bool> = holds.collect();
    Ok(BooleanChunked::from_slice(signal.base_name.as_str().into(), &holds).into_column())
}

#[cfg(test)]
mod tests {
    use cartera_table::Date;
    use polars::prelude::df;

    use super::*;

    pub(crate) fn base(columns: &[&str]) -> Base {
        let features = df!("customer_id" => ["a", "b", "c"], "order_count" => [3i64, 1, 0]).expect("a frame");
        let segments = df!("value_tier" => ["gold", "bronze", "no_value"]).expect("a frame");
        let customers = df!(
            "customer_id" => ["a", "a", "c", "x"],
            "email" => [Some("a@example.org"), Some("other@example.org"), None, Some("x@example.org")],
            "customer_type" => ["person", "company", "company", "person"],
        )
        .expect("a frame");
        let signals =
            df!("customer_id" => ["a", "a", "c"], "signal" => ["overdue", "returns", "overdue"]).expect("a frame");
        let parts = BaseParts {
            features: &features,
            segments: &segments,
            customers: &customers,
            signals: &signals,
        };
        let known = KnownColumns::new(&["overdue", "returns"], &[]);
        let columns = columns.iter().map(|&name| name.to_owned()).collect();
        Base::new(parts, &columns, &known, AsOf(Date::constant(2025, 6, 30))).expect("a base")
    }

    #[test]
    fn every_customer_has_one_row_with_what_is_known() {
        let base = base(&["order_count", "value_tier", "email", "signal_overdue", "signal_returns"]);
        let expected = df!(
            "customer_id" => ["a", "b", "c"],
            "order_count" => [3i64, 1, 0],
            "value_tier" => ["gold", "bronze", "no_value"],
            "email" => [Some("a@example.org"), None, None],
            "signal_overdue" => [true, false, true],
            "signal_returns" => [true, false, false],
        )
        .expect("a frame");
        assert!(base.frame().equals_missing(&expected), "{}", base.frame());
    }
}
