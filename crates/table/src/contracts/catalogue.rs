//! The published tables of customers and products: the source tables, made clean.

use super::source::with_attributes;
use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of the published table `customers`.
#[derive(Debug, Clone, Copy)]
pub struct Customers;

impl Contract for Customers {
    const INFO: ContractInfo = ContractInfo {
        name: "customers",
        description: "One row a customer key of the customer files: who the customer is. Empty without such a file.",
        columns: &CUSTOMER_COLUMNS,
        grain: &["customer_id", "key_space", "source_key"],
        personal: true,
    };
}

const CUSTOMER_COLUMNS: [ColumnDef; 30] = with_attributes([
    ColumnDef::required(
        "customer_id",
        ColumnType::Text,
        Unit::None,
        "The customer: the source key, prefixed by its key space when there are several.",
    )
    .personal(),
    ColumnDef::required(
        "key_space",
        ColumnType::Text,
        Unit::None,
        "The space that the key is unique in.",
    ),
    ColumnDef::required(
        "source_key",
        ColumnType::Text,
        Unit::None,
        "The key as the source has it.",
    )
    .personal(),
]);

/// Contract of the published table `products`.
#[derive(Debug, Clone, Copy)]
pub struct Products;

impl Contract for Products {
    const INFO: ContractInfo = ContractInfo {
        name: "products",
        description: "One row a product and the day from which its row holds. Empty without a file of products.",
        columns: &[
            ColumnDef::required("product_id", ColumnType::Text, Unit::None, "The product."),
            ColumnDef::nullable(
                "valid_from",
                ColumnType::Date,
                Unit::None,
                "First day of which the row is true; null: from the beginning.",
            ),
            ColumnDef::nullable("name", ColumnType::Text, Unit::None, "Name of the product."),
            ColumnDef::nullable("category", ColumnType::Text, Unit::None, "Widest class of goods."),
            ColumnDef::nullable(
                "subcategory",
                ColumnType::Text,
                Unit::None,
                "Class of goods within the category.",
            ),
            ColumnDef::nullable("brand", ColumnType::Text, Unit::None, "Brand or maker."),
            ColumnDef::nullable(
                "unit_cost",
                ColumnType::QUANTITY,
                Unit::OfRow,
                "What one unit costs the company; null where it is not known.",
            ),
            ColumnDef::nullable(
                "list_price",
                ColumnType::QUANTITY,
                Unit::OfRow,
                "Price of one unit in the list.",
            ),
            ColumnDef::required(
                "currency",
                ColumnType::Text,
                Unit::None,
                "ISO 4217 code of the row's money.",
            ),
        ],
        grain: &["product_id", "valid_from"],
        personal: false,
    };
}
