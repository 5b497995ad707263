//! Parts of orders to orders, one partition of customers at a time.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use cartera_table::contracts::Orders;
use cartera_table::frame::{date_column, dates, decimal, int32, int64};
use cartera_table::{
    Aggregate, Aggregation, Batch, Cell, Count, Currency, Disposition, Ledger, LineKind, Money, Origin, Party,
    PolicyEffects, Step,
};
use polars::prelude::{BooleanChunked, DataFrame, Int32Chunked, IntoColumn, IntoSeries, NewChunkedArray};

use crate::channels::customer_channels;
use crate::costs::CostValidParams;
use crate::customer_days::customer_days;
use crate::effects::{effects_of, place, whole};
use crate::error::NormalizeError;
use crate::guests::guest_orders;
use crate::identity::Identity;
use crate::last_orders::last_orders;
use crate::line_kind_params::LineKindValidParams;
use crate::parts::completed;
use crate::returns::{MatchedReturns, OrderKey, ReturnTotals, ReturnsValidParams, is_of_orders, match_returns};

/// The pass over parts of orders. Order ids are told apart by source: a shop and a web shop both count from 1.
pub const ORDERS: Aggregation = Aggregation {
    keys: &["customer_id", "source_index", "order_id"],
    aggregates: &[
        Aggregate::min("order_date", "order_date").filtered("counts_as_order"),
        Aggregate::max("last_line_date", "order_date"),
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("gross_sales", "amount").filtered("is_gross_sales"),
        Aggregate::sum("returned_amount", "amount").filtered("is_returned"),
        Aggregate::sum("returned_line_count", "line_count").filtered("is_returned"),
        Aggregate::sum("net_sales", "amount").filtered("in_net_sales"),
        Aggregate::sum("cost_of_goods", "cost").filtered("in_margin"),
        Aggregate::sum("costed_sales", "costed_amount").filtered("in_margin"),
        Aggregate::sum("costed_line_count", "costed_line_count").filtered("in_margin"),
        Aggregate::sum("lines_without_cost", "lines_without_cost").filtered("in_margin"),
        Aggregate::sum("discount_amount", "discount_amount"),
        Aggregate::sum("discount_line_count", "discount_line_count"),
    ],
};

/// The ledger's kept cells.
const KEPT: Aggregation = Aggregation {
    keys: &["source_index", "line_kind", "currency"],
    aggregates: &[
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("amount", "amount"),
        Aggregate::sum("original_amount", "original_amount"),
    ],
};

/// What the parts of one partition come to.
#[derive(Debug)]
pub struct Partition {
    /// The orders of its customers, in no order.
    pub orders: Batch<Orders>,
    /// What its customers did by day, one row a customer and day with a line, in no order.
    pub customer_days: DataFrame,
    /// Its distinct source keys with their customers, a frame a source.
    pub links: Vec<DataFrame>,
    /// The orders of its guests: one row a source, order id and channel.
    pub guest_orders: DataFrame,
    /// What its customers bought in each channel: one row a customer and channel; empty where nobody asks.
    pub channels: DataFrame,
    /// The last orders of its customers; empty where nobody asks.
    pub last_orders: DataFrame,
    /// Its returns; zero where they are not matched.
    pub returns: ReturnTotals,
}

/// What holds for all partitions, and where they are counted.
#[derive(Clone, Copy)]
pub struct PartitionRules<'r> {
    /// What kinds of lines mean.
    pub line_kinds: &'r LineKindValidParams,
    /// The customers of source keys.
    pub identity: &'r Identity,
    /// The pipeline's currency.
    pub currency: Currency,
    /// What to do where no cost is stated; none where no source knows costs.
    pub costs: Option<&'r CostValidParams>,
    /// Whether returns are matched with sales, and what that changes.
    pub returns: &'r ReturnsValidParams,
    /// Whether what customers bought in each channel is asked for.
    pub by_channel: bool,
    /// How many of the last orders of each customer are asked for.
    pub last_orders: usize,
    /// Takes the counts of lines that are kept.
    pub ledger: &'r Ledger,
    /// Takes what policies did to them.
    pub effects: &'r PolicyEffects,
}

impl Partition {
    /// Makes orders of all parts of a partition, and counts its lines as kept. The items are those of the same
    /// customers; there are none where returns are not matched.
    ///
    /// # Errors
    /// When a sum overflows or the engine fails.
    pub fn of_parts(
        parts: Vec<DataFrame>,
        items: Vec<DataFrame>,
        rules: PartitionRules<'_>,
    ) -> Result<Self, NormalizeError> {
        let PartitionRules {
            line_kinds, identity, ..
        } = rules;
        let (mut customers, mut guests, mut links) = (Vec::new(), Vec::new(), Vec::new());
        for parts in one_frame_a_source(parts)? {
            let parts = completed(parts, rules.currency)?;
            let is_guest = parts.column("source_key")?.is_null();
            let of_customers = if is_guest.any() {
                guests.push(with_flags(parts.filter(&is_guest)?, line_kinds)?);
                parts.filter(&!&is_guest)?
            } else {
                parts
            };
            links.push(identity.links_of(&of_customers)?);
            let mut of_customers = with_flags(of_customers, line_kinds)?;
            of_customers.with_column(identity.customer_ids(&of_customers)?)?;
            customers.push(of_customers);
        }
        count_kept(&customers, Party::Customer, rules)?;
        count_kept(&guests, Party::Guest, rules)?;
        let matched = match rules.returns.is_matched() {
            true => match_returns(items, rules.returns, line_kinds, identity, rules.effects)?,
            false => MatchedReturns::default(),
        };
        let dropped = if rules.returns.drops_returned_orders() {
            &matched.fully_returned
        } else {
            &BTreeSet::new()
        };
        let orders = orders_of(&customers)?;
        // Before the days go: what came back whole was ordered on a day all the same.
        let last_orders = last_orders(&orders, dropped, rules.last_orders)?;
        let orders = without_days(orders, dropped)?;
        let customer_days = customer_days(&customers, &orders, dropped, rules.costs.is_some())?;
        // Batches of a partition come from all files: their origin says nothing any more.
        let origin = Origin {
            source_index: 0,
            file_index: 0,
        };
        Ok(Self {
            last_orders,
            orders: Batch::new(orders, origin)?,
            customer_days,
            links,
            guest_orders: guest_orders(&guests)?,
            channels: match rules.by_channel {
                true => customer_channels(&customers, dropped)?,
                false => DataFrame::default(),
            },
            returns: matched.totals,
        })
    }
}

fn orders_of(customers: &[DataFrame]) -> Result<DataFrame, NormalizeError> {
    if !customers.is_empty() {
        return Ok(ORDERS.run(customers)?);
    }
    Ok(DataFrame::empty_with_schema(&cartera_table::frame::schema(
        &<Orders as cartera_table::Contract>::INFO,
    )))
}

/// Takes the date from orders of which nothing was kept: they are orders no more, and their lines stay.
fn without_days(mut orders: DataFrame, dropped: &BTreeSet<OrderKey>) -> Result<DataFrame, NormalizeError> {
    if dropped.is_empty() {
        return Ok(orders);
    }
    let is_dropped = is_of_orders(&orders, dropped)?;
    let days = dates(&orders, "order_date")?.iter().zip(is_dropped);
    let days: Vec<Option<i32>> = days.map(|(day, is_dropped)| day.filter(|_| !is_dropped)).collect();
    let days = Int32Chunked::from_iter_options("order_date".into(), days.into_iter());
    orders.with_column(date_column("order_date", days))?;
    Ok(orders)
}

/// Parts of one source in one frame of one piece each, so that each pass runs over long columns.
fn one_frame_a_source(parts: Vec<DataFrame>) -> Result<Vec<DataFrame>, NormalizeError> {
    let mut by_source: BTreeMap<Option<i32>, DataFrame> = BTreeMap::new();
    for frame in parts.into_iter().filter(|frame| frame.height() > 0) {
        // The parts of one frame come from one batch, and so from one source.
        let source_index = int32(&frame, "source_index")?.iter().next().flatten();
        match by_source.entry(source_index) {
            Entry::Vacant(entry) => drop(entry.insert(frame)),
            Entry::Occupied(mut entry) => drop(entry.get_mut().vstack_mut_owned(frame)?),
        }
    }
    let mut frames: Vec<DataFrame> = by_source.into_values().collect();
    for frame in &mut frames {
        frame.rechunk_mut();
    }
    Ok(frames)
}

/// Adds what each kind stands for as columns, so that aggregates filter on plain flags.
pub(crate) fn with_flags(mut frame: DataFrame, line_kinds: &LineKindValidParams) -> Result<DataFrame, NormalizeError> {
    let kinds: Vec<LineKind> = int32(&frame, "line_kind")?
        .iter()
        .map(|code| code.and_then(LineKind::from_code).unwrap_or(LineKind::Adjustment))
        .collect();
    let flag = |name: &str, of: &dyn Fn(LineKind) -> bool| {
        let by_code = LineKind::ALL.map(of);
        let values: Vec<bool> = kinds.iter().map(|&kind| by_code[kind as usize]).collect();
        BooleanChunked::from_slice(name.into(), &values)
            .into_series()
            .into_column()
    };
    let flags = [
        flag("counts_as_order", &|kind| line_kinds.flags(kind).counts_as_order),
        flag("in_net_sales", &|kind| line_kinds.flags(kind).in_net_sales),
        flag("is_gross_sales", &|kind| {
            line_kinds.flags(kind).counts_as_order && line_kinds.flags(kind).in_net_sales
        }),
        flag("in_margin", &|kind| line_kinds.flags(kind).in_margin),
        flag("is_returned", &LineKind::is_returned),
    ];
    for flag in flags {
        frame.with_column(flag)?;
    }
    Ok(frame)
}

fn count_kept(frames: &[DataFrame], party: Party, rules: PartitionRules<'_>) -> Result<(), NormalizeError> {
    if frames.is_empty() {
        return Ok(());
    }
    let kept = KEPT.run(frames)?;
    let keys = int32(&kept, "source_index")?
        .iter()
        .zip(int32(&kept, "line_kind")?.iter())
        .zip(int32(&kept, "currency")?.iter());
    let amounts = decimal(&kept, "amount")?
        .iter()
        .zip(decimal(&kept, "original_amount")?.iter());
    let values = int64(&kept, "line_count")?.iter().zip(amounts);
    for (((source_index, kind), currency), (rows, (amount, original_amount))) in keys.zip(values) {
        let source_index = place(source_index);
        let currency = currency.and_then(Currency::from_code);
        let cell = Cell {
            step: Step::Feature,
            source_index,
            party: Some(party),
            line_kind: kind.and_then(LineKind::from_code),
            disposition: Disposition::Kept,
            reason: (party == Party::Guest).then_some("no_customer_key"),
            currency,
        };
        let amount = Money(amount.unwrap_or_default());
        let count = Count {
            rows: whole(rows),
            rows_without_amount: 0,
            amount: Money(original_amount.unwrap_or_default()),
            converted_amount: Some(amount),
        };
        rules.ledger.add(cell, count);
    }
    for (effect, count) in effects_of(frames, rules.costs, rules.currency)? {
        rules.effects.add(effect, count.rows, count.amount);
    }
    Ok(())
}
