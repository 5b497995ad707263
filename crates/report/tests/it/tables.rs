//! Tables as the contracts describe them, with or without rows.

use std::cell::RefCell;

use cartera_report::{QueryError, Tables};
use cartera_table::contracts::PUBLISHED;
use cartera_table::{ColumnDef, ColumnType, ContractInfo};
use polars::prelude::{Column, DataFrame, DataType, IntoLazy, NamedFrom, PolarsResult, Series};
use polars::sql::SQLContext;

/// All published tables, made up.
pub(crate) struct Made {
    context: RefCell<SQLContext>,
}

impl Made {
    pub(crate) fn empty() -> Self {
        Self::filled(0)
    }

    /// With so many rows a table. Values are what the contract allows, and nulls where it allows them.
    pub(crate) fn filled(rows: usize) -> Self {
        let context = SQLContext::new();
        for contract in PUBLISHED {
            let frame = table(contract, rows).expect("a frame");
            context.register(contract.name, frame.lazy());
        }
        Self {
            context: RefCell::new(context),
        }
    }
}

impl Made {
    /// With these rows in a table, in the types of its contract; columns that are not given are null.
    pub(crate) fn with(self, name: &str, rows: DataFrame) -> Self {
        let contract = PUBLISHED.iter().find(|contract| contract.name == name);
        let columns = contract.expect("a published table").columns.iter().map(|definition| {
            let data_type = definition.column_type.data_type();
            match rows.column(definition.name) {
                Ok(column) => column.cast(&data_type),
                Err(_) => Ok(Column::full_null(definition.name.into(), rows.height(), &data_type)),
            }
        });
        let columns: Vec<Column> = columns.collect::<PolarsResult<_>>().expect("the contract's types");
        let frame = DataFrame::new(rows.height(), columns).expect("a frame");
        self.context.borrow_mut().register(name, frame.lazy());
        self
    }
}

impl Tables for Made {
    fn query(&self, sql: &str) -> Result<DataFrame, QueryError> {
        Ok(self.context.borrow_mut().execute(sql)?.collect()?)
    }
}

fn table(contract: &ContractInfo, rows: usize) -> PolarsResult<DataFrame> {
    let columns = contract.columns.iter().enumerate();
    let columns: PolarsResult<Vec<Column>> = columns.map(|(at, definition)| column(definition, at, rows)).collect();
    DataFrame::new(rows, columns?)
}

fn column(definition: &ColumnDef, at: usize, rows: usize) -> PolarsResult<Column> {
    let cells = (0..rows).map(|row| (row, definition.nullable && (row + at) % 3 == 2));
    let name = definition.name.into();
    let series = match definition.column_type {
        ColumnType::Text => {
            let text = |row: usize| match words(definition) {
                [] if definition.name.ends_with("month") => format!("2025-{:02}", row % 12 + 1),
                [] => format!("<script>alert({row})</script>"),
                words => words[row % words.len()].to_owned(),
            };
            let values: Vec<Option<String>> = cells.map(|(row, is_null)| (!is_null).then(|| text(row))).collect();
            Series::new(name, values)
        }
        ColumnType::Boolean => {
            let values: Vec<Option<bool>> = cells.map(|(row, is_null)| (!is_null).then_some(row % 2 == 0)).collect();
            Series::new(name, values)
        }
        _ => {
            let number = |row: usize| (row as f64 - 1.0) * (at as f64 + 0.5);
            let values: Vec<Option<f64>> = cells.map(|(row, is_null)| (!is_null).then(|| number(row))).collect();
            Series::new(name, values)
        }
    };
    let data_type = match definition.column_type {
        ColumnType::Date => return Ok(series.cast(&DataType::Int32)?.cast(&DataType::Date)?.into()),
        other => other.data_type(),
    };
    Ok(series.cast(&data_type)?.into())
}

/// Words that figures choose rows by, and those of closed lists.
fn words(definition: &ColumnDef) -> &'static [&'static str] {
    match definition.name {
        "segmentation" => &["rfm_segment", "cluster", "lifecycle_stage"],
        "dimension" => &["product", "channel", "month", "category"],
        "measure" => &["net_sales", "net_profit", "vin"],
        "within" => &["all"],
        "party" => &["company"],
        "item" => &["gross_sales", "net_sales", "gross_margin", "net_profit"],
        "disposition" => &["kept", "merged", "quarantined", "out_of_scope"],
        "breakdown" => &["all", "frequency"],
        _ => definition.allowed_values,
    }
}
