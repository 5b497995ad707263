//! Files of which nothing is declared, read whole by the names of their columns.
//!
//! A survey says how the file is written, and the reader of sources reads it: no second parser, and what the survey
//! cannot tell is an error, not a guess.

use std::path::Path;

use cartera_raw::{Block, Column, ColumnKind, ColumnSpec, DecimalFormat, ParsedBlock, Plan};

use crate::blocks::{Range, open_blocks};
use crate::error::IngestError;
use crate::file_type::FileType;
use crate::format_params::{FormatParams, FormatValidParams};
use crate::survey::{
    ColumnSurvey, ColumnType, Confidence, FileSurvey, Format, Layout, NegativeMark, number_style, survey_file,
};
use crate::tally::Tally;

/// How numbers of plain files write 1: in millionths.
pub const PLAIN_ONE: i64 = 1_000_000;

const BLOCK_BYTES: usize = 1 << 20;

/// Words for yes in a column of two words, small.
const YES: [&str; 7] = ["true", "t", "yes", "y", "si", "sí", "s"];

/// A file of which nothing is declared.
#[derive(Debug, Clone)]
pub struct PlainFile {
    survey: FileSurvey,
}

/// A column to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainColumn<'n> {
    /// As text.
    Text(&'n str),
    /// As a number; two words for yes and no are 1 and 0.
    Number(&'n str),
}

impl<'n> PlainColumn<'n> {
    fn name(self) -> &'n str {
        match self {
            Self::Text(name) | Self::Number(name) => name,
        }
    }
}

/// A cell of a column that was asked for as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainNumber {
    /// Its value in units of 1 / [`PLAIN_ONE`].
    Value(i64),
    /// There is none.
    Empty,
    /// There is something else than a number.
    Unreadable,
}

/// Some rows of the file.
pub struct PlainRows<'r> {
    parsed: &'r ParsedBlock,
    is_words: &'r [bool],
}

/// A cell that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainDefect {
    /// The place of its column among those asked for.
    pub column: usize,
    /// Its line, or its row where the file has no lines.
    pub line: u64,
    /// What stands there.
    pub value: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl PlainFile {
    /// Looks at the file.
    ///
    /// # Errors
    /// When it cannot be read, or holds no records.
    pub fn open(path: &Path) -> Result<Self, IngestError> {
        let survey = survey_file(path)?;
        let problem = match &survey.format {
            Format::Empty => "it holds no record",
            Format::Unread(_) => "it holds no records that cartera reads",
            Format::Delimited(_) | Format::Json { .. } | Format::Typed(_) => return Ok(Self { survey }),
        };
        Err(unrecognized(path, problem))
    }

    /// What its columns are called: by their names, or their positions where it has no header.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        let name = |column: &ColumnSurvey| column.name.clone().unwrap_or_else(|| column.position.to_string());
        self.survey.columns.iter().map(name).collect()
    }

    /// Reads the whole file, some rows at a time, in its order. Gives the rows that are no records of its columns.
    ///
    /// # Errors
    /// When it has no such column, its numbers could mean two things, or it cannot be read.
    pub fn read(&self, columns: &[PlainColumn<'_>], visit: &mut dyn FnMut(&PlainRows<'_>)) -> Result<u64, IngestError> {
        let path = &self.survey.path;
        let places: Vec<usize> = columns
            .iter()
            .map(|column| self.place(column.name()))
            .collect::<Result<_, _>>()?;
        let is_words: Vec<bool> = columns
            .iter()
            .zip(&places)
            .map(|(column, &place)| {
                let is_words = self.survey.columns[place].column_type == ColumnType::Boolean;
                is_words && matches!(column, PlainColumn::Number(_))
            })
            .collect();
        let is_number = |index: usize| matches!(columns[index], PlainColumn::Number(_)) && !is_words[index];
        let numbers: Vec<&ColumnSurvey> = (0..columns.len())
            .filter(|&index| is_number(index))
            .map(|index| &self.survey.columns[places[index]])
            .collect();
        let format = self.format(&numbers)?;
        let specs: Vec<ColumnSpec> = places
            .iter()
            .enumerate()
            .map(|(index, &place)| ColumnSpec {
                name: columns[index].name().to_owned(),
                field: place,
                kind: if is_number(index) {
                    ColumnKind::Decimal(DecimalFormat {
                        scale: 6,
                        ..format.decimal_format.clone()
                    })
                } else {
                    ColumnKind::Text
                },
                required: false,
                null_values: self.null_words(place),
            })
            .collect();
        let mut blocks = open_blocks(path, &format, Range::default(), BLOCK_BYTES, &Tally::default())?;
        let Some(fields) = blocks.fields()? else { return Ok(0) };
        let raw = |cause| IngestError::Raw {
            path: path.clone(),
            cause,
        };
        blocks.select(&specs)?;
        let plan = match format.file_type {
            FileType::Json => Plan::for_json(format.json(), specs, &self.columns()),
            _ => format.plan(specs, fields.count()),
        };
        let plan = plan.map_err(raw)?;
        let mut rejected = 0;
        while let Some(block) = blocks.next_block()? {
            rejected += visit_block(&plan, &block, &is_words, visit);
        }
        Ok(rejected)
    }

    fn place(&self, name: &str) -> Result<usize, IngestError> {
        let columns = self.columns();
        let mut found = columns.iter().enumerate().filter(|(_, column)| *column == name);
        match (found.next(), found.next()) {
            (Some((place, _)), None) => Ok(place),
            (None, _) => Err(IngestError::NoPlainColumn {
                path: self.survey.path.clone(),
                column: name.to_owned(),
                columns: columns.join(", "),
            }),
            (Some(_), Some(_)) => Err(unrecognized(
                &self.survey.path,
                &format!("it has the column {name:?} more than once"),
            )),
        }
    }

    /// Words that mean no value. In a column of categories a dash or the like may be one of them.
    fn null_words(&self, place: usize) -> Vec<String> {
        let words = self.survey.columns[place].null_words.iter();
        words.map(|(word, _)| word.clone()).collect()
    }

    fn format(&self, numbers: &[&ColumnSurvey]) -> Result<FormatValidParams, IngestError> {
        let mut params = match &self.survey.format {
            Format::Delimited(layout) => self.delimited(layout),
            Format::Typed(file_type) => of_type(file_type.slug()),
            Format::Json { .. } | Format::Unread(_) | Format::Empty => FormatParams {
                encoding: self.survey.encoding.value.name().to_owned(),
                ..of_type("json")
            },
        };
        let style = number_style(numbers.iter().map(|column| &column.numbers));
        if style.decimal_separator.confidence == Confidence::Open && !numbers.is_empty() {
            return Err(unrecognized(
                &self.survey.path,
                &format!(
                    "its numbers could mean two things ({}): write them with a decimal point and without separators \
                     between thousands",
                    style.decimal_separator.evidence
                ),
            ));
        }
        params.decimal_separator = style.decimal_separator.value.to_string();
        params.thousands_separator = style.thousands_separator.map(|found| found.value.to_string());
        let marks = numbers.iter().flat_map(|column| &column.numbers.negatives);
        let mut negatives: Vec<NegativeMark> = marks.map(|(mark, _)| *mark).collect();
        negatives.push(NegativeMark::Minus);
        negatives.sort();
        negatives.dedup();
        params.negatives = negatives.iter().map(|mark| mark.name().to_owned()).collect();
        let signs = numbers.iter().flat_map(|column| &column.numbers.currency_signs);
        let mut signs: Vec<String> = signs.map(|(sign, _)| (*sign).to_owned()).collect();
        signs.sort();
        signs.dedup();
        params.currency_signs = signs;
        params.percent = numbers.iter().any(|column| column.numbers.percent.is_some());
        params
            .check()
            .map_err(|problem| unrecognized(&self.survey.path, &problem.to_string()))
    }

    fn delimited(&self, layout: &Layout) -> FormatParams {
        FormatParams {
            encoding: self.survey.encoding.value.name().to_owned(),
            delimiter: layout.separator.value.name(),
            quote: layout
                .quote
                .value
                .map_or_else(String::new, |mark| char::from(mark).to_string()),
            multiline: self.survey.line_end_in_cell.is_some(),
            comment: layout
                .comment
                .as_ref()
                .map(|comment| char::from(comment.value).to_string()),
            skip_lines: layout.skip_lines.value as u64,
            header: layout.header.value,
            ..of_type("csv")
        }
    }
}

impl PlainRows<'_> {
    /// How many rows.
    #[must_use]
    pub fn count(&self) -> usize {
        self.parsed.row_count()
    }

    /// The text of a cell, by the place of its column among those asked for; none where it is empty.
    #[must_use]
    pub fn text(&self, column: usize, row: usize) -> Option<&str> {
        match self.parsed.columns.get(column)? {
            Column::Text(texts) => texts.get(row),
            _ => None,
        }
    }

    /// The number of a cell.
    #[must_use]
    pub fn number(&self, column: usize, row: usize) -> PlainNumber {
        if self.is_words.get(column) == Some(&true) {
            return match self.text(column, row) {
                Some(word) => PlainNumber::Value(i64::from(YES.contains(&word.to_lowercase().as_str())) * PLAIN_ONE),
                None => PlainNumber::Empty,
            };
        }
        let value = match self.parsed.columns.get(column) {
            Some(Column::Decimal(values)) => values.get(row),
            _ => None,
        };
        match value {
            Some(value) => PlainNumber::Value(value),
            None if self.has_failed(column, row) => PlainNumber::Unreadable,
            None => PlainNumber::Empty,
        }
    }

    /// The cells that could not be read.
    pub fn defects(&self) -> impl Iterator<Item = PlainDefect> {
        self.parsed.failures.iter().map(|failure| PlainDefect {
            column: usize::from(failure.column),
            line: self.parsed.lines.get(failure.row as usize).copied().unwrap_or(0),
            value: failure.value.clone(),
            reason: failure.reason.slug(),
        })
    }

    fn has_failed(&self, column: usize, row: usize) -> bool {
        let wanted = (row, column);
        let failures = &self.parsed.failures;
        failures
            .binary_search_by_key(&wanted, |failure| (failure.row as usize, usize::from(failure.column)))
            .is_ok()
    }
}

fn visit_block(plan: &Plan, block: &Block, is_words: &[bool], visit: &mut dyn FnMut(&PlainRows<'_>)) -> u64 {
    let parsed = plan.parse(block);
    visit(&PlainRows {
        parsed: &parsed,
        is_words,
    });
    parsed.rejected.len() as u64
}

fn of_type(file_type: &str) -> FormatParams {
    FormatParams {
        file_type: file_type.to_owned(),
        ..FormatParams::default()
    }
}

fn unrecognized(path: &Path, problem: &str) -> IngestError {
    IngestError::Unrecognized {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(content: &str, columns: &[PlainColumn<'_>]) -> Result<(Vec<String>, u64), IngestError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        std::fs::write(&path, content).expect("written");
        let mut found = Vec::new();
        let rejected = PlainFile::open(&path)?.read(columns, &mut |rows| {
            for row in 0..rows.count() {
                let cells = (0..columns.len()).map(|column| match columns[column] {
                    PlainColumn::Text(_) => rows.text(column, row).unwrap_or("-").to_owned(),
                    PlainColumn::Number(_) => match rows.number(column, row) {
                        PlainNumber::Value(value) => value.to_string(),
                        other => format!("{other:?}"),
                    },
                });
                found.push(cells.collect::<Vec<_>>().join(" "));
            }
            found.extend(
                rows.defects()
                    .map(|defect| format!("{}: {}", defect.line, defect.value)),
            );
        })?;
        Ok((found, rejected))
    }

    #[test]
    fn columns_are_found_by_name_in_any_dialect() {
        let asked = [PlainColumn::Number("spend"), PlainColumn::Text("arm")];
        let expected = vec!["1500000 a b", "0 c", "-2250000 c"];
        for content in [
            "id,arm,spend\n1,\"a b\",1.5\n2,c,0\n3,c,-2.25\n",
            "id;spend;arm\n1;1,5;a b\n2;0;c\n3;-2,25;c\n",
            "arm\tspend\na b\t1.5\nc\t0\nc\t-2.25\n",
            "{\"arm\":\"a b\",\"spend\":1.5}\n{\"arm\":\"c\",\"spend\":0}\n{\"arm\":\"c\",\"spend\":-2.25}\n",
        ] {
            let (found, rejected) = rows(content, &asked).expect("read");
            assert_eq!(
                (found.iter().map(String::as_str).collect(), rejected),
                (expected.clone(), 0),
                "{content}"
            );
        }
    }

    #[test]
    fn words_for_yes_and_no_are_numbers() {
        let asked = [PlainColumn::Number("bought")];
        let (found, _) = rows("id,bought\n1,yes\n2,No\n3,\n4,no\n", &asked).expect("read");
        assert_eq!(found, ["1000000", "0", "Empty", "0"]);
    }

    #[test]
    fn cells_that_are_no_numbers_are_told() {
        let mut content = "arm,spend\n".to_owned();
        content.push_str(&"a,1\n".repeat(200));
        content.push_str("a,oops\na,\na,1,2\n");
        let (found, rejected) = rows(&content, &[PlainColumn::Number("spend")]).expect("read");
        assert_eq!(&found[200..], ["Unreadable", "Empty", "202: oops"]);
        assert_eq!(rejected, 1);
    }

    #[test]
    fn what_is_not_there_or_not_sure_is_an_error() {
        let error = rows("arm,spend\na,1\n", &[PlainColumn::Text("group")]).expect_err("no such column");
        assert!(
            error
                .to_string()
                .ends_with("has no column \"group\"; it has: arm, spend"),
            "{error}"
        );
        let unsure = "arm;spend\na;1.500\nb;2.250\nc;7.125\n";
        let error = rows(unsure, &[PlainColumn::Number("spend")]).expect_err("two meanings");
        assert!(error.to_string().contains("two things"), "{error}");
        assert!(rows("", &[]).is_err());
    }
}
