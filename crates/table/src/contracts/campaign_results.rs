//! What campaigns did month by month, what they cost, and whom they won.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `campaign_results`.
#[derive(Debug, Clone, Copy)]
pub struct CampaignResults;

impl Contract for CampaignResults {
    const INFO: ContractInfo = ContractInfo {
        name: "campaign_results",
        description: "One row a campaign and month in which it had a contact, an answer, a cost or a first order; counts of customers apart, the months of a campaign add up to it. The row without a campaign holds contacts and costs that name none, so that contact_cost and campaign_cost add up to the company of income_statement. Empty where no source tells of contacts or costs.",
        columns: &[
            ColumnDef::nullable(
                "campaign_id",
                ColumnType::Text,
                Unit::None,
                "The campaign; null for what names none.",
            ),
            ColumnDef::nullable(
                "month",
                ColumnType::Text,
                Unit::None,
                "The month, as 2025-03: of the contact, the answer, the day of the cost, the first order. Null for the cost of a campaign of which no day is known.",
            ),
            ColumnDef::nullable(
                "campaign_name",
                ColumnType::Text,
                Unit::None,
                "Its name in the campaign files; null where they do not tell.",
            ),
            count(
                "contact_count",
                "Outbound interactions, responses and redemptions left out.",
            ),
            count(
                "contacted_customers",
                "Customers with such a contact in the month; who had some in two months counts in both.",
            ),
            count(
                "response_count",
                "Answers: responses and redemptions, outbound contacts whose outcome is declared to be one ([relations] response_outcomes), and what customers did themselves (inbound) in the campaign's name; without a campaign only the first two.",
            ),
            count(
                "responding_customers",
                "Customers with an answer in the month; likewise.",
            ),
            ColumnDef::nullable(
                "response_rate",
                ColumnType::Float64,
                Unit::None,
                "response_count / contact_count, above 1 where answers come in a later month than the contacts; null without a contact.",
            ),
            money(
                "contact_cost",
                "What its interactions cost by themselves; null where no source states costs.",
            ),
            money(
                "campaign_cost",
                "Costs of kind campaign in its name, and what the campaign files say that it cost, on its first day, where no such entry is its invoice; null likewise.",
            ),
            money(
                "further_cost",
                "Costs of any other kind in its name, such as acquisition; null likewise, and 0 without a campaign.",
            ),
            money("cost", "contact_cost + campaign_cost + further_cost; null likewise."),
            count(
                "customers_won",
                "Customers who placed their first order in the month, and whose last touch on that day or in the [campaigns] attribution_days before was this campaign's: a contact or an answer in a campaign's name. Of several on the last day an answer goes first, then the first campaign by id. Nobody is won twice.",
            ),
            ColumnDef::required(
                "first_order_sales",
                ColumnType::SUM,
                Unit::Money,
                "Their sales on the day of the first order, before returns.",
            ),
            money(
                "cost_per_contact",
                "cost / contact_count; null without a contact or costs.",
            ),
            money(
                "cost_per_response",
                "cost / response_count; null without an answer or costs.",
            ),
            money(
                "acquisition_cost_per_customer_won",
                "cost / customers_won; null where nobody is won or costs are not known.",
            ),
        ],
        grain: &["campaign_id", "month"],
        personal: false,
    };
}

const fn count(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::required(name, ColumnType::Int64, Unit::Count, description)
}

const fn money(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::SUM, Unit::Money, description)
}
