//! What happened to customers since the last run, so that only those are made again.

use std::collections::{BTreeMap, HashSet};

use cartera_normalize::PartitionRules;
use cartera_table::frame::{int32, text};
use cartera_table::{Ledger, PolicyEffects};
use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use super::boundary::{self, cross};
use super::breadth::BreadthOfRun;
use super::customers::{made_of, numbered_parts, stacked};
use super::inputs::Work;
use super::segments::UsedSegment;
use crate::cache::{CustomersState, SegmentEntry, StatePartition};
use crate::error::PipelineError;

/// What happened since the last run.
pub(super) struct Change {
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
    pub(super) fn since_last_run(work: &Work<'_>, declared: &str, segments: &[UsedSegment]) -> Option<Self> {
        let state = work.cache.customers()?;
        if !state.is_of(declared) {
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

    pub(super) fn is_nothing(&self) -> bool {
        self.gone.is_empty() && self.come.is_empty()
    }

    /// The customers of a partition: those that something happened to made again, the others as they were.
    pub(super) fn partition(
        &self,
        work: &Work<'_>,
        rules: PartitionRules<'_>,
        breadth: &BreadthOfRun,
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
        let (mut again, _) = made_of(parts, Vec::new(), uncounted)?;
        breadth.add_to(work, segments, partition, &mut again.customers, |frame| {
            filtered(&frame, &touched.customers(&frame)?)
        })?;
        Ok(StatePartition {
            customers: touched.replace(before.customers, again.customers, Touched::customers)?,
            customer_days: touched.replace(before.customer_days, again.customer_days, Touched::customers)?,
            guest_orders: touched.replace(before.guest_orders, again.guest_orders, Touched::guest_orders)?,
            links: touched.replace(before.links, again.links, Touched::customers)?,
            channels: touched.replace(before.channels, again.channels, Touched::customers)?,
            last_orders: touched.replace(before.last_orders, again.last_orders, Touched::customers)?,
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
