//! The published table, and the one of the run before.

use std::collections::BTreeMap;

use cartera_table::contracts::DataQuality;
use cartera_table::frame::{float64, text};
use cartera_table::{Table, TableError};
use polars::prelude::{Column, DataFrame};

use super::metric::{Metric, MetricKey};

/// The figures as a table.
pub(crate) fn table(metrics: &[Metric]) -> Result<Table<DataQuality>, TableError> {
    let mut metrics: Vec<&Metric> = metrics.iter().collect();
    metrics.sort_by(|one, other| one.key.cmp(&other.key));
    let texts = |name: &str, of: fn(&Metric) -> Option<&str>| {
        Column::new(name.into(), metrics.iter().map(|metric| of(metric)).collect::<Vec<_>>())
    };
    let numbers = |name: &str, of: fn(&Metric) -> Option<f64>| {
        Column::new(name.into(), metrics.iter().map(|metric| of(metric)).collect::<Vec<_>>())
    };
    let columns = vec![
        texts("source", |metric| Some(&metric.key.source)),
        texts("column", |metric| metric.key.column.as_deref()),
        texts("metric", |metric| Some(&metric.key.metric)),
        texts("item", |metric| metric.key.item.as_deref()),
        texts("value", |metric| metric.value.as_deref()),
        numbers("number", |metric| metric.number),
        texts("previous_value", |metric| metric.previous_value.as_deref()),
        numbers("previous_number", |metric| metric.previous_number),
        texts("status", |metric| Some(metric.status.slug())),
        texts("detail", |metric| metric.detail.as_deref()),
    ];
    Table::new(DataFrame::new(metrics.len(), columns)?)
}

/// What the run before said of each figure.
#[derive(Debug, Clone, Default)]
pub(crate) struct Previous {
    figures: BTreeMap<MetricKey, (Option<String>, Option<f64>)>,
}

impl Previous {
    pub(crate) fn new(table: &Table<DataQuality>) -> Result<Self, TableError> {
        let frame = table.frame();
        let owned = |name: &str, row: usize| Ok::<_, TableError>(text(frame, name)?.get(row).map(str::to_owned));
        let mut figures = BTreeMap::new();
        for row in 0..frame.height() {
            let key = MetricKey {
                source: owned("source", row)?.unwrap_or_default(),
                column: owned("column", row)?,
                metric: owned("metric", row)?.unwrap_or_default(),
                item: owned("item", row)?,
            };
            figures.insert(key, (owned("value", row)?, float64(frame, "number")?.get(row)));
        }
        Ok(Self { figures })
    }

    pub(crate) fn fill_in(&self, metrics: &mut [Metric]) {
        for metric in metrics {
            if let Some((value, number)) = self.figures.get(&metric.key) {
                metric.previous_value.clone_from(value);
                metric.previous_number = *number;
            }
        }
    }
}
