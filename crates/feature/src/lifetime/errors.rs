//! Predicted against actual, one number a customer.

/// How far predictions lie from what came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Errors {
    pub(super) actual: f64,
    pub(super) predicted: f64,
    /// `predicted / actual - 1`; none where nothing came.
    pub(super) bias: Option<f64>,
    /// Mean absolute error; none of no customers.
    pub(super) mae: Option<f64>,
    /// Root mean square error; none of no customers.
    pub(super) rmse: Option<f64>,
}

impl Errors {
    /// Of pairs of what was predicted and what came.
    #[expect(clippy::cast_precision_loss, reason = "numbers of customers")]
    pub(super) fn of(pairs: impl Iterator<Item = (f64, f64)>) -> Self {
        let (mut count, mut actual, mut predicted, mut absolute, mut squares) = (0_u64, 0.0, 0.0, 0.0, 0.0);
        for (guess, came) in pairs {
            let error: f64 = guess - came;
            count += 1;
            actual += came;
            predicted += guess;
            absolute += error.abs();
            squares += error * error;
        }
        let mean = |sum: f64| (count > 0).then(|| sum / count as f64);
        Self {
            actual,
            predicted,
            bias: bias(predicted, actual),
            mae: mean(absolute),
            rmse: mean(squares).map(f64::sqrt),
        }
    }
}

/// `predicted / actual - 1`; none where nothing came.
pub(super) fn bias(predicted: f64, actual: f64) -> Option<f64> {
    (actual > 0.0).then(|| predicted / actual - 1.0)
}

/// Of the fifth with the most actual value, the share that is in the fifth with the most predicted value. Equal
/// values are ordered by their place, which is that of the customers' ids.
#[expect(clippy::cast_precision_loss, reason = "numbers of customers")]
pub(super) fn top_fifth_found(predicted: &[f64], actual: &[f64]) -> Option<f64> {
    let size = actual.len().div_ceil(5);
    let fifth = |values: &[f64]| {
        let mut order: Vec<usize> = (0..values.len()).collect();
        // The order is total: which ones come first does not depend on how they are found.
        let better = |one: &usize, other: &usize| values[*other].total_cmp(&values[*one]).then(one.cmp(other));
        if (1..order.len()).contains(&size) {
            order.select_nth_unstable_by(size - 1, better);
        }
        let mut is_in = vec![false; values.len()];
        order.into_iter().take(size).for_each(|place| is_in[place] = true);
        is_in
    };
    let found = fifth(predicted)
        .into_iter()
        .zip(fifth(actual))
        .filter(|(guess, came)| *guess && *came);
    let found = found.count();
    (size > 0).then(|| found as f64 / size as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_by_hand() {
        let errors = Errors::of([(1.0, 2.0), (4.0, 1.0)].into_iter());
        assert_eq!((errors.actual, errors.predicted), (3.0, 5.0));
        assert_eq!(errors.bias, Some(5.0 / 3.0 - 1.0));
        assert_eq!((errors.mae, errors.rmse), (Some(2.0), Some(5.0_f64.sqrt())));
        let none = Errors::of(std::iter::empty());
        assert_eq!((none.bias, none.mae, none.rmse), (None, None, None));
    }

    #[test]
    fn the_top_fifth_is_found_as_far_as_it_overlaps() {
        let actual = [9.0, 8.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let predicted = [5.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(top_fifth_found(&predicted, &actual), Some(0.5));
        assert_eq!(
            top_fifth_found(&[0.0; 5], &[0.0; 5]),
            Some(1.0),
            "ties go by place on both sides"
        );
        assert_eq!(top_fifth_found(&[], &[]), None);
    }
}
