//! What is wrong with a condition.

use thiserror::Error;

/// Why an SQL expression was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConditionError {
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// It is not SQL.
    #[error("it is no SQL expression: {message}")]
    Syntax {
        /// What the parser says, with line and column.
        message: String,
    },
    /// It names a table that conditions do not look at.
    #[error("there is no table `{table}` here: customer_features, customer_segments, customers and signals are there")]
    UnknownTable {
        /// The table.
        table: String,
    },
    /// It names a column that is not there.
    #[error("there is no column `{name}`{}", did_you_mean(nearest.as_deref()))]
    UnknownColumn {
        /// The column.
        name: String,
        /// The one that is most like it.
        nearest: Option<String>,
    },
    /// It compares a column with a value that the column never has.
    #[error("{column} is never '{value}'{}: {}", did_you_mean(nearest.as_deref()), values.join(", "))]
    UnknownValue {
        /// The column.
        column: String,
        /// The value.
        value: String,
        /// The one that is most like it.
        nearest: Option<String>,
        /// Those that there are.
        values: Vec<String>,
    },
    /// It compares a day with text that is none.
    #[error(
        "`{column}` is a day, and {value} is none: days are written year, month, day in quotes, such as '2025-12-31'"
    )]
    NoDay {
        /// The column.
        column: String,
        /// The text.
        value: String,
    },
    /// It compares a column with a value of another kind.
    #[error("`{column}` is {kind}, and {value} is not")]
    OtherKind {
        /// The column.
        column: String,
        /// What it is.
        kind: &'static str,
        /// The value.
        value: String,
    },
    /// It looks beyond the row.
    #[error("{what} cannot stand here: the expression looks at one customer at a time")]
    NotOfARow {
        /// What it has.
        what: &'static str,
    },
    /// It gives one value for all customers.
    #[error("it gives one value for all customers, not one for each")]
    OneForAll,
    /// It is of another type than is asked for here.
    #[error("it is {found}, and should be {expected}")]
    Type {
        /// What it is.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
    /// polars does not know it, its types do not fit, or it cannot be computed from any text or number.
    #[error("it cannot be computed: {message}")]
    Unsupported {
        /// What polars says of made-up values.
        message: String,
    },
    /// It cannot be computed from the values that there are. What polars says is left out: it quotes them.
    #[error("`{expression}` cannot be computed from the values of {}", columns.join(", "))]
    NotComputed {
        /// The expression, without the values that personal columns are compared with.
        expression: String,
        /// The columns that it looks at.
        columns: Vec<String>,
    },
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`?"))
}
