//! How concentrated value is: classes, Gini, and what the top fifth holds.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

const fn count(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::required(name, ColumnType::Int64, Unit::Count, description)
}

const fn share(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::required(name, ColumnType::Float64, Unit::Share, description)
}

const fn value(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::required(name, ColumnType::SUM, Unit::Money, description)
}

/// Contract of `pareto`.
#[derive(Debug, Clone, Copy)]
pub struct Pareto;

impl Contract for Pareto {
    const INFO: ContractInfo = ContractInfo {
        name: "pareto",
        description: "One row a measure, and a measure and value of each column that it is told within: how much few customers hold. Only values above zero count into totals, shares, classes and the Gini coefficient; a null counts as zero.",
        columns: &[
            ColumnDef::required(
                "measure",
                ColumnType::Text,
                Unit::None,
                "The column of customer_features that customers are ranked by; those that are null everywhere are left out, but for the first of the pipeline.",
            ),
            ColumnDef::required(
                "within",
                ColumnType::Text,
                Unit::None,
                "all for the whole base, else the column of customer_features that it is cut by, such as region.",
            ),
            ColumnDef::nullable(
                "value",
                ColumnType::Text,
                Unit::None,
                "The value of that column; null for the whole base, and for customers of whom it is not known.",
            ),
            count("customers", "All customers, whatever they bring."),
            count("positive_customers", "Those whose measure is above zero."),
            value("total", "What these hold together."),
            count(
                "top_20_percent_customers",
                "The first fifth of all customers, rounded up.",
            ),
            share(
                "top_20_percent_share",
                "What they hold by the total; 0 where the total is 0.",
            ),
            ColumnDef::nullable(
                "gini",
                ColumnType::Float64,
                Unit::Share,
                "Gini coefficient of the values above zero, 0 where all hold the same: 1 + 1/n - 2 (sum of rank x value) / (n x total), the largest value first. Null where there is none.",
            ),
            share(
                "class_a_limit",
                "Share of the total at which class A ends, as configured.",
            ),
            share(
                "class_b_limit",
                "Share of the total at which class B ends, as configured.",
            ),
            count(
                "customers_to_class_a",
                "The fewest customers who hold class_a_limit of the total.",
            ),
            count(
                "customers_to_class_b",
                "The fewest customers who hold class_b_limit of the total.",
            ),
            count(
                "class_a_customers",
                "Customers in class A; more than customers_to_class_a where values are equal.",
            ),
            value("class_a_value", "What they hold."),
            count("class_b_customers", "Customers in class B."),
            value("class_b_value", "What they hold."),
            count("class_c_customers", "All others, also those with zero or less."),
            value("class_c_value", "What those above zero among them hold."),
        ],
        grain: &["measure", "within", "value"],
        personal: false,
    };
}
