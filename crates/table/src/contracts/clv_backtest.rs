//! The models against what came: predicted at the cut, seen in the holdout.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `clv_backtest`.
#[derive(Debug, Clone, Copy)]
pub struct ClvBacktest;

impl Contract for ClvBacktest {
    const INFO: ContractInfo = ContractInfo {
        name: "clv_backtest",
        description: "One row a model and bucket: what it predicted at the cut for the customers known then, and what the holdout brought. Look at bias, MAE and RMSE together: where most customers never come back, predicting nothing at all has the best MAE. Empty where the history is too short to be cut.",
        columns: &[
            ColumnDef::required(
                "model",
                ColumnType::Text,
                Unit::None,
                "bg_nbd, mbg_nbd, pareto_nbd, or a naive guess: own_rate (repeats so far by days so far, as before), same_as_before (as in the equally long period before the cut), nothing.",
            ),
            ColumnDef::required(
                "breakdown",
                ColumnType::Text,
                Unit::None,
                "total; frequency (repeat purchases up to the cut); week (weeks from the first day of the history, cumulative).",
            )
            .one_of(&["frequency", "total", "week"]),
            ColumnDef::required(
                "bucket",
                ColumnType::Int32,
                Unit::None,
                "0 for total; 0 to 7 repeats, 7 standing for more too; number of the week, from 1.",
            ),
            ColumnDef::required(
                "is_holdout",
                ColumnType::Boolean,
                Unit::None,
                "False for the weeks up to the cut, which the model was fitted to.",
            ),
            ColumnDef::required(
                "customer_count",
                ColumnType::Int64,
                Unit::Count,
                "Customers of the bucket that were known at the cut.",
            ),
            ColumnDef::required(
                "excluded_count",
                ColumnType::Int64,
                Unit::Count,
                "Customers first seen after the cut: in no figure of the table. The same in all rows.",
            ),
            ColumnDef::required(
                "actual_orders",
                ColumnType::Float64,
                Unit::Count,
                "Purchase days of the holdout; for weeks all repeat purchase days up to the end of the week.",
            ),
            ColumnDef::required(
                "predicted_orders",
                ColumnType::Float64,
                Unit::Count,
                "What the model expected of them.",
            ),
            ColumnDef::nullable(
                "actual_orders_mean",
                ColumnType::Float64,
                Unit::Count,
                "actual_orders by customer; null for weeks.",
            ),
            ColumnDef::nullable(
                "predicted_orders_mean",
                ColumnType::Float64,
                Unit::Count,
                "predicted_orders by customer; null for weeks.",
            ),
            ColumnDef::nullable(
                "orders_bias",
                ColumnType::Float64,
                Unit::None,
                "predicted_orders / actual_orders - 1: -0.1 is a tenth too few. Null where none were seen.",
            ),
            ColumnDef::nullable(
                "orders_mae",
                ColumnType::Float64,
                Unit::Count,
                "Mean absolute error of a customer's purchase days; null for weeks.",
            ),
            ColumnDef::nullable(
                "orders_rmse",
                ColumnType::Float64,
                Unit::Count,
                "Root mean square error of a customer's purchase days; null for weeks.",
            ),
            ColumnDef::nullable(
                "actual_sales",
                ColumnType::Float64,
                Unit::Money,
                "Sales of the holdout, before returns; null for weeks.",
            ),
            ColumnDef::nullable(
                "predicted_sales",
                ColumnType::Float64,
                Unit::Money,
                "Expected purchase days x expected spend; null for weeks, and where spend has no model.",
            ),
            ColumnDef::nullable(
                "sales_bias",
                ColumnType::Float64,
                Unit::None,
                "predicted_sales / actual_sales - 1.",
            ),
            ColumnDef::nullable(
                "sales_mae",
                ColumnType::Float64,
                Unit::Money,
                "Mean absolute error of a customer's sales.",
            ),
            ColumnDef::nullable(
                "sales_rmse",
                ColumnType::Float64,
                Unit::Money,
                "Root mean square error of a customer's sales.",
            ),
            ColumnDef::nullable(
                "top_20_found_share",
                ColumnType::Float64,
                Unit::Share,
                "Of the fifth of customers who brought the most sales in the holdout, the share that is in the fifth of which the model expected the most; only for total. Ties by customer_id.",
            ),
        ],
        grain: &["model", "breakdown", "bucket"],
        personal: false,
    };
}
