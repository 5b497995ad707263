//! What customers come to, and the columns that profit adds to them.

use cartera_table::ColumnType;
use cartera_table::frame::{decimal, int64, optional_decimal_column, text};
use polars::prelude::Column;

use super::charges::Charges;
use super::statement::{Statement, Sums};
use crate::error::FeatureError;
use crate::features::CustomerBase;

/// The sums of customers, by row.
#[derive(Debug)]
pub(super) struct CustomerSums {
    pub(super) order_counts: Vec<i128>,
    pub(super) line_counts: Vec<i128>,
    pub(super) gross_sales: Vec<i128>,
    /// Above zero for what came back.
    pub(super) returned_amounts: Vec<i128>,
    pub(super) net_sales: Vec<i128>,
    pub(super) discounts: Vec<i128>,
    /// Null where no line has a cost.
    pub(super) costs_of_goods: Vec<Option<i128>>,
    /// Null likewise.
    pub(super) gross_margins: Vec<Option<i128>>,
}

impl CustomerSums {
    pub(super) fn new(base: &CustomerBase) -> Result<Self, FeatureError> {
        let frame = base.frame();
        let nullable =
            |name: &str| -> Result<Vec<Option<i128>>, FeatureError> { Ok(decimal(frame, name)?.iter().collect()) };
        let sums = |name: &str| -> Result<Vec<i128>, FeatureError> {
            Ok(decimal(frame, name)?.iter().map(Option::unwrap_or_default).collect())
        };
        let counts = |name: &str| -> Result<Vec<i128>, FeatureError> {
            let counts = int64(frame, name)?.iter();
            Ok(counts.map(|count| i128::from(count.unwrap_or_default())).collect())
        };
        Ok(Self {
            order_counts: counts("order_count")?,
            line_counts: counts("line_count")?,
            gross_sales: sums("gross_sales")?,
            returned_amounts: sums("returned_amount")?,
            net_sales: sums("net_sales")?,
            discounts: sums("discount_amount")?,
            costs_of_goods: nullable("cost_of_goods")?,
            gross_margins: nullable("gross_margin")?,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.order_counts.len()
    }

    /// The sales of the lines that have a cost.
    pub(super) fn costed_sales(&self, row: usize) -> i128 {
        self.gross_margins[row].unwrap_or_default() + self.costs_of_goods[row].unwrap_or_default()
    }

    /// All customers together.
    pub(super) fn total(&self) -> Sums {
        Sums {
            gross_sales: self.gross_sales.iter().sum(),
            returned_amount: self.returned_amounts.iter().sum(),
            net_sales: self.net_sales.iter().sum(),
            cost_of_goods: self.costs_of_goods.iter().flatten().sum(),
            costed_sales: (0..self.len()).map(|row| self.costed_sales(row)).sum(),
        }
    }
}

/// What the customer files say of each customer, as it stands among the features; nothing where there is no such file.
pub(super) fn stated<'b>(base: &'b CustomerBase, name: &str) -> Result<Vec<Option<&'b str>>, FeatureError> {
    let frame = base.frame();
    if !frame.schema().contains(name) {
        return Ok(vec![None; frame.height()]);
    }
    Ok(text(frame, name)?.iter().collect())
}

/// Adds the columns; gives the net profit of each customer.
pub(super) fn add_columns(
    base: &mut CustomerBase,
    knows_costs: bool,
    customers: &CustomerSums,
    charges: &Charges,
    statement: &Statement,
) -> Result<Vec<Option<i128>>, FeatureError> {
    let rows = || 0..customers.len();
    // Who bought nothing with a cost has no margin and still costs: left out, the customers would not add up.
    let knows_goods = statement.profit_of_company().is_some();
    let profit = |row: usize| {
        customers.gross_margins[row].unwrap_or_default() - charges.cost_to_serve(row) - charges.acquisition_cost(row)
    };
    let profits: Vec<Option<i128>> = rows().map(|row| knows_goods.then(|| profit(row))).collect();
    let total = statement.profit_of_buyers().filter(|&total| total > 0);
    let shares: Vec<Option<f64>> = profits.iter().map(|profit| share((*profit)?, total?)).collect();
    let sums = |name: &str, of: &dyn Fn(usize) -> i128| {
        let values: Vec<Option<i128>> = rows().map(|row| knows_costs.then(|| of(row))).collect();
        optional_decimal_column(name, values.into_iter(), ColumnType::SUM)
    };
    let columns = vec![
        sums("cost_to_serve", &|row| charges.cost_to_serve(row)),
        sums("acquisition_cost", &|row| charges.acquisition_cost(row)),
        optional_decimal_column("net_profit", profits.iter().copied(), ColumnType::SUM),
        Column::new("profit_share".into(), shares),
    ];
    base.add(columns)?;
    Ok(profits)
}

/// A part of a total above zero; none of another one.
#[expect(clippy::cast_precision_loss, reason = "a share for people and models")]
pub(super) fn share(part: i128, total: i128) -> Option<f64> {
    (total > 0).then(|| part as f64 / total as f64)
}
