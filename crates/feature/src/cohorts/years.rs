//! Customers who bought in one year and again in the next, whatever month the second year ends with.

use std::ops::RangeInclusive;

/// Months of a year.
const YEAR: i32 = 12;

/// Of a customer who bought in these months, ascending, the months that end a year before which, in the year before,
/// something was bought.
pub(crate) fn year_before(months: &[i32]) -> impl Iterator<Item = RangeInclusive<i32>> + '_ {
    Stretches { months, delay: YEAR }
}

/// Of these the months that end a year in which something was bought too.
pub(crate) fn year_before_and_year(months: &[i32]) -> impl Iterator<Item = RangeInclusive<i32>> + '_ {
    let mut before = Stretches { months, delay: YEAR };
    let mut within = Stretches { months, delay: 0 };
    let mut both = (before.next(), within.next());
    std::iter::from_fn(move || {
        loop {
            let (Some(one), Some(other)) = &both else { return None };
            let common = *one.start().max(other.start())..=*one.end().min(other.end());
            if one.end() < other.end() {
                both.0 = before.next();
            } else {
                both.1 = within.next();
            }
            if !common.is_empty() {
                return Some(common);
            }
        }
    })
}

/// The months up to a year after each month, `delay` months later; those that touch are one stretch.
struct Stretches<'m> {
    months: &'m [i32],
    delay: i32,
}

impl Iterator for Stretches<'_> {
    type Item = RangeInclusive<i32>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = *self.months.first()?;
        let gap = self.months.windows(2).position(|pair| pair[1] - pair[0] > YEAR);
        let (stretch, rest) = self.months.split_at(gap.map_or(self.months.len(), |last| last + 1));
        self.months = rest;
        let last = stretch.last()?;
        Some(first + self.delay..=last + self.delay + YEAR - 1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn marked(ranges: impl Iterator<Item = RangeInclusive<i32>>) -> Vec<i32> {
        ranges.flatten().collect()
    }

    #[test]
    fn a_year_ends_with_any_month() {
        assert_eq!(marked(year_before(&[0])), (12..=23).collect::<Vec<_>>());
        assert_eq!(marked(year_before_and_year(&[0])), Vec::<i32>::new());
        assert_eq!(marked(year_before_and_year(&[0, 5])), (12..=16).collect::<Vec<_>>());
        assert_eq!(marked(year_before_and_year(&[0, 12])), (12..=23).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn months_are_those_of_the_definition(months in proptest::collection::btree_set(0_i32..90, 0..12)) {
            let list: Vec<i32> = months.iter().copied().collect();
            let bought = |months: &BTreeSet<i32>, range: RangeInclusive<i32>| months.range(range).next().is_some();
            let before: Vec<i32> = (0..130).filter(|&month| bought(&months, month - 23..=month - 12)).collect();
            let both = before.iter().copied().filter(|&month| bought(&months, month - 11..=month)).collect::<Vec<i32>>();
            prop_assert_eq!(marked(year_before(&list)), before);
            prop_assert_eq!(marked(year_before_and_year(&list)), both);
        }
    }
}
