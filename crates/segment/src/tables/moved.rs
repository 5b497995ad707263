//! Who changed segments.

use cartera_table::contracts::{SegmentMigrations, SegmentMoves};
use cartera_table::{ColumnType, Table, TableError, frame};
use polars::prelude::{Column, DataFrame, IdxCa, IdxSize, IntoColumn, NewChunkedArray, StringChunked};

use super::{count, optional_text, text};
use crate::migration::{Migration, Moves};
use crate::worth::Worth;

/// `segment_migrations`.
pub(crate) fn segment_migrations(
    rows: &[Migration],
    redefined: &[&'static str],
) -> Result<Table<SegmentMigrations>, TableError> {
    let is_redefined = rows.iter().map(|row| redefined.contains(&row.segmentation));
    let columns = vec![
        text("segmentation", rows, |row| row.segmentation),
        optional_text("from_segment", rows, |row| row.from_segment.as_deref()),
        optional_text("to_segment", rows, |row| row.to_segment.as_deref()),
        count("customers", rows, |row| row.sum.customers),
        frame::sum_column("net_sales", rows.iter().map(|row| row.sum.net_sales).collect()),
        frame::optional_decimal_column("vin", rows.iter().map(|row| row.sum.vin), ColumnType::SUM),
        Column::new("is_redefined".into(), is_redefined.collect::<Vec<bool>>()),
    ];
    Table::sorted(DataFrame::new(rows.len(), columns)?)
}

/// `segment_moves`. The rows of a segmentation ascend, as customers do.
pub(crate) fn segment_moves(
    customers: &DataFrame,
    worth: &Worth,
    mut moves: Vec<Moves>,
) -> Result<Table<SegmentMoves>, TableError> {
    moves.sort_by_key(|moves| moves.segmentation);
    let rows: Vec<u32> = moves.iter().flat_map(|moves| moves.rows.iter().copied()).collect();
    let places = IdxCa::from_vec("row".into(), rows.iter().map(|&row| IdxSize::from(row)).collect());
    let customer_id = customers.column("customer_id")?.take(&places)?;
    let from_names = moves.iter().flat_map(Moves::origins);
    let to_names = moves.iter().flat_map(Moves::destinations);
    let segmentation = moves
        .iter()
        .flat_map(|moves| std::iter::repeat_n(moves.segmentation, moves.rows.len()));
    let direction = moves
        .iter()
        .flat_map(|moves| (0..moves.rows.len()).map(|place| moves.direction(place).name()));
    let columns = vec![
        StringChunked::from_iter_values("segmentation".into(), segmentation).into_column(),
        customer_id,
        StringChunked::from_iter_options("from_segment".into(), from_names).into_column(),
        StringChunked::from_iter_options("to_segment".into(), to_names).into_column(),
        StringChunked::from_iter_values("direction".into(), direction).into_column(),
        frame::sum_column(
            "net_sales",
            rows.iter().map(|&row| worth.net_sales[row as usize]).collect(),
        ),
        frame::optional_decimal_column(
            "vin",
            rows.iter().map(|&row| worth.vin_of(row as usize)),
            ColumnType::SUM,
        ),
    ];
    Table::new(DataFrame::new(rows.len(), columns)?)
}
