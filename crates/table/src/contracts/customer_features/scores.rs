//! Recency, frequency and monetary scores.

use crate::contract::{ColumnDef, ColumnType, Unit};

pub(super) const COLUMNS: [ColumnDef; 4] = [
    ColumnDef::nullable(
        "recency_score",
        ColumnType::Int32,
        Unit::None,
        "Recency among customers with orders, 1 to the number of bins, highest = most recent.",
    ),
    ColumnDef::nullable(
        "frequency_score",
        ColumnType::Int32,
        Unit::None,
        "Order count among customers with orders, 1 to the number of bins, highest = most orders.",
    ),
    ColumnDef::nullable(
        "monetary_score",
        ColumnType::Int32,
        Unit::None,
        "Net sales among customers with orders, 1 to the number of bins, highest = most sales.",
    ),
    ColumnDef::nullable(
        "rfm_score",
        ColumnType::Text,
        Unit::None,
        "The three scores in one text, such as 545; separated by - where a score can have two digits.",
    ),
];
