//! Every way in which a cell or a record can fail, by name.

use cartera_raw::{
    CellReason, Column, ColumnKind, ColumnSpec, DateFormat, DecimalFormat, Delimiter, Dialect, Plan, RawError,
    RecordReason, Splitter,
};

use crate::{column, parse_all, text_columns};

fn headless() -> Dialect {
    Dialect {
        header: false,
        ..Dialect::default()
    }
}

#[test]
fn every_reason_of_a_cell() {
    let date = DateFormat::new("%Y-%m-%d").expect("a good pattern");
    let decimal = DecimalFormat {
        scale: 2,
        ..DecimalFormat::default()
    };
    let columns = vec![
        ColumnSpec {
            required: true,
            null_values: vec!["NULL".to_owned()],
            ..column(0, ColumnKind::Text)
        },
        column(1, ColumnKind::Decimal(decimal)),
        column(2, ColumnKind::Timestamp(date.into())),
    ];
    let file = b" ok ,1.25,2011-01-31\n\
        \t,,\n\
        NULL,NULL,\n\
        a\xFFb, 1e5 ,2011/01/31\n\
        a\0b,1.005,2011-02-31\n\
        \"x\"\"y\",99999999999999999999,\" 2011-01-31 \"\n";
    let plan = Plan::new(headless(), columns, 3).expect("a good plan");
    let parsed = parse_all(file, &plan, headless(), 1 << 20).remove(0);
    let failures: Vec<(u32, u16, &str, CellReason)> = parsed
        .failures
        .iter()
        .map(|failure| (failure.row, failure.column, failure.value.as_str(), failure.reason))
        .collect();
    assert_eq!(
        failures,
        [
            (1, 0, "\t", CellReason::Missing),
            (2, 0, "NULL", CellReason::Missing),
            (2, 1, "NULL", CellReason::NotANumber),
            (3, 0, "a\u{FFFD}b", CellReason::InvalidUtf8),
            (3, 1, " 1e5 ", CellReason::NotANumber),
            (3, 2, "2011/01/31", CellReason::NotADate),
            (4, 0, "a\0b", CellReason::ControlCharacter),
            (4, 1, "1.005", CellReason::TooManyDecimals),
            (4, 2, "2011-02-31", CellReason::NoSuchDay),
            (5, 1, "99999999999999999999", CellReason::NumberOutOfRange),
        ]
    );
    let Column::Text(texts) = &parsed.columns[0] else {
        unreachable!()
    };
    let texts: Vec<Option<&str>> = texts.iter().collect();
    assert_eq!(texts, [Some("ok"), None, None, None, None, Some("x\"y")]);
    let Column::Decimal(numbers) = &parsed.columns[1] else {
        unreachable!()
    };
    assert_eq!(
        numbers.iter().collect::<Vec<_>>(),
        [Some(125), None, None, None, None, None]
    );
    assert_eq!(numbers.validity.as_ref().map(|bits| bits.unset_count()), Some(5));
    let Column::Timestamp(moments) = &parsed.columns[2] else {
        unreachable!()
    };
    let day = Some(15_005 * 86_400_000_000);
    assert_eq!(moments.iter().collect::<Vec<_>>(), [day, None, None, None, None, day]);
}

#[test]
fn every_reason_of_a_record() {
    let file = "a,b\na\na,b,c\n\"a,b\n\"a\"b,c\n\n0123456789,\na,\"b\"\n";
    let dialect = Dialect {
        max_record_bytes: 10,
        ..headless()
    };
    let plan = Plan::new(dialect.clone(), text_columns(2), 2).expect("a good plan");
    for block_bytes in [1, 7, 1 << 20] {
        let parsed = parse_all(file.as_bytes(), &plan, &dialect, block_bytes);
        let lines: Vec<u64> = parsed.iter().flat_map(|block| block.lines.clone()).collect();
        assert_eq!(lines, [1, 8]);
        let rejected: Vec<(u64, &str, RecordReason)> = parsed
            .iter()
            .flat_map(|block| &block.rejected)
            .map(|record| (record.line, record.record.as_str(), record.reason))
            .collect();
        let count = |found| RecordReason::WrongFieldCount { expected: 2, found };
        assert_eq!(
            rejected,
            [
                (2, "a", count(1)),
                (3, "a,b,c", count(3)),
                (4, "\"a,b", RecordReason::UnclosedQuote),
                (5, "\"a\"b,c", RecordReason::TextAfterQuote),
                (7, "0123456789,", RecordReason::RecordTooLong { limit_bytes: 10 }),
            ]
        );
    }
}

#[test]
fn a_line_without_end_is_one_rejected_record_and_little_memory() {
    let mut file = vec![b'x'; 300_000];
    file.extend_from_slice(b"\nlast\n");
    let dialect = Dialect {
        max_record_bytes: 1000,
        ..headless()
    };
    let mut splitter = Splitter::new(file.as_slice(), &dialect, 100);
    let endless = splitter.next_block().expect("readable").expect("a block");
    assert!(endless.bytes.len() < 1100, "{} bytes", endless.bytes.len());
    assert_eq!((endless.records, endless.first_line), (1, 1));
    let last = splitter.next_block().expect("readable").expect("a block");
    assert_eq!((last.first_line, last.byte_offset), (2, 300_001));
    assert_eq!(last.bytes, b"last\n");
    assert!(splitter.next_block().expect("readable").is_none());
}

#[test]
fn plans_that_cannot_be_read_are_refused() {
    let refused = |dialect, columns, field_count| Plan::new(dialect, columns, field_count).expect_err("a bad plan");
    assert!(matches!(refused(headless(), Vec::new(), 0), RawError::Plan { .. }));
    assert!(matches!(
        refused(headless(), text_columns(3), 2),
        RawError::Column { .. }
    ));
    let wide = DecimalFormat {
        scale: 19,
        ..DecimalFormat::default()
    };
    let columns = vec![column(0, ColumnKind::Decimal(wide))];
    assert!(matches!(refused(headless(), columns, 1), RawError::Column { .. }));
    let spanning = Dialect {
        delimiter: Delimiter::Blanks,
        multiline: true,
        ..headless()
    };
    assert!(matches!(
        refused(spanning.clone(), Vec::new(), 1),
        RawError::Dialect { .. }
    ));
    let mut splitter = Splitter::new(&b"a"[..], &spanning, 1);
    assert!(matches!(splitter.next_block(), Err(RawError::Dialect { .. })));
    assert!(splitter.next().is_none(), "an error is given once");
}

#[test]
fn a_plan_without_columns_still_counts_rows() {
    let plan = Plan::new(headless(), Vec::new(), 2).expect("a good plan");
    let parsed = parse_all(b"a,b\nc\nd,e\n", &plan, headless(), 1 << 20).remove(0);
    assert_eq!((parsed.row_count(), parsed.rejected.len()), (2, 1));
}
