//! The fitted models: their parameters, and how well they are known.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `clv_model`.
#[derive(Debug, Clone, Copy)]
pub struct ClvModel;

impl Contract for ClvModel {
    const INFO: ContractInfo = ContractInfo {
        name: "clv_model",
        description: "One row a model, sample and parameter: what was fitted to the calibration for the backtest, and to the whole history for the scores. Times are in weeks, money in the pipeline's currency.",
        columns: &[
            ColumnDef::required(
                "sample",
                ColumnType::Text,
                Unit::None,
                "What the model was fitted to: calibration (up to the cut before the holdout) or all (up to as_of).",
            )
            .one_of(&["calibration", "all"]),
            ColumnDef::required(
                "model",
                ColumnType::Text,
                Unit::None,
                "bg_nbd, mbg_nbd or pareto_nbd for purchases, gamma_gamma for spend.",
            ),
            ColumnDef::required(
                "parameter",
                ColumnType::Text,
                Unit::None,
                "The parameter, by its name in the literature; those of a limiting model by their own.",
            ),
            ColumnDef::nullable(
                "value",
                ColumnType::Float64,
                Unit::None,
                "Its maximum-likelihood estimate; null where there is none (outcome says why).",
            ),
            ColumnDef::nullable(
                "standard_error",
                ColumnType::Float64,
                Unit::None,
                "Its standard error, from the inverse Hessian; null where it is not identified.",
            ),
            ColumnDef::nullable(
                "log_likelihood",
                ColumnType::Float64,
                Unit::None,
                "Log-likelihood of the model at its estimates, without constants.",
            ),
            ColumnDef::required(
                "outcome",
                ColumnType::Text,
                Unit::None,
                "optimum, the limits that the likelihood runs to (such as no_dropout: the data know no customer that stopped), or why nothing was fitted.",
            ),
            ColumnDef::required(
                "is_chosen",
                ColumnType::Boolean,
                Unit::None,
                "Whether customers are scored with the model.",
            ),
            ColumnDef::required(
                "customer_count",
                ColumnType::Int64,
                Unit::Count,
                "Customers that it was fitted to.",
            ),
            ColumnDef::required(
                "distinct_count",
                ColumnType::Int64,
                Unit::Count,
                "Distinct histories among them.",
            ),
            ColumnDef::required(
                "evaluation_count",
                ColumnType::Int64,
                Unit::Count,
                "Evaluations of the likelihood and its gradient.",
            ),
        ],
        grain: &["sample", "model", "parameter"],
        personal: false,
    };
}
