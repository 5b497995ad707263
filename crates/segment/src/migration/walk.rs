//! The customers of two runs, both sorted, walked side by side: no table of ten million names is needed.

use std::cmp::Ordering;

/// Who was there before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Walk {
    /// Row of each customer before; [`NOT_THERE`] for who is new.
    pub(crate) rows_before: Vec<u32>,
    /// Rows before of those who are not there any more.
    pub(crate) gone: Vec<u32>,
}

/// Row of a customer who was not there.
pub(crate) const NOT_THERE: u32 = u32::MAX;

/// Finds the customers of one list in the other; both ascend.
pub(crate) fn walk<'n>(now: impl Iterator<Item = &'n str>, before: impl Iterator<Item = &'n str>) -> Walk {
    let mut found = Walk::default();
    // Frames have at most 2^32 rows.
    let mut before = (0_u32..).zip(before).peekable();
    for customer in now {
        let mut row_before = NOT_THERE;
        while let Some(&(row, other)) = before.peek() {
            match other.cmp(customer) {
                Ordering::Greater => break,
                Ordering::Equal => row_before = row,
                Ordering::Less => found.gone.push(row),
            }
            before.next();
        }
        found.rows_before.push(row_before);
    }
    found.gone.extend(before.map(|(row, _)| row));
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn who_came_and_who_went_is_told() {
        let found = walk(["a", "c", "d"].into_iter(), ["b", "c", "e"].into_iter());
        assert_eq!(
            found,
            Walk {
                rows_before: vec![NOT_THERE, 1, NOT_THERE],
                gone: vec![0, 2]
            }
        );
        assert_eq!(walk([].into_iter(), ["a"].into_iter()).gone, [0]);
        assert_eq!(walk(["a"].into_iter(), [].into_iter()).rows_before, [NOT_THERE]);
    }

    proptest! {
        #[test]
        fn every_customer_is_found_or_gone(
            now in prop::collection::btree_set("[a-d]{1,3}", 0..30),
            before in prop::collection::btree_set("[a-d]{1,3}", 0..30),
        ) {
            let found = walk(now.iter().map(String::as_str), before.iter().map(String::as_str));
            let names: Vec<&String> = before.iter().collect();
            for (customer, &row) in now.iter().zip(&found.rows_before) {
                let place = names.iter().position(|name| *name == customer);
                prop_assert_eq!((row != NOT_THERE).then_some(row as usize), place);
            }
            let gone: BTreeSet<&String> = found.gone.iter().map(|&row| names[row as usize]).collect();
            prop_assert_eq!(gone, before.difference(&now).collect());
        }
    }
}
