//! Customers as row numbers: found by their ids, and held in sets of one bit each.

use std::cmp::Ordering;

use polars::prelude::StringChunked;

/// Rows that one worker looks at at a time.
pub(crate) const ROWS_OF_WORKER: usize = 1 << 16;

/// The customers of the base, ascending.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    ids: StringChunked,
}

impl Ids {
    pub(crate) fn new(ids: &StringChunked) -> Self {
        Self {
            ids: ids.rechunk().into_owned(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn column(&self) -> &StringChunked {
        &self.ids
    }

    pub(crate) fn get(&self, row: usize) -> &str {
        self.ids.get(row).unwrap_or_default()
    }

    /// Looks from the first row on.
    pub(crate) fn cursor(&self) -> Cursor<'_> {
        Cursor { ids: self, at: 0 }
    }
}

/// Finds rows by id; cheap where ids come ascending, right in any order.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'i> {
    ids: &'i Ids,
    at: usize,
}

impl Cursor<'_> {
    pub(crate) fn find(&mut self, id: &str) -> Option<u32> {
        let height = self.ids.len();
        let (mut low, mut high) = (0, height);
        if self.at < height {
            match self.ids.get(self.at).cmp(id) {
                Ordering::Equal => return u32::try_from(self.at).ok(),
                Ordering::Greater => high = self.at,
                Ordering::Less => {
                    (low, high) = (self.at + 1, self.at + 1);
                    let mut step = 1;
                    while high < height && self.ids.get(high) < id {
                        low = high + 1;
                        high = (high + step).min(height);
                        step *= 2;
                    }
                }
            }
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.ids.get(middle) < id {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        self.at = low;
        (low < height && self.ids.get(low) == id)
            .then(|| u32::try_from(low).ok())
            .flatten()
    }
}

/// A set of rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowSet {
    bits: Vec<u64>,
}

impl RowSet {
    pub(crate) fn new(height: usize) -> Self {
        Self {
            bits: vec![0; height.div_ceil(64)],
        }
    }

    pub(crate) fn insert(&mut self, row: u32) {
        if let Some(bits) = self.bits.get_mut(row as usize / 64) {
            *bits |= 1 << (row % 64);
        }
    }

    pub(crate) fn contains(&self, row: u32) -> bool {
        self.bits
            .get(row as usize / 64)
            .is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }
}

/// Cuts the rows of a table into parts of about equal size, none of which ends within the rows of a customer.
pub(crate) fn parts(ids: &StringChunked) -> Vec<std::ops::Range<usize>> {
    let height = ids.len();
    let mut parts = Vec::with_capacity(height / ROWS_OF_WORKER + 1);
    let mut start = 0;
    while start < height {
        let mut end = (start + ROWS_OF_WORKER).min(height);
        while end < height && ids.get(end) == ids.get(end - 1) {
            end += 1;
        }
        parts.push(start..end);
        start = end;
    }
    parts
}

#[cfg(test)]
mod tests {
    use polars::prelude::NewChunkedArray;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_are_found_in_any_order(
            known in proptest::collection::btree_set("[a-c]{1,3}", 0..40),
            asked in proptest::collection::vec("[a-c]{0,3}", 0..80),
        ) {
            let known: Vec<String> = known.into_iter().collect();
            let ids = Ids::new(&StringChunked::from_slice("customer_id".into(), &known));
            let mut cursor = ids.cursor();
            for id in asked {
                let expected = known.iter().position(|known| *known == id).map(|row| row as u32);
                prop_assert_eq!(cursor.find(&id), expected, "{}", id);
            }
        }
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let mut set = RowSet::new(70);
        for row in [0, 63, 64, 69] {
            set.insert(row);
        }
        let held: Vec<u32> = (0..80).filter(|&row| set.contains(row)).collect();
        assert_eq!(held, [0, 63, 64, 69]);
    }
}
