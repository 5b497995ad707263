//! The days of the customers of a partition, customer by customer.

use std::collections::HashMap;

use cartera_table::frame::{dates, decimal, int64, text};
use foldhash::fast::FixedState;
use polars::prelude::{DataFrame, Int64Chunked, Int128Chunked};

use super::activity::CustomerDay;
use super::amounts::Amounts;
use crate::error::FeatureError;

/// Days of customers: those of each together, ascending. What a day holds stays in the frame until it is asked for, so
/// that a day takes twelve bytes beside it.
#[derive(Debug)]
pub(crate) struct DaysByCustomer {
    /// Row of the customer, day and place in the frame, sorted.
    places: Vec<(u32, i32, u32)>,
    customers: usize,
    columns: Option<DayColumns>,
}

impl DaysByCustomer {
    /// From a frame of one row a customer and day, for customers in these rows.
    pub(crate) fn new(frame: &DataFrame, rows: &HashMap<&str, u32, FixedState>) -> Result<Self, FeatureError> {
        let mut places = Vec::with_capacity(frame.height());
        let mut columns = None;
        if frame.height() > 0 {
            let ids = text(frame, "customer_id")?
                .iter()
                .zip(dates(frame, "order_date")?.iter());
            for ((id, day), place) in ids.zip(0_u32..) {
                if let (Some(&row), Some(day)) = (id.and_then(|id| rows.get(id)), day) {
                    places.push((row, day, place));
                }
            }
            places.sort_unstable();
            columns = Some(DayColumns::new(frame)?);
        }
        Ok(Self {
            places,
            customers: rows.len(),
            columns,
        })
    }

    /// Visits the days of each customer, by row.
    pub(crate) fn each<E>(&self, mut visit: impl FnMut(&[CustomerDay]) -> Result<(), E>) -> Result<(), E> {
        let mut rest = &self.places[..];
        let mut days = Vec::new();
        for customer in (0_u32..).take(self.customers) {
            let count = rest.iter().take_while(|(row, ..)| *row == customer).count();
            let (own, others) = rest.split_at(count);
            rest = others;
            days.clear();
            days.extend(self.columns.iter().flat_map(|columns| {
                let day = |&(_, day, place): &(u32, i32, u32)| columns.day(day, place as usize);
                own.iter().map(day)
            }));
            visit(&days)?;
        }
        Ok(())
    }
}

/// What each row holds beside customer and day, each in one piece, so that a row is found at once.
#[derive(Debug)]
struct DayColumns {
    purchase_lines: Int64Chunked,
    orders: Int64Chunked,
    gross_sales: Int128Chunked,
    net_sales: Int128Chunked,
    /// None where nothing can have a cost: the frame does not say so day by day.
    costs: Option<CostColumns>,
}

#[derive(Debug)]
struct CostColumns {
    lines: Int64Chunked,
    sales: Int128Chunked,
    cost_of_goods: Int128Chunked,
}

impl DayColumns {
    fn new(frame: &DataFrame) -> Result<Self, FeatureError> {
        let count = |name: &str| int64(frame, name).map(|column| column.rechunk().into_owned());
        let money = |name: &str| decimal(frame, name).map(|column| column.rechunk().into_owned());
        let costs = || -> Result<CostColumns, FeatureError> {
            Ok(CostColumns {
                lines: count("costed_line_count")?,
                sales: money("costed_sales")?,
                cost_of_goods: money("cost_of_goods")?,
            })
        };
        let has_costs = frame.schema().contains("costed_line_count");
        Ok(Self {
            purchase_lines: count("purchase_line_count")?,
            orders: count("order_count")?,
            gross_sales: money("sales")?,
            net_sales: money("net_sales")?,
            costs: has_costs.then(costs).transpose()?,
        })
    }

    fn day(&self, day: i32, place: usize) -> CustomerDay {
        let count = |column: &Int64Chunked| column.get(place).unwrap_or_default();
        let money = |column: &Int128Chunked| column.get(place).unwrap_or_default();
        let costs = self.costs.as_ref();
        CustomerDay {
            day,
            is_purchase: count(&self.purchase_lines) > 0,
            amounts: Amounts {
                order_count: count(&self.orders),
                gross_sales: money(&self.gross_sales),
                net_sales: money(&self.net_sales),
                costed_sales: costs.map_or(0, |costs| money(&costs.sales)),
                cost_of_goods: costs.map_or(0, |costs| money(&costs.cost_of_goods)),
                costed_line_count: costs.map_or(0, |costs| count(&costs.lines)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use cartera_table::frame::{date_column, sum_column};
    use polars::prelude::{Column, Int32Chunked, NewChunkedArray};

    use super::*;

    #[test]
    fn days_stand_with_their_customers_in_order() {
        let ids = ["ann", "bob", "ann", "nobody"];
        let columns = vec![
            Column::new("customer_id".into(), ids),
            date_column("order_date", Int32Chunked::from_slice("".into(), &[20, 7, 10, 5])),
            Column::new("purchase_line_count".into(), [2_i64, 0, 1, 1]),
            Column::new("order_count".into(), [1_i64, 0, 1, 1]),
            sum_column("sales", vec![5, 0, 6, 7]),
            sum_column("net_sales", vec![5, -2, 6, 7]),
        ];
        let frame = DataFrame::new(4, columns).expect("one height");
        let rows = ["cid", "ann", "bob"].into_iter().zip(0_u32..).collect();
        let shown = |frame: &DataFrame| {
            let mut shown: Vec<Vec<(i32, bool, i128)>> = Vec::new();
            let days = DaysByCustomer::new(frame, &rows).expect("read");
            let visited = days.each(|days| {
                let of_customer = days.iter().map(|day| (day.day, day.is_purchase, day.amounts.net_sales));
                shown.push(of_customer.collect());
                Ok::<(), FeatureError>(())
            });
            visited.expect("nothing is refused");
            shown
        };
        assert_eq!(
            shown(&frame),
            [vec![], vec![(10, true, 6), (20, true, 5)], vec![(7, false, -2)]]
        );
        assert_eq!(shown(&DataFrame::default()), [vec![], vec![], vec![]]);
        // In two pieces, and with costs.
        let costs = [
            Column::new("costed_line_count".into(), [1_i64, 0, 1, 0]),
            sum_column("costed_sales", vec![4, 0, 6, 0]),
            sum_column("cost_of_goods", vec![3, 0, 2, 0]),
        ];
        let with_costs = frame.hstack(&costs).expect("one height");
        let mut pieces = with_costs.slice(2, 2);
        pieces.vstack_mut(&with_costs.slice(0, 2)).expect("the same columns");
        assert_eq!(shown(&pieces), shown(&frame));
        let mut margins = Vec::new();
        let days = DaysByCustomer::new(&pieces, &rows).expect("read");
        let visited = days.each(|days| {
            margins.extend(days.iter().map(|day| day.amounts.gross_margin()));
            Ok::<(), FeatureError>(())
        });
        visited.expect("nothing is refused");
        assert_eq!(margins, [Some(4), Some(1), None]);
    }
}
