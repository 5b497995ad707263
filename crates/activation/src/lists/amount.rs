//! An amount of money as it is typed: exact.

use std::fmt;

use cartera_table::Money;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount in the pipeline's currency, in ten-thousandths. In a file it is a number such as `0.25`, or the same as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Amount(pub i64);

/// The greatest amount, with eighteen digits.
const GREATEST: i64 = 999_999_999_999_999_999;

impl Amount {
    /// Reads plain decimal text with at most four decimals.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let Money(unscaled) = text.trim().parse().ok()?;
        i64::try_from(unscaled)
            .ok()
            .filter(|unscaled| unscaled.abs() <= GREATEST)
            .map(Self)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        Money(i128::from(self.0)).fmt(formatter)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

struct AmountVisitor;

impl Visitor<'_> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an amount such as 0.25, with at most 4 decimals")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Amount, E> {
        Amount::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Amount, E> {
        Amount::parse(&number.to_string()).ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Amount, E> {
        Amount::parse(&number.to_string()).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Amount, E> {
        // The shortest text that reads as this number is what was typed, up to 15 digits.
        Amount::parse(&number.to_string()).ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Typed {
        cost: Amount,
    }

    fn typed(text: &str) -> Result<i64, String> {
        let typed: Result<Typed, _> = toml::from_str(&format!("cost = {text}"));
        typed
            .map(|typed| typed.cost.0)
            .map_err(|error| error.message().to_owned())
    }

    #[test]
    fn amounts_are_read_exactly() {
        for (text, unscaled) in [
            ("0.1", 1_000),
            ("12", 120_000),
            ("\"12.3456\"", 123_456),
            ("-0.0001", -1),
            ("\"2.50000000\"", 25_000),
            ("99999999999999", 999_999_999_999_990_000),
        ] {
            assert_eq!(typed(text), Ok(unscaled), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["0.00001", "\"1,50\"", "\"\"", "\"1.x\"", "inf", "1e20", "true", "\"-\""] {
            let error = typed(text).expect_err(text);
            assert!(
                error.contains("an amount such as 0.25, with at most 4 decimals"),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn an_amount_is_written_as_it_is_read() {
        for unscaled in [0, 1, -1, 123_456, 25_000] {
            assert_eq!(Amount::parse(&Amount(unscaled).to_string()), Some(Amount(unscaled)));
        }
    }
}
