//! Lines on their way: as read, as normalized, and merged to parts of orders.
//!
//! They are only ever batches of a stream. The source and the file of a batch stand in its
//! [`Origin`](crate::Origin), not in columns.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Filling, Unit};

/// What `ingest` hands on: a raw line with typed cells. As a source table it is called `order_lines`.
#[derive(Debug, Clone, Copy)]
pub struct SourceLines;

impl Contract for SourceLines {
    const INFO: ContractInfo = ContractInfo {
        name: "order_lines",
        description: "One row a line of an order: the commercial and financial files. The only table that a pipeline must have.",
        columns: &[
            ColumnDef::required(
                "row",
                ColumnType::Int64,
                Unit::None,
                "Line of the file, counted from 1.",
            )
            .filled(Filling::Reader),
            ColumnDef::nullable(
                "customer_key",
                ColumnType::Text,
                Unit::None,
                "The source's key of the customer; an empty cell is a guest.",
            )
            .filled(Filling::Mapped)
            .personal(),
            ColumnDef::nullable(
                "order_id",
                ColumnType::Text,
                Unit::None,
                "The order; where it is not mapped, an order is one customer and business day. Where it is, an empty cell is a defect.",
            ),
            ColumnDef::nullable(
                "line_number",
                ColumnType::Text,
                Unit::None,
                "The line within its order; needed by latest_by_key, where an empty cell is a defect.",
            ),
            ColumnDef::nullable(
                "product_id",
                ColumnType::Text,
                Unit::None,
                "The product; needed by rules that look at products and by costs.",
            ),
            ColumnDef::required(
                "ordered_at",
                ColumnType::Timestamp,
                Unit::None,
                "When the order was placed: a day or a moment, with or without an offset.",
            ),
            ColumnDef::nullable(
                "quantity",
                ColumnType::QUANTITY,
                Unit::Count,
                "Units, negative for what came back. Without amount it is required.",
            ),
            ColumnDef::nullable(
                "unit_price",
                ColumnType::QUANTITY,
                Unit::OfRow,
                "Price of one unit. Without amount it is required.",
            ),
            ColumnDef::required(
                "amount",
                ColumnType::AMOUNT,
                Unit::OfRow,
                "Amount of the line; where it is not mapped, quantity x unit_price rounded half-even.",
            )
            .filled(Filling::MappedOrDerived),
            ColumnDef::nullable(
                "currency",
                ColumnType::Text,
                Unit::None,
                "ISO 4217 code of the line's amounts; an empty cell has the source's currency.",
            ),
            ColumnDef::nullable(
                "discount_amount",
                ColumnType::AMOUNT,
                Unit::OfRow,
                "What was taken off the line's list price, above zero; the amount is the one after it.",
            ),
            ColumnDef::nullable(
                "unit_cost",
                ColumnType::QUANTITY,
                Unit::OfRow,
                "What one unit cost the company; goes before the cost in products.",
            ),
            ColumnDef::nullable(
                "channel",
                ColumnType::Text,
                Unit::None,
                "Where it was sold, such as shop, web or phone.",
            ),
            ColumnDef::nullable(
                "region",
                ColumnType::Text,
                Unit::None,
                "Region that it was sold in or sent to; where no source maps it, profitability goes by the customer's.",
            )
            .optional(),
            ColumnDef::nullable("sales_rep", ColumnType::Text, Unit::None, "Who sold it.").optional(),
        ],
        grain: &[],
        personal: false,
    };
}

/// What `normalize` makes of them: a line with its kind, customer and business day.
#[derive(Debug, Clone, Copy)]
pub struct OrderLines;

impl Contract for OrderLines {
    const INFO: ContractInfo = ContractInfo {
        name: "order_lines",
        description: "One row a line within scope.",
        columns: &[
            ColumnDef::nullable(
                "source_key",
                ColumnType::Text,
                Unit::None,
                "The source's customer key; null for a guest.",
            ),
            ColumnDef::required(
                "order_id",
                ColumnType::Text,
                Unit::None,
                "The order; the business day where the source has none.",
            ),
            ColumnDef::required(
                "order_date",
                ColumnType::Date,
                Unit::None,
                "Business day in the pipeline's time zone.",
            ),
            ColumnDef::required(
                "line_kind",
                ColumnType::Int32,
                Unit::None,
                "Code of the line's kind, see LineKind.",
            ),
            ColumnDef::required(
                "amount",
                ColumnType::AMOUNT,
                Unit::Money,
                "The line's amount in the pipeline's currency, with the sign that counts.",
            ),
            ColumnDef::required(
                "currency",
                ColumnType::Int32,
                Unit::None,
                "Code of the currency that the line was in, see Currency; not there where it is the pipeline's.",
            )
            .optional(),
            ColumnDef::required(
                "original_amount",
                ColumnType::AMOUNT,
                Unit::OfRow,
                "The amount as it was read; not there where no line of the source can differ.",
            )
            .optional(),
            ColumnDef::nullable(
                "cost",
                ColumnType::AMOUNT,
                Unit::Money,
                "Cost of the goods, negative for what came back; null where it is not known.",
            )
            .optional(),
            ColumnDef::nullable(
                "has_cost",
                ColumnType::Boolean,
                Unit::None,
                "Whether there is a cost, stated or estimated.",
            )
            .optional(),
            ColumnDef::nullable(
                "lacks_cost",
                ColumnType::Boolean,
                Unit::None,
                "Whether nobody stated the cost: it is then not known, or estimated.",
            )
            .optional(),
            ColumnDef::nullable(
                "discount_amount",
                ColumnType::AMOUNT,
                Unit::Money,
                "What was taken off the line's price; null where the source does not say.",
            )
            .optional(),
            ColumnDef::nullable(
                "has_discount",
                ColumnType::Boolean,
                Unit::None,
                "Whether the source says what was taken off.",
            )
            .optional(),
            ColumnDef::required(
                "is_negated",
                ColumnType::Boolean,
                Unit::None,
                "Whether the sign of a positive return was turned.",
            )
            .optional(),
            ColumnDef::nullable(
                "product_id",
                ColumnType::Text,
                Unit::None,
                "The product; only where something asks for it.",
            )
            .optional(),
            ColumnDef::nullable(
                "quantity",
                ColumnType::QUANTITY,
                Unit::Count,
                "Units with the sign of the file; only where returns are matched with sales.",
            )
            .optional(),
            ColumnDef::nullable(
                "channel",
                ColumnType::Text,
                Unit::None,
                "The channel; only where something asks for it.",
            )
            .optional(),
            ColumnDef::nullable(
                "region",
                ColumnType::Text,
                Unit::None,
                "The region; only where something asks for it.",
            )
            .optional(),
            ColumnDef::nullable(
                "sales_rep",
                ColumnType::Text,
                Unit::None,
                "Who sold it; only where something asks for it.",
            )
            .optional(),
        ],
        grain: &[],
        personal: false,
    };
}

/// Lines merged within a batch: one row a source key, order, day and kind.
#[derive(Debug, Clone, Copy)]
pub struct OrderParts;

impl Contract for OrderParts {
    const INFO: ContractInfo = ContractInfo {
        name: "order_parts",
        description: "One row a source, source key, order, day and kind of a batch of lines.",
        columns: &[
            ColumnDef::nullable(
                "source_key",
                ColumnType::Text,
                Unit::None,
                "The source's customer key; null for a guest.",
            ),
            ColumnDef::required("order_id", ColumnType::Text, Unit::None, "The order."),
            ColumnDef::required("order_date", ColumnType::Date, Unit::None, "Business day."),
            ColumnDef::required("line_kind", ColumnType::Int32, Unit::None, "Code of the lines' kind."),
            ColumnDef::required("line_count", ColumnType::Int64, Unit::Count, "Lines."),
            ColumnDef::required("amount", ColumnType::SUM, Unit::Money, "Sum of their amounts."),
            ColumnDef::required(
                "source_index",
                ColumnType::Int32,
                Unit::None,
                "Place of the source in the pipeline.",
            ),
            ColumnDef::required(
                "currency",
                ColumnType::Int32,
                Unit::None,
                "Code of the currency that the lines were in; not there where it is the pipeline's.",
            )
            .optional(),
            ColumnDef::required(
                "original_amount",
                ColumnType::SUM,
                Unit::OfRow,
                "Sum of the amounts as they were read; not there where it is that of the amounts.",
            )
            .optional(),
            ColumnDef::required("cost", ColumnType::SUM, Unit::Money, "Sum of the costs that there are.").optional(),
            ColumnDef::required(
                "costed_amount",
                ColumnType::SUM,
                Unit::Money,
                "Amount of the lines that have a cost.",
            )
            .optional(),
            ColumnDef::required(
                "costed_line_count",
                ColumnType::Int64,
                Unit::Count,
                "Lines that have a cost.",
            )
            .optional(),
            ColumnDef::required(
                "lines_without_cost",
                ColumnType::Int64,
                Unit::Count,
                "Lines whose cost nobody stated; not there where that is all of them.",
            )
            .optional(),
            ColumnDef::required(
                "amount_without_cost",
                ColumnType::SUM,
                Unit::Money,
                "Amount of these lines.",
            )
            .optional(),
            ColumnDef::required("discount_amount", ColumnType::SUM, Unit::Money, "Sum of the discounts.").optional(),
            ColumnDef::required(
                "discount_line_count",
                ColumnType::Int64,
                Unit::Count,
                "Lines whose discount is stated.",
            )
            .optional(),
            ColumnDef::required(
                "negated_line_count",
                ColumnType::Int64,
                Unit::Count,
                "Returns whose sign was turned.",
            )
            .optional(),
            ColumnDef::required(
                "negated_amount",
                ColumnType::SUM,
                Unit::Money,
                "Their amount after the turn.",
            )
            .optional(),
            ColumnDef::nullable(
                "channel",
                ColumnType::Text,
                Unit::None,
                "The channel; only where costs are stated by channel.",
            )
            .optional(),
        ],
        grain: &[],
        personal: false,
    };
}

/// Lines of goods merged within a batch, with their products: what returns are matched with sales by.
#[derive(Debug, Clone, Copy)]
pub struct OrderItems;

impl Contract for OrderItems {
    const INFO: ContractInfo = ContractInfo {
        name: "order_items",
        description: "One row a source, source key, product, order, day and kind of the goods and returns in a batch of lines.",
        columns: &[
            ColumnDef::nullable(
                "source_key",
                ColumnType::Text,
                Unit::None,
                "The source's customer key; null for a guest.",
            ),
            ColumnDef::nullable(
                "product_id",
                ColumnType::Text,
                Unit::None,
                "The product; null where product or quantity are not known, so that nothing can be matched.",
            ),
            ColumnDef::required("order_id", ColumnType::Text, Unit::None, "The order."),
            ColumnDef::required("order_date", ColumnType::Date, Unit::None, "Business day."),
            ColumnDef::required("line_kind", ColumnType::Int32, Unit::None, "Code of the lines' kind."),
            ColumnDef::required("line_count", ColumnType::Int64, Unit::Count, "Lines."),
            ColumnDef::required(
                "quantity",
                ColumnType::QUANTITY_SUM,
                Unit::Count,
                "Units that went out or came back; zero where the product is null.",
            ),
            ColumnDef::required("amount", ColumnType::SUM, Unit::Money, "Sum of their amounts."),
            ColumnDef::required(
                "source_index",
                ColumnType::Int32,
                Unit::None,
                "Place of the source in the pipeline.",
            ),
        ],
        grain: &[],
        personal: false,
    };
}
