//! More customers than one worker looks at at a time.

use std::collections::BTreeSet;

use cartera_activation::{
    Base, BaseParts, Candidates, ContactRulesParams, ControlParams, CustomerKeys, DecideSources, KnownColumns,
    PermissionSources, Permissions, TargetParams, check_targets, decide,
};
use cartera_table::contracts::{Consents, IdentityLinks, Interactions};
use cartera_table::frame::{date_column, null_column, timestamp_column};
use cartera_table::{AsOf, Contract, Table};
use polars::prelude::*;

use super::world::{HOUR, TODAY};

/// Four parts of a table and a bit.
pub(crate) const CUSTOMERS: usize = 140_000;

fn table<T: Contract>(height: usize, mut given: Vec<Column>) -> Table<T> {
    for column in T::INFO.columns {
        if !given.iter().any(|one| one.name() == column.name) {
            given.push(match column.name {
                "source_index" | "file_index" => Column::new(column.name.into(), vec![0i32; height]),
                "row" => Column::new("row".into(), (0..height as i64).collect::<Vec<_>>()),
                name if !column.nullable => StringChunked::full(name.into(), "main", height).into_column(),
                name => null_column(name, column.column_type, height),
            });
        }
    }
    Table::sorted(DataFrame::new(height, given).expect("one height")).expect("a table")
}

fn texts(name: &str, texts: impl Iterator<Item = String>) -> Column {
    StringChunked::from_iter_values(name.into(), texts).into_column()
}

fn id(customer: usize) -> String {
    format!("c{customer:08}")
}

/// Every third customer withdrew after the grant, every fifth was contacted yesterday and the day before, every seventh
/// household has two members.
pub(crate) fn night(customers: usize, lists: usize, before: Option<&DataFrame>) -> [DataFrame; 4] {
    let ids = || (0..customers).map(id);
    let features = vec![
        texts("customer_id", ids()),
        Column::new(
            "order_count".into(),
            (0..customers as i64).map(|customer| customer % 100).collect::<Vec<_>>(),
        ),
    ];
    let features = DataFrame::new(customers, features).expect("one height");
    let details = vec![
        texts("customer_id", ids()),
        texts(
            "email",
            (0..customers).map(|customer| format!("Person{customer}@example.org")),
        ),
        texts(
            "household_key",
            (0..customers).map(|customer| format!("h{}", customer - usize::from(customer % 7 == 1))),
        ),
    ];
    let details = DataFrame::new(customers, details).expect("one height");
    let none = DataFrame::empty();
    let known = KnownColumns::new(&[], &[]);
    let parts = BaseParts {
        features: &features,
        segments: &none,
        customers: &none,
        signals: &none,
    };
    let columns: BTreeSet<String> = ["order_count".to_owned()].into();
    let as_of = AsOf::from_epoch_days(TODAY).expect("a day");
    let base = Base::new(parts, &columns, &known, as_of).expect("a base");
    let said = || {
        (0..customers)
            .map(|customer| (customer, true))
            .chain((0..customers).step_by(3).map(|customer| (customer, false)))
    };
    let consents = vec![
        texts("customer_id", said().map(|(customer, _)| id(customer))),
        texts("channel", said().map(|_| "email".to_owned())),
        texts("purpose", said().map(|_| "marketing".to_owned())),
        texts(
            "status",
            said().map(|(_, is_granted)| if is_granted { "granted" } else { "withdrawn" }.to_owned()),
        ),
        timestamp_column(
            "since",
            said()
                .map(|(_, is_granted)| (i64::from(TODAY) - i64::from(is_granted)) * 24 * HOUR)
                .collect(),
        ),
    ];
    let consents: Table<Consents> = table(said().count(), consents);
    let contacts = || {
        (0..customers)
            .step_by(5)
            .flat_map(|customer| [(customer, 1), (customer, 2)])
    };
    let days = contacts().map(|(_, ago)| Some(TODAY - ago));
    let interactions = vec![
        texts("customer_id", contacts().map(|(customer, _)| id(customer))),
        date_column(
            "occurred_on",
            Int32Chunked::from_iter_options("occurred_on".into(), days),
        ),
        texts("kind", contacts().map(|_| "contact".to_owned())),
    ];
    let interactions: Table<Interactions> = table(contacts().count(), interactions);
    let links = vec![
        texts("source_key", ids()),
        texts("customer_id", ids()),
        Column::new("score".into(), vec![1.0f64; customers]),
    ];
    let links: Table<IdentityLinks> = table(customers, links);
    let rules = ContactRulesParams::default().check().expect("rules");
    let params = ControlParams {
        global_share: 0.05,
        ..ControlParams::default()
    };
    let control = params.check("shop").expect("shares");
    let params: Vec<TargetParams> = (0..lists)
        .map(|list| {
            let at_least = [0, 80, 98][list % 3];
            let mut params = TargetParams::new(
                &format!("list_{list:02}"),
                "email",
                &format!("order_count >= {at_least}"),
            );
            params.exclusive = list == 0;
            params.limit = (list % 2 == 1).then_some(customers as u64 / 10);
            params.order_by = vec!["order_count desc".to_owned()];
            params
        })
        .collect();
    let targets = check_targets(&params, &known, &rules, &control).expect("lists");
    let sources = PermissionSources {
        base: base.frame(),
        as_of,
        customers: &details,
        customers_now: None,
        consents: Some(&consents),
        suppressions: None,
        denials: &[],
        accepted_bad_rows: 0,
        interactions: Some(&interactions),
        held_out: None,
        cases: None,
    };
    let permissions = Permissions::new(sources, &[("email", "marketing")], &rules).expect("permissions");
    let ids = base.frame().column("customer_id").expect("ids").str().expect("text");
    let keys = CustomerKeys::new(&links, ids).expect("keys");
    let lists = targets
        .iter()
        .map(|target| Candidates::of(target, &base).expect("candidates"));
    let lists = lists.collect();
    let sources = DecideSources {
        permissions: &permissions,
        keys: &keys,
        control: &control,
        before,
        held_out: None,
    };
    let decided = decide(sources, lists).expect("decided");
    [
        decided.lists.into_frame(),
        decided.decisions.into_frame(),
        decided.reasons.into_frame(),
        decided.changes.into_frame(),
    ]
}

fn on_threads(threads: usize, before: Option<&DataFrame>) -> [DataFrame; 4] {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads");
    pool.install(|| night(CUSTOMERS, 3, before))
}

#[test]
fn threads_do_not_matter_and_nobody_is_lost_between_them() {
    let one = on_threads(1, None);
    let [_, decisions, reasons, _] = &one;
    assert_eq!(decisions.height(), CUSTOMERS + CUSTOMERS / 5 + CUSTOMERS / 50);
    let of_first = reasons
        .clone()
        .lazy()
        .filter(col("list").eq(lit("list_00")))
        .collect()
        .expect("rows");
    let count = |reason: &str| {
        let rows = of_first
            .clone()
            .lazy()
            .filter(col("reason").eq(lit(reason)))
            .collect()
            .expect("rows");
        let counts = rows.column("customer_count").expect("there").i64().expect("numbers");
        counts.iter().flatten().sum::<i64>() as usize
    };
    let withdrew = CUSTOMERS.div_ceil(3);
    assert_eq!(count("consent_withdrawn"), withdrew);
    let capped = (0..CUSTOMERS).step_by(5).filter(|customer| customer % 3 != 0).count();
    assert_eq!(count("frequency_cap"), capped);
    let is_free = |customer: &usize| !customer.is_multiple_of(3) && !customer.is_multiple_of(5);
    let pairs = (0..CUSTOMERS).filter(|customer| customer % 7 == 1);
    let pairs = pairs
        .filter(|customer| is_free(customer) && is_free(&(customer - 1)))
        .count();
    assert_eq!(count("household"), pairs);
    assert_eq!(count("selected"), CUSTOMERS - withdrew - capped - pairs);
    for threads in [2, 5] {
        for (one, other) in one.iter().zip(on_threads(threads, None)) {
            assert!(one.equals_missing(&other), "{threads} threads");
        }
    }
    let [lists, _, _, changes] = on_threads(3, Some(decisions));
    let sum = |name: &str| {
        lists
            .column(name)
            .expect("there")
            .i64()
            .expect("numbers")
            .iter()
            .flatten()
            .sum::<i64>()
    };
    assert_eq!((sum("added_count"), sum("removed_count")), (0, 0));
    assert_eq!(changes.height() as i64, sum("contact_count"));
}
