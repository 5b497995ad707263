//! Currencies of the orders, and the rates that turn them into euros.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::channel::Channel;
use crate::row::COUNTRIES;
use crate::stream::{Purpose, below, stream};
use crate::table_text::TableText;

/// A currency in which the retailer sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Currency {
    /// The retailer's own.
    Eur,
    /// Of customers in Great Britain who buy from home.
    Gbp,
    /// Of customers in the United States who buy from home.
    Usd,
}

impl Currency {
    /// Every currency.
    pub const ALL: [Self; 3] = [Self::Eur, Self::Gbp, Self::Usd];

    /// The ISO 4217 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Eur => "EUR",
            Self::Gbp => "GBP",
            Self::Usd => "USD",
        }
    }

    /// Shops take euros only; web and call centre charge in the money of the customer's country.
    pub(crate) fn of_order(channel: Channel, country: u8) -> Self {
        match (channel, COUNTRIES[usize::from(country)].code) {
            (Channel::Web | Channel::Phone, "GB") => Self::Gbp,
            (Channel::Web | Channel::Phone, "US") => Self::Usd,
            _ => Self::Eur,
        }
    }

    /// Millionths of a euro for one unit, by which the price lists abroad are made; they do not
    /// follow the daily rates.
    fn list_micro_euros(self) -> u64 {
        match self {
            Self::Eur => MICRO,
            Self::Gbp => 1_170_000,
            Self::Usd => 920_000,
        }
    }

    /// A price of the euro list in the list of this currency, at least one cent unless it is zero.
    pub(crate) fn list_price_cents(self, euro_cents: u32) -> u32 {
        if self == Self::Eur || euro_cents == 0 {
            return euro_cents;
        }
        let list = self.list_micro_euros();
        let cents = (u64::from(euro_cents) * MICRO + list / 2) / list;
        u32::try_from(cents).unwrap_or(u32::MAX).max(1)
    }
}

/// Rates have six decimals.
const MICRO: u64 = 1_000_000;
/// Rates are known from this many days before the history on, so that the first day has one even on a weekend.
const DAYS_AHEAD: u32 = 7;

/// Euros for one unit of each foreign currency, by day.
#[derive(Clone, Debug)]
pub(crate) struct Rates {
    /// Millionths by day since [`DAYS_AHEAD`] before the history. On a weekend the rate of the Friday before.
    micro_euros: [Vec<u64>; Currency::ALL.len()],
    is_quoted: Vec<bool>,
    first: Date,
}

impl Rates {
    /// Walks slowly from day to day, drawn back to the list rate. `None` where the calendar ends.
    pub(crate) fn draw(seed: u64, first_day: Date, days: u32) -> Option<Self> {
        let first = first_day.checked_sub(i64::from(DAYS_AHEAD).days()).ok()?;
        let weekdays = first.weekday().cycle_forward().take((days + DAYS_AHEAD) as usize);
        let is_quoted: Vec<bool> = weekdays
            .map(|day| !matches!(day, Weekday::Saturday | Weekday::Sunday))
            .collect();
        let micro_euros = Currency::ALL.map(|currency| {
            let list = currency.list_micro_euros();
            let widest_step = (list / 300) as u32;
            let mut rng = stream(seed, Purpose::Rates, currency as u64);
            let mut rate = list;
            let quotes = is_quoted.iter().map(|&is_quoted| {
                if is_quoted && currency != Currency::Eur {
                    let step = u64::from(below(&mut rng, 2 * widest_step + 1));
                    rate = (rate + step + list / 50) - u64::from(widest_step) - rate / 50;
                }
                rate
            });
            quotes.collect()
        });
        Some(Self {
            micro_euros,
            is_quoted,
            first,
        })
    }

    /// An amount in ten-thousandths of a euro, by the latest rate on or before a day of the history, rounded half-even once.
    pub(crate) fn to_euros(&self, amount_cents: i64, currency: Currency, day: u32) -> i64 {
        if currency == Currency::Eur {
            return amount_cents * 100;
        }
        let rate = self.micro_euros[currency as usize][(day + DAYS_AHEAD) as usize];
        half_even(i128::from(amount_cents) * i128::from(rate), 10_000)
    }

    /// `rates.csv`: date, currency, euros for one unit.
    pub(crate) fn table(&self) -> TableText {
        let mut table = TableText::default();
        for (day, _) in (0_i64..).zip(&self.is_quoted).filter(|&(_, &is_quoted)| is_quoted) {
            let date = self.first.saturating_add(day.days());
            for currency in [Currency::Gbp, Currency::Usd] {
                let rate = self.micro_euros[currency as usize][day as usize];
                let rate = format_args!("{}.{:06}", rate / MICRO, rate % MICRO).to_string();
                table.row(&[&date, &currency.code(), &rate]);
            }
        }
        table
    }
}

/// The quotient, rounded to the nearest whole number, halves to the even one.
fn half_even(numerator: i128, denominator: i128) -> i64 {
    let floor = numerator.div_euclid(denominator);
    let twice = numerator.rem_euclid(denominator) * 2;
    let up = twice > denominator || (twice == denominator && floor % 2 != 0);
    (floor + i128::from(up)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn halves_go_to_the_even_neighbour() {
        for (numerator, rounded) in [(25, 2), (35, 4), (-25, -2), (-35, -4), (26, 3), (-26, -3), (20, 2)] {
            assert_eq!(half_even(numerator, 10), rounded, "{numerator}");
        }
    }

    #[test]
    fn rates_walk_slowly_around_the_list_rate() {
        let rates = Rates::draw(1, date(2024, 1, 1), 3_000).unwrap();
        for currency in [Currency::Gbp, Currency::Usd] {
            let walk = &rates.micro_euros[currency as usize];
            let list = currency.list_micro_euros();
            assert!(walk.iter().all(|&rate| rate.abs_diff(list) < list / 10), "{currency:?}");
            assert!(walk.windows(2).all(|pair| pair[0].abs_diff(pair[1]) < list / 100));
            let distinct: std::collections::HashSet<_> = walk.iter().collect();
            assert!(distinct.len() > 1_000);
        }
    }

    #[test]
    fn a_weekend_has_the_rate_of_friday() {
        // 2024-01-06 is a Saturday.
        let rates = Rates::draw(1, date(2024, 1, 6), 30).unwrap();
        let of_day = |day: u32| rates.to_euros(1_000_000, Currency::Gbp, day);
        assert_eq!(of_day(0), of_day(1));
        assert_ne!(of_day(1), of_day(2));
        assert_eq!(rates.to_euros(-205, Currency::Eur, 3), -20_500);
    }

    #[test]
    fn list_prices_stay_prices() {
        assert_eq!(Currency::Gbp.list_price_cents(117), 100);
        assert_eq!(Currency::Usd.list_price_cents(92), 100);
        assert_eq!(Currency::Gbp.list_price_cents(1), 1);
        assert_eq!(Currency::Usd.list_price_cents(0), 0);
        assert_eq!(Currency::Usd.list_price_cents(u32::MAX), u32::MAX);
    }
}
