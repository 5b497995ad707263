//! Which lines parts of orders hold, as cells of the ledger, which of them lie behind the run's day, and what
//! policies did to them.

use std::collections::BTreeMap;

use cartera_table::frame::{dates, decimal, int32, int64, text};
use cartera_table::{Cell, Count, Currency, Disposition, Effect, LineKind, Money, Party, Step};
use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use crate::costs::CostValidParams;
use crate::effects::effects_of;
use crate::error::NormalizeError;
use crate::line_kind_params::LineKindValidParams;
use crate::orders::with_flags;
use crate::parts::completed;

/// The cells of lines that reach a customer or a guest, from the parts of orders of one source.
///
/// # Errors
/// When a column is not there.
pub fn kept_cells(parts: &DataFrame, pipeline: Currency) -> Result<Vec<(Cell, Count)>, NormalizeError> {
    cells(parts, pipeline, |party| Cell {
        step: Step::Feature,
        source_index: 0,
        party: Some(party),
        line_kind: None,
        disposition: Disposition::Kept,
        reason: (party == Party::Guest).then_some("no_customer_key"),
        currency: None,
    })
}

/// What policies did to the lines of the parts of one source; it is numbered 0 in them. `costs` is none where no
/// source knows any.
///
/// # Errors
/// When a column is not there or a sum overflows.
pub fn kept_effects(
    parts: &DataFrame,
    line_kinds: &LineKindValidParams,
    costs: Option<&CostValidParams>,
    pipeline: Currency,
) -> Result<Vec<(Effect, Count)>, NormalizeError> {
    let parts = with_flags(completed(parts.clone(), pipeline)?, line_kinds)?;
    let effects = effects_of(&[parts], costs, pipeline)?.into_iter();
    let anonymous = |(effect, count)| {
        (
            Effect {
                source_index: 0,
                ..effect
            },
            count,
        )
    };
    Ok(effects.map(anonymous).collect())
}

/// The items up to a day.
///
/// # Errors
/// When a column is not there.
pub fn items_up_to_day(items: DataFrame, last_epoch_day: i32) -> Result<DataFrame, NormalizeError> {
    let days = dates(&items, "order_date")?;
    let is_in_scope: Vec<bool> = days
        .iter()
        .map(|day| day.is_some_and(|day| day <= last_epoch_day))
        .collect();
    if is_in_scope.iter().all(|&is_in_scope| is_in_scope) {
        return Ok(items);
    }
    Ok(items.filter(&BooleanChunked::from_slice("is_in_scope".into(), &is_in_scope))?)
}

/// The parts of orders up to a day, and the cells of the lines after it. The source is numbered 0 in them.
///
/// # Errors
/// When a column is not there.
pub fn up_to_day(
    parts: DataFrame,
    last_epoch_day: i32,
    pipeline: Currency,
) -> Result<(DataFrame, Vec<(Cell, Count)>), NormalizeError> {
    let is_in_scope: Vec<bool> = dates(&parts, "order_date")?
        .iter()
        .map(|day| day.is_some_and(|day| day <= last_epoch_day))
        .collect();
    if is_in_scope.iter().all(|&is_in_scope| is_in_scope) {
        return Ok((parts, Vec::new()));
    }
    let is_in_scope = BooleanChunked::from_slice("is_in_scope".into(), &is_in_scope);
    let later = cells(&parts.filter(&!&is_in_scope)?, pipeline, |party| Cell {
        step: Step::Normalize,
        source_index: 0,
        party: Some(party),
        line_kind: None,
        disposition: Disposition::OutOfScope,
        reason: Some("after_as_of"),
        currency: None,
    })?;
    Ok((parts.filter(&is_in_scope)?, later))
}

fn cells(
    parts: &DataFrame,
    pipeline: Currency,
    cell: impl Fn(Party) -> Cell,
) -> Result<Vec<(Cell, Count)>, NormalizeError> {
    let parts = completed(parts.clone(), pipeline)?;
    let keys = text(&parts, "source_key")?.iter();
    let kinds = int32(&parts, "line_kind")?
        .iter()
        .zip(int32(&parts, "currency")?.iter());
    let amounts = decimal(&parts, "amount")?
        .iter()
        .zip(decimal(&parts, "original_amount")?.iter());
    let values = int64(&parts, "line_count")?.iter().zip(amounts);
    let mut counts: BTreeMap<(Party, Option<i32>, Option<i32>), Count> = BTreeMap::new();
    for ((key, (kind, currency)), (lines, (amount, original))) in keys.zip(kinds).zip(values) {
        let party = if key.is_some() { Party::Customer } else { Party::Guest };
        counts.entry((party, kind, currency)).or_default().add(Count {
            rows: lines.and_then(|lines| u64::try_from(lines).ok()).unwrap_or_default(),
            rows_without_amount: 0,
            amount: Money(original.unwrap_or_default()),
            converted_amount: Some(Money(amount.unwrap_or_default())),
        });
    }
    let with_keys = |((party, kind, currency), mut count): ((Party, Option<i32>, Option<i32>), Count)| {
        let cell = Cell {
            line_kind: kind.and_then(LineKind::from_code),
            currency: currency.and_then(Currency::from_code),
            ..cell(party)
        };
        if cell.disposition != Disposition::Kept {
            count.converted_amount = None;
        }
        (cell, count)
    };
    Ok(counts.into_iter().map(with_keys).collect())
}
