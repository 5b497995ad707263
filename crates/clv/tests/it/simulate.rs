//! Customers drawn from the models, in whole days.

use cartera_clv::{BgNbd, Histories, History, MbgNbd, ParetoNbd, PurchaseModel, PurchaseModelKind};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rand_distr::{Distribution, Exp1, Gamma};

/// A generator of numbers, the same on every machine.
pub(crate) struct Draws(ChaCha8Rng);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Between 0 and 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Between two numbers, even in the logarithm.
    pub(crate) fn log_uniform(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.uniform())
    }

    /// With the mean 1.
    pub(crate) fn exponential(&mut self) -> f64 {
        Exp1.sample(&mut self.0)
    }

    /// With a shape and the scale 1.
    pub(crate) fn gamma(&mut self, shape: f64) -> f64 {
        Gamma::new(shape, 1.0).unwrap().sample(&mut self.0)
    }
}

/// `n` customers with ages of whole days, even between two numbers.
pub(crate) fn histories(model: &Truth, n: usize, ages: (u32, u32), draws: &mut Draws) -> Histories {
    let history = |_| {
        let age_days = ages.0 + (draws.uniform() * f64::from(ages.1 - ages.0 + 1)) as u32;
        model.history(age_days, draws)
    };
    Histories::new((0..n).map(history).collect())
}

/// A model of purchases to draw from: its kind and its four parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Truth {
    pub(crate) kind: PurchaseModelKind,
    pub(crate) values: [f64; 4],
}

impl Truth {
    pub(crate) fn model(&self) -> PurchaseModel {
        let [one, two, three, four] = self.values;
        match self.kind {
            PurchaseModelKind::BgNbd => PurchaseModel::BgNbd(BgNbd::new(one, two, three, four).unwrap()),
            PurchaseModelKind::MbgNbd => PurchaseModel::MbgNbd(MbgNbd::new(one, two, three, four).unwrap()),
            PurchaseModelKind::ParetoNbd => PurchaseModel::ParetoNbd(ParetoNbd::new(one, two, three, four).unwrap()),
        }
    }

    fn history(&self, age_days: u32, draws: &mut Draws) -> History {
        let [r, alpha, third, fourth] = self.values;
        let rate = draws.gamma(r) / alpha;
        let (chance, lifetime) = match self.kind {
            PurchaseModelKind::ParetoNbd => (0.0, draws.exponential() / (draws.gamma(third) / fourth)),
            _ => {
                let (drop, stay) = (draws.gamma(third), draws.gamma(fourth));
                (if drop > 0.0 { drop / (drop + stay) } else { 0.0 }, f64::INFINITY)
            }
        };
        let end = (f64::from(age_days) / 7.0).min(lifetime);
        let mut history = History {
            repeat_count: 0,
            recency_days: 0,
            age_days,
        };
        let mut time = 0.0;
        let mut is_alive = self.kind != PurchaseModelKind::MbgNbd || draws.uniform() >= chance;
        while is_alive && history.recency_days < age_days {
            time += draws.exponential() / rate;
            if time >= end {
                break;
            }
            let day = ((time * 7.0).ceil() as u32).min(age_days);
            if day > history.recency_days {
                history.repeat_count += 1;
                history.recency_days = day;
                is_alive = draws.uniform() >= chance;
            }
        }
        history
    }
}

/// Mean values of repeat buyers drawn from the Gamma-Gamma model.
pub(crate) fn spend([p, q, gamma]: [f64; 3], n: usize, mean_count: f64, draws: &mut Draws) -> Vec<(u32, f64)> {
    let value = |_| {
        let count = 1 + (draws.exponential() * (mean_count - 1.0)) as u32;
        let nu = draws.gamma(q) / gamma;
        (
            count,
            (draws.gamma(p * f64::from(count)) / (nu * f64::from(count))).clamp(1e-200, 1e200),
        )
    };
    (0..n).map(value).collect()
}
