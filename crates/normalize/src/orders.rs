//! Parts of orders to orders, one partition of customers at a time.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use cartera_table::contracts::Orders;
use cartera_table::frame::{decimal, int32, int64};
use cartera_table::{
    Aggregate, Aggregation, Batch, Cell, Count, Disposition, Ledger, LineKind, Money, Origin, Party, Step,
};
use polars::prelude::{BooleanChunked, DataFrame, IntoColumn, IntoSeries, NewChunkedArray};

use crate::error::NormalizeError;
use crate::identity::Identity;
use crate::line_kind_params::LineKindValidParams;

/// The pass over parts of orders. Order ids are told apart by source: a shop and a web shop both count from 1.
pub const ORDERS: Aggregation = Aggregation {
    keys: &["customer_id", "source_index", "order_id"],
    aggregates: &[
        Aggregate::min("order_date", "order_date").filtered("counts_as_order"),
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("gross_sales", "amount").filtered("is_gross_sales"),
        Aggregate::sum("returned_amount", "amount").filtered("is_returned"),
        Aggregate::sum("returned_line_count", "line_count").filtered("is_returned"),
        Aggregate::sum("net_sales", "amount").filtered("in_net_sales"),
    ],
};

/// The orders of guests: with no customer, an order id is all that there is.
const GUEST_ORDERS: Aggregation = Aggregation {
    keys: &["source_index", "order_id"],
    aggregates: &[
        Aggregate::sum("order_lines", "line_count").filtered("counts_as_order"),
        Aggregate::sum("net_sales", "amount").filtered("in_net_sales"),
    ],
};

/// The ledger's kept cells.
const KEPT: Aggregation = Aggregation {
    keys: &["source_index", "line_kind"],
    aggregates: &[
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("amount", "amount"),
    ],
};

/// What guests add to the company's totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GuestTotals {
    /// Distinct order ids with a counting line.
    pub order_count: u64,
    /// Amount of their lines in net sales.
    pub net_sales: Money,
}

/// What the parts of one partition come to.
#[derive(Debug)]
pub struct Partition {
    /// The orders of its customers, in no order.
    pub orders: Batch<Orders>,
    /// Its distinct source keys with their customers, a frame a source.
    pub links: Vec<DataFrame>,
    /// Its guests.
    pub guests: GuestTotals,
}

impl Partition {
    /// Makes orders of all parts of a partition, and counts its lines as kept.
    ///
    /// # Errors
    /// When a sum overflows or the engine fails.
    pub fn of_parts(
        parts: Vec<DataFrame>,
        line_kinds: &LineKindValidParams,
        identity: &Identity,
        ledger: &Ledger,
    ) -> Result<Self, NormalizeError> {
        let (mut customers, mut guests, mut links) = (Vec::new(), Vec::new(), Vec::new());
        for parts in one_frame_a_source(parts)? {
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
        count_kept(&customers, Party::Customer, ledger)?;
        count_kept(&guests, Party::Guest, ledger)?;
        // Batches of a partition come from all files: their origin says nothing any more.
        let origin = Origin {
            source_index: 0,
            file_index: 0,
        };
        Ok(Self {
            orders: Batch::new(orders_of(&customers)?, origin)?,
            links,
            guests: guest_totals(&guests)?,
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
fn with_flags(mut frame: DataFrame, line_kinds: &LineKindValidParams) -> Result<DataFrame, NormalizeError> {
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
        flag("is_returned", &LineKind::is_returned),
    ];
    for flag in flags {
        frame.with_column(flag)?;
    }
    Ok(frame)
}

fn count_kept(frames: &[DataFrame], party: Party, ledger: &Ledger) -> Result<(), NormalizeError> {
    if frames.is_empty() {
        return Ok(());
    }
    let kept = KEPT.run(frames)?;
    let keys = int32(&kept, "source_index")?
        .iter()
        .zip(int32(&kept, "line_kind")?.iter());
    let values = int64(&kept, "line_count")?.iter().zip(decimal(&kept, "amount")?.iter());
    for ((source_index, kind), (rows, amount)) in keys.zip(values) {
        let cell = Cell {
            step: Step::Feature,
            source_index: source_index
                .and_then(|index| usize::try_from(index).ok())
                .unwrap_or_default(),
            party: Some(party),
            line_kind: kind.and_then(LineKind::from_code),
            disposition: Disposition::Kept,
            reason: (party == Party::Guest).then_some("no_customer_key"),
        };
        let rows = rows.and_then(|rows| u64::try_from(rows).ok()).unwrap_or_default();
        ledger.add(
            cell,
            Count {
                rows,
                rows_without_amount: 0,
                amount: Money(amount.unwrap_or_default()),
            },
        );
    }
    Ok(())
}

fn guest_totals(guests: &[DataFrame]) -> Result<GuestTotals, NormalizeError> {
    if guests.is_empty() {
        return Ok(GuestTotals::default());
    }
    let orders = GUEST_ORDERS.run(guests)?;
    let order_count = int64(&orders, "order_lines")?
        .iter()
        .filter(|lines| lines.is_some_and(|lines| lines > 0))
        .count();
    let net_sales = decimal(&orders, "net_sales")?.iter().flatten().sum();
    Ok(GuestTotals {
        order_count: order_count as u64,
        net_sales: Money(net_sales),
    })
}
