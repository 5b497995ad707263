//! The crate as its users see it, against an independent slow reader.

mod damage;
mod files;
mod fuzz;
mod reasons;
mod reference;
mod values;

use cartera_raw::{ColumnKind, ColumnSpec, Dialect, ParsedBlock, Plan, Splitter};

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

/// All blocks of a file, parsed; checks what must hold for each of them.
fn parse_all(file: &[u8], plan: &Plan, dialect: &Dialect, block_bytes: usize) -> Vec<ParsedBlock> {
    let mut splitter = Splitter::new(file, dialect, block_bytes);
    splitter.header().expect("a good header");
    let mut parsed = Vec::new();
    while let Some(block) = splitter.next_block().expect("a readable file") {
        let block_parsed = plan.parse(&block);
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
