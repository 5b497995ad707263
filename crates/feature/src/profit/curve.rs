//! The whale curve: customers from the most profitable down, and what they leave together.

use cartera_table::contracts::ProfitCurve;
use cartera_table::frame::{sum_column, text};
use cartera_table::{Money, Table};
use polars::prelude::{Column, DataFrame};

use super::charges::{Charge, to_serve};
use super::customers::share;
use super::statement::Statement;
use crate::error::FeatureError;
use crate::features::CustomerBase;

/// Most steps of the curve; with the point at zero there is one point more.
const MAX_STEPS: usize = 1_000;

/// Profit in a few numbers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ProfitSummary {
    /// The company's cost to serve; none where no source states costs.
    pub cost_to_serve: Option<Money>,
    /// The company's acquisition cost; none likewise.
    pub acquisition_cost: Option<Money>,
    /// Of both, what no customer or guest is charged with; none likewise.
    pub unallocated_cost: Option<Money>,
    /// The company's net profit; none where no cost of goods is known.
    pub net_profit: Option<Money>,
    /// Customers whose net profit is known.
    pub customer_count: u64,
    /// Of these, those who lose money.
    pub loss_making_count: u64,
    /// The highest point of the curve: the best so many customers ..
    pub peak_customer_count: u64,
    /// .. leave this much of what all of them leave together; none where that is not above zero.
    pub peak_share: Option<f64>,
}

/// The curve, and what it tells in short.
pub(super) fn curve(
    base: &CustomerBase,
    profits: &[Option<i128>],
    statement: &Statement,
) -> Result<(Table<ProfitCurve>, ProfitSummary), FeatureError> {
    let ids = text(base.frame(), "customer_id")?.iter();
    let mut ranked: Vec<(i128, &str)> = profits
        .iter()
        .zip(ids)
        .filter_map(|(profit, id)| Some(((*profit)?, id?)))
        .collect();
    ranked.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
    let mut held = Vec::with_capacity(ranked.len() + 1);
    held.push(0);
    for (profit, _) in &ranked {
        held.push(held.last().copied().unwrap_or_default() + profit);
    }
    let (_, charges) = statement.company();
    let cost = |amount: i128| statement.knows_costs().then_some(Money(amount));
    let total = held.last().copied().unwrap_or_default();
    // The first of equal points: those who leave nothing add nothing.
    let peak = ranked.iter().take_while(|(profit, _)| *profit > 0).count();
    let summary = ProfitSummary {
        cost_to_serve: cost(to_serve(charges)),
        acquisition_cost: cost(charges[Charge::Acquisition as usize]),
        unallocated_cost: cost(statement.unallocated_cost()),
        net_profit: statement.profit_of_company().map(Money),
        customer_count: ranked.len() as u64,
        loss_making_count: ranked.iter().filter(|(profit, _)| *profit < 0).count() as u64,
        peak_customer_count: peak as u64,
        peak_share: share(held[peak], total),
    };
    Ok((table(&held)?, summary))
}

/// The points: every customer when there are at most 1,000, else the evenly spaced ranks `ceil(i n / 1000)`.
fn table(held: &[i128]) -> Result<Table<ProfitCurve>, FeatureError> {
    let customers = held.len() - 1;
    let total = held[customers];
    let steps = customers.min(MAX_STEPS);
    let ranks: Vec<usize> = match steps {
        0 => Vec::new(),
        steps => (0..=steps).map(|step| (step * customers).div_ceil(steps)).collect(),
    };
    let shares: Vec<Option<f64>> = ranks.iter().map(|&rank| share(held[rank], total)).collect();
    #[expect(clippy::cast_precision_loss, reason = "a share for people")]
    let of_customers: Vec<f64> = ranks.iter().map(|&rank| rank as f64 / customers as f64).collect();
    let numbers: Vec<i64> = ranks
        .iter()
        .map(|&rank| i64::try_from(rank).unwrap_or(i64::MAX))
        .collect();
    let columns = vec![
        Column::new("customer_rank".into(), numbers),
        Column::new("customer_share".into(), of_customers),
        sum_column("cumulative_profit", ranks.iter().map(|&rank| held[rank]).collect()),
        Column::new("cumulative_profit_share".into(), shares),
    ];
    Ok(Table::new(DataFrame::new(ranks.len(), columns)?)?)
}

#[cfg(test)]
mod tests {
    use cartera_table::frame::{decimal, int64};

    use super::*;

    #[test]
    fn the_curve_rises_and_falls_and_ends_at_the_total() {
        let table = table(&[0, 60, 100, 100, 80]).expect("points");
        let values = decimal(table.frame(), "cumulative_profit").expect("there");
        assert_eq!(values.iter().flatten().collect::<Vec<_>>(), [0, 60, 100, 100, 80]);
        let shares = table
            .frame()
            .column("cumulative_profit_share")
            .expect("there")
            .f64()
            .expect("real");
        assert_eq!(shares.get(2), Some(1.25));
    }

    #[test]
    fn many_customers_are_a_thousand_points_and_one() {
        let held: Vec<i128> = (0..=2_500).collect();
        let table = table(&held).expect("points");
        let ranks = int64(table.frame(), "customer_rank").expect("there");
        assert_eq!((ranks.len(), ranks.get(1), ranks.last()), (1_001, Some(3), Some(2_500)));
    }

    #[test]
    fn nobody_is_no_curve_and_a_loss_has_no_share() {
        assert_eq!(table(&[0]).expect("empty").height(), 0);
        let loss = table(&[0, -5]).expect("points");
        assert_eq!(
            loss.frame()
                .column("cumulative_profit_share")
                .expect("there")
                .null_count(),
            2
        );
    }
}
