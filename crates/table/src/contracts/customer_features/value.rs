//! VIN: what the customer was worth and will be.

use crate::contract::{ColumnDef, ColumnType, Unit};

pub(super) const COLUMNS: [ColumnDef; 4] = [
    ColumnDef::nullable(
        "expected_cost_to_serve",
        ColumnType::SUM,
        Unit::Money,
        "Cost of serving the customer over the horizon: cost to serve of a purchase day so far, drawn towards that of all by as much as five purchase days weigh, x expected purchase days, discounted as clv_horizon is. 0 where the pipeline knows no such costs; null where clv_horizon is null.",
    ),
    ColumnDef::nullable(
        "vin_realized",
        ColumnType::SUM,
        Unit::Money,
        "Margin so far less cost_to_serve and acquisition_cost. The margin is gross_margin, and of what net_sales are above the sales with a cost the declared margin_rate, if there is one; with clv_margin_source declared_rate it is net_sales x margin_rate. Null where vin_expected is null.",
    ),
    ColumnDef::nullable(
        "vin_expected",
        ColumnType::SUM,
        Unit::Money,
        "clv_horizon - expected_cost_to_serve. Null where clv_horizon is null.",
    ),
    ColumnDef::nullable(
        "vin",
        ColumnType::SUM,
        Unit::Money,
        "Net integral value: vin_realized + vin_expected, exactly. Null where they are.",
    ),
];
