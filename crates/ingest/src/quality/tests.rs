//! Every figure against a slow and plain count of the same cells.

use std::collections::{BTreeMap, BTreeSet};

use cartera_raw::{
    ColumnKind, ColumnSpec, DateFormat, DateFormats, DecimalFormat, Dialect, ParsedBlock, Plan, Splitter,
};
use proptest::prelude::*;

use super::*;

/// One row as a person would write it down.
type Row = (Option<String>, Option<String>, Option<u32>, Option<i64>);

fn plan() -> Plan {
    let column = |name: &str, field, kind| ColumnSpec {
        name: name.to_owned(),
        field,
        kind,
        required: false,
        null_values: Vec::new(),
    };
    let day = DateFormats::from(DateFormat::new("%Y-%m-%d").expect("a format"));
    let columns = vec![
        column("customer_key", 0, ColumnKind::Text),
        column("product_id", 1, ColumnKind::Text),
        column("ordered_at", 2, ColumnKind::Date(day)),
        column(
            "amount",
            3,
            ColumnKind::Decimal(DecimalFormat {
                scale: 4,
                ..DecimalFormat::default()
            }),
        ),
    ];
    Plan::new(dialect(), columns, 4).expect("a plan")
}

fn dialect() -> Dialect {
    Dialect {
        header: false,
        ..Dialect::default()
    }
}

fn spec() -> QualitySpec {
    QualitySpec {
        day_column: Some("ordered_at".into()),
        customer_column: Some("customer_key".into()),
        personal_columns: vec!["customer_key".into()],
        unique_keys: vec![vec!["customer_key".into(), "product_id".into()]],
    }
}

fn file(rows: &[Row]) -> String {
    let line = |(customer, product, day, cents): &Row| {
        let day = day.map_or_else(String::new, |day| {
            format!("2024-{:02}-{:02}", day / 28 + 1, day % 28 + 1)
        });
        let amount = cents.map_or_else(String::new, |cents| {
            format!(
                "{}{}.{:02}",
                if cents < 0 { "-" } else { "" },
                cents.abs() / 100,
                cents.abs() % 100
            )
        });
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        format!("{},{},{day},{amount}\n", text(customer), text(product))
    };
    rows.iter().map(line).collect()
}

fn parsed(plan: &Plan, text: &str) -> (ParsedBlock, u64) {
    let mut splitter = Splitter::new(text.as_bytes(), dialect(), 1 << 20);
    let block = splitter.next_block().expect("a block").expect("the file has rows");
    (plan.parse(&block), block.records)
}

fn measured(text: &str, known: &Known) -> BlockQuality {
    let plan = plan();
    let (block, records) = parsed(&plan, text);
    let amounts: Vec<Option<i64>> = match block.columns.get(3) {
        Some(cartera_raw::Column::Decimal(amounts)) => amounts.iter().collect(),
        _ => Vec::new(),
    };
    BlockQuality::of(&spec(), known, &plan, &block, records, Some(&amounts))
}

fn whole(text: &str) -> BlockQuality {
    measured(text, &Known::nothing(&spec()))
}

fn row() -> impl Strategy<Value = Row> {
    (
        prop::option::weighted(0.8, "[a-c]{1,2}"),
        prop::option::weighted(0.9, "[t-z]{1,3}"),
        prop::option::weighted(0.9, 0_u32..90),
        prop::option::weighted(0.9, -500_i64..500),
    )
}

fn counted<T: Ord>(values: impl Iterator<Item = T>) -> BTreeMap<T, u64> {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn figures_are_those_of_a_plain_count(rows in prop::collection::vec(row(), 1..200)) {
        // A row without any cell is written as three commas and stays a row.
        let quality = whole(&file(&rows));
        prop_assert_eq!((quality.records(), quality.rows()), (rows.len() as u64, rows.len() as u64));
        let facts = quality.columns();
        let texts = |pick: fn(&Row) -> Option<&String>| rows.iter().filter_map(pick).collect::<Vec<_>>();
        for (column, values) in [(0, texts(|row| row.0.as_ref())), (1, texts(|row| row.1.as_ref()))] {
            prop_assert_eq!(facts[column].filled, values.len() as u64);
            prop_assert_eq!(facts[column].distinct_count, values.iter().collect::<BTreeSet<_>>().len() as u64);
            let lengths = || values.iter().map(|value| value.len() as u64);
            prop_assert_eq!(facts[column].text_bytes, lengths().min().zip(lengths().max()).map(|(a, b)| [a, b]));
        }
        prop_assert_eq!(&facts[0].values, &None);
        prop_assert!(facts[0].top_values.is_empty(), "a customer key is shown");
        let products = counted(rows.iter().filter_map(|row| row.1.clone()));
        let mut expected: Vec<_> = products.iter().map(|(value, &rows)| (value.clone(), rows)).collect();
        expected.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        prop_assert_eq!(facts[1].values.as_ref(), Some(&expected));
        let amounts: Vec<i64> = rows.iter().filter_map(|row| row.3).collect();
        let ends = amounts.iter().min().zip(amounts.iter().max());
        let cents = |text: &String| (text.parse::<f64>().expect("a number") * 100.0).round() as i64;
        let found = facts[3].least_and_greatest.as_ref().map(|[least, greatest]| (cents(least), cents(greatest)));
        prop_assert_eq!(found, ends.map(|(&least, &greatest)| (least, greatest)));

        let mut days: BTreeMap<u32, DayCount> = BTreeMap::new();
        for (customer, _, day, cents) in &rows {
            if let Some(day) = day {
                days.entry(*day).or_default().add(DayCount {
                    rows: 1,
                    guest_rows: u64::from(customer.is_none()),
                    amount_rows: u64::from(cents.is_some()),
                    amount: i128::from(cents.unwrap_or(0)) * 100,
                });
            }
        }
        prop_assert_eq!(quality.days().0.values().copied().collect::<Vec<_>>(), days.into_values().collect::<Vec<_>>());

        let keys = counted(rows.iter().filter_map(|row| Some((row.0.clone()?, row.1.clone()?))));
        let repeats = quality.key_repeats()[0];
        prop_assert_eq!((repeats.keys, repeats.rows), (keys.len() as u64, keys.values().sum::<u64>()));
        prop_assert!(repeats.is_whole);
    }

    #[test]
    fn any_cut_and_any_order_gives_the_same(
        rows in prop::collection::vec(row(), 1..200),
        size in 1_usize..60,
        backwards in any::<bool>(),
    ) {
        let expected = whole(&file(&rows));
        let mut parts: Vec<&[Row]> = rows.chunks(size).collect();
        if backwards {
            parts.reverse();
        }
        let mut one_by_one = BlockQuality::default();
        for part in &parts {
            let known = one_by_one.known(&spec());
            one_by_one.merge(measured(&file(part), &known));
        }
        prop_assert_eq!(&one_by_one, &expected);
        let (left, right) = parts.split_at(parts.len() / 2);
        let halves = [left, right].map(|half| half.iter().fold(BlockQuality::default(), |mut merged, part| {
            merged.merge(whole(&file(part)));
            merged
        }));
        let [mut merged, right] = halves;
        let stored = serde_json::to_string(&right).expect("written");
        merged.merge(serde_json::from_str(&stored).expect("read"));
        prop_assert_eq!(merged, expected);
    }
}

#[test]
fn many_values_are_estimated_and_the_frequent_ones_still_found() {
    let row = |i: u64| {
        let product = if i.is_multiple_of(4) {
            "tea".to_owned()
        } else {
            format!("p{i}")
        };
        (
            Some(format!("c{i}")),
            Some(product),
            Some((i % 80) as u32),
            Some(i as i64),
        )
    };
    let rows: Vec<Row> = (0..60_000).map(row).collect();
    let mut quality = BlockQuality::default();
    for part in rows.chunks(10_000) {
        let known = quality.known(&spec());
        quality.merge(measured(&file(part), &known));
    }
    let facts = quality.columns();
    assert!(
        facts[1].distinct_count.abs_diff(45_001) < 1_100,
        "{}",
        facts[1].distinct_count
    );
    assert!(!facts[1].is_distinct_exact);
    assert_eq!(facts[1].sampled_rows, Some(2_048));
    let [(value, share)] = facts[1].top_values.as_slice() else {
        panic!("one value is frequent: {:?}", facts[1].top_values)
    };
    // Four standard errors of a share of a quarter among 2,048 rows.
    assert!(value == "tea" && (share - 0.25).abs() < 0.039, "{value} {share}");
    assert!(facts[0].top_values.is_empty() && facts[0].values.is_none());
    let repeats = quality.key_repeats()[0];
    assert_eq!((repeats.repeated_rows(), repeats.is_whole), (0, true));
}

#[test]
fn broken_cells_and_records_are_counted_by_reason() {
    let text = "ann,tea,2024-01-05,1.00\nbob,mug,2024-02-31,x\ncat,tea\n\"dan,tea,2024-01-05,1\n,mug,yesterday,1.00\n";
    let quality = whole(text);
    assert_eq!((quality.records(), quality.rows()), (5, 3));
    let rejected: Vec<_> = quality
        .rejected()
        .iter()
        .map(|(reason, rows)| (reason.as_str(), *rows))
        .collect();
    assert_eq!(rejected, [("unclosed_quote", 1), ("wrong_field_count", 1)]);
    let facts = quality.columns();
    let days: Vec<_> = facts[2]
        .failures
        .iter()
        .map(|(reason, rows)| (reason.as_str(), *rows))
        .collect();
    assert_eq!(days, [("no_such_day", 1), ("not_a_date", 1)]);
    assert_eq!((facts[2].filled, facts[3].filled), (1, 2));
}

#[test]
fn a_repeated_key_is_found_among_many() {
    let mut rows: Vec<Row> = (0..70_000_u64)
        .map(|i| (Some(format!("c{i}")), Some("tea".into()), Some(1), Some(1)))
        .collect();
    rows.extend_from_within(..7_000);
    let mut quality = BlockQuality::default();
    for part in rows.chunks(20_000) {
        quality.merge(whole(&file(part)));
    }
    let repeats = quality.key_repeats()[0];
    assert!(!repeats.is_whole);
    let share = repeats.repeated_rows() as f64 / repeats.keys as f64;
    assert!((share - 0.1).abs() < 0.01, "{share}");
}

#[test]
fn days_far_apart_are_counted_as_near_ones_are() {
    let text = "ann,tea,0001-01-01,1.00\nann,tea,9999-12-31,2.00\n,tea,9999-12-31,\n";
    let quality = whole(text);
    let days: Vec<_> = quality
        .days()
        .0
        .values()
        .map(|day| (day.rows, day.guest_rows, day.amount))
        .collect();
    assert_eq!(days, [(1, 0, 10_000), (2, 1, 20_000)]);
}
