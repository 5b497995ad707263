//! What one `[[source]]` entry of a pipeline may say, and the check that turns it into what runs.
//!
//! The docs of the fields are the user manual: `pipelines/README.md` says the same in tables.

use std::collections::HashMap;

use cartera_table::{Currency, DuplicatePolicy, SourceTable};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::column_params::ColumnsParams;
use crate::column_ref::ColumnRef;
use crate::columns::ColumnsValidParams;
use crate::format_params::{FormatParams, FormatValidParams};

/// One `[[source]]` entry, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SourceParams {
    /// Name of the source in the ledger, the quarantine and every message. Letters, digits, `_`
    /// and `-`. Required; unique in the pipeline.
    pub name: String,
    /// The table that the files feed: `order_lines`, `customers`, `products`, `interactions`, `cases`,
    /// `costs`, `consents`, `campaigns`, `rates`, `owners` or `suppressions`. Required.
    pub table: String,
    /// Sources that use the same customer keys share a key space; keys of different key spaces
    /// are different customers. Letters, digits, `_` and `-`. Default `main`.
    pub key_space: String,
    /// A file, a folder (all its files) or a glob. Either this or `paths` is required.
    pub path: Option<String>,
    /// Files, folders and globs, in place of `path`. Order does not matter.
    pub paths: Option<Vec<String>>,
    /// A path or glob may be without a file until one appears. Default `false`: it is an error.
    pub allow_no_files: bool,
    /// IANA time zone of times without an offset. Default the pipeline's.
    pub time_zone: Option<String>,
    /// ISO 4217 currency of money that names none: of all where no `currency` column is mapped, of empty cells
    /// where one is. Default the pipeline's. Another one needs a source of rates.
    pub currency: Option<String>,
    /// How the bytes are laid out.
    pub format: FormatParams,
    /// Which column of the file feeds which column of the table.
    pub columns: ColumnsParams,
    /// What happens to equal lines.
    pub duplicates: DuplicatesParams,
}

impl Default for SourceParams {
    fn default() -> Self {
        Self {
            name: String::new(),
            table: String::new(),
            key_space: "main".to_owned(),
            path: None,
            paths: None,
            allow_no_files: false,
            time_zone: None,
            currency: None,
            format: FormatParams::default(),
            columns: ColumnsParams::default(),
            duplicates: DuplicatesParams::default(),
        }
    }
}

/// `[source.duplicates]`, as typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DuplicatesParams {
    /// `keep`, `across_files` or `latest_by_key`. Default `across_files`.
    pub policy: DuplicatePolicy,
}

/// What a source takes from its pipeline where it says nothing itself.
#[derive(Debug, Clone, Copy)]
pub struct SourceDefaults<'a> {
    /// The pipeline's time zone.
    pub time_zone: &'a TimeZone,
    /// The pipeline's currency.
    pub currency: Currency,
}

/// A checked source. Only [`SourceParams::check`] makes one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SourceValidParams {
    /// Name in the ledger and in messages.
    pub name: String,
    /// The table that it feeds.
    pub table: SourceTable,
    /// Its customers' key space.
    pub key_space: String,
    /// Files, folders and globs as typed, at least one. The pipeline resolves them against its folder.
    pub paths: Vec<String>,
    /// Whether a path may be without a file until one appears.
    pub allow_no_files: bool,
    /// Zone of times without an offset.
    pub time_zone: TimeZone,
    /// Currency of money that names none.
    pub currency: Currency,
    /// Layout of the bytes.
    pub format: FormatValidParams,
    /// The mapped columns.
    pub columns: ColumnsValidParams,
    /// What happens to equal lines.
    pub duplicates: DuplicatePolicy,
}

/// Why a source is refused. Keys are dotted paths within the `[[source]]` entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceParamsError {
    /// A value that is not allowed.
    #[error("`{key}` is {value}, expected {expected}")]
    Value {
        /// The key.
        key: String,
        /// What was given.
        value: String,
        /// What is allowed.
        expected: String,
    },
    /// A key that is needed and not there.
    #[error("`{key}` is missing, expected {expected}")]
    Missing {
        /// The key.
        key: String,
        /// What is allowed.
        expected: String,
    },
    /// A word that is none of a list.
    #[error("`{key}` is {value:?}, expected one of {}", valid.join(", "))]
    Unknown {
        /// The key.
        key: String,
        /// The word.
        value: String,
        /// The words that are allowed.
        valid: Vec<&'static str>,
    },
    /// A column that the table does not have.
    #[error("the table {table} has no column `{column}`")]
    UnknownColumn {
        /// The column.
        column: String,
        /// The table.
        table: &'static str,
        /// The columns that it has.
        valid: Vec<&'static str>,
    },
    /// Two keys that cannot stand together.
    #[error("`{key}` does not go with `{other}`: {reason}")]
    Conflict {
        /// The key to change.
        key: String,
        /// The key that it contradicts.
        other: &'static str,
        /// Why, and what to do.
        reason: String,
    },
    /// Two columns of the table that are fed by one column of the file.
    #[error("`columns.{second}` reads column {column}, which `columns.{first}` reads already")]
    ColumnTwice {
        /// The first target.
        first: &'static str,
        /// The second target.
        second: &'static str,
        /// The column of the file.
        column: ColumnRef,
    },
}

impl SourceParamsError {
    /// The offending key as a dotted path within the `[[source]]` entry, such as
    /// `columns.ordered_at.format`; the key may be missing from the entry.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Value { key, .. }
            | Self::Missing { key, .. }
            | Self::Unknown { key, .. }
            | Self::Conflict { key, .. } => key.clone(),
            Self::UnknownColumn { column, .. } => format!("columns.{column}"),
            Self::ColumnTwice { second, .. } => format!("columns.{second}"),
        }
    }

    pub(crate) fn value(key: impl Into<String>, value: impl std::fmt::Debug, expected: impl Into<String>) -> Self {
        Self::Value {
            key: key.into(),
            value: format!("{value:?}"),
            expected: expected.into(),
        }
    }
}

impl SourceParams {
    /// Checks every key and fills in the pipeline's time zone and currency.
    ///
    /// # Errors
    /// The first key that is missing, not allowed, or contradicts another one.
    pub fn check(&self, defaults: &SourceDefaults<'_>) -> Result<SourceValidParams, SourceParamsError> {
        let name = required_slug("name", &self.name)?;
        let table = self.checked_table()?;
        let key_space = required_slug("key_space", &self.key_space)?;
        let paths = self.checked_paths()?;
        let time_zone = self.checked_time_zone(defaults)?;
        let currency = self.checked_currency(defaults)?;
        let format = self.format.check()?;
        let columns = self.columns.check(table, &self.format)?;
        self.check_duplicates(table)?;
        self.check_no_files(table)?;
        Ok(SourceValidParams {
            name,
            table,
            key_space,
            paths,
            allow_no_files: self.allow_no_files,
            time_zone,
            currency,
            format,
            columns,
            duplicates: self.duplicates.policy,
        })
    }

    fn checked_table(&self) -> Result<SourceTable, SourceParamsError> {
        let names = || SourceTable::ALL.map(SourceTable::name);
        match SourceTable::from_name(&self.table) {
            Some(table) => Ok(table),
            None if self.table.is_empty() => Err(SourceParamsError::Missing {
                key: "table".to_owned(),
                expected: format!("the table that the files feed: {}", names().join(", ")),
            }),
            None => Err(SourceParamsError::Unknown {
                key: "table".to_owned(),
                value: self.table.clone(),
                valid: names().to_vec(),
            }),
        }
    }

    /// Without its files nobody would have withdrawn anything.
    fn check_no_files(&self, table: SourceTable) -> Result<(), SourceParamsError> {
        if self.allow_no_files && table.decides_contact() {
            return Err(SourceParamsError::Conflict {
                key: "allow_no_files".to_owned(),
                other: "table",
                reason: format!(
                    "without a file of {} people would be contacted who must not be; leave the key out, and write a file of \
                     the header alone while there is nobody in it",
                    table.name()
                ),
            });
        }
        Ok(())
    }

    fn check_duplicates(&self, table: SourceTable) -> Result<(), SourceParamsError> {
        if self.duplicates.policy != DuplicatePolicy::LatestByKey {
            return Ok(());
        }
        let refused = |other, reason: &str| SourceParamsError::Conflict {
            key: "duplicates.policy".to_owned(),
            other,
            reason: reason.to_owned(),
        };
        if table != SourceTable::OrderLines {
            return Err(refused(
                "table",
                "`latest_by_key` is for order lines; the other tables have keys of their own, whose last row wins",
            ));
        }
        for (key, target) in [("columns.order_id", "order_id"), ("columns.line_number", "line_number")] {
            if !self.columns.maps(target) {
                return Err(refused(
                    key,
                    "`latest_by_key` finds a line by its order id and line number, so both must be mapped",
                ));
            }
        }
        Ok(())
    }

    fn checked_paths(&self) -> Result<Vec<String>, SourceParamsError> {
        let (key, paths) = match (&self.path, &self.paths) {
            (Some(path), None) => ("path", vec![path.clone()]),
            (None, Some(paths)) => ("paths", paths.clone()),
            (None, None) => {
                return Err(SourceParamsError::Missing {
                    key: "path".to_owned(),
                    expected: "a file, a folder or a glob, or a list of them in `paths`".to_owned(),
                });
            }
            (Some(_), Some(_)) => {
                return Err(SourceParamsError::Conflict {
                    key: "paths".to_owned(),
                    other: "path",
                    reason: "give one of the two".to_owned(),
                });
            }
        };
        if paths.is_empty() || paths.iter().any(String::is_empty) {
            return Err(SourceParamsError::value(
                key,
                &paths,
                "at least one path, none of them empty",
            ));
        }
        Ok(paths)
    }

    fn checked_time_zone(&self, defaults: &SourceDefaults<'_>) -> Result<TimeZone, SourceParamsError> {
        let Some(name) = &self.time_zone else {
            return Ok(defaults.time_zone.clone());
        };
        TimeZone::get(name).map_err(|_| {
            SourceParamsError::value(
                "time_zone",
                name,
                "an IANA time zone such as \"Europe/London\" or \"UTC\"",
            )
        })
    }

    fn checked_currency(&self, defaults: &SourceDefaults<'_>) -> Result<Currency, SourceParamsError> {
        let Some(code) = &self.currency else {
            return Ok(defaults.currency);
        };
        Currency::parse(code)
            .ok_or_else(|| SourceParamsError::value("currency", code, "an ISO 4217 currency such as \"EUR\""))
    }
}

/// Refuses sources that share a name: their lines could not be told apart in the ledger.
///
/// # Errors
/// The place of the later source, and the name.
pub fn check_unique_names(sources: &[SourceValidParams]) -> Result<(), (usize, SourceParamsError)> {
    let mut seen = HashMap::new();
    for (index, source) in sources.iter().enumerate() {
        if seen.insert(source.name.as_str(), index).is_some() {
            let error =
                SourceParamsError::value("name", &source.name, "a name that no other source of the pipeline has");
            return Err((index, error));
        }
    }
    Ok(())
}

/// Names go into ledgers, file names and prefixes of ids (`web:17850`), so they stay plain.
fn required_slug(key: &'static str, value: &str) -> Result<String, SourceParamsError> {
    const EXPECTED: &str = "letters, digits, `_` and `-`, at most 64 of them";
    if value.is_empty() {
        return Err(SourceParamsError::Missing {
            key: key.to_owned(),
            expected: EXPECTED.to_owned(),
        });
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if value.len() > 64 || !value.bytes().all(plain) {
        return Err(SourceParamsError::value(key, value, EXPECTED));
    }
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column_params::ColumnParams;

    fn plain() -> SourceParams {
        SourceParams {
            name: "orders".to_owned(),
            table: "order_lines".to_owned(),
            path: Some("orders.csv".to_owned()),
            format: FormatParams {
                date_format: Some("%Y-%m-%d".to_owned()),
                ..FormatParams::default()
            },
            columns: ColumnsParams::from([
                ("customer_key", ColumnParams::named("customer")),
                ("ordered_at", ColumnParams::named("day")),
                ("amount", ColumnParams::named("amount")),
            ]),
            ..SourceParams::default()
        }
    }

    fn check(params: &SourceParams) -> Result<SourceValidParams, SourceParamsError> {
        params.check(&SourceDefaults {
            time_zone: &TimeZone::UTC,
            currency: Currency::parse("GBP").expect("the pound"),
        })
    }

    #[track_caller]
    fn refused(change: impl FnOnce(&mut SourceParams), key: &str, words: &str) {
        let mut params = plain();
        change(&mut params);
        let error = check(&params).expect_err("the change is to be refused");
        assert_eq!(error.key(), key);
        let message = error.to_string();
        assert!(message.contains(words), "{message:?} lacks {words:?}");
    }

    fn map(params: &mut SourceParams, target: &str, column: &str) {
        params
            .columns
            .targets
            .insert(target.to_owned(), ColumnParams::named(column));
    }

    #[test]
    fn refuses_latest_by_key_of_other_tables() {
        let change = |p: &mut SourceParams| {
            p.table = "products".to_owned();
            p.columns = ColumnsParams::from([("product_id", ColumnParams::named("sku"))]);
            p.duplicates.policy = DuplicatePolicy::LatestByKey;
        };
        refused(change, "duplicates.policy", "is for order lines");
    }

    #[test]
    fn a_plain_source_takes_the_pipelines_zone_and_currency() {
        let valid = check(&plain()).expect("a plain source is valid");
        assert_eq!(valid.time_zone, TimeZone::UTC);
        assert_eq!(valid.currency.as_str(), "GBP");
        assert_eq!(valid.key_space, "main");
        assert_eq!(valid.duplicates, DuplicatePolicy::AcrossFiles);
        assert_eq!(valid.paths, ["orders.csv"]);
    }

    #[test]
    fn its_own_zone_wins() {
        let mut params = plain();
        params.time_zone = Some("Europe/London".to_owned());
        let valid = check(&params).expect("a known zone is valid");
        assert_eq!(valid.time_zone.iana_name(), Some("Europe/London"));
    }

    #[test]
    fn refuses_a_missing_name() {
        refused(|p| p.name.clear(), "name", "missing");
    }

    #[test]
    fn refuses_a_name_with_blanks() {
        refused(|p| p.name = "my orders".to_owned(), "name", "\"my orders\"");
    }

    #[test]
    fn refuses_a_key_space_with_a_colon() {
        refused(|p| p.key_space = "web:1".to_owned(), "key_space", "letters");
    }

    #[test]
    fn refuses_a_missing_table() {
        refused(|p| p.table.clear(), "table", "missing");
    }

    #[test]
    fn refuses_unknown_tables_and_lists_the_others() {
        refused(|p| p.table = "orders".to_owned(), "table", "consents");
    }

    #[test]
    fn refuses_no_path() {
        refused(|p| p.path = None, "path", "`paths`");
    }

    #[test]
    fn refuses_path_beside_paths() {
        refused(|p| p.paths = Some(vec!["a".to_owned()]), "paths", "one of");
    }

    #[test]
    fn refuses_an_empty_path() {
        refused(|p| p.path = Some(String::new()), "path", "at least one");
    }

    #[test]
    fn refuses_an_empty_list_of_paths() {
        let change = |p: &mut SourceParams| {
            p.path = None;
            p.paths = Some(Vec::new());
        };
        refused(change, "paths", "at least one");
    }

    #[test]
    fn refuses_an_unknown_time_zone() {
        let change = |p: &mut SourceParams| p.time_zone = Some("Europe/Londn".to_owned());
        refused(change, "time_zone", "IANA");
    }

    #[test]
    fn its_own_currency_wins() {
        let mut params = plain();
        params.currency = Some("EUR".to_owned());
        assert_eq!(check(&params).expect("valid").currency.as_str(), "EUR");
    }

    #[test]
    fn refuses_a_currency_that_does_not_exist() {
        let change = |p: &mut SourceParams| p.currency = Some("EURO".to_owned());
        refused(change, "currency", "is \"EURO\", expected an ISO 4217 currency");
    }

    #[test]
    fn refuses_latest_by_key_without_the_key() {
        let order_only = |p: &mut SourceParams| {
            p.duplicates.policy = DuplicatePolicy::LatestByKey;
            map(p, "order_id", "order");
        };
        refused(order_only, "duplicates.policy", "`columns.line_number`");
        let line_only = |p: &mut SourceParams| {
            p.duplicates.policy = DuplicatePolicy::LatestByKey;
            map(p, "line_number", "line");
        };
        refused(line_only, "duplicates.policy", "`columns.order_id`");
    }

    #[test]
    fn refuses_consents_and_suppressions_that_may_have_no_files() {
        let change = |p: &mut SourceParams| {
            p.table = "suppressions".to_owned();
            p.columns = ColumnsParams::from([("email", ColumnParams::named("mail"))]);
            p.allow_no_files = true;
        };
        refused(change, "allow_no_files", "the header alone");
    }

    #[test]
    fn refuses_a_name_twice() {
        let first = check(&plain()).expect("valid");
        let (index, error) = check_unique_names(&[first.clone(), first]).expect_err("twice");
        assert_eq!((index, error.key().as_str()), (1, "name"));
    }
}
