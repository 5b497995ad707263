//! The guesses that need no model. Some real bases are so that they win by some measure: then that should be seen.

use super::backtest::Prediction;
use super::subjects::Subject;
use crate::money::to_f64;

/// All of them, for a holdout of that many days.
pub(super) fn guesses(customers: &[Subject], holdout_days: i32) -> Vec<Prediction> {
    let guess = |name, orders: &dyn Fn(&Subject) -> f64, sales: &dyn Fn(&Subject) -> f64| Prediction {
        model: name,
        orders: customers.iter().map(orders).collect(),
        sales: Some(customers.iter().map(sales).collect()),
    };
    vec![
        guess("own_rate", &|subject| own_rate(subject, holdout_days), &|subject| {
            own_rate(subject, holdout_days) * subject.value_mean
        }),
        guess(
            "same_as_before",
            &|subject| f64::from(subject.holdout.purchases_before),
            &|subject| to_f64(subject.holdout.sales_before.into()),
        ),
        guess("nothing", &|_| 0.0, &|_| 0.0),
    ]
}

/// Repeats so far by days so far, as many days again.
fn own_rate(subject: &Subject, holdout_days: i32) -> f64 {
    let age_days = f64::from(subject.history.age_days);
    if age_days > 0.0 {
        subject.history.x() / age_days * f64::from(holdout_days)
    } else {
        0.0
    }
}
