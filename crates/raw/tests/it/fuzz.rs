//! Random bytes: the fast reader finds what the slow one finds, wherever the blocks are cut.

use cartera_raw::{CellReason, Column, Delimiter, Dialect, Plan};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::reference::{Record, read};
use crate::{parse_all, text_columns};

/// Texts by row, with the reason where the cell failed.
type Cells = Vec<Result<Option<String>, CellReason>>;

/// A row by its line.
type Row = (u64, Cells);
/// A rejected record by its line, with the name of the reason.
type Rejection = (u64, &'static str);

fn expected_cells(fields: &[Vec<u8>]) -> Cells {
    let cell = |field: &Vec<u8>| {
        let text = std::str::from_utf8(field).map_err(|_| CellReason::InvalidUtf8)?;
        if text.contains('\0') {
            return Err(CellReason::ControlCharacter);
        }
        let trimmed = text.trim_matches([' ', '\t']);
        Ok((!trimmed.is_empty()).then(|| trimmed.to_owned()))
    };
    fields.iter().map(cell).collect()
}

/// What the crate makes of a file whose fields are all text: rows and rejected records by line.
fn found(file: &[u8], dialect: &Dialect, field_count: usize, block_bytes: usize) -> (Vec<Row>, Vec<Rejection>) {
    let plan = Plan::new(dialect.clone(), text_columns(field_count), field_count).expect("a good plan");
    let (mut rows, mut rejected) = (Vec::new(), Vec::new());
    for parsed in parse_all(file, &plan, dialect, block_bytes) {
        for (row, &line) in parsed.lines.iter().enumerate() {
            let cell = |column: usize| {
                let Column::Text(texts) = &parsed.columns[column] else {
                    unreachable!()
                };
                let failed = parsed
                    .failures
                    .iter()
                    .find(|failure| (failure.row as usize, usize::from(failure.column)) == (row, column));
                match failed {
                    Some(failure) => {
                        assert_eq!(texts.get(row), None);
                        Err(failure.reason)
                    }
                    None => Ok(texts.get(row).map(str::to_owned)),
                }
            };
            rows.push((line, (0..field_count).map(cell).collect()));
        }
        rejected.extend(parsed.rejected.iter().map(|record| (record.line, record.reason.slug())));
    }
    (rows, rejected)
}

fn assert_same(file: &[u8], dialect: &Dialect, field_count: usize, block_bytes: usize) {
    let (mut rows, mut rejected) = (Vec::new(), Vec::new());
    for record in read(file, dialect, field_count) {
        match record {
            Record::Row { line, fields } => rows.push((line, expected_cells(&fields))),
            Record::Rejected { line, slug } => rejected.push((line, slug)),
        }
    }
    let (found_rows, found_rejected) = found(file, dialect, field_count, block_bytes);
    assert_eq!(found_rejected, rejected);
    assert_eq!(found_rows, rows);
}

fn dialects() -> impl Strategy<Value = Dialect> {
    let delimiters = select(vec![Delimiter::Byte(b','), Delimiter::Byte(b'\t'), Delimiter::Blanks]);
    let limits = select(vec![1, 2, 5, 12, 40, 1 << 20]);
    (
        delimiters,
        select(vec![Some(b'"'), Some(b'\''), None]),
        any::<bool>(),
        limits,
        select(vec![None, None, Some(b'#'), Some(b'a')]),
        select(vec![0, 0, 0, 1, 2, 100]),
    )
        .prop_map(
            |(delimiter, quote, multiline, max_record_bytes, comment, skip_lines)| Dialect {
                delimiter,
                quote,
                header: false,
                multiline: multiline && delimiter != Delimiter::Blanks,
                max_record_bytes,
                comment,
                skip_lines,
            },
        )
}

/// Bytes that matter, far more often than by chance.
fn bytes() -> impl Strategy<Value = u8> {
    select(b"\"\"\"\",,,,\n\n\n\r\t  ''ab##\0\xC3\xA9\xFF\xEF\xBB\xBF".to_vec())
}

/// Pieces that are close to what files hold.
fn pieces() -> impl Strategy<Value = &'static str> {
    select(vec![
        "a",
        "b c",
        ",",
        ",",
        ",",
        "\n",
        "\n",
        "\r\n",
        "\"",
        "\"x\"",
        "\"x,y\"",
        "\"x\ny\"",
        "\"say \"\"hi\"\"\"",
        "\"\"",
        " ",
        "\t",
        "\u{e9}",
        "\0",
        "\r",
        "\n\n",
        "#",
        "\n#",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(
        file in vec(bytes(), 0..120),
        dialect in dialects(),
        field_count in 1..4_usize,
        block_bytes in 1..80_usize,
    ) {
        assert_same(&file, &dialect, field_count, block_bytes);
    }

    #[test]
    fn random_pieces(
        file in vec(pieces(), 0..80),
        dialect in dialects(),
        field_count in 1..4_usize,
        block_bytes in 1..80_usize,
    ) {
        assert_same(file.concat().as_bytes(), &dialect, field_count, block_bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    /// Files of several of the stretches that the parser takes at a time, and of records across
    /// them.
    #[test]
    fn long_files(
        records in vec((pieces(), pieces(), 0..400_usize, any::<bool>()), 1500..2500),
        multiline in any::<bool>(),
        block_bytes in select(vec![1000, 70_000, 4 << 20]),
    ) {
        let mut file = String::new();
        for (first, second, length, quoted) in records {
            let mut filler = "some text, and more\n".repeat(length / 20);
            filler.truncate(length);
            let quote = if quoted { "\"" } else { "" };
            let filler = if quoted { filler } else { filler.replace(['\n', ','], " ") };
            file.push_str(&format!("{first},{second},{quote}{filler}{quote}\n"));
        }
        let dialect =
            Dialect { header: false, multiline, max_record_bytes: 1500, ..Dialect::default() };
        assert_same(file.as_bytes(), &dialect, 3, block_bytes);
    }
}

#[test]
fn a_quoted_field_longer_than_a_stretch_is_one_field() {
    let long = "a line, and a \"\"word\"\"\n".repeat(10_000);
    let file = format!("1,x\n2,\"{long}\"\n3,y\n\"4,z\n5,w\n");
    let dialect = Dialect {
        header: false,
        multiline: true,
        ..Dialect::default()
    };
    for block_bytes in [10, 100_000, 4 << 20] {
        let (rows, rejected) = found(file.as_bytes(), &dialect, 2, block_bytes);
        let lines: Vec<u64> = rows.iter().map(|row| row.0).collect();
        assert_eq!(lines, [1, 2, 10_003, 10_005]);
        let text = rows[1].1[1].as_ref().expect("text").as_ref().expect("a value");
        assert_eq!(*text, long.replace("\"\"", "\"").trim_matches(' '));
        assert_eq!(rejected, [(10_004, "unclosed_quote")]);
    }
}
