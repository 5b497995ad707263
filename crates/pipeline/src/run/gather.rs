//! What is gathered of a segment while it is read: its lines, normalized and merged to parts of orders, and all that is
//! counted on the way.

use std::sync::{Mutex, PoisonError};

use cartera_ingest::quality::BlockQuality;
use cartera_ingest::{FileBlock, OpenSegment, ReadParams, ReadTask, SegmentSink, content_hash, read_segments};
use cartera_normalize::{
    CostValidParams, Horizon, MergedLines, MoneyRules, Normalizer, breadth, items, kept_cells, kept_effects, parts,
    sales_parts, segment_sales,
};
use cartera_table::contracts::{OrderBreadth, OrderItems, OrderLines, OrderParts, SourceLines};
use cartera_table::frame::{dates, timestamps};
use cartera_table::{
    Aggregate, Aggregation, AsOf, Batch, Cell, Contract, ContractInfo, Count, CurrencyCounts, Date, FlowError, Ledger,
    Origin, Quarantine, TableError, aggregate,
};
use polars::prelude::DataFrame;

use super::PARTITIONS;
use super::boundary::{self, cross};
use super::inputs::Work;
use super::money::has_costs;
use super::observer::Forward;
use super::segments::UsedSegment;
use crate::cache::{SegmentFacts, SegmentFrames, SegmentRecord};
use crate::error::PipelineError;

/// What of a segment other files or the day decide.
#[derive(Default)]
pub(super) struct Variant<'v> {
    /// Lines that stand in another file.
    pub(super) merged: Option<&'v MergedLines>,
    /// How far the run may look, where that decides line by line.
    pub(super) horizon: Option<Horizon>,
}

/// Reads segments and keeps them under the keys that `key_of` gives them.
pub(super) fn read_tasks(
    work: &Work<'_>,
    money: &MoneyRules,
    tasks: &[ReadTask<'_>],
    variant: &Variant<'_>,
    key_of: &(dyn Fn(Origin, &SegmentRecord) -> String + Sync),
) -> Result<Vec<(UsedSegment, SegmentRecord)>, PipelineError> {
    let none = MergedLines::default();
    let gatherer = Gatherer {
        work,
        money,
        costs: has_costs(work, money).then_some(&work.config.costs),
        merged: variant.merged.unwrap_or(&none),
        horizon: variant.horizon.unwrap_or(Horizon::Through(AsOf(Date::MAX))),
        key_of,
        done: Mutex::default(),
    };
    let progress = Forward(work.context.observer);
    read_segments::<Gathering>(tasks, read_params(work), &progress, &gatherer)?;
    Ok(gatherer.done.into_inner().unwrap_or_else(PoisonError::into_inner))
}

pub(super) fn read_params(work: &Work<'_>) -> ReadParams {
    ReadParams {
        threads: work.threads,
        block_bytes: work.sizes.block_bytes,
        segment_bytes: work.sizes.segment_bytes,
    }
}

/// What is gathered of a segment while it is read.
#[derive(Default)]
struct Gathering {
    read: Mutex<(Count, CurrencyCounts)>,
    ledger: Ledger,
    quarantine: Quarantine,
    parts: Mutex<Vec<DataFrame>>,
    items: Mutex<Vec<DataFrame>>,
    breadth: Mutex<Vec<DataFrame>>,
    products: Mutex<Vec<DataFrame>>,
    sales: Mutex<Vec<DataFrame>>,
    quality: Mutex<BlockQuality>,
    days: Mutex<Option<(i32, i32)>>,
}

/// How many lines name each product.
const LINES_OF_PRODUCTS: Aggregation = Aggregation {
    keys: &["product_id"],
    aggregates: &[Aggregate::count("line_count")],
};

/// The same over the blocks of a segment.
const LINES_OF_PRODUCTS_TOGETHER: Aggregation = Aggregation {
    keys: &["product_id"],
    aggregates: &[Aggregate::sum("line_count", "line_count")],
};

struct Gatherer<'g> {
    work: &'g Work<'g>,
    money: &'g MoneyRules,
    /// None where no source knows costs.
    costs: Option<&'g CostValidParams>,
    merged: &'g MergedLines,
    horizon: Horizon,
    key_of: &'g (dyn Fn(Origin, &SegmentRecord) -> String + Sync),
    done: Mutex<Vec<(UsedSegment, SegmentRecord)>>,
}

impl SegmentSink<Gathering> for Gatherer<'_> {
    fn block(&self, segment: &OpenSegment<Gathering>, block: FileBlock) -> Result<(), FlowError> {
        let gathering = &segment.payload;
        let quality = || gathering.quality.lock().unwrap_or_else(PoisonError::into_inner);
        let spec = &self.work.inputs.quality[segment.origin.source_index];
        let known = quality().known(spec);
        let source = &self.work.inputs.sources[segment.origin.source_index].params;
        let erased = self.work.erased.of_key_space(&source.key_space);
        let lines = block.lines(Some((spec, &known)), erased)?;
        if let Some(measured) = lines.quality {
            quality().merge(measured);
        }
        {
            let mut read = gathering.read.lock().unwrap_or_else(PoisonError::into_inner);
            read.0.add(lines.read);
            read.1.add(&lines.by_currency);
        }
        gathering.ledger.extend(lines.aside.counts);
        gathering.quarantine.extend(lines.aside.defects);
        let normalizer = Normalizer {
            line_kinds: &self.work.config.order_lines,
            sources: &self.work.inputs.rules,
            money: self.money,
            keeps_items: self.work.config.returns.is_matched(),
            carries: &self.work.inputs.carries,
            horizon: self.horizon,
            merged: self.merged,
            erased,
            ledger: &gathering.ledger,
            quarantine: &gathering.quarantine,
        };
        let lines = over(boundary::READ, lines.batch)?;
        if let Some(days) = self.days_of(&lines)? {
            let mut all = gathering.days.lock().unwrap_or_else(PoisonError::into_inner);
            *all = Some(all.map_or(days, |(first, last)| (first.min(days.0), last.max(days.1))));
        }
        if self.work.inputs.counts_products {
            let counts = LINES_OF_PRODUCTS.run(std::slice::from_ref(lines.frame()))?;
            gathering
                .products
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(counts);
        }
        let lines: Batch<OrderLines> = over(boundary::NORMALIZED, normalizer.lines(&lines)?)?;
        if self.work.config.returns.is_matched() {
            let items = items(&lines)?.into_frame();
            gathering
                .items
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(items);
        }
        let sales = sales_parts(&lines, &self.work.inputs.dimensions)?;
        gathering
            .sales
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(sales);
        let of_source = self.work.inputs.rules[segment.origin.source_index].breadth;
        if of_source.is_any() {
            let breadth = breadth(&lines, of_source, &self.work.config.order_lines)?.into_frame();
            gathering
                .breadth
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(breadth);
        }
        let parts = parts(&lines, self.work.inputs.by_channel)?.into_frame();
        gathering
            .parts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(parts);
        Ok(())
    }

    fn end(&self, segment: OpenSegment<Gathering>) -> Result<(), FlowError> {
        let (origin, stretch) = (segment.origin, segment.stretch());
        let path = &self.work.inputs.sources[origin.source_index].files[origin.file_index].path;
        let hash = content_hash(path, stretch.start, stretch.bytes).map_err(|cause| {
            FlowError::from(cartera_ingest::IngestError::Io {
                path: path.clone(),
                cause,
            })
        })?;
        let (facts, frames) = self.made_of(segment.payload)?;
        self.check_balance(origin, &facts)?;
        let record = SegmentRecord {
            start: stretch.start,
            first_line: stretch.first_line,
            bytes: stretch.bytes,
            hash,
            days: days_asked_of(&facts),
        };
        let key = (self.key_of)(origin, &record);
        let entry = self.work.cache.keep_segment(&key, &facts, &frames)?;
        drop(frames);
        self.done.lock().unwrap_or_else(PoisonError::into_inner).push((
            UsedSegment {
                origin,
                stretch,
                key,
                entry,
            },
            record,
        ));
        Ok(())
    }
}

impl Gatherer<'_> {
    /// First and last business day of a batch.
    fn days_of(&self, lines: &Batch<SourceLines>) -> Result<Option<(i32, i32)>, TableError> {
        let time = &self.work.inputs.rules[lines.origin().source_index].time;
        let times = timestamps(lines.frame(), "ordered_at")?;
        let ends = times.iter().flatten().min().zip(times.iter().flatten().max());
        let Some((first, last)) = ends else { return Ok(None) };
        if let (Some(first), Some(last)) = (time.epoch_day(first), time.epoch_day(last)) {
            return Ok(Some((first, last)));
        }
        // Times that no calendar has are set aside.
        let days = || times.iter().flatten().filter_map(|written| time.epoch_day(written));
        Ok(days().min().zip(days().max()))
    }

    /// A segment that lost a row must not be kept: it would be missing every night.
    fn check_balance(&self, origin: Origin, facts: &SegmentFacts) -> Result<(), TableError> {
        let ledger = Ledger::default();
        ledger.extend(facts.counts.iter().chain(&facts.kept).cloned());
        let source = &self.work.inputs.sources[origin.source_index].params.name;
        ledger.balance(0, source, facts.read, &facts.by_currency)
    }
}

/// The days of the lines that are kept; any, where a line was set aside for want of a rate or holds too large a number.
fn days_asked_of(facts: &SegmentFacts) -> Option<(i32, i32)> {
    let is_of_money = |reason| ["no_rate", "converted_amount_out_of_range", "cost_out_of_range"].contains(&reason);
    if facts.counts.iter().filter_map(|(cell, _)| cell.reason).any(is_of_money) {
        return None;
    }
    facts.first_day.zip(facts.last_day)
}

/// The first of them that is not null decides where a part of an order goes.
const PARTITION_COLUMNS: &[&str] = &["source_key", "order_id"];

/// Of customers the same decides, and guests have no breadth.
const PARTITION_COLUMNS_OF_BREADTH: &[&str] = &["source_key"];

impl Gatherer<'_> {
    fn made_of(&self, gathering: Gathering) -> Result<(SegmentFacts, SegmentFrames), FlowError> {
        let config = self.work.config;
        let products = gathering.products.into_inner().unwrap_or_else(PoisonError::into_inner);
        let products = if products.is_empty() {
            DataFrame::default()
        } else {
            LINES_OF_PRODUCTS_TOGETHER.run(&products)?
        };
        let parts = together(gathering.parts, &OrderParts::INFO)?;
        let sales = gathering.sales.into_inner().unwrap_or_else(PoisonError::into_inner);
        let sales = segment_sales(sales, &parts)?;
        let items = gathering.items.into_inner().unwrap_or_else(PoisonError::into_inner);
        let items = if items.is_empty() {
            Vec::new()
        } else {
            let items = together(Mutex::new(items), &OrderItems::INFO)?;
            aggregate::partition_by(&items, PARTITION_COLUMNS, PARTITIONS)?
        };
        let breadth = gathering.breadth.into_inner().unwrap_or_else(PoisonError::into_inner);
        let breadth = if breadth.is_empty() {
            Vec::new()
        } else {
            let breadth = together(Mutex::new(breadth), &OrderBreadth::INFO)?;
            aggregate::partition_by(&breadth, PARTITION_COLUMNS_OF_BREADTH, PARTITIONS)?
        };
        let days = dates(&parts, "order_date")?;
        let (first_day, last_day) = (days.iter().flatten().min(), days.iter().flatten().max());
        let unlisted = gathering.quarantine.unlisted();
        let (read, by_currency) = gathering.read.into_inner().unwrap_or_else(PoisonError::into_inner);
        let facts = SegmentFacts {
            read,
            by_currency,
            counts: anonymous(gathering.ledger.cells()),
            kept: anonymous(kept_cells(&parts, config.currency)?),
            effects: kept_effects(&parts, &config.order_lines, self.costs, config.currency)?,
            defects: gathering.quarantine.take(),
            unlisted,
            read_days: gathering.days.into_inner().unwrap_or_else(PoisonError::into_inner),
            first_day,
            last_day,
        };
        let parts = aggregate::partition_by(&parts, PARTITION_COLUMNS, PARTITIONS)?;
        let quality = gathering.quality.into_inner().unwrap_or_else(PoisonError::into_inner);
        let frames = SegmentFrames {
            products,
            sales,
            parts,
            items,
            breadth,
            quality,
        };
        Ok((facts, frames))
    }
}

/// The frames of all blocks in one piece.
fn together(frames: Mutex<Vec<DataFrame>>, contract: &ContractInfo) -> Result<DataFrame, FlowError> {
    let mut frames = frames.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter();
    let Some(mut all) = frames.next() else {
        return Ok(DataFrame::empty_with_schema(&cartera_table::frame::schema(contract)));
    };
    for frame in frames {
        all.vstack_mut_owned(frame)?;
    }
    all.rechunk_mut();
    Ok(all)
}

/// The same segment may be of another source tomorrow.
fn anonymous(cells: Vec<(Cell, Count)>) -> Vec<(Cell, Count)> {
    let anonymous = |(cell, count)| {
        (
            Cell {
                source_index: 0,
                ..cell
            },
            count,
        )
    };
    cells.into_iter().map(anonymous).collect()
}

fn over<T: Contract>(name: &str, batch: Batch<T>) -> Result<Batch<T>, FlowError> {
    let origin = batch.origin();
    Ok(Batch::new(cross(name, batch.into_frame()), origin)?)
}
