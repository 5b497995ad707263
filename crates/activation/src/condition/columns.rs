//! The columns that a condition may name.

use cartera_table::contracts::{CustomerFeatures, CustomerSegments, Customers};
use cartera_table::{ColumnDef, ColumnType, Contract, ContractInfo};
use polars::prelude::{DataFrame, PlSmallStr, Schema};

use super::error::ConditionError;

/// The table whose columns are the signals, one each.
const SIGNALS: &str = "signals";
/// What the column of a signal begins with.
const SIGNAL_PREFIX: &str = "signal_";
/// Columns of customers that are keys of its files, not of the customer.
const NOT_OF_CUSTOMERS: [&str; 3] = ["customer_id", "key_space", "source_key"];

/// A column that a condition may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownColumn {
    /// The table that it is from.
    pub table: &'static str,
    /// Its name there; that of a signal for signals.
    pub name: String,
    /// Its name in the base: with its table before it where an earlier table has one of this name.
    pub base_name: String,
    /// Its type.
    pub column_type: ColumnType,
    /// The values that it may hold; none where any may.
    pub allowed_values: Vec<String>,
    /// Whether it can tell who a person is.
    pub personal: bool,
}

/// All columns that a condition may name: those of customer_features, customer_segments and customers, and one a signal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownColumns {
    columns: Vec<KnownColumn>,
}

impl KnownColumns {
    /// The columns of the published tables, and of these signals. `labels` are the values of columns that the pipeline
    /// decides, such as `rfm_segment`: only these can be asked for.
    #[must_use]
    pub fn new(signals: &[&str], labels: &[(&str, Vec<String>)]) -> Self {
        let mut known = Self::default();
        known.add(&CustomerFeatures::INFO, &[]);
        known.add(&CustomerSegments::INFO, &["customer_id"]);
        known.add(&Customers::INFO, &NOT_OF_CUSTOMERS);
        for (column, values) in labels {
            let labelled = known
                .columns
                .iter_mut()
                .find(|known| known.table == CustomerSegments::INFO.name && known.name == *column);
            if let Some(labelled) = labelled {
                labelled.allowed_values.clone_from(values);
            }
        }
        known.columns.extend(signals.iter().map(|signal| KnownColumn {
            table: SIGNALS,
            name: (*signal).to_owned(),
            base_name: format!("{SIGNAL_PREFIX}{signal}"),
            column_type: ColumnType::Boolean,
            allowed_values: Vec::new(),
            personal: false,
        }));
        known
    }

    fn add(&mut self, table: &ContractInfo, except: &[&str]) {
        let defined = table.columns.iter().filter(|column| !except.contains(&column.name));
        for column in defined {
            let is_taken = self.columns.iter().any(|known| known.base_name == column.name);
            // Both tables of labels say the stage: it is the same.
            if is_taken && table.name == CustomerSegments::INFO.name {
                continue;
            }
            self.columns.push(known_column(table.name, column, is_taken));
        }
    }

    /// Finds a column by the name that a condition has for it.
    ///
    /// # Errors
    /// When there is none: it names the one that is most like it.
    pub(crate) fn find(&self, table: Option<&str>, name: &str) -> Result<&KnownColumn, ConditionError> {
        let Some(table) = table else {
            let found = self.columns.iter().find(|column| column.base_name == name);
            return found.ok_or_else(|| ConditionError::UnknownColumn {
                name: name.to_owned(),
                nearest: nearest(name, self.columns.iter().map(|column| column.base_name.as_str())),
            });
        };
        let tables = [
            CustomerFeatures::INFO.name,
            CustomerSegments::INFO.name,
            Customers::INFO.name,
            SIGNALS,
        ];
        if !tables.contains(&table) {
            return Err(ConditionError::UnknownTable {
                table: table.to_owned(),
            });
        }
        let of_table = || self.columns.iter().filter(|column| column.table == table);
        let found = of_table().find(|column| column.name == name);
        // What both tables of labels say stands once.
        let found = found.or_else(|| {
            self.columns.iter().find(|column| {
                column.table != SIGNALS
                    && column.name == name
                    && table == CustomerSegments::INFO.name
                    && CustomerSegments::INFO.column(name).is_some()
            })
        });
        found.ok_or_else(|| ConditionError::UnknownColumn {
            name: format!("{table}.{name}"),
            nearest: nearest(name, of_table().map(|column| column.name.as_str())),
        })
    }

    /// The column of this name in the base.
    #[must_use]
    pub fn of_base(&self, base_name: &str) -> Option<&KnownColumn> {
        self.columns.iter().find(|column| column.base_name == base_name)
    }

    /// Finds a column that a list asks for, as a condition would.
    ///
    /// # Errors
    /// When there is none: it names the one that is most like it.
    pub fn named(&self, name: &str) -> Result<&KnownColumn, ConditionError> {
        match name.split_once('.') {
            Some((table, name)) => self.find(Some(table), name),
            None => self.find(None, name),
        }
    }

    /// A frame with these columns and no row.
    pub(crate) fn empty_frame(&self) -> DataFrame {
        let fields = self
            .columns
            .iter()
            .map(|column| (PlSmallStr::from_str(&column.base_name), column.column_type.data_type()));
        DataFrame::empty_with_schema(&Schema::from_iter(fields))
    }
}

fn known_column(table: &'static str, column: &ColumnDef, is_taken: bool) -> KnownColumn {
    KnownColumn {
        table,
        name: column.name.to_owned(),
        base_name: if is_taken {
            format!("{table}.{}", column.name)
        } else {
            column.name.to_owned()
        },
        column_type: column.column_type,
        allowed_values: column.allowed_values.iter().map(|&value| value.to_owned()).collect(),
        personal: column.personal,
    }
}

/// The word that is most like the given one, if any is like it at all.
pub(crate) fn nearest<'a>(given: &str, words: impl Iterator<Item = &'a str>) -> Option<String> {
    const LIKE_ENOUGH: f64 = 0.75;
    words
        .map(|word| (strsim::jaro_winkler(given, word), word))
        .filter(|(likeness, _)| *likeness >= LIKE_ENOUGH)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, word)| word.to_owned())
}
