//! One SQL expression over the customer base: its columns found, its type checked.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use cartera_table::{AsOf, Date};
use polars::prelude::{Column, DataFrame, DataType, Expr, IntoLazy, NamedFrom, PolarsError, Series};
use polars::sql::sql_expr;
use sqlparser::ast::{Expr as SqlExpression, visit_expressions_mut};

use super::columns::KnownColumns;
use super::error::ConditionError;
use super::masked::masked;
use super::resolve::{AS_OF, day, resolve};

/// An expression whose columns are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expression {
    sql: SqlExpression,
    columns: BTreeSet<String>,
    /// As it was typed, without what personal columns are compared with; none where nothing is left out.
    masked: Option<String>,
}

impl Expression {
    /// Finds the columns of an expression, and checks its values against those that they can have.
    pub(super) fn new(mut sql: SqlExpression, known: &KnownColumns) -> Result<Self, ConditionError> {
        let mut columns = BTreeSet::new();
        let masked = masked(&sql, known).map(|masked| masked.to_string());
        let flow = visit_expressions_mut(&mut sql, |one| match resolve(one, known, &mut columns) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        });
        match flow {
            ControlFlow::Break(error) => Err(error),
            ControlFlow::Continue(()) => Ok(Self { sql, columns, masked }),
        }
    }

    /// Its columns, as the base has them.
    pub(super) fn columns(&self) -> &BTreeSet<String> {
        &self.columns
    }

    /// As it was typed, without the values that personal columns are compared with; none where it compares none.
    pub(super) fn masked(&self) -> Option<&str> {
        self.masked.as_deref()
    }

    /// As polars computes it from a day.
    fn on(&self, as_of: AsOf) -> Result<Expr, PolarsError> {
        let mut sql = self.sql.clone();
        let _: ControlFlow<()> = visit_expressions_mut(&mut sql, |one| {
            if matches!(one, SqlExpression::Identifier(name) if name.value == AS_OF) {
                *one = day(as_of);
            }
            ControlFlow::Continue(())
        });
        sql_expr(sql.to_string())
    }

    /// Its type, tried on a base of two customers about whom nothing is known, and on two about whom all is.
    pub(super) fn data_type(&self, known: &KnownColumns) -> Result<DataType, ConditionError> {
        const TRIED: usize = 2;
        let day = AsOf(Date::constant(2000, 1, 1));
        let names: Vec<_> = self.columns.iter().map(String::as_str).collect();
        let empty = known.empty_frame().select(names).map_err(unsupported)?;
        let nulls = DataFrame::full_null(empty.schema(), TRIED);
        let tried = self.tried_on(&nulls, day).map_err(unsupported)?;
        let values = empty.columns().iter().map(|column| made_up(column, TRIED));
        let values = values.collect::<Result<Vec<_>, _>>().map_err(unsupported)?;
        let values = DataFrame::new(TRIED, values).map_err(unsupported)?;
        self.tried_on(&values, day).map_err(unsupported)?;
        if tried.len() != TRIED && !self.columns.is_empty() {
            return Err(ConditionError::OneForAll);
        }
        Ok(tried.dtype().clone())
    }

    /// Its value for every row.
    pub(super) fn values(&self, rows: &DataFrame, as_of: AsOf) -> Result<Column, ConditionError> {
        let values = self.tried_on(rows, as_of).map_err(|_| self.not_computed())?;
        if values.len() == rows.height() {
            return Ok(values);
        }
        // A constant.
        Ok(values.new_from_index(0, rows.height()))
    }

    /// That it cannot be computed from the customers' values, without any of them.
    pub(super) fn not_computed(&self) -> ConditionError {
        ConditionError::NotComputed {
            expression: self.masked.clone().unwrap_or_else(|| self.sql.to_string()),
            columns: self.columns.iter().cloned().collect(),
        }
    }

    fn tried_on(&self, rows: &DataFrame, as_of: AsOf) -> Result<Column, PolarsError> {
        let names: Vec<_> = self.columns.iter().map(String::as_str).collect();
        let rows = rows.select(names)?;
        let expression = self.on(as_of)?.alias("value");
        let values = rows.lazy().select([expression]).collect()?;
        values.column("value").cloned()
    }
}

/// A column of some value of its type: an expression that no text can be put into fails on it, and not on the customers'.
fn made_up(column: &Column, height: usize) -> Result<Column, PolarsError> {
    let name = column.name().clone();
    let values = match column.dtype() {
        DataType::String => Series::new(name, vec!["some text"; height]),
        other => Series::new(name, vec![1i64; height]).cast(other)?,
    };
    Ok(values.into())
}

fn unsupported(error: PolarsError) -> ConditionError {
    ConditionError::Unsupported {
        message: error.to_string(),
    }
}
