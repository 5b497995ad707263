//! What the sources are like, and which of the pipeline's checks hold.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `data_quality`.
#[derive(Debug, Clone, Copy)]
pub struct DataQuality;

impl Contract for DataQuality {
    const INFO: ContractInfo = ContractInfo {
        name: "data_quality",
        description: "One row a source, column, metric and item; values are those of the files, before anything is converted or left out.",
        columns: &[
            ColumnDef::required(
                "source",
                ColumnType::Text,
                Unit::None,
                "The pipeline's name of the source.",
            ),
            ColumnDef::nullable(
                "column",
                ColumnType::Text,
                Unit::None,
                "The column of the table that a column of the source is mapped to; null where the metric is of the whole source.",
            ),
            ColumnDef::required(
                "metric",
                ColumnType::Text,
                Unit::None,
                "What is told, such as filled_share or rows_per_day.",
            ),
            ColumnDef::nullable(
                "item",
                ColumnType::Text,
                Unit::None,
                "Which one, where a metric has several: the reason of a failure, the rank of a value, the days that a mean is over.",
            ),
            ColumnDef::nullable(
                "value",
                ColumnType::Text,
                Unit::None,
                "The value as exact text, where it is a day, a text, a decimal or an amount; null where number says it all.",
            ),
            ColumnDef::nullable(
                "number",
                ColumnType::Float64,
                Unit::OfFeature,
                "The value as a number; null where it is none. Shares are fractions from 0 to 1.",
            ),
            ColumnDef::nullable(
                "previous_value",
                ColumnType::Text,
                Unit::None,
                "value in the newest run with an earlier as_of; null where that has none.",
            ),
            ColumnDef::nullable(
                "previous_number",
                ColumnType::Float64,
                Unit::OfFeature,
                "number in that run.",
            ),
            ColumnDef::required(
                "status",
                ColumnType::Text,
                Unit::None,
                "ok; warning where something is unusual; failed where a check of the pipeline does not hold.",
            ),
            ColumnDef::nullable(
                "detail",
                ColumnType::Text,
                Unit::None,
                "What is behind the number, or what is wrong and what to do; null where the number says it all.",
            ),
        ],
        grain: &["source", "column", "metric", "item"],
        personal: false,
    };
}
