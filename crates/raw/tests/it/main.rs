//! The crate as its users see it, against an independent slow reader.

mod cells;
mod damage;
mod dates;
mod encodings;
mod files;
mod fuzz;
mod json;
mod json_damage;
mod reasons;
mod reference;
mod values;

use cartera_raw::{Column, ColumnKind, ColumnSpec, ParsedBlock, Plan, RecordFormat, Splitter};

/// An optional column called after its field.
fn column(field: usize, kind: ColumnKind) -> ColumnSpec {
    let name = format!("field {field}");
    ColumnSpec {
        name,
        field,
        kind,
        required: false,
        null_values: Vec::new(),
    }
}

/// One text column for each field.
fn text_columns(count: usize) -> Vec<ColumnSpec> {
    (0..count).map(|field| column(field, ColumnKind::Text)).collect()
}

/// A cell of any column as text, failed and empty ones alike as nothing.
fn shown(column: &Column, row: usize) -> Option<String> {
    match column {
        Column::Text(texts) => texts.get(row).map(str::to_owned),
        Column::Date(days) => days.get(row).map(|day| day.to_string()),
        Column::Decimal(numbers) | Column::Timestamp(numbers) => numbers.get(row).map(|number| number.to_string()),
    }
}

/// The failures of a block as row, column, value and reason.
fn failures(parsed: &ParsedBlock) -> Vec<(u32, u16, &str, &'static str)> {
    let parts = parsed.failures.iter().map(|failure| {
        let value = failure.value.as_str();
        (failure.row, failure.column, value, failure.reason.slug())
    });
    parts.collect()
}

/// All blocks of a file, parsed; checks what must hold for each of them.
fn parse_all(file: &[u8], plan: &Plan, format: impl Into<RecordFormat>, block_bytes: usize) -> Vec<ParsedBlock> {
    let mut splitter = Splitter::new(file, format, block_bytes);
    splitter.header().expect("a good header");
    let mut parsed = Vec::new();
    while let Some(block) = splitter.next_block().expect("a readable file") {
        let block_parsed = plan.parse(&block);
        assert_eq!(block_parsed.fields_found.len(), plan.columns().len());
        let found = block_parsed.row_count() + block_parsed.rejected.len();
        assert_eq!(block.records, found as u64, "the two counts of {block:?}");
        for column in &block_parsed.columns {
            assert_eq!(column.len(), block_parsed.row_count());
        }
        let order = |at: usize| {
            let failure = &block_parsed.failures[at];
            (failure.row, failure.column)
        };
        assert!((1..block_parsed.failures.len()).all(|at| order(at - 1) < order(at)));
        parsed.push(block_parsed);
    }
    parsed
}
