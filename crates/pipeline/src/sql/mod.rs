//! Questions in SQL to what a warehouse has published: `cartera sql`.
//!
//! A table of the run is asked by its name, and all days at once by its name with `_history` behind it. What a query
//! names is found out first, so that nothing else is opened, and so that a slip is told with what was probably meant.

mod error;
mod names;
mod tables;

pub use error::SqlError;
pub use tables::{SqlTable, sql_tables};

use polars::prelude::{DataFrame, LazyFrame};
use polars::sql::SQLContext;

use crate::store::{RunRef, RunSelector, Warehouse};
use names::TableNames;
use tables::Opened;

/// What a query answers.
#[derive(Debug, Clone)]
pub struct SqlAnswer {
    /// The rows.
    pub rows: DataFrame,
    /// The run that was asked.
    pub run: RunRef,
    /// Whether it was made of a table or of another file that can hold personal data.
    pub personal: bool,
}

/// The answer to one query that reads.
///
/// # Errors
/// When there is no such run, the query is not understood or does more than read, or a file cannot be read.
pub fn sql(warehouse: &Warehouse, run: &RunSelector, query: &str) -> Result<SqlAnswer, SqlError> {
    let names = TableNames::of(query)?;
    let opened = Opened::new(warehouse, run, &names)?;
    let mut context = SQLContext::new();
    for (name, frame) in &opened.frames {
        context.register(name, frame.clone());
    }
    let answer = context.execute(query).and_then(LazyFrame::collect);
    Ok(SqlAnswer {
        rows: answer.map_err(|source| SqlError::of_engine(source, &opened, &names))?,
        run: opened.run,
        // What stands in files that the query names is not known.
        personal: opened.personal || names.reads_others(),
    })
}

/// The valid word that is most like the given one, if any is like it at all.
fn nearest<'a>(given: &str, valid: impl Iterator<Item = &'a str>) -> Option<String> {
    const LIKE_ENOUGH: f64 = 0.75;
    valid
        .map(|word| (strsim::jaro_winkler(&given.to_lowercase(), &word.to_lowercase()), word))
        .filter(|(likeness, _)| *likeness >= LIKE_ENOUGH)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, word)| word.to_owned())
}
