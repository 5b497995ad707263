//! Parts of orders to customers, partition by partition.
//!
//! Where the customers of an earlier run were made by the same rules, only those are made again whose parts
//! came, went or changed since.

use std::path::PathBuf;

use cartera_feature::{
    CustomerDays, History, HistoryRules, HistoryWindow, MonthlyActivity, PurchaseCounts, customers_of_orders,
    with_history,
};
use cartera_normalize::{
    GuestTotals, MoneyRules, Partition, PartitionRules, ReturnTotals, channels_table, identity_links, items_up_to_day,
    up_to_day,
};
use cartera_table::contracts::{CustomerChannels, IdentityLinks, Products};
use cartera_table::{Batch, Cell, Ledger, PolicyEffects, Table};
use polars::prelude::{Column, DataFrame};
use rayon::prelude::*;

use super::PARTITIONS;
use super::boundary::{self, cross};
use super::breadth::BreadthOfRun;
use super::change::Change;
use super::inputs::Work;
use super::money::has_costs;
use super::segments::UsedSegment;
use crate::cache::{CustomersState, SegmentEntry, StatePartition};
use crate::error::PipelineError;

/// What the partitions come to.
pub(super) struct Customers {
    /// One frame a partition, one row a customer, with what its purchase days tell.
    pub(super) partitions: Vec<DataFrame>,
    /// Purchases of all of them by day.
    pub(super) purchases: PurchaseCounts,
    /// What all of them did by month.
    pub(super) activity: MonthlyActivity,
    /// The source keys of all of them.
    pub(super) links: Table<IdentityLinks>,
    /// What guests add to the company's totals.
    pub(super) guests: GuestTotals,
    /// What customers and guests bought in each channel; nothing where nobody asks.
    pub(super) channels: Table<CustomerChannels>,
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
    window: &HistoryWindow,
    products: &Table<Products>,
) -> Result<Customers, PipelineError> {
    let breadth = BreadthOfRun::new(work, products, window.last_day)?;
    let rules = partition_rules(work, money);
    let costs = if rules.costs.is_some() { "costs" } else { "no costs" };
    let told = work.config.customer_events.per_kind;
    let declared = format!("{} {} {costs} {told}", work.inputs.rules_hash, breadth.hash());
    let history_rules = HistoryRules::new(window, work.config.rhythm, work.config.lifecycle);
    let last_day = work.horizon.last_epoch_day();
    let is_cut_short = |segment: &UsedSegment| segment.entry.facts.last_day.is_some_and(|last| last > last_day);
    // What became of a customer's returns is not kept: where they are matched, all customers are made again.
    let is_whole = !segments.iter().any(is_cut_short) && !work.config.returns.is_matched();
    let change = if is_whole {
        Change::since_last_run(work, &declared, segments)
    } else {
        None
    };
    // Where customers are taken over, their lines were counted when their segments were read; the published
    // customers are counted again in the end.
    let counts_kept = change.is_none();
    for segment in segments {
        segment.enter(work, !counts_kept)?;
    }
    let is_news = is_whole && change.as_ref().is_none_or(|change| !change.is_nothing());
    let make = |partition| -> Result<Made, PipelineError> {
        let (mut state, returns) = match &change {
            Some(change) => {
                let state = change.partition(work, rules, &breadth, segments, partition)?;
                (state, ReturnTotals::default())
            }
            None => {
                let parts = parts_of(work, segments, partition, &work.books.ledger, last_day)?;
                let items = items_of(work, segments, partition, last_day)?;
                let (mut made, returns) = made_of(parts, items, rules)?;
                breadth.add_to(work, segments, partition, &mut made.customers, Ok)?;
                (made, returns)
            }
        };
        let then = customer_days_at_cut(work, rules, segments, partition, window)?;
        let days = CustomerDays {
            known: &state.customer_days,
            known_at_cut: then.as_ref(),
        };
        let history = with_history(state.customers.clone(), days, &history_rules)?;
        if !is_news {
            state.customer_days = DataFrame::default();
        }
        Ok(Made {
            state,
            returns,
            history,
        })
    };
    let mut taken = Taken::default();
    let mut starts = (0..PARTITIONS).step_by(AT_ONCE);
    let next = || -> Result<Option<Vec<StatePartition>>, PipelineError> {
        let Some(start) = starts.next() else {
            return Ok(None);
        };
        let places = start..(start + AT_ONCE).min(PARTITIONS);
        let made: Vec<Made> = places.into_par_iter().map(make).collect::<Result<_, _>>()?;
        if let Some(events) = work.events {
            events.add_orders(made.iter().map(|made| &made.state.last_orders))?;
        }
        let states = made.into_iter().map(|made| taken.take(work, made));
        Ok(Some(states.collect::<Result<_, PipelineError>>()?))
    };
    let state = if is_news {
        Some(NewState::write(work, &declared, names_of(segments), next)?)
    } else {
        let mut next = next;
        while next()?.is_some() {}
        None
    };
    Ok(Customers {
        partitions: taken.partitions,
        purchases: taken.purchases,
        activity: taken.activity,
        links: identity_links(taken.links)?,
        guests: taken.guests,
        channels: channels_table(taken.channels, taken.guest_orders)?,
        returns: taken.returns,
        state,
    })
}

/// Partitions that are made together: the days of their customers are in memory at a time.
const AT_ONCE: usize = 16;

/// One partition, made.
struct Made {
    state: StatePartition,
    returns: ReturnTotals,
    /// What the days of its customers tell.
    history: History,
}

/// What is taken of all partitions, in their order.
#[derive(Default)]
struct Taken {
    partitions: Vec<DataFrame>,
    purchases: PurchaseCounts,
    activity: MonthlyActivity,
    links: Vec<DataFrame>,
    guests: GuestTotals,
    channels: Vec<DataFrame>,
    guest_orders: Vec<DataFrame>,
    returns: ReturnTotals,
}

impl Taken {
    /// Takes what the run needs of a partition and leaves what the next one may take over.
    fn take(&mut self, work: &Work<'_>, made: Made) -> Result<StatePartition, PipelineError> {
        let Made {
            state,
            returns,
            history,
        } = made;
        self.partitions.push(history.customers);
        self.purchases.merge(&history.purchases);
        self.activity.merge(history.activity)?;
        self.returns.add(&returns);
        self.guests.add(&GuestTotals::of(&state.guest_orders)?);
        if work.inputs.by_channel {
            self.channels.push(state.channels.clone());
            self.guest_orders.push(state.guest_orders.clone());
        }
        self.links
            .extend(Some(state.links.clone()).filter(|links| links.height() > 0));
        Ok(state)
    }
}

/// Customers that the next run may take over, once they are found to be right.
pub(super) struct NewState {
    written: PathBuf,
}

impl NewState {
    fn write(
        work: &Work<'_>,
        declared: &str,
        segments: Vec<(usize, String)>,
        next: impl FnMut() -> Result<Option<Vec<StatePartition>>, PipelineError>,
    ) -> Result<Self, PipelineError> {
        let written = work.cache.customers_path().with_extension("next");
        CustomersState::write(&written, declared, segments, next)?;
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

/// The parts of a partition up to a day; what lies behind is counted.
pub(super) fn parts_of(
    work: &Work<'_>,
    segments: &[UsedSegment],
    partition: usize,
    ledger: &Ledger,
    last_day: i32,
) -> Result<Vec<DataFrame>, PipelineError> {
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

/// The days of a partition as they were known at the cut, where orders that were returned since are no
/// orders any more: all that was known then is looked at anew.
fn customer_days_at_cut(
    work: &Work<'_>,
    rules: PartitionRules<'_>,
    segments: &[UsedSegment],
    partition: usize,
    window: &HistoryWindow,
) -> Result<Option<DataFrame>, PipelineError> {
    let Some(cut) = window.cut.filter(|_| work.config.returns.drops_returned_orders()) else {
        return Ok(None);
    };
    // Their lines are counted already.
    let (ledger, effects) = (Ledger::default(), PolicyEffects::default());
    let uncounted = PartitionRules {
        ledger: &ledger,
        effects: &effects,
        last_orders: 0,
        ..rules
    };
    let parts = parts_of(work, segments, partition, &ledger, cut)?;
    let items = items_of(work, segments, partition, cut)?;
    Ok(Some(Partition::of_parts(parts, items, uncounted)?.customer_days))
}

pub(super) fn partition_rules<'w>(work: &Work<'w>, money: &MoneyRules) -> PartitionRules<'w> {
    PartitionRules {
        line_kinds: &work.config.order_lines,
        identity: &work.inputs.identity,
        currency: work.config.currency,
        costs: has_costs(work, money).then_some(&work.config.costs),
        returns: &work.config.returns,
        by_channel: work.inputs.by_channel,
        last_orders: work.config.customer_events.rows().unwrap_or(0),
        ledger: &work.books.ledger,
        effects: &work.books.effects,
    }
}

/// The items of a partition up to a day; nothing where returns are not matched.
pub(super) fn items_of(
    work: &Work<'_>,
    segments: &[UsedSegment],
    partition: usize,
    last_day: i32,
) -> Result<Vec<DataFrame>, PipelineError> {
    let mut frames = Vec::new();
    for segment in segments.iter().filter(|_| work.config.returns.is_matched()) {
        if let Some(items) = segment.entry.items(partition, PARTITIONS)? {
            let items = items_up_to_day(items, last_day)?;
            frames.push(numbered(items, segment.origin.source_index)?);
        }
    }
    Ok(frames)
}

/// The parts of a segment, with the place that their source has in the pipeline today.
pub(super) fn numbered_parts(
    entry: &SegmentEntry,
    source_index: usize,
    partition: usize,
) -> Result<Option<DataFrame>, PipelineError> {
    let parts = entry.parts(partition)?;
    parts.map(|parts| numbered(parts, source_index)).transpose()
}

pub(super) fn numbered(mut frame: DataFrame, source_index: usize) -> Result<DataFrame, PipelineError> {
    let number = i32::try_from(source_index).unwrap_or(i32::MAX);
    let column = Column::new_scalar("source_index".into(), number.into(), frame.height());
    frame.with_column(column).map_err(cartera_table::TableError::from)?;
    Ok(frame)
}

pub(super) fn made_of(
    parts: Vec<DataFrame>,
    items: Vec<DataFrame>,
    rules: PartitionRules<'_>,
) -> Result<(StatePartition, ReturnTotals), PipelineError> {
    let partition = Partition::of_parts(parts, items, rules)?;
    let origin = partition.orders.origin();
    let orders = Batch::new(cross(boundary::ORDERS, partition.orders.into_frame()), origin)?;
    let made = StatePartition {
        customers: cross(boundary::CUSTOMERS, customers_of_orders(&orders)?),
        customer_days: partition.customer_days,
        guest_orders: partition.guest_orders,
        links: stacked(partition.links)?,
        channels: partition.channels,
        last_orders: partition.last_orders,
    };
    Ok((made, partition.returns))
}

pub(super) fn stacked(frames: impl IntoIterator<Item = DataFrame>) -> Result<DataFrame, PipelineError> {
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
