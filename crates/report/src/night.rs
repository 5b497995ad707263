//! The run that a report tells of.

use jiff::civil::Date;

use crate::words::Locale;

/// What a report says of its run beside the tables.
#[derive(Debug, Clone)]
pub struct Night {
    /// The pipeline's name.
    pub pipeline: String,
    /// The day up to which everything counts.
    pub as_of: Date,
    /// The day of the run that it is compared with, if there was one.
    pub before: Option<Date>,
    /// Code of the pipeline's currency.
    pub currency: String,
    /// Months that lifetime value looks ahead.
    pub horizon_months: u64,
    /// The language of the page.
    pub locale: Locale,
    /// The version that made the run.
    pub version: String,
    /// What a person should look at, as the run said it.
    pub warnings: Vec<String>,
}
