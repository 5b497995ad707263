//! Workbooks and Parquet files, read cell by cell as text.

use std::path::{Path, PathBuf};

use cartera_raw::{Column, ColumnKind, ColumnSpec};

use super::*;
use crate::format_params::FormatParams;
use crate::sheet_ref::SheetRef;

/// What a file comes to: its header, its rows with their numbers, and what failed.
#[derive(Debug, Default, PartialEq)]
struct Read {
    header: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
    failures: Vec<(usize, String, &'static str)>,
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn format(file_type: &str, change: impl FnOnce(&mut FormatParams)) -> FormatValidParams {
    let mut params = FormatParams {
        file_type: file_type.to_owned(),
        ..FormatParams::default()
    };
    change(&mut params);
    params.check().expect("a good format")
}

fn text_column(name: &str, field: usize) -> ColumnSpec {
    ColumnSpec {
        name: name.to_owned(),
        field,
        kind: ColumnKind::Text,
        required: false,
        null_values: Vec::new(),
    }
}

/// Reads columns as texts, in blocks of a few hundred bytes.
fn read_some(path: &Path, format: &FormatValidParams, chosen: impl Fn(&str) -> bool) -> Result<Read, IngestError> {
    let tally = Tally::default();
    let mut blocks = open_blocks(path, format, Range::default(), 256, &tally)?;
    let Some(fields) = blocks.fields()? else {
        return Ok(Read::default());
    };
    let header: Vec<String> = match &fields {
        Fields::Named(names) => names.clone(),
        _ => (1..=fields.count()).map(|place| place.to_string()).collect(),
    };
    let columns: Vec<ColumnSpec> = header
        .iter()
        .enumerate()
        .filter(|(_, name)| chosen(name))
        .map(|(place, name)| text_column(name, place))
        .collect();
    let plan = format.plan(columns, header.len()).expect("a good plan");
    blocks.select(plan.columns())?;
    let mut read = Read {
        header,
        ..Read::default()
    };
    while let Some(block) = blocks.next_block()? {
        let parsed = plan.parse(&block);
        assert_eq!(block.records as usize, parsed.row_count() + parsed.rejected.len());
        for failure in &parsed.failures {
            let row = read.rows.len() + failure.row as usize;
            read.failures.push((row, failure.value.clone(), failure.reason.slug()));
        }
        for row in 0..parsed.row_count() {
            let cell = |column: &Column| match column {
                Column::Text(values) => values.get(row).unwrap_or_default().to_owned(),
                _ => unreachable!("all columns are read as text"),
            };
            read.rows
                .push((parsed.lines[row], parsed.columns.iter().map(cell).collect()));
        }
    }
    assert_eq!(tally.bytes(), std::fs::metadata(path).expect("there").len());
    Ok(read)
}

fn read(path: &Path, format: &FormatValidParams) -> Result<Read, IngestError> {
    read_some(path, format, |_| true)
}

mod excel {
    use super::*;

    fn sheet(sheet: SheetRef) -> FormatValidParams {
        format("excel", |format| format.sheet = Some(sheet))
    }

    fn cells(change: impl FnOnce(&mut FormatParams)) -> Read {
        let format = format("excel", |format| {
            format.skip_lines = 1;
            change(format);
        });
        read(&fixture("cells.xlsx"), &format).expect("a good workbook")
    }

    #[test]
    fn cells_are_read_as_what_they_are() {
        let read = cells(|_| {});
        assert_eq!(read.header, ["", "id", "value", "day", "flag", "", "unit"]);
        let expected: [(u64, [&str; 7]); 5] = [
            (5, ["", "00123", "0.3", "2024-02-29T00:00:00", "true", "", "EUR"]),
            (6, ["", "12345", "-1234.5", "2024-02-29T23:59:59", "false", "", "EUR"]),
            (8, ["", "padded", "1000000000000000000000", "", "", "", "EUR"]),
            (9, ["", "", "", "", "", "", ""]),
            (10, ["", "ab", "2.5", "", "", "", ""]),
        ];
        assert_eq!(read.rows.len(), expected.len());
        for ((row, cells), (expected_row, expected_cells)) in read.rows.iter().zip(expected) {
            assert_eq!(
                (*row, cells.as_slice()),
                (expected_row, &expected_cells.map(str::to_owned)[..])
            );
        }
        let failure = |value: &str| (3, value.to_owned(), "error_value");
        assert_eq!(read.failures, [failure("#N/A"), failure("#DIV/0!")]);
    }

    #[test]
    fn an_error_may_be_declared_to_mean_nothing() {
        let read = cells(|format| format.null_values = vec!["#N/A".to_owned()]);
        assert_eq!(read.failures, [(3, "#DIV/0!".to_owned(), "error_value")]);
    }

    #[test]
    fn numbers_take_the_declared_decimal_separator() {
        let read = cells(|format| format.decimal_separator = ",".to_owned());
        assert_eq!(read.rows[0].1[2], "0,3");
        assert_eq!(read.rows[1].1[2], "-1234,5");
    }

    #[test]
    fn without_a_header_the_first_row_counts_the_columns() {
        let read = cells(|format| format.header = false);
        assert_eq!(read.header.len(), 7);
        assert_eq!(read.rows[0].0, 3);
        assert_eq!(read.rows[0].1[6], "unit");
    }

    #[test]
    fn sheets_are_found_by_name_or_by_their_place_among_those_that_show() {
        let header = |wanted| read(&fixture("cells.xlsx"), &sheet(wanted)).map(|read| read.header);
        let number = |number: usize| SheetRef::Position(number.try_into().expect("from 1"));
        let name = |name: &str| SheetRef::Name(name.to_owned());
        assert_eq!(header(number(1)).expect("there"), ["Report of May"]);
        assert_eq!(header(number(2)).expect("there"), ["id"]);
        assert_eq!(header(name("Año 2024")).expect("there"), ["id"]);
        assert_eq!(header(name("Lookup")).expect("hidden, but there"), ["hidden"]);
        assert_eq!(header(name("Empty")).expect("empty, but there"), [""; 0]);
        for missing in [number(4), name("cells"), name("Chart")] {
            let error = header(missing).expect_err("there is none").to_string();
            let sheets = r#""Lookup" (hidden), "Cells", "Chart" (no table), "Año 2024", "Empty""#;
            assert!(error.ends_with(sheets), "{error}");
        }
    }

    #[test]
    fn a_workbook_may_count_from_1904() {
        let read = read(&fixture("epoch_1904.xlsx"), &sheet(SheetRef::default())).expect("a good workbook");
        assert_eq!(read.rows, [(2, vec!["2024-02-29T08:26:00".to_owned()])]);
    }

    #[test]
    fn no_damage_is_a_panic() {
        let whole = std::fs::read(fixture("cells.xlsx")).expect("there");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("damaged.xlsx");
        let format = sheet(SheetRef::default());
        let mut failed = 0;
        for place in (0..whole.len()).step_by(61) {
            let mut damaged = whole.clone();
            damaged[place] ^= 0x55;
            std::fs::write(&path, &damaged).expect("written");
            failed += usize::from(read(&path, &format).is_err());
            std::fs::write(&path, &whole[..place]).expect("written");
            let error = read(&path, &format).expect_err("a part of a workbook is none");
            assert!(
                matches!(error, IngestError::Workbook { .. } | IngestError::WrongType { .. }),
                "{error}"
            );
        }
        assert!(failed > 0, "some damage is to be noticed");
    }
}

mod parquet {
    use std::fs::File;

    use cartera_raw::DateFormat;
    use polars::prelude::{
        Column as FrameColumn, DataFrame, DataType, ListChunked, ParquetWriter, Series, TimeUnit, TimeZone,
    };
    use polars::prelude::{IntoSeries, NamedFrom, df};

    use super::*;

    /// Writes a frame in row groups of three rows.
    fn written(folder: &Path, mut frame: DataFrame) -> PathBuf {
        let path = folder.join("lines.parquet");
        let file = File::create(&path).expect("a file");
        let writer = ParquetWriter::new(file).with_row_group_size(Some(3));
        writer.finish(&mut frame).expect("written");
        path
    }

    fn plain() -> FormatValidParams {
        format("parquet", |_| {})
    }

    /// One column of a type, and the texts that its values come to.
    #[track_caller]
    fn values_are(values: Series, data_type: &DataType, expected: &[&str]) {
        let folder = tempfile::tempdir().expect("a folder");
        let column = values.cast(data_type).expect("a cast").with_name("value".into());
        let frame = DataFrame::new(column.len(), vec![FrameColumn::from(column)]).expect("a frame");
        let read = read(&written(folder.path(), frame), &plain()).expect("a good file");
        let found: Vec<&str> = read.rows.iter().map(|(_, cells)| cells[0].as_str()).collect();
        assert_eq!(found, expected, "{data_type}");
    }

    fn numbers<T>(values: T) -> Series
    where
        Series: NamedFrom<T, [Option<i64>]>,
    {
        Series::new("value".into(), values)
    }

    #[test]
    fn values_of_every_type_become_the_text_that_stands_for_them() {
        let whole = || numbers([Some(0), None, Some(127)]);
        for data_type in [
            DataType::Int8,
            DataType::Int16,
            DataType::Int32,
            DataType::Int64,
            DataType::UInt8,
            DataType::UInt16,
            DataType::UInt32,
            DataType::UInt64,
            DataType::Float32,
            DataType::Float64,
            DataType::String,
        ] {
            values_are(whole(), &data_type, &["0", "", "127"]);
        }
        values_are(whole(), &DataType::Boolean, &["false", "", "true"]);
        values_are(whole(), &DataType::Decimal(18, 3), &["0.000", "", "127.000"]);
        values_are(
            whole(),
            &DataType::Date,
            &["1970-01-01T00:00:00", "", "1970-05-08T00:00:00"],
        );
        values_are(whole(), &DataType::Time, &["00:00:00", "", "00:00:00.000000127"]);
        let floats = Series::new("value".into(), [0.1 + 0.2, -2.55, 1e-7, 17850.0]);
        values_are(
            floats,
            &DataType::Float64,
            &["0.30000000000000004", "-2.55", "0.0000001", "17850"],
        );
        let singles = Series::new("value".into(), [12.1_f32, 0.3]);
        values_are(singles, &DataType::Float32, &["12.1", "0.3"]);
        let largest = Series::new("value".into(), [u64::MAX]);
        values_are(largest, &DataType::UInt64, &["18446744073709551615"]);
    }

    #[test]
    fn moments_of_every_unit_are_the_same_moment() {
        // 2011-12-09T12:50:00.25
        let moments = || numbers([Some(1_323_435_000_250_i64)]);
        let datetime = |unit, zone: Option<&str>| {
            let zone = zone.map(|zone| TimeZone::opt_try_new(Some(zone)).expect("a zone").expect("a zone"));
            DataType::Datetime(unit, zone)
        };
        let of_unit = |unit, factor: i64| {
            let scaled = (moments() * factor).cast(&datetime(unit, None));
            scaled.expect("a cast")
        };
        for (unit, factor) in [
            (TimeUnit::Milliseconds, 1),
            (TimeUnit::Microseconds, 1_000),
            (TimeUnit::Nanoseconds, 1_000_000),
        ] {
            values_are(
                of_unit(unit, factor),
                &datetime(unit, None),
                &["2011-12-09T12:50:00.25"],
            );
        }
        // A moment of a zone is kept as the instant that it is.
        let instants = moments().cast(&datetime(TimeUnit::Milliseconds, Some("Europe/Madrid")));
        let data_type = datetime(TimeUnit::Milliseconds, Some("Europe/Madrid"));
        values_are(instants.expect("a cast"), &data_type, &["2011-12-09T12:50:00.25Z"]);
    }

    #[test]
    fn texts_survive_whatever_is_in_them() {
        let texts = ["a,b", "\"quoted\"", "two\nlines", "", " ñ€ "];
        let column = Series::new("value".into(), texts);
        let categories = column.cast(&DataType::from_categories(polars::prelude::Categories::global()));
        let expected = ["a,b", "\"quoted\"", "two\nlines", "", "ñ€"];
        values_are(column, &DataType::String, &expected);
        let categories = categories.expect("a cast");
        values_are(categories.clone(), categories.dtype(), &expected);
    }

    #[test]
    fn what_is_no_value_fails_in_any_column() {
        let folder = tempfile::tempdir().expect("a folder");
        let frame = df!(
            "number" => [Some(f64::NAN), None, Some(1.5), Some(f64::INFINITY)],
            "bytes" => [&b"caf\xE9"[..], b"fine", b"", b"\xC3\xB1"],
        );
        let path = written(folder.path(), frame.expect("a frame"));
        let found = read(&path, &plain()).expect("a good file");
        let failure = |row, value: &str| (row, value.to_owned(), "error_value");
        assert_eq!(
            found.failures,
            [failure(0, "NaN"), failure(0, "caf\u{FFFD}"), failure(3, "inf")]
        );
        assert_eq!(found.rows[3], (4, vec![String::new(), "ñ".to_owned()]));
        let format = format("parquet", |format| format.null_values = vec!["NaN".to_owned()]);
        assert_eq!(read(&path, &format).expect("a good file").failures.len(), 2);
    }

    #[test]
    fn only_mapped_columns_are_read_and_rows_are_numbered() {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = 1000_i64;
        let lists = (0..rows).map(|row| Some(Series::new("".into(), [row])));
        let mut frame = df!(
            "before" => (0..rows).collect::<Vec<_>>(),
            "id" => (0..rows).map(|row| format!("id {row}")).collect::<Vec<_>>(),
            "after" => vec![1.5; rows as usize],
        )
        .expect("a frame");
        let lists: ListChunked = lists.collect();
        frame
            .with_column(lists.into_series().with_name("items".into()).into())
            .expect("a column");
        let path = written(folder.path(), frame);
        let read = read_some(&path, &plain(), |name| name == "id").expect("the lists are not read");
        assert_eq!(read.header, ["before", "id", "after", "items"]);
        let expected: Vec<(u64, Vec<String>)> = (0..1000).map(|row| (row + 1, vec![format!("id {row}")])).collect();
        assert_eq!(read.rows, expected);
        let error = read_some(&path, &plain(), |name| name == "items").expect_err("a list is no value");
        let message = error.to_string();
        assert!(
            message.contains("\"items\"") && message.contains("no single value"),
            "{message}"
        );
    }

    #[test]
    fn moments_must_be_of_the_kind_that_is_declared() {
        let folder = tempfile::tempdir().expect("a folder");
        let utc = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
        let naive = DataType::Datetime(TimeUnit::Microseconds, None);
        for (data_type, pattern, advice) in [
            (
                &utc,
                TYPED_MOMENT,
                Some("a time zone: declare the format \"%Y-%m-%dT%H:%M:%S%.f%z\""),
            ),
            (&naive, TYPED_INSTANT, Some("without a time zone: declare the format")),
            (&utc, TYPED_INSTANT, None),
            (&naive, TYPED_MOMENT, None),
        ] {
            let values = numbers([Some(0)]).cast(data_type).expect("a cast");
            let frame = DataFrame::new(1, vec![FrameColumn::from(values)]).expect("a frame");
            let path = written(folder.path(), frame);
            let mut blocks =
                open_blocks(&path, &plain(), Range::default(), 1 << 20, &Tally::default()).expect("a good file");
            let format = DateFormat::new(pattern).expect("a good pattern");
            let day = ColumnSpec {
                kind: ColumnKind::Timestamp(format.into()),
                ..text_column("ordered_at", 0)
            };
            let selected = blocks.select(&[day]).map_err(|error| error.to_string());
            match advice {
                None => assert_eq!(selected, Ok(())),
                Some(advice) => assert!(selected.expect_err("refused").contains(advice)),
            }
        }
    }

    #[test]
    fn a_file_without_rows_has_its_columns() {
        let folder = tempfile::tempdir().expect("a folder");
        let frame = df!("id" => Vec::<String>::new()).expect("a frame");
        let read = read(&written(folder.path(), frame), &plain()).expect("a good file");
        assert_eq!((read.header, read.rows.len()), (vec!["id".to_owned()], 0));
    }

    #[test]
    fn a_part_of_a_file_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let frame = df!("id" => ["a", "b", "c", "d"], "amount" => [1.5, 2.5, 3.5, 4.5]).expect("a frame");
        let path = written(folder.path(), frame);
        let whole = std::fs::read(&path).expect("there");
        for length in 0..whole.len() {
            std::fs::write(&path, &whole[..length]).expect("written");
            let error = read(&path, &plain()).expect_err("cut off");
            assert!(
                matches!(error, IngestError::Parquet { .. } | IngestError::WrongType { .. }),
                "{error}"
            );
        }
    }
}

mod wrong_types {
    use super::*;

    #[test]
    fn a_file_that_is_not_what_it_is_declared_to_be_is_refused_with_advice() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("export");
        for (declared, content, advice) in [
            ("csv", &b"PK\x03\x04.."[..], "type = \"excel\""),
            ("csv", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "type = \"excel\""),
            ("csv", b"PAR1..", "type = \"parquet\""),
            ("csv", b"{\"id\": 1}\n", "type = \"json\""),
            ("csv", b"[\n{\"id\": 1}]\n", "type = \"json\""),
            ("json", b"PK\x03\x04..", "type = \"excel\""),
            ("parquet", b"id,day\n", "look into the file"),
            ("parquet", b"\x1F\x8B\x08", "unpack it"),
            ("excel", b"id;day\n", "look into the file"),
            ("excel", b"PAR1..", "type = \"parquet\""),
            ("excel", b"", "look into the file"),
        ] {
            std::fs::write(&path, content).expect("written");
            let opened = open_blocks(
                &path,
                &format(declared, |_| {}),
                Range::default(),
                1 << 20,
                &Tally::default(),
            );
            let message = opened.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(message.contains(advice), "{declared} {content:?}: {message:?}");
        }
    }
}
