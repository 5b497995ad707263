//! What the customers of a partition ever bought, and where, over all segments.

use cartera_feature::{Breadth, Categories};
use cartera_normalize::{BreadthColumns, breadth_up_to_day};
use cartera_table::contracts::Products;
use cartera_table::{SourceTable, Table};
use polars::prelude::DataFrame;

use super::customers::numbered;
use super::inputs::Work;
use super::segments::UsedSegment;
use crate::config::{PipelineConfig, SourceConfig};
use crate::error::PipelineError;

/// What is counted: what the pipeline asks for, else what its sources can tell.
pub(super) fn columns_to_count(config: &PipelineConfig) -> BreadthColumns {
    let of_lines = |column: &str| {
        let maps = |source: &SourceConfig| {
            source.params.table == SourceTable::OrderLines && source.params.columns.maps(column)
        };
        config.sources.iter().any(maps)
    };
    let has_products = || {
        let mut sources = config.sources.iter();
        sources.any(|source| source.params.table == SourceTable::Products)
    };
    let breadth = config.bonding.breadth();
    BreadthColumns {
        products: of_lines("product_id") && breadth.unwrap_or_else(has_products),
        channels: of_lines("channel") && breadth.unwrap_or(true),
    }
}

/// What is counted in a run, and by which categories.
pub(super) struct BreadthOfRun {
    columns: BreadthColumns,
    categories: Option<Categories>,
}

impl BreadthOfRun {
    /// By what the catalogue says up to the day of the run.
    pub(super) fn new(work: &Work<'_>, products: &Table<Products>, last_day: i32) -> Result<Self, PipelineError> {
        let columns = work.inputs.breadth;
        let maps_category = work
            .inputs
            .sources
            .iter()
            .any(|source| source.params.table == SourceTable::Products && source.params.columns.maps("category"));
        let categories = (columns.products && maps_category).then(|| Categories::new(products, last_day));
        Ok(Self {
            columns,
            categories: categories.transpose()?,
        })
    }

    /// Hash of what the counts depend on beside the lines and the config.
    pub(super) fn hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        if let Some(categories) = &self.categories {
            categories.write(&mut |bytes| {
                hasher.update(bytes);
            });
        }
        hasher.finalize().to_hex().to_string()
    }

    /// Adds the counts to the customers of a partition: all of it, or those that `chosen` says of.
    pub(super) fn add_to(
        &self,
        work: &Work<'_>,
        segments: &[UsedSegment],
        partition: usize,
        customers: &mut DataFrame,
        chosen: impl Fn(DataFrame) -> Result<DataFrame, PipelineError>,
    ) -> Result<(), PipelineError> {
        if !self.columns.is_any() {
            return Ok(());
        }
        let mut frames = Vec::with_capacity(segments.len());
        for segment in segments {
            if let Some(frame) = segment.entry.breadth(partition)? {
                let frame = numbered(frame, segment.origin.source_index)?;
                let last_day = work.horizon.last_epoch_day();
                frames.push(chosen(breadth_up_to_day(frame, last_day, &work.inputs.identity)?)?);
            }
        }
        let breadth = Breadth {
            products: self.columns.products,
            channels: self.columns.channels,
            categories: self.categories.as_ref(),
        };
        Ok(breadth.add_to(customers, &frames)?)
    }
}
