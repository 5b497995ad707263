//! `truth_customers.csv`: what is true of each customer, for scoring models and checking sums.
//!
//! The same streams are drawn again, block by block, so nothing has to be kept from the writing of
//! the lines.

use std::fmt::Write as _;
use std::io::Write;

use crate::basket::Basket;
use crate::header::{OrderHeader, block_count, customers_in_block};
use crate::history::{CustomerTraits, place_customer_orders};
use crate::ordered::produce_in_order;
use crate::row::{COUNTRIES, Texts, push_cents, push_customer_id};
use crate::totals::LineKind;
use crate::{LineTotals, SampleError, SampleValidParams};

/// The first line of `truth_customers.csv`, with its newline.
///
/// Rates are per week, money in currency units. `mean_order_value` is the mean of the customer's
/// own distribution, not of the orders that were drawn. Counts and sums are over the whole history,
/// whatever the window and the defects; `net_sales` is sales less returns, without shipping.
pub const CUSTOMER_TRUTH_HEADER: &str = "customer_id,country,joined_on,purchases_per_week,dropout_probability,\
mean_order_value,alive_at_end,order_count,last_ordered_on,line_count,sales,returned,shipping,net_sales\n";

/// What the customers of a sample add up to. Guests are not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TruthTotals {
    /// Customers written.
    pub customers: u64,
    /// Customers who are still active when the history ends.
    pub customers_alive_at_end: u64,
    /// Orders, returns aside.
    pub orders: u64,
    /// Lines of every kind and what they add up to, shipping included.
    pub lines: LineTotals,
}

impl TruthTotals {
    fn append(&mut self, part: Self) {
        self.customers += part.customers;
        self.customers_alive_at_end += part.customers_alive_at_end;
        self.orders += part.orders;
        self.lines.add(part.lines.lines, part.lines.amount_cents);
    }
}

/// Writes one row a customer, by customer id, and says what they add up to.
///
/// # Errors
///
/// [`SampleError::Write`] when `out` refuses the bytes.
pub fn customer_truth(params: &SampleValidParams, out: &mut dyn Write) -> Result<TruthTotals, SampleError> {
    let texts = Texts::new(params)?;
    let mut totals = TruthTotals::default();
    out.write_all(CUSTOMER_TRUTH_HEADER.as_bytes())?;
    let draw_block = |block: usize| {
        let mut text = Vec::new();
        let mut totals = TruthTotals::default();
        let mut orders = Vec::new();
        let mut basket = Basket::default();
        for number in customers_in_block(params, block) {
            orders.clear();
            let traits = place_customer_orders(params, number as u32, &mut orders);
            let sums = CustomerSums::of(params, &orders, &mut basket);
            push_customer(&mut text, params, &texts, number, &traits, &sums);
            totals.append(TruthTotals {
                customers: 1,
                customers_alive_at_end: u64::from(traits.alive_at_end),
                orders: sums.orders,
                lines: sums.all_lines(),
            });
        }
        (text, totals)
    };
    produce_in_order(block_count(params), draw_block, |(text, part)| {
        totals.append(part);
        out.write_all(&text)
    })?;
    out.flush()?;
    Ok(totals)
}

/// The orders of one customer, added up.
#[derive(Default)]
struct CustomerSums {
    orders: u64,
    first_second: u32,
    last_second: u32,
    by_kind: [LineTotals; LineKind::ALL.len()],
}

impl CustomerSums {
    fn of(params: &SampleValidParams, orders: &[OrderHeader], basket: &mut Basket) -> Self {
        let mut sums = Self {
            first_second: u32::MAX,
            ..Self::default()
        };
        for order in orders {
            let fields = order.unpack();
            if !fields.is_return {
                sums.orders += 1;
                sums.first_second = sums.first_second.min(fields.second);
                sums.last_second = sums.last_second.max(fields.second);
            }
            basket.fill(params, &fields);
            for line in &basket.lines {
                sums.by_kind[line.kind as usize].add(1, line.amount_cents());
            }
        }
        sums
    }

    fn all_lines(&self) -> LineTotals {
        let mut all = LineTotals::default();
        for kind in self.by_kind {
            all.add(kind.lines, kind.amount_cents);
        }
        all
    }

    fn cents(&self, kind: LineKind) -> i64 {
        self.by_kind[kind as usize].amount_cents
    }
}

fn push_customer(
    text: &mut Vec<u8>,
    params: &SampleValidParams,
    texts: &Texts,
    number: u64,
    traits: &CustomerTraits,
    sums: &CustomerSums,
) {
    push_customer_id(text, number);
    let mut middle = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        middle,
        ",{},{},{:.9},{:.9},{:.4},{},{},{},{},",
        COUNTRIES[usize::from(traits.country)].code,
        String::from_utf8_lossy(texts.day(sums.first_second)),
        traits.purchases_per_week,
        traits.dropout_probability,
        params.params().spend.p / traits.spend_rate,
        traits.alive_at_end,
        sums.orders,
        String::from_utf8_lossy(texts.day(sums.last_second)),
        sums.all_lines().lines,
    );
    text.extend_from_slice(middle.as_bytes());
    let (sales, returned) = (sums.cents(LineKind::Sale), sums.cents(LineKind::Return));
    push_cents(text, sales);
    for cents in [returned, sums.cents(LineKind::Shipping), sales + returned] {
        text.push(b',');
        push_cents(text, cents);
    }
    text.push(b'\n');
}
