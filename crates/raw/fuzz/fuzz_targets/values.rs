//! Any cells as numbers and dates of any format: no panic, and sums of what was read are what is written.
#![no_main]

use arbitrary::Arbitrary;
use cartera_raw::{
    BlockBuilder, Column, ColumnKind, ColumnSpec, DateFormat, DateFormats, DecimalFormat, NegativeStyles, Plan,
};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    scale: u8,
    decimal_separator: u8,
    thousands_separator: Option<u8>,
    styles: u8,
    currency_signs: Vec<&'a str>,
    percent: bool,
    patterns: Vec<&'a str>,
    cells: Vec<&'a str>,
}

fuzz_target!(|input: Input| {
    let decimal = DecimalFormat {
        scale: input.scale,
        decimal_separator: input.decimal_separator,
        thousands_separator: input.thousands_separator,
        negatives: NegativeStyles {
            minus: input.styles & 1 != 0,
            trailing_minus: input.styles & 2 != 0,
            parentheses: input.styles & 4 != 0,
        },
        currency_signs: input
            .currency_signs
            .iter()
            .take(4)
            .map(|&sign| sign.to_owned())
            .collect(),
        percent: input.percent,
    };
    let column = |kind| ColumnSpec {
        name: "cell".to_owned(),
        field: 0,
        kind,
        required: false,
        null_values: Vec::new(),
    };
    let patterns = input
        .patterns
        .iter()
        .take(2)
        .filter_map(|pattern| DateFormat::new(pattern).ok());
    let mut columns = vec![column(ColumnKind::Decimal(decimal.clone()))];
    if let Ok(formats) = DateFormats::new(patterns.collect()) {
        columns.push(column(ColumnKind::Timestamp(formats.clone())));
        columns.push(column(ColumnKind::Date(formats)));
    }
    let Ok(plan) = Plan::for_cells(columns, 1) else {
        return;
    };
    let mut builder = BlockBuilder::new(1, 1 << 20, 1 << 20);
    for (row, &cell) in (1..).zip(&input.cells) {
        assert_eq!(builder.append(row, [Some(cell)]), None);
    }
    let Some(block) = builder.finish() else { return };
    let parsed = plan.parse(&block);
    assert_eq!(parsed.row_count(), input.cells.len());
    let Column::Decimal(numbers) = &parsed.columns[0] else {
        unreachable!()
    };
    // A number that was read is read again from its plain writing.
    for number in numbers.iter().flatten() {
        let scale = u32::from(decimal.scale);
        let power = 10_i128.pow(scale);
        let (whole, decimals) = (i128::from(number).abs() / power, i128::from(number).abs() % power);
        let sign = if number < 0 { "-" } else { "" };
        let plain = format!("{sign}{whole}.{decimals:0width$}", width = scale as usize);
        let mut text = Vec::new();
        decimal.write_plain(plain.as_bytes(), &mut text);
        let text = String::from_utf8(text).expect("ASCII");
        let mut builder = BlockBuilder::new(1, 1 << 20, 1 << 20);
        assert_eq!(builder.append(1, [Some(text.as_str())]), None);
        let again = plan.parse(&builder.finish().expect("one record"));
        let Column::Decimal(numbers) = &again.columns[0] else {
            unreachable!()
        };
        assert_eq!(numbers.get(0), Some(number), "{text}");
    }
});
