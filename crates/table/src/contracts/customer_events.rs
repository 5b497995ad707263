//! What happened with a customer lately, for whoever looks at one customer at a time.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// The kinds of events, in the order in which those of one moment stand.
pub const EVENT_KINDS: &[&str] = &["order", "contact", "case", "consent", "suppression"];

/// What happened, over all kinds.
pub const EVENTS: &[&str] = &[
    "ordered",
    "returned",
    "charged",
    "contact",
    "response",
    "redemption",
    "visit",
    "call",
    "opened",
    "closed",
    "granted",
    "withdrawn",
    "suppressed",
];

/// Contract of `customer_events`.
#[derive(Debug, Clone, Copy)]
pub struct CustomerEvents;

impl Contract for CustomerEvents {
    const INFO: ContractInfo = ContractInfo {
        name: "customer_events",
        description: "One row an event of a customer up to as_of, and a withdrawal of consent or a suppression whatever its date: the last [customer_events] per_kind of each kind, and however many there are the last word of consent of each channel and purpose and every suppression. One that names an e-mail address or a telephone number is told of each customer who has it.",
        columns: &[
            ColumnDef::required("customer_id", ColumnType::Text, Unit::None, "The customer."),
            ColumnDef::required(
                "position",
                ColumnType::Int32,
                Unit::None,
                "Place among the customer's events, 1 = newest; what has no day comes last.",
            ),
            ColumnDef::required("kind", ColumnType::Text, Unit::None, "What it is about.").one_of(EVENT_KINDS),
            ColumnDef::required(
                "event",
                ColumnType::Text,
                Unit::None,
                "What happened. Of orders: ordered; returned or charged, where an order id has no line that counts as an order, with and without a returned one. Of contacts: their kind. Of cases: opened or closed. Of consents: granted or withdrawn. Of suppressions: suppressed.",
            )
            .one_of(EVENTS),
            ColumnDef::nullable(
                "occurred_on",
                ColumnType::Date,
                Unit::None,
                "Its day: of an order that of its first line that counts; null for a suppression whose source tells none.",
            ),
            ColumnDef::nullable(
                "occurred_hour",
                ColumnType::Int32,
                Unit::None,
                "Its hour of the day, 0 to 23; null for orders, and where the source tells the day alone.",
            ),
            text("reference", "Order id, campaign or case id."),
            text("channel", "Through what a contact was made; of consents and suppressions the way that they open or close, null: every one."),
            text("purpose", "What for consent was given, or contacts are closed; null for suppressions: whatever for."),
            text("direction", "Of contacts: inbound or outbound.").one_of(&["inbound", "outbound"]),
            text("subject", "Of cases: what it is, such as complaint."),
            text(
                "status",
                "Of orders kept, partly_returned or returned; of contacts their outcome in the source's words; of cases open or closed as of the day, null where the source tells neither; of suppressions the reason; null for consents.",
            ),
            text("severity", "Of cases: how grave it is."),
            ColumnDef::nullable("score", ColumnType::QUANTITY, Unit::None, "Of cases: the answer to a survey."),
            ColumnDef::nullable(
                "amount",
                ColumnType::SUM,
                Unit::Money,
                "Of orders: net sales of all their lines up to as_of, what was returned taken off where it names the order.",
            ),
            ColumnDef::nullable(
                "returned_amount",
                ColumnType::SUM,
                Unit::Money,
                "Of orders: amount of their returned lines, zero or negative.",
            ),
            ColumnDef::nullable("line_count", ColumnType::Int64, Unit::Count, "Of orders: lines of every kind."),
            ColumnDef::required("source", ColumnType::Text, Unit::None, "The source that tells it."),
        ],
        grain: &["customer_id", "position"],
        personal: true,
    };
}

const fn text(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::Text, Unit::None, description)
}
