//! Signals through their public door.

mod language;
mod nights;
mod rules;
mod slow;

use cartera_segment::{
    FoundSignals, RankedSegmentation, SignalParamsError, SignalsBefore, SignalsParams, SignalsValidParams, signals,
};
use cartera_table::contracts::{CustomerFeatures, CustomerSegments};
use cartera_table::{AsOf, ColumnDef, ColumnType, Contract, ContractInfo, Table, frame};
use polars::prelude::*;

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value {
    Number(f64),
    Text(&'static str),
    Null,
}
use Value::{Null, Number, Text};

/// What is known of a customer, by column; of columns that are not named nothing is.
pub(crate) type Known = Vec<(&'static str, Value)>;

pub(crate) const TODAY: i32 = 20_000;

/// Pareto classes by net sales, tiers by the first that is known of two.
pub(crate) fn ranked() -> [RankedSegmentation; 2] {
    let of = |segmentation, measures| RankedSegmentation { segmentation, measures };
    [
        of("pareto_class", vec!["net_sales"]),
        of("value_tier", vec!["net_profit", "vin"]),
    ]
}

pub(crate) fn checked(typed: &str) -> Result<SignalsValidParams, SignalParamsError> {
    let params: SignalsParams = toml::from_str(typed).unwrap_or_else(|error| panic!("{error}"));
    params.check(&ranked())
}

pub(crate) fn day(days: i32) -> AsOf {
    AsOf::from_epoch_days(days).expect("a day")
}

/// The two tables of these customers, sorted by their ids.
pub(crate) fn tables(customers: &[(String, Known)]) -> (Table<CustomerFeatures>, Table<CustomerSegments>) {
    let of = |contract: &ContractInfo| {
        let columns: Vec<Column> = contract.columns.iter().map(|column| cells(column, customers)).collect();
        DataFrame::new(customers.len(), columns).expect("one length")
    };
    (
        Table::sorted(of(&CustomerFeatures::INFO)).expect("features"),
        Table::sorted(of(&CustomerSegments::INFO)).expect("segments"),
    )
}

fn cells(column: &ColumnDef, customers: &[(String, Known)]) -> Column {
    let value = |known: &Known| {
        let found = known.iter().find(|(name, _)| *name == column.name);
        found.map_or(Null, |(_, value)| *value)
    };
    let number = |known: &Known| match value(known) {
        Number(number) => Some(number),
        _ => (!column.nullable).then_some(0.0),
    };
    if column.name == "customer_id" {
        let ids: Vec<&str> = customers.iter().map(|(id, _)| id.as_str()).collect();
        return Column::new("customer_id".into(), ids);
    }
    let numbers = customers.iter().map(|(_, known)| number(known));
    let name = PlSmallStr::from_static(column.name);
    match column.column_type {
        ColumnType::Text => {
            let default = column.allowed_values.first().copied().unwrap_or("none");
            let text = |known: &Known| match value(known) {
                Text(text) => Some(text),
                _ => (!column.nullable).then_some(default),
            };
            let texts: Vec<Option<&str>> = customers.iter().map(|(_, known)| text(known)).collect();
            Column::new(name, texts)
        }
        ColumnType::Int32 => Column::new(name, numbers.map(|one| one.map(|one| one as i32)).collect::<Vec<_>>()),
        ColumnType::Int64 => Column::new(name, numbers.map(|one| one.map(|one| one as i64)).collect::<Vec<_>>()),
        ColumnType::Float64 => Column::new(name, numbers.collect::<Vec<_>>()),
        ColumnType::Date => {
            let days = numbers.map(|one| one.map(|one| one as i32)).collect::<Vec<_>>();
            frame::date_column(column.name, Int32Chunked::from_iter_options(name, days.into_iter()))
        }
        other => {
            let money = numbers
                .map(|one| one.map(|one| (one * 10_000.0).round() as i128))
                .collect::<Vec<_>>();
            frame::optional_decimal_column(column.name, money.into_iter(), other)
        }
    }
}

/// Looks at customers without a run before.
pub(crate) fn found(customers: &[(String, Known)], params: &SignalsValidParams) -> FoundSignals {
    found_after(customers, None, TODAY, params)
}

pub(crate) fn found_after(
    customers: &[(String, Known)],
    before: Option<SignalsBefore<'_>>,
    today: i32,
    params: &SignalsValidParams,
) -> FoundSignals {
    let (features, segments) = tables(customers);
    signals(&features, &segments, before, day(today), params).expect("signals")
}

/// Customers and signals, `ann overdue`.
pub(crate) fn names(found: &FoundSignals) -> Vec<String> {
    let frame = found.table.frame();
    let customers = frame::text(frame, "customer_id").expect("there").iter();
    let signals = frame::text(frame, "signal").expect("there").iter();
    let name = |(customer, signal): (Option<&str>, Option<&str>)| {
        format!("{} {}", customer.expect("an id"), signal.expect("a name"))
    };
    customers.zip(signals).map(name).collect()
}

/// The texts of a column.
pub(crate) fn column(found: &FoundSignals, name: &str) -> Vec<String> {
    let column = found.table.frame().column(name).expect("there");
    (0..column.len())
        .map(|row| column.get(row).expect("a row").to_string().trim_matches('"').to_owned())
        .collect()
}
