//! Predictive intervals hold as often as they say, on customers simulated from the model itself.

use cartera_clv::{BgNbd, GammaGamma, History, MbgNbd, Outlook, ParetoNbd, RepeatPurchases, Score, Scores};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Beta, Distribution, Exp, Gamma, StandardUniform};

/// A customer's first 39 weeks, and the orders and values of the 18 months after them.
struct Simulated {
    history: History,
    mean_value: f64,
    orders: u32,
    spend: f64,
}

const AGE_DAYS: f64 = 273.0;
const HORIZON_MONTHS: u32 = 18;

/// The days of purchases after the first one: at `rate` a week while alive, which ends at a time or by a chance
/// after each purchase (and after the first one too, where `at_once`).
fn purchases(rate: f64, until: f64, chance: f64, at_once: bool, random: &mut ChaCha8Rng) -> Vec<f64> {
    let leaves = |random: &mut ChaCha8Rng| -> bool { Distribution::<f64>::sample(&StandardUniform, random) < chance };
    let gap = Exp::new(rate).unwrap();
    let end = until.min((AGE_DAYS + 365.25 / 12.0 * f64::from(HORIZON_MONTHS)) / 7.0);
    let mut times = Vec::new();
    if at_once && leaves(random) {
        return times;
    }
    let mut time = 0.0;
    loop {
        time += gap.sample(random);
        if time > end {
            return times;
        }
        times.push(time * 7.0);
        if leaves(random) {
            return times;
        }
    }
}

/// What the purchases at some days are to an observer who does not see dropouts. The days stay whole in the history
/// only, so that it is the model's own law that is put to the test.
fn observed(days: &[f64], spend: &Spend, random: &mut ChaCha8Rng) -> Simulated {
    let repeats = days.iter().filter(|day| **day <= AGE_DAYS).count();
    let rate = Gamma::new(spend.q, 1.0 / spend.gamma).unwrap().sample(random);
    let value = Gamma::new(spend.p, 1.0 / rate).unwrap();
    let values: Vec<f64> = days.iter().map(|_| value.sample(random)).collect();
    let (known, later) = values.split_at(repeats);
    let last = days[..repeats].last().copied().unwrap_or(0.0);
    Simulated {
        history: History {
            repeat_count: repeats as u32,
            recency_days: last.round() as u32,
            age_days: AGE_DAYS as u32,
        },
        mean_value: known.iter().sum::<f64>() / (repeats as f64).max(1.0),
        orders: later.len() as u32,
        spend: later.iter().sum(),
    }
}

/// The numbers of a Gamma-Gamma model, for drawing from it.
struct Spend {
    p: f64,
    q: f64,
    gamma: f64,
}

const SPEND: Spend = Spend {
    p: 6.25,
    q: 3.74,
    gamma: 15.44,
};
const CUSTOMERS: usize = 40_000;

fn scored(model: &dyn RepeatPurchases, draw: impl Fn(&mut ChaCha8Rng) -> Vec<f64>) -> Vec<(Simulated, Score)> {
    let mut random = ChaCha8Rng::seed_from_u64(20);
    let customers: Vec<Simulated> = (0..CUSTOMERS)
        .map(|_| {
            let days = draw(&mut random);
            observed(&days, &SPEND, &mut random)
        })
        .collect();
    let spend = GammaGamma::new(SPEND.p, SPEND.q, SPEND.gamma).unwrap();
    let histories: Vec<(History, u32)> = customers
        .iter()
        .map(|customer| (customer.history, customer.history.repeat_count))
        .collect();
    let outlook = Outlook::new(HORIZON_MONTHS, 0.0, 0.8).unwrap();
    let scores = Scores::of(model, Some(&spend), &histories, &outlook);
    customers
        .into_iter()
        .map(|customer| {
            let score = scores.get(&customer.history, customer.history.repeat_count).unwrap();
            (customer, score)
        })
        .collect()
}

fn holds(model: &dyn RepeatPurchases, draw: impl Fn(&mut ChaCha8Rng) -> Vec<f64>) {
    let spend = GammaGamma::new(SPEND.p, SPEND.q, SPEND.gamma).unwrap();
    let scored = scored(model, draw);
    let (mut orders, mut above, mut expected, mut actual) = (0.0, 0.0, 0.0, 0.0);
    let (mut inside, mut positive) = (0.0, 0.0);
    let (mut money, mut spent) = (0.0, 0.0);
    for (customer, score) in &scored {
        let [low, high] = score.orders;
        orders += f64::from(u8::from((low..=high).contains(&customer.orders)));
        above += f64::from(u8::from(customer.orders > high));
        expected += score.expected;
        actual += f64::from(customer.orders);
        let [mean, low, high] = score
            .discounted_spend(&spend, customer.history.repeat_count, customer.mean_value)
            .unwrap();
        money += mean;
        spent += customer.spend;
        // Where 0 is no likely end, spend is continuous between both.
        if low > 0.0 {
            positive += 1.0;
            inside += f64::from(u8::from(low <= customer.spend && customer.spend <= high));
        }
    }
    let count = scored.len() as f64;
    let (orders, above, inside) = (orders / count, above / count, inside / positive);
    assert!((0.8..0.97).contains(&orders), "{orders}");
    assert!((0.03..=0.103).contains(&above), "{above}");
    assert!(
        positive > 500.0 && (inside - 0.8).abs() < 3.0 * (0.16 / positive).sqrt() + 0.005,
        "{inside} {positive}"
    );
    assert!((expected / actual - 1.0).abs() < 0.02, "{expected} {actual}");
    assert!((money / spent - 1.0).abs() < 0.03, "{money} {spent}");
}

#[test]
fn four_of_five_hold_with_bg_nbd() {
    let (rates, chances) = (Gamma::new(1.2, 1.0 / 6.0).unwrap(), Beta::new(0.8, 5.0).unwrap());
    holds(&BgNbd::new(1.2, 6.0, 0.8, 5.0).unwrap(), |random| {
        purchases(
            rates.sample(random),
            f64::INFINITY,
            chances.sample(random),
            false,
            random,
        )
    });
}

#[test]
fn four_of_five_hold_with_mbg_nbd() {
    let (rates, chances) = (Gamma::new(1.2, 1.0 / 6.0).unwrap(), Beta::new(0.8, 5.0).unwrap());
    holds(&MbgNbd::new(1.2, 6.0, 0.8, 5.0).unwrap(), |random| {
        purchases(
            rates.sample(random),
            f64::INFINITY,
            chances.sample(random),
            true,
            random,
        )
    });
}

#[test]
fn four_of_five_hold_with_pareto_nbd() {
    let (rates, ends) = (
        Gamma::new(1.2, 1.0 / 6.0).unwrap(),
        Gamma::new(0.9, 1.0 / 60.0).unwrap(),
    );
    holds(&ParetoNbd::new(1.2, 6.0, 0.9, 60.0).unwrap(), |random| {
        let until = Exp::new(ends.sample(random)).unwrap().sample(random);
        purchases(rates.sample(random), until, 0.0, false, random)
    });
}

#[test]
fn scores_do_not_depend_on_threads_or_on_the_order_of_customers() {
    let mut histories: Vec<(History, u32)> = (0..4000u32)
        .map(|number| {
            let (repeat_count, age_days) = (number % 7, 100 + number % 90);
            let recency_days = if repeat_count == 0 { 0 } else { number * 37 % age_days };
            (
                History {
                    repeat_count,
                    recency_days,
                    age_days,
                },
                repeat_count.saturating_sub(number % 2),
            )
        })
        .collect();
    let model = ParetoNbd::new(0.553, 10.578, 0.606, 11.669).unwrap();
    let spend = GammaGamma::new(SPEND.p, SPEND.q, SPEND.gamma).unwrap();
    let outlook = Outlook::new(24, 0.1, 0.8).unwrap();
    let on = |threads, histories: &[(History, u32)]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Scores::of(&model, Some(&spend), histories, &outlook))
    };
    let alone = on(1, &histories);
    histories.reverse();
    let together = on(4, &histories);
    assert_eq!(alone.distinct_count(), together.distinct_count());
    for (history, value_count) in &histories {
        let score = alone.get(history, *value_count).unwrap();
        assert_eq!(Some(score), together.get(history, *value_count));
        assert!(score.orders[0] <= score.orders[1] && score.p_alive > 0.0);
    }
    assert_eq!(alone.get(&histories[0].0, 1000), None);
}
