//! The named tables that cross stages.
//!
//! A stage hands on a [`Table`] (checked, in memory, at most one row a customer) or a [`Flow`]
//! (a stream of checked batches of lines). What each table holds is fixed by its [`Contract`].
//! Beside them live the types that every stage needs: exact [`Money`], the [`AsOf`] day, the
//! [`Quarantine`] of rows that were set aside, the [`Ledger`] of where every row went, and the
//! [`Aggregation`] lists that are the only readers of lines.

pub mod aggregate;
mod as_of;
mod contract;
pub mod contracts;
mod duplicate_policy;
mod error;
mod flow;
pub mod frame;
mod ledger;
mod line_kind;
mod money;
mod progress;
mod quarantine;
mod spill;
mod table;

pub use aggregate::{Aggregate, AggregateKind, Aggregation};
pub use as_of::{AsOf, Date, MICROSECONDS_PER_DAY};
pub use contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};
pub use duplicate_policy::DuplicatePolicy;
pub use error::TableError;
pub use flow::{Batch, Flow, FlowError, Origin};
pub use ledger::{Cell, Count, Disposition, Ledger, Party, Step};
pub use line_kind::LineKind;
pub use money::{AMOUNT_SCALE, Money, QUANTITY_SCALE, decimal_text, line_amount, ratio_half_even};
pub use progress::Progress;
pub use quarantine::{Defect, Quarantine};
pub use spill::Spill;
pub use table::Table;
