//! What most of a customer's goods have in common.

/// The value that stands most often beside each of so many customers, the lowest of several; none without any.
pub(super) fn main_values(mut values: Vec<(u32, u32)>, customers: usize) -> Vec<Option<u32>> {
    values.sort_unstable();
    let mut most: Vec<Option<(usize, u32)>> = vec![None; customers];
    for same in values.chunk_by(|one, other| one == other) {
        let (customer, value) = same[0];
        let known = &mut most[customer as usize];
        if known.is_none_or(|(count, _)| same.len() > count) {
            *known = Some((same.len(), value));
        }
    }
    most.into_iter().map(|most| Some(most?.1)).collect()
}

/// The place of each text in the alphabet, and the texts in its order.
pub(super) fn ranks<'t>(texts: &[&'t str]) -> (Vec<u32>, Vec<&'t str>) {
    let mut sorted = texts.to_vec();
    sorted.sort_unstable();
    let rank = |text: &&str| u32::try_from(sorted.partition_point(|other| other < text)).unwrap_or(u32::MAX);
    let ranks = texts.iter().map(rank).collect();
    (ranks, sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_value_wins_and_the_lowest_of_several() {
        let values = vec![(0, 7), (2, 4), (0, 3), (2, 9), (0, 7), (2, 4), (2, 9)];
        assert_eq!(main_values(values, 4), [Some(7), None, Some(4), None]);
    }

    #[test]
    fn ranks_are_those_of_the_alphabet() {
        assert_eq!(
            ranks(&["web", "app", "shop"]),
            (vec![2, 0, 1], vec!["app", "shop", "web"])
        );
        assert_eq!(ranks(&[]), (vec![], vec![]));
    }
}
