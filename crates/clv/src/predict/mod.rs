//! What a model says about the future of a customer.
//!
//! All models here have one shape: given that a customer is alive at the end `T` of the observation, the future is
//! a new process of the same kind, whose parameters follow from the number `x` of repeats and `T` alone. So a
//! prediction is the probability of being alive, which needs `t_x` too, times a mean of that process: an
//! [`Onward`]. A new customer is one with `x` = `t_x` = `T` = 0.

mod counts;
mod dropout_after_purchase;
mod outlook;
mod pareto;
mod scores;
mod spend;
mod spend_law;

pub use counts::CountLaw;
pub use outlook::{Outlook, WEEKS_PER_MONTH};
pub use scores::{Score, Scores, SpendFactors};

/// A model of repeat purchases, for predictions. Times are weeks.
///
/// # Example
/// The customer of Fader, Hardie and Lee (2005) who bought again twice, the last time 213 days after the first
/// purchase, and was observed for 272 days:
/// ```
/// use cartera_clv::{BgNbd, History, RepeatPurchases};
///
/// let model = BgNbd::new(0.2425945, 4.4136019, 0.7929199, 2.4258881)?;
/// let customer = History { repeat_count: 2, recency_days: 213, age_days: 272 };
/// let expected = model.expected(customer.x(), customer.t_x(), customer.age(), 39.0);
/// assert!((expected - 1.225993).abs() < 1e-6);
/// # Ok::<(), cartera_clv::ClvError>(())
/// ```
pub trait RepeatPurchases: Sync {
    /// The probability that a customer with `x` repeats, the last one at `t_x`, is still alive at `age` = `T`.
    fn p_alive(&self, x: f64, t_x: f64, age: f64) -> f64;

    /// The same for customers with equal `x` and `age`, each with a `t_x`.
    fn p_alive_each(&self, x: f64, recencies: &[f64], age: f64) -> Vec<f64> {
        recencies.iter().map(|&t_x| self.p_alive(x, t_x, age)).collect()
    }

    /// The future of customers with `x` repeats who are alive.
    fn onward(&self, x: f64) -> Box<dyn Onward>;

    /// Expected repeats of a new customer in `(0, time]`.
    fn expected_new(&self, time: f64) -> f64 {
        self.expected(0.0, 0.0, 0.0, time)
    }

    /// The law of the number of repeats of a new customer in `(0, time]`.
    fn counts_new(&self, time: f64) -> CountLaw {
        self.counts(0.0, 0.0, 0.0, time)
    }

    /// Expected purchases of a customer in `(age, age + time]`.
    fn expected(&self, x: f64, t_x: f64, age: f64, time: f64) -> f64 {
        self.p_alive(x, t_x, age) * self.onward(x).expected(age, time)
    }

    /// The law of the number of purchases of a customer in `(age, age + time]`.
    fn counts(&self, x: f64, t_x: f64, age: f64, time: f64) -> CountLaw {
        let alive = self.onward(x).counts(age, time);
        alive.with_chance(self.p_alive(x, t_x, age))
    }
}

/// The process of a customer who is alive at `age`, given the number of repeats that it was made for.
pub trait Onward: Sync {
    /// Expected purchases in `(age, age + time]`.
    fn expected(&self, age: f64, time: f64) -> f64;

    /// The law of the number of purchases in `(age, age + time]`.
    fn counts(&self, age: f64, time: f64) -> CountLaw;
}
