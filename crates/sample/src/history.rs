//! When a customer buys, for how much, and when the customer stops: the true process.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1};

use crate::header::{MAX_ORDERS, OrderFields, OrderHeader};
use crate::row::COUNTRIES;
use crate::stream::{Purpose, below, stream, unit};
use crate::{Party, SampleValidParams};

const DAYS_PER_WEEK: f64 = 7.0;
const SECONDS_PER_DAY: u32 = 86_400;
/// Orders arrive from 7:00 to 22:00.
const OPENING_SECOND: u32 = 7 * 3_600;
const OPEN_SECONDS: u32 = 15 * 3_600;
/// A return comes back this many days after its order, at the soonest and at the latest.
const RETURN_DAYS: std::ops::RangeInclusive<u32> = 3..=30;

/// What is true of one customer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CustomerTraits {
    /// Weeks from the start of the history to the first order.
    pub(crate) joined_week: f64,
    /// Mean purchases a week while active: lambda of BG/NBD.
    pub(crate) purchases_per_week: f64,
    /// Chance to drop out after a repeat purchase: p of BG/NBD.
    pub(crate) dropout_probability: f64,
    /// Rate of the order values: nu of Gamma-Gamma.
    pub(crate) spend_rate: f64,
    /// Place in [`COUNTRIES`].
    pub(crate) country: u8,
    /// Whether the customer has not dropped out when the history ends.
    pub(crate) alive_at_end: bool,
}

/// Appends the orders and returns of customer `number` (from 1) and tells the truth about them.
pub(crate) fn place_customer_orders(
    params: &SampleValidParams,
    number: u32,
    orders: &mut Vec<OrderHeader>,
) -> CustomerTraits {
    let mut rng = stream(params.params().seed, Purpose::Customer, u64::from(number));
    let mut customer = draw_customer(params, &mut rng);
    let end_week = f64::from(params.params().days) / DAYS_PER_WEEK;
    let return_share = params.params().return_share;
    let mut sequence = 0;
    let mut place = |rng: &mut ChaCha8Rng, week: f64| {
        let order = OrderFields {
            second: second_of_week(week, params.params().days),
            party: Party::Customer,
            owner: number,
            sequence,
            country: customer.country,
            is_return: false,
            value_cents: draw_value_cents(params, rng, customer.spend_rate),
        };
        orders.push(OrderHeader::pack(order));
        if unit(rng) < return_share {
            let days = RETURN_DAYS.start() + below(rng, RETURN_DAYS.end() - RETURN_DAYS.start() + 1);
            let day = order.second / SECONDS_PER_DAY + days;
            let second = day * SECONDS_PER_DAY + OPENING_SECOND + below(rng, OPEN_SECONDS);
            if day < params.params().days {
                orders.push(OrderHeader::pack(OrderFields {
                    second,
                    is_return: true,
                    ..order
                }));
            }
        }
        sequence += 1;
    };
    place(&mut rng, customer.joined_week);
    let horizon_weeks = end_week - customer.joined_week;
    customer.alive_at_end = repeat_purchases(
        &mut rng,
        customer.purchases_per_week,
        customer.dropout_probability,
        horizon_weeks,
        |rng, week| place(rng, customer.joined_week + week),
    );
    customer
}

/// Appends the orders of the guests who come with one block of customers.
///
/// The orders already in `orders` are those of the block; guests are drawn in proportion.
pub(crate) fn place_guest_orders(params: &SampleValidParams, block: u32, orders: &mut Vec<OrderHeader>) {
    let share = params.params().guest_order_share;
    let customer_orders = orders.iter().filter(|order| !order.is_return()).count();
    let guests = (customer_orders as f64 * share / (1.0 - share)).round() as u32;
    let mut rng = stream(params.params().seed, Purpose::Guests, u64::from(block));
    for sequence in 0..guests.min(MAX_ORDERS) {
        let spend_rate = params.spend_rates.sample(&mut rng);
        let day = below(&mut rng, params.params().days);
        orders.push(OrderHeader::pack(OrderFields {
            second: day * SECONDS_PER_DAY + OPENING_SECOND + below(&mut rng, OPEN_SECONDS),
            party: Party::Guest,
            owner: block,
            sequence,
            country: draw_country(&mut rng),
            is_return: false,
            value_cents: draw_value_cents(params, &mut rng, spend_rate),
        }));
    }
}

/// Repeat purchases of BG/NBD: calls `purchase` with the weeks since the first purchase, in order,
/// and says whether the customer is still active at `horizon_weeks`.
///
/// # Source
///
/// Fader, Hardie & Lee (2005), section 3, assumptions (i) and (iii): exponential times between
/// purchases, a coin for dropout after each repeat purchase.
fn repeat_purchases(
    rng: &mut ChaCha8Rng,
    purchases_per_week: f64,
    dropout_probability: f64,
    horizon_weeks: f64,
    mut purchase: impl FnMut(&mut ChaCha8Rng, f64),
) -> bool {
    let mut week = 0.0;
    // The first order has number 0. The bound only guards against absurd rates.
    for _ in 1..MAX_ORDERS {
        let wait: f64 = Exp1.sample(rng);
        week += wait / purchases_per_week;
        // A rate that underflowed to zero gives an infinite or undefined wait: no purchase either.
        if week.is_nan() || week >= horizon_weeks {
            return true;
        }
        purchase(rng, week);
        if unit(rng) < dropout_probability {
            return false;
        }
    }
    true
}

fn draw_customer(params: &SampleValidParams, rng: &mut ChaCha8Rng) -> CustomerTraits {
    let weeks = f64::from(params.params().days) / DAYS_PER_WEEK;
    let early = unit(rng) < params.params().early_share;
    CustomerTraits {
        joined_week: unit(rng) * if early { weeks / 8.0 } else { weeks },
        purchases_per_week: params.purchase_rates.sample(rng),
        dropout_probability: params.dropouts.sample(rng),
        spend_rate: params.spend_rates.sample(rng),
        country: draw_country(rng),
        alive_at_end: true,
    }
}

/// One order value of Gamma-Gamma, at least one cent.
fn draw_value_cents(params: &SampleValidParams, rng: &mut ChaCha8Rng, spend_rate: f64) -> u32 {
    let value = params.spend_shapes.sample(rng) / spend_rate;
    // `as` saturates, so an absurd draw becomes the largest order instead of a wrong one.
    ((value * 100.0).round() as u32).max(1)
}

fn draw_country(rng: &mut ChaCha8Rng) -> u8 {
    let weights_sum: u32 = COUNTRIES.iter().map(|country| country.weight).sum();
    let mut rest = below(rng, weights_sum);
    for (index, country) in COUNTRIES.iter().enumerate() {
        if rest < country.weight {
            return index as u8;
        }
        rest -= country.weight;
    }
    0
}

/// Keeps the day of a moment and squeezes its time of day into opening hours.
fn second_of_week(week: f64, days: u32) -> u32 {
    let moment = week * DAYS_PER_WEEK;
    let day = (moment.floor() as u32).min(days - 1);
    let time_of_day = (moment - f64::from(day)).clamp(0.0, 1.0);
    let open = ((time_of_day * f64::from(OPEN_SECONDS)) as u32).min(OPEN_SECONDS - 1);
    day * SECONDS_PER_DAY + OPENING_SECOND + open
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SampleParams;

    /// Gauss's hypergeometric series, for `z` in `[0, 1)`.
    fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
        let (mut term, mut sum) = (1.0, 1.0);
        for n in 0..100_000 {
            let n = f64::from(n);
            term *= (a + n) * (b + n) / (c + n) * z / (n + 1.0);
            sum += term;
            if term < 1e-14 * sum {
                break;
            }
        }
        sum
    }

    /// Fader, Hardie & Lee (2005), equation 9.
    fn expected_purchases(r: f64, alpha: f64, a: f64, b: f64, t: f64) -> f64 {
        let f = hypergeometric(r, b, a + b - 1.0, t / (alpha + t));
        (a + b - 1.0) / (a - 1.0) * (1.0 - (alpha / (alpha + t)).powf(r) * f)
    }

    #[test]
    fn purchases_have_the_mean_and_the_zeros_of_the_closed_forms() {
        let params = SampleParams::new(1, 1).check().unwrap();
        let crate::PurchaseParams {
            r,
            alpha_weeks: alpha,
            a,
            b,
        } = params.params().purchase;
        let draws = 100_000_u32;
        for weeks in [4.0, 26.0, 104.0] {
            let (mut sum, mut squares, mut zeros) = (0.0, 0.0, 0.0);
            for draw in 0..draws {
                let mut rng = stream(99, Purpose::Customer, u64::from(draw));
                let customer = draw_customer(&params, &mut rng);
                let mut count = 0.0;
                let (rate, dropout) = (customer.purchases_per_week, customer.dropout_probability);
                repeat_purchases(&mut rng, rate, dropout, weeks, |_, _| count += 1.0);
                sum += count;
                squares += count * count;
                zeros += f64::from(u8::from(count == 0.0));
            }
            let n = f64::from(draws);
            let mean = sum / n;
            let mean_error = ((squares / n - mean * mean) / n).sqrt();
            let expected = expected_purchases(r, alpha, a, b, weeks);
            assert!(
                (mean - expected).abs() < 4.0 * mean_error,
                "{weeks}: {mean} vs {expected}"
            );
            assert!(mean_error < 0.01 * expected, "the test is too weak: {mean_error}");

            // Equation 8 at x = 0: nobody has dropped out before the first repeat purchase.
            let zero = (alpha / (alpha + weeks)).powf(r);
            let zero_error = (zero * (1.0 - zero) / n).sqrt();
            assert!(
                (zeros / n - zero).abs() < 4.0 * zero_error,
                "{weeks}: {} vs {zero}",
                zeros / n
            );
        }
    }

    #[test]
    fn order_values_have_the_mean_of_gamma_gamma() {
        let params = SampleParams::new(1, 1).check().unwrap();
        let crate::SpendParams { p, q, gamma } = params.params().spend;
        let n = 200_000.0;
        let mut sum = 0.0;
        for draw in 0..n as u64 {
            let mut rng = stream(98, Purpose::Customer, draw);
            let rate = params.spend_rates.sample(&mut rng);
            sum += f64::from(draw_value_cents(&params, &mut rng, rate)) / 100.0;
        }
        let expected = p * gamma / (q - 1.0);
        // Var(z) = E^2 (1/p + 1) (q - 1) / (q - 2) - E^2.
        let variance = expected * expected * ((1.0 / p + 1.0) * (q - 1.0) / (q - 2.0) - 1.0);
        assert!((sum / n - expected).abs() < 4.0 * (variance / n).sqrt(), "{}", sum / n);
    }

    #[test]
    fn moments_keep_their_day_and_fall_into_opening_hours() {
        for (week, day) in [(0.0, 0), (0.999 / 7.0, 0), (1.0 / 7.0 + 1e-9, 1), (104.42, 730)] {
            let second = second_of_week(week, 731);
            assert_eq!(second / SECONDS_PER_DAY, day);
            let of_day = second % SECONDS_PER_DAY;
            assert!((OPENING_SECOND..OPENING_SECOND + OPEN_SECONDS).contains(&of_day));
        }
    }

    #[test]
    fn a_rate_of_zero_never_buys() {
        let mut rng = stream(1, Purpose::Customer, 1);
        assert!(repeat_purchases(&mut rng, 0.0, 0.5, 100.0, |_, _| panic!("a purchase")));
    }
}
