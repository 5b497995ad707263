//! Cells that another reader has found come out as they went in.

use cartera_raw::{Block, BlockBuilder, CellValue, ColumnKind, ColumnSpec, DecimalFormat, Plan};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::{column, failures, shown, text_columns};

fn blocks(builder: BlockBuilder, rows: &[(u64, Vec<Option<String>>)]) -> Vec<Block> {
    let mut builder = builder;
    let mut blocks = Vec::new();
    for (row, cells) in rows {
        blocks.extend(builder.append(*row, cells.iter().map(Option::as_deref)));
    }
    blocks.extend(builder.finish());
    blocks
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_survives(
        rows in vec((any::<u64>(), vec(option::of("\\PC{0,4}|[,\"\n\r\t#;a\0 ]{0,4}"), 3)), 0..30),
        block_bytes in 1..400_usize,
    ) {
        let plan = Plan::for_cells(text_columns(3), 3).expect("a good plan");
        let blocks = blocks(BlockBuilder::new(3, 1 << 20, block_bytes), &rows);
        prop_assert_eq!(blocks.iter().map(|block| block.records).sum::<u64>(), rows.len() as u64);
        let mut expected = rows.iter();
        for block in &blocks {
            let parsed = plan.parse(block);
            prop_assert_eq!(parsed.row_count() as u64, block.records);
            prop_assert_eq!(&parsed.fields_found, &[true; 3]);
            for (row, line) in parsed.lines.iter().enumerate() {
                let (number, cells) = expected.next().expect("no more rows than were put in");
                prop_assert_eq!(line, number);
                for (place, cell) in cells.iter().enumerate() {
                    let trimmed = cell.as_deref().unwrap_or_default().trim_matches([' ', '\t']);
                    let failed = parsed.failures.iter().any(|failure| {
                        (failure.row as usize, usize::from(failure.column)) == (row, place)
                    });
                    prop_assert_eq!(failed, trimmed.contains('\0'));
                    let expected = (!trimmed.is_empty() && !failed).then(|| trimmed.to_owned());
                    prop_assert_eq!(shown(&parsed.columns[place], row), expected);
                }
            }
        }
        prop_assert!(expected.next().is_none());
    }
}

#[test]
fn an_error_of_a_spreadsheet_fails_its_cell_alone() {
    let required = |field, kind| ColumnSpec {
        required: true,
        ..column(field, kind)
    };
    let columns = vec![
        required(1, ColumnKind::Decimal(DecimalFormat::default())),
        required(0, ColumnKind::Text),
    ];
    let mut builder = BlockBuilder::new(2, 100, 100_000);
    assert_eq!(
        builder.append(2, [CellValue::Text("A1"), CellValue::Error("#N/A")]),
        None
    );
    assert_eq!(builder.append(3, [CellValue::Empty, CellValue::Text("5")]), None);
    assert_eq!(builder.append(4, [CellValue::Error("#REF!"), CellValue::Empty]), None);
    let block = builder.finish().expect("three records");
    let parsed = Plan::for_cells(columns, 2).expect("a good plan").parse(&block);
    assert_eq!(
        failures(&parsed),
        [
            (0, 0, "#N/A", "error_value"),
            (1, 1, "", "missing"),
            (2, 0, "", "missing"),
            (2, 1, "#REF!", "error_value"),
        ]
    );
    assert_eq!(shown(&parsed.columns[1], 0), Some("A1".to_owned()));
    assert_eq!(shown(&parsed.columns[0], 1), Some("5000000".to_owned()));
}

#[test]
fn records_that_do_not_fit_are_rejected_with_their_number() {
    let mut builder = BlockBuilder::new(2, 10, 100_000);
    assert_eq!(builder.append(5, [Some("a")]), None);
    assert_eq!(builder.append(6, [Some("a"), Some("b"), None]), None);
    assert_eq!(builder.append(8, [Some("123456"), Some("78901")]), None);
    assert_eq!(builder.append(9, [Some("123456"), Some("7890")]), None);
    let block = builder.finish().expect("four records");
    assert_eq!((block.records, block.first_line), (4, 5));
    let parsed = Plan::for_cells(text_columns(2), 2).expect("a good plan").parse(&block);
    let rejected: Vec<_> = parsed.rejected.iter().map(|r| (r.line, r.reason.slug())).collect();
    assert_eq!(
        rejected,
        [
            (5, "wrong_field_count"),
            (6, "wrong_field_count"),
            (8, "record_too_long")
        ]
    );
    assert_eq!(parsed.lines, [9]);
    assert_eq!(shown(&parsed.columns[1], 0), Some("7890".to_owned()));
}

#[test]
fn a_block_that_was_cut_has_no_cells() {
    let mut splitter = cartera_raw::Splitter::new(&b"a,b\n"[..], cartera_raw::Dialect::default(), 100);
    let plan = Plan::for_cells(text_columns(2), 2).expect("a good plan");
    while let Some(block) = splitter.next_block().expect("readable") {
        assert_eq!(plan.parse(&block).row_count(), 0);
    }
    assert_eq!(BlockBuilder::new(0, 0, 0).finish(), None);
    assert!(Plan::for_cells(Vec::new(), 0).is_err());
}
