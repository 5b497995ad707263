//! Source tables to one clean model.
//!
//! Lines stream through [`Normalizer::lines`]: their scope, kind, business day and money are decided, and
//! each line that goes no further is counted in the ledger. [`parts`] merges a batch of them to
//! parts of orders, which wait by customer, and [`items`] to the goods that returns are matched by, where they
//! are. [`Partition::of_parts`] makes orders, identity links and the ledger's kept cells of one partition.

mod breadth;
mod campaign_days;
mod catalogue;
mod channels;
mod cost_entries;
mod costs;
mod customer_days;
mod customer_events;
mod duplicates;
mod effects;
mod error;
mod guests;
mod horizon;
mod identity;
mod items;
mod kept;
mod last_orders;
mod line_kind_params;
mod line_money;
mod lines;
mod orders;
mod parts;
mod rates;
mod relations;
mod returns;
mod sales;
mod suppressions;

pub use breadth::{BreadthColumns, LINES_TO_BREADTH, breadth, breadth_up_to_day};
pub use catalogue::{customers, products};
pub use channels::channels_table;
pub use cost_entries::{
    AskedOrders, CleanCosts, CostRules, CostSources, ErasedCosts, OrderOwners, Unconverted, clean_costs,
    customer_activity,
};
pub use costs::{CostParams, CostParamsError, CostValidParams, MissingCost, UnitCosts};
pub use customer_days::{COSTED_CUSTOMER_DAYS, CUSTOMER_DAYS};
pub use customer_events::{EventParts, customer_events};
pub use duplicates::{MergedLines, TAG_PARTITION_COLUMN, duplicate_tags, merged_lines};
pub use error::NormalizeError;
pub use guests::GuestTotals;
pub use horizon::Horizon;
pub use identity::{Identity, KeySpaces, identity_links};
pub use items::{LINES_TO_ITEMS, items};
pub use kept::{items_up_to_day, kept_cells, kept_effects, up_to_day};
pub use line_kind_params::{
    FlagsOverride, LineFacts, LineKindFlags, LineKindFlagsParams, LineKindParams, LineKindParamsError,
    LineKindRuleParams, LineKindValidParams, PositiveReturns, Sign,
};
pub use line_money::{MappedMoney, MoneyRules};
pub use lines::{Normalizer, SourceRules};
pub use orders::{ORDERS, Partition, PartitionRules};
pub use parts::{LINES_TO_MONEY_PARTS, LINES_TO_PARTS, parts};
pub use rates::{CurrencyParams, CurrencyParamsError, CurrencyValidParams, Rates};
pub use relations::{cases, consents, interactions};
pub use returns::{MatchRule, OrdersCount, ReturnTotals, ReturnsParams, ReturnsParamsError, ReturnsValidParams};
pub use sales::{LINES_TO_MONEY_SALES, LINES_TO_SALES, SalesOfSegments, sales_parts, segment_sales};
pub use suppressions::{denials, suppressions};
