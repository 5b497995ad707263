//! What contacts, cases and consents say of a customer.
//!
//! The clean tables end with the day of the run, and their rows are in the order of customers: each is gone through
//! once, one customer after the other.

mod cases;
mod consents;
mod contacts;

use cartera_table::Table;
use cartera_table::contracts::{Cases, Consents, Interactions};
use polars::prelude::Column;

use crate::error::FeatureError;
use crate::features::CustomerBase;
use crate::params::RelationsValidParams;

/// The clean tables that the pipeline fills; none where it maps no such source.
#[derive(Debug, Clone, Copy, Default)]
pub struct Relations<'r> {
    /// Contacts in both directions.
    pub interactions: Option<&'r Table<Interactions>>,
    /// Incidents and answers.
    pub cases: Option<&'r Table<Cases>>,
    /// Whether some source of cases tells that one is over.
    pub tells_closing: bool,
    /// What customers allowed.
    pub consents: Option<&'r Table<Consents>>,
}

/// Adds the columns of contacts, cases and consents. Customers that the base does not have are passed over.
///
/// # Errors
/// When the engine fails.
pub fn add_relations(
    base: &mut CustomerBase,
    relations: Relations<'_>,
    params: &RelationsValidParams,
) -> Result<(), FeatureError> {
    let mut columns: Vec<Column> = Vec::new();
    let (places, height, as_of) = (base.places()?, base.frame().height(), base.as_of());
    if let Some(table) = relations.cases {
        columns.extend(cases::columns(
            table,
            relations.tells_closing,
            &places,
            height,
            as_of,
            params,
        )?);
    }
    if let Some(table) = relations.interactions {
        columns.extend(contacts::columns(table, &places, height, as_of, params)?);
    }
    if let Some(table) = relations.consents {
        columns.push(consents::column(table, &places, height, params)?);
    }
    base.add(columns)
}

/// Whether a word is one of the list, whose words are in small letters.
fn is_one_of(word: &str, words: &[String]) -> bool {
    let word = word.trim().to_lowercase();
    words.contains(&word)
}

#[cfg(test)]
mod tests;
