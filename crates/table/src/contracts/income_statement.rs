//! What became of the sales: from gross sales down to the net profit, for customers, guests and the company.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// The items, in the order of the statement.
pub const INCOME_ITEMS: [&str; 14] = [
    "gross_sales",
    "returned_amount",
    "other_sales",
    "net_sales",
    "sales_without_cost",
    "cost_of_goods",
    "gross_margin",
    "direct_cost",
    "contact_cost",
    "campaign_cost",
    "shared_cost",
    "cost_to_serve",
    "acquisition_cost",
    "net_profit",
];

/// Contract of `income_statement`.
#[derive(Debug, Clone, Copy)]
pub struct IncomeStatement;

impl Contract for IncomeStatement {
    const INFO: ContractInfo = ContractInfo {
        name: "income_statement",
        description: "One row an item and party; customer + guest + unallocated = company, to the ten-thousandth.",
        columns: &[
            ColumnDef::required(
                "position",
                ColumnType::Int32,
                Unit::None,
                "Place of the item in the statement, from 1.",
            ),
            ColumnDef::required(
                "item",
                ColumnType::Text,
                Unit::None,
                "net_sales = gross_sales - returned_amount + other_sales; gross_margin = net_sales - sales_without_cost - cost_of_goods; cost_to_serve = direct_cost + contact_cost + campaign_cost + shared_cost; net_profit = gross_margin - cost_to_serve - acquisition_cost.",
            )
            .one_of(&INCOME_ITEMS),
            ColumnDef::required(
                "party",
                ColumnType::Text,
                Unit::None,
                "Whose it is; unallocated is what no customer or guest can be charged with; company is all of it, counted on its own.",
            )
            .one_of(&["customer", "guest", "unallocated", "company"]),
            ColumnDef::nullable(
                "amount",
                ColumnType::SUM,
                Unit::Money,
                "The amount; null where no source of the pipeline can tell it.",
            ),
        ],
        grain: &["position", "party"],
        personal: false,
    };
}
