//! VIN, the net integral value: what the customer was worth and will be.

use cartera_table::ColumnType;
use cartera_table::frame::{decimal, optional_decimal_column};
use polars::prelude::{Column, DataFrame};

use super::margin::MarginRates;
use super::score::CustomerScore;
use super::serving::cost_to_serve_an_order;
use crate::error::FeatureError;
use crate::money::from_f64;

/// The columns of the group. What is expected is rounded before it is added, so that the parts add up.
pub(super) fn columns(
    customers: &DataFrame,
    scores: &[CustomerScore],
    margins: &MarginRates,
) -> Result<Vec<Column>, FeatureError> {
    let an_order = cost_to_serve_an_order(customers)?;
    let (to_serve, to_acquire) = (
        costs(customers, "cost_to_serve")?,
        costs(customers, "acquisition_cost")?,
    );
    let height = scores.len();
    let mut values = [(); 4].map(|()| Vec::with_capacity(height));
    for (row, score) in scores.iter().enumerate() {
        let serving = score.discounted.and_then(|orders| from_f64(orders * an_order[row]));
        let expected = score.clv_horizon.zip(serving).map(|(value, serving)| value - serving);
        let realized = margins.realized[row]
            .filter(|_| expected.is_some())
            .map(|margin| margin - to_serve[row] - to_acquire[row]);
        values[0].push(serving.filter(|_| expected.is_some()));
        values[1].push(realized);
        values[2].push(expected.filter(|_| realized.is_some()));
        values[3].push(realized.zip(expected).map(|(realized, expected)| realized + expected));
    }
    let names = ["expected_cost_to_serve", "vin_realized", "vin_expected", "vin"];
    let columns = names.into_iter().zip(values);
    Ok(columns
        .map(|(name, values)| optional_decimal_column(name, values.into_iter(), ColumnType::SUM))
        .collect())
}

/// Costs of each customer so far; zero where the pipeline knows none.
fn costs(customers: &DataFrame, name: &str) -> Result<Vec<i128>, FeatureError> {
    if !customers.schema().contains(name) {
        return Ok(vec![0; customers.height()]);
    }
    Ok(decimal(customers, name)?
        .iter()
        .map(Option::unwrap_or_default)
        .collect())
}
