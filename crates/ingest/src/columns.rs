//! The columns of a source, checked against the contract of its table.

use std::collections::HashMap;
use std::sync::Arc;

use cartera_raw::DateFormats;
use cartera_table::{ColumnDef, ColumnType, ContractInfo, Currency, Filling, SourceTable};

use crate::column_params::{ColumnParams, ColumnsParams, date_formats};
use crate::column_ref::ColumnRef;
use crate::constant::Constant;
use crate::file_type::FileType;
use crate::format_params::FormatParams;
use crate::source_params::SourceParamsError;

/// The checked columns of a source, in the order of its table's contract.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnsValidParams {
    columns: Vec<MappedColumn>,
}

/// A column of the table and what feeds it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MappedColumn {
    /// The column of the table.
    pub definition: &'static ColumnDef,
    /// What feeds it.
    pub feed: Feed,
}

/// What feeds a column of a table.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Feed {
    /// A column of the file.
    File(Box<FileColumn>),
    /// The same value in every row.
    Constant(Constant),
}

/// A column of a file and how its cells are read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FileColumn {
    /// Which.
    pub column: ColumnRef,
    /// The formats of its dates, where it holds dates.
    pub date_formats: Option<DateFormats>,
    /// What the source's values mean; none where they stay as they are.
    pub values: Option<Arc<HashMap<String, String>>>,
}

impl ColumnsValidParams {
    /// All columns that are fed, in the order of the contract.
    pub fn iter(&self) -> impl Iterator<Item = &MappedColumn> {
        self.columns.iter()
    }

    /// What feeds a column of the table.
    #[must_use]
    pub fn get(&self, target: &str) -> Option<&MappedColumn> {
        self.columns.iter().find(|column| column.definition.name == target)
    }

    /// The columns of the table that columns of the files feed.
    pub fn read_from_files(&self) -> impl Iterator<Item = &'static ColumnDef> {
        let is_read = |column: &&MappedColumn| matches!(column.feed, Feed::File { .. });
        self.columns.iter().filter(is_read).map(|column| column.definition)
    }

    /// Whether something feeds a column of the table.
    #[must_use]
    pub fn maps(&self, target: &str) -> bool {
        self.get(target).is_some()
    }

    /// Whether the times of a column are instants, because the file gives an offset with each.
    #[must_use]
    pub fn has_offset(&self, target: &str) -> bool {
        self.get(target).is_some_and(MappedColumn::has_offset)
    }
}

impl MappedColumn {
    /// Whether its times are instants, because the file gives an offset with each.
    #[must_use]
    pub fn has_offset(&self) -> bool {
        let Feed::File(file) = &self.feed else {
            return false;
        };
        file.date_formats.as_ref().is_some_and(DateFormats::has_offset)
    }
}

impl ColumnsParams {
    /// Checks the columns against the table that they feed, beside the layout that they are read from.
    pub(crate) fn check(
        &self,
        table: SourceTable,
        format: &FormatParams,
    ) -> Result<ColumnsValidParams, SourceParamsError> {
        let contract = table.contract();
        self.check_names(contract)?;
        self.check_references(contract, format)?;
        self.check_presence(table)?;
        let columns = contract
            .mappable()
            .filter_map(|definition| Some((definition, self.targets.get(definition.name)?)))
            .map(|(definition, params)| {
                Ok(MappedColumn {
                    definition,
                    feed: feed(definition, params, format)?,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(ColumnsValidParams { columns })
    }

    fn check_names(&self, contract: &'static ContractInfo) -> Result<(), SourceParamsError> {
        let is_known = |target: &String| contract.mappable().any(|column| column.name == target);
        match self.targets.keys().find(|target| !is_known(target)) {
            None => Ok(()),
            Some(target) => Err(SourceParamsError::UnknownColumn {
                column: target.clone(),
                table: contract.name,
                valid: contract.mappable().map(|column| column.name).collect(),
            }),
        }
    }

    /// What is mapped, in the order of the contract, so that the same file always has the same first error.
    fn in_order(&self, contract: &ContractInfo) -> impl Iterator<Item = (&'static ColumnDef, &ColumnParams)> {
        contract
            .mappable()
            .filter_map(|definition| Some((definition, self.targets.get(definition.name)?)))
    }

    fn check_references(&self, contract: &ContractInfo, format: &FormatParams) -> Result<(), SourceParamsError> {
        let mut seen: Vec<(&'static str, &ColumnRef)> = Vec::new();
        for (definition, params) in self.in_order(contract) {
            let key = format!("columns.{}", definition.name);
            let Some(column) = &params.column else { continue };
            if let ColumnRef::Name(name) = column {
                if name.is_empty() {
                    return Err(SourceParamsError::value(
                        key,
                        name,
                        "the name of a column, or its position counted from 1",
                    ));
                }
                if !format.header && format.file_type != FileType::Json.slug() {
                    return Err(SourceParamsError::Conflict {
                        key,
                        other: "format.header = false",
                        reason: format!(
                            "a file without a header has no column {name:?}; give its position, counted from 1"
                        ),
                    });
                }
            }
            if let (ColumnRef::Position(position), true) = (column, format.file_type == FileType::Json.slug()) {
                return Err(SourceParamsError::Conflict {
                    key,
                    other: "format.type = \"json\"",
                    reason: format!(
                        "a JSON object has no field {position}; give its name, with dots for one within another object"
                    ),
                });
            }
            if let Some((first, _)) = seen.iter().find(|(_, known)| *known == column) {
                return Err(SourceParamsError::ColumnTwice {
                    first,
                    second: definition.name,
                    column: column.clone(),
                });
            }
            seen.push((definition.name, column));
        }
        Ok(())
    }

    fn check_presence(&self, table: SourceTable) -> Result<(), SourceParamsError> {
        let missing = |target: &str, expected: String| SourceParamsError::Missing {
            key: format!("columns.{target}"),
            expected,
        };
        for definition in table.contract().mappable() {
            if definition.filling == Filling::Mapped && !self.maps(definition.name) {
                let meaning = definition.description.trim_end_matches('.');
                return Err(missing(definition.name, format!("the column with: {meaning}")));
            }
        }
        let any = |targets: &[&str]| targets.iter().any(|target| self.maps(target));
        match table.needs_one_of() {
            [] => {}
            targets if any(targets) => {}
            targets => return Err(missing(targets[0], format!("one of {}", backticked(targets)))),
        }
        if table == SourceTable::OrderLines && !self.maps("amount") {
            const FACTORS: [&str; 2] = ["quantity", "unit_price"];
            let expected = || "`amount`, or both `quantity` and `unit_price`".to_owned();
            if !any(&FACTORS) {
                return Err(missing("amount", expected()));
            }
            if let Some(factor) = FACTORS.into_iter().find(|factor| !self.maps(factor)) {
                return Err(missing(factor, expected()));
            }
        }
        Ok(())
    }
}

fn feed(
    definition: &'static ColumnDef,
    params: &ColumnParams,
    format: &FormatParams,
) -> Result<Feed, SourceParamsError> {
    let key = format!("columns.{}", definition.name);
    let is_date = matches!(definition.column_type, ColumnType::Date | ColumnType::Timestamp);
    let own = [
        ("format", params.format.as_ref().map(std::slice::from_ref)),
        ("formats", params.formats.as_deref()),
    ];
    for (name, patterns) in own {
        if let Some(patterns) = patterns.filter(|_| !is_date) {
            return Err(SourceParamsError::value(
                format!("{key}.{name}"),
                patterns.join("\", \""),
                format!("no {name} here: `{}` holds no dates", definition.name),
            ));
        }
    }
    match (&params.column, &params.value) {
        (Some(column), None) => Ok(Feed::File(Box::new(FileColumn {
            column: column.clone(),
            date_formats: if is_date {
                Some(date_formats(definition.name, params, format)?)
            } else {
                None
            },
            values: checked_values(definition, params, &key)?,
        }))),
        (None, Some(value)) => constant(definition, params, value, &key),
        (None, None) => Err(SourceParamsError::Missing {
            key: format!("{key}.column"),
            expected: "the name or the position of a column, or a `value` for every row".to_owned(),
        }),
        (Some(_), Some(_)) => Err(SourceParamsError::Conflict {
            key: format!("{key}.value"),
            other: "column",
            reason: "give one of the two".to_owned(),
        }),
    }
}

fn constant(
    definition: &'static ColumnDef,
    params: &ColumnParams,
    value: &str,
    key: &str,
) -> Result<Feed, SourceParamsError> {
    for (name, is_given) in [
        ("format", params.format.is_some()),
        ("formats", params.formats.is_some()),
        ("values", !params.values.is_empty()),
    ] {
        if is_given {
            return Err(SourceParamsError::Conflict {
                key: format!("{key}.{name}"),
                other: "value",
                reason: "a value for every row is written as the table has it".to_owned(),
            });
        }
    }
    check_allowed(definition, &format!("{key}.value"), value)?;
    Constant::parse(definition.column_type, value)
        .map(Feed::Constant)
        .map_err(|expected| SourceParamsError::value(format!("{key}.value"), value, expected))
}

fn checked_values(
    definition: &'static ColumnDef,
    params: &ColumnParams,
    key: &str,
) -> Result<Option<Arc<HashMap<String, String>>>, SourceParamsError> {
    if params.values.is_empty() {
        return Ok(None);
    }
    let (ColumnType::Text | ColumnType::Boolean | ColumnType::Int32 | ColumnType::Int64) = definition.column_type
    else {
        return Err(SourceParamsError::Conflict {
            key: format!("{key}.values"),
            other: "column",
            reason: format!(
                "`{}` is a {}: only texts, whole numbers and true or false can be translated",
                definition.name,
                definition.column_type.name()
            ),
        });
    };
    for (theirs, ours) in &params.values {
        let key = format!("{key}.values.{theirs}");
        if ours.is_empty() {
            continue;
        }
        check_allowed(definition, &key, ours)?;
        Constant::parse(definition.column_type, ours)
            .map_err(|expected| SourceParamsError::value(key, ours, format!("{expected}, or \"\" for no value")))?;
    }
    let values = params.values.iter();
    Ok(Some(Arc::new(
        values
            .map(|(theirs, ours)| (theirs.trim().to_owned(), ours.clone()))
            .collect(),
    )))
}

fn check_allowed(definition: &'static ColumnDef, key: &str, value: &str) -> Result<(), SourceParamsError> {
    // An empty translation means "no value".
    if definition.name == "currency" && !value.is_empty() && Currency::parse(value).is_none() {
        let expected = "an ISO 4217 currency such as \"EUR\"";
        return Err(SourceParamsError::value(key, value, expected));
    }
    if definition.allowed_values.is_empty() || definition.allowed_values.contains(&value) {
        return Ok(());
    }
    Err(SourceParamsError::Unknown {
        key: key.to_owned(),
        value: value.to_owned(),
        valid: definition.allowed_values.to_vec(),
    })
}

fn backticked(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests;
