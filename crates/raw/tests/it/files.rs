//! Files as they come: compressed, with a byte order mark, with headers, delimited by blanks.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use cartera_raw::{
    Column, ColumnKind, DateFormat, DecimalFormat, Delimiter, Dialect, Plan, RawError, RecordReason, Splitter, open,
};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::{column, parse_all};

fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).expect("a writable directory for tests");
    path
}

fn read_to_end(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path).expect("a file").read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn compression_is_told_by_content() {
    let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 3).expect("memory");
    for (name, content) in [
        ("plain.gz", b"a,b\nc,d\n".to_vec()),
        ("gzip.csv", gzip(b"a,b\nc,d\n")),
        ("members.csv", [gzip(b"a,b\n"), gzip(b""), gzip(b"c,d\n")].concat()),
        ("zstd.csv", zstd(b"a,b\nc,d\n")),
        ("frames.csv", [zstd(b"a,b\n"), zstd(b"c,d\n")].concat()),
    ] {
        let path = written(name, &content);
        assert_eq!(read_to_end(&path).expect("readable"), b"a,b\nc,d\n", "{name}");
    }
    for (name, content) in [("empty.csv", &b""[..]), ("short.csv", b"a\n")] {
        assert_eq!(read_to_end(&written(name, content)).expect("readable"), content);
    }
}

#[test]
fn damage_and_absence_are_errors() {
    let mut content = gzip(&b"some,text\n".repeat(10_000));
    content.truncate(content.len() / 2);
    let reader = open(&written("cut.csv.gz", &content)).expect("a file");
    let dialect = Dialect::default();
    let mut splitter = Splitter::new(reader, &dialect, 1 << 20);
    assert!(matches!(splitter.header(), Err(RawError::Read { .. })));
    assert!(matches!(splitter.next_block(), Ok(None)), "an error is given once");
    let missing = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no such file");
    assert!(matches!(open(&missing), Err(RawError::Open { .. })));
}

#[test]
fn blocks_put_together_are_the_file() {
    let file = "h\n1\n22\n\n333\r\n\"4\n4\"\n55555";
    for multiline in [false, true] {
        let dialect = Dialect {
            header: false,
            multiline,
            ..Dialect::default()
        };
        for block_bytes in 1..40 {
            let mut bytes = Vec::new();
            for block in Splitter::new(file.as_bytes(), &dialect, block_bytes) {
                let block = block.expect("readable");
                assert_eq!(block.byte_offset, bytes.len() as u64);
                let lines = bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
                assert_eq!(block.first_line, lines + 1);
                bytes.extend_from_slice(&block.bytes);
            }
            assert_eq!(bytes, file.as_bytes());
        }
    }
}

fn header(file: &str, dialect: &Dialect) -> Result<Option<Vec<String>>, RawError> {
    Splitter::new(file.as_bytes(), dialect, 3).header()
}

#[test]
fn headers() {
    let dialect = Dialect::default();
    let names = |file| header(file, &dialect).expect("a good header").unwrap_or_default();
    assert_eq!(names("a,b"), ["a", "b"]);
    assert_eq!(names("\u{FEFF}\"a\",b\r\n"), ["a", "b"]);
    assert_eq!(names("\r\n\na , b\n1,2\n"), ["a", "b"]);
    assert_eq!(header("", &dialect).expect("no error"), None);
    assert_eq!(header("\n\r\n", &dialect).expect("no error"), None);
    let headless = Dialect {
        header: false,
        ..Dialect::default()
    };
    assert_eq!(header("a,b", &headless).expect("no error"), None);
    let blanks = Dialect {
        delimiter: Delimiter::Blanks,
        ..Dialect::default()
    };
    assert_eq!(
        header("  \n a  b \n", &blanks).expect("good"),
        Some(vec!["a".into(), "b".into()])
    );
    let spanning = Dialect {
        multiline: true,
        ..Dialect::default()
    };
    assert_eq!(
        header("\"a\nb\"\nc", &spanning).expect("good"),
        Some(vec!["a\nb".into()])
    );

    let short = Dialect {
        max_record_bytes: 5,
        ..Dialect::default()
    };
    for file in ["abcdef\n", "abcdefghijklmnopqrstuvwxyz"] {
        let reason = RecordReason::RecordTooLong { limit_bytes: 5 };
        let error = header(file, &short).expect_err("too long");
        assert!(matches!(error, RawError::Header { line: 1, reason: found } if found == reason));
    }
    let error = header("\n\"a,b\nc", &dialect).expect_err("unclosed");
    assert_eq!(
        error.to_string(),
        "the header on line 2 cannot be read: a quoted field is not closed"
    );
}

#[test]
fn a_header_is_passed_over_even_if_nobody_asked_for_it() {
    let dialect = Dialect::default();
    let mut splitter = Splitter::new(&b"\xEF\xBB\xBFa,b\r\n1,2\r\n"[..], &dialect, 1 << 20);
    let block = splitter.next_block().expect("readable").expect("a block");
    assert_eq!(block.bytes, b"1,2\r\n");
    assert_eq!((block.first_line, block.byte_offset, block.records), (2, 8, 1));
    assert_eq!(splitter.header().expect("no error"), None);
}

#[test]
fn runs_of_blanks_delimit() {
    let file = b" 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118\t 2   29.73 \r\n   \r\n\
        00021 0002 19970101  3   63.34\r\n 00021 0002 19970101  3\r\n";
    let dialect = Dialect {
        delimiter: Delimiter::Blanks,
        header: false,
        ..Dialect::default()
    };
    let date = DateFormat::new("%Y%m%d").expect("a good pattern");
    let columns = vec![
        column(0, ColumnKind::Text),
        column(2, ColumnKind::Date(date.into())),
        column(
            4,
            ColumnKind::Decimal(DecimalFormat {
                scale: 2,
                ..DecimalFormat::default()
            }),
        ),
    ];
    let plan = Plan::new(dialect.clone(), columns, 5).expect("a good plan");
    let parsed = parse_all(file, &plan, &dialect, 1 << 20).remove(0);
    assert_eq!(parsed.lines, [1, 2, 4]);
    assert_eq!(parsed.failures, []);
    let Column::Text(customers) = &parsed.columns[0] else {
        unreachable!()
    };
    assert_eq!(
        customers.iter().flatten().collect::<Vec<_>>(),
        ["00004", "00004", "00021"]
    );
    assert_eq!(customers.validity, None);
    let Column::Date(days) = &parsed.columns[1] else {
        unreachable!()
    };
    assert_eq!(days.values, [9862, 9879, 9862]);
    let Column::Decimal(amounts) = &parsed.columns[2] else {
        unreachable!()
    };
    assert_eq!(amounts.values, [2933, 2973, 6334]);
    assert_eq!(parsed.rejected.len(), 1);
    assert_eq!(parsed.rejected[0].record, " 00021 0002 19970101  3");
    assert_eq!(
        parsed.rejected[0].reason,
        RecordReason::WrongFieldCount { expected: 5, found: 4 }
    );
}
