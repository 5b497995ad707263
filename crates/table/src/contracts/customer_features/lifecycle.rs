//! Where the customer stands.

use crate::contract::{ColumnDef, ColumnType, Unit};

pub(super) const COLUMNS: [ColumnDef; 2] = [
    ColumnDef::required(
        "lifecycle_stage",
        ColumnType::Text,
        Unit::None,
        "prospect, new, developing, loyal, at_risk, lapsed, lost or recovered; the first rule that takes the customer says which.",
    )
    .one_of(crate::contracts::lifecycle::STAGES),
    ColumnDef::required(
        "lifecycle_since",
        ColumnType::Date,
        Unit::None,
        "First day of the stage: that of the newest run of an earlier day where it was the same, else the day that the rule tells, else as_of.",
    ),
];
