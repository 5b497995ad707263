//! Rates of exchange: what money of another currency is worth in the pipeline's.
//!
//! A line is converted at the rate of its business day. Markets close, so on a day without a rate the latest
//! earlier one holds, as long as it is not too old: a file of rates that has stopped must not go unnoticed.

use std::collections::BTreeMap;

use cartera_table::contracts::SourceRates;
use cartera_table::frame::{dates, decimal, text};
use cartera_table::{AsOf, Currency, RATE_SCALE, Table, decimal_text};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::error::NormalizeError;

/// The most that `max_rate_age_days` may be.
const LONGEST_AGE_DAYS: u16 = 366;

/// `[currency]`, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CurrencyParams {
    /// Days that a rate holds beyond its own, where no later one is there. 0 to 366. Default 7: longer than
    /// any weekend or holiday of the markets.
    pub max_rate_age_days: u16,
}

impl Default for CurrencyParams {
    fn default() -> Self {
        Self { max_rate_age_days: 7 }
    }
}

/// Checked `[currency]`. Only [`CurrencyParams::check`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrencyValidParams {
    max_rate_age_days: u16,
}

/// Why `[currency]` is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CurrencyParamsError {
    /// An age that would let a file of rates stop unnoticed.
    #[error("`max_rate_age_days` is {days}, expected 0 to {LONGEST_AGE_DAYS}")]
    MaxRateAge {
        /// What was given.
        days: u16,
    },
}

impl CurrencyParamsError {
    /// The offending key within `[currency]`.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::MaxRateAge { .. } => "max_rate_age_days",
        }
    }
}

impl CurrencyParams {
    /// Checks the age.
    ///
    /// # Errors
    /// When it is longer than a year.
    pub fn check(self) -> Result<CurrencyValidParams, CurrencyParamsError> {
        let days = self.max_rate_age_days;
        if days > LONGEST_AGE_DAYS {
            return Err(CurrencyParamsError::MaxRateAge { days });
        }
        Ok(CurrencyValidParams {
            max_rate_age_days: days,
        })
    }
}

/// The rates of all currencies, by day.
#[derive(Debug, Clone)]
pub struct Rates {
    pipeline: Currency,
    max_age_days: i64,
    /// Days since 1970-01-01, ascending, with what one unit is worth at scale 10.
    by_currency: BTreeMap<Currency, Vec<(i32, i128)>>,
}

/// What one unit of the pipeline's own currency is worth.
pub(crate) const PAR: i128 = 10_i128.pow(RATE_SCALE as u32);

impl Rates {
    /// The rates of a table into the pipeline's currency; without one only that currency is known. Codes that
    /// ISO 4217 no longer has are passed over: no line can have them.
    ///
    /// # Errors
    /// When a rate is not above zero.
    pub fn new(
        pipeline: Currency,
        params: CurrencyValidParams,
        table: Option<&Table<SourceRates>>,
    ) -> Result<Self, NormalizeError> {
        let mut rates = Self {
            pipeline,
            max_age_days: params.max_rate_age_days.into(),
            by_currency: BTreeMap::new(),
        };
        let Some(frame) = table.map(Table::frame) else {
            return Ok(rates);
        };
        let values = dates(frame, "date")?.iter().zip(decimal(frame, "rate")?.iter());
        for (code, (day, rate)) in text(frame, "currency")?.iter().zip(values) {
            let (Some(code), Some(day), Some(rate)) = (code, day, rate) else {
                continue;
            };
            if rate <= 0 {
                return Err(NormalizeError::Rate {
                    currency: code.to_owned(),
                    day: AsOf::from_epoch_days(day).map_or_else(|| day.to_string(), |day| day.to_string()),
                    rate: decimal_text(rate, RATE_SCALE.into()),
                });
            }
            if let Some(currency) = Currency::parse(code) {
                rates.by_currency.entry(currency).or_default().push((day, rate));
            }
        }
        // The table is sorted by currency and day; this does not lean on it.
        for rates in rates.by_currency.values_mut() {
            rates.sort_unstable();
        }
        Ok(rates)
    }

    /// The currency that all are converted to.
    #[must_use]
    pub fn pipeline_currency(&self) -> Currency {
        self.pipeline
    }

    /// Writes the rates that lines of some days may have been converted by; all where the days are not known.
    pub(crate) fn write_for(&self, days: Option<(i32, i32)>, write: &mut dyn FnMut(&[u8])) {
        write(&self.max_age_days.to_le_bytes());
        for (currency, rates) in &self.by_currency {
            write(currency.as_str().as_bytes());
            for &(day, rate) in rates {
                let is_asked = days
                    .is_none_or(|(first, last)| day <= last && i64::from(day) >= i64::from(first) - self.max_age_days);
                if is_asked {
                    write(&day.to_le_bytes());
                    write(&rate.to_le_bytes());
                }
            }
        }
    }

    /// What one unit is worth on a day, at scale 10: by the latest rate on or before it. None where there is
    /// none that is young enough.
    pub(crate) fn rate(&self, currency: Currency, epoch_day: i32) -> Option<i128> {
        if currency == self.pipeline {
            return Some(PAR);
        }
        let rates = self.by_currency.get(&currency)?;
        let later = rates.partition_point(|&(day, _)| day <= epoch_day);
        let &(day, rate) = rates.get(later.checked_sub(1)?)?;
        (i64::from(epoch_day) - i64::from(day) <= self.max_age_days).then_some(rate)
    }
}

#[cfg(test)]
mod tests {
    use cartera_table::frame::{date_column, decimal_column};
    use cartera_table::{ColumnType, Contract};
    use polars::prelude::{Column, DataFrame, Int32Chunked, NewChunkedArray};

    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect("a currency")
    }

    fn table(rows: &[(&str, i32, i128)]) -> Table<SourceRates> {
        let places = || vec![0i32; rows.len()];
        let columns = vec![
            Column::new("source_index".into(), places()),
            Column::new("file_index".into(), places()),
            Column::new("row".into(), (2i64..).take(rows.len()).collect::<Vec<_>>()),
            date_column(
                "date",
                Int32Chunked::from_iter_values("date".into(), rows.iter().map(|row| row.1)),
            ),
            Column::new("currency".into(), rows.iter().map(|row| row.0).collect::<Vec<_>>()),
            decimal_column("rate", rows.iter().map(|row| row.2).collect(), ColumnType::RATE),
        ];
        let frame = DataFrame::new(rows.len(), columns).expect("one height");
        assert_eq!(frame.width(), SourceRates::INFO.columns.len());
        Table::sorted(frame).expect("rates")
    }

    fn rates(max_rate_age_days: u16, rows: &[(&str, i32, i128)]) -> Rates {
        let params = CurrencyParams { max_rate_age_days }.check().expect("valid");
        Rates::new(currency("EUR"), params, Some(&table(rows))).expect("valid rates")
    }

    #[test]
    fn on_a_weekend_the_rate_of_friday_holds() {
        // 2024-01-05 was a Friday.
        let friday = 19_727;
        let rates = rates(
            7,
            &[
                ("USD", friday, 9_140),
                ("USD", friday + 3, 9_130),
                ("GBP", friday + 1, 1),
            ],
        );
        let of = |day| rates.rate(currency("USD"), day);
        assert_eq!(of(friday - 1), None, "no rate from the future");
        assert_eq!(of(friday), Some(9_140));
        assert_eq!(of(friday + 1), Some(9_140));
        assert_eq!(of(friday + 2), Some(9_140));
        assert_eq!(of(friday + 3), Some(9_130));
    }

    #[test]
    fn an_old_rate_holds_no_more() {
        let rates = rates(7, &[("USD", 100, 5), ("USD", 200, 6)]);
        let of = |day| rates.rate(currency("USD"), day);
        assert_eq!((of(107), of(108), of(199)), (Some(5), None, None));
        assert_eq!((of(207), of(208), of(i32::MAX)), (Some(6), None, None));
        assert_eq!(rates.rate(currency("GBP"), 100), None);
        assert_eq!(
            rates.rate(currency("EUR"), 100),
            Some(PAR),
            "the pipeline's own needs none"
        );
    }

    #[test]
    fn with_an_age_of_zero_each_day_needs_its_rate() {
        let rates = rates(0, &[("USD", 100, 5)]);
        assert_eq!(rates.rate(currency("USD"), 100), Some(5));
        assert_eq!(rates.rate(currency("USD"), 101), None);
    }

    #[test]
    fn a_rate_of_zero_is_refused_and_a_currency_of_the_past_is_not() {
        let params = CurrencyParams::default().check().expect("valid");
        let refused = Rates::new(currency("EUR"), params, Some(&table(&[("USD", 19_727, 0)])));
        let message = refused.expect_err("nothing is worth nothing").to_string();
        assert!(message.contains("USD on 2024-01-05 is 0.0000000000"), "{message}");
        assert!(Rates::new(currency("EUR"), params, Some(&table(&[("ROL", 1, 5)]))).is_ok());
    }

    #[test]
    fn refuses_an_age_of_years() {
        let error = CurrencyParams { max_rate_age_days: 367 }.check().expect_err("refused");
        assert_eq!(error.key(), "max_rate_age_days");
        assert!(error.to_string().contains("is 367, expected 0 to 366"), "{error}");
    }
}
