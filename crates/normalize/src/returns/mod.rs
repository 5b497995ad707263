//! Which sale each return undoes.

mod matching;
mod params;
mod partition;

pub use params::{MatchRule, OrdersCount, ReturnsParams, ReturnsParamsError, ReturnsValidParams};
pub use partition::ReturnTotals;
pub(crate) use partition::{MatchedReturns, match_returns};
