//! Coordinates of the Gamma-Gamma model: the logarithms of the scale `p gamma / q`, of `p` and of `q`.

use crate::fit::gamma_gamma::Spend;
use crate::fit::limit::Limit;
use crate::fit::space::{ENDLESS, Effective, Face, Matrix, Space};

/// How far the scale may be from the values, as a logarithm.
const SCALE_SPAN: f64 = 25.0;

/// The lowest `ln p` and `ln q`.
const LEAST_LN_SHAPE: f64 = -12.0;

pub(crate) struct SpendSpace {
    mean_log: f64,
}

impl SpendSpace {
    pub(crate) fn of(spend: &Spend) -> Self {
        Self {
            mean_log: spend.mean_log(),
        }
    }
}

impl Space<3> for SpendSpace {
    fn logs(&self, &[scale, p, q]: &[f64; 3]) -> [f64; 3] {
        [p, q, scale + q - p]
    }

    fn jacobian(&self, _: &[f64; 3]) -> Matrix<3> {
        [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, -1.0, 1.0]]
    }

    fn bounds(&self) -> [(f64, f64); 3] {
        let shape = (LEAST_LN_SHAPE, ENDLESS);
        [(self.mean_log - SCALE_SPAN, self.mean_log + SCALE_SPAN), shape, shape]
    }

    fn starts(&self) -> Vec<[f64; 3]> {
        let start = |p: f64, q: f64| [self.mean_log, p.ln(), q.ln()];
        vec![
            start(5.0, 4.0),
            start(1.0, 2.0),
            start(30.0, 10.0),
            start(2.0, 60.0),
            start(60.0, 1.0),
        ]
    }

    fn faces(&self) -> Vec<Face<3>> {
        vec![
            Face {
                held: [None, None, Some(ENDLESS)],
                limits: vec![Limit::CommonMeanValue],
            },
            Face {
                held: [None, Some(ENDLESS), None],
                limits: vec![Limit::ConstantValue],
            },
        ]
    }

    fn names(&self) -> [&'static str; 3] {
        ["p", "q", "gamma"]
    }

    fn effective(&self, coordinates: &[f64; 3], limits: &[Limit]) -> Vec<Effective<3>> {
        let value = coordinates[0].exp();
        let scale = |name| Effective {
            name,
            value,
            derivatives: [value, 0.0, 0.0],
        };
        let of_limit = |limit: &Limit| match limit {
            Limit::CommonMeanValue => Some(scale("mean_value")),
            Limit::ConstantValue => Some(scale("value_scale")),
            _ => None,
        };
        limits.iter().filter_map(of_limit).collect()
    }
}
