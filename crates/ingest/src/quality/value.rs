//! Single cells that a report may show.

use cartera_raw::{Column, ColumnKind};
use cartera_table::{AsOf, MICROSECONDS_PER_DAY, decimal_text};
use serde::{Deserialize, Serialize};

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ColumnForm {
    /// Text.
    Text,
    /// Exact decimals.
    Decimal {
        /// Digits after the separator.
        scale: u8,
    },
    /// Days.
    Date,
    /// Wall-clock times; times of UTC where the format has an offset.
    Timestamp,
}

impl ColumnForm {
    pub(super) fn of(kind: &ColumnKind) -> Self {
        match kind {
            ColumnKind::Text => Self::Text,
            ColumnKind::Decimal(format) => Self::Decimal { scale: format.scale },
            ColumnKind::Date(_) => Self::Date,
            ColumnKind::Timestamp(_) => Self::Timestamp,
        }
    }

    /// A value as exact text: `12.5`, `2011-12-09`, `2011-12-09 12:50:00`.
    #[must_use]
    pub(crate) fn text(self, value: &CellValue) -> String {
        match (self, value) {
            (_, CellValue::Text(text)) => text.clone(),
            (Self::Decimal { scale }, CellValue::Number(number)) => shortest_decimal((*number).into(), scale),
            (Self::Date, CellValue::Number(day)) => day_text(*day),
            (Self::Timestamp, CellValue::Number(moment)) => {
                let day = day_text(moment.div_euclid(MICROSECONDS_PER_DAY));
                let seconds = moment.rem_euclid(MICROSECONDS_PER_DAY) / 1_000_000;
                let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
                format!("{day} {hours:02}:{minutes:02}:{:02}", seconds % 60)
            }
            (Self::Text, CellValue::Number(number)) => number.to_string(),
        }
    }
}

fn day_text(day: i64) -> String {
    i32::try_from(day)
        .ok()
        .and_then(AsOf::from_epoch_days)
        .map_or_else(|| day.to_string(), |day| day.to_string())
}

/// A decimal without the zeros at its end.
fn shortest_decimal(unscaled: i128, scale: u8) -> String {
    let text = decimal_text(unscaled, scale.into());
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// One cell's value, as the column holds it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum CellValue {
    /// An unscaled decimal, days or microseconds since 1970-01-01.
    Number(i64),
    /// Text, cut after some characters.
    Text(String),
}

/// Characters of a text that are kept of it.
const SHOWN_CHARACTERS: usize = 100;

/// The value of a row; none where it has none.
pub(super) fn cell_value(column: &Column, row: usize) -> Option<CellValue> {
    match column {
        Column::Text(texts) => texts
            .get(row)
            .map(|text| CellValue::Text(text.chars().take(SHOWN_CHARACTERS).collect())),
        Column::Decimal(numbers) | Column::Timestamp(numbers) => numbers.get(row).map(CellValue::Number),
        Column::Date(days) => days.get(row).map(|day| CellValue::Number(day.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_as_people_write_them() {
        let decimal = ColumnForm::Decimal { scale: 6 };
        for (form, number, text) in [
            (decimal, 12_500_000, "12.5"),
            (decimal, -3_000_000, "-3"),
            (decimal, 0, "0"),
            (decimal, 100_000_000, "100"),
            (ColumnForm::Decimal { scale: 0 }, 100, "100"),
            (ColumnForm::Date, 15_317, "2011-12-09"),
            (
                ColumnForm::Timestamp,
                15_317 * 86_400_000_000 + 46_200_000_000,
                "2011-12-09 12:50:00",
            ),
            (ColumnForm::Timestamp, -1, "1969-12-31 23:59:59"),
        ] {
            assert_eq!(form.text(&CellValue::Number(number)), text);
        }
    }
}
