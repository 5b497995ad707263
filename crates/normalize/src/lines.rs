//! A line's scope, kind and business day.

use std::collections::BTreeMap;

use cartera_table::contracts::{OrderLines, SourceLines};
use cartera_table::frame::{date_column, decimal, int64, text, timestamps};
use cartera_table::{
    AsOf, Batch, Cell, Count, Defect, Disposition, DuplicatePolicy, Ledger, LineKind, Money, Origin, Party, Quarantine,
    Step,
};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, Int32Chunked, IntoColumn, IntoSeries, NewChunkedArray, StringChunkedBuilder,
};

use crate::business_day::LineTime;
use crate::duplicates::MergedLines;
use crate::error::NormalizeError;
use crate::horizon::Horizon;
use crate::line_kind_params::{LineFacts, LineKindValidParams, Sign};

/// What is declared of one source.
#[derive(Debug, Clone)]
pub struct SourceRules {
    /// How its times become days.
    pub time: LineTime,
    /// What to do with repeats.
    pub duplicates: DuplicatePolicy,
}

/// Turns raw lines into order lines. Lines that go no further are counted in the ledger.
pub struct Normalizer<'r> {
    /// Rules of line kinds.
    pub line_kinds: &'r LineKindValidParams,
    /// Rules of each source.
    pub sources: &'r [SourceRules],
    /// How far the run may look.
    pub horizon: Horizon,
    /// Lines that a duplicate policy leaves out.
    pub merged: &'r MergedLines,
    /// Takes the counts of lines that go no further.
    pub ledger: &'r Ledger,
    /// Takes lines after today, where the run asks for the latest day.
    pub quarantine: &'r Quarantine,
}

impl Normalizer<'_> {
    /// Normalizes a batch.
    ///
    /// # Errors
    /// When the batch names an unknown source or the engine fails.
    pub fn lines(&self, batch: &Batch<SourceLines>) -> Result<Batch<OrderLines>, NormalizeError> {
        let origin = batch.origin();
        let rules = self
            .sources
            .get(origin.source_index)
            .ok_or(NormalizeError::UnknownSource {
                source_index: origin.source_index,
            })?;
        let frame = batch.frame();
        let days = self.business_days(frame, rules)?;
        let kinds = self.line_kinds_of(frame)?;
        let keep = self.scope(batch, rules, &days, &kinds)?;
        let order_ids = order_ids(frame, &days)?;
        let columns = vec![
            frame.column("customer_key")?.clone().with_name("source_key".into()),
            order_ids,
            date_column("order_date", Int32Chunked::from_vec("order_date".into(), days)),
            Column::new(
                "line_kind".into(),
                kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>(),
            ),
            frame.column("amount")?.clone(),
        ];
        let mut lines = DataFrame::new(frame.height(), columns)?;
        if let Some(keep) = keep {
            lines = lines.filter(&BooleanChunked::from_slice("keep".into(), &keep))?;
        }
        Ok(Batch::new(lines, origin)?)
    }

    /// A day outside the calendar's range is [`NO_DAY`], and set aside later.
    fn business_days(&self, frame: &DataFrame, rules: &SourceRules) -> Result<Vec<i32>, NormalizeError> {
        let times = timestamps(frame, "ordered_at")?;
        Ok(times
            .iter()
            .map(|time| time.and_then(|time| rules.time.epoch_day(time)).unwrap_or(NO_DAY))
            .collect())
    }

    fn line_kinds_of(&self, frame: &DataFrame) -> Result<Vec<LineKind>, NormalizeError> {
        let (orders, products) = (text(frame, "order_id")?, text(frame, "product_id")?);
        let (quantities, prices) = (decimal(frame, "quantity")?, decimal(frame, "unit_price")?);
        let amounts = decimal(frame, "amount")?;
        let values = quantities.iter().zip(prices.iter()).zip(amounts.iter());
        let ids = orders.iter().zip(products.iter());
        Ok(ids
            .zip(values)
            .map(|((order_id, product_id), ((quantity, unit_price), amount))| {
                self.line_kinds.kind_of(&LineFacts {
                    order_id,
                    product_id,
                    quantity: quantity.map(Sign::of),
                    unit_price: unit_price.map(Sign::of),
                    amount: amount.map(Sign::of),
                })
            })
            .collect())
    }

    /// Which lines go on; none where all do.
    fn scope(
        &self,
        batch: &Batch<SourceLines>,
        rules: &SourceRules,
        days: &[i32],
        kinds: &[LineKind],
    ) -> Result<Option<Vec<bool>>, NormalizeError> {
        let last_day = self.horizon.last_epoch_day();
        let has_merged = self.merged.touches(batch.origin());
        let frame = batch.frame();
        let amounts = decimal(frame, "amount")?;
        let positive_returns: Vec<bool> = kinds
            .iter()
            .zip(amounts.iter())
            .map(|(kind, amount)| kind.is_returned() && amount.is_some_and(|amount| amount > 0))
            .collect();
        if !has_merged && days.iter().all(|&day| day <= last_day) && !positive_returns.contains(&true) {
            return Ok(None);
        }
        let keys = text(frame, "customer_key")?;
        let mut counts: BTreeMap<Cell, Count> = BTreeMap::new();
        let mut defects = Vec::new();
        let mut keep = vec![true; frame.height()];
        for (index, row) in int64(frame, "row")?.iter().enumerate() {
            let row = row.unwrap_or_default();
            let (disposition, reason) = if days[index] == NO_DAY {
                (Disposition::Quarantined, "day_out_of_range")
            } else if days[index] > last_day {
                match self.horizon {
                    Horizon::Through(_) => (Disposition::OutOfScope, "after_as_of"),
                    Horizon::LatestUntil(_) => (Disposition::Quarantined, "after_today"),
                }
            } else if has_merged && self.merged.contains(batch.origin(), row) {
                (Disposition::Merged, rules.duplicates.reason())
            } else if positive_returns[index] {
                (Disposition::Quarantined, "positive_return")
            } else {
                continue;
            };
            keep[index] = false;
            let amount = amounts.get(index).and_then(|amount| i64::try_from(amount).ok());
            let party = if keys.get(index).is_some() {
                Party::Customer
            } else {
                Party::Guest
            };
            let cell = Cell {
                step: Step::Normalize,
                source_index: batch.origin().source_index,
                party: Some(party),
                line_kind: Some(kinds[index]),
                disposition,
                reason: Some(reason),
            };
            counts.entry(cell).or_default().add_row(amount);
            if disposition == Disposition::Quarantined {
                defects.push(defect(batch.origin(), row, reason, days[index], amount));
            }
        }
        self.ledger.extend(counts);
        self.quarantine.extend(defects);
        Ok(Some(keep))
    }
}

/// Stands for a day that the calendar does not have.
const NO_DAY: i32 = i32::MAX;

fn defect(origin: Origin, row: i64, reason: &'static str, day: i32, amount: Option<i64>) -> Defect {
    let (column, value, hint) = match reason {
        "positive_return" => (
            "amount",
            amount.map(|amount| Money(amount.into()).to_string()),
            "a return or cancellation takes money back: write its quantity or amount with a minus, or declare another kind",
        ),
        "after_today" => (
            "ordered_at",
            AsOf::from_epoch_days(day).map(|day| day.to_string()),
            "mend the date, or state as_of as a date so that later lines are out of scope",
        ),
        _ => (
            "ordered_at",
            None,
            "mend the time: it lies outside the years -9999 to 9999",
        ),
    };
    Defect {
        origin,
        row: u64::try_from(row).unwrap_or_default(),
        column: Some(column),
        value,
        reason,
        hint: hint.into(),
        defect_count: 1,
    }
}

/// The order ids; where the source has none, the business day: an order is then a customer and day.
fn order_ids(frame: &DataFrame, days: &[i32]) -> Result<Column, NormalizeError> {
    let ids = frame.column("order_id")?;
    if ids.null_count() == 0 {
        return Ok(ids.clone());
    }
    let mut builder = StringChunkedBuilder::new("order_id".into(), frame.height());
    let mut last = (None, String::new());
    for (id, &day) in ids.str()?.iter().zip(days) {
        if last.0 != Some(day) {
            let text = AsOf::from_epoch_days(day).map_or_else(|| "out of range".into(), |day| day.to_string());
            last = (Some(day), text);
        }
        builder.append_value(id.unwrap_or(&last.1));
    }
    Ok(builder.finish().into_series().into_column())
}
