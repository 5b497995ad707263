//! What segments look like: at a glance, by category, and beside each other.

use cartera_table::contracts::{SegmentMix, SegmentOverlap, Segments};
use cartera_table::{ColumnType, Table, TableError, frame};
use polars::prelude::DataFrame;

use super::{count, optional_text, real, text};
use crate::catalogue::words;
use crate::described::Told;
use crate::overlap::Overlap;
use crate::profiles::{Mix, Overview};

/// `segments`. `told` are the descriptions of segments that the catalogue cannot know: segmentation, segment, words.
pub(crate) fn segments(rows: &[Overview], told: &[Told<'_>]) -> Result<Table<Segments>, TableError> {
    let words_of = |row: &Overview| {
        let mut words = words(row.segmentation, &row.segment);
        let is_it = |told: &&Told<'_>| told.segmentation == row.segmentation && told.segment == row.segment;
        if let Some(told) = told.iter().find(is_it) {
            words.description = Some(told.description.to_owned());
        }
        words
    };
    let words: Vec<_> = rows.iter().map(words_of).collect();
    let total = |name: &str, place: usize| {
        frame::optional_decimal_column(name, rows.iter().map(|row| row.money[place].0), ColumnType::SUM)
    };
    let columns = vec![
        text("segmentation", rows, |row| row.segmentation),
        text("segment", rows, |row| &row.segment),
        text("label", &words, |words| &words.label),
        optional_text("description", &words, |words| words.description.as_deref()),
        count("customers", rows, |row| row.customers),
        real("customer_share", rows, |row| Some(row.customer_share)),
        total("net_sales", 0),
        real("net_sales_share", rows, |row| row.money[0].1),
        total("net_profit", 1),
        real("net_profit_share", rows, |row| row.money[1].1),
        total("clv_horizon", 2),
        total("vin", 3),
        real("vin_share", rows, |row| row.money[3].1),
        real("median_orders", rows, |row| row.medians[0]),
        real("median_net_sales", rows, |row| row.medians[1]),
        real("median_days_since_last_order", rows, |row| row.medians[2]),
        real("median_average_order_value", rows, |row| row.medians[3]),
    ];
    Table::sorted(DataFrame::new(rows.len(), columns)?)
}

/// `segment_mix`.
pub(crate) fn segment_mix(rows: &[Mix]) -> Result<Table<SegmentMix>, TableError> {
    let columns = vec![
        text("segmentation", rows, |row| row.segmentation),
        text("segment", rows, |row| &row.segment),
        text("dimension", rows, |row| row.dimension),
        optional_text("value", rows, |row| row.value.as_deref()),
        count("customers", rows, |row| row.customers),
        real("customer_share", rows, |row| Some(row.customer_share)),
        real("base_share", rows, |row| Some(row.base_share)),
        real("index_to_base", rows, |row| Some(row.index_to_base)),
    ];
    Table::sorted(DataFrame::new(rows.len(), columns)?)
}

/// `segment_overlap`.
pub(crate) fn segment_overlap(rows: &[Overlap]) -> Result<Table<SegmentOverlap>, TableError> {
    let columns = vec![
        text("segmentation_a", rows, |row| row.segmentation_a),
        optional_text("segment_a", rows, |row| row.segment_a.as_deref()),
        text("segmentation_b", rows, |row| row.segmentation_b),
        optional_text("segment_b", rows, |row| row.segment_b.as_deref()),
        count("customers", rows, |row| row.sum.customers),
        real("share_of_a", rows, |row| Some(row.share_of_a)),
        real("share_of_b", rows, |row| Some(row.share_of_b)),
        real("index_to_base", rows, |row| Some(row.index_to_base)),
        frame::sum_column("net_sales", rows.iter().map(|row| row.sum.net_sales).collect()),
        frame::optional_decimal_column("vin", rows.iter().map(|row| row.sum.vin), ColumnType::SUM),
    ];
    Table::sorted(DataFrame::new(rows.len(), columns)?)
}
