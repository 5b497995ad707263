//! Columns of `customer_features` that hold categories, as codes.

use std::collections::HashMap;

use cartera_table::contracts::CustomerFeatures;
use cartera_table::{ColumnType, Contract, TableError, frame};
use polars::prelude::DataFrame;

/// Code of a customer of whom the category is not known.
pub(crate) const UNKNOWN: u32 = u32::MAX;

/// Texts that are no categories of customers: names, scores and stages that are segments already, lists, and notes
/// about how a figure came about.
const NO_CATEGORIES: [&str; 6] = [
    "customer_id",
    "rfm_score",
    "lifecycle_stage",
    "consented_channels",
    "clv_margin_source",
    "clv_status",
];

/// One category a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Category {
    /// The column.
    pub(crate) name: &'static str,
    /// Its values, by code, in the order of the customers who have them first.
    pub(crate) values: Vec<String>,
    /// The code of each customer, or [`UNKNOWN`].
    pub(crate) codes: Vec<u32>,
}

/// Names of the columns that hold categories.
pub(crate) fn category_names() -> Vec<&'static str> {
    CustomerFeatures::INFO
        .columns
        .iter()
        .filter(|column| column.column_type == ColumnType::Text && !NO_CATEGORIES.contains(&column.name))
        .map(|column| column.name)
        .collect()
}

impl Category {
    /// Reads a column; none where nothing is known of any customer.
    pub(crate) fn read(customers: &DataFrame, name: &'static str) -> Result<Option<Self>, TableError> {
        let texts = frame::text(customers, name)?;
        if texts.null_count() == texts.len() {
            return Ok(None);
        }
        let mut known = HashMap::<&str, u32>::new();
        let mut values = Vec::new();
        let codes = texts
            .iter()
            .map(|text| match text {
                None => UNKNOWN,
                Some(text) => *known.entry(text).or_insert_with(|| {
                    values.push(text.to_owned());
                    // Frames have at most 2^32 rows.
                    values.len() as u32 - 1
                }),
            })
            .collect();
        Ok(Some(Self { name, values, codes }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_texts_that_group_customers() {
        let names = category_names();
        for name in [
            "region",
            "main_category",
            "main_channel",
            "gender",
            "nps_class",
            "language",
        ] {
            assert!(names.contains(&name), "{name}");
        }
        for name in ["customer_id", "rfm_score", "clv_status", "net_sales", "joined_on"] {
            assert!(!names.contains(&name), "{name}");
        }
    }
}
