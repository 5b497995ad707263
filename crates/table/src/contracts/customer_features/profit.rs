//! What is left of the sales.

use crate::contract::{ColumnDef, ColumnType, Unit};

pub(super) const COLUMNS: [ColumnDef; 4] = [
    ColumnDef::nullable(
        "cost_to_serve",
        ColumnType::SUM,
        Unit::Money,
        "Costs of the customer and of the customer's orders and contacts, the part of campaigns by contacts, and the part of shared costs by shared_cost_driver; up to as_of. Null where no source states costs.",
    ),
    ColumnDef::nullable(
        "acquisition_cost",
        ColumnType::SUM,
        Unit::Money,
        "What it cost to win the customer: costs of kind acquisition that name the customer, and an equal part of those that name the channel, the campaign or nothing but the month that the customer came by. Null where no source states costs.",
    ),
    ColumnDef::nullable(
        "net_profit",
        ColumnType::SUM,
        Unit::Money,
        "gross_margin - cost_to_serve - acquisition_cost, as far as they are known: sales of lines without a cost bring nothing. Over all customers it is that of income_statement. Null where no line of the company has a cost.",
    ),
    ColumnDef::nullable(
        "profit_share",
        ColumnType::Float64,
        Unit::None,
        "net_profit / net profit of all customers and guests in income_statement; below 0 for a loss. Null where that total is not above zero.",
    ),
];
