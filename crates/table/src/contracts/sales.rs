//! Sales by product, channel and the like: of the lines of a segment, and of a whole run.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

const DIMENSION: ColumnDef = ColumnDef::required(
    "dimension",
    ColumnType::Int32,
    Unit::None,
    "Code of what the lines are told apart by, see Dimension.",
);

const VALUE: ColumnDef = ColumnDef::nullable(
    "value",
    ColumnType::Text,
    Unit::None,
    "The product, channel and so on; null where the lines do not say.",
);

const fn sum(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::required(name, ColumnType::SUM, Unit::Money, description)
}

const fn count(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::required(name, ColumnType::Int64, Unit::Count, description)
}

/// Lines merged within a segment, once for each dimension.
#[derive(Debug, Clone, Copy)]
pub struct SalesParts;

impl Contract for SalesParts {
    const INFO: ContractInfo = ContractInfo {
        name: "sales_parts",
        description: "One row a dimension, value, day and kind of lines.",
        columns: &[
            DIMENSION,
            VALUE,
            ColumnDef::required("order_date", ColumnType::Date, Unit::None, "Business day."),
            ColumnDef::required("line_kind", ColumnType::Int32, Unit::None, "Code of the lines' kind."),
            count("line_count", "Lines."),
            sum("amount", "Sum of their amounts."),
            sum("cost", "Sum of the costs that there are.").optional(),
            sum("costed_amount", "Amount of the lines that have a cost.").optional(),
            sum("discount_amount", "Sum of the discounts.").optional(),
        ],
        grain: &[],
        personal: false,
    };
}

/// The lines of a run, once for each dimension: what all of it adds up to is the same in each.
#[derive(Debug, Clone, Copy)]
pub struct SalesBy;

impl Contract for SalesBy {
    const INFO: ContractInfo = ContractInfo {
        name: "sales_by",
        description: "One row a dimension and value: the lines of customers and guests up to as_of.",
        columns: &[
            DIMENSION,
            VALUE,
            count("line_count", "Lines of every kind."),
            count("order_line_count", "Lines that count as orders."),
            sum(
                "gross_sales",
                "Amount of lines that count as an order and are in net sales.",
            ),
            sum(
                "returned_amount",
                "Amount of returns and cancellations, negative as on the line.",
            ),
            sum("net_sales", "Amount of lines in net sales."),
            sum("cost_of_goods", "Cost of the lines in margin that have one."),
            sum("costed_sales", "Amount of the lines in margin that have a cost."),
            sum("discount_amount", "Sum of the discounts that are stated."),
        ],
        grain: &["dimension", "value"],
        personal: false,
    };
}
