//! Alarms and opportunities: which customer a person should look at, why, and since when.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `signals`.
#[derive(Debug, Clone, Copy)]
pub struct Signals;

impl Contract for Signals {
    const INFO: ContractInfo = ContractInfo {
        name: "signals",
        description: "One row a customer and signal: a rule of [signals] all of whose conditions hold as of the day.",
        columns: &[
            ColumnDef::required("customer_id", ColumnType::Text, Unit::None, "The customer."),
            ColumnDef::required(
                "signal",
                ColumnType::Text,
                Unit::None,
                "Name of the rule, a slug such as overdue.",
            ),
            ColumnDef::required(
                "kind",
                ColumnType::Text,
                Unit::None,
                "alarm: something to lose. opportunity: something to win.",
            )
            .one_of(&["alarm", "opportunity"]),
            ColumnDef::required(
                "since",
                ColumnType::Date,
                Unit::None,
                "First day of the unbroken row of runs in which the signal held: that of the newest run of an earlier day where it stands there, else the day on which the last of its conditions on days that pass (such as days_overdue) came to hold, but after that run, else as_of.",
            ),
            ColumnDef::required(
                "strength",
                ColumnType::Float64,
                Unit::None,
                "0 to 100, comparable within a signal: 100 x (measure - from) / (to - from) within these limits where the rule declares a scale, else 100 x customers with the signal whose measure is no stronger / customers with the signal whose measure is known; 0 where the measure is not known.",
            ),
            ColumnDef::nullable(
                "value_at_stake",
                ColumnType::SUM,
                Unit::Money,
                "What may be lost or won, as the rule declares it, such as clv_horizon; 0 where that is below zero. Null where it is not known, or the rule declares none.",
            ),
            ColumnDef::nullable(
                "measure",
                ColumnType::Text,
                Unit::None,
                "What the first of the conditions that hold and compare a number that is known looks at: days_overdue, returned_amount/gross_sales, fall_of p_alive, gap_to_next pareto_class; null where none does.",
            ),
            ColumnDef::nullable(
                "measured",
                ColumnType::Float64,
                Unit::None,
                "Its number, in the unit of the column, a share for gap_to_next; null as measure.",
            ),
            ColumnDef::nullable(
                "threshold",
                ColumnType::Float64,
                Unit::None,
                "The limit that it stands beyond, the tightest of several on the same measure; null as measure.",
            ),
            ColumnDef::required(
                "evidence",
                ColumnType::Text,
                Unit::None,
                "The numbers behind it: name=value, with the limits in parentheses, separated by a semicolon and a blank. What is not known is null.",
            ),
            ColumnDef::required(
                "suggested_action",
                ColumnType::Text,
                Unit::None,
                "What to do about it, a slug such as call.",
            ),
        ],
        grain: &["customer_id", "signal"],
        personal: false,
    };
}
