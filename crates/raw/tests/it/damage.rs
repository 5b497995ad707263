//! A stray quote costs one row, wherever it falls.

use cartera_raw::{Column, ColumnKind, DateFormat, DecimalFormat, Dialect, Plan};

use crate::{column, parse_all};

const FILE: &str = "\
A1,2011-01-05,\"Lamp, small\",2,12.50\n\
A2,2011-01-05,Mirror,1,40\r\n\
\"A3\",2011-01-06,\"The \"\"old\"\" one\",-3,0.05\n\
\n\
A4,2011-01-07,,10,7.25\r\n\
A5,2011-01-08,\"\",1,\"1.00\"\n\
A6,2011-01-09,Caf\u{e9}  ,4,99";

/// Rows by physical line.
fn rows(file: &[u8], block_bytes: usize) -> Vec<(u64, String)> {
    let dialect = Dialect {
        header: false,
        ..Dialect::default()
    };
    let date = DateFormat::new("%Y-%m-%d").expect("a good pattern");
    let decimal = ColumnKind::Decimal(DecimalFormat::default());
    let kinds = [
        ColumnKind::Text,
        ColumnKind::Date(date.into()),
        ColumnKind::Text,
        decimal.clone(),
        decimal,
    ];
    let columns = (0..).zip(kinds).map(|(field, kind)| column(field, kind)).collect();
    let plan = Plan::new(dialect.clone(), columns, 5).expect("a good plan");
    let mut rows = Vec::new();
    for parsed in parse_all(file, &plan, &dialect, block_bytes) {
        for (row, &line) in parsed.lines.iter().enumerate() {
            let cell = |column: &Column| match column {
                Column::Text(texts) => format!("{:?}", texts.get(row)),
                Column::Date(days) => format!("{:?}", days.get(row)),
                Column::Decimal(numbers) | Column::Timestamp(numbers) => {
                    format!("{:?}", numbers.get(row))
                }
            };
            let cells: Vec<String> = parsed.columns.iter().map(cell).collect();
            rows.push((line, cells.join("|")));
        }
    }
    rows
}

#[test]
fn a_stray_quote_anywhere_touches_one_row() {
    let good = rows(FILE.as_bytes(), 1 << 20);
    assert_eq!(good.iter().map(|row| row.0).collect::<Vec<_>>(), [1, 2, 3, 5, 6, 7]);
    let mut lost = 0;
    for position in 0..=FILE.len() {
        let mut damaged = FILE.as_bytes().to_vec();
        damaged.insert(position, b'"');
        let line = 1 + FILE.as_bytes()[..position]
            .iter()
            .filter(|&&byte| byte == b'\n')
            .count();
        let others = |rows: &[(u64, String)]| -> Vec<(u64, String)> {
            rows.iter().filter(|row| row.0 != line as u64).cloned().collect()
        };
        for block_bytes in [1, 50, 1 << 20] {
            let found = rows(&damaged, block_bytes);
            assert_eq!(others(&found), others(&good), "quote at {position}");
            lost += good.len() - found.len();
        }
    }
    // Most strays fall inside an unquoted field, where a quote is an ordinary byte.
    assert!(lost > 0);
}
