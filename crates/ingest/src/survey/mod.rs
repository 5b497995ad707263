//! Looks at a raw file and says what it seems to be, with the evidence for each claim.
//!
//! This is for people who write a pipeline: `raw` reads what a pipeline declares and guesses nothing.
//! A bounded part of the file is looked at ([`FileSurvey::is_whole`]), every finding has a
//! [`Confidence`], and what cannot be told is [`Confidence::Open`]: a question, never a silent guess.

mod column;
mod dates;
mod encoding;
mod finding;
mod json;
mod layout;
mod numbers;
mod records;
mod sample;
mod typed;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use column::{ColumnSurvey, ColumnType};
pub use dates::{DateReading, DateStyle, DateSurvey};
pub use encoding::TextEncoding;
pub use finding::{Confidence, Finding, Place, Sighting};
pub use layout::Layout;
pub use numbers::{NegativeMark, NumberStyle, NumberSurvey, Seen, approximate_value, number_style};
pub use records::Separator;
pub use sample::{Compression, FileKind};

use crate::error::IngestError;
use crate::file_type::FileType;
use column::Gatherer;
use records::Records;
use sample::Sample;

/// What a file seems to be.
#[derive(Debug, Clone, PartialEq)]
pub struct FileSurvey {
    /// The file.
    pub path: PathBuf,
    /// Its size as it lies there.
    pub file_bytes: u64,
    /// What it is packed with.
    pub compression: Compression,
    /// Whether all of it was looked at; else its head, and of plain files some pieces behind it.
    pub is_whole: bool,
    /// How its records are written.
    pub format: Format,
    /// How its characters are written.
    pub encoding: Finding<TextEncoding>,
    /// Records that were looked at.
    pub records: u64,
    /// Records that do not have the columns, and the first of them.
    pub odd_records: Option<(u64, Sighting)>,
    /// A cell that holds a line end.
    pub line_end_in_cell: Option<Place>,
    /// A last record that seems to be a total.
    pub total_record: Option<Sighting>,
    /// Its columns, in their order; of JSON in the order of their first appearance.
    pub columns: Vec<ColumnSurvey>,
}

/// How the records of a file are written.
#[derive(Debug, Clone, PartialEq)]
pub enum Format {
    /// Cells apart by a separator.
    Delimited(Box<Layout>),
    /// Objects, one a line or in one array.
    Json {
        /// In one array.
        in_array: bool,
    },
    /// A workbook, of which the first sheet was looked at, or Parquet.
    Typed(FileType),
    /// Nothing that was looked into.
    Unread(FileKind),
    /// No record at all.
    Empty,
}

/// Looks at a file.
///
/// # Errors
/// When the file cannot be opened, read or unpacked.
pub fn survey_file(path: &Path) -> Result<FileSurvey, IngestError> {
    let sample = Sample::read(path)?;
    let mut survey = FileSurvey {
        path: path.to_owned(),
        file_bytes: sample.file_bytes,
        compression: sample.compression,
        is_whole: sample.is_whole(),
        format: Format::Unread(sample.kind),
        encoding: Finding::sure(TextEncoding::Utf8, "not a text"),
        records: 0,
        odd_records: None,
        line_end_in_cell: None,
        total_record: None,
        columns: Vec::new(),
    };
    match sample.kind {
        FileKind::Text => {}
        FileKind::Excel => return gather_typed(survey, FileType::Excel),
        FileKind::Parquet => return gather_typed(survey, FileType::Parquet),
        FileKind::Zip | FileKind::Other => return Ok(survey),
    }
    survey.encoding = encoding::detect(&sample);
    let texts = texts(&sample, survey.encoding.value);
    let head = texts.first().map_or("", |text| text.text.as_str());
    if let Some(in_array) = json::is_array(head) {
        survey.format = Format::Json { in_array };
        gather_json(&texts, in_array, &mut survey);
    } else if let Some(layout) = layout::detect(head) {
        survey.format = Format::Delimited(Box::new(layout.clone()));
        gather_delimited(&texts, &layout, &mut survey);
    } else {
        survey.format = Format::Empty;
    }
    Ok(survey)
}

/// Goes through the records that [`survey_file`] has looked at, with their cells in the order of
/// [`FileSurvey::columns`].
///
/// # Errors
/// As [`survey_file`].
pub fn visit_records(survey: &FileSurvey, visit: &mut dyn FnMut(Place, &[String])) -> Result<(), IngestError> {
    if let Format::Typed(file_type) = survey.format {
        typed::each_row(&survey.path, file_type, visit)?;
        return Ok(());
    }
    let sample = Sample::read(&survey.path)?;
    let texts = texts(&sample, survey.encoding.value);
    match &survey.format {
        Format::Delimited(layout) => {
            each_record(&texts, layout, &mut |seen| {
                if seen.cells.len() == layout.field_count {
                    visit(seen.place, seen.cells);
                }
            });
        }
        Format::Json { in_array } => {
            let mut row = vec![String::new(); survey.columns.len()];
            for text in &texts {
                json::each_record(&text.text, *in_array, &mut |place, cells| {
                    row.iter_mut().for_each(String::clear);
                    for (path, cell) in cells {
                        let known = survey
                            .columns
                            .iter()
                            .position(|column| column.name.as_ref() == Some(path));
                        if let Some(column) = known {
                            row[column].push_str(cell);
                        }
                    }
                    visit(place, &row);
                });
            }
        }
        Format::Typed(_) | Format::Unread(_) | Format::Empty => {}
    }
    Ok(())
}

/// A stretch of the file as text, of whole lines.
struct Text {
    text: String,
    /// Where it starts, unless it starts the file.
    offset: Option<u64>,
}

fn texts(sample: &Sample, encoding: TextEncoding) -> Vec<Text> {
    let pieces = sample.pieces.iter().map(|piece| {
        let mut text = encoding::decode(&piece.bytes, encoding);
        if !piece.to_the_end
            && let Some(end) = text.rfind('\n')
        {
            text.truncate(end + 1);
        }
        if piece.offset > 0 {
            // The first line is cut.
            let start = text.find('\n').map_or(text.len(), |end| end + 1);
            text.drain(..start);
        }
        Text {
            text,
            offset: (piece.offset > 0).then_some(piece.offset),
        }
    });
    pieces.collect()
}

/// One record as it was cut.
struct SeenRecord<'r> {
    place: Place,
    cells: &'r [String],
    lines: u64,
}

/// Goes through the records behind the header.
fn each_record(texts: &[Text], layout: &Layout, visit: &mut dyn FnMut(SeenRecord<'_>)) {
    for text in texts {
        let skipped = if text.offset.is_none() {
            layout.skip_lines.value
        } else {
            0
        };
        let mut rest = text.text.as_str();
        for _ in 0..skipped {
            rest = records::split_line(rest).1;
        }
        let mut records = Records::new(rest, layout.cut());
        if text.offset.is_none() && layout.header.value {
            records.next();
        }
        while let Some(record) = records.next() {
            let place = match text.offset {
                None => Place::Line(record.line + skipped as u64 + 1),
                Some(offset) => Place::Byte(offset),
            };
            visit(SeenRecord {
                place,
                cells: &record.cells,
                lines: record.lines,
            });
        }
    }
}

fn gather_delimited(texts: &[Text], layout: &Layout, survey: &mut FileSurvey) {
    let mut gatherers: Vec<Gatherer> = (0..layout.field_count).map(|_| Gatherer::new()).collect();
    let mut odd: Option<(u64, Sighting)> = None;
    let mut last: Option<(Place, Vec<String>)> = None;
    each_record(texts, layout, &mut |record| {
        survey.records += 1;
        if record.cells.len() != layout.field_count {
            let text = record.cells.join(" ");
            odd.get_or_insert_with(|| (0, Sighting::new(record.place, &text))).0 += 1;
        } else {
            for (gatherer, cell) in gatherers.iter_mut().zip(record.cells) {
                gatherer.add(cell, record.place);
            }
            if record.lines > 1 && survey.line_end_in_cell.is_none() {
                survey.line_end_in_cell = Some(record.place);
            }
        }
        let (place, cells) = last.get_or_insert_with(|| (record.place, Vec::new()));
        *place = record.place;
        record.cells.clone_into(cells);
    });
    survey.odd_records = odd;
    survey.total_record = last.and_then(|(place, cells)| total_record(place, &cells));
    let names = header_names(texts, layout);
    survey.columns = gatherers
        .into_iter()
        .zip(1..)
        .map(|(gatherer, position)| gatherer.finish(names.get(position - 1).cloned().flatten(), position))
        .collect();
}

/// `Total` where the other records have a value.
fn total_record(place: Place, cells: &[String]) -> Option<Sighting> {
    let is_total = |cell: &String| {
        let word = cell.trim_end_matches(':').to_lowercase();
        matches!(
            word.as_str(),
            "total" | "totals" | "totales" | "sum" | "suma" | "grand total" | "total general"
        )
    };
    cells
        .iter()
        .any(is_total)
        .then(|| Sighting::new(place, &cells.join(" ")))
}

fn header_names(texts: &[Text], layout: &Layout) -> Vec<Option<String>> {
    let Some(text) = texts.first().filter(|_| layout.header.value) else {
        return Vec::new();
    };
    let mut rest = text.text.as_str();
    for _ in 0..layout.skip_lines.value {
        rest = records::split_line(rest).1;
    }
    let mut records = Records::new(rest, layout.cut());
    let cells = records.next().map_or_else(Vec::new, |record| record.cells.clone());
    cells
        .into_iter()
        .map(|name| (!name.is_empty()).then_some(name))
        .collect()
}

fn gather_typed(mut survey: FileSurvey, file_type: FileType) -> Result<FileSurvey, IngestError> {
    let mut gatherers: Vec<Gatherer> = Vec::new();
    let rows = typed::each_row(&survey.path, file_type, &mut |place, cells| {
        survey.records += 1;
        gatherers.resize_with(cells.len(), Gatherer::new);
        for (gatherer, cell) in gatherers.iter_mut().zip(cells) {
            gatherer.add(cell, place);
        }
    })?;
    gatherers.resize_with(rows.names.len(), Gatherer::new);
    survey.is_whole = rows.is_whole;
    survey.format = if rows.names.is_empty() {
        Format::Empty
    } else {
        Format::Typed(file_type)
    };
    survey.columns = gatherers
        .into_iter()
        .zip(rows.names)
        .zip(1..)
        .map(|((gatherer, name), position)| gatherer.finish(name, position))
        .collect();
    Ok(survey)
}

fn gather_json(texts: &[Text], in_array: bool, survey: &mut FileSurvey) {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut gatherers: Vec<(String, Gatherer, u64)> = Vec::new();
    let mut records = 0;
    let mut broken = 0;
    for text in texts {
        broken += json::each_record(&text.text, in_array, &mut |place, cells| {
            records += 1;
            let place = match text.offset {
                Some(offset) => Place::Byte(offset),
                None => place,
            };
            for (path, cell) in cells {
                let column = *places.entry(path.clone()).or_insert_with(|| {
                    gatherers.push((path.clone(), Gatherer::new(), 0));
                    gatherers.len() - 1
                });
                let (_, gatherer, seen) = &mut gatherers[column];
                // Records without the path have no value.
                gatherer.add_empty(records - 1 - (*seen).min(records - 1));
                *seen = records;
                gatherer.add(cell, place);
            }
        });
    }
    survey.records = records + broken;
    survey.odd_records = (broken > 0).then(|| (broken, Sighting::new(Place::Row(1), "not an object")));
    survey.columns = gatherers
        .into_iter()
        .zip(1..)
        .map(|((path, mut gatherer, seen), position)| {
            gatherer.add_empty(records - seen);
            gatherer.finish(Some(path), position)
        })
        .collect();
}

#[cfg(test)]
mod tests;
