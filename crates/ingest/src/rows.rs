//! A parsed block to the rows of a source table, and those that are set aside.

use cartera_raw::ParsedBlock;
use cartera_table::frame::{decimal, text, timestamps};
use cartera_table::{
    ColumnDef, ColumnType, ContractInfo, Count, CurrencyCounts, ErasedOfSource, Filling, LineTime, Origin,
    SourceDenial, SourceTable, TableError,
};
use jiff::tz::TimeZone;
use polars::prelude::{
    ChunkFull, Column, DataFrame, DataType, Int32Chunked, IntoColumn, IntoSeries, StringChunked, StringChunkedBuilder,
};

use crate::cells::{optional_timestamp_column, table_column};
use crate::contact_details::refuse_unusable;
use crate::currencies::RowCurrencies;
use crate::denials::denials;
use crate::erase::erased_rows;
use crate::failures::{Failures, SetAside};
use crate::file_plan::FilePlan;
use crate::source_params::SourceValidParams;

/// What a block comes to.
pub(crate) struct ReadRows {
    /// The sound rows, with all columns of the contract.
    pub(crate) frame: DataFrame,
    /// The rows that are set aside.
    pub(crate) aside: SetAside,
    /// What they deny.
    pub(crate) denials: Vec<SourceDenial>,
    /// The records of the block, and the money of all rows, sound or not.
    pub(crate) read: Count,
    /// The same as the parser found them, by currency.
    pub(crate) by_currency: CurrencyCounts,
}

/// What the rows of a source are read by.
#[derive(Clone, Copy)]
pub(crate) struct RowRules<'r> {
    /// What is declared of the source.
    pub(crate) source: &'r SourceValidParams,
    /// The pipeline's time zone.
    pub(crate) time_zone: &'r TimeZone,
    /// The keys of whom nothing is told.
    pub(crate) erased: ErasedOfSource<'r>,
}

impl RowRules<'_> {
    fn contract(&self) -> &'static ContractInfo {
        self.source.table.contract()
    }

    /// `records` are those of the block as the splitter counted them.
    pub(crate) fn read(
        &self,
        parsed: &ParsedBlock,
        records: u64,
        plan: &FilePlan,
        origin: Origin,
    ) -> Result<ReadRows, TableError> {
        let mut failures = Failures::of(parsed, &plan.targets);
        let frame = self.frame(parsed, plan, origin, &mut failures)?;
        refuse_unusable(self.source.table, &frame, &mut failures)?;
        self.refuse_unplaced(&frame, &mut failures)?;
        self.refuse_negative(&frame, &mut failures)?;
        let amounts = amounts(self.source.table, &frame)?;
        let currencies = RowCurrencies::new(self.source.table, &frame, plan, parsed, &failures)?;
        let mut by_currency = CurrencyCounts::default();
        for row in (0..frame.height()).map(Some) {
            add_row(amounts.as_deref(), row, by_currency.of(currencies.of(row)));
        }
        for _ in &parsed.rejected {
            add_row(amounts.as_deref(), None, by_currency.of(currencies.of(None)));
        }
        let read = Count {
            rows: records,
            ..by_currency.total()
        };
        let is_erased = erased_rows(&frame, self.erased)?;
        let aside = failures.set_aside(
            parsed,
            origin,
            |_| None,
            |row| currencies.of(row),
            |row, count| add_row(amounts.as_deref(), row, count),
            |row| is_erased.as_ref().is_some_and(|is_erased| is_erased[row]),
        );
        let denials = denials(self.source.table, &frame, &failures, (parsed, plan, origin))?;
        Ok(ReadRows {
            frame: failures.sound(frame)?,
            aside,
            denials,
            read,
            by_currency,
        })
    }

    fn frame(
        &self,
        parsed: &ParsedBlock,
        plan: &FilePlan,
        origin: Origin,
        failures: &mut Failures,
    ) -> Result<DataFrame, TableError> {
        let rows = parsed.lines.len();
        let mut columns = Vec::with_capacity(self.contract().columns.len());
        for definition in self.contract().columns {
            if definition.filling == Filling::Reader {
                columns.push(self.place(definition, parsed, origin));
                continue;
            }
            let cells = plan.cells(parsed, definition.name);
            let has_offset = cells.is_some_and(|(target, _)| target.has_offset);
            let mut refuse = |row, value, reason| failures.add(row, definition, value, reason);
            let column = table_column(definition, plan, cells, rows, &mut refuse);
            columns.push(match definition.column_type {
                ColumnType::Timestamp if cells.is_some() => {
                    self.local_times(definition, column, has_offset, failures)?
                }
                ColumnType::Text if definition.filling == Filling::MappedOrDerived => {
                    let derived = self.source.table.default_text(definition.name);
                    filled(definition, column, derived.unwrap_or(self.source.currency.as_str()))?
                }
                _ => column,
            });
        }
        Ok(DataFrame::new(rows, columns)?)
    }

    /// A column that tells where the row was read.
    fn place(&self, definition: &ColumnDef, parsed: &ParsedBlock, origin: Origin) -> Column {
        let (name, rows) = (definition.name, parsed.lines.len());
        let index = |index: usize| {
            let index = i32::try_from(index).unwrap_or(i32::MAX);
            Int32Chunked::full(name.into(), index, rows).into_column()
        };
        match name {
            "key_space" => StringChunked::full(name.into(), &self.source.key_space, rows).into_column(),
            "source_index" => index(origin.source_index),
            "file_index" => index(origin.file_index),
            _ => {
                let lines = parsed.lines.iter().map(|&line| i64::try_from(line).unwrap_or(i64::MAX));
                Column::new(name.into(), lines.collect::<Vec<_>>())
            }
        }
    }

    /// Times as the wall clock of the pipeline's zone shows them.
    fn local_times(
        &self,
        definition: &'static ColumnDef,
        column: Column,
        has_offset: bool,
        failures: &mut Failures,
    ) -> Result<Column, TableError> {
        let time = LineTime::new(self.source.time_zone.clone(), self.time_zone.clone(), has_offset);
        if matches!(time, LineTime::SameZone) {
            return Ok(column);
        }
        let frame = DataFrame::new(column.len(), vec![column])?;
        let values = timestamps(&frame, definition.name)?
            .iter()
            .enumerate()
            .map(|(row, written)| {
                let written = written?;
                let local = time.wall_clock(written);
                if local.is_none() {
                    failures.add(row, definition, written.to_string(), "day_out_of_range");
                }
                local
            });
        let values: Vec<Option<i64>> = values.collect();
        Ok(optional_timestamp_column(definition.name, values.into_iter()))
    }

    /// Rows with a number below zero where the table knows none.
    fn refuse_negative(&self, frame: &DataFrame, failures: &mut Failures) -> Result<(), TableError> {
        for name in self.source.table.not_negative() {
            let Some(definition) = self.contract().column(name) else {
                continue;
            };
            let numbers = frame.column(name)?.cast(&DataType::Float64)?;
            for (row, number) in numbers.f64()?.iter().enumerate() {
                if let Some(number) = number.filter(|number| *number < 0.0) {
                    failures.add(row, definition, number.to_string(), "negative_number");
                }
            }
        }
        Ok(())
    }

    /// Rows that have none of the columns of which the table needs one.
    fn refuse_unplaced(&self, frame: &DataFrame, failures: &mut Failures) -> Result<(), TableError> {
        let names = self.source.table.needs_one_of();
        let reason = if self.source.table == SourceTable::Suppressions {
            "names_nobody"
        } else {
            "missing"
        };
        let Some(first) = names.first().and_then(|name| self.contract().column(name)) else {
            return Ok(());
        };
        let mut is_placed = vec![false; frame.height()];
        for name in names {
            for (placed, has_value) in is_placed.iter_mut().zip(frame.column(name)?.is_not_null().iter()) {
                *placed |= has_value == Some(true);
            }
        }
        for row in (0..is_placed.len()).filter(|&row| !is_placed[row]) {
            // What could not be read is reported as such, and is not missing.
            if !failures.has_failed(row) {
                failures.add(row, first, String::new(), reason);
            }
        }
        Ok(())
    }
}

/// A text of the source or the table where the row has none of its own.
fn filled(definition: &ColumnDef, column: Column, derived: &str) -> Result<Column, TableError> {
    if column.null_count() == column.len() {
        return Ok(StringChunked::full(definition.name.into(), derived, column.len()).into_column());
    }
    if column.null_count() == 0 {
        return Ok(column);
    }
    let height = column.len();
    let frame = DataFrame::new(height, vec![column])?;
    let mut builder = StringChunkedBuilder::new(definition.name.into(), height);
    for value in text(&frame, definition.name)?.iter() {
        builder.append_value(value.unwrap_or(derived));
    }
    Ok(builder.finish().into_series().into_column())
}

/// The money of each row, where the table holds a flow of money.
pub(crate) fn amounts(table: SourceTable, frame: &DataFrame) -> Result<Option<Vec<Option<i64>>>, TableError> {
    let Some(name) = table.amount_column() else {
        return Ok(None);
    };
    let amounts = decimal(frame, name)?.iter();
    Ok(Some(
        amounts
            .map(|amount| amount.and_then(|amount| i64::try_from(amount).ok()))
            .collect(),
    ))
}

/// Counts a row, and its money where its table holds any.
pub(crate) fn add_row(amounts: Option<&[Option<i64>]>, row: Option<usize>, count: &mut Count) {
    match amounts {
        Some(amounts) => count.add_row(row.and_then(|row| amounts[row])),
        None => count.rows += 1,
    }
}
