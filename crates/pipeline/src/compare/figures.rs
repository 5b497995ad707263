//! The figures that a person asks for first, side by side.

use cartera_table::Money;
use serde::Serialize;

use super::as_optional_text;
use crate::store::Totals;

/// A count of both runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountChange {
    /// What is counted.
    pub name: &'static str,
    /// In the first run.
    pub before: u64,
    /// In the second.
    pub after: u64,
}

/// An amount of both runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MoneyChange {
    /// What it is.
    pub name: &'static str,
    /// In the first run; null where it is not known.
    #[serde(serialize_with = "as_optional_text")]
    pub before: Option<Money>,
    /// In the second.
    #[serde(serialize_with = "as_optional_text")]
    pub after: Option<Money>,
    /// The second less the first; null where one of them is.
    #[serde(serialize_with = "as_optional_text")]
    pub change: Option<Money>,
}

pub(super) fn counts(before: &Totals, after: &Totals) -> Vec<CountChange> {
    let count = |name, of: fn(&Totals) -> u64| CountChange {
        name,
        before: of(before),
        after: of(after),
    };
    vec![
        count("customers", |totals| totals.customers),
        count("orders", |totals| totals.orders),
        count("guest_orders", |totals| totals.guest_orders),
        count("order_lines_read", |totals| totals.rows_in),
        count("order_lines_set_aside", |totals| totals.quarantined_rows),
    ]
}

pub(super) fn money(before: &Totals, after: &Totals) -> Vec<MoneyChange> {
    fn of_profit(totals: &Totals) -> Option<&str> {
        totals.profit.as_ref()?.net_profit.as_deref()
    }
    fn of_margin(totals: &Totals) -> Option<&str> {
        totals.margin.as_ref().map(|margin| margin.gross_margin.as_str())
    }
    let amount = |name, of: fn(&Totals) -> Option<&str>| {
        let of = |totals| of(totals).and_then(|text| text.parse::<Money>().ok());
        let (before, after) = (of(before), of(after));
        MoneyChange {
            name,
            before,
            after,
            change: before.zip(after).map(|(before, after)| Money(after.0 - before.0)),
        }
    };
    let all = [
        amount("net_sales", |totals| Some(&totals.net_sales)),
        amount("guest_net_sales", |totals| Some(&totals.guest_net_sales)),
        amount("gross_margin", of_margin),
        amount("company_net_profit", of_profit),
        amount("expected_sales_12m", |totals| {
            totals.lifetime.expected_sales_12m.as_deref()
        }),
        amount("clv_horizon", |totals| totals.lifetime.clv_horizon.as_deref()),
        amount("vin", |totals| totals.lifetime.vin.as_deref()),
    ];
    let is_known = |change: &MoneyChange| change.before.is_some() || change.after.is_some();
    all.into_iter().filter(is_known).collect()
}
