//! A parsed block to a checked batch of source lines, and the rows that are set aside.

use cartera_raw::{CellReason, Column as RawColumn, ParsedBlock};
use cartera_table::contracts::SourceLines;
use cartera_table::frame::{optional_decimal_column, timestamp_column};
use cartera_table::{
    Batch, ColumnDef, Contract, Count, CurrencyCounts, ErasedOfSource, MICROSECONDS_PER_DAY, Origin, Party,
    QUANTITY_SCALE, SourceTable, TableError, decimal_text, line_amount,
};
use polars::prelude::{Column, DataFrame};

use crate::cells::{MAX_UNSCALED, table_column};
use crate::constant::Constant;
use crate::currencies::RowCurrencies;
use crate::erase::erased_rows;
use crate::failures::{Failures, SetAside};
use crate::file_plan::FilePlan;
use crate::quality::{BlockQuality, Known, QualitySpec};

/// What a block comes to.
pub struct ReadLines {
    /// The sound lines.
    pub batch: Batch<SourceLines>,
    /// The rows that are set aside.
    pub aside: SetAside,
    /// The records of the block, and the amounts of all rows, sound or not.
    pub read: Count,
    /// The same as the parser found them, by currency.
    pub by_currency: CurrencyCounts,
    /// What the cells are like, where somebody asked.
    pub quality: Option<BlockQuality>,
}

/// `records` are those of the block as the splitter counted them, which the parser has no part in; `asked` is what to
/// measure of the cells, and what is known of them already; `erased` are the keys of whom nothing is told.
pub(crate) fn read_lines(
    parsed: &ParsedBlock,
    records: u64,
    plan: &FilePlan,
    origin: Origin,
    asked: Option<(&QualitySpec, &Known)>,
    erased: ErasedOfSource<'_>,
) -> Result<ReadLines, TableError> {
    let rows = parsed.lines.len();
    let mut failures = Failures::of(parsed, &plan.targets);
    let amounts = amounts(rows, plan, parsed, &mut failures);
    let frame = frame(parsed, plan, &amounts, &mut failures)?;
    let currencies = RowCurrencies::new(SourceTable::OrderLines, &frame, plan, parsed, &failures)?;
    let by_currency = counted(&amounts, parsed.rejected.len(), &currencies);
    let read = Count {
        rows: records,
        ..by_currency.total()
    };
    let keys = plan.cells(parsed, "customer_key");
    let is_erased = erased_rows(&frame, erased)?;
    let is_erased = |row: usize| is_erased.as_ref().is_some_and(|is_erased| is_erased[row]);
    let party = |row: usize| {
        let has_key = match keys {
            Some((_, RawColumn::Text(keys))) => keys.get(row).is_some(),
            Some(_) => false,
            None => plan.constant("customer_key").is_some(),
        };
        Some(if has_key && !is_erased(row) {
            Party::Customer
        } else {
            Party::Guest
        })
    };
    let amount = |row: Option<usize>, count: &mut Count| count.add_row(row.and_then(|row| amounts[row]));
    let aside = failures.set_aside(parsed, origin, party, |row| currencies.of(row), amount, is_erased);
    Ok(ReadLines {
        batch: Batch::new(failures.sound(frame)?, origin)?,
        aside,
        read,
        by_currency,
        quality: asked.map(|(spec, known)| BlockQuality::of(spec, known, &plan.plan, parsed, records, Some(&amounts))),
    })
}

/// The rows and the money of a block by currency.
fn counted(amounts: &[Option<i64>], rejected: usize, currencies: &RowCurrencies) -> CurrencyCounts {
    let mut counts = CurrencyCounts::default();
    match currencies {
        RowCurrencies::OfRows(_) => {
            for (row, amount) in amounts.iter().enumerate() {
                counts.of(currencies.of(Some(row))).add_row(*amount);
            }
        }
        RowCurrencies::NoMoney | RowCurrencies::OfSource(_) => {
            let count = counts.of(currencies.of(None));
            amounts.iter().for_each(|amount| count.add_row(*amount));
        }
    }
    let count = counts.of(currencies.of(None));
    (0..rejected).for_each(|_| count.add_row(None));
    counts
}

/// A number of each row: of the file, the same for all, or none.
enum Numbers<'p> {
    Cells(&'p RawColumn),
    Same(i64),
    Absent,
}

impl<'p> Numbers<'p> {
    fn of(plan: &'p FilePlan, parsed: &'p ParsedBlock, name: &str) -> Self {
        match (plan.cells(parsed, name), plan.constant(name)) {
            (Some((_, cells)), _) => Self::Cells(cells),
            (None, Some(Constant::Decimal(value))) => Self::Same(*value),
            _ => Self::Absent,
        }
    }

    fn get(&self, row: usize) -> Option<i64> {
        match self {
            Self::Cells(RawColumn::Decimal(values)) => {
                values.get(row).filter(|value| value.unsigned_abs() <= MAX_UNSCALED)
            }
            Self::Same(value) => Some(*value),
            Self::Cells(_) | Self::Absent => None,
        }
    }
}

/// The amount of each row where it can be read. A product of more than 18 digits is a defect of its row;
/// numbers that are too long themselves are refused where their columns are made.
fn amounts(rows: usize, plan: &FilePlan, parsed: &ParsedBlock, failures: &mut Failures) -> Vec<Option<i64>> {
    let numbers = |name| Numbers::of(plan, parsed, name);
    let stated = numbers("amount");
    if !matches!(stated, Numbers::Absent) {
        return (0..rows).map(|row| stated.get(row)).collect();
    }
    let (quantities, unit_prices) = (numbers("quantity"), numbers("unit_price"));
    (0..rows)
        .map(|row| {
            let (quantity, unit_price) = (quantities.get(row)?, unit_prices.get(row)?);
            let computed = line_amount(quantity, unit_price);
            if let (None, Some(amount)) = (computed, definition("amount")) {
                let factor = |value: i64| decimal_text(value.into(), QUANTITY_SCALE.into());
                let product = format!("{} x {}", factor(quantity), factor(unit_price));
                failures.add(row, amount, product, CellReason::NumberOutOfRange.slug());
            }
            computed
        })
        .collect()
}

fn definition(name: &str) -> Option<&'static ColumnDef> {
    SourceLines::INFO.column(name)
}

fn frame(
    parsed: &ParsedBlock,
    plan: &FilePlan,
    amounts: &[Option<i64>],
    failures: &mut Failures,
) -> Result<DataFrame, TableError> {
    let rows = parsed.lines.len();
    let lines: Vec<i64> = parsed
        .lines
        .iter()
        .map(|&line| i64::try_from(line).unwrap_or(i64::MAX))
        .collect();
    let mut columns = vec![Column::new("row".into(), lines)];
    for definition in SourceLines::INFO.mappable() {
        let name = definition.name;
        let cells = plan.cells(parsed, name);
        if definition.optional && cells.is_none() && plan.constant(name).is_none() {
            continue;
        }
        let mut refuse = |row, value, reason| failures.add(row, definition, value, reason);
        columns.push(match (name, cells) {
            ("amount", None) => optional_decimal_column(
                name,
                amounts.iter().map(|value| value.map(i128::from)),
                definition.column_type,
            ),
            // A failed time is zero here; its row is taken out before the batch is checked.
            ("ordered_at", Some((_, RawColumn::Timestamp(cells)))) => timestamp_column(name, cells.values.clone()),
            ("ordered_at", Some((_, RawColumn::Date(cells)))) => timestamp_column(
                name,
                cells
                    .values
                    .iter()
                    .map(|&day| i64::from(day) * MICROSECONDS_PER_DAY)
                    .collect(),
            ),
            _ => table_column(definition, plan, cells, rows, &mut refuse),
        });
    }
    Ok(DataFrame::new(rows, columns)?)
}
