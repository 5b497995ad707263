//! Clusters: what each is like, whether their model still fits, and where customers went when it was fitted anew.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

const CLUSTER_ID: ColumnDef = ColumnDef::required(
    "cluster_id",
    ColumnType::Int32,
    Unit::None,
    "Number of the cluster, as in customer_segments.",
);
const CLUSTER: ColumnDef = ColumnDef::required(
    "cluster",
    ColumnType::Text,
    Unit::None,
    "Name of the cluster, as in customer_segments.",
);

/// Contract of `cluster_features`.
#[derive(Debug, Clone, Copy)]
pub struct ClusterFeatures;

impl Contract for ClusterFeatures {
    const INFO: ContractInfo = ContractInfo {
        name: "cluster_features",
        description: "One row a cluster and feature: those that make the clusters, and those that clusters are named by.",
        columns: &[
            CLUSTER_ID,
            CLUSTER,
            ColumnDef::required(
                "feature",
                ColumnType::Text,
                Unit::None,
                "The column of customer_features, or discount_share (discount_amount / (gross_sales + discount_amount)) or return_share (returned_amount / gross_sales).",
            ),
            ColumnDef::nullable(
                "center",
                ColumnType::Float64,
                Unit::OfFeature,
                "The cluster's center, taken back from the scale; null where the feature makes no clusters.",
            ),
            ColumnDef::nullable(
                "center_scaled",
                ColumnType::Float64,
                Unit::None,
                "The same in spreads from the median of the fit; null likewise.",
            ),
            ColumnDef::nullable(
                "mean",
                ColumnType::Float64,
                Unit::OfFeature,
                "Mean over the cluster's customers whose feature is not null; null where all are.",
            ),
            ColumnDef::nullable(
                "base_mean",
                ColumnType::Float64,
                Unit::OfFeature,
                "Mean over the customers of all clusters; null likewise.",
            ),
            ColumnDef::nullable(
                "difference",
                ColumnType::Float64,
                Unit::None,
                "Mean less base mean, both of signed logarithms for money, counts and days, in standard deviations over the customers of all clusters; null where all have one value but for rounding.",
            ),
            ColumnDef::nullable(
                "rank",
                ColumnType::Int32,
                Unit::None,
                "Place of the feature among those of the cluster by the size of the difference, 1 = strongest; null where difference is.",
            ),
        ],
        grain: &["cluster_id", "feature"],
        personal: false,
    };
}

/// Contract of `cluster_drift`.
#[derive(Debug, Clone, Copy)]
pub struct ClusterDrift;

impl Contract for ClusterDrift {
    const INFO: ContractInfo = ContractInfo {
        name: "cluster_drift",
        description: "One row a figure that tells whether the model of the clusters still fits; empty on the night of a first fit and where the parameters changed.",
        columns: &[
            ColumnDef::required(
                "measure",
                ColumnType::Text,
                Unit::None,
                "population_stability_index (of a feature, against the customers of the fit; tenure_days less the days since then) or movers_share (customers of both runs whose cluster by the model of the run before is another one than in that run).",
            )
            .one_of(&["population_stability_index", "movers_share"]),
            ColumnDef::required(
                "feature",
                ColumnType::Text,
                Unit::None,
                "The feature; cluster for movers_share.",
            ),
            ColumnDef::required("value", ColumnType::Float64, Unit::None, "The figure."),
            ColumnDef::required(
                "limit",
                ColumnType::Float64,
                Unit::None,
                "max_psi or max_movers_share of [k_means]: above it the model is fitted anew.",
            ),
            ColumnDef::required(
                "status",
                ColumnType::Text,
                Unit::None,
                "within_limit or over_limit.",
            )
            .one_of(&["within_limit", "over_limit"]),
        ],
        grain: &["measure", "feature"],
        personal: false,
    };
}

/// Contract of `cluster_refit`.
#[derive(Debug, Clone, Copy)]
pub struct ClusterRefit;

impl Contract for ClusterRefit {
    const INFO: ContractInfo = ContractInfo {
        name: "cluster_refit",
        description: "One row a cluster of the old model and one of the new that have customers in common, where two models scored the customers of the run, also of a candidate that waits; else empty.",
        columns: &[
            ColumnDef::required(
                "from_cluster_id",
                ColumnType::Int32,
                Unit::None,
                "The cluster by the model of the run before.",
            ),
            ColumnDef::required(
                "to_cluster_id",
                ColumnType::Int32,
                Unit::None,
                "The cluster by the new model: the same number where it carries the old one on.",
            ),
            ColumnDef::required("from_cluster", ColumnType::Text, Unit::None, "Name of the first."),
            ColumnDef::required("to_cluster", ColumnType::Text, Unit::None, "Name of the second."),
            ColumnDef::required(
                "customer_count",
                ColumnType::Int64,
                Unit::Count,
                "Customers in both, at least one.",
            ),
            ColumnDef::required(
                "share",
                ColumnType::Float64,
                Unit::Share,
                "customer_count by the customers of the old cluster.",
            ),
            ColumnDef::required(
                "decision",
                ColumnType::Text,
                Unit::None,
                "What became of the new model: refitted, reconfigured or accepted (it scores the customers), or candidate (the old one does, while this one waits).",
            )
            .one_of(&["refitted", "reconfigured", "accepted", "candidate"]),
        ],
        grain: &["from_cluster_id", "to_cluster_id"],
        personal: false,
    };
}
