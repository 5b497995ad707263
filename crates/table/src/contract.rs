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
    /// A sum of quantities.
    pub const QUANTITY_SUM: Self = Self::Decimal {
        precision: 38,
        scale: 6,
    };
    /// What one unit of a currency is worth in another.
    pub const RATE: Self = Self::Decimal {
        precision: 18,
        scale: 10,
    };

    /// The word for people: `text`, `date`, `decimal(18, 4)`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Boolean => "boolean".to_owned(),
            Self::Int32 => "int32".to_owned(),
            Self::Int64 => "int64".to_owned(),
            Self::Float64 => "float64".to_owned(),
            Self::Date => "date".to_owned(),
            Self::Timestamp => "timestamp".to_owned(),
            Self::Decimal { precision, scale } => format!("decimal({precision}, {scale})"),
        }
    }

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
    /// The currency that the row names, else that of its source.
    OfRow,
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
            Self::OfRow => Some("currency of the row"),
            Self::Days => Some("days"),
            Self::Count => Some("count"),
            Self::Share => Some("share, 0 to 1"),
            Self::OfFeature => Some("unit of the feature"),
        }
    }
}

/// How a column of a source table is filled. For other tables it means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling {
    /// The pipeline maps it, always.
    Mapped,
    /// The pipeline maps it where the source has it; else it is null.
    MappedIfPresent,
    /// The pipeline maps it, or it follows from other columns or from the source, as its description says.
    MappedOrDerived,
    /// The reader fills it; it cannot be mapped.
    Reader,
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
    /// How it is filled, where it is a source table's.
    pub filling: Filling,
    /// The values that it may hold; empty where any may.
    pub allowed_values: &'static [&'static str],
    /// Whether it can tell who a person is, so that messages and the quarantine show its shape only.
    pub personal: bool,
    /// Whether a batch of a stream may come without it, where its source has nothing to say: what is
    /// not there costs nothing on the way. Never so in a published table.
    pub optional: bool,
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
            filling: Filling::Mapped,
            allowed_values: &[],
            personal: false,
            optional: false,
            unit,
            description,
        }
    }

    /// A column that may hold nulls.
    #[must_use]
    pub const fn nullable(name: &'static str, column_type: ColumnType, unit: Unit, description: &'static str) -> Self {
        Self {
            nullable: true,
            filling: Filling::MappedIfPresent,
            ..Self::required(name, column_type, unit, description)
        }
    }

    /// The same, filled in another way than its nullability tells.
    #[must_use]
    pub const fn filled(self, filling: Filling) -> Self {
        Self { filling, ..self }
    }

    /// The same, with a closed list of values.
    #[must_use]
    pub const fn one_of(self, allowed_values: &'static [&'static str]) -> Self {
        Self { allowed_values, ..self }
    }

    /// The same, able to tell who a person is.
    #[must_use]
    pub const fn personal(self) -> Self {
        Self { personal: true, ..self }
    }

    /// The same, which a batch of a stream may come without.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// What it means, with its unit: for readers of files and databases, who see no catalogue.
    #[must_use]
    pub fn meaning(&self) -> String {
        match self.unit.name() {
            Some(unit) => format!("{} Unit: {unit}.", self.description),
            None => self.description.to_owned(),
        }
    }

    /// Whether a pipeline may map it.
    #[must_use]
    pub const fn is_mappable(&self) -> bool {
        !matches!(self.filling, Filling::Reader)
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

    /// The columns that a pipeline may map, where it is a source table's.
    pub fn mappable(&self) -> impl Iterator<Item = &'static ColumnDef> + use<> {
        self.columns.iter().filter(|column| column.is_mappable())
    }
}

/// A table's contract as a type, so that a checked table of one contract cannot be taken for another.
pub trait Contract: Send + Sync + 'static {
    /// The contract itself.
    const INFO: ContractInfo;
}
