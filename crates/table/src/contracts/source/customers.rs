//! Who the customers are.

use super::{FILE_INDEX, KEY_SPACE, ROW, SOURCE_INDEX, date, required_key, text};
use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of the source table `customers`.
#[derive(Debug, Clone, Copy)]
pub struct SourceCustomers;

/// What is known of a customer, as the source tells it; shared with the published table.
pub(crate) const ATTRIBUTES: [ColumnDef; 26] = [
    text("name", "Whole name, where it is not apart.").personal(),
    text("given_name", "Given name.").personal(),
    text("family_name", "Family name or names.").personal(),
    text("company_name", "Name of the company.").personal(),
    text("customer_type", "A person or a company.").one_of(&["person", "company"]),
    text("email", "E-mail address, as the source has it.").personal(),
    text("phone", "Telephone number, as the source has it.").personal(),
    date("birth_date", "Day of birth.").personal(),
    text("gender", "Gender, as the customer stated it.").one_of(&["female", "male", "other"]),
    text("street", "Street and number.").personal(),
    text("city", "City.").personal(),
    text("postcode", "Postcode.").personal(),
    text("region", "Region, province or state."),
    text("country", "Country, as the source has it; an ISO 3166 code is best."),
    text("language", "Language, as the source has it; an ISO 639 code is best."),
    text("tax_id", "Tax number of a person or company.").personal(),
    ColumnDef::nullable(
        "employee_count",
        ColumnType::Int64,
        Unit::Count,
        "Employees of the company.",
    ),
    text("household_key", "The source's key of the household.").personal(),
    date("joined_on", "Day on which the customer was registered."),
    text("acquisition_channel", "Where the customer came from."),
    // A source may have the person's name here.
    text("owner_id", "Who looks after the customer today, as owners have it.").personal(),
    text("age_band", "Age as a band, such as 35-44."),
    text("income_band", "Income as a band."),
    ColumnDef::nullable(
        "household_size",
        ColumnType::Int32,
        Unit::Count,
        "People in the household.",
    ),
    text("marital_status", "Marital status.").one_of(&[
        "single",
        "partnered",
        "married",
        "unmarried",
        "separated",
        "divorced",
        "widowed",
        "other",
    ]),
    text(
        "home_ownership",
        "Whether the home is owned; probable where the source only thinks so.",
    )
    .one_of(&["owner", "renter", "probable_owner", "probable_renter", "other"]),
];

/// Children in the household: the last attribute.
pub(crate) const CHILDREN: ColumnDef =
    ColumnDef::nullable("children", ColumnType::Int32, Unit::Count, "Children in the household.");

impl Contract for SourceCustomers {
    const INFO: ContractInfo = ContractInfo {
        name: "customers",
        description: "One row a customer key: who the customer is.",
        columns: &COLUMNS,
        grain: &["key_space", "customer_key"],
        personal: true,
    };
}

const COLUMNS: [ColumnDef; 32] = with_attributes([
    KEY_SPACE,
    SOURCE_INDEX,
    FILE_INDEX,
    ROW,
    required_key("The source's key of the customer."),
]);

/// Columns followed by all attributes.
pub(crate) const fn with_attributes<const HEAD: usize, const ALL: usize>(head: [ColumnDef; HEAD]) -> [ColumnDef; ALL] {
    let mut columns = [CHILDREN; ALL];
    let mut index = 0;
    while index < HEAD {
        columns[index] = head[index];
        index += 1;
    }
    let mut attribute = 0;
    while attribute < ATTRIBUTES.len() {
        columns[HEAD + attribute] = ATTRIBUTES[attribute];
        attribute += 1;
    }
    columns
}
