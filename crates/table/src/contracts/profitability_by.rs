//! What each product, category, channel, region, sales representative and month left.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

const fn money(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::SUM, Unit::Money, description)
}

const fn sum(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::required(name, ColumnType::SUM, Unit::Money, description)
}

/// Contract of `profitability_by`.
#[derive(Debug, Clone, Copy)]
pub struct ProfitabilityBy;

impl Contract for ProfitabilityBy {
    const INFO: ContractInfo = ContractInfo {
        name: "profitability_by",
        description: "One row a dimension and value, guests included. Within each dimension the money adds up to the company of income_statement, to the ten-thousandth.",
        columns: &[
            ColumnDef::required(
                "dimension",
                ColumnType::Text,
                Unit::None,
                "What the company is cut by. Region is that of the lines where a source maps it, else that of the customer (region, else country). Category is that of the product's latest row up to as_of.",
            )
            .one_of(&["product", "category", "channel", "region", "sales_rep", "month"]),
            ColumnDef::nullable(
                "value",
                ColumnType::Text,
                Unit::None,
                "The product, channel and so on; months as 2025-03. Null: not known; with regions of customers also guests and what is nobody's.",
            ),
            ColumnDef::required("line_count", ColumnType::Int64, Unit::Count, "Lines of every kind."),
            sum("gross_sales", "Amount of the lines that count as orders and are in net sales, before returns."),
            money("discount_amount", "Sum of the discounts on the lines; null where no source states any."),
            sum("returned_amount", "Amount of returns and cancellations, as a positive number."),
            sum("net_sales", "Amount of all lines whose kind is in net sales."),
            money(
                "cost_of_goods",
                "Cost of the lines in margin that have one; null where no source knows costs of goods.",
            ),
            money(
                "gross_margin",
                "Amount of the lines in margin that have a cost, less cost_of_goods; null likewise.",
            ),
            money(
                "cost_to_serve",
                "Costs of the value where an entry names it (the channel; the month of its day; the customer's region), and its part of the others: by lines that count as orders, or by net sales where shared costs go by sales. Null where no source states such costs.",
            ),
            money("acquisition_cost", "The same of the cost of winning customers."),
            money(
                "net_profit",
                "gross_margin - cost_to_serve - acquisition_cost; null where the margin is.",
            ),
            ColumnDef::nullable(
                "gross_margin_rate",
                ColumnType::Float64,
                Unit::None,
                "gross_margin / amount of the same lines; null where that amount is not above zero.",
            ),
            ColumnDef::nullable(
                "profit_share",
                ColumnType::Float64,
                Unit::None,
                "net_profit / that of the company; null where the latter is not above zero.",
            ),
        ],
        grain: &["dimension", "value"],
        personal: false,
    };
}
