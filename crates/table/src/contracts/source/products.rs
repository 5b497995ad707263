//! What is sold, and what it costs.

use super::{CURRENCY, FILE_INDEX, ROW, SOURCE_INDEX, date, required_text, text};
use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of the source table `products`.
#[derive(Debug, Clone, Copy)]
pub struct SourceProducts;

impl Contract for SourceProducts {
    const INFO: ContractInfo = ContractInfo {
        name: "products",
        description: "One row a product and the day from which its row holds.",
        columns: &[
            SOURCE_INDEX,
            FILE_INDEX,
            ROW,
            required_text("product_id", "The product, as order lines have it; capitals matter."),
            date(
                "valid_from",
                "First day of which the row is true; null: from the beginning.",
            ),
            text("name", "Name of the product."),
            text("category", "Widest class of goods."),
            text("subcategory", "Class of goods within the category."),
            text("brand", "Brand or maker."),
            ColumnDef::nullable(
                "unit_cost",
                ColumnType::QUANTITY,
                Unit::OfRow,
                "What one unit costs the company from valid_from on; null where it is not known.",
            ),
            ColumnDef::nullable(
                "list_price",
                ColumnType::QUANTITY,
                Unit::OfRow,
                "Price of one unit in the list.",
            ),
            CURRENCY,
        ],
        grain: &["product_id", "valid_from"],
        personal: false,
    };
}
