//! Whether numbers vary, or differ only by what rounding leaves.

/// A standard deviation of this part of the mean is rounding: `1 - 1e-12` for everybody sets nobody apart.
const NO_SPREAD: f64 = 1e-9;

/// Whether numbers with this standard deviation and mean differ by more than rounding.
pub(crate) fn varies(deviation: f64, mean: f64) -> bool {
    deviation > NO_SPREAD * mean.abs()
}

/// Distances of numbers from about their mean.
///
/// # Formula
/// The squared distances from the true mean are `sum d^2 - (sum d)^2 / n`, `d` the distance from a mean that rounding may
/// have moved: the second term takes off what that adds.
///
/// # Source
/// Chan, Golub & LeVeque (1983), Algorithms for Computing the Sample Variance, equation 1.7.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Distances {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Distances {
    pub(crate) fn add(self, distance: f64) -> Self {
        Self {
            count: self.count + 1.0,
            sum: self.sum + distance,
            squares: self.squares + distance * distance,
        }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
        }
    }

    /// Sum of the squared distances from the true mean; 0 without numbers.
    pub(crate) fn squares(self) -> f64 {
        if self.count > 0.0 {
            (self.squares - self.sum * self.sum / self.count).max(0.0)
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_that_is_off_changes_nothing() {
        let values = [1.0, 2.0, 3.0, 6.0];
        for mean in [3.0, 3.5, -10.0] {
            let distances = values.iter().map(|value| value - mean);
            let squares = distances.fold(Distances::default(), Distances::add).squares();
            assert!((squares - 14.0).abs() < 1e-9, "{squares}");
        }
        assert_eq!(Distances::default().squares(), 0.0);
    }

    #[test]
    fn rounding_is_no_spread() {
        assert!(varies(1e-8, 1.0) && varies(1e-12, 0.0) && varies(0.5, -3.0));
        assert!(!varies(1e-10, 1.0) && !varies(1e-10, -1.0) && !varies(0.0, 0.0) && !varies(f64::NAN, 1.0));
    }
}
