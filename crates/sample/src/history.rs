//! When a customer buys, for how much, and when the customer stops: the true process.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1};

use crate::channel::{Channel, PersonChannels};
use crate::details::Home;
use crate::header::{MAX_ORDERS, OrderFields, OrderHeader};
use crate::marketing::Marketing;
use crate::row::COUNTRIES;
use crate::stream::{Purpose, below, chance, stream, unit};
use crate::{Party, SampleValidParams};

pub(crate) const DAYS_PER_WEEK: f64 = 7.0;
pub(crate) const SECONDS_PER_DAY: u32 = 86_400;
/// Orders arrive from 7:00 to 22:00.
pub(crate) const OPENING_SECOND: u32 = 7 * 3_600;
pub(crate) const OPEN_SECONDS: u32 = 15 * 3_600;
/// A return comes back this many days after its order, at the soonest and at the latest.
const RETURN_DAYS: std::ops::RangeInclusive<u32> = 3..=30;
/// Share of the orders that somebody with two keys places under the second.
const SECOND_CHANNEL_ORDERS: f64 = 0.4;
/// Share of the guests who come to the shop; the others do not log in on the web.
const GUEST_SHOP_SHARE: f64 = 0.7;

/// What is true of one customer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CustomerTraits {
    /// Weeks from the start of the history to the first order.
    pub(crate) joined_week: f64,
    /// Mean purchases a week while active and left alone: lambda of BG/NBD.
    pub(crate) purchases_per_week: f64,
    /// Chance to drop out after a repeat purchase without complaint: p of BG/NBD.
    pub(crate) dropout_probability: f64,
    /// Rate of the order values: nu of Gamma-Gamma.
    pub(crate) spend_rate: f64,
    /// Place in [`COUNTRIES`].
    pub(crate) country: u8,
    pub(crate) channels: PersonChannels,
}

/// Why somebody buys no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Nobody left: still active when the history ends.
    None,
    /// The coin of BG/NBD.
    Own,
    /// A complaint.
    Complaint,
}

/// How it went with one customer.
#[derive(Debug)]
pub(crate) struct Life {
    pub(crate) traits: CustomerTraits,
    pub(crate) ending: Ending,
    /// Weeks from the start of the history to the last order of somebody who left, or to the end.
    pub(crate) active_until_week: f64,
    /// The orders that were complained about, by their sequence.
    pub(crate) complaints: Vec<u32>,
    pub(crate) marketing: Marketing,
}

/// Appends the orders and returns of customer `number` (from 1) and tells the truth about them.
pub(crate) fn place_customer_orders(params: &SampleValidParams, number: u32, orders: &mut Vec<OrderHeader>) -> Life {
    let mut rng = stream(params.params().seed, Purpose::Customer, u64::from(number));
    let traits = draw_customer(params, number, &mut rng);
    let end_week = f64::from(params.params().days) / DAYS_PER_WEEK;
    let joined_second = second_of_week(traits.joined_week, params.params().days);
    let marketing = Marketing::draw(params, number, joined_second / SECONDS_PER_DAY);
    let mut complaints = Vec::new();
    let mut placing = Placing {
        params,
        traits: &traits,
        number,
        sequence: 0,
        orders,
        complaints: &mut complaints,
    };
    let (ending, active_until_week) = if placing.place(&mut rng, traits.joined_week) {
        (Ending::Complaint, traits.joined_week)
    } else {
        let process = Process {
            purchases_per_week: traits.purchases_per_week,
            dropout_probability: traits.dropout_probability,
            boosts: &boosts(params, &marketing),
            from_week: traits.joined_week,
            end_week,
        };
        repeat_purchases(&mut rng, &process, |rng, week| placing.place(rng, week))
    };
    Life {
        traits,
        ending,
        active_until_week,
        complaints,
        marketing,
    }
}

/// Where the orders of one customer go.
struct Placing<'a> {
    params: &'a SampleValidParams,
    traits: &'a CustomerTraits,
    number: u32,
    sequence: u32,
    orders: &'a mut Vec<OrderHeader>,
    complaints: &'a mut Vec<u32>,
}

impl Placing<'_> {
    /// Places one order, perhaps its return, and says whether a complaint about it ends everything.
    fn place(&mut self, rng: &mut ChaCha8Rng, week: f64) -> bool {
        let days = self.params.params().days;
        let order = OrderFields {
            second: second_of_week(week, days),
            party: Party::Customer,
            owner: self.number,
            sequence: self.sequence,
            country: self.traits.country,
            channel: self.draw_channel(rng),
            is_return: false,
            value_cents: draw_value_cents(self.params, rng, self.traits.spend_rate),
        };
        self.orders.push(OrderHeader::pack(order));
        if chance(rng, self.params.params().return_share) {
            let wait_days = RETURN_DAYS.start() + below(rng, RETURN_DAYS.end() - RETURN_DAYS.start() + 1);
            let day = order.second / SECONDS_PER_DAY + wait_days;
            let second = day * SECONDS_PER_DAY + OPENING_SECOND + below(rng, OPEN_SECONDS);
            if day < days {
                self.orders.push(OrderHeader::pack(OrderFields {
                    second,
                    is_return: true,
                    ..order
                }));
            }
        }
        let complains = chance(rng, self.params.params().complaint_share);
        if complains {
            self.complaints.push(self.sequence);
        }
        self.sequence += 1;
        complains && chance(rng, self.params.params().complaint_dropout)
    }

    /// People start in their first channel and go there a little more often.
    fn draw_channel(&self, rng: &mut ChaCha8Rng) -> Channel {
        let PersonChannels { first, second } = self.traits.channels;
        second
            .filter(|_| chance(rng, SECOND_CHANNEL_ORDERS) && self.sequence > 0)
            .unwrap_or(first)
    }
}

/// The weeks in which a campaign raises the purchase rate of a person who was contacted.
fn boosts(params: &SampleValidParams, marketing: &Marketing) -> Vec<Boost> {
    let treated = marketing.assignments.iter().filter(|assignment| assignment.is_treated);
    treated
        .map(|assignment| {
            let campaign = &params.campaigns[assignment.campaign];
            let days = campaign.effect_days();
            Boost {
                from_week: f64::from(days.start) / DAYS_PER_WEEK,
                to_week: f64::from(days.end) / DAYS_PER_WEEK,
                factor: 1.0 + campaign.lift,
            }
        })
        .collect()
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
            channel: if chance(&mut rng, GUEST_SHOP_SHARE) {
                Channel::Shop
            } else {
                Channel::Web
            },
            is_return: false,
            value_cents: draw_value_cents(params, &mut rng, spend_rate),
        }));
    }
}

/// A time in which purchases come faster.
#[derive(Clone, Copy, Debug)]
struct Boost {
    from_week: f64,
    to_week: f64,
    /// At least 1.
    factor: f64,
}

/// The process of one customer's repeat purchases. Weeks count from the start of the history.
struct Process<'a> {
    purchases_per_week: f64,
    dropout_probability: f64,
    /// By time, never two at once.
    boosts: &'a [Boost],
    from_week: f64,
    end_week: f64,
}

impl Process<'_> {
    /// The week in which `wait_weeks` have passed since `week`, where boosted weeks count `factor` times.
    fn week_after(&self, week: f64, wait_weeks: f64) -> f64 {
        let (mut now, mut left) = (week, wait_weeks);
        for boost in self.boosts.iter().filter(|boost| boost.to_week > week) {
            let before = (boost.from_week - now).max(0.0);
            if left < before {
                break;
            }
            now += before;
            left -= before;
            let inside = (boost.to_week - now) * boost.factor;
            if left < inside {
                return now + left / boost.factor;
            }
            now = boost.to_week;
            left -= inside;
        }
        now + left
    }
}

/// Repeat purchases of BG/NBD: calls `purchase` with the week of each, in order, until the customer
/// drops out or the history ends. Says how it ended and until which week the customer was active.
///
/// `purchase` says whether a complaint ends it; that comes before the coin of the model. Boosts only
/// change the pace of time, so that without complaints the model holds in the time of the process.
///
/// # Source
///
/// Fader, Hardie & Lee (2005), section 3, assumptions (i) and (iii): exponential times between
/// purchases, a coin for dropout after each repeat purchase.
fn repeat_purchases(
    rng: &mut ChaCha8Rng,
    process: &Process<'_>,
    mut purchase: impl FnMut(&mut ChaCha8Rng, f64) -> bool,
) -> (Ending, f64) {
    let mut week = process.from_week;
    // The first order has number 0. The bound only guards against absurd rates.
    for _ in 1..MAX_ORDERS {
        let wait: f64 = Exp1.sample(rng);
        week = process.week_after(week, wait / process.purchases_per_week);
        // A rate that underflowed to zero gives an infinite or undefined wait: no purchase either.
        if week.is_nan() || week >= process.end_week {
            break;
        }
        if purchase(rng, week) {
            return (Ending::Complaint, week);
        }
        if chance(rng, process.dropout_probability) {
            return (Ending::Own, week);
        }
    }
    (Ending::None, process.end_week)
}

fn draw_customer(params: &SampleValidParams, number: u32, rng: &mut ChaCha8Rng) -> CustomerTraits {
    let weeks = f64::from(params.params().days) / DAYS_PER_WEEK;
    let home = Home::of(params, number);
    let early = unit(rng) < params.params().early_share;
    CustomerTraits {
        joined_week: unit(rng) * if early { weeks / 8.0 } else { weeks },
        purchases_per_week: params.purchase_rates.sample(rng),
        dropout_probability: params.dropouts.sample(rng),
        spend_rate: params.spend_rates.sample(rng),
        country: if home.is_shared {
            home.country
        } else {
            draw_country(rng)
        },
        channels: draw_channels(rng, params.params().second_key_share),
    }
}

/// The channel of somebody's first key and, for some, the one of a second key.
fn draw_channels(rng: &mut ChaCha8Rng, second_key_share: f64) -> PersonChannels {
    let first = match below(rng, 100) {
        0..60 => Channel::Web,
        60..88 => Channel::Shop,
        _ => Channel::Phone,
    };
    let has_second = chance(rng, second_key_share);
    let others: Vec<Channel> = Channel::ALL.into_iter().filter(|&other| other != first).collect();
    let second = others[below(rng, 2) as usize];
    PersonChannels {
        first,
        second: has_second.then_some(second),
    }
}

/// One order value of Gamma-Gamma, at least one cent.
fn draw_value_cents(params: &SampleValidParams, rng: &mut ChaCha8Rng, spend_rate: f64) -> u32 {
    let value = params.spend_shapes.sample(rng) / spend_rate;
    // `as` saturates, so an absurd draw becomes the largest order instead of a wrong one.
    ((value * 100.0).round() as u32).max(1)
}

pub(crate) fn draw_country(rng: &mut ChaCha8Rng) -> u8 {
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
                let customer = draw_customer(&params, draw + 1, &mut rng);
                let mut count = 0.0;
                let process = Process {
                    purchases_per_week: customer.purchases_per_week,
                    dropout_probability: customer.dropout_probability,
                    boosts: &[],
                    from_week: 10.0,
                    end_week: 10.0 + weeks,
                };
                repeat_purchases(&mut rng, &process, |_, _| {
                    count += 1.0;
                    false
                });
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
        let process = Process {
            purchases_per_week: 0.0,
            dropout_probability: 0.5,
            boosts: &[],
            from_week: 0.0,
            end_week: 100.0,
        };
        let (ending, until) = repeat_purchases(&mut rng, &process, |_, _| panic!("a purchase"));
        assert_eq!((ending, until), (Ending::None, 100.0));
    }

    #[test]
    fn boosted_weeks_count_more() {
        let boost = |from_week, to_week, factor| Boost {
            from_week,
            to_week,
            factor,
        };
        let process = Process {
            purchases_per_week: 1.0,
            dropout_probability: 0.0,
            boosts: &[boost(10.0, 14.0, 2.0), boost(20.0, 24.0, 1.0), boost(30.0, 32.0, 4.0)],
            from_week: 0.0,
            end_week: 100.0,
        };
        for (week, wait, expected) in [
            (0.0, 9.0, 9.0),
            (0.0, 12.0, 11.0),
            (11.0, 4.0, 13.0),
            (9.0, 9.0, 14.0),
            (9.0, 10.0, 15.0),
            (15.0, 10.0, 25.0),
            (25.0, 15.0, 34.0),
            (40.0, 5.0, 45.0),
        ] {
            let found = process.week_after(week, wait);
            assert!((found - expected).abs() < 1e-12, "{week} {wait}: {found}");
        }
        assert_eq!(process.week_after(0.0, f64::INFINITY), f64::INFINITY);
    }
}
