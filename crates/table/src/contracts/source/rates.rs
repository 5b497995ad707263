//! Rates of exchange.

use super::{FILE_INDEX, ROW, SOURCE_INDEX, required_text};
use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of the source table `rates`.
#[derive(Debug, Clone, Copy)]
pub struct SourceRates;

impl Contract for SourceRates {
    const INFO: ContractInfo = ContractInfo {
        name: "rates",
        description: "One row a currency and day.",
        columns: &[
            SOURCE_INDEX,
            FILE_INDEX,
            ROW,
            ColumnDef::required("date", ColumnType::Date, Unit::None, "Day of the rate."),
            required_text("currency", "ISO 4217 code of the foreign currency."),
            ColumnDef::required(
                "rate",
                ColumnType::RATE,
                Unit::None,
                "What one unit of that currency is worth in the pipeline's currency.",
            ),
        ],
        grain: &["currency", "date"],
        personal: false,
    };
}
