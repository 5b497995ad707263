//! A table in words, whether a contract of this build says them or the file of another version.

use crate::contract::{ColumnDef, ColumnType, ContractInfo};

/// A published table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDescription {
    /// Its name, also its file's.
    pub name: String,
    /// What one row is.
    pub description: String,
    /// The columns that tell one row from another.
    pub grain: Vec<String>,
    /// All its columns, in order.
    pub columns: Vec<ColumnDescription>,
    /// Whether it can hold personal data.
    pub personal: bool,
}

/// A column of a published table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDescription {
    /// Its name.
    pub name: String,
    /// Its type.
    pub column_type: ColumnType,
    /// Whether it may hold nulls.
    pub nullable: bool,
    /// What it means, with its unit.
    pub description: String,
}

impl From<&ContractInfo> for TableDescription {
    fn from(contract: &ContractInfo) -> Self {
        Self {
            name: contract.name.to_owned(),
            description: contract.description.to_owned(),
            grain: contract.grain.iter().map(|&name| name.to_owned()).collect(),
            columns: contract.columns.iter().map(ColumnDescription::from).collect(),
            personal: contract.personal,
        }
    }
}

impl From<&ColumnDef> for ColumnDescription {
    fn from(column: &ColumnDef) -> Self {
        Self {
            name: column.name.to_owned(),
            column_type: column.column_type,
            nullable: column.nullable,
            description: column.meaning(),
        }
    }
}
