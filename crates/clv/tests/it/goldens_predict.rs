//! Predictions against published figures (the CDNOW sample, lifetimes, BTYD, CLVTools).

use cartera_clv::{BgNbd, GammaGamma, History, MbgNbd, Outlook, ParetoNbd, RepeatPurchases, Scores};

use crate::cdnow::{Customer, customers};

/// The end of the calibration of the CDNOW sample, and the weeks after it.
const SPLIT: &str = "19970930";
const HOLDOUT_WEEKS: f64 = 39.0;

fn close(value: f64, published: f64, tolerance: f64) {
    assert!((value - published).abs() <= tolerance, "{value} for {published}");
}

/// BG/NBD as published for the CDNOW sample (Fader, Hardie and Lee 2005), and with the digits of CLVTools.
fn bg() -> BgNbd {
    BgNbd::new(0.243, 4.414, 0.793, 2.426).unwrap()
}

fn bg_in_full() -> BgNbd {
    BgNbd::new(0.2425945, 4.4136019, 0.7929199, 2.4258881).unwrap()
}

fn mbg() -> MbgNbd {
    MbgNbd::new(0.525, 6.183, 0.891, 1.614).unwrap()
}

fn pareto() -> ParetoNbd {
    ParetoNbd::new(0.553, 10.578, 0.606, 11.669).unwrap()
}

#[test]
fn bg_nbd_expects_the_published_numbers_of_purchases() {
    // Printed as 30.43 and 38.86 weeks: they are 213 and 272 days.
    close(
        bg_in_full().expected(2.0, 213.0 / 7.0, 272.0 / 7.0, 39.0),
        1.225993,
        5e-7,
    );
    let published = [
        (0.1429, 0.0078),
        (1.0, 0.0532),
        (3.0, 0.1506),
        (31.8571, 1.0405),
        (32.0, 1.0437),
        (78.0, 1.8576),
    ];
    for (weeks, purchases) in published {
        close(bg_in_full().expected_new(weeks), purchases, 5e-5 + 2e-4 * purchases);
    }
}

#[test]
fn bg_nbd_gives_the_published_probabilities_of_numbers() {
    close(bg().counts_new(39.0).probability(0), 0.5737864, 5e-8);
    close(bg().counts_new(2.0).probability(10), 1.07869e-7, 5e-13);
    let law = bg().counts_new(30.0);
    let published = [
        0.0019995214,
        0.0015170236,
        0.0011633150,
        0.0009003148,
        0.0007023638,
        0.0005517902,
        0.0004361913,
        0.0003467171,
        0.0002769613,
        0.0002222260,
    ];
    for (number, probability) in (11..).zip(published) {
        close(law.probability(number), probability, 5e-11);
    }
}

#[test]
fn pareto_nbd_expects_the_published_numbers_of_a_new_customer() {
    // The examples of BTYD's manual are at these parameters.
    let model = ParetoNbd::new(0.55, 10.56, 0.61, 11.64).unwrap();
    let published = [
        0.0, 0.05077821, 0.09916088, 0.14542507, 0.18979930, 0.23247466, 0.27361274, 0.31335159, 0.35181024, 0.38909211,
    ];
    for (weeks, purchases) in (0u32..).zip(published) {
        close(model.expected_new(f64::from(weeks)), purchases, 5e-9);
    }
}

#[test]
fn pareto_nbd_says_what_btyd_says_of_one_customer() {
    // BTYD's walkthrough prints them at a fit whose digits it does not give.
    let recency = 216.0 / 7.0;
    close(pareto().p_alive(26.0, recency, 31.0), 0.997874, 5e-7);
    close(pareto().expected(26.0, recency, 31.0, 52.0), 25.45647, 1e-3);
    for (x, published) in [
        (10.0, 0.7062289),
        (15.0, 0.1442396),
        (20.0, 0.02250658),
        (25.0, 0.00309267),
    ] {
        close(pareto().expected(x, 20.0, 39.0, 52.0), published, 2e-4 * published);
    }
}

#[test]
fn pareto_nbd_neither_underflows_nor_overflows_with_many_purchases() {
    let model = ParetoNbd::new(0.55, 10.58, 0.61, 11.67).unwrap();
    close(model.expected(132.0, 200.0, 200.0, 10.0), 6.206051788963242, 1e-11);
    close(model.expected(133.0, 200.0, 200.0, 10.0), 6.252872247574811, 1e-11);
    let model = ParetoNbd::new(0.5143, 2.8845, 0.2856, 14.1087).unwrap();
    let customers = [
        (221.0, 103.42857, 103.57143),
        (254.0, 97.14286, 97.28571),
        (161.0, 94.71429, 98.0),
        (204.0, 98.57143, 99.42857),
    ];
    for (x, t_x, age) in customers {
        let alive = model.p_alive(x, t_x, age);
        assert!(alive > 0.5 && alive < 1.0, "{x}: {alive}");
    }
    // lifetimes' test of an overflow, with the integral of 40 digits.
    let model = ParetoNbd::new(10.465, 7.98565181e-03, 3.0516, 2.820).unwrap();
    close(model.p_alive(50.0, 1.0, 37.0) / 1.41714429128661e-96, 1.0, 1e-12);
}

#[test]
fn probabilities_and_means_are_those_of_an_independent_integration() {
    // By mpmath, 40 digits.
    let pareto = pareto();
    close(pareto.p_alive(26.0, 30.857, 31.0), 0.997872034927762, 1e-14);
    close(pareto.p_alive(300.0, 30.0, 39.0) / 3.22625277985623e-24, 1.0, 1e-12);
    let steep = ParetoNbd::new(0.5, 1e-4, 50.0, 400.0).unwrap();
    close(steep.p_alive(3.0, 10.0, 60.0) / 2.00733711747286e-5, 1.0, 1e-12);
    let narrow = ParetoNbd::new(1e3, 2e4, 1e3, 3e4).unwrap();
    close(narrow.p_alive(5.0, 10.0, 60.0) / 0.0377519761538873, 1.0, 1e-12);
    let law = pareto.counts_new(39.0);
    close(law.probability(0), 0.593625031602384, 1e-13);
    close(law.probability(3), 0.0490399536428143, 1e-13);
    let heavy = ParetoNbd::new(95.0, 29.0, 1.606, 31.0).unwrap();
    close(
        heavy.onward(5.0).counts(20.0, 104.0).probability(150),
        0.00159977604895212,
        1e-12,
    );

    // Closed forms by hypergeometric functions, where they do not cancel.
    close(mbg().expected_new(39.0), 1.18295366559717, 1e-11);
    close(mbg().expected(3.0, 20.0, 39.0, 39.0), 1.0561787122079, 1e-11);
    let expected = |r, alpha, a, b, weeks| BgNbd::new(r, alpha, a, b).unwrap().expected_new(weeks);
    close(expected(0.243, 4.414, 0.793, 2.426, 39.0), 1.19672319332082, 1e-10);
    close(expected(1e-3, 4.0, 1.0, 2.0, 500.0), 0.0188125898066644, 1e-12);
    close(expected(0.5, 0.01, 0.8, 2.4, 52.0), 28.6867256624588, 1e-7);
    close(expected(2.0, 5.0, 1.5, 0.2, 100.0), 1.31714746256929, 1e-10);
    let loyal = BgNbd::new(0.243, 4.414, 0.05, 3.0).unwrap();
    close(loyal.onward(30.0).expected(39.0, 52.0), 35.4631559410637, 1e-8);
}

#[test]
fn gamma_gamma_values_the_first_customers_as_published() {
    let Some(customers) = customers(SPLIT) else { return };
    // The optimum whose digits were published as 6.25, 3.74 and 15.44.
    let model = GammaGamma::new(6.249571669, 3.744224833, 15.443523151).unwrap();
    let published = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17];
    for (customer, value) in customers.iter().zip(published) {
        let own = model
            .expected_value(customer.history.repeat_count, customer.mean_value)
            .unwrap();
        close(own, value, 5e-3);
    }
    close(model.mean_value().unwrap(), 35.17, 5e-3);
    assert_eq!(GammaGamma::new(6.25, 1.0, 15.44).unwrap().mean_value(), None);
}

/// What is said of a holdout: means by repeats 0, 1, … 7 and more, and figures over all customers.
struct Holdout {
    by_repeats: [f64; 8],
    total: f64,
    bias: f64,
    mean_absolute_error: f64,
    root_mean_square_error: f64,
    correlation: f64,
    mean_alive: f64,
}

fn holdout(model: &dyn RepeatPurchases, customers: &[Customer]) -> Holdout {
    let count = customers.len() as f64;
    let (mut sums, mut counts) = ([0.0; 8], [0.0; 8]);
    let (mut alive, mut absolute, mut squared) = (0.0, 0.0, 0.0);
    let (mut predicted, mut actual) = (Vec::new(), Vec::new());
    for Customer { history, holdout, .. } in customers {
        let expected = model.expected(history.x(), history.t_x(), history.age(), HOLDOUT_WEEKS);
        let place = (history.repeat_count as usize).min(7);
        sums[place] += expected;
        counts[place] += 1.0;
        let error = expected - f64::from(*holdout);
        absolute += error.abs();
        squared += error * error;
        alive += model.p_alive(history.x(), history.t_x(), history.age());
        predicted.push(expected);
        actual.push(f64::from(*holdout));
    }
    assert_eq!(counts, [1411.0, 439.0, 214.0, 100.0, 62.0, 38.0, 29.0, 64.0]);
    let (total, truth): (f64, f64) = (predicted.iter().sum(), actual.iter().sum());
    let product = |left: &[f64], right: &[f64]| -> f64 {
        let (left_mean, right_mean) = (left.iter().sum::<f64>() / count, right.iter().sum::<f64>() / count);
        left.iter()
            .zip(right)
            .map(|(left, right)| (left - left_mean) * (right - right_mean))
            .sum()
    };
    Holdout {
        by_repeats: std::array::from_fn(|place| sums[place] / counts[place]),
        total,
        bias: total / truth - 1.0,
        mean_absolute_error: absolute / count,
        root_mean_square_error: (squared / count).sqrt(),
        correlation: product(&predicted, &actual)
            / (product(&predicted, &predicted) * product(&actual, &actual)).sqrt(),
        mean_alive: alive / count,
    }
}

fn all_close(values: [f64; 8], published: [f64; 8]) {
    for (value, published) in values.into_iter().zip(published) {
        close(value, published, 5.001e-5);
    }
}

#[test]
fn the_holdout_of_cdnow_is_predicted_as_published() {
    let Some(customers) = customers(SPLIT) else { return };
    assert_eq!(customers.len(), 2357);
    assert_eq!(
        customers
            .iter()
            .map(|customer| customer.history.repeat_count)
            .sum::<u32>(),
        2457
    );
    assert_eq!(customers.iter().map(|customer| customer.holdout).sum::<u32>(), 1882);

    let of_bg = holdout(&bg_in_full(), &customers);
    all_close(
        of_bg.by_repeats,
        [0.2251, 0.5231, 1.0441, 1.5203, 2.1639, 2.6538, 3.5040, 6.1572],
    );
    close(of_bg.total, 1653.41, 5e-3);
    close(of_bg.bias, -0.1215, 5e-5);
    close(of_bg.mean_absolute_error, 0.78545, 5e-6);
    close(of_bg.root_mean_square_error, 1.60798, 5e-6);
    close(of_bg.correlation, 0.62565, 5e-6);
    close(of_bg.mean_alive, 0.81344, 5e-6);

    let of_mbg = holdout(&mbg(), &customers);
    all_close(
        of_mbg.by_repeats,
        [0.1852, 0.5515, 1.0492, 1.4933, 2.1048, 2.5641, 3.3615, 5.8495],
    );
    close(of_mbg.total, 1577.13, 5e-3);
    close(of_mbg.bias, -0.162, 5e-5);
    close(of_mbg.mean_alive, 0.44876, 5e-6);

    let of_pareto = holdout(&pareto(), &customers);
    all_close(
        of_pareto.by_repeats,
        [0.1385, 0.5995, 1.1960, 1.7140, 2.3985, 2.9075, 3.8190, 6.4036],
    );
    close(of_pareto.total, 1665.69, 5e-3);
    close(of_pareto.bias, -0.1149, 5e-5);
    close(of_pareto.mean_alive, 0.44643, 5e-6);
}

#[test]
fn four_of_five_customers_of_cdnow_buy_within_the_interval() {
    let Some(customers) = customers(SPLIT) else { return };
    // Nine months are 39.13 weeks, the holdout 39.
    let outlook = Outlook::new(9, 0.1, 0.8).unwrap();
    let histories: Vec<(History, u32)> = customers.iter().map(|customer| (customer.history, 0)).collect();
    let models: [&dyn RepeatPurchases; 3] = [&bg_in_full(), &mbg(), &pareto()];
    for model in models {
        let scores = Scores::of(model, None, &histories, &outlook);
        let inside = customers
            .iter()
            .filter(|customer| {
                let [low, high] = scores.get(&customer.history, 0).unwrap().orders;
                (low..=high).contains(&customer.holdout)
            })
            .count();
        assert!(inside as f64 >= 0.8 * customers.len() as f64, "{inside}");
    }
}

#[test]
fn a_purchase_on_the_day_of_the_split_is_not_of_the_holdout() {
    let Some(customers) = customers("19980101") else { return };
    assert_eq!([0, 999, 1055].map(|place: usize| customers[place].holdout), [0, 3, 3]);
    let first = customers[0].history;
    assert_eq!(
        first,
        History {
            repeat_count: 3,
            recency_days: 345,
            age_days: 365
        }
    );
}
