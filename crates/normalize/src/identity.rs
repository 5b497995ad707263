//! Source keys to customers: one to one, until rules are declared.

use std::borrow::Cow;

use cartera_table::contracts::IdentityLinks;
use cartera_table::frame::{int32, schema, text};
use cartera_table::{Aggregation, Contract, Table, TableError};
use polars::prelude::{Column, DataFrame, IntoColumn, IntoSeries, StringChunkedBuilder};

/// The key spaces of the sources.
#[derive(Debug, Clone)]
pub struct KeySpaces {
    names: Vec<String>,
    of_sources: Vec<usize>,
}

impl KeySpaces {
    /// From the key space of each source, in the pipeline's order.
    #[must_use]
    pub fn new(of_sources: &[&str]) -> Self {
        let mut names: Vec<String> = of_sources.iter().map(|&name| name.to_owned()).collect();
        names.sort_unstable();
        names.dedup();
        let of_sources = of_sources
            .iter()
            .filter_map(|&name| names.iter().position(|known| known == name))
            .collect();
        Self { names, of_sources }
    }

    /// The key space of a source.
    #[must_use]
    pub fn of_source(&self, source_index: usize) -> Option<&str> {
        Some(&self.names[*self.of_sources.get(source_index)?])
    }
}

/// Gives each source key its customer.
#[derive(Debug, Clone)]
pub struct Identity {
    key_spaces: KeySpaces,
}

impl Identity {
    /// Each key is its own customer.
    #[must_use]
    pub fn one_to_one(key_spaces: KeySpaces) -> Self {
        Self { key_spaces }
    }

    /// The customer of a key: the key itself, prefixed where there is more than one key space.
    #[must_use]
    pub fn customer_id<'k>(&self, key_space: &str, source_key: &'k str) -> Cow<'k, str> {
        if self.key_spaces.names.len() > 1 {
            Cow::Owned(format!("{key_space}:{source_key}"))
        } else {
            Cow::Borrowed(source_key)
        }
    }

    /// The key space of a source.
    #[must_use]
    pub fn key_space(&self, source_index: usize) -> &str {
        self.key_spaces.of_source(source_index).unwrap_or_default()
    }

    /// The customers of a frame whose keys all come from one source.
    pub(crate) fn customer_ids(&self, frame: &DataFrame) -> Result<Column, TableError> {
        if self.key_spaces.names.len() <= 1 {
            return Ok(frame.column("source_key")?.clone().with_name("customer_id".into()));
        }
        let key_space = self.key_space_of(frame)?;
        let mut builder = StringChunkedBuilder::new("customer_id".into(), frame.height());
        for key in text(frame, "source_key")?.iter() {
            builder.append_option(key.map(|key| self.customer_id(key_space, key)));
        }
        Ok(builder.finish().into_series().into_column())
    }

    /// The distinct keys of a frame whose keys all come from one source, with their key space and customer.
    pub(crate) fn links_of(&self, frame: &DataFrame) -> Result<DataFrame, TableError> {
        let mut links = KEYS.run(std::slice::from_ref(frame))?;
        links.with_column(self.customer_ids(&links)?)?;
        let key_space = self.key_space_of(&links)?;
        links.with_column(Column::new("key_space".into(), vec![key_space; links.height()]))?;
        Ok(links.select(LINK_COLUMNS)?)
    }

    fn key_space_of(&self, frame: &DataFrame) -> Result<&str, TableError> {
        let source_index = int32(frame, "source_index")?
            .iter()
            .next()
            .flatten()
            .and_then(|index| usize::try_from(index).ok());
        Ok(source_index
            .and_then(|source_index| self.key_spaces.of_source(source_index))
            .unwrap_or_default())
    }
}

/// The distinct keys among parts of orders.
const KEYS: Aggregation = Aggregation {
    keys: &["source_key", "source_index"],
    aggregates: &[],
};

/// What links are made of, beside the rule and its score.
const LINK_COLUMNS: [&str; 3] = ["key_space", "source_key", "customer_id"];

/// The published table, from the distinct keys of each source and partition.
///
/// # Errors
/// When the engine fails.
pub fn identity_links(keys: Vec<DataFrame>) -> Result<Table<IdentityLinks>, TableError> {
    let mut links = DataFrame::empty_with_schema(&schema(&IdentityLinks::INFO)).select(LINK_COLUMNS)?;
    for frame in keys {
        links.vstack_mut_owned(frame)?;
    }
    // Sources that share a key space share keys, and so links.
    let mut links = DISTINCT.run(&[links])?;
    links.with_column(Column::new("rule".into(), vec!["same_key"; links.height()]))?;
    links.with_column(Column::new("score".into(), vec![1.0f64; links.height()]))?;
    Table::sorted(links)
}

/// One link a key.
const DISTINCT: Aggregation = Aggregation {
    keys: &LINK_COLUMNS,
    aggregates: &[],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_space_needs_no_prefix() {
        let identity = Identity::one_to_one(KeySpaces::new(&["main", "main"]));
        assert_eq!(identity.customer_id("main", "17850"), "17850");
    }

    #[test]
    fn keys_of_several_spaces_are_told_apart() {
        let identity = Identity::one_to_one(KeySpaces::new(&["web", "shop", "web"]));
        assert_eq!(identity.customer_id("web", "17850"), "web:17850");
        assert_eq!(identity.key_spaces.of_source(1), Some("shop"));
        assert_eq!(identity.key_spaces.of_source(2), Some("web"));
        assert_eq!(identity.key_spaces.of_source(3), None);
    }
}
