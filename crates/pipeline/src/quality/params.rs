//! What a pipeline demands of its sources.
//!
//! The docs of the fields are the user manual: `pipelines/README.md` says the same in tables.

use std::collections::BTreeMap;

use cartera_ingest::quality::COUNTED_VALUES;
use serde::{Deserialize, Serialize};

/// Characters of the longest value of `accepted_values`: further ones are not kept of a cell.
const VALUE_CHARACTERS: usize = 100;

/// One `[[check]]` entry, as typed: what must hold of one source, and what happens where it does not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CheckParams {
    /// The source. Required where the pipeline has several.
    pub(crate) source: Option<String>,
    /// What happens where one of the demands does not hold. Default `warn`.
    pub(crate) severity: Severity,
    /// Rows of a day, as the mean over the last seven days.
    pub(crate) rows_per_day: Option<LimitParams>,
    /// Mean amount of a line over the last seven days, in the source's currency.
    pub(crate) mean_amount: Option<LimitParams>,
    /// Share of rows without a customer over the last seven days, 0 to 1.
    pub(crate) guest_share: Option<LimitParams>,
    /// Days from the last day with rows to `as_of`, at most.
    pub(crate) freshness_days: Option<u32>,
    /// For each column the largest share of rows without a value that can be read, 0 to 1.
    pub(crate) max_null_share: BTreeMap<String, f64>,
    /// Columns that together tell every row from every other.
    pub(crate) unique: Vec<String>,
    /// For each column all values that may stand in it, as the file writes them.
    pub(crate) accepted_values: BTreeMap<String, Vec<String>>,
    /// For each column that names a partner in another table, the least share of rows that find theirs, 0 to 1.
    pub(crate) referential: BTreeMap<String, f64>,
}

/// What happens where a check does not hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The run is published and says so: exit code 1.
    #[default]
    Warn,
    /// Nothing is published: exit code 2.
    Stop,
}

/// The range of a figure, and how far it may move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LimitParams {
    /// At least. Default none.
    pub(crate) min: Option<f64>,
    /// At most. Default none.
    pub(crate) max: Option<f64>,
    /// How far the last seven days may be from the 28 before: as a share of these, and for a share in points
    /// (0.1 are ten percentage points). Default none.
    pub(crate) max_change: Option<f64>,
}

/// A check with its source found. Only [`CheckParams::check`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ValidCheck {
    pub(crate) source_index: usize,
    pub(crate) params: CheckParams,
}

/// What a check needs to know of a source.
#[derive(Debug, Clone)]
pub(crate) struct CheckedSource {
    pub(crate) name: String,
    /// Its mapped columns, and whether they are personal.
    pub(crate) columns: Vec<(String, bool)>,
    /// Whether its rows have days.
    pub(crate) has_days: bool,
    /// Whether they have customers and amounts.
    pub(crate) is_order_lines: bool,
}

/// Why a check is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckParamsError {
    /// A value that is not allowed.
    #[error("`{key}` is {value}, expected {expected}")]
    Value {
        /// The key within the entry.
        key: String,
        /// What was given.
        value: String,
        /// What is allowed.
        expected: String,
    },
    /// There are several sources and none is named.
    #[error("`source` is missing, expected one of {sources}")]
    NoSource {
        /// The sources.
        sources: String,
    },
    /// A check without a demand.
    #[error("the check demands nothing, expected `rows_per_day`, `max_null_share` or another demand")]
    Empty,
}

impl CheckParamsError {
    /// The key within the entry; it may be missing there.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Value { key, .. } => key,
            Self::NoSource { .. } => "source",
            Self::Empty => "",
        }
    }

    fn value(key: impl Into<String>, value: impl std::fmt::Debug, expected: impl Into<String>) -> Self {
        Self::Value {
            key: key.into(),
            value: format!("{value:?}"),
            expected: expected.into(),
        }
    }
}

impl CheckParams {
    /// Finds the source and checks every demand.
    ///
    /// # Errors
    /// The first value that is not allowed.
    pub(crate) fn check(&self, sources: &[CheckedSource]) -> Result<ValidCheck, CheckParamsError> {
        let source_index = self.source_index(sources)?;
        let source = &sources[source_index];
        if self.demands() == 0 {
            return Err(CheckParamsError::Empty);
        }
        for (key, limits, is_share, is_possible) in [
            ("rows_per_day", self.rows_per_day, false, source.has_days),
            ("mean_amount", self.mean_amount, false, source.is_order_lines),
            ("guest_share", self.guest_share, true, source.is_order_lines),
        ] {
            if let Some(limits) = limits {
                needs_figure(key, source, is_possible)?;
                limits.check(key, is_share)?;
            }
        }
        if let Some(days) = self.freshness_days {
            needs_figure("freshness_days", source, source.has_days)?;
            if days > 36_600 {
                return Err(CheckParamsError::value("freshness_days", days, "at most 36600 days"));
            }
        }
        for (column, &share) in &self.max_null_share {
            mapped("max_null_share", column, source)?;
            checked_share(&format!("max_null_share.{column}"), share)?;
        }
        for (column, &share) in &self.referential {
            mapped("referential", column, source)?;
            checked_share(&format!("referential.{column}"), share)?;
        }
        self.check_unique(source)?;
        self.check_accepted_values(source)?;
        Ok(ValidCheck {
            source_index,
            params: self.clone(),
        })
    }

    /// How many figures it demands something of.
    pub(crate) fn demands(&self) -> usize {
        let limits = [self.rows_per_day, self.mean_amount, self.guest_share];
        limits.iter().flatten().count()
            + usize::from(self.freshness_days.is_some())
            + usize::from(!self.unique.is_empty())
            + self.max_null_share.len()
            + self.accepted_values.len()
            + self.referential.len()
    }

    fn source_index(&self, sources: &[CheckedSource]) -> Result<usize, CheckParamsError> {
        let names = || {
            sources
                .iter()
                .map(|source| source.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        match &self.source {
            None if sources.len() == 1 => Ok(0),
            None => Err(CheckParamsError::NoSource { sources: names() }),
            Some(name) => sources.iter().position(|source| source.name == *name).ok_or_else(|| {
                CheckParamsError::value("source", name, format!("a source of the pipeline: {}", names()))
            }),
        }
    }

    fn check_unique(&self, source: &CheckedSource) -> Result<(), CheckParamsError> {
        for (place, column) in self.unique.iter().enumerate() {
            mapped("unique", column, source)?;
            if self.unique[..place].contains(column) {
                return Err(CheckParamsError::value("unique", &self.unique, "each column once"));
            }
        }
        Ok(())
    }

    fn check_accepted_values(&self, source: &CheckedSource) -> Result<(), CheckParamsError> {
        for (column, values) in &self.accepted_values {
            let key = format!("accepted_values.{column}");
            if mapped("accepted_values", column, source)? {
                return Err(CheckParamsError::value(
                    "accepted_values",
                    column,
                    "a column that is not personal: values of personal columns are never kept",
                ));
            }
            if values.is_empty() || values.len() > COUNTED_VALUES {
                let expected = format!("1 to {COUNTED_VALUES} values");
                return Err(CheckParamsError::value(key, values.len(), expected));
            }
            if let Some(long) = values.iter().find(|value| value.chars().count() > VALUE_CHARACTERS) {
                let expected = format!("at most {VALUE_CHARACTERS} characters a value");
                return Err(CheckParamsError::value(key, long, expected));
            }
        }
        Ok(())
    }
}

impl LimitParams {
    fn check(&self, key: &str, is_share: bool) -> Result<(), CheckParamsError> {
        let finite = |name: &str, value: Option<f64>| match value {
            Some(value) if !value.is_finite() => Err(CheckParamsError::value(
                format!("{key}.{name}"),
                value,
                "a finite number",
            )),
            Some(value) if is_share && !(0.0..=1.0).contains(&value) => Err(CheckParamsError::value(
                format!("{key}.{name}"),
                value,
                "a share from 0 to 1",
            )),
            _ => Ok(()),
        };
        finite("min", self.min)?;
        finite("max", self.max)?;
        finite("max_change", self.max_change)?;
        if let Some(change) = self.max_change.filter(|&change| change <= 0.0) {
            let expected = "more than 0, such as 0.5 for half";
            return Err(CheckParamsError::value(format!("{key}.max_change"), change, expected));
        }
        if let (Some(min), Some(max)) = (self.min, self.max)
            && min > max
        {
            return Err(CheckParamsError::value(
                format!("{key}.min"),
                min,
                format!("at most `max`, {max}"),
            ));
        }
        if *self == Self::default() {
            return Err(CheckParamsError::value(key, "{}", "`min`, `max` or `max_change`"));
        }
        Ok(())
    }
}

/// Whether the column is personal; an error where it is not mapped.
fn mapped(key: &str, column: &str, source: &CheckedSource) -> Result<bool, CheckParamsError> {
    match source.columns.iter().find(|(name, _)| name == column) {
        Some((_, is_personal)) => Ok(*is_personal),
        None => {
            let names: Vec<&str> = source.columns.iter().map(|(name, _)| name.as_str()).collect();
            let expected = format!("a mapped column of source {}: {}", source.name, names.join(", "));
            Err(CheckParamsError::value(key, column, expected))
        }
    }
}

fn needs_figure(key: &str, source: &CheckedSource, is_possible: bool) -> Result<(), CheckParamsError> {
    if is_possible {
        return Ok(());
    }
    let expected = "a source whose rows have it: days are those of order lines, interactions, cases and costs, amounts and guests those of order lines";
    Err(CheckParamsError::value(key, &source.name, expected))
}

fn checked_share(key: &str, share: f64) -> Result<(), CheckParamsError> {
    if (0.0..=1.0).contains(&share) {
        return Ok(());
    }
    Err(CheckParamsError::value(key, share, "a share from 0 to 1"))
}

#[cfg(test)]
mod tests;
