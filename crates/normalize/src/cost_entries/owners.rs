//! Whose orders those are that costs name.

use std::collections::{HashMap, HashSet};

use cartera_table::Table;
use cartera_table::contracts::SourceCosts;
use cartera_table::frame::{dates, text};
use polars::prelude::DataFrame;

use crate::error::NormalizeError;
use crate::identity::Identity;

/// Whose an order is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A customer's, by id.
    Customer(String),
    /// A guest's.
    Guest,
    /// Not found up to the day, or in the hands of several.
    Nobody,
}

/// The orders that costs name without their customer, by key space.
#[derive(Debug, Clone, Default)]
pub struct AskedOrders(HashMap<String, HashSet<String>>);

impl AskedOrders {
    /// The orders that costs ask for.
    ///
    /// # Errors
    /// When a column is not there.
    pub fn of(costs: &Table<SourceCosts>) -> Result<Self, NormalizeError> {
        let frame = costs.frame();
        let keys = text(frame, "customer_key")?.iter();
        let orders = text(frame, "order_id")?.iter().zip(keys);
        let mut asked: HashMap<String, HashSet<String>> = HashMap::new();
        for (space, (order, key)) in text(frame, "key_space")?.iter().zip(orders) {
            if let (Some(space), Some(order), None) = (space, order, key) {
                asked.entry(space.to_owned()).or_default().insert(order.to_owned());
            }
        }
        Ok(Self(asked))
    }

    /// Whether no order is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whose the orders are that were asked for and found, by key space.
#[derive(Debug, Clone, Default)]
pub struct OrderOwners(HashMap<String, HashMap<String, Owner>>);

impl OrderOwners {
    /// Looks for orders in parts of a source, up to a day.
    ///
    /// # Errors
    /// When a column is not there.
    pub fn look_at(
        &mut self,
        parts: &DataFrame,
        asked: &AskedOrders,
        identity: &Identity,
        source_index: usize,
        last_epoch_day: i32,
    ) -> Result<(), NormalizeError> {
        let space = identity.key_space(source_index);
        let Some(asked) = asked.0.get(space) else {
            return Ok(());
        };
        let found = self.0.entry(space.to_owned()).or_default();
        let rows = text(parts, "source_key")?
            .iter()
            .zip(dates(parts, "order_date")?.iter());
        for (order, (key, day)) in text(parts, "order_id")?.iter().zip(rows) {
            let Some(order) = order.filter(|order| asked.contains(*order)) else {
                continue;
            };
            if day.is_none_or(|day| day > last_epoch_day) {
                continue;
            }
            let owner = match key {
                Some(key) => Owner::Customer(identity.customer_id(space, key).into_owned()),
                None => Owner::Guest,
            };
            note(found, order, owner);
        }
        Ok(())
    }

    /// With what was found elsewhere.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        for (space, orders) in other.0 {
            let found = self.0.entry(space).or_default();
            for (order, owner) in orders {
                note(found, &order, owner);
            }
        }
        self
    }

    pub(crate) fn owner(&self, key_space: &str, order: &str) -> Owner {
        let orders = self.0.get(key_space);
        let owner = orders.and_then(|orders| orders.get(order));
        owner.cloned().unwrap_or(Owner::Nobody)
    }
}

fn note(found: &mut HashMap<String, Owner>, order: &str, owner: Owner) {
    match found.get_mut(order) {
        None => drop(found.insert(order.to_owned(), owner)),
        Some(known) if *known != owner => *known = Owner::Nobody,
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{Column, Int32Chunked, NewChunkedArray, df};

    use super::*;
    use crate::identity::KeySpaces;

    fn found(rows: &[(&str, Option<&str>, i32)]) -> OrderOwners {
        let mut parts = df!(
            "order_id" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
            "source_key" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
        )
        .expect("a frame");
        let days = rows.iter().map(|row| Some(row.2));
        let days: Column =
            cartera_table::frame::date_column("order_date", Int32Chunked::from_iter_options("order_date".into(), days));
        parts.with_column(days).expect("one height");
        let orders = ["1", "2", "3", "4"].map(str::to_owned);
        let asked = AskedOrders(HashMap::from([("main".to_owned(), HashSet::from(orders))]));
        let identity = Identity::one_to_one(KeySpaces::new(&["main"]));
        let mut owners = OrderOwners::default();
        owners.look_at(&parts, &asked, &identity, 0, 10).expect("columns");
        owners
    }

    #[test]
    fn orders_of_several_are_nobodys_in_whatever_order_they_are_found() {
        let segments = [
            found(&[("1", Some("ann"), 1), ("2", None, 1), ("9", Some("ann"), 1)]),
            found(&[("1", Some("bob"), 2), ("2", None, 2), ("3", Some("bob"), 10)]),
            found(&[("1", Some("ann"), 3), ("4", Some("ann"), 11)]),
        ];
        let customer = |id: &str| Owner::Customer(id.to_owned());
        for places in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let merged = places
                .iter()
                .map(|&place| segments[place].clone())
                .fold(OrderOwners::default(), OrderOwners::merged);
            let owners = ["1", "2", "3", "4", "9"].map(|order| merged.owner("main", order));
            let expected = [
                Owner::Nobody,
                Owner::Guest,
                customer("bob"),
                Owner::Nobody,
                Owner::Nobody,
            ];
            assert_eq!(owners, expected, "order 4 comes too late, and nobody asks for 9");
        }
    }
}
