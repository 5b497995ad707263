//! Tables to export.

use std::sync::Mutex;

use cartera_export::{
    Address, ExportError, ExportObserver, ExportOptions, ExportReport, ExportSource, Frames, RunStamp, export,
};
use cartera_table::{AsOf, ColumnDescription, ColumnType, TableDescription, frame};
use polars::prelude::{Column, DataFrame, Int32Chunked, NewChunkedArray};

/// A table of one row a customer: key, day, net sales.
pub(crate) fn table(name: &str) -> TableDescription {
    TableDescription {
        name: name.to_owned(),
        description: format!("One row a customer's {name}."),
        grain: vec!["customer_id".to_owned()],
        columns: vec![
            column("customer_id", ColumnType::Text, false),
            column("first_day", ColumnType::Date, true),
            column("net_sales", ColumnType::SUM, true),
        ],
        personal: false,
    }
}

pub(crate) fn column(name: &str, column_type: ColumnType, nullable: bool) -> ColumnDescription {
    ColumnDescription {
        name: name.to_owned(),
        column_type,
        nullable,
        description: format!("What '{name}' means."),
    }
}

/// So many of its rows, the sales of each so many ten-thousandths more than those of the one before.
pub(crate) fn rows(count: usize, step: i128) -> DataFrame {
    let keys: Vec<String> = (0..count).map(|row| format!("c{row:06}")).collect();
    let days = (0..count).map(|row| (row % 3 != 0).then_some(row as i32));
    let columns = vec![
        Column::new("customer_id".into(), keys),
        frame::date_column("first_day", Int32Chunked::from_iter_options("first_day".into(), days)),
        frame::sum_column("net_sales", (0..count).map(|row| row as i128 * step).collect()),
    ];
    DataFrame::new(count, columns).expect("columns of one length")
}

pub(crate) fn frames(frames: Vec<DataFrame>) -> Frames<'static> {
    Box::new(frames.into_iter().map(Ok))
}

pub(crate) fn source(table: TableDescription, frames: Frames<'static>) -> ExportSource<'static> {
    ExportSource { table, rows: 0, frames }
}

/// Exports a run of that number into the schema `cartera`.
pub(crate) fn load(
    address: &Address,
    run: u32,
    sources: Vec<ExportSource<'static>>,
    drop_dependents: bool,
) -> Result<ExportReport, ExportError> {
    let options = ExportOptions {
        schema: "cartera".to_owned(),
        drop_dependents,
    };
    export(address, &options, &stamp(run), sources, &Heard::default())
}

pub(crate) fn stamp(run: u32) -> RunStamp {
    RunStamp {
        as_of: AsOf("2025-12-31".parse().expect("a day")),
        run,
        pipeline: "shop".to_owned(),
        fingerprint: format!("f{run}"),
        schema_version: Some(1),
    }
}

/// What an observer heard.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) rows: Mutex<u64>,
    pub(crate) tables: Mutex<Vec<(String, u64)>>,
}

impl ExportObserver for Heard {
    fn table_started(&self, _table: &str, _rows: u64) {}

    fn advanced(&self, rows: u64, _bytes: u64) {
        *self.rows.lock().expect("whole") += rows;
    }

    fn table_finished(&self, table: &str, rows: u64, _bytes: u64) {
        self.tables.lock().expect("whole").push((table.to_owned(), rows));
    }
}
