//! Labels, profiles and points as checked tables.

use cartera_table::contracts::{CustomerSegments, ParetoCurve, SegmentProfiles};
use cartera_table::{ColumnType, Table, TableError, frame};
use polars::prelude::{
    Column, DataFrame, Float64Chunked, Int32Chunked, Int64Chunked, IntoColumn, NewChunkedArray, StringChunked,
};

use crate::labels::{Labels, OUTSIDE};
use crate::pareto::CurvePoint;
use crate::profiles::Profile;

/// `customer_segments`, in the order of the customers.
pub(crate) fn customer_segments(
    customers: &DataFrame,
    rfm_segment: &Labels,
    pareto_class: &Labels,
    cluster_id: Option<&Labels>,
) -> Result<Table<CustomerSegments>, TableError> {
    let clusters = (0..customers.height()).map(|row| match cluster_id.map(|labels| labels.codes[row]) {
        None | Some(OUTSIDE) => None,
        Some(code) => Some(i32::from(code) + 1),
    });
    let columns = vec![
        customers.column("customer_id").map_err(TableError::from)?.clone(),
        label_column(rfm_segment),
        label_column(pareto_class),
        Int32Chunked::from_iter_options("cluster_id".into(), clusters).into_column(),
    ];
    Table::new(DataFrame::new(customers.height(), columns)?)
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
        real("index_to_base", profiles, |profile| profile.index_to_base),
    ];
    Table::sorted(DataFrame::new(profiles.len(), columns)?)
}

/// `pareto_curve`.
pub(crate) fn pareto_curve(measure: &str, points: &[CurvePoint]) -> Result<Table<ParetoCurve>, TableError> {
    let columns = vec![
        text("measure", points, |_| measure),
        count("customer_rank", points, |point| point.rank),
        real("customer_share", points, |point| Some(point.customer_share)),
        frame::sum_column(
            "cumulative_value",
            points.iter().map(|point| point.cumulative_value).collect(),
        ),
        real("value_share", points, |point| Some(point.value_share)),
    ];
    Table::new(DataFrame::new(points.len(), columns)?)
}

fn label_column(labels: &Labels) -> Column {
    let names = (0..labels.codes.len()).map(|row| labels.name(row));
    StringChunked::from_iter_options(labels.segmentation.into(), names).into_column()
}

fn text<'a, Row>(name: &str, rows: &'a [Row], value: impl Fn(&'a Row) -> &'a str) -> Column {
    StringChunked::from_iter_values(name.into(), rows.iter().map(value)).into_column()
}

fn count<Row>(name: &str, rows: &[Row], value: impl Fn(&Row) -> usize) -> Column {
    Int64Chunked::from_iter_values(name.into(), rows.iter().map(|row| value(row) as i64)).into_column()
}

fn real<Row>(name: &str, rows: &[Row], value: impl Fn(&Row) -> Option<f64>) -> Column {
    Float64Chunked::from_iter_options(name.into(), rows.iter().map(value)).into_column()
}
