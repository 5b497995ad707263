//! JSON objects by line and in an array: fields by path, numbers as written, damage by name.

use cartera_raw::{
    ColumnKind, ColumnSpec, DecimalFormat, JsonFormat, NegativeStyles, ParsedBlock, Plan, RawError, Splitter,
};

use crate::{column, failures, parse_all, shown};

fn plan(paths: &[&str], kinds: Vec<ColumnKind>) -> Plan {
    let columns = (0..).zip(kinds).map(|(field, kind)| column(field, kind)).collect();
    let paths: Vec<String> = paths.iter().map(|&path| path.to_owned()).collect();
    Plan::for_json(JsonFormat::default(), columns, &paths).expect("a good plan")
}

fn text_plan(paths: &[&str]) -> Plan {
    plan(paths, paths.iter().map(|_| ColumnKind::Text).collect())
}

fn rows(parsed: &[ParsedBlock]) -> Vec<(u64, Vec<String>)> {
    let row_of = |block: &ParsedBlock, row: usize| {
        let cells = block.columns.iter();
        cells.map(|column| shown(column, row).unwrap_or_default()).collect()
    };
    parsed
        .iter()
        .flat_map(|block| (0..block.row_count()).map(|row| (block.lines[row], row_of(block, row))))
        .collect()
}

fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
    (line, cells.iter().map(|&cell| cell.to_owned()).collect())
}

#[test]
fn lines_and_an_array_say_the_same() {
    let lines = "\u{FEFF}{\"id\": 1, \"who\": {\"key\": \"a\\u00e9\\n,\\\"\", \"x\": [1]}, \"vip\": true}\n\
        \n  \t\r\n\
        {\"vip\": false, \"who\": null, \"id\": null, \"more\": {\"id\": [[{}]]}}\r\n\
        {}\n{\"who.key\": \"dotted\", \"id\": 12345678901234567890.10}";
    let array = "\u{FEFF} \n[\n  {\"id\": 1, \"who\": {\"key\": \"a\\u00e9\\n,\\\"\",\n \"x\": [1]}, \"vip\": true},\n\
        {\"vip\": false, \"who\": null, \"id\": null, \"more\": {\"id\": [[{}]]}}, {},\n\n\
        {\"who.key\": \"dotted\", \"id\": 12345678901234567890.10}\n]\n\n";
    let plan = text_plan(&["id", "who.key", "vip"]);
    let expected = |numbers: [u64; 4]| {
        vec![
            row(numbers[0], &["1", "aé\n,\"", "true"]),
            row(numbers[1], &["", "", "false"]),
            row(numbers[2], &["", "", ""]),
            row(numbers[3], &["12345678901234567890.10", "dotted", ""]),
        ]
    };
    for block_bytes in [1, 20, 1 << 20] {
        let by_line = parse_all(lines.as_bytes(), &plan, JsonFormat::default(), block_bytes);
        assert_eq!(rows(&by_line), expected([1, 4, 5, 6]));
        let by_array = parse_all(array.as_bytes(), &plan, JsonFormat::default(), block_bytes);
        assert_eq!(rows(&by_array), expected([1, 2, 3, 4]));
    }
}

#[test]
fn files_without_records_have_none() {
    let plan = text_plan(&["id"]);
    for file in ["", "\n \n", "[]", " [ ] \n", "\u{FEFF}"] {
        let found = parse_all(file.as_bytes(), &plan, JsonFormat::default(), 10);
        assert!(rows(&found).is_empty(), "{file:?}");
    }
}

#[test]
fn a_field_that_no_record_has_is_said() {
    let plan = text_plan(&["id", "gone", "who.key"]);
    let parsed = parse_all(
        b"{\"id\":null}\n{\"who\":{}}\n{\"gone\":\n",
        &plan,
        JsonFormat::default(),
        1000,
    );
    assert_eq!(parsed[0].fields_found, [true, false, false]);
}

#[test]
fn numbers_are_read_as_json_writes_them() {
    let decimal = ColumnKind::Decimal(DecimalFormat {
        scale: 4,
        decimal_separator: b',',
        thousands_separator: Some(b'.'),
        negatives: NegativeStyles {
            parentheses: true,
            ..NegativeStyles::NONE
        },
        ..DecimalFormat::default()
    });
    let plan = plan(&["n"], vec![decimal]);
    let file = "{\"n\": 1.234}\n{\"n\": -1234.5}\n{\"n\": 1.5E3}\n{\"n\": 25e-3}\n{\"n\": \"1.234\"}\n{\"n\": \"(1,5)\"}\n\
        {\"n\": 0}\n{\"n\": -0.0}\n{\"n\": 1e99}\n{\"n\": 1e-5}\n{\"n\": \"-1\"}\n{\"n\": true}\n";
    let parsed = parse_all(file.as_bytes(), &plan, JsonFormat::default(), 1 << 20);
    let found: Vec<String> = rows(&parsed)
        .into_iter()
        .map(|(_, mut cells)| cells.remove(0))
        .collect();
    let expected = [
        "12340",
        "-12345000",
        "15000000",
        "250",
        "12340000",
        "-15000",
        "0",
        "0",
        "",
        "",
        "",
        "",
    ];
    assert_eq!(found, expected);
    assert_eq!(
        failures(&parsed[0]),
        [
            (8, 0, "1e99", "not_a_number"),
            (9, 0, ",00001", "too_many_decimals"),
            (10, 0, "-1", "not_a_number"),
            (11, 0, "true", "not_a_number"),
        ]
    );
}

#[test]
fn what_is_no_single_value_fails_its_cell() {
    let required = |field| ColumnSpec {
        required: true,
        ..column(field, ColumnKind::Text)
    };
    let paths = ["id", "who", "who.key"].map(str::to_owned);
    let columns = vec![required(0), column(1, ColumnKind::Text), required(2)];
    let plan = Plan::for_json(JsonFormat::default(), columns, &paths).expect("a good plan");
    let file = "{\"id\": [1], \"who\": {\"key\": 5}}\n{\"id\": {}, \"who\": [{\"key\": 5}]}\n{\"id\": 1, \"who\": \"x\"}\n\
        {\"id\": \"\\u0000\", \"who\": {\"key\": {\"key\": 1}}}\n";
    let parsed = parse_all(file.as_bytes(), &plan, JsonFormat::default(), 1 << 20);
    assert_eq!(
        failures(&parsed[0]),
        [
            (0, 0, "[...]", "nested_value"),
            (0, 1, "{...}", "nested_value"),
            (1, 0, "{...}", "nested_value"),
            (1, 1, "[...]", "nested_value"),
            (1, 2, "[...]", "nested_value"),
            (2, 2, "", "missing"),
            (3, 0, "\0", "control_character"),
            (3, 1, "{...}", "nested_value"),
            (3, 2, "{...}", "nested_value"),
        ]
    );
    assert_eq!(rows(&parsed)[2], row(3, &["1", "x", ""]));
}

#[test]
fn broken_lines_are_rejected_one_by_one() {
    let plan = text_plan(&["id", "who.key"]);
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let file = [
        "{\"id\": 1}",
        "{\"id\": 2",
        "{\"id\": 3}}",
        "{\"id\": 4} {\"id\": 4}",
        "{'id': 5}",
        "[6]",
        "7",
        "{\"id\": 8, \"id\": 8}",
        "{\"who\": {}, \"who\": {\"key\": 1}}",
        "{\"x\": 1, \"x\": 2, \"id\": 10}",
        "{\"id\": 01}",
        "{\"id\": NaN}",
        "{\"id\": \"a\tb\"}",
        "{\"id\": \"\\ud800\"}",
        &format!("{{\"x\": {deep}}}"),
        "{\"id\": 16}",
    ];
    let mut bytes = file.join("\n").into_bytes();
    bytes.extend_from_slice(b"\n{\"id\": \"caf\xE9\"}\n{\"x\": \"caf\xE9\"}\n{\"id\": 19}");
    let parsed = parse_all(&bytes, &plan, JsonFormat::default(), 1 << 20);
    let rejected: Vec<(u64, &str)> = parsed[0].rejected.iter().map(|r| (r.line, r.reason.slug())).collect();
    assert_eq!(
        rejected,
        [
            (2, "not_json"),
            (3, "not_json"),
            (4, "not_json"),
            (5, "not_json"),
            (6, "not_an_object"),
            (7, "not_an_object"),
            (8, "duplicate_field"),
            (9, "duplicate_field"),
            (11, "not_json"),
            (12, "not_json"),
            (13, "not_json"),
            (14, "not_json"),
            (15, "not_json"),
            (17, "invalid_utf8"),
            (18, "invalid_utf8"),
        ]
    );
    assert_eq!(
        rows(&parsed),
        [
            row(1, &["1", ""]),
            row(10, &["10", ""]),
            row(16, &["16", ""]),
            row(19, &["19", ""])
        ]
    );
    assert_eq!(parsed[0].rejected[4].record, "[6]");
}

#[test]
fn a_record_beyond_the_limit_is_rejected_wherever_it_stands() {
    let format = JsonFormat { max_record_bytes: 64 };
    let plan = Plan::for_json(format, vec![column(0, ColumnKind::Text)], &["id".to_owned()]).expect("a good plan");
    let long = "x".repeat(100_000);
    let objects = [
        "{\"id\":1}".to_owned(),
        format!("{{\"id\":\"{long}\"}}"),
        "{\"id\":3}".to_owned(),
    ];
    for file in [objects.join("\n"), format!("[{}]", objects.join(", "))] {
        for block_bytes in [1, 100, 1 << 20] {
            let parsed = parse_all(file.as_bytes(), &plan, format, block_bytes);
            assert_eq!(rows(&parsed), [row(1, &["1"]), row(3, &["3"])]);
            let rejected: Vec<_> = parsed.iter().flat_map(|block| &block.rejected).collect();
            assert_eq!(rejected.len(), 1);
            assert_eq!((rejected[0].line, rejected[0].reason.slug()), (2, "record_too_long"));
        }
    }
    // Exactly the limit is no more than it.
    let exact = format!("{{\"id\":\"{}\"}}", "y".repeat(64 - 9));
    let parsed = parse_all(format!("[{exact}]").as_bytes(), &plan, format, 1 << 20);
    assert_eq!(parsed[0].row_count(), 1);
}

#[test]
fn a_broken_array_is_an_error_after_what_was_read() {
    for (file, objects, line, column, words) in [
        ("[{\"id\":1},\n {\"id\":2}", 2, 2, 10, "incomplete"),
        ("[{\"id\":1},\n {\"id\":2} {\"id\":3}]", 2, 2, 11, "missing comma"),
        ("[{\"id\":1},\n {\"id\":2},]", 2, 2, 10, "trailing comma"),
        ("[{\"id\":1},{\"id\":2},{\"id\":tru}]", 2, 1, 26, "literal"),
        ("[{\"id\":1},{\"id\":2}] x", 2, 1, 21, "trailing data"),
        ("[{\"id\":1},{\"id\":2},\"caf\u{1}\"]", 2, 1, 24, "control"),
        ("[", 0, 1, 2, "incomplete"),
    ] {
        for block_bytes in [1, 15, 1 << 20] {
            let mut splitter = Splitter::new(file.as_bytes(), JsonFormat::default(), block_bytes);
            let mut records = 0;
            let error = loop {
                match splitter.next_block() {
                    Ok(Some(block)) => records += block.records,
                    Ok(None) => panic!("{file:?} is no good array"),
                    Err(error) => break error,
                }
            };
            assert_eq!(records, objects, "{file:?}");
            let RawError::JsonArray {
                line: at_line,
                column: at_column,
                objects: after,
                problem,
            } = &error
            else {
                panic!("{error}")
            };
            assert_eq!(
                (*after, *at_line, *at_column),
                (objects, line, column),
                "{file:?} {error}"
            );
            assert!(problem.contains(words), "{problem}");
            assert!(matches!(splitter.next_block(), Ok(None)), "an error is given once");
        }
    }
    let mut splitter = Splitter::new(&b"[{\"id\":\"caf\xE9\"}]"[..], JsonFormat::default(), 100);
    let error = splitter.next_block().expect_err("not UTF-8");
    assert!(error.to_string().contains("not UTF-8"), "{error}");
}

#[test]
fn plans_that_read_a_field_twice_are_refused() {
    let refused = |paths: &[&str], fields: &[usize]| {
        let columns = fields.iter().map(|&field| column(field, ColumnKind::Text)).collect();
        let paths: Vec<String> = paths.iter().map(|&path| path.to_owned()).collect();
        Plan::for_json(JsonFormat::default(), columns, &paths).is_err()
    };
    assert!(refused(&["a", "a"], &[0, 1]));
    assert!(refused(&["a", "a"], &[1]));
    assert!(refused(&["a"], &[0, 0]));
    assert!(refused(&["a"], &[1]));
    assert!(!refused(&["a", "a.b"], &[1, 0]));
}

#[test]
fn paths_are_listed_as_they_are_met() {
    let file = b"{\"id\":1,\"who\":{\"key\":2,\"at\":{\"x\":[1]}}}\n5\n{\"late\":null,\"id\":2,\"cut\":";
    let mut splitter = Splitter::new(&file[..], JsonFormat::default(), 1 << 20);
    let block = splitter.next_block().expect("readable").expect("a block");
    assert_eq!(block.json_paths(), ["id", "who.key", "who.at.x", "late"]);
}
