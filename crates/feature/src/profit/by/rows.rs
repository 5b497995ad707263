//! The rows of a dimension: what the lines of each value come to.

use std::collections::BTreeMap;

use cartera_table::Dimension;
use cartera_table::frame::{decimal, int32, int64, text};

use super::super::ProfitInputs;
use crate::error::FeatureError;

/// What the lines of a value come to, and what it is charged with.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    pub(super) line_count: i128,
    pub(super) order_line_count: i128,
    pub(super) gross_sales: i128,
    /// Above zero.
    pub(super) returned_amount: i128,
    pub(super) net_sales: i128,
    pub(super) cost_of_goods: i128,
    pub(super) costed_sales: i128,
    pub(super) discount_amount: i128,
    pub(super) cost_to_serve: i128,
    pub(super) acquisition_cost: i128,
}

impl Row {
    pub(super) fn fields(&mut self) -> [&mut i128; 10] {
        [
            &mut self.line_count,
            &mut self.order_line_count,
            &mut self.gross_sales,
            &mut self.returned_amount,
            &mut self.net_sales,
            &mut self.cost_of_goods,
            &mut self.costed_sales,
            &mut self.discount_amount,
            &mut self.cost_to_serve,
            &mut self.acquisition_cost,
        ]
    }

    pub(super) fn add(&mut self, mut other: Self, sign: i128) {
        for (sum, part) in self.fields().into_iter().zip(other.fields()) {
            *sum += sign * *part;
        }
    }
}

/// Rows by value; nothing is known of those without one.
pub(super) type Rows = BTreeMap<Option<String>, Row>;

/// All values together.
pub(super) fn total(rows: &Rows) -> Row {
    let mut total = Row::default();
    rows.values().for_each(|row| total.add(*row, 1));
    total.order_line_count = 0;
    total
}

/// The rows of each dimension, before they are charged with anything.
pub(super) fn sales_by_dimension(inputs: &ProfitInputs<'_>) -> Result<BTreeMap<Dimension, Rows>, FeatureError> {
    let frame = inputs.sales.frame();
    let count = |name: &str| int64(frame, name);
    let sum = |name: &str| decimal(frame, name);
    let (lines, order_lines) = (count("line_count")?, count("order_line_count")?);
    let (gross, returned, net) = (sum("gross_sales")?, sum("returned_amount")?, sum("net_sales")?);
    let (cost, costed, discount) = (sum("cost_of_goods")?, sum("costed_sales")?, sum("discount_amount")?);
    let mut all: BTreeMap<Dimension, Rows> = BTreeMap::new();
    let keys = int32(frame, "dimension")?.iter().zip(text(frame, "value")?.iter());
    for (place, (dimension, value)) in keys.enumerate() {
        let Some(dimension) = dimension.and_then(Dimension::from_code) else {
            continue;
        };
        let row = Row {
            line_count: lines.get(place).unwrap_or_default().into(),
            order_line_count: order_lines.get(place).unwrap_or_default().into(),
            gross_sales: gross.get(place).unwrap_or_default(),
            returned_amount: -returned.get(place).unwrap_or_default(),
            net_sales: net.get(place).unwrap_or_default(),
            cost_of_goods: cost.get(place).unwrap_or_default(),
            costed_sales: costed.get(place).unwrap_or_default(),
            discount_amount: discount.get(place).unwrap_or_default(),
            ..Row::default()
        };
        all.entry(dimension).or_default().insert(value.map(str::to_owned), row);
    }
    Ok(all)
}
