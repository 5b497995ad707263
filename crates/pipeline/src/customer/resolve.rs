//! Which customer a key means.

use std::collections::{BTreeMap, BTreeSet};

use cartera_table::contracts::{CustomerEvents, Customers, IdentityLinks, Lifecycle};
use cartera_table::{Contract, ErasedKeys};

use super::CustomerError;
use super::cells::rows;
use super::tables::rows_of;
use crate::error::PipelineError;
use crate::run::ErasedCustomers;
use crate::store::{ErasedRecord, PublishedRun, Warehouse};

/// How many ways of writing a key that are there a message names.
const MOST_ALIKE: usize = 5;

/// The one customer that has the key, as an id or as a source key.
pub(super) fn resolve(warehouse: &Warehouse, run: &PublishedRun, key: &str) -> Result<String, PipelineError> {
    let keys = warehouse.erased()?.as_ref().map(ErasedRecord::keys).unwrap_or_default();
    let spaces = key_spaces(run);
    let erased = ErasedCustomers::new(&keys, spaces.iter().map(String::as_str));
    let known = Known {
        run,
        keys: &keys,
        erased,
        spaces: &spaces,
    };
    let customers = known.customers(key)?;
    match customers.len() {
        0 => Err(CustomerError::Unknown {
            key: key.to_owned(),
            run: run.reference,
            alike: known.alike(key)?,
        }
        .into()),
        1 => Ok(customers.into_keys().next().unwrap_or_default()),
        _ => Err(CustomerError::Ambiguous {
            key: key.to_owned(),
            run: run.reference,
            customers: customers.into_iter().collect(),
        }
        .into()),
    }
}

/// With a capital and small letters, as names are written.
fn capitalized(text: &str) -> String {
    let mut signs = text.chars();
    let first = signs.next().into_iter().flat_map(char::to_uppercase);
    first.chain(signs.flat_map(char::to_lowercase)).collect()
}

/// The key spaces of the run's sources.
fn key_spaces(run: &PublishedRun) -> BTreeSet<String> {
    let sources = run.manifest.record.parameters["source"].as_array();
    let spaces = sources.into_iter().flatten();
    let spaces = spaces.filter_map(|source| source["key_space"].as_str());
    spaces.map(str::to_owned).collect()
}

/// What is known of keys, without those who were erased.
struct Known<'r> {
    run: &'r PublishedRun,
    keys: &'r ErasedKeys,
    erased: ErasedCustomers<'r>,
    spaces: &'r BTreeSet<String>,
}

impl Known<'_> {
    /// The customers of a key, each with the key space that it is of.
    fn customers(&self, key: &str) -> Result<BTreeMap<String, String>, PipelineError> {
        let mut customers = BTreeMap::new();
        for contract in [&Lifecycle::INFO, &CustomerEvents::INFO] {
            if rows_of(self.run, contract, "customer_id", key)?.height() > 0 {
                let space = key.split_once(':').map_or("", |(space, _)| space);
                let space = Some(space).filter(|space| self.spaces.contains(*space));
                let only = || self.spaces.first().map_or("main", String::as_str);
                customers.insert(key.to_owned(), space.unwrap_or_else(only).to_owned());
                break;
            }
        }
        let (space, plain) = match key.split_once(':') {
            Some((space, plain)) if self.spaces.contains(space) => (Some(space), plain),
            _ => (None, key),
        };
        for contract in [&IdentityLinks::INFO, &Customers::INFO] {
            for row in rows(&rows_of(self.run, contract, "source_key", plain)?) {
                let (Some(customer), Some(of_key)) = (row.text("customer_id"), row.text("key_space")) else {
                    continue;
                };
                let is_asked = space.is_none_or(|space| space == of_key);
                if is_asked && !self.keys.contains(&of_key, plain) {
                    customers.entry(customer).or_insert(of_key);
                }
            }
        }
        customers.retain(|customer, _| !self.erased.contains(customer));
        Ok(customers)
    }

    /// Other ways of writing the key under which somebody is known: spreadsheets drop zeros before numbers, and people
    /// mistake capitals.
    fn alike(&self, key: &str) -> Result<Vec<String>, PipelineError> {
        let trimmed = key.trim();
        let digits = trimmed.strip_suffix(".0").unwrap_or(trimmed);
        let without_blanks: String = trimmed.chars().filter(|sign| !sign.is_whitespace()).collect();
        let mut tried = BTreeSet::from([
            trimmed.to_owned(),
            without_blanks,
            trimmed.to_uppercase(),
            trimmed.to_lowercase(),
            capitalized(trimmed),
            digits.to_owned(),
            digits.trim_start_matches('0').to_owned(),
        ]);
        if digits.bytes().all(|sign| sign.is_ascii_digit()) {
            tried.extend((1..=3).map(|zeros| format!("{}{digits}", "0".repeat(zeros))));
        }
        tried.remove(key);
        tried.remove("");
        let mut alike = BTreeSet::new();
        for key in tried {
            alike.extend(self.customers(&key)?.into_keys());
        }
        Ok(alike.into_iter().take(MOST_ALIKE).collect())
    }
}
