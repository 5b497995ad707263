//! Files that look alike, as one source.

use std::path::Path;

use cartera_ingest::IngestError;
use cartera_ingest::survey::{
    ColumnSurvey, ColumnType, Confidence, DateStyle, FileSurvey, Format, NumberStyle, number_style,
};
use cartera_table::SourceTable;

use super::content::LineEvidence;
use super::mapping::{TableDraft, draft, likeliest};
use super::targets::TableWords;
use super::{lines, owners};

/// Files of one layout, and what they feed.
#[derive(Debug)]
pub(super) struct SourceDraft {
    pub(super) name: String,
    /// At least one; the first one is the one with the most records, which the columns were chosen by.
    pub(super) files: Vec<FileSurvey>,
    pub(super) mapping: TableDraft,
    pub(super) evidence: Option<LineEvidence>,
}

/// What becomes of the files.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    pub(super) sources: Vec<SourceDraft>,
    /// Files that feed nothing, and why.
    pub(super) left_out: Vec<(FileSurvey, String)>,
}

impl Drafts {
    /// Groups files that look alike and finds their tables.
    pub(super) fn new(surveys: Vec<FileSurvey>) -> Result<Self, IngestError> {
        let mut drafts = Self::default();
        let mut groups: Vec<Vec<FileSurvey>> = Vec::new();
        for survey in surveys {
            if let Some(why) = unreadable(&survey) {
                drafts.left_out.push((survey, why));
            } else if let Some(group) = groups.iter_mut().find(|group| looks_alike(&group[0], &survey)) {
                group.push(survey);
            } else {
                groups.push(vec![survey]);
            }
        }
        let mut unlikely = Vec::new();
        for mut files in groups {
            // The order of equal files stays, so that the same files always give the same pipeline.
            files.sort_by_key(|file| std::cmp::Reverse(file.records));
            let name = stem(&files[0].path);
            let mapping = likeliest(&files[0], &name);
            if has_names(&files[0]) && mapping.is_likely() {
                drafts.add(name, files, mapping)?;
            } else {
                unlikely.push((name, files));
            }
        }
        drafts.place_unlikely(unlikely)?;
        owners::keep_ids(&mut drafts.sources);
        drafts.sources.sort_by_key(|source| source.mapping.table);
        drafts.name_apart();
        Ok(drafts)
    }

    fn add(&mut self, name: String, files: Vec<FileSurvey>, mut mapping: TableDraft) -> Result<(), IngestError> {
        let evidence = match mapping.table {
            SourceTable::OrderLines if has_names(&files[0]) => Some(lines::confirm(&mut mapping, &files[0])?),
            SourceTable::OrderLines => Some(lines::by_content(&mut mapping, &files[0])?),
            _ => None,
        };
        self.sources.push(SourceDraft {
            name: slug(&name),
            files,
            mapping,
            evidence,
        });
        Ok(())
    }

    /// A pipeline needs order lines: where no file looks like them, the first one that might be is
    /// taken, with questions. The others are left out.
    fn place_unlikely(&mut self, unlikely: Vec<(String, Vec<FileSurvey>)>) -> Result<(), IngestError> {
        let mut needs_lines = !self
            .sources
            .iter()
            .any(|source| source.mapping.table == SourceTable::OrderLines);
        let is_alone = unlikely.len() == 1 && self.sources.is_empty();
        for (name, files) in unlikely {
            let any = |wanted: fn(ColumnType) -> bool| files[0].columns.iter().any(|column| wanted(column.column_type));
            if needs_lines && (is_alone || (any(ColumnType::is_number) && any(ColumnType::is_date))) {
                needs_lines = false;
                let mut mapping = draft(&files[0], &name, TableWords::of(SourceTable::OrderLines));
                mapping.confidence = Confidence::Unsure(30);
                mapping.why =
                    "no table fits its columns; taken for order lines because a pipeline needs some".to_owned();
                self.add(name, files, mapping)?;
                continue;
            }
            for file in files {
                let why = "its columns fit no table: see `cartera schema`".to_owned();
                self.left_out.push((file, why));
            }
        }
        Ok(())
    }

    fn name_apart(&mut self) {
        for place in 1..self.sources.len() {
            let (earlier, later) = self.sources.split_at_mut(place);
            let taken = |name: &str| earlier.iter().any(|source| source.name == name);
            let name = later[0].name.clone();
            let mut number = 2;
            while taken(&later[0].name) {
                later[0].name = format!("{name}_{number}");
                number += 1;
            }
        }
    }

    /// All files that feed something.
    pub(super) fn files(&self) -> Vec<&FileSurvey> {
        self.sources.iter().flat_map(|source| &source.files).collect()
    }
}

impl SourceDraft {
    pub(super) fn columns(&self) -> &[ColumnSurvey] {
        &self.files[0].columns
    }

    /// The surveys of one column in all files.
    fn in_all_files(&self, place: usize) -> impl Iterator<Item = &ColumnSurvey> + Clone {
        self.files.iter().map(move |file| &file.columns[place])
    }

    /// The places of the columns that feed columns of numbers, or will when a question is answered.
    pub(super) fn number_places(&self) -> Vec<usize> {
        let columns = self.mapping.columns.iter();
        let is_number = |place: &usize| self.columns()[*place].column_type.is_number();
        let is_decimal = |name: &str| {
            let definition = self.mapping.table.contract().column(name);
            definition
                .is_some_and(|definition| matches!(definition.column_type, cartera_table::ColumnType::Decimal { .. }))
        };
        columns
            .filter(|column| is_decimal(column.target.name))
            .flat_map(|column| column.possible_places())
            .filter(is_number)
            .collect()
    }

    /// How the numbers of all mapped columns are written, in all files.
    pub(super) fn number_style(&self) -> NumberStyle {
        let places = self.number_places();
        let columns: Vec<_> = places
            .iter()
            .flat_map(|&place| self.in_all_files(place))
            .map(|column| &column.numbers)
            .collect();
        number_style(columns.into_iter())
    }

    /// How the dates of a mapped column are written, in all files.
    pub(super) fn date_style(&self, place: usize) -> DateStyle {
        let styles: Vec<DateStyle> = self
            .in_all_files(place)
            .map(|column| column.dates.style(None))
            .collect();
        // What another file, or else another column of the files, has made sure.
        let sure = |style: &&DateStyle| style.formats.confidence == Confidence::Sure;
        let others: Vec<DateStyle> = self
            .files
            .iter()
            .flat_map(|file| &file.columns)
            .filter(|column| column.column_type.is_date())
            .map(|column| column.dates.style(None))
            .collect();
        let hint = styles.iter().find(sure).or_else(|| others.iter().find(sure));
        let mut style = self.columns()[place].dates.style(hint);
        for (other, column) in styles.iter().zip(self.in_all_files(place)).skip(1) {
            let other = if other.formats.confidence == Confidence::Open {
                column.dates.style(hint)
            } else {
                other.clone()
            };
            style.merge(other);
        }
        style
    }
}

fn has_names(survey: &FileSurvey) -> bool {
    match &survey.format {
        Format::Delimited(layout) => layout.header.value,
        _ => survey.columns.iter().any(|column| column.name.is_some()),
    }
}

/// Why nothing can be said of a file.
fn unreadable(survey: &FileSurvey) -> Option<String> {
    use cartera_ingest::survey::FileKind;
    match &survey.format {
        Format::Empty => Some("it holds no record".to_owned()),
        Format::Unread(FileKind::Zip) => {
            Some("it is a zip archive: unpack it, or pack it with gzip or zstd".to_owned())
        }
        Format::Unread(_) => Some("it holds no records that cartera reads".to_owned()),
        Format::Delimited(_) | Format::Json { .. } | Format::Typed(_) if survey.records == 0 => {
            Some("it has a header and no record: nothing can be seen of its columns".to_owned())
        }
        Format::Delimited(_) | Format::Json { .. } | Format::Typed(_) => None,
    }
}

/// Whether two files have the same columns and are written in the same way.
fn looks_alike(one: &FileSurvey, other: &FileSurvey) -> bool {
    let names = |survey: &FileSurvey| -> Vec<Option<String>> {
        survey.columns.iter().map(|column| column.name.clone()).collect()
    };
    let same_format = match (&one.format, &other.format) {
        (Format::Delimited(one), Format::Delimited(other)) => {
            one.separator.value == other.separator.value
                && one.quote.value == other.quote.value
                && one.header.value == other.header.value
                && one.skip_lines.value == other.skip_lines.value
                && one.header.value
        }
        (Format::Json { .. }, Format::Json { .. }) => true,
        (Format::Typed(one), Format::Typed(other)) => one == other,
        _ => false,
    };
    same_format && names(one) == names(other) && one.encoding.value == other.encoding.value
}

/// The name of a file without its folders and endings.
pub(super) fn stem(path: &Path) -> String {
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    name.split('.')
        .find(|part| !part.is_empty())
        .unwrap_or("source")
        .to_owned()
}

/// A name as sources have it.
pub(super) fn slug(name: &str) -> String {
    let plain = |character: char| match character.to_ascii_lowercase() {
        letter @ ('a'..='z' | '0'..='9') => letter,
        _ => '_',
    };
    let mut slug: String = name.chars().map(plain).collect();
    while slug.contains("__") {
        slug = slug.replace("__", "_");
    }
    let slug: String = slug.trim_matches('_').chars().take(60).collect();
    if slug.is_empty() { "source".to_owned() } else { slug }
}
