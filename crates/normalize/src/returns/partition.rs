//! The returns of one partition of customers, matched with its sales.

use std::collections::{BTreeSet, HashMap};

use cartera_table::frame::{dates, decimal, int32, int64, text};
use cartera_table::{Aggregate, Aggregation, Effect, LineKind, Money, PolicyEffects, TableError, ratio_half_even};
use polars::prelude::DataFrame;

use super::matching::{Goods, matches};
use super::params::ReturnsValidParams;
use crate::error::NormalizeError;
use crate::identity::Identity;
use crate::line_kind_params::LineKindValidParams;

/// The pass over the items of a partition, whatever batches they came in.
const ITEMS: Aggregation = Aggregation {
    keys: &[
        "customer_id",
        "product_id",
        "order_date",
        "source_index",
        "order_id",
        "line_kind",
    ],
    aggregates: &[
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("quantity", "quantity"),
        Aggregate::sum("amount", "amount"),
    ],
};

/// The pass over the items of guests: who is not known can have bought nothing.
const GUEST_ITEMS: Aggregation = Aggregation {
    keys: &["source_index", "line_kind"],
    aggregates: &[
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("amount", "amount"),
    ],
};

/// What matching came to. Lines merged to one item share its lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReturnTotals {
    /// Lines of returns that undo sales in full.
    pub matched_rows: u64,
    /// Lines of returns of more than had been sold.
    pub partly_matched_rows: u64,
    /// Lines of returns without a sale.
    pub unmatched_rows: u64,
    /// Lines of returns without a customer, a product or a quantity.
    pub not_matchable_rows: u64,
    /// What of the returned amount undoes sales; negative, as on the lines.
    pub matched_amount: Money,
    /// The rest of it.
    pub unmatched_amount: Money,
    /// Orders of which nothing was kept.
    pub fully_returned_orders: u64,
}

impl ReturnTotals {
    /// Adds those of another partition.
    pub fn add(&mut self, other: &Self) {
        self.matched_rows += other.matched_rows;
        self.partly_matched_rows += other.partly_matched_rows;
        self.unmatched_rows += other.unmatched_rows;
        self.not_matchable_rows += other.not_matchable_rows;
        self.matched_amount.0 += other.matched_amount.0;
        self.unmatched_amount.0 += other.unmatched_amount.0;
        self.fully_returned_orders += other.fully_returned_orders;
    }
}

/// Customer, place of the source, order id.
pub(crate) type OrderKey = (String, i32, String);

/// What matching the returns of a partition found.
#[derive(Debug, Default)]
pub(crate) struct MatchedReturns {
    pub(crate) totals: ReturnTotals,
    /// The orders of which nothing was kept.
    pub(crate) fully_returned: BTreeSet<OrderKey>,
}

/// Matches the returns of a partition, which holds all items of its customers, and counts what came of it.
pub(crate) fn match_returns(
    items: Vec<DataFrame>,
    params: &ReturnsValidParams,
    line_kinds: &LineKindValidParams,
    identity: &Identity,
    effects: &PolicyEffects,
) -> Result<MatchedReturns, NormalizeError> {
    let (mut of_customers, mut of_guests) = (Vec::new(), Vec::new());
    for frame in items.into_iter().filter(|frame| frame.height() > 0) {
        let is_guest = frame.column("source_key")?.is_null();
        let mut known = if is_guest.any() {
            of_guests.push(frame.filter(&is_guest)?);
            frame.filter(&!&is_guest)?
        } else {
            frame
        };
        known.with_column(identity.customer_ids(&known)?)?;
        of_customers.push(known);
    }
    // Of no frames it makes an empty one.
    let customers = ITEMS.run(&of_customers)?;
    drop(of_customers);
    let items = sorted_items(&customers)?;
    let mut found = Finding {
        params,
        line_kinds,
        effects,
        totals: ReturnTotals::default(),
        sold: HashMap::new(),
    };
    if !of_guests.is_empty() {
        let guests = GUEST_ITEMS.run(&of_guests)?;
        for row in 0..guests.height() {
            if kind(&guests, row)?.is_returned() {
                let amount = decimal(&guests, "amount")?.get(row).unwrap_or_default();
                found.count(source(&guests, row)?, Lot::NotMatchable, lines(&guests, row)?, amount);
            }
        }
    }
    for group in items.chunk_by(Item::is_same_product) {
        found.group(group)?;
    }
    Ok(found.finish())
}

fn kind(frame: &DataFrame, row: usize) -> Result<LineKind, NormalizeError> {
    let code = int32(frame, "line_kind")?.get(row);
    Ok(code.and_then(LineKind::from_code).unwrap_or(LineKind::Adjustment))
}

fn source(frame: &DataFrame, row: usize) -> Result<i32, NormalizeError> {
    Ok(int32(frame, "source_index")?.get(row).unwrap_or_default())
}

fn lines(frame: &DataFrame, row: usize) -> Result<u64, NormalizeError> {
    let lines = int64(frame, "line_count")?.get(row).unwrap_or_default();
    Ok(u64::try_from(lines).unwrap_or_default())
}

/// One product of an order of a customer, on one day and of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Item<'i> {
    // The order of the fields is the total order in which items are looked at.
    customer_id: &'i str,
    product_id: Option<&'i str>,
    day: i32,
    source_index: i32,
    order_id: &'i str,
    kind: LineKind,
    lines: u64,
    quantity: i128,
    amount: i128,
}

impl Item<'_> {
    fn is_same_product(&self, other: &Self) -> bool {
        (self.customer_id, self.product_id) == (other.customer_id, other.product_id)
    }
}

/// The items of a partition in their total order.
fn sorted_items(frame: &DataFrame) -> Result<Vec<Item<'_>>, NormalizeError> {
    if frame.height() == 0 {
        return Ok(Vec::new());
    }
    let keys = text(frame, "customer_id")?
        .iter()
        .zip(text(frame, "product_id")?.iter());
    let orders = dates(frame, "order_date")?.iter().zip(text(frame, "order_id")?.iter());
    let values = decimal(frame, "quantity")?.iter().zip(decimal(frame, "amount")?.iter());
    let mut items = Vec::with_capacity(frame.height());
    for (row, (((customer_id, product_id), (day, order_id)), (quantity, amount))) in
        keys.zip(orders).zip(values).enumerate()
    {
        items.push(Item {
            customer_id: customer_id.unwrap_or_default(),
            product_id,
            day: day.unwrap_or_default(),
            source_index: source(frame, row)?,
            order_id: order_id.unwrap_or_default(),
            kind: kind(frame, row)?,
            lines: lines(frame, row)?,
            quantity: quantity.unwrap_or_default(),
            amount: amount.unwrap_or_default(),
        });
    }
    items.sort_unstable();
    Ok(items)
}

/// What became of returned lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lot {
    Matched,
    PartlyMatched,
    Unmatched,
    NotMatchable,
}

impl Lot {
    fn slug(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::PartlyMatched => "partly_matched",
            Self::Unmatched => "unmatched",
            Self::NotMatchable => "not_matchable",
        }
    }
}

/// Units that an order sold and that came back.
#[derive(Debug, Clone, Copy, Default)]
struct Sold {
    quantity: i128,
    returned: i128,
    /// It has lines of which nobody can say whether they came back.
    is_open: bool,
}

/// What was found so far.
struct Finding<'f> {
    params: &'f ReturnsValidParams,
    line_kinds: &'f LineKindValidParams,
    effects: &'f PolicyEffects,
    totals: ReturnTotals,
    /// By customer, source and order.
    sold: HashMap<(&'f str, i32, &'f str), Sold>,
}

impl<'f> Finding<'f> {
    /// Matches the items of one customer and product.
    fn group(&mut self, group: &[Item<'f>]) -> Result<(), NormalizeError> {
        let (returns, sales): (Vec<Item<'_>>, Vec<Item<'_>>) = group.iter().partition(|item| item.kind.is_returned());
        let is_known = group.first().is_some_and(|item| item.product_id.is_some());
        let mut returned_of_sales = vec![0; sales.len()];
        let mut matched_of_returns = vec![0; returns.len()];
        if is_known && !returns.is_empty() {
            for found in matches(&goods(&sales), &goods(&returns), self.params.max_days()) {
                returned_of_sales[found.sale] += found.quantity;
                matched_of_returns[found.returned] += found.quantity;
            }
        }
        for (item, matched) in returns.iter().zip(matched_of_returns) {
            self.count_return(item, matched)?;
        }
        for (item, returned) in sales.iter().zip(returned_of_sales) {
            // What makes no order cannot keep one alive: a gift that stays with the customer.
            if self.line_kinds.flags(item.kind).counts_as_order {
                let key = (item.customer_id, item.source_index, item.order_id);
                let sold = self.sold.entry(key).or_default();
                sold.quantity += item.quantity;
                sold.returned += returned;
                sold.is_open |= !is_known;
            }
        }
        Ok(())
    }

    fn count_return(&mut self, item: &Item<'_>, matched: i128) -> Result<(), NormalizeError> {
        let lot = match matched {
            _ if item.product_id.is_none() => Lot::NotMatchable,
            0 => Lot::Unmatched,
            matched if matched == item.quantity => Lot::Matched,
            _ => Lot::PartlyMatched,
        };
        if lot == Lot::PartlyMatched {
            // Rounded once, and the rest is what is left, so that both add up to the whole.
            let undone = item.amount.checked_mul(matched);
            let undone = undone.and_then(|product| ratio_half_even(product, item.quantity));
            let undone = undone.ok_or_else(|| TableError::Overflow {
                what: format!("returned amount of order {}", item.order_id),
            })?;
            self.totals.matched_amount.0 += undone;
            self.totals.unmatched_amount.0 += item.amount - undone;
        }
        self.count(item.source_index, lot, item.lines, item.amount);
        Ok(())
    }

    fn count(&mut self, source_index: i32, lot: Lot, lines: u64, amount: i128) {
        let totals = &mut self.totals;
        match lot {
            Lot::Matched => {
                totals.matched_rows += lines;
                totals.matched_amount.0 += amount;
            }
            Lot::PartlyMatched => totals.partly_matched_rows += lines,
            Lot::Unmatched => {
                totals.unmatched_rows += lines;
                totals.unmatched_amount.0 += amount;
            }
            Lot::NotMatchable => {
                totals.not_matchable_rows += lines;
                totals.unmatched_amount.0 += amount;
            }
        }
        let effect = Effect {
            policy: "returns",
            effect: lot.slug(),
            source_index: usize::try_from(source_index).unwrap_or_default(),
        };
        self.effects.add(effect, lines, Money(amount));
    }

    fn finish(self) -> MatchedReturns {
        let fully_returned: BTreeSet<OrderKey> = self
            .sold
            .into_iter()
            .filter(|(_, sold)| !sold.is_open && sold.quantity > 0 && sold.returned == sold.quantity)
            .map(|((customer_id, source_index, order_id), _)| {
                (customer_id.to_owned(), source_index, order_id.to_owned())
            })
            .collect();
        let totals = ReturnTotals {
            fully_returned_orders: fully_returned.len() as u64,
            ..self.totals
        };
        MatchedReturns { totals, fully_returned }
    }
}

fn goods(items: &[Item<'_>]) -> Vec<Goods> {
    let of = |item: &Item<'_>| Goods {
        day: item.day,
        quantity: item.quantity,
    };
    items.iter().map(of).collect()
}
