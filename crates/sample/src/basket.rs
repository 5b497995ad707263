//! The lines of one order, drawn from the order's own stream.
//!
//! A basket is drawn twice at most: when it is written and when the truth about its customer is
//! told. Both give the same lines, so neither has to be kept.

use rand_chacha::ChaCha8Rng;

use crate::catalogue::{SHIPPING, product_for_price};
use crate::channel::Channel;
use crate::currency::Currency;
use crate::header::OrderFields;
use crate::stream::{Purpose, below, chance, stream, unit};
use crate::totals::LineKind;
use crate::{LineTotals, Party, SampleValidParams};

/// An order has one product line, and one more as often as a coin with this chance shows heads.
const ANOTHER_LINE: f64 = 0.65;
const MAX_PRODUCT_LINES: usize = 40;
/// Share of the orders with a gift of zero price.
const GIFT_SHARE: f64 = 0.05;
/// Orders under this value that are sent home pay for shipping.
const FREE_SHIPPING_CENTS: u32 = 2_500;
const SHIPPING_CENTS: u32 = 395;
/// Chance that a line comes back when something of its order does.
const LINE_RETURNED: f64 = 0.4;
/// Share of the orders with a coupon.
const COUPON_SHARE: f64 = 0.06;
/// A coupon takes off a tenth: the discount is this part of what is left to pay.
const COUPON_PART_OF_PAID: i64 = 9;

/// One line before it is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) kind: LineKind,
    pub(crate) product: u16,
    pub(crate) quantity: i32,
    /// What is paid, in the currency of the order, after any discount.
    pub(crate) unit_price_cents: u32,
    /// Whether a coupon was used.
    pub(crate) has_discount: bool,
}

impl Line {
    /// What the coupon took off the line; it comes back with a return. Nothing where there was none.
    pub(crate) fn discount_cents(&self) -> Option<i64> {
        let discount = (self.amount_cents().abs() + COUPON_PART_OF_PAID / 2) / COUPON_PART_OF_PAID;
        (self.has_discount && discount > 0).then(|| discount * self.amount_cents().signum())
    }

    /// The line by itself, for adding up.
    pub(crate) fn totals(&self, params: &SampleValidParams, currency: Currency, day: u32) -> LineTotals {
        LineTotals {
            lines: 1,
            amount_cents: self.amount_cents(),
            converted: params.rates.to_euros(self.amount_cents(), currency, day),
        }
    }

    pub(crate) fn amount_cents(&self) -> i64 {
        i64::from(self.quantity) * i64::from(self.unit_price_cents)
    }
}

/// The lines of an order or a return. Reused from order to order.
#[derive(Debug)]
pub(crate) struct Basket {
    pub(crate) lines: Vec<Line>,
    pub(crate) currency: Currency,
    weights: Vec<f64>,
}

impl Basket {
    pub(crate) fn new() -> Self {
        Self {
            lines: Vec::new(),
            currency: Currency::Eur,
            weights: Vec::new(),
        }
    }

    /// Draws the lines of `order`, in place of those that were here. There is at least one.
    pub(crate) fn fill(&mut self, params: &SampleValidParams, order: &OrderFields) {
        let purpose = match order.party {
            Party::Customer => Purpose::CustomerBasket,
            Party::Guest => Purpose::GuestBasket,
        };
        let id = u64::from(order.owner) << 32 | u64::from(order.sequence);
        let mut rng = stream(params.params().seed, purpose, id);
        self.currency = Currency::of_order(order.channel, order.country);
        let has_discount = chance(&mut rng, COUPON_SHARE);
        self.draw_products(&mut rng, order.value_cents, has_discount);
        // Drawn for every order, so that a return sees the lines of the order that it returns.
        let gift = chance(&mut rng, GIFT_SHARE);
        if order.is_return {
            self.keep_returned(&mut rng);
            return;
        }
        if gift {
            self.lines.push(Line {
                kind: LineKind::Free,
                product: product_for_price(0, unit(&mut rng)),
                quantity: 1,
                unit_price_cents: 0,
                has_discount: false,
            });
        }
        if order.value_cents < FREE_SHIPPING_CENTS && order.channel != Channel::Shop {
            self.lines.push(Line {
                kind: LineKind::Shipping,
                product: SHIPPING,
                quantity: 1,
                unit_price_cents: self.currency.list_price_cents(SHIPPING_CENTS),
                has_discount: false,
            });
        }
    }

    /// Splits the value of the order over its products. The lines add up to the value but for the
    /// rounding of each unit price to cents, and a price is never below one cent. The value is in
    /// euros; the product is that of the euro price, whatever the currency.
    fn draw_products(&mut self, rng: &mut ChaCha8Rng, value_cents: u32, has_discount: bool) {
        self.weights.clear();
        self.weights.push(0.25 + unit(rng));
        while self.weights.len() < MAX_PRODUCT_LINES && unit(rng) < ANOTHER_LINE {
            self.weights.push(0.25 + unit(rng));
        }
        let weights_sum: f64 = self.weights.iter().sum();
        self.lines.clear();
        for weight in &self.weights {
            let quantity = draw_quantity(rng);
            let line_cents = f64::from(value_cents) * weight / weights_sum;
            let euro_cents = ((line_cents / f64::from(quantity)).round() as u32).max(1);
            self.lines.push(Line {
                kind: LineKind::Sale,
                product: product_for_price(euro_cents, unit(rng)),
                quantity,
                unit_price_cents: self.currency.list_price_cents(euro_cents),
                has_discount,
            });
        }
    }

    /// Turns the lines of an order into those of its return: at least one, at most the quantity.
    fn keep_returned(&mut self, rng: &mut ChaCha8Rng) {
        let first = self.lines.first().copied();
        self.lines.retain(|_| chance(rng, LINE_RETURNED));
        if self.lines.is_empty() {
            self.lines.extend(first);
        }
        for line in &mut self.lines {
            let kept = below(rng, line.quantity.unsigned_abs());
            line.kind = LineKind::Return;
            line.quantity = kept as i32 - line.quantity;
        }
    }
}

/// Mostly one, at times a few, rarely a dozen.
fn draw_quantity(rng: &mut ChaCha8Rng) -> i32 {
    match below(rng, 100) {
        0..70 => 1,
        70..86 => 2,
        86..93 => 3,
        93..97 => 4,
        97..99 => 6,
        _ => 12,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SampleParams;

    fn order(sequence: u32, is_return: bool) -> OrderFields {
        OrderFields {
            second: 0,
            party: Party::Customer,
            owner: 1,
            sequence,
            country: 0,
            channel: Channel::Web,
            is_return,
            value_cents: 5_000,
        }
    }

    #[test]
    fn product_lines_add_up_to_the_value_but_for_rounding() {
        let params = SampleParams::new(1, 1).check().unwrap();
        let mut basket = Basket::new();
        let (mut rounding, mut products) = (0, 0);
        for sequence in 0..10_000 {
            basket.fill(&params, &order(sequence, false));
            let sales = basket.lines.iter().filter(|line| line.kind == LineKind::Sale);
            let (amount, quantity, count) = sales.fold((0, 0, 0), |(amount, quantity, count), line| {
                (
                    amount + line.amount_cents(),
                    quantity + i64::from(line.quantity),
                    count + 1,
                )
            });
            assert!((amount - 5_000).abs() <= (quantity + 1) / 2, "{amount}");
            rounding += amount - 5_000;
            products += count;
        }
        assert!(
            f64::from(rounding as i32).abs() / 10_000.0 < 0.1,
            "rounding is biased: {rounding}"
        );
        let expected = 1.0 / (1.0 - ANOTHER_LINE);
        assert!((f64::from(products) / 10_000.0 - expected).abs() < 0.1);
    }

    #[test]
    fn a_return_is_part_of_its_order() {
        let params = SampleParams::new(1, 1).check().unwrap();
        let (mut bought, mut returned) = (Basket::new(), Basket::new());
        for sequence in 0..1_000 {
            bought.fill(&params, &order(sequence, false));
            returned.fill(&params, &order(sequence, true));
            assert!(!returned.lines.is_empty());
            for line in &returned.lines {
                assert!(line.kind == LineKind::Return && line.quantity < 0);
                assert!(bought.lines.iter().any(|sale| sale.kind == LineKind::Sale
                    && sale.product == line.product
                    && sale.unit_price_cents == line.unit_price_cents
                    && sale.has_discount == line.has_discount
                    && sale.quantity >= -line.quantity));
            }
        }
    }

    #[test]
    fn the_smallest_order_still_has_a_price() {
        let params = SampleParams::new(1, 1).check().unwrap();
        let mut basket = Basket::new();
        basket.fill(
            &params,
            &OrderFields {
                value_cents: 1,
                ..order(3, false)
            },
        );
        let sales = basket.lines.iter().filter(|line| line.kind == LineKind::Sale);
        assert!(sales.clone().count() > 0 && sales.clone().all(|line| line.unit_price_cents == 1));
    }
    #[test]
    fn a_coupon_takes_a_tenth_off_and_a_return_gives_it_back() {
        let line = |quantity, has_discount| Line {
            kind: LineKind::Sale,
            product: 1,
            quantity,
            unit_price_cents: 450,
            has_discount,
        };
        assert_eq!(line(2, true).discount_cents(), Some(100));
        assert_eq!(line(-2, true).discount_cents(), Some(-100));
        assert_eq!(line(2, false).discount_cents(), None);
        let params = SampleParams::new(1, 1).check().unwrap();
        let mut basket = Basket::new();
        let with_coupon = (0..10_000).filter(|&sequence| {
            basket.fill(&params, &order(sequence, false));
            basket.lines[0].has_discount
        });
        assert!((500..700).contains(&with_coupon.count()));
    }
}
