//! How value is spread.

use cartera_table::contracts::{Pareto, ParetoCurve, RfmMatrix};
use cartera_table::{ColumnType, Table, TableError, frame};
use polars::prelude::{Column, DataFrame, Int32Chunked, IntoColumn, NewChunkedArray};

use super::{count, optional_text, real, text};
use crate::pareto::{CurvePoint, MeasuredPareto, ParetoRow, ParetoValidParams};
use crate::rfm_map::MatrixCell;

/// `pareto`.
pub(crate) fn pareto(measures: &[MeasuredPareto], params: &ParetoValidParams) -> Result<Table<Pareto>, TableError> {
    let rows: Vec<(&str, &ParetoRow)> = measures
        .iter()
        .flat_map(|measured| measured.rows.iter().map(|row| (measured.measure, row)))
        .collect();
    let sum = |name: &str, value: fn(&ParetoRow) -> i128| {
        frame::sum_column(name, rows.iter().map(|(_, row)| value(row)).collect())
    };
    let whole = |name: &str, value: fn(&ParetoRow) -> usize| count(name, &rows, |(_, row)| value(row));
    let share = |name: &str, value: f64| real(name, &rows, |_| Some(value));
    let columns = vec![
        text("measure", &rows, |(measure, _)| measure),
        text("within", &rows, |(_, row)| row.within),
        optional_text("value", &rows, |(_, row)| row.value.as_deref()),
        whole("customers", |row| row.customer_count),
        whole("positive_customers", |row| row.positive_count),
        sum("total", |row| row.total),
        whole("top_20_percent_customers", |row| row.top_20_percent_count),
        real("top_20_percent_share", &rows, |(_, row)| Some(row.top_20_percent_share)),
        real("gini", &rows, |(_, row)| row.gini),
        share("class_a_limit", params.class_a_share.as_f64()),
        share("class_b_limit", params.class_b_share.as_f64()),
        whole("customers_to_class_a", |row| row.customers_to_reach[0]),
        whole("customers_to_class_b", |row| row.customers_to_reach[1]),
        whole("class_a_customers", |row| row.class_customers[0]),
        sum("class_a_value", |row| row.class_values[0]),
        whole("class_b_customers", |row| row.class_customers[1]),
        sum("class_b_value", |row| row.class_values[1]),
        whole("class_c_customers", |row| row.class_customers[2]),
        sum("class_c_value", |row| row.class_values[2]),
    ];
    Table::sorted(DataFrame::new(rows.len(), columns)?)
}

/// `pareto_curve`.
pub(crate) fn pareto_curve(measures: &[MeasuredPareto]) -> Result<Table<ParetoCurve>, TableError> {
    let points: Vec<(&str, &CurvePoint)> = measures
        .iter()
        .flat_map(|measured| measured.curve.iter().map(|point| (measured.measure, point)))
        .collect();
    let columns = vec![
        text("measure", &points, |(measure, _)| measure),
        count("customer_rank", &points, |(_, point)| point.rank),
        real("customer_share", &points, |(_, point)| Some(point.customer_share)),
        frame::sum_column(
            "cumulative_value",
            points.iter().map(|(_, point)| point.cumulative_value).collect(),
        ),
        real("value_share", &points, |(_, point)| Some(point.value_share)),
    ];
    Table::sorted(DataFrame::new(points.len(), columns)?)
}

/// `rfm_matrix`.
pub(crate) fn rfm_matrix(cells: &[MatrixCell]) -> Result<Table<RfmMatrix>, TableError> {
    let score = |name: &str, value: fn(&MatrixCell) -> i32| -> Column {
        Int32Chunked::from_iter_values(name.into(), cells.iter().map(value)).into_column()
    };
    let money = |name: &str, value: fn(&MatrixCell) -> Option<i128>| {
        frame::optional_decimal_column(name, cells.iter().map(value), ColumnType::SUM)
    };
    let columns = vec![
        score("recency_score", |cell| cell.recency_score),
        score("frequency_score", |cell| cell.frequency_score),
        count("customers", cells, |cell| cell.customers),
        real("customer_share", cells, |cell| cell.customer_share),
        frame::sum_column("net_sales", cells.iter().map(|cell| cell.net_sales).collect()),
        money("gross_margin", |cell| cell.money[0]),
        money("net_profit", |cell| cell.money[1]),
        money("clv_horizon", |cell| cell.money[2]),
        money("vin", |cell| cell.vin),
        real("median_net_sales", cells, |cell| cell.median_net_sales),
        optional_text("main_segment", cells, |cell| cell.main_segment.as_deref()),
    ];
    Table::new(DataFrame::new(cells.len(), columns)?)
}
