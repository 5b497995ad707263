//! Many tests beside each other.

/// Holm's adjusted p-values, in the order of those given; what has none keeps none and does not count.
///
/// Each is the smallest level at which its difference is shown while the chance of any false one among all stays below
/// that level.
///
/// # Formula
/// Sorted ascending, `adjusted(i) = max over j <= i of min(1, (m - j + 1) p(j))`, j from 1 to m.
///
/// # Source
/// Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 65-70.
///
/// ```
/// use cartera_activation::measure::holm;
///
/// assert_eq!(holm(&[Some(0.01), None, Some(0.04), Some(0.03)]), [Some(0.03), None, Some(0.06), Some(0.06)]);
/// ```
#[must_use]
pub fn holm(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut known: Vec<(usize, f64)> = p_values
        .iter()
        .enumerate()
        .filter_map(|(place, p_value)| Some((place, (*p_value)?)))
        .collect();
    known.sort_by(|(_, left), (_, right)| left.total_cmp(right));
    let mut adjusted = vec![None; p_values.len()];
    let mut greatest: f64 = 0.0;
    for (rank, (place, p_value)) in known.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a count of segments")]
        let left = (known.len() - rank) as f64;
        greatest = greatest.max((left * p_value).min(1.0));
        adjusted[*place] = Some(greatest);
    }
    adjusted
}
