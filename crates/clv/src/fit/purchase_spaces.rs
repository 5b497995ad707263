//! Coordinates of the models of repeat purchases.
//!
//! The purchases have the logarithms of the mean rate `r / alpha` and of the shape `r`. The dropout has its size and
//! its spread over the customers: for BG/NBD and MBG/NBD the logit of `a / (a + b)` and `ln (a + b)`; for the
//! Pareto/NBD `ln s` and `ln(-ln S)`, where `S = (beta / (beta + tau))^s` is the share of customers who stay longer
//! than the mean age `tau`.

use crate::fit::limit::Limit;
use crate::fit::rows::Rows;
use crate::fit::space::{ENDLESS, Effective, Face, Matrix, Space, faces_of_two_sides, logistic, softplus};

/// Where a probability counts as 0: 1e-12 as a logit.
const NEVER: f64 = -27.631_021_115_928_547;

/// The smallest `ln beta` of the Pareto/NBD: 1e-150, so that its square is still a number.
const LEAST_LN_BETA: f64 = -345.387_763_949_106_9;

/// The largest `ln(-ln S)`: a lifetime of a few thousandths of the mean age.
const MOST_DROPOUT: f64 = 9.0;

/// How far the mean purchase rate may be from repeats over time, as a logarithm.
const RATE_SPAN: f64 = 15.0;

/// The lowest `ln r`. No limit lies there: with any repeat purchase the likelihood falls to 0 with `r`.
const LEAST_LN_SHAPE: f64 = -20.0;

/// The moments that starts and bounds are taken from.
#[derive(Debug, Clone, Copy)]
struct Scale {
    /// `ln` of repeats over customer-weeks.
    ln_rate: f64,
    /// The mean age in weeks.
    mean_age: f64,
}

impl Scale {
    fn of(rows: &Rows) -> Self {
        let (mut repeats, mut ages, mut customers) = (0.0, 0.0, 0.0);
        for row in &rows.rows {
            repeats += row.weight * row.history.x();
            ages += row.weight * row.history.age();
            customers += row.weight;
        }
        Self {
            ln_rate: (repeats / ages).ln(),
            mean_age: ages / customers,
        }
    }

    fn purchase_bounds(self) -> [(f64, f64); 2] {
        [
            (self.ln_rate - RATE_SPAN, self.ln_rate + RATE_SPAN),
            (LEAST_LN_SHAPE, ENDLESS),
        ]
    }

    /// A start from multiples of the mean rate, and `r`.
    fn start(self, rate: f64, r: f64, third: f64, fourth: f64) -> [f64; 4] {
        [self.ln_rate + f64::ln(rate), r.ln(), third, fourth]
    }
}

fn purchase_rate(coordinates: &[f64; 4]) -> Effective<4> {
    let value = coordinates[0].exp();
    Effective {
        name: "purchase_rate_per_week",
        value,
        derivatives: [value, 0.0, 0.0, 0.0],
    }
}

/// Coordinates of BG/NBD and MBG/NBD.
pub(crate) struct AfterPurchase(Scale);

impl AfterPurchase {
    pub(crate) fn of(rows: &Rows) -> Self {
        Self(Scale::of(rows))
    }
}

impl Space<4> for AfterPurchase {
    fn logs(&self, &[rate, shape, dropout, spread]: &[f64; 4]) -> [f64; 4] {
        [
            shape,
            shape - rate,
            spread - softplus(-dropout),
            spread - softplus(dropout),
        ]
    }

    fn jacobian(&self, &[_, _, dropout, _]: &[f64; 4]) -> Matrix<4> {
        let stay = logistic(-dropout);
        let drop = logistic(dropout);
        [
            [0.0, 1.0, 0.0, 0.0],
            [-1.0, 1.0, 0.0, 0.0],
            [0.0, 0.0, stay, 1.0],
            [0.0, 0.0, -drop, 1.0],
        ]
    }

    fn bounds(&self) -> [(f64, f64); 4] {
        let [rate, shape] = self.0.purchase_bounds();
        [rate, shape, (NEVER, -NEVER), (-ENDLESS, ENDLESS)]
    }

    fn starts(&self) -> Vec<[f64; 4]> {
        let scale = self.0;
        vec![
            scale.start(1.5, 1.0, -1.4, 0.7),
            scale.start(3.0, 0.3, -0.8, 1.1),
            scale.start(1.0, 5.0, -4.0, 0.0),
            scale.start(2.0, 30.0, -0.8, 4.0),
            scale.start(2.0, 1.0, -0.8, -3.0),
            scale.start(5.0, 1.0, 1.4, 1.1),
        ]
    }

    fn faces(&self) -> Vec<Face<4>> {
        faces_of_two_sides(
            &[(Limit::CommonPurchaseRate, 1, ENDLESS)],
            &[
                (Limit::NoDropout, [None, None, Some(NEVER), Some(0.0)]),
                (Limit::CommonDropout, [None, None, None, Some(ENDLESS)]),
                (Limit::PolarizedDropout, [None, None, None, Some(-ENDLESS)]),
                (Limit::ImmediateDropout, [None, None, Some(-NEVER), Some(0.0)]),
            ],
        )
    }

    fn names(&self) -> [&'static str; 4] {
        ["r", "alpha", "a", "b"]
    }

    fn effective(&self, coordinates: &[f64; 4], limits: &[Limit]) -> Vec<Effective<4>> {
        let drop = logistic(coordinates[2]);
        let slope = drop * logistic(-coordinates[2]);
        let dropout = |name| Effective {
            name,
            value: drop,
            derivatives: [0.0, 0.0, slope, 0.0],
        };
        let mut effective = Vec::new();
        for limit in limits {
            match limit {
                Limit::CommonPurchaseRate => effective.push(purchase_rate(coordinates)),
                Limit::CommonDropout => effective.push(dropout("dropout_probability")),
                Limit::PolarizedDropout => effective.push(dropout("share_of_early_dropouts")),
                _ => {}
            }
        }
        effective
    }
}

/// Coordinates of the Pareto/NBD.
pub(crate) struct AtAnyTime(Scale);

impl AtAnyTime {
    pub(crate) fn of(rows: &Rows) -> Self {
        Self(Scale::of(rows))
    }

    /// `ln s` and `ln beta`, and whether `beta` is at its end, where `s` follows from the share.
    fn dropout(&self, spread: f64, dropout: f64) -> (f64, f64, bool) {
        let ln_age = self.0.mean_age.ln();
        // ln(1 + tau / beta) = -ln S / s
        let ratio = (dropout - spread).exp();
        if ratio > ln_age - LEAST_LN_BETA {
            return (dropout - (ln_age - LEAST_LN_BETA).ln(), LEAST_LN_BETA, true);
        }
        let ln_expm1 = if ratio > 30.0 { ratio } else { ratio.exp_m1().ln() };
        (spread, ln_age - ln_expm1, false)
    }
}

impl Space<4> for AtAnyTime {
    fn logs(&self, &[rate, shape, spread, dropout]: &[f64; 4]) -> [f64; 4] {
        let (ln_s, ln_beta, _) = self.dropout(spread, dropout);
        [shape, shape - rate, ln_s, ln_beta]
    }

    fn jacobian(&self, &[_, _, spread, dropout]: &[f64; 4]) -> Matrix<4> {
        let (ln_s, ln_beta, at_end) = self.dropout(spread, dropout);
        let (of_s, of_beta) = if at_end {
            ([0.0, 0.0, 0.0, 1.0], [0.0; 4])
        } else {
            let beta = ln_beta.exp();
            let slope = (dropout - ln_s).exp() * (beta + self.0.mean_age) / self.0.mean_age;
            ([0.0, 0.0, 1.0, 0.0], [0.0, 0.0, slope, -slope])
        };
        [[0.0, 1.0, 0.0, 0.0], [-1.0, 1.0, 0.0, 0.0], of_s, of_beta]
    }

    fn bounds(&self) -> [(f64, f64); 4] {
        let [rate, shape] = self.0.purchase_bounds();
        [rate, shape, (-ENDLESS, ENDLESS), (NEVER, MOST_DROPOUT)]
    }

    fn starts(&self) -> Vec<[f64; 4]> {
        let scale = self.0;
        vec![
            scale.start(1.5, 1.0, 0.0, -0.4),
            scale.start(3.0, 0.3, -1.2, 0.0),
            scale.start(1.0, 5.0, 0.0, -4.0),
            scale.start(2.0, 30.0, 4.0, -0.4),
            scale.start(2.0, 1.0, -3.0, -0.7),
            scale.start(5.0, 2.0, 0.0, 0.7),
        ]
    }

    fn faces(&self) -> Vec<Face<4>> {
        faces_of_two_sides(
            &[(Limit::CommonPurchaseRate, 1, ENDLESS)],
            &[
                (Limit::NoDropout, [None, None, Some(0.0), Some(NEVER)]),
                (Limit::CommonDropout, [None, None, Some(ENDLESS), None]),
                (Limit::PolarizedDropout, [None, None, Some(-ENDLESS), None]),
            ],
        )
    }

    fn names(&self) -> [&'static str; 4] {
        ["r", "alpha", "s", "beta"]
    }

    fn effective(&self, coordinates: &[f64; 4], limits: &[Limit]) -> Vec<Effective<4>> {
        let hazard = coordinates[3].exp();
        let mut effective = Vec::new();
        for limit in limits {
            match limit {
                Limit::CommonPurchaseRate => effective.push(purchase_rate(coordinates)),
                Limit::CommonDropout => {
                    let value = hazard / self.0.mean_age;
                    let derivatives = [0.0, 0.0, 0.0, value];
                    effective.push(Effective {
                        name: "dropout_rate_per_week",
                        value,
                        derivatives,
                    });
                }
                Limit::PolarizedDropout => {
                    let derivatives = [0.0, 0.0, 0.0, hazard * (-hazard).exp()];
                    let value = -(-hazard).exp_m1();
                    effective.push(Effective {
                        name: "share_of_early_dropouts",
                        value,
                        derivatives,
                    });
                }
                _ => {}
            }
        }
        effective
    }
}
