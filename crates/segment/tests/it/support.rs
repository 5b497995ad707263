//! Customer tables made of a few figures.

use cartera_segment::{Before, SegmentParams, Segmentation, segment};
use cartera_table::contracts::CustomerFeatures;
use cartera_table::{ColumnType, Contract, Table, frame};
use polars::prelude::*;

/// The figures of a customer that segments are made of.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Customer {
    pub(crate) days_since_last_order: Option<i32>,
    pub(crate) order_count: i64,
    /// In ten-thousandths.
    pub(crate) net_sales: i128,
    pub(crate) scores: [Option<i32>; 3],
}

impl Customer {
    /// A customer with orders.
    pub(crate) fn new(days_since_last_order: i32, order_count: i64, net_sales: i128, scores: [i32; 3]) -> Self {
        Self {
            days_since_last_order: Some(days_since_last_order),
            order_count,
            net_sales,
            scores: scores.map(Some),
        }
    }

    /// A customer without an order.
    pub(crate) fn without_orders(net_sales: i128) -> Self {
        Self {
            net_sales,
            ..Self::default()
        }
    }
}

/// The table of these customers, whose ids are `c0000000`, `c0000001`, ...
pub(crate) fn table(customers: &[Customer]) -> Table<CustomerFeatures> {
    let ids: Vec<String> = (0..customers.len()).map(|row| format!("c{row:07}")).collect();
    let orders: Vec<i64> = customers.iter().map(|customer| customer.order_count).collect();
    let sales: Vec<i128> = customers.iter().map(|customer| customer.net_sales).collect();
    let days: Vec<Option<i32>> = customers
        .iter()
        .map(|customer| customer.days_since_last_order)
        .collect();
    let last_order = days.iter().map(|days| days.map(|days| 15_000 - days));
    let average = customers
        .iter()
        .map(|customer| (customer.order_count > 0).then(|| customer.net_sales / i128::from(customer.order_count)));
    let score =
        |index: usize| -> Vec<Option<i32>> { customers.iter().map(|customer| customer.scores[index]).collect() };
    let rfm_score: Vec<Option<String>> = customers
        .iter()
        .map(|customer| match customer.scores {
            [Some(recency), Some(frequency), Some(monetary)] => Some(format!("{recency}{frequency}{monetary}")),
            _ => None,
        })
        .collect();
    let columns = vec![
        Column::new("customer_id".into(), ids),
        Column::new(
            "line_count".into(),
            orders.iter().map(|orders| orders + 1).collect::<Vec<i64>>(),
        ),
        Column::new("order_count".into(), &orders),
        Column::new("order_day_count".into(), &orders),
        frame::date_column(
            "first_order_date",
            Int32Chunked::from_iter_options("".into(), last_order.clone()),
        ),
        frame::date_column(
            "last_order_date",
            Int32Chunked::from_iter_options("".into(), last_order),
        ),
        Column::new("days_since_last_order".into(), days),
        frame::sum_column("gross_sales", sales.clone()),
        frame::sum_column("returned_amount", vec![0; customers.len()]),
        Column::new("returned_line_count".into(), vec![0_i64; customers.len()]),
        frame::sum_column("net_sales", sales),
        frame::optional_decimal_column("average_order_value", average, ColumnType::SUM),
        Column::new("lines_without_cost".into(), &orders),
        Column::new("recency_score".into(), score(0)),
        Column::new("frequency_score".into(), score(1)),
        Column::new("monetary_score".into(), score(2)),
        Column::new("rfm_score".into(), rfm_score),
        Column::new("lifecycle_stage".into(), vec!["developing"; customers.len()]),
        frame::date_column(
            "lifecycle_since",
            Int32Chunked::from_vec("".into(), vec![15_000; customers.len()]),
        ),
    ];
    let mut table = DataFrame::new(customers.len(), columns).expect("columns of one length");
    for (name, value) in [("clv_margin_source", "none"), ("clv_status", "no_model")] {
        table
            .with_column(Column::new(name.into(), vec![value; customers.len()]))
            .expect("one length");
    }
    table
        .with_column(Column::new("horizon_months".into(), vec![36_i32; customers.len()]))
        .expect("one length");
    // Nothing else is known here.
    for column in CustomerFeatures::INFO.columns {
        if !table.schema().contains(column.name) {
            let nothing = frame::null_column(column.name, column.column_type, customers.len());
            table.with_column(nothing).expect("one length");
        }
    }
    Table::sorted(table).expect("a valid table")
}

/// A skewed population: the same for the same length on every machine.
pub(crate) fn population(length: usize) -> Vec<Customer> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = move |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..length)
        .map(|_| {
            if draw(50) == 0 {
                return Customer::without_orders(-(draw(10_000) as i128));
            }
            let orders = 1 + (0..draw(5)).map(|_| draw(4)).product::<u64>().min(200) as i64;
            let sales = i128::from(orders) * (50_000 + draw(900_000) as i128);
            Customer::new(draw(700) as i32, orders, sales, [1, 2, 3].map(|_| 1 + draw(5) as i32))
        })
        .collect()
}

/// Segments customers whose scores have five bins.
pub(crate) fn run(customers: &[Customer], params: &SegmentParams) -> Segmentation {
    segment(
        &table(customers),
        Before::default(),
        &params.check(5).expect("valid parameters"),
    )
    .expect("segments")
}

/// The texts of a column.
pub(crate) fn texts(frame: &DataFrame, column: &str) -> Vec<String> {
    frame
        .column(column)
        .expect("there")
        .str()
        .expect("text")
        .iter()
        .map(|text| text.expect("no null").to_owned())
        .collect()
}

/// Runs on a pool of that many threads.
pub(crate) fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("a pool")
        .install(work)
}
