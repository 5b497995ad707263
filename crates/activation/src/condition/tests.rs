use cartera_table::{AsOf, Date};
use polars::prelude::{DataFrame, df};

use super::*;
use crate::base::BaseParts;

fn known() -> KnownColumns {
    let tiers = ["platinum", "gold", "no_value"].map(str::to_owned).to_vec();
    KnownColumns::new(&["overdue"], &[("value_tier", tiers)])
}

/// Four customers; nothing is known of the last one.
fn base() -> Base {
    let money = |values: Vec<Option<i128>>| {
        let values = polars::prelude::Int128Chunked::from_iter_options("vin".into(), values.into_iter());
        polars::prelude::IntoColumn::into_column(values.into_decimal_unchecked(38, 4))
    };
    let mut features = df!(
        "customer_id" => ["a", "b", "c", "d"],
        "order_count" => [Some(3i64), Some(1), Some(3), None],
        "p_alive" => [Some(0.9), Some(f64::NAN), Some(0.2), None],
    )
    .expect("a frame");
    let vin = vec![Some(100_000), Some(-5_000), Some(100_000), None];
    features.with_column(money(vin)).expect("one height");
    let days = [Some(20_000), Some(20_269), Some(20_200), None];
    let days = polars::prelude::Int32Chunked::from_iter_options("last_order_date".into(), days.into_iter());
    features
        .with_column(polars::prelude::IntoColumn::into_column(days.into_date()))
        .expect("one height");
    let segments = df!("value_tier" => ["gold", "platinum", "gold", "no_value"]).expect("a frame");
    let customers = df!("customer_id" => ["b"], "city" => ["Faro"], "customer_type" => ["company"]).expect("a frame");
    let signals = df!("customer_id" => ["c"], "signal" => ["overdue"]).expect("a frame");
    let parts = BaseParts {
        features: &features,
        segments: &segments,
        customers: &customers,
        signals: &signals,
    };
    let columns = [
        "order_count",
        "p_alive",
        "vin",
        "last_order_date",
        "value_tier",
        "city",
        "signal_overdue",
    ];
    let columns = columns.map(str::to_owned).into_iter().collect();
    // 20269 is 2025-06-30.
    Base::new(parts, &columns, &known(), AsOf(Date::constant(2025, 6, 30))).expect("a base")
}

fn rows(condition: &str) -> Vec<u32> {
    let condition = Condition::parse(condition, &known()).unwrap_or_else(|error| panic!("{condition}: {error}"));
    condition.rows(&base()).expect("rows")
}

fn refusal(condition: &str) -> String {
    Condition::parse(condition, &known()).expect_err(condition).to_string()
}

#[test]
fn conditions_choose_the_rows_that_are_known_to_meet_them() {
    assert_eq!(rows("order_count >= 3"), [0, 2]);
    assert_eq!(rows("not order_count >= 3"), [1], "what is not known meets neither");
    assert_eq!(rows("vin > 9.99 and value_tier in ('gold', 'platinum')"), [0, 2]);
    assert_eq!(rows("vin = 10 or vin < 0"), [0, 1, 2]);
    assert_eq!(rows("signal_overdue"), [2]);
    assert_eq!(rows("signals.overdue and customer_segments.value_tier = 'gold'"), [2]);
    assert_eq!(rows("customers.city like 'Fa%'"), [1]);
    assert_eq!(rows("city is null"), [0, 2, 3]);
    assert_eq!(rows("true"), [0, 1, 2, 3]);
    assert_eq!(
        rows("order_count > avg(order_count)"),
        [0, 2],
        "means are of the whole base"
    );
}

#[test]
fn days_are_compared_as_days() {
    assert_eq!(rows("last_order_date >= '2025-06-30'"), [1]);
    assert_eq!(rows("last_order_date = as_of"), [1]);
    assert_eq!(rows("last_order_date < as_of - interval '30 days'"), [0, 2]);
    assert_eq!(rows("last_order_date between '2025-01-01' and '2025-06-29'"), [2]);
    assert_eq!(
        refusal("last_order_date > '30/06/2025'"),
        "`last_order_date` is a day, and '30/06/2025' is none: days are written year, month, day in quotes, such as '2025-12-31'"
    );
    assert_eq!(
        refusal("order_count > 1 and last_order_date >= 2025-06-01"),
        "`last_order_date` is a day, and 2025 - 06 - 01 is none: days are written year, month, day in quotes, such as '2025-12-31'"
    );
}

#[test]
fn what_is_wrong_is_named() {
    assert_eq!(refusal(" "), "it is empty");
    assert_eq!(
        refusal("days_since_last_ordr > 3"),
        "there is no column `days_since_last_ordr`; did you mean `days_since_last_order`?"
    );
    assert_eq!(
        refusal("signal_overdu"),
        "there is no column `signal_overdu`; did you mean `signal_overdue`?"
    );
    assert_eq!(refusal("customers.vin > 3"), "there is no column `customers.vin`");
    assert_eq!(
        refusal("orders.id = 3"),
        "there is no table `orders` here: customer_features, customer_segments, customers and signals are there"
    );
    assert_eq!(
        refusal("value_tier = 'golden'"),
        "value_tier is never 'golden'; did you mean `gold`?: platinum, gold, no_value"
    );
    assert_eq!(
        refusal("lifecycle_stage in ('at_risk', 'gone')"),
        format!(
            "lifecycle_stage is never 'gone': {}",
            cartera_table::contracts::STAGES.join(", ")
        )
    );
    assert_eq!(
        refusal("vin"),
        "it is a number, and should be a condition, true or false"
    );
    assert_eq!(
        refusal("sum(order_count) > 3"),
        "it gives one value for all customers, not one for each"
    );
    assert_eq!(
        refusal("order_count > (select 3)"),
        "a subquery cannot stand here: the expression looks at one customer at a time"
    );
    assert_eq!(
        refusal("row_number() over (order by vin) < 3"),
        "a window (OVER) cannot stand here: the expression looks at one customer at a time"
    );
    for wrong in ["vin >", "vin > 3)", "vin > 3; drop table customers", "vin > 3 vin"] {
        assert!(
            refusal(wrong).starts_with("it is no SQL expression: "),
            "{wrong}: {}",
            refusal(wrong)
        );
    }
    assert_eq!(refusal("vin > 'much'"), "`vin` is a number, and 'much' is not");
    assert_eq!(refusal("value_tier in (3)"), "`value_tier` is text, and 3 is not");
    assert_eq!(
        refusal("'yes' = signal_overdue"),
        "`signal_overdue` is true or false, and 'yes' is not"
    );
    assert!(refusal("nothing_like(vin)").starts_with("it cannot be computed: "));
}

#[test]
fn what_some_text_could_stop_is_refused_and_casts_give_null() {
    assert!(rows("cast(city as bigint) > 5").is_empty());
    assert!(rows("city::date > date '2020-01-01'").is_empty());
    assert_eq!(rows("try_cast(city as int) is null"), [0, 1, 2, 3]);
    for wrong in [
        "strptime(city, '%Y-%m-%d') is not null",
        "regexp_like(city, '(')",
        "date(city) is null",
    ] {
        assert!(refusal(wrong).starts_with("it cannot be computed: "), "{wrong}");
    }
}

#[test]
fn what_cannot_be_computed_tells_no_value() {
    let condition = Condition::parse("city = 'Faro' and order_count > 1", &known()).expect("a condition");
    let mut base = base();
    let features = df!("customer_id" => ["a"], "order_count" => ["Ana's phone"]).expect("a frame");
    let customers = df!("customer_id" => ["a"], "city" => ["Lisboa"]).expect("a frame");
    let parts = BaseParts {
        features: &features,
        segments: &DataFrame::empty(),
        customers: &customers,
        signals: &DataFrame::empty(),
    };
    let columns = ["order_count", "city"].map(str::to_owned).into_iter().collect();
    base = Base::new(parts, &columns, &known(), base.as_of()).expect("a base");
    let error = condition.rows(&base).expect_err("text is no number").to_string();
    assert!(
        error.ends_with("cannot be computed from the values of city, order_count"),
        "{error}"
    );
    assert!(!error.contains("Ana") && !error.contains("Lisboa"), "{error}");
}

#[test]
fn what_personal_columns_are_compared_with_is_not_shown() {
    for (typed, shown) in [
        ("email = 'ana@x.org'", "email = '...'"),
        ("value_tier = 'gold'  and vin > 3", "value_tier = 'gold'  and vin > 3"),
        (
            "value_tier = 'gold' and (lower(customers.email) in ('ana@x.org', 'b@x.org') or not email like 'ana%')",
            "value_tier = 'gold' AND (lower(customers.email) IN ('...', '...') OR NOT email LIKE '...')",
        ),
        ("cast(phone as bigint) = 600111222", "CAST(phone AS BIGINT) = '...'"),
        ("customer_id = 'c-17'", "customer_id = '...'"),
        ("email is not null", "email is not null"),
    ] {
        let condition = Condition::parse(typed, &known()).unwrap_or_else(|error| panic!("{typed}: {error}"));
        assert_eq!(condition.shown(), shown);
    }
    let order = OrderBy::parse(&["vin desc", "email = 'ana@x.org' desc"], &known()).expect("an order");
    assert_eq!(order.shown(), ["vin desc", "email = '...' DESC"]);
}

#[test]
fn orders_put_what_is_not_known_last_and_keep_the_order_of_equals() {
    let sorted = |terms: &[&str]| {
        OrderBy::parse(terms, &known())
            .expect("an order")
            .sorted(&base(), &[3, 2, 1, 0])
            .expect("sorted")
    };
    assert_eq!(sorted(&["vin desc"]), [2, 0, 1, 3]);
    assert_eq!(sorted(&["vin"]), [1, 2, 0, 3]);
    assert_eq!(sorted(&["vin desc nulls first"]), [3, 2, 0, 1]);
    assert_eq!(
        sorted(&["p_alive desc"]),
        [0, 2, 3, 1],
        "what is no number is not known"
    );
    assert_eq!(sorted(&["order_count desc", "last_order_date"]), [0, 2, 1, 3]);
    assert_eq!(sorted(&[]), [3, 2, 1, 0]);
    assert!(OrderBy::parse(&["vin downwards"], &known()).is_err());
}

#[test]
fn values_are_finite_numbers_or_not_known() {
    let value = ValueExpression::parse("vin * 0.5 / (order_count - 1)", &known()).expect("a value");
    let values = value.values(&base(), &[0, 1, 2, 3]).expect("values");
    assert_eq!(values[0], 2.5);
    assert!(values[1].is_nan() && values[3].is_nan(), "{values:?}");
    assert!(ValueExpression::parse("value_tier", &known()).is_err());
    let names: Vec<_> = value.columns().iter().map(String::as_str).collect();
    assert_eq!(names, ["order_count", "vin"]);
}
