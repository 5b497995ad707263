//! Who the customer is, as far as that tells no person.

use crate::contract::{ColumnDef, ColumnType, Unit};

pub(super) const COLUMNS: [ColumnDef; 15] = [
    text(
        "customer_type",
        "person or company, as the first row of the customer has it; likewise below. Null where no file tells.",
    ),
    text("gender", "Gender, as the customer stated it."),
    ColumnDef::nullable(
        "age_years",
        ColumnType::Int32,
        Unit::None,
        "Birthdays from the day of birth to as_of; null where it is not known or lies behind as_of.",
    ),
    text("age_band", "Age as a band, as the source has it."),
    text("region", "Region, province or state."),
    text("country", "Country, as the source has it."),
    text("language", "Language, as the source has it."),
    text("income_band", "Income as a band."),
    ColumnDef::nullable(
        "household_size",
        ColumnType::Int32,
        Unit::Count,
        "People in the household.",
    ),
    ColumnDef::nullable("children", ColumnType::Int32, Unit::Count, "Children in the household."),
    text("marital_status", "Marital status."),
    text("home_ownership", "Whether the home is owned."),
    ColumnDef::nullable(
        "employee_count",
        ColumnType::Int64,
        Unit::Count,
        "Employees of the company.",
    ),
    text("acquisition_channel", "Where the customer came from."),
    ColumnDef::nullable(
        "joined_on",
        ColumnType::Date,
        Unit::None,
        "Day on which the customer was registered; null where it is not known or lies behind as_of.",
    ),
];

const fn text(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::Text, Unit::None, description)
}
