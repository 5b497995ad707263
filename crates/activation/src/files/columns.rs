//! The columns that a list's file may have.

use cartera_table::contracts::{CustomerFeatures, CustomerSegments, Customers, TargetDecisions};
use cartera_table::{Contract, ContractInfo, Unit};

use super::error::FilesError;
use crate::condition::KnownColumns;

/// Columns of the list's own decisions.
const OF_LIST: [&str; 3] = ["rank", "expected_value", "listed_since"];

/// A column of a list's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileColumn {
    /// Its name in the file, and in the frame of the members.
    pub(super) name: String,
    /// What its numbers are of.
    pub(super) unit: Unit,
    /// What it tells.
    pub(super) description: &'static str,
    /// Whether it comes from the base, and not from the decisions.
    pub(super) is_of_base: bool,
}

/// The column that a pipeline asks for by this name.
pub(super) fn file_column(name: &str, known: &KnownColumns) -> Result<FileColumn, FilesError> {
    if OF_LIST.contains(&name)
        && let Some(column) = TargetDecisions::INFO.column(name)
    {
        return Ok(FileColumn {
            name: name.to_owned(),
            unit: column.unit,
            description: column.description,
            is_of_base: false,
        });
    }
    let column = known.named(name).map_err(|error| FilesError::Column { error })?;
    let tables: [&ContractInfo; 3] = [&CustomerFeatures::INFO, &CustomerSegments::INFO, &Customers::INFO];
    let defined = tables
        .iter()
        .find(|table| table.name == column.table)
        .and_then(|table| table.column(&column.name));
    Ok(FileColumn {
        name: column.base_name.clone(),
        unit: defined.map_or(Unit::None, |defined| defined.unit),
        description: defined.map_or("Whether the customer has the signal.", |defined| defined.description),
        is_of_base: true,
    })
}
