//! The named tables that cross stages.
//!
//! A stage hands on a [`Table`] (checked, in memory, at most one row a customer) or
//! [`Batch`]es of a stream of lines. What each table holds is fixed by its [`Contract`].
//! Beside them live the types that every stage needs: exact [`Money`], the [`AsOf`] day, the
//! [`Quarantine`] of rows that were set aside, the [`Ledger`] of where every row went, and the
//! [`Aggregation`] lists that are the only readers of lines.

pub mod aggregate;
mod as_of;
mod batch;
mod contact_text;
mod contract;
pub mod contracts;
mod currency;
mod denial;
mod dimension;
mod duplicate_policy;
mod effects;
mod erased;
mod error;
pub mod frame;
mod key_set;
mod ledger;
mod line_kind;
mod line_time;
mod money;
mod progress;
mod quarantine;
mod schema;
mod slug;
mod spill;
mod split;
mod table;

pub use aggregate::{Aggregate, AggregateKind, Aggregation};
pub use as_of::{AsOf, Date, MICROSECONDS_PER_DAY};
pub use batch::{Batch, FlowError, Origin};
pub use contact_text::{is_mail_address, is_phone_number, mail_address, mail_addresses, phone_numbers};
pub use contract::{ColumnDef, ColumnType, Contract, ContractInfo, Filling, Unit};
pub use contracts::SourceTable;
pub use currency::Currency;
pub use denial::{Denial, SourceDenial, SourceDenials};
pub use dimension::Dimension;
pub use duplicate_policy::DuplicatePolicy;
pub use effects::{Effect, PolicyEffects};
pub use erased::{ERASED_HASH_BYTES, ERASED_VALUE, ErasedHash, ErasedKeys, ErasedOfSource};
pub use error::TableError;
pub use key_set::{KeySet, Matches};
pub use ledger::{Cell, Count, CurrencyCounts, Disposition, Ledger, Party, Step};
pub use line_kind::LineKind;
pub use line_time::LineTime;
pub use money::{
    AMOUNT_SCALE, Money, NotMoney, QUANTITY_SCALE, RATE_SCALE, cost_amount, decimal_text, line_amount, money_at_rate,
    ratio_half_even,
};
pub use progress::Progress;
pub use quarantine::{Defect, Quarantine};
pub use schema::{ColumnDescription, SCHEMA_VERSION, SchemaChange, TableDescription, schema_changes};
pub use slug::{Slug, intern};
pub use spill::Spill;
pub use split::split;
pub use table::Table;
