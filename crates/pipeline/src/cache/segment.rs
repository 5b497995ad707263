//! One segment of a raw file, read, normalized and merged to parts of orders.

use std::path::Path;

use cartera_ingest::quality::BlockQuality;
use cartera_table::{Cell, Count, CurrencyCounts, Defect, Disposition, Effect, Step};
use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

use super::container::{Container, Damage, frame_bytes, frame_of};
use crate::error::PipelineError;

/// All that is known of a segment beside its parts of orders. Sources and files are numbered 0 in it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct SegmentFacts {
    /// What the reader counted.
    pub(crate) read: Count,
    /// What the parser counted, by currency.
    pub(crate) by_currency: CurrencyCounts,
    /// Lines that went no further.
    pub(crate) counts: Vec<(Cell, Count)>,
    /// Lines that are in the parts.
    pub(crate) kept: Vec<(Cell, Count)>,
    /// What policies did to these.
    pub(crate) effects: Vec<(Effect, Count)>,
    /// Rows that were set aside.
    pub(crate) defects: Vec<Defect>,
    /// Rows that were set aside beyond those that are listed.
    pub(crate) unlisted: u64,
    /// First and last business day of all lines that could be read, set aside or not.
    pub(crate) read_days: Option<(i32, i32)>,
    /// First business day in the parts.
    pub(crate) first_day: Option<i32>,
    /// Last business day in the parts.
    pub(crate) last_day: Option<i32>,
}

/// What is made of the lines of a segment.
#[derive(Debug, Default)]
pub(crate) struct SegmentFrames {
    /// How many lines name each product, where they are counted.
    pub(crate) products: DataFrame,
    /// Sales by product, channel and the like.
    pub(crate) sales: DataFrame,
    /// Parts of orders, by partition.
    pub(crate) parts: Vec<DataFrame>,
    /// Goods with their products, by partition; nothing where returns are not matched.
    pub(crate) items: Vec<DataFrame>,
    /// Goods by customer, product and channel, by partition; nothing where breadth is not counted.
    pub(crate) breadth: Vec<DataFrame>,
    /// What its cells are like.
    pub(crate) quality: BlockQuality,
}

impl SegmentFacts {
    /// Whether lines were set aside for what rules make of them, which might not be asked of later ones.
    pub(crate) fn has_refusals(&self) -> bool {
        self.counts
            .iter()
            .any(|(cell, _)| cell.step == Step::Normalize && cell.disposition == Disposition::Quarantined)
    }
}

/// A segment that is kept.
#[derive(Debug)]
pub(crate) struct SegmentEntry {
    pub(crate) facts: SegmentFacts,
    /// Where the breadth of the first partition stands.
    breadth_at: Option<usize>,
    container: Container,
}

/// What is kept of a segment beside its frames.
#[derive(Serialize, Deserialize)]
struct Contents<F> {
    facts: F,
    breadth_at: Option<usize>,
}

impl SegmentEntry {
    pub(super) fn open(path: &Path) -> Result<Self, Damage> {
        let (container, Contents { facts, breadth_at }) = Container::open(path)?;
        Ok(Self {
            facts,
            breadth_at,
            container,
        })
    }

    pub(super) fn write(path: &Path, facts: &SegmentFacts, frames: &SegmentFrames) -> Result<Self, PipelineError> {
        let SegmentFrames {
            products,
            sales,
            parts,
            items,
            breadth,
            quality,
        } = frames;
        let quality = serde_json::to_vec(quality).map_err(|error| Damage {
            path: path.to_owned(),
            cause: Some(error.into()),
        })?;
        let breadth_at = (!breadth.is_empty()).then(|| 3 + parts.len() + items.len());
        let frames = [products, sales].into_iter().chain(parts).chain(items).chain(breadth);
        let frames = std::iter::once(Ok(quality)).chain(frames.map(frame_bytes));
        Container::write(path, frames, &Contents { facts, breadth_at })?;
        Ok(Self::open(path)?)
    }

    /// What its cells are like. It is large beside the facts and looked at once, so it is not kept in memory.
    pub(crate) fn quality(&self) -> Result<BlockQuality, PipelineError> {
        Ok(self.container.json(0)?)
    }

    /// The parts of orders of a partition.
    pub(crate) fn parts(&self, partition: usize) -> Result<Option<DataFrame>, PipelineError> {
        frame_of(&self.container.frame(3 + partition)?)
    }

    /// The items of a partition of that many; none where returns are not matched.
    pub(crate) fn items(&self, partition: usize, partitions: usize) -> Result<Option<DataFrame>, PipelineError> {
        frame_of(&self.container.frame(3 + partitions + partition)?)
    }

    /// Its sales by product, channel and the like.
    pub(crate) fn sales(&self) -> Result<Option<DataFrame>, PipelineError> {
        frame_of(&self.container.frame(2)?)
    }

    /// Goods by customer, product and channel of a partition; none where breadth is not counted.
    pub(crate) fn breadth(&self, partition: usize) -> Result<Option<DataFrame>, PipelineError> {
        match self.breadth_at {
            Some(first) => frame_of(&self.container.frame(first + partition)?),
            None => Ok(None),
        }
    }

    /// How many lines name each product, where they are counted.
    pub(crate) fn products(&self) -> Result<Option<DataFrame>, PipelineError> {
        frame_of(&self.container.frame(1)?)
    }
}
