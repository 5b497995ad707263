//! The default map, which names all 125 cells of five bins.

/// The side of the default map.
const DEFAULT_BINS: u8 = 5;

/// Segments by recency score (rows, best first) and by `v` (columns, worst first).
const SEGMENTS: [[&str; 5]; 5] = [
    [
        "new_customers",
        "potential_loyalists",
        "potential_loyalists",
        "champions",
        "champions",
    ],
    [
        "promising",
        "potential_loyalists",
        "loyal_customers",
        "loyal_customers",
        "champions",
    ],
    [
        "about_to_sleep",
        "need_attention",
        "need_attention",
        "loyal_customers",
        "loyal_customers",
    ],
    ["hibernating", "hibernating", "at_risk", "at_risk", "cannot_lose"],
    ["lost", "lost", "at_risk", "cannot_lose", "cannot_lose"],
];

/// The default segment of a cell; scores run from 1 to `bins`.
///
/// With other than five bins each score is first brought to five by [`on_five_bins`]. Then
/// `v` is the mean of the frequency and the monetary score, halves rounded up.
pub(crate) fn default_segment(recency: u8, frequency: u8, monetary: u8, bins: u8) -> &'static str {
    let [recency, frequency, monetary] = [recency, frequency, monetary].map(|score| on_five_bins(score, bins));
    let value = (frequency + monetary).div_ceil(2);
    SEGMENTS[usize::from(DEFAULT_BINS - recency)][usize::from(value - 1)]
}

/// A score of 1 to `bins` on the scale of 1 to 5: the straight line from (1, 1) to (bins, 5),
/// halves rounded up, so that the best stays 5, the worst stays 1 and the order is kept.
///
/// # Formula
/// `1 + floor(4 (score - 1) / (bins - 1) + 1/2)`
pub(crate) fn on_five_bins(score: u8, bins: u8) -> u8 {
    let steps = bins - 1;
    1 + (2 * (DEFAULT_BINS - 1) * (score - 1) + steps) / (2 * steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_bins_are_left_as_they_are() {
        assert_eq!([1, 2, 3, 4, 5].map(|score| on_five_bins(score, 5)), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn every_number_of_bins_keeps_order_and_both_ends() {
        for bins in super::super::MIN_BINS..=super::super::MAX_BINS {
            let scores: Vec<u8> = (1..=bins).map(|score| on_five_bins(score, bins)).collect();
            assert_eq!((scores[0], scores[scores.len() - 1]), (1, 5), "{bins} bins: {scores:?}");
            assert!(scores.is_sorted(), "{bins} bins: {scores:?}");
        }
    }

    #[test]
    fn the_line_is_read_at_known_points() {
        let scores = |bins: u8| (1..=bins).map(|score| on_five_bins(score, bins)).collect::<Vec<u8>>();
        assert_eq!(scores(3), [1, 3, 5]);
        assert_eq!(scores(4), [1, 2, 4, 5]);
        assert_eq!(scores(9), [1, 2, 2, 3, 3, 4, 4, 5, 5]);
        assert_eq!(scores(10), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    }

    #[test]
    fn halves_of_the_mean_of_frequency_and_monetary_round_up() {
        assert_eq!(default_segment(5, 3, 4, 5), "champions");
        assert_eq!(default_segment(5, 3, 3, 5), "potential_loyalists");
    }
}
