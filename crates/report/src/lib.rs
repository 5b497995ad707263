//! Published tables to one self-contained page that people open, in English or Spanish.
//!
//! Every figure is the answer to a query over published tables. The page shows the query beside the figure, so that
//! anybody can ask it again and must get the same numbers. Nothing here reads files: [`Tables`] is handed in.

mod answer;
mod charts;
pub mod customer;
mod error;
mod figure;
mod night;
mod page;
mod section;
mod tables;
mod words;

use page::report_page;
use section::{Context, sections};

pub use error::ReportError;
pub use night::Night;
pub use tables::{QueryError, Tables};
pub use words::{Argument, Locale, UnknownLocale, Words, WordsError};

/// The page of a run.
#[derive(Debug)]
pub struct Report {
    /// The HTML document.
    pub page: String,
    /// Why sections could not be made; these say so on the page.
    pub problems: Vec<ReportError>,
}

/// The report of a run: a whole HTML document without anything that it would have to load.
///
/// `before` holds the tables of the run that this one is compared with, if there was one.
///
/// # Errors
/// When the words or the page cannot be made.
pub fn report(tables: &dyn Tables, before: Option<&dyn Tables>, night: &Night) -> Result<Report, ReportError> {
    let words = Words::new(night.locale, &night.currency)?;
    let context = Context {
        tables,
        before,
        night,
        words: &words,
    };
    let (sections, problems) = sections(context);
    let page = report_page(&sections, night, &words)?;
    Ok(Report { page, problems })
}
