//! How many ways the customer is tied to the company.

use crate::contract::{ColumnDef, ColumnType, Unit};

pub(super) const COLUMNS: [ColumnDef; 7] = [
    ColumnDef::nullable(
        "product_count",
        ColumnType::Int64,
        Unit::Count,
        "Distinct products of lines that count as orders; what came back takes nothing away. Null where the pipeline does not look at products.",
    ),
    ColumnDef::nullable(
        "category_count",
        ColumnType::Int64,
        Unit::Count,
        "Distinct categories of these products, by the latest row of each in the products up to as_of; products without one do not count. Null where no file tells categories.",
    ),
    ColumnDef::nullable(
        "channel_count",
        ColumnType::Int64,
        Unit::Count,
        "Distinct channels of lines that count as orders. Null where no file of lines tells channels.",
    ),
    ColumnDef::nullable(
        "main_category",
        ColumnType::Text,
        Unit::None,
        "Category of most of these products, the first by the alphabet of several. Null where no file tells categories, and of a customer none of whose products has one.",
    ),
    ColumnDef::nullable(
        "main_channel",
        ColumnType::Text,
        Unit::None,
        "Channel that most of these products were bought in (a product counts once in each channel), the first by the alphabet of several. Null where the pipeline does not look at products, where no file of lines tells channels, and of a customer with no line that tells both.",
    ),
    ColumnDef::nullable(
        "tenure_days",
        ColumnType::Int32,
        Unit::Days,
        "Days from the first order to as_of; null without an order.",
    ),
    ColumnDef::nullable(
        "bonding",
        ColumnType::Float64,
        Unit::None,
        "0 to 100: weighted mean of categories, products, tenure, order days a year and channels, each min(1, value / saturation), rounded to 2 decimals; what is not known drops out. Null without an order.",
    ),
];
