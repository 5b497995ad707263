//! A slow, plain reader of the files, so that nothing is checked with the code that wrote it.

use std::collections::{BTreeMap, HashMap};

use cartera_sample::{SampleContents, SampleFile, SampleParams, SampleTotals, order_lines, write_sample};

/// Every file of a sample.
pub(crate) struct Sample {
    pub(crate) files: BTreeMap<SampleFile, Vec<u8>>,
    pub(crate) contents: SampleContents,
}

impl Sample {
    /// Writes all files into memory.
    pub(crate) fn write(params: SampleParams) -> Self {
        let mut files: BTreeMap<SampleFile, Vec<u8>> = BTreeMap::new();
        let mut write = |file, bytes: &[u8]| {
            files.entry(file).or_default().extend_from_slice(bytes);
            Ok(())
        };
        let contents = write_sample(&params.check().unwrap(), &mut write).unwrap();
        Self { files, contents }
    }

    /// The rows of a file, each by the names of its columns.
    pub(crate) fn rows(&self, file: SampleFile) -> Vec<HashMap<String, String>> {
        let names = fields(file.header().trim_end());
        records(&self.files[&file])
            .map(|record| {
                assert_eq!(record.len(), names.len(), "{}: {record:?}", file.name());
                names.iter().cloned().zip(record).collect()
            })
            .collect()
    }
}

/// Writes a sample into memory.
pub(crate) fn write_lines(params: SampleParams) -> (Vec<u8>, SampleTotals) {
    let mut file = Vec::new();
    let totals = order_lines(&params.check().unwrap(), &mut file).unwrap();
    (file, totals)
}

/// The records after the header, each split at commas outside quotes.
pub(crate) fn records(file: &[u8]) -> impl Iterator<Item = Vec<String>> {
    let text = std::str::from_utf8(file).unwrap();
    assert!(text.ends_with('\n'));
    text.lines().skip(1).map(fields)
}

/// The fields of one line, unquoted.
pub(crate) fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                fields.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields.last_mut().unwrap().push(other),
        }
    }
    assert!(!quoted, "open quote in {line}");
    fields
}

/// Ten-thousandths of a number with four decimals.
pub(crate) fn ten_thousandths(text: &str) -> i64 {
    let (whole, decimals) = text.split_once('.').unwrap();
    assert_eq!(decimals.len(), 4, "{text}");
    format!("{whole}{decimals}").parse().unwrap()
}

/// Cents of a number with two decimals.
pub(crate) fn cents(text: &str) -> i64 {
    let (whole, decimals) = text.split_once('.').unwrap();
    assert_eq!(decimals.len(), 2, "{text}");
    format!("{whole}{decimals}").parse().unwrap()
}
