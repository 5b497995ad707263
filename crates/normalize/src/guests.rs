//! The orders of guests, and what they add to the company's totals.

use std::collections::HashSet;

use cartera_table::frame::{decimal, int32, int64, text};
use cartera_table::{Aggregate, Aggregation, Money};
use polars::prelude::DataFrame;

use crate::error::NormalizeError;

/// The orders of guests: with no customer, an order id is all that there is.
const GUEST_ORDERS: Aggregation = Aggregation {
    keys: &["source_index", "order_id", "channel"],
    aggregates: &[
        Aggregate::sum("order_lines", "line_count").filtered("counts_as_order"),
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("gross_sales", "amount").filtered("is_gross_sales"),
        Aggregate::sum("returned_amount", "amount").filtered("is_returned"),
        Aggregate::sum("net_sales", "amount").filtered("in_net_sales"),
        Aggregate::sum("cost_of_goods", "cost").filtered("in_margin"),
        Aggregate::sum("costed_sales", "costed_amount").filtered("in_margin"),
    ],
};

/// What guests add to the company's totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GuestTotals {
    /// Distinct order ids with a counting line.
    pub order_count: u64,
    /// Lines of every kind.
    pub line_count: u64,
    /// Amount of the lines that count as orders and are in net sales.
    pub gross_sales: Money,
    /// Amount of returns and cancellations, negative as on the line.
    pub returned_amount: Money,
    /// Amount of their lines in net sales.
    pub net_sales: Money,
    /// Cost of their lines in margin that have one.
    pub cost_of_goods: Money,
    /// Amount of these lines.
    pub costed_sales: Money,
}

pub(crate) fn guest_orders(guests: &[DataFrame]) -> Result<DataFrame, NormalizeError> {
    if guests.is_empty() {
        return Ok(DataFrame::default());
    }
    Ok(GUEST_ORDERS.run(guests)?)
}

impl GuestTotals {
    /// What the orders of guests of a partition come to.
    ///
    /// # Errors
    /// When a column is not there.
    pub fn of(guest_orders: &DataFrame) -> Result<Self, NormalizeError> {
        if guest_orders.height() == 0 {
            return Ok(Self::default());
        }
        let sum = |name: &str| -> Result<Money, NormalizeError> {
            Ok(Money(decimal(guest_orders, name)?.iter().flatten().sum()))
        };
        let ids = int32(guest_orders, "source_index")?
            .iter()
            .zip(text(guest_orders, "order_id")?.iter());
        // An order of several channels has several rows.
        let orders: HashSet<_> = int64(guest_orders, "order_lines")?
            .iter()
            .zip(ids)
            .filter_map(|(lines, id)| (lines? > 0).then_some(id))
            .collect();
        let lines: i64 = int64(guest_orders, "line_count")?.iter().flatten().sum();
        Ok(Self {
            order_count: orders.len() as u64,
            line_count: u64::try_from(lines).unwrap_or_default(),
            gross_sales: sum("gross_sales")?,
            returned_amount: sum("returned_amount")?,
            net_sales: sum("net_sales")?,
            cost_of_goods: sum("cost_of_goods")?,
            costed_sales: sum("costed_sales")?,
        })
    }

    /// Adds those of another partition.
    pub fn add(&mut self, other: &Self) {
        self.order_count += other.order_count;
        self.line_count += other.line_count;
        for (sum, part) in [
            (&mut self.gross_sales, other.gross_sales),
            (&mut self.returned_amount, other.returned_amount),
            (&mut self.net_sales, other.net_sales),
            (&mut self.cost_of_goods, other.cost_of_goods),
            (&mut self.costed_sales, other.costed_sales),
        ] {
            sum.0 += part.0;
        }
    }
}
