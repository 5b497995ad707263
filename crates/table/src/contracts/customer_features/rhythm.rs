//! How often, and whether it changes.

use crate::contract::{ColumnDef, ColumnType, Unit};

pub(super) const COLUMNS: [ColumnDef; 11] = [
    ColumnDef::nullable(
        "order_gap_mean_days",
        ColumnType::Float64,
        Unit::Days,
        "Mean days from one purchase day to the next, a purchase day being one with a line that counts as an order; null with fewer than two such days.",
    ),
    ColumnDef::nullable(
        "order_gap_deviation_days",
        ColumnType::Float64,
        Unit::Days,
        "Sample standard deviation of these gaps; null with fewer than three purchase days.",
    ),
    ColumnDef::nullable(
        "days_overdue",
        ColumnType::Float64,
        Unit::Days,
        "Days since the last purchase less order_gap_mean_days: above 0 the next one is late by the customer's own rhythm. Null with fewer than three purchase days.",
    ),
    ColumnDef::nullable(
        "recent_order_day_count",
        ColumnType::Int64,
        Unit::Count,
        "Purchase days in the last trend_days (90 by default) up to as_of; null without a purchase.",
    ),
    ColumnDef::nullable(
        "previous_order_day_count",
        ColumnType::Int64,
        Unit::Count,
        "Purchase days in the trend_days before those; null where the files do not reach back so far.",
    ),
    ColumnDef::nullable(
        "recent_sales",
        ColumnType::SUM,
        Unit::Money,
        "Sales before returns in the last trend_days.",
    ),
    ColumnDef::nullable(
        "previous_sales",
        ColumnType::SUM,
        Unit::Money,
        "Sales before returns in the trend_days before those; null where the files do not reach back so far.",
    ),
    ColumnDef::nullable(
        "sales_trend",
        ColumnType::Float64,
        Unit::None,
        "recent_sales / previous_sales - 1: 0.2 is a fifth more. Null where previous_sales is null or not above zero.",
    ),
    ColumnDef::nullable(
        "sales_last_365d",
        ColumnType::SUM,
        Unit::Money,
        "Sales before returns in the 365 days up to as_of; null where the files do not hold two years.",
    ),
    ColumnDef::nullable(
        "sales_365d_before",
        ColumnType::SUM,
        Unit::Money,
        "Sales before returns in the 365 days before those; null where the files do not hold two years.",
    ),
    ColumnDef::nullable(
        "sales_year_over_year",
        ColumnType::Float64,
        Unit::None,
        "sales_last_365d / sales_365d_before - 1: whole years, so that no season counts twice. Null where either is null or the year before is not above zero.",
    ),
];
