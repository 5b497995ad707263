//! What of a customer's sales is left as margin, for the time to come.

use cartera_table::frame::{decimal, int64};
use polars::prelude::DataFrame;

use crate::error::FeatureError;
use crate::money::to_f64;

/// Average orders that the base weighs against a customer's own.
pub(super) const PRIOR_ORDERS: f64 = 5.0;

/// Where margins come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarginSource {
    /// Costs of goods.
    Costs,
    /// The pipeline's margin rate.
    DeclaredRate,
    /// Nowhere.
    None,
}

impl MarginSource {
    /// The published name.
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Costs => "costs",
            Self::DeclaredRate => "declared_rate",
            Self::None => "none",
        }
    }
}

/// Sales and margins of a customer, or of all, as plain numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sales {
    gross: f64,
    net: f64,
    costed: f64,
    margin: f64,
    orders: f64,
}

/// Expected margins of one unit of sales before returns.
#[derive(Debug)]
pub(super) struct MarginRates {
    pub(super) source: MarginSource,
    /// One a customer of the base.
    pub(super) rates: Vec<Option<f64>>,
    /// Margins so far, in ten-thousandths; one a customer.
    pub(super) realized: Vec<Option<i128>>,
}

impl MarginRates {
    /// From what was sold and what it cost, else from the declared rate.
    pub(super) fn new(customers: &DataFrame, declared: Option<f64>) -> Result<Self, FeatureError> {
        let sales = read(customers)?;
        let all = sales.iter().fold(Sales::default(), |sum, one| Sales {
            gross: sum.gross + one.gross,
            net: sum.net + one.net,
            costed: sum.costed + one.costed,
            margin: sum.margin + one.margin,
            orders: sum.orders + one.orders,
        });
        let source = match declared {
            _ if all.costed > 0.0 => MarginSource::Costs,
            Some(_) => MarginSource::DeclaredRate,
            None => MarginSource::None,
        };
        let rate = |own: &Sales| {
            let prior = PRIOR_ORDERS * all.gross / all.orders;
            let kept = drawn(own.net, own.gross, all.net / all.gross, prior);
            match source {
                MarginSource::Costs => Some(kept * drawn(own.margin, own.costed, all.margin / all.costed, prior)),
                MarginSource::DeclaredRate => declared.map(|rate| kept * rate),
                MarginSource::None => None,
            }
            .filter(|rate| rate.is_finite())
        };
        let rates = sales.iter().map(rate).collect();
        let realized = realized(customers, source, declared)?;
        Ok(Self {
            source,
            rates,
            realized,
        })
    }
}

/// A ratio drawn towards that of all: as if the prior amount had been sold at it too.
fn drawn(part: f64, whole: f64, of_all: f64, prior: f64) -> f64 {
    (part + prior * of_all) / (whole.max(0.0) + prior)
}

fn read(customers: &DataFrame) -> Result<Vec<Sales>, FeatureError> {
    let money = |name: &str| -> Result<Vec<f64>, FeatureError> {
        let values = decimal(customers, name)?.iter();
        Ok(values.map(|value| to_f64(value.unwrap_or_default())).collect())
    };
    let (gross, net) = (money("gross_sales")?, money("net_sales")?);
    let (costed, margin) = (money("costed_sales")?, money("gross_margin")?);
    let orders = int64(customers, "order_count")?.iter();
    #[expect(clippy::cast_precision_loss, reason = "numbers of orders")]
    let sales = orders.enumerate().map(|(row, orders)| Sales {
        gross: gross[row],
        net: net[row],
        costed: costed[row],
        margin: margin[row],
        orders: orders.unwrap_or_default() as f64,
    });
    Ok(sales.collect())
}

/// Exact margins so far. Sales without a cost bring the declared rate, or nothing where none is declared.
fn realized(
    customers: &DataFrame,
    source: MarginSource,
    declared: Option<f64>,
) -> Result<Vec<Option<i128>>, FeatureError> {
    let at_rate = |sales: i128| declared.map_or(Some(0), |rate| crate::money::from_f64(to_f64(sales) * rate));
    let net = decimal(customers, "net_sales")?.iter();
    let costed = decimal(customers, "costed_sales")?.iter();
    let margins = decimal(customers, "gross_margin")?.iter();
    Ok(net
        .zip(costed.zip(margins))
        .map(|(net, (costed, margin))| {
            let (net, costed) = (net.unwrap_or_default(), costed.unwrap_or_default());
            match source {
                MarginSource::Costs => Some(margin.unwrap_or_default() + at_rate((net - costed).max(0))?),
                MarginSource::DeclaredRate => at_rate(net),
                MarginSource::None => None,
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use cartera_table::ColumnType;
    use cartera_table::frame::{optional_decimal_column, sum_column};
    use polars::prelude::Column;

    use super::*;

    fn customers(costed: bool) -> DataFrame {
        let known = i128::from(costed);
        let margins = [Some(400_000 * known), None].map(|margin| margin.filter(|_| costed));
        let columns = vec![
            sum_column("gross_sales", vec![1_000_000, 0]),
            sum_column("net_sales", vec![900_000, 0]),
            sum_column("costed_sales", vec![800_000 * known, 0]),
            optional_decimal_column("gross_margin", margins.into_iter(), ColumnType::SUM),
            Column::new("order_count".into(), [2i64, 0]),
        ];
        DataFrame::new(2, columns).expect("one height")
    }

    #[test]
    fn a_customer_without_sales_has_the_rate_of_all() {
        let rates = MarginRates::new(&customers(true), None).expect("computed");
        assert_eq!(rates.source, MarginSource::Costs);
        let all = 0.9 * 0.5;
        assert!((rates.rates[1].expect("a rate") - all).abs() < 1e-12);
        assert_eq!(rates.realized, [Some(400_000), Some(0)]);
    }

    #[test]
    fn without_costs_the_declared_rate_holds() {
        let rates = MarginRates::new(&customers(false), Some(0.3)).expect("computed");
        assert_eq!(rates.source, MarginSource::DeclaredRate);
        assert!((rates.rates[0].expect("a rate") - 0.27).abs() < 1e-12);
        assert_eq!(rates.realized, [Some(270_000), Some(0)]);
        let none = MarginRates::new(&customers(false), None).expect("computed");
        assert_eq!(
            (none.source, none.rates[0], none.realized[0]),
            (MarginSource::None, None, None)
        );
    }

    #[test]
    fn sales_without_a_cost_bring_the_declared_rate() {
        let rates = MarginRates::new(&customers(true), Some(0.2)).expect("computed");
        assert_eq!(rates.realized[0], Some(400_000 + 20_000));
    }
}
