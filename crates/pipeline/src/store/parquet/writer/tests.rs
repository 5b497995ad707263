use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use cartera_table::contracts::{IdentityLinks, QuarantineTable};
use cartera_table::{ColumnDef, ColumnType, Contract, Unit, frame};
use parquet::basic::{LogicalType, Repetition, Type};
use parquet::file::reader::{FileReader, SerializedFileReader};
use polars::prelude::{
    BooleanChunked, Float64Chunked, IdxCa, Int32Chunked, Int64Chunked, IntoSeries, NewChunkedArray, StringChunked,
};
use tempfile::TempDir;

use super::*;
use crate::store::read::{ReadOptions, read_frame};

const STAMP: FileStamp<'_> = FileStamp {
    fingerprint: "f00d",
    version: "1.2.3",
};

/// Every type, required and nullable, of every width in the file.
const EVERY_TYPE: ContractInfo = ContractInfo {
    name: "every_type",
    description: "One row a number.",
    columns: &[
        ColumnDef::required("id", ColumnType::Int64, Unit::None, "The number."),
        ColumnDef::required("text", ColumnType::Text, Unit::None, "Text of any length."),
        ColumnDef::nullable("text_or_null", ColumnType::Text, Unit::None, "Text; null at times."),
        ColumnDef::required("flag", ColumnType::Boolean, Unit::None, "A flag."),
        ColumnDef::nullable(
            "flag_or_null",
            ColumnType::Boolean,
            Unit::None,
            "A flag; null at times.",
        ),
        ColumnDef::nullable("days", ColumnType::Int32, Unit::Days, "Days; null at times."),
        ColumnDef::nullable("share", ColumnType::Float64, Unit::Share, "A share; null at times."),
        ColumnDef::nullable("day", ColumnType::Date, Unit::None, "A day; null at times."),
        ColumnDef::required("time", ColumnType::Timestamp, Unit::None, "A time."),
        ColumnDef::required("amount", ColumnType::AMOUNT, Unit::Money, "An amount."),
        ColumnDef::nullable(
            "quantity",
            ColumnType::QUANTITY,
            Unit::Count,
            "A quantity; null at times.",
        ),
        ColumnDef::required("total", ColumnType::SUM, Unit::Money, "A sum."),
        ColumnDef::nullable("total_or_null", ColumnType::SUM, Unit::Money, "A sum; null at times."),
    ],
    grain: &["id"],
    personal: false,
};

fn every_type(rows: i64) -> DataFrame {
    let some = |row: i64, every: i64| row % every != 0;
    let texts = |row: i64| {
        if row % 7 == 0 {
            format!("{row} is longer than the twelve bytes of a view, é€𝄞")
        } else {
            format!("n{row}")
        }
    };
    let optional = |every: i64, value: fn(i64) -> i128| {
        (0..rows)
            .map(move |row| (row % every != 0).then(|| value(row)))
            .collect::<Vec<_>>()
    };
    let columns = vec![
        Int64Chunked::from_iter_values("id".into(), 0..rows)
            .into_series()
            .into(),
        StringChunked::from_iter_values("text".into(), (0..rows).map(texts))
            .into_series()
            .into(),
        StringChunked::from_iter_options(
            "text_or_null".into(),
            (0..rows).map(|row| some(row, 5).then(|| texts(row))),
        )
        .into_series()
        .into(),
        BooleanChunked::from_iter_values("flag".into(), (0..rows).map(|row| row % 3 == 1))
            .into_series()
            .into(),
        BooleanChunked::from_iter_options(
            "flag_or_null".into(),
            (0..rows).map(|row| some(row, 4).then_some(row % 3 == 1)),
        )
        .into_series()
        .into(),
        Int32Chunked::from_iter_options(
            "days".into(),
            (0..rows).map(|row| some(row, 3).then_some(row as i32 - 50)),
        )
        .into_series()
        .into(),
        Float64Chunked::from_iter_options(
            "share".into(),
            (0..rows).map(|row| some(row, 6).then_some(row as f64 / 7.0)),
        )
        .into_series()
        .into(),
        frame::date_column(
            "day",
            Int32Chunked::from_iter_options(
                "day".into(),
                (0..rows).map(|row| some(row, 9).then_some(row as i32 * 37 % 40_000 - 5_000)),
            ),
        ),
        frame::timestamp_column("time", (0..rows).map(|row| (row - 3) * 86_399_999_999).collect()),
        frame::decimal_column(
            "amount",
            (0..rows).map(|row| i128::from(row * 12_345 - 77)).collect(),
            ColumnType::AMOUNT,
        ),
        frame::optional_decimal_column(
            "quantity",
            optional(8, |row| i128::from(row) * -1_000_000).into_iter(),
            ColumnType::QUANTITY,
        ),
        frame::sum_column("total", (0..rows).map(|row| (i128::from(row) << 90) - 5).collect()),
        frame::optional_decimal_column(
            "total_or_null",
            optional(2, |row| -(i128::from(row) << 64)).into_iter(),
            ColumnType::SUM,
        ),
    ];
    DataFrame::new(rows as usize, columns).expect("one height")
}

struct Written {
    file: TableFile,
    path: PathBuf,
    _folder: TempDir,
}

fn write(frame: &DataFrame, contract: &ContractInfo) -> Written {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("table.parquet");
    let file = write_table(frame, contract, &STAMP, &path).expect("written");
    Written {
        file,
        path,
        _folder: folder,
    }
}

fn read(written: &Written) -> DataFrame {
    read_frame(&written.path, &EVERY_TYPE, &ReadOptions::default()).expect("read")
}

/// The same rows, cut into chunks of those lengths.
fn cut(frame: &DataFrame, lengths: &[usize]) -> DataFrame {
    let mut offset = 0;
    let mut cut = frame.slice(0, 0);
    for &length in lengths {
        // Rebuilt, so that chunks do not even share buffers.
        let mut part = frame.slice(offset as i64, length);
        part = part
            .take(&IdxCa::from_iter_values("rows".into(), 0..length as u32))
            .expect("within");
        cut.vstack_mut(&part).expect("one schema");
        offset += length;
    }
    assert_eq!(offset, frame.height());
    cut
}

#[test]
fn every_type_is_read_as_it_was_written() {
    for rows in [0, 1, 1_000] {
        let frame = every_type(rows);
        let back = read(&write(&frame, &EVERY_TYPE));
        assert_eq!(back.schema(), frame.schema());
        assert!(back.equals_missing(&frame), "{rows} rows: {back} is not {frame}");
    }
}

#[test]
fn rows_beyond_a_row_group_are_read_as_they_were_written() {
    let rows = ROW_GROUP_ROWS as i64 * 2 + 17;
    let frame = every_type(rows);
    let written = write(&cut(&frame, &[5, ROW_GROUP_ROWS, ROW_GROUP_ROWS + 12]), &EVERY_TYPE);
    assert!(read(&written).equals_missing(&frame));
    let reader = SerializedFileReader::new(fs::File::open(&written.path).expect("open")).expect("a parquet file");
    let groups: Vec<i64> = reader
        .metadata()
        .row_groups()
        .iter()
        .map(|group| group.num_rows())
        .collect();
    assert_eq!(groups, [ROW_GROUP_ROWS as i64, ROW_GROUP_ROWS as i64, 17]);
}

#[test]
fn bytes_do_not_depend_on_how_the_frame_was_cut_or_on_threads() {
    let rows = ROW_GROUP_ROWS + 1_000;
    let frame = every_type(rows as i64);
    let whole = write(&frame, &EVERY_TYPE).file;
    for lengths in [
        vec![rows],
        vec![1, rows - 1],
        vec![ROW_GROUP_ROWS, 1_000],
        vec![ROW_GROUP_ROWS - 7, 14, 993],
        vec![500; rows / 500].into_iter().chain([rows % 500]).collect(),
    ] {
        assert_eq!(
            write(&cut(&frame, &lengths), &EVERY_TYPE).file,
            whole,
            "{} chunks",
            lengths.len()
        );
    }
    // As a slice of a larger frame, with offsets into its buffers.
    let mut larger = every_type(33);
    larger.vstack_mut(&frame).expect("one schema");
    larger.rechunk_mut();
    assert_eq!(write(&larger.slice(33, rows), &EVERY_TYPE).file, whole);

    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        assert_eq!(
            pool.install(|| write(&frame, &EVERY_TYPE)).file,
            whole,
            "{threads} threads"
        );
    }
}

#[test]
fn the_hash_and_size_are_those_of_the_file() {
    let written = write(&every_type(500), &EVERY_TYPE);
    let content = fs::read(&written.path).expect("read");
    assert_eq!(written.file.bytes, content.len() as u64);
    assert_eq!(written.file.blake3, blake3::hash(&content).to_hex().to_string());
    assert_eq!((written.file.name.as_str(), written.file.rows), ("every_type", 500));
}

#[test]
fn the_footer_says_what_the_table_is() {
    let written = write(&every_type(10), &EVERY_TYPE);
    let reader = SerializedFileReader::new(fs::File::open(&written.path).expect("open")).expect("a parquet file");
    let footer = reader.metadata().file_metadata();
    assert_eq!(footer.created_by(), Some("cartera 1.2.3"));
    let texts: Vec<(&str, &str)> = footer
        .key_value_metadata()
        .expect("there")
        .iter()
        .map(|entry| (entry.key.as_str(), entry.value.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        texts.len(),
        5 + EVERY_TYPE.columns.len(),
        "nothing else, above all not ARROW:schema"
    );
    assert_eq!(texts[0], ("cartera.table", "every_type"));
    assert!(texts.contains(&("cartera.fingerprint", "f00d")));
    assert!(texts.contains(&("cartera.column.days", "Days; null at times. Unit: days.")));
    assert!(texts.contains(&("cartera.column.flag", "A flag.")));

    let group = reader.metadata().row_group(0);
    let sorting = group.sorting_columns().expect("sorted");
    assert_eq!(
        sorting
            .iter()
            .map(|column| (column.column_idx, column.descending, column.nulls_first))
            .collect::<Vec<_>>(),
        [(0, false, true)]
    );
    assert!(
        group
            .columns()
            .iter()
            .all(|column| column.offset_index_offset().is_some() && column.column_index_offset().is_some()),
        "a page index"
    );
}

#[test]
fn the_file_has_plain_types_and_exact_nullability() {
    let written = write(&every_type(10), &EVERY_TYPE);
    let reader = SerializedFileReader::new(fs::File::open(&written.path).expect("open")).expect("a parquet file");
    let schema = reader.metadata().file_metadata().schema_descr();
    let physical = |name: &str| {
        let column = schema
            .columns()
            .iter()
            .find(|column| column.name() == name)
            .expect("there");
        (column.physical_type(), column.logical_type_ref().cloned())
    };
    for (column, definition) in schema.columns().iter().zip(EVERY_TYPE.columns) {
        let repetition = if definition.nullable {
            Repetition::OPTIONAL
        } else {
            Repetition::REQUIRED
        };
        assert_eq!(
            column.self_type().get_basic_info().repetition(),
            repetition,
            "{}",
            definition.name
        );
    }
    assert_eq!(physical("text"), (Type::BYTE_ARRAY, Some(LogicalType::String)));
    assert_eq!(physical("amount"), (Type::INT64, Some(LogicalType::decimal(4, 18))));
    assert_eq!(
        physical("total"),
        (Type::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::decimal(4, 38)))
    );
    assert_eq!(physical("day"), (Type::INT32, Some(LogicalType::Date)));
}

#[test]
fn a_frame_that_breaks_the_contract_is_not_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |frame: &DataFrame, name: &str| write_table(frame, &EVERY_TYPE, &STAMP, &folder.path().join(name));
    let frame = every_type(10);

    let fewer = frame.drop("share").expect("there");
    assert!(matches!(
        write(&fewer, "fewer"),
        Err(StoreError::Contract {
            source: TableError::OtherColumns { .. },
            ..
        })
    ));

    let mut nulls = frame.clone();
    nulls
        .replace("flag", frame::null_column("flag", ColumnType::Boolean, 10))
        .expect("there");
    assert!(matches!(
        write(&nulls, "nulls"),
        Err(StoreError::Contract {
            source: TableError::Nulls { nulls: 10, .. },
            ..
        })
    ));

    let mut other = frame.clone();
    other
        .replace("total", frame::decimal_column("total", vec![0; 10], ColumnType::AMOUNT))
        .expect("there");
    assert!(matches!(write(&other, "other"), Err(StoreError::OtherType { .. })));
}

#[test]
fn personal_tables_are_for_their_owner_alone() {
    let mode = |written: &Written| fs::metadata(&written.path).expect("there").permissions().mode() & 0o777;
    let columns = QuarantineTable::INFO
        .columns
        .iter()
        .map(|column| frame::null_column(column.name, column.column_type, 0))
        .collect();
    let quarantine = DataFrame::new(0, columns).expect("one height");
    assert_eq!(mode(&write(&quarantine, &QuarantineTable::INFO)), 0o600);
    let links = crate::store::test_support::links(&["a"]);
    assert_eq!(mode(&write(links.frame(), &IdentityLinks::INFO)) & 0o600, 0o600);
}

#[test]
fn a_file_is_never_overwritten() {
    let written = write(&every_type(10), &EVERY_TYPE);
    let before = fs::read(&written.path).expect("read");
    assert!(matches!(
        write_table(&every_type(11), &EVERY_TYPE, &STAMP, &written.path),
        Err(StoreError::Io { action: "create", .. })
    ));
    assert_eq!(fs::read(&written.path).expect("read"), before);
}
