//! Contacts, cases and consents.

use crate::contract::{ColumnDef, ColumnType, Unit};

pub(super) const COLUMNS: [ColumnDef; 10] = [
    ColumnDef::nullable(
        "case_count_12m",
        ColumnType::Int64,
        Unit::Count,
        "Incidents, complaints and questions opened in the 12 months up to as_of; surveys are none. Null without a file of cases.",
    ),
    ColumnDef::nullable(
        "open_case_count",
        ColumnType::Int64,
        Unit::Count,
        "Incidents, complaints and questions opened up to as_of, whenever, and not closed by then; one that is resolved without a closing time is closed. Null where no file of cases tells either.",
    ),
    ColumnDef::nullable(
        "satisfaction_mean",
        ColumnType::Float64,
        Unit::None,
        "Sum of the scores of surveys in the 12 months up to as_of / their number, on the source's own scale; null without one.",
    ),
    ColumnDef::nullable(
        "nps_class",
        ColumnType::Text,
        Unit::None,
        "Class of the last score of a survey up to as_of: promoter from 9, passive from 7, detractor below; null without one, and where the scale is not 0 to 10.",
    )
    .one_of(&["promoter", "passive", "detractor"]),
    ColumnDef::nullable(
        "days_since_last_contact",
        ColumnType::Int32,
        Unit::Days,
        "Days from the last interaction, in either direction, to as_of; null without one.",
    ),
    ColumnDef::nullable(
        "contact_count_90d",
        ColumnType::Int64,
        Unit::Count,
        "Outbound interactions of the 90 days that end with as_of. Null without a file of interactions.",
    ),
    ColumnDef::nullable(
        "response_rate",
        ColumnType::Float64,
        Unit::Share,
        "Responses / outbound interactions, both of the 12 months up to as_of, at most 1; responses are interactions of the kinds response and redemption, and outbound ones whose outcome is declared to be one. Null without an outbound interaction.",
    ),
    ColumnDef::nullable(
        "preferred_channel",
        ColumnType::Text,
        Unit::None,
        "Channel of most inbound interactions and responses up to as_of, the first by the alphabet of several; null without one that names a channel.",
    ),
    ColumnDef::nullable(
        "preferred_hour",
        ColumnType::Int32,
        Unit::None,
        "Hour of the day, 0 to 23, of most inbound interactions and responses up to as_of, the earliest of several; null without one whose source tells times of day.",
    ),
    ColumnDef::nullable(
        "consented_channels",
        ColumnType::Text,
        Unit::None,
        "Channels, in small letters and sorted, joined by commas, for which the latest word on marketing is a grant up to as_of; a withdrawal counts whatever its date and wins on equal times. Empty text where there is none; null without a file of consents.",
    ),
];
