//! What goods cost: as a line says, as the catalogue says for its day, or as a rate estimates.

use std::collections::HashMap;

use cartera_table::contracts::SourceProducts;
use cartera_table::frame::{dates, decimal, text};
use cartera_table::{Currency, Table, ratio_half_even};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::error::NormalizeError;

/// `[costs]`, as typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CostParams {
    /// What a line costs whose cost neither the line nor the catalogue states. Default `null`.
    pub missing: MissingCost,
    /// The margin that such lines are taken to have, as a share of their amount: 0 to 1, up to 6 decimals.
    /// Required by `missing = "margin_rate"`, and refused without it.
    pub default_margin_rate: Option<f64>,
}

/// What to do where no cost is stated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingCost {
    /// The cost is not known, and the line is in no margin.
    #[default]
    Null,
    /// The cost is what `default_margin_rate` leaves of the amount.
    MarginRate,
}

/// Checked `[costs]`. Only [`CostParams::check`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostValidParams {
    /// What is left of an amount, in millionths; none where no cost is estimated.
    cost_millionths: Option<i128>,
}

/// Why `[costs]` is refused.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum CostParamsError {
    /// A policy without its number.
    #[error(
        "`default_margin_rate` is missing, expected the share of the amount that `missing = \"margin_rate\"` takes for margin"
    )]
    NoRate,
    /// A number without its policy.
    #[error("`default_margin_rate` is given, but `missing` is not \"margin_rate\": no line would get it")]
    UnusedRate,
    /// A rate that is none.
    #[error("`default_margin_rate` is {rate}, expected 0 to 1 with at most 6 decimals")]
    Rate {
        /// What was given.
        rate: f64,
    },
}

impl CostParamsError {
    /// The offending key within `[costs]`.
    #[must_use]
    pub fn key(&self) -> &'static str {
        "default_margin_rate"
    }
}

/// Millionths in one.
const MILLION: i128 = 1_000_000;

impl CostParams {
    /// Checks the rate.
    ///
    /// # Errors
    /// When it is missing, out of place, or no share.
    pub fn check(&self) -> Result<CostValidParams, CostParamsError> {
        let cost_millionths = match (self.missing, self.default_margin_rate) {
            (MissingCost::Null, None) => None,
            (MissingCost::Null, Some(_)) => return Err(CostParamsError::UnusedRate),
            (MissingCost::MarginRate, None) => return Err(CostParamsError::NoRate),
            (MissingCost::MarginRate, Some(rate)) => {
                Some(MILLION - millionths(rate).ok_or(CostParamsError::Rate { rate })?)
            }
        };
        Ok(CostValidParams { cost_millionths })
    }
}

/// A share as millionths; none where it is no share, or has further decimals.
fn millionths(share: f64) -> Option<i128> {
    let scaled = share * 1e6;
    let is_whole = (scaled - scaled.round()).abs() < 1e-6;
    #[expect(clippy::cast_possible_truncation, reason = "rounded, and at most a million")]
    ((0.0..=1.0).contains(&share) && is_whole).then_some(scaled.round() as i128)
}

impl CostValidParams {
    /// Whether costs are estimated where none is stated.
    #[must_use]
    pub fn estimates(&self) -> bool {
        self.cost_millionths.is_some()
    }

    /// The estimated cost of a line, rounded half-even; none where the policy estimates nothing.
    ///
    /// # Formula
    /// `amount x (1 - default_margin_rate)`
    pub(crate) fn estimate(&self, amount: i128) -> Option<i128> {
        ratio_half_even(amount.checked_mul(self.cost_millionths?)?, MILLION)
    }
}

/// What one unit of each product cost from which day on.
#[derive(Debug, Clone, Default)]
pub struct UnitCosts {
    by_product: HashMap<String, Vec<UnitCost>>,
    /// The products, sorted.
    in_order: Vec<String>,
}

/// The cost of a product from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UnitCost {
    /// Days since 1970-01-01; the smallest number for a row that holds from the beginning.
    from_day: i32,
    /// At scale 6; none where the row says that it is not known.
    pub(crate) cost: Option<i128>,
    /// Its currency.
    pub(crate) currency: Currency,
}

impl UnitCosts {
    /// The costs of a catalogue.
    ///
    /// # Errors
    /// When a currency is none.
    pub fn new(products: &Table<SourceProducts>) -> Result<Self, NormalizeError> {
        let frame = products.frame();
        let mut by_product: HashMap<String, Vec<UnitCost>> = HashMap::new();
        let costs = dates(frame, "valid_from")?
            .iter()
            .zip(decimal(frame, "unit_cost")?.iter());
        let costs = text(frame, "currency")?.iter().zip(costs);
        for (product, (code, (valid_from, cost))) in text(frame, "product_id")?.iter().zip(costs) {
            let Some(product) = product else { continue };
            let currency = code.and_then(Currency::parse);
            let currency = currency.ok_or_else(|| NormalizeError::ProductCurrency {
                product: product.to_owned(),
                currency: code.unwrap_or_default().to_owned(),
            })?;
            let row = UnitCost {
                from_day: valid_from.unwrap_or(i32::MIN),
                cost,
                currency,
            };
            match by_product.get_mut(product) {
                Some(rows) => rows.push(row),
                None => drop(by_product.insert(product.to_owned(), vec![row])),
            }
        }
        // The table is sorted by product and day; this does not lean on it.
        by_product.values_mut().for_each(|rows| rows.sort_unstable());
        let mut in_order: Vec<String> = by_product.keys().cloned().collect();
        in_order.sort_unstable();
        Ok(Self { by_product, in_order })
    }

    /// Writes the costs that lines of some days may have; all where the days are not known.
    pub(crate) fn write_for(&self, days: Option<(i32, i32)>, write: &mut dyn FnMut(&[u8])) {
        for product in &self.in_order {
            for row in self.by_product.get(product).into_iter().flatten() {
                if days.is_none_or(|(_, last)| row.from_day <= last) {
                    write(product.as_bytes());
                    write(&row.from_day.to_le_bytes());
                    write(&row.cost.unwrap_or(i128::MIN).to_le_bytes());
                    write(row.currency.as_str().as_bytes());
                }
            }
        }
    }

    /// The cost of a product on a day: of the latest row that holds from that day or an earlier one.
    pub(crate) fn on_day(&self, product_id: &str, epoch_day: i32) -> Option<UnitCost> {
        let rows = self.by_product.get(product_id)?;
        let later = rows.partition_point(|row| row.from_day <= epoch_day);
        rows.get(later.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use cartera_table::ColumnType;
    use cartera_table::Contract;
    use cartera_table::frame::{date_column, null_column, optional_decimal_column};
    use polars::prelude::{Column, DataFrame, Int32Chunked, NewChunkedArray};

    use super::*;

    type Row = (&'static str, Option<i32>, Option<i128>, &'static str);

    fn catalogue(rows: &[Row]) -> Table<SourceProducts> {
        let height = rows.len();
        let days = Int32Chunked::from_iter_options("valid_from".into(), rows.iter().map(|row| row.1));
        let columns: Vec<Column> = SourceProducts::INFO
            .columns
            .iter()
            .map(|column| match column.name {
                "source_index" => Column::new("source_index".into(), vec![1i32; height]),
                "file_index" => Column::new("file_index".into(), vec![0i32; height]),
                "row" => Column::new("row".into(), (2i64..).take(height).collect::<Vec<_>>()),
                "product_id" => Column::new("product_id".into(), rows.iter().map(|row| row.0).collect::<Vec<_>>()),
                "valid_from" => date_column("valid_from", days.clone()),
                "unit_cost" => optional_decimal_column("unit_cost", rows.iter().map(|row| row.2), ColumnType::QUANTITY),
                "currency" => Column::new("currency".into(), rows.iter().map(|row| row.3).collect::<Vec<_>>()),
                other => null_column(other, column.column_type, height),
            })
            .collect();
        Table::sorted(DataFrame::new(height, columns).expect("one height")).expect("a catalogue")
    }

    #[test]
    fn the_row_of_the_day_holds_until_the_next() {
        let table = catalogue(&[
            ("tea", None, Some(10), "GBP"),
            ("tea", Some(100), Some(12), "USD"),
            ("tea", Some(200), None, "GBP"),
            ("mug", Some(50), Some(7), "GBP"),
        ]);
        let costs = UnitCosts::new(&table).expect("valid");
        let on = |product, day| {
            costs
                .on_day(product, day)
                .map(|row| (row.cost, row.currency.to_string()))
        };
        assert_eq!(on("tea", -5), Some((Some(10), "GBP".to_owned())), "from the beginning");
        assert_eq!(on("tea", 99), Some((Some(10), "GBP".to_owned())));
        assert_eq!(on("tea", 100), Some((Some(12), "USD".to_owned())));
        assert_eq!(on("tea", 500), Some((None, "GBP".to_owned())), "known to be unknown");
        assert_eq!(on("mug", 49), None, "not yet in the catalogue");
        assert_eq!(on("cup", 100), None);
    }

    #[test]
    fn an_unknown_currency_is_refused() {
        let error = UnitCosts::new(&catalogue(&[("tea", None, Some(1), "EURO")])).expect_err("refused");
        assert!(error.to_string().contains("\"EURO\" of product \"tea\""), "{error}");
    }

    #[test]
    fn an_estimate_is_exact_and_rounded_half_even() {
        let params = CostParams {
            missing: MissingCost::MarginRate,
            default_margin_rate: Some(0.35),
        };
        let costs = params.check().expect("valid");
        assert_eq!(costs.estimate(100_000), Some(65_000));
        // 0.0010 x 0.65 = 0.00065 -> 0.0006; 0.0030 x 0.65 = 0.00195 -> 0.0020
        assert_eq!((costs.estimate(10), costs.estimate(30)), (Some(6), Some(20)));
        assert_eq!(costs.estimate(-30), Some(-20), "what comes back comes back at cost");
        let none = CostParams::default().check().expect("valid");
        assert_eq!((none.estimates(), none.estimate(10)), (false, None));
    }

    #[test]
    fn refuses_a_rate_that_is_missing_unused_or_none() {
        let check = |missing, default_margin_rate| {
            CostParams {
                missing,
                default_margin_rate,
            }
            .check()
        };
        assert_eq!(check(MissingCost::MarginRate, None), Err(CostParamsError::NoRate));
        assert_eq!(check(MissingCost::Null, Some(0.3)), Err(CostParamsError::UnusedRate));
        for rate in [-0.1, 1.1, 0.123_456_7] {
            assert_eq!(
                check(MissingCost::MarginRate, Some(rate)),
                Err(CostParamsError::Rate { rate })
            );
        }
        assert!(check(MissingCost::MarginRate, Some(f64::NAN)).is_err());
        for rate in [0.0, 0.000_001, 0.3, 1.0] {
            assert!(check(MissingCost::MarginRate, Some(rate)).is_ok(), "{rate}");
        }
    }
}
