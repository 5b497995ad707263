//! Alarms and opportunities: rules over features and segments, each of which says why it takes a customer.
//!
//! A rule is data, the built-in ones as well (`builtin.toml`): [`SignalsParams::check`] turns what is typed into rules
//! that run, and [`signals`] looks at all customers, stretch by stretch. Rules over columns are all that there is: what
//! they look at has to be a feature, a label, or one of these in the run before.

mod actions;
mod base;
mod before;
mod builtin;
mod cells;
mod check;
mod conditions;
mod error;
mod evaluate;
mod evidence;
mod hits;
mod layout;
mod params;
mod rule;
mod rule_check;
mod strength;
mod summary;
mod table;

pub use actions::signal_action_words;
pub use before::SignalsBefore;
pub use check::{RankedSegmentation, SignalsValidParams};
pub use error::SignalParamsError;
pub use params::{
    SignalConditionParams, SignalKind, SignalLimitParams, SignalRuleParams, SignalStakeParams, SignalStrengthParams,
    SignalsParams,
};
pub use summary::{SignalSummary, SignalsSummary};
pub use table::{FoundSignals, signals};
