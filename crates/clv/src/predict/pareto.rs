//! Pareto/NBD: a customer drops out at any time.

use crate::params::ParetoNbd;
use crate::predict::counts::{CountLaw, NUMBERS_AT_MOST, TAIL};
use crate::predict::{Onward, RepeatPurchases};
use crate::special::{NegativeBinomial, decay_mean, few_nodes_of, nodes_of};

/// Where a term that only decays is left out: `exp(-40)` is below the digits of what it would be added to.
const NEGLIGIBLE: f64 = -40.0;

/// Logarithm by which an integrand may fall over a panel of 16 nodes, and the longest panel in the logarithm of
/// time: both keep 13 digits.
const FALL: f64 = 6.0;
const LONGEST_PANEL: f64 = 1.0;

/// Panels for which five nodes keep them too.
const SHORT_PANEL: f64 = 0.2;
const SHORT_FALL: f64 = 0.7;

impl RepeatPurchases for ParetoNbd {
    /// # Formula
    /// `1 / (1 + D)`, `D` being the odds that the customer has dropped out between `t_x` and `T`:
    /// `s * integral from t_x to T of ((alpha + T) / (alpha + t))^(r + x) ((beta + T) / (beta + t))^s / (beta + t) dt`.
    ///
    /// # Source
    /// Schmittlein, Morrison and Colombo (1987), Management Science 33 (1), equations 11 to 13, before their
    /// integration: the closed form by hypergeometric functions underflows from about 130 purchases on.
    fn p_alive(&self, x: f64, t_x: f64, age: f64) -> f64 {
        let shape = self.r + x;
        self.alive_against(shape, t_x, age, self.dropped(shape, t_x, age - t_x))
    }

    /// The integral up to `T` from a `t_x` is that up to a later one, decayed, and a short rest.
    fn p_alive_each(&self, x: f64, recencies: &[f64], age: f64) -> Vec<f64> {
        let shape = self.r + x;
        let mut alive = vec![0.0; recencies.len()];
        let (mut later, mut dropped_later) = (age, 0.0);
        for (&t_x, alive) in recencies.iter().zip(&mut alive).rev() {
            if t_x > later {
                (later, dropped_later) = (age, 0.0);
            }
            let decay = self.log_decay(shape, t_x, later - t_x).exp();
            dropped_later = self.dropped(shape, t_x, later - t_x) + decay * dropped_later;
            later = t_x;
            *alive = self.alive_against(shape, t_x, age, dropped_later);
        }
        alive
    }

    /// A customer who is alive buys at a gamma(r + x, alpha + T) rate and drops out at a gamma(s, beta + T) rate.
    fn onward(&self, x: f64) -> Box<dyn Onward> {
        Box::new(DropoutAnyTime {
            shape: self.r + x,
            alpha: self.alpha,
            s: self.s,
            beta: self.beta,
        })
    }
}

impl ParetoNbd {
    /// `1 / (1 + D)` from what [`ParetoNbd::dropped`] says of `t_x` to `age`.
    fn alive_against(&self, shape: f64, t_x: f64, age: f64, dropped: f64) -> f64 {
        1.0 / (1.0 + (dropped.ln() - self.log_decay(shape, t_x, age - t_x)).exp())
    }

    /// Logarithm of the probability of neither a purchase nor a dropout for a time `u` after `t_x`.
    fn log_decay(&self, shape: f64, t_x: f64, u: f64) -> f64 {
        -shape * (u / (self.alpha + t_x)).ln_1p() - self.s * (u / (self.beta + t_x)).ln_1p()
    }

    /// `integral from 0 to silence of s ((alpha + t_x) / (alpha + t_x + u))^shape ((beta + t_x) / (beta + t_x + u))^s
    /// / (beta + t_x + u) du`, over the logarithm of `min(alpha, beta) + t_x + u`, in which the integrand is analytic
    /// for half a turn around the real line whatever the parameters.
    fn dropped(&self, shape: f64, t_x: f64, silence: f64) -> f64 {
        let (alpha, beta) = (self.alpha + t_x, self.beta + t_x);
        let start = alpha.min(beta);
        let end = (silence / start).ln_1p();
        let log_decay = |u: f64| self.log_decay(shape, t_x, u);
        let (mut from, mut total) = (0.0, 0.0);
        while from < end {
            let u = start * f64::exp_m1(from);
            if log_decay(u) < NEGLIGIBLE {
                break;
            }
            let rate = (start + u) * (shape / (alpha + u) + self.s / (beta + u));
            let length = LONGEST_PANEL.min(FALL / rate).min(end - from);
            let term = |(at, weight): (f64, f64)| {
                let u = start * at.exp_m1();
                weight * log_decay(u).exp() * (start + u) / (beta + u)
            };
            total += if length < SHORT_PANEL && rate * length < SHORT_FALL {
                few_nodes_of(from, length).map(term).sum::<f64>()
            } else {
                nodes_of(from, length).map(term).sum::<f64>()
            };
            from += length;
        }
        self.s * total
    }
}

/// The process of a customer who is alive.
struct DropoutAnyTime {
    shape: f64,
    alpha: f64,
    s: f64,
    beta: f64,
}

impl Onward for DropoutAnyTime {
    /// # Formula
    /// `(r + x) (beta + T) / ((alpha + T) (s - 1)) (1 - ((beta + T) / (beta + T + t))^(s - 1))`, which at `s` = 1 is
    /// `(r + x) (beta + T) / (alpha + T) ln((beta + T + t) / (beta + T))`.
    ///
    /// # Source
    /// Schmittlein, Morrison and Colombo (1987), equation 22; Fader and Hardie (2005), A Note on Deriving the
    /// Pareto/NBD Model and Related Expressions, equation 41.
    fn expected(&self, age: f64, time: f64) -> f64 {
        let beta = self.beta + age;
        let exposure = (time / beta).ln_1p();
        self.shape / (self.alpha + age) * beta * exposure * decay_mean((self.s - 1.0) * exposure)
    }

    /// # Formula
    /// `NB(n; t) (beta' / (beta' + t))^s + integral from 0 to t of NB(n; u) s / (beta' + u) (beta' / (beta' + u))^s du`,
    /// `beta'` being `beta + T`: a mixture over the time `u` for which the customer still buys.
    ///
    /// # Source
    /// Fader and Hardie (2020), Deriving an Expression for P(X(t) = x) Under the Pareto/NBD Model, before its
    /// integration.
    fn counts(&self, age: f64, time: f64) -> CountLaw {
        let alpha = self.alpha + age;
        let numbers = numbers_within(self.shape, alpha, time);
        let mut probabilities = vec![0.0; numbers];
        for (until, weight) in self.buying_times(alpha, self.beta + age, time, numbers) {
            for (sum, probability) in probabilities
                .iter_mut()
                .zip(NegativeBinomial::new(self.shape, alpha, until))
            {
                *sum += weight * probability;
            }
        }
        let mut left_out = 0.0;
        while let Some(&last) = probabilities.last()
            && left_out + last < 0.5 * TAIL
            && probabilities.len() > 1
        {
            left_out += last;
            probabilities.pop();
        }
        CountLaw::new(probabilities)
    }
}

impl DropoutAnyTime {
    /// How long a customer still buys within a horizon, with weights that sum to 1: one panel where nothing happens
    /// fast, then panels of equal length in the logarithm of time, short enough for the narrowest `NB(n; u)`.
    fn buying_times(&self, alpha: f64, beta: f64, time: f64, numbers: usize) -> Vec<(f64, f64)> {
        let log_survival = |u: f64| -self.s * (u / beta).ln_1p();
        let density = |u: f64| log_survival(u).exp() * self.s / (beta + u);
        let first = time
            .min(alpha * 2.0f64.min(2.0 / self.shape))
            .min(beta * 2.0f64.min(2.0 / self.s));
        let mut nodes: Vec<(f64, f64)> = nodes_of(0.0, first)
            .map(|(u, weight)| (u, weight * density(u)))
            .collect();
        let length = (time / first).ln();
        if length > 0.0 {
            let width = ((numbers as f64).recip() + self.shape.recip()).sqrt();
            let panels = (length / LONGEST_PANEL.min(3.0 * width)).ceil();
            let panel = length / panels;
            let mut from = first.ln();
            for _ in 0..panels as usize {
                if log_survival(from.exp()) < NEGLIGIBLE {
                    break;
                }
                nodes.extend(nodes_of(from, panel).map(|(at, weight)| {
                    let u = at.exp();
                    (u, weight * u * density(u))
                }));
                from += panel;
            }
        }
        nodes.push((time, log_survival(time).exp()));
        nodes
    }
}

/// How many numbers of purchases matter to a customer who cannot drop out: more than one who can needs.
fn numbers_within(shape: f64, alpha: f64, time: f64) -> usize {
    let mut beyond = 1.0;
    let counted = NegativeBinomial::new(shape, alpha, time)
        .take(NUMBERS_AT_MOST)
        .take_while(|probability| {
            let goes_on = beyond > 0.5 * TAIL;
            beyond -= probability;
            goes_on
        })
        .count();
    counted.max(1)
}
