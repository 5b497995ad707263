//! Through what a customer may be reached. What is not known to be allowed is not.

use std::collections::BTreeMap;

use cartera_table::contracts::Consents;
use cartera_table::frame::{text, timestamps};
use cartera_table::{MICROSECONDS_PER_DAY, Table};
use polars::prelude::Column;

use super::is_one_of;
use crate::error::FeatureError;
use crate::features::Places;
use crate::params::RelationsValidParams;

/// The column of the consents.
pub(super) fn column(
    consents: &Table<Consents>,
    places: &Places<'_>,
    height: usize,
    params: &RelationsValidParams,
) -> Result<Column, FeatureError> {
    let frame = consents.frame();
    let mut consented = vec![String::new(); height];
    let mut words: BTreeMap<&str, LastWord> = BTreeMap::new();
    let mut customer = None;
    let facts = text(frame, "channel")?.iter().zip(text(frame, "purpose")?.iter());
    let facts = facts.zip(text(frame, "status")?.iter().zip(timestamps(frame, "since")?.iter()));
    for (customer_id, ((channel, purpose), (status, since))) in text(frame, "customer_id")?.iter().zip(facts) {
        if customer != customer_id {
            if let Some(row) = customer.and_then(|customer| places.row(customer)) {
                consented[row] = granted(&words);
            }
            words.clear();
            customer = customer_id;
        }
        let is_marketing = purpose.is_some_and(|purpose| is_one_of(purpose, &params.marketing_purposes));
        if let Some((channel, since)) = channel.zip(since).filter(|_| is_marketing) {
            let is_withdrawn = status != Some("granted");
            // A withdrawal of which only the day is known holds to its end: nobody knows what came first.
            let is_whole_day = is_withdrawn && since % MICROSECONDS_PER_DAY == 0;
            let word = LastWord {
                since: if is_whole_day {
                    since + MICROSECONDS_PER_DAY - 1
                } else {
                    since
                },
                is_withdrawn,
            };
            let last = words.entry(channel).or_insert(word);
            *last = word.max(*last);
        }
    }
    if let Some(row) = customer.and_then(|customer| places.row(customer)) {
        consented[row] = granted(&words);
    }
    Ok(Column::new("consented_channels".into(), consented))
}

/// What was said of a channel and when; of two at the same time the withdrawal is the greater one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct LastWord {
    since: i64,
    is_withdrawn: bool,
}

fn granted(words: &BTreeMap<&str, LastWord>) -> String {
    let granted: Vec<&str> = words
        .iter()
        .filter(|(_, word)| !word.is_withdrawn)
        .map(|(channel, _)| *channel)
        .collect();
    granted.join(",")
}
