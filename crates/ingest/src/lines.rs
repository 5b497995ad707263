//! A parsed block to a checked batch of source lines, and the rows that are set aside.

use std::collections::BTreeMap;

use cartera_raw::{CellFailure, CellReason, Column as RawColumn, ParsedBlock, TextColumn};
use cartera_table::contracts::SourceLines;
use cartera_table::frame::{null_column, optional_decimal_column, timestamp_column};
use cartera_table::{
    AMOUNT_SCALE, Batch, Cell, Contract, Count, Defect, Disposition, MICROSECONDS_PER_DAY, Origin, Party,
    QUANTITY_SCALE, Step, TableError, decimal_text, line_amount,
};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, IntoColumn, IntoSeries, NewChunkedArray, StringChunkedBuilder,
};

use crate::file_plan::Target;
use crate::hint;

/// The largest unscaled value of a decimal of 18 digits.
const MAX_UNSCALED: i64 = 999_999_999_999_999_999;

/// What a block comes to.
pub(crate) struct ReadLines {
    /// The sound lines.
    pub(crate) batch: Batch<SourceLines>,
    /// The rows that are set aside.
    pub(crate) defects: Vec<Defect>,
    /// The ledger's cells of these.
    pub(crate) counts: BTreeMap<Cell, Count>,
    /// The records of the block, and the amounts of all rows, sound or not.
    pub(crate) read: Count,
}

/// `records` are those of the block as the splitter counted them, which the parser has no part in.
pub(crate) fn read_lines(
    parsed: &ParsedBlock,
    records: u64,
    targets: &[Target],
    origin: Origin,
) -> Result<ReadLines, TableError> {
    let rows = parsed.lines.len();
    let column = |target: Target| {
        targets
            .iter()
            .position(|&known| known == target)
            .map(|place| &parsed.columns[place])
    };
    let (amounts, out_of_range) = amounts(
        rows,
        column(Target::Quantity),
        column(Target::UnitPrice),
        column(Target::Amount),
    );
    let mut failures = failures_by_row(parsed, targets);
    for (row, problem) in out_of_range {
        failures.entry(row).or_insert(problem).count += 1;
    }
    let mut read = Count::default();
    for amount in &amounts {
        read.add_row(*amount);
    }
    read.rows_without_amount += parsed.rejected.len() as u64;
    read.rows = records;

    let mut counts = BTreeMap::new();
    let mut defects = Vec::with_capacity(failures.len() + parsed.rejected.len());
    let keys = column(Target::CustomerKey);
    for (&row, failure) in &failures {
        let party = match keys {
            Some(RawColumn::Text(_)) if failure.key_failed => None,
            Some(RawColumn::Text(keys)) if keys.get(row).is_some() => Some(Party::Customer),
            _ => Some(Party::Guest),
        };
        counts
            .entry(cell(origin, party, failure.reason))
            .or_insert_with(Count::default)
            .add_row(amounts[row]);
        defects.push(Defect {
            origin,
            row: parsed.lines[row],
            column: Some(failure.target.name()),
            value: Some(shown(failure)),
            reason: failure.reason,
            hint: hint::of_cell(failure.reason, failure.target),
            defect_count: failure.count,
        });
    }
    for rejected in &parsed.rejected {
        counts
            .entry(cell(origin, None, rejected.reason.slug()))
            .or_insert_with(Count::default)
            .add_row(None);
        defects.push(Defect {
            origin,
            row: rejected.line,
            column: None,
            value: Some(masked(&rejected.record)),
            reason: rejected.reason.slug(),
            hint: hint::of_record(&rejected.reason),
            defect_count: 1,
        });
    }

    let mut frame = frame(parsed, &column, &amounts)?;
    if !failures.is_empty() {
        let sound: Vec<bool> = (0..rows).map(|row| !failures.contains_key(&row)).collect();
        frame = frame.filter(&BooleanChunked::from_slice("sound".into(), &sound))?;
    }
    Ok(ReadLines {
        batch: Batch::new(frame, origin)?,
        defects,
        counts,
        read,
    })
}

fn cell(origin: Origin, party: Option<Party>, reason: &'static str) -> Cell {
    Cell {
        step: Step::Ingest,
        source_index: origin.source_index,
        party,
        line_kind: None,
        disposition: Disposition::Quarantined,
        reason: Some(reason),
    }
}

/// The first defect of a row, and how many there are.
struct RowFailure {
    target: Target,
    value: String,
    reason: &'static str,
    count: u32,
    key_failed: bool,
}

fn failures_by_row(parsed: &ParsedBlock, targets: &[Target]) -> BTreeMap<usize, RowFailure> {
    let mut by_row: BTreeMap<usize, RowFailure> = BTreeMap::new();
    for CellFailure {
        row,
        column,
        value,
        reason,
    } in &parsed.failures
    {
        let target = targets[usize::from(*column)];
        let failure = by_row.entry(*row as usize).or_insert_with(|| RowFailure {
            target,
            value: value.clone(),
            reason: reason.slug(),
            count: 0,
            key_failed: false,
        });
        failure.count += 1;
        failure.key_failed |= target == Target::CustomerKey;
    }
    by_row
}

type OutOfRange = Vec<(usize, RowFailure)>;

/// The amount of each row where it can be read, and the rows whose numbers have more than 18 digits.
fn amounts(
    rows: usize,
    quantity: Option<&RawColumn>,
    unit_price: Option<&RawColumn>,
    amount: Option<&RawColumn>,
) -> (Vec<Option<i64>>, OutOfRange) {
    let number = |column: Option<&RawColumn>, row: usize| match column {
        Some(RawColumn::Decimal(values)) => values.get(row),
        _ => None,
    };
    let mut out_of_range = Vec::new();
    let mut refuse = |row, target, value: String| {
        let reason = CellReason::NumberOutOfRange.slug();
        out_of_range.push((
            row,
            RowFailure {
                target,
                value,
                reason,
                count: 0,
                key_failed: false,
            },
        ));
    };
    let amounts = (0..rows)
        .map(|row| {
            let (quantity, unit_price) = (number(quantity, row), number(unit_price, row));
            let stated = number(amount, row);
            for (target, value, scale) in [
                (Target::Quantity, quantity, QUANTITY_SCALE),
                (Target::UnitPrice, unit_price, QUANTITY_SCALE),
                (Target::Amount, stated, AMOUNT_SCALE),
            ] {
                if let Some(value) = value.filter(|value| value.unsigned_abs() > MAX_UNSCALED.unsigned_abs()) {
                    refuse(row, target, decimal_text(value.into(), scale.into()));
                    return None;
                }
            }
            if amount.is_some() {
                return stated;
            }
            let (quantity, unit_price) = (quantity?, unit_price?);
            let computed = line_amount(quantity, unit_price);
            if computed.is_none() {
                let factor = |value: i64| decimal_text(value.into(), QUANTITY_SCALE.into());
                refuse(
                    row,
                    Target::Amount,
                    format!("{} x {}", factor(quantity), factor(unit_price)),
                );
            }
            computed
        })
        .collect();
    (amounts, out_of_range)
}

fn frame<'p>(
    parsed: &'p ParsedBlock,
    column: &impl Fn(Target) -> Option<&'p RawColumn>,
    amounts: &[Option<i64>],
) -> Result<DataFrame, TableError> {
    let rows = parsed.lines.len();
    let lines: Vec<i64> = parsed
        .lines
        .iter()
        .map(|&line| i64::try_from(line).unwrap_or(i64::MAX))
        .collect();
    let mut columns = vec![Column::new("row".into(), lines)];
    for definition in &SourceLines::INFO.columns[1..] {
        let target = match definition.name {
            "customer_key" => Target::CustomerKey,
            "order_id" => Target::OrderId,
            "line_number" => Target::LineNumber,
            "product_id" => Target::ProductId,
            "ordered_at" => Target::OrderedAt,
            "quantity" => Target::Quantity,
            "unit_price" => Target::UnitPrice,
            _ => Target::Amount,
        };
        let name = definition.name;
        columns.push(match column(target) {
            _ if target == Target::Amount => optional_decimal_column(
                name,
                amounts.iter().map(|value| value.map(i128::from)),
                definition.column_type,
            ),
            Some(RawColumn::Text(values)) => text_column(name, values),
            Some(RawColumn::Decimal(values)) => {
                let values = (0..rows).map(|row| values.get(row).map(i128::from));
                optional_decimal_column(name, values, definition.column_type)
            }
            // A failed time is zero here; its row is taken out before the batch is checked.
            Some(RawColumn::Timestamp(values)) => timestamp_column(name, values.values.clone()),
            Some(RawColumn::Date(values)) => timestamp_column(
                name,
                values
                    .values
                    .iter()
                    .map(|&day| i64::from(day) * MICROSECONDS_PER_DAY)
                    .collect(),
            ),
            None => null_column(name, definition.column_type, rows),
        });
    }
    Ok(DataFrame::new(rows, columns)?)
}

fn text_column(name: &str, values: &TextColumn) -> Column {
    let mut builder = StringChunkedBuilder::new(name.into(), values.len());
    for value in values.iter() {
        builder.append_option(value);
    }
    builder.finish().into_series().into_column()
}

/// A customer key may be an e-mail or a name: only its shape is shown.
fn shown(failure: &RowFailure) -> String {
    match failure.target {
        Target::CustomerKey => masked(&failure.value),
        _ => failure.value.clone(),
    }
}

/// A broken record may hold anything, names and e-mails too: only its shape is shown.
fn masked(record: &str) -> String {
    record
        .chars()
        .map(|character| match character {
            character if character.is_numeric() => '9',
            character if character.is_alphabetic() => 'x',
            character => character,
        })
        .collect()
}
