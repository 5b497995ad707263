//! What is wrong with a question.

use polars::error::PolarsError;
use polars::sql::keywords::all_functions;
use thiserror::Error;

use super::names::TableNames;
use super::nearest;
use super::tables::Opened;
use crate::store::{RunRef, StoreError, first_paragraph};

/// Why a query was not answered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SqlError {
    /// The warehouse cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is nothing in it.
    #[error("the query is empty")]
    Empty,
    /// There are several statements.
    #[error("one query at a time is answered")]
    Several,
    /// It would change something.
    #[error("published tables are only read: this would {verb}")]
    Writes {
        /// What it would do.
        verb: String,
    },
    /// It asks what tables and columns there are.
    #[error("{verb} is no query")]
    Describes {
        /// The word that it begins with.
        verb: String,
    },
    /// A part that the query itself names reads a table of the same name.
    #[error("{name} is a part of the query itself, and is read before that part is there")]
    OwnName {
        /// The name.
        name: String,
    },
    /// It is not SQL.
    #[error("this is no SQL: {message}")]
    Syntax {
        /// What the parser says, with line and column.
        message: String,
    },
    /// It names a table that the run does not have.
    #[error("run {run} has no table {table}")]
    UnknownTable {
        /// The run.
        run: RunRef,
        /// The table.
        table: String,
        /// The one that is most like it.
        nearest: Option<String>,
    },
    /// It names a column that its tables do not have.
    #[error("there is no column {column} in {}", tables.join(", "))]
    UnknownColumn {
        /// The column.
        column: String,
        /// The tables of the query.
        tables: Vec<String>,
        /// The column that is most like it.
        nearest: Option<String>,
    },
    /// It calls a function that is not there.
    #[error("there is no function {function}")]
    UnknownFunction {
        /// The function.
        function: String,
        /// The one that is most like it.
        nearest: Option<String>,
    },
    /// The engine cannot answer it.
    #[error("the query cannot be answered: {message}")]
    Engine {
        /// What it says.
        message: String,
    },
}

impl SqlError {
    /// What the engine says, in fewer words: it adds its whole plan, and all columns of wide tables.
    pub(super) fn of_engine(error: PolarsError, opened: &Opened, names: &TableNames) -> Self {
        let is_column = matches!(innermost(&error), PolarsError::ColumnNotFound(_));
        let message = error.to_string();
        let column = if is_column {
            quoted(&message, '"')
        } else {
            // As the engine says it of a column with its table in front.
            let of_table = message.split_once("no column named ");
            of_table.and_then(|(_, column)| quoted(column, '\''))
        };
        if let Some(name) = message
            .split_once("relation ")
            .and_then(|(_, name)| quoted(name, '\''))
            .filter(|name| names.is_own(name))
        {
            return Self::OwnName { name };
        }
        if let Some(column) = column {
            let columns = opened.columns();
            return Self::UnknownColumn {
                nearest: nearest(&column, columns.iter().map(String::as_str)),
                tables: opened.names(),
                column,
            };
        }
        if let Some((_, function)) = message.split_once("unsupported function ")
            && let Some(function) = quoted(function, '\'')
        {
            return Self::UnknownFunction {
                nearest: nearest(&function, all_functions().into_iter()),
                function,
            };
        }
        Self::Engine {
            message: first_paragraph(&message),
        }
    }

    /// What to do about it, where that does not follow from the message.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let meant = |nearest: &Option<String>| nearest.as_ref().map(|nearest| format!("did you mean {nearest}? "));
        Some(match self {
            Self::Store(error) => return error.hint(),
            Self::Empty => "write it in quotes, as in cartera sql \"select * from kpis\", or give it with --file".to_owned(),
            Self::Several | Self::Writes { .. } => "a query is one select, with as many parts as it needs".to_owned(),
            Self::Describes { .. } => {
                "cartera sql --tables lists the tables, cartera schema TABLE tells the columns of one".to_owned()
            }
            Self::OwnName { name } => {
                format!("give that part another name, such as own_{name}: a name is one table in the whole query")
            }
            Self::Syntax { .. } => "a text stands in single quotes, a name with other signs than letters in double ones".to_owned(),
            Self::UnknownTable { nearest, .. } => {
                meant(nearest).unwrap_or_default() + "cartera sql --tables lists them; each has all days as its name and _history"
            }
            Self::UnknownColumn { nearest, .. } => {
                meant(nearest).unwrap_or_default() + "cartera schema TABLE lists them; a text stands in single quotes"
            }
            Self::UnknownFunction { nearest, .. } => {
                meant(nearest).unwrap_or_default()
                    + "the SQL is that of polars: https://docs.pola.rs/api/python/stable/reference/sql; files are open to other engines too, see docs/reading.md"
            }
            Self::Engine { .. } => {
                "the SQL is that of polars, which does not know all of the standard; DuckDB reads the same files, see docs/reading.md".to_owned()
            }
        })
    }
}

fn innermost(error: &PolarsError) -> &PolarsError {
    match error {
        PolarsError::Context { error, .. } => innermost(error),
        other => other,
    }
}

/// The first text between two quotes.
fn quoted(text: &str, quote: char) -> Option<String> {
    let (_, rest) = text.split_once(quote)?;
    Some(rest.split_once(quote)?.0.to_owned())
}
