//! Which runs know a key.

use std::collections::BTreeMap;

use cartera_table::contracts::{Customers, IdentityLinks, PUBLISHED};
use cartera_table::frame::text;
use cartera_table::{AsOf, Contract, ContractInfo};
use polars::prelude::DataFrame;

use crate::error::PipelineError;
use crate::store::read::{ReadOptions, read_frame};
use crate::store::{PublishedRun, StoreError};

/// The column of a table that names customers.
const CUSTOMER_ID: &str = "customer_id";

/// How the tables of target lists are called. They name people of earlier runs too: whom to take off a list.
const OF_LISTS: &str = "target_";

/// The first day whose runs know each of the keys; keys that no run knows are not there.
pub(super) fn first_days(
    runs: &[PublishedRun],
    key_space: &str,
    keys: &[String],
) -> Result<BTreeMap<String, AsOf>, PipelineError> {
    let mut first_days: BTreeMap<String, AsOf> = BTreeMap::new();
    for run in runs {
        let mut looked_for = LookedFor::new(key_space, keys);
        looked_for.look_through(run)?;
        let day = run.reference.as_of;
        for (key, _) in looked_for.found.into_iter().filter(|(_, is_found)| *is_found) {
            first_days
                .entry(key.to_owned())
                .and_modify(|first| *first = day.min(*first))
                .or_insert(day);
        }
    }
    Ok(first_days)
}

/// Keys of one key space, and whether a run knows them.
struct LookedFor<'k> {
    key_space: &'k str,
    found: BTreeMap<&'k str, bool>,
}

impl<'k> LookedFor<'k> {
    fn new(key_space: &'k str, keys: &'k [String]) -> Self {
        Self {
            key_space,
            found: keys.iter().map(|key| (key.as_str(), false)).collect(),
        }
    }

    /// Customers stand in `identity_links` and `customers`; of those of earlier runs only lists tell.
    fn look_through(&mut self, run: &PublishedRun) -> Result<(), PipelineError> {
        let links = IdentityLinks::INFO.name;
        for info in [&IdentityLinks::INFO, &Customers::INFO] {
            match columns(run, info, &["key_space", "source_key"])? {
                Part::Rows(rows) => self.look_at_keys(&rows)?,
                // A run of an older version that has no keys may know all of them.
                Part::Other => self.take_all(),
                Part::None if info.name == links => self.take_all(),
                Part::None => {}
            }
        }
        let of_lists = PUBLISHED.iter().filter(|info| info.name.starts_with(OF_LISTS));
        for info in of_lists.filter(|info| info.column(CUSTOMER_ID).is_some()) {
            if self.has_all() {
                return Ok(());
            }
            match columns(run, info, &[CUSTOMER_ID])? {
                Part::Rows(rows) => self.look_at_ids(&rows)?,
                Part::Other => self.take_all(),
                Part::None => {}
            }
        }
        Ok(())
    }

    fn look_at_keys(&mut self, rows: &DataFrame) -> Result<(), PipelineError> {
        let spaces = text(rows, "key_space")?.iter();
        for (space, key) in spaces.zip(text(rows, "source_key")?.iter()) {
            if space == Some(self.key_space) {
                self.take(key);
            }
        }
        Ok(())
    }

    /// An id is the key, with its key space before it where there are several.
    fn look_at_ids(&mut self, rows: &DataFrame) -> Result<(), PipelineError> {
        for id in text(rows, CUSTOMER_ID)?.iter().flatten() {
            let of_space = id.strip_prefix(self.key_space);
            self.take(Some(id));
            self.take(of_space.and_then(|rest| rest.strip_prefix(':')));
        }
        Ok(())
    }

    fn take(&mut self, key: Option<&str>) {
        if let Some(is_found) = key.and_then(|key| self.found.get_mut(key)) {
            *is_found = true;
        }
    }

    fn take_all(&mut self) {
        self.found.values_mut().for_each(|is_found| *is_found = true);
    }

    fn has_all(&self) -> bool {
        self.found.values().all(|is_found| *is_found)
    }
}

/// What a run has of a table.
enum Part {
    /// These rows.
    Rows(DataFrame),
    /// The table of an older version, without the columns.
    Other,
    /// No such table.
    None,
}

fn columns(run: &PublishedRun, info: &ContractInfo, names: &[&str]) -> Result<Part, PipelineError> {
    let Ok(path) = run.table_path(info.name) else {
        return Ok(Part::None);
    };
    let options = ReadOptions {
        columns: Some(names.iter().map(|name| (*name).to_owned()).collect()),
        rows: None,
    };
    match read_frame(&path, info, &options) {
        Ok(rows) => Ok(Part::Rows(rows)),
        Err(StoreError::NoColumn { .. } | StoreError::OtherType { .. }) => Ok(Part::Other),
        Err(error) => Err(error.into()),
    }
}
