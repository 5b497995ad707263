//! The page of one customer, in the language and the look of the report.

use jiff::civil::Date;
use minijinja::value::Serde;
use minijinja::{Value as Filled, context};
use serde::Serialize;

use super::blocks::blocks;
use super::view::CustomerView;
use crate::error::ReportError;
use crate::page::{Page, environment, frame_words};
use crate::words::{Argument, Words};

/// A part of the page: whatever of a sentence, figures, facts, a timeline and a table it has.
#[derive(Debug, Default, Serialize)]
pub(super) struct Block {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) note: Option<String>,
    pub(super) tiles: Vec<Fact>,
    pub(super) facts: Vec<Fact>,
    pub(super) months: Vec<Bar>,
    pub(super) table: Option<BlockTable>,
}

/// A label and what belongs to it.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) text: String,
    pub(super) note: Option<String>,
}

/// A month of the timeline.
#[derive(Debug, Serialize)]
pub(super) struct Bar {
    pub(super) tip: String,
    /// Height in hundredths of the tallest; none where nobody knows.
    pub(super) height: Option<u32>,
}

/// Rows of text.
#[derive(Debug, Serialize)]
pub(super) struct BlockTable {
    pub(super) headings: Vec<Cell>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A cell, to the right where it is a number.
#[derive(Debug, Serialize)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) is_number: bool,
}

/// The customer as a document that loads nothing.
///
/// # Errors
/// When a template cannot be filled.
pub fn customer_page(view: &CustomerView, words: &Words, version: &str) -> Result<String, ReportError> {
    let customer = Argument::from(view.customer_id.as_str());
    let pipeline = Argument::from(view.pipeline.as_str());
    let as_of = Argument::Text(words.date(view.as_of));
    let (run, build) = (Argument::from(view.run.as_str()), Argument::from(version));
    let page = Page {
        language: words.locale().code(),
        version: version.to_owned(),
        title: words.say_with("customer-title", &[("customer", customer)]),
        subtitle: words.say_with("customer-subtitle", &[("pipeline", pipeline), ("as_of", as_of)]),
        footer: words.say_with("customer-footer", &[("run", run), ("version", build)]),
    };
    let mut environment = environment()?;
    environment.add_template("customer.html", include_str!("customer.html"))?;
    let css = concat!(include_str!("../page/page.css"), "\n", include_str!("customer.css"));
    Ok(environment.get_template("customer.html")?.render(context! {
        page => Filled::from(Serde(&page)),
        blocks => Filled::from(Serde(blocks(view, words))),
        t => Filled::from(Serde(frame_words(words, 0))),
        months_label => words.say("customer-months"),
        css => Filled::from_safe_string(css.to_owned()),
        script => Filled::from_safe_string(include_str!("../page/page.js").to_owned()),
    })?)
}

/// The first day of a month such as 2025-12.
pub(super) fn first_day(month: &str) -> Option<Date> {
    format!("{month}-01").parse().ok()
}
