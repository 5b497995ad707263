//! Random numbers and texts: each cell is what exact arithmetic, or the standard library, says.

use cartera_raw::{BlockBuilder, CellReason, Column, ColumnKind, DecimalFormat, Dialect, NegativeStyles, Plan};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{column, parse_all, shown};

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

/// How a number is written around its digits.
#[derive(Debug, Clone)]
struct Writing {
    /// A minus before or after, or brackets; also where a currency sign stands between.
    negative: &'static str,
    currency: Option<(&'static str, &'static str, bool)>,
    percent: &'static str,
    grouped: bool,
}

fn writing() -> impl Strategy<Value = Writing> {
    let signs = select(vec!["€", "EUR", "US$", "kr."]);
    let blanks = select(vec!["", " ", "\u{A0}", "\u{202F} "]);
    (
        select(vec!["-{}", "{}-", "({})", "- {}", "{} -"]),
        proptest::option::of((signs, blanks, any::<bool>())),
        select(vec!["", "%", " %", "\u{A0}%"]),
        any::<bool>(),
    )
        .prop_map(|(negative, currency, percent, grouped)| Writing {
            negative,
            currency,
            percent,
            grouped,
        })
}

impl Writing {
    /// Writes a number of so many units and hundred-thousandths.
    fn write(&self, whole: u64, decimals: u32, is_negative: bool) -> String {
        let mut digits = whole.to_string();
        if self.grouped {
            for place in (1..digits.len())
                .rev()
                .filter(|place| (digits.len() - place).is_multiple_of(3))
                .collect::<Vec<_>>()
            {
                digits.insert(place, '\'');
            }
        }
        let mut text = format!("{digits},{decimals:05}{}", self.percent);
        let signed = |text: &str| match is_negative {
            true => self.negative.replace("{}", text),
            false => text.to_owned(),
        };
        match self.currency {
            None => signed(&text),
            // Within the sign, or around it.
            Some((sign, blank, true)) => {
                text = format!("{sign}{blank}{text}");
                signed(&text)
            }
            Some((sign, blank, false)) => format!("{}{blank}{sign}", signed(&text)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn marks_around_a_number_change_no_digit(
        writing in writing(),
        whole in 0..1_000_000_000_u64,
        decimals in 0..100_000_u32,
        is_negative in any::<bool>(),
    ) {
        let format = DecimalFormat {
            scale: 7,
            decimal_separator: b',',
            thousands_separator: Some(b'\''),
            negatives: NegativeStyles { minus: true, trailing_minus: true, parentheses: true },
            currency_signs: ["€", "EUR", "$", "US$", "kr."].map(str::to_owned).to_vec(),
            percent: true,
        };
        let cell = writing.write(whole, decimals, is_negative);
        let plan = Plan::for_cells(vec![column(0, ColumnKind::Decimal(format))], 1).expect("a good plan");
        let mut builder = BlockBuilder::new(1, 1 << 20, 1 << 20);
        prop_assert_eq!(builder.append(1, [Some(cell.as_str())]), None);
        let parsed = plan.parse(&builder.finish().expect("one record"));
        let hundred_thousandths = (whole * 100_000 + u64::from(decimals)).cast_signed();
        let value = if writing.percent.is_empty() { hundred_thousandths * 100 } else { hundred_thousandths };
        let expected = if is_negative { -value } else { value };
        prop_assert_eq!(shown(&parsed.columns[0], 0), Some(expected.to_string()), "{}", cell);
    }
}
