//! The rule itself, over the goods that one customer bought and returned of one product.

/// Units of one product in one order, sold or returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Goods {
    /// Business day, in days since 1970-01-01.
    pub(crate) day: i32,
    /// Units, above zero, at the scale of quantities.
    pub(crate) quantity: i128,
}

/// Units of a sale that a return undoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    /// Place among the sales.
    pub(crate) sale: usize,
    /// Place among the returns.
    pub(crate) returned: usize,
    /// Units, above zero.
    pub(crate) quantity: i128,
}

/// Matches returns with sales. Both come in their total order, days ascending.
///
/// Each return, the earliest first, takes from the most recent sale of its day or an earlier one that has units
/// left, and goes on to the next until it is filled; a sale older than `max_days` is not taken from.
pub(crate) fn matches(sales: &[Goods], returns: &[Goods], max_days: Option<i32>) -> Vec<Match> {
    let mut found = Vec::new();
    // Sales up to the day of the return, with what is left of each: the most recent one is on top.
    let mut open: Vec<(usize, i128)> = Vec::new();
    let mut sales_seen = 0;
    for (returned, goods) in returns.iter().enumerate() {
        while let Some(sale) = sales.get(sales_seen).filter(|sale| sale.day <= goods.day) {
            open.push((sales_seen, sale.quantity));
            sales_seen += 1;
        }
        let mut wanted = goods.quantity;
        while wanted > 0 {
            let Some((sale, left)) = open.last_mut() else { break };
            let age_days = i64::from(goods.day) - i64::from(sales[*sale].day);
            if max_days.is_some_and(|most| age_days > i64::from(most)) {
                // Those below are older still.
                break;
            }
            let quantity = wanted.min(*left);
            found.push(Match {
                sale: *sale,
                returned,
                quantity,
            });
            wanted -= quantity;
            *left -= quantity;
            if *left == 0 {
                open.pop();
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn goods(all: &[(i32, i128)]) -> Vec<Goods> {
        all.iter().map(|&(day, quantity)| Goods { day, quantity }).collect()
    }

    fn found(sales: &[(i32, i128)], returns: &[(i32, i128)], max_days: Option<i32>) -> Vec<(usize, usize, i128)> {
        matches(&goods(sales), &goods(returns), max_days)
            .into_iter()
            .map(|found| (found.sale, found.returned, found.quantity))
            .collect()
    }

    #[test]
    fn the_most_recent_earlier_sale_comes_first() {
        assert_eq!(found(&[(1, 2), (5, 2), (9, 2)], &[(6, 1)], None), [(1, 0, 1)]);
        assert_eq!(
            found(&[(5, 2)], &[(5, 2)], None),
            [(0, 0, 2)],
            "the same day is early enough"
        );
        assert_eq!(
            found(&[(6, 2)], &[(5, 2)], None),
            [],
            "nothing is returned before it was sold"
        );
    }

    #[test]
    fn a_return_is_split_over_sales_and_stops_at_what_was_sold() {
        assert_eq!(
            found(&[(1, 2), (2, 3)], &[(3, 4), (4, 4)], None),
            [(1, 0, 3), (0, 0, 1), (0, 1, 1)]
        );
    }

    #[test]
    fn old_sales_are_out_of_reach() {
        assert_eq!(found(&[(1, 2), (20, 1)], &[(31, 3)], Some(29)), [(1, 0, 1)]);
        assert_eq!(found(&[(1, 2), (20, 1)], &[(31, 3)], Some(30)), [(1, 0, 1), (0, 0, 2)]);
        assert_eq!(found(&[(1, 1), (2, 1)], &[(2, 2)], Some(0)), [(1, 0, 1)]);
    }

    /// Unit by unit: of all sales that may be taken from, the last one in the total order.
    fn slow(sales: &[Goods], returns: &[Goods], max_days: Option<i32>) -> Vec<Vec<i128>> {
        let mut left: Vec<i128> = sales.iter().map(|sale| sale.quantity).collect();
        let mut taken = vec![vec![0; sales.len()]; returns.len()];
        for (returned, goods) in returns.iter().enumerate() {
            for _unit in 0..goods.quantity {
                let may = |sale: &usize| {
                    let age = goods.day - sales[*sale].day;
                    left[*sale] > 0 && age >= 0 && max_days.is_none_or(|most| age <= most)
                };
                if let Some(sale) = (0..sales.len()).rfind(may) {
                    left[sale] -= 1;
                    taken[returned][sale] += 1;
                }
            }
        }
        taken
    }

    fn sorted_goods() -> impl Strategy<Value = Vec<Goods>> {
        prop::collection::vec((0i32..12, 1i128..5), 0..8).prop_map(|mut all| {
            all.sort_by_key(|goods| goods.0);
            goods(&all)
        })
    }

    proptest! {
        #[test]
        fn it_takes_what_the_slow_rule_takes(
            sales in sorted_goods(),
            returns in sorted_goods(),
            max_days in prop::option::of(0i32..12),
        ) {
            let mut taken = vec![vec![0; sales.len()]; returns.len()];
            for found in matches(&sales, &returns, max_days) {
                prop_assert!(found.quantity > 0);
                taken[found.returned][found.sale] += found.quantity;
            }
            prop_assert_eq!(taken, slow(&sales, &returns, max_days));
        }
    }
}
