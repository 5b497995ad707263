//! Parts of orders to customers, partition by partition.
//!
//! Where the customers of an earlier run were made by the same rules, only those are made again whose parts
//! came, went or changed since.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use cartera_feature::customers_of_orders;
use cartera_normalize::{
    GuestTotals, MoneyRules, Partition, PartitionRules, ReturnTotals, identity_links, items_up_to_day, up_to_day,
};
use cartera_table::contracts::IdentityLinks;
use cartera_table::frame::{int32, text};
use cartera_table::{Batch, Cell, Ledger, PolicyEffects, Table};
use polars::prelude::{BooleanChunked, Column, DataFrame, NewChunkedArray};
use rayon::prelude::*;

use super::PARTITIONS;
use super::boundary::{self, cross};
use super::inputs::Work;
use super::money::has_costs;
use super::segments::UsedSegment;
use crate::cache::{CustomersState, SegmentEntry, StatePartition};
use crate::error::PipelineError;

/// What the partitions come to.
pub(super) struct Customers {
    /// One frame a partition, one row a customer.
    pub(super) partitions: Vec<DataFrame>,
    /// The source keys of all of them.
    pub(super) links: Table<IdentityLinks>,
    /// What guests add to the company's totals.
    pub(super) guests: GuestTotals,
    /// What became of returns, where they are matched.
    pub(super) returns: ReturnTotals,
    /// What the next run may take over.
    pub(super) state: Option<NewState>,
}

/// Makes orders and customers of all parts, and counts the lines that were kept.
pub(super) fn customers(
    work: &Work<'_>,
    money: &MoneyRules,
    segments: &[UsedSegment],
) -> Result<Customers, PipelineError> {
    let rules = partition_rules(work, money);
    let last_day = work.horizon.last_epoch_day();
    let is_cut_short = |segment: &UsedSegment| segment.entry.facts.last_day.is_some_and(|last| last > last_day);
    // What became of a customer's returns is not kept: where they are matched, all customers are made again.
    let is_whole = !segments.iter().any(is_cut_short) && !work.config.returns.is_matched();
    let change = if is_whole {
        Change::since_last_run(work, segments)
    } else {
        None
    };
    // Where customers are taken over, their lines were counted when their segments were read; the published
    // customers are counted again in the end.
    let counts_kept = change.is_none();
    for segment in segments {
        segment.enter(work, !counts_kept)?;
    }
    let done: Vec<(StatePartition, ReturnTotals)> = (0..PARTITIONS)
        .into_par_iter()
        .map(|partition| match &change {
            Some(change) => Ok((
                change.partition(work, rules, segments, partition)?,
                ReturnTotals::default(),
            )),
            None => {
                let parts = parts_of(work, segments, partition, &work.books.ledger)?;
                made_of(parts, items_of(work, segments, partition)?, rules)
            }
        })
        .collect::<Result<_, PipelineError>>()?;
    let mut returns = ReturnTotals::default();
    done.iter().for_each(|(_, of_partition)| returns.add(of_partition));
    let done: Vec<StatePartition> = done.into_iter().map(|(partition, _)| partition).collect();
    let is_news = is_whole && change.is_none_or(|change| !change.is_nothing());
    let state = if is_news {
        Some(NewState::write(work, names_of(segments), &done)?)
    } else {
        None
    };
    let mut partitions = Vec::with_capacity(done.len());
    let mut links = Vec::with_capacity(done.len());
    let mut guests = GuestTotals::default();
    for partition in done {
        let of_guests = GuestTotals::of(&partition.guest_orders)?;
        guests.order_count += of_guests.order_count;
        guests.net_sales.0 += of_guests.net_sales.0;
        partitions.push(partition.customers);
        links.extend(Some(partition.links).filter(|links| links.height() > 0));
    }
    Ok(Customers {
        partitions,
        links: identity_links(links)?,
        guests,
        returns,
        state,
    })
}

/// Customers that the next run may take over, once they are found to be right.
pub(super) struct NewState {
    written: PathBuf,
}

impl NewState {
    fn write(
        work: &Work<'_>,
        segments: Vec<(usize, String)>,
        partitions: &[StatePartition],
    ) -> Result<Self, PipelineError> {
        let written = work.cache.customers_path().with_extension("next");
        CustomersState::write(&written, &work.inputs.rules_hash, segments, partitions)?;
        Ok(Self { written })
    }

    /// Keeps them.
    pub(super) fn keep(self, work: &Work<'_>) -> Result<(), PipelineError> {
        let path = work.cache.customers_path();
        std::fs::rename(&self.written, &path).map_err(|cause| PipelineError::Write { path, cause })
    }
}

/// The segments by name, sorted.
fn names_of(segments: &[UsedSegment]) -> Vec<(usize, String)> {
    let mut names: Vec<(usize, String)> = segments
        .iter()
        .map(|segment| (segment.origin.source_index, segment.key.clone()))
        .collect();
    names.sort();
    names
}

/// The parts of a partition, as far as the run may look; what lies behind is counted.
fn parts_of(
    work: &Work<'_>,
    segments: &[UsedSegment],
    partition: usize,
    ledger: &Ledger,
) -> Result<Vec<DataFrame>, PipelineError> {
    let last_day = work.horizon.last_epoch_day();
    let mut frames = Vec::with_capacity(segments.len());
    for segment in segments {
        let source_index = segment.origin.source_index;
        let Some(parts) = numbered_parts(&segment.entry, source_index, partition)? else {
            continue;
        };
        let (parts, later) = up_to_day(parts, last_day, work.config.currency)?;
        ledger.extend(
            later
                .into_iter()
                .map(|(cell, count)| (Cell { source_index, ..cell }, count)),
        );
        frames.push(cross(boundary::PARTS, parts));
    }
    Ok(frames)
}

fn partition_rules<'w>(work: &Work<'w>, money: &MoneyRules) -> PartitionRules<'w> {
    PartitionRules {
        line_kinds: &work.config.order_lines,
        identity: &work.inputs.identity,
        currency: work.config.currency,
        costs: has_costs(work, money).then_some(&work.config.costs),
        returns: &work.config.returns,
        ledger: &work.books.ledger,
        effects: &work.books.effects,
    }
}

/// The items of a partition, as far as the run may look; nothing where returns are not matched.
fn items_of(work: &Work<'_>, segments: &[UsedSegment], partition: usize) -> Result<Vec<DataFrame>, PipelineError> {
    let mut frames = Vec::new();
    for segment in segments.iter().filter(|_| work.config.returns.is_matched()) {
        if let Some(items) = segment.entry.items(partition, PARTITIONS)? {
            let items = items_up_to_day(items, work.horizon.last_epoch_day())?;
            frames.push(numbered(items, segment.origin.source_index)?);
        }
    }
    Ok(frames)
}

/// The parts of a segment, with the place that their source has in the pipeline today.
fn numbered_parts(
    entry: &SegmentEntry,
    source_index: usize,
    partition: usize,
) -> Result<Option<DataFrame>, PipelineError> {
    let parts = entry.parts(partition)?;
    parts.map(|parts| numbered(parts, source_index)).transpose()
}

fn numbered(mut frame: DataFrame, source_index: usize) -> Result<DataFrame, PipelineError> {
    let number = i32::try_from(source_index).unwrap_or(i32::MAX);
    let column = Column::new_scalar("source_index".into(), number.into(), frame.height());
    frame.with_column(column).map_err(cartera_table::TableError::from)?;
    Ok(frame)
}

fn made_of(
    parts: Vec<DataFrame>,
    items: Vec<DataFrame>,
    rules: PartitionRules<'_>,
) -> Result<(StatePartition, ReturnTotals), PipelineError> {
    let partition = Partition::of_parts(parts, items, rules)?;
    let origin = partition.orders.origin();
    let orders = Batch::new(cross(boundary::ORDERS, partition.orders.into_frame()), origin)?;
    let made = StatePartition {
        customers: cross(boundary::CUSTOMERS, customers_of_orders(&orders)?),
        guest_orders: partition.guest_orders,
        links: stacked(partition.links)?,
    };
    Ok((made, partition.returns))
}

fn stacked(frames: impl IntoIterator<Item = DataFrame>) -> Result<DataFrame, PipelineError> {
    let mut all = DataFrame::default();
    for frame in frames.into_iter().filter(|frame| frame.height() > 0) {
        if all.width() == 0 {
            all = frame;
        } else {
            all.vstack_mut_owned(frame).map_err(cartera_table::TableError::from)?;
        }
    }
    Ok(all)
}

/// What happened since the last run.
struct Change {
    state: CustomersState,
    /// Segments that are gone, with their sources.
    gone: Vec<(usize, SegmentEntry)>,
    /// Places of segments that are new.
    come: Vec<usize>,
}

/// Share of the bytes above which it is quicker to make all customers again.
const MOST_CHANGED_PERCENT: u64 = 25;

impl Change {
    /// None where the customers of the last run are of no use.
    fn since_last_run(work: &Work<'_>, segments: &[UsedSegment]) -> Option<Self> {
        let state = work.cache.customers()?;
        if !state.is_of(&work.inputs.rules_hash) {
            return None;
        }
        let mut known: BTreeMap<&(usize, String), usize> = BTreeMap::new();
        for segment in state.segments() {
            *known.entry(segment).or_default() += 1;
        }
        let mut come = Vec::new();
        for (place, segment) in segments.iter().enumerate() {
            let name = (segment.origin.source_index, segment.key.clone());
            match known.get_mut(&name) {
                Some(count @ 1..) => *count -= 1,
                _ => come.push(place),
            }
        }
        let mut gone = Vec::new();
        for ((source_index, key), count) in &known {
            for _ in 0..*count {
                gone.push((*source_index, work.cache.old_segment(key)?));
            }
        }
        let bytes: u64 = segments.iter().map(|segment| segment.stretch.bytes).sum();
        let changed: u64 = come.iter().map(|&place| segments[place].stretch.bytes).sum();
        let is_much = (changed + bytes / 100 * gone.len() as u64) * 100 > bytes * MOST_CHANGED_PERCENT;
        drop(known);
        (!is_much).then_some(Self { state, gone, come })
    }

    fn is_nothing(&self) -> bool {
        self.gone.is_empty() && self.come.is_empty()
    }

    /// The customers of a partition: those that something happened to made again, the others as they were.
    fn partition(
        &self,
        work: &Work<'_>,
        rules: PartitionRules<'_>,
        segments: &[UsedSegment],
        partition: usize,
    ) -> Result<StatePartition, PipelineError> {
        let before = self.state.partition(partition)?;
        let mut touched = Touched::default();
        for (source_index, entry) in &self.gone {
            if let Some(parts) = numbered_parts(entry, *source_index, partition)? {
                touched.add(work, &parts, *source_index)?;
            }
        }
        for &place in &self.come {
            let segment = &segments[place];
            let source_index = segment.origin.source_index;
            if let Some(parts) = numbered_parts(&segment.entry, source_index, partition)? {
                touched.add(work, &parts, source_index)?;
            }
        }
        if touched.is_nothing() {
            return Ok(before);
        }
        let mut parts = Vec::new();
        for segment in segments {
            let source_index = segment.origin.source_index;
            if let Some(of_segment) = numbered_parts(&segment.entry, source_index, partition)? {
                let key_space = work.inputs.identity.key_space(source_index);
                let is_touched = touched.parts(&of_segment, key_space, source_index)?;
                parts.push(cross(boundary::PARTS, filtered(&of_segment, &is_touched)?));
            }
        }
        // Their lines are counted with their segments.
        let (ledger, effects) = (Ledger::default(), PolicyEffects::default());
        let uncounted = PartitionRules {
            ledger: &ledger,
            effects: &effects,
            ..rules
        };
        let (again, _) = made_of(parts, Vec::new(), uncounted)?;
        Ok(StatePartition {
            customers: touched.replace(before.customers, again.customers, Touched::customers)?,
            guest_orders: touched.replace(before.guest_orders, again.guest_orders, Touched::guest_orders)?,
            links: touched.replace(before.links, again.links, Touched::customers)?,
        })
    }
}

/// The customers, and the orders of guests, that something happened to.
#[derive(Default)]
struct Touched {
    /// By key space.
    keys: BTreeMap<String, HashSet<String>>,
    customer_ids: HashSet<String>,
    /// By source.
    guest_orders: BTreeMap<usize, HashSet<String>>,
}

impl Touched {
    fn add(&mut self, work: &Work<'_>, parts: &DataFrame, source_index: usize) -> Result<(), PipelineError> {
        let identity = &work.inputs.identity;
        let key_space = identity.key_space(source_index);
        let keys = self.keys.entry(key_space.to_owned()).or_default();
        let orders = self.guest_orders.entry(source_index).or_default();
        for (key, order) in text(parts, "source_key")?.iter().zip(text(parts, "order_id")?.iter()) {
            match key {
                Some(key) if !keys.contains(key) => {
                    keys.insert(key.to_owned());
                    self.customer_ids
                        .insert(identity.customer_id(key_space, key).into_owned());
                }
                Some(_) => {}
                None => drop(orders.insert(order.unwrap_or_default().to_owned())),
            }
        }
        Ok(())
    }

    fn is_nothing(&self) -> bool {
        self.customer_ids.is_empty() && self.guest_orders.values().all(HashSet::is_empty)
    }

    /// Which parts of a source belong to them.
    fn parts(&self, parts: &DataFrame, key_space: &str, source_index: usize) -> Result<Vec<bool>, PipelineError> {
        let keys = self.keys.get(key_space);
        let orders = self.guest_orders.get(&source_index);
        let is_in = |set: Option<&HashSet<String>>, text: &str| set.is_some_and(|set| set.contains(text));
        Ok(text(parts, "source_key")?
            .iter()
            .zip(text(parts, "order_id")?.iter())
            .map(|(key, order)| match key {
                Some(key) => is_in(keys, key),
                None => is_in(orders, order.unwrap_or_default()),
            })
            .collect())
    }

    /// Which rows with a customer belong to them.
    fn customers(&self, frame: &DataFrame) -> Result<Vec<bool>, PipelineError> {
        let ids = text(frame, "customer_id")?;
        Ok(ids
            .iter()
            .map(|id| id.is_some_and(|id| self.customer_ids.contains(id)))
            .collect())
    }

    /// Which orders of guests belong to them.
    fn guest_orders(&self, frame: &DataFrame) -> Result<Vec<bool>, PipelineError> {
        let sources = int32(frame, "source_index")?;
        let orders = text(frame, "order_id")?;
        Ok(sources
            .iter()
            .zip(orders.iter())
            .map(|(source, order)| {
                let source = source.and_then(|source| usize::try_from(source).ok());
                let of_source = source.and_then(|source| self.guest_orders.get(&source));
                of_source.is_some_and(|orders| orders.contains(order.unwrap_or_default()))
            })
            .collect())
    }

    /// The rows that nothing happened to as they were, and the others made again.
    fn replace(
        &self,
        before: DataFrame,
        again: DataFrame,
        is_touched: impl Fn(&Self, &DataFrame) -> Result<Vec<bool>, PipelineError>,
    ) -> Result<DataFrame, PipelineError> {
        if before.height() == 0 {
            return Ok(again);
        }
        let stays: Vec<bool> = is_touched(self, &before)?.into_iter().map(|touched| !touched).collect();
        stacked([filtered(&before, &stays)?, again])
    }
}

fn filtered(frame: &DataFrame, keep: &[bool]) -> Result<DataFrame, PipelineError> {
    let keep = BooleanChunked::from_slice("keep".into(), keep);
    Ok(frame.filter(&keep).map_err(cartera_table::TableError::from)?)
}
