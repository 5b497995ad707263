//! Each aggregation gives what its SQL text gives in polars' SQL engine, on random frames.

use cartera_table::aggregate::{partition_by, row_hashes};
use cartera_table::frame::{date_column, decimal_column};
use cartera_table::{Aggregate, Aggregation, ColumnType};
use polars::prelude::*;
use polars::sql::SQLContext;
use proptest::prelude::*;

const PASS: Aggregation = Aggregation {
    keys: &["customer", "day"],
    aggregates: &[
        Aggregate::count("row_count"),
        Aggregate::count("true_count").filtered("flag"),
        Aggregate::sum("whole_sum", "whole"),
        Aggregate::sum("amount_sum", "amount"),
        Aggregate::sum("true_amount_sum", "amount").filtered("flag"),
        Aggregate::min("first_day", "other_day"),
        Aggregate::max("last_day", "other_day").filtered("flag"),
        Aggregate::count_distinct("distinct_days", "other_day"),
        Aggregate::min("least", "whole").filtered("flag"),
    ],
};

type Row = (Option<String>, i32, Option<i64>, i64, Option<bool>, Option<i32>);

fn row() -> impl Strategy<Value = Row> {
    (
        prop::option::of("[a-c]{0,2}"),
        0i32..3,
        prop::option::of(-9i64..9),
        -99_999i64..99_999,
        prop::option::of(any::<bool>()),
        prop::option::of(15_000i32..15_004),
    )
}

fn frame(rows: &[Row]) -> DataFrame {
    let days = |of: &dyn Fn(&Row) -> Option<i32>| Int32Chunked::from_iter(rows.iter().map(of));
    let columns = vec![
        Column::new(
            "customer".into(),
            rows.iter().map(|row| row.0.clone()).collect::<Vec<_>>(),
        ),
        date_column("day", days(&|row| Some(row.1))),
        Column::new("whole".into(), rows.iter().map(|row| row.2).collect::<Vec<_>>()),
        decimal_column(
            "amount",
            rows.iter().map(|row| i128::from(row.3)).collect(),
            ColumnType::AMOUNT,
        ),
        Column::new("flag".into(), rows.iter().map(|row| row.4).collect::<Vec<_>>()),
        date_column("other_day", days(&|row| row.5)),
    ];
    DataFrame::new(rows.len(), columns).expect("columns of one length")
}

/// Rows as sorted text, so that neither order nor width of integers matters.
fn rows_as_text(frame: &DataFrame) -> Vec<String> {
    let text = |value: AnyValue<'_>| match value {
        AnyValue::Decimal(value, _, scale) => format!("{value}e-{scale}"),
        other => other.to_string(),
    };
    let mut rows: Vec<String> = (0..frame.height())
        .map(|row| {
            frame
                .columns()
                .iter()
                .map(|column| text(column.get(row).expect("a row")))
                .collect::<Vec<_>>()
                .join("|")
        })
        .collect();
    rows.sort();
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn the_executor_agrees_with_sql(rows in prop::collection::vec(row(), 1..50), cut in any::<prop::sample::Index>()) {
        let whole = frame(&rows);
        let cut = cut.index(rows.len());
        let parts = [whole.slice(0, cut), whole.slice(i64::try_from(cut).expect("few"), rows.len() - cut)];
        let ours = PASS.run(&parts).expect("a valid pass");
        let mut context = SQLContext::new();
        context.register("lines", whole.lazy());
        let theirs = context.execute(&PASS.to_sql("lines")).expect("valid SQL").collect().expect("runs");
        prop_assert_eq!(rows_as_text(&ours), rows_as_text(&theirs));
    }

    #[test]
    fn partitions_hold_each_row_once_and_each_key_in_one_place(rows in prop::collection::vec(row(), 1..50)) {
        let whole = frame(&rows);
        let partitions = partition_by(&whole, &["customer", "day"], 4).expect("text");
        prop_assert_eq!(partitions.iter().map(DataFrame::height).sum::<usize>(), rows.len());
        for key in rows.iter().filter_map(|row| row.0.as_deref()) {
            let holders = partitions.iter().filter(|part| part.column("customer").expect("there").str().expect("text").iter().any(|found| found == Some(key)));
            prop_assert_eq!(holders.count(), 1);
        }
    }

    #[test]
    fn equal_rows_have_equal_hashes_and_others_do_not(rows in prop::collection::vec(row(), 2..30)) {
        let columns = ["customer", "day", "whole", "amount"];
        let hashes = row_hashes(&frame(&rows), &columns).expect("hashable");
        for (left, left_hash) in rows.iter().zip(&hashes) {
            for (right, right_hash) in rows.iter().zip(&hashes) {
                let equal = (&left.0, left.1, left.2, left.3) == (&right.0, right.1, right.2, right.3);
                prop_assert_eq!(equal, left_hash == right_hash);
            }
        }
    }
}

#[test]
fn an_overflowing_sum_is_an_error_and_not_a_wrong_number() {
    const TOTAL: Aggregation = Aggregation {
        keys: &["customer"],
        aggregates: &[Aggregate::sum("total", "amount")],
    };
    let column = decimal_column("amount", vec![i128::MAX, 1], ColumnType::SUM);
    let frame = DataFrame::new(2, vec![Column::new("customer".into(), ["a", "a"]), column]).expect("a frame");
    assert!(TOTAL.run(&[frame]).is_err());
}

#[test]
fn a_key_that_cannot_be_written_back_is_refused() {
    const BY_WHOLE: Aggregation = Aggregation {
        keys: &["whole", "customer"],
        aggregates: &[],
    };
    const LEAST_AMOUNT: Aggregation = Aggregation {
        keys: &["customer"],
        aggregates: &[Aggregate::min("least", "amount")],
    };
    let frame = frame(&[(Some("a".into()), 1, Some(2), 3, None, None)]);
    assert!(BY_WHOLE.run(std::slice::from_ref(&frame)).is_err());
    assert!(LEAST_AMOUNT.run(std::slice::from_ref(&frame)).is_err());
    let other = DataFrame::new(1, vec![Column::new("customer".into(), [1i32])]).expect("a frame");
    const BY_CUSTOMER: Aggregation = Aggregation {
        keys: &["customer"],
        aggregates: &[],
    };
    assert!(
        BY_CUSTOMER
            .run(&[frame.select(["customer"]).expect("there"), other])
            .is_err()
    );
}
