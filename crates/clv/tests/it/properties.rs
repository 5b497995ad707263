//! What every prediction keeps whatever the parameters.

use cartera_clv::{BgNbd, GammaGamma, History, MbgNbd, Onward, Outlook, ParetoNbd, RepeatPurchases, Scores};
use proptest::prelude::*;

/// A shape or rate from 1e-6 to 1e8, as often small as large.
fn anything() -> impl Strategy<Value = f64> {
    (-6.0..8.0f64).prop_map(|exponent| 10f64.powf(exponent))
}

/// The three models at the same four numbers.
fn models(first: f64, second: f64, third: f64, fourth: f64) -> [Box<dyn RepeatPurchases>; 3] {
    [
        Box::new(BgNbd::new(first, second, third, fourth).unwrap()),
        Box::new(MbgNbd::new(first, second, third, fourth).unwrap()),
        Box::new(ParetoNbd::new(first, second, third, fourth).unwrap()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn being_alive_is_a_probability_that_falls_with_silence(
        (r, alpha, third, fourth) in (anything(), anything(), anything(), anything()),
        x in 0u32..600, t_x in 0.0..300.0f64, silence in 0.0..200.0f64, more in 0.0..100.0f64,
    ) {
        let t_x = if x == 0 { 0.0 } else { t_x };
        for model in models(r, alpha, third, fourth) {
            let x = f64::from(x);
            let (sooner, later) = (model.p_alive(x, t_x, t_x + silence), model.p_alive(x, t_x, t_x + silence + more));
            prop_assert!((0.0..=1.0).contains(&sooner), "{sooner}");
            let age = t_x + silence;
            let recencies = [0.2 * t_x, 0.9 * t_x, t_x, 0.5 * t_x, 0.99 * t_x];
            for (t_x, each) in recencies.into_iter().zip(model.p_alive_each(x, &recencies, age)) {
                let alone = model.p_alive(x, t_x, age);
                prop_assert!((each - alone).abs() <= 1e-9 * alone + 1e-300, "{each} {alone}");
            }
            prop_assert!((0.0..=1.0).contains(&later) && later <= sooner * (1.0 + 1e-9), "{sooner} {later}");
        }
    }

    #[test]
    fn expectations_are_finite_and_grow_with_time(
        (r, alpha, third, fourth) in (anything(), anything(), anything(), anything()),
        x in 0u32..600, age in 0.0..300.0f64, time in 0.01..200.0f64,
    ) {
        for model in models(r, alpha, third, fourth) {
            let onward = model.onward(f64::from(x));
            let (half, whole) = (onward.expected(age, 0.5 * time), onward.expected(age, time));
            let most = (r + f64::from(x)) * time / (alpha + age);
            prop_assert!(half >= 0.0 && half <= whole * (1.0 + 1e-9) && whole <= most * (1.0 + 1e-9), "{half} {whole} {most}");
        }
    }

    #[test]
    fn probabilities_of_numbers_sum_to_one_and_have_the_expected_mean(
        (r, alpha, third, fourth) in (anything(), anything(), anything(), anything()),
        x in 0u32..300, age in 1.0..300.0f64, time in 0.01..150.0f64,
    ) {
        // Beyond, a law has too many numbers to be of use.
        prop_assume!((r + f64::from(x)) * time / (alpha + age) < 1e4);
        for model in models(r, alpha, third, fourth) {
            let onward = model.onward(f64::from(x));
            law_keeps_its_word(onward.as_ref(), age, time)?;
        }
    }

    #[test]
    fn a_law_of_a_new_customer_is_that_of_no_history(
        (r, alpha, third, fourth) in (0.1..5.0f64, 1.0..20.0f64, 0.1..3.0f64, 0.5..20.0f64), time in 1.0..100.0f64,
    ) {
        for model in models(r, alpha, third, fourth) {
            let law = model.counts_new(time);
            prop_assert!((law.mean() - model.expected_new(time)).abs() < 1e-6 * (1.0 + law.mean()));
            prop_assert_eq!(law, model.counts(0.0, 0.0, 0.0, time));
        }
    }

    #[test]
    fn scores_are_finite_and_in_order(
        (r, alpha, third, fourth) in (anything(), anything(), anything(), anything()),
        (p, q, gamma) in (anything(), anything(), anything()),
        x in 0u32..300, recency_days in 0u32..2000, silence in 0u32..1000,
    ) {
        let recency_days = if x == 0 { 0 } else { recency_days };
        let history = History { repeat_count: x, recency_days, age_days: recency_days + silence };
        let outlook = Outlook::new(18, 0.1, 0.8).unwrap();
        prop_assume!((r + history.x()) * outlook.weeks() / (alpha + history.age()) < 1e3);
        let spend = GammaGamma::new(p, q, gamma).unwrap();
        for model in models(r, alpha, third, fourth) {
            let scores = Scores::of(model.as_ref(), Some(&spend), &[(history, x)], &outlook);
            let score = scores.get(&history, x).unwrap();
            prop_assert!(score.discounted <= score.expected && score.discounted_year <= score.expected_year);
            prop_assert!(score.expected.is_finite() && score.orders[0] <= score.orders[1]);
            let factors = score.spend.unwrap();
            prop_assert!(factors.low >= 0.0 && factors.low <= factors.high && factors.high.is_finite());
            prop_assert!(score.p_alive > 0.0 || factors.high == 0.0);
            if let Some(money) = score.discounted_spend(&spend, x, 12.5) {
                prop_assert!(money.iter().all(|value| value.is_finite() && *value >= 0.0), "{money:?}");
            }
        }
    }

    #[test]
    fn a_higher_discount_is_worth_less(
        (r, alpha, third, fourth) in (0.1..5.0f64, 1.0..20.0f64, 0.1..3.0f64, 0.5..20.0f64),
        months in 1u32..40, rate in 0.0..1.0f64, more in 0.01..1.0f64,
    ) {
        let history = History { repeat_count: 3, recency_days: 200, age_days: 300 };
        for model in models(r, alpha, third, fourth) {
            let [low, high] = [rate, rate + more].map(|rate| {
                let outlook = Outlook::new(months, rate, 0.8).unwrap();
                Scores::of(model.as_ref(), None, &[(history, 3)], &outlook).get(&history, 3).unwrap()
            });
            prop_assert!(high.discounted < low.discounted && high.discounted_year < low.discounted_year);
            prop_assert!(low.discounted <= low.expected && (low.expected - high.expected).abs() < 1e-12);
            let weeks = f64::from(months) * cartera_clv::WEEKS_PER_MONTH;
            prop_assert!((low.expected - model.expected(3.0, 200.0 / 7.0, 300.0 / 7.0, weeks)).abs() < 1e-9);
        }
    }
}

fn law_keeps_its_word(onward: &dyn Onward, age: f64, time: f64) -> Result<(), TestCaseError> {
    let law = onward.counts(age, time);
    let expected = onward.expected(age, time);
    let sum: f64 = law.probabilities().iter().sum();
    prop_assert!(
        law.probabilities()
            .iter()
            .all(|probability| (0.0..=1.0 + 1e-9).contains(probability))
    );
    prop_assert!((sum - 1.0).abs() < 1e-7, "sum {sum}");
    prop_assert!(
        (law.mean() - expected).abs() < 1e-5 * (1.0 + expected),
        "mean {} for {expected}",
        law.mean()
    );
    Ok(())
}
