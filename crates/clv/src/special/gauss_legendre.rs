//! The Gauss-Legendre rules of 16 and of 5 nodes, exact for polynomials up to degree 31 and 9.

/// The positive nodes on `[-1, 1]` with their weights; the others are their mirror images.
const HALF: [(f64, f64); 8] = [
    (0.09501250983763744, 0.1894506104550685),
    (0.2816035507792589, 0.18260341504492359),
    (0.45801677765722739, 0.16915651939500254),
    (0.6178762444026438, 0.14959598881657673),
    (0.755404408355003, 0.12462897125553387),
    (0.8656312023878317, 0.09515851168249278),
    (0.9445750230732326, 0.06225352393864789),
    (0.9894009349916499, 0.027152459411754095),
];

/// All nodes of the rule of five.
const FIVE: [(f64, f64); 5] = [
    (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
    (-0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
    (0.0, 0.568_888_888_888_888_9),
    (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
    (0.906_179_845_938_664, 0.236_926_885_056_189_1),
];

/// Five nodes of `[from, from + length]`, for an interval over which little changes.
pub(crate) fn few_nodes_of(from: f64, length: f64) -> impl Iterator<Item = (f64, f64)> {
    let half = 0.5 * length;
    FIVE.into_iter()
        .map(move |(node, weight)| (from + half * (1.0 + node), half * weight))
}

/// Sixteen nodes of `[from, from + length]` with weights that sum to `length`.
pub(crate) fn nodes_of(from: f64, length: f64) -> impl Iterator<Item = (f64, f64)> {
    let half = 0.5 * length;
    HALF.into_iter().flat_map(move |(node, weight)| {
        [
            (from + half * (1.0 - node), half * weight),
            (from + half * (1.0 + node), half * weight),
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::{few_nodes_of, nodes_of};

    #[test]
    fn a_power_and_an_exponential_are_integrated() {
        let power: f64 = nodes_of(1.0, 2.0).map(|(t, weight)| weight * t.powi(9)).sum();
        assert!((power / ((3f64.powi(10) - 1.0) / 10.0) - 1.0).abs() < 1e-14);
        let decay: f64 = nodes_of(0.0, 10.0).map(|(t, weight)| weight * (-t).exp()).sum();
        assert!((decay - (1.0 - (-10f64).exp())).abs() < 1e-14);
        let short: f64 = few_nodes_of(1.0, 0.5).map(|(t, weight)| weight * (-t).exp()).sum();
        assert!((short / ((-1f64).exp() - (-1.5f64).exp()) - 1.0).abs() < 1e-14);
    }
}
