//! From the measure of a signal to its strength.

use super::hits::Hits;
use super::rule::{Rule, Scale};

/// Puts the strength in the place of its measure.
pub(crate) fn settle(rules: &[Rule], all: &mut [Hits]) {
    let ranks: Vec<Vec<f64>> = rules
        .iter()
        .enumerate()
        .map(|(place, rule)| match rule.strength.scale {
            Scale::Between(..) => Vec::new(),
            Scale::Rank { .. } => sorted(all, place),
        })
        .collect();
    for hit in all.iter_mut().flat_map(|found| &mut found.hits) {
        let place = usize::from(hit.rule);
        let strength = match rules[place].strength.scale {
            Scale::Between(from, to) => between(hit.strength, from, to),
            Scale::Rank { is_reversed } => rank(hit.strength, &ranks[place], is_reversed),
        };
        hit.strength = (strength * 100.0).round() / 100.0;
    }
}

fn sorted(all: &[Hits], place: usize) -> Vec<f64> {
    let hits = all.iter().flat_map(|found| &found.hits);
    let of_rule = hits.filter(|hit| usize::from(hit.rule) == place);
    let mut numbers: Vec<f64> = of_rule
        .map(|hit| hit.strength)
        .filter(|number| !number.is_nan())
        .collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers
}

/// `100 x (number - from) / (to - from)`, within 0 and 100.
fn between(number: f64, from: f64, to: f64) -> f64 {
    let share = (number - from) / (to - from);
    if share.is_nan() {
        0.0
    } else {
        100.0 * share.clamp(0.0, 1.0)
    }
}

/// `100 x those who are no stronger / all of whom the number is known`; the numbers are sorted.
fn rank(number: f64, numbers: &[f64], is_reversed: bool) -> f64 {
    if number.is_nan() || numbers.is_empty() {
        return 0.0;
    }
    let no_stronger = if is_reversed {
        numbers.len() - numbers.partition_point(|other| *other < number)
    } else {
        numbers.partition_point(|other| *other <= number)
    };
    100.0 * no_stronger as f64 / numbers.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_both_ends_and_may_run_down() {
        assert_eq!(between(1.5, 0.0, 3.0), 50.0);
        assert_eq!((between(-1.0, 0.0, 3.0), between(9.0, 0.0, 3.0)), (0.0, 100.0));
        assert_eq!(between(-0.75, -0.5, -1.0), 50.0);
        assert_eq!(between(f64::NAN, 0.0, 1.0), 0.0);
    }

    #[test]
    fn equal_numbers_are_equally_strong_and_the_strongest_has_100() {
        let numbers = [1.0, 2.0, 2.0, 5.0];
        let ranks = |is_reversed| [1.0, 2.0, 5.0].map(|number| rank(number, &numbers, is_reversed));
        assert_eq!(ranks(false), [25.0, 75.0, 100.0]);
        assert_eq!(ranks(true), [100.0, 75.0, 25.0]);
        assert_eq!(rank(f64::NAN, &numbers, false), 0.0);
    }
}
