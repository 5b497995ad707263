//! Any bytes in any dialect: no panic, and every record is a row or rejected, wherever blocks are cut.
#![no_main]

use arbitrary::Arbitrary;
use cartera_raw::{ColumnKind, ColumnSpec, DateFormat, DecimalFormat, Delimiter, Dialect, Plan, Splitter};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    delimiter: Option<u8>,
    quote: Option<u8>,
    comment: Option<u8>,
    skip_lines: u8,
    header: bool,
    multiline: bool,
    max_record_bytes: u16,
    field_count: u8,
    block_bytes: u16,
    file: &'a [u8],
}

/// What was found: the lines of the rows, the rejected records, the texts of the first column.
#[derive(Debug, PartialEq, Default)]
struct Found {
    rows: Vec<(u64, Option<String>)>,
    rejected: Vec<(u64, &'static str)>,
    failures: usize,
}

fn read(file: &[u8], dialect: &Dialect, plan: &Plan, block_bytes: usize) -> Option<Found> {
    let mut splitter = Splitter::new(file, dialect, block_bytes);
    if splitter.header().is_err() {
        return None;
    }
    let mut found = Found::default();
    while let Ok(Some(block)) = splitter.next_block() {
        let parsed = plan.parse(&block);
        assert_eq!(block.records as usize, parsed.row_count() + parsed.rejected.len());
        found.failures += parsed.failures.len();
        found
            .rejected
            .extend(parsed.rejected.iter().map(|record| (record.line, record.reason.slug())));
        let cartera_raw::Column::Text(texts) = &parsed.columns[0] else {
            unreachable!()
        };
        let rows = parsed.lines.iter().zip(texts.iter());
        found
            .rows
            .extend(rows.map(|(&line, text)| (line, text.map(str::to_owned))));
        let _ = block.first_record_fields(dialect);
    }
    Some(found)
}

fuzz_target!(|input: Input| {
    let dialect = Dialect {
        delimiter: input
            .delimiter
            .map_or(Delimiter::Blanks, |byte| Delimiter::Byte(byte & 0x7F)),
        quote: input.quote.map(|byte| byte & 0x7F),
        comment: input.comment.map(|byte| byte & 0x7F),
        skip_lines: u64::from(input.skip_lines % 4),
        header: input.header,
        multiline: input.multiline,
        max_record_bytes: usize::from(input.max_record_bytes).max(1),
    };
    let field_count = usize::from(input.field_count % 5) + 1;
    let kinds = [
        ColumnKind::Text,
        ColumnKind::Decimal(DecimalFormat::default()),
        ColumnKind::Date(DateFormat::new("%Y-%m-%d").expect("a good pattern").into()),
    ];
    let columns = kinds.into_iter().enumerate().map(|(index, kind)| ColumnSpec {
        name: index.to_string(),
        field: index % field_count,
        kind,
        required: index == 1,
        null_values: vec!["a".to_owned()],
    });
    let Ok(plan) = Plan::new(dialect.clone(), columns.collect(), field_count) else {
        return;
    };
    let whole = read(input.file, &dialect, &plan, 1 << 20);
    let cut = read(input.file, &dialect, &plan, usize::from(input.block_bytes));
    assert_eq!(whole, cut);
});
