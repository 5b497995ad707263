//! The cells of one row of a small frame, whatever its table.

use cartera_table::frame::{boolean, dates, decimal, float64, int32, int64, text};
use cartera_table::{AsOf, Date, Money};
use polars::prelude::DataFrame;

/// One row; a cell that is null, or not of the type that is asked for, is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells<'f> {
    frame: &'f DataFrame,
    row: usize,
}

/// The rows of a frame.
pub(super) fn rows(frame: &DataFrame) -> impl Iterator<Item = Cells<'_>> {
    (0..frame.height()).map(move |row| Cells { frame, row })
}

impl Cells<'_> {
    pub(super) fn text(self, name: &str) -> Option<String> {
        Some(text(self.frame, name).ok()?.get(self.row)?.to_owned())
    }

    pub(super) fn whole(self, name: &str) -> Option<i64> {
        match int64(self.frame, name) {
            Ok(numbers) => numbers.get(self.row),
            Err(_) => int32(self.frame, name).ok()?.get(self.row).map(i64::from),
        }
    }

    /// What is no number is not known: JSON has no word for it either.
    pub(super) fn real(self, name: &str) -> Option<f64> {
        float64(self.frame, name)
            .ok()?
            .get(self.row)
            .filter(|number| number.is_finite())
    }

    pub(super) fn flag(self, name: &str) -> Option<bool> {
        boolean(self.frame, name).ok()?.get(self.row)
    }

    pub(super) fn day(self, name: &str) -> Option<Date> {
        day_of(dates(self.frame, name).ok()?.get(self.row)?)
    }

    pub(super) fn money(self, name: &str) -> Option<Money> {
        decimal(self.frame, name).ok()?.get(self.row).map(Money)
    }

    /// A quantity, for reading.
    #[expect(clippy::cast_precision_loss, reason = "an answer to a survey has few digits")]
    pub(super) fn quantity(self, name: &str) -> Option<f64> {
        let unscaled = decimal(self.frame, name).ok()?.get(self.row)?;
        Some(unscaled as f64 / 1e6)
    }

    /// A cell of any type that a person's details have, as text.
    pub(super) fn any(self, name: &str) -> Option<String> {
        self.text(name)
            .or_else(|| self.day(name).map(|day| day.to_string()))
            .or_else(|| self.whole(name).map(|number| number.to_string()))
            .or_else(|| self.flag(name).map(|flag| if flag { "yes" } else { "no" }.to_owned()))
            .filter(|text| !text.trim().is_empty())
    }
}

/// The day so many days after 1970-01-01.
pub(super) fn day_of(days: i32) -> Option<Date> {
    AsOf::from_epoch_days(days).map(|as_of| as_of.0)
}
