//! Customers of earlier runs who were erased since.
//!
//! Until an erasure is done, runs that are still to be replaced tell of them: whatever reads such a run leaves them out.

use std::collections::BTreeSet;

use cartera_table::frame::text;
use cartera_table::{ErasedKeys, TableError};
use polars::prelude::{BooleanChunked, DataFrame};

use super::inputs::Work;

/// Whom nothing may be told of, by the ids that runs call customers by.
#[derive(Debug)]
pub(crate) struct ErasedCustomers<'w> {
    erased: &'w ErasedKeys,
    spaces: BTreeSet<&'w str>,
}

impl<'w> ErasedCustomers<'w> {
    pub(super) fn of(work: &Work<'w>) -> Self {
        let sources = work.inputs.sources.iter();
        Self::new(work.erased, sources.map(|source| source.params.key_space.as_str()))
    }

    pub(crate) fn new(erased: &'w ErasedKeys, spaces: impl Iterator<Item = &'w str>) -> Self {
        Self {
            erased,
            spaces: spaces.collect(),
        }
    }

    /// The rows of all others.
    pub(super) fn left_out(&self, rows: DataFrame) -> Result<DataFrame, TableError> {
        if self.erased.is_empty() {
            return Ok(rows);
        }
        let ids = text(&rows, "customer_id")?;
        let stays: BooleanChunked = ids.iter().map(|id| !id.is_some_and(|id| self.contains(id))).collect();
        Ok(rows.filter(&stays)?)
    }

    /// A customer's id is the key, with its key space before it where there are several.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.spaces.iter().any(|space| {
            let key = id.strip_prefix(space).and_then(|rest| rest.strip_prefix(':'));
            self.erased.contains(space, id) || key.is_some_and(|key| self.erased.contains(space, key))
        })
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;

    #[test]
    fn erased_customers_are_known_by_their_key_and_by_their_key_with_its_key_space() {
        let none = ErasedKeys::new([1; 32], []);
        let erased = ErasedKeys::new([1; 32], [none.hash_of("web", "7"), none.hash_of("shop", "9")]);
        let customers = ErasedCustomers::new(&erased, ["web", "shop"].into_iter());
        let rows = df!("customer_id" => ["7", "8", "9", "shop:7", "shop:9", "web:7", "web:9"]).expect("a frame");
        let left = customers.left_out(rows.clone()).expect("filtered");
        let ids: Vec<&str> = text(&left, "customer_id").expect("ids").iter().flatten().collect();
        assert_eq!(ids, ["8", "shop:7", "web:9"]);
        let nobody = ErasedCustomers::new(&none, ["web", "shop"].into_iter());
        assert_eq!(nobody.left_out(rows).expect("all").height(), 7);
    }
}
