//! Source tables to one clean model.
//!
//! Lines stream through [`Normalizer::lines`]: their scope, kind and business day are decided, and
//! each line that goes no further is counted in the ledger. [`parts`] merges a batch of them to
//! parts of orders, which wait by customer; [`Partition::of_parts`] makes orders, identity links and
//! the ledger's kept cells of one partition.

mod business_day;
mod duplicates;
mod error;
mod horizon;
mod identity;
mod line_kind_params;
mod lines;
mod orders;
mod parts;

pub use business_day::LineTime;
pub use duplicates::{MergedLines, TAG_PARTITION_COLUMN, duplicate_tags, merged_lines};
pub use error::NormalizeError;
pub use horizon::Horizon;
pub use identity::{Identity, KeySpaces, identity_links};
pub use line_kind_params::{
    FlagsOverride, LineFacts, LineKindFlags, LineKindFlagsParams, LineKindParams, LineKindParamsError,
    LineKindRuleParams, LineKindValidParams, Sign,
};
pub use lines::{Normalizer, SourceRules};
pub use orders::{GuestTotals, ORDERS, Partition};
pub use parts::{LINES_TO_PARTS, parts};
