//! Target lists: who is contacted, who is held out, who is kept out by which rule, and what changed.
//!
//! A list's candidates meet its condition. Who may not be contacted, is in another list, or shares a household with
//! somebody who is contacted, is kept out; the others are ranked, cut off where they do not pay, the budget ends or the
//! list is full, and drawn into contact and control.

mod amount;
mod candidates;
mod changes;
mod decide;
mod draw;
mod error;
mod holdouts;
mod params;
mod power;
mod summary;
mod tables;
mod waterfall;

pub use amount::Amount;
pub use candidates::Candidates;
pub use changes::{SUPERSEDED, TAKEN_OFF};
pub use decide::{DecideSources, Decided, decide};
pub use draw::{CustomerKeys, Draw};
pub use error::TargetParamsError;
pub use params::{Control, ControlParams, Target, TargetParams, check_targets};
pub use power::detectable_effect;
pub use summary::{TargetSummary, TargetsSummary};
pub use waterfall::{Decision, ListOutcome};
