//! One line of `order_lines.csv` as bytes.
//!
//! Ten million of them are written, so digits are placed by hand; `std::fmt` would take most of the
//! run.

use jiff::ToSpan;

use crate::SampleValidParams;
use crate::basket::Line;
use crate::catalogue::{Product, products};
use crate::channel::Channel;
use crate::currency::Currency;
use crate::header::OrderFields;
use crate::history::SECONDS_PER_DAY;
use crate::{Party, SampleError};

/// The first line of `order_lines.csv`, with its newline.
pub(crate) const ORDER_LINES_HEADER: &str = "order_id,line_number,customer_id,ordered_at,product_id,product_name,quantity,\
unit_price,channel,country,currency,discount\n";

pub(crate) struct Country {
    pub(crate) code: &'static str,
    pub(crate) weight: u32,
}

pub(crate) const COUNTRIES: [Country; 9] = [
    Country { code: "ES", weight: 44 },
    Country { code: "PT", weight: 14 },
    Country { code: "FR", weight: 12 },
    Country { code: "DE", weight: 10 },
    Country { code: "IT", weight: 8 },
    Country { code: "GB", weight: 5 },
    Country { code: "NL", weight: 3 },
    Country { code: "IE", weight: 2 },
    Country { code: "US", weight: 2 },
];

/// The columns in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    OrderId,
    LineNumber,
    CustomerId,
    OrderedAt,
    ProductId,
    ProductName,
    Quantity,
    UnitPrice,
    Channel,
    Country,
    Currency,
    Discount,
}

impl Column {
    pub(crate) const ALL: [Self; 12] = [
        Self::OrderId,
        Self::LineNumber,
        Self::CustomerId,
        Self::OrderedAt,
        Self::ProductId,
        Self::ProductName,
        Self::Quantity,
        Self::UnitPrice,
        Self::Channel,
        Self::Country,
        Self::Currency,
        Self::Discount,
    ];
}

/// The texts that lines share: one per day and one per product.
#[derive(Debug)]
pub(crate) struct Texts {
    days: Vec<[u8; 10]>,
    products: Vec<Product>,
}

impl Texts {
    pub(crate) fn new(params: &SampleValidParams) -> Result<Self, SampleError> {
        let params = params.params();
        let days = (0..i64::from(params.days))
            .map(|day| {
                let outside = || SampleError::Parameter {
                    name: "days",
                    value: params.days.to_string(),
                    expected: "a history that ends before the year 2099",
                };
                let date = params.first_day.checked_add(day.days()).map_err(|_| outside())?;
                date.to_string().into_bytes().try_into().map_err(|_| outside())
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            days,
            products: products(),
        })
    }

    /// The day of a moment, as text.
    pub(crate) fn day(&self, second: u32) -> &[u8] {
        &self.days[(second / SECONDS_PER_DAY) as usize]
    }

    /// A day of the history, as text; nothing for a day after it.
    pub(crate) fn day_text(&self, day: u32) -> &str {
        let bytes: &[u8] = self.days.get(day as usize).map_or(&[], |day| day);
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// A moment of the history, as text.
    pub(crate) fn moment_text(&self, second: u32) -> String {
        let mut text = self.day(second).to_vec();
        push_time_of_day(&mut text, second % SECONDS_PER_DAY);
        String::from_utf8(text).unwrap_or_default()
    }

    /// Whether a product is in `products.csv`.
    pub(crate) fn is_listed(&self, product: u16) -> bool {
        self.products[usize::from(product)].is_listed
    }
}

/// One line of the file.
pub(crate) struct Row<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) order: &'a OrderFields,
    /// The place of the order in the whole history, from 1.
    pub(crate) order_number: u64,
    pub(crate) line_number: u32,
    pub(crate) line: &'a Line,
    pub(crate) currency: Currency,
}

impl Row<'_> {
    /// Appends the row and its newline.
    pub(crate) fn push(&self, out: &mut Vec<u8>) {
        for column in Column::ALL {
            if column != Column::OrderId {
                out.push(b',');
            }
            self.push_field(column, out);
        }
        out.push(b'\n');
    }

    /// Appends one field.
    #[inline]
    pub(crate) fn push_field(&self, column: Column, out: &mut Vec<u8>) {
        match column {
            Column::OrderId => push_order_id(out, self.order.is_return, self.order_number),
            Column::LineNumber => push_digits(out, u64::from(self.line_number), 1),
            Column::CustomerId => match self.order.party {
                Party::Customer => push_key(out, self.order.channel, self.order.owner),
                Party::Guest => {}
            },
            Column::OrderedAt => {
                out.extend_from_slice(self.texts.day(self.order.second));
                push_time_of_day(out, self.order.second % SECONDS_PER_DAY);
            }
            Column::ProductId => out.extend_from_slice(self.product().id.as_bytes()),
            Column::ProductName => out.extend_from_slice(self.product().name.as_bytes()),
            Column::Quantity => {
                if self.line.quantity < 0 {
                    out.push(b'-');
                }
                push_digits(out, u64::from(self.line.quantity.unsigned_abs()), 1);
            }
            Column::UnitPrice => push_cents(out, i64::from(self.line.unit_price_cents)),
            Column::Channel => out.extend_from_slice(self.order.channel.name().as_bytes()),
            Column::Country => {
                out.extend_from_slice(COUNTRIES[usize::from(self.order.country)].code.as_bytes());
            }
            Column::Currency => out.extend_from_slice(self.currency.code().as_bytes()),
            Column::Discount => {
                if let Some(cents) = self.line.discount_cents() {
                    push_cents(out, cents);
                }
            }
        }
    }

    fn product(&self) -> &Product {
        &self.texts.products[usize::from(self.line.product)]
    }
}

/// Appends `O` or, for a return, `R` and nine digits.
pub(crate) fn push_order_id(out: &mut Vec<u8>, is_return: bool, number: u64) {
    out.push(if is_return { b'R' } else { b'O' });
    push_digits(out, number, 9);
}

/// Appends the key of a person in a channel: a letter and seven digits, as [`Key`](crate::channel::Key) shows it.
fn push_key(out: &mut Vec<u8>, channel: Channel, person: u32) {
    out.push(channel.key_letter());
    push_digits(out, channel.key_number(person), 7);
}

/// Appends an amount with two decimals.
pub(crate) fn push_cents(out: &mut Vec<u8>, cents: i64) {
    if cents < 0 {
        out.push(b'-');
    }
    push_digits(out, cents.unsigned_abs() / 100, 1);
    out.push(b'.');
    push_digits(out, cents.unsigned_abs() % 100, 2);
}

/// Appends ` HH:MM:SS`.
fn push_time_of_day(out: &mut Vec<u8>, second: u32) {
    let pair = |value: u32| [b'0' + (value / 10) as u8, b'0' + (value % 10) as u8];
    let ([h, i], [m, n], [s, t]) = (pair(second / 3_600), pair(second / 60 % 60), pair(second % 60));
    out.extend_from_slice(&[b' ', h, i, b':', m, n, b':', s, t]);
}

/// Appends `value` with leading zeros up to `width` digits.
fn push_digits(out: &mut Vec<u8>, mut value: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    while value > 0 {
        start -= 1;
        digits[start] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    out.extend_from_slice(&digits[start.min(digits.len() - width)..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Key;

    fn text(push: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        push(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn fields_are_spelled_as_documented() {
        assert_eq!(text(|out| push_order_id(out, false, 12_345)), "O000012345");
        assert_eq!(text(|out| push_order_id(out, true, 1_234_567_890)), "R1234567890");
        for channel in Channel::ALL {
            for person in [1, 17, 9_999_999] {
                assert_eq!(
                    text(|out| push_key(out, channel, person)),
                    Key { channel, person }.to_string()
                );
            }
        }
        assert_eq!(text(|out| push_cents(out, 0)), "0.00");
        assert_eq!(text(|out| push_cents(out, 1_205)), "12.05");
        assert_eq!(text(|out| push_cents(out, -7)), "-0.07");
        assert_eq!(text(|out| push_digits(out, u64::MAX, 1)), u64::MAX.to_string());
        assert_eq!(text(|out| push_time_of_day(out, 86_399)), " 23:59:59");
    }
}
