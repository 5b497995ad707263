use cartera_table::Contract;
use cartera_table::frame::{date_column, null_column, schema};
use polars::prelude::{Int32Chunked, NewChunkedArray, df};

use super::*;

fn products(rows: &[(&str, Option<i32>, Option<&str>)]) -> Table<Products> {
    let mut frame = df!(
        "product_id" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "category" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
        "currency" => vec!["EUR"; rows.len()],
    )
    .expect("a frame");
    let days = Int32Chunked::from_iter_options("valid_from".into(), rows.iter().map(|row| row.1));
    frame.with_column(date_column("valid_from", days)).expect("one height");
    for name in schema(&Products::INFO).iter_names() {
        if !frame.schema().contains(name) {
            let column_type = Products::INFO.column(name).expect("there").column_type;
            frame
                .with_column(null_column(name, column_type, rows.len()))
                .expect("one height");
        }
    }
    Table::sorted(frame).expect("a valid table")
}

fn bought(rows: &[(&str, Option<&str>, Option<&str>)]) -> DataFrame {
    df!(
        "customer_id" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "product_id" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
        "channel" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
    )
    .expect("a frame")
}

fn counts(customers: &DataFrame, name: &str) -> Vec<i64> {
    let column = customers.column(name).expect("there").i64().expect("counts");
    column.iter().map(|count| count.expect("never null")).collect()
}

#[test]
fn what_was_bought_is_counted_once_over_all_frames() {
    let catalogue = products(&[
        ("cup", None, Some("kitchen")),
        ("mug", None, Some("kitchen")),
        // In another category since day 100, and in none since day 200.
        ("tea", None, Some("food")),
        ("tea", Some(100), Some("gifts")),
        ("tea", Some(200), None),
        ("toy", Some(300), Some("toys")),
    ]);
    let frames = [
        bought(&[
            ("bob", Some("tea"), Some("web")),
            ("ann", Some("cup"), Some("shop")),
            ("ann", Some("mug"), Some("shop")),
        ]),
        bought(&[
            ("ann", Some("cup"), Some("web")),
            ("ann", Some("tea"), None),
            ("ann", Some("unknown"), Some("shop")),
            ("bob", None, Some("web")),
            ("nobody", Some("cup"), Some("fax")),
        ]),
    ];
    let counted = |last_day: i32| {
        let categories = Categories::new(&catalogue, last_day).expect("categories");
        let mut customers = df!("customer_id" => ["bob", "ann", "cid"]).expect("a frame");
        let breadth = Breadth {
            products: true,
            channels: true,
            categories: Some(&categories),
        };
        breadth.add_to(&mut customers, &frames).expect("counted");
        customers
    };
    let customers = counted(150);
    assert_eq!(counts(&customers, "product_count"), [1, 4, 0]);
    assert_eq!(counts(&customers, "category_count"), [1, 2, 0]);
    assert_eq!(counts(&customers, "channel_count"), [1, 2, 0]);
    assert_eq!(
        counts(&counted(250), "category_count"),
        [0, 1, 0],
        "tea has none by then"
    );
}

fn texts(customers: &DataFrame, name: &str) -> Vec<Option<String>> {
    let column = text(customers, name).expect("there");
    column.iter().map(|value| value.map(str::to_owned)).collect()
}

#[test]
fn the_main_values_are_those_of_most_products() {
    let catalogue = products(&[
        ("cup", None, Some("kitchen")),
        ("mug", None, Some("kitchen")),
        ("tea", None, Some("food")),
        ("toy", None, Some("toys")),
    ]);
    let categories = Categories::new(&catalogue, 0).expect("categories");
    let frames = [
        bought(&[
            // Many lines of one product are one.
            ("ann", Some("tea"), Some("web")),
            ("ann", Some("tea"), Some("web")),
            ("ann", Some("tea"), Some("web")),
            ("ann", Some("cup"), Some("shop")),
            ("bob", Some("toy"), Some("web")),
            ("bob", Some("tea"), Some("app")),
        ]),
        bought(&[
            ("ann", Some("tea"), Some("shop")),
            ("ann", Some("mug"), Some("fax")),
            ("cid", Some("unknown"), None),
            ("dan", None, Some("web")),
        ]),
    ];
    let mut customers = df!("customer_id" => ["bob", "ann", "cid", "dan"]).expect("a frame");
    let breadth = Breadth {
        products: true,
        channels: true,
        categories: Some(&categories),
    };
    breadth.add_to(&mut customers, &frames).expect("counted");
    let some = |value: &str| Some(value.to_owned());
    assert_eq!(
        texts(&customers, "main_category"),
        [some("food"), some("kitchen"), None, None]
    );
    assert_eq!(
        texts(&customers, "main_channel"),
        [some("app"), some("shop"), None, None]
    );
}

#[test]
fn what_nobody_asks_for_is_not_there() {
    let mut customers = df!("customer_id" => ["ann"]).expect("a frame");
    let breadth = Breadth {
        channels: true,
        ..Breadth::default()
    };
    breadth
        .add_to(&mut customers, &[bought(&[("ann", None, Some("web"))])])
        .expect("counted");
    assert_eq!(customers.get_column_names(), ["customer_id", "channel_count"]);
}

#[test]
fn the_hash_tells_catalogues_apart() {
    let written = |category: &str| {
        let categories = Categories::new(&products(&[("tea", None, Some(category))]), 0).expect("categories");
        let mut bytes = Vec::new();
        categories.write(&mut |part| bytes.extend_from_slice(part));
        bytes
    };
    assert_eq!(written("food"), written("food"));
    assert_ne!(written("food"), written("gifts"));
}
