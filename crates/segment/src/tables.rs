//! Labels, profiles and points as checked tables.

mod described;
mod moved;
mod value;

use cartera_table::contracts::{CustomerSegments, SegmentProfiles};
use cartera_table::{ColumnType, Contract, Table, TableError, frame};
use polars::prelude::{
    Column, DataFrame, Float64Chunked, Int32Chunked, Int64Chunked, IntoColumn, NewChunkedArray, StringChunked,
};

use crate::error::SegmentError;
use crate::labels::Labels;
use crate::profiles::Profile;

pub(crate) use described::{segment_mix, segment_overlap, segments};
pub(crate) use moved::{segment_migrations, segment_moves};
pub(crate) use value::{pareto, pareto_curve, rfm_matrix};

/// The column of the clusters' numbers.
const CLUSTER_ID: &str = "cluster_id";

/// `customer_segments`, in the order of the customers: a column of each segmentation, null of those that there are
/// not. `cluster_ids` are the numbers of the clusters by their codes.
pub(crate) fn customer_segments(
    customers: &DataFrame,
    labels: &[&Labels],
    cluster_ids: &[i32],
) -> Result<Table<CustomerSegments>, SegmentError> {
    let height = customers.height();
    let mut columns = vec![customers.column("customer_id").map_err(TableError::from)?.clone()];
    for column in &CustomerSegments::INFO.columns[1..] {
        let segmentation = if column.name == CLUSTER_ID {
            "cluster"
        } else {
            column.name
        };
        let of_column = labels.iter().find(|labels| labels.segmentation == segmentation);
        columns.push(match of_column {
            None => frame::null_column(column.name, column.column_type, height),
            Some(labels) if column.name == CLUSTER_ID => cluster_id_column(labels, cluster_ids),
            Some(labels) => label_column(labels),
        });
    }
    Ok(Table::new(DataFrame::new(height, columns).map_err(TableError::from)?)?)
}

/// `segment_profiles`.
pub(crate) fn segment_profiles(profiles: &[Profile]) -> Result<Table<SegmentProfiles>, TableError> {
    let columns = vec![
        text("segmentation", profiles, |profile| profile.segmentation),
        text("segment", profiles, |profile| &profile.segment),
        text("feature", profiles, |profile| profile.feature),
        count("customer_count", profiles, |profile| profile.customer_count),
        real("customer_share", profiles, |profile| Some(profile.customer_share)),
        count("value_count", profiles, |profile| profile.value_count),
        frame::optional_decimal_column("total", profiles.iter().map(|profile| profile.total), ColumnType::SUM),
        real("total_share", profiles, |profile| profile.total_share),
        real("mean", profiles, |profile| profile.mean),
        real("median", profiles, |profile| profile.median),
        real("base_mean", profiles, |profile| profile.base_mean),
        real("base_median", profiles, |profile| profile.base_median),
        real("index_to_base", profiles, |profile| profile.index_to_base),
        real("effect_size", profiles, |profile| profile.effect_size),
        Int32Chunked::from_iter_options(
            "differentiator_rank".into(),
            profiles.iter().map(|profile| profile.differentiator_rank),
        )
        .into_column(),
    ];
    Table::sorted(DataFrame::new(profiles.len(), columns)?)
}

fn label_column(labels: &Labels) -> Column {
    let names = (0..labels.codes.len()).map(|row| labels.name(row));
    StringChunked::from_iter_options(labels.segmentation.into(), names).into_column()
}

fn cluster_id_column(labels: &Labels, cluster_ids: &[i32]) -> Column {
    // `OUTSIDE` is past the end of any list of clusters.
    let ids = labels
        .codes
        .iter()
        .map(|&code| cluster_ids.get(usize::from(code)).copied());
    Int32Chunked::from_iter_options(CLUSTER_ID.into(), ids).into_column()
}

pub(crate) fn text<'a, Row>(name: &str, rows: &'a [Row], value: impl Fn(&'a Row) -> &'a str) -> Column {
    StringChunked::from_iter_values(name.into(), rows.iter().map(value)).into_column()
}

fn optional_text<'a, Row>(name: &str, rows: &'a [Row], value: impl Fn(&'a Row) -> Option<&'a str>) -> Column {
    StringChunked::from_iter_options(name.into(), rows.iter().map(value)).into_column()
}

pub(crate) fn count<Row>(name: &str, rows: &[Row], value: impl Fn(&Row) -> usize) -> Column {
    Int64Chunked::from_iter_values(name.into(), rows.iter().map(|row| value(row) as i64)).into_column()
}

pub(crate) fn real<Row>(name: &str, rows: &[Row], value: impl Fn(&Row) -> Option<f64>) -> Column {
    Float64Chunked::from_iter_options(name.into(), rows.iter().map(value)).into_column()
}
