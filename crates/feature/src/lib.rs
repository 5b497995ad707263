//! The clean model to one row per customer.
//!
//! [`customers_of_orders`] runs the pass over the orders of one partition of customers;
//! [`CustomerBase`] puts the partitions together and takes what else is known of customers, one group of columns
//! after the other, until it is the published table.

mod bonding;
mod cohorts;
mod customers;
mod demographics;
mod error;
mod features;
mod history;
mod lifecycle;
mod lifetime;
mod margin;
mod money;
mod params;
mod profit;
mod relations;
mod rfm;

pub use bonding::{Breadth, Categories, add_bonding};
pub use cohorts::{CohortTables, MonthInShort, MonthlyActivity, cohorts};
pub use customers::{CUSTOMERS, customers_of_orders};
pub use demographics::add_demographics;
pub use error::FeatureError;
pub use features::{CustomerBase, Places};
pub use history::{CustomerDays, History, HistoryRules, HistoryWindow, PurchaseCounts, with_history};
pub use lifecycle::{LifecycleStage, LifecycleTables, PriorLifecycle, add_lifecycle};
pub use lifetime::{Backtested, Evidence, Lifetime, LifetimeSummary, lifetime};
pub use params::{
    BondingParams, BondingValidParams, BondingWeightParams, ClvParams, ClvValidParams, CostDriver, FeatureParamsError,
    LifecycleParams, LifecycleValidParams, ModelChoice, ProfitabilityParams, ProfitabilityValidParams, RelationsParams,
    RelationsValidParams, RhythmParams, RhythmValidParams, SaturationParams, Tellable,
};
pub use profit::{Profit, ProfitInputs, ProfitSummary, Sums, profit};
pub use relations::{Relations, add_relations};
pub use rfm::{RfmParams, RfmParamsError, RfmValidParams, ScoreParams};
