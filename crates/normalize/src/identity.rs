//! Source keys to customers: one to one, until rules are declared.

use std::borrow::Cow;

use cartera_table::contracts::IdentityLinks;
use cartera_table::frame::text;
use cartera_table::{Aggregate, Aggregation, Table, TableError};
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

    /// The key spaces.
    #[must_use]
    pub fn key_spaces(&self) -> &KeySpaces {
        &self.key_spaces
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

    /// The customers of a column of keys that all come from one source.
    pub(crate) fn customer_ids(&self, frame: &DataFrame, source_index: usize) -> Result<Column, TableError> {
        let keys = frame.column("source_key")?;
        let key_space = self.key_spaces.of_source(source_index).unwrap_or_default();
        if self.key_spaces.names.len() <= 1 {
            return Ok(keys.clone().with_name("customer_id".into()));
        }
        let mut builder = StringChunkedBuilder::new("customer_id".into(), frame.height());
        for key in text(frame, "source_key")?.iter() {
            builder.append_option(key.map(|key| self.customer_id(key_space, key)));
        }
        Ok(builder.finish().into_series().into_column())
    }
}

/// The distinct keys among parts of orders.
pub(crate) const LINKS: Aggregation = Aggregation {
    keys: &["key_space", "source_key", "customer_id"],
    aggregates: &[Aggregate::sum("lines", "line_count")],
};

/// The published table, from the distinct keys of all partitions.
///
/// # Errors
/// When two partitions hold the same key.
pub fn identity_links(keys: &[DataFrame]) -> Result<Table<IdentityLinks>, TableError> {
    let mut links = DataFrame::empty();
    for frame in keys.iter().filter(|frame| frame.height() > 0) {
        if links.width() == 0 {
            links = frame.clone();
        } else {
            links.vstack_mut(frame)?;
        }
    }
    let height = links.height();
    let mut columns = match height {
        0 => ["key_space", "source_key", "customer_id"]
            .map(|name| Column::new(name.into(), Vec::<String>::new()))
            .to_vec(),
        _ => links.columns()[..3].to_vec(),
    };
    columns.push(Column::new("rule".into(), vec!["same_key"; height]));
    columns.push(Column::new("score".into(), vec![1.0f64; height]));
    Table::sorted(DataFrame::new(height, columns)?)
}

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
        assert_eq!(identity.key_spaces().of_source(1), Some("shop"));
        assert_eq!(identity.key_spaces().of_source(2), Some("web"));
        assert_eq!(identity.key_spaces().of_source(3), None);
    }
}
