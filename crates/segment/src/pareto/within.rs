//! How concentrated a measure is in the base, and in each region, category and the like.

use super::{Concentration, ParetoRanking, ParetoValidParams};
use crate::categories::{Category, UNKNOWN};

/// One row of `pareto`, without its measure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ParetoRow {
    /// `all`, or the column that the base is cut by.
    pub(crate) within: &'static str,
    /// The value of that column, where it is known.
    pub(crate) value: Option<String>,
    pub(crate) customer_count: usize,
    pub(crate) positive_count: usize,
    pub(crate) total: i128,
    pub(crate) top_20_percent_count: usize,
    pub(crate) top_20_percent_share: f64,
    pub(crate) gini: Option<f64>,
    pub(crate) customers_to_reach: [usize; 2],
    /// Customers of A, B and C.
    pub(crate) class_customers: [usize; 3],
    /// What they hold.
    pub(crate) class_values: [i128; 3],
}

impl ParetoRow {
    /// What there is to say of these customers.
    pub(crate) fn new(
        within: &'static str,
        value: Option<String>,
        concentration: &Concentration,
        params: &ParetoValidParams,
    ) -> Self {
        let [class_a_end, class_b_end] = concentration.class_ends(params.class_a_share, params.class_b_share);
        let customers = concentration.customer_count();
        let (total, held) = (concentration.total(), |rank| concentration.held_by_first(rank));
        let top = concentration.top_20_percent();
        Self {
            within,
            value,
            customer_count: customers,
            positive_count: concentration.positive_count(),
            total,
            top_20_percent_count: top,
            top_20_percent_share: concentration.share_of_first(top),
            gini: concentration.gini(),
            customers_to_reach: [params.class_a_share, params.class_b_share]
                .map(|share| concentration.customers_to_reach(share)),
            class_customers: [class_a_end, class_b_end - class_a_end, customers - class_b_end],
            class_values: [
                held(class_a_end),
                held(class_b_end) - held(class_a_end),
                total - held(class_b_end),
            ],
        }
    }
}

/// A row for each value of a column that customers have, and one for those of whom it is not known; none when a sum
/// overflows.
pub(crate) fn within(
    ranking: &ParetoRanking,
    values: &[i128],
    category: &Category,
    params: &ParetoValidParams,
) -> Option<Vec<ParetoRow>> {
    // The unknown ones stand last.
    let unknown = category.values.len();
    let place = |row: usize| match category.codes[row] {
        UNKNOWN => unknown,
        code => code as usize,
    };
    let mut customers = vec![0_usize; unknown + 1];
    for row in 0..values.len() {
        customers[place(row)] += 1;
    }
    // The whole base is ranked already: handed out in that order, each group is.
    let mut positive: Vec<Vec<i128>> = vec![Vec::new(); unknown + 1];
    for &row in ranking.rows() {
        positive[place(row as usize)].push(values[row as usize]);
    }
    let groups = customers.into_iter().zip(positive).enumerate();
    groups
        .filter(|(_, (customers, _))| *customers > 0)
        .map(|(place, (customers, positive))| {
            let concentration = Concentration::new(customers, positive.into_iter())?;
            let value = category.values.get(place).cloned();
            Some(ParetoRow::new(category.name, value, &concentration, params))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::ParetoParams;
    use super::*;

    fn params() -> ParetoValidParams {
        ParetoParams::default()
            .check(
                &["net_sales", "net_profit", "vin"],
                &["region", "country", "main_category"],
            )
            .expect("valid")
    }

    #[test]
    fn groups_are_ranked_among_themselves() {
        let values = [10, 90, 5, -3, 95, 0];
        let category = Category {
            name: "region",
            values: vec!["north".into(), "south".into()],
            codes: vec![0, 0, 1, 1, 1, UNKNOWN],
        };
        let ranking = ParetoRanking::new(&values).expect("no overflow");
        let rows = within(&ranking, &values, &category, &params()).expect("no overflow");
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.value.as_deref(), row.customer_count, row.positive_count, row.total))
            .collect();
        assert_eq!(
            told,
            [(Some("north"), 2, 2, 100), (Some("south"), 3, 2, 100), (None, 1, 0, 0)]
        );
        assert_eq!(
            (rows[0].class_customers, rows[0].class_values),
            ([1, 1, 0], [90, 10, 0])
        );
        assert_eq!((rows[1].class_customers, rows[1].class_values), ([1, 0, 2], [95, 0, 5]));
        assert_eq!(
            (rows[1].customers_to_reach, rows[1].top_20_percent_share),
            ([1, 1], 0.95)
        );
        assert_eq!((rows[2].gini, rows[2].class_customers), (None, [0, 0, 1]));
    }

    #[test]
    fn classes_add_up_where_values_are_equal() {
        let concentration = ParetoRanking::new(&[7; 10]).expect("no overflow").concentration;
        let row = ParetoRow::new("all", None, &concentration, &params());
        assert_eq!((row.class_customers, row.class_values), ([10, 0, 0], [70, 0, 0]));
        assert_eq!((row.customers_to_reach, row.gini), ([8, 10], Some(0.0)));
    }
}
