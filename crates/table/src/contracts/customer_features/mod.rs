//! One wide row a customer: what is known and computed of them as of the day. One file a group of columns.

mod bonding;
mod demographics;
mod lifecycle;
mod lifetime;
mod orders;
mod profit;
mod relations;
mod rhythm;
mod scores;
mod value;

use crate::contract::{ColumnDef, Contract, ContractInfo};

/// Contract of `customer_features`.
#[derive(Debug, Clone, Copy)]
pub struct CustomerFeatures;

impl Contract for CustomerFeatures {
    const INFO: ContractInfo = ContractInfo {
        name: "customer_features",
        description: "One row a customer with at least one line up to as_of.",
        columns: &COLUMNS,
        grain: &["customer_id"],
        personal: false,
    };
}

const GROUPS: [&[ColumnDef]; 10] = [
    &orders::COLUMNS,
    &scores::COLUMNS,
    &rhythm::COLUMNS,
    &relations::COLUMNS,
    &demographics::COLUMNS,
    &profit::COLUMNS,
    &lifetime::COLUMNS,
    &value::COLUMNS,
    &bonding::COLUMNS,
    &lifecycle::COLUMNS,
];

const COUNT: usize = {
    let (mut count, mut group) = (0, 0);
    while group < GROUPS.len() {
        count += GROUPS[group].len();
        group += 1;
    }
    count
};

const COLUMNS: [ColumnDef; COUNT] = {
    let mut columns = [orders::COLUMNS[0]; COUNT];
    let (mut next, mut group) = (0, 0);
    while group < GROUPS.len() {
        let mut column = 0;
        while column < GROUPS[group].len() {
            columns[next] = GROUPS[group][column];
            next += 1;
            column += 1;
        }
        group += 1;
    }
    columns
};
