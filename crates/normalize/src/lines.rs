//! A line's scope, kind and business day.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cartera_table::contracts::{OrderLines, SourceLines};
use cartera_table::frame::{date_column, decimal, int64, text, timestamps};
use cartera_table::{
    AsOf, Batch, Cell, Count, Currency, Defect, Disposition, DuplicatePolicy, ERASED_VALUE, ErasedOfSource, Ledger,
    LineKind, LineTime, Money, Origin, Party, Quarantine, Step,
};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, Int32Chunked, IntoColumn, IntoSeries, NewChunkedArray, StringChunkedBuilder,
};

use crate::breadth::BreadthColumns;
use crate::duplicates::MergedLines;
use crate::error::NormalizeError;
use crate::horizon::Horizon;
use crate::line_kind_params::{LineFacts, LineKindValidParams, PositiveReturns, Sign};
use crate::line_money::{LineMoney, MappedMoney, MoneyRules};

/// What is declared of one source.
#[derive(Debug, Clone)]
pub struct SourceRules {
    /// How its times become days.
    pub time: LineTime,
    /// What to do with repeats.
    pub duplicates: DuplicatePolicy,
    /// Currency of its money, where a line does not name its own.
    pub currency: Currency,
    /// What else it says of its lines' money.
    pub mapped: MappedMoney,
    /// What its lines keep so that breadth can be counted.
    pub breadth: BreadthColumns,
}

/// Turns raw lines into order lines. Lines that go no further are counted in the ledger.
pub struct Normalizer<'r> {
    /// Rules of line kinds.
    pub line_kinds: &'r LineKindValidParams,
    /// Rules of each source.
    pub sources: &'r [SourceRules],
    /// What money is reckoned with.
    pub money: &'r MoneyRules,
    /// Whether lines keep their product and quantity, by which returns are matched with sales.
    pub keeps_items: bool,
    /// Further columns that lines keep, as far as their source has them, in the order of the order lines.
    pub carries: &'r [&'static str],
    /// How far the run may look.
    pub horizon: Horizon,
    /// Lines that a duplicate policy leaves out.
    pub merged: &'r MergedLines,
    /// Keys whose lines are those of guests.
    pub erased: ErasedOfSource<'r>,
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
        let (frame, is_erased) = without_erased_keys(batch.frame(), self.erased)?;
        let frame = frame.as_ref();
        let days = self.business_days(frame, rules)?;
        let kinds = self.line_kinds_of(frame)?;
        let positive_returns = self.line_kinds.positive_returns();
        let money = if self.money.adds_columns(rules, positive_returns) {
            Some(LineMoney::new(
                frame,
                self.money,
                rules,
                positive_returns,
                &days,
                &kinds,
            )?)
        } else {
            None
        };
        let decided = Decided {
            days: &days,
            kinds: &kinds,
            money: money.as_ref(),
            is_erased: is_erased.as_deref(),
        };
        let keep = self.scope(frame, origin, rules, &decided)?;
        let order_ids = order_ids(frame, &days)?;
        let amounts = frame.column("amount")?;
        let mut columns = vec![
            frame.column("customer_key")?.clone().with_name("source_key".into()),
            order_ids,
            date_column("order_date", Int32Chunked::from_vec("order_date".into(), days)),
            Column::new(
                "line_kind".into(),
                kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>(),
            ),
        ];
        match money {
            Some(money) => columns.extend(money.columns(amounts)),
            None => columns.push(amounts.clone()),
        }
        let carries = |name: &str| self.carries.contains(&name) && frame.schema().contains(name);
        if self.keeps_items || rules.breadth.products || carries("product_id") {
            columns.push(frame.column("product_id")?.clone());
        }
        if self.keeps_items {
            columns.push(frame.column("quantity")?.clone());
        }
        for name in ["channel", "region", "sales_rep"] {
            if carries(name) || (name == "channel" && rules.breadth.channels) {
                columns.push(frame.column(name)?.clone());
            }
        }
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
        frame: &DataFrame,
        origin: Origin,
        rules: &SourceRules,
        decided: &Decided<'_>,
    ) -> Result<Option<Vec<bool>>, NormalizeError> {
        let Decided {
            days,
            kinds,
            money,
            is_erased,
        } = *decided;
        let last_day = self.horizon.last_epoch_day();
        let amounts = decimal(frame, "amount")?;
        let positive_returns: Vec<bool> = match self.line_kinds.positive_returns() {
            PositiveReturns::Negate => Vec::new(),
            PositiveReturns::Quarantine => kinds
                .iter()
                .zip(amounts.iter())
                .map(|(kind, amount)| kind.is_returned() && amount.is_some_and(|amount| amount > 0))
                .collect(),
        };
        let all_go_on = !self.merged.touches(origin)
            && days.iter().all(|&day| day <= last_day)
            && !positive_returns.contains(&true)
            && money.is_none_or(LineMoney::has_no_problem);
        if all_go_on {
            return Ok(None);
        }
        let keys = text(frame, "customer_key")?;
        let mut counts: BTreeMap<Cell, Count> = BTreeMap::new();
        let mut defects = Vec::new();
        let mut keep = vec![true; frame.height()];
        for (index, row) in int64(frame, "row")?.iter().enumerate() {
            let row = row.unwrap_or_default();
            let is_positive_return = positive_returns.get(index) == Some(&true);
            let Some((disposition, reason)) = self.leaves(origin, rules, decided, index, row, is_positive_return)
            else {
                continue;
            };
            keep[index] = false;
            let amount = amounts.get(index).and_then(|amount| i64::try_from(amount).ok());
            let currency = money.map_or(rules.currency, |money| money.currency(index));
            let party = if keys.get(index).is_some() {
                Party::Customer
            } else {
                Party::Guest
            };
            let cell = Cell {
                step: Step::Normalize,
                source_index: origin.source_index,
                party: Some(party),
                line_kind: Some(kinds[index]),
                disposition,
                reason: Some(reason),
                currency: Some(currency),
            };
            counts.entry(cell).or_default().add_row(amount);
            if disposition == Disposition::Quarantined {
                let mut defect = defect(origin, row, reason, days[index], amount, currency);
                if is_erased.is_some_and(|is_erased| is_erased[index]) {
                    defect.value = Some(ERASED_VALUE.to_owned());
                }
                defects.push(defect);
            }
        }
        self.ledger.extend(counts);
        self.quarantine.extend(defects);
        Ok(Some(keep))
    }

    /// Where a line goes that does not go on, and why.
    fn leaves(
        &self,
        origin: Origin,
        rules: &SourceRules,
        decided: &Decided<'_>,
        index: usize,
        row: i64,
        is_positive_return: bool,
    ) -> Option<(Disposition, &'static str)> {
        let day = decided.days[index];
        if day == NO_DAY {
            return Some((Disposition::Quarantined, "day_out_of_range"));
        }
        if day > self.horizon.last_epoch_day() {
            return Some(match self.horizon {
                Horizon::Through(_) => (Disposition::OutOfScope, "after_as_of"),
                Horizon::LatestUntil(_) => (Disposition::Quarantined, "after_today"),
            });
        }
        if self.merged.touches(origin) && self.merged.contains(origin, row) {
            return Some((Disposition::Merged, rules.duplicates.reason()));
        }
        if is_positive_return {
            return Some((Disposition::Quarantined, "positive_return"));
        }
        let problem = decided.money?.problem(index)?;
        Some((Disposition::Quarantined, problem))
    }
}

/// What is known of the lines of a batch before it is decided which go on.
struct Decided<'d> {
    days: &'d [i32],
    kinds: &'d [LineKind],
    money: Option<&'d LineMoney>,
    /// Of each line whether its key was erased; none where none was.
    is_erased: Option<&'d [bool]>,
}

/// The lines, those of erased keys as lines of guests, and which they are; as they were where there are none.
fn without_erased_keys<'f>(
    frame: &'f DataFrame,
    erased: ErasedOfSource<'_>,
) -> Result<(Cow<'f, DataFrame>, Option<Vec<bool>>), NormalizeError> {
    if !erased.has_any() {
        return Ok((Cow::Borrowed(frame), None));
    }
    let keys = text(frame, "customer_key")?;
    let Some(is_erased) = erased.among(keys.iter()) else {
        return Ok((Cow::Borrowed(frame), None));
    };
    let mut of_others = StringChunkedBuilder::new("customer_key".into(), frame.height());
    for (key, is_erased) in keys.iter().zip(&is_erased) {
        of_others.append_option(key.filter(|_| !is_erased));
    }
    let mut frame = frame.clone();
    frame.with_column(of_others.finish().into_series().into_column())?;
    Ok((Cow::Owned(frame), Some(is_erased)))
}

/// Stands for a day that the calendar does not have.
const NO_DAY: i32 = i32::MAX;

fn defect(origin: Origin, row: i64, reason: &'static str, day: i32, amount: Option<i64>, currency: Currency) -> Defect {
    let day = || AsOf::from_epoch_days(day).map(|day| day.to_string());
    let amount = || amount.map(|amount| Money(amount.into()).to_string());
    let (column, value, hint) = match reason {
        "positive_return" => (
            "amount",
            amount(),
            "a return or cancellation takes money back: write its quantity or amount with a minus, declare another kind, or set positive_returns = \"negate\" in [order_lines]",
        ),
        "no_rate" => (
            "currency",
            Some(format!("{currency} on {}", day().unwrap_or_default())),
            "add a rate of that day or of few days before it to the source with table = \"rates\", or raise max_rate_age_days in [currency]",
        ),
        "converted_amount_out_of_range" => (
            "amount",
            amount(),
            "check amount and rate: in the pipeline's currency it has more than 18 digits",
        ),
        "cost_out_of_range" => (
            "unit_cost",
            None,
            "check quantity and unit cost: their product has more than 18 digits",
        ),
        "after_today" => (
            "ordered_at",
            day(),
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
