//! Whole files.

use std::io::Write;

use super::*;

fn surveyed(content: impl AsRef<[u8]>) -> FileSurvey {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file.csv");
    std::fs::write(&path, content).expect("written");
    survey_file(&path).expect("surveyed")
}

fn layout(survey: &FileSurvey) -> &Layout {
    match &survey.format {
        Format::Delimited(layout) => layout,
        other => panic!("not delimited: {other:?}"),
    }
}

fn types(survey: &FileSurvey) -> Vec<(String, &'static str)> {
    survey
        .columns
        .iter()
        .map(|column| (column.label(), column.column_type.name()))
        .collect()
}

#[test]
fn spanish_text_in_windows_1252() {
    let text = b"Informe de ventas\r\n\r\nN\xBA Factura;Fecha;Descripci\xF3n;Importe\r\n001;03/04/2025;Ca\xF1a;1.234,50\r\n002;25/04/2025;\"Caf\xE9; molido\";12,00-\r\n";
    let found = surveyed(text);
    assert_eq!(found.encoding.value, TextEncoding::Windows1252);
    assert_eq!(layout(&found).separator.value, Separator::Byte(b';'));
    assert_eq!(layout(&found).skip_lines.value, 2);
    let expected = [
        ("Nº Factura", "digits with leading zeros"),
        ("Fecha", "date"),
        ("Descripción", "text"),
        ("Importe", "decimal"),
    ];
    assert_eq!(types(&found), expected.map(|(name, kind)| (name.to_owned(), kind)));
    let dates = found.columns[1].dates.style(None);
    assert_eq!(
        dates.formats.evidence,
        "03/04/2025 in line 4 is ambiguous; 25/04/2025 in line 5 says day first (1 such dates)"
    );
    assert_eq!(found.records, 2);
}

#[test]
fn line_ends_in_cells_are_found_wherever_they_are() {
    let mut text = "id,note,day\n".to_owned();
    for id in 0..1_000 {
        text.push_str(&format!("{id},plain,2025-01-02\n"));
    }
    text.push_str("1000,\"two\nlines\",2025-01-03\n1001,\"x\",2025-01-03\n");
    let found = surveyed(text);
    assert_eq!(found.line_end_in_cell, Some(Place::Line(1_002)));
    assert_eq!((found.records, found.odd_records), (1_002, None));
}

#[test]
fn utf_16_is_read() {
    let text = "\u{FEFF}cliente\tfecha\nañil\t2025-01-02\nrojo\t2025-01-03\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let found = surveyed(bytes);
    assert_eq!(found.encoding.value, TextEncoding::Utf16Le);
    assert_eq!(
        types(&found),
        [("cliente".to_owned(), "text"), ("fecha".to_owned(), "date")]
    );
    assert_eq!(found.columns[0].examples, ["añil", "rojo"]);
}

#[test]
fn a_compressed_file_without_a_header() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file.gz");
    let file = std::fs::File::create(&path).expect("created");
    let mut writer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    writer
        .write_all(b" 00004 19970101  2   29.33\n 00004 19970118  2   29.73\n 00021 19970101  3   63.34\n")
        .expect("written");
    writer.finish().expect("written");
    let found = survey_file(&path).expect("surveyed");
    assert_eq!(found.compression, Compression::Gzip);
    assert_eq!(
        (layout(&found).separator.value, layout(&found).header.value),
        (Separator::Blanks, false)
    );
    let kinds: Vec<_> = types(&found).into_iter().map(|(_, kind)| kind).collect();
    assert_eq!(kinds, ["digits with leading zeros", "date", "integer", "decimal"]);
}

#[test]
fn json_columns_are_paths() {
    let found = surveyed("{\"id\":1,\"who\":{\"name\":\"ann\"}}\n{\"id\":2,\"day\":\"2025-01-02\"}\n");
    assert_eq!(found.format, Format::Json { in_array: false });
    let columns: Vec<_> = found
        .columns
        .iter()
        .map(|column| (column.label(), column.rows, column.empty))
        .collect();
    assert_eq!(
        columns,
        [
            ("id".to_owned(), 2, 0),
            ("who.name".to_owned(), 2, 1),
            ("day".to_owned(), 2, 1)
        ]
    );
    let mut rows = Vec::new();
    visit_records(&found, &mut |_, cells| rows.push(cells.to_vec())).expect_err("the file is gone");
    assert!(rows.is_empty());
}

#[test]
fn files_without_records_are_told() {
    assert_eq!(surveyed("").format, Format::Empty);
    assert_eq!(surveyed("\n\n").format, Format::Empty);
    assert_eq!(surveyed("%PDF-1.7").format, Format::Unread(FileKind::Other));
    assert_eq!(
        surveyed("PK\x03\x04....orders.csv").format,
        Format::Unread(FileKind::Zip)
    );
    let header_alone = surveyed("a,b,c\n");
    assert_eq!(header_alone.records, 0);
    assert!(layout(&header_alone).header.value);
}

#[test]
fn a_total_at_the_end_is_noticed() {
    let found = surveyed("shop,day,amount\nA,2025-01-02,1.50\nB,2025-01-02,2.50\nTotal,,4.00\n");
    assert_eq!(
        found.total_record.map(|seen| seen.to_string()),
        Some("Total  4.00 in line 4".to_owned())
    );
}

#[test]
fn records_are_visited_as_they_were_gathered() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file.csv");
    std::fs::write(&path, "a,b\n1,x\n2\n3,z\n").expect("written");
    let found = survey_file(&path).expect("surveyed");
    let mut rows = Vec::new();
    visit_records(&found, &mut |place, cells| {
        rows.push(format!("{place}: {}", cells.join("|")))
    })
    .expect("visited");
    assert_eq!(rows, ["line 2: 1|x", "line 4: 3|z"]);
    assert_eq!(
        found.odd_records.map(|(count, seen)| (count, seen.to_string())),
        Some((1, "2 in line 3".to_owned()))
    );
}
