//! Whether the groups are as large as they were drawn to be.

use super::distributions::chi_square_tail;

/// Below it the draw, or what became of it, is broken: so rare a size is no chance.
pub(super) const BROKEN_BELOW: f64 = 0.001;

/// The sizes of groups against those that they were drawn to have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleRatio {
    /// Pearson's chi-square.
    pub chi_square: f64,
    /// How rare sizes as far off are where the draw is right.
    pub p_value: f64,
}

impl SampleRatio {
    /// Whether no comparison of the groups is to be trusted.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.p_value < BROKEN_BELOW
    }
}

/// Holds the sizes of groups against their designed shares; none where there are fewer than two groups or customers, or
/// the shares are not positive numbers. Shares need not add up to 1.
///
/// # Formula
/// `chi² = sum over groups of (size - expected)² / expected`, with one degree of freedom fewer than groups.
///
/// # Source
/// Pearson (1900); as a check of experiments: Fabijan et al. (2019), Diagnosing sample ratio mismatch in online
/// controlled experiments, KDD.
///
/// ```
/// use cartera_activation::measure::sample_ratio;
///
/// let drawn = sample_ratio(&[(9_000, 0.9), (1_000, 0.1)]).expect("two groups");
/// assert_eq!((drawn.chi_square, drawn.p_value), (0.0, 1.0));
/// assert!(sample_ratio(&[(9_000, 0.9), (850, 0.1)]).expect("two groups").is_broken());
/// ```
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of customers")]
pub fn sample_ratio(groups: &[(u64, f64)]) -> Option<SampleRatio> {
    let customers: u64 = groups.iter().map(|(size, _)| size).sum();
    let shares: f64 = groups.iter().map(|(_, share)| share).sum();
    let is_share = |share: f64| share.is_finite() && share > 0.0;
    if groups.len() < 2 || customers < 2 || !groups.iter().all(|(_, share)| is_share(*share)) {
        return None;
    }
    let term = |(size, share): &(u64, f64)| {
        let expected = customers as f64 * share / shares;
        (*size as f64 - expected).powi(2) / expected
    };
    let chi_square: f64 = groups.iter().map(term).sum();
    Some(SampleRatio {
        chi_square,
        p_value: chi_square_tail(chi_square, (groups.len() - 1) as f64),
    })
}
