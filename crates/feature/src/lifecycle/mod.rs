//! Where each customer stands in their life as a customer, and who moved since the last run.

mod stage;
mod table;

pub use stage::LifecycleStage;
pub use table::{LifecycleTables, PriorLifecycle, add_lifecycle};
