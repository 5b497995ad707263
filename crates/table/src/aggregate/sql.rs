//! An aggregation as SQL text, for any engine that should run the same list.

use std::fmt::Write as _;

use super::{Aggregate, AggregateKind, Aggregation};

impl Aggregation {
    /// The query over a relation that has the keys, the value columns and the filters as columns.
    ///
    /// ```
    /// use cartera_table::{Aggregate, Aggregation};
    /// const PASS: Aggregation = Aggregation { keys: &["customer_id"], aggregates: &[Aggregate::sum("net_sales", "amount").filtered("in_net_sales")] };
    /// assert_eq!(
    ///     PASS.to_sql("lines"),
    ///     "SELECT customer_id, COALESCE(SUM(CASE WHEN in_net_sales THEN amount END), 0) AS net_sales FROM lines GROUP BY customer_id"
    /// );
    /// ```
    #[must_use]
    pub fn to_sql(&self, relation: &str) -> String {
        let keys = self.keys.join(", ");
        let mut query = format!("SELECT {keys}");
        for aggregate in self.aggregates {
            // Writing to a String cannot fail.
            let _ = write!(query, ", {} AS {}", expression(aggregate), aggregate.name);
        }
        let _ = write!(query, " FROM {relation} GROUP BY {keys}");
        query
    }
}

fn expression(aggregate: &Aggregate) -> String {
    let column = aggregate.column.unwrap_or("1");
    let value = match aggregate.filter {
        Some(filter) => format!("CASE WHEN {filter} THEN {column} END"),
        None => column.to_owned(),
    };
    match aggregate.kind {
        AggregateKind::Sum => format!("COALESCE(SUM({value}), 0)"),
        AggregateKind::Min => format!("MIN({value})"),
        AggregateKind::Max => format!("MAX({value})"),
        AggregateKind::Count => format!("COUNT({value})"),
        AggregateKind::CountDistinct => format!("COUNT(DISTINCT {value})"),
    }
}
