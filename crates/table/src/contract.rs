//! What a table promises: its columns, their types and units, and its grain.
//!
//! A contract is data, so that the writer of files, the catalogue and the checks read the same one.

use polars::prelude::{DataType, TimeUnit};

/// The type of a column, as readers of the published file see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// UTF-8 text.
    Text,
    /// True or false.
    Boolean,
    /// A small whole number: days, scores, classes.
    Int32,
    /// A whole number: counts.
    Int64,
    /// A measure that is not money: shares, indices, model values.
    Float64,
    /// A calendar day.
    Date,
    /// A wall-clock time without zone, in microseconds.
    Timestamp,
    /// An exact decimal.
    Decimal {
        /// Digits in all.
        precision: u8,
        /// Digits after the separator.
        scale: u8,
    },
}

impl ColumnType {
    /// A line's or an order's amount of money.
    pub const AMOUNT: Self = Self::Decimal {
        precision: 18,
        scale: 4,
    };
    /// A sum of amounts.
    pub const SUM: Self = Self::Decimal {
        precision: 38,
        scale: 4,
    };
    /// A quantity or a unit price.
    pub const QUANTITY: Self = Self::Decimal {
        precision: 18,
        scale: 6,
    };

    /// The frame type that holds the column.
    #[must_use]
    pub fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::String,
            Self::Boolean => DataType::Boolean,
            Self::Int32 => DataType::Int32,
            Self::Int64 => DataType::Int64,
            Self::Float64 => DataType::Float64,
            Self::Date => DataType::Date,
            Self::Timestamp => DataType::Datetime(TimeUnit::Microseconds, None),
            Self::Decimal { precision, scale } => DataType::Decimal(precision.into(), scale.into()),
        }
    }
}

/// The unit of a column, for the catalogue and the column description in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Text, flags, dates, ids and scores have none.
    None,
    /// The pipeline's currency.
    Money,
    /// Days.
    Days,
    /// A number of things.
    Count,
    /// A fraction from 0 to 1.
    Share,
    /// As the feature that the row names.
    OfFeature,
}

impl Unit {
    /// The word for the catalogue; none where there is no unit.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Money => Some("pipeline currency"),
            Self::Days => Some("days"),
            Self::Count => Some("count"),
            Self::Share => Some("share, 0 to 1"),
            Self::OfFeature => Some("unit of the feature"),
        }
    }
}

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnDef {
    /// The column's name.
    pub name: &'static str,
    /// Its type.
    pub column_type: ColumnType,
    /// Whether it may hold nulls.
    pub nullable: bool,
    /// Its unit.
    pub unit: Unit,
    /// What it means, in one sentence, and what null means.
    pub description: &'static str,
}

impl ColumnDef {
    /// A column that never holds nulls.
    #[must_use]
    pub const fn required(name: &'static str, column_type: ColumnType, unit: Unit, description: &'static str) -> Self {
        Self {
            name,
            column_type,
            nullable: false,
            unit,
            description,
        }
    }

    /// A column that may hold nulls.
    #[must_use]
    pub const fn nullable(name: &'static str, column_type: ColumnType, unit: Unit, description: &'static str) -> Self {
        Self {
            name,
            column_type,
            nullable: true,
            unit,
            description,
        }
    }
}

/// A table's name, grain and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContractInfo {
    /// The table's name, also its file's.
    pub name: &'static str,
    /// What one row is.
    pub description: &'static str,
    /// All its columns, in order.
    pub columns: &'static [ColumnDef],
    /// The columns that tell one row from another; rows are sorted by them. Nulls sort first.
    /// Empty for the batches of a stream, which have no order.
    pub grain: &'static [&'static str],
    /// Whether it can hold personal data, so that its file is written for the owner alone.
    pub personal: bool,
}

impl ContractInfo {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&'static ColumnDef> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// A table's contract as a type, so that a checked table of one contract cannot be taken for another.
pub trait Contract: Send + Sync + 'static {
    /// The contract itself.
    const INFO: ContractInfo;
}
