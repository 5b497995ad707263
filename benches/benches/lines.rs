//! The hot path: bytes to typed columns, and lines to parts of orders.

use std::hint::black_box;

use cartera_benches::{sample_file, sample_plan};
use cartera_normalize::{LINES_TO_PARTS, ORDERS};
use cartera_raw::{Block, Dialect, Splitter};
use cartera_table::frame::{date_column, decimal_column};
use cartera_table::{Aggregation, ColumnType};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use polars::prelude::{Column, DataFrame, Int32Chunked, NewChunkedArray};

fn blocks(file: &[u8]) -> Vec<Block> {
    let mut splitter = Splitter::new(file, Dialect::default(), 4 << 20);
    let mut blocks = Vec::new();
    while let Some(block) = splitter.next_block().expect("a sound file") {
        blocks.push(block);
    }
    blocks
}

fn read(criterion: &mut Criterion) {
    let file = sample_file(10_000).expect("a sample");
    let plan = sample_plan().expect("a plan");
    let mut group = criterion.benchmark_group("raw");
    group.sample_size(10).throughput(Throughput::Bytes(file.len() as u64));
    group.bench_function("split", |bencher| bencher.iter(|| black_box(blocks(&file)).len()));
    let blocks = blocks(&file);
    group.bench_function("parse", |bencher| {
        bencher.iter(|| {
            blocks
                .iter()
                .map(|block| black_box(plan.parse(block)).lines.len())
                .sum::<usize>()
        });
    });
    group.finish();
}

/// Lines as a batch has them: three to an order, orders in the order of time.
fn lines(rows: i32) -> DataFrame {
    let orders: Vec<String> = (0..rows).map(|row| format!("O{:09}", row / 3)).collect();
    let customers: Vec<String> = (0..rows)
        .map(|row| format!("C{:07}", (row / 3).wrapping_mul(7_919) % 30_000))
        .collect();
    let days = Int32Chunked::from_iter_values("order_date".into(), (0..rows).map(|row| 19_723 + row / 500));
    let columns = vec![
        Column::new("source_key".into(), &customers),
        Column::new("customer_id".into(), &customers),
        Column::new("source_index".into(), vec![0i32; rows.unsigned_abs() as usize]),
        Column::new("order_id".into(), orders),
        date_column("order_date", days),
        Column::new("line_kind".into(), vec![0i32; rows.unsigned_abs() as usize]),
        Column::new("line_count".into(), vec![1i64; rows.unsigned_abs() as usize]),
        decimal_column("amount", (0..rows).map(i128::from).collect(), ColumnType::AMOUNT),
        Column::new("counts_as_order".into(), vec![true; rows.unsigned_abs() as usize]),
        Column::new("is_gross_sales".into(), vec![true; rows.unsigned_abs() as usize]),
        Column::new("is_returned".into(), vec![false; rows.unsigned_abs() as usize]),
        Column::new("in_net_sales".into(), vec![true; rows.unsigned_abs() as usize]),
    ];
    DataFrame::new(columns[0].len(), columns).expect("columns of one length")
}

fn aggregate(criterion: &mut Criterion) {
    let lines = [lines(120_000)];
    let mut group = criterion.benchmark_group("aggregate");
    group.sample_size(20).throughput(Throughput::Elements(120_000));
    let passes: [(&str, Aggregation); 2] = [("lines_to_parts", LINES_TO_PARTS), ("orders", ORDERS)];
    for (name, pass) in passes {
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(pass.run(&lines).expect("a pass")).height())
        });
    }
    group.finish();
}

criterion_group!(benches, read, aggregate);
criterion_main!(benches);
