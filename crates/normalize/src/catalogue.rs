//! The clean tables of customers and products.

use cartera_table::contracts::{Customers, Products, SourceCustomers, SourceProducts};
use cartera_table::frame::{schema, text};
use cartera_table::{Contract, Table, TableError};
use polars::prelude::{DataFrame, IntoColumn, IntoSeries, StringChunkedBuilder};

use crate::identity::Identity;

/// Who the customers are, under the ids that the other tables call them by. Without a customer file the table is
/// empty.
///
/// # Errors
/// When the engine fails.
pub fn customers(source: Option<&Table<SourceCustomers>>, identity: &Identity) -> Result<Table<Customers>, TableError> {
    let Some(source) = source else {
        return Table::new(DataFrame::empty_with_schema(&schema(&Customers::INFO)));
    };
    let mut frame = source.frame().clone();
    let mut ids = StringChunkedBuilder::new("customer_id".into(), frame.height());
    let spaces = text(&frame, "key_space")?.iter();
    for (space, key) in spaces.zip(text(&frame, "customer_key")?.iter()) {
        ids.append_option(space.zip(key).map(|(space, key)| identity.customer_id(space, key)));
    }
    frame.with_column(ids.finish().into_series().into_column())?;
    frame.rename("customer_key", "source_key".into())?;
    Table::sorted(frame)
}

/// What is sold. Without a file of products the table is empty.
///
/// # Errors
/// When the engine fails.
pub fn products(source: Option<&Table<SourceProducts>>) -> Result<Table<Products>, TableError> {
    match source {
        Some(source) => Table::sorted(source.frame().clone()),
        None => Table::new(DataFrame::empty_with_schema(&schema(&Products::INFO))),
    }
}

#[cfg(test)]
mod tests {
    use cartera_table::frame::null_column;
    use polars::prelude::{Column, df};

    use super::*;
    use crate::identity::KeySpaces;

    fn source() -> Table<SourceCustomers> {
        let mut frame = df!(
            "key_space" => ["shop", "web"],
            "source_index" => [0i32, 1],
            "file_index" => [0i32, 0],
            "row" => [2i64, 2],
            "customer_key" => ["7", "7"],
        )
        .expect("columns of one length");
        for column in &SourceCustomers::INFO.columns[5..] {
            frame
                .with_column(null_column(column.name, column.column_type, 2))
                .expect("one length");
        }
        frame
            .with_column(Column::new("city".into(), ["Lugo", "Vigo"]))
            .expect("one length");
        Table::new(frame).expect("a valid table")
    }

    #[test]
    fn customers_have_the_ids_of_the_other_tables() {
        let identity = Identity::one_to_one(KeySpaces::new(&["shop", "web"]));
        let clean = customers(Some(&source()), &identity).expect("clean");
        let ids: Vec<Option<&str>> = text(clean.frame(), "customer_id").expect("ids").iter().collect();
        assert_eq!(ids, [Some("shop:7"), Some("web:7")]);
        let cities: Vec<Option<&str>> = text(clean.frame(), "city").expect("cities").iter().collect();
        assert_eq!(cities, [Some("Lugo"), Some("Vigo")]);
    }

    #[test]
    fn without_files_the_tables_are_empty() {
        let identity = Identity::one_to_one(KeySpaces::new(&["main"]));
        assert_eq!(customers(None, &identity).expect("empty").height(), 0);
        assert_eq!(products(None).expect("empty").height(), 0);
    }
}
