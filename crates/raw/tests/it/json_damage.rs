//! Random tables as JSON, with random spelling and random damage: every record is a row or rejected.

use cartera_raw::{Column, ColumnKind, JsonFormat, Plan, Splitter};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{column, parse_all};

const PATHS: [&str; 4] = ["id", "who", "at.day", "at.place.name"];

/// A value as it is written, and the text that it is.
type Value = (String, Option<String>);

fn value() -> impl Strategy<Value = Value> {
    let text = "[a-z,:{}\\[\\] é]{0,6}".prop_map(|text| {
        let trimmed = text.trim_matches([' ', '\t']).to_owned();
        (format!("\"{text}\""), (!trimmed.is_empty()).then_some(trimmed))
    });
    let escaped = Just(("\"q\\\"\\u0041\\n\\\\\"".to_owned(), Some("q\"A\n\\".to_owned())));
    let plain = select(vec![
        "0",
        "-12.50",
        "1e5",
        "true",
        "false",
        "123456789012345678901234567890",
    ])
    .prop_map(|text| (text.to_owned(), Some(text.to_owned())));
    prop_oneof![text, escaped, plain, Just(("null".to_owned(), None))]
}

/// The values of the paths; some are not there at all.
fn record() -> impl Strategy<Value = Vec<Option<Value>>> {
    vec(proptest::option::weighted(0.8, value()), PATHS.len())
}

/// Writes a record with the given white space between its parts.
fn write(record: &[Option<Value>], blank: &str) -> String {
    let field = |name: &str, value: &Option<Value>| {
        let written = value.as_ref().map(|(written, _)| written.clone());
        written.map(|written| format!("\"{name}\":{blank}{written}"))
    };
    let join = |parts: Vec<Option<String>>| {
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        format!("{{{blank}{}{blank}}}", parts.join(&format!("{blank},{blank}")))
    };
    let place = join(vec![
        Some("\"other\":[{\"name\":1}]".to_owned()),
        field("name", &record[3]),
    ]);
    let at = join(vec![field("day", &record[2]), Some(format!("\"place\":{place}"))]);
    join(vec![
        field("who", &record[1]),
        Some(format!("\"at\":{blank}{at}")),
        field("id", &record[0]),
    ])
}

fn plan() -> Plan {
    let columns = (0..PATHS.len()).map(|field| column(field, ColumnKind::Text)).collect();
    Plan::for_json(JsonFormat::default(), columns, &PATHS.map(str::to_owned)).expect("a good plan")
}

fn expected(record: &[Option<Value>]) -> Vec<Option<String>> {
    record.iter().map(|value| value.as_ref()?.1.clone()).collect()
}

/// Rows by number.
fn rows(file: &[u8], block_bytes: usize) -> Vec<(u64, Vec<Option<String>>)> {
    let mut rows = Vec::new();
    for block in parse_all(file, &plan(), JsonFormat::default(), block_bytes) {
        for (row, &line) in block.lines.iter().enumerate() {
            let cell = |column: &Column| match column {
                Column::Text(texts) => texts.get(row).map(str::to_owned),
                _ => None,
            };
            rows.push((line, block.columns.iter().map(cell).collect()));
        }
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(
        records in vec(record(), 0..20),
        blank in select(vec!["", " ", "\t "]),
        line_end in select(vec!["\n", "\r\n", "\n\n"]),
        block_bytes in 1..300_usize,
    ) {
        let lines: Vec<String> = records.iter().map(|record| write(record, blank)).collect();
        let by_line = rows(lines.join(line_end).as_bytes(), block_bytes);
        let found: Vec<_> = by_line.into_iter().map(|(_, cells)| cells).collect();
        let all: Vec<_> = records.iter().map(|record| expected(record)).collect();
        prop_assert_eq!(&found, &all);

        let elements: Vec<String> = records.iter().map(|record| write(record, line_end)).collect();
        let array = format!("{line_end}[{line_end}{}]{blank}", elements.join(&format!("{line_end},{blank}")));
        let by_array = rows(array.as_bytes(), block_bytes);
        let numbered: Vec<_> = (1..).zip(all).collect();
        prop_assert_eq!(by_array, numbered);
    }

    #[test]
    fn damage_costs_its_line(
        records in vec(record(), 1..12),
        place in any::<prop::sample::Index>(),
        byte in select(b"\"{}[],:\\\0\xFFx1\n \t".to_vec()),
        insert in any::<bool>(),
        block_bytes in 1..300_usize,
    ) {
        let lines: Vec<String> = records.iter().map(|record| write(record, "")).collect();
        let good = lines.join("\n").into_bytes();
        let at = place.index(good.len());
        let mut damaged = good.clone();
        if insert {
            damaged.insert(at, byte);
        } else {
            damaged[at] = byte;
        }
        // `rows` holds the count of records against rows and rejected ones.
        let (before, after) = (rows(&good, block_bytes), rows(&damaged, block_bytes));
        let line_ends = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
        if line_ends(&good) == line_ends(&damaged) {
            let hit = line_ends(&good[..at]) + 1;
            let others = |rows: &[(u64, Vec<Option<String>>)]| -> Vec<_> {
                rows.iter().filter(|row| row.0 != hit).cloned().collect()
            };
            prop_assert_eq!(others(&before), others(&after));
        }
    }

    #[test]
    fn a_damaged_array_gives_its_start_and_no_more(
        records in vec(record(), 1..12),
        place in any::<prop::sample::Index>(),
        byte in select(b"\"{}[],:\\\0\xFFx1\n \t".to_vec()),
        insert in any::<bool>(),
        block_bytes in 1..300_usize,
    ) {
        let elements: Vec<String> = records.iter().map(|record| write(record, "")).collect();
        let mut damaged = format!("[{}]", elements.join(",")).into_bytes();
        let at = place.index(damaged.len());
        if insert {
            damaged.insert(at, byte);
        } else {
            damaged[at] = byte;
        }
        if damaged.iter().find(|&&byte| !b" \n\t".contains(&byte)) == Some(&b'[') {
            let plan = plan();
            let mut splitter = Splitter::new(damaged.as_slice(), JsonFormat::default(), block_bytes);
            // Elements that end before the damage.
            let ends = elements.iter().scan(1, |end, element| {
                *end += element.len() + 1;
                Some(*end - 1)
            });
            let untouched = ends.filter(|&end| end <= at).count() as u64;
            let mut records_read = 0;
            loop {
                match splitter.next_block() {
                    Ok(Some(block)) => {
                        let parsed = plan.parse(&block);
                        prop_assert_eq!(block.records as usize, parsed.row_count() + parsed.rejected.len());
                        records_read += block.records;
                    }
                    Ok(None) => break,
                    Err(_) => {
                        prop_assert!(records_read >= untouched.saturating_sub(1), "{} {}", records_read, untouched);
                        break;
                    }
                }
            }
        }
    }
}
