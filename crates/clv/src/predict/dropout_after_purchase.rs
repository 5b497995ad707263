//! BG/NBD and MBG/NBD: a customer drops out after a purchase.

use crate::params::{BgNbd, MbgNbd};
use crate::predict::counts::{CountLaw, NUMBERS_AT_MOST, TAIL};
use crate::predict::{Onward, RepeatPurchases};
use crate::special::{BetaRule, NegativeBinomial};

impl RepeatPurchases for BgNbd {
    /// # Formula
    /// `1 / (1 + a / (b + x - 1) ((alpha + T) / (alpha + t_x))^(r + x))`, and 1 without a repeat.
    ///
    /// # Source
    /// Fader, Hardie and Lee (2008), Computing P(alive) Using the BG/NBD Model, equation 5.
    fn p_alive(&self, x: f64, t_x: f64, age: f64) -> f64 {
        if x <= 0.0 {
            return 1.0;
        }
        alive_against(self.a / (self.b + x - 1.0), self.r + x, self.alpha, t_x, age)
    }

    /// Having survived `x` dropouts, a customer's dropout probability is beta(a, b + x), the rate
    /// gamma(r + x, alpha + T).
    fn onward(&self, x: f64) -> Box<dyn Onward> {
        Box::new(DropoutAfterPurchase::new(self.r + x, self.alpha, self.a, self.b + x))
    }
}

impl RepeatPurchases for MbgNbd {
    /// # Formula
    /// `1 / (1 + a / (b + x) ((alpha + T) / (alpha + t_x))^(r + x))`.
    ///
    /// # Source
    /// Batislam, Denizel and Filiztekin (2007), Empirical validation and comparison of models for customer base
    /// analysis, IJRM 24 (3), appendix.
    fn p_alive(&self, x: f64, t_x: f64, age: f64) -> f64 {
        alive_against(self.a / (self.b + x), self.r + x, self.alpha, t_x, age)
    }

    /// Having survived `x + 1` dropouts, a customer goes on as in BG/NBD, with a dropout probability that is
    /// beta(a, b + x + 1).
    fn onward(&self, x: f64) -> Box<dyn Onward> {
        Box::new(DropoutAfterPurchase::new(
            self.r + x,
            self.alpha,
            self.a,
            self.b + x + 1.0,
        ))
    }
}

/// `1 / (1 + odds ((alpha + age) / (alpha + t_x))^shape)`.
fn alive_against(odds: f64, shape: f64, alpha: f64, t_x: f64, age: f64) -> f64 {
    let silence = shape * ((age - t_x) / (alpha + t_x)).ln_1p();
    1.0 / (1.0 + odds * silence.exp())
}

/// The process of a customer who is alive: purchases at a gamma(shape, alpha + T) rate, after each of them a
/// dropout with a probability `p` that is beta(a, b).
struct DropoutAfterPurchase {
    shape: f64,
    alpha: f64,
    a: f64,
    b: f64,
    /// Of each value of `p` above 0, with its weight over `p`.
    dropout: Vec<(f64, f64)>,
    never: f64,
}

impl DropoutAfterPurchase {
    fn new(shape: f64, alpha: f64, a: f64, b: f64) -> Self {
        let rule = BetaRule::new(a, b);
        let mut dropout = Vec::with_capacity(rule.nodes().len());
        let mut never = 0.0;
        for &(p, weight) in rule.nodes() {
            if p > 0.0 {
                dropout.push((p, weight / p));
            } else {
                never += weight;
            }
        }
        Self {
            shape,
            alpha,
            a,
            b,
            dropout,
            never,
        }
    }
}

impl Onward for DropoutAfterPurchase {
    /// # Formula
    /// A customer with a rate `l` and a dropout probability `p` buys `(1 - exp(-l p t)) / p` times, so the mean over
    /// the rate is `(1 - (1 + p t / (alpha + T))^-(r + x)) / p`, and that over `p` a sum over the nodes of its beta.
    /// The closed form by a hypergeometric function is singular at `a` = 1 and loses its digits around it.
    ///
    /// # Source
    /// Fader, Hardie and Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24 (2), equations 9
    /// and 10 before their last integration.
    fn expected(&self, age: f64, time: f64) -> f64 {
        let share = time / (self.alpha + age);
        let dropping: f64 = self
            .dropout
            .iter()
            .map(|&(p, weight)| -weight * (-self.shape * (p * share).ln_1p()).exp_m1())
            .sum();
        (dropping + self.never * self.shape * share).max(0.0)
    }

    /// # Formula
    /// `P(n) = B(a, b + n) / B(a, b) NB(n) + B(a + 1, b + n - 1) / B(a, b) (1 - sum of NB(j) below n)`, the second
    /// term for `n` above 0; `NB` counts the purchases of a customer who cannot drop out.
    ///
    /// # Source
    /// Fader, Hardie and Lee (2005), equation 8.
    fn counts(&self, age: f64, time: f64) -> CountLaw {
        let mut probabilities = Vec::new();
        // Still alive after n - 1 purchases, and purchases beyond n - 1 for one who cannot drop out.
        let (mut survived, mut beyond) = (1.0, 1.0);
        let mut number = 0.0;
        for undropped in NegativeBinomial::new(self.shape, self.alpha + age, time).take(NUMBERS_AT_MOST) {
            if number == 0.0 {
                probabilities.push(undropped);
            } else {
                let drops = self.a / (self.a + self.b + number - 1.0);
                let stays = (self.b + number - 1.0) / (self.a + self.b + number - 1.0);
                probabilities.push(survived * (drops * beyond + stays * undropped));
                survived *= stays;
            }
            beyond = f64::max(beyond - undropped, 0.0);
            number += 1.0;
            if survived * beyond < TAIL {
                break;
            }
        }
        CountLaw::new(probabilities)
    }
}
