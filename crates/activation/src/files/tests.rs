//! Files as their readers see them.

use std::io::Cursor;

use cartera_table::Date;
use cartera_table::contracts::TargetLists;
use cartera_table::frame::{date_column, decimal_column, schema};
use cartera_table::{ColumnType, Contract};
use polars::prelude::{
    Column, CsvParseOptions, CsvReadOptions, IdxCa, IdxSize, IntoColumn, NamedFrom, ParquetReader, SerReader, Series,
    df,
};
use proptest::prelude::*;

use super::*;
use crate::condition::KnownColumns;

const AS_OF: AsOf = AsOf(Date::constant(2025, 6, 30));

/// What nobody may ever send: SHA-256 of nothing.
const HASH_OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn params(text: &str) -> FileValidParams {
    let params: FileParams = toml::from_str(text).expect("params");
    params.check(&KnownColumns::new(&["overdue"], &[])).expect("valid")
}

fn customers() -> DataFrame {
    let mut customers = df!(
        "customer_id" => ["c1", "c2", "=c3", "c4"],
        "rank" => [1i64, 2, 3, 4],
        "expected_value" => [Some(12.5), Some(-0.25), None, Some(1.0)],
        "signal_overdue" => [Some(true), Some(false), None, Some(true)],
        "given_name" => [Some("Mrs. Ana María"), Some("=HYPERLINK(\"http://x\")"), None, Some("José")],
        "family_name" => [Some("O'Brien"), Some("Ruiz; \"Pérez\""), None, Some("Núñez")],
        "email" => [Some("Cloudy.SanFrancisco+Shopping@gmail.com"), Some("n/a"), Some(""), None],
        "phone" => [Some("(800)555-0100"), Some("+34 600 123 456"), None, Some("600123456")],
        "country" => [Some("United States"), None, None, Some("ES")],
        "region" => [Some("California"), None, None, Some("Madrid")],
        "city" => [Some("San Francisco"), None, None, Some("Alcalá de Henares")],
        "postcode" => [Some("94104-1234"), Some("28001"), None, Some("28801")],
        "gender" => [Some("female"), Some("other"), None, Some("male")],
        "lifecycle_stage" => [Some("loyal"), Some("at_risk"), Some("new"), None],
    )
    .expect("a frame");
    let days = Series::new("birth_date".into(), [Some(5_000i32), Some(-40_000), None, None]);
    let births = date_column("birth_date", days.i32().expect("days").clone());
    let sales = decimal_column("net_sales", vec![12_345_600, -5000, 0, 99], ColumnType::SUM);
    customers.with_column(births).expect("a column");
    customers.with_column(sales).expect("a column");
    customers
}

/// A row of target_lists and what it counts.
fn tables() -> (DataFrame, DataFrame) {
    let columns = TargetLists::INFO.columns.iter().map(|column| {
        let values = match column.column_type {
            ColumnType::Text => Series::new(
                column.name.into(),
                [match column.name {
                    "list" => "at_risk",
                    "condition" => "=lifecycle_stage = 'at_risk'",
                    "status" => "written",
                    _ => "email",
                }],
            ),
            ColumnType::Int64 => Series::new(
                column.name.into(),
                [if column.name == "candidate_count" { 7i64 } else { 4 }],
            ),
            ColumnType::Float64 => Series::new(column.name.into(), [0.1f64]),
            other => return decimal_column(column.name, vec![15_000], other),
        };
        values.into_column()
    });
    let lists = DataFrame::new(1, columns.collect::<Vec<Column>>()).expect("a frame");
    assert_eq!(*lists.schema().as_ref(), schema(&TargetLists::INFO));
    let reasons = df!(
        "list" => ["at_risk", "at_risk", "at_risk", "other"],
        "decision" => ["contact", "control", "excluded", "contact"],
        "reason" => ["selected", "selected", "no_consent", "selected"],
        "customer_count" => [4i64, 1, 2, 9],
    )
    .expect("a frame");
    (lists, reasons)
}

fn written_part(members: &DataFrame, part: ListPart, text: &str, format: FileFormat) -> (Vec<u8>, WrittenFile) {
    let (lists, reasons) = tables();
    let list = ListForFiles {
        name: "at_risk",
        part,
        as_of: AS_OF,
        run: None,
        members,
        lists: &lists,
        reasons: &reasons,
    };
    let mut bytes = Vec::new();
    let written = write_file(&list, &params(text), format, &mut bytes).expect("a file");
    (bytes, written)
}

fn written(text: &str, format: FileFormat) -> (Vec<u8>, WrittenFile) {
    written_part(&customers(), ListPart::Whole, text, format)
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

fn read(bytes: &[u8], delimiter: u8) -> DataFrame {
    let options = CsvReadOptions::default()
        .with_infer_schema_length(Some(0))
        .with_parse_options(
            CsvParseOptions::default()
                .with_separator(delimiter)
                .with_missing_is_null(true),
        );
    options
        .into_reader_with_file_handle(Cursor::new(bytes))
        .finish()
        .expect("csv")
}

const COLUMNS: &str = "columns = ['customer_id', 'rank', 'expected_value', 'net_sales', 'given_name', 'family_name', 'phone', 'birth_date', 'signal_overdue']";

#[test]
fn csv_has_no_formulas_and_exact_numbers() {
    let (bytes, written) = written(COLUMNS, FileFormat::Csv);
    assert_eq!((written.rows, written.left_out, written.about), (4, 0, None));
    let expected = concat!(
        "customer_id,rank,expected_value,net_sales,given_name,family_name,phone,birth_date,signal_overdue\n",
        "c1,1,12.5,1234.5600,Mrs. Ana María,O'Brien,(800)555-0100,1983-09-10,true\n",
        "c2,2,-0.25,-0.5000,\"'=HYPERLINK(\"\"http://x\"\")\",\"Ruiz; \"\"Pérez\"\"\",'+34 600 123 456,1860-06-26,false\n",
        "'=c3,3,,0.0000,,,,,\n",
        "c4,4,1.0,0.0099,José,Núñez,600123456,,true\n",
    );
    assert_eq!(text_of(bytes), expected);
}

#[test]
fn csv_follows_its_keys() {
    let keys = "columns = ['customer_id', 'expected_value', 'net_sales']\ncsv = { delimiter = ';', bom = true, decimal_comma = true, excel_safe = false }";
    let (bytes, _) = written(keys, FileFormat::Csv);
    assert_eq!(
        text_of(bytes),
        "\u{feff}customer_id;expected_value;net_sales\nc1;12,5;1234,5600\nc2;-0,25;-0,5000\n=c3;;0,0000\nc4;1,0;0,0099\n"
    );
}

#[test]
fn a_list_without_customers_has_its_header() {
    let nobody = customers().head(Some(0));
    let (bytes, written) = written_part(
        &nobody,
        ListPart::Removed,
        "columns = ['customer_id', 'rank']",
        FileFormat::Csv,
    );
    assert_eq!((text_of(bytes).as_str(), written.rows), ("customer_id,rank\n", 0));
    let (bytes, written) = written_part(
        &nobody,
        ListPart::Removed,
        "formats = ['meta']\nidentifiers = ['email']",
        FileFormat::Meta,
    );
    assert_eq!(
        (text_of(bytes).as_str(), written.rows, written.warnings.len()),
        ("email\n", 0, 0)
    );
}

#[test]
fn parquet_holds_what_was_asked_for_as_it_is() {
    let (bytes, written) = written(COLUMNS, FileFormat::Parquet);
    assert_eq!(written.rows, 4);
    let read = ParquetReader::new(Cursor::new(bytes)).finish().expect("parquet");
    let names = [
        "customer_id",
        "rank",
        "expected_value",
        "net_sales",
        "given_name",
        "family_name",
        "phone",
        "birth_date",
        "signal_overdue",
    ];
    assert!(
        read.equals_missing(&customers().select(names).expect("columns")),
        "{read}"
    );
}

#[test]
fn google_gets_hashes_and_whole_addresses_alone() {
    let keys = "formats = ['google']\nidentifiers = ['email', 'phone', 'address', 'gender', 'customer_id']";
    let (bytes, written) = written(keys, FileFormat::Google);
    // By sha256sum: cloudysanfrancisco@gmail.com, +18005550100, ana maría, o'brien; +34600123456; the same, josé, núñez.
    let expected = concat!(
        "Email,Phone,First Name,Last Name,Country,Zip\n",
        "223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4,fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30,e3dad06b2f70ec99e30034d55e314d39434f4ff04a70420462f9932f57c01bca,65b87174be3b1b122e2b0929f0b84888637d31a4a83bb96a860bcff411f5e668,US,94104-1234\n",
        ",38dbd333ed8ecfb8fa0c220691021d4e44ffb673ea4c1571e625d7909d8f6b2b,,,,\n",
        ",38dbd333ed8ecfb8fa0c220691021d4e44ffb673ea4c1571e625d7909d8f6b2b,d994e1d001886fe5b45b1267bd1fa2b752ac50742579bd3dad7b2a2aa0ed6866,1aafcb92547a6d1d82dbb3e72eb5bf4d83f628aa06041547a1c0faff83d908e8,ES,28801\n",
    );
    assert_eq!(text_of(bytes), expected);
    assert!(!expected.contains(HASH_OF_NOTHING));
    assert_eq!((written.rows, written.left_out), (3, 1));
    assert_eq!(written.warnings.len(), 2, "{:?}", written.warnings);
    let about = written.about.expect("about");
    let expected_about = r#"rules = "google-2026-11"
rows = 3
left_out = 1
warnings = ["google: 3 people are in the file, and the platform wants 100 at least", "google: 1 customers of the list are left out, nothing is known that the platform finds them by"]

[[identifiers]]
identifier = "email"
people = 1
unreadable = 1

[[identifiers]]
identifier = "phone"
people = 3
unreadable = 0

[[identifiers]]
identifier = "address"
people = 2
unreadable = 1
"#;
    assert_eq!(about, expected_about);
}

#[test]
fn meta_gets_hashes_by_its_own_rules() {
    let keys = "formats = ['meta']\nidentifiers = ['email', 'phone', 'address', 'birth_date', 'gender', 'customer_id']\ndefault_country = 'ES'";
    let (bytes, written) = written(keys, FileFormat::Meta);
    // By sha256sum: cloudy.sanfrancisco+shopping@gmail.com, 18005550100, mrs ana maría, obrien, sanfrancisco, ca, 94104, us,
    // 1983, 09, 10, f; 34600123456, hyperlinkhttpx, ruiz pérez, 28001; nothing; 34600123456, josé, núñez, alcaládehenares,
    // madrid, 28801, es, m.
    let expected = concat!(
        "email,phone,fn,ln,ct,st,zip,country,doby,dobm,dobd,gen,extern_id\n",
        "8dd4a9bf850242873c14976125edabc35096192b784626a5641a7d2de56e3c1e,92cfdc5fbcd4a20fbe5d3857af6c1aba31762105bba7f21a17155e920653046c,6b16d5a14cf3d5f6905edbe397155e94597375ded9dd14b985c31a889d511350,b4cb6cb33fe4b865868de825023a1e2790dc12ac01ecc8d7c5afe8254071c8ba,1a6bd4d9d79dc0a79b53795c70d3349fa9e38968a3fbefbfe8783efb1d2b6aac,6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126,93eed06ed7b76ce537c4ba6af48581d7823c6a8394ad05aab2d76e6d99d71803,79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621,52bb7cc738dbf5e5eee2c76754d87904e6750c63eda5e0a866197d2e16d9c142,3514acf61732f662da19625f7fe781c3e483f2dce8506012f3bb393f5003e105,4a44dc15364204a80fe80e9039455cc1608281820fe2b24f1e5233ade6af1dd5,252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111,c1\n",
        ",14976e7970d2191d37cb8853db2d372d671594e432cae1f6602668060303222a,d748fb15068d014843747f99a38e9cc245d9b820286a9b6b19e8a13dfb0c9d43,77593b822728ae79fb01372bb0d86c23719e1fa735ffdee06f399cc22c49cd7c,,,eec0f56d183812143f5033837f803b90e14052a6a24678c1046fa841d06fa74e,,,,,,c2\n",
        ",,,,,,,,,,,,=c3\n",
        ",14976e7970d2191d37cb8853db2d372d671594e432cae1f6602668060303222a,d994e1d001886fe5b45b1267bd1fa2b752ac50742579bd3dad7b2a2aa0ed6866,1aafcb92547a6d1d82dbb3e72eb5bf4d83f628aa06041547a1c0faff83d908e8,cb1e6a85fb281f1d0f691c4e7324110ed578a857a9f574253568ccb646643f55,1579a6e3112caba1b6031ef7c507f3014d7b0a408fefd1b4d4a2c8c32d2274ff,ecac2109c30269388112bb183481f4445a07ea53a791616f6d9bb4e5aa916b64,c0bc1e08f9743b2d50d5f1607503bf4e849af0e729fca896515bea955d70a33e,,,,62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a,c4\n",
    );
    assert_eq!(text_of(bytes), expected);
    assert!(!expected.contains(HASH_OF_NOTHING));
    assert_eq!((written.rows, written.left_out), (4, 0));
}

#[test]
fn the_default_country_is_that_of_numbers_alone() {
    let keys = "formats = ['google']\nidentifiers = ['phone', 'address']";
    let with = format!("{keys}\ndefault_country = 'ES'");
    let (mut members, other) = (customers(), df!("phone" => ["600123456"; 4]).expect("a frame"));
    members
        .replace("phone", other.columns()[0].clone())
        .expect("one height");
    let file = |text: &str| text_of(written_part(&members, ListPart::Whole, text, FileFormat::Google).0);
    let (plain, with) = (file(keys), file(&with));
    let cells = |text: &str, from: usize| -> Vec<String> {
        let lines = text.lines().skip(1);
        lines
            .map(|line| line.split(',').skip(from).collect::<Vec<_>>().join(","))
            .collect()
    };
    // Those of nobody knows where have a number now, and still no address.
    assert_eq!((cells(&plain, 0).len(), cells(&with, 0).len()), (2, 4));
    assert_eq!(cells(&with, 1).iter().filter(|address| *address != ",,,").count(), 2);
}

#[test]
fn an_id_like_a_formula_is_warned_of() {
    let (_, written) = written("formats = ['meta']\nidentifiers = ['customer_id']", FileFormat::Meta);
    let warning = "meta: 1 customer ids stand in the file as they are and begin like a formula: do not open it with a spreadsheet";
    assert!(
        written.warnings.iter().any(|told| told == warning),
        "{:?}",
        written.warnings
    );
    assert!(written.about.expect("told").contains(warning));
}

#[test]
fn members_come_by_rank_with_what_the_base_knows() {
    let features = df!("customer_id" => ["a", "b", "c"], "order_count" => [1i64, 2, 3]).expect("a frame");
    let empty = DataFrame::empty();
    let parts = crate::BaseParts {
        features: &features,
        segments: &empty,
        customers: &empty,
        signals: &empty,
    };
    let params = params("columns = ['order_count', 'rank']");
    let base = crate::Base::new(parts, &params.base_columns(), &KnownColumns::new(&[], &[]), AS_OF).expect("a base");
    let people = df!("customer_id" => ["a", "c", "x"], "rank" => [2i64, 1, 3]).expect("a frame");
    let found = members(&people, &base, &params)
        .expect("members")
        .select(["customer_id", "rank", "order_count"]);
    let expected =
        df!("customer_id" => ["c", "a", "x"], "rank" => [1i64, 2, 3], "order_count" => [Some(3i64), Some(1), None]);
    assert!(found.expect("there").equals_missing(&expected.expect("a frame")));
}

#[test]
fn what_came_and_went_is_named_so_and_not_warned_of() {
    let (_, whole) = written_part(&customers(), ListPart::Whole, "formats = ['meta']", FileFormat::Meta);
    let (_, removed) = written_part(&customers(), ListPart::Removed, "formats = ['meta']", FileFormat::Meta);
    assert_eq!((whole.warnings.len(), removed.warnings.len()), (2, 1));
    let (lists, reasons) = tables();
    let mut list = ListForFiles {
        name: "a/b list",
        part: ListPart::Removed,
        as_of: AS_OF,
        run: None,
        members: &customers(),
        lists: &lists,
        reasons: &reasons,
    };
    assert_eq!(list.file_name(FileFormat::Google), "a_b_list_removed_google.csv");
    assert_eq!(
        list.about_file_name(FileFormat::Google),
        "a_b_list_removed_google.about.toml"
    );
    list.part = ListPart::Whole;
    assert_eq!(list.file_name(FileFormat::Xlsx), "a_b_list.xlsx");
}

#[test]
fn slices_do_not_show() {
    let repeats = csv::SLICE_ROWS / 4 + 10;
    let rows = (0..4 * repeats).map(|row| (row % 4) as IdxSize).collect();
    let many = customers().take(&IdxCa::from_vec("row".into(), rows)).expect("rows");
    for format in [FileFormat::Csv, FileFormat::Google] {
        let (few, _) = written("formats = ['google']\ncolumns = ['customer_id']", format);
        let (bytes, written) = written_part(
            &many,
            ListPart::Whole,
            "formats = ['google']\ncolumns = ['customer_id']",
            format,
        );
        let few = text_of(few);
        let (header, body) = few.split_once('\n').expect("a header");
        assert_eq!(text_of(bytes), format!("{header}\n{}", body.repeat(repeats)));
        assert_eq!(written.rows + written.left_out, 4 * repeats);
    }
}

#[test]
fn equal_lists_give_equal_workbooks() {
    let (one, written_one) = written(COLUMNS, FileFormat::Xlsx);
    let (other, _) = written(COLUMNS, FileFormat::Xlsx);
    assert!(one == other && one.starts_with(b"PK"));
    assert_eq!(written_one.rows, 4);
}

#[test]
fn a_workbook_whose_counts_do_not_add_up_is_refused() {
    let (lists, reasons) = tables();
    let members = customers();
    let list = ListForFiles {
        name: "at_risk",
        part: ListPart::Whole,
        as_of: AS_OF,
        run: Some("as_of=2025-06-30/run=1"),
        members: &members,
        lists: &lists,
        reasons: &reasons.head(Some(2)),
    };
    let error = write_file(&list, &params(COLUMNS), FileFormat::Xlsx, &mut Vec::new()).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "list at_risk: the reasons count 5 candidates, the list 7"
    );
}

#[test]
fn a_sheet_holds_no_more_than_its_rows() {
    let ids: Vec<&str> = vec!["c"; 1 << 20];
    let members = df!("customer_id" => ids).expect("a frame");
    let (lists, reasons) = tables();
    let list = ListForFiles {
        name: "at_risk",
        part: ListPart::Whole,
        as_of: AS_OF,
        run: None,
        members: &members,
        lists: &lists,
        reasons: &reasons,
    };
    let error = write_file(
        &list,
        &params("columns = ['customer_id']"),
        FileFormat::Xlsx,
        &mut Vec::new(),
    )
    .expect_err("refused");
    assert!(
        error
            .to_string()
            .contains("1048576 customers do not fit the 1048575 rows"),
        "{error}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_survives_csv(
        texts in prop::collection::vec(prop::option::of(r#"[a=+@;,|"'\t\r\n -]{0,8}|\PC{0,8}"#), 1..6),
        delimiter in prop::sample::select(vec![b',', b';', b'|', b'\t']),
        excel_safe in any::<bool>(),
    ) {
        let frame = df!("before" => vec![1i64; texts.len()], "text" => &texts, "after" => vec!["z"; texts.len()]).expect("a frame");
        let params = params::CsvValidParams { delimiter, bom: false, decimal_comma: false, excel_safe };
        let mut bytes = Vec::new();
        csv::write_csv(&frame, &params, &mut bytes).expect("csv");
        let read = read(&bytes, delimiter);
        prop_assert_eq!(read.height(), texts.len());
        let cells = read.column("text").expect("a column").str().expect("text");
        for (cell, text) in cells.iter().zip(&texts) {
            let expected = text.as_deref().map(|text| if excel_safe { safe::without_formulas(text) } else { text.into() });
            prop_assert_eq!(cell, expected.as_deref());
        }
    }
}
