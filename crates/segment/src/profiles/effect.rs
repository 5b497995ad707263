//! How much a segment differs, in a unit that lets features be compared.

use std::cmp::Ordering;

use super::statistics::Base;
use crate::spread::varies;

/// Part of the squares that rounding can leave where a segment and the others have no spread.
const CANCELLED: f64 = 1e-9;

/// Cohen's d of a segment against the other customers of the segmentation; none where either side has no value, or
/// where neither has any spread.
///
/// # Formula
/// `d = (m_s - m_r) / sqrt(W / (n - 2))`, where `m_s` and `m_r` are the means of the segment and of the rest, `n` the
/// number of both, and `W` the squared distances of each from its own mean. With the mean `m` and the squared distances
/// `Q` of all together: `m_s - m_r = (m_s - m) n / n_r` and `W = Q - n_s (m_s - m)^2 n / n_r`.
///
/// # Source
/// Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., section 2.2 and 2.5.2.
pub(crate) fn effect_size(value_count: usize, mean: Option<f64>, base: &Base) -> Option<f64> {
    let (mean, base_mean) = (mean?, base.totals.mean()?);
    let all = base.totals.value_count;
    let others = all.checked_sub(value_count).filter(|&others| others > 0 && all > 2)?;
    let weight = all as f64 / others as f64;
    let distance = mean - base_mean;
    let within = base.squares - value_count as f64 * distance * distance * weight;
    let deviation = (within / (all - 2) as f64).sqrt();
    if within <= CANCELLED * base.squares || !varies(deviation, base_mean) {
        return None;
    }
    Some(distance * weight / deviation)
}

/// The rank of each feature by the absolute size of its effect, 1 for the largest; of equal ones the first name comes
/// first. None where there is no effect size.
pub(crate) fn ranks(effects: &[(&str, Option<f64>)]) -> Vec<Option<i32>> {
    let mut order: Vec<usize> = (0..effects.len()).filter(|&place| effects[place].1.is_some()).collect();
    let size = |place: usize| effects[place].1.map_or(0.0, f64::abs);
    order.sort_by(|&left, &right| {
        let by_size: Ordering = size(right).total_cmp(&size(left));
        by_size.then_with(|| effects[left].0.cmp(effects[right].0))
    });
    let mut ranks = vec![None; effects.len()];
    for (rank, place) in (1..).zip(order) {
        ranks[place] = Some(rank);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::super::keys::Keys;
    use super::*;
    use crate::values::{FeatureValues, Numbers};

    fn base(values: &[f64]) -> Base {
        let keys = Keys::new(FeatureValues {
            name: "p_alive",
            numbers: Numbers::Real(values.to_vec()),
            present: None,
        });
        Base::new(&keys, &mut Vec::new(), |_| true).expect("no overflow")
    }

    #[test]
    fn the_difference_of_means_is_told_in_pooled_deviations() {
        // 1, 2, 3 against 4, 6, 8: means 2 and 6, squares 2 and 8, pooled variance 10 / 4.
        let base = base(&[1.0, 2.0, 3.0, 4.0, 6.0, 8.0]);
        let effect = effect_size(3, Some(2.0), &base).expect("an effect");
        assert!((effect - -4.0 / 2.5_f64.sqrt()).abs() < 1e-12, "{effect}");
        let opposite = effect_size(3, Some(6.0), &base).expect("an effect");
        assert!((effect + opposite).abs() < 1e-12);
    }

    #[test]
    fn without_others_without_spread_and_without_values_there_is_none() {
        assert_eq!(effect_size(3, Some(2.0), &base(&[1.0, 2.0, 3.0])), None);
        assert_eq!(effect_size(2, Some(5.0), &base(&[5.0, 5.0, 7.0, 7.0])), None);
        assert_eq!(effect_size(2, Some(5.0), &base(&[5.0; 4])), None);
        let rounded = base(&[1.0, 1.0 - 1e-12, 1.0 - 2e-12, 1.0 - 3e-12]);
        assert_eq!(effect_size(2, Some(1.0), &rounded), None);
        assert_eq!(effect_size(0, None, &base(&[1.0, 2.0])), None);
        assert_eq!(effect_size(1, Some(1.0), &base(&[1.0, 2.0])), None);
    }

    #[test]
    fn ranks_look_at_the_size_and_then_at_the_name() {
        let effects = [("c", Some(-2.0)), ("b", Some(0.5)), ("d", None), ("a", Some(2.0))];
        assert_eq!(ranks(&effects), [Some(2), Some(3), None, Some(1)]);
    }
}
