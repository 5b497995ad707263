//! What the goods cost, and what they left.
//!
//! A sum of costs that are not known is not zero but unknown, so the sums of the pass over orders become
//! nulls here where no line stood behind them.

use cartera_table::ColumnType;
use cartera_table::frame::{decimal, int64, optional_decimal_column};
use polars::prelude::{Column, DataFrame};

use crate::error::FeatureError;

/// The columns `cost_of_goods`, `gross_margin`, `gross_margin_rate` and `discount_amount`.
pub(crate) fn margins(customers: &DataFrame) -> Result<Vec<Column>, FeatureError> {
    let costed = costed(customers)?;
    let sums =
        |name: &str, values: Vec<Option<i128>>| optional_decimal_column(name, values.into_iter(), ColumnType::SUM);
    let costs = costed.iter().map(|goods| Some(goods.as_ref()?.cost)).collect();
    let margins = costed.iter().map(|goods| Some(goods.as_ref()?.margin())).collect();
    let rates: Vec<Option<f64>> = costed.iter().map(|goods| goods.as_ref()?.margin_rate()).collect();
    let discounts = decimal(customers, "discount_amount")?
        .iter()
        .zip(int64(customers, "discount_line_count")?.iter())
        .map(|(discount, lines)| lines.is_some_and(|lines| lines > 0).then_some(discount?))
        .collect();
    Ok(vec![
        sums("cost_of_goods", costs),
        sums("gross_margin", margins),
        Column::new("gross_margin_rate".into(), rates),
        sums("discount_amount", discounts),
    ])
}

/// The lines of a customer that have a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CostedGoods {
    sales: i128,
    cost: i128,
}

impl CostedGoods {
    /// What is left of the sales.
    ///
    /// # Formula
    /// `sales - cost`, over the same lines.
    ///
    /// # Units
    /// The pipeline's currency.
    fn margin(&self) -> i128 {
        self.sales - self.cost
    }

    /// The margin as a fraction of the sales; none where these are not above zero.
    #[expect(clippy::cast_precision_loss, reason = "a rate for people and models")]
    fn margin_rate(&self) -> Option<f64> {
        (self.sales > 0).then(|| self.margin() as f64 / self.sales as f64)
    }
}

/// The lines with a cost of each customer; none where there is no such line.
fn costed(customers: &DataFrame) -> Result<Vec<Option<CostedGoods>>, FeatureError> {
    let lines = int64(customers, "costed_line_count")?.iter();
    let sales = decimal(customers, "costed_sales")?.iter();
    let costs = decimal(customers, "cost_of_goods")?.iter();
    Ok(lines
        .zip(sales.zip(costs))
        .map(|(lines, (sales, cost))| {
            lines.filter(|&lines| lines > 0)?;
            Some(CostedGoods {
                sales: sales?,
                cost: cost?,
            })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use cartera_table::frame::sum_column;

    use super::*;

    #[test]
    fn a_rate_of_nothing_sold_is_unknown() {
        let goods = |sales, cost| CostedGoods { sales, cost };
        assert_eq!(goods(100, 60).margin_rate(), Some(0.4));
        assert_eq!(goods(100, 150).margin_rate(), Some(-0.5));
        assert_eq!(goods(0, 60).margin_rate(), None);
        assert_eq!(goods(-100, -60).margin_rate(), None, "more came back than was sold");
    }

    #[test]
    fn without_a_line_behind_it_a_sum_is_null() {
        let columns = vec![
            sum_column("costed_sales", vec![1_000, 0]),
            sum_column("cost_of_goods", vec![600, 0]),
            sum_column("discount_amount", vec![0, 50]),
            Column::new("costed_line_count".into(), [2i64, 0]),
            Column::new("discount_line_count".into(), [0i64, 1]),
        ];
        let frame = DataFrame::new(2, columns).expect("one height");
        let found = DataFrame::new(2, margins(&frame).expect("computed")).expect("one height");
        let values = |name: &str| decimal(&found, name).expect("there").iter().collect::<Vec<_>>();
        assert_eq!(values("cost_of_goods"), [Some(600), None]);
        assert_eq!(values("gross_margin"), [Some(400), None]);
        assert_eq!(values("discount_amount"), [None, Some(50)]);
    }
}
