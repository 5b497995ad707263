//! What a customer ever bought, and where.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Lines that count as orders, merged within a batch by customer, product and channel: what breadth is counted by.
#[derive(Debug, Clone, Copy)]
pub struct OrderBreadth;

impl Contract for OrderBreadth {
    const INFO: ContractInfo = ContractInfo {
        name: "order_breadth",
        description: "One row a source key, product and channel of the lines in a batch that count as orders.",
        columns: &[
            ColumnDef::required(
                "source_key",
                ColumnType::Text,
                Unit::None,
                "The source's customer key; guests have none and are left out.",
            ),
            ColumnDef::nullable(
                "product_id",
                ColumnType::Text,
                Unit::None,
                "The product; null where the line does not say or nobody asks.",
            ),
            ColumnDef::nullable(
                "channel",
                ColumnType::Text,
                Unit::None,
                "The channel; null where the line does not say or nobody asks.",
            ),
            ColumnDef::required(
                "first_order_date",
                ColumnType::Date,
                Unit::None,
                "First business day of such a line.",
            ),
        ],
        grain: &[],
        personal: false,
    };
}
