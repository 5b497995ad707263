//! Which columns of `customer_features` are numbers, and how they are read.

use cartera_table::contracts::CustomerFeatures;
use cartera_table::{AMOUNT_SCALE, ColumnDef, ColumnType, Contract, TableError, Unit, frame};
use polars::prelude::{ChunkedArray, DataFrame, PolarsNumericType};

use crate::values::{FeatureValues, Numbers};

/// Amounts and counts whose sum over customers means nothing, since each is a mean already, or counts what several
/// customers share.
const NOT_ADDITIVE: [&str; 4] = [
    "average_order_value",
    "product_count",
    "category_count",
    "channel_count",
];

/// The numeric columns.
pub(crate) fn numeric() -> Vec<&'static ColumnDef> {
    CustomerFeatures::INFO
        .columns
        .iter()
        .filter(|column| is_numeric(column.column_type))
        .collect()
}

/// Names of the numeric columns.
pub(crate) fn numeric_names() -> Vec<&'static str> {
    numeric().into_iter().map(|column| column.name).collect()
}

/// Names of the columns of exact money.
pub(crate) fn money_names() -> Vec<&'static str> {
    let is_money = |column: &&ColumnDef| {
        matches!(
            column.column_type,
            ColumnType::Decimal {
                scale: AMOUNT_SCALE,
                ..
            }
        )
    };
    numeric()
        .into_iter()
        .filter(is_money)
        .map(|column| column.name)
        .collect()
}

/// Whether the sum of the column over customers means anything.
pub(crate) fn is_additive(column: &ColumnDef) -> bool {
    matches!(column.unit, Unit::Money | Unit::Count) && !NOT_ADDITIVE.contains(&column.name)
}

/// Reads a numeric column.
pub(crate) fn read(from: &DataFrame, column: &ColumnDef) -> Result<FeatureValues, TableError> {
    let name = column.name;
    let exact = |unscaled, scale| Numbers::Exact { unscaled, scale };
    let (numbers, present) = match column.column_type {
        ColumnType::Int32 => {
            let column = frame::int32(from, name)?;
            (exact(values(column), 0), present(column))
        }
        ColumnType::Int64 => {
            let column = frame::int64(from, name)?;
            (exact(values(column), 0), present(column))
        }
        ColumnType::Decimal { scale, .. } => {
            let column = frame::decimal(from, name)?;
            (exact(values(column), scale), present(column))
        }
        _ => {
            let column = frame::float64(from, name)?;
            (Numbers::Real(values(column)), present(column))
        }
    };
    Ok(FeatureValues { name, numbers, present })
}

/// The exact money of a column, zero where it is null.
pub(crate) fn read_money(from: &DataFrame, name: &str) -> Result<Vec<i128>, TableError> {
    Ok(frame::decimal(from, name)?
        .iter()
        .map(|value| value.unwrap_or(0))
        .collect())
}

/// The text of a customer's id, for messages.
pub(crate) fn customer_id(from: &DataFrame, row: usize) -> Result<String, TableError> {
    Ok(frame::text(from, "customer_id")?
        .get(row)
        .unwrap_or_default()
        .to_owned())
}

fn is_numeric(column_type: ColumnType) -> bool {
    matches!(
        column_type,
        ColumnType::Int32 | ColumnType::Int64 | ColumnType::Float64 | ColumnType::Decimal { .. }
    )
}

/// The values of a column; what stands where it is null has no meaning.
fn values<T: PolarsNumericType, V: From<T::Native>>(column: &ChunkedArray<T>) -> Vec<V> {
    let mut values = Vec::with_capacity(column.len());
    for chunk in column.downcast_iter() {
        values.extend(chunk.values().iter().map(|&value| V::from(value)));
    }
    values
}

fn present<T: PolarsNumericType>(column: &ChunkedArray<T>) -> Option<Vec<bool>> {
    (column.null_count() > 0).then(|| column.iter().map(|value| value.is_some()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_types() {
        let numeric = numeric_names();
        for name in ["order_count", "days_since_last_order", "net_sales", "recency_score"] {
            assert!(numeric.contains(&name), "{name}");
        }
        for name in ["customer_id", "rfm_score", "first_order_date"] {
            assert!(!numeric.contains(&name), "{name}");
        }
        assert_eq!(money_names().iter().find(|&&name| name == "order_count"), None);
        assert!(money_names().contains(&"net_sales"));
    }

    #[test]
    fn amounts_and_counts_add_up_and_means_and_days_do_not() {
        let additive: Vec<&str> = numeric()
            .into_iter()
            .filter(|column| is_additive(column))
            .map(|column| column.name)
            .collect();
        for name in ["order_count", "net_sales", "returned_amount"] {
            assert!(additive.contains(&name), "{name}");
        }
        for name in ["average_order_value", "days_since_last_order", "recency_score"] {
            assert!(!additive.contains(&name), "{name}");
        }
    }
}
