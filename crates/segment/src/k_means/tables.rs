//! The tables of the clusters.

use cartera_table::contracts::{ClusterDrift, ClusterFeatures, ClusterRefit};
use cartera_table::{Table, TableError};
use polars::prelude::{Column, DataFrame, Int32Chunked, IntoColumn, NewChunkedArray};

use super::contrast::{ClusterContrast, Contrast};
use super::model::ClusterModel;
use super::night::{DriftRow, RefitOverlap};
use super::outcome::ClusterDecision;
use crate::tables::{count, real, text};

/// A cluster in one measure.
struct FeatureRow<'r> {
    cluster_id: i32,
    cluster: &'r str,
    feature: &'r str,
    /// On the common scale; none where the measure makes no clusters.
    position: Option<f64>,
    center: Option<f64>,
    base_mean: Option<f64>,
    contrast: ClusterContrast,
    rank: Option<i32>,
}

/// `cluster_features`.
pub(super) fn cluster_features(
    model: Option<&ClusterModel>,
    names: &[String],
    contrasts: &[Contrast],
) -> Result<Table<ClusterFeatures>, TableError> {
    let mut rows: Vec<FeatureRow<'_>> = Vec::new();
    if let Some(model) = model {
        for (place, name) in names.iter().enumerate() {
            rows.extend(rows_of_cluster(model, place, name, contrasts));
        }
    }
    let columns = vec![
        number("cluster_id", &rows, |row| Some(row.cluster_id)),
        text("cluster", &rows, |row| row.cluster),
        text("feature", &rows, |row| row.feature),
        real("center", &rows, |row| row.center),
        real("center_scaled", &rows, |row| row.position),
        real("mean", &rows, |row| row.contrast.mean),
        real("base_mean", &rows, |row| row.base_mean),
        real("difference", &rows, |row| row.contrast.difference),
        number("rank", &rows, |row| row.rank),
    ];
    Table::sorted(DataFrame::new(rows.len(), columns)?)
}

/// The measures that somebody has a value of, and the features that make the clusters.
fn rows_of_cluster<'r>(
    model: &'r ClusterModel,
    place: usize,
    cluster: &'r str,
    contrasts: &'r [Contrast],
) -> Vec<FeatureRow<'r>> {
    let without = model
        .coordinates
        .iter()
        .map(|coordinate| coordinate.feature.name.as_str())
        .filter(|name| contrasts.iter().all(|contrast| contrast.measure != *name));
    let features = contrasts
        .iter()
        .map(|contrast| contrast.measure.as_str())
        .chain(without);
    let mut rows: Vec<FeatureRow<'_>> = features
        .map(|feature| {
            let contrast = contrasts.iter().find(|contrast| contrast.measure == feature);
            let coordinate = model
                .coordinates
                .iter()
                .zip(&model.clusters[place].centroid)
                .find(|(coordinate, _)| coordinate.feature.name == feature);
            FeatureRow {
                cluster_id: model.clusters[place].id,
                cluster,
                feature,
                position: coordinate.map(|(coordinate, position)| position / coordinate.feature.weight),
                center: coordinate.map(|(coordinate, position)| coordinate.value_at(*position)),
                base_mean: contrast.map(|contrast| contrast.base_mean),
                contrast: contrast.map_or(
                    ClusterContrast {
                        mean: None,
                        difference: None,
                    },
                    |contrast| contrast.clusters[place],
                ),
                rank: None,
            }
        })
        .collect();
    let strength = |row: &FeatureRow<'_>| row.contrast.difference.map(f64::abs);
    let mut order: Vec<usize> = (0..rows.len()).filter(|&row| strength(&rows[row]).is_some()).collect();
    order.sort_by(|&one, &other| {
        let (one, other) = (strength(&rows[one]), strength(&rows[other]));
        other.unwrap_or_default().total_cmp(&one.unwrap_or_default())
    });
    for (rank, row) in (1..).zip(order) {
        rows[row].rank = Some(rank);
    }
    rows
}

/// `cluster_drift`.
pub(super) fn cluster_drift(drift: &[DriftRow]) -> Result<Table<ClusterDrift>, TableError> {
    let columns = vec![
        text("measure", drift, |row| row.measure),
        text("feature", drift, |row| &row.feature),
        real("value", drift, |row| Some(row.value)),
        real("limit", drift, |row| Some(row.limit)),
        text("status", drift, |row| {
            if row.is_over() { "over_limit" } else { "within_limit" }
        }),
    ];
    Table::sorted(DataFrame::new(drift.len(), columns)?)
}

/// Customers of an old cluster in a new one.
struct RefitRow<'r> {
    from: &'r (i32, String),
    to: &'r (i32, String),
    customer_count: u64,
    share: f64,
}

/// `cluster_refit`: pairs that have customers.
pub(super) fn cluster_refit(
    refit: Option<&RefitOverlap>,
    decision: ClusterDecision,
) -> Result<Table<ClusterRefit>, TableError> {
    let mut rows: Vec<RefitRow<'_>> = Vec::new();
    if let Some(refit) = refit {
        for (row, from) in refit.from.iter().enumerate() {
            let all: u64 = (0..refit.to.len()).map(|column| refit.overlap.at(row, column)).sum();
            for (column, to) in refit.to.iter().enumerate() {
                let customer_count = refit.overlap.at(row, column);
                if customer_count > 0 {
                    let share = customer_count as f64 / all as f64;
                    rows.push(RefitRow {
                        from,
                        to,
                        customer_count,
                        share,
                    });
                }
            }
        }
    }
    let columns = vec![
        number("from_cluster_id", &rows, |row| Some(row.from.0)),
        number("to_cluster_id", &rows, |row| Some(row.to.0)),
        text("from_cluster", &rows, |row| &row.from.1),
        text("to_cluster", &rows, |row| &row.to.1),
        count("customer_count", &rows, |row| row.customer_count as usize),
        real("share", &rows, |row| Some(row.share)),
        text("decision", &rows, |_| decision.slug()),
    ];
    Table::sorted(DataFrame::new(rows.len(), columns)?)
}

fn number<Row>(name: &str, rows: &[Row], value: impl Fn(&Row) -> Option<i32>) -> Column {
    Int32Chunked::from_iter_options(name.into(), rows.iter().map(value)).into_column()
}
