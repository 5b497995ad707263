//! `[[target]]`, `[contact_rules]` and `[control]`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cartera_activation::files::{FileFormat, FileParams, FileValidParams};
use cartera_activation::{
    ContactRulesValidParams, Control, KnownColumns, Target, TargetParams, TargetParamsError, check_targets,
};
use cartera_segment::{SegmentValidParams, SignalsValidParams};

use super::document::Document;
use super::error::{ConfigError, ConfigProblem};
use super::low::LowConfig;
use crate::error::PipelineError;
use crate::run::CsvRequest;

/// Who is contacted, and what is asked before.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TargetsConfig {
    /// Caps, quiet, age, households.
    pub rules: ContactRulesValidParams,
    /// Who is held out.
    pub control: Control,
    /// The lists, in the order of the waterfall.
    pub lists: Vec<Target>,
    /// The columns that conditions may name.
    pub known: KnownColumns,
    /// How the files of each list are written, by its name.
    pub files: BTreeMap<String, FileValidParams>,
    /// Whose telephone numbers those without a calling code are.
    pub(crate) default_country: Option<String>,
    /// The lists as typed, for those that are made beside them.
    pub(crate) typed: Vec<TargetParams>,
}

impl TargetsConfig {
    /// Adds a list, checked as those of the pipeline are. Without a priority it comes last.
    ///
    /// # Errors
    /// When the list is refused.
    pub fn add(&mut self, list: &TargetParams) -> Result<(), PipelineError> {
        let last = self.lists.iter().map(Target::priority).max().unwrap_or(0);
        let mut list = list.clone();
        list.priority = Some(list.priority.unwrap_or(last.saturating_add(1)));
        let country = self.default_country.as_ref();
        let files = with_country(&list, country).check(&self.known).map_err(Box::new)?;
        self.files.insert(list.name.clone(), files);
        self.typed.push(list);
        self.lists = check_targets(&self.typed, &self.known, &self.rules, &self.control)?;
        Ok(())
    }

    /// Gives the files of a list other columns.
    ///
    /// # Errors
    /// When a column is not known.
    pub fn show(&mut self, list: &str, columns: &[String]) -> Result<(), PipelineError> {
        self.change_files(list, |files| files.columns = columns.to_vec())
    }

    /// Gives a list the formats of these files, and its CSV another form.
    pub(crate) fn write_as(
        &mut self,
        list: &str,
        asked: &[(PathBuf, FileFormat)],
        csv: &CsvRequest,
    ) -> Result<(), PipelineError> {
        self.change_files(list, |files| {
            let formats: BTreeSet<FileFormat> = asked.iter().map(|(_, format)| *format).collect();
            files.formats = formats.into_iter().collect();
            if let Some(delimiter) = &csv.delimiter {
                files.csv.delimiter.clone_from(delimiter);
            }
            files.csv.bom |= csv.bom;
            files.csv.decimal_comma |= csv.decimal_comma;
        })
    }

    fn change_files(&mut self, list: &str, change: impl FnOnce(&mut FileParams)) -> Result<(), PipelineError> {
        let Some(typed) = self.typed.iter_mut().find(|typed| typed.name == list) else {
            return Ok(());
        };
        change(&mut typed.files);
        let files = with_country(typed, self.default_country.as_ref());
        self.files
            .insert(list.to_owned(), files.check(&self.known).map_err(Box::new)?);
        Ok(())
    }
}

/// Checks the three sections.
pub(super) fn checked_targets(
    document: &Document<'_>,
    low: &LowConfig,
    segment: &SegmentValidParams,
    signals: &SignalsValidParams,
) -> Result<TargetsConfig, ConfigError> {
    let refused = |error: TargetParamsError| {
        let key = place_of(&error, &low.targets);
        document.error_at(&key, ConfigProblem::Target(Box::new(error)))
    };
    let rules = low.contact_rules.check().map_err(refused)?;
    let control = low.control.check(&low.pipeline.name).map_err(refused)?;
    let known = KnownColumns::new(&signals.names(), &segment.labels());
    let lists = check_targets(&low.targets, &known, &rules, &control).map_err(refused)?;
    let default_country = low.contact_rules.default_country.clone();
    let files = checked_files(document, &low.targets, default_country.as_ref(), &known)?;
    Ok(TargetsConfig {
        rules,
        control,
        lists,
        known,
        files,
        default_country,
        typed: low.targets.clone(),
    })
}

/// The files of a list, whose country is that of all contacts where they say none.
fn with_country(list: &TargetParams, country: Option<&String>) -> FileParams {
    let mut files = list.files.clone();
    files.default_country = files.default_country.or_else(|| country.cloned());
    files
}

fn checked_files(
    document: &Document<'_>,
    lists: &[TargetParams],
    country: Option<&String>,
    known: &KnownColumns,
) -> Result<BTreeMap<String, FileValidParams>, ConfigError> {
    let mut files = BTreeMap::new();
    for (place, list) in lists.iter().enumerate() {
        let checked = with_country(list, country).check(known).map_err(|error| {
            let problem = ConfigProblem::TargetFiles {
                list: list.name.clone(),
                error: Box::new(error),
            };
            document.error_at(&format!("target.{place}.files"), problem)
        })?;
        files.insert(list.name.clone(), checked);
    }
    Ok(files)
}

/// The key that is refused.
fn place_of(error: &TargetParamsError, lists: &[TargetParams]) -> String {
    let of_list = |list: &str, key: &str| {
        let place = lists.iter().rposition(|typed| typed.name == list).unwrap_or_default();
        format!("target.{place}.{key}")
    };
    match error {
        TargetParamsError::Refused { section, key, .. } => match section.strip_prefix("target ") {
            Some(list) => of_list(list, key),
            None if section == "target" => {
                let wrong = lists
                    .iter()
                    .position(|typed| error.to_string().contains(&format!("`{}`", typed.name)));
                wrong.map_or_else(|| "target".to_owned(), |place| format!("target.{place}.{key}"))
            }
            None => format!("{section}.{key}"),
        },
        TargetParamsError::Alone { list, key, .. } | TargetParamsError::Condition { list, key, .. } => {
            of_list(list, key)
        }
        TargetParamsError::Twice { list } => of_list(list, "name"),
        _ => "target".to_owned(),
    }
}
