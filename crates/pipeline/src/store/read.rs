//! Published tables back into memory, and a count of what a file really holds.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Decimal128Type, Int32Type, Int64Type};
use cartera_table::{Contract, ContractInfo, Table};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use polars::prelude::{DataFrame, ParquetReader, SerReader};

use super::error::StoreError;

/// Rows that a recount holds at a time.
const RECOUNT_ROWS: usize = 65_536;

/// Which part of a table to read; all of it by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// These columns, in this order.
    pub columns: Option<Vec<String>>,
    /// At most so many rows, from the first.
    pub rows: Option<usize>,
}

/// What a file really holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recount {
    /// Rows that could be decoded.
    pub rows: u64,
    /// The exact sum of each column asked for, unscaled for decimals; nulls add nothing.
    pub sums: Vec<i128>,
}

/// Reads a whole table of this version's contract and checks it.
///
/// # Errors
/// When the file cannot be read or breaks the contract.
pub fn read_table<T: Contract>(path: &Path) -> Result<Table<T>, StoreError> {
    let columns = T::INFO.columns.iter().map(|column| column.name.to_owned()).collect();
    let frame = read_frame(
        path,
        &T::INFO,
        &ReadOptions {
            columns: Some(columns),
            rows: None,
        },
    )?;
    Table::new(frame).map_err(|source| StoreError::Contract {
        path: path.to_owned(),
        source,
    })
}

/// Reads a part of a table. Columns that the contract knows must have its types; a file of another
/// version may have fewer columns or further ones.
///
/// # Errors
/// When the file cannot be read, has no column of those asked for, or has it in another type.
pub fn read_frame(path: &Path, contract: &ContractInfo, options: &ReadOptions) -> Result<DataFrame, StoreError> {
    let file = File::open(path).map_err(StoreError::io("open", path))?;
    let mut reader = ParquetReader::new(file);
    let schema = reader.schema().map_err(StoreError::frame(path))?;
    for column in options.columns.iter().flatten() {
        if !schema.contains(column) {
            let available: Vec<&str> = schema.iter_names().map(|name| name.as_str()).collect();
            return Err(no_column(path, column, &available));
        }
    }
    let mut frame = reader
        .with_columns(options.columns.clone())
        .with_slice(options.rows.map(|rows| (0, rows)))
        .finish()
        .map_err(StoreError::frame(path))?;
    if let Some(columns) = &options.columns {
        // The reader keeps the file's order.
        frame = frame
            .select(columns.iter().map(String::as_str))
            .map_err(StoreError::frame(path))?;
    }
    check_types(path, contract, &frame)?;
    Ok(frame)
}

/// Counts the rows of a file and sums whole-number and decimal columns exactly, batch by batch.
/// It goes through another reader than [`read_frame`] and trusts no statistics, so that it can
/// tell whether what was written is what was meant.
///
/// # Errors
/// When the file cannot be read, a column is not there or is no number, a sum overflows, or the
/// rows are not as many as the footer says.
pub fn recount(path: &Path, sums: &[&str]) -> Result<Recount, StoreError> {
    let file = File::open(path).map_err(StoreError::io("open", path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(StoreError::parquet(path))?;
    let footer_rows = builder.metadata().file_metadata().num_rows();
    let places = places(path, builder.schema(), sums)?;
    // Without columns to sum, one is decoded all the same: a footer can promise what is not there.
    let wanted = if places.is_empty() { vec![0] } else { places.clone() };
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
    let reader = builder
        .with_projection(mask)
        .with_batch_size(RECOUNT_ROWS)
        .build()
        .map_err(StoreError::parquet(path))?;

    let mut found = Recount {
        rows: 0,
        sums: vec![0; sums.len()],
    };
    for batch in reader {
        let batch = batch.map_err(|error| StoreError::Parquet {
            path: path.to_owned(),
            source: error.into(),
        })?;
        found.rows += batch.num_rows() as u64;
        for (&name, sum) in sums.iter().zip(&mut found.sums) {
            *sum = add_column(path, &batch, name, *sum)?;
        }
    }
    let footer = u64::try_from(footer_rows).unwrap_or(0);
    if found.rows != footer {
        return Err(StoreError::RowCount {
            path: path.to_owned(),
            decoded: found.rows,
            footer,
        });
    }
    Ok(found)
}

fn places(path: &Path, schema: &arrow::datatypes::Schema, names: &[&str]) -> Result<Vec<usize>, StoreError> {
    let available: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let place = |name: &&str| {
        available
            .iter()
            .position(|found| found == name)
            .ok_or_else(|| no_column(path, name, &available))
    };
    names.iter().map(place).collect()
}

fn add_column(path: &Path, batch: &RecordBatch, name: &str, sum: i128) -> Result<i128, StoreError> {
    // The projection holds each column that is summed.
    let array = batch.column_by_name(name).ok_or_else(|| no_column(path, name, &[]))?;
    let total = match array.data_type() {
        DataType::Int32 => add_all(sum, array.as_primitive::<Int32Type>().iter()),
        DataType::Int64 => add_all(sum, array.as_primitive::<Int64Type>().iter()),
        DataType::Decimal128(..) => add_all(sum, array.as_primitive::<Decimal128Type>().iter()),
        other => {
            return Err(other_type(
                path,
                name,
                &other.to_string(),
                "a whole number or a decimal",
            ));
        }
    };
    total.ok_or_else(|| StoreError::Overflow {
        path: path.to_owned(),
        column: name.to_owned(),
    })
}

fn add_all<V: Into<i128>>(sum: i128, values: impl Iterator<Item = Option<V>>) -> Option<i128> {
    values
        .flatten()
        .try_fold(sum, |sum, value| sum.checked_add(value.into()))
}

fn check_types(path: &Path, contract: &ContractInfo, frame: &DataFrame) -> Result<(), StoreError> {
    for found in frame.columns() {
        let Some(column) = contract.column(found.name()) else {
            continue;
        };
        let expected = column.column_type.data_type();
        if *found.dtype() != expected {
            return Err(other_type(
                path,
                column.name,
                &found.dtype().to_string(),
                &expected.to_string(),
            ));
        }
    }
    Ok(())
}

fn no_column(path: &Path, column: &str, available: &[&str]) -> StoreError {
    StoreError::NoColumn {
        path: path.to_owned(),
        column: column.to_owned(),
        available: available.join(", "),
    }
}

fn other_type(path: &Path, column: &str, found: &str, expected: &str) -> StoreError {
    StoreError::OtherType {
        path: path.to_owned(),
        column: column.to_owned(),
        found: found.to_owned(),
        expected: expected.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use cartera_table::contracts::{IdentityLinks, ParetoCurve};
    use cartera_table::frame;
    use polars::prelude::{Column, NamedFrom, Series};
    use tempfile::TempDir;

    use super::*;
    use crate::store::parquet::{FileStamp, write_table};
    use crate::store::test_support::links;

    const STAMP: FileStamp<'_> = FileStamp {
        fingerprint: "f",
        version: "0",
    };

    fn curve(cumulative: Vec<i128>) -> (TempDir, PathBuf) {
        let height = cumulative.len();
        let shares = vec![0.5; height];
        let columns = vec![
            Column::new("measure".into(), vec!["net_sales"; height]),
            Column::new("customer_rank".into(), (0..height as i64).collect::<Vec<_>>()),
            Column::new("customer_share".into(), &shares),
            frame::sum_column("cumulative_value", cumulative),
            Series::new("value_share".into(), &shares).into(),
        ];
        let table = DataFrame::new(height, columns).expect("one height");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("pareto_curve.parquet");
        write_table(&table, &ParetoCurve::INFO, &STAMP, &path).expect("written");
        (folder, path)
    }

    #[test]
    fn sums_are_exact_beyond_64_bits() {
        let (_folder, path) = curve(vec![i128::from(i64::MAX) * 3, 1, -2, i128::from(i64::MIN)]);
        let found = recount(&path, &["cumulative_value", "customer_rank"]).expect("counted");
        assert_eq!(
            found,
            Recount {
                rows: 4,
                sums: vec![i128::from(i64::MAX) * 3 - 1 + i128::from(i64::MIN), 6]
            }
        );
        assert_eq!(recount(&path, &[]).expect("counted").rows, 4);
    }

    #[test]
    fn a_column_that_cannot_be_summed_is_refused() {
        let (_folder, path) = curve(vec![1]);
        assert!(matches!(
            recount(&path, &["measure"]),
            Err(StoreError::OtherType { .. })
        ));
        let error = recount(&path, &["amount"]).expect_err("not there").to_string();
        assert!(
            error.ends_with(
                "has no column amount; it has measure, customer_rank, customer_share, cumulative_value, value_share"
            ),
            "{error}"
        );
    }

    #[test]
    fn an_empty_table_is_read_and_counted() {
        let (_folder, path) = curve(vec![]);
        assert_eq!(
            recount(&path, &["customer_rank"]).expect("counted"),
            Recount { rows: 0, sums: vec![0] }
        );
        assert_eq!(read_table::<ParetoCurve>(&path).expect("read").height(), 0);
    }

    #[test]
    fn columns_come_in_the_order_asked_for_and_rows_from_the_first() {
        let (_folder, path) = curve(vec![10, 20, 30]);
        let options = ReadOptions {
            columns: Some(vec!["cumulative_value".into(), "measure".into()]),
            rows: Some(2),
        };
        let part = read_frame(&path, &ParetoCurve::INFO, &options).expect("read");
        assert_eq!(part.get_column_names(), ["cumulative_value", "measure"]);
        assert_eq!(
            frame::decimal(&part, "cumulative_value")
                .expect("decimal")
                .iter()
                .collect::<Vec<_>>(),
            [Some(10), Some(20)]
        );

        let more = read_frame(
            &path,
            &ParetoCurve::INFO,
            &ReadOptions {
                rows: Some(99),
                ..ReadOptions::default()
            },
        )
        .expect("read");
        assert_eq!((more.height(), more.width()), (3, 5));
    }

    #[test]
    fn another_tables_file_is_refused() {
        let (_folder, path) = curve(vec![1]);
        assert!(matches!(
            read_table::<IdentityLinks>(&path),
            Err(StoreError::NoColumn { .. })
        ));
    }

    #[test]
    fn a_damaged_file_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("identity_links.parquet");
        write_table(links(&["a", "b"]).frame(), &IdentityLinks::INFO, &STAMP, &path).expect("written");
        let bytes = std::fs::read(&path).expect("read");
        std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("written");
        assert!(matches!(recount(&path, &[]), Err(StoreError::Parquet { .. })));
        assert!(read_table::<IdentityLinks>(&path).is_err());
    }
}
