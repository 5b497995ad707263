//! Any bytes as JSON lines or as an array: no panic, and every record is a row or rejected.
#![no_main]

use arbitrary::Arbitrary;
use cartera_raw::{Column, ColumnKind, ColumnSpec, DecimalFormat, JsonFormat, NegativeStyles, Plan, Splitter};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    max_record_bytes: u16,
    block_bytes: u16,
    file: &'a [u8],
}

type Rows = Vec<(u64, Vec<Option<String>>)>;

/// The rows, the rejected records, and whether the file was read to its end.
fn read(file: &[u8], format: JsonFormat, plan: &Plan, block_bytes: usize) -> (Rows, Vec<(u64, &'static str)>, bool) {
    let mut splitter = Splitter::new(file, format, block_bytes);
    let (mut rows, mut rejected) = (Vec::new(), Vec::new());
    loop {
        let block = match splitter.next_block() {
            Ok(Some(block)) => block,
            Ok(None) => return (rows, rejected, true),
            Err(_) => return (rows, rejected, false),
        };
        let parsed = plan.parse(&block);
        assert_eq!(block.records as usize, parsed.row_count() + parsed.rejected.len());
        let shown = |column: &Column, row: usize| match column {
            Column::Text(texts) => texts.get(row).map(str::to_owned),
            Column::Decimal(numbers) => numbers.get(row).map(|number| number.to_string()),
            _ => None,
        };
        for (row, &line) in parsed.lines.iter().enumerate() {
            rows.push((line, parsed.columns.iter().map(|column| shown(column, row)).collect()));
        }
        rejected.extend(parsed.rejected.iter().map(|record| (record.line, record.reason.slug())));
        for path in block.json_paths() {
            assert!(path.len() <= block.bytes.len());
        }
    }
}

fuzz_target!(|input: Input| {
    let format = JsonFormat {
        max_record_bytes: usize::from(input.max_record_bytes).max(1),
    };
    let paths = ["a", "a.b", "n", "b.a.b"].map(str::to_owned);
    let decimal = DecimalFormat {
        decimal_separator: b',',
        thousands_separator: Some(b'.'),
        negatives: NegativeStyles {
            parentheses: true,
            ..NegativeStyles::NONE
        },
        ..DecimalFormat::default()
    };
    let columns = (0..paths.len()).map(|field| ColumnSpec {
        name: paths[field].clone(),
        field,
        kind: if field == 2 {
            ColumnKind::Decimal(decimal.clone())
        } else {
            ColumnKind::Text
        },
        required: field == 0,
        null_values: Vec::new(),
    });
    let plan = Plan::for_json(format, columns.collect(), &paths).expect("a good plan");
    let whole = read(input.file, format, &plan, 1 << 20);
    let cut = read(input.file, format, &plan, usize::from(input.block_bytes));
    assert_eq!(whole, cut);
});
