//! A checked table: only this crosses a stage.

use std::cmp::Ordering;
use std::marker::PhantomData;

use polars::prelude::{Column, DataFrame, DataType, SortMultipleOptions};

use crate::contract::{ColumnDef, Contract, ContractInfo};
use crate::error::TableError;
use crate::frame;

/// A frame that keeps its contract: columns, types, required values, order and uniqueness of its grain.
#[derive(Debug, Clone)]
pub struct Table<T: Contract> {
    frame: DataFrame,
    contract: PhantomData<T>,
}

impl<T: Contract> Table<T> {
    /// Checks a frame that is already in the order of its grain.
    ///
    /// # Errors
    /// The first way in which the frame breaks the contract.
    pub fn new(frame: DataFrame) -> Result<Self, TableError> {
        check_columns(&T::INFO, &frame)?;
        check_order(&T::INFO, &frame)?;
        Ok(Self {
            frame,
            contract: PhantomData,
        })
    }

    /// Takes the contract's columns in their order, sorts by the grain, and checks.
    ///
    /// # Errors
    /// The first way in which the frame breaks the contract.
    pub fn sorted(frame: DataFrame) -> Result<Self, TableError> {
        for column in T::INFO.columns {
            if frame.column(column.name).is_err() {
                return Err(TableError::MissingColumn {
                    table: T::INFO.name.into(),
                    column: column.name.into(),
                });
            }
        }
        let selected = frame.select(T::INFO.columns.iter().map(|column| column.name))?;
        // Most frames come in their order: looking is far cheaper than sorting.
        match Self::new(selected.clone()) {
            Err(TableError::NotSorted { .. }) => {
                Self::new(selected.sort(T::INFO.grain.iter().copied(), SortMultipleOptions::default())?)
            }
            checked => checked,
        }
    }

    /// The frame.
    #[must_use]
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// The frame, given away.
    #[must_use]
    pub fn into_frame(self) -> DataFrame {
        self.frame
    }

    /// Number of rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.frame.height()
    }
}

/// Checks names, order, types and required values.
pub(crate) fn check_columns(contract: &ContractInfo, frame: &DataFrame) -> Result<(), TableError> {
    let table = || contract.name.to_owned();
    // Of the optional columns of a stream those count that are there.
    let expected: Vec<&ColumnDef> = contract
        .columns
        .iter()
        .filter(|column| !column.optional || frame.schema().contains(column.name))
        .collect();
    let matches = frame.width() == expected.len()
        && frame
            .columns()
            .iter()
            .zip(&expected)
            .all(|(found, expected)| found.name().as_str() == expected.name);
    if !matches {
        let expected: Vec<&str> = expected.iter().map(|column| column.name).collect();
        let found: Vec<&str> = frame.columns().iter().map(|column| column.name().as_str()).collect();
        return Err(TableError::OtherColumns {
            table: table(),
            found: found.join(", "),
            expected: expected.join(", "),
        });
    }
    for (found, expected) in frame.columns().iter().zip(expected) {
        if *found.dtype() != expected.column_type.data_type() {
            return Err(TableError::OtherType {
                table: table(),
                column: expected.name.into(),
                found: found.dtype().to_string(),
                expected: expected.column_type.data_type().to_string(),
            });
        }
        if !expected.nullable && found.null_count() > 0 {
            return Err(TableError::Nulls {
                table: table(),
                column: expected.name.into(),
                nulls: found.null_count(),
            });
        }
    }
    Ok(())
}

/// Checks that each row comes strictly after the one before it: sorted and unique at once.
fn check_order(contract: &ContractInfo, frame: &DataFrame) -> Result<(), TableError> {
    let mut order = vec![Ordering::Equal; frame.height().saturating_sub(1)];
    for name in contract.grain {
        compare_neighbours(contract, frame.column(name)?, &mut order)?;
    }
    match order.iter().position(|&order| order != Ordering::Less) {
        Some(row) if !contract.grain.is_empty() => Err(TableError::NotSorted {
            table: contract.name.into(),
            row: row + 1,
        }),
        _ => Ok(()),
    }
}

/// Settles the pairs of neighbours that earlier grain columns left equal.
fn compare_neighbours(contract: &ContractInfo, column: &Column, order: &mut [Ordering]) -> Result<(), TableError> {
    fn settle<V: PartialOrd>(values: impl Iterator<Item = Option<V>>, order: &mut [Ordering]) {
        let mut values = values;
        let Some(mut previous) = values.next() else { return };
        for (slot, value) in order.iter_mut().zip(values) {
            if *slot == Ordering::Equal {
                *slot = previous.partial_cmp(&value).unwrap_or(Ordering::Greater);
            }
            previous = value;
        }
    }
    match column.dtype() {
        DataType::String => settle(column.str()?.iter(), order),
        DataType::Int32 => settle(column.i32()?.iter(), order),
        DataType::Int64 => settle(column.i64()?.iter(), order),
        DataType::Date => settle(column.date()?.physical().iter(), order),
        DataType::Datetime(..) => settle(column.datetime()?.physical().iter(), order),
        other => {
            return Err(TableError::OtherType {
                table: contract.name.into(),
                column: column.name().to_string(),
                found: other.to_string(),
                expected: frame::GRAIN_TYPES.into(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::contracts::IdentityLinks;

    fn links(keys: &[&str]) -> DataFrame {
        df!(
            "key_space" => vec!["main"; keys.len()],
            "source_key" => keys,
            "customer_id" => keys,
            "rule" => vec!["same_key"; keys.len()],
            "score" => vec![1.0; keys.len()],
        )
        .expect("columns of one length")
    }

    #[test]
    fn sorted_puts_rows_in_the_order_of_the_grain() {
        let table = Table::<IdentityLinks>::sorted(links(&["b", "a"])).expect("a valid table");
        assert_eq!(
            table
                .frame()
                .column("source_key")
                .expect("there")
                .str()
                .expect("text")
                .get(0),
            Some("a")
        );
    }

    #[test]
    fn a_repeated_key_is_refused() {
        let error = Table::<IdentityLinks>::sorted(links(&["a", "a"])).expect_err("not unique");
        assert!(matches!(error, TableError::NotSorted { row: 1, .. }), "{error}");
    }

    #[test]
    fn rows_out_of_order_are_refused() {
        assert!(matches!(
            Table::<IdentityLinks>::new(links(&["b", "a"])),
            Err(TableError::NotSorted { .. })
        ));
    }

    #[test]
    fn another_type_is_refused() {
        let mut frame = links(&["a"]);
        frame
            .replace("score", Column::new("score".into(), [1i64]))
            .expect("there");
        assert!(matches!(
            Table::<IdentityLinks>::new(frame),
            Err(TableError::OtherType { .. })
        ));
    }

    #[test]
    fn a_null_in_a_required_column_is_refused() {
        let mut frame = links(&["a"]);
        frame
            .replace("rule", Column::new("rule".into(), [None::<&str>]))
            .expect("there");
        assert!(matches!(
            Table::<IdentityLinks>::new(frame),
            Err(TableError::Nulls { nulls: 1, .. })
        ));
    }

    #[test]
    fn a_further_column_is_refused() {
        let mut frame = links(&["a"]);
        frame
            .with_column(Column::new("email".into(), ["a@b.c"]))
            .expect("one length");
        assert!(matches!(
            Table::<IdentityLinks>::new(frame),
            Err(TableError::OtherColumns { .. })
        ));
    }
}
