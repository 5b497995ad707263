//! Random numbers and texts: each cell is what exact arithmetic, or the standard library, says.

use cartera_raw::{CellReason, Column, ColumnKind, DecimalFormat, Dialect, Plan};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{column, parse_all};

/// The rules for numbers, by 128-bit arithmetic on text.
fn expected(cell: &str, scale: usize) -> Result<i64, CellReason> {
    let unsigned = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digits = |text: &str| text.chars().all(|letter| letter.is_ascii_digit());
    if !is_digits(whole) || !is_digits(decimals) || (whole.is_empty() && decimals.is_empty()) {
        return Err(CellReason::NotANumber);
    }
    let decimals = decimals.trim_end_matches('0');
    if decimals.len() > scale {
        return Err(CellReason::TooManyDecimals);
    }
    let digits = format!("{whole}{decimals:0<scale$}");
    let digits = digits.trim_start_matches('0');
    let sign = if cell.starts_with('-') { "-" } else { "" };
    let value: i128 = match digits.len() {
        0 => 0,
        1..=30 => format!("{sign}{digits}").parse().expect("thirty digits"),
        _ => i128::MAX,
    };
    i64::try_from(value).map_err(|_| CellReason::NumberOutOfRange)
}

fn number() -> impl Strategy<Value = String> {
    let digits = |most| vec(select(b"0000123456789".to_vec()), 0..most);
    let sign = select(vec!["", "", "-", "+"]);
    let separator = select(vec!["", ".", ".", ".."]);
    (
        sign,
        digits(21),
        separator,
        digits(25),
        select(vec!["", "", "", "", "e1", "x"]),
    )
        .prop_map(|(sign, whole, separator, decimals, tail)| {
            let text = |digits: Vec<u8>| digits.into_iter().map(char::from).collect::<String>();
            format!("{sign}{}{separator}{}{tail}", text(whole), text(decimals))
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decimals(cells in vec(number(), 1..40), scale in 0..=18_u8) {
        let dialect = Dialect { header: false, ..Dialect::default() };
        let format = DecimalFormat { scale, ..DecimalFormat::default() };
        // The second field keeps records of empty cells from being blank lines.
        let plan = Plan::new(dialect.clone(), vec![column(0, ColumnKind::Decimal(format))], 2)
            .expect("a good plan");
        let file: String = cells.iter().map(|cell| format!(" {cell} ,x\n")).collect();
        let mut parsed = parse_all(file.as_bytes(), &plan, &dialect, 1 << 20);
        let parsed = parsed.remove(0);
        let Column::Decimal(numbers) = &parsed.columns[0] else { unreachable!() };
        for (row, cell) in cells.iter().enumerate() {
            let failure = parsed.failures.iter().find(|failure| failure.row as usize == row);
            let found = match (numbers.get(row), failure) {
                (Some(value), None) => Ok(value),
                (None, Some(failure)) => Err(failure.reason),
                (None, None) => {
                    prop_assert!(cell.is_empty());
                    continue;
                }
                (Some(_), Some(_)) => panic!("{cell} has a value and a failure"),
            };
            prop_assert_eq!(found, expected(cell, usize::from(scale)), "{}", cell);
        }
    }
}
