//! Shared money cut into parts that add up: the largest remainders get what rounding leaves.

/// Cuts a total by weights, so that the parts add up to it exactly.
///
/// # Formula
/// Each part is `total x weight / sum of weights`, cut off to a whole number towards zero; what that leaves goes, one
/// unit each, to the parts that lost most, of equal ones to the earlier. A weight of zero gets nothing.
///
/// None where no weight is above zero, one is below, or a product leaves the range.
///
/// # Source
/// Hamilton's method of apportionment (1792).
///
/// ```
/// use cartera_table::split;
/// assert_eq!(split(100, &[1, 1, 1]), Some(vec![34, 33, 33]));
/// assert_eq!(split(-5, &[0, 3, 1]), Some(vec![0, -4, -1]));
/// assert_eq!(split(5, &[0, 0]), None);
/// ```
#[must_use]
pub fn split(total: i128, weights: &[i128]) -> Option<Vec<i128>> {
    if weights.iter().any(|&weight| weight < 0) {
        return None;
    }
    let sum = weights
        .iter()
        .try_fold(0_i128, |sum, &weight| sum.checked_add(weight))?;
    if sum == 0 {
        return None;
    }
    let (size, sign) = (total.checked_abs()?, total.signum());
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::new();
    let mut left = size;
    for (place, &weight) in weights.iter().enumerate() {
        let product = size.checked_mul(weight)?;
        let (part, remainder) = (product / sum, product % sum);
        left -= part;
        parts.push(part * sign);
        if remainder > 0 {
            remainders.push((std::cmp::Reverse(remainder), place));
        }
    }
    // What is left is the sum of the remainders by the sum of the weights: less than there are remainders.
    let count = usize::try_from(left).ok()?;
    if count > 0 && count < remainders.len() {
        remainders.select_nth_unstable(count);
    }
    for &(_, place) in remainders.iter().take(count) {
        parts[place] += sign;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_earlier_of_equals_gets_what_is_left() {
        assert_eq!(split(2, &[1, 1, 1, 1]), Some(vec![1, 1, 0, 0]));
        assert_eq!(split(-2, &[1, 1, 1, 1]), Some(vec![-1, -1, 0, 0]));
        assert_eq!(split(0, &[1, 2]), Some(vec![0, 0]));
        assert_eq!(split(7, &[5]), Some(vec![7]));
    }

    #[test]
    fn nothing_to_cut_by_is_no_answer() {
        assert_eq!(split(1, &[]), None);
        assert_eq!(split(1, &[0]), None);
        assert_eq!(split(1, &[2, -1]), None);
        assert_eq!(split(i128::MAX, &[2, 3]), None, "out of range");
    }

    proptest! {
        #[test]
        fn parts_add_up_and_are_never_a_unit_off(
            total in -10_i128.pow(14)..10_i128.pow(14),
            weights in prop::collection::vec(0_i128..10_i128.pow(12), 1..60),
        ) {
            let sum: i128 = weights.iter().sum();
            prop_assume!(sum > 0);
            let parts = split(total, &weights).expect("there is a weight");
            prop_assert_eq!(parts.iter().sum::<i128>(), total);
            for (&part, &weight) in parts.iter().zip(&weights) {
                prop_assert!((part * sum - total * weight).abs() < sum, "{} of {}", part, weight);
                prop_assert!(weight > 0 || part == 0);
            }
        }

        #[test]
        fn who_stands_where_matters_to_equals_alone(
            total in -1_000_000_i128..1_000_000,
            weights in prop::collection::btree_set(1_i128..10_000, 1..40),
            turn in 0_usize..40,
        ) {
            let weights: Vec<i128> = weights.into_iter().collect();
            let turn = turn % weights.len();
            let mut turned = weights.clone();
            turned.rotate_left(turn);
            let mut parts = split(total, &weights).expect("there is a weight");
            parts.rotate_left(turn);
            let again = split(total, &turned).expect("there is a weight");
            let sum: i128 = weights.iter().sum();
            for ((one, other), weight) in parts.iter().zip(&again).zip(&turned) {
                // Other weights may leave the same remainder: then the order decides over one unit.
                let remainder = total.abs() * weight % sum;
                let is_tied = turned.iter().filter(|other| total.abs() * **other % sum == remainder).count() > 1;
                prop_assert!(one == other || is_tied);
            }
        }
    }
}
